//! The suite walks the table: every function, every sample, every pair of methods, first and second order. Their
//! tolerance is the sum of their bounds. Then the suite itself is tested: planted faults must be caught.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::method::{self, Difference, Method};
use secant::{
    Error, ErrorBound, Estimate, Function, Interval, Node, Operation, Recorded, Verdict, report,
};

/// A function of the table as a function of its arguments.
fn recorded(operation: Operation) -> Recorded {
    let names = ["x", "y", "z"];
    Recorded::trace(&names[..operation.arity()], |inputs: &[Node]| {
        vec![operation.apply(inputs)]
    })
    .unwrap()
}

/// The inputs, one and two at a time.
fn orders(inputs: usize) -> Vec<Vec<usize>> {
    let single = (0..inputs).map(|input| vec![input]);
    let pairs = (0..inputs).flat_map(|a| (a..inputs).map(move |b| vec![a, b]));
    single.chain(pairs).collect()
}

/// What the verdicts over the whole table were.
#[derive(Default)]
struct Verdicts {
    checked: usize,
    /// Points at which a single method had a bound.
    single: Vec<Operation>,
    faults: Vec<String>,
}

fn verdicts(methods: &[Box<dyn Method>]) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for operation in Operation::ALL {
        let function = recorded(*operation);
        for sample in operation.samples() {
            for wrt in orders(operation.arity()) {
                let report = report(&function, sample, &wrt, methods).unwrap();
                if !report.point.is_smooth() {
                    continue;
                }
                verdicts.checked += 1;
                match report.verdict {
                    Verdict::Agree => {}
                    Verdict::Single => verdicts.single.push(*operation),
                    Verdict::Disagree | Verdict::NoDerivative | Verdict::Undecided => {
                        let told = |e: &Estimate| {
                            format!("  {} {:e} {:?} {:?}", e.method, e.value, e.bound, e.notes)
                        };
                        let estimates: Vec<String> = report.estimates.iter().map(told).collect();
                        verdicts.faults.push(format!(
                            "{} at {sample:?} by {wrt:?}:\n{}",
                            operation.name(),
                            estimates.join("\n")
                        ));
                    }
                }
            }
        }
    }
    verdicts
}

#[test]
fn all_methods_agree_within_their_bounds_on_the_whole_table() {
    let Verdicts {
        checked,
        single,
        faults,
    } = verdicts(&method::all(Difference::default()));
    assert!(checked > 800, "only {checked} points are smooth");
    assert!(
        faults.is_empty(),
        "{} of {checked}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    // Beyond 2^53 every quotient looks whole, so that the rules for mod must leave the jump open.
    assert!(
        single.iter().all(|operation| *operation == Operation::Mod),
        "a single bound: {single:?}"
    );
}

#[test]
fn every_function_has_a_smooth_sample_or_none_at_all() {
    let exact = method::exact();
    for operation in Operation::ALL
        .iter()
        .filter(|operation| **operation != Operation::Factorial)
    {
        let function = recorded(*operation);
        // Along an order there is no slope, and it may come first.
        let is_smooth = |sample: &[f64], place: usize| {
            let report = report(&function, sample, &[place], &exact).unwrap();
            report.point.is_smooth()
        };
        let mut samples = operation.samples().iter();
        let smooth = samples.any(|x| (0..x.len()).any(|place| is_smooth(x, place)));
        assert!(smooth, "{}", operation.name());
    }
}

/// A method with a planted fault.
struct Faulty<F>(F);

impl<F: Fn(Estimate) -> Estimate> Method for Faulty<F> {
    fn name(&self) -> &'static str {
        "faulty"
    }

    fn along(
        &self,
        function: &dyn Function,
        at: &[f64],
        directions: &[Vec<f64>],
    ) -> Result<Vec<Estimate>, Error> {
        Ok(method::Symbolic
            .along(function, at, directions)?
            .into_iter()
            .map(&self.0)
            .collect())
    }
}

fn functions_that_catch(fault: impl Fn(Estimate) -> Estimate + 'static) -> usize {
    let methods: Vec<Box<dyn Method>> = vec![Box::new(method::Enclosure), Box::new(Faulty(fault))];
    verdicts(&methods).faults.len()
}

#[test]
fn a_rule_off_by_a_thousandth_is_caught_wherever_there_is_a_slope() {
    assert_eq!(functions_that_catch(|estimate| estimate), 0);
    let caught = functions_that_catch(|estimate| Estimate {
        value: estimate.value * 1.001,
        ..estimate
    });
    assert!(caught > 200, "caught {caught} times");
}

#[test]
fn a_method_that_returns_zero_is_caught() {
    let zero = |estimate| Estimate {
        value: 0.0,
        ..estimate
    };
    assert!(functions_that_catch(zero) > 200);
}

#[test]
fn an_enclosure_too_narrow_is_caught() {
    // The range of the slope moved off the truth by its own width and four units in the last place.
    let shifted = |estimate: Estimate| {
        let width = estimate.bound.absolute(estimate.value).unwrap_or(0.0)
            + 8.0 * secant::ulp(estimate.value);
        let point = Interval::point(estimate.value + 4.0 * width);
        Estimate {
            value: point.middle(),
            bound: ErrorBound::Enclosed(point),
            ..estimate
        }
    };
    assert!(functions_that_catch(shifted) > 200);
}
