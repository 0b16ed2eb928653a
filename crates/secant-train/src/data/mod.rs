//! Data that is there at once: a spiral, and handwritten digits.

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
