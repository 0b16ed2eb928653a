//! *How much does each input move the output?* Secant answers for formulas and for Rust functions, by several
//! methods side by side, and says with every number how sure it is.
//!
//! # The slope through two points
//!
//! The first idea of a derivative needs only two points that stand close together:
//!
//! ```
//! let f = |x: f64| 2.0 * x * x;
//! let delta = 0.0001;
//! let (x1, x2) = (1.0, 1.0 + delta);
//! let slope = (f(x2) - f(x1)) / (x2 - x1);
//! assert_eq!(slope, 4.0001999999987845);
//! ```
//!
//! The truth is 4. What went wrong is of two kinds: the points are not *quite* one point (truncation), and the digits are
//! finite (rounding). [`tangent`] tells them apart:
//!
//! ```
//! use secant::{Formula, Recorded, tangent};
//!
//! let f = Recorded::from(&Formula::parse("2x^2")?);
//! let line = tangent(&f, &[1.0], 0, 0.0001)?;
//! let error = line.secant.error.unwrap();
//! assert!((error.truncation - 2e-4).abs() < 1e-12); // f'' h / 2
//! assert!(error.rounding.abs() < 1e-11);
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # Rules instead of steps
//!
//! A formula has an exact derivative, by the rules of calculus. [`Graph::derivative`] applies them, and
//! [`Graph::simplify`] makes the result short; where that enlarges the domain, it says so.
//!
//! ```
//! use secant::Formula;
//!
//! let mut formula = Formula::parse("sin(x)^2 / x")?;
//! let root = formula.root();
//! let slope = formula.graph_mut().derivative(root, 0);
//! let simplified = formula.graph_mut().simplify(&[slope]);
//! assert_eq!(formula.graph().text(simplified.roots[0]), "(2*x*cos(x) - sin(x))*sin(x)/x^2");
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # Every number with its bound
//!
//! [`report`] asks all methods and holds them against each other:
//!
//! ```
//! use secant::{Formula, Recorded, Verdict, method, report};
//!
//! let f = Recorded::from(&Formula::parse("exp(-x^2/2)")?);
//! let slope = report(&f, &[1.0], &[0], &method::all(method::Difference::default()))?;
//! assert_eq!(slope.verdict, Verdict::Agree);
//! for estimate in &slope.estimates {
//!     println!("{:10} {} ± {:?}", estimate.method, estimate.value, estimate.bound);
//! }
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # No slope where there is none
//!
//! At a corner, a jump, a hole there is no derivative, and none is given:
//!
//! ```
//! use secant::{Formula, PointKind, Recorded, method, report};
//!
//! let f = Recorded::from(&Formula::parse("max(x, x^2)")?);
//! let at_one = report(&f, &[1.0], &[0], &method::all(method::Difference::default()))?;
//! assert_eq!((at_one.value, at_one.point.kind), (None, PointKind::Corner));
//! assert_eq!((at_one.point.left, at_one.point.right), (Some(1.0), Some(2.0)));
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # Any order
//!
//! [`Jet`]s carry a whole Taylor series through a formula, out of the same rules. So derivatives up to order 50 come with a
//! proven bound ([`nth_derivative`] with [`method::Taylor`]), and so does the [`TaylorPolynomial`] with what it leaves out:
//!
//! ```
//! use secant::{Formula, Recorded, taylor_polynomial};
//!
//! let f = Recorded::from(&Formula::parse("ln(1 + x)")?);
//! let near = taylor_polynomial(&f, &[0.0], 0, 4)?;
//! assert_eq!(near.text("x", 4), "x - x^2/2 + x^3/3 - x^4/4");
//! let left_out = near.remainder(&f, (0.0, 0.1)).unwrap();
//! assert!(left_out.contains(1.1f64.ln() - near.value(0.1, 4)) && left_out.magnitude() < 2.1e-6);
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # Your own functions
//!
//! A Rust function generic over [`Scalar`] runs with plain numbers, with [`Dual`] numbers (a derivative through any control
//! flow), and with [`Node`]s, which write it down so that every method can serve it:
//!
//! ```
//! use secant::{Dual, Functions, Generic, Node, Recorded, Scalar, gradient, method::{Forward, Reverse}};
//!
//! fn bell<S: Scalar>(x: &[S]) -> S {
//!     (-(x[0].clone() * x[0].clone() + x[1].clone() * x[1].clone())).exp()
//! }
//!
//! let with_duals = Generic::new(2, bell::<Dual>);
//! let recorded = Recorded::trace(&["x", "y"], |x| vec![bell::<Node>(x)])?;
//! let forward = gradient(&Forward, &with_duals, &[0.5, 0.0])?;
//! let reverse = gradient(&Reverse, &recorded, &[0.5, 0.0])?;
//! assert!((forward[0].value - reverse[0].value).abs() < 1e-15);
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # Anything that can be run
//!
//! A closure that no rule can see into gets differences with nothing to tune: [`Differences`] measures noise and scale, and says what the
//! point is where there is no derivative.
//!
//! ```
//! use secant::Differences;
//! let slope = Differences::new().derivative(|x: f64| x.sin() + x.cbrt(), 1.0)?;
//! assert!((slope.value().unwrap() - (1f64.cos() + 1.0 / 3.0)).abs() <= slope.bound().unwrap());
//! let jump = Differences::new().derivative(f64::floor, 2.0)?;
//! assert_eq!((jump.value(), jump.finding.name()), (None, "jump"));
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # Many inputs
//!
//! [`gradient`], [`jacobian`], [`hessian`] and their products with vectors ([`jvp`], [`vjp`], [`hessian_vector`]) are built once on
//! what a [`method::Method`] supplies. One sweep backward gives a whole gradient for a few times the cost of the function.
//!
//! # Many points
//!
//! A [`BlockRunner`] computes a formula, with its derivatives, for columns of numbers at the speed of vector code; a [`PointRunner`]
//! computes it at one point in little time. Both need no compiler and are ready in microseconds.
//!
//! ```
//! use secant::{BlockRunner, Formula, Recorded};
//!
//! let f = Recorded::from(&Formula::parse("2x^2")?).with_gradient(0)?;
//! let x = [0.0, 1.0, 2.0, 3.0, 4.0];
//! let (mut value, mut slope) = ([0.0; 5], [0.0; 5]);
//! BlockRunner::new(f.program(), &[]).run(&[&x], &mut [&mut value, &mut slope])?;
//! assert_eq!((value, slope), ([0.0, 2.0, 8.0, 18.0, 32.0], [0.0, 4.0, 8.0, 12.0, 16.0]));
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! # A loss over data
//!
//! An [`Objective`] adds a loss up over rows, which come in pieces of any size, and gives the same bits on any number of threads. It is made of
//! one function of parameters and of a row; [`combine`] holds the ways to put functions together: chain, sum over rows, gather, scan.
//!
//! ```
//! use secant::{Formula, Objective, Recorded};
//! let loss = Recorded::from(&Formula::parse("f(x, y, a, b) = (y - a*exp(-b*x))^2")?);
//! let objective = Objective::mean(&loss, &[0, 1])?;
//! let (x, y) = ([0.0, 1.0, 2.0], [2.0, 1.0, 0.5]);
//! let found = objective.gradient(&[2.0, 2f64.ln()], &[&x, &y])?;
//! assert!(found.loss < 1e-30 && found.gradient[0].abs() < 1e-15); // y halves from row to row
//! # Ok::<(), secant::Error>(())
//! ```

mod check;
pub mod code;
pub mod combine;
mod curvature;
mod curve;
mod derivation;
mod derived;
mod descent;
mod difference;
pub mod elementary;
mod error;
mod estimate;
mod expr;
mod formula;
mod function;
pub mod graph;
pub mod method;
mod number;
mod objective;
mod operator;
pub mod optimiser;
mod point;
mod program;
mod report;
mod rough;
mod slopes;
pub mod sparse;
mod stepsize;
mod tangent;
mod taylor;
mod text;
mod vocabulary;

pub use check::{Component, Doubt, GradientCheck, Strictness, check_gradient};
pub use curvature::{Curvature, Rest};
pub use curve::Curve;
pub use derivation::{Derivation, RuleStep, WrittenStep};
pub use descent::{Descent, DescentPath, DescentPlace, Stop};
pub use difference::{Differences, Finding, Found, Mode, Prepared, Value, pool};
pub use elementary::{Functions, Operation};
pub use error::{Error, ErrorKind, Span};
pub use estimate::{ErrorBound, Estimate, Note};
pub use expr::{Expr, ExprId, ExprKind};
pub use formula::Formula;
pub use function::{BlackBox, Function, Generic, Recorded};
pub use graph::{
    Branch, Condition, Graph, Node, NodeId, NodeKind, Requirement, Rule, Shared, Simplified,
};
pub use number::{Closeness, Constant, Decoration, Interval, Rational, Real, Series, ulp};
pub use objective::{Evaluation, GradientMoments, Objective};
pub use operator::{
    derivative, gradient, hessian, hessian_vector, jacobian, jvp, nth_derivative, vjp,
};
pub use point::{Point, PointKind, Side, classify};
pub use program::{BlockRunner, PointRunner, Program, Slot, Step};
pub use report::{Report, Verdict, report};
pub use rough::{RoughPlace, RoughPlaces, rough_cells, rough_places};
pub use slopes::{Slopes, SlopesAt, has_few_digits};
pub use stepsize::{SchemeCurve, StepCurve, StepError, StepRule, step_curve};
pub use tangent::{Secant, SecantError, Tangent, tangent};
pub use taylor::{TaylorPolynomial, TaylorTerm, taylor_polynomial};
pub use text::{Ambiguity, Definition, Notation, Parsed, canonical_name, parse, print};
pub use vocabulary::{
    Coefficient, Complex, Dual, Elementary, Exact, Jet, Partials, Scalar, binary, flat, unary,
};
