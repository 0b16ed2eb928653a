//! [`Jet`]: a truncated Taylor series as a number. A run with jets writes each function down as an equation: its own
//! rule, y' = sum of partials times x', which is unfolded once. Then the coefficients of all equations follow order by
//! order (Moore 1966, chapter 11; Griewank and Walther 2008, chapter 13): each costs a sum as long as its order.
//! Functions whose rules name each other, as sine and cosine, share their equations.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::ops::{Add, Div, Mul, Neg, Sub};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHasher};

use super::scalar::Entry;
use super::{Elementary, Partials, Scalar};
use crate::number::Interval;

/// A number that can be a coefficient of a jet.
pub trait Coefficient: Scalar + PartialEq {
    /// One number in the middle of those it may be.
    #[must_use]
    fn centre(&self) -> Self {
        self.clone()
    }

    /// What two findings of the same number tell together.
    #[must_use]
    fn meet(self, _other: Self) -> Self {
        self
    }

    /// A number by which equal ones are found again: the same for equal numbers, and for few others.
    #[must_use]
    fn digest(&self) -> u64 {
        0
    }
}

impl Coefficient for f64 {
    fn digest(&self) -> u64 {
        // Both zeros are equal.
        (self + 0.0).to_bits()
    }
}

impl Coefficient for Interval {
    fn centre(&self) -> Self {
        if self.is_bounded() {
            Self::point(self.middle())
        } else {
            *self
        }
    }

    fn meet(self, other: Self) -> Self {
        self.intersection(other)
    }

    fn digest(&self) -> u64 {
        self.lo().digest() ^ self.hi().digest().rotate_left(32)
    }
}

/// A Taylor series in one variable t, as far as it is asked for: coefficient k is the k-th derivative over k!.
///
/// ```
/// use secant::{Functions, Jet};
/// let x = Jet::moving(0.0, 1.0);
/// let sine = x.sin().coefficients(5);
/// assert_eq!(sine, [0.0, 1.0, 0.0, -1.0 / 6.0, 0.0, 1.0 / 120.0]);
/// ```
#[derive(Clone)]
pub struct Jet<S>(Place<S>);

#[derive(Clone)]
enum Place<S> {
    /// A number that nothing moves.
    Fixed(S),
    /// A node of a system of equations.
    Moving(Shared<S>, usize),
}

type Shared<S> = Rc<RefCell<System<S>>>;

/// Equations, each after those it reads at the same order.
struct System<S> {
    nodes: Vec<Node<S>>,
    /// Where functions stand, by a digest of their names and arguments.
    functions: FxHashMap<u64, Vec<usize>>,
    /// Whether the rule of a function is being unfolded.
    within_rule: bool,
}

struct Node<S> {
    equation: Equation<S>,
    coefficients: Vec<S>,
    /// The highest order that anyone asks for.
    demand: usize,
}

/// What an equation reads.
#[derive(Clone, PartialEq)]
enum Term<S> {
    Fixed(S),
    Moving(usize),
}

enum Equation<S> {
    Input(S),
    Sum(Term<S>, Term<S>),
    Negative(Term<S>),
    Product(Term<S>, Term<S>),
    Quotient(Term<S>, Term<S>, RefCell<Division<S>>),
    Function(Applied<S>),
}

/// The partials of a function, from its arguments and its value.
type Rule<S> = fn(&[Jet<S>], &Jet<S>) -> Partials<Jet<S>>;

/// A function of the table, and its rule once it is unfolded.
struct Applied<S> {
    name: &'static str,
    rule: Rule<S>,
    arguments: Vec<Term<S>>,
    /// 0 with what is known of the derivatives: where there are none, the number may say so.
    nothing: S,
    /// Each partial with the argument that it belongs to.
    slopes: Option<Vec<(Term<S>, usize)>>,
}

/// What a quotient a/b keeps to bound itself.
struct Division<S> {
    /// A guess v of 1/b, its residual 1 - b v, and the excess s of 1/b = v (1 + s).
    inverse: Vec<S>,
    defect: Vec<S>,
    excess: Vec<S>,
    /// 1/b itself.
    reciprocal: Vec<S>,
    /// A guess g of a/b, and its residual a - b g.
    guess: Vec<S>,
    residual: Vec<S>,
}

impl<S: Coefficient> Jet<S> {
    /// `start + speed t`, the first of the numbers that move. Others that shall meet it come from
    /// [`moving_with`](Self::moving_with).
    pub fn moving(start: S, speed: S) -> Self {
        let system = System {
            nodes: Vec::new(),
            functions: FxHashMap::default(),
            within_rule: false,
        };
        Self::pushed(
            &Rc::new(RefCell::new(system)),
            Equation::Input(speed),
            start,
        )
    }

    /// `start + speed t`, to be computed with together with this one.
    #[must_use]
    pub fn moving_with(&self, start: S, speed: S) -> Self {
        match &self.0 {
            Place::Fixed(_) => Self::moving(start, speed),
            Place::Moving(system, _) => Self::pushed(system, Equation::Input(speed), start),
        }
    }

    /// A number that nothing moves.
    pub fn fixed(value: S) -> Self {
        Self(Place::Fixed(value))
    }

    /// The inputs of a function that leave a point with these speeds; one of speed 0 does not move.
    #[must_use]
    pub fn leaving(at: &[S], speeds: &[S]) -> Vec<Self> {
        let mut first: Option<Self> = None;
        let still = S::constant(0.0);
        let input = |(start, speed): (&S, &S)| {
            if *speed == still {
                return Self::fixed(start.clone());
            }
            let (start, speed) = (start.clone(), speed.clone());
            let jet = match &first {
                Some(first) => first.moving_with(start, speed),
                None => Self::moving(start, speed),
            };
            first.get_or_insert_with(|| jet.clone());
            jet
        };
        at.iter().zip(speeds).map(input).collect()
    }

    /// The coefficients of orders 0 to `order`.
    #[must_use]
    pub fn coefficients(&self, order: usize) -> Vec<S> {
        match &self.0 {
            Place::Fixed(value) => {
                let mut all = vec![S::constant(0.0); order + 1];
                all[0] = value.clone();
                all
            }
            Place::Moving(system, place) => {
                demand(system, *place, order);
                let mut system = system.borrow_mut();
                system.solve(order);
                system.nodes[*place].coefficients[..=order].to_vec()
            }
        }
    }

    fn start(&self) -> S {
        match &self.0 {
            Place::Fixed(value) => value.clone(),
            Place::Moving(system, place) => system.borrow().nodes[*place].coefficients[0].clone(),
        }
    }

    fn system(&self) -> Option<Shared<S>> {
        match &self.0 {
            Place::Fixed(_) => None,
            Place::Moving(system, _) => Some(Rc::clone(system)),
        }
    }

    fn term(&self) -> Term<S> {
        match &self.0 {
            Place::Fixed(value) => Term::Fixed(value.clone()),
            Place::Moving(_, place) => Term::Moving(*place),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(&self.0, Place::Fixed(value) if *value == S::constant(0.0))
    }

    /// A function of the table, which is found again where it was met before.
    fn applied(entry: &Entry<S>, rule: Rule<S>, arguments: &[Self]) -> Self {
        let starts: Vec<S> = arguments.iter().map(Self::start).collect();
        let Some(system) = arguments.iter().find_map(Self::system) else {
            return Self::fixed((entry.value)(&starts));
        };
        let terms: Vec<Term<S>> = arguments.iter().map(Self::term).collect();
        let digest = digest(entry.name, &terms);
        let known = system.borrow().find(digest, entry.name, &terms);
        if let Some(place) = known {
            return Self(Place::Moving(system, place));
        }
        let mut moving = [false; 3];
        for (moves, term) in moving.iter_mut().zip(&terms) {
            *moves = matches!(term, Term::Moving(_));
        }
        let equation = Equation::Function(Applied {
            name: entry.name,
            rule,
            arguments: terms,
            nothing: (entry.where_smooth)(&starts, moving, S::constant(0.0)),
            slopes: None,
        });
        let result = Self::pushed(&system, equation, (entry.value)(&starts));
        if let Place::Moving(system, place) = &result.0 {
            let functions = &mut system.borrow_mut().functions;
            functions.entry(digest).or_default().push(*place);
        }
        result
    }

    fn pushed(system: &Shared<S>, equation: Equation<S>, start: S) -> Self {
        let mut nodes = system.borrow_mut();
        nodes.nodes.push(Node {
            equation,
            coefficients: vec![start],
            demand: 0,
        });
        Self(Place::Moving(Rc::clone(system), nodes.nodes.len() - 1))
    }

    /// Plain arithmetic of two numbers, of which at least one moves, or else of their values alone.
    fn combined(
        self,
        other: &Self,
        start: S,
        equation: impl FnOnce(Term<S>, Term<S>) -> Equation<S>,
    ) -> Self {
        match self.system().or_else(|| other.system()) {
            Some(system) => Self::pushed(&system, equation(self.term(), other.term()), start),
            None => Self::fixed(start),
        }
    }
}

impl<S: Coefficient> Add for Jet<S> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let start = self.start() + other.start();
        self.combined(&other, start, Equation::Sum)
    }
}

impl<S: Coefficient> Neg for Jet<S> {
    type Output = Self;
    fn neg(self) -> Self {
        let start = -self.start();
        let none = Self::fixed(S::constant(0.0));
        self.combined(&none, start, |term, _| Equation::Negative(term))
    }
}

impl<S: Coefficient> Sub for Jet<S> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<S: Coefficient> Mul for Jet<S> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let start = self.start() * other.start();
        self.combined(&other, start, Equation::Product)
    }
}

impl<S: Coefficient> Div for Jet<S> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let within_rule = |system: Shared<S>| system.borrow().within_rule;
        if self.is_nothing() && other.system().is_some_and(within_rule) {
            // The slope of x^0 is 0/x. Where the function is smooth its slope has no hole, so this is 0 at x = 0 too.
            return self;
        }
        let start = self.start() / other.start();
        self.combined(&other, start, |dividend, divisor| {
            Equation::Quotient(dividend, divisor, RefCell::default())
        })
    }
}

impl<S> Default for Division<S> {
    fn default() -> Self {
        Self {
            inverse: Vec::new(),
            defect: Vec::new(),
            excess: Vec::new(),
            reciprocal: Vec::new(),
            guess: Vec::new(),
            residual: Vec::new(),
        }
    }
}

impl<S: Coefficient> Scalar for Jet<S> {
    fn constant(value: f64) -> Self {
        Self::fixed(S::constant(value))
    }

    fn enclosed(value: f64, range: Interval) -> Self {
        Self::fixed(S::enclosed(value, range))
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        E::arithmetic(arguments)
            .unwrap_or_else(|| Self::applied(&Entry::of::<E>(), E::partials::<Self>, arguments))
    }

    fn truth(&self) -> Option<bool> {
        self.start().truth()
    }
}

/// What equal functions of equal arguments have in common, and few others.
fn digest<S: Coefficient>(name: &str, arguments: &[Term<S>]) -> u64 {
    let mut hasher = FxHasher::default();
    name.hash(&mut hasher);
    for argument in arguments {
        match argument {
            Term::Fixed(value) => (0, value.digest()).hash(&mut hasher),
            Term::Moving(place) => (1, *place).hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// Marks every equation that is needed for one up to an order, and unfolds the rules on the way.
fn demand<S: Coefficient>(system: &Shared<S>, place: usize, order: usize) {
    let mut open = vec![(place, order)];
    while let Some((place, order)) = open.pop() {
        if system.borrow().nodes[place].demand >= order {
            continue;
        }
        system.borrow_mut().nodes[place].demand = order;
        unfold(system, place);
        let nodes = &system.borrow().nodes;
        let mut read = |term: &Term<S>, order: usize| {
            if let Term::Moving(place) = term {
                open.push((*place, order));
            }
        };
        match &nodes[place].equation {
            Equation::Input(_) => {}
            Equation::Negative(term) => read(term, order),
            Equation::Sum(a, b) | Equation::Product(a, b) | Equation::Quotient(a, b, _) => {
                read(a, order);
                read(b, order);
            }
            Equation::Function(applied) => {
                for (partial, argument) in applied.slopes.iter().flatten() {
                    read(partial, order - 1);
                    read(&applied.arguments[*argument], order);
                }
            }
        }
    }
}

/// Reads the rule of a function, if this is one, for the arguments that move. Nothing is borrowed meanwhile, since the
/// rule comes back for the functions it names.
fn unfold<S: Coefficient>(system: &Shared<S>, place: usize) {
    let as_jet = |term: &Term<S>| match term {
        Term::Fixed(value) => Jet::fixed(value.clone()),
        Term::Moving(place) => Jet(Place::Moving(Rc::clone(system), *place)),
    };
    let (rule, arguments) = match &system.borrow().nodes[place].equation {
        Equation::Function(applied) if applied.slopes.is_none() => {
            let arguments: Vec<Jet<S>> = applied.arguments.iter().map(as_jet).collect();
            (applied.rule, arguments)
        }
        _ => return,
    };
    let partials = if system.borrow().nodes.len() < System::<S>::MOST {
        system.borrow_mut().within_rule = true;
        let partials = rule(&arguments, &as_jet(&Term::Moving(place)));
        system.borrow_mut().within_rule = false;
        partials
    } else {
        [(); 3].map(|()| Some(Jet::constant(f64::NAN)))
    };
    let slopes = arguments
        .iter()
        .zip(partials)
        .enumerate()
        .filter(|(_, (argument, _))| argument.system().is_some())
        .filter_map(|(argument, (_, partial))| Some((partial?.term(), argument)))
        .collect();
    if let Equation::Function(applied) = &mut system.borrow_mut().nodes[place].equation {
        applied.slopes = Some(slopes);
    }
}

impl<S: Coefficient> System<S> {
    /// More equations than this belong to rules that never close.
    const MOST: usize = 1 << 20;

    /// A function that was met before with the same arguments.
    fn find(&self, digest: u64, name: &str, arguments: &[Term<S>]) -> Option<usize> {
        let is_it = |place: &usize| match &self.nodes[*place].equation {
            Equation::Function(applied) => applied.name == name && applied.arguments == arguments,
            _ => false,
        };
        let alike = self.functions.get(&digest)?;
        alike.iter().copied().find(is_it)
    }

    /// Carries every equation on to the order that is asked of it, all of them one order at a time.
    fn solve(&mut self, order: usize) {
        for order in 1..=order {
            for place in 0..self.nodes.len() {
                let node = &self.nodes[place];
                if node.demand >= order && node.coefficients.len() == order {
                    let next = self.next(place, order);
                    self.nodes[place].coefficients.push(next);
                }
            }
        }
    }

    fn next(&self, place: usize, order: usize) -> S {
        let nothing = || S::constant(0.0);
        match &self.nodes[place].equation {
            Equation::Input(speed) if order == 1 => speed.clone(),
            Equation::Input(_) => nothing(),
            Equation::Sum(a, b) => self.coefficient(a, order) + self.coefficient(b, order),
            Equation::Negative(term) => -self.coefficient(term, order),
            Equation::Product(Term::Fixed(scale), term)
            | Equation::Product(term, Term::Fixed(scale)) => {
                self.coefficient(term, order) * scale.clone()
            }
            Equation::Product(a, b) => (0..=order).fold(nothing(), |sum, k| {
                sum + self.coefficient(a, k) * self.coefficient(b, order - k)
            }),
            Equation::Quotient(dividend, Term::Fixed(scale), _) => {
                self.coefficient(dividend, order) / scale.clone()
            }
            Equation::Quotient(dividend, divisor, division) => {
                let mut division = division.borrow_mut();
                for reached in division.guess.len()..=order {
                    self.divide(dividend, divisor, &mut division, reached);
                }
                self.quotient(place, dividend, divisor, &division, order)
            }
            Equation::Function(applied) => {
                // y' = sum of p x', of which the coefficient of order n - 1 is n y_n.
                let mut sum = applied.nothing.clone();
                for (partial, argument) in applied.slopes.iter().flatten() {
                    let argument = &applied.arguments[*argument];
                    for k in self.moves(argument, order) {
                        let speed = self.coefficient(argument, k) * S::constant(k as f64);
                        sum = sum + self.coefficient(partial, order - k) * speed;
                    }
                }
                sum / S::constant(order as f64)
            }
        }
    }

    /// The orders up to this one in which a term may move: an input moves in the first alone.
    fn moves(&self, term: &Term<S>, order: usize) -> std::ops::RangeInclusive<usize> {
        match term {
            Term::Moving(place) if matches!(self.nodes[*place].equation, Equation::Input(_)) => {
                1..=1
            }
            _ => 1..=order,
        }
    }

    fn coefficient(&self, term: &Term<S>, order: usize) -> S {
        let found = match term {
            Term::Fixed(value) => (order == 0).then_some(value),
            Term::Moving(place) => self.nodes[*place].coefficients.get(order),
        };
        found.cloned().unwrap_or_else(|| S::constant(0.0))
    }

    /// The next terms of 1/b and of a guess g of a/b with its residual r. Rounding grows in the recurrence of 1/b; in the
    /// excess s = d (1 + s) it does not, since the defect d is small (as Rump 2010, section 10, bounds linear systems).
    fn divide(&self, a: &Term<S>, b: &Term<S>, division: &mut Division<S>, order: usize) {
        let leading = self.coefficient(b, 0);
        let one = S::constant(if order == 0 { 1.0 } else { 0.0 });
        let direct = (one.clone() - self.earlier(b, &division.reciprocal, order)) / leading.clone();
        let guessed = |rest: &S| (rest.centre() / leading.centre()).centre();

        let rest = one - self.earlier(b, &division.inverse, order);
        let inverse = guessed(&rest);
        division
            .defect
            .push(rest - leading.clone() * inverse.clone());
        division.inverse.push(inverse);
        let excess = (1..=order).fold(division.defect[order].clone(), |sum, k| {
            sum + division.defect[k].clone() * division.excess[order - k].clone()
        });
        let scale = S::constant(1.0) - division.defect[0].clone();
        division.excess.push(excess / scale);
        let inverse = &division.inverse;
        let corrected = inverse[order].clone() + convolved(inverse, &division.excess, order);
        division.reciprocal.push(direct.meet(corrected));

        let rest = self.coefficient(a, order) - self.earlier(b, &division.guess, order);
        let guess = guessed(&rest);
        division.residual.push(rest - leading * guess.clone());
        division.guess.push(guess);
    }

    /// The recurrence of the quotient, and a/b = g + r/b beside it.
    fn quotient(
        &self,
        place: usize,
        a: &Term<S>,
        b: &Term<S>,
        division: &Division<S>,
        order: usize,
    ) -> S {
        let known = &self.nodes[place].coefficients;
        let rest = self.coefficient(a, order) - self.earlier(b, known, order);
        let direct = rest / self.coefficient(b, 0);
        let correction = convolved(&division.reciprocal, &division.residual, order);
        direct.meet(division.guess[order].clone() + correction)
    }

    /// The coefficient of b times a series, without the term that is sought.
    fn earlier(&self, b: &Term<S>, series: &[S], order: usize) -> S {
        let orders = self.moves(b, order).filter(|k| *k <= order);
        orders.fold(S::constant(0.0), |sum, k| {
            sum + self.coefficient(b, k) * series[order - k].clone()
        })
    }
}

/// The coefficient of the product of two series.
fn convolved<S: Coefficient>(a: &[S], b: &[S], order: usize) -> S {
    (0..=order).fold(S::constant(0.0), |sum, k| {
        sum + a[k].clone() * b[order - k].clone()
    })
}
