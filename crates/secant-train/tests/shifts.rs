//! How far tanh, the sigmoid and relu move, however far out they are taken and however far they are moved, against 400 digits.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::Reference;
use secant_train::layer::Met;
use secant_train::{Elementwise, Number};

fn moved<T: Number>(name: &str, x: &[T], shift: &[T]) -> Vec<T> {
    let function = Elementwise::named(name).unwrap();
    let (mut value, mut moved) = (x.to_vec(), x.to_vec());
    function.value(x, &mut value);
    let mut met = vec![Met::default(); x.len()];
    function.difference(x, &value, shift, &mut moved, &mut met);
    moved
}

/// Within so many units of rounding of the truth, or of the smallest number with all digits; and the same with both signs turned.
fn hold<T: Number>(kind: &str, smallest: f64) {
    let reference = Reference::read("shifts");
    let get = |name: &str| reference.get(&format!("{kind}.{name}"));
    let (places, shifts) = (get("places"), get("shifts"));
    let (x, shift): (Vec<T>, Vec<T>) = places
        .iter()
        .flat_map(|place| shifts.iter().map(|shift| (T::of(*place), T::of(*shift))))
        .unzip();
    let turned = |numbers: &[T]| -> Vec<T> { numbers.iter().map(|number| -*number).collect() };
    for name in ["tanh", "sigmoid"] {
        let found = moved(name, &x, &shift);
        let other = moved(name, &turned(&x), &turned(&shift));
        assert_eq!(found.len(), get(name).len());
        for (place, truth) in get(name).iter().enumerate() {
            let (found, what) = (found[place].to_f64(), (x[place], shift[place]));
            assert!(
                (found - truth).abs() <= 6.0 * T::EPSILON * truth.abs().max(smallest),
                "{name} in {kind} precision at {what:?}: {found}, not {truth}"
            );
            assert_eq!(-other[place].to_f64(), found, "{name} at {what:?}, turned");
        }
    }
}

#[test]
fn a_saturated_unit_moves_as_far_as_it_does() {
    hold::<f64>("double", f64::MIN_POSITIVE);
    hold::<f32>("single", f64::from(f32::MIN_POSITIVE));
}

#[test]
fn what_has_no_end_moves_by_nothing_or_to_a_level() {
    let infinity = f64::INFINITY;
    for (name, low) in [("tanh", -1.0), ("sigmoid", 0.0)] {
        let x = [infinity, -infinity, infinity, 0.0, 0.0, f64::MAX, 1e308];
        let shift = [
            -5.0, 5.0, infinity, infinity, -infinity, -infinity, -1.5e308,
        ];
        let half = 0.5 * (1.0 - low);
        let all = low - 1.0;
        assert_eq!(
            moved(name, &x, &shift),
            [0.0, 0.0, 0.0, half, -half, all, all],
            "{name}"
        );
    }
}

#[test]
fn what_is_no_number_stays_none() {
    for name in ["tanh", "sigmoid", "relu"] {
        let x = [f64::NAN, f64::NAN, 1.0, -1.0, f64::INFINITY];
        let shift = [1.0, -1.0, f64::NAN, f64::NAN, f64::NEG_INFINITY];
        let moved = moved(name, &x, &shift);
        assert!(moved.iter().all(|x| x.is_nan()), "{name}: {moved:?}");
    }
}
