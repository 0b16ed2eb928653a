//! [`Rounding`]: how far a value is rounded: to a double always, and where a user knows it, to a unit or to so many digits, as programs
//! print them.

/// Half a unit in the last place, relative.
const DOUBLE: f64 = f64::EPSILON / 2.0;

/// What values are rounded to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rounding {
    /// Values are multiples of this; 0 where they are not.
    pub(super) unit: f64,
    /// Values have so many significant digits at most; 0 for all that a double has.
    pub(super) digits: u32,
}

impl Rounding {
    /// Whether values have fewer digits than a double.
    pub(super) fn is_coarse(self) -> bool {
        self.unit > 0.0 || self.digits > 0
    }

    /// By how much a value of this size may be off. The coarser of the two is what rounds: a program that prints six decimals prints many
    /// digits of a large value, and one that prints six digits prints many decimals of a small one.
    pub(super) fn of(self, magnitude: f64) -> f64 {
        let double = match DOUBLE * magnitude {
            // Beside 0 doubles lie as far apart as anywhere below the normal ones.
            0.0 if magnitude > 0.0 => f64::from_bits(1),
            half_a_unit => half_a_unit,
        };
        if !self.is_coarse() {
            return double;
        }
        let place = if self.digits > 0 && magnitude > 0.0 && magnitude.is_finite() {
            let last = magnitude.log10().floor() as i32 + 1 - self.digits as i32;
            10f64.powi(last)
        } else {
            0.0
        };
        double + self.unit.max(place) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coarser_of_decimals_and_digits_rounds() {
        let six = Rounding {
            unit: 1e-6,
            digits: 8,
        };
        assert!((six.of(25.123456) / 5e-7 - 1.0).abs() < 1e-6);
        let general = Rounding {
            unit: 1e-10,
            digits: 6,
        };
        assert!((general.of(0.5) / 5e-7 - 1.0).abs() < 1e-6);
        assert_eq!(Rounding::default().of(1.0), f64::EPSILON / 2.0);
    }
}
