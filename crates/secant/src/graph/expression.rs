//! A node as a person would write it: sums with signs, quotients with their denominators below, roots.

use std::cmp::Reverse;

use super::{Graph, Multiple, NodeId, NodeKind, Power};
use crate::elementary::Operation;
use crate::error::Span;
use crate::expr::{Expr, ExprId, ExprKind};
use crate::number::Rational;
use crate::text::{Notation, print};

const NOWHERE: Span = Span { start: 0, end: 0 };

impl Graph {
    /// The node as a formula; shared nodes stay shared. A negative quotient has its sign in front, as in print.
    #[must_use]
    pub fn expression(&self, root: NodeId) -> Expr {
        self.write(root, Signs::InFront)
    }

    /// The node in plain text, which reads back as the same formula.
    #[must_use]
    pub fn text(&self, root: NodeId) -> String {
        self.written(root, Notation::Text)
    }

    /// The node in any notation.
    ///
    /// ```
    /// use secant::{Formula, Notation};
    /// let formula = Formula::parse("-x^2/2")?;
    /// assert_eq!(formula.graph().written(formula.root(), Notation::Text), "-x^2/2");
    /// assert_eq!(formula.graph().written(formula.root(), Notation::Latex), r"-\frac{x^{2}}{2}");
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn written(&self, root: NodeId, notation: Notation) -> String {
        let signs = match notation {
            Notation::Text | Notation::Unicode => Signs::OnFactors,
            Notation::Latex | Notation::Mathml => Signs::InFront,
        };
        print(&self.write(root, signs), notation)
    }

    /// The terms of a sum as they are written: by falling degree, a positive one first where there is one.
    pub(super) fn in_written_order<'terms>(
        &self,
        terms: &'terms [Multiple],
    ) -> Vec<&'terms Multiple> {
        let mut terms: Vec<&Multiple> = terms.iter().collect();
        terms.sort_by_cached_key(|term| Reverse(self.degree(term.0)));
        if let Some(positive) = terms.iter().position(|term| !term.1.is_negative()) {
            terms[..=positive].rotate_right(1);
        }
        terms
    }

    /// The degree of a term that is a product of inputs; functions count as degree 0.
    fn degree(&self, id: NodeId) -> Rational {
        let input =
            |id: NodeId| matches!(self.kind(id), NodeKind::Input(_)) && !self.is_pending(id);
        match self.kind(id) {
            NodeKind::Input(_) if input(id) => Rational::ONE,
            NodeKind::Product(factors) => factors
                .iter()
                .filter(|(base, _)| input(*base))
                .fold(Rational::ZERO, |sum, (_, exponent)| sum + exponent.clone()),
            _ => Rational::ZERO,
        }
    }

    fn write(&self, root: NodeId, signs: Signs) -> Expr {
        let mut writer = Writer {
            graph: self,
            expr: Expr::default(),
            written: vec![None; self.len()],
            signs,
        };
        for id in self.reachable(&[root]) {
            let written = writer.node(id);
            writer.written[id.index()] = Some(written);
        }
        // The root must stand last; a shared one may have been written before.
        if let Some(last) = writer.written[root.index()]
            && Some(last) != writer.expr.root()
        {
            let kind = writer.expr.kind(last).clone();
            writer.expr.push(kind, NOWHERE);
        }
        writer.expr
    }
}

/// Where a negative multiple has its sign. In a line of text the first factor takes it, `-x/2`, which reads back as it
/// stands; above and below a fraction bar it belongs in front of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signs {
    InFront,
    OnFactors,
}

struct Writer<'graph> {
    graph: &'graph Graph,
    expr: Expr,
    written: Vec<Option<ExprId>>,
    signs: Signs,
}

impl Writer<'_> {
    fn push(&mut self, kind: ExprKind) -> ExprId {
        self.expr.push(kind, NOWHERE)
    }

    fn apply(&mut self, operation: Operation, arguments: &[ExprId]) -> ExprId {
        self.push(ExprKind::Apply(operation, arguments.to_vec()))
    }

    fn of(&mut self, id: NodeId) -> ExprId {
        match self.written[id.index()] {
            Some(written) => written,
            None => self.node(id),
        }
    }

    /// A number; a negative one is the negative of a positive one, a fraction is a quotient.
    fn number(&mut self, number: &Rational) -> ExprId {
        if number.is_negative() {
            let positive = self.number(&number.abs());
            return self.apply(Operation::Neg, &[positive]);
        }
        if number.is_integer() {
            return self.push(ExprKind::Number(number.clone()));
        }
        let above = self.push(ExprKind::Number(number.numerator()));
        let below = self.push(ExprKind::Number(number.denominator()));
        self.apply(Operation::Div, &[above, below])
    }

    fn node(&mut self, id: NodeId) -> ExprId {
        match self.graph.kind(id) {
            NodeKind::Number(number) => self.number(number),
            NodeKind::Constant(constant) => self.push(ExprKind::Constant(*constant)),
            NodeKind::Input(index) => {
                let name = self.graph.names().get(*index).cloned();
                self.push(ExprKind::Name(
                    name.unwrap_or_else(|| format!("x_{index}").into()),
                ))
            }
            NodeKind::Sum(terms, constant) => self.sum(terms, constant),
            NodeKind::Product(factors) => self.quotient(factors, &Rational::ONE),
            NodeKind::Apply(operation, arguments) => {
                let arguments: Vec<ExprId> = arguments
                    .iter()
                    .map(|argument| self.of(*argument))
                    .collect();
                self.apply(*operation, &arguments)
            }
        }
    }

    /// Terms by falling degree, a positive one first where there is one, the number last.
    fn sum(&mut self, terms: &[Multiple], constant: &Rational) -> ExprId {
        let terms = self.graph.in_written_order(terms);
        let leads = !constant.is_negative()
            && !constant.is_zero()
            && terms.iter().all(|term| term.1.is_negative());
        let mut sum = leads.then(|| self.number(constant));
        for (term, coefficient) in terms {
            sum = Some(match sum {
                None => self.multiple(*term, coefficient),
                Some(before) => {
                    let size = self.multiple(*term, &coefficient.abs());
                    let operation = if coefficient.is_negative() {
                        Operation::Sub
                    } else {
                        Operation::Add
                    };
                    self.apply(operation, &[before, size])
                }
            });
        }
        match sum {
            Some(sum) if leads || constant.is_zero() => sum,
            Some(sum) => {
                let size = self.number(&constant.abs());
                let operation = if constant.is_negative() {
                    Operation::Sub
                } else {
                    Operation::Add
                };
                self.apply(operation, &[sum, size])
            }
            None => self.number(constant),
        }
    }

    fn multiple(&mut self, term: NodeId, coefficient: &Rational) -> ExprId {
        if coefficient.is_one() {
            return self.of(term);
        }
        if coefficient.is_negative() && self.signs == Signs::InFront {
            let positive = self.multiple(term, &coefficient.abs());
            return self.apply(Operation::Neg, &[positive]);
        }
        match self.graph.kind(term) {
            NodeKind::Product(factors) => self.quotient(factors, coefficient),
            _ => self.quotient(&[(term, Rational::ONE)], coefficient),
        }
    }

    /// Factors with negative exponents stand below.
    fn quotient(&mut self, factors: &[Power], coefficient: &Rational) -> ExprId {
        let (below, above): (Vec<&Power>, Vec<&Power>) = factors
            .iter()
            .partition(|(_, exponent)| exponent.is_negative());
        let negative = coefficient.is_negative();
        let top = self.run(&above, &coefficient.abs().numerator(), negative);
        let top = top.unwrap_or_else(|| {
            let one = self.push(ExprKind::Number(Rational::ONE));
            self.signed(one, negative)
        });
        match self.run(&below, &coefficient.denominator(), false) {
            Some(below) => self.apply(Operation::Div, &[top, below]),
            None => top,
        }
    }

    /// A number, where it is not 1, times powers, simple ones first; `None` where nothing is left. The first
    /// factor takes the sign.
    fn run(&mut self, factors: &[&Power], number: &Rational, negative: bool) -> Option<ExprId> {
        let mut factors: Vec<&Power> = factors.to_vec();
        factors.sort_by_key(|(base, _)| self.weight(*base));
        let mut product = None;
        if !number.is_one() {
            let number = self.number(number);
            product = Some(self.signed(number, negative));
        }
        for (base, exponent) in factors {
            let power = self.power(*base, &exponent.abs());
            product = Some(match product {
                None => self.signed(power, negative),
                Some(before) => self.apply(Operation::Mul, &[before, power]),
            });
        }
        product
    }

    fn signed(&mut self, factor: ExprId, negative: bool) -> ExprId {
        if negative {
            self.apply(Operation::Neg, &[factor])
        } else {
            factor
        }
    }

    fn power(&mut self, base: NodeId, exponent: &Rational) -> ExprId {
        let inner = self.of(base);
        if exponent.is_one() {
            return inner;
        }
        let half = Rational::new(1, 2);
        let third = Rational::new(1, 3);
        if Some(exponent) == half.as_ref() {
            return self.apply(Operation::Sqrt, &[inner]);
        }
        if Some(exponent) == third.as_ref() {
            return self.apply(Operation::Cbrt, &[inner]);
        }
        let exponent = self.number(exponent);
        self.apply(Operation::Pow, &[inner, exponent])
    }

    /// Numbers before inputs before sums before functions before derivatives still to be found, as products are read.
    fn weight(&self, id: NodeId) -> u8 {
        match self.graph.kind(id) {
            NodeKind::Number(_) => 0,
            NodeKind::Constant(_) => 1,
            NodeKind::Input(_) if self.graph.is_pending(id) => 6,
            NodeKind::Input(_) => 2,
            NodeKind::Product(_) => 3,
            NodeKind::Sum(..) => 4,
            NodeKind::Apply(..) => 5,
        }
    }
}
