//! Matrix products over slices: `into = left right`, or added to something. Matrices are views with two strides, so that a
//! transposed one costs nothing. The kernels are those of `gemm`, which picks them for the processor at run time; they take
//! pointers, and this crate stands here to hold the one unsafe call, behind views whose shapes are checked. Where a side is a few
//! numbers wide, the loops of `secant-vmath` are faster, which pack nothing.
//!
//! ```
//! use secant_product::{Matrix, MatrixMut, Onto, product};
//! let left = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]; // rows (1 2 3), (4 5 6)
//! let right = [1.0, 0.0, 0.0, 1.0, 1.0, 1.0]; // rows (1 0), (0 1), (1 1)
//! let mut into = [0.0; 4];
//! product(MatrixMut::by_rows(&mut into, 2, 2), Onto::Nothing, Matrix::by_rows(&left, 2, 3), Matrix::by_rows(&right, 3, 2));
//! assert_eq!(into, [4.0, 5.0, 10.0, 11.0]);
//! ```

mod sealed {
    /// Rows, columns, inner side; where the product goes, its steps from column to column and from row to row, and whether it is added to what stands there; both
    /// factors with their steps; what the sum and the product are multiplied by; which are conjugated; how many threads.
    pub(crate) type Kernel<T> = unsafe fn(
        usize,
        usize,
        usize,
        *mut T,
        isize,
        isize,
        bool,
        *const T,
        isize,
        isize,
        *const T,
        isize,
        isize,
        T,
        T,
        bool,
        bool,
        bool,
        gemm_common::Parallelism,
    );

    pub trait Sealed: Sized {
        const NOTHING: Self;
        const UNIT: Self;

        /// The kernel for this processor.
        fn kernel() -> Kernel<Self>;
    }

    impl Sealed for f32 {
        const NOTHING: Self = 0.0;
        const UNIT: Self = 1.0;

        fn kernel() -> Kernel<Self> {
            gemm_f32::gemm::f32::get_gemm_fn()
        }
    }

    impl Sealed for f64 {
        const NOTHING: Self = 0.0;
        const UNIT: Self = 1.0;

        fn kernel() -> Kernel<Self> {
            gemm_f64::gemm::f64::get_gemm_fn()
        }
    }
}

use sealed::Sealed;
use secant_vmath::{Real, combinations, inner_products};

pub use secant_vmath::Onto;

/// A number that matrices may hold: `f32` or `f64`.
pub trait Factor: Sealed + Real {}

impl Factor for f32 {}
impl Factor for f64 {}

/// How a matrix lies in its slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    rows: usize,
    columns: usize,
    row_step: usize,
    column_step: usize,
}

impl Form {
    fn by_rows(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            row_step: columns,
            column_step: 1,
        }
    }

    fn by_columns(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            row_step: 1,
            column_step: rows,
        }
    }

    fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
        }
    }

    /// Whether rows stand one after the other, each without gaps.
    fn is_by_rows(self) -> bool {
        (self.row_step, self.column_step) == (self.columns, 1)
    }

    /// Whether columns do.
    fn is_by_columns(self) -> bool {
        self.transposed().is_by_rows()
    }
}

/// A matrix that is read.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a, T> {
    values: &'a [T],
    form: Form,
}

impl<'a, T: Factor> Matrix<'a, T> {
    /// Rows one after the other.
    ///
    /// # Panics
    /// Where the slice does not hold exactly rows times columns numbers, as with any slice out of its range.
    #[must_use]
    pub fn by_rows(values: &'a [T], rows: usize, columns: usize) -> Self {
        Self {
            values: whole(values, rows, columns),
            form: Form::by_rows(rows, columns),
        }
    }

    /// Columns one after the other.
    ///
    /// # Panics
    /// Where the slice does not hold exactly rows times columns numbers.
    #[must_use]
    pub fn by_columns(values: &'a [T], rows: usize, columns: usize) -> Self {
        Self {
            values: whole(values, rows, columns),
            form: Form::by_columns(rows, columns),
        }
    }

    /// Rows for columns.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self {
            form: self.form.transposed(),
            ..self
        }
    }
}

/// A matrix that is written.
#[derive(Debug)]
pub struct MatrixMut<'a, T> {
    values: &'a mut [T],
    form: Form,
}

impl<'a, T: Factor> MatrixMut<'a, T> {
    /// Rows one after the other.
    ///
    /// # Panics
    /// Where the slice does not hold exactly rows times columns numbers.
    #[must_use]
    pub fn by_rows(values: &'a mut [T], rows: usize, columns: usize) -> Self {
        whole(values, rows, columns);
        Self {
            values,
            form: Form::by_rows(rows, columns),
        }
    }

    /// Columns one after the other.
    ///
    /// # Panics
    /// Where the slice does not hold exactly rows times columns numbers.
    #[must_use]
    pub fn by_columns(values: &'a mut [T], rows: usize, columns: usize) -> Self {
        whole(values, rows, columns);
        Self {
            values,
            form: Form::by_columns(rows, columns),
        }
    }

    /// Rows for columns.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self {
            form: self.form.transposed(),
            ..self
        }
    }
}

/// The slice, which holds so many numbers and no more. The size is formed without overflow, since the kernels rest on it.
#[allow(clippy::panic)]
fn whole<T>(values: &[T], rows: usize, columns: usize) -> &[T] {
    match rows.checked_mul(columns) {
        Some(size) if size == values.len() => values,
        _ => panic!(
            "{} numbers are no matrix of {rows} rows and {columns} columns",
            values.len()
        ),
    }
}

/// The product of two matrices added to `onto`, on one core.
///
/// # Panics
/// Where the shapes do not fit together.
pub fn product<T: Factor>(
    into: MatrixMut<'_, T>,
    onto: Onto<'_, T>,
    left: Matrix<'_, T>,
    right: Matrix<'_, T>,
) {
    let (rows, columns, inner) = (into.form.rows, into.form.columns, left.form.columns);
    assert!(
        (left.form.rows, right.form.rows, right.form.columns) == (rows, inner, columns),
        "a product of {} x {} and {} x {} is no {rows} x {columns}",
        left.form.rows,
        left.form.columns,
        right.form.rows,
        right.form.columns,
    );
    if let Onto::Numbers(numbers) = onto {
        assert_eq!(numbers.len(), columns, "a number for each column");
    }
    let thin = [rows, columns, inner].iter().any(|side| *side <= THIN);
    if thin && into.form.is_by_columns() && left.form.is_by_columns() {
        let steps = [right.form.row_step, right.form.column_step];
        combinations(into.values, rows, left.values, right.values, steps, onto);
    } else if thin && left.form.is_by_rows() && right.form.is_by_columns() {
        let into = begun(into, onto);
        let steps = [into.form.row_step, into.form.column_step];
        inner_products(into.values, steps, inner, left.values, right.values);
    } else {
        let added = onto != Onto::Nothing;
        let into = if added { begun(into, onto) } else { into };
        packed(into, added, left, right);
    }
}

/// Up to how many numbers a side is thin.
const THIN: usize = 4;

/// The matrix after what the product is to be added to has been written into it.
fn begun<'a, T: Factor>(into: MatrixMut<'a, T>, onto: Onto<'_, T>) -> MatrixMut<'a, T> {
    let form = into.form;
    match onto {
        Onto::Nothing => into.values.fill(T::NOTHING),
        Onto::Present => {}
        Onto::Numbers(numbers) if form.is_by_columns() => {
            for (column, number) in into.values.chunks_exact_mut(form.rows.max(1)).zip(numbers) {
                column.fill(*number);
            }
        }
        Onto::Numbers(numbers) => {
            for (column, number) in numbers.iter().enumerate() {
                for row in 0..form.rows {
                    into.values[row * form.row_step + column * form.column_step] = *number;
                }
            }
        }
    }
    into
}

/// The product by the kernels of `gemm`. The shapes fit together.
fn packed<T: Factor>(
    into: MatrixMut<'_, T>,
    added: bool,
    left: Matrix<'_, T>,
    right: Matrix<'_, T>,
) {
    // The kernels write columns: a product by rows is the transposed one by columns.
    let (into, left, right) = if into.form.column_step < into.form.row_step {
        (into.transposed(), right.transposed(), left.transposed())
    } else {
        (into, left, right)
    };
    let step = |step: usize| step.cast_signed();
    // SAFETY: every view was made by `whole`, so that its slice holds rows times columns numbers of initialised memory and its
    // two strides reach each of them once; the shapes were held against each other by `product`; and `into` is borrowed
    // mutably, so that it overlaps neither factor.
    #[allow(unsafe_code)]
    unsafe {
        T::kernel()(
            into.form.rows,
            into.form.columns,
            left.form.columns,
            into.values.as_mut_ptr(),
            step(into.form.column_step),
            step(into.form.row_step),
            added,
            left.values.as_ptr(),
            step(left.form.column_step),
            step(left.form.row_step),
            right.values.as_ptr(),
            step(right.form.column_step),
            step(right.form.row_step),
            T::UNIT,
            T::UNIT,
            false,
            false,
            false,
            gemm_common::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers small enough that every sum is exact in any order.
    fn numbers(count: usize, seed: usize) -> Vec<f64> {
        (0..count)
            .map(|place| ((place * 37 + seed * 11) % 19) as f64 - 9.0)
            .collect()
    }

    #[test]
    fn a_product_is_the_sum_of_products_in_every_layout() {
        for (rows, inner, columns) in [(1, 1, 1), (3, 2, 5), (17, 33, 9), (64, 10, 1), (5, 0, 4)] {
            let (left, right) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
            for layout in 0..4 {
                let a = if layout % 2 == 0 {
                    Matrix::by_rows(&left, rows, inner)
                } else {
                    Matrix::by_rows(&left, inner, rows).transposed()
                };
                let b = if layout < 2 {
                    Matrix::by_rows(&right, inner, columns)
                } else {
                    Matrix::by_columns(&right, inner, columns)
                };
                let mut into = vec![1.0; rows * columns];
                product(
                    MatrixMut::by_rows(&mut into, rows, columns),
                    Onto::Present,
                    a,
                    b,
                );
                for row in 0..rows {
                    for column in 0..columns {
                        let sum: f64 = (0..inner)
                            .map(|k| {
                                let left = if layout % 2 == 0 {
                                    left[row * inner + k]
                                } else {
                                    left[k * rows + row]
                                };
                                let right = if layout < 2 {
                                    right[k * columns + column]
                                } else {
                                    right[column * inner + k]
                                };
                                left * right
                            })
                            .sum();
                        assert_eq!(into[row * columns + column], 1.0 + sum);
                    }
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "no matrix")]
    fn a_slice_too_short_is_refused() {
        let _ = Matrix::by_rows(&[1.0; 5], 2, 3);
    }

    #[test]
    #[should_panic(expected = "is no 2 x 2")]
    fn shapes_that_do_not_fit_are_refused() {
        let mut into = [0.0; 4];
        product(
            MatrixMut::by_rows(&mut into, 2, 2),
            Onto::Nothing,
            Matrix::by_rows(&[1.0; 6], 2, 3),
            Matrix::by_rows(&[1.0; 4], 2, 2),
        );
    }
}
