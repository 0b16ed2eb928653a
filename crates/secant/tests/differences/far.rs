//! Points far from 0 beside a structure of length 1: the first steps, a part of the point, are longer than all of it.

use secant::{Differences, Finding, Found};

use super::right;

type Plain = fn(f64) -> f64;

/// What a function does at the point itself.
enum There {
    Slope(f64),
    Jump,
    Corner,
    Vertical,
}

/// Functions of the distance from the point.
fn functions() -> [(&'static str, Plain, There); 8] {
    let slope_of_tanh = 1.0 - 0.5f64.tanh().powi(2);
    [
        ("a wave", |t| (t + 0.7).sin(), There::Slope(0.7f64.cos())),
        (
            "a bump",
            |t| (-(t - 0.5) * (t - 0.5)).exp(),
            There::Slope((-0.25f64).exp()),
        ),
        (
            "a step that is smooth",
            |t| 3.0 + (t - 0.5).tanh(),
            There::Slope(slope_of_tanh),
        ),
        (
            "a bend of the slope",
            |t| t * t.abs() + t.sin(),
            There::Slope(1.0),
        ),
        (
            "a jump",
            |t| t.sin() + f64::from(u8::from(t >= 0.0)),
            There::Jump,
        ),
        ("a corner", |t| t.abs() + t.sin(), There::Corner),
        ("a cube root", |t| t.cbrt() + t.sin(), There::Vertical),
        ("a cusp", |t| t.abs().sqrt() + t.sin(), There::Vertical),
    ]
}

fn found(function: Plain, point: f64) -> Found {
    let differences = Differences::new();
    differences
        .derivative(|x: f64| function(x - point), point)
        .unwrap()
}

/// Points of a size, all of them integers.
fn points(size: i32) -> impl Iterator<Item = f64> {
    (0..20).map(move |place| (10f64.powi(size) * (1.0 + 0.37 * f64::from(place))).round())
}

#[test]
fn what_a_point_far_from_zero_is_shows() {
    for size in 0..=6 {
        for point in points(size) {
            for (name, function, there) in functions() {
                let found = found(function, point);
                let kind = found.finding.name();
                match there {
                    There::Slope(slope) => {
                        let bound = right(&format!("{name} at {point}"), &found, slope);
                        assert!(bound <= 1e-3, "{name} at {point}: ± {bound}");
                    }
                    There::Jump => assert_eq!(kind, "jump", "{name} at {point}"),
                    There::Corner => assert_eq!(kind, "corner", "{name} at {point}"),
                    There::Vertical => assert_eq!(kind, "infinite", "{name} at {point}"),
                }
            }
        }
    }
}

/// Nearer than a ten-billionth of the point few steps are left: what the point is may stay open, but no number stands for it.
#[test]
fn no_number_stands_for_a_point_without_slope() {
    for size in 7..=9 {
        for point in points(size) {
            for (name, function, there) in functions() {
                let found = found(function, point);
                match there {
                    There::Slope(slope) => {
                        right(&format!("{name} at {point}"), &found, slope);
                    }
                    _ => assert!(
                        !matches!(found.finding, Finding::Derivative(_)),
                        "{name} at {point}: {:?}",
                        found.finding
                    ),
                }
            }
        }
    }
}

/// What seems noise at the first steps, and is none at shorter ones: a wave on a slope.
#[test]
fn a_wave_is_no_noise() {
    for size in 3..=9 {
        for point in points(size) {
            let found = found(|t| t.sin() + 0.5 * t, point);
            let truth_or_scales = match &found.finding {
                Finding::Derivative(_) => {
                    (found.value().unwrap() - 1.5).abs() <= found.bound().unwrap()
                }
                Finding::DependsOnScale { fine, .. } => (fine.0 - 1.5).abs() < 1e-3,
                _ => false,
            };
            assert!(truth_or_scales, "{point}: {:?}", found.finding);
        }
    }
}
