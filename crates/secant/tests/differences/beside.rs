//! Kinks near the point, and slopes that bend at it: the steps of an answer reach over them, and only shorter ones tell.

use secant::{Differences, Finding};

use super::right;

type Plain = fn(f64) -> f64;

fn holds(name: &str, function: Plain, point: f64, slope: f64) {
    let found = Differences::new().derivative(function, point).unwrap();
    let bound = right(name, &found, slope);
    assert!(bound <= 1e-3 * slope.abs().max(1.0), "{name}: ± {bound}");
}

/// The knee of a loss of Huber's, and of a spline.
#[test]
fn a_slope_that_bends_at_the_point_is_found() {
    let cases: [(&str, Plain, f64, f64); 4] = [
        (
            "huber",
            |x| if x < 1.0 { x * x / 2.0 } else { x - 0.5 },
            1.0,
            1.0,
        ),
        (
            "a parabola with a line",
            |x| if x < 1.0 { x * x } else { 2.0 * x - 1.0 },
            1.0,
            2.0,
        ),
        (
            "half a parabola on a line",
            |x| 3.0 * x + (x - 3.0).max(0.0).powi(2),
            3.0,
            3.0,
        ),
        (
            "two curvatures",
            |x| x * x + 0.01 * (x - 1.0) * (x - 1.0).abs(),
            1.0,
            2.0,
        ),
    ];
    for (name, function, point, slope) in cases {
        holds(name, function, point, slope);
    }
}

#[test]
fn a_kink_beside_the_point_is_no_noise() {
    let e = std::f64::consts::E;
    let cases: [(&str, Plain, f64); 5] = [
        ("a bend", |x| x.exp() + 0.001 * (x - 1.0001).max(0.0), e),
        (
            "a bend of a line",
            |x| x + 0.001 * (x - 1.0001).max(0.0),
            1.0,
        ),
        ("a corner", |x| x.exp() + 1e-4 * (x - 1.001).abs(), e - 1e-4),
        (
            "a jump",
            |x| x.exp() + 1e-5 * f64::from(u8::from(x > 1.0001)),
            e,
        ),
        (
            "a bend very near",
            |x| x.exp() + (x - 1.000_000_000_3).max(0.0),
            e,
        ),
    ];
    for (name, function, slope) in cases {
        holds(name, function, 1.0, slope);
    }
}

/// Noise of the function itself looks like a corner at two steps.
#[test]
fn a_smooth_point_has_no_corner() {
    let cases: [(Plain, f64, u32, f64); 6] = [
        (
            |x| (1.0 + 0.05 / 12.0 * x).powf(60.0),
            9.1,
            1,
            2.246_604_747_738_587_5,
        ),
        (
            |x| x - x.sin(),
            0.341_609_231_585_859_04,
            1,
            0.057_783_212_893_052_44,
        ),
        (
            |x| (1.0 + (-x).exp()).ln(),
            5.6,
            1,
            -0.003_684_239_899_435_989,
        ),
        (
            |x| x.tanh() - x,
            0.248_143_893_200_462_57,
            1,
            -0.059_133_157_989_959_724,
        ),
        (f64::tanh, 0.675, 3, 0.049_892_355_757_800_38),
        (|x| 1.0 / (1.0 + x * x), 0.67, 4, -9.326_606_409_146_525),
    ];
    for (place, (function, point, order, truth)) in cases.into_iter().enumerate() {
        let wanted = Differences::new().order(order);
        let found = wanted.derivative(function, point).unwrap();
        right(&format!("case {place}"), &found, truth);
    }
}

/// Steps that are longer than a wave agree by chance.
#[test]
fn a_wave_on_a_line_has_its_slope() {
    let slope = 10.0 + 0.125 * (12.5f64 * 13.9).cos();
    holds(
        "a wave",
        |x| 10.0 * x + 0.01 * (12.5 * x).sin(),
        13.9,
        slope,
    );
    let bend = Differences::new().order(2);
    let found = bend
        .derivative(|x: f64| x + 0.01 * (6.0 * x).sin(), 19.9)
        .unwrap();
    assert!(
        !matches!(found.finding, Finding::Derivative(_)),
        "{found:?}"
    );
}
