//! The largest number in each window of each channel.

use secant::Error;

use super::window::{Grid, Windows, by};
use super::{Along, Layer, Map, Memo, Met, SecondOrder, Visited};
use crate::columns::Columns;
use crate::number::Number;

/// At each place of a channel the largest number that a window sees; padding is never the largest. Samples are `[channels, height, width]`, or
/// `[channels, length]`.
///
/// Where several are the largest, the first of them, by rows, has the whole slope, as in PyTorch and JAX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaxPool {
    grid: Grid,
}

impl MaxPool {
    /// Over samples of this shape.
    ///
    /// # Errors
    /// Where windows and sample have other sides, no window fits, or one would see nothing but padding.
    ///
    /// ```
    /// use secant_train::layer::{Layer, MaxPool, Windows};
    /// let layer = MaxPool::new(&[4, 8, 8], Windows::new(&[2, 2])?.stride(&[2, 2])?)?;
    /// assert_eq!(layer.output(&[4, 8, 8])?, [4, 4, 4]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    pub fn new(shape: &[usize], windows: Windows) -> Result<Self, Error> {
        let grid = Grid::new(shape, windows)?.seeing()?;
        Ok(Self { grid })
    }

    /// Over samples of this shape, with one window for each channel.
    ///
    /// # Errors
    /// Where a sample does not have channels and one or two sides, none of them 0.
    pub fn global(shape: &[usize]) -> Result<Self, Error> {
        Self::new(shape, Windows::new(shape.get(1..).unwrap_or_default())?)
    }

    /// The windows.
    #[must_use]
    pub fn windows(&self) -> &Windows {
        &self.grid.windows
    }
}

impl Layer for MaxPool {
    fn kind(&self) -> &'static str {
        "max pool"
    }

    fn describe(&self) -> String {
        format!("max pool {}", by(self.windows().size()))
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        self.grid.pooled_shape(self, input)
    }
}

impl<T: Number> Map<T> for MaxPool {
    /// Notes which of the numbers that a window sees is the largest. Of numbers that are none, one is passed on.
    fn forward(
        &self,
        _parameters: &[T],
        input: &Columns<T>,
        output: &mut Columns<T>,
        memo: &mut Memo<T>,
    ) {
        let features = self.grid.channels * self.grid.count();
        output.reshape(input.samples(), features);
        memo.notes.reshape(input.samples(), features);
        memo.notes.fill(T::ZERO);
        for (feature, seen) in self.grid.pooled().enumerate() {
            let (largest, which) = (output.column_mut(feature), memo.notes.column_mut(feature));
            for (place, from) in seen.into_iter().enumerate() {
                let x = input.column(from);
                if place == 0 {
                    largest.copy_from_slice(x);
                    continue;
                }
                let place = T::of(place as f64);
                for ((largest, which), x) in largest.iter_mut().zip(&mut *which).zip(x) {
                    if *x > *largest || x.to_f64().is_nan() {
                        (*largest, *which) = (*x, place);
                    }
                }
            }
        }
    }

    fn pullback(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        adjoint: &Columns<T>,
        _gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        let Some(input_adjoint) = input_adjoint else {
            return;
        };
        input_adjoint.reshape(adjoint.samples(), at.input.features());
        input_adjoint.fill(T::ZERO);
        let samples = adjoint.samples();
        for (feature, seen) in self.grid.pooled().enumerate() {
            let columns = adjoint
                .column(feature)
                .iter()
                .zip(at.memo.notes.column(feature));
            for (sample, (adjoint, which)) in columns.enumerate() {
                let from = seen[which.to_f64() as usize];
                input_adjoint.values_mut()[from * samples + sample] += *adjoint;
            }
        }
    }

    /// With x_j the largest, which moves by d_j: the largest of `(x_k - x_j) + d_k`. Where it is another one's, a kink was crossed.
    fn difference(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        met: &mut [Met],
    ) {
        self.of_largest(at, shift, output_shift);
        for (feature, seen) in self.grid.pooled().enumerate() {
            let (largest, moved) = (at.output.column(feature), output_shift.column_mut(feature));
            for from in seen {
                let others = at.input.column(from).iter().zip(shift.column(from));
                let ours = moved.iter_mut().zip(largest).zip(&mut *met);
                for (((moved, largest), met), (x, shift)) in ours.zip(others) {
                    let other = (*x - *largest) + *shift;
                    if other > *moved || other.to_f64().is_nan() {
                        *moved = other;
                        met.kink = true;
                    }
                }
            }
        }
    }

    fn second_order(&self) -> Option<&dyn SecondOrder<T>> {
        Some(self)
    }
}

impl MaxPool {
    /// What stands in the places of the largest numbers.
    fn of_largest<T: Number>(&self, at: Visited<'_, T>, from: &Columns<T>, into: &mut Columns<T>) {
        into.reshape(from.samples(), at.output.features());
        for (feature, seen) in self.grid.pooled().enumerate() {
            let which = at.memo.notes.column(feature);
            for (sample, (into, which)) in
                into.column_mut(feature).iter_mut().zip(which).enumerate()
            {
                *into = from.at(sample, seen[which.to_f64() as usize]);
            }
        }
    }
}

/// It is linear on either side of a kink: its pullback does not turn.
impl<T: Number> SecondOrder<T> for MaxPool {
    fn tangent(
        &self,
        _parameters: &[T],
        at: Visited<'_, T>,
        along: Along<'_, T>,
        output_tangent: &mut Columns<T>,
    ) {
        self.of_largest(at, along.input, output_tangent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The layer over one sample of one channel: what comes out, what goes back, and how far a shift moves it.
    fn run(layer: &MaxPool, sample: &[f64], shift: &[f64]) -> Result<[Vec<f64>; 3], Error> {
        let input = Columns::from_rows(sample, sample.len())?;
        let (mut output, mut memo) = (Columns::default(), Memo::default());
        layer.forward(&[], &input, &mut output, &mut memo);
        let at = Visited {
            input: &input,
            output: &output,
            memo: &memo,
        };
        let ones = Columns::from_rows(&vec![1.0; output.features()], output.features())?;
        let mut back = Columns::default();
        layer.pullback(&[], at, &ones, None, Some(&mut back));
        let (mut moved, mut met) = (Columns::default(), [Met::default()]);
        let shift = Columns::from_rows(shift, shift.len())?;
        layer.difference(&[], at, &shift, &mut moved, &mut met);
        let mut moved = moved.to_rows();
        moved.push(f64::from(u8::from(met[0].kink)));
        Ok([output.to_rows(), back.to_rows(), moved])
    }

    #[test]
    fn the_first_of_a_tie_has_the_whole_slope_and_the_other_takes_over_when_it_moves()
    -> Result<(), Error> {
        let layer = MaxPool::new(&[1, 4], Windows::new(&[2])?.stride(&[2])?)?;
        let sample = [5.0, 5.0, -1.0, 3.0];
        let [output, back, moved] = run(&layer, &sample, &[-0.5, 0.0, 1.0, 2f64.powi(-60)])?;
        assert_eq!(output, [5.0, 3.0]);
        assert_eq!(back, [1.0, 0.0, 0.0, 1.0]);
        // The last shift is lost beside 3, and not lost as a difference.
        assert_eq!(moved, [0.0, 2f64.powi(-60), 1.0]);
        let [_, _, moved] = run(&layer, &sample, &[0.5, 0.25, 1.0, 0.0])?;
        assert_eq!(moved, [0.5, 0.0, 0.0]);
        Ok(())
    }

    #[test]
    fn padding_is_never_the_largest_and_no_window_sees_it_alone() -> Result<(), Error> {
        let windows = Windows::new(&[2, 2])?
            .stride(&[2, 2])?
            .padding(&[1, 1], &[1, 1])?;
        let layer = MaxPool::new(&[1, 2, 2], windows.clone())?;
        let [output, back, _] = run(&layer, &[-4.0, -3.0, -2.0, -1.0], &[0.0; 4])?;
        assert_eq!(output, [-4.0, -3.0, -2.0, -1.0]);
        assert_eq!(back, [1.0; 4]);
        let wide = windows.padding(&[2, 1], &[1, 1])?;
        let refused = MaxPool::new(&[1, 2, 2], wide).err();
        let message = refused.map(|error| error.to_string()).unwrap_or_default();
        assert!(message.starts_with("a window would see nothing but padding"));
        Ok(())
    }

    #[test]
    fn what_is_no_number_comes_through() -> Result<(), Error> {
        let layer = MaxPool::global(&[1, 3])?;
        let [output, _, moved] = run(&layer, &[1.0, f64::NAN, 2.0], &[0.0; 3])?;
        assert!(output[0].is_nan() && moved[0].is_nan());
        Ok(())
    }
}
