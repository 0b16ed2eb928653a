//! Derivatives written as functions, held against each other over intervals: two ways to one number must give ranges that meet.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::formulas;
use secant::{Interval, Recorded};

/// A direction without zeros or equal entries.
fn direction(inputs: usize) -> Vec<f64> {
    (0..inputs)
        .map(|input| 0.75 - 0.5 * input as f64 * (-1f64).powi(input as i32))
        .collect()
}

fn ranges(function: &Recorded, at: &[&[f64]]) -> Vec<Interval> {
    function.program().run(&Interval::points(&at.concat()))
}

/// The formulas with the points at which the spec asks for their derivatives.
fn cases() -> Vec<(String, Recorded, Vec<Vec<f64>>)> {
    let case = |section: &common::Section| {
        let (formula, function) = section.function().unwrap();
        let (head, rows) = section.rows.split_first().unwrap();
        let names = &head[..head.len() - 1 - section.wrts(&formula).len()];
        let points = rows
            .iter()
            .map(|row| section.point(&formula, names, row))
            .collect();
        (section.title.clone(), function, points)
    };
    formulas().iter().map(case).collect()
}

fn meet(place: &str, a: Interval, b: Interval) -> Option<String> {
    a.intersection(b)
        .is_empty()
        .then(|| format!("{place}: {a:?} and {b:?} do not meet"))
}

fn none(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn tangents_are_the_gradient_times_the_direction() {
    let mut faults = Vec::new();
    for (title, function, points) in cases() {
        let (gradient, tangents) = (function.with_gradient(0).unwrap(), function.with_tangents());
        for at in &points {
            let along = direction(at.len());
            let by_gradient = ranges(&gradient, &[at])[1..]
                .iter()
                .zip(&along)
                .map(|(slope, speed)| *slope * Interval::point(*speed))
                .reduce(|sum, term| sum + term);
            let tangent = ranges(&tangents, &[at, &along])[1];
            faults.extend(by_gradient.and_then(|sum| meet(&title, sum, tangent)));
        }
    }
    none(&faults);
}

#[test]
fn cotangents_are_the_rows_of_the_jacobian_times_the_weights() {
    let mut faults = Vec::new();
    for (title, function, points) in cases() {
        let pair = Recorded::new(
            function.graph().clone(),
            [function.roots(), function.roots()].concat(),
        );
        let (jacobian, cotangents) = (pair.with_jacobian(), pair.with_cotangents());
        for at in &points {
            let rows = ranges(&jacobian, &[at]);
            let products = ranges(&cotangents, &[at, &[2.0, -0.5]]);
            for (input, product) in products[2..].iter().enumerate() {
                let (first, second) = (rows[2 + input], rows[2 + at.len() + input]);
                let sum = first * Interval::point(2.0) + second * Interval::point(-0.5);
                faults.extend(meet(&title, sum, *product));
            }
        }
    }
    none(&faults);
}

#[test]
fn the_hessian_vector_product_is_the_gradient_of_the_tangent() {
    let mut faults = Vec::new();
    for (title, function, points) in cases() {
        let product = function.with_hessian_vector(0).unwrap();
        let of_tangent = function.with_tangents().with_gradient(1).unwrap();
        for at in &points {
            let along = direction(at.len());
            let product = ranges(&product, &[at, &along]);
            let of_tangent = ranges(&of_tangent, &[at, &along]);
            let pairs = product[1 + at.len()..]
                .iter()
                .zip(&of_tangent[1..=at.len()]);
            faults.extend(pairs.filter_map(|(a, b)| meet(&title, *a, *b)));
        }
    }
    none(&faults);
}
