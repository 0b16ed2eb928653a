//! Losses: one number for each sample, from the outputs of the network and a target. A loss gives its values, its adjoint (how each
//! output moves it), and its exact difference. The loss over many samples is their mean. Adding a loss is a file here and
//! its lines in [`Loss`].

mod absolute;
mod binary;
mod class;
mod cross_entropy;
mod formula;
mod huber;
mod squared;
mod targets;

pub(crate) use cross_entropy::{softmax, times_jacobian, weighted_sum};
pub use formula::FormulaLoss;
pub use targets::Targets;

use secant::{Error, ErrorKind};

use crate::columns::Columns;
use crate::layer::Met;
use crate::number::Number;

/// How one loss computes, over columns of outputs.
pub(crate) trait Criterion<T: Number> {
    /// The loss of each sample.
    fn values(&self, outputs: &Columns<T>, targets: &Targets<T>, losses: &mut [T]);

    /// The loss of each sample, and how each of its outputs moves it.
    fn adjoint(
        &self,
        outputs: &Columns<T>,
        targets: &Targets<T>,
        losses: &mut [T],
        adjoint: &mut Columns<T>,
    );

    /// How the adjoint moves when the outputs move by a tangent: the second derivatives of each loss by its outputs, times the tangent.
    fn adjoint_tangent(
        &self,
        outputs: &Columns<T>,
        targets: &Targets<T>,
        tangent: &Columns<T>,
        adjoint_tangent: &mut Columns<T>,
    );

    /// What [`difference`](Self::difference) needs of the outputs alone, once for all shifts.
    fn prepare(&self, _outputs: &Columns<T>, _prepared: &mut Columns<T>) {}

    /// How many outputs lie exactly at a kink.
    fn kinks(&self, _outputs: &Columns<T>, _targets: &Targets<T>) -> usize {
        0
    }

    /// How far the loss of each sample moves when its outputs move by `shift`, without subtracting two losses that are close. Samples
    /// whose way met a kink, or went far, are marked.
    fn difference(&self, at: Outputs<'_, T>, shift: &Columns<T>, moved: &mut [T], met: &mut [Met]);
}

/// Outputs with their targets, and what the loss prepared of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outputs<'a, T> {
    pub(crate) outputs: &'a Columns<T>,
    pub(crate) targets: &'a Targets<T>,
    pub(crate) prepared: &'a Columns<T>,
}

/// What is brought down: how far the outputs of a sample are from its target. Conventions are those of PyTorch: a loss of several outputs
/// is their mean, except for the cross-entropy, which is of all classes at once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Loss {
    /// `(y - t)²`.
    Squared,
    /// `|y - t|`; its slope at 0 is taken as 0.
    Absolute,
    /// `r²/2` for a residual r of at most `delta`, `delta (|r| - delta/2)` beyond (Huber 1964).
    Huber {
        /// Where the parabola passes into lines; above 0.
        delta: f64,
    },
    /// `ln Σ exp(y) - y_t`: minus the logarithm of the probability that softmax gives to the right class; or `-Σ t ln softmax(y)` for targets
    /// that are probabilities.
    CrossEntropy,
    /// `softplus(y) - t y`, the cross-entropy of two classes with t in 0 ..= 1.
    BinaryCrossEntropy,
    /// A formula of an output `y` and its target `t`.
    Formula(Box<FormulaLoss>),
}

impl Loss {
    /// The names of all losses that need no formula, as the command reads them.
    pub const NAMES: [&'static str; 5] = [
        "squared",
        "absolute",
        "huber",
        "cross-entropy",
        "binary-cross-entropy",
    ];

    /// The loss of this name, huber with a delta of 1; or else a formula of `y` and `t`.
    ///
    /// ```
    /// use secant_train::Loss;
    /// assert_eq!(Loss::parse("cross-entropy")?.name(), "cross-entropy");
    /// assert_eq!(Loss::parse("ln(cosh(y - t))")?.name(), "formula");
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the text is neither a name nor such a formula.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(match text.trim() {
            "squared" | "mse" => Self::Squared,
            "absolute" | "mae" => Self::Absolute,
            "huber" => Self::Huber { delta: 1.0 },
            "cross-entropy" => Self::CrossEntropy,
            "binary-cross-entropy" => Self::BinaryCrossEntropy,
            formula => Self::Formula(Box::new(FormulaLoss::parse(formula)?)),
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Squared => "squared",
            Self::Absolute => "absolute",
            Self::Huber { .. } => "huber",
            Self::CrossEntropy => "cross-entropy",
            Self::BinaryCrossEntropy => "binary-cross-entropy",
            Self::Formula(_) => "formula",
        }
    }

    /// How it computes.
    pub(crate) fn criterion<T: Number>(&self) -> Box<dyn Criterion<T> + '_> {
        match self {
            Self::Squared => Box::new(MeanOf(squared::Squared)),
            Self::Absolute => Box::new(MeanOf(absolute::Absolute)),
            Self::Huber { delta } => Box::new(MeanOf(huber::Huber {
                delta: T::of(*delta),
            })),
            Self::CrossEntropy => Box::new(cross_entropy::CrossEntropy),
            Self::BinaryCrossEntropy => Box::new(MeanOf(binary::BinaryCrossEntropy)),
            Self::Formula(formula) => Box::new(MeanOf(&**formula)),
        }
    }

    /// Whether the targets are ones for outputs of so many features, and the loss is one of so many outputs.
    ///
    /// # Errors
    /// With what is wrong with which target, or with the loss.
    pub fn check<T: Number>(
        &self,
        targets: &Targets<T>,
        samples: usize,
        outputs: usize,
    ) -> Result<(), Error> {
        if let Self::Huber { delta } = self
            && (delta.is_nan() || *delta <= 0.0)
        {
            return Err(
                Error::new(ErrorKind::Setting, format!("the delta of huber is {delta}"))
                    .hint("it must be above 0"),
            );
        }
        // Softmax of one number is 1 whatever it is: the loss would be 0 from the start, and nothing learned.
        if matches!(self, Self::CrossEntropy) && outputs < 2 {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "cross-entropy is of two classes or more, the network has {outputs} output"
                ),
            )
            .hint(
                "binary-cross-entropy takes one output for two classes, squared one for a number",
            ));
        }
        if targets.samples() != samples {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "samples and targets are not as many: {samples} and {}",
                    targets.samples()
                ),
            ));
        }
        match targets {
            Targets::Labels(labels) if matches!(self, Self::CrossEntropy) => {
                match labels.iter().position(|label| *label >= outputs) {
                    Some(sample) => Err(Error::new(
                        ErrorKind::Shape,
                        format!(
                            "sample {sample} is of class {}, the network has {outputs} classes, counted from 0",
                            labels[sample]
                        ),
                    )),
                    None => Ok(()),
                }
            }
            Targets::Labels(_) => Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "the loss {} takes numbers as targets, not classes",
                    self.name()
                ),
            )),
            Targets::Values(values) if values.features() != outputs => Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "outputs of the network and numbers of a target are not as many: {outputs} and {}",
                    values.features()
                ),
            )),
            Targets::Values(values) => self.check_shares(values),
        }
    }

    /// That targets are shares of what was, where the loss takes them as such: of others it has no least value, and would be brought down for ever.
    fn check_shares<T: Number>(&self, values: &Columns<T>) -> Result<(), Error> {
        let (most, is, hint) = match self {
            Self::BinaryCrossEntropy => (
                1.0,
                "share from 0 to 1",
                "for more than two classes take one output for each, and cross-entropy",
            ),
            Self::CrossEntropy => (
                f64::MAX,
                "share, 0 or above",
                "cross-entropy takes the number of a class, or the share of each",
            ),
            _ => return Ok(()),
        };
        let is_share = |value: &T| (0.0..=most).contains(&value.to_f64());
        let Some(place) = values.values().iter().position(|value| !is_share(value)) else {
            return Ok(());
        };
        let (sample, value) = (place % values.samples(), values.values()[place]);
        let name = self.name();
        Err(Error::new(
            ErrorKind::Setting,
            format!("the target {value} of sample {sample} is no {is}, which {name} takes"),
        )
        .hint(hint))
    }
}

/// A loss that is the mean over outputs of a function of one output and its target.
trait Residual<T: Number> {
    /// Of one output.
    fn value(&self, output: T, target: T) -> T;

    /// How the output moves it.
    fn slope(&self, output: T, target: T) -> T;

    /// How the output moves the slope; where the slope has a kink, what it is on one side.
    fn curvature(&self, output: T, target: T) -> T;

    /// Whether the output lies exactly at a kink.
    fn is_kink(&self, _output: T, _target: T) -> bool {
        false
    }

    /// How far it moves when the output moves by `shift`; what the way met is marked.
    fn difference(&self, output: T, target: T, shift: T, met: &mut Met) -> T;
}

/// The mean of such a loss over the outputs of a sample.
struct MeanOf<R>(R);

impl<T: Number, R: Residual<T>> Criterion<T> for MeanOf<R> {
    fn values(&self, outputs: &Columns<T>, targets: &Targets<T>, losses: &mut [T]) {
        losses.fill(T::ZERO);
        let Targets::Values(targets) = targets else {
            return;
        };
        for feature in 0..outputs.features() {
            let pairs = outputs.column(feature).iter().zip(targets.column(feature));
            for (sum, (output, target)) in losses.iter_mut().zip(pairs) {
                *sum += self.0.value(*output, *target);
            }
        }
        divide(losses, outputs.features());
    }

    fn adjoint(
        &self,
        outputs: &Columns<T>,
        targets: &Targets<T>,
        losses: &mut [T],
        adjoint: &mut Columns<T>,
    ) {
        self.values(outputs, targets, losses);
        adjoint.reshape(outputs.samples(), outputs.features());
        let Targets::Values(targets) = targets else {
            return;
        };
        let pairs = outputs.values().iter().zip(targets.values());
        for (into, (output, target)) in adjoint.values_mut().iter_mut().zip(pairs) {
            *into = self.0.slope(*output, *target);
        }
        divide(adjoint.values_mut(), outputs.features());
    }

    fn adjoint_tangent(
        &self,
        outputs: &Columns<T>,
        targets: &Targets<T>,
        tangent: &Columns<T>,
        adjoint_tangent: &mut Columns<T>,
    ) {
        adjoint_tangent.clone_from(tangent);
        let Targets::Values(targets) = targets else {
            return;
        };
        let pairs = outputs.values().iter().zip(targets.values());
        for (into, (output, target)) in adjoint_tangent.values_mut().iter_mut().zip(pairs) {
            *into *= self.0.curvature(*output, *target);
        }
        divide(adjoint_tangent.values_mut(), outputs.features());
    }

    fn kinks(&self, outputs: &Columns<T>, targets: &Targets<T>) -> usize {
        let Targets::Values(targets) = targets else {
            return 0;
        };
        let pairs = outputs.values().iter().zip(targets.values());
        pairs
            .filter(|(output, target)| self.0.is_kink(**output, **target))
            .count()
    }

    fn difference(&self, at: Outputs<'_, T>, shift: &Columns<T>, moved: &mut [T], met: &mut [Met]) {
        moved.fill(T::ZERO);
        let Targets::Values(targets) = at.targets else {
            return;
        };
        for feature in 0..shift.features() {
            let columns = at
                .outputs
                .column(feature)
                .iter()
                .zip(targets.column(feature))
                .zip(shift.column(feature));
            for ((sum, met), ((output, target), shift)) in
                moved.iter_mut().zip(&mut *met).zip(columns)
            {
                *sum += self.0.difference(*output, *target, *shift, met);
            }
        }
        divide(moved, shift.features());
    }
}

fn divide<T: Number>(values: &mut [T], by: usize) {
    let by = T::of(by as f64);
    for value in values {
        *value /= by;
    }
}
