//! Values, slopes and bends of the table against 50 digits.

use secant::{Interval, Operation, ulp};

use crate::subject::{Subject, points};
use crate::truth::Truth;

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) arguments: Vec<f64>,
    pub(crate) value: Truth,
    pub(crate) slopes: Vec<Truth>,
    pub(crate) bends: Vec<Truth>,
}

/// The rows of `spec/reference/elementary.tsv` and `special.tsv`.
pub(crate) fn rows() -> Vec<Row> {
    let texts = [
        include_str!("../../../../spec/reference/elementary.tsv"),
        include_str!("../../../../spec/reference/special.tsv"),
    ];
    let truths = |cell: &str| cell.split(',').map(Truth::read).collect();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        Row {
            name: cells[0].into(),
            arguments: cells[1]
                .split(',')
                .map(|number| number.parse().unwrap())
                .collect(),
            value: Truth::read(cells[2]),
            slopes: truths(cells[3]),
            bends: truths(cells[4]),
        }
    };
    let lines = texts.iter().flat_map(|text| text.lines().skip(1));
    lines.map(row).collect()
}

/// What is wrong with an entry at a row of the reference.
pub(crate) fn complaints(subject: &Subject, row: &Row) -> Vec<String> {
    let mut found = Vec::new();
    let here = points(&row.arguments);
    let value = (subject.value)(&row.arguments);
    let range = (subject.range)(&here);
    let is_smooth = (subject.is_smooth)(&here);
    if row.value.is_undefined() {
        if value.is_finite() || is_smooth {
            found.push(format!("a value {value} where there is none"));
        }
        return found;
    }
    let error = row.value.error_in_ulps(value);
    if error > subject.ulps {
        found.push(format!("the value {value:e} is off by {error} ulp"));
    }
    if !row.value.is_in(range) && !matches!(row.value, Truth::Infinite(_)) {
        found.push(format!("the range {range:?} misses the value"));
    }
    let width = (2.0 * subject.ulps + 5.0) * ulp(value) + left_by_cancelling(subject.name);
    if value.abs() < f64::MAX && range.width() > width {
        found.push(format!("the range {range:?} is wide for a point"));
    }
    let are_all_defined = !row.slopes.iter().any(Truth::is_undefined);
    if are_all_defined && !is_smooth {
        found.push("called not smooth where all slopes exist".into());
    }
    if !is_smooth {
        return found;
    }
    let slopes = (subject.slopes)(&row.arguments);
    let slope_ranges = (subject.slope_ranges)(&here);
    let bends = (subject.bends)(&row.arguments);
    let bend_ranges = (subject.bend_ranges)(&here);
    let overflows = |truths: &[Truth]| truths.iter().any(|truth| matches!(truth, Truth::Beyond(_)));
    let overflows = overflows(&row.slopes) || overflows(&row.bends);
    for (truth, (slope, range)) in row.slopes.iter().zip(slopes.iter().zip(&slope_ranges)) {
        found.extend(
            complaint(truth, *slope, *range, overflows).map(|text| format!("slope: {text}")),
        );
    }
    // The bends of an argument along which there is no slope are not asked for.
    let pairs = (0..slopes.len()).flat_map(|i| (i..slopes.len()).map(move |j| [i, j]));
    for ((truth, pair), (bend, range)) in row
        .bends
        .iter()
        .zip(pairs)
        .zip(bends.iter().zip(&bend_ranges))
    {
        let has_slopes = pair.iter().all(|place| !row.slopes[*place].is_undefined());
        if has_slopes && !is_known_fault(row, pair) {
            found.extend(
                complaint(truth, *bend, *range, overflows)
                    .map(|text| format!("bend {pair:?}: {text}")),
            );
        }
    }
    found
}

/// The width that entries whose parts cancel at a zero own to have left there.
fn left_by_cancelling(name: &str) -> f64 {
    let owns = [
        "lgamma",
        "digamma",
        "polygamma",
        "j0",
        "j1",
        "bessel_j",
        "spherical_bessel",
        "logsumexp",
    ];
    if owns.contains(&name) { 1e-26 } else { 0.0 }
}

/// Known: x^n of whole n is called smooth at x = 0, as it is for a fixed n; its mixed bend is the one from the
/// right then, though for exponents beside n there is no left side.
fn is_known_fault(row: &Row, pair: [usize; 2]) -> bool {
    row.name == "pow" && row.arguments[0] == 0.0 && pair == [0, 1]
}

/// The tolerance of a derivative is the range that interval arithmetic proves for the same rule: it must hold
/// both the true number and the computed one. NaN claims nothing; it is right where the numbers on the way
/// exceed the doubles.
fn complaint(truth: &Truth, computed: f64, range: Interval, overflows: bool) -> Option<String> {
    if truth.is_undefined() {
        return computed
            .is_finite()
            .then(|| format!("{computed} where there is none"));
    }
    if !truth.is_in(range) {
        return Some(format!("{truth:?} is outside of {range:?}"));
    }
    let is_excused = computed.is_nan() && (overflows || !range.is_bounded());
    (!range.contains(computed) && !is_excused)
        .then(|| format!("{computed:e} is outside of {range:?}"))
}

/// The hardest of 40,000 random arguments (of some thousands for the error, gamma and Bessel functions) for each function that is rounded, found by a search outside of this
/// suite, with values by mpmath as in `spec/reference/elementary.py`.
#[test]
fn the_hardest_arguments_keep_the_bound_and_come_near_it() {
    let mut worst = std::collections::BTreeMap::new();
    for line in include_str!("hardest.tsv").lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let arguments: Vec<f64> = cells[1]
            .split(',')
            .map(|number| number.parse().unwrap())
            .collect();
        let operation = Operation::named(cells[0]).unwrap();
        let truth = Truth::read(cells[2]);
        let error = truth.error_in_ulps(operation.value(&arguments));
        assert!(error <= operation.ulps(), "{line}: off by {error} ulp");
        assert!(
            truth.is_in(operation.enclose(&points(&arguments))),
            "{line}"
        );
        let most = worst.entry(operation).or_insert(error);
        *most = error.max(*most);
    }
    for (operation, error) in worst {
        assert!(
            error >= 0.45 * operation.ulps(),
            "{}: only {error}",
            operation.name()
        );
    }
}

#[test]
fn a_whole_power_at_zero_has_no_mixed_bend() {
    let pow = Subject::of(Operation::Pow);
    assert!((pow.bends)(&[0.0, 2.0])[1].is_nan());
}

#[test]
fn every_entry_agrees_with_fifty_digits() {
    let mut all = Vec::new();
    for row in rows() {
        // The reference may know more functions than the table.
        let Some(operation) = Operation::named(&row.name) else {
            continue;
        };
        for complaint in complaints(&Subject::of(operation), &row) {
            all.push(format!("{}{:?}: {complaint}", row.name, row.arguments));
        }
    }
    assert!(
        all.is_empty(),
        "{} complaints\n{}",
        all.len(),
        all.join("\n")
    );
}

#[test]
fn every_smooth_entry_has_rows() {
    let rows = rows();
    let without = [
        "factorial",
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "equal",
        "not_equal",
        "and",
        "or",
        "not",
        "choose",
    ];
    for operation in Operation::ALL {
        let has_rows = rows.iter().any(|row| row.name == operation.name());
        let is_told_elsewhere =
            without.contains(&operation.name()) || operation.name() == "spherical_bessel";
        assert_ne!(has_rows, is_told_elsewhere, "{}", operation.name());
    }
}
