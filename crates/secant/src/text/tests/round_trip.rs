//! Printing and reading again.

use proptest::prelude::*;

use super::same;
use crate::elementary::Operation;
use crate::error::Span;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::number::Constant;
use crate::number::Rational;
use crate::text::{Notation, parse, print};

/// What the printed names need to be defined.
const DEFINITIONS: &str = "f(a, b) = a + b; half = 0.5; ";

const NAMES: &[&str] = &[
    "x", "y", "alpha", "k_B", "x_1", "rate", "Δt", "E", "n", "e1", "theta2",
];

#[derive(Clone, Debug)]
enum Tree {
    Leaf(ExprKind),
    Apply(Operation, Vec<Tree>),
    Call(Vec<Tree>),
    Sum(Vec<Tree>),
}

impl Tree {
    fn push(&self, expr: &mut Expr) -> ExprId {
        let kind = match self {
            Self::Leaf(kind) => kind.clone(),
            Self::Apply(operation, parts) => ExprKind::Apply(*operation, push_all(parts, expr)),
            Self::Call(parts) => ExprKind::Call("f".into(), push_all(parts, expr)),
            Self::Sum(parts) => {
                let ids = push_all(parts, expr);
                ExprKind::Sum {
                    index: "n".into(),
                    from: ids[0],
                    to: ids[1],
                    body: ids[2],
                }
            }
        };
        expr.push(kind, Span::new(0, 0))
    }
}

fn push_all(parts: &[Tree], expr: &mut Expr) -> Vec<ExprId> {
    parts.iter().map(|part| part.push(expr)).collect()
}

fn leaf() -> impl Strategy<Value = Tree> {
    let name = proptest::sample::select(NAMES).prop_map(|name| ExprKind::Name(name.into()));
    let constant = prop_oneof![Just(Constant::Pi), Just(Constant::E)].prop_map(ExprKind::Constant);
    let fraction = (-200_i64..200, 1_i64..40)
        .prop_map(|(above, below)| ExprKind::Number(Rational::new(above, below).unwrap()));
    let whole = (0_i64..40).prop_map(|value| ExprKind::Number(Rational::from(value)));
    let decimal = (0_u64..100_000, -30_i32..30).prop_map(|(mantissa, exponent)| {
        ExprKind::Number(Rational::from_decimal(&format!("{mantissa}e{exponent}")).unwrap())
    });
    let half = Just(ExprKind::Call("half".into(), Vec::new()));
    prop_oneof![4 => name, 1 => constant, 2 => whole, 1 => fraction, 1 => decimal, 1 => half]
        .prop_map(Tree::Leaf)
}

/// Any function of the table; those that are written with signs come more often.
fn operation() -> impl Strategy<Value = Operation> {
    use Operation::{Add, Choose, Div, Mul, Neg, Pow, Sub};
    prop_oneof![
        2 => proptest::sample::select(&[Add, Sub, Mul, Div, Neg, Pow, Choose][..]),
        1 => proptest::sample::select(Operation::ALL),
    ]
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(6, 60, 3, |inner| {
        let parts = proptest::collection::vec(inner, 3);
        prop_oneof![
            8 => (operation(), parts.clone()).prop_map(|(operation, mut parts)| {
                parts.truncate(operation.arity());
                Tree::Apply(operation, parts)
            }),
            1 => parts.clone().prop_map(|mut parts| {
                parts.truncate(2);
                Tree::Call(parts)
            }),
            1 => parts.prop_map(Tree::Sum),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back_as_the_same(tree in tree()) {
        let mut expr = Expr::default();
        tree.push(&mut expr);
        let text = print(&expr, Notation::Text);
        let parsed = parse(&format!("{DEFINITIONS}{text}"));
        prop_assert!(parsed.is_ok(), "{text}: {parsed:?}");
        let parsed = parsed.unwrap();
        let read = &parsed.definitions.last().unwrap().body;
        prop_assert!(same(&expr, read), "{text} reads as {}", print(read, Notation::Text));
        prop_assert_eq!(&parsed.ambiguities, &[], "{} is doubtful", text);
    }

    #[test]
    fn unicode_reads_back_as_the_same_where_no_bars_are_nested(tree in tree()) {
        let mut expr = Expr::default();
        tree.push(&mut expr);
        let text = print(&expr, Notation::Unicode);
        prop_assume!(!text.contains('|'));
        let parsed = parse(&format!("{DEFINITIONS}({text})"));
        prop_assert!(parsed.is_ok(), "{text}: {parsed:?}");
        let parsed = parsed.unwrap();
        let read = &parsed.definitions.last().unwrap().body;
        prop_assert!(same(&expr, read), "{text} reads as {}", print(read, Notation::Text));
    }

    #[test]
    fn latex_closes_what_it_opens(tree in tree()) {
        let mut expr = Expr::default();
        tree.push(&mut expr);
        let text = print(&expr, Notation::Latex);
        let mut depth = 0_i64;
        for character in text.chars() {
            depth += match character { '{' => 1, '}' => -1, _ => 0 };
            prop_assert!(depth >= 0, "{text}");
        }
        prop_assert_eq!(depth, 0);
        prop_assert_eq!(text.matches("\\left").count(), text.matches("\\right").count());
        prop_assert_eq!(text.matches("\\begin").count(), text.matches("\\end").count());
    }
}

#[test]
fn equality_sees_a_difference() {
    let read = |text: &str| parse(text).unwrap().definitions.pop().unwrap().body;
    assert!(same(&read("(x) + 1"), &read("x+1")));
    assert!(!same(&read("x - (y - z)"), &read("x - y - z")));
    assert!(!same(&read("x + 1"), &read("1 + x")));
}
