//! [`Csr`]: a sparse matrix by compressed rows.

/// A sparse matrix by compressed rows: the columns and values of all rows one after another, and where each row begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    /// How many columns there are.
    pub columns: usize,
    /// Where each row begins among the entries; one number more than rows, the last being the number of entries.
    pub starts: Vec<usize>,
    /// The column of each entry, rising within a row.
    pub indices: Vec<usize>,
    /// The value of each entry.
    pub values: Vec<f64>,
}

impl Csr {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The columns and values of one row.
    ///
    /// ```
    /// use secant::sparse::Csr;
    /// let matrix = Csr { columns: 3, starts: vec![0, 2, 3], indices: vec![0, 2, 1], values: vec![5.0, 6.0, 7.0] };
    /// assert_eq!(matrix.row(0).collect::<Vec<_>>(), [(0, 5.0), (2, 6.0)]);
    /// assert_eq!(matrix.times(&[1.0, 10.0, 100.0]), [605.0, 70.0]);
    /// assert_eq!(matrix.times_from_left(&[1.0, 10.0]), [5.0, 70.0, 6.0]);
    /// ```
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> {
        let entries = self.starts[row]..self.starts[row + 1];
        let indices = self.indices[entries.clone()].iter().copied();
        indices.zip(self.values[entries].iter().copied())
    }

    /// The matrix times a column vector; entries of the vector that are missing count as 0.
    #[must_use]
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        let at = |column: usize| vector.get(column).copied().unwrap_or(0.0);
        let product = |row| {
            self.row(row)
                .map(|(column, value)| value * at(column))
                .sum()
        };
        (0..self.rows()).map(product).collect()
    }

    /// A row vector times the matrix.
    #[must_use]
    pub fn times_from_left(&self, vector: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; self.columns];
        for (row, weight) in vector.iter().enumerate().take(self.rows()) {
            for (column, value) in self.row(row) {
                product[column] += weight * value;
            }
        }
        product
    }
}
