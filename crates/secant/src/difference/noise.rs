//! The noise of a function from a table of differences (Hamming 1962; ECnoise, Moré and Wild 2011): differences of high order wipe
//! out whatever is smooth, and what is left has a known variance.

/// How many equally spaced values the table takes.
pub(super) const VALUES: usize = 9;

/// The standard deviation of the noise in equally spaced values: the first of three neighbouring levels that agree within a factor of 4
/// and whose differences change sign (Moré and Wild 2011, section 4). `None` where no level does, or where a value is
/// missing.
///
/// The level k estimates σ² as (k!)²/(2k)! times the mean square of the differences of order k.
pub(super) fn deviation(values: &[f64; VALUES]) -> Option<f64> {
    if values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut table = *values;
    let mut levels = [0.0; VALUES - 1];
    let mut signs = [false; VALUES - 1];
    let mut factor = 1.0;
    for order in 1..VALUES {
        let length = VALUES - order;
        for place in 0..length {
            table[place] = table[place + 1] - table[place];
        }
        let k = order as f64;
        factor *= k * k / ((2.0 * k) * (2.0 * k - 1.0));
        levels[order - 1] = factor.sqrt() * root_mean_square(table[..length].iter().copied());
        let (least, greatest) = table[..length].iter().fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(least, greatest), difference| (difference.min(least), difference.max(greatest)),
        );
        signs[order - 1] = least < 0.0 && greatest > 0.0;
    }
    (0..VALUES - 4).find_map(|level| {
        let three = &levels[level..level + 3];
        let least = three.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = three.iter().copied().fold(0.0, f64::max);
        (greatest <= 4.0 * least && signs[level]).then_some(levels[level])
    })
}

/// The standard deviation of the noise from second differences on either side of the middle value alone: σ√6 each.
pub(super) fn beside(values: &[f64; VALUES]) -> f64 {
    let middle = VALUES / 2;
    let (left, right) = (&values[..middle], &values[middle + 1..]);
    let second = |three: &[f64]| three[0] - 2.0 * three[1] + three[2];
    let threes = left.windows(3).chain(right.windows(3));
    root_mean_square(threes.map(second)) / 6f64.sqrt()
}

/// The root of the mean of squares that may themselves be too large or too small for doubles; 0 of no numbers.
pub(super) fn root_mean_square(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut largest, mut squares, mut count) = (0.0_f64, 0.0, 0.0);
    for number in numbers.map(f64::abs) {
        count += 1.0;
        if number > largest {
            let shrinks = largest / number;
            squares = squares * shrinks * shrinks + 1.0;
            largest = number;
        } else if largest > 0.0 {
            let part = number / largest;
            squares += part * part;
        }
    }
    largest * f64::sqrt(squares / f64::max(count, 1.0))
}
