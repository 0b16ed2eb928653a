//! A loss that is a formula of one output and its target.

use secant::{Error, ErrorKind, Formula, Function, Interval, Recorded};

use super::Residual;
use crate::difference;
use crate::layer::Met;
use crate::number::Number;

/// A formula of an output `y` and its target `t`; of several outputs, their mean.
///
/// ```
/// use secant_train::Loss;
/// assert!(Loss::parse("ln(cosh(y - t))").is_ok());
/// assert_eq!(Loss::parse("(p - t)^2").unwrap_err().kind().name(), "unknown-variable");
/// ```
#[derive(Clone, Debug)]
pub struct FormulaLoss {
    text: String,
    function: Recorded,
    slope: Recorded,
    curvature: Recorded,
    /// Where output and target stand among its inputs.
    output: usize,
    target: Option<usize>,
}

impl FormulaLoss {
    /// Reads the formula.
    ///
    /// # Errors
    /// Where the text is no formula, does not hold `y`, or holds a name beside `y` and `t`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let formula = Formula::parse(text)?;
        let names = formula.variables();
        if let Some(other) = names
            .iter()
            .find(|name| !matches!(name.as_ref(), "y" | "t"))
        {
            return Err(Error::new(
                ErrorKind::UnknownVariable,
                format!("'{other}' stands for nothing in a loss"),
            )
            .hint("a loss is a formula of the output y and the target t, as (y - t)^2"));
        }
        let output = formula.variable("y")?;
        let function = Recorded::from(&formula);
        let mut direction = vec![0.0; names.len()];
        direction[output] = 1.0;
        let slope = crate::elementwise::with_convention(&function)?.derivative_along(&direction);
        Ok(Self {
            text: formula.reading().to_owned(),
            curvature: slope.derivative_along(&direction),
            output,
            target: formula.variable("t").ok(),
            function,
            slope,
        })
    }

    /// The formula as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is not proven smooth over these outputs, beside a target.
    fn is_rough(&self, outputs: Interval, target: f64) -> bool {
        let mut ways = [Interval::point(target); 2];
        ways[self.output] = outputs;
        let program = self.function.program();
        !program
            .rough_steps(&ways[..self.function.inputs()])
            .is_empty()
    }

    /// One of its functions at an output and target.
    fn at<T: Number>(&self, function: &Recorded, output: T, target: T) -> f64 {
        let mut inputs = [target.to_f64(); 2];
        inputs[self.output] = output.to_f64();
        if let Some(place) = self.target {
            inputs[place] = target.to_f64();
        }
        function.program().value(&inputs[..function.inputs()])
    }
}

impl<T: Number> Residual<T> for &FormulaLoss {
    fn value(&self, output: T, target: T) -> T {
        T::of(self.at(&self.function, output, target))
    }

    fn slope(&self, output: T, target: T) -> T {
        T::of(self.at(&self.slope, output, target))
    }

    fn curvature(&self, output: T, target: T) -> T {
        T::of(self.at(&self.curvature, output, target))
    }

    fn is_kink(&self, output: T, target: T) -> bool {
        self.is_rough(Interval::point(output.to_f64()), target.to_f64())
            && self.at(&self.function, output, target).is_finite()
            && self.at(&self.slope, output, target).is_finite()
    }

    /// As of an activation that is a formula: the mean of its slope on the way, or, where a kink is not proven to lie elsewhere, the two values
    /// subtracted.
    fn difference(&self, output: T, target: T, shift: T, met: &mut Met) -> T {
        let (from, to) = (output.to_f64(), (output + shift).to_f64());
        let way = Interval::new(from.min(to), from.max(to));
        let is_crossed = shift != T::ZERO && self.is_rough(way, target.to_f64());
        let of = |function: &Recorded, outputs: &[T], results: &mut [T]| {
            for (output, result) in outputs.iter().zip(results) {
                *result = T::of(self.at(function, *output, target));
            }
        };
        let value = |outputs: &[T], values: &mut [T]| of(&self.function, outputs, values);
        let slope = |outputs: &[T], slopes: &mut [T]| of(&self.slope, outputs, slopes);
        let (mut before, mut moved) = ([T::ZERO], [T::ZERO]);
        value(&[output], &mut before);
        if is_crossed {
            met.kink = true;
            difference::subtracted(&[output], &before, &[shift], &mut moved, value);
            let is_rough = |from: T, to: T| {
                let (from, to) = (from.to_f64(), to.to_f64());
                self.is_rough(Interval::new(from.min(to), from.max(to)), target.to_f64())
            };
            let way = [output, before[0], shift];
            moved[0] = difference::across_kink(way, moved[0], is_rough, slope);
        } else {
            let met = std::slice::from_mut(met);
            difference::smooth(&[output], &before, &[shift], &mut moved, met, value, slope);
        }
        moved[0]
    }
}
