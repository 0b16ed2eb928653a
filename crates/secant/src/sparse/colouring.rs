//! [`Colouring`]: columns that may share one seed. Columns of a Jacobian may when no row holds two of them (Curtis,
//! Powell and Reid 1974); inputs of a Hessian when a star colouring says so (Coleman and Moré 1984), which needs fewer
//! colours since each entry stands there twice.

use std::cmp::Reverse;

use super::Pattern;
use crate::error::{Error, ErrorKind};

/// A colour for each column, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colouring {
    colours: Vec<usize>,
    count: usize,
}

impl Colouring {
    /// Colours so that no row of the pattern holds two columns of one colour; greedy in several orders, the fewest
    /// colours win.
    ///
    /// ```
    /// use secant::sparse::{Colouring, Pattern};
    /// let tridiagonal = (0..1000usize).map(|i| (i.saturating_sub(1)..=(i + 1).min(999)).collect()).collect();
    /// assert_eq!(Colouring::of_columns(&Pattern::new(1000, tridiagonal)?).count(), 3);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn of_columns(pattern: &Pattern) -> Self {
        let rows_of = pattern.transposed();
        let clashes = |column: usize, taken: &mut dyn FnMut(usize)| {
            for row in rows_of.row(column) {
                pattern.row(*row).iter().for_each(|other| taken(*other));
            }
        };
        let conflicts: Vec<usize> = (0..pattern.columns())
            .map(|column| {
                let mut count = 0;
                clashes(column, &mut |_| count += 1);
                count
            })
            .collect();
        best(&conflicts, |order| {
            greedy(order, |column, colours, forbid| {
                clashes(column, &mut |other| {
                    if let Some(colour) = colours[other] {
                        forbid(colour);
                    }
                });
            })
        })
    }

    /// A star colouring of a symmetric pattern: neighbours differ, and no path over four inputs has two colours alone.
    /// Then each entry of the Hessian can be read off a product with one seed directly (Gebremedhin, Manne and Pothen
    /// 2005, algorithm 4.1).
    ///
    /// ```
    /// use secant::sparse::{Colouring, Pattern};
    /// // An arrow: a diagonal, one full row and one full column.
    /// let arrow = (0..50usize).map(|i| if i == 0 { (0..50).collect() } else { vec![0, i] }).collect();
    /// assert_eq!(Colouring::star(&Pattern::new(50, arrow)?)?.count(), 2);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the pattern is not symmetric.
    pub fn star(pattern: &Pattern) -> Result<Self, Error> {
        if !pattern.is_symmetric() {
            return Err(Error::new(
                ErrorKind::Shape,
                "the pattern of a Hessian must be symmetric",
            )
            .hint("colour the columns of a Jacobian with Colouring::of_columns"));
        }
        let degrees: Vec<usize> = (0..pattern.rows())
            .map(|row| pattern.row(row).len())
            .collect();
        Ok(best(&degrees, |order| {
            greedy(order, |input, colours, forbid| {
                forbid_two_coloured_paths(pattern, input, colours, forbid);
            })
        }))
    }

    /// How many colours, that is seeds, there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The colour of a column.
    ///
    /// # Panics
    /// Where there is no such column, as the index of a slice.
    #[must_use]
    pub fn colour(&self, column: usize) -> usize {
        self.colours[column]
    }

    /// The seed of one colour: `scale[j]` in each column j of that colour, 0 elsewhere.
    pub(super) fn seed(&self, colour: usize, scales: &[f64]) -> Vec<f64> {
        let entry = |(own, scale): (&usize, &f64)| if *own == colour { *scale } else { 0.0 };
        self.colours.iter().zip(scales).map(entry).collect()
    }
}

/// What the coloured neighbourhood forbids to an input.
fn forbid_two_coloured_paths(
    pattern: &Pattern,
    input: usize,
    colours: &[Option<usize>],
    forbid: &mut dyn FnMut(usize),
) {
    for near in pattern.row(input).iter().filter(|near| **near != input) {
        if let Some(colour) = colours[*near] {
            forbid(colour);
        }
        for far in pattern.row(*near) {
            let Some(colour) = colours[*far] else {
                continue;
            };
            if far == near || *far == input {
                continue;
            }
            // With the middle still open, or its colour met again beyond, a path of two colours could arise.
            let met_again = |beyond: &usize| {
                beyond != near && beyond != far && colours[*beyond] == colours[*near]
            };
            if colours[*near].is_none() || pattern.row(*far).iter().any(met_again) {
                forbid(colour);
            }
        }
    }
}

/// The colouring with the fewest colours among several orders: as given, by falling number of conflicts, by rising.
fn best(conflicts: &[usize], colour: impl Fn(&[usize]) -> Colouring) -> Colouring {
    let natural: Vec<usize> = (0..conflicts.len()).collect();
    let mut largest_first = natural.clone();
    largest_first.sort_by_key(|column| Reverse(conflicts[*column]));
    let smallest_first: Vec<usize> = largest_first.iter().rev().copied().collect();
    let tried = [natural, largest_first, smallest_first].map(|order| colour(&order));
    let [first, second, third] = tried;
    let fewer = |a: Colouring, b: Colouring| if b.count < a.count { b } else { a };
    fewer(fewer(first, second), third)
}

/// Each column in turn takes the first colour that nothing forbids.
fn greedy(
    order: &[usize],
    forbidden: impl Fn(usize, &[Option<usize>], &mut dyn FnMut(usize)),
) -> Colouring {
    let mut colours: Vec<Option<usize>> = vec![None; order.len()];
    // `barred[c] == column` where colour c is forbidden to this column.
    let mut barred: Vec<usize> = Vec::new();
    for column in order {
        forbidden(*column, &colours, &mut |colour| barred[colour] = *column);
        let colour = barred.iter().position(|barred_to| barred_to != column);
        let colour = colour.unwrap_or_else(|| {
            barred.push(usize::MAX);
            barred.len() - 1
        });
        colours[*column] = Some(colour);
    }
    Colouring {
        count: barred.len(),
        colours: colours.into_iter().flatten().collect(),
    }
}
