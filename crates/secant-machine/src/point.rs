//! [`PointCode`]: steps over single numbers.

use crate::{Reach, Step};

/// Steps over single numbers as machine code: a column of theirs is one number, its place.
///
/// ```
/// use secant_machine::{Operand, PointCode, Step, Work};
/// // Place 2 becomes (place 0 + place 1)^2.
/// let steps = [
///     Step { work: Work::Add(Operand::Column(0), Operand::Column(1)), column: None },
///     Step { work: Work::Mul(Operand::Step(0), Operand::Step(0)), column: Some(2) },
/// ];
/// if let Some(code) = PointCode::new(&steps, 3, |place| place == 2) {
///     let mut places = vec![0.0; code.places()];
///     places[..2].copy_from_slice(&[1.0, 2.0]);
///     code.run(&mut places);
///     assert_eq!(places[2], 9.0);
/// }
/// ```
#[derive(Debug)]
pub struct PointCode {
    #[cfg(target_arch = "x86_64")]
    page: crate::page::PointPage,
    places: usize,
}

impl PointCode {
    /// The steps, over so many places. Those that are not wanted afterwards may keep what they held. `None` where
    /// [`Code::new`](crate::Code::new) gives none, and where a step reads what is neither a step nor a column.
    #[must_use]
    pub fn new(steps: &[Step], places: usize, is_wanted: impl Fn(u32) -> bool) -> Option<Self> {
        let reach = Reach::new(steps, places, &[])?;
        if reach != Reach::default() {
            return None;
        }
        #[cfg(target_arch = "x86_64")]
        {
            let one = crate::write::Rows::One;
            let written = crate::allocate::write(one, steps, places, &reach, is_wanted, &[])?;
            Some(Self {
                page: crate::page::PointPage::new(&written)?,
                places: places + written.scratch,
            })
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = is_wanted;
            None
        }
    }

    /// How many places [`run`](Self::run) wants: those of the steps, and more to work in.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }

    /// Runs the steps.
    ///
    /// # Panics
    /// If there are fewer places than [`places`](Self::places).
    pub fn run(&self, places: &mut [f64]) {
        assert!(places.len() >= self.places, "a number for each place");
        #[cfg(target_arch = "x86_64")]
        self.page.call(places);
    }
}
