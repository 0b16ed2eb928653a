//! Nodes that arrange the numbers of each sample: their sides in another order or shape, a rim around them, the mean or the largest along all sides of a channel. What they
//! make is a [`View`] of the layer before them for as long as it can be; a layer of its own comes where a layer behind them needs the numbers to stand so.

use secant_train::layer::{Flatten, Reshape, numbers};

use super::sizes::{self, Size, Sizes};
use super::view::{Fill, View};
use super::{Converter, Seen};
use crate::error::Error;
use crate::onnx::operators::{Made, pool_of_all, shape_unknown, unsupported};
use crate::onnx::schema::Node;

impl<'a> Converter<'a> {
    /// Takes a node that computes with whole numbers known from shapes.
    pub(super) fn take_sizes(
        &mut self,
        node: &'a Node<'a>,
        output: &'a str,
    ) -> Result<bool, Error> {
        if node.operator == "Shape" {
            let seen = node.inputs.first().and_then(|input| self.values.get(input));
            let view = seen.and_then(|seen| self.view_of(seen));
            let is_part = node.attribute("start").is_some() || node.attribute("end").is_some();
            if is_part {
                return Ok(false);
            }
            if let Some(view) = view {
                let sides = view.shape().into_iter();
                let known = sides.map(|side| Size::Known(side as i64));
                let shape = Sizes::list(std::iter::once(Size::Samples).chain(known).collect());
                self.sizes.insert(output, shape);
                return Ok(true);
            }
        }
        let mut operands = Vec::new();
        for name in node.inputs.iter().filter(|name| !name.is_empty()) {
            match self.sizes_of(name)? {
                Some(sizes) => operands.push(sizes),
                None => return Ok(false),
            }
        }
        let made = sizes::computed(node, &operands)?;
        let is_known = made.is_some();
        if let Some(made) = made {
            self.sizes.insert(output, made);
        }
        Ok(is_known)
    }

    /// Whole numbers that are computed from shapes, or stored.
    fn sizes_of(&self, name: &str) -> Result<Option<Sizes>, Error> {
        if let Some(sizes) = self.sizes.get(name) {
            return Ok(Some(sizes.clone()));
        }
        let is_short = self
            .graph
            .size(name)?
            .is_some_and(|size| size <= sizes::MOST);
        if !self.graph.is_whole(name) || !is_short {
            return Ok(None);
        }
        let numbers = self.graph.numbers(name)?;
        Ok(numbers.map(|numbers| Sizes::known(numbers.shape, &numbers.values)))
    }

    /// The whole numbers that a node takes as a setting, or as an input of its own.
    fn wholes(&self, node: &Node<'_>, name: &str) -> Result<Option<Vec<i64>>, Error> {
        if let Some(setting) = node.wholes(name)? {
            return Ok(Some(setting.to_vec()));
        }
        let Some(input) = node.inputs.get(1).filter(|input| !input.is_empty()) else {
            return Ok(None);
        };
        let sizes = self.sizes_of(input)?;
        let numbers = sizes.and_then(|sizes| sizes.numbers());
        numbers.map(Some).ok_or_else(|| {
            let message = format!("its {name} are no whole numbers that are stored in the file");
            unsupported(&message)
        })
    }

    /// Takes a node that arranges numbers.
    pub(super) fn take_arranged(
        &mut self,
        node: &'a Node<'a>,
        output: &'a str,
    ) -> Result<bool, Error> {
        let Some(input) = node.inputs.first().copied() else {
            return Ok(false);
        };
        let arranged = match node.operator {
            "Transpose" => self.transposed(input, node),
            "Squeeze" | "Unsqueeze" => self.squeezed(input, node),
            "Reshape" | "Flatten" => self.reshaped(input, node),
            "Pad" => self.padded(input, node),
            "ReduceMean" | "ReduceMax" => self.reduced(input, node),
            _ => return Ok(false),
        };
        let seen = arranged.map_err(|error| error.at(node.place()))?;
        self.values.insert(output, seen);
        Ok(true)
    }

    /// A value and how it shows the output of its stage.
    fn shown(&self, input: &str) -> Result<(Seen, View), Error> {
        let seen = self.values.get(input).ok_or_else(|| {
            unsupported(&format!(
                "its input '{input}' does not come from the samples"
            ))
        })?;
        let view = self.view_of(seen).ok_or_else(shape_unknown)?;
        Ok((seen.clone(), view))
    }

    /// The same value by another view.
    pub(super) fn viewed(&self, seen: Seen, view: View) -> Seen {
        let whole = self.stages[seen.stage].shape.as_deref().map(View::of);
        Seen {
            view: Some(view).filter(|view| whole.as_ref() != Some(view)),
            ..seen
        }
    }

    fn transposed(&self, input: &str, node: &Node<'_>) -> Result<Seen, Error> {
        let (seen, view) = self.shown(input)?;
        let sides = view.shape().len();
        let backward = || (0..=sides as i64).rev().collect();
        let order = node.wholes("perm")?.map_or_else(backward, <[i64]>::to_vec);
        let within = |side: &i64| usize::try_from(*side).ok()?.checked_sub(1);
        let order_within: Option<Vec<usize>> = order.iter().skip(1).map(within).collect();
        let turned = order_within
            .filter(|_| order.first() == Some(&0))
            .and_then(|order| view.permuted(&order));
        let turned = turned.ok_or_else(|| {
            unsupported(&format!(
                "the order {order:?} is read where it leaves samples in their place and holds each of their {sides} sides once"
            ))
        })?;
        Ok(self.handed_on(input, self.viewed(seen, turned)))
    }

    fn squeezed(&self, input: &str, node: &Node<'_>) -> Result<Seen, Error> {
        let (seen, view) = self.shown(input)?;
        let axes = self.wholes(node, "axes")?.ok_or_else(|| {
            unsupported("which sides of one place it drops is not told, and not read")
        })?;
        let is_more = node.operator == "Unsqueeze";
        let shape = view.shape();
        let all = shape.len() + 1 + if is_more { axes.len() } else { 0 };
        let mut places = places(&axes, all)?;
        if !is_more {
            places.reverse();
        }
        let squeezed = places.iter().try_fold(view, |view, place| match is_more {
            true => view.with_one(*place),
            false => view.without_one(*place),
        });
        let squeezed = squeezed.ok_or_else(|| {
            unsupported(&format!(
                "its axes {axes:?} are no sides of one place in samples of shape {shape:?}"
            ))
        })?;
        Ok(self.handed_on(input, self.viewed(seen, squeezed)))
    }

    /// Rows of features, or other sides for as many numbers of each sample.
    fn reshaped(&mut self, input: &'a str, node: &'a Node<'a>) -> Result<Seen, Error> {
        let known = self.shown(input).ok();
        let shape = known.as_ref().map(|(_, view)| view.shape());
        let wanted = self.wanted_shape(node, shape.as_deref())?;
        if let (Some((seen, view)), Some(wanted)) = (known, &wanted) {
            if view.shape() == *wanted {
                return Ok(self.handed_on(input, seen));
            }
            let view = view.reshaped(wanted).filter(|_| wanted.len() > 1);
            if let Some(view) = view {
                return Ok(self.handed_on(input, self.viewed(seen, view)));
            }
        }
        let seen = self.active(input, node)?;
        let stage = self.ordered(seen.stage, seen.view.as_ref(), node)?;
        let made = match wanted {
            Some(wanted) if wanted.len() > 1 => Made::plain(Reshape::new(&wanted)),
            _ => Made::plain(Flatten),
        };
        Ok(Seen::output_of(self.push(stage, made, node.place())?))
    }

    /// The shape that a node makes of samples of this one; none for rows of as many features as there are.
    fn wanted_shape(
        &self,
        node: &Node<'_>,
        shape: Option<&[usize]>,
    ) -> Result<Option<Vec<usize>>, Error> {
        let features = shape.and_then(numbers);
        let refused = || unsupported("it is read where each sample keeps its numbers to itself");
        if node.operator == "Flatten" {
            return match node.whole("axis", 1)? {
                1 => Ok(features.map(|features| vec![features])),
                _ => Err(refused()),
            };
        }
        let sizes = node.inputs.get(1).map(|name| self.sizes_of(name));
        let sizes = sizes.transpose()?.flatten().ok_or_else(|| {
            unsupported(
                "its shape is neither stored in the file nor known from that of the samples",
            )
        })?;
        let Some((samples, sides)) = sizes.values.split_first() else {
            return Err(refused());
        };
        // A 0 is a side as it was, or else one of no places.
        if node.whole("allowzero", 0)? != 0 && sizes.values.contains(&Size::Known(0)) {
            return Err(refused());
        }
        let keeps_samples = matches!(samples, Size::Samples | Size::Known(0));
        let is_rest = *samples == Size::Known(-1);
        if sides == [Size::Known(-1)] && keeps_samples {
            return Ok(features.map(|features| vec![features]));
        }
        let (shape, features) = shape.zip(features).ok_or_else(shape_unknown)?;
        let mut wanted = Vec::with_capacity(sides.len());
        let mut rest = None;
        for (place, side) in sides.iter().enumerate() {
            wanted.push(match side {
                Size::Known(-1) if rest.is_none() && keeps_samples => {
                    rest = Some(place);
                    1
                }
                Size::Known(0) => *shape.get(place).ok_or_else(refused)?,
                Size::Known(side) => usize::try_from(*side).map_err(|_| refused())?,
                Size::Samples => return Err(refused()),
            });
        }
        let mut made = numbers(&wanted).ok_or_else(refused)?;
        if let Some(place) = rest {
            wanted[place] = features.checked_div(made).ok_or_else(refused)?;
            made = numbers(&wanted).ok_or_else(refused)?;
        }
        let fits = made == features && !wanted.is_empty() && (keeps_samples || is_rest);
        fits.then_some(Some(wanted)).ok_or_else(refused)
    }

    /// A rim, which becomes part of the windows of the layer behind.
    fn padded(&self, input: &str, node: &Node<'_>) -> Result<Seen, Error> {
        let (seen, view) = self.shown(input)?;
        if node.inputs.get(3).is_some_and(|axes| !axes.is_empty()) {
            return Err(unsupported("padding of some axes alone is not read"));
        }
        let number = match node.inputs.get(2).filter(|name| !name.is_empty()) {
            None => Some(0.0),
            Some(name) => self.graph.numbers(name)?.and_then(|number| number.single()),
        };
        let fill = match (node.text("mode", "constant")?, number) {
            ("constant", Some(0.0)) => Fill::Zero,
            ("constant", Some(f64::NEG_INFINITY)) => Fill::Lowest,
            ("edge", _) => Fill::Edge,
            ("constant", _) => return Err(unsupported("padding is read with 0 or -inf alone")),
            (mode, _) => {
                let message = format!("padding of mode {mode} is not read");
                return Err(unsupported(&message));
            }
        };
        let widths = self.wholes(node, "pads")?.unwrap_or_default();
        let sides = view.shape().len() + 1;
        let padded = (widths.len() == 2 * sides).then(|| widths.split_at(sides));
        let padded = padded.and_then(|(before, after)| match (before, after) {
            ([0, before @ ..], [0, after @ ..]) => view.padded(before, after, fill),
            _ => None,
        });
        let padded = padded.ok_or_else(|| {
            unsupported(&format!(
                "padding of {widths:?} is not read for samples of shape {:?}",
                view.shape()
            ))
        })?;
        Ok(self.handed_on(input, self.viewed(seen, padded)))
    }

    /// The mean or the largest number of each channel.
    fn reduced(&mut self, input: &'a str, node: &'a Node<'a>) -> Result<Seen, Error> {
        self.shown(input)?;
        let seen = self.active(input, node)?;
        let view = self.view_of(&seen).ok_or_else(shape_unknown)?;
        let sides = view.shape().len();
        let axes = self.wholes(node, "axes")?.unwrap_or_default();
        let along = places(&axes, sides + 1)?;
        let kept: Vec<usize> = (0..sides).filter(|side| !along.contains(side)).collect();
        let (&[channel], false) = (kept.as_slice(), along.is_empty()) else {
            return Err(unsupported(
                "the mean and the largest are read over all sides of each channel alone",
            ));
        };
        let first = view.with_first(channel).ok_or_else(shape_unknown)?;
        let from = self.arranged(seen.stage, &first, node)?;
        let shape = self.stages[from].shape.clone().ok_or_else(shape_unknown)?;
        let stage = self.push(from, pool_of_all(node.operator, &shape)?, node.place())?;
        if node.whole("keepdims", 1)? == 0 {
            let stage = self.push(stage, Made::plain(Flatten), node.place())?;
            return Ok(Seen::output_of(stage));
        }
        let pooled = Seen::output_of(stage);
        let mut kept = vec![1; sides];
        kept[channel] = shape.first().copied().unwrap_or(1);
        let view = self.view_of(&pooled).and_then(|view| view.reshaped(&kept));
        Ok(self.viewed(pooled, view.ok_or_else(shape_unknown)?))
    }
}

/// The sides of a sample that axes name, from the first on, each once; the first axis is that of the samples.
fn places(axes: &[i64], all: usize) -> Result<Vec<usize>, Error> {
    let place = |axis: &i64| {
        let axis = if *axis < 0 {
            axis.saturating_add(all as i64)
        } else {
            *axis
        };
        let place = usize::try_from(axis).ok()?;
        (place < all).then_some(place)?.checked_sub(1)
    };
    let mut places: Option<Vec<usize>> = axes.iter().map(place).collect();
    if let Some(places) = &mut places {
        places.sort_unstable();
    }
    places
        .filter(|places| places.windows(2).all(|pair| pair[0] != pair[1]))
        .ok_or_else(|| {
            unsupported(&format!(
                "the axes {axes:?} are not sides of samples, each once"
            ))
        })
}
