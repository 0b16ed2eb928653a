//! Rust, with its standard library alone.

use super::{Body, Language, Spelling, helped, own};
use crate::elementary::Operation;

pub(super) const LANGUAGE: Language = Language {
    name: "rust",
    opening: "",
    reserved: "as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref \
        return self Self static struct super trait true type unsafe use where while abstract become box do final macro override priv try \
        typeof unsized virtual yield f64 main None Some Ok Err",
    infinity: "f64::INFINITY",
    nan: "f64::NAN",
    power: "f64::powf({0}, {1})",
    spell,
    function,
};

fn spell(operation: Operation) -> Option<Spelling> {
    use Operation as O;
    Some(match operation {
        O::Add => own("{0} + {1}"),
        O::Sub => own("{0} - {1}"),
        O::Mul => own("{0} * {1}"),
        O::Div => own("{0} / {1}"),
        O::Neg => own("-{0}"),
        O::Pow => helped("power({0}, {1})", POWER),
        O::Root => helped("root({0}, {1})", ROOT),
        O::Sqrt => own("f64::sqrt({0})"),
        O::Cbrt => own("f64::cbrt({0})"),
        O::Hypot => own(
            "if f64::is_nan({0}) || f64::is_nan({1}) { f64::NAN } else { f64::hypot({0}, {1}) }",
        ),
        O::Exp => own("f64::exp({0})"),
        O::Exp2 => own("f64::exp2({0})"),
        O::Expm1 => own("f64::exp_m1({0})"),
        O::Ln => own("f64::ln({0})"),
        O::Log1p => own("f64::ln_1p({0})"),
        O::Log2 => own("f64::log2({0})"),
        O::Log10 => own("f64::log10({0})"),
        O::Sin => own("f64::sin({0})"),
        O::Cos => own("f64::cos({0})"),
        O::Tan => own("f64::tan({0})"),
        O::Cot => own("if {0} == 0.0 { f64::NAN } else { 1.0 / f64::tan({0}) }"),
        O::Sec => own("1.0 / f64::cos({0})"),
        O::Csc => own("if {0} == 0.0 { f64::NAN } else { 1.0 / f64::sin({0}) }"),
        O::Asin => own("f64::asin({0})"),
        O::Acos => own("f64::acos({0})"),
        O::Atan => own("f64::atan({0})"),
        O::Acot => own("if {0} == 0.0 { 1.5707963267948966 } else { f64::atan(1.0 / {0}) }"),
        O::Atan2 => {
            own("if {0} == 0.0 && {1} == 0.0 { f64::NAN } else { f64::atan2({0} + 0.0, {1}) }")
        }
        O::Sinh => own("f64::sinh({0})"),
        O::Cosh => own("f64::cosh({0})"),
        O::Tanh => own("f64::tanh({0})"),
        O::Coth => helped("coth({0})", COTH),
        O::Sech => helped("sech({0})", SECH),
        O::Csch => helped("csch({0})", CSCH),
        O::Asinh => own("f64::asinh({0})"),
        O::Acosh => helped("acosh({0})", ACOSH),
        O::Atanh => own("f64::atanh({0})"),
        O::Abs => own("f64::abs({0})"),
        O::Sign => own("if {0} == 0.0 { 0.0 } else { f64::signum({0}) }"),
        O::Heaviside => own("if {0} == 0.0 { 0.5 } else { 0.5 + 0.5 * f64::signum({0}) }"),
        O::Floor => own("f64::floor({0})"),
        O::Ceil => own("f64::ceil({0})"),
        O::Round => own("f64::round_ties_even({0})"),
        O::Mod => helped("modulo({0}, {1})", MODULO),
        O::Min => own("if {0} < {1} { {0} } else if {0} >= {1} { {1} } else { f64::NAN }"),
        O::Max => own("if {0} > {1} { {0} } else if {0} <= {1} { {1} } else { f64::NAN }"),
        O::Relu => own("if {0} <= 0.0 { 0.0 } else { {0} }"),
        O::Sigmoid => helped("sigmoid({0})", SIGMOID),
        O::Softplus => helped("softplus({0})", SOFTPLUS),
        O::Silu => helped("silu({0})", SILU),
        O::Sinc => helped("sinc({0})", SINC),
        O::Factorial => helped("factorial({0})", FACTORIAL),
        O::Less => own("if {0} < {1} { 1.0 } else if {0} >= {1} { 0.0 } else { f64::NAN }"),
        O::LessEqual => own("if {0} <= {1} { 1.0 } else if {0} > {1} { 0.0 } else { f64::NAN }"),
        O::Greater => own("if {0} > {1} { 1.0 } else if {0} <= {1} { 0.0 } else { f64::NAN }"),
        O::GreaterEqual => own("if {0} >= {1} { 1.0 } else if {0} < {1} { 0.0 } else { f64::NAN }"),
        O::Equal => {
            own("if {0} == {1} { 1.0 } else if {0} < {1} || {0} > {1} { 0.0 } else { f64::NAN }")
        }
        O::NotEqual => {
            own("if {0} == {1} { 0.0 } else if {0} < {1} || {0} > {1} { 1.0 } else { f64::NAN }")
        }
        O::And => helped("and({0}, {1})", AND),
        O::Or => helped("or({0}, {1})", OR),
        O::Not => own("if f64::is_nan({0}) { f64::NAN } else if {0} == 0.0 { 1.0 } else { 0.0 }"),
        O::Choose => {
            own("if f64::is_nan({0}) { f64::NAN } else if {0} == 0.0 { {2} } else { {1} }")
        }
        // What not every standard library has to a few units of the last place.
        _ => return None,
    })
}

fn function(body: &Body) -> String {
    let parameters: Vec<String> = body
        .parameters
        .iter()
        .map(|name| format!("{name}: f64"))
        .collect();
    let (result, answer) = match &body.gradient {
        None => ("f64".to_owned(), body.value.clone()),
        Some(gradient) => (
            format!("(f64, [f64; {}])", gradient.len()),
            format!("({}, [{}])", body.value, gradient.join(", ")),
        ),
    };
    let steps: String = body
        .steps
        .iter()
        .map(|(name, text)| format!("    let {name} = {text};\n"))
        .collect();
    // Variables keep their capitals, which the compiler would advise against.
    let has_capitals = |name: &String| name.chars().any(|letter| letter.is_ascii_uppercase());
    let allowed = if body.parameters.iter().any(has_capitals) {
        "#[allow(non_snake_case)]\n"
    } else {
        ""
    };
    format!(
        "/// {}\n{allowed}pub fn {}({}) -> {result} {{\n{steps}    {answer}\n}}\n",
        body.comment,
        body.name,
        parameters.join(", ")
    )
}

const POWER: &str = "\
/// The power of x, without a value at the pole of an odd exponent below 0.
fn power(x: f64, exponent: f64) -> f64 {
    let has_sides = x == 0.0 && exponent < 0.0 && exponent % 2.0 != 0.0 && exponent.fract() == 0.0;
    if x.is_nan() || exponent.is_nan() || has_sides {
        f64::NAN
    } else if x == 0.0 && exponent < 0.0 {
        f64::INFINITY
    } else {
        x.powf(exponent)
    }
}
";

const ROOT: &str = "\
/// The real root of whole order n; the rounding of 1/n is mended by one step of Newton's method.
fn root(x: f64, n: f64) -> f64 {
    if n.fract() != 0.0 || n == 0.0 || (x == 0.0 && n < 0.0) || (x < 0.0 && n % 2.0 == 0.0) {
        return f64::NAN;
    }
    let a = x.abs();
    let inverse = 1.0 / n;
    let plain = a.powf(inverse);
    if n == 1.0 || a == 0.0 {
        return x;
    } else if n == 2.0 {
        return a.sqrt();
    } else if n == 3.0 {
        return x.cbrt();
    } else if a.is_infinite() {
        return plain.copysign(x);
    }
    let guess = plain + plain * ((-n).mul_add(inverse, 1.0) / n * a.ln());
    let back = guess.powf(n);
    if back.is_normal() && a.is_normal() && n.abs() < 1e4 {
        (guess - guess * ((back - a) / a / n)).copysign(x)
    } else {
        guess.copysign(x)
    }
}
";

const COTH: &str = "\
fn coth(x: f64) -> f64 {
    if x == 0.0 {
        f64::NAN
    } else {
        (1.0 + 2.0 / (2.0 * x.abs()).exp_m1()).copysign(x)
    }
}
";

const SECH: &str = "\
fn sech(x: f64) -> f64 {
    if x.abs() < 20.0 {
        1.0 / x.cosh()
    } else {
        2.0 * (-x.abs()).exp()
    }
}
";

const CSCH: &str = "\
fn csch(x: f64) -> f64 {
    if x == 0.0 {
        f64::NAN
    } else if x.abs() < 20.0 {
        1.0 / x.sinh()
    } else {
        (2.0 * (-x.abs()).exp()).copysign(x)
    }
}
";

const ACOSH: &str = "\
/// As exact beside 1 as elsewhere, which f64::acosh is not.
fn acosh(x: f64) -> f64 {
    let above = x - 1.0;
    if x < 1.0 {
        f64::NAN
    } else if x < 1e8 {
        (above + (above * (x + 1.0)).sqrt()).ln_1p()
    } else {
        x.ln() + 0.6931471805599453
    }
}
";

const MODULO: &str = "\
/// The rest that has the sign of the divisor.
fn modulo(x: f64, divisor: f64) -> f64 {
    let rest = x % divisor;
    if rest != 0.0 && (rest < 0.0) != (divisor < 0.0) {
        rest + divisor
    } else {
        rest
    }
}
";

const SIGMOID: &str = "\
fn sigmoid(x: f64) -> f64 {
    let small = (-x.abs()).exp();
    (if x < 0.0 { small } else { 1.0 }) / (1.0 + small)
}
";

const SOFTPLUS: &str = "\
fn softplus(x: f64) -> f64 {
    (if x > 0.0 { x } else { 0.0 }) + (-x.abs()).exp().ln_1p()
}
";

const SILU: &str = "\
fn silu(x: f64) -> f64 {
    let half = (0.5 * x).exp();
    if x > -700.0 {
        x / (1.0 + (-x).exp())
    } else if half == 0.0 {
        -0.0
    } else {
        x * half * half
    }
}
";

const SINC: &str = "\
fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        x.sin() / x
    }
}
";

const FACTORIAL: &str = "\
/// The product of the whole numbers up to x, with what each rounding lost.
fn factorial(x: f64) -> f64 {
    if x.fract() != 0.0 || !(0.0..=170.0).contains(&x) {
        return f64::NAN;
    }
    let (mut head, mut tail, mut factor) = (1.0_f64, 0.0, 2.0);
    while factor <= x {
        let product = head * factor;
        tail = tail * factor + head.mul_add(factor, -product);
        head = product;
        factor += 1.0;
    }
    head + tail
}
";

const AND: &str = "\
fn and(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a != 0.0 && b != 0.0 {
        1.0
    } else {
        0.0
    }
}
";

const OR: &str = "\
fn or(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a != 0.0 || b != 0.0 {
        1.0
    } else {
        0.0
    }
}
";
