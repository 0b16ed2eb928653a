//! What no model or fit is made of is refused, and what a fit does not use is not asked for.
#![allow(clippy::unwrap_used)]

use secant::{Formula, Recorded};
use secant_data::Columns;
use secant_fit::{Fit, Model, Weights};

#[test]
fn what_a_fit_does_not_use_is_refused() {
    let formula = Recorded::from(&Formula::parse("a + b*x").unwrap());
    assert!(Model::new(&formula, "y", &["a", "b", "b"]).is_err());
    assert!(Model::new(&Recorded::trace(&["a"], |_| vec![]).unwrap(), "y", &["a"]).is_err());
    let columns = vec![vec![0.0, 1.0, 2.0, 3.0], vec![1.0, 2.9, 5.2, 6.8]];
    let mut data = Columns::new(&["x", "y"], columns).unwrap();
    let line = Model::new(&formula, "y", &["a", "b"]).unwrap();
    let mut equal = Fit::new(&line).weights(Weights::Equal, "nowhere");
    assert!(equal.run(&mut data, &[1.0, 0.0]).is_ok());
}
