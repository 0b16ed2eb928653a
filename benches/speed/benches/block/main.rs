//! Formulas at a million points: the block runner beside native vector code of the same formulas (`native.rs`), and the time to make
//! a runner. `cd benches/speed && cargo bench --bench block`.

mod native;

use std::hint::black_box;

use secant::{BlockRunner, Formula, Program, Recorded};
use secant_speed::in_turn;

/// A multiple of the native block, so that it needs no rest.
const POINTS: usize = 1 << 20;
const ROUNDS: usize = 25;

const PARABOLA: &str = "2x^2";
/// Division by a number, which stays one.
const QUOTIENT: &str = "x/49";
const WAVE: &str = "sin(x)*exp(-x^2/2)/(1 + x^2)";
/// 74 operations in five variables, with exp, log, tanh and pow.
const MANY: &str = "f(x, y, z, u, v) = exp(-(x^2 + y^2)/2)*tanh(x*y - z) + ln(1 + x^2 + u^2)*(u^2 + 1)^v \
     - 3*x*y*z/(1 + z^2 + v^2) + tanh(u*v - x/2)*exp(-z^2)*(y - u)^3 + (x^2 + y^2 + z^2 + 1)^(5/2)*ln(2 + y^2 + z^4) \
     - exp(u/4 - v^2/3)/(1 + exp(-y)) + ln(1 + (x - 2y + z/3)^2)*tanh(x + y/2 - v) + x*u*v";

fn main() {
    let (parabola, wave, many) = (recorded(PARABOLA), recorded(WAVE), recorded(MANY));
    println!(
        "the long formula has {} operations",
        many.program().operations()
    );
    println!("{POINTS} points, nanoseconds a point; native code beside it in the same rounds\n");
    println!("formula                      secant   native   ratio");
    let x = |columns: &[&[f64]], out: &mut [Vec<f64>]| native::parabola(columns[0], &mut out[0]);
    row("2x^2", parabola.program(), x);
    let x = |columns: &[&[f64]], out: &mut [Vec<f64>]| native::quotient(columns[0], &mut out[0]);
    row("x/49", recorded(QUOTIENT).program(), x);
    let x = |columns: &[&[f64]], out: &mut [Vec<f64>]| native::wave(columns[0], &mut out[0]);
    row("wave", wave.program(), x);
    let with_slope = wave.with_gradient(0).unwrap();
    row("wave and slope", with_slope.program(), |columns, out| {
        let (value, slope) = out.split_at_mut(1);
        native::wave_with_slope(columns[0], &mut value[0], &mut slope[0]);
    });
    row("74 operations", many.program(), native::many);
    let with_gradient = many.with_gradient(0).unwrap();
    row(
        "74 operations and gradient",
        with_gradient.program(),
        native::many_with_gradient,
    );
    preparation();
}

fn recorded(text: &str) -> Recorded {
    Recorded::from(&Formula::parse(text).unwrap())
}

/// One line of the table, after both have been found to agree.
fn row(name: &str, program: &Program, mut native: impl FnMut(&[&[f64]], &mut [Vec<f64>])) {
    let number = |input: usize, row: usize| {
        ((row * (input + 1)) as f64 * 0.618_033_988_749_894_9).fract() * 2.0 - 0.9
    };
    let columns: Vec<Vec<f64>> = (0..program.inputs())
        .map(|input| (0..POINTS).map(|row| number(input, row)).collect())
        .collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let mut ours = vec![vec![0.0; POINTS]; program.outputs()];
    let mut theirs = ours.clone();
    let mut runner = BlockRunner::new(program, &[]);
    let mut run = |out: &mut [Vec<f64>]| {
        let mut out: Vec<&mut [f64]> = out.iter_mut().map(Vec::as_mut_slice).collect();
        runner.run(black_box(&columns), &mut out).unwrap();
    };
    run(&mut ours);
    native(&columns, &mut theirs);
    for (ours, theirs) in ours.iter().flatten().zip(theirs.iter().flatten()) {
        assert!(
            (ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0),
            "{name}: {ours} beside {theirs}"
        );
    }
    let pair = in_turn(
        ROUNDS,
        || run(&mut ours),
        || native(black_box(&columns), &mut theirs),
    );
    let nanoseconds = |seconds: f64| seconds * 1e9 / POINTS as f64;
    println!(
        "{name:27} {:8.3} {:8.3} {:7.2}",
        nanoseconds(pair.first),
        nanoseconds(pair.second),
        pair.ratio
    );
}

/// From the parsed formula to a runner of value and gradient; beside it, reading the text.
fn preparation() {
    let formula = Formula::parse(MANY).unwrap();
    let prepare = || {
        for _ in 0..100 {
            let f = Recorded::from(black_box(&formula))
                .with_gradient(0)
                .unwrap();
            black_box(BlockRunner::new(f.program(), &[]));
        }
    };
    let parse = || {
        for _ in 0..100 {
            black_box(Formula::parse(black_box(MANY)).unwrap());
        }
    };
    let pair = in_turn(ROUNDS, prepare, parse);
    println!(
        "\nfrom the parsed formula to a runner with gradient: {:.1} microseconds; reading it {:.1}",
        pair.first * 1e4,
        pair.second * 1e4
    );
}
