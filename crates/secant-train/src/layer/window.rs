//! Where the windows of a convolution or a pooling lie.

use secant::{Error, ErrorKind};

/// Windows over `[height, width]`, or over `[length]`, which is taken as a height of 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Windows {
    /// Height and width of a window.
    pub(super) size: [usize; 2],
    pub(super) stride: [usize; 2],
    pub(super) padding: [usize; 2],
    /// Whether samples have a length alone.
    pub(super) flat: bool,
}

impl Windows {
    /// Over a length, or over height and width, one step apart and without padding.
    pub(super) fn new(size: &[usize]) -> Result<Self, Error> {
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
            padding: [0, 0],
            flat,
        })
    }

    /// So many steps apart.
    pub(super) fn stride(self, stride: usize) -> Result<Self, Error> {
        if stride == 0 {
            return Err(Error::new(ErrorKind::Setting, "windows are 0 steps apart"));
        }
        let stride = if self.flat { [1, stride] } else { [stride; 2] };
        Ok(Self { stride, ..self })
    }

    /// With so many zeros around each sample.
    pub(super) fn padding(self, padding: usize) -> Self {
        let padding = if self.flat {
            [0, padding]
        } else {
            [padding; 2]
        };
        Self { padding, ..self }
    }

    /// Channels, height and width of a shape; `None` where it has other sides.
    pub(super) fn sides(&self, shape: &[usize]) -> Option<(usize, [usize; 2])> {
        match *shape {
            [channels, length] if self.flat => Some((channels, [1, length])),
            [channels, height, width] if !self.flat => Some((channels, [height, width])),
            _ => None,
        }
    }

    /// How many windows there are along height and width; `None` where not even one fits.
    pub(super) fn count(&self, sides: [usize; 2]) -> Option<[usize; 2]> {
        let along = |axis: usize| {
            let room = (sides[axis] + 2 * self.padding[axis]).checked_sub(self.size[axis])?;
            Some(room / self.stride[axis] + 1)
        };
        Some([along(0)?, along(1)?])
    }

    /// A shape of so many channels, in as many sides as samples have.
    pub(super) fn shape(&self, channels: usize, [height, width]: [usize; 2]) -> Vec<usize> {
        if self.flat {
            vec![channels, width]
        } else {
            vec![channels, height, width]
        }
    }

    /// The places within the sample that one window sees: which of the window, and which of the channel.
    pub(super) fn seen(
        &self,
        sides: [usize; 2],
        window: [usize; 2],
    ) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (size, stride, padding) = (self.size, self.stride, self.padding);
        (0..size[0] * size[1]).filter_map(move |tap| {
            let place = [tap / size[1], tap % size[1]];
            let along = |axis: usize| {
                let place =
                    (window[axis] * stride[axis] + place[axis]).checked_sub(padding[axis])?;
                (place < sides[axis]).then_some(place)
            };
            Some((tap, along(0)? * sides[1] + along(1)?))
        })
    }
}
