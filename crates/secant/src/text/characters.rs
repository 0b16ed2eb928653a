//! The characters of written mathematics beyond ASCII, and their plain spelling: Greek letters, raised and
//! lowered figures. One table each, read forward by the lexer and backward by the printer.

/// Greek letters by name. The first letter of a name is the one that is printed.
const GREEK: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ϵ', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ϑ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('µ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('ς', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('ϕ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Θ', "Theta"),
    ('Λ', "Lambda"),
    ('Ξ', "Xi"),
    ('Σ', "Sigma"),
    ('Υ', "Upsilon"),
    ('Φ', "Phi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
    ('\u{2126}', "Omega"),
];

/// Raised characters and what they stand for.
const RAISED: &[(char, char)] = &[
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁻', '-'),
    ('⁺', '+'),
    ('ⁿ', 'n'),
    ('ⁱ', 'i'),
    ('ʲ', 'j'),
    ('ᵏ', 'k'),
    ('ᵐ', 'm'),
    ('ᵖ', 'p'),
    ('ᵗ', 't'),
    ('ᵃ', 'a'),
    ('ᵇ', 'b'),
    ('ᶜ', 'c'),
    ('ᵈ', 'd'),
    ('ˣ', 'x'),
    ('ʸ', 'y'),
    ('ᶻ', 'z'),
];

/// Lowered characters and what they stand for.
const LOWERED: &[(char, char)] = &[
    ('₀', '0'),
    ('₁', '1'),
    ('₂', '2'),
    ('₃', '3'),
    ('₄', '4'),
    ('₅', '5'),
    ('₆', '6'),
    ('₇', '7'),
    ('₈', '8'),
    ('₉', '9'),
    ('ₐ', 'a'),
    ('ₑ', 'e'),
    ('ₒ', 'o'),
    ('ₓ', 'x'),
    ('ₕ', 'h'),
    ('ₖ', 'k'),
    ('ₗ', 'l'),
    ('ₘ', 'm'),
    ('ₙ', 'n'),
    ('ₚ', 'p'),
    ('ₛ', 's'),
    ('ₜ', 't'),
    ('ᵢ', 'i'),
    ('ⱼ', 'j'),
    ('ᵣ', 'r'),
    ('ᵤ', 'u'),
    ('ᵥ', 'v'),
];

fn forward(table: &[(char, char)], character: char) -> Option<char> {
    (!character.is_ascii())
        .then(|| table.iter().find(|(from, _)| *from == character))?
        .map(|(_, to)| *to)
}

fn backward(table: &[(char, char)], character: char) -> Option<char> {
    table
        .iter()
        .find(|(_, to)| *to == character)
        .map(|(from, _)| *from)
}

/// The name of a Greek letter.
pub(super) fn greek_name(letter: char) -> Option<&'static str> {
    (!letter.is_ascii())
        .then(|| GREEK.iter().find(|(greek, _)| *greek == letter))?
        .map(|(_, name)| *name)
}

/// The Greek letter with this name.
pub(super) fn greek_letter(name: &str) -> Option<char> {
    GREEK
        .iter()
        .find(|(_, spelled)| *spelled == name)
        .map(|(letter, _)| *letter)
}

/// What a raised character stands for.
pub(super) fn raised(character: char) -> Option<char> {
    forward(RAISED, character)
}

/// The raised form of a digit, sign or letter.
pub(super) fn raise(character: char) -> Option<char> {
    backward(RAISED, character)
}

/// What a lowered character stands for.
pub(super) fn lowered(character: char) -> Option<char> {
    forward(LOWERED, character)
}

/// The lowered form of a digit.
pub(super) fn lower(digit: char) -> Option<char> {
    digit
        .is_ascii_digit()
        .then(|| backward(LOWERED, digit))
        .flatten()
}

/// Whether the character is drawn over the one before it, as the bar of x̄.
pub(super) fn is_combining(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// Whether a name may hold the character as a plain letter: neither Greek, nor raised, nor lowered.
pub(super) fn is_plain_letter(character: char) -> bool {
    character.is_ascii_alphabetic()
        || (character.is_alphabetic()
            && greek_name(character).is_none()
            && raised(character).is_none()
            && lowered(character).is_none())
}

/// Blanks, also those that only a typesetter sees.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The one spelling of a name: `α` is `alpha`, `x₁` is `x_1`. A letter that other letters follow directly,
/// as in `Δt`, stays as it is.
pub(super) fn canonical(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    let mut lowering = false;
    while let Some(character) = characters.next() {
        if let Some(below) = lowered(character) {
            if !lowering && !plain.ends_with('_') {
                plain.push('_');
            }
            lowering = true;
            plain.push(below);
            continue;
        }
        let glued = characters.peek().copied().is_some_and(is_plain_letter);
        match greek_name(character) {
            Some(word) if !glued => plain.push_str(word),
            _ => plain.push(character),
        }
    }
    plain
}
