//! Properties of random formulas: JVP against VJP, enclosures against samples, simplification against the written form.

#![allow(missing_docs, clippy::unwrap_used)]

use proptest::prelude::*;
use secant::method::{Forward, Reverse, range};
use secant::{
    Closeness, Decoration, Function, Functions, Interval, Node, Operation, Recorded, Scalar, jvp,
    vjp,
};

/// A recipe for a formula: each step applies a function to earlier values.
type Recipe = Vec<(usize, usize, usize, usize)>;

fn recipe() -> impl Strategy<Value = Recipe> {
    prop::collection::vec(
        (
            0..Operation::ALL.len(),
            any::<usize>(),
            any::<usize>(),
            any::<usize>(),
        ),
        1..12,
    )
}

/// Follows the recipe over two inputs and the numbers 2 and -1/2.
fn cook(recipe: &Recipe) -> Recorded {
    Recorded::trace(&["x", "y"], |inputs| {
        let mut values: Vec<Node> = inputs.to_vec();
        values.extend([Node::constant(2.0), Node::constant(-0.5)]);
        for (operation, a, b, c) in recipe {
            let operation = Operation::ALL[*operation];
            let arguments: Vec<Node> = [a, b, c]
                .map(|place| values[place % values.len()].clone())
                .to_vec();
            values.push(operation.apply(&arguments[..operation.arity()]));
        }
        vec![values[values.len() - 1].plus(&values[values.len() - 2])]
    })
    .unwrap()
}

/// Whether the function is proven smooth at the point.
fn smooth(function: &Recorded, at: &[f64]) -> bool {
    let boxed = Interval::points(at);
    function.value_at(0, at).is_finite() && function.program().rough_steps(&boxed).is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, max_global_rejects: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jvp_and_vjp_agree_through_the_inner_product(recipe in recipe(), at in prop::array::uniform2(-3.0..3.0f64), tangent in prop::array::uniform2(-2.0..2.0f64)) {
        let function = cook(&recipe);
        prop_assume!(smooth(&function, &at));
        let forward = &jvp(&Forward, &function, &at, &tangent).unwrap()[0];
        let backward = vjp(&Reverse, &function, &at, &[1.0]).unwrap();
        let inner: f64 = backward.iter().zip(tangent).map(|(entry, speed)| entry.value * speed).sum();
        let bound = |entry: &secant::Estimate| entry.bound.absolute(entry.value);
        let slack: Option<f64> = backward.iter().zip(tangent).map(|(entry, speed)| Some(bound(entry)? * speed.abs() + 2.0 * secant::ulp(entry.value * speed))).sum();
        if let (Some(left), Some(right)) = (bound(forward), slack) {
            prop_assert!(Closeness::within(left + right + secant::ulp(inner)).holds(forward.value, inner), "{} against {inner}", forward.value);
        }
    }

    #[test]
    fn an_enclosure_holds_every_sample(recipe in recipe(), corner in prop::array::uniform2(-3.0..3.0f64), size in prop::array::uniform2(0.0..1.0f64), share in prop::array::uniform2(0.0..=1.0f64)) {
        let function = cook(&recipe);
        let cell: Vec<Interval> = (0..2).map(|i| Interval::new(corner[i], corner[i] + size[i])).collect();
        let at: Vec<f64> = (0..2).map(|i| (corner[i] + share[i] * size[i]).clamp(cell[i].lo(), cell[i].hi())).collect();
        let value = function.eval(&at)[0];
        let whole = range(&function, &cell, &[])[0];
        if value.is_finite() && function.value_at(0, &at).is_finite() {
            prop_assert!(whole.contains(value), "{value} outside {whole:?}");
        } else if value.is_nan() {
            let overflowed = function.program().slots(&at).iter().any(|slot| slot.is_infinite());
            prop_assert!(overflowed || whole.decoration() == Decoration::Trivial || !whole.is_bounded(), "no value inside {whole:?}");
        }
        if smooth(&function, &at) {
            let slope = jvp(&Forward, &function, &at, &[1.0, 0.0]).unwrap()[0].value;
            let slopes = range(&function, &cell, &[vec![1.0, 0.0]])[0];
            prop_assert!(!slope.is_finite() || slopes.contains(slope), "{slope} outside {slopes:?}");
        }
    }

    #[test]
    fn simplification_keeps_values_where_the_written_form_has_one(recipe in recipe(), at in prop::array::uniform2(-3.0..3.0f64)) {
        let function = cook(&recipe);
        let mut graph = function.graph().clone();
        let simpler = graph.simplify(function.roots());
        let simplified = Recorded::new(graph, simpler.roots);
        let boxed = Interval::points(&at);
        let (written, made) = (range(&function, &boxed, &[])[0], range(&simplified, &boxed, &[])[0]);
        if written.decoration() > Decoration::Trivial {
            prop_assert!(made.lo() <= written.hi() && written.lo() <= made.hi(), "{written:?} became {made:?}");
        }
    }
}
