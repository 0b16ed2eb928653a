//! Pseudo-random strings of pieces of formulas: no panic, places inside the text, readings that last.

use super::{Meanings, same};
use crate::text::words::as_factors;
use crate::text::{Notation, Parsed, parse, print};

const FRAGMENTS: &[&str] = &[
    "x",
    "y",
    "xy",
    "e",
    "pi",
    "π",
    "α",
    "x₁",
    "k_B",
    "rate",
    "f",
    "f(",
    "f(x)=",
    "a=",
    "y = ",
    "i",
    "1",
    "2",
    "0.5",
    ".5",
    "1e3",
    "3.",
    "1_000",
    "1,5",
    " ",
    " ",
    " ",
    "\n",
    ";",
    "#",
    "+",
    "-",
    "−",
    "*",
    "·",
    "/",
    "÷",
    "^",
    "**",
    "!",
    "²",
    "⁻¹",
    "ⁿ",
    "√",
    "∛",
    "(",
    "(",
    ")",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "||",
    ",",
    "<",
    "<=",
    "≥",
    "=",
    "==",
    "!=",
    ":=",
    " and ",
    " or ",
    "not ",
    "∧",
    "¬",
    "&&",
    "if ",
    " then ",
    " else ",
    "sin",
    "sin ",
    "cos(",
    "exp(",
    "ln ",
    "log ",
    "log_2 ",
    "log(",
    "sqrt(",
    "abs(",
    "sinx",
    "sin^2 ",
    "sin^-1 ",
    "sin^(",
    "max(",
    "piecewise(",
    "sum(i,1,3,",
    "root(",
    "foo(",
    "%",
    " mod ",
    "\u{0}",
    "é",
    "𝑥",
    "∞",
    "\\",
    "_",
    "'",
    "\u{301}",
    "Δ",
    "π_",
];

/// Numbers that look random and are the same on every machine (xorshift: Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % bound as u64).unwrap()
    }
}

/// The whole reading as text.
fn spelled(parsed: &Parsed) -> String {
    let definitions = parsed.definitions.iter().map(|definition| {
        let body = print(&definition.body, Notation::Text);
        match &definition.name {
            None => body,
            Some(name) if definition.parameters.is_empty() => format!("{name} := {body}"),
            Some(name) => format!("{name}({}) := {body}", definition.parameters.join(", ")),
        }
    });
    definitions.collect::<Vec<_>>().join("\n")
}

fn check(text: &str) -> bool {
    let length = text.chars().count();
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = error
                .span()
                .unwrap_or_else(|| panic!("{text:?}: {error} has no place"));
            assert!(
                span.start <= span.end && span.end <= length,
                "{text:?}: {error}"
            );
            assert!(error.repair().is_some(), "{text:?}: {error} has no hint");
            return false;
        }
    };
    for ambiguity in &parsed.ambiguities {
        let span = ambiguity.span;
        assert!(
            span.start < span.end && span.end <= length,
            "{text:?}: {ambiguity:?}"
        );
        assert_ne!(ambiguity.taken, ambiguity.other, "{text:?}");
    }
    for definition in &parsed.definitions {
        for id in 0..definition.body.len() {
            let span = definition.body.span(id);
            assert!(
                span.start <= span.end && span.end <= length,
                "{text:?} at {id}: {span:?}"
            );
        }
        assert!(!print(&definition.body, Notation::Unicode).is_empty());
        assert!(!print(&definition.body, Notation::Latex).is_empty());
    }
    let plain = spelled(&parsed);
    let again = parse(&plain).unwrap_or_else(|error| panic!("{text:?} as {plain:?}: {error}"));
    assert_eq!(again.definitions.len(), parsed.definitions.len());
    for (first, second) in parsed.definitions.iter().zip(&again.definitions) {
        assert!(same(&first.body, &second.body), "{text:?} as {plain:?}");
    }
    for ambiguity in &again.ambiguities {
        assert!(
            as_factors(&ambiguity.taken).is_some(),
            "{text:?} as {plain:?}: {ambiguity:?}"
        );
    }
    true
}

#[test]
fn any_fragments_give_an_answer_or_an_error_in_place() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut readable = 0;
    for _ in 0..20_000 {
        let count = 1 + random.below(9);
        let text: String = (0..count)
            .map(|_| FRAGMENTS[random.below(FRAGMENTS.len())])
            .collect();
        readable += usize::from(check(&text));
    }
    assert!(
        readable > 1000,
        "only {readable} of 20,000 were formulas at all"
    );
}

#[test]
fn likely_fragments_last() {
    let likely = [
        "x", "2", "(", ")", "^", "/", "sin ", "-", "²", " ", "y", "|", "+", "√", "3", "!", "<",
    ];
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut readable = 0;
    for _ in 0..20_000 {
        let count = 1 + random.below(8);
        let text: String = (0..count)
            .map(|_| likely[random.below(likely.len())])
            .collect();
        readable += usize::from(check(&text));
    }
    assert!(
        readable > 1000,
        "only {readable} of 20,000 were formulas at all"
    );
}

#[test]
fn latex_fragments_last() {
    let fragments = [
        "x",
        "y",
        "2",
        "12",
        "e",
        "\\alpha",
        "_1",
        "_{12}",
        "^2",
        "^{",
        "^",
        "{",
        "}",
        "}",
        "+",
        "-",
        " ",
        "\\frac",
        "\\frac{",
        "}{",
        "\\sqrt",
        "\\sqrt[",
        "]",
        "\\sin",
        "\\sin^{-1}",
        "\\log_",
        "\\left(",
        "\\right)",
        "\\left|",
        "\\right|",
        "|",
        "(",
        ")",
        "\\begin{cases}",
        "\\end{cases}",
        "&",
        "\\\\",
        "<",
        "=",
        "\\text{if }",
        "\\text{otherwise}",
        "\\mathrm{",
        "\\mathrm{rate}",
        "\\bar{x}",
        "\\Delta ",
        "\\sum_{i=1}^",
        "i",
        "$",
        "\\,",
        "%",
        ",",
        ".",
        "\\cdot",
        "\\bigl",
        "\\max",
        "!",
        "é",
        "\\",
        "\\lfloor x\\rfloor",
        "sin",
    ];
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut readable = 0;
    for _ in 0..20_000 {
        let count = 1 + random.below(8);
        let text: String = (0..count)
            .map(|_| fragments[random.below(fragments.len())])
            .collect();
        readable += usize::from(check(&format!("\\!{text}")));
    }
    assert!(
        readable > 1000,
        "only {readable} of 20,000 were formulas at all"
    );
}

#[test]
fn meanings_are_counted_once() {
    let mut meanings = Meanings::default();
    let body = |text: &str| parse(text).unwrap().definitions.pop().unwrap().body;
    assert_eq!(meanings.of(&body("x + x")), meanings.of(&body("x+x")));
}
