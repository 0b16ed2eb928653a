//! Values as programs print them, with few digits: a staircase, whose own slope is 0 almost everywhere. What is wanted is the slope of
//! what was printed; it must lie within the bound, or there is no number.

use secant::{Differences, Finding};

/// How a program prints.
#[derive(Clone, Copy, Debug)]
enum Format {
    Digits(usize),
    Decimals(usize),
}

impl Format {
    const ALL: [Self; 10] = [
        Self::Digits(3),
        Self::Digits(4),
        Self::Digits(6),
        Self::Digits(8),
        Self::Digits(10),
        Self::Digits(12),
        Self::Decimals(2),
        Self::Decimals(4),
        Self::Decimals(6),
        Self::Decimals(9),
    ];

    fn print(self, value: f64) -> f64 {
        match self {
            Self::Digits(digits) => format!("{value:.*e}", digits - 1),
            Self::Decimals(decimals) => format!("{value:.decimals$}"),
        }
        .parse()
        .unwrap()
    }

    fn differences(self) -> Differences {
        match self {
            Self::Digits(digits) => Differences::new().printed(digits as u32, 0.0),
            Self::Decimals(decimals) => {
                Differences::new().printed(0, 10f64.powi(-(decimals as i32)))
            }
        }
    }
}

#[test]
fn the_slope_of_what_was_printed_lies_within_the_bound() {
    type Case = (&'static str, fn(f64) -> f64, fn(f64) -> f64);
    let cases: [Case; 13] = [
        ("sin(x)", f64::sin, f64::cos),
        ("exp(x)", f64::exp, f64::exp),
        ("x^2", |x| x * x, |x| 2.0 * x),
        ("x^3", |x| x.powi(3), |x| 3.0 * x * x),
        ("3x + 1", |x| 3.0 * x + 1.0, |_| 3.0),
        (
            "1/(1+x^2)",
            |x| 1.0 / (1.0 + x * x),
            |x| -2.0 * x / (1.0 + x * x).powi(2),
        ),
        ("100 + sin(x)", |x| 100.0 + x.sin(), f64::cos),
        (
            "sin(10x)",
            |x| (10.0 * x).sin(),
            |x| 10.0 * (10.0 * x).cos(),
        ),
        ("sqrt(x)", f64::sqrt, |x| 0.5 / x.sqrt()),
        ("5.25", |_| 5.25, |_| 0.0),
        ("10000 x", |x| 1e4 * x, |_| 1e4),
        ("x/10000", |x| 1e-4 * x, |_| 1e-4),
        (
            "tanh(5x)",
            |x| (5.0 * x).tanh(),
            |x| 5.0 / (5.0 * x).cosh().powi(2),
        ),
    ];
    let (mut asked, mut answered) = (0, 0);
    for (name, function, slope) in cases {
        for x in [1.0, 0.3, 2.7, 17.0, 0.001, -1.3, 123.4] {
            if name == "sqrt(x)" && x < 0.0 {
                continue;
            }
            for format in Format::ALL {
                let found = format
                    .differences()
                    .derivative(|x| format.print(function(x)), x)
                    .unwrap();
                asked += 1;
                let (value, bound) = match &found.finding {
                    Finding::Derivative(estimate) => {
                        answered += 1;
                        (estimate.value, found.bound().unwrap())
                    }
                    Finding::TooNoisy { value, bound } => (*value, *bound),
                    _ => continue,
                };
                assert!(
                    (value - slope(x)).abs() <= bound,
                    "{name} at {x}, {format:?}: {value} ± {bound}"
                );
            }
        }
    }
    assert!(
        10 * answered >= 8 * asked,
        "{answered} of {asked} are answered"
    );
}

#[test]
fn what_the_point_is_shows_through_few_digits() {
    type Case = (&'static str, fn(f64) -> f64, f64);
    let cases: [Case; 9] = [
        ("corner", f64::abs, 0.0),
        ("corner", |x| x.max(x * x), 1.0),
        ("corner", |x| 5.0 + 2.0 * (x - 3.0).max(0.0), 3.0),
        ("jump", |x| if x < 2.0 { 1.0 } else { 1.5 + x }, 2.0),
        ("jump", f64::signum, 0.0),
        ("jump", |x| if x < 2.0 { 1.0 + x } else { 1.5 + x }, 2.0),
        ("jump", |x| if x < 2.0 { x * x } else { x * x + 0.3 }, 2.0),
        ("infinite", f64::cbrt, 0.0),
        ("pole", |x| 1.0 / x, 0.0),
    ];
    for (name, function, x) in cases {
        for format in Format::ALL {
            let found = format
                .differences()
                .derivative(|x| format.print(function(x)), x)
                .unwrap();
            let told = found.finding.name();
            assert!(
                told == name || told == "noise",
                "{name} at {x}, {format:?}: {told} {:?}",
                found.value()
            );
            if matches!(format, Format::Digits(6..)) {
                assert_eq!(told, name, "at {x}, {format:?}");
            }
        }
    }
}

/// A step from one printed value to another, exactly at the point, is a jump; that of rounding is none.
#[test]
fn a_jump_of_few_digits_is_told_apart_from_rounding() {
    let whole = Differences::new().printed(1, 1.0);
    let hundredths = Differences::new().printed(0, 0.01);
    type Case<'a> = (&'a Differences, fn(f64) -> f64, f64, Option<(f64, f64)>);
    let cases: [Case; 8] = [
        (&whole, |x| f64::from(x >= 1.0), 1.0, Some((0.0, 1.0))),
        (&whole, |x| f64::from(x > 1.0), 1.0, Some((0.0, 1.0))),
        (
            &whole,
            |x| if x < 0.3 { 7.0 } else { 2.0 },
            0.3,
            Some((7.0, 2.0)),
        ),
        (&whole, |x| f64::from(x >= 0.0), 0.0, Some((0.0, 1.0))),
        (&whole, f64::round, 0.5, None),
        (&whole, f64::round, 2.5, None),
        (&whole, |x| (x / 3.0).round(), 4.5, None),
        (
            &hundredths,
            |x| Format::Decimals(2).print(x + 1e-12),
            0.125,
            None,
        ),
    ];
    for (place, (differences, function, at, limits)) in cases.into_iter().enumerate() {
        let found = differences.derivative(function, at).unwrap();
        match (found.finding, limits) {
            (Finding::NoDerivative(point), Some((left, right))) => {
                assert_eq!(point.kind.name(), "jump", "{place}: {point:?}");
                assert_eq!(
                    (point.left_limit, point.right_limit),
                    (Some(left), Some(right)),
                    "{place}"
                );
            }
            (Finding::NoDerivative(point), None) => {
                assert_ne!(point.kind.name(), "jump", "{place}")
            }
            (_, None) => {}
            (other, Some(_)) => panic!("{place}: {other:?}"),
        }
    }
}

/// Steps that are long enough for few digits may reach around a wave, whose sides then differ by any number.
#[test]
fn a_wave_of_few_digits_has_no_corner() {
    let waves: [fn(f64) -> f64; 4] = [
        |x| (20.0 * x).sin(),
        |x| 1.0 / (1.0 + 25.0 * x * x),
        |x| (5.0 * (x - 1.0)).tanh(),
        |x| x * (10.0 / x).sin(),
    ];
    for format in Format::ALL {
        for (wave, place) in waves
            .iter()
            .flat_map(|wave| (0..12).map(move |k| (wave, k)))
        {
            let x = 0.6 + 0.199 * f64::from(place);
            for order in 1..=4 {
                let differences = format.differences().order(order);
                let found = differences
                    .derivative(|x| format.print(wave(x)), x)
                    .unwrap();
                let told = found.finding.name();
                assert_ne!(told, "corner", "at {x}, order {order}, {format:?}");
            }
        }
    }
}

/// A ripple that shows at steps between those of the ladder and those that rounding hides is no slope of the ladder's.
#[test]
fn a_ripple_between_the_steps_is_told() {
    let ripple = |x: f64| x * (1.0 + 1e-3 * (300.0 * x).sin());
    let slope = |x: f64| 1.0 + 1e-3 * (300.0 * x).sin() + 0.3 * x * (300.0 * x).cos();
    for format in [Format::Digits(9), Format::Digits(12), Format::Decimals(9)] {
        for place in 0..20 {
            let x = 1.0 + 0.0831 * f64::from(place);
            let found = format
                .differences()
                .derivative(|x| format.print(ripple(x)), x)
                .unwrap();
            if let Finding::Derivative(estimate) = &found.finding {
                let bound = found.bound().unwrap();
                let off = (estimate.value - slope(x)).abs();
                assert!(
                    off <= bound,
                    "{format:?} at {x}: {} ± {bound}, off by {off}",
                    estimate.value
                );
            }
        }
    }
}

/// The derivative of some order of a wave on something smooth: A sin(w x) + B x².
#[derive(Clone, Copy, Debug)]
struct Wave {
    amplitude: f64,
    frequency: f64,
    bend: f64,
}

impl Wave {
    fn derivative(self, x: f64, order: u32) -> f64 {
        let turned = f64::from(order) * std::f64::consts::FRAC_PI_2;
        let wave = self.frequency.powi(order as i32) * (self.frequency * x + turned).sin();
        let smooth = match order {
            0 => x + self.bend * x * x,
            1 => 1.0 + 2.0 * self.bend * x,
            2 => 2.0 * self.bend,
            _ => 0.0,
        };
        self.amplitude * wave + smooth
    }
}

/// Steps that are long enough for few digits may reach over many waves. What is answered holds, of any order, but for one by chance, and there is neither a jump nor a vertical tangent.
#[test]
fn derivatives_of_waves_of_few_digits_hold() {
    let waves = [
        (1.0, 5.0, 0.0),
        (1.0, 20.0, 0.0),
        (0.1, 30.0, 1.0),
        (0.01, 50.0, 0.0),
    ];
    let (mut asked, mut answered, mut outside) = (0, 0, 0);
    for (amplitude, frequency, bend) in waves {
        let wave = Wave {
            amplitude,
            frequency,
            bend,
        };
        for digits in [4, 5, 6, 8, 10, 12] {
            let format = Format::Digits(digits);
            for x in [1.0, 0.3, 2.7, 2.9, 7.0, 1.7, 0.55, 3.3, 5.1, 1.23, 4.4] {
                for order in 1..=4 {
                    let found = format
                        .differences()
                        .order(order)
                        .derivative(|x| format.print(wave.derivative(x, 0)), x)
                        .unwrap();
                    asked += 1;
                    let case = format!("{wave:?} at {x}, order {order}, {digits} digits");
                    match &found.finding {
                        Finding::Derivative(estimate) => {
                            answered += 1;
                            let off = (estimate.value - wave.derivative(x, order)).abs();
                            let bound = found.bound().unwrap();
                            outside += usize::from(off > bound);
                            assert!(
                                off <= 2.0 * bound,
                                "{case}: {} ± {bound}, off by {off}",
                                estimate.value
                            );
                        }
                        Finding::NoDerivative(point) => {
                            assert!(!point.is_decided(), "{case}: {point:?}");
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    assert!(3 * answered > asked, "{answered} of {asked} are answered");
    assert!(
        300 * outside <= answered,
        "{outside} of {answered} are outside"
    );
}

/// Noise of a unit of the last digit, of which nothing was said, is seen at the shortest steps, and widens the bound instead of hiding the slope.
#[test]
fn noise_beside_rounding_leaves_a_slope() {
    type Case = (fn(f64) -> f64, fn(f64) -> f64);
    let cases: [Case; 4] = [
        (f64::sin, f64::cos),
        (f64::exp, f64::exp),
        (|x| 1.0 + x * x, |x| 2.0 * x),
        (f64::sqrt, |x| 0.5 / x.sqrt()),
    ];
    let (mut asked, mut answered, mut outside) = (0, 0, 0);
    for (function, slope) in cases {
        for place in 0..100 {
            let x = 0.3 + 0.0301 * f64::from(place);
            let noisy = |x: f64| {
                let value = function(x);
                // Numbers that look drawn from their bits.
                let mut bits = value.to_bits() ^ 0x9E37_79B9_7F4A_7C15;
                for _ in 0..3 {
                    bits ^= bits << 13;
                    bits ^= bits >> 7;
                    bits ^= bits << 17;
                }
                let part = (bits >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
                Format::Digits(8).print(value * (1.0 + 1e-7 * part))
            };
            let found = Format::Digits(8)
                .differences()
                .derivative(noisy, x)
                .unwrap();
            asked += 1;
            if let Finding::Derivative(estimate) = &found.finding {
                answered += 1;
                let off = (estimate.value - slope(x)).abs();
                outside += usize::from(off > found.bound().unwrap());
            }
        }
    }
    assert!(
        5 * answered > 3 * asked,
        "{answered} of {asked} are answered"
    );
    assert!(
        100 * outside <= answered,
        "{outside} of {answered} are outside"
    );
}
