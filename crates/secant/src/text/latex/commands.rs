//! What each command means, in one table: signs, names, brackets, blanks, and those that are refused with
//! what to write instead.

use super::Kind;
use crate::elementary::Operation;
use crate::error::{Error, ErrorKind, Span};
use crate::text::characters::greek_letter;
use crate::text::words;

/// The name under which the parser knows `\sqrt[order]{radicand}`; no text can spell it.
pub(in crate::text) const INDEXED_ROOT: &str = "\\sqrt[]";
/// The same for `\sum_{i = a}^{b}`.
pub(in crate::text) const SERIES: &str = "\\sum";
/// The same for values and conditions by turns.
pub(in crate::text) const CASES: &str = "\\begin{cases}";

#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// Room between signs.
    Blank,
    /// Dropped, with the group after it.
    Dropped,
    Sign(Kind, &'static str),
    Name(&'static str),
    Fraction,
    Root,
    Left,
    Right,
    /// `\big` and its like, with the side.
    Size(char),
    /// A function written as brackets, and the sign of the opening one.
    Open(&'static str, char),
    Close(char),
    /// Another type of letter.
    Styled,
    /// A mark over a letter.
    Accent(char),
    /// Upright words.
    Words,
    /// `\operatorname`
    Operator,
    /// A letter that takes the next along, as `Δt`.
    Delta(&'static str),
    /// `\sum`
    Series,
    Begin,
    End,
    NewLine,
    /// Not read: why, and what to write.
    Refused(&'static str, &'static str),
}

const SCALAR: &str = "formulas here are of numbers, not of matrices or vectors";
const ELEMENTS: &str = "write the formula with single numbers, as in x_{1}^{2} + x_{2}^{2}";
const VALUE: &str = "write one value, or one formula for each";

/// The name of the command at the beginning of a text, without its backslash.
pub(super) fn name(text: &str) -> &str {
    let after = text.strip_prefix('\\').unwrap_or(text);
    let letters = after.len()
        - after
            .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .len();
    match letters {
        0 => &after[..after.chars().next().map_or(0, char::len_utf8)],
        _ if after[letters..].starts_with('*')
            && matches!(&after[..letters], "operatorname" | "hspace") =>
        {
            &after[..=letters]
        }
        _ => &after[..letters],
    }
}

pub(super) fn meaning(name: &str) -> Option<Meaning> {
    sign(name)
        .or_else(|| structure(name))
        .or_else(|| refused(name))
        .or_else(|| function(name).or_else(|| symbol(name)).map(Meaning::Name))
}

/// Signs that the plain grammar knows.
fn sign(name: &str) -> Option<Meaning> {
    let (kind, text) = match name {
        "cdot" | "times" | "ast" => (Kind::Times, "\\cdot"),
        "div" => (Kind::Over, "\\div"),
        "bmod" | "mod" => (Kind::Remainder, "\\bmod"),
        "lt" => (Kind::Less, "\\lt"),
        "gt" => (Kind::Greater, "\\gt"),
        "le" | "leq" | "leqslant" => (Kind::LessEqual, "\\le"),
        "ge" | "geq" | "geqslant" => (Kind::GreaterEqual, "\\ge"),
        "ne" | "neq" => (Kind::NotEqual, "\\ne"),
        "land" | "wedge" => (Kind::And, "\\land"),
        "lor" | "vee" => (Kind::Or, "\\lor"),
        "lnot" | "neg" => (Kind::Not, "\\lnot"),
        "coloneqq" => (Kind::Define, "\\coloneqq"),
        "{" | "lbrace" => (Kind::Open('{'), "\\{"),
        "}" | "rbrace" => (Kind::Close('}'), "\\}"),
        "lbrack" => (Kind::Open('['), "["),
        "rbrack" => (Kind::Close(']'), "]"),
        "vert" => (Kind::Bar, "|"),
        _ => return None,
    };
    Some(Meaning::Sign(kind, text))
}

/// Commands that shape what stands after them.
fn structure(name: &str) -> Option<Meaning> {
    Some(match name {
        "," | ":" | ";" | "!" | ">" | " " | "\n" | "/" | "quad" | "qquad" | "enspace"
        | "thinspace" | "displaystyle" | "textstyle" | "scriptstyle" | "limits" | "nolimits"
        | "nonumber" | "notag" | "allowbreak" | "mathstrut" | "strut" | "(" | ")" | "[" | "]"
        | "mathopen" | "mathclose" | "mathbin" | "mathrel" | "mathop" | "mathord" => Meaning::Blank,
        "hspace" | "hspace*" | "label" | "tag" | "phantom" | "hphantom" | "vphantom" => {
            Meaning::Dropped
        }
        "frac" | "dfrac" | "tfrac" | "cfrac" | "nicefrac" | "sfrac" => Meaning::Fraction,
        "sqrt" => Meaning::Root,
        "sum" => Meaning::Series,
        "left" => Meaning::Left,
        "right" => Meaning::Right,
        "big" | "Big" | "bigg" | "Bigg" => Meaning::Size(' '),
        "bigl" | "Bigl" | "biggl" | "Biggl" => Meaning::Size('l'),
        "bigr" | "Bigr" | "biggr" | "Biggr" => Meaning::Size('r'),
        "lvert" => Meaning::Open("abs", '|'),
        "rvert" => Meaning::Close('|'),
        "lfloor" => Meaning::Open("floor", '⌊'),
        "rfloor" => Meaning::Close('⌋'),
        "lceil" => Meaning::Open("ceil", '⌈'),
        "rceil" => Meaning::Close('⌉'),
        "mathbf" | "boldsymbol" | "bm" | "mathcal" | "mathscr" | "mathfrak" | "mathbb" | "vec" => {
            Meaning::Styled
        }
        "bar" | "overline" => Meaning::Accent('\u{304}'),
        "hat" | "widehat" => Meaning::Accent('\u{302}'),
        "tilde" | "widetilde" => Meaning::Accent('\u{303}'),
        "text" | "textrm" | "textit" | "textup" | "mbox" | "mathrm" | "mathit" | "mathsf"
        | "mathtt" | "textnormal" => Meaning::Words,
        "operatorname" | "operatorname*" => Meaning::Operator,
        "Delta" => Meaning::Delta("Δ"),
        "delta" => Meaning::Delta("δ"),
        "begin" => Meaning::Begin,
        "end" => Meaning::End,
        "\\" | "newline" | "cr" => Meaning::NewLine,
        _ => return None,
    })
}

fn refused(name: &str) -> Option<Meaning> {
    let (message, hint) = match name {
        "prod" | "bigcup" | "bigcap" | "bigoplus" => (
            "products over an index are not read",
            "write the factors one by one",
        ),
        "int" | "iint" | "iiint" | "oint" => (
            "integrals are not read",
            "give a formula without the integral, such as its value",
        ),
        "lim" | "limsup" | "liminf" | "to" | "rightarrow" | "longrightarrow" => (
            "limits are not read",
            "give the formula alone, and the point beside it",
        ),
        "partial" | "nabla" => (
            "derivatives are not read",
            "leave it out: give the function alone, and its derivative is the answer",
        ),
        "prime" | "dot" | "ddot" => (
            "derivatives are not read",
            "give the function another name, such as g(x)",
        ),
        "infty" => ("infinity is no number", "write a large one"),
        "pm" | "mp" => ("two signs at once", "write + or -, one formula for each"),
        "circ" | "degree" => (
            "neither degrees nor chains of functions are read",
            "write \\frac{\\pi}{180} for a degree, f(g(x)) for a chain",
        ),
        "approx" | "sim" | "simeq" | "cong" | "equiv" | "propto" => {
            ("this relation has no value", "write = or one side alone")
        }
        "in" | "notin" | "forall" | "exists" | "subset" | "mid" | "colon" | "cup" | "cap"
        | "setminus" => (
            "sets and quantifiers are not read",
            "write conditions, as in 0 \\le x \\le 1",
        ),
        "Vert" | "lVert" | "rVert" | "|" => (
            "norms are not read",
            "write \\sqrt{x_{1}^{2} + x_{2}^{2}}, and \\left|x\\right| for a number",
        ),
        "langle" | "rangle" | "top" | "dagger" | "otimes" | "oplus" | "det" | "tr" | "matrix" => {
            (SCALAR, ELEMENTS)
        }
        "binom" | "dbinom" | "tbinom" | "choose" => (
            "binomial coefficients are not read",
            "write \\frac{n!}{k! \\left(n - k\\right)!}",
        ),
        "over" | "atop" => ("this spelling is not read", "write \\frac{a}{b}"),
        "root" => ("this spelling is not read", "write \\sqrt[n]{x}"),
        "not" => (
            "a struck sign is not read",
            "write \\ne for unequal, \\lnot for not",
        ),
        "lg" => ("read as base 2 or 10", "write \\log_{2} x or \\log_{10} x"),
        "sup" | "inf" | "argmax" | "argmin" => (
            "extremes over a set are not read",
            "write \\max(a, b) or \\min(a, b)",
        ),
        "dots" | "ldots" | "cdots" => ("what is left out is not read", VALUE),
        "Re" | "Im" | "arg" => ("numbers here are real", "write the real formula"),
        "%" => ("per cent is not read", "write the number divided by 100"),
        "_" => (
            "a line below is no part of a formula",
            "write an index, as in x_{1}",
        ),
        "middle" => ("brackets have two sides here", "write \\left( and \\right)"),
        "color" | "textcolor" | "underbrace" | "overbrace" | "overset" | "underset"
        | "stackrel" | "cancel" => ("decoration is not read", "write the formula without it"),
        _ => return None,
    };
    Some(Meaning::Refused(message, hint))
}

/// The function that a command names: as the table sets it, or by one of its other names.
fn function(name: &str) -> Option<&'static str> {
    if name == "log" {
        return Some("log");
    }
    let is_command = |operation: &Operation| operation.latex().strip_prefix('\\') == Some(name);
    let by_table = Operation::ALL.iter().copied().find(is_command);
    let by_alias = || {
        let standard = name.starts_with("ar") || matches!(name, "tg" | "ctg" | "cosec");
        words::operation(name)
            .filter(|operation| standard || operation.latex().starts_with("\\operatorname{"))
            .filter(|operation| operation.arity() == 1)
    };
    by_table.or_else(by_alias).map(Operation::name)
}

/// The function that `\operatorname` names.
pub(super) fn operator(name: &str) -> Option<&'static str> {
    let set = format!("\\operatorname{{{name}}}");
    let by_table = Operation::ALL
        .iter()
        .copied()
        .find(|operation| operation.latex() == set);
    match words::SPECIAL.iter().find(|special| **special == name) {
        Some(special) => Some(special),
        None => by_table
            .or_else(|| words::operation(name))
            .map(Operation::name),
    }
}

/// Letters that have a command; variants of one letter are one name.
pub(super) fn symbol(name: &str) -> Option<&'static str> {
    Some(match name {
        "varepsilon" => "ε",
        "vartheta" => "θ",
        "varphi" => "φ",
        "varrho" => "ρ",
        "varsigma" => "σ",
        "varpi" => "varpi",
        "hbar" => "hbar",
        "ell" => "ell",
        "imath" => "i",
        "jmath" => "j",
        "pi" => "π",
        _ => greek_letter(name).and_then(greek_text)?,
    })
}

/// What a command spells within an index: a letter, or the word it is named by, as in `T_{\max}`.
pub(super) fn spelled(name: &str) -> Option<&str> {
    let is_word = name.chars().all(|c| c.is_ascii_alphabetic()) && !name.is_empty();
    let is_shape = sign(name).is_some() || structure(name).is_some();
    symbol(name).or_else(|| (is_word && !is_shape).then_some(name))
}

/// A Greek letter as text, which lasts as long as the table.
fn greek_text(letter: char) -> Option<&'static str> {
    const LETTERS: &str = "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΣΥΦΨΩ";
    let start = LETTERS.find(letter)?;
    LETTERS.get(start..start + letter.len_utf8())
}

pub(super) fn unknown(name: &str, span: Span) -> Error {
    let error = Error::new(ErrorKind::Unsupported, format!("`\\{name}` is not read")).at(span);
    let known = words::function_names().chain([
        "frac", "cdot", "alpha", "beta", "gamma", "theta", "lambda", "sigma", "left", "right",
    ]);
    match words::nearest(name, known) {
        Some(near) => error.hint(format!("did you mean \\{near}?")),
        None => error.hint(
            "write it with \\frac, \\sqrt, functions such as \\sin, letters, figures and + - ^",
        ),
    }
}

pub(super) fn norm(span: Span) -> Error {
    match refused("Vert") {
        Some(Meaning::Refused(message, hint)) => Error::new(ErrorKind::Unsupported, message)
            .at(span)
            .hint(hint),
        _ => unknown("Vert", span),
    }
}
