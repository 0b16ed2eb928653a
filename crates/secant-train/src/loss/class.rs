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

    /// By how much each class [leads](Self::lead), a column for each class and a row for each sample of the outputs. At places spread over the plane of two
    /// features, the region in which a network sees a class is where its column is above 0.
    ///
    /// ```
    /// use secant_train::{Columns, Loss, Network};
    /// // Class 1 is seen where x exceeds y.
    /// let network = Network::dense(&[2, 1], "relu")?;
    /// let places = Columns::from_rows(&[0.0, 1.0, 3.0, 1.0], 2)?;
    /// let outputs = network.outputs(&[1.0, -1.0, 0.0], &places)?;
    /// let leads = Loss::BinaryCrossEntropy.leads(&outputs);
    /// assert_eq!((leads.column(0), leads.column(1)), (&[1.0, -2.0][..], &[-1.0, 2.0][..]));
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn leads<T: Number>(&self, outputs: &Columns<T>) -> Columns<T> {
        let classes = Self::classes(outputs.features());
        let mut leads = Columns::zeros(outputs.samples(), classes);
        for class in 0..classes {
            for (sample, lead) in leads.column_mut(class).iter_mut().enumerate() {
                *lead = self.lead(outputs, sample, class);
            }
        }
        leads
    }

    /// How many classes so many outputs tell apart: one output two, several as many as they are.
    ///
    /// ```
    /// use secant_train::Loss;
    /// assert_eq!([1, 2, 10].map(Loss::classes), [2, 2, 10]);
    /// ```
    #[must_use]
    pub fn classes(outputs: usize) -> usize {
        outputs.max(2)
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
