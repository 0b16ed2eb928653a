//! The gradient of a formula of a thousand operations at a single point: the point runner beside a gradient written by hand in plain
//! Rust, and beside num-dual. `cd benches/speed && cargo bench --bench point`.

use std::hint::black_box;
use std::ops::{Add, Div, Mul, Neg, Sub};

use nalgebra::SVector;
use num_dual::{DualNum, DualSVec64};
use secant::{Functions, Node, PointRunner, Recorded, Scalar};
use secant_speed::in_turn;

const INPUTS: usize = 20;
const TERMS: usize = 47;
/// Runs in one round.
const RUNS: usize = 500;
const ROUNDS: usize = 41;

/// What the formula needs of a number.
trait Number:
    Clone
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn number(value: f64) -> Self;
    fn exponential(self) -> Self;
    fn logarithm(self) -> Self;
    fn turned(self) -> Self;
}

impl Number for f64 {
    fn number(value: f64) -> Self {
        value
    }
    fn exponential(self) -> Self {
        self.exp()
    }
    fn logarithm(self) -> Self {
        self.ln()
    }
    fn turned(self) -> Self {
        self.tanh()
    }
}

impl Number for Node {
    fn number(value: f64) -> Self {
        Self::constant(value)
    }
    fn exponential(self) -> Self {
        Functions::exp(&self)
    }
    fn logarithm(self) -> Self {
        Functions::ln(&self)
    }
    fn turned(self) -> Self {
        Functions::tanh(&self)
    }
}

type Dual = DualSVec64<INPUTS>;

impl Number for Dual {
    fn number(value: f64) -> Self {
        Self::from(value)
    }
    fn exponential(self) -> Self {
        DualNum::exp(&self)
    }
    fn logarithm(self) -> Self {
        DualNum::ln(&self)
    }
    fn turned(self) -> Self {
        DualNum::tanh(&self)
    }
}

/// The inputs of a term, and its number.
fn of_term(k: usize) -> (usize, usize, usize, f64) {
    let (a, b, c) = (k % INPUTS, (7 * k + 3) % INPUTS, (3 * k + 11) % INPUTS);
    (a, b, c, 0.25 + k as f64 / 64.0)
}

/// The sum of `exp(-w (a - b)²) tanh(a c + w b) + ln(1 + b² + w c²) (a - w c) - a b tanh(a c + w b)/(2 + c² + a²)`.
fn formula<N: Number>(x: &[N]) -> N {
    let term = |k: usize| {
        let (a, b, c, w) = of_term(k);
        let (a, b, c, w) = (x[a].clone(), x[b].clone(), x[c].clone(), N::number(w));
        let off = a.clone() - b.clone();
        let bell = (-(w.clone() * off.clone() * off)).exponential();
        let turn = (a.clone() * c.clone() + w.clone() * b.clone()).turned();
        let level = (N::number(1.0) + b.clone() * b.clone() + w.clone() * c.clone() * c.clone()).logarithm();
        let below = N::number(2.0) + c.clone() * c.clone() + a.clone() * a.clone();
        bell * turn.clone() + level * (a.clone() - w * c) - a * b * turn / below
    };
    (0..TERMS).map(term).reduce(|sum, term| sum + term).unwrap()
}

/// Value and gradient as a person writes them.
fn by_hand(x: &[f64; INPUTS], gradient: &mut [f64; INPUTS]) -> f64 {
    *gradient = [0.0; INPUTS];
    let mut value = 0.0;
    for k in 0..TERMS {
        let (i, j, l, w) = of_term(k);
        let (a, b, c) = (x[i], x[j], x[l]);
        let off = a - b;
        let bell = (-(w * off * off)).exp();
        let turn = (a * c + w * b).tanh();
        let q = 1.0 + b * b + w * c * c;
        let level = q.ln();
        let ramp = a - w * c;
        let below = 2.0 + c * c + a * a;
        let share = turn / below;
        value += bell * turn + level * ramp - a * b * share;
        let by_off = -2.0 * w * off * bell * turn;
        let by_turn = (bell - a * b / below) * (1.0 - turn * turn);
        let by_q = 2.0 * ramp / q;
        let by_below = 2.0 * a * b * share / below;
        gradient[i] += by_off + by_turn * c + level - b * share + a * by_below;
        gradient[j] += by_turn * w - by_off + b * by_q - a * share;
        gradient[l] += by_turn * a + w * c * by_q - w * level + c * by_below;
    }
    value
}

fn main() {
    let names: Vec<String> = (0..INPUTS).map(|input| format!("x{input}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let f = Recorded::trace(&names, |x| vec![formula(x)]).unwrap();
    let both = f.with_gradient(0).unwrap();
    println!(
        "{} operations, {} with the gradient by {INPUTS} inputs",
        f.program().operations(),
        both.program().operations()
    );
    let x: [f64; INPUTS] = std::array::from_fn(|input| (input as f64 * 0.37).sin());
    let mut runner = PointRunner::new(both.program());
    let mut value = PointRunner::new(f.program());
    let mut gradient = [0.0; INPUTS];
    let ours = runner.run(&x).to_vec();
    let by_plain = by_hand(&x, &mut gradient);
    let vector = SVector::<f64, INPUTS>::from(x);
    let with_duals = |x: &SVector<f64, INPUTS>| num_dual::gradient(|v: SVector<Dual, INPUTS>| formula(v.as_slice()), x);
    let (by_dual, dual_gradient) = with_duals(&vector);
    for (ours, theirs) in ours.iter().zip([by_plain].iter().chain(&gradient)) {
        assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0), "{ours} beside {theirs}");
    }
    for (ours, theirs) in ours.iter().zip([by_dual].iter().chain(dual_gradient.iter())) {
        assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0), "{ours} beside {theirs}");
    }
    let mut run = || many(|| drop(black_box(runner.run(black_box(&x)))));
    let plain = in_turn(ROUNDS, &mut run, || many(|| drop(black_box(by_hand(black_box(&x), &mut gradient)))));
    told("value and gradient, secant", plain.first, 1.0);
    told("value and gradient by hand in plain Rust", plain.second, 1.0 / plain.ratio);
    let dual = in_turn(ROUNDS, &mut run, || many(|| drop(black_box(with_duals(black_box(&vector))))));
    told("value and gradient, num-dual", dual.second, 1.0 / dual.ratio);
    let alone = in_turn(
        ROUNDS,
        || many(|| drop(black_box(value.run(black_box(&x))))),
        || many(|| drop(black_box(formula(black_box(&x[..]))))),
    );
    println!();
    told("value alone, secant", alone.first, 1.0);
    told("value alone in plain Rust", alone.second, 1.0 / alone.ratio);
}

fn many(mut work: impl FnMut()) {
    for _ in 0..RUNS {
        work();
    }
}

fn told(what: &str, seconds: f64, times: f64) {
    println!("{what:42} {:8.3} microseconds {times:7.2} x", seconds * 1e6 / RUNS as f64);
}
