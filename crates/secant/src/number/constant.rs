//! The named exact numbers.

use super::Interval;

/// A number that is exact though it has no finite decimal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Constant {
    /// The circle's circumference over its diameter, 3.14159…
    Pi,
    /// Euler's number, 2.71828…
    E,
}

impl Constant {
    /// The name in formulas.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pi => "pi",
            Self::E => "e",
        }
    }

    /// The nearest double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Pi => std::f64::consts::PI,
            Self::E => std::f64::consts::E,
        }
    }

    /// The two neighbouring doubles between which it lies. Both nearest doubles are below the number:
    /// pi is 3.14159265358979323846… against 3.14159265358979311600, e is 2.71828182845904523536… against
    /// 2.71828182845904509080.
    #[must_use]
    pub fn enclose(self) -> Interval {
        Interval::new(self.to_f64(), self.to_f64().next_up())
    }
}
