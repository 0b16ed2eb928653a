//! [`View`]: the output of a layer as a value of the graph shows it, its sides in another order, with sides of one place more or fewer, with a rim around it. Exporters
//! whose channels come last turn each sample before a convolution and back behind it; a view keeps count of that, so that what cancels makes no layer.

/// More sides are those of a damaged file.
const MOST_SIDES: usize = 8;

/// Longer rims are those of a damaged file.
const MOST_RIM: i64 = 1 << 12;

/// One side of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Side {
    /// Which side of the layer's output it is. Sides of one place are no side of it, so that views that show the same are the same.
    axis: Option<usize>,
    size: usize,
    before: usize,
    after: usize,
}

impl Side {
    fn new(axis: usize, size: usize) -> Self {
        Self {
            axis: (size != 1).then_some(axis),
            size,
            before: 0,
            after: 0,
        }
    }
}

/// What a rim is filled with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Fill {
    /// Zeros, as a convolution takes beyond the sample.
    #[default]
    Zero,
    /// What is less than every number, as pooling of the largest takes.
    Lowest,
    /// The last number of each side once more: a window that sees it sees the number itself, or nothing of the sample.
    Edge,
}

/// How a value shows the output of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct View {
    sides: Vec<Side>,
    fill: Fill,
}

impl View {
    /// As it is.
    pub(crate) fn of(shape: &[usize]) -> Self {
        let sides = shape.iter().enumerate();
        Self {
            sides: sides.map(|(axis, size)| Side::new(axis, *size)).collect(),
            fill: Fill::Zero,
        }
    }

    /// The shape of a sample that it shows.
    pub(crate) fn shape(&self) -> Vec<usize> {
        let sides = self.sides.iter();
        sides
            .map(|side| side.size + side.before + side.after)
            .collect()
    }

    /// What its rim is filled with, if it has one.
    pub(crate) fn rim(&self) -> Option<Fill> {
        let mut sides = self.sides.iter();
        sides
            .any(|side| side.before + side.after > 0)
            .then_some(self.fill)
    }

    /// Itself without its rim, and how wide that is before and behind each side.
    pub(crate) fn inside(&self) -> (Self, Vec<[usize; 2]>) {
        let bare = |side: &Side| Side {
            before: 0,
            after: 0,
            ..*side
        };
        let inside = Self {
            sides: self.sides.iter().map(bare).collect(),
            fill: Fill::Zero,
        };
        let rim = self.sides.iter().map(|side| [side.before, side.after]);
        (inside, rim.collect())
    }

    /// Which side of the layer's output a side is.
    pub(crate) fn axis(&self, place: usize) -> Option<usize> {
        self.sides.get(place).and_then(|side| side.axis)
    }

    /// Its sides in this order, which holds each of them once.
    pub(crate) fn permuted(&self, order: &[usize]) -> Option<Self> {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..self.sides.len()) {
            return None;
        }
        Some(Self {
            sides: order.iter().map(|place| self.sides[*place]).collect(),
            fill: self.fill,
        })
    }

    /// One side before the others.
    pub(crate) fn with_first(&self, place: usize) -> Option<Self> {
        let others = (0..self.sides.len()).filter(|other| *other != place);
        let order: Vec<usize> = std::iter::once(place).chain(others).collect();
        self.permuted(&order)
    }

    /// With a side of one place more, before this one.
    pub(crate) fn with_one(&self, place: usize) -> Option<Self> {
        let mut wider = self.clone();
        if place > wider.sides.len() || wider.sides.len() >= MOST_SIDES {
            return None;
        }
        wider.sides.insert(place, Side::new(0, 1));
        Some(wider)
    }

    /// Without this side, which is one place and no more.
    pub(crate) fn without_one(&self, place: usize) -> Option<Self> {
        let mut narrower = self.clone();
        if place >= narrower.sides.len() || narrower.sides.len() == 1 {
            return None;
        }
        (narrower.sides.remove(place) == Side::new(0, 1)).then_some(narrower)
    }

    /// The same numbers in sides of this shape, where no more than sides of one place come or go.
    pub(crate) fn reshaped(&self, shape: &[usize]) -> Option<Self> {
        if self.rim().is_some() || shape.len() > MOST_SIDES {
            return None;
        }
        let mut left = self.sides.iter().filter(|side| side.axis.is_some());
        let mut sides = Vec::with_capacity(shape.len());
        for size in shape {
            let side = match size {
                1 => Side::new(0, 1),
                _ => *left.next().filter(|side| side.size == *size)?,
            };
            sides.push(side);
        }
        left.next().is_none().then_some(Self {
            sides,
            fill: Fill::Zero,
        })
    }

    /// With a rim, or with its own made wider by the same.
    pub(crate) fn padded(&self, before: &[i64], after: &[i64], fill: Fill) -> Option<Self> {
        if self.rim().is_some_and(|own| own != fill) || before.len() != self.sides.len() {
            return None;
        }
        let wider = |own: usize, more: i64| {
            let more = Some(more).filter(|more| (0..=MOST_RIM).contains(more))?;
            let wider = own + more as usize;
            (wider <= MOST_RIM as usize).then_some(wider)
        };
        let mut padded = self.clone();
        for (side, (before, after)) in padded.sides.iter_mut().zip(before.iter().zip(after)) {
            side.before = wider(side.before, *before)?;
            side.after = wider(side.after, *after)?;
        }
        // A rim of no width is filled with nothing.
        padded.fill = padded.rim().map_or(Fill::Zero, |_| fill);
        Some(padded)
    }

    /// The order of the layer's sides, of this shape, that brings its numbers into the order which is shown; none where they stand in it.
    pub(crate) fn order(&self, shape: &[usize]) -> Option<Vec<usize>> {
        let axes: Vec<usize> = self.sides.iter().filter_map(|side| side.axis).collect();
        if axes.is_sorted() {
            return None;
        }
        // Sides of one place go where there is one to be shown, and the others to the end.
        let mut ones = (0..shape.len()).filter(|axis| shape[*axis] == 1);
        let mut order: Vec<usize> = Vec::with_capacity(shape.len());
        for side in &self.sides {
            order.extend(side.axis.or_else(|| ones.next()));
        }
        order.extend(ones);
        Some(order)
    }

    /// The same numbers as they are shown of another layer, whose output is what `through` shows of the first.
    pub(crate) fn seen_through(&self, through: &Self) -> Option<Self> {
        let mut seen = self.clone();
        for side in seen.sides.iter_mut().filter(|side| side.axis.is_some()) {
            let mut others = through.sides.iter();
            side.axis = Some(others.position(|other| other.axis == side.axis)?);
        }
        Some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_turned_and_turned_back_is_as_it_was() {
        let view = View::of(&[3, 4, 5]);
        let turned = view.permuted(&[1, 2, 0]).unwrap_or_else(|| view.clone());
        assert_eq!(turned.shape(), [4, 5, 3]);
        assert_eq!(turned.order(&[3, 4, 5]), Some(vec![1, 2, 0]));
        assert_eq!(turned.permuted(&[2, 0, 1]), Some(view.clone()));
        assert_eq!(view.with_first(2), view.permuted(&[2, 0, 1]));
        assert_eq!(view.permuted(&[0, 1, 1]), None);
    }

    #[test]
    fn sides_of_one_place_come_and_go_without_moving_a_number() {
        let view = View::of(&[6, 8, 1]);
        let first = view.permuted(&[2, 0, 1]);
        assert_eq!(first, view.reshaped(&[1, 6, 8]));
        assert_eq!(first.and_then(|first| first.order(&[6, 8, 1])), None);
        assert_eq!(view.reshaped(&[8, 6]), None);
        assert_eq!(view.reshaped(&[48]), None);
        let rows = View::of(&[9, 2]).reshaped(&[1, 9, 2]);
        let rows = rows.and_then(|view| view.permuted(&[2, 0, 1]));
        assert_eq!(
            rows.as_ref().map(View::shape).as_deref(),
            Some(&[2, 1, 9][..])
        );
        assert_eq!(rows.and_then(|view| view.order(&[9, 2])), Some(vec![1, 0]));
    }

    #[test]
    fn a_rim_goes_with_its_side() {
        let view = View::of(&[4, 5, 2]);
        let padded = view.padded(&[0, 1, 0], &[2, 0, 0], Fill::Zero);
        let turned = padded.and_then(|view| view.permuted(&[2, 0, 1]));
        let Some(turned) = turned else {
            unreachable!("the order is one of three sides")
        };
        assert_eq!(turned.shape(), [2, 6, 6]);
        assert_eq!(turned.reshaped(&[2, 6, 6]), None);
        assert_eq!(turned.padded(&[0; 3], &[0; 3], Fill::Lowest), None);
        assert_eq!(
            view.padded(&[0; 3], &[0; 3], Fill::Edge),
            Some(view.clone())
        );
        assert_eq!(turned.padded(&[-1, 0, 0], &[0; 3], Fill::Zero), None);
        let wider = turned.with_one(1);
        assert_eq!(wider.as_ref().map(View::shape), Some(vec![2, 1, 6, 6]));
        assert_eq!(
            wider.and_then(|wider| wider.without_one(1)),
            Some(turned.clone())
        );
        assert_eq!(turned.without_one(1), None);
        let (inside, rim) = turned.inside();
        assert_eq!(Some(inside), view.permuted(&[2, 0, 1]));
        assert_eq!(rim, [[0, 0], [0, 2], [1, 0]]);
    }

    #[test]
    fn what_another_layer_shows_already_is_seen_through_it() {
        let last = View::of(&[4, 5, 2]);
        let first = last.with_first(2).unwrap_or_else(|| last.clone());
        let seen = last.seen_through(&first);
        assert_eq!(seen, View::of(&[2, 4, 5]).permuted(&[1, 2, 0]));
    }
}
