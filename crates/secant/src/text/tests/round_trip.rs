//! Printing and reading again.

use proptest::prelude::*;

use super::same;
use crate::elementary::Operation;
use crate::error::Span;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::formula::Formula;
use crate::number::Constant;
use crate::number::Rational;
use crate::text::{Notation, parse, print};

/// What the printed names need to be defined.
const DEFINITIONS: &str = "f(a, b) = a + b; half = 0.5; ";

/// The same in LaTeX, and a function of all names, so that they come in one order.
const LATEX_DEFINITIONS: &str = "f(a, b) = a + b; \\mathrm{half} = 0.5; ";
const FUNCTION: &str = "g(x, y, alpha, k_B, x_1, rate, Δt, E, n, e_1, theta_2)";
const LATEX_FUNCTION: &str =
    "g(x, y, \\alpha, k_B, x_1, \\mathrm{rate}, \\Delta t, E, n, e_1, \\theta_2)";

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

/// As LaTeX gives it back: `x1` is set as `x_1` is, `exp` as a power of e, a root by its order, the sign of a
/// quotient in front of it.
fn renamed(expr: &Expr) -> Expr {
    let mut renamed = Expr::default();
    let mut places = Vec::new();
    for id in 0..expr.len() {
        let span = expr.span(id);
        let is_number = |id: ExprId, figure: i64| matches!(expr.kind(id), ExprKind::Number(value) if *value == Rational::from(figure));
        let mut push = |operation, parts| renamed.push(ExprKind::Apply(operation, parts), span);
        let kind = match expr.kind(id) {
            ExprKind::Apply(Operation::Exp, parts) => {
                let e = renamed.push(ExprKind::Constant(Constant::E), span);
                ExprKind::Apply(Operation::Pow, vec![e, places[parts[0]]])
            }
            ExprKind::Apply(Operation::Root, parts) if is_number(parts[1], 2) => {
                ExprKind::Apply(Operation::Sqrt, vec![places[parts[0]]])
            }
            ExprKind::Apply(Operation::Root, parts) if is_number(parts[1], 3) => {
                ExprKind::Apply(Operation::Cbrt, vec![places[parts[0]]])
            }
            ExprKind::Apply(Operation::Div, parts) => match expr.kind(parts[0]) {
                ExprKind::Apply(Operation::Neg, positive) => {
                    let quotient =
                        push(Operation::Div, vec![places[positive[0]], places[parts[1]]]);
                    ExprKind::Apply(Operation::Neg, vec![quotient])
                }
                _ => ExprKind::Apply(Operation::Div, vec![places[parts[0]], places[parts[1]]]),
            },
            ExprKind::Apply(operation, parts) => {
                ExprKind::Apply(*operation, parts.iter().map(|part| places[*part]).collect())
            }
            ExprKind::Call(name, parts) => ExprKind::Call(
                name.clone(),
                parts.iter().map(|part| places[*part]).collect(),
            ),
            ExprKind::Sum {
                index,
                from,
                to,
                body,
            } => ExprKind::Sum {
                index: index.clone(),
                from: places[*from],
                to: places[*to],
                body: places[*body],
            },
            ExprKind::Name(name) if &**name == "e1" => ExprKind::Name("e_1".into()),
            ExprKind::Name(name) if &**name == "theta2" => ExprKind::Name("theta_2".into()),
            kind => kind.clone(),
        };
        places.push(renamed.push(kind, span));
    }
    renamed
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
    fn latex_reads_back_as_the_same(tree in tree()) {
        let mut expr = Expr::default();
        tree.push(&mut expr);
        let expr = renamed(&expr);
        let latex = print(&expr, Notation::Latex);
        let plain = Formula::parse(&format!("{DEFINITIONS}{FUNCTION} = {}", print(&expr, Notation::Text)));
        let again = Formula::parse(&format!("{LATEX_DEFINITIONS}{LATEX_FUNCTION} = {latex}"));
        match (plain, again) {
            (Ok(plain), Ok(again)) => {
                let [plain, again] = [plain, again].map(|formula| formula.graph().text(formula.root()));
                prop_assert_eq!(plain, again, "{}", latex);
            }
            // A formula too large for a graph may be so at several places, and the first one met is told.
            (plain, again) => prop_assert_eq!(plain.is_ok(), again.is_ok(), "{}", latex),
        }
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
