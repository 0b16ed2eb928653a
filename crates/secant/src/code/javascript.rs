//! JavaScript, as a module whose functions are exported; nothing but `Math` is asked for.

use super::{Body, Language, Spelling, helped, own};
use crate::elementary::Operation;

pub(super) const LANGUAGE: Language = Language {
    name: "javascript",
    opening: "",
    reserved: "abstract arguments await boolean break byte case catch char class const continue debugger default delete do double else enum eval \
        export extends false final finally float for function goto if implements import in instanceof int interface let long native new \
        null package private protected public return short static super switch synchronized this throw throws transient true try typeof \
        undefined var void volatile while with yield Number BigInt Infinity NaN",
    infinity: "Infinity",
    nan: "NaN",
    power: "Math.pow({0}, {1})",
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
        O::Sqrt => own("Math.sqrt({0})"),
        O::Cbrt => own("Math.cbrt({0})"),
        O::Hypot => own("isNaN({0}) || isNaN({1}) ? NaN : Math.hypot({0}, {1})"),
        O::Exp => own("Math.exp({0})"),
        O::Exp2 => own("Math.pow(2.0, {0})"),
        O::Expm1 => own("Math.expm1({0})"),
        O::Ln => own("Math.log({0})"),
        O::Log1p => own("Math.log1p({0})"),
        O::Log2 => own("Math.log2({0})"),
        O::Log10 => own("Math.log10({0})"),
        O::Sin => own("Math.sin({0})"),
        O::Cos => own("Math.cos({0})"),
        O::Tan => own("Math.tan({0})"),
        O::Cot => own("{0} === 0.0 ? NaN : 1.0 / Math.tan({0})"),
        O::Sec => own("1.0 / Math.cos({0})"),
        O::Csc => own("{0} === 0.0 ? NaN : 1.0 / Math.sin({0})"),
        O::Asin => own("Math.asin({0})"),
        O::Acos => own("Math.acos({0})"),
        O::Atan => own("Math.atan({0})"),
        O::Acot => own("{0} === 0.0 ? 1.5707963267948966 : Math.atan(1.0 / {0})"),
        O::Atan2 => own("{0} === 0.0 && {1} === 0.0 ? NaN : Math.atan2({0} + 0.0, {1})"),
        O::Sinh => own("Math.sinh({0})"),
        O::Cosh => own("Math.cosh({0})"),
        O::Tanh => own("Math.tanh({0})"),
        O::Coth => own(
            "{0} === 0.0 ? NaN : Math.sign({0}) * (1.0 + 2.0 / Math.expm1(2.0 * Math.abs({0})))",
        ),
        O::Sech => {
            own("Math.abs({0}) < 20.0 ? 1.0 / Math.cosh({0}) : 2.0 * Math.exp(-Math.abs({0}))")
        }
        O::Csch => helped("csch({0})", CSCH),
        O::Asinh => own("Math.asinh({0})"),
        O::Acosh => own("Math.acosh({0})"),
        O::Atanh => own("Math.atanh({0})"),
        O::Abs => own("Math.abs({0})"),
        O::Sign => own("Math.sign({0}) + 0.0"),
        O::Heaviside => own("0.5 + 0.5 * Math.sign({0})"),
        O::Floor => own("Math.floor({0})"),
        O::Ceil => own("Math.ceil({0})"),
        O::Round => helped("round({0})", ROUND),
        O::Mod => helped("modulo({0}, {1})", MODULO),
        O::Min => own("Math.min({0}, {1})"),
        O::Max => own("Math.max({0}, {1})"),
        O::Relu => own("Math.max({0}, 0.0)"),
        O::Sigmoid => helped("sigmoid({0})", SIGMOID),
        O::Softplus => own("Math.max({0}, 0.0) + Math.log1p(Math.exp(-Math.abs({0})))"),
        O::Silu => helped("silu({0})", SILU),
        O::Sinc => helped("sinc({0})", SINC),
        O::Factorial => helped("factorial({0})", FACTORIAL),
        O::Less => own("{0} < {1} ? 1.0 : {0} >= {1} ? 0.0 : NaN"),
        O::LessEqual => own("{0} <= {1} ? 1.0 : {0} > {1} ? 0.0 : NaN"),
        O::Greater => own("{0} > {1} ? 1.0 : {0} <= {1} ? 0.0 : NaN"),
        O::GreaterEqual => own("{0} >= {1} ? 1.0 : {0} < {1} ? 0.0 : NaN"),
        O::Equal => own("{0} === {1} ? 1.0 : {0} < {1} || {0} > {1} ? 0.0 : NaN"),
        O::NotEqual => own("{0} === {1} ? 0.0 : {0} < {1} || {0} > {1} ? 1.0 : NaN"),
        O::And => own("isNaN({0}) || isNaN({1}) ? NaN : {0} !== 0.0 && {1} !== 0.0 ? 1.0 : 0.0"),
        O::Or => own("isNaN({0}) || isNaN({1}) ? NaN : {0} !== 0.0 || {1} !== 0.0 ? 1.0 : 0.0"),
        O::Not => own("isNaN({0}) ? NaN : {0} === 0.0 ? 1.0 : 0.0"),
        O::Choose => own("isNaN({0}) ? NaN : {0} === 0.0 ? {2} : {1}"),
        // What not every standard library has to a few units of the last place.
        _ => return None,
    })
}

fn function(body: &Body) -> String {
    let steps: String = body
        .steps
        .iter()
        .map(|(name, text)| format!("  const {name} = {text};\n"))
        .collect();
    let answer = match &body.gradient {
        None => body.value.clone(),
        Some(gradient) => format!("[{}, [{}]]", body.value, gradient.join(", ")),
    };
    format!(
        "// {}\nexport function {}({}) {{\n{steps}  return {answer};\n}}\n",
        body.comment,
        body.name,
        body.parameters.join(", ")
    )
}

const POWER: &str = "\
// The power of x, without a value at the pole of an odd exponent below 0.
function power(x, exponent) {
  if (isNaN(x) || isNaN(exponent)) return NaN;
  if (x === 0 && exponent < 0) return Math.abs(exponent % 2) === 1 ? NaN : Infinity;
  return x === 1 ? 1 : Math.pow(x, exponent);
}
";

const ROOT: &str = "\
// The real root of whole order n; the rounding of 1/n is mended by one step of Newton's method.
function root(x, n) {
  if (!Number.isInteger(n) || n === 0) return NaN;
  if ((x === 0 && n < 0) || (x < 0 && n % 2 === 0)) return NaN;
  if (n === 1 || x === 0) return x;
  if (n === 2) return Math.sqrt(x);
  if (n === 3) return Math.cbrt(x);
  const a = Math.abs(x), inverse = 1 / n, plain = Math.pow(a, inverse);
  const sign = Math.sign(x), isNormal = (y) => y >= 2.2250738585072014e-308 && y < Infinity;
  if (a === Infinity) return sign * plain;
  const head = 134217729 * inverse - (134217729 * inverse - inverse);
  const rest = (1 - n * head - n * (inverse - head)) / n;
  const guess = plain + plain * (rest * Math.log(a));
  const back = Math.pow(guess, n);
  if (!isNormal(back) || !isNormal(a) || Math.abs(n) >= 1e4) return sign * guess;
  return sign * (guess - guess * ((back - a) / a / n));
}
";

const CSCH: &str = "\
function csch(x) {
  if (x === 0) return NaN;
  return Math.abs(x) < 20 ? 1 / Math.sinh(x) : Math.sign(x) * 2 * Math.exp(-Math.abs(x));
}
";

const ROUND: &str = "\
// To the nearest whole number, halves to the even one: beside 2^52 there are no others.
function round(x) {
  const edge = 4503599627370496;
  if (Math.abs(x) >= edge) return x;
  return x < 0 ? -(edge - x - edge) : x + edge - edge;
}
";

const MODULO: &str = "\
// The rest that has the sign of the divisor.
function modulo(x, divisor) {
  const rest = x % divisor;
  return rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest;
}
";

const SIGMOID: &str = "\
function sigmoid(x) {
  const small = Math.exp(-Math.abs(x));
  return (x < 0 ? small : 1) / (1 + small);
}
";

const SILU: &str = "\
function silu(x) {
  if (x > -700) return x / (1 + Math.exp(-x));
  const half = Math.exp(0.5 * x);
  return half === 0 ? -0 : x * half * half;
}
";

const SINC: &str = "\
function sinc(x) {
  if (x === 0) return 1;
  return Math.abs(x) === Infinity ? 0 : Math.sin(x) / x;
}
";

const FACTORIAL: &str = "\
// The product of the whole numbers up to x, rounded once.
function factorial(x) {
  if (!Number.isInteger(x) || x < 0 || x > 170) return NaN;
  let product = 1n;
  for (let factor = 2n; factor <= x; factor++) product *= factor;
  return Number(product);
}
";
