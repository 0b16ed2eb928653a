//! The hundred formulas of `spec/formulas.md`: each exact method's bound holds the 50-digit truth, at each point.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{document, error, exact, sections};
use secant::{ErrorBound, Function, Interval, Verdict, method, report};

#[test]
fn every_bound_holds_the_truth_at_every_point() {
    let sections = sections(&document("spec/formulas.md"));
    assert!(sections.len() >= 100, "{} formulas", sections.len());
    let mut faults = Vec::new();
    let mut checked = 0;
    for section in &sections {
        let (formula, function) = match section.function() {
            Ok(function) => function,
            Err(error) => {
                faults.push(format!("{}: {error}", section.title));
                continue;
            }
        };
        let wrt: Vec<usize> = section
            .field("wrt")
            .unwrap()
            .split(',')
            .map(|name| formula.variable(name.trim()).unwrap())
            .collect();
        let (head, rows) = section.rows.split_first().unwrap();
        for row in rows {
            let names = &head[..head.len() - 2];
            let mut at = vec![f64::NAN; function.inputs()];
            for (name, value) in names.iter().zip(row) {
                at[formula.variable(name).unwrap()] = value.parse().unwrap();
            }
            let (value, truth) = (exact(&row[names.len()]), exact(&row[names.len() + 1]));
            let report = report(
                &function,
                &at,
                &wrt,
                &method::all(method::Difference::default()),
            )
            .unwrap();
            let place = format!("{} at {at:?}", section.title);
            if !report.point.is_smooth() {
                faults.push(format!("{place}: called {}", report.point.kind.name()));
                continue;
            }
            if report.verdict != Verdict::Agree {
                faults.push(format!(
                    "{place}: the methods {}: {:#?}",
                    report.verdict.name(),
                    report.estimates
                ));
            }
            let boxed = Interval::points(&at);
            let bound =
                method::range(&function, &boxed, &[])[0].distance(function.value_at(0, &at));
            if error(function.value_at(0, &at), &value) > bound {
                faults.push(format!(
                    "{place}: f is {} within {bound:e}, not {}",
                    function.value_at(0, &at),
                    row[names.len()]
                ));
            }
            for estimate in &report.estimates {
                checked += 1;
                let off = error(estimate.value, &truth);
                let bound = estimate.bound.absolute(estimate.value);
                if bound.is_some_and(|bound| off > bound) {
                    faults.push(format!(
                        "{place}: {} is off by {off:e}, bound {bound:?}",
                        estimate.method
                    ));
                }
                if estimate.bound == ErrorBound::Unknown && estimate.method != "difference" {
                    faults.push(format!("{place}: {} has no bound", estimate.method));
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults of {checked} checks:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
