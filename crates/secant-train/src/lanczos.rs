//! The eigenvalues of a symmetric matrix that are furthest from 0, from products with vectors alone (Lanczos 1950; Golub and Van Loan 2013,
//! sections 8.3 and 10.1). Every vector is kept orthogonal to all before it, which rounding would else undo.

use secant::Error;

use crate::number::Number;
use crate::random::Random;

/// An eigenvalue with its vector, which has length 1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair<T> {
    pub(crate) value: f64,
    pub(crate) vector: Vec<T>,
    /// The length of `A x - value x`: an eigenvalue lies no further than this from `value`.
    pub(crate) residual: f64,
}

/// A residual this small beside the largest eigenvalue is enough: eigenvalues are off by its square.
const ENOUGH: f64 = 1e-9;
/// So many products are made at most, and so many numbers kept.
const MOST_PRODUCTS: usize = 300;
const MOST_NUMBERS: usize = 1 << 27;

/// The vectors so far, and the matrix between them: on its diagonal, and beside it.
struct Basis<'a, T> {
    /// All are orthogonal to the vectors of these.
    found: &'a [Pair<T>],
    vectors: Vec<Vec<T>>,
    diagonal: Vec<f64>,
    beside: Vec<f64>,
}

/// So many pairs, the ones furthest from 0 first; fewer where the matrix has no more. From one start an eigenvalue is met once, however often it stands there: so
/// what is orthogonal to all that was found is searched for a further one, until that is nearer to 0.
pub(crate) fn furthest<T: Number>(
    size: usize,
    count: usize,
    random: &mut Random,
    mut product: impl FnMut(&[T], &mut [T]) -> Result<(), Error>,
) -> Result<Vec<Pair<T>>, Error> {
    let mut pairs = beside(&[], size, count, random, &mut product)?;
    for _ in 1..pairs.len() {
        let further = beside(&pairs, size, 1, random, &mut product)?.pop();
        let last = pairs.last().map_or(0.0, |pair| pair.value.abs());
        let Some(further) = further.filter(|pair| pair.value.abs() > last) else {
            break;
        };
        pairs.pop();
        pairs.push(further);
        pairs.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    }
    Ok(pairs)
}

/// So many pairs from one start, orthogonal to all that were found before.
fn beside<T: Number>(
    found: &[Pair<T>],
    size: usize,
    count: usize,
    random: &mut Random,
    product: &mut impl FnMut(&[T], &mut [T]) -> Result<(), Error>,
) -> Result<Vec<Pair<T>>, Error> {
    let room = size.saturating_sub(found.len());
    let count = count.min(room);
    let kept = MOST_NUMBERS / size.max(1);
    let most = kept.min(MOST_PRODUCTS).max(2 * count).min(room);
    let mut basis = Basis {
        found,
        vectors: Vec::new(),
        diagonal: Vec::new(),
        beside: Vec::new(),
    };
    let mut next = basis.fresh(size, random);
    let (mut is_broken, mut looked) = (false, 2 * count);
    while basis.vectors.len() < most {
        let Some(vector) = next.take() else { break };
        let mut moved = vec![T::ZERO; size];
        product(&vector, &mut moved)?;
        basis.diagonal.push(dot(&vector, &moved));
        basis.vectors.push(vector);
        basis.orthogonalise(&mut moved);
        let length = dot(&moved, &moved).sqrt();
        let scale = basis.scale();
        if length > (size as f64).sqrt() * f64::EPSILON * scale {
            basis.beside.push(length);
            moved
                .iter_mut()
                .for_each(|x| *x = T::of(x.to_f64() / length));
            next = Some(moved);
        } else {
            // What was reached so far leads nowhere else: from another start, and then to the end, for it says nothing of what is left.
            is_broken = true;
            basis.beside.push(0.0);
            next = basis.fresh(size, random);
        }
        let steps = basis.vectors.len();
        if !is_broken && steps >= looked {
            if basis.is_enough(count, length) {
                break;
            }
            looked = steps + steps.div_ceil(4);
        }
    }
    let mut pairs = Vec::with_capacity(count);
    for (_, weights) in basis.ritz(count) {
        pairs.push(basis.pair(&weights, product)?);
    }
    pairs.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    Ok(pairs)
}

impl<T: Number> Basis<'_, T> {
    /// A random vector orthogonal to all so far; `None` where there is no room left.
    fn fresh(&self, size: usize, random: &mut Random) -> Option<Vec<T>> {
        if self.found.len() + self.vectors.len() >= size {
            return None;
        }
        let mut vector: Vec<T> = (0..size).map(|_| T::of(random.normal())).collect();
        self.orthogonalise(&mut vector);
        let length = dot(&vector, &vector).sqrt();
        (length > 0.0).then(|| vector.iter().map(|x| T::of(x.to_f64() / length)).collect())
    }

    /// Takes out of a vector its parts along all so far, twice, since the first time leaves what rounding made of them.
    fn orthogonalise(&self, vector: &mut [T]) {
        let found = self.found.iter().map(|pair| &pair.vector);
        let all = found.chain(&self.vectors);
        for other in all.clone().chain(all) {
            let share = T::of(-dot(other, vector));
            secant_vmath::mul_add(other, share, secant_vmath::InPlace, vector);
        }
    }

    /// How large the matrix is.
    fn scale(&self) -> f64 {
        let sizes = self.diagonal.iter().chain(&self.beside);
        sizes.fold(0.0, |most, x| most.max(x.abs()))
    }

    /// The values furthest from 0 of the matrix between the vectors, each with the weights of the vectors.
    fn ritz(&self, count: usize) -> Vec<(f64, Vec<f64>)> {
        let mut pairs = tridiagonal(&self.diagonal, &self.beside);
        pairs.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        pairs.truncate(count);
        pairs
    }

    /// Whether so many pairs are right, as the last weight of each tells (Golub and Van Loan 2013, theorem 10.1.2).
    fn is_enough(&self, count: usize, beside: f64) -> bool {
        let pairs = self.ritz(count);
        let largest = pairs.first().map_or(0.0, |pair| pair.0.abs());
        pairs.iter().all(|(_, weights)| {
            let last = weights.last().copied().unwrap_or(1.0);
            beside * last.abs() <= ENOUGH * largest
        })
    }

    /// The pair of these weights, its residual from a product of its own.
    fn pair(
        &self,
        weights: &[f64],
        product: &mut impl FnMut(&[T], &mut [T]) -> Result<(), Error>,
    ) -> Result<Pair<T>, Error> {
        let size = self.vectors.first().map_or(0, Vec::len);
        let mut vector = vec![T::ZERO; size];
        for (weight, other) in weights.iter().zip(&self.vectors) {
            secant_vmath::mul_add(other, T::of(*weight), secant_vmath::InPlace, &mut vector);
        }
        // Of the two signs the one by which the largest part is above 0.
        let largest =
            vector.iter().copied().fold(
                T::ZERO,
                |most, x| {
                    if x.abs() > most.abs() { x } else { most }
                },
            );
        let length = dot(&vector, &vector).sqrt().copysign(largest.to_f64());
        vector
            .iter_mut()
            .for_each(|x| *x = T::of(x.to_f64() / length));
        let mut moved = vec![T::ZERO; size];
        product(&vector, &mut moved)?;
        let value = dot(&vector, &moved);
        let left = vector.iter().zip(&moved).map(|(x, moved)| {
            let left = moved.to_f64() - value * x.to_f64();
            left * left
        });
        Ok(Pair {
            value,
            residual: left.sum::<f64>().sqrt(),
            vector,
        })
    }
}

fn dot<T: Number>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.to_f64() * b.to_f64()).sum()
}

/// The eigenvalues of a symmetric matrix that has numbers on its diagonal and beside it alone, each with its vector: by QL steps with implicit
/// shifts (Golub and Van Loan 2013, algorithm 8.3.3, from the other end).
fn tridiagonal(diagonal: &[f64], beside: &[f64]) -> Vec<(f64, Vec<f64>)> {
    /// QL needs about two steps for each value; NaN would have it go on for ever.
    const MOST_STEPS: usize = 60;
    let size = diagonal.len();
    let (mut d, mut e) = (diagonal.to_vec(), beside.to_vec());
    e.resize(size, 0.0);
    if let Some(last) = e.last_mut() {
        *last = 0.0;
    }
    // Row by row the vectors that come out.
    let mut vectors: Vec<Vec<f64>> = (0..size)
        .map(|place| {
            (0..size)
                .map(|other| f64::from(u8::from(place == other)))
                .collect()
        })
        .collect();
    for first in 0..size {
        for _ in 0..MOST_STEPS {
            let is_parted = |place: &usize| {
                e[*place].abs() <= f64::EPSILON * (d[*place].abs() + d[*place + 1].abs())
            };
            let last = (first..size - 1).find(is_parted).unwrap_or(size - 1);
            if last == first {
                break;
            }
            ql_step(&mut d, &mut e, &mut vectors, first, last);
        }
    }
    d.into_iter().zip(vectors).collect()
}

/// One step over the rows from `first` to `last`.
fn ql_step(d: &mut [f64], e: &mut [f64], vectors: &mut [Vec<f64>], first: usize, last: usize) {
    // The shift is Wilkinson's: the eigenvalue of the first two rows nearer to the first.
    let half = (d[first + 1] - d[first]) / (2.0 * e[first]);
    let mut g = d[last] - d[first] + e[first] / (half + half.hypot(1.0).copysign(half));
    let (mut sine, mut cosine, mut shift) = (1.0, 1.0, 0.0);
    for place in (first..last).rev() {
        let (f, b) = (sine * e[place], cosine * e[place]);
        let length = f.hypot(g);
        e[place + 1] = length;
        if length == 0.0 {
            d[place + 1] -= shift;
            e[last] = 0.0;
            return;
        }
        (sine, cosine) = (f / length, g / length);
        g = d[place + 1] - shift;
        let turn = (d[place] - g) * sine + 2.0 * cosine * b;
        shift = sine * turn;
        d[place + 1] = g + shift;
        g = cosine * turn - b;
        let (before, after) = vectors.split_at_mut(place + 1);
        for (low, high) in before[place].iter_mut().zip(&mut after[0]) {
            (*low, *high) = (cosine * *low - sine * *high, sine * *low + cosine * *high);
        }
    }
    d[first] -= shift;
    e[first] = g;
    e[last] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dense symmetric matrix times a vector.
    fn times(matrix: &[Vec<f64>]) -> impl FnMut(&[f64], &mut [f64]) -> Result<(), Error> + '_ {
        move |vector, product| {
            for (into, row) in product.iter_mut().zip(matrix) {
                *into = dot(row, vector);
            }
            Ok(())
        }
    }

    #[test]
    fn the_second_difference_has_the_eigenvalues_of_the_textbook() {
        // 2 on the diagonal, -1 beside it: 2 - 2 cos(k π / (n + 1)).
        let size = 40;
        let pairs = tridiagonal(&vec![2.0; size], &vec![-1.0; size - 1]);
        let mut values: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
        values.sort_by(f64::total_cmp);
        for (place, value) in values.into_iter().enumerate() {
            let angle = (place + 1) as f64 * std::f64::consts::PI / (size + 1) as f64;
            assert!(
                (value - (2.0 - 2.0 * angle.cos())).abs() < 1e-14,
                "{place}: {value}"
            );
        }
        for (value, vector) in pairs {
            let at = |place: usize| vector.get(place).copied().unwrap_or(0.0);
            for place in 0..size {
                let moved = 2.0 * at(place) - at(place.wrapping_sub(1)) - at(place + 1);
                assert!((moved - value * at(place)).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn the_furthest_eigenvalues_of_either_sign_come_first() -> Result<(), Error> {
        // The reflection I - 2 u u' turns the diagonal 1, 2, …, 60, -61 into a full matrix with the same eigenvalues.
        let size = 61;
        let u: Vec<f64> = (0..size).map(|place| ((place + 1) as f64).sin()).collect();
        let length = dot(&u, &u);
        let reflected = |row: usize, column: usize| {
            f64::from(u8::from(row == column)) - 2.0 * u[row] * u[column] / length
        };
        let own = |place: usize| {
            if place == 60 {
                -61.0
            } else {
                (place + 1) as f64
            }
        };
        let matrix: Vec<Vec<f64>> = (0..size)
            .map(|row| {
                let entry = |column: usize| {
                    (0..size)
                        .map(|k| reflected(row, k) * own(k) * reflected(k, column))
                        .sum()
                };
                (0..size).map(entry).collect()
            })
            .collect();
        let pairs = furthest(size, 3, &mut Random::new(5), times(&matrix))?;
        let values: Vec<f64> = pairs.iter().map(|pair| pair.value).collect();
        for (value, truth) in values.iter().zip([-61.0, 60.0, 59.0]) {
            assert!((value - truth).abs() < 1e-11, "{values:?}");
        }
        assert!(pairs.iter().all(|pair| pair.residual < 1e-6));
        Ok(())
    }

    /// Four copies of the second difference, which is too large for a start to come to its end.
    #[test]
    fn an_eigenvalue_is_found_as_often_as_it_stands_there() -> Result<(), Error> {
        const COPIES: usize = 4;
        let length = 200;
        let size = COPIES * length;
        let product = |vector: &[f64], product: &mut [f64]| {
            for copy in 0..COPIES {
                let at = |place: usize| match place < length {
                    true => vector[copy * length + place],
                    false => 0.0,
                };
                for place in 0..length {
                    // A slope on the diagonal keeps eigenvalues apart.
                    let own = 2.0 + 0.1 * place as f64;
                    product[copy * length + place] =
                        own * at(place) - at(place.wrapping_sub(1)) - at(place + 1);
                }
            }
            Ok(())
        };
        let alone: Vec<f64> = (0..length).map(|place| 2.0 + 0.1 * place as f64).collect();
        let mut truth: Vec<f64> = tridiagonal(&alone, &vec![-1.0; length - 1])
            .into_iter()
            .map(|pair| pair.0)
            .collect();
        truth.sort_by(|a, b| b.total_cmp(a));
        let pairs = furthest(size, 5, &mut Random::new(3), product)?;
        let values: Vec<f64> = pairs.iter().map(|pair| pair.value).collect();
        for (place, value) in values.iter().enumerate() {
            let truth = truth[place / COPIES];
            assert!(
                (value - truth).abs() < 1e-10 * truth,
                "{values:?}, not {truth}"
            );
        }
        for (place, pair) in pairs.iter().enumerate() {
            let others = &pairs[..place];
            assert!(
                others
                    .iter()
                    .all(|other| dot(&other.vector, &pair.vector).abs() < 1e-7)
            );
        }
        Ok(())
    }

    #[test]
    fn a_matrix_of_low_rank_and_none_at_all_come_to_an_end() -> Result<(), Error> {
        let mut matrix = vec![vec![0.0; 30]; 30];
        matrix[3][3] = 7.0;
        matrix[4][4] = 7.0;
        let pairs = furthest(30, 3, &mut Random::new(1), times(&matrix))?;
        let values: Vec<f64> = pairs.iter().map(|pair| pair.value).collect();
        // Each of two equal eigenvalues is found, since a start that leads nowhere is followed by another.
        assert!((values[0] - 7.0).abs() < 1e-13 && (values[1] - 7.0).abs() < 1e-13);
        assert!(values[2].abs() < 1e-13);
        assert_eq!(furthest(0, 2, &mut Random::new(1), times(&[]))?, []);
        Ok(())
    }
}
