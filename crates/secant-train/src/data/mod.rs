//! Data that is there at once: a spiral, and handwritten digits; and samples kept apart from those that are learned from.

use secant::{Error, ErrorKind};

use crate::columns::Columns;
use crate::loss::Targets;
use crate::number::Number;
use crate::random::Random;

/// Samples with their targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Data<T> {
    /// The samples.
    pub samples: Columns<T>,
    /// What each should give.
    pub targets: Targets<T>,
}

/// Some samples kept apart from those that are learned from, each by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The samples to learn from.
    pub learned: Vec<usize>,
    /// Those kept apart.
    pub apart: Vec<usize>,
}

/// Keeps a share of so many samples apart, drawn at random: each is in one of the two parts. The seed may be that of a training
/// ([`State::new`](crate::training::State::new)): what is drawn has nothing to do with the order of the samples there.
///
/// ```
/// use secant_train::data;
/// let split = data::split(10, 0.2, 1)?;
/// assert_eq!((split.learned.len(), split.apart.len()), (8, 2));
/// let spiral = data::spiral::<f64>(100, 3, 0);
/// let apart = data::split(300, 0.25, 1)?.apart;
/// let (samples, targets) = (spiral.samples.gather(&apart), spiral.targets.gather(&apart));
/// assert_eq!((samples.samples(), targets.samples()), (75, 75));
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the share is not from 0 to below 1, or one of the two parts would be empty.
pub fn split(samples: usize, share: f64, seed: u64) -> Result<Split, Error> {
    let apart = (share * samples as f64).round() as usize;
    if !(0.0..1.0).contains(&share) || apart == 0 || apart == samples {
        let message = format!("a share of {share} of {samples} samples cannot be kept apart");
        return Err(Error::new(ErrorKind::Setting, message).hint("0.2 is usual"));
    }
    // Another stream than that of the order of samples in each epoch.
    let mut apart_first = Random::new(!seed).order(samples);
    let learned = apart_first.split_off(apart);
    Ok(Split {
        learned,
        apart: apart_first,
    })
}

/// The spiral of Neural Networks from Scratch (Kinsley and Kukieła 2020, chapter 3): for each class an arm of so many points, from the
/// middle to a radius of 1 and around by four radians, with normal noise of 0.2 on the angle times 2.5. The noise comes from our own
/// random source.
///
/// ```
/// use secant_train::data;
/// let spiral = data::spiral::<f64>(100, 3, 0);
/// assert_eq!((spiral.samples.samples(), spiral.samples.features()), (300, 2));
/// ```
#[must_use]
pub fn spiral<T: Number>(points: usize, classes: usize, seed: u64) -> Data<T> {
    let mut random = Random::new(seed);
    let mut samples = Columns::zeros(points * classes, 2);
    let mut labels = Vec::with_capacity(points * classes);
    for class in 0..classes {
        for point in 0..points {
            let along = point as f64 / (points.max(2) - 1) as f64;
            let angle = 2.5 * (4.0 * (class as f64 + along) + 0.2 * random.normal());
            let sample = labels.len();
            samples.column_mut(0)[sample] = T::of(along * libm::sin(angle));
            samples.column_mut(1)[sample] = T::of(along * libm::cos(angle));
            labels.push(class);
        }
    }
    Data {
        samples,
        targets: Targets::Labels(labels),
    }
}

/// The handwritten digits of scikit-learn: 1,797 pictures of 8 by 8 shades, here from 0 to 1, and which digit each is. Source
/// and licence stand beside the file.
///
/// # Errors
/// Where the file is not what it was.
///
/// ```
/// use secant_train::data;
/// let digits = data::digits::<f32>()?;
/// assert_eq!((digits.samples.samples(), digits.samples.features()), (1797, 64));
/// # Ok::<(), secant::Error>(())
/// ```
pub fn digits<T: Number>() -> Result<Data<T>, Error> {
    let broken = |line: usize| {
        Error::new(
            ErrorKind::Syntax,
            format!("line {} of the digits is no picture", line + 1),
        )
    };
    let mut rows = Vec::new();
    let mut labels = Vec::new();
    for (place, line) in include_str!("digits.txt").lines().enumerate() {
        let (shades, digit) = line.split_once(' ').ok_or_else(|| broken(place))?;
        for shade in shades.chars() {
            let shade = shade.to_digit(17).ok_or_else(|| broken(place))?;
            rows.push(T::of(f64::from(shade) / 16.0));
        }
        labels.push(digit.parse().map_err(|_| broken(place))?);
    }
    let samples = Columns::from_rows(&rows, 64)?;
    Ok(Data {
        samples,
        targets: Targets::Labels(labels),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sample_is_in_one_part_and_neither_part_is_empty() -> Result<(), Error> {
        let split = split(103, 0.3, 7)?;
        assert_eq!(split.apart.len(), 31);
        let mut all = [split.learned, split.apart].concat();
        all.sort_unstable();
        assert_eq!(all, (0..103).collect::<Vec<_>>());
        for share in [0.0, 0.001, 0.999, 1.0, 1.2, -0.1, f64::NAN] {
            assert!(super::split(103, share, 7).is_err(), "{share}");
        }
        Ok(())
    }
}
