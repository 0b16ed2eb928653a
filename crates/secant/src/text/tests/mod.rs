//! The claims of this folder: what is written reads back as the same, whatever is typed gives an answer or
//! an error with its place, and no size of text is too much.
#![allow(clippy::unwrap_used, clippy::panic)]

mod fragments;
mod notations;
mod round_trip;
mod sizes;

use std::collections::HashMap;

use crate::elementary::Operation;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::number::Rational;
use crate::text::parser::arguments;

/// Gives equal formulas equal numbers, wherever their nodes stand, in linear time.
#[derive(Default)]
struct Meanings(HashMap<ExprKind, ExprId>);

impl Meanings {
    fn of(&mut self, expr: &Expr) -> ExprId {
        let mut meaning = Vec::with_capacity(expr.len());
        for id in 0..expr.len() {
            let kind = match expr.kind(id) {
                ExprKind::Number(value) => {
                    meaning.push(self.number(value));
                    continue;
                }
                ExprKind::Apply(operation, arguments) => ExprKind::Apply(
                    *operation,
                    arguments.iter().map(|id| meaning[*id]).collect(),
                ),
                ExprKind::Call(name, arguments) => ExprKind::Call(
                    name.clone(),
                    arguments.iter().map(|id| meaning[*id]).collect(),
                ),
                ExprKind::Sum {
                    index,
                    from,
                    to,
                    body,
                } => ExprKind::Sum {
                    index: index.clone(),
                    from: meaning[*from],
                    to: meaning[*to],
                    body: meaning[*body],
                },
                leaf => leaf.clone(),
            };
            for argument in arguments(expr.kind(id)) {
                assert!(argument < id, "an argument stands after its user");
            }
            meaning.push(self.intern(kind));
        }
        *meaning.last().unwrap()
    }

    fn intern(&mut self, kind: ExprKind) -> ExprId {
        let next = self.0.len();
        *self.0.entry(kind).or_insert(next)
    }

    /// Numbers below 0 and fractions without a finite decimal form are read as the operations that they
    /// are written with.
    fn number(&mut self, value: &Rational) -> ExprId {
        let scale = Rational::from_decimal("1e40").unwrap();
        if !(value.clone() * scale).is_integer() {
            let above = self.number(&value.numerator());
            let below = self.number(&value.denominator());
            return self.intern(ExprKind::Apply(Operation::Div, vec![above, below]));
        }
        if value.is_negative() {
            let magnitude = self.intern(ExprKind::Number(value.abs()));
            return self.intern(ExprKind::Apply(Operation::Neg, vec![magnitude]));
        }
        self.intern(ExprKind::Number(value.clone()))
    }
}

fn same(left: &Expr, right: &Expr) -> bool {
    let mut meanings = Meanings::default();
    meanings.of(left) == meanings.of(right)
}
