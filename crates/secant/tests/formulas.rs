//! The formulas of `spec/formulas.md` and of the documents in `spec/formulas/`: each method's bound holds the 50-digit truth, at
//! each point, and the methods agree.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

mod common;

use std::collections::HashSet;

use common::{Section, error, exact, formulas};
use secant::{ErrorBound, Formula, Interval, Rational, Recorded, Verdict, method, report};

/// What was held against the truth, and what did not hold.
#[derive(Default)]
struct Findings {
    checked: usize,
    derivatives: usize,
    /// Derivatives of which nine digits are right. Where terms cancel fewer are, and the bound says so.
    accurate: usize,
    faults: Vec<String>,
}

#[test]
fn every_bound_holds_the_truth_at_every_point() {
    let sections = formulas();
    let texts: HashSet<&str> = sections
        .iter()
        .filter_map(|section| section.field("formula"))
        .collect();
    assert!(texts.len() >= 300, "{} formulas", texts.len());
    let mut findings = Findings::default();
    for section in &sections {
        match section.function() {
            Ok((formula, function)) => findings.hold(section, &formula, &function),
            Err(error) => findings.faults.push(format!("{}: {error}", section.title)),
        }
    }
    let Findings {
        checked,
        derivatives,
        accurate,
        faults,
    } = findings;
    assert!(
        faults.is_empty(),
        "{} faults of {checked} checks:\n{}",
        faults.len(),
        faults.join("\n")
    );
    println!("{accurate} of {derivatives} derivatives are right to nine digits");
    assert!(100 * accurate >= 97 * derivatives);
}

impl Findings {
    /// All points of a section, all derivatives that it asks for.
    fn hold(&mut self, section: &Section, formula: &Formula, function: &Recorded) {
        let wrts = section.wrts(formula);
        let (head, rows) = section.rows.split_first().unwrap();
        assert_eq!(rows.len(), 5, "{}", section.title);
        for row in rows {
            let names = &head[..head.len() - 1 - wrts.len()];
            let at = section.point(formula, names, row);
            let truths: Vec<Rational> = row[names.len()..].iter().map(|cell| exact(cell)).collect();
            let place = format!("{} at {at:?}", section.title);
            self.hold_value(&place, function, &at, &truths[0]);
            for (wrt, truth) in wrts.iter().zip(&truths[1..]) {
                self.hold_derivative(&format!("{place} by {wrt:?}"), function, (&at, wrt), truth);
            }
        }
    }

    fn hold_value(&mut self, place: &str, function: &Recorded, at: &[f64], truth: &Rational) {
        let value = function.value_at(0, at);
        let bound = method::range(function, &Interval::points(at), &[])[0].distance(value);
        self.checked += 1;
        if error(value, truth) > bound {
            self.faults.push(format!(
                "{place}: f is {value} within {bound:e}, not {}",
                truth.to_f64()
            ));
        }
    }

    fn hold_derivative(
        &mut self,
        place: &str,
        function: &Recorded,
        (at, wrt): (&[f64], &[usize]),
        truth: &Rational,
    ) {
        let methods = method::all(method::Difference::default());
        let report = report(function, at, wrt, &methods).unwrap();
        if !report.point.is_smooth() {
            let kind = report.point.kind.name();
            self.faults.push(format!("{place}: called {kind}"));
            return;
        }
        if report.verdict != Verdict::Agree {
            self.faults.push(format!(
                "{place}: the methods {}: {:#?}",
                report.verdict.name(),
                report.estimates
            ));
        }
        self.derivatives += 1;
        let best = report
            .value
            .map_or(f64::INFINITY, |best| error(best, truth));
        self.accurate += usize::from(best <= 1e-9 * truth.to_f64().abs());
        for estimate in &report.estimates {
            self.checked += 1;
            let off = error(estimate.value, truth);
            let bound = estimate.bound.absolute(estimate.value);
            if bound.is_some_and(|bound| off > bound) {
                self.faults.push(format!(
                    "{place}: {} is off by {off:e}, bound {bound:?}",
                    estimate.method
                ));
            }
            if estimate.bound == ErrorBound::Unknown && estimate.method != "difference" {
                self.faults
                    .push(format!("{place}: {} has no bound", estimate.method));
            }
        }
    }
}
