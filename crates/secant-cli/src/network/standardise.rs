//! Features shifted and scaled before a network is given them.

use secant_train::Columns;

/// Shifts and scales each feature to mean 0 and deviation 1, and tells mean and deviation. One that is the same everywhere, to rounding, is only
/// shifted.
pub(super) fn standardise(columns: &mut Columns<f64>) -> Vec<(f64, f64)> {
    (0..columns.features())
        .map(|feature| {
            let column = columns.column_mut(feature);
            let (mean, deviation) = moments(column);
            for x in column {
                *x = (*x - mean) / deviation;
            }
            (mean, deviation)
        })
        .collect()
}

/// The mean of a column, and its deviation; 1 in place of one that is rounding.
fn moments(column: &[f64]) -> (f64, f64) {
    let first = column.first().copied().unwrap_or_default();
    let count = column.len() as f64;
    let mean_from = |from: f64| from + column.iter().map(|x| x - from).sum::<f64>() / count;
    // Summed from the first number on, then from the mean so found, no digits go: a column that is the same everywhere has itself as its mean.
    let mean = mean_from(mean_from(first));
    let squares = column.iter().map(|x| (x - mean) * (x - mean));
    let deviation = (squares.sum::<f64>() / count).sqrt();
    let rounding = 8.0 * f64::EPSILON * mean.abs();
    (mean, if deviation > rounding { deviation } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_is_the_same_everywhere_is_only_shifted() {
        for (value, count) in [(0.1, 10), (0.7, 3), (1.1, 6), (0.3, 10), (1.7e9, 7)] {
            assert_eq!(moments(&vec![value; count]), (value, 1.0), "{value}");
        }
        let next = 0.1 + f64::EPSILON / 8.0;
        assert_eq!(moments(&[0.1, next, 0.1, 0.1]).1, 1.0);
    }

    #[test]
    fn mean_and_deviation_keep_their_digits_far_from_zero() {
        let seconds: Vec<f64> = (0..101).map(|i| 1.7e9 + f64::from(i)).collect();
        let (mean, deviation) = moments(&seconds);
        assert_eq!(mean, 1.7e9 + 50.0);
        // Of the numbers 0 to 2n the squares about the middle have the mean n (n + 1) / 3.
        assert!((deviation - 850f64.sqrt()).abs() < 1e-13, "{deviation}");
    }
}
