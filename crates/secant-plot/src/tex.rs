//! A formula in both of its forms: LaTeX for pictures, plain text for the
//! terminal and for readers who hear a picture instead of seeing it.
//!
//! The plain form can be given or derived. Deriving covers what figures
//! carry (powers, indices, fractions, roots, Greek, spacing); it never fails,
//! an unknown command simply becomes its own name.

/// A formula as LaTeX together with its plain-text form.
///
/// ```
/// use secant_plot::Tex;
///
/// let title = Tex::from(r"f(x) = 2x^2, \qquad \frac{\mathrm{d}f}{\mathrm{d}x} = 4x");
/// assert_eq!(title.plain(), "f(x) = 2x², df/dx = 4x");
///
/// let label = Tex::new(r"f'(-1) = -4", "slope -4 at x = -1");
/// assert_eq!(label.latex(), "f'(-1) = -4");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tex {
    latex: String,
    plain: String,
    is_verbatim: bool,
}

impl Tex {
    /// A formula whose plain form is known.
    pub fn new(latex: impl Into<String>, plain: impl Into<String>) -> Self {
        Self {
            latex: latex.into(),
            plain: plain.into(),
            is_verbatim: false,
        }
    }

    /// Words that are no formula, drawn letter by letter as they are: names out of a table.
    ///
    /// ```
    /// use secant_plot::Tex;
    ///
    /// assert_eq!(Tex::verbatim("$x^2$ & y_1").plain(), "$x^2$ & y_1");
    /// ```
    pub fn verbatim(words: impl Into<String>) -> Self {
        let words = words.into();
        Self {
            latex: words.clone(),
            plain: words,
            is_verbatim: true,
        }
    }

    /// Whether these are words and no formula.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.is_verbatim
    }

    /// The same, cut with an ellipsis so that it is not wider than this.
    pub(crate) fn shortened(&self, most: f64, width: impl Fn(&Self) -> f64) -> Self {
        if width(self) <= most {
            return self.clone();
        }
        let letters: Vec<char> = self.plain.chars().collect();
        let cut = |kept: usize| {
            let words: String = letters[..kept].iter().collect();
            Self::verbatim(format!("{}…", words.trim_end()))
        };
        // The width grows with what is kept.
        let (mut fits, mut exceeds) = (0, letters.len());
        while exceeds - fits > 1 {
            let middle = (fits + exceeds) / 2;
            if width(&cut(middle)) <= most {
                fits = middle;
            } else {
                exceeds = middle;
            }
        }
        cut(fits)
    }

    /// The form that is set as mathematics.
    pub fn latex(&self) -> &str {
        &self.latex
    }

    /// The form that is read as a line of text.
    pub fn plain(&self) -> &str {
        &self.plain
    }
}

impl From<&str> for Tex {
    fn from(latex: &str) -> Self {
        Self::new(latex, plain_form(latex))
    }
}

impl From<String> for Tex {
    fn from(latex: String) -> Self {
        let plain = plain_form(&latex);
        Self::new(latex, plain)
    }
}

/// How a group in braces is written as text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Bare,
    Power,
    Index,
    Numerator,
    Denominator,
    Root,
}

/// A group that is being read: where its text began, its role, and the roles
/// that the groups after it will play.
struct Open {
    start: usize,
    role: Role,
    next: Vec<Role>,
}

/// Translates LaTeX to a line of text with an explicit stack, so that deep
/// nesting costs memory and never the call stack.
fn plain_form(latex: &str) -> String {
    let mut text = String::new();
    let mut open: Vec<Open> = Vec::new();
    // The roles that the coming groups play, the nearest last.
    let mut expected: Vec<Role> = Vec::new();
    let mut rest = latex.chars().peekable();
    while let Some(letter) = rest.next() {
        let start = text.len();
        match letter {
            '^' => expected.push(Role::Power),
            '_' => expected.push(Role::Index),
            '{' => {
                let role = expected.pop().unwrap_or(Role::Bare);
                let next = std::mem::take(&mut expected);
                open.push(Open { start, role, next });
            }
            '}' => {
                if let Some(group) = open.pop() {
                    close(&mut text, group.start, group.role);
                    expected = group.next;
                }
            }
            '\\' => {
                let mut name = String::new();
                while let Some(next) = rest.next_if(char::is_ascii_alphabetic) {
                    name.push(next);
                }
                if name.is_empty() {
                    match rest.next() {
                        Some(',' | ';' | ':' | ' ') => text.push(' '),
                        Some('!') | None => {}
                        Some(escaped) => text.push(escaped),
                    }
                    continue;
                }
                match name.as_str() {
                    "frac" | "dfrac" | "tfrac" => {
                        expected.extend([Role::Denominator, Role::Numerator]);
                        continue;
                    }
                    "sqrt" => {
                        expected.push(Role::Root);
                        continue;
                    }
                    _ => text.push_str(command(&name).unwrap_or(&name)),
                }
                // A single symbol can be a power or an index by itself.
                if text.len() > start
                    && !text.ends_with(' ')
                    && let Some(role) = expected.pop()
                {
                    close(&mut text, start, role);
                }
            }
            '~' | '&' => text.push(' '),
            _ => {
                text.push(if letter == '-' { '−' } else { letter });
                if !letter.is_whitespace()
                    && let Some(role) = expected.pop()
                {
                    close(&mut text, start, role);
                }
            }
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Ends a group: what stands from `start` on is written in the way of its role.
fn close(text: &mut String, start: usize, role: Role) {
    let group = text.split_off(start);
    let simple = group.chars().all(char::is_alphanumeric);
    match role {
        Role::Bare => text.push_str(&group),
        Role::Power | Role::Index => {
            let (table, mark) = if role == Role::Power {
                (SUPERSCRIPTS, '^')
            } else {
                (SUBSCRIPTS, '_')
            };
            let raised: Option<String> = group.chars().map(|c| lookup(table, c)).collect();
            match raised {
                Some(raised) => text.push_str(&raised),
                None if simple => text.extend([mark.to_string(), group]),
                None => text.extend([mark.to_string(), "(".into(), group, ")".into()]),
            }
        }
        Role::Numerator | Role::Denominator | Role::Root => {
            match role {
                Role::Denominator => text.push('/'),
                Role::Root => text.push('√'),
                _ => {}
            }
            // 1/2x would be read as half of x.
            let product = group
                .chars()
                .zip(group.chars().skip(1))
                .any(|(a, b)| a.is_ascii_digit() && b.is_alphabetic());
            if simple && !(product && role != Role::Numerator) {
                text.push_str(&group);
            } else {
                text.extend(["(", &group, ")"]);
            }
        }
    }
}

const SUPERSCRIPTS: (&str, &str) = ("0123456789−+()nix*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾ⁿⁱˣ*");
const SUBSCRIPTS: (&str, &str) = ("0123456789−+()ixn", "₀₁₂₃₄₅₆₇₈₉₋₊₍₎ᵢₓₙ");

fn lookup((from, to): (&str, &str), letter: char) -> Option<char> {
    from.chars()
        .zip(to.chars())
        .find(|(known, _)| *known == letter)
        .map(|(_, raised)| raised)
}

/// The text of a command that is not simply its own name, such as `sin`.
fn command(name: &str) -> Option<&'static str> {
    let known = [
        ("qquad", "  "),
        ("quad", " "),
        ("left", ""),
        ("right", ""),
        ("mathrm", ""),
        ("mathbf", ""),
        ("text", ""),
        ("operatorname", ""),
        ("displaystyle", ""),
        ("textbackslash", "\\"),
        ("textasciicircum", "^"),
        ("textasciitilde", "~"),
        ("cdot", "·"),
        ("times", "×"),
        ("pm", "±"),
        ("le", "≤"),
        ("leq", "≤"),
        ("ge", "≥"),
        ("geq", "≥"),
        ("ne", "≠"),
        ("neq", "≠"),
        ("approx", "≈"),
        ("to", "→"),
        ("infty", "∞"),
        ("partial", "∂"),
        ("nabla", "∇"),
        ("prime", "′"),
        ("dots", "…"),
        ("ldots", "…"),
        ("Delta", "Δ"),
        ("Sigma", "Σ"),
        ("Omega", "Ω"),
        ("alpha", "α"),
        ("beta", "β"),
        ("gamma", "γ"),
        ("delta", "δ"),
        ("epsilon", "ε"),
        ("varepsilon", "ε"),
        ("eta", "η"),
        ("theta", "θ"),
        ("kappa", "κ"),
        ("lambda", "λ"),
        ("mu", "μ"),
        ("pi", "π"),
        ("rho", "ρ"),
        ("sigma", "σ"),
        ("tau", "τ"),
        ("phi", "φ"),
        ("varphi", "φ"),
        ("omega", "ω"),
    ];
    known
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_forms_read_as_a_person_writes() {
        for (latex, plain) in [
            ("x", "x"),
            ("f'(0) = -4", "f'(0) = −4"),
            (r"2x^{10} + a_1", "2x¹⁰ + a₁"),
            (r"e^{-x/2}", "e^(−x/2)"),
            (r"e^\pi", "e^π"),
            (r"10^{-5}", "10⁻⁵"),
            (r"\frac{f(x+h)-f(x)}{h}", "(f(x+h)−f(x))/h"),
            (r"\frac12", "1/2"),
            (r"\frac{3x}{2\delta}", "3x/(2δ)"),
            (r"\delta^* = \frac{1}{x^2}", "δ* = 1/x²"),
            (r"\sqrt{x+1}", "√(x+1)"),
            (r"\sin\left(\alpha\right)", "sin(α)"),
            (r"\text{error} \le 3\,\%", "error ≤ 3 %"),
        ] {
            assert_eq!(Tex::from(latex).plain(), plain);
        }
    }

    #[test]
    fn broken_and_deep_latex_still_gives_text() {
        assert_eq!(Tex::from("}}{^").plain(), "");
        assert_eq!(Tex::from("x^").plain(), "x");
        let deep = "{".repeat(100_000) + "x" + &"}".repeat(100_000);
        assert_eq!(Tex::from(deep).plain(), "x");
    }
}
