//! Traps of the special functions: poles, zeros, overflow, the sides of the logarithm of gamma, many arguments.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::method;
use secant::{Estimate, Formula, Interval, Operation, Recorded, report};

fn slopes(text: &str, at: &[f64], wrt: &[usize]) -> (bool, Vec<Estimate>) {
    let function = Recorded::from(&Formula::parse(text).unwrap());
    let report = report(&function, at, wrt, &method::exact()).unwrap();
    (report.point.is_smooth(), report.estimates)
}

/// Every method's proven range of the derivative holds the true one.
fn holds(text: &str, at: &[f64], wrt: &[usize], truth: f64) {
    let (is_smooth, estimates) = slopes(text, at, wrt);
    assert!(is_smooth && !estimates.is_empty(), "{text} at {at:?}");
    for estimate in estimates {
        let bound = estimate.bound.absolute(estimate.value).unwrap();
        let off = (estimate.value - truth).abs();
        assert!(
            off <= bound + 2.0 * secant::ulp(truth),
            "{text} at {at:?}: {} for {truth}",
            estimate.value
        );
    }
}

fn simplified(text: &str) -> String {
    let mut formula = Formula::parse(text).unwrap();
    let root = formula.root();
    let simpler = formula.graph_mut().simplify(&[root]);
    formula.graph().text(simpler.roots[0])
}

#[test]
fn there_is_no_value_and_no_slope_at_a_pole() {
    for text in ["gamma(x)", "lgamma(x)", "digamma(x)", "polygamma(1, x)"] {
        let function = Recorded::from(&Formula::parse(text).unwrap());
        for pole in [0.0, -0.0, -1.0, -7.0, -1e300] {
            assert!(function.value_at(0, &[pole]).is_nan(), "{text} at {pole}");
            assert!(!slopes(text, &[pole], &[0]).0, "{text} at {pole}");
        }
    }
}

#[test]
fn whole_arguments_of_gamma_are_exact() {
    let mut factorial = 1.0;
    for n in 1..=22_u8 {
        let x = f64::from(n);
        assert_eq!(Operation::Gamma.value(&[x]), factorial);
        assert!(Operation::Gamma.enclose(&[Interval::point(x)]).is_point());
        factorial *= x;
    }
    assert_eq!(simplified("gamma(5)"), "24");
    assert_eq!(simplified("gamma(1)*x"), "x");
}

#[test]
fn the_range_of_gamma_knows_where_it_turns() {
    let range = Operation::Gamma.enclose(&[Interval::new(1.0, 2.0)]);
    assert!(range.contains(0.8856031944108889) && range.lo() > 0.88 && range.hi() < 1.0 + 1e-12);
    let between_poles = Operation::Gamma.enclose(&[Interval::new(-1.6, -1.4)]);
    assert!(between_poles.contains(2.302407265815683) && between_poles.lo() > 1.9);
}

#[test]
fn beyond_the_doubles_nothing_is_made_up() {
    assert_eq!(Operation::Gamma.value(&[172.0]), f64::INFINITY);
    assert!(Operation::Gamma.value(&[171.6]).is_finite());
    assert!(Operation::LnGamma.value(&[1e305]).is_finite());
    assert!(Operation::Erfc.value(&[27.2]) > 0.0);
    assert_eq!(Operation::Erfc.value(&[28.0]), 0.0);
    // The logarithm tells what the function itself cannot.
    holds("lgamma(x)", &[1000.0], &[0], 6.907255195648812);
}

#[test]
fn the_smooth_maximum_does_not_overflow() {
    // 1001 + ln(1 + 1/e) and the softmax 1/(1 + e).
    assert_eq!(
        Operation::LogSumExp.value(&[1000.0, 1001.0]),
        1001.3132616875182
    );
    let at = [1000.0, 1001.0];
    holds("logsumexp(x, y)", &at, &[0], 0.2689414213699951);
    holds("logsumexp(x, y)", &at, &[1], 0.7310585786300049);
    holds("logsumexp(x, y)", &at, &[0, 1], -0.19661193324148185);
    // Of three equal ones each has a third.
    let thirds = [1e3, 1e3, 1e3];
    holds("logsumexp(x, y, z)", &thirds, &[1], 1.0 / 3.0);
    holds("logsumexp(x, y, z)", &thirds, &[1, 1], 2.0 / 9.0);
    holds("logsumexp(x, y, z)", &thirds, &[0, 2], -1.0 / 9.0);
}

#[test]
fn a_norm_is_safe_in_scale_and_has_its_kink_at_the_origin_alone() {
    let norm = Recorded::from(&Formula::parse("norm(x, y, z)").unwrap());
    assert!((norm.value_at(0, &[2e200, 3e200, 6e200]) / 7e200 - 1.0).abs() < 1e-15);
    assert!((norm.value_at(0, &[2e-200, 3e-200, 6e-200]) / 7e-200 - 1.0).abs() < 1e-15);
    assert!(!slopes("norm(x, y, z)", &[0.0, 0.0, 0.0], &[0]).0);
    // Two of three may be 0.
    holds("norm(x, y, z)", &[0.0, 0.0, 3.0], &[0], 0.0);
    holds("norm(x, y, z)", &[2.0, 3.0, 6.0], &[2], 6.0 / 7.0);
}

#[test]
fn many_arguments_are_printed_as_they_were_written() {
    for text in ["logsumexp(a, b, c)", "hypot(a, b, c)", "max(a, b, c)"] {
        let formula = Formula::parse(text).unwrap();
        assert_eq!(formula.graph().text(formula.root()), text);
    }
}

#[test]
fn the_bessel_function_over_its_argument_goes_to_a_half() {
    let function = Recorded::from(&Formula::parse("j1(x)/x").unwrap());
    assert_eq!(function.value_at(0, &[1e-9]), 0.5);
    // The slope of j1 has nothing to divide by.
    holds("j1(x)", &[0.0], &[0], 0.5);
    holds("j0(x)", &[0.0], &[0, 0], -0.5);
}

#[test]
fn spherical_bessel_functions_keep_their_bound_beside_far_zeros() {
    // The doubles beside zeros, and beyond 2^52, with the truth of 400 bits to the nearest double.
    let rows = [
        (1074610938.4189737, 1.0, -2.0427813233948106e-22),
        (1074089669.6579268, 1.0, -3.0607002340212445e-22),
        (3.5e15, 1.0, 1.2940581844534343e-16),
        (1.8014398509481984e16, 1.0, 2.44998792072174e-17),
        (1e22, 1.0, -5.232147853951389e-23),
        (1e300, 2.0, 8.178819121159085e-301),
    ];
    for (x, order, truth) in rows {
        let range =
            Operation::SphericalBessel.enclose(&[Interval::point(x), Interval::point(order)]);
        assert!(range.contains(truth), "{order} at {x}: {range:?}");
        if x < 2f64.powi(52) {
            let value = Operation::SphericalBessel.value(&[x, order]);
            assert!(
                (value - truth).abs() <= 2.0 * secant::ulp(truth),
                "{order} at {x}: {value}"
            );
        }
    }
}

#[test]
fn odd_and_even_functions_lose_a_sign() {
    assert_eq!(simplified("erf(-x)"), "-erf(x)");
    assert_eq!(simplified("j0(-x) - j0(x)"), "0");
    assert_eq!(simplified("j1(-x) + j1(x)"), "0");
    assert_eq!(simplified("erf(0) + erfc(0)"), "1");
}

#[test]
fn slopes_hold_pi_and_no_double_near_it() {
    for text in ["erf(x)", "erfc(x)", "gelu(x)"] {
        let mut formula = Formula::parse(text).unwrap();
        let root = formula.root();
        let slopes = formula.graph_mut().gradient(root, &[0]);
        let slope = formula.graph().text(slopes[0]);
        assert!(slope.contains("pi") && slope.len() < 80, "{slope}");
    }
}

#[test]
fn a_symbol_stays_a_variable() {
    for (text, variables) in [
        ("gamma*x", 2),
        ("gamma(x)", 1),
        ("Γ(x)", 1),
        ("γ*x + gamma", 2),
        ("gamma (x + 1)", 2),
        ("gamma1*x", 2),
        ("j0*exp(x)", 2),
        ("j0(x)", 1),
        ("j1x", 1),
    ] {
        let formula = Formula::parse(text).unwrap();
        assert_eq!(formula.variables().len(), variables, "{text}");
    }
}

/// Beside zeros below 0, where what cancels leaves an error that the range must hold. The zeros by mpmath 1.3.0:
/// findroot(lambda x: log(abs(gamma(x))), -2.457) and (digamma, -0.504) at 60 digits, then rounded to the nearest double,
/// with the value there.
#[test]
fn ranges_beside_zeros_below_zero_hold_the_value() {
    let zeros = [
        (
            Operation::LnGamma,
            -2.4570247382208006,
            5.619192358950097e-17,
        ),
        (
            Operation::LnGamma,
            -2.7476826467274127,
            1.733509244024501e-16,
        ),
        (
            Operation::LnGamma,
            -3.14358088834998,
            1.6978655906121085e-15,
        ),
        (
            Operation::LnGamma,
            -3.955294284858598,
            -4.14382750757705e-16,
        ),
        (
            Operation::Digamma,
            -0.5040830082644554,
            7.289763902976895e-17,
        ),
        (
            Operation::Digamma,
            -1.5734984731623904,
            1.5649788481838454e-16,
        ),
        (
            Operation::Digamma,
            -2.6107208684441447,
            -1.0720275936410002e-15,
        ),
        (
            Operation::Digamma,
            -3.635293366436901,
            -6.354883894064686e-16,
        ),
    ];
    for (operation, x, truth) in zeros {
        let range = operation.enclose(&[Interval::point(x)]);
        assert!(
            range.contains(truth),
            "{} at {x}: {range:?}",
            operation.name()
        );
        assert!(
            range.width() < 1e-26,
            "{} at {x}: {range:?}",
            operation.name()
        );
    }
}

/// Formula, place, value and slope; by mpmath with 60 digits.
const HIGH_ORDERS: &str = "\
bessel_j(30, x); 0.5; 3.2633568289139784981e-51; 1.9577509068275258568e-49
bessel_j(30, x); 20.0; 1.2401536360354327865e-4; 1.4094026445194726974e-4
bessel_j(30, x); 31.0; 1.8308722619213799611e-1; 3.4809078819038138639e-2
bessel_j(30, x); 45.0; 4.5799309554040956079e-2; -9.7800391038812749754e-2
bessel_j(30, x); 46.5; -9.5452716029117342212e-2; -6.9951148280446168874e-2
bessel_j(30, x); 100.0; 8.1460129581172222968e-2; -6.3037658901169030887e-3
bessel_j(44, x); 0.5; 1.2138299200638700003e-81; 1.0681028926244453681e-79
bessel_j(44, x); 20.0; 3.8492636029675551354e-12; 7.5672352977744947783e-12
bessel_j(44, x); 31.0; 2.955852012291584925e-5; 3.0213047608402094284e-5
bessel_j(44, x); 45.0; 1.5766293119613765972e-1; 2.8412027499440402261e-2
bessel_j(44, x); 46.5; 1.8721187348174181117e-1; 7.903483177574369141e-3
bessel_j(44, x); 100.0; -5.2536849580697111848e-2; -5.8760029631103887047e-2
spherical_bessel(x, 30); 0.5; 5.2154726081997028857e-52; 3.1288696132491199013e-50
spherical_bessel(x, 30); 20.0; 2.1063576943610385277e-5; 2.409289777653801557e-5
spherical_bessel(x, 30); 31.0; 3.6769697464896523409e-2; 8.2373034686063377586e-3
spherical_bessel(x, 30); 45.5; 9.6135135028909714689e-3; -1.7840996030112884006e-2
spherical_bessel(x, 30); 47.0; -1.6475498087023893016e-2; -1.3209414151629702798e-2
spherical_bessel(x, 30); 100.0; 8.7006285144475758186e-3; 5.0636693603509231603e-3
spherical_bessel(x, 44); 0.5; 1.6080868465172294478e-82; 1.4150280659047928721e-80
spherical_bessel(x, 44); 20.0; 5.2356629209118012241e-13; 1.0307687526147369973e-12
spherical_bessel(x, 44); 31.0; 4.2092441553483282344e-6; 4.3271463243738842912e-6
spherical_bessel(x, 44); 45.5; 2.9165710708379316958e-2; 4.9257695833625748933e-3
spherical_bessel(x, 44); 47.0; 3.408601959227670158e-2; 1.1055237209228690523e-3
spherical_bessel(x, 44); 100.0; -1.239801716639976613e-3; -9.384163418749249196e-3
polygamma(30, x); 0.5; -5.6962617903191757169e+41; 3.5316823099978851326e+43
polygamma(30, x); 20.0; -1.5940266862141501435e-8; 2.4366042843081171518e-8
polygamma(30, x); 100.0; -1.0236429687189538253e-29; 3.085557218602828228e-30
polygamma(30, x); -2.3; 4.2943869916848363215e+48; 4.437533224765817957e+50
polygamma(44, x); 0.5; -9.3529616200522183289e+67; 8.417665458046996496e+69
polygamma(44, x); 20.0; -8.5162760573445564679e-5; 1.9045250653053577642e-4
polygamma(44, x); 100.0; -7.4699900776189099126e-36; 3.3020664474233108711e-36
polygamma(44, x); -2.3; 8.9979356920955641907e+77; 1.349690353814335481e+80";

#[test]
fn high_orders_have_values_and_slopes() {
    for row in HIGH_ORDERS.lines() {
        let cells: Vec<&str> = row.split("; ").collect();
        let [at, value, slope] = [1, 2, 3].map(|cell| cells[cell].parse::<f64>().unwrap());
        let function = Recorded::from(&Formula::parse(cells[0]).unwrap());
        let range = function.program().run(&[Interval::point(at)])[0];
        let off = (function.value_at(0, &[at]) - value).abs();
        assert!(
            range.contains(value) && off <= 2.0 * secant::ulp(value),
            "{row}: {range:?}"
        );
        holds(cells[0], &[at], &[0], slope);
    }
    // All derivatives of a power series that begins with the power 30 are 0 up to there.
    holds("bessel_j(30, x)", &[0.0], &[0], 0.0);
    holds("spherical_bessel(x, 30)", &[0.0], &[0, 0], 0.0);
}

#[test]
fn beyond_the_last_order_the_reason_is_told() {
    for (text, wrt) in [
        ("bessel_j(45, x)", 1),
        ("x + spherical_bessel(2x, 44)", 2),
        ("polygamma(45, x)", 1),
    ] {
        let formula = Formula::parse(text).unwrap();
        let wrt = vec![0; wrt];
        let error = report(&Recorded::from(&formula), &[5.0], &wrt, &method::exact()).unwrap_err();
        assert!(
            error.message().contains("of order 46, and orders go to 45"),
            "{text}: {error}"
        );
        assert!(
            formula.graph().can_derive(formula.root(), &wrt).is_err(),
            "{text}"
        );
        assert!(
            formula
                .graph()
                .can_derive(formula.root(), &wrt[1..])
                .is_ok(),
            "{text}"
        );
    }
}
