//! The tail of the bell curve: erfc with two doubles a number, since a plain exponential of -x² loses digits.

use crate::elementary::twofold::Twofold;

/// (1 + 2x) exp(x²) erfc(x) for x >= 0 as a Chebyshev series in (x - 3)/(x + 3), the form of Shepherd and Laframboise
/// (1981). The coefficients are computed from mpmath at 90 digits; those left out are below 1e-20 together.
const SERIES: [Twofold; 31] = [
    Twofold::new(2.35512514839312, -5.657639394182023e-17),
    Twofold::new(0.005353904539615676, 3.665731344785211e-19),
    Twofold::new(-0.09377550342284209, 3.1733135368092756e-19),
    Twofold::new(0.05436652555744322, -1.9097223084303362e-18),
    Twofold::new(-0.018976596707845208, 4.986005939155703e-19),
    Twofold::new(0.004453426061462712, 7.536991594529225e-22),
    Twofold::new(-0.0006335531710553147, -8.81412589743115e-21),
    Twofold::new(1.7661719523171593e-05, -1.3681159238897764e-21),
    Twofold::new(1.2841532864056671e-05, -4.204513500970066e-22),
    Twofold::new(-2.0072285659059913e-06, -1.4233256658902176e-22),
    Twofold::new(-1.807522790414837e-07, 2.0919074239051973e-24),
    Twofold::new(7.549828343825093e-08, -7.965337532735104e-25),
    Twofold::new(1.885668523838603e-09, -1.729588261296089e-25),
    Twofold::new(-2.699519049798364e-09, -1.2090505504309343e-25),
    Twofold::new(-1.460079119939105e-11, 1.384468591774094e-27),
    Twofold::new(1.0361607445969489e-10, 3.420757770864405e-27),
    Twofold::new(1.475715976623473e-12, -3.35677363796934e-30),
    Twofold::new(-4.277340064396911e-12, 1.7659118291400146e-28),
    Twofold::new(-2.07922492859799e-13, 8.265944416017506e-30),
    Twofold::new(1.8134502003176963e-13, -5.848372503774887e-30),
    Twofold::new(1.973425574544739e-14, -1.207596440372183e-30),
    Twofold::new(-7.287943737592673e-15, 2.2072833494136023e-31),
    Twofold::new(-1.5169878690228116e-15, 1.457011844406073e-32),
    Twofold::new(2.3514112258781403e-16, 5.636559104077374e-33),
    Twofold::new(1.0006111691821667e-16, 2.3509508102356597e-33),
    Twofold::new(-2.0572528169538546e-18, -2.267163827019394e-35),
    Twofold::new(-5.608608218863183e-18, 4.0152539214799544e-35),
    Twofold::new(-5.546884725994431e-19, 1.298455126101244e-35),
    Twofold::new(2.4432011577263517e-19, 5.483028038423823e-36),
    Twofold::new(6.446123955093522e-20, 1.4509786017682977e-37),
    Twofold::new(-5.153225042257408e-21, -2.170969962073909e-37),
];

/// The slope of erf at 0, 2/√π.
const SLOPE: Twofold = Twofold::new(std::f64::consts::FRAC_2_SQRT_PI, 1.533545961316588e-17);
/// Beyond this, erfc is below half the least double.
const LAST: f64 = 27.3;

/// exp(-x²).
pub(super) fn bell(x: f64) -> (Twofold, i32) {
    Twofold::product_of(x, -x).exp()
}

/// erfc of x >= 0, as a number and a power of 2.
fn tail(x: f64) -> (Twofold, i32) {
    let t = Twofold::sum_of(x, -3.0).over_twofold(Twofold::sum_of(x, 3.0));
    let twice = t.times(2.0);
    let (mut last, mut before) = (Twofold::from(0.0), Twofold::from(0.0));
    // Clenshaw (1955).
    for coefficient in SERIES[1..].iter().rev() {
        (last, before) = (
            twice.times_twofold(last).minus(before).plus(*coefficient),
            last,
        );
    }
    let sum = t
        .times_twofold(last)
        .minus(before)
        .plus(SERIES[0].times(0.5));
    let (bell, doublings) = bell(x);
    let divisor = Twofold::sum_of(2.0 * x, 1.0);
    (bell.times_twofold(sum).over_twofold(divisor), doublings)
}

/// erf(x).
pub(super) fn erf(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude > 6.0 {
        return 1.0_f64.copysign(x);
    }
    if magnitude < 1e-290 {
        return std::f64::consts::FRAC_2_SQRT_PI * x;
    }
    if magnitude < 0.5 {
        // DLMF 7.6.2: no two terms differ in sign.
        let (bell, doublings) = bell(x);
        let first = bell.doubled(doublings).times_twofold(SLOPE).times(x);
        let z = Twofold::product_of(x, -2.0 * x);
        return Twofold::alternating(first, z, |k| 2.0 * k + 1.0).head();
    }
    let (tail, doublings) = tail(magnitude);
    let share = Twofold::from(1.0).minus(tail.doubled(doublings));
    share.head().copysign(x)
}

/// erfc(x).
pub(super) fn erfc(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude > LAST {
        return if x > 0.0 { 0.0 } else { 2.0 };
    }
    let (tail, doublings) = tail(magnitude);
    if x < 0.0 {
        let rest = tail.doubled(doublings);
        Twofold::from(2.0).minus(rest).head()
    } else {
        libm::ldexp(tail.head(), doublings)
    }
}

/// x times the share of the bell curve below x: x erfc(-x/√2)/2.
pub(super) fn weighted_share(x: f64) -> f64 {
    if x < -40.0 {
        return -0.0;
    }
    if x > 40.0 {
        return x;
    }
    if x.abs() < 1e-290 {
        return 0.5 * x;
    }
    const ROOT_OF_HALF: Twofold =
        Twofold::new(std::f64::consts::FRAC_1_SQRT_2, -4.833646656726457e-17);
    let at = ROOT_OF_HALF.times(x.abs());
    let (near, doublings) = tail(at.head());
    // What the head lacks moves the tail along its slope, which is -2 exp(-x²)/√π.
    let (bell, _) = bell(at.head());
    let moved = bell.times(at.tail() * SLOPE.head());
    let tail = near.minus(moved).times(0.5);
    if x < 0.0 {
        libm::ldexp(tail.times(x).head(), doublings)
    } else {
        let below = Twofold::from(1.0).minus(tail.doubled(doublings));
        below.times(x).head()
    }
}
