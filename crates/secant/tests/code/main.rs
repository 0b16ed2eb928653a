//! Generated sources, compiled and run by their own tool chains, held against the Program they were written from: the
//! formulas of `spec/formulas.md`, value and gradient, at 20 points each; and every function of the table at its samples.
//!
//! The steps are the same, so what can differ are the last digits that a language's own `exp`, `sin`, … give. Agreement
//! is 4 units of the last place. Where a formula cancels, its steps blow those last digits up in any language; there a
//! result passes if it lies within the Program's own proven bound, and the test tells how many needed that. A tool chain
//! that is not there is told, and is no pass.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr)]

#[path = "../common/mod.rs"]
mod common;
mod toolchain;

use common::{document, sections};
use secant::code::{Language, Routine};
use secant::{ErrorKind, Formula, Graph, Interval, Operation, Recorded, ulp};
use toolchain::{Case, Toolchain};

/// How far a result may be from the Program's, in units of the last place.
const ULPS: f64 = 4.0;
/// Points of each formula.
const POINTS: usize = 20;

/// What stands against one number that a language gave.
enum Verdict {
    /// So many units of the last place away.
    Close(f64),
    /// Further, but within the proven bound of the Program's own result.
    Bounded,
    Apart,
}

fn judge(given: f64, wanted: f64, range: Interval) -> Verdict {
    let is_same = given == wanted || (given.is_nan() && wanted.is_nan());
    let off = (given - wanted).abs() / ulp(wanted);
    if is_same {
        Verdict::Close(0.0)
    } else if off <= ULPS {
        Verdict::Close(off)
    } else if off.is_finite() && range.contains(given) {
        Verdict::Bounded
    } else {
        Verdict::Apart
    }
}

/// The points of a formula: the five or so of the document, and each of them moved by a few per cent.
fn points(rows: &[Vec<String>], formula: &Formula) -> Vec<Vec<f64>> {
    let (head, rows) = rows.split_first().unwrap();
    let names = &head[..head.len() - 2];
    let moved = |place: usize| {
        let row = &rows[place % rows.len()];
        let by = 1.0 + 0.0371 * (place / rows.len()) as f64;
        let mut at = vec![f64::NAN; formula.variables().len()];
        for (name, value) in names.iter().zip(row) {
            at[formula.variable(name).unwrap()] = by * value.parse::<f64>().unwrap();
        }
        at
    };
    (0..POINTS).map(moved).collect()
}

/// Every formula of the document, with its whole gradient.
fn formulas() -> Vec<Case> {
    let sections = sections(&document("spec/formulas.md"));
    let mut cases = Vec::new();
    for section in &sections {
        let formula = Formula::parse(section.field("formula").unwrap()).unwrap();
        let inputs: Vec<usize> = (0..formula.variables().len()).collect();
        let routine = Routine::new(&formula, &inputs).named(&format!("case{}", cases.len()));
        cases.push(Case {
            title: section.title.clone(),
            points: points(&section.rows, &formula),
            routine,
        });
    }
    cases
}

/// What came of the comparison with one language.
#[derive(Default)]
struct Tally {
    language: &'static str,
    /// Numbers compared, and those of them that are none (NaN on both sides).
    checked: usize,
    undefined: usize,
    /// The largest distance among those to 4 units of the last place.
    largest: f64,
    /// Those that only the proven bound holds.
    bounded: usize,
    /// Formulas with every number of every point to 4 units of the last place.
    close_formulas: usize,
    faults: Vec<String>,
}

impl Tally {
    fn case(&mut self, case: &Case, given: &mut impl Iterator<Item = f64>) {
        let program = case.routine.program();
        let others = self.bounded + self.faults.len();
        for at in &case.points {
            let ranges = program.run(&Interval::points(at));
            for (output, (wanted, range)) in program.run(at).into_iter().zip(ranges).enumerate() {
                let given = given.next().unwrap();
                self.checked += 1;
                self.undefined += usize::from(wanted.is_nan());
                match judge(given, wanted, range) {
                    Verdict::Close(off) => self.largest = self.largest.max(off),
                    Verdict::Bounded => self.bounded += 1,
                    Verdict::Apart => self.faults.push(format!(
                        "{}: {} at {at:?}, output {output}: {given:?}, not {wanted:?} ({:.1} ulp), bound {:e}",
                        self.language,
                        case.title,
                        (given - wanted).abs() / ulp(wanted),
                        range.distance(wanted),
                    )),
                }
            }
        }
        self.close_formulas += usize::from(others == self.bounded + self.faults.len());
    }
}

/// Runs the cases in every language whose tool chain is there; tells how that went, and fails on any fault.
fn compare(name: &str, cases: &[Case]) -> Vec<Tally> {
    let routines: Vec<Routine> = cases.iter().map(|case| case.routine.clone()).collect();
    let mut tallies = Vec::new();
    for toolchain in Toolchain::all() {
        let language = toolchain.language.name();
        if let Some(lacking) = toolchain.lacking() {
            eprintln!("{name}: {language} was not compared: {lacking}");
            continue;
        }
        let source = toolchain.language.source(&routines).unwrap();
        let mut given = toolchain.run(name, &source, cases).into_iter();
        let mut tally = Tally {
            language,
            ..Tally::default()
        };
        for case in cases {
            tally.case(case, &mut given);
        }
        assert!(given.next().is_none(), "{language} says too much");
        eprintln!(
            "{name}: {language}: {} numbers of {} formulas, {} of them NaN; to {} ulp but for {}, which the proven bound holds; {} formulas to {ULPS} ulp throughout",
            tally.checked,
            cases.len(),
            tally.undefined,
            tally.largest,
            tally.bounded,
            tally.close_formulas
        );
        tallies.push(tally);
    }
    let ran: Vec<&str> = tallies.iter().map(|tally| tally.language).collect();
    assert!(
        ran.contains(&"rust"),
        "the compiler that built this is gone"
    );
    let faults: Vec<&str> = tallies
        .iter()
        .flat_map(|tally| tally.faults.iter().map(String::as_str))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    tallies
}

#[test]
fn generated_sources_agree_with_the_program_at_twenty_points_each() {
    for tally in compare("formulas", &formulas()) {
        assert!(tally.close_formulas >= 50, "{}", tally.language);
        assert!(tally.undefined * 20 < tally.checked, "{}", tally.language);
    }
}

#[test]
fn every_function_of_the_table_agrees_at_its_samples_or_is_refused() {
    let mut cases = Vec::new();
    let mut refused = Vec::new();
    for operation in Operation::ALL.iter().copied() {
        let names = ["x", "y", "z"];
        let mut graph = Graph::new(names[..operation.arity()].iter().copied());
        let inputs: Vec<_> = (0..operation.arity())
            .map(|index| graph.input(index))
            .collect();
        let root = graph.apply(operation, &inputs);
        let recorded = Recorded::new(graph, vec![root]);
        let routine = Routine::recorded(&recorded, 0, &[])
            .unwrap()
            .named(&format!("case{}", cases.len()));
        match Language::ALL[0].source(std::slice::from_ref(&routine)) {
            Ok(_) => cases.push(Case {
                title: operation.name().to_owned(),
                points: samples(operation),
                routine,
            }),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unsupported);
                refused.push(operation);
            }
        }
    }
    // Those that not every standard library has to a few units of the last place.
    let special = [
        Operation::LogSumExp,
        Operation::Gelu,
        Operation::Erf,
        Operation::Erfc,
        Operation::Gamma,
        Operation::LnGamma,
        Operation::Digamma,
        Operation::Polygamma,
        Operation::J0,
        Operation::J1,
        Operation::BesselJ,
        Operation::SphericalBessel,
    ];
    assert_eq!(refused, special);
    for tally in compare("functions", &cases) {
        assert_eq!(tally.bounded, 0, "{}", tally.language);
    }
}

/// The samples of the table, and in every place what is no ordinary number.
fn samples(operation: Operation) -> Vec<Vec<f64>> {
    const SPECIAL: &[f64] = &[
        0.0,
        -0.0,
        1.0,
        -1.5,
        2.5,
        1e9,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let mut points: Vec<Vec<f64>> = operation
        .samples()
        .iter()
        .map(|sample| sample.to_vec())
        .collect();
    let ordinary = points[0].clone();
    for place in 0..operation.arity() {
        for special in SPECIAL {
            let mut point = ordinary.clone();
            point[place] = *special;
            points.push(point);
        }
    }
    points
}

#[test]
fn what_is_far_off_is_called_apart() {
    let range = Interval::around(1.0, 1.0);
    assert!(matches!(
        judge(1.0 + 4.0 * f64::EPSILON, 1.0, range),
        Verdict::Close(4.0)
    ));
    assert!(matches!(
        judge(1.0 + 5.0 * f64::EPSILON, 1.0, range),
        Verdict::Apart
    ));
    assert!(matches!(judge(f64::NAN, 1.0, range), Verdict::Apart));
    assert!(matches!(judge(1.0, f64::NAN, range), Verdict::Apart));
    assert!(matches!(
        judge(f64::INFINITY, f64::NEG_INFINITY, range),
        Verdict::Apart
    ));
}

#[test]
fn names_of_a_formula_never_meet_words_of_a_language() {
    let formula =
        Formula::parse("lambda*np + t1*exp(t1)/fn + double*Math + gradient*value").unwrap();
    let inputs: Vec<usize> = (0..formula.variables().len()).collect();
    let case = Case {
        title: "words".to_owned(),
        points: vec![(0..inputs.len()).map(|index| 1.5 + index as f64).collect()],
        routine: Routine::new(&formula, &inputs).named("case0"),
    };
    for tally in compare("words", &[case]) {
        assert_eq!((tally.checked, tally.undefined), (9, 0));
    }
}

#[test]
fn a_part_that_occurs_twice_is_computed_once() {
    let formula = Formula::parse("exp(x*y)*sin(exp(x*y))").unwrap();
    for language in Language::ALL {
        let source = language.source(&[Routine::new(&formula, &[0, 1])]).unwrap();
        let both = source.split("value_and_gradient").nth(1).unwrap();
        let computed = both.matches("exp(").count();
        assert_eq!(computed, 1, "{source}");
    }
}

#[test]
fn a_function_without_a_short_form_is_refused_by_name() {
    let formula = Formula::parse("sinc(x)").unwrap();
    for language in Language::ALL {
        assert!(language.source(&[Routine::new(&formula, &[])]).is_ok());
        let error = language
            .source(&[Routine::new(&formula, &[0])])
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains("spherical_bessel"), "{error}");
    }
}

/// Names that a header has for itself are no names of variables or functions.
#[test]
fn names_of_headers_are_left_to_them() {
    let texts = [
        "M_PI + 2 M_E*HUGE_VAL - MAXFLOAT*FP_NAN + NAN*INFINITY + signgam*HUGE",
        "f(x, M_SQRT2, MATH_ERRNO) = x*M_SQRT2 + MATH_ERRNO",
    ];
    let mut cases = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let formula = Formula::parse(text).unwrap();
        let count = formula.variables().len();
        let inputs: Vec<usize> = (0..count).collect();
        cases.push(Case {
            title: (*text).to_owned(),
            points: vec![(0..count).map(|k| 0.5 + k as f64).collect()],
            routine: Routine::new(&formula, &inputs).named(&format!("case{place}")),
        });
    }
    compare("names", &cases);
    let c = Language::named("c").unwrap();
    for name in [
        "ilogb", "sinf", "frexp", "nan", "lrint", "M_PI", "isnan", "double_t",
    ] {
        let routine = Routine::new(&Formula::parse("x^2").unwrap(), &[0]).named(name);
        let source = c.source(&[routine]).unwrap();
        assert!(!source.contains(&format!(" {name}(")), "{source}");
    }
}
