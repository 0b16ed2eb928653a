//! [`Triangle`]: the R of a QR factorisation that takes in rows as they come. Memory is that of R, whatever the number of rows, and no product
//! J'J is formed, which would lose half the digits.

/// An upper triangle with n columns, column by column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Triangle {
    n: usize,
    r: Vec<f64>,
}

impl Triangle {
    /// Of no rows at all.
    pub(crate) fn new(n: usize) -> Self {
        Self {
            n,
            r: vec![0.0; n * n],
        }
    }

    pub(crate) fn columns(&self) -> usize {
        self.n
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.r[column * self.n + row]
    }

    /// Takes in so many rows, given column by column in `block`, which is overwritten: Householder's reflections of R with the rows
    /// below it (Golub and Van Loan 2013, section 5.1), none of which touches the zeros of R.
    pub(crate) fn absorb(&mut self, block: &mut [f64], rows: usize) {
        let n = self.n;
        for column in 0..n {
            let (left, right) = block[column * rows..].split_at_mut(rows);
            let largest = left
                .iter()
                .fold(0.0, |largest: f64, x| largest.max(x.abs()));
            if largest == 0.0 {
                continue;
            }
            let pivot = self.at(column, column);
            let norm = pivot.hypot(length(left, largest));
            let alpha = if pivot > 0.0 { -norm } else { norm };
            // The reflection is 1 + v v' / (alpha head), v = (head, rows below); here v is divided by its head.
            let head = pivot - alpha;
            left.iter_mut().for_each(|x| *x /= head);
            self.r[column * n + column] = alpha;
            for (place, other) in right.chunks_exact_mut(rows).enumerate() {
                let own = &mut self.r[(column + 1 + place) * n + column];
                let share = (*own + dot(left, other)) * (head / alpha);
                *own += share;
                other
                    .iter_mut()
                    .zip(&*left)
                    .for_each(|(other, x)| *other += share * x);
            }
        }
    }

    /// Takes in the rows that another has taken in.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.absorb(&mut other.r.clone(), other.n);
    }

    /// The norm of a column: that of the column of all rows.
    pub(crate) fn norm(&self, column: usize) -> f64 {
        (0..=column).fold(0.0, |norm: f64, row| norm.hypot(self.at(row, column)))
    }

    /// The triangle of some of the columns, in this order.
    pub(crate) fn select(&self, columns: &[usize]) -> Self {
        let mut triangle = Self::new(columns.len());
        let picked = columns
            .iter()
            .flat_map(|column| &self.r[column * self.n..(column + 1) * self.n]);
        triangle.absorb(&mut picked.copied().collect::<Vec<f64>>(), self.n);
        triangle
    }

    /// The x for which R x is nearest to the last column, by the columns before it; none where a pivot is 0.
    pub(crate) fn solve(&self) -> Option<Vec<f64>> {
        let last = self.n - 1;
        let right: Vec<f64> = (0..last).map(|row| self.at(row, last)).collect();
        self.back(&right)
    }

    /// x with R x = right, for the first rows of R.
    pub(crate) fn back(&self, right: &[f64]) -> Option<Vec<f64>> {
        let mut x = right.to_vec();
        for row in (0..x.len()).rev() {
            let known: f64 = (row + 1..x.len())
                .map(|column| self.at(row, column) * x[column])
                .sum();
            x[row] = (x[row] - known) / self.at(row, row);
        }
        x.iter().all(|x| x.is_finite()).then_some(x)
    }

    /// x with R' x = right.
    pub(crate) fn forward(&self, right: &[f64]) -> Option<Vec<f64>> {
        let mut x = right.to_vec();
        for row in 0..x.len() {
            let known: f64 = (0..row).map(|above| self.at(above, row) * x[above]).sum();
            x[row] = (x[row] - known) / self.at(row, row);
        }
        x.iter().all(|x| x.is_finite()).then_some(x)
    }

    /// The smallest singular value over the largest once all columns have length 1, by Jacobi's one-sided rotations (Hestenes 1958): how far
    /// the columns are from depending on each other, whatever their units.
    pub(crate) fn independence(&self) -> f64 {
        let n = self.n;
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for column in 0..n {
            let norm = self.norm(column);
            if norm == 0.0 {
                return 0.0;
            }
            columns.push(
                (0..n)
                    .map(|row| {
                        if row <= column {
                            self.at(row, column) / norm
                        } else {
                            0.0
                        }
                    })
                    .collect(),
            );
        }
        const SWEEPS: usize = 30;
        for _ in 0..SWEEPS {
            let mut turned = false;
            for second in 1..n {
                let (before, after) = columns.split_at_mut(second);
                for first in before {
                    turned |= rotate(first, &mut after[0]);
                }
            }
            if !turned {
                break;
            }
        }
        let norms = columns.iter().map(|column| dot(column, column).sqrt());
        let (low, high) = norms.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), norm| {
            (low.min(norm), high.max(norm))
        });
        if n == 0 { 1.0 } else { low / high }
    }
}

/// The length of a vector whose largest entry has this size, safe from overflow.
fn length(x: &[f64], largest: f64) -> f64 {
    if (1e-140..1e140).contains(&largest) {
        return dot(x, x).sqrt();
    }
    let scaled: Vec<f64> = x.iter().map(|x| x / largest).collect();
    dot(&scaled, &scaled).sqrt() * largest
}

/// The inner product, in eight sums side by side, so that the order is the same on every machine.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const SUMS: usize = 8;
    let mut sums = [0.0; SUMS];
    let (a, b) = (a.chunks_exact(SUMS), b.chunks_exact(SUMS));
    let rest: f64 = a
        .remainder()
        .iter()
        .zip(b.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a.zip(b) {
        for place in 0..SUMS {
            sums[place] += a[place] * b[place];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h)) + rest
}

/// Turns two columns until they are at right angles; whether there was anything to turn.
fn rotate(first: &mut [f64], second: &mut [f64]) -> bool {
    let (a, b, c) = (dot(first, first), dot(second, second), dot(first, second));
    if c.abs() <= f64::EPSILON * (a * b).sqrt() {
        return false;
    }
    let zeta = (b - a) / (2.0 * c);
    let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = cosine * tangent;
    for (x, y) in first.iter_mut().zip(second) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns that look like chance and are the same each time.
    fn block(rows: usize, n: usize) -> Vec<f64> {
        (0..rows * n)
            .map(|place| ((place * place) as f64 * 0.7).sin())
            .collect()
    }

    #[test]
    fn squares_of_the_triangle_are_those_of_the_rows() {
        let (rows, n) = (50, 4);
        let blocks: Vec<Vec<f64>> = (1..4).map(|part| block(rows * part, n)).collect();
        let mut triangle = Triangle::new(n);
        for (part, block) in blocks.iter().enumerate() {
            triangle.absorb(&mut block.clone(), rows * (part + 1));
        }
        for i in 0..n {
            for j in 0..n {
                let column = |block: &[f64], j: usize| {
                    block
                        .chunks(block.len() / n)
                        .nth(j)
                        .map(<[f64]>::to_vec)
                        .unwrap_or_default()
                };
                let of_rows: f64 = blocks
                    .iter()
                    .map(|block| dot(&column(block, i), &column(block, j)))
                    .sum();
                let of_triangle: f64 = (0..=i.min(j))
                    .map(|row| triangle.at(row, i) * triangle.at(row, j))
                    .sum();
                assert!(
                    (of_rows - of_triangle).abs() < 1e-13,
                    "{of_rows} {of_triangle}"
                );
            }
        }
    }

    #[test]
    fn columns_that_depend_on_each_other_are_seen() {
        let x: Vec<f64> = (0..20).map(f64::from).collect();
        let columns = [
            x.iter().map(|x| 1e8 * x).collect::<Vec<f64>>(),
            x.iter().map(|x| 1e-8 * x * x).collect(),
            x.iter().map(|x| 1e8 * x + 3e-8 * x * x).collect(),
        ];
        let mut triangle = Triangle::new(3);
        triangle.absorb(&mut columns.concat(), 20);
        assert!(
            triangle.independence() < 1e-15,
            "{}",
            triangle.independence()
        );
        assert!(triangle.select(&[0, 1]).independence() > 0.1);
    }
}
