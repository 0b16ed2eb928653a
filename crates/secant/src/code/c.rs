//! C, from C99 on, with `math.h`. The answers are those of the table where the compiler does not join products and sums
//! (`-std=c11` or `-ffp-contract=off`) and keeps to the rules of NaN (no `-ffast-math`).

use super::{Body, Language, Spelling, helped, own};
use crate::elementary::Operation;

pub(super) const LANGUAGE: Language = Language {
    name: "c",
    opening: "#include <math.h>\n",
    reserved: "alignas alignof asm auto bool break case char const constexpr continue default do double else enum extern false float for goto if \
        inline int long nullptr register restrict return short signed sizeof static static_assert struct switch thread_local true typedef \
        typeof union unsigned void volatile while class namespace new operator private public template this using virtual gradient main j0 \
        j1 jn y0 y1 yn gamma lgamma tgamma erf erfc fabs fma scalb ldexp frexp modf linux unix I OVERFLOW UNDERFLOW DOMAIN SING PLOSS \
        TLOSS FP_FAST_FMA FP_FAST_FMAF FP_FAST_FMAL FP_ILOGB0 FP_ILOGBNAN FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL FP_ZERO HUGE HUGE_VAL \
        HUGE_VALF HUGE_VALL INFINITY MATH_ERREXCEPT MATH_ERRNO MAXFLOAT M_1_PI M_2_PI M_2_SQRTPI M_E M_LN10 M_LN2 M_LOG10E M_LOG2E M_PI \
        M_PI_2 M_PI_4 M_SQRT1_2 M_SQRT2 NAN SNAN X_TLOSS acos acosf acosh acoshf acoshl acosl asin asinf asinh asinhf asinhl asinl atan \
        atan2 atan2f atan2l atanf atanh atanhf atanhl atanl cbrt cbrtf cbrtl ceil ceilf ceill copysign copysignf copysignl cos cosf cosh \
        coshf coshl cosl double_t drem dremf dreml erfcf erfcl erff erfl exp exp10 exp10f exp10l exp2 exp2f exp2l expf expl expm1 expm1f \
        expm1l fabsf fabsl fdim fdimf fdiml finite finitef finitel float_t floor floorf floorl fmaf fmal fmax fmaxf fmaxl fmin fminf fminl \
        fmod fmodf fmodl fpclassify frexpf frexpl gammaf gammal hypot hypotf hypotl ilogb ilogbf ilogbl iscanonical iseqsig isfinite \
        isgreater isgreaterequal isinf isinff isinfl isless islessequal islessgreater isnan isnanf isnanl isnormal issignaling issubnormal \
        isunordered iszero j0f j0l j1f j1l jnf jnl ldexpf ldexpl lgamma_r lgammaf lgammaf_r lgammal lgammal_r llrint llrintf llrintl \
        llround llroundf llroundl log log10 log10f log10l log1p log1pf log1pl log2 log2f log2l logb logbf logbl logf logl lrint lrintf \
        lrintl lround lroundf lroundl math_errhandling modff modfl nan nanf nanl nearbyint nearbyintf nearbyintl nextafter nextafterf \
        nextafterl nexttoward nexttowardf nexttowardl pow pow10 powf powl remainder remainderf remainderl remquo remquof remquol rint \
        rintf rintl round roundeven roundevenf roundevenl roundf roundl scalbf scalbl scalbln scalblnf scalblnl scalbn scalbnf scalbnl \
        signbit signgam significand significandf significandl sin sincos sincosf sincosl sinf sinh sinhf sinhl sinl sqrt sqrtf sqrtl tan \
        tanf tanh tanhf tanhl tanl tgammaf tgammal trunc truncf truncl y0f y0l y1f y1l ynf ynl",
    infinity: "INFINITY",
    nan: "NAN",
    power: "pow({0}, {1})",
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
        O::Sqrt => own("sqrt({0})"),
        O::Cbrt => own("cbrt({0})"),
        O::Hypot => own("isnan({0}) || isnan({1}) ? NAN : hypot({0}, {1})"),
        O::Exp => own("exp({0})"),
        O::Exp2 => own("exp2({0})"),
        O::Expm1 => own("expm1({0})"),
        O::Ln => own("log({0})"),
        O::Log1p => own("log1p({0})"),
        O::Log2 => own("log2({0})"),
        O::Log10 => own("log10({0})"),
        O::Sin => own("sin({0})"),
        O::Cos => own("cos({0})"),
        O::Tan => own("tan({0})"),
        O::Cot => own("{0} == 0.0 ? NAN : 1.0 / tan({0})"),
        O::Sec => own("1.0 / cos({0})"),
        O::Csc => own("{0} == 0.0 ? NAN : 1.0 / sin({0})"),
        O::Asin => own("asin({0})"),
        O::Acos => own("acos({0})"),
        O::Atan => own("atan({0})"),
        O::Acot => own("{0} == 0.0 ? 1.5707963267948966 : atan(1.0 / {0})"),
        O::Atan2 => own("{0} == 0.0 && {1} == 0.0 ? NAN : atan2({0} + 0.0, {1})"),
        O::Sinh => own("sinh({0})"),
        O::Cosh => own("cosh({0})"),
        O::Tanh => own("tanh({0})"),
        O::Coth => own("{0} == 0.0 ? NAN : copysign(1.0 + 2.0 / expm1(2.0 * fabs({0})), {0})"),
        O::Sech => own("fabs({0}) < 20.0 ? 1.0 / cosh({0}) : 2.0 * exp(-fabs({0}))"),
        O::Csch => helped("csch({0})", CSCH),
        O::Asinh => own("asinh({0})"),
        O::Acosh => own("acosh({0})"),
        O::Atanh => own("atanh({0})"),
        O::Abs => own("fabs({0})"),
        O::Sign => own("isnan({0}) ? NAN : ({0} > 0.0) - ({0} < 0.0)"),
        O::Heaviside => own("isnan({0}) ? NAN : 0.5 + 0.5 * (({0} > 0.0) - ({0} < 0.0))"),
        O::Floor => own("floor({0})"),
        O::Ceil => own("ceil({0})"),
        O::Round => own("nearbyint({0})"),
        O::Mod => helped("modulo({0}, {1})", MODULO),
        O::Min => own("{0} < {1} ? {0} : {0} >= {1} ? {1} : NAN"),
        O::Max => own("{0} > {1} ? {0} : {0} <= {1} ? {1} : NAN"),
        O::Relu => own("{0} <= 0.0 ? 0.0 : {0}"),
        O::Sigmoid => helped("sigmoid({0})", SIGMOID),
        O::Softplus => own("({0} > 0.0 ? {0} : 0.0) + log1p(exp(-fabs({0})))"),
        O::Silu => helped("silu({0})", SILU),
        O::Sinc => own("{0} == 0.0 ? 1.0 : isinf({0}) ? 0.0 : sin({0}) / {0}"),
        O::Factorial => helped("factorial({0})", FACTORIAL),
        O::Less => own("{0} < {1} ? 1.0 : {0} >= {1} ? 0.0 : NAN"),
        O::LessEqual => own("{0} <= {1} ? 1.0 : {0} > {1} ? 0.0 : NAN"),
        O::Greater => own("{0} > {1} ? 1.0 : {0} <= {1} ? 0.0 : NAN"),
        O::GreaterEqual => own("{0} >= {1} ? 1.0 : {0} < {1} ? 0.0 : NAN"),
        O::Equal => own("{0} == {1} ? 1.0 : {0} < {1} || {0} > {1} ? 0.0 : NAN"),
        O::NotEqual => own("{0} == {1} ? 0.0 : {0} < {1} || {0} > {1} ? 1.0 : NAN"),
        O::And => own("isnan({0}) || isnan({1}) ? NAN : {0} != 0.0 && {1} != 0.0"),
        O::Or => own("isnan({0}) || isnan({1}) ? NAN : {0} != 0.0 || {1} != 0.0"),
        O::Not => own("isnan({0}) ? NAN : {0} == 0.0"),
        O::Choose => own("isnan({0}) ? NAN : {0} == 0.0 ? {2} : {1}"),
        // What not every standard library has to a few units of the last place.
        _ => return None,
    })
}

fn function(body: &Body) -> String {
    let mut parameters: Vec<String> = body
        .parameters
        .iter()
        .map(|name| format!("double {name}"))
        .collect();
    let mut steps: String = body
        .steps
        .iter()
        .map(|(name, text)| format!("    const double {name} = {text};\n"))
        .collect();
    if let Some(gradient) = &body.gradient {
        parameters.push(format!("double gradient[{}]", gradient.len()));
        for (place, entry) in gradient.iter().enumerate() {
            steps.push_str(&format!("    gradient[{place}] = {entry};\n"));
        }
    }
    if parameters.is_empty() {
        parameters.push("void".to_owned());
    }
    format!(
        "/* {} */\ndouble {}({}) {{\n{steps}    return {};\n}}\n",
        body.comment,
        body.name,
        parameters.join(", "),
        body.value
    )
}

const POWER: &str = "\
/* The power of x, without a value at the pole of an odd exponent below 0. */
static double power(double x, double exponent) {
    if (isnan(x) || isnan(exponent)) return NAN;
    if (x == 0.0 && exponent < 0.0) return fabs(fmod(exponent, 2.0)) == 1.0 ? NAN : INFINITY;
    return pow(x, exponent);
}
";

const ROOT: &str = "\
/* The real root of whole order n; the rounding of 1/n is mended by one step of Newton's method. */
static double root(double x, double n) {
    if (!isfinite(n) || floor(n) != n || n == 0.0) return NAN;
    if ((x == 0.0 && n < 0.0) || (x < 0.0 && fmod(n, 2.0) == 0.0)) return NAN;
    if (n == 1.0 || x == 0.0) return x;
    if (n == 2.0) return sqrt(x);
    if (n == 3.0) return cbrt(x);
    const double a = fabs(x), inverse = 1.0 / n, plain = pow(a, inverse);
    if (isinf(a)) return copysign(plain, x);
    const double guess = plain + plain * (fma(-n, inverse, 1.0) / n * log(a));
    const double back = pow(guess, n);
    if (!isnormal(back) || !isnormal(a) || fabs(n) >= 1e4) return copysign(guess, x);
    return copysign(guess - guess * ((back - a) / a / n), x);
}
";

const CSCH: &str = "\
static double csch(double x) {
    if (x == 0.0) return NAN;
    return fabs(x) < 20.0 ? 1.0 / sinh(x) : copysign(2.0 * exp(-fabs(x)), x);
}
";

const MODULO: &str = "\
/* The rest that has the sign of the divisor. */
static double modulo(double x, double divisor) {
    const double rest = fmod(x, divisor);
    return rest != 0.0 && (rest < 0.0) != (divisor < 0.0) ? rest + divisor : rest;
}
";

const SIGMOID: &str = "\
static double sigmoid(double x) {
    const double small = exp(-fabs(x));
    return (x < 0.0 ? small : 1.0) / (1.0 + small);
}
";

const SILU: &str = "\
static double silu(double x) {
    if (x > -700.0) return x / (1.0 + exp(-x));
    const double half = exp(0.5 * x);
    return half == 0.0 ? -0.0 : x * half * half;
}
";

const FACTORIAL: &str = "\
/* The product of the whole numbers up to x, with what each rounding lost. */
static double factorial(double x) {
    if (!(x >= 0.0 && x <= 170.0) || floor(x) != x) return NAN;
    double head = 1.0, tail = 0.0;
    for (double factor = 2.0; factor <= x; factor += 1.0) {
        const double product = head * factor;
        tail = tail * factor + fma(head, factor, -product);
        head = product;
    }
    return head + tail;
}
";
