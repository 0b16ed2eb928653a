//! Which class outputs stand for. The loss says it: what it is least for, that is seen.

use super::targets::largest;
use super::{Loss, Targets};
use crate::columns::Columns;
use crate::number::Number;

impl Loss {
    /// The class that the outputs of one sample stand for. Of several outputs it is the largest, and of equal ones the first. One output stands for two classes, with
    /// targets of 0 and 1: for 1 where it exceeds the border between them, which is 0 for the binary cross-entropy and 1/2 for losses of a distance; of a formula, where its
    /// loss with the target 1 is the lesser. None where an output is no number.
    ///
    /// ```
    /// use secant_train::{Columns, Loss};
    /// let output = Columns::from_rows(&[0.25], 1)?;
    /// assert_eq!(Loss::BinaryCrossEntropy.class(&output, 0), Some(1));
    /// assert_eq!(Loss::Squared.class(&output, 0), Some(0));
    /// assert_eq!(Loss::parse("max(0, 1 - (2t - 1) y)")?.class(&output, 0), Some(1));
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn class<T: Number>(&self, outputs: &Columns<T>, sample: usize) -> Option<usize> {
        if outputs.features() > 1 {
            return largest(outputs, sample);
        }
        let ahead = self.ahead(outputs.at(sample, 0));
        ahead.partial_cmp(&T::ZERO)?;
        Some(usize::from(ahead > T::ZERO))
    }

    /// By how much a class leads before the best of the others, in the outputs of one sample: above 0 for the class that is [seen](Self::class), 0 on the border, and no
    /// number where none is seen.
    ///
    /// ```
    /// use secant_train::{Columns, Loss};
    /// let outputs = Columns::from_rows(&[3.0, 1.0, 2.5], 3)?;
    /// assert_eq!([0, 1, 2].map(|class| Loss::CrossEntropy.lead(&outputs, 0, class)), [0.5, -2.0, -0.5]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn lead<T: Number>(&self, outputs: &Columns<T>, sample: usize, class: usize) -> T {
        if self.class(outputs, sample).is_none() {
            return T::of(f64::NAN);
        }
        if outputs.features() == 1 {
            let ahead = self.ahead(outputs.at(sample, 0));
            return if class == 0 { -ahead } else { ahead };
        }
        let others = (0..outputs.features()).filter(|other| *other != class);
        let leads = others.map(|other| outputs.at(sample, class) - outputs.at(sample, other));
        leads.fold(T::of(f64::INFINITY), |least, lead| {
            if lead < least { lead } else { least }
        })
    }

    /// By how much one output is on the side of class 1.
    fn ahead<T: Number>(&self, output: T) -> T {
        match self {
            Self::CrossEntropy | Self::BinaryCrossEntropy => output,
            Self::Squared | Self::Absolute | Self::Huber { .. } => output - T::of(0.5),
            Self::Formula(formula) => {
                let loss = |target: T| super::Residual::value(&&**formula, output, target);
                loss(T::ZERO) - loss(T::ONE)
            }
        }
    }

    /// How many samples are seen as of their class.
    pub(crate) fn seen_right<T: Number>(
        &self,
        outputs: &Columns<T>,
        targets: &Targets<T>,
    ) -> usize {
        let is_right = |sample: &usize| {
            let seen = self.class(outputs, *sample);
            seen.is_some() && seen == targets.class(*sample)
        };
        (0..outputs.samples()).filter(is_right).count()
    }
}
