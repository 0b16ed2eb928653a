//! Operators that compute element by element, as formulas: what each makes of the texts of its operands. Several in a row become one activation.

use super::graph::Graph;
use super::schema::Node;
use crate::error::{Error, ErrorKind};

/// A longer formula is refused: operands that are read twice double it from node to node.
const LONGEST: usize = 4000;

/// What stands for the value that all operands come from.
pub(crate) const VARIABLE: &str = "x";

/// The formula of a node, or none where it is no operator of this kind. Operands are formulas, each in brackets where it must be.
pub(crate) fn formula(
    node: &Node<'_>,
    graph: &Graph<'_>,
    operands: &[String],
) -> Result<Option<String>, Error> {
    let text = match (node.operator, operands) {
        ("Add" | "Sum", [a, b]) => format!("({a} + {b})"),
        ("Sub", [a, b]) => format!("({a} - {b})"),
        ("Mul", [a, b]) => format!("({a} * {b})"),
        ("Div", [a, b]) => format!("({a} / {b})"),
        ("Pow", [a, b]) => format!("({a} ^ {b})"),
        ("Min", [a, b]) => format!("min({a}, {b})"),
        ("Max", [a, b]) => format!("max({a}, {b})"),
        ("Neg", [a]) => format!("(-{a})"),
        ("Reciprocal", [a]) => format!("(1 / {a})"),
        ("Softsign", [a]) => format!("({a} / (1 + abs({a})))"),
        ("Mish", [a]) => format!("({a} * tanh(softplus({a})))"),
        ("HardSwish", [a]) => format!("({a} * max(0, min(1, {a} / 6 + 1/2)))"),
        ("HardSigmoid", [a]) => {
            let (slope, shift) = (
                number(node.number("alpha", 0.2)?),
                number(node.number("beta", 0.5)?),
            );
            format!("max(0, min(1, {slope} * {a} + {shift}))")
        }
        // The sides of a condition carry the slope that training frameworks take at the kink.
        ("LeakyRelu", [a]) => {
            let slope = number(node.number("alpha", 0.01)?);
            format!("(if {a} > 0 then {a} else {slope} * {a})")
        }
        ("ThresholdedRelu", [a]) => {
            let least = number(node.number("alpha", 1.0)?);
            format!("(if {a} > {least} then {a} else 0)")
        }
        ("Elu", [a]) => {
            let scale = number(node.number("alpha", 1.0)?);
            format!("(if {a} > 0 then {a} else {scale} * expm1({a}))")
        }
        ("Celu", [a]) => {
            let scale = number(node.number("alpha", 1.0)?);
            format!("(if {a} > 0 then {a} else {scale} * expm1({a} / {scale}))")
        }
        ("Selu", [a]) => {
            let scale = number(node.number("alpha", 1.673_263_2)?);
            let gamma = number(node.number("gamma", 1.050_701)?);
            format!("({gamma} * (if {a} > 0 then {a} else {scale} * expm1({a})))")
        }
        ("Gelu", [a]) => match node.text("approximate", "none")? {
            "none" => format!("gelu({a})"),
            "tanh" => format!("({a} / 2 * (1 + tanh(sqrt(2/pi) * ({a} + 0.044715 * {a}^3))))"),
            other => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("its form '{other}' is not read"),
                )
                .at(node.place()));
            }
        },
        ("Clip", [a, ..]) => clip(node, graph, a)?,
        (operator, [a]) => match function(operator) {
            Some(name) => format!("{name}({a})"),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    if text.len() > LONGEST {
        return Err(Error::new(
            ErrorKind::TooLarge,
            "the formula that it completes is too long",
        )
        .at(node.place()));
    }
    Ok(Some(text))
}

/// The function of secant's table that an operator is.
fn function(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "Relu" => "relu",
        "Tanh" => "tanh",
        "Sigmoid" => "sigmoid",
        "Softplus" => "softplus",
        "Erf" => "erf",
        "Exp" => "exp",
        "Log" => "ln",
        "Sqrt" => "sqrt",
        "Abs" => "abs",
        "Sin" => "sin",
        "Cos" => "cos",
        "Tan" => "tan",
        "Atan" => "atan",
        "Sinh" => "sinh",
        "Cosh" => "cosh",
        _ => return None,
    })
}

/// Whether an operator is one of these, so that what it reads need not be a layer's output.
pub(crate) fn is_elementwise(operator: &str) -> bool {
    const OTHERS: [&str; 19] = [
        "Add",
        "Sum",
        "Sub",
        "Mul",
        "Div",
        "Pow",
        "Min",
        "Max",
        "Neg",
        "Reciprocal",
        "Softsign",
        "Mish",
        "HardSwish",
        "HardSigmoid",
        "LeakyRelu",
        "ThresholdedRelu",
        "Elu",
        "Celu",
        "Selu",
    ];
    function(operator).is_some()
        || OTHERS.contains(&operator)
        || matches!(operator, "Gelu" | "Clip")
}

/// Bounds that are inputs of their own.
fn clip(node: &Node<'_>, graph: &Graph<'_>, operand: &str) -> Result<String, Error> {
    let mut text = operand.to_owned();
    for (place, function) in [(1, "max"), (2, "min")] {
        let Some(name) = node.inputs.get(place).filter(|name| !name.is_empty()) else {
            continue;
        };
        let bound = graph.numbers(name)?.and_then(|numbers| numbers.single());
        let bound = bound.ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                "its bounds are not constant numbers",
            )
            .at(node.place())
        })?;
        text = format!("{function}({text}, {})", number(bound));
    }
    Ok(text)
}

/// A number as a formula writes it.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:?}");
    if value < 0.0 {
        format!("({text})")
    } else {
        text
    }
}

/// The name alone where a formula is a function of the table applied to the variable.
pub(crate) fn name(formula: &str) -> Option<&str> {
    let name = formula.strip_suffix(&format!("({VARIABLE})"))?;
    name.chars()
        .all(|c| c.is_ascii_alphanumeric())
        .then_some(name)
}
