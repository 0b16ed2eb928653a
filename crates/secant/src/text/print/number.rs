//! Exact numbers into figures: a decimal fraction where that is short, else numerator and denominator.

use crate::number::Rational;

/// Decimal fractions up to this many digits are preferred to quotients.
const SHORT: usize = 25;
/// Zeros at the end of a whole number, or before the first digit of a fraction, that are written out.
const MOST_ZEROS: usize = 20;
const MOST_LEADING_ZEROS: usize = 5;
/// Powers of ten beyond are no exponents that a number is read with.
const LARGEST_EXPONENT: usize = 20_000;

/// A number of at least 0, in figures.
pub(super) enum Figures {
    /// `12`, `0.25`
    Plain(String),
    /// `1.5` and -300 for 1.5e-300
    Scientific(String, i64),
    Quotient(String, String),
}

pub(super) fn figures(value: &Rational) -> Figures {
    let denominator = value.denominator();
    let exponent = denominator.bits().min(LARGEST_EXPONENT);
    let exponent = if value.is_integer() { 0 } else { exponent };
    let scaled = Rational::from_decimal(&format!("1e{exponent}"))
        .map(|power| value.clone() * power)
        .filter(Rational::is_integer);
    let quotient = || {
        Figures::Quotient(
            value.numerator().to_string(),
            value.denominator().to_string(),
        )
    };
    let Some(scaled) = scaled else {
        return quotient();
    };
    let all = scaled.to_string();
    let digits = all.trim_end_matches('0');
    let is_longer_than_quotient = || {
        let quotient = value.numerator().to_string().len() + denominator.to_string().len();
        digits.len() > quotient + 1
    };
    if !value.is_integer() && digits.len() > SHORT && is_longer_than_quotient() {
        return quotient();
    }
    place_point(digits, all.len() as i64 - exponent as i64)
}

/// Sets the point after `point` digits, in whichever form is short.
fn place_point(digits: &str, point: i64) -> Figures {
    if digits.is_empty() {
        return Figures::Plain("0".to_owned());
    }
    let length = digits.len() as i64;
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    if point > length + MOST_ZEROS as i64 || point < -(MOST_LEADING_ZEROS as i64) {
        let (first, rest) = digits.split_at(1);
        let mantissa = if rest.is_empty() {
            first.to_owned()
        } else {
            format!("{first}.{rest}")
        };
        return Figures::Scientific(mantissa, point - 1);
    }
    Figures::Plain(if point >= length {
        format!("{digits}{}", zeros(point - length))
    } else if point > 0 {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{whole}.{fraction}")
    } else {
        format!("0.{}{digits}", zeros(-point))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(value: &Rational) -> String {
        match figures(value) {
            Figures::Plain(text) => text,
            Figures::Scientific(mantissa, exponent) => format!("{mantissa}e{exponent}"),
            Figures::Quotient(above, below) => format!("{above}/{below}"),
        }
    }

    #[test]
    fn decimals_come_back_as_they_were() {
        for text in [
            "0",
            "7",
            "1200",
            "0.5",
            "0.25",
            "12.375",
            "0.000001",
            "1e-7",
            "2.5e-300",
            "1e30",
            "1.5e20000",
            "1e-20000",
            "0.12345678901234567890123",
        ] {
            let value = Rational::from_decimal(text).unwrap();
            assert_eq!(
                Rational::from_decimal(&shown(&value)),
                Some(value),
                "{text}"
            );
            assert_eq!(shown(&Rational::from_decimal(text).unwrap()), text);
        }
    }

    #[test]
    fn other_fractions_stay_fractions() {
        assert_eq!(shown(&Rational::new(1, 3).unwrap()), "1/3");
        assert_eq!(
            shown(&Rational::new(1, 1 << 60).unwrap()),
            format!("1/{}", 1_i64 << 60)
        );
    }
}
