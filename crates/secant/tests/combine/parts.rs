//! Chain, scan and gather against the whole written out.

use std::cell::Cell;

use secant::combine::{Chain, Gather, Pick, Scan};
use secant::method::{Forward, Reverse};
use secant::{Function, Functions, Node, Recorded, Scalar, gradient, jacobian, jvp, vjp};

use super::{assert_close, bits, dot, recorded, with_threads};

fn values(estimates: &[secant::Estimate]) -> Vec<f64> {
    estimates.iter().map(|estimate| estimate.value).collect()
}

/// That JVP and VJP are of one Jacobian, and that this is the other function's.
fn assert_same(what: &str, combined: &dyn Function, whole: &Recorded, at: &[f64]) {
    assert_close(what, &combined.eval(at), &whole.eval(at), 1e-13);
    let tangent: Vec<f64> = (0..whole.inputs())
        .map(|i| (i as f64 + 0.5).cos())
        .collect();
    let cotangent: Vec<f64> = (0..whole.outputs())
        .map(|i| (i as f64 - 0.3).sin())
        .collect();
    let moved = values(&jvp(&Forward, combined, at, &tangent).unwrap());
    let truth = values(&jvp(&Forward, whole, at, &tangent).unwrap());
    assert_close(what, &moved, &truth, 1e-12);
    let carried = values(&vjp(&Reverse, combined, at, &cotangent).unwrap());
    let truth = values(&vjp(&Reverse, whole, at, &cotangent).unwrap());
    assert_close(what, &carried, &truth, 1e-12);
    let (forward, backward) = (dot(&moved, &cotangent), dot(&carried, &tangent));
    assert_close(what, &[forward], &[backward], 1e-12);
}

#[test]
fn a_chain_is_the_composition() {
    let first = |v: &[Node]| vec![v[0].sin() * v[1].clone(), v[0].clone() + v[1].exp()];
    let second = |v: &[Node]| {
        vec![
            v[0].clone() / v[1].clone(),
            v[0].clone() * v[0].clone(),
            v[1].ln(),
        ]
    };
    let third = |v: &[Node]| vec![v[0].tanh() + v[1].clone() * v[2].clone()];
    let traced =
        |names: &[&str], f: &dyn Fn(&[Node]) -> Vec<Node>| Recorded::trace(names, f).unwrap();
    let whole = traced(&["x", "y"], &|v| third(&second(&first(v))));
    let chain = Chain::new(vec![
        Box::new(traced(&["x", "y"], &first)),
        Box::new(traced(&["a", "b"], &second)),
        Box::new(traced(&["a", "b", "c"], &third)),
    ])
    .unwrap();
    assert_same("chain", &chain, &whole, &[0.6, 1.2]);
    let again = vec![
        Box::new(recorded("x + y")) as Box<dyn Function>,
        Box::new(recorded("x*y")),
    ];
    assert!(Chain::new(again).is_err());
    assert!(Chain::new(Vec::new()).is_err());
}

/// One step of a pendulum with friction.
fn pendulum(v: &[Node]) -> Vec<Node> {
    let [angle, speed, friction] = [&v[0], &v[1], &v[2]].map(Clone::clone);
    let faster = speed.clone() - (angle.sin() + friction * speed) / 10.0.into_node();
    vec![angle + faster.clone() / 10.0.into_node(), faster]
}

trait IntoNode {
    fn into_node(self) -> Node;
}

impl IntoNode for f64 {
    fn into_node(self) -> Node {
        Node::constant(self)
    }
}

#[test]
fn a_scan_is_the_steps_written_out() {
    let names = ["angle", "speed", "friction"];
    let step = Recorded::trace(&names, pendulum).unwrap();
    let whole = Recorded::trace(&names, |v| {
        let mut state = vec![v[0].clone(), v[1].clone()];
        for _ in 0..20 {
            state = pendulum(&[state, vec![v[2].clone()]].concat());
        }
        state
    })
    .unwrap();
    assert_same(
        "scan",
        &Scan::new(step, 20).unwrap(),
        &whole,
        &[0.5, 0.1, 0.3],
    );
    let none = Scan::new(recorded("x^2"), 0).unwrap();
    assert_eq!(
        (none.eval(&[3.0]), none.vjp(&[3.0], &[2.0])),
        (vec![3.0], Some(vec![2.0]))
    );
    let grows = Recorded::trace(&["x"], |v| vec![v[0].clone(), v[0].clone()]).unwrap();
    assert!(Scan::new(grows, 3).is_err());
}

#[test]
fn checkpoints_change_no_bit() {
    let step = Recorded::trace(&["angle", "speed", "friction"], pendulum).unwrap();
    let (at, weights) = ([0.5, 0.1, 0.3], [1.0, -2.0]);
    for steps in [1, 2, 3, 10, 57] {
        let scan = Scan::new(step.clone(), steps).unwrap();
        let all = scan
            .clone()
            .with_checkpoints(steps)
            .vjp(&at, &weights)
            .unwrap();
        for checkpoints in [1, 2, 3, 5, 11, usize::MAX] {
            let few = scan.clone().with_checkpoints(checkpoints);
            assert_eq!(
                bits(&few.vjp(&at, &weights).unwrap()),
                bits(&all),
                "{steps} {checkpoints}"
            );
        }
        assert_eq!(
            bits(&scan.vjp(&at, &weights).unwrap()),
            bits(&all),
            "{steps}"
        );
    }
}

/// A step with a large state, which counts how often it is run.
struct Heavy<'a> {
    size: usize,
    runs: &'a Cell<usize>,
}

impl Function for Heavy<'_> {
    fn inputs(&self) -> usize {
        self.size
    }

    fn outputs(&self) -> usize {
        self.size
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        self.runs.set(self.runs.get() + 1);
        x.iter().map(|x| x * x).collect()
    }

    fn vjp(&self, x: &[f64], cotangent: &[f64]) -> Option<Vec<f64>> {
        Some(
            x.iter()
                .zip(cotangent)
                .map(|(x, weight)| 2.0 * x * weight)
                .collect(),
        )
    }
}

#[test]
fn a_sweep_back_keeps_few_states_and_runs_steps_few_times() {
    let (size, steps) = (1000, 800);
    let runs = Cell::new(0);
    let scan = Scan::new(Heavy { size, runs: &runs }, steps).unwrap();
    let (start, weights) = (vec![1.0; size], vec![1.0; size]);
    let mut swept = None;
    let memory = allocation_counter::measure(|| swept = scan.vjp(&start, &weights));
    assert_eq!(swept.unwrap().len(), size);
    let states = memory.bytes_max / (8 * size as u64);
    assert!(states <= 40 + 8, "{states} states at once, of {steps}");
    assert!(
        runs.get() <= 2 * steps,
        "{} runs of {steps} steps",
        runs.get()
    );
}

#[test]
fn a_gathered_jacobian_is_the_dense_one() {
    // Two of five points of three coordinates each row, the same one twice in one row, and a weight by row.
    let names = ["a", "b", "c", "d", "e", "f", "weight"];
    let apart = |v: &[Node]| {
        let squares = (0..3).map(|i| {
            let apart = v[i].clone() - v[3 + i].clone();
            apart.clone() * apart
        });
        let sum = squares.reduce(|a, b| a + b).unwrap();
        vec![v[6].clone() * sum.exp(), v[0].clone() * v[4].clone()]
    };
    let function = Recorded::trace(&names, apart).unwrap();
    let (first, second) = (vec![0, 3, 2, 2, 4], vec![1, 1, 0, 2, 3]);
    let weights = vec![1.0, 2.0, 0.5, 3.0, -1.0];
    let group = |index: &[u32]| Pick::Group {
        start: 0,
        width: 3,
        index: index.to_vec(),
    };
    let picks = vec![group(&first), group(&second), Pick::Data(weights.clone())];
    let gather = Gather::new(&function, 15, picks).unwrap();

    let all: Vec<String> = (0..15).map(|place| format!("p{place}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let whole = Recorded::trace(&all, |p| {
        let rows = first.iter().zip(&second).zip(&weights);
        rows.flat_map(|((first, second), weight)| {
            let point = |of: u32| p[3 * of as usize..][..3].to_vec();
            apart(&[point(*first), point(*second), vec![weight.into_node()]].concat())
        })
        .collect()
    })
    .unwrap();
    let at: Vec<f64> = (0..15)
        .map(|place| 0.3 * (1.3 * place as f64).sin())
        .collect();
    assert_same("gather", &gather, &whole, &at);

    let (_, sparse) = gather.jacobian(&at).unwrap();
    let dense = jacobian(&Forward, &whole, &at).unwrap();
    for (row, dense) in dense.iter().enumerate() {
        let mut found = vec![0.0; 15];
        let mut last = None;
        for (column, value) in sparse.row(row) {
            assert!(last < Some(column), "columns rise");
            last = Some(column);
            found[column] = value;
        }
        assert_close(&format!("row {row}"), &found, &values(dense), 1e-13);
    }
}

/// A pinhole before a point, with quotients that share divisors and a root: two residuals of a group of four, one of two, and data.
fn pinhole() -> Recorded {
    let names = ["a", "b", "c", "d", "u", "v", "seen"];
    Recorded::trace(&names, |v| {
        let depth = v[2].clone() * v[2].clone() + v[4].exp();
        let size = (v[0].clone() * v[0].clone() + v[3].clone() * v[3].clone()).sqrt();
        let across = (v[0].clone() * v[5].clone() - v[1].clone()) / depth.clone() / size.clone();
        let along = (v[1].clone() + v[4].clone()) / depth - v[3].clone() / size;
        vec![across - v[6].clone(), along * v[5].sin()]
    })
    .unwrap()
}

/// So many rows of it over 9 groups of four and 11 groups of two.
fn pinholes(rows: usize) -> (Gather, Vec<Pick>) {
    let index = |step: usize, of: usize| (0..rows).map(|row| (row * step % of) as u32).collect();
    let group = |start, width, index| Pick::Group {
        start,
        width,
        index,
    };
    let picks = vec![
        group(0, 4, index(5, 9)),
        group(36, 2, index(3, 11)),
        Pick::Data((0..rows).map(|row| (row as f64).cos()).collect()),
    ];
    (Gather::new(&pinhole(), 58, picks.clone()).unwrap(), picks)
}

/// What fills up the last block and where one block ends make no difference.
#[test]
fn gathered_rows_are_those_of_the_function_alone() {
    let parameters: Vec<f64> = (0..58)
        .map(|p| 1.0 + (1.3 * p as f64).sin() / 2.0)
        .collect();
    let alone = pinhole().with_jacobian();
    // The most are more than the caches hold.
    for rows in [1, 63, 64, 65, 257, 700, 40_001] {
        let (gather, picks) = pinholes(rows);
        let (values, jacobian) = gather.jacobian(&parameters).unwrap();
        assert_close("values", &gather.eval(&parameters), &values, 1e-14);
        for row in 0..rows {
            let mut at = Vec::new();
            for pick in &picks {
                match pick {
                    Pick::Group {
                        start,
                        width,
                        index,
                    } => at.extend(&parameters[start + width * index[row] as usize..][..*width]),
                    Pick::Data(data) => at.push(data[row]),
                }
            }
            let truth = alone.eval(&at);
            let what = format!("row {row} of {rows}");
            assert_close(&what, &values[2 * row..][..2], &truth[..2], 1e-13);
            for output in 0..2 {
                let found: Vec<f64> = jacobian
                    .row(2 * row + output)
                    .map(|(_, value)| value)
                    .collect();
                assert_close(&what, &found, &truth[2 + 7 * output..][..6], 1e-13);
            }
        }
    }
}

#[test]
fn threads_change_no_bit_of_a_gathered_jacobian() {
    let parameters: Vec<f64> = (0..58)
        .map(|p| 1.0 + (1.3 * p as f64).sin() / 2.0)
        .collect();
    let (gather, _) = pinholes(2_500);
    let (values, jacobian) = gather.jacobian(&parameters).unwrap();
    for threads in [1, 2, 3, 7] {
        let mut again = (
            vec![f64::NAN; values.len()],
            vec![f64::NAN; jacobian.values.len()],
        );
        with_threads(threads, || {
            gather
                .jacobian_into(&parameters, &mut again.0, &mut again.1)
                .unwrap();
        });
        assert_eq!(bits(&again.0), bits(&values), "{threads} threads");
        assert_eq!(bits(&again.1), bits(&jacobian.values), "{threads} threads");
    }
}

/// Divisors at the ends of the range, where a shared reciprocal is infinite, zero or below all ordinary numbers.
#[test]
fn shared_reciprocals_keep_what_is_infinite_and_what_is_zero() {
    let function = Recorded::trace(&["a", "b", "c"], |v| {
        vec![
            v[0].clone() / v[2].clone(),
            v[1].clone() / v[2].clone(),
            v[0].clone() * v[1].clone(),
        ]
    })
    .unwrap();
    let one = |start| Pick::Group {
        start,
        width: 1,
        index: vec![0],
    };
    let gather = Gather::new(&function, 3, vec![one(0), one(1), one(2)]).unwrap();
    for (below, wanted) in [
        (0.0, [f64::INFINITY, f64::NEG_INFINITY]),
        (-0.0, [f64::NEG_INFINITY, f64::INFINITY]),
        (f64::INFINITY, [0.0, 0.0]),
        (
            f64::MIN_POSITIVE,
            [3.0 / f64::MIN_POSITIVE, -0.5 / f64::MIN_POSITIVE],
        ),
    ] {
        let found = gather.eval(&[3.0, -0.5, below]);
        assert_eq!(found[..2], wanted, "divided by {below}");
    }
    let found = gather.eval(&[3.0, -0.5, f64::MAX]);
    assert_close(
        "quotient",
        &[found[0] * 1e308],
        &[3.0 / (f64::MAX / 1e308)],
        1e-15,
    );
    assert!(gather.eval(&[0.0, 1.0, 0.0])[0].is_nan());
    // So small a divisor counts as 0.
    assert_eq!(gather.eval(&[1e-5, 1.0, 1e-310])[0], f64::INFINITY);
}

impl IntoNode for &f64 {
    fn into_node(self) -> Node {
        (*self).into_node()
    }
}

#[test]
fn picks_that_do_not_fit_are_told() {
    let function = recorded("f(a, b) = a - b");
    let group = |index: Vec<u32>| Pick::Group {
        start: 0,
        width: 1,
        index,
    };
    assert!(Gather::new(&function, 3, vec![group(vec![0, 1])]).is_err());
    assert!(Gather::new(&function, 3, vec![group(vec![0, 1]), group(vec![0])]).is_err());
    assert!(Gather::new(&function, 3, vec![group(vec![0, 3]), group(vec![0, 1])]).is_err());
    let far = |start, width| Pick::Group {
        start,
        width,
        index: vec![1, u32::MAX],
    };
    for beyond in [
        far(usize::MAX, 1),
        far(0, usize::MAX),
        far(usize::MAX, usize::MAX),
    ] {
        let one = recorded("f(a) = a");
        assert!(Gather::new(&one, 3, vec![beyond.clone()]).is_err());
        assert!(Gather::new(&function, 3, vec![group(vec![0, 1]), beyond]).is_err());
    }
    let gather = Gather::new(&function, 3, vec![group(vec![0, 1]), group(vec![1, 2])]).unwrap();
    assert!(gather.jacobian(&[1.0, 2.0]).is_err());
    let data = vec![Pick::Data(vec![5.0]), Pick::Data(vec![2.0])];
    let (outputs, jacobian) = Gather::new(&function, 0, data)
        .unwrap()
        .jacobian(&[])
        .unwrap();
    assert_eq!((outputs, jacobian.values), (vec![3.0], vec![]));
}

#[test]
fn a_gradient_through_a_chain_of_sum_and_formula() {
    let sum = secant::combine::Sum::new(
        &recorded("f(x, a) = (x - a)^2"),
        &[0],
        vec![vec![1.0, 2.0, 6.0]],
    );
    let chain = Chain::new(vec![Box::new(sum.unwrap()), Box::new(recorded("sqrt(s)"))]).unwrap();
    // sqrt((1 - a)² + (2 - a)² + (6 - a)²) at a = 2: its slope is -sum(x - a)/value.
    let slope = gradient(&Reverse, &chain, &[2.0]).unwrap();
    assert_close("slope", &values(&slope), &[-3.0 / 17f64.sqrt()], 1e-15);
}

/// A quotient that decides over a jump or an edge is divided as it is written: 49 times the double next to 1/49 is less than 1.
#[test]
fn quotients_under_jumps_and_edges_share_no_reciprocal() {
    let function = Recorded::trace(&["a", "b"], |v| {
        let (a, b) = (v[0].clone(), v[1].clone());
        let quotient = a.clone() / b.clone();
        vec![
            quotient.clone().floor(),
            (quotient - Node::constant(1.0)).sqrt(),
            (a.clone() + Node::constant(2.0)) / b.clone(),
            a / b,
        ]
    })
    .unwrap();
    let one = |start| Pick::Group {
        start,
        width: 1,
        index: vec![0],
    };
    let gather = Gather::new(&function, 2, vec![one(0), one(1)]).unwrap();
    for whole in (1..200).map(f64::from) {
        let found = gather.eval(&[whole, whole]);
        assert_eq!(found[..2], [1.0, 0.0], "{whole} over itself");
    }
}

#[test]
fn a_scan_at_too_few_numbers_has_no_value() {
    let year = recorded("f(s, r) = s + s*r");
    let scan = Scan::new(year, 3).unwrap();
    for short in [&[][..], &[1.0]] {
        assert!(scan.eval(short)[0].is_nan());
        let jvp = scan.jvp(short, short).unwrap();
        assert!(jvp[0].is_nan() && jvp.len() == 1);
        let vjp = scan.vjp(short, &[1.0]).unwrap();
        assert!(vjp.iter().all(|x| x.is_nan()) && vjp.len() == 2, "{vjp:?}");
    }
    assert!(scan.jvp(&[1.0, 0.1], &[1.0]).is_none());
}
