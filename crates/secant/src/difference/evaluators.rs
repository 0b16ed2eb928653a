//! How values are had: one by one from a closure, many at once from a batch, or by several evaluators side by side.

/// What a function may return: a number, or a number that may be missing. A missing one is a point outside of the domain.
///
/// ```
/// let root = |x: f64| if x < 0.0 { Err("no root below 0") } else { Ok(x.sqrt()) };
/// let found = secant::Differences::new().derivative(root, 0.0)?;
/// assert_eq!(found.finding.name(), "infinite");
/// # Ok::<(), secant::Error>(())
/// ```
pub trait Value {
    /// The number; NaN where it is missing.
    fn number(self) -> f64;
}

impl Value for f64 {
    fn number(self) -> f64 {
        self
    }
}

impl<E> Value for Result<f64, E> {
    fn number(self) -> f64 {
        self.unwrap_or(f64::NAN)
    }
}

impl Value for Option<f64> {
    fn number(self) -> f64 {
        self.unwrap_or(f64::NAN)
    }
}

/// A batch from a closure of one point: rows of inputs in, one value for each out.
pub(super) fn rows<V: Value>(
    mut function: impl FnMut(&[f64]) -> V,
    inputs: usize,
) -> impl FnMut(&[f64], &mut [f64]) {
    move |points, values| {
        for (point, value) in points.chunks_exact(inputs).zip(values) {
            *value = function(point).number();
        }
    }
}

/// The same of a function that writes its outputs: rows of outputs out.
pub(crate) fn each_point(
    mut function: impl FnMut(&[f64], &mut [f64]),
    inputs: usize,
    outputs: usize,
) -> impl FnMut(&[f64], &mut [f64]) {
    move |points, values| {
        let rows = values.chunks_exact_mut(outputs.max(1));
        for (point, values) in points.chunks_exact(inputs.max(1)).zip(rows) {
            function(point, values);
        }
    }
}

/// A batch function that shares its points out among evaluators, each on its own thread: copies of a closure, or connections to as
/// many simulators. One evaluator runs on the calling thread.
///
/// ```
/// use secant::{Differences, pool};
/// let slow = |x: &[f64]| x[0] * x[0] * x[1];
/// let gradient = Differences::new().gradient_batch(pool(vec![slow; 2]), &[3.0, 5.0])?;
/// assert!((gradient[0].value().unwrap() - 30.0).abs() < 1e-9);
/// # Ok::<(), secant::Error>(())
/// ```
pub fn pool<V: Value, F: FnMut(&[f64]) -> V + Send>(
    mut evaluators: Vec<F>,
) -> impl FnMut(&[f64], &mut [f64]) {
    move |points, values| {
        let inputs = points.len() / values.len().max(1);
        let share = values.len().div_ceil(evaluators.len().max(1)).max(1);
        if inputs == 0 || evaluators.is_empty() {
            values.fill(f64::NAN);
            return;
        }
        let work = |function: &mut F, points: &[f64], values: &mut [f64]| {
            for (point, value) in points.chunks_exact(inputs).zip(values) {
                *value = function(point).number();
            }
        };
        let shares = points.chunks(share * inputs).zip(values.chunks_mut(share));
        std::thread::scope(|scope| {
            let mut own = None;
            for (function, (points, values)) in evaluators.iter_mut().zip(shares) {
                if own.is_none() {
                    own = Some((function, points, values));
                } else {
                    scope.spawn(move || work(function, points, values));
                }
            }
            if let Some((function, points, values)) = own {
                work(function, points, values);
            }
        });
    }
}
