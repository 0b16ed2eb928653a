//! Depth and length: every text ends in an answer or an error, soon, and none on the call stack.

use crate::elementary::Operation;
use crate::error::{ErrorKind, Span};
use crate::expr::{Expr, ExprKind};
use crate::text::{Notation, parse, print};

#[test]
fn deep_brackets_are_read_and_printed() {
    let depth = 100_000;
    let brackets = format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(parse(&brackets).unwrap().definitions[0].body.len(), 1);
    let nested = format!("{}x{}", "sin(".repeat(depth), ")".repeat(depth));
    let parsed = parse(&nested).unwrap();
    assert_eq!(print(&parsed.definitions[0].body, Notation::Text), nested);
    for open in [
        "(",
        "sin ",
        "-",
        "|",
        "2^",
        "if x then ",
        "√",
        "sin^(",
        "f(x)=",
        "x<(",
    ] {
        let error = parse(&open.repeat(depth)).unwrap_err();
        let kinds = [ErrorKind::Syntax, ErrorKind::Arity];
        assert!(kinds.contains(&error.kind()), "{open}");
    }
    let unclosed = parse(&format!("x{}", ")".repeat(depth))).unwrap_err();
    assert_eq!(unclosed.span(), Some(Span::new(1, 2)));
}

#[test]
fn long_texts_end_in_an_answer_or_an_error() {
    // Work that grew with the square of the length would take hours here.
    let megabytes = |piece: &str| piece.repeat(2_000_000 / piece.len());
    for piece in [
        "(",
        ")",
        "x",
        "x ",
        "x+",
        "-",
        "|",
        "||",
        "1/2x",
        "2,",
        "sin ",
        "sin x/2 ",
        "e^2x",
        "x<",
        "x;",
        "a=",
        "\n",
        "#",
        "7",
        "1e9 ",
        "1e20000+",
        "√",
        "²",
        "if ",
        "x_",
        "f(a,",
        "x(x)",
        "|x|y",
        "log x+",
        "max(",
        "sum(i,1,2,",
        "sin^2 ",
        "é",
        "!",
        "∞",
        "x!=",
        "not ",
        "α",
        "1.",
    ] {
        // Nothing is known of the answer but that it comes.
        let _ = parse(&megabytes(piece));
    }
}

#[test]
fn sums_of_a_hundred_thousand_terms_are_read_whole() {
    let text = vec!["x^2/3"; 100_000].join(" + ");
    let body = &parse(&text).unwrap().definitions[0].body;
    assert_eq!(body.len(), 5 * 100_000 + 99_999);
    assert_eq!(print(body, Notation::Text), text);
}

#[test]
fn shared_parts_without_end_are_cut_off() {
    let mut expr = Expr::default();
    let mut last = expr.push(ExprKind::Name("x".into()), Span::new(0, 1));
    for _ in 0..500 {
        last = expr.push(
            ExprKind::Apply(Operation::Add, vec![last, last]),
            Span::new(0, 1),
        );
    }
    for notation in [Notation::Text, Notation::Unicode, Notation::Latex] {
        let text = print(&expr, notation);
        assert!(text.ends_with('…'));
        assert!(text.chars().count() <= (1 << 20) + 1);
    }
}

#[test]
fn numbers_beyond_reason_are_refused() {
    for text in [
        "1e20001",
        "1e-99999999999999999999",
        "22e20000",
        "0.001e-20000",
        &"7".repeat(30_000),
    ] {
        assert_eq!(parse(text).unwrap_err().kind(), ErrorKind::TooLarge);
    }
    for text in ["1e20000", "1e-20000", &"7".repeat(20_000)] {
        let parsed = parse(text).unwrap();
        let printed = print(&parsed.definitions[0].body, Notation::Text);
        let again = parse(&printed).unwrap();
        assert!(super::same(
            &parsed.definitions[0].body,
            &again.definitions[0].body
        ));
    }
}

#[test]
fn chains_of_comparisons_within_each_other_share_their_middles() {
    // The middle of a chain is read twice, so that spelled out this has 2^60 parts.
    let depth = 60;
    let text = format!("{}0<x<1{}", "0<(".repeat(depth), ")<1".repeat(depth));
    let parsed = parse(&text).unwrap();
    assert!(parsed.definitions[0].body.len() < 10 * depth);
    let formula = crate::Formula::parse(&text).unwrap();
    assert_eq!(formula.program().value(&[0.5]), 0.0);
}

#[test]
fn a_formula_with_places_that_are_not_there_is_printed() {
    let mut expr = Expr::default();
    let one = expr.push(ExprKind::Name("x".into()), Span::new(0, 1));
    expr.push(
        ExprKind::Apply(Operation::Add, vec![one, 7]),
        Span::new(0, 1),
    );
    for notation in [
        Notation::Text,
        Notation::Unicode,
        Notation::Latex,
        Notation::Mathml,
    ] {
        assert!(print(&expr, notation).contains('…'));
    }
}
