//! Operators that compute element by element, as formulas: what each makes of the texts of its operands. Several in a row become one activation.

use secant::{Operation, Rational};

use super::graph::Graph;
use super::schema::Node;
use crate::error::{Error, ErrorKind};

/// Operators that are functions of one number.
pub(crate) const UNARY: [(&str, Operation); 25] = [
    ("Relu", Operation::Relu),
    ("Tanh", Operation::Tanh),
    ("Sigmoid", Operation::Sigmoid),
    ("Softplus", Operation::Softplus),
    ("Gelu", Operation::Gelu),
    ("Erf", Operation::Erf),
    ("Exp", Operation::Exp),
    ("Log", Operation::Ln),
    ("Sqrt", Operation::Sqrt),
    ("Abs", Operation::Abs),
    ("Sign", Operation::Sign),
    ("Floor", Operation::Floor),
    ("Ceil", Operation::Ceil),
    ("Neg", Operation::Neg),
    ("Sin", Operation::Sin),
    ("Cos", Operation::Cos),
    ("Tan", Operation::Tan),
    ("Asin", Operation::Asin),
    ("Acos", Operation::Acos),
    ("Atan", Operation::Atan),
    ("Sinh", Operation::Sinh),
    ("Cosh", Operation::Cosh),
    ("Asinh", Operation::Asinh),
    ("Acosh", Operation::Acosh),
    ("Atanh", Operation::Atanh),
];

/// Operators that are functions of two.
pub(crate) const BINARY: [(&str, Operation); 12] = [
    ("Add", Operation::Add),
    ("Sub", Operation::Sub),
    ("Mul", Operation::Mul),
    ("Div", Operation::Div),
    ("Pow", Operation::Pow),
    ("Min", Operation::Min),
    ("Max", Operation::Max),
    ("Less", Operation::Less),
    ("LessOrEqual", Operation::LessEqual),
    ("Greater", Operation::Greater),
    ("GreaterOrEqual", Operation::GreaterEqual),
    ("Equal", Operation::Equal),
];

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
        ("Pow", [a, b]) => power(a, b),
        ("Min", [a, b]) => format!("min({a}, {b})"),
        ("Max", [a, b]) => format!("max({a}, {b})"),
        ("Less", [a, b]) => format!("({a} < {b})"),
        ("LessOrEqual", [a, b]) => format!("({a} <= {b})"),
        ("Greater", [a, b]) => format!("({a} > {b})"),
        ("GreaterOrEqual", [a, b]) => format!("({a} >= {b})"),
        ("Equal", [a, b]) => format!("({a} == {b})"),
        ("And", [a, b]) => format!("({a} and {b})"),
        ("Or", [a, b]) => format!("({a} or {b})"),
        ("Not", [a]) => format!("(not {a})"),
        ("Where", [which, yes, no]) => format!("(if {which} then {yes} else {no})"),
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

/// The function of secant's table that an operator of one number is.
fn function(operator: &str) -> Option<&'static str> {
    let listed = UNARY.iter().find(|(listed, _)| *listed == operator);
    listed.map(|(_, operation)| operation.name())
}

/// Whether an operator is one of these, so that what it reads need not be a layer's output.
pub(crate) fn is_elementwise(operator: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "Sum",
        "And",
        "Or",
        "Not",
        "Where",
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
        "Clip",
    ];
    function(operator).is_some()
        || BINARY.iter().any(|(listed, _)| *listed == operator)
        || OTHERS.contains(&operator)
}

/// A power. ONNX has none of a number below 0 where the exponent is not whole; with a fraction as 0.2, whose denominator is odd, a formula means the real root.
fn power(base: &str, exponent: &str) -> String {
    let size = Rational::from_decimal(exponent.trim_matches(['(', '-', ')']));
    let is_odd_root = size.is_some_and(|size| !size.is_integer() && size.has_odd_denominator());
    if is_odd_root {
        format!("(if {base} < 0 then sqrt({base}) else {base} ^ {exponent})")
    } else {
        format!("({base} ^ {exponent})")
    }
}

/// Bounds that are inputs of their own; one without an end bounds nothing.
fn clip(node: &Node<'_>, graph: &Graph<'_>, operand: &str) -> Result<String, Error> {
    let mut text = operand.to_owned();
    if ["min", "max"]
        .iter()
        .any(|name| node.attribute(name).is_some())
    {
        let message =
            "its bounds are attributes, as they were before operator set 11, where they are inputs";
        return Err(Error::new(ErrorKind::Unsupported, message).at(node.place()));
    }
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
        let open = if function == "max" {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
        if bound == open {
            continue;
        }
        if !bound.is_finite() {
            let message = format!("it is bounded by {bound}");
            return Err(Error::new(ErrorKind::Unsupported, message).at(node.place()));
        }
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
