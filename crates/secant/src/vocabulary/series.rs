//! Any function of the table applied to a one-sided series, by its own rule: the derivative of f(u(t)) is
//! the sum of partials times u'(t), and its integral is the series sought (Moore 1966, chapter 11). A rule may
//! name functions whose rules name it again (sine and cosine), so all of them are found together.

use std::cell::RefCell;
use std::rc::Rc;

use super::arithmetic::operators_by_rule;
use super::{Elementary, Partials, Scalar};
use crate::number::{Interval, Series};

impl Scalar for Series {
    fn constant(value: f64) -> Self {
        Self::constant(Interval::point(value))
    }

    fn enclosed(_value: f64, range: Interval) -> Self {
        Self::constant(range)
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        Rule::of::<E>().one_sided(arguments)
    }

    fn truth(&self) -> Option<bool> {
        self.fixed_value().map(|value| value != 0.0)
    }
}

/// An entry of the table as one-sided series read it.
struct Rule {
    name: &'static str,
    told: fn(&[Series]) -> Option<Series>,
    enclose: fn(&[Interval]) -> Interval,
    partials: fn(&[Unfolding], &Unfolding) -> Partials<Unfolding>,
}

impl Rule {
    fn of<E: Elementary>() -> Self {
        Self {
            name: E::NAME,
            told: E::one_sided,
            enclose: E::enclose,
            partials: E::partials::<Unfolding>,
        }
    }

    fn one_sided(&self, arguments: &[Series]) -> Series {
        if let Some(told) = (self.told)(arguments) {
            let rounding = arguments.iter().any(Series::rests_on_rounding);
            return told.resting_on(rounding);
        }
        if let Some(unknown) = arguments.iter().find(|argument| !argument.is_known()) {
            return unknown.clone();
        }
        by_rule(self, arguments)
    }

    /// The same within a rule that is being solved.
    fn unfolded(&self, arguments: &[Unfolding]) -> Unfolding {
        let equations = arguments
            .iter()
            .find_map(|argument| argument.equations.clone());
        let plain: Vec<Series> = arguments
            .iter()
            .map(|argument| argument.series.clone())
            .collect();
        let told = (self.told)(&plain)
            .or_else(|| plain.iter().find(|argument| !argument.is_known()).cloned());
        let series = match (told, &equations) {
            (Some(told), _) => told,
            (None, Some(equations)) => carried_on(self, &plain, equations),
            (None, None) => by_rule(self, &plain),
        };
        Unfolding { series, equations }
    }
}

/// A function of the table at one tuple of arguments, and as much of its series as is known.
struct Equation {
    function: &'static str,
    arguments: Vec<Series>,
    solution: Series,
    /// The last round in which it was carried on.
    round: usize,
}

/// Equations that are solved together, each round carrying every one of them on by one integration.
#[derive(Default)]
struct Equations {
    all: Vec<Equation>,
    round: usize,
    has_grown: bool,
}

impl Equations {
    /// More equations than this belong to a rule that never closes.
    const MOST: usize = 40;

    fn find(&self, function: &str, arguments: &[Series]) -> Option<usize> {
        self.all
            .iter()
            .position(|known| known.function == function && known.arguments == arguments)
    }

    /// Takes what a further integration gave, if it tells more.
    fn carry_on(&mut self, place: usize, next: Series) {
        let Some(equation) = self.all.get_mut(place) else {
            return;
        };
        if !next.is_known() {
            equation.solution = next;
        } else if next.reaches_beyond(&equation.solution) {
            equation.solution = next;
            self.has_grown = true;
        }
    }
}

/// A series within a rule that is being solved: what it is applied to becomes one of the equations.
#[derive(Clone)]
struct Unfolding {
    series: Series,
    equations: Option<Rc<RefCell<Equations>>>,
}

impl Scalar for Unfolding {
    fn constant(value: f64) -> Self {
        Self {
            series: <Series as Scalar>::constant(value),
            equations: None,
        }
    }

    fn enclosed(value: f64, range: Interval) -> Self {
        Self {
            series: <Series as Scalar>::enclosed(value, range),
            equations: None,
        }
    }

    fn apply<E: Elementary>(arguments: &[Self]) -> Self {
        Rule::of::<E>().unfolded(arguments)
    }

    fn truth(&self) -> Option<bool> {
        self.series.truth()
    }
}

operators_by_rule!([] Unfolding);

/// Integrates the chain rule as often as more coefficients come out of it.
fn by_rule(rule: &Rule, arguments: &[Series]) -> Series {
    let equations = Rc::new(RefCell::new(Equations::default()));
    loop {
        {
            let mut equations = equations.borrow_mut();
            equations.round += 1;
            equations.has_grown = false;
        }
        let solution = carried_on(rule, arguments, &equations);
        if solution.is_known() && equations.borrow().has_grown {
            continue;
        }
        let told = !solution.is_known() || solution.tells_beside();
        return if told { solution } else { Series::undecided() };
    }
}

/// The series of a function as far as this round knows it. Nothing is borrowed while its rule is read, since the rule
/// comes back here for the functions it names.
fn carried_on(rule: &Rule, arguments: &[Series], shared: &Rc<RefCell<Equations>>) -> Series {
    let round = shared.borrow().round;
    let found = shared.borrow().find(rule.name, arguments);
    let place = found.unwrap_or_else(|| shared.borrow().all.len());
    if found.is_none() {
        let solution = beginning(rule, arguments);
        if !solution.is_known() || place >= Equations::MOST {
            return Series::unknown_of(&[solution]);
        }
        shared.borrow_mut().all.push(Equation {
            function: rule.name,
            arguments: arguments.to_vec(),
            solution,
            round: 0,
        });
    }
    let solution = {
        let equation = &mut shared.borrow_mut().all[place];
        if equation.round == round || !equation.solution.is_known() {
            return equation.solution.clone();
        }
        equation.round = round;
        equation.solution.clone()
    };
    let Some(parts) = Series::common_parts(arguments) else {
        return Series::undecided();
    };
    let unfolding = |series: &Series| Unfolding {
        series: series.clone(),
        equations: Some(Rc::clone(shared)),
    };
    let inputs: Vec<Unfolding> = arguments.iter().map(unfolding).collect();
    // What does not move is multiplied with nothing, not even with a partial that is infinite.
    let integrand = arguments
        .iter()
        .map(|argument| argument.slope(parts))
        .zip((rule.partials)(&inputs, &unfolding(&solution)))
        .filter(|(slope, _)| slope.fixed_value() != Some(0.0))
        .filter_map(|(slope, partial)| partial.map(|partial| partial.series * slope))
        .reduce(|sum, term| sum + term)
        .unwrap_or_else(|| Series::constant(Interval::point(0.0)));
    let start = solution.taylor(0).unwrap_or(Interval::WHOLE);
    // A start that was taken as 0 stays so.
    let next = integrand
        .integral(parts, start)
        .resting_on(solution.rests_on_rounding());
    let mut equations = shared.borrow_mut();
    equations.carry_on(place, next);
    equations.all[place].solution.clone()
}

/// The series of a function of which only the value at the point is known.
fn beginning(rule: &Rule, arguments: &[Series]) -> Series {
    let start: Option<Vec<Interval>> = arguments.iter().map(Series::start).collect();
    let Some(start) = start else {
        return Series::undecided();
    };
    let value = (rule.enclose)(&start);
    if value.is_empty() {
        // At the point itself; the side is outside only if the neighbours are.
        let around: Vec<Interval> = start.iter().map(|start| start.neighbourhood()).collect();
        if (rule.enclose)(&around).is_empty() {
            Series::undefined()
        } else {
            Series::undecided()
        }
    } else if arguments
        .iter()
        .all(|argument| argument.fixed_value().is_some())
    {
        Series::constant(value)
    } else if value.is_bounded() {
        Series::tending_to(value)
    } else {
        Series::undecided()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Functions, Series};

    fn taylor_middle(series: &Series, order: i32) -> f64 {
        series
            .taylor(order)
            .map_or(f64::NAN, |coefficient| coefficient.middle())
    }

    #[test]
    fn rules_that_name_each_other_are_solved_together() {
        let sine = Series::approaching(0.0, 1.0).sin();
        assert!(!sine.rests_on_rounding());
        assert_eq!(taylor_middle(&sine, 0), 0.0);
        assert_eq!(taylor_middle(&sine, 1), 1.0);
        assert!((taylor_middle(&sine, 3) + 1.0 / 6.0).abs() < 1e-16);
        assert!((taylor_middle(&sine, 5) - 1.0 / 120.0).abs() < 1e-16);
    }

    #[test]
    fn a_sine_of_a_root_has_the_powers_of_the_root() {
        let sine = Series::approaching(0.0, 1.0).sqrt().sin();
        let (power, coefficient) = sine
            .first_fault(1)
            .unwrap_or((f64::NAN, crate::Interval::EMPTY));
        assert_eq!((power, coefficient.middle()), (0.5, 1.0));
    }
}
