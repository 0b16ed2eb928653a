//! Activations that go by a name elsewhere and are formulas here, and what is said of a word that is none.

use secant::{Error, ErrorKind, Formula};

/// Names as letters alone, with the formula of each.
const FORMULAS: [(&str, &str); 16] = [
    ("celu", "if x > 0 then x else expm1(x)"),
    ("elu", "if x > 0 then x else expm1(x)"),
    ("hardsigmoid", "min(max(x/6 + 1/2, 0), 1)"),
    ("hardswish", "x*min(max(x + 3, 0), 6)/6"),
    ("hardtanh", "min(max(x, -1), 1)"),
    ("identity", "x"),
    ("leakyrelu", "max(x, 0.01*x)"),
    ("linear", "x"),
    ("logsigmoid", "-softplus(-x)"),
    ("mish", "x*tanh(softplus(x))"),
    ("quickgelu", "x*sigmoid(1.702*x)"),
    ("relu6", "min(max(x, 0), 6)"),
    (
        "selu",
        "1.0507009873554805*(if x > 0 then x else 1.6732632423543772*expm1(x))",
    ),
    ("softsign", "x/(1 + abs(x))"),
    ("squaredrelu", "max(x, 0)^2"),
    ("tanhshrink", "x - tanh(x)"),
];

/// The error of an activation that goes by a name elsewhere, in capitals or not, with strokes or without: its formula is the hint.
pub(crate) fn elsewhere(name: &str) -> Option<Error> {
    let formula = formula(name)?;
    let message = format!("no activation is called '{name}'");
    Some(
        Error::new(ErrorKind::UnknownName, message).hint(format!("as a formula it is '{formula}'")),
    )
}

fn formula(name: &str) -> Option<&'static str> {
    let plain = |letter: &char| !matches!(letter, '-' | '_' | ' ');
    let name = name.to_lowercase();
    let name: String = name.chars().filter(plain).collect();
    FORMULAS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, formula)| *formula)
}

/// The error of an activation of this text, in which `other` stands for nothing.
pub(crate) fn refused(text: &str, other: &str) -> Error {
    const NAMES: &str = "relu, tanh, sigmoid, gelu, silu and softplus are some";
    let is_word = |text: &str| {
        text.chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' '))
    };
    if is_word(text) {
        let hint = match text.to_lowercase().as_str() {
            "softmax" | "logsoftmax" | "log_softmax" | "log-softmax" => {
                "it is no function of one number; the loss cross-entropy has it in itself"
                    .to_owned()
            }
            // How the name of a function is mistyped, the reader of formulas knows.
            word => match Formula::parse(&format!("{word}(x)")) {
                Err(error) if error.repair().is_some_and(|hint| hint.starts_with("did")) => {
                    format!("{} {NAMES}", error.repair().unwrap_or_default())
                }
                _ => format!("{NAMES}; or write a formula of x, as x*sigmoid(x)"),
            },
        };
        return Error::new(
            ErrorKind::UnknownName,
            format!("no activation is called '{text}'"),
        )
        .hint(hint);
    }
    Error::new(
        ErrorKind::UnknownVariable,
        format!("'{other}' stands for nothing in an activation"),
    )
    .hint("an activation is a formula of x, as x*sigmoid(x)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementwise::Elementwise;

    #[test]
    fn every_formula_reads_and_has_value_and_slope_at_its_kink_too() {
        for (name, text) in FORMULAS {
            let function = Elementwise::formula(text).map(|function| {
                let (mut value, mut slope) = ([0.0_f64; 3], [0.0; 3]);
                function.value_and_slope(&[-2.0, 0.0, 1.5], &mut value, &mut slope);
                (value, slope)
            });
            let finite = function.is_ok_and(|(value, slope)| {
                value.iter().chain(&slope).all(|number| number.is_finite())
            });
            assert!(finite, "{name}");
        }
    }
}
