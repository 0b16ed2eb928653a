//! Whole numbers that a graph computes from the shapes of its values, as exporters do for the shape of a flattening or the width of a rim. Shapes are known, but for how
//! many samples there are, so that these are numbers here and no part of the network.

use secant_train::layer::numbers;

use crate::error::Error;
use crate::onnx::schema::{Attribute, Node};

/// More of them are no shape, nor what one is computed from.
pub(crate) const MOST: usize = 64;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Known(i64),
    /// How many samples there are.
    Samples,
}

/// A tensor of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<Size>,
}

impl Sizes {
    /// What a constant holds.
    pub(crate) fn known(shape: Vec<usize>, values: &[f64]) -> Self {
        let values = values.iter().map(|value| Size::Known(*value as i64));
        Self {
            shape,
            values: values.collect(),
        }
    }

    pub(crate) fn list(values: Vec<Size>) -> Self {
        Self {
            shape: vec![values.len()],
            values,
        }
    }

    /// Its numbers, where they are all known.
    pub(crate) fn numbers(&self) -> Option<Vec<i64>> {
        let number = |size: &Size| match size {
            Size::Known(number) => Some(*number),
            Size::Samples => None,
        };
        self.values.iter().map(number).collect()
    }

    /// How many numbers stand behind each index of the first side.
    fn row(&self) -> Option<usize> {
        let (_, others) = self.shape.split_first()?;
        numbers(others)
    }
}

/// What a node makes of them, or none where it is no such node, or not in a form that exporters write for shapes.
pub(crate) fn computed(node: &Node<'_>, operands: &[Sizes]) -> Result<Option<Sizes>, Error> {
    let made = match (node.operator, operands) {
        ("Identity", [a]) => Some(a.clone()),
        ("Shape", [a]) => {
            let sides = a.shape.iter().map(|side| Size::Known(*side as i64));
            Some(Sizes::list(sides.collect()))
        }
        ("Cast", [a]) if matches!(node.whole("to", 0)?, 6 | 7) => Some(a.clone()),
        ("Add", [a, b]) => pairs(a, b, i64::checked_add),
        ("Sub", [a, b]) => pairs(a, b, i64::checked_sub),
        ("Mul", [a, b]) => pairs(a, b, i64::checked_mul),
        ("Div", [a, b]) => pairs(a, b, i64::checked_div),
        ("Gather", [a, places]) if node.whole("axis", 0)? == 0 => gathered(a, places),
        ("Concat", parts) if node.whole("axis", 0)? == 0 => joined(parts),
        ("Unsqueeze" | "Squeeze", [a, ..]) => squeezed(node, a),
        ("Slice", [a, starts, ends, rest @ ..]) => sliced(a, starts, ends, rest),
        ("Reshape", [a, shape]) => reshaped(a, shape),
        ("Transpose", [a]) => turned(a, node.wholes("perm")?),
        ("ConstantOfShape", [shape]) => repeated(node, shape)?,
        _ => None,
    };
    Ok(made.filter(|made| made.values.len() <= MOST))
}

/// One operation on each two, or on each and the one of the other.
fn pairs(a: &Sizes, b: &Sizes, operation: fn(i64, i64) -> Option<i64>) -> Option<Sizes> {
    let wider = match (a.values.len(), b.values.len()) {
        _ if a.shape == b.shape => a,
        (_, 1) if b.shape.len() <= a.shape.len() => a,
        (1, _) if a.shape.len() <= b.shape.len() => b,
        _ => return None,
    };
    let (a, b) = (a.numbers()?, b.numbers()?);
    let one = |numbers: &[i64], place: usize| numbers[place % numbers.len()];
    let made = (0..wider.values.len())
        .map(|place| operation(one(&a, place), one(&b, place)).map(Size::Known));
    Some(Sizes {
        shape: wider.shape.clone(),
        values: made.collect::<Option<_>>()?,
    })
}

/// Those of a list that stand at these places.
fn gathered(list: &Sizes, places: &Sizes) -> Option<Sizes> {
    let &[count] = list.shape.as_slice() else {
        return None;
    };
    let values = places.numbers()?.into_iter().map(|place| {
        let place = usize::try_from(wrapped(place, count)).ok()?;
        list.values.get(place).copied()
    });
    Some(Sizes {
        shape: places.shape.clone(),
        values: values.collect::<Option<_>>()?,
    })
}

/// A place that may be counted from the end.
fn wrapped(place: i64, count: usize) -> i64 {
    if place < 0 {
        place.saturating_add(count as i64)
    } else {
        place
    }
}

fn joined(parts: &[Sizes]) -> Option<Sizes> {
    let are_lists = parts.iter().all(|part| part.shape.len() == 1);
    let values = parts.iter().flat_map(|part| part.values.iter().copied());
    are_lists.then(|| Sizes::list(values.collect()))
}

/// One number as a list of one, and back.
fn squeezed(node: &Node<'_>, a: &Sizes) -> Option<Sizes> {
    let shape = match (node.operator, a.shape.as_slice()) {
        ("Unsqueeze", []) => vec![1],
        ("Squeeze", [1]) => Vec::new(),
        _ => return None,
    };
    Some(Sizes {
        shape,
        values: a.values.clone(),
    })
}

/// Part of a list, or of the rows of a table, forward or backward.
fn sliced(a: &Sizes, starts: &Sizes, ends: &Sizes, rest: &[Sizes]) -> Option<Sizes> {
    let one = |sizes: &Sizes| match sizes.numbers()?.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let axis = rest.first().map_or(Some(0), one)?;
    if wrapped(axis, a.shape.len()) != 0 {
        return None;
    }
    let (row, count) = (a.row()?, *a.shape.first()?);
    let step = rest.get(1).map_or(Some(1), one)?;
    let (lowest, highest) = if step > 0 {
        (0, count as i64)
    } else {
        (-1, count as i64 - 1)
    };
    let mut at = wrapped(one(starts)?, count).clamp(lowest, highest);
    // An end far below 0 is the beginning itself; -1 would be the last place.
    let end = wrapped(one(ends)?, count).clamp(lowest, highest);
    let mut values = Vec::new();
    let mut rows = 0;
    while step != 0 && (end - at).signum() == step.signum() {
        let first = usize::try_from(at).ok()? * row;
        values.extend(a.values.get(first..first + row)?);
        rows += 1;
        at = at.saturating_add(step);
    }
    let mut shape = a.shape.clone();
    *shape.first_mut()? = rows;
    Some(Sizes { shape, values })
}

fn reshaped(a: &Sizes, shape: &Sizes) -> Option<Sizes> {
    let sides = shape.numbers()?;
    let known: i64 = sides
        .iter()
        .filter(|side| **side != -1)
        .try_fold(1i64, |n, side| n.checked_mul(*side))?;
    let count = a.values.len() as i64;
    let rest = count.checked_div(known)?;
    let side = |side: &i64| usize::try_from(if *side == -1 { rest } else { *side }).ok();
    let shape: Vec<usize> = sides.iter().map(side).collect::<Option<_>>()?;
    (numbers(&shape) == Some(a.values.len())).then(|| Sizes {
        shape,
        values: a.values.clone(),
    })
}

fn turned(a: &Sizes, order: Option<&[i64]>) -> Option<Sizes> {
    let &[rows, columns] = a.shape.as_slice() else {
        return None;
    };
    if !matches!(order, None | Some([1, 0])) {
        return None;
    }
    let down = |column: usize| (0..rows).map(move |row| a.values[row * columns + column]);
    Some(Sizes {
        shape: vec![columns, rows],
        values: (0..columns).flat_map(down).collect(),
    })
}

/// One number as often as a shape of one side says.
fn repeated(node: &Node<'_>, shape: &Sizes) -> Result<Option<Sizes>, Error> {
    let Some(Attribute::Tensor(tensor)) = node.attribute("value") else {
        return Ok(None);
    };
    if !tensor.is_whole() || tensor.shape()?.1 != 1 {
        return Ok(None);
    }
    let value = tensor.numbers(None)?;
    let count = match shape.numbers().as_deref() {
        Some([count]) => usize::try_from(*count).ok(),
        _ => None,
    };
    let made = count.filter(|count| *count <= MOST).map(|count| {
        let value = value.first().map_or(0, |value| *value as i64);
        Sizes::list(vec![Size::Known(value); count])
    });
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(numbers: &[i64]) -> Sizes {
        Sizes::list(numbers.iter().map(|number| Size::Known(*number)).collect())
    }

    fn node(operator: &'static str) -> Node<'static> {
        Node {
            operator,
            ..Node::default()
        }
    }

    #[test]
    fn the_padding_that_pytorch_writes_is_computed() {
        // Rims innermost side first, as PyTorch has them: in rows of two, from the last to the first, turned to be all beginnings and then all ends.
        let rows = reshaped(&list(&[1, 2, 3, 4, 0, 0, 0, 0]), &list(&[-1, 2]));
        let back = rows.and_then(|rows| {
            let rest = [list(&[0]), list(&[-1])];
            sliced(&rows, &list(&[-1]), &list(&[-i64::MAX]), &rest)
        });
        let turned = back.and_then(|back| turned(&back, Some(&[1, 0])));
        let flat = turned.and_then(|turned| reshaped(&turned, &list(&[-1])));
        assert_eq!(flat, Some(list(&[0, 0, 3, 1, 0, 0, 4, 2])));
    }

    #[test]
    fn how_many_samples_there_are_goes_through_and_is_not_computed_with() -> Result<(), Error> {
        let shape = Sizes::list(vec![Size::Samples, Size::Known(6), Size::Known(8)]);
        let rows = gathered(&shape, &list(&[0]));
        let rows = rows.and_then(|rows| joined(&[rows, list(&[-1])]));
        assert_eq!(
            rows.map(|rows| rows.values),
            Some(vec![Size::Samples, Size::Known(-1)])
        );
        let sum = computed(&node("Add"), &[shape.clone(), list(&[1])])?;
        assert_eq!(sum, None);
        assert_eq!(gathered(&shape, &list(&[-1])), Some(list(&[8])));
        assert_eq!(gathered(&shape, &list(&[3])), None);
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_refused_and_does_not_end_the_program() -> Result<(), Error> {
        let pair = |operator, a: &[i64], b: &[i64]| computed(&node(operator), &[list(a), list(b)]);
        assert_eq!(pair("Div", &[1], &[0])?, None);
        assert_eq!(pair("Mul", &[i64::MAX], &[2])?, None);
        assert_eq!(pair("Add", &[1, 2], &[1, 2, 3])?, None);
        assert_eq!(pair("Add", &[], &[1])?, Some(list(&[])));
        assert_eq!(pair("Reshape", &[1, 2, 3], &[-1, 2])?, None);
        assert_eq!(pair("Reshape", &[], &[-1, 0])?, None);
        let none = sliced(
            &list(&[1, 2]),
            &list(&[0]),
            &list(&[2]),
            &[list(&[0]), list(&[0])],
        );
        assert_eq!(none, Some(list(&[])));
        let empty = Sizes {
            shape: vec![0, 1 << 40, 1 << 40],
            values: Vec::new(),
        };
        assert_eq!(sliced(&empty, &list(&[0]), &list(&[0]), &[]), None);
        let twice = computed(&node("Add"), &[empty.clone(), empty.clone()])?;
        assert_eq!(twice, Some(empty));
        Ok(())
    }
}
