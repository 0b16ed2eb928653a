//! The formulas as a person would write them for vectors: blocks of 64 numbers, the functions of `secant-vmath` over them, and all
//! arithmetic between two functions in one loop, which the compiler turns into vector instructions and shares as it can.

use secant_vmath::{InPlace, cos, exp, log, pow, sin, tanh};

/// Numbers at a time.
const W: usize = 64;

type Lanes = [f64; W];

/// `W` numbers computed one by one in a loop.
#[inline(always)]
fn lanes(f: impl Fn(usize) -> f64) -> Lanes {
    let mut out = [0.0; W];
    for (k, out) in out.iter_mut().enumerate() {
        *out = f(k);
    }
    out
}

fn block(column: &[f64], start: usize) -> &Lanes {
    column[start..].first_chunk().unwrap()
}

fn block_mut(column: &mut [f64], start: usize) -> &mut Lanes {
    column[start..].first_chunk_mut().unwrap()
}

/// `2x²`.
pub fn parabola(x: &[f64], out: &mut [f64]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = 2.0 * x * x;
    }
}

/// `x/49`.
pub fn quotient(x: &[f64], out: &mut [f64]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = x / 49.0;
    }
}

/// `sin(x) exp(-x²/2)/(1 + x²)`.
pub fn wave(x: &[f64], value: &mut [f64]) {
    for start in (0..x.len()).step_by(W) {
        let x = block(x, start);
        let (mut s, mut e) = ([0.0; W], lanes(|k| -0.5 * x[k] * x[k]));
        sin(x, &mut s);
        exp(InPlace, &mut e);
        *block_mut(value, start) = lanes(|k| s[k] * e[k] / (1.0 + x[k] * x[k]));
    }
}

/// The same with its slope.
pub fn wave_with_slope(x: &[f64], value: &mut [f64], slope: &mut [f64]) {
    for start in (0..x.len()).step_by(W) {
        let x = block(x, start);
        let (mut s, mut c, mut e) = ([0.0; W], [0.0; W], lanes(|k| -0.5 * x[k] * x[k]));
        sin(x, &mut s);
        cos(x, &mut c);
        exp(InPlace, &mut e);
        let (value, slope) = (block_mut(value, start), block_mut(slope, start));
        for k in 0..W {
            let below = 1.0 + x[k] * x[k];
            let over = e[k] / below;
            value[k] = s[k] * over;
            slope[k] = c[k] * over - x[k] * value[k] - 2.0 * x[k] * value[k] / below;
        }
    }
}

/// The formula of 74 operations, which `main.rs` holds as text, by its parts.
struct Parts {
    e1: Lanes,
    t1: Lanes,
    l1: Lanes,
    power: Lanes,
    t2: Lanes,
    e2: Lanes,
    l2: Lanes,
    e3: Lanes,
    e4: Lanes,
    l3: Lanes,
    t3: Lanes,
}

struct Inputs<'a> {
    x: &'a Lanes,
    y: &'a Lanes,
    z: &'a Lanes,
    u: &'a Lanes,
    v: &'a Lanes,
}

impl<'a> Inputs<'a> {
    fn new(columns: &[&'a [f64]], start: usize) -> Self {
        let [x, y, z, u, v] = [0, 1, 2, 3, 4].map(|k| block(columns[k], start));
        Self { x, y, z, u, v }
    }

    fn parts(&self) -> Parts {
        let Self { x, y, z, u, v } = self;
        let applied = |mut lanes: Lanes, f: fn(&mut Lanes)| {
            f(&mut lanes);
            lanes
        };
        let e: fn(&mut Lanes) = |lanes| exp(InPlace, lanes);
        let l: fn(&mut Lanes) = |lanes| log(InPlace, lanes);
        let t: fn(&mut Lanes) = |lanes| tanh(InPlace, lanes);
        let mut power = lanes(|k| u[k] * u[k] + 1.0);
        pow(InPlace, *v, &mut power);
        Parts {
            e1: applied(lanes(|k| -0.5 * (x[k] * x[k] + y[k] * y[k])), e),
            t1: applied(lanes(|k| x[k] * y[k] - z[k]), t),
            l1: applied(lanes(|k| 1.0 + x[k] * x[k] + u[k] * u[k]), l),
            power,
            t2: applied(lanes(|k| u[k] * v[k] - 0.5 * x[k]), t),
            e2: applied(lanes(|k| -z[k] * z[k]), e),
            l2: applied(
                lanes(|k| 2.0 + y[k] * y[k] + (z[k] * z[k]) * (z[k] * z[k])),
                l,
            ),
            e3: applied(lanes(|k| 0.25 * u[k] - v[k] * v[k] * (1.0 / 3.0)), e),
            e4: applied(lanes(|k| -y[k]), e),
            l3: applied(
                lanes(|k| {
                    let far = x[k] - 2.0 * y[k] + z[k] * (1.0 / 3.0);
                    1.0 + far * far
                }),
                l,
            ),
            t3: applied(lanes(|k| x[k] + 0.5 * y[k] - v[k]), t),
        }
    }
}

/// The value at lane k.
#[inline(always)]
fn value_at(i: &Inputs<'_>, p: &Parts, k: usize) -> f64 {
    let (x, y, z, u, v) = (i.x[k], i.y[k], i.z[k], i.u[k], i.v[k]);
    let d = y - u;
    let root = (x * x + y * y + z * z + 1.0).sqrt();
    let fifth = root * root * root * root * root;
    p.e1[k] * p.t1[k] + p.l1[k] * p.power[k] - 3.0 * x * y * z / (1.0 + z * z + v * v)
        + p.t2[k] * p.e2[k] * d * d * d
        + fifth * p.l2[k]
        - p.e3[k] / (1.0 + p.e4[k])
        + p.l3[k] * p.t3[k]
        + x * u * v
}

/// The value of the formula.
pub fn many(columns: &[&[f64]], out: &mut [Vec<f64>]) {
    for start in (0..columns[0].len()).step_by(W) {
        let inputs = Inputs::new(columns, start);
        let parts = inputs.parts();
        *block_mut(&mut out[0], start) = lanes(|k| value_at(&inputs, &parts, k));
    }
}

/// The value with its slopes by x, y, z, u, v.
pub fn many_with_gradient(columns: &[&[f64]], out: &mut [Vec<f64>]) {
    for start in (0..columns[0].len()).step_by(W) {
        let inputs = Inputs::new(columns, start);
        let parts = inputs.parts();
        let Inputs { x, y, z, u, v } = inputs;
        // Of the slopes of tanh, of the power by its exponent, and of the power by its base.
        let mut h1 = lanes(|k| -(x[k] * y[k] - z[k]).abs());
        let mut h2 = lanes(|k| -(u[k] * v[k] - 0.5 * x[k]).abs());
        let mut h3 = lanes(|k| -(x[k] + 0.5 * y[k] - v[k]).abs());
        exp(InPlace, &mut h1);
        exp(InPlace, &mut h2);
        exp(InPlace, &mut h3);
        let base = lanes(|k| u[k] * u[k] + 1.0);
        let (mut level, mut lowered) = ([0.0; W], lanes(|k| v[k] - 1.0));
        log(&base, &mut level);
        pow(&base, InPlace, &mut lowered);
        let mut gradient = [[0.0; W]; 6];
        for k in 0..W {
            let p = &parts;
            let square_of_sech = |h: f64| {
                let sech = 2.0 * h / (1.0 + h * h);
                sech * sech
            };
            let (s1, s2, s3) = (
                square_of_sech(h1[k]),
                square_of_sech(h2[k]),
                square_of_sech(h3[k]),
            );
            let (x, y, z, u, v) = (x[k], y[k], z[k], u[k], v[k]);
            let bell = p.e1[k] * p.t1[k];
            let slope = p.e1[k] * s1;
            let by_q = 2.0 * p.power[k] / (1.0 + x * x + u * u);
            let r = 1.0 + z * z + v * v;
            let triple = 3.0 / r;
            let by_r = 2.0 * triple * x * y * z / r;
            let d = y - u;
            let e2d = p.e2[k] * d * d;
            let by_d = 3.0 * p.t2[k] * e2d;
            let turn = s2 * e2d * d;
            let m = x * x + y * y + z * z + 1.0;
            let third = m * m.sqrt();
            let radial = 5.0 * third * p.l2[k];
            let by_q2 = third * m * 2.0 / (2.0 + y * y + (z * z) * (z * z));
            let below = 1.0 + p.e4[k];
            let share = p.e3[k] / below;
            let far = x - 2.0 * y + z * (1.0 / 3.0);
            let by_far = 2.0 * far * p.t3[k] / (1.0 + far * far);
            let ramp = p.l3[k] * s3;
            gradient[0][k] = value_at(&inputs, p, k);
            gradient[1][k] = -x * bell + slope * y + x * by_q - triple * y * z - 0.5 * turn
                + x * radial
                + by_far
                + ramp
                + u * v;
            gradient[2][k] = -y * bell + slope * x - triple * x * z + by_d + y * radial + y * by_q2
                - share * p.e4[k] / below
                - 2.0 * by_far
                + 0.5 * ramp;
            gradient[3][k] = -slope - triple * x * y + z * by_r - 2.0 * z * p.t2[k] * e2d * d
                + z * radial
                + 2.0 * z * z * z * by_q2
                + by_far * (1.0 / 3.0);
            gradient[4][k] =
                u * by_q + p.l1[k] * v * lowered[k] * 2.0 * u + turn * v - by_d - 0.25 * share
                    + x * v;
            gradient[5][k] =
                p.l1[k] * p.power[k] * level[k] + v * by_r + turn * u + v * (2.0 / 3.0) * share
                    - ramp
                    + x * u;
        }
        for (out, gradient) in out.iter_mut().zip(&gradient) {
            *block_mut(out, start) = *gradient;
        }
    }
}
