//! [`rough_places`]: where, along one input, a function is not proven smooth, and what each of these places is. A range is
//! halved where intervals prove nothing, until a place is as narrow as it can be told apart; no sample decides.

use crate::error::{Error, ErrorKind};
use crate::function::{Function, Recorded};
use crate::method::{self, check_shapes};
use crate::number::{Decoration, Interval};
use crate::operator::{unit, without_output};
use crate::report::{Report, report};

/// Cells that a range is cut into at first.
const CELLS: usize = 128;
/// How often a cell is halved.
const DEEPEST: u32 = 44;
/// How many cells are looked at in all.
const MOST_CELLS: usize = 20_000;
/// More places than this are not listed one by one.
const MOST_PLACES: usize = 64;

/// A place at which the function is not proven smooth.
#[derive(Clone, Debug, PartialEq)]
pub struct RoughPlace {
    /// It lies between these two numbers.
    pub within: (f64, f64),
    /// The number it is, and what it is there; `None` where it is no double that could be named, as the pole of the
    /// tangent beside π/2 is none.
    pub exact: Option<(f64, Report)>,
}

/// The places of a range, from left to right.
///
/// ```
/// use secant::{Formula, PointKind, Recorded, rough_places};
/// let f = Recorded::from(&Formula::parse("|x - 1| + 1/x")?);
/// let found = rough_places(&f, &[0.0], 0, (-3.0, 4.1))?;
/// let kinds: Vec<_> = found.places.iter().filter_map(|place| place.exact.as_ref()).collect();
/// assert!(found.is_complete && kinds.len() == 2);
/// assert_eq!((kinds[0].0, kinds[0].1.point.kind), (0.0, PointKind::Undefined));
/// assert_eq!((kinds[1].0, kinds[1].1.point.kind), (1.0, PointKind::Corner));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoughPlaces {
    /// Each with what it is, if it could be named.
    pub places: Vec<RoughPlace>,
    /// Whether everything else in the range is proven smooth or outside the domain.
    pub is_complete: bool,
}

/// The places where the first output is not proven smooth along one input, from `range.0` to `range.1`, the others
/// staying as in `at`.
///
/// # Errors
/// Where the range does not rise from one finite number to another, the point has another number of inputs, or there is no
/// such input or no output.
pub fn rough_places(
    function: &Recorded,
    at: &[f64],
    input: usize,
    range: (f64, f64),
) -> Result<RoughPlaces, Error> {
    check_range(range)?;
    check_shapes(function, at, &[unit(function.inputs(), input)?])?;
    if function.outputs() == 0 {
        return Err(without_output());
    }
    let width = range.1 - range.0;
    let place = |cell: usize| range.0 + width * (cell as f64 / CELLS as f64);
    let mut pending: Vec<(f64, f64, u32)> = (0..CELLS)
        .rev()
        .map(|cell| (place(cell), place(cell + 1), 0))
        .collect();
    let mut narrow: Vec<(f64, f64)> = Vec::new();
    let mut looked_at = 0;
    while let Some((a, b, depth)) = pending.pop() {
        looked_at += 1;
        if looked_at > MOST_CELLS || narrow.len() > MOST_PLACES {
            return Ok(RoughPlaces::default());
        }
        if is_quiet(function, at, input, (a, b)) {
            continue;
        }
        let middle = a.midpoint(b);
        if depth < DEEPEST && a < middle && middle < b {
            pending.push((middle, b, depth + 1));
            pending.push((a, middle, depth + 1));
            continue;
        }
        match narrow.last_mut() {
            // Both neighbours of an end that is a place see it.
            Some(last) if last.1 == a => last.1 = b,
            _ => narrow.push((a, b)),
        }
    }
    let named = |within: (f64, f64)| RoughPlace {
        within,
        exact: exact(function, at, input, within),
    };
    Ok(RoughPlaces {
        places: narrow.into_iter().map(named).collect(),
        is_complete: true,
    })
}

/// Whether a range can be cut into cells.
fn check_range((from, to): (f64, f64)) -> Result<(), Error> {
    if from < to && (to - from).is_finite() {
        return Ok(());
    }
    let message = format!("the range from {from} to {to} does not rise from one number to another");
    Err(Error::new(ErrorKind::Setting, message).hint("give the lesser end first"))
}

/// The cells of a box of two inputs, cut into `cells` by `cells` and counted row by row from low to high, in which the
/// first output is not proven continuous though it has values: no contour line may cross them.
///
/// ```
/// use secant::{Formula, Recorded, rough_cells};
/// let f = Recorded::from(&Formula::parse("x/y")?);
/// // Of two rows of two, both rows meet y = 0.
/// assert_eq!(rough_cells(&f, (1.0, 2.0), (-1.0, 1.0), 2)?, [0, 1, 2, 3]);
/// assert_eq!(rough_cells(&f, (1.0, 2.0), (1.0, 3.0), 2)?, []);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where a range does not rise from one finite number to another, or the function has not two inputs, or no output.
pub fn rough_cells(
    function: &Recorded,
    x: (f64, f64),
    y: (f64, f64),
    cells: usize,
) -> Result<Vec<usize>, Error> {
    check_range(x)?;
    check_range(y)?;
    check_shapes(function, &[x.0, y.0], &[vec![1.0, 0.0]])?;
    if function.outputs() == 0 {
        return Err(without_output());
    }
    let Some(all) = cells.checked_mul(cells) else {
        let message = format!("{cells} by {cells} cells are too many");
        return Err(Error::new(ErrorKind::Setting, message));
    };
    let side = |range: (f64, f64), cell: usize| {
        let end = |cell: usize| {
            let share = cell as f64 / cells as f64;
            range.0 * (1.0 - share) + range.1 * share
        };
        Interval::new(end(cell), end(cell + 1))
    };
    let is_rough = |cell: &usize| {
        let boxed = [side(x, cell % cells), side(y, cell / cells)];
        let range = function.program().run(&boxed).into_iter().next();
        range.is_some_and(|range| {
            let whole = range.decoration() == Decoration::Continuous && range.is_bounded();
            !whole && !range.is_empty()
        })
    };
    Ok((0..all).filter(is_rough).collect())
}

/// Whether the function is proven smooth over a cell, or has no value in it.
fn is_quiet(function: &Recorded, at: &[f64], input: usize, cell: (f64, f64)) -> bool {
    let mut boxed = Interval::points(at);
    boxed[input] = Interval::new(cell.0, cell.1);
    let program = function.program();
    let outside = program
        .run(&boxed)
        .first()
        .is_none_or(|range| range.is_empty());
    outside || program.rough_steps(&boxed).is_empty()
}

/// The number of the fewest digits in the cell, if the function is rough just there.
fn exact(
    function: &Recorded,
    at: &[f64],
    input: usize,
    within: (f64, f64),
) -> Option<(f64, Report)> {
    let x = roundest(within)?;
    if is_quiet(function, at, input, (x, x)) && function_has_value(function, at, input, x) {
        return None;
    }
    let mut there = at.to_vec();
    there[input] = x;
    let found = report(function, &there, &[input], &method::exact()).ok()?;
    Some((x, found))
}

fn function_has_value(function: &Recorded, at: &[f64], input: usize, x: f64) -> bool {
    let mut there = at.to_vec();
    there[input] = x;
    function.value_at(0, &there).is_finite()
}

/// The number with the fewest digits between two.
fn roundest((low, high): (f64, f64)) -> Option<f64> {
    if low <= 0.0 && 0.0 <= high {
        return Some(0.0);
    }
    let middle = low.midpoint(high);
    (0..17)
        .filter_map(|digits| format!("{middle:.digits$e}").parse::<f64>().ok())
        .find(|x| (low..=high).contains(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::formula::Formula;

    fn kinds(text: &str, range: (f64, f64)) -> Result<Vec<(f64, &'static str)>, Error> {
        let function = Recorded::from(&Formula::parse(text)?);
        let found = rough_places(&function, &[0.0], 0, range)?;
        assert!(found.is_complete, "{text}");
        Ok(found
            .places
            .iter()
            .map(|place| match &place.exact {
                Some((x, report)) => (*x, report.point.kind.name()),
                None => (0.5 * (place.within.0 + place.within.1), "unnamed"),
            })
            .collect())
    }

    #[test]
    fn each_place_of_a_range_is_found_and_named() -> Result<(), Error> {
        assert_eq!(kinds("2x^2", (-1.0, 5.0))?, []);
        assert_eq!(kinds("|x|", (-1.0, 5.0))?, [(0.0, "corner")]);
        assert_eq!(kinds("|x|", (-1.0, 1.0))?, [(0.0, "corner")]);
        assert_eq!(kinds("1/(x-0.3)", (-2.0, 3.0))?, [(0.3, "undefined")]);
        let steps = [(1.0, "jump"), (2.0, "jump"), (3.0, "jump")];
        assert_eq!(kinds("floor(x)", (0.5, 3.25))?, steps);
        assert_eq!(kinds("ln(x)", (-1.0, 3.0))?, [(0.0, "undefined")]);
        assert_eq!(kinds("x|x|", (-1.0, 1.5))?, [(0.0, "smooth")]);
        Ok(())
    }

    #[test]
    fn a_pole_that_is_no_double_is_told_by_where_it_lies() -> Result<(), Error> {
        let found = kinds("tan(x)", (0.0, 3.0))?;
        assert!(
            matches!(found[..], [(x, "unnamed")] if (x - std::f64::consts::FRAC_PI_2).abs() < 1e-9),
            "{found:?}"
        );
        Ok(())
    }

    #[test]
    fn places_without_number_are_not_told_as_if_they_were_all() -> Result<(), Error> {
        let function = Recorded::from(&Formula::parse("floor(1000 x)")?);
        let found = rough_places(&function, &[0.0], 0, (0.0, 1.0))?;
        assert_eq!(found, RoughPlaces::default());
        Ok(())
    }

    #[test]
    fn what_is_no_range_is_refused() -> Result<(), Error> {
        let function = Recorded::from(&Formula::parse("|x|")?);
        let ranges = [
            (1.0, -1.0),
            (1.0, 1.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
            (f64::MIN, f64::MAX),
        ];
        for range in ranges {
            let refused = rough_places(&function, &[0.0], 0, range);
            assert!(refused.is_err(), "{range:?}");
            assert!(rough_cells(&function, (0.0, 1.0), range, 4).is_err());
        }
        assert!(rough_places(&function, &[0.0], 1, (-1.0, 1.0)).is_err());
        assert!(rough_places(&function, &[], 0, (-1.0, 1.0)).is_err());
        assert!(rough_cells(&function, (0.0, 1.0), (0.0, 1.0), 4).is_err());
        Ok(())
    }
}
