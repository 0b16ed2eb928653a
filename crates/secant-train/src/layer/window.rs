//! Where the windows of a convolution or a pooling lie: [`Windows`] alone, and over the channels of a sample as a `Grid`.

use secant::{Error, ErrorKind};

use super::{Layer, misfit};

/// Windows over `[height, width]`, or over `[length]`: how large they are, how many steps apart, and how many places beyond each end of a sample they see.
///
/// ```
/// use secant_train::layer::Windows;
/// let windows = Windows::new(&[3, 2])?.stride(&[2, 2])?.padding(&[1, 0], &[1, 1])?;
/// assert_eq!((windows.size(), windows.strides()), (&[3, 2][..], &[2, 2][..]));
/// assert_eq!(windows.count(&[7, 4]), Some(vec![4, 2]));
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// Along height and width; a length is taken as the width of a height of 1.
    size: [usize; 2],
    stride: [usize; 2],
    before: [usize; 2],
    after: [usize; 2],
    /// Whether samples have a length alone.
    flat: bool,
}

impl Windows {
    /// Over a length, or over height and width, one step apart and without padding.
    ///
    /// # Errors
    /// Where there are no one or two sides, or one of them is 0.
    pub fn new(size: &[usize]) -> Result<Self, Error> {
        let (size, flat) = match *size {
            [length] => ([1, length], true),
            [height, width] => ([height, width], false),
            _ => {
                return Err(Error::new(
                    ErrorKind::Shape,
                    format!("a window has one or two sides, not {}", size.len()),
                ));
            }
        };
        if size.contains(&0) {
            return Err(Error::new(ErrorKind::Setting, "a window has a side of 0"));
        }
        Ok(Self {
            size,
            stride: [1, 1],
            before: [0, 0],
            after: [0, 0],
            flat,
        })
    }

    /// So many steps apart along each side.
    ///
    /// # Errors
    /// Where there is another number of sides, or one of the steps is 0.
    pub fn stride(self, steps: &[usize]) -> Result<Self, Error> {
        let stride = self.each(steps, 1)?;
        if stride.contains(&0) {
            return Err(Error::new(ErrorKind::Setting, "windows are 0 steps apart"));
        }
        Ok(Self { stride, ..self })
    }

    /// With so many places before the first and behind the last of each side.
    ///
    /// # Errors
    /// Where there is another number of sides.
    pub fn padding(self, before: &[usize], after: &[usize]) -> Result<Self, Error> {
        let (before, after) = (self.each(before, 0)?, self.each(after, 0)?);
        Ok(Self {
            before,
            after,
            ..self
        })
    }

    /// Their sides.
    #[must_use]
    pub fn size(&self) -> &[usize] {
        self.told(&self.size)
    }

    /// How many steps they are apart along each side.
    #[must_use]
    pub fn strides(&self) -> &[usize] {
        self.told(&self.stride)
    }

    /// How many places lie before the first of each side.
    #[must_use]
    pub fn before(&self) -> &[usize] {
        self.told(&self.before)
    }

    /// How many places lie behind the last of each side.
    #[must_use]
    pub fn after(&self) -> &[usize] {
        self.told(&self.after)
    }

    /// How many windows there are along each side of a sample; `None` where not even one fits.
    #[must_use]
    pub fn count(&self, sides: &[usize]) -> Option<Vec<usize>> {
        let sides = self.each(sides, 1).ok()?;
        Some(self.told(&self.counted(sides)?).to_vec())
    }

    /// A number for each side, with what stands for the height where there is a length alone.
    fn each(&self, numbers: &[usize], height: usize) -> Result<[usize; 2], Error> {
        match *numbers {
            [length] if self.flat => Ok([height, length]),
            [height, width] if !self.flat => Ok([height, width]),
            _ => Err(Error::new(
                ErrorKind::Shape,
                format!("{numbers:?} do not fit windows of {:?}", self.size()),
            )),
        }
    }

    /// The numbers of the sides that samples have.
    fn told<'n>(&self, numbers: &'n [usize; 2]) -> &'n [usize] {
        &numbers[usize::from(self.flat)..]
    }

    fn counted(&self, sides: [usize; 2]) -> Option<[usize; 2]> {
        let along = |axis: usize| {
            let padded = sides[axis]
                .checked_add(self.before[axis])?
                .checked_add(self.after[axis])?;
            Some(padded.checked_sub(self.size[axis])? / self.stride[axis] + 1)
        };
        Some([along(0)?, along(1)?])
    }
}

/// Windows over samples of some channels, all of the same sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) channels: usize,
    pub(super) windows: Windows,
    sides: [usize; 2],
    /// How many windows there are along height and width.
    count: [usize; 2],
}

impl Grid {
    /// Over samples of this shape.
    pub(super) fn new(shape: &[usize], windows: Windows) -> Result<Self, Error> {
        let misfit = |why: &str| {
            let size = windows.size();
            let message = format!("windows of {size:?} do not fit samples of shape {shape:?}{why}");
            Error::new(ErrorKind::Shape, message)
        };
        let (channels, sides) = match *shape {
            [channels, length] if windows.flat => (channels, [1, length]),
            [channels, height, width] if !windows.flat => (channels, [height, width]),
            _ => return Err(misfit("")),
        };
        if shape.contains(&0) {
            return Err(misfit(", which are empty"));
        }
        let count = windows.counted(sides);
        let count = count.ok_or_else(|| misfit(", which are smaller"))?;
        Ok(Self {
            channels,
            windows,
            sides,
            count,
        })
    }

    /// The same without windows that see nothing but padding.
    pub(super) fn seeing(self) -> Result<Self, Error> {
        let Windows {
            size,
            before,
            after,
            ..
        } = self.windows;
        let blind = (0..2).any(|axis| before[axis].max(after[axis]) >= size[axis]);
        if blind {
            return Err(
                Error::new(ErrorKind::Setting, "a window would see nothing but padding")
                    .hint("padding must be smaller than the window"),
            );
        }
        Ok(self)
    }

    /// The shape of a sample.
    pub(super) fn input(&self) -> Vec<usize> {
        self.shape(self.channels, self.sides)
    }

    /// The shape of so many channels with a place for each window.
    pub(super) fn output(&self, channels: usize) -> Vec<usize> {
        self.shape(channels, self.count)
    }

    /// How many places a channel of a sample has.
    pub(super) fn area(&self) -> usize {
        self.sides[0] * self.sides[1]
    }

    /// How many windows there are over a channel.
    pub(super) fn count(&self) -> usize {
        self.count[0] * self.count[1]
    }

    /// How many places a window has.
    pub(super) fn taps(&self) -> usize {
        self.windows.size[0] * self.windows.size[1]
    }

    /// What one window over a channel sees of the sample: which place of the window, and which of the channel.
    pub(super) fn seen(&self, window: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (sides, size) = (self.sides, self.windows.size);
        let window = [window / self.count[1], window % self.count[1]];
        let (stride, before) = (self.windows.stride, self.windows.before);
        // The places of the window that lie within the sample, and where the first of all would lie, padding counted.
        let along = |axis: usize| {
            let start = window[axis] * stride[axis];
            let first = before[axis].saturating_sub(start).min(size[axis]);
            let end = (before[axis] + sides[axis]).saturating_sub(start);
            (first..end.min(size[axis]).max(first), start)
        };
        let ((rows, top), (columns, left)) = (along(0), along(1));
        rows.flat_map(move |row| {
            columns.clone().map(move |column| {
                let place = [top + row - before[0], left + column - before[1]];
                (row * size[1] + column, place[0] * sides[1] + place[1])
            })
        })
    }

    /// The shape that a pooling makes of a sample, which must have the shape of the grid.
    pub(super) fn pooled_shape(
        &self,
        layer: &dyn Layer,
        input: &[usize],
    ) -> Result<Vec<usize>, Error> {
        let wanted = self.input();
        if input == wanted {
            Ok(self.output(self.channels))
        } else {
            Err(misfit(layer, &format!("shape {wanted:?}"), input))
        }
    }

    /// For each window over each channel, the features of the sample that it sees: what a pooling computes from.
    pub(super) fn pooled(&self) -> impl Iterator<Item = Vec<usize>> + '_ {
        (0..self.channels).flat_map(move |channel| {
            let first = channel * self.area();
            (0..self.count())
                .map(move |window| self.seen(window).map(|(_, place)| first + place).collect())
        })
    }

    fn shape(&self, channels: usize, sides: [usize; 2]) -> Vec<usize> {
        let mut shape = vec![channels];
        shape.extend(self.windows.told(&sides));
        shape
    }
}

/// Sides in words, as `3x3`.
pub(super) fn by(sides: &[usize]) -> String {
    let sides: Vec<String> = sides.iter().map(usize::to_string).collect();
    sides.join("x")
}
