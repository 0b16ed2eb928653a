//! Python with NumPy: the functions take numbers, or arrays of one shape; a derivative that no input moves stays one
//! number. Both arms of a choice are computed, and the one that is not taken is dropped with whatever it holds.

use super::{Body, Language, Spelling, helped, own};
use crate::elementary::Operation;

pub(super) const LANGUAGE: Language = Language {
    name: "python",
    opening: "import numpy as np\n\n",
    reserved: "False None True and as assert async await break case class continue def del elif else except finally for from global if import in \
        is lambda match nonlocal not or pass raise return try type while with yield float",
    infinity: "np.inf",
    nan: "np.nan",
    power: "np.power({0}, {1})",
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
        O::Sqrt => own("np.sqrt({0})"),
        O::Cbrt => own("np.cbrt({0})"),
        O::Hypot => own("np.where(np.isnan({0}) | np.isnan({1}), np.nan, np.hypot({0}, {1}))"),
        O::Exp => own("np.exp({0})"),
        O::Exp2 => own("np.exp2({0})"),
        O::Expm1 => own("np.expm1({0})"),
        O::Ln => own("np.log({0})"),
        O::Log1p => own("np.log1p({0})"),
        O::Log2 => own("np.log2({0})"),
        O::Log10 => own("np.log10({0})"),
        O::Sin => own("np.sin({0})"),
        O::Cos => own("np.cos({0})"),
        O::Tan => own("np.tan({0})"),
        O::Cot => own("np.where({0} == 0.0, np.nan, 1.0 / np.tan({0}))"),
        O::Sec => own("1.0 / np.cos({0})"),
        O::Csc => own("np.where({0} == 0.0, np.nan, 1.0 / np.sin({0}))"),
        O::Asin => own("np.arcsin({0})"),
        O::Acos => own("np.arccos({0})"),
        O::Atan => own("np.arctan({0})"),
        O::Acot => own("np.where({0} == 0.0, 1.5707963267948966, np.arctan(1.0 / {0}))"),
        O::Atan2 => {
            own("np.where(({0} == 0.0) & ({1} == 0.0), np.nan, np.arctan2({0} + 0.0, {1}))")
        }
        O::Sinh => own("np.sinh({0})"),
        O::Cosh => own("np.cosh({0})"),
        O::Tanh => own("np.tanh({0})"),
        O::Coth => helped("coth({0})", COTH),
        O::Sech => helped("sech({0})", SECH),
        O::Csch => helped("csch({0})", CSCH),
        O::Asinh => own("np.arcsinh({0})"),
        O::Acosh => own("np.arccosh({0})"),
        O::Atanh => own("np.arctanh({0})"),
        O::Abs => own("np.abs({0})"),
        O::Sign => own("np.sign({0})"),
        O::Heaviside => own("0.5 + 0.5 * np.sign({0})"),
        O::Floor => own("np.floor({0})"),
        O::Ceil => own("np.ceil({0})"),
        O::Round => own("np.rint({0})"),
        O::Mod => helped("modulo({0}, {1})", MODULO),
        O::Min => own("np.minimum({0}, {1})"),
        O::Max => own("np.maximum({0}, {1})"),
        O::Relu => own("np.maximum({0}, 0.0)"),
        O::Sigmoid => helped("sigmoid({0})", SIGMOID),
        O::Softplus => own("np.maximum({0}, 0.0) + np.log1p(np.exp(-np.abs({0})))"),
        O::Silu => helped("silu({0})", SILU),
        O::Sinc => helped("sinc({0})", SINC),
        O::Factorial => helped("factorial({0})", FACTORIAL),
        O::Less => own("np.where({0} < {1}, 1.0, np.where({0} >= {1}, 0.0, np.nan))"),
        O::LessEqual => own("np.where({0} <= {1}, 1.0, np.where({0} > {1}, 0.0, np.nan))"),
        O::Greater => own("np.where({0} > {1}, 1.0, np.where({0} <= {1}, 0.0, np.nan))"),
        O::GreaterEqual => own("np.where({0} >= {1}, 1.0, np.where({0} < {1}, 0.0, np.nan))"),
        O::Equal => {
            own("np.where(np.isnan({0}) | np.isnan({1}), np.nan, np.where({0} == {1}, 1.0, 0.0))")
        }
        O::NotEqual => {
            own("np.where(np.isnan({0}) | np.isnan({1}), np.nan, np.where({0} != {1}, 1.0, 0.0))")
        }
        O::And => own(
            "np.where(np.isnan({0}) | np.isnan({1}), np.nan, np.where(({0} != 0.0) & ({1} != 0.0), 1.0, 0.0))",
        ),
        O::Or => own(
            "np.where(np.isnan({0}) | np.isnan({1}), np.nan, np.where(({0} != 0.0) | ({1} != 0.0), 1.0, 0.0))",
        ),
        O::Not => own("np.where(np.isnan({0}), np.nan, np.where({0} == 0.0, 1.0, 0.0))"),
        O::Choose => own("np.where(np.isnan({0}), np.nan, np.where({0} == 0.0, {2}, {1}))"),
        // What not every standard library has to a few units of the last place.
        _ => return None,
    })
}

/// A division by 0 is infinite here and no error, as in the other languages; hence the decorator, and hence inputs
/// are made NumPy's before they are used.
fn function(body: &Body) -> String {
    let taken: String = body
        .used
        .iter()
        .map(|name| format!("    {name} = np.asarray({name}, dtype=float)\n"))
        .collect();
    let steps: String = body
        .steps
        .iter()
        .map(|(name, text)| format!("    {name} = {text}\n"))
        .collect();
    let answer = match &body.gradient {
        None => body.value.clone(),
        Some(gradient) => format!("{}, [{}]", body.value, gradient.join(", ")),
    };
    format!(
        "# {}\n@np.errstate(all=\"ignore\")\ndef {}({}):\n{taken}{steps}    return {answer}\n\n",
        body.comment,
        body.name,
        body.parameters.join(", ")
    )
}

const POWER: &str = "\
# The power of x, without a value at the pole of an odd exponent below 0.
def power(x, exponent):
    has_sides = (x == 0.0) & (exponent < 0.0) & (np.abs(np.fmod(exponent, 2.0)) == 1.0)
    is_nan = np.isnan(x) | np.isnan(exponent)
    return np.where(is_nan | has_sides, np.nan, np.power(np.where(x == 0.0, 0.0, x), exponent))

";

const ROOT: &str = "\
# The real root of whole order n; the rounding of 1/n is mended by one step of Newton's method.
def root(x, n):
    a = np.abs(x)
    inverse = np.divide(1.0, n)
    head = 134217729.0 * inverse - (134217729.0 * inverse - inverse)
    rest = np.divide(1.0 - n * head - n * (inverse - head), n)
    plain = np.power(a, inverse)
    guess = plain + plain * (rest * np.log(a))
    back = np.power(guess, n)
    least = np.minimum(a, back)
    is_near = (least >= 2.2250738585072014e-308) & np.isfinite(back) & (np.abs(n) < 1e4)
    y = np.where(is_near, guess - guess * ((back - a) / a / n), guess)
    y = np.where(np.isinf(a), plain, y)
    y = np.where(n == 3.0, np.cbrt(a), np.where(n == 2.0, np.sqrt(a), y))
    y = np.where((n == 1.0) | (a == 0.0), a, y)
    is_odd = np.abs(np.fmod(n, 2.0)) == 1.0
    has_none = ((x == 0.0) & (n < 0.0)) | ((x < 0.0) & ~is_odd)
    is_broken = (np.fmod(n, 1.0) != 0.0) | (n == 0.0)
    return np.where(has_none | is_broken, np.nan, np.copysign(y, x))

";

const COTH: &str = "\
def coth(x):
    y = np.copysign(1.0 + 2.0 / np.expm1(2.0 * np.abs(x)), x)
    return np.where(x == 0.0, np.nan, y)

";

const SECH: &str = "\
def sech(x):
    return np.where(np.abs(x) < 20.0, 1.0 / np.cosh(x), 2.0 * np.exp(-np.abs(x)))

";

const CSCH: &str = "\
def csch(x):
    far = np.copysign(2.0 * np.exp(-np.abs(x)), x)
    return np.where(x == 0.0, np.nan, np.where(np.abs(x) < 20.0, 1.0 / np.sinh(x), far))

";

const MODULO: &str = "\
# The rest that has the sign of the divisor.
def modulo(x, divisor):
    rest = np.fmod(x, divisor)
    return np.where((rest != 0.0) & ((rest < 0.0) != (divisor < 0.0)), rest + divisor, rest)

";

const SIGMOID: &str = "\
def sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x < 0.0, small, 1.0) / (1.0 + small)

";

const SILU: &str = "\
def silu(x):
    half = np.exp(0.5 * x)
    far = np.where(half == 0.0, -0.0, x * half * half)
    return np.where(x > -700.0, x / (1.0 + np.exp(-x)), far)

";

const SINC: &str = "\
def sinc(x):
    return np.where(x == 0.0, 1.0, np.where(np.isinf(x), 0.0, np.sin(x) / x))

";

const FACTORIAL: &str = "\
# The product of the whole numbers up to x, rounded once.
@np.vectorize
def factorial(x):
    if not (0.0 <= x <= 170.0) or x != np.floor(x):
        return np.nan
    product = 1
    for factor in range(2, int(x) + 1):
        product *= factor
    return float(product)

";
