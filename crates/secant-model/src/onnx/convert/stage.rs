//! Stages that give what values show. A layer reads the output of a stage as it stands: a value that shows it in another order becomes a stage of its own where that matters, and one with a rim
//! around it hands the rim to the layer's windows.

use secant_train::layer::{Flatten, Permute, Reshape};

use super::view::{Fill, View};
use super::{Converter, Seen};
use crate::error::Error;
use crate::onnx::operators::{Made, refused, shape_unknown, unsupported};
use crate::onnx::schema::Node;

impl<'a> Converter<'a> {
    /// The stage whose output is what a value shows, which nothing is to be done to.
    pub(super) fn as_shown(&mut self, seen: &Seen, node: &Node<'_>) -> Result<usize, Error> {
        match &seen.view {
            None => Ok(seen.stage),
            Some(view) => self.arranged(seen.stage, view, node),
        }
    }

    /// The stage whose output is what a view shows of another's.
    pub(super) fn arranged(
        &mut self,
        stage: usize,
        view: &View,
        node: &Node<'_>,
    ) -> Result<usize, Error> {
        let at = self.ordered(stage, Some(view), node)?;
        let wanted = view.shape();
        if self.stages[at].shape.as_ref() == Some(&wanted) {
            return Ok(at);
        }
        let made = match wanted.as_slice() {
            [_] => Made::plain(Flatten),
            _ => Made::plain(Reshape::new(&wanted)),
        };
        self.shown_by(made, at, (stage, view.clone()), node)
    }

    /// The stage whose numbers stand in the order in which a view shows another's; their sides may still be others.
    pub(super) fn ordered(
        &mut self,
        stage: usize,
        view: Option<&View>,
        node: &Node<'_>,
    ) -> Result<usize, Error> {
        let Some(view) = view else {
            return Ok(stage);
        };
        if view.rim().is_some() {
            return Err(rim_in_the_way().at(node.place()));
        }
        let shape = self.stages[stage].shape.clone().ok_or_else(shape_unknown)?;
        let Some(order) = view.order(&shape) else {
            return Ok(stage);
        };
        let permute = Permute::new(&shape, &order);
        let permute = permute.map_err(|error| refused(&error).at(node.place()))?;
        let permuted = View::of(&shape).permuted(&order);
        let permuted = permuted.ok_or_else(shape_unknown)?;
        self.shown_by(Made::plain(permute), stage, (stage, permuted), node)
    }

    /// The stage of a layer that shows another stage, which is made once.
    fn shown_by(
        &mut self,
        made: Made,
        from: usize,
        shows: (usize, View),
        node: &Node<'_>,
    ) -> Result<usize, Error> {
        if let Some(stage) = self.showing.get(&shows) {
            return Ok(*stage);
        }
        let stage = self.push(from, made, node.place())?;
        self.stages[stage].shows = Some(shows.clone());
        self.showing.insert(shows, stage);
        Ok(stage)
    }

    /// The same value shown of a stage whose first side is this one of the value.
    pub(super) fn with_first(
        &mut self,
        seen: &Seen,
        side: usize,
        node: &Node<'_>,
    ) -> Result<Option<Seen>, Error> {
        let Some(view) = self.view_of(seen) else {
            return Ok(None);
        };
        let is_first = view.axis(side) == Some(0);
        let Some(first) = view.with_first(side).filter(|_| !is_first) else {
            return Ok(Some(seen.clone()));
        };
        let stage = self.arranged(seen.stage, &first, node)?;
        let seen = Seen {
            stage,
            ..seen.clone()
        };
        let through = view.seen_through(&first);
        Ok(through.map(|view| self.viewed(seen, view)))
    }

    /// The stage that a layer reads, and how wide the rim is that stands around its samples: one that a window may reach into.
    pub(super) fn inside(
        &mut self,
        input: &'a str,
        node: &Node<'_>,
    ) -> Result<(usize, Vec<[usize; 2]>), Error> {
        let seen = self.active(input, node)?;
        let view = seen.view.filter(|view| {
            let reaches = matches!(
                (node.operator, view.rim()),
                ("Conv", Some(Fill::Zero)) | ("MaxPool", Some(Fill::Lowest | Fill::Edge))
            );
            reaches
        });
        let Some(view) = view else {
            return Ok((self.settled(input, node)?, Vec::new()));
        };
        let (inside, mut rim) = view.inside();
        if rim.is_empty() || rim.remove(0) != [0, 0] {
            let message = "padding of channels is not read";
            return Err(unsupported(message).at(node.place()));
        }
        Ok((self.arranged(seen.stage, &inside, node)?, rim))
    }

    /// Two stages whose outputs are these values, and how both show them. Where one value is what the other's way begins with, in another order, it is seen through that.
    pub(super) fn alike(
        &mut self,
        a: &Seen,
        b: &Seen,
        node: &Node<'_>,
    ) -> Result<(usize, usize, Option<View>), Error> {
        let (through_b, through_a) = (self.seen_from(a, b.stage), self.seen_from(b, a.stage));
        for (a, b) in [(&through_b, b), (a, &through_a)] {
            let shape_of = |seen: &Seen| self.stages[seen.stage].shape.as_ref();
            if a.view == b.view && shape_of(a) == shape_of(b) {
                return Ok((a.stage, b.stage, a.view.clone()));
            }
        }
        Ok((self.as_shown(a, node)?, self.as_shown(b, node)?, None))
    }

    /// The same value shown of the first stage on the way to another that arranges its own, where there is one.
    fn seen_from(&self, seen: &Seen, to: usize) -> Seen {
        let way = self.way(to, self.meet(seen.stage, to));
        let arranges = |place: &&usize| {
            let shows = self.stages[**place].shows.as_ref();
            shows.is_some_and(|(stage, _)| *stage == seen.stage)
        };
        // A change of order and one of shape are two stages.
        let Some(stage) = way.iter().take(2).find(arranges) else {
            return seen.clone();
        };
        let shows = self.stages[*stage].shows.as_ref();
        let through = shows.zip(self.view_of(seen));
        let view = through.and_then(|((_, first), view)| view.seen_through(first));
        let seen_there = view.map(|view| {
            let there = Seen {
                stage: *stage,
                ..seen.clone()
            };
            self.viewed(there, view)
        });
        seen_there.unwrap_or_else(|| seen.clone())
    }
}

/// That a rim stands where it cannot become part of windows.
pub(super) fn rim_in_the_way() -> Error {
    unsupported(
        "what it reads is padded; that is read with 0 right before a convolution, with -inf or the edge before a pooling of the largest",
    )
}
