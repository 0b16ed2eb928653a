//! The numbers behind the Bessel functions J of whole order (DLMF chapter 10), with two doubles a number: the power
//! series near 0, the Taylor series at the nearest zero, Hankel's expansion far out, and the upward recurrence.

use crate::elementary::stirling::Computed;
use crate::elementary::twofold::Twofold;

/// From here Hankel's expansion is right to 100 bits.
const FAR: f64 = 36.0;
/// From here sine and cosine are known to plain rounding alone.
const VERY_FAR: f64 = 4_503_599_627_370_496.0;

/// The zeros of J0 in three doubles, each with the slope there, -J1.
const ZEROS: [([f64; 3], Twofold); 12] = [
    (
        [
            2.404825557695773,
            -1.176691651530894e-16,
            -8.580826517601562e-33,
        ],
        Twofold::new(-0.5191474972894667, -4.6463469276788856e-17),
    ),
    (
        [
            5.520078110286311,
            8.088597146146722e-17,
            -2.260494140441039e-34,
        ],
        Twofold::new(0.34026480655836816, -1.1684816015030359e-17),
    ),
    (
        [
            8.653727912911013,
            -2.92812607320779e-16,
            -7.634311127358535e-33,
        ],
        Twofold::new(-0.27145229992838193, 1.4502280633885332e-17),
    ),
    (
        [
            11.791534439014281,
            2.812956912778735e-16,
            -2.458616697936481e-32,
        ],
        Twofold::new(0.23245983136472478, -4.952751373977823e-18),
    ),
    (
        [
            14.930917708487787,
            -7.070514505983074e-16,
            1.9401484220304137e-32,
        ],
        Twofold::new(-0.20654643307799603, 9.760016457892245e-19),
    ),
    (
        [
            18.071063967910924,
            -9.658048089426209e-16,
            3.7318699490902494e-32,
        ],
        Twofold::new(0.18772880304043943, 2.8526326530342074e-18),
    ),
    (
        [
            21.21163662987926,
            4.947077428784068e-16,
            2.4031808742573663e-32,
        ],
        Twofold::new(-0.17326589422922986, -8.790215740679524e-18),
    ),
    (
        [
            24.352471530749302,
            9.169067133951066e-16,
            -3.246002582767847e-32,
        ],
        Twofold::new(0.16170155068925002, -1.316894875406157e-17),
    ),
    (
        [
            27.493479132040253,
            1.6191941793302084e-15,
            3.271991645944424e-32,
        ],
        Twofold::new(-0.15218121377059454, 5.4822738042132714e-18),
    ),
    (
        [
            30.634606468431976,
            -5.390359852115135e-16,
            -2.9525470180602874e-34,
        ],
        Twofold::new(0.1441659776863732, -1.3341707672204182e-18),
    ),
    (
        [
            33.77582021357357,
            1.454224241250595e-15,
            7.0249048999966e-32,
        ],
        Twofold::new(-0.13729694340850299, 1.3605539730868056e-17),
    ),
    (
        [
            36.917098353664045,
            -9.276489358569364e-16,
            -1.8134092098489417e-32,
        ],
        Twofold::new(0.13132462666866793, 4.3237645422868215e-18),
    ),
];

/// The zeros of J1, each with the value of J0 there.
const EXTREMES: [([f64; 3], Twofold); 12] = [
    (
        [
            3.8317059702075125,
            -1.5269184090088067e-16,
            -6.108183351735425e-33,
        ],
        Twofold::new(-0.402759395702553, 8.182452510899941e-18),
    ),
    (
        [
            7.015586669815619,
            -9.414165653410389e-17,
            -1.90738746033105e-33,
        ],
        Twofold::new(0.30011575252613254, 2.337192881847607e-17),
    ),
    (
        [
            10.173468135062722,
            4.482162274768888e-16,
            2.8805832869768935e-32,
        ],
        Twofold::new(-0.2497048770578432, -3.539445073435282e-18),
    ),
    (
        [
            13.323691936314223,
            2.600408064718813e-16,
            1.3720035519842235e-32,
        ],
        Twofold::new(0.21835940724787295, 1.2380913987856356e-17),
    ),
    (
        [
            16.470630050877634,
            -1.619019544798128e-15,
            -6.231770867316237e-32,
        ],
        Twofold::new(-0.1964653714686572, 1.3263422900238457e-17),
    ),
    (
        [
            19.615858510468243,
            -1.004445634526616e-15,
            9.970838040121087e-33,
        ],
        Twofold::new(0.18006337534431555, 8.175564280867861e-18),
    ),
    (
        [
            22.760084380592772,
            -4.925749373614922e-16,
            -1.0327898503765654e-32,
        ],
        Twofold::new(-0.16718460047381806, 1.1397114568127702e-17),
    ),
    (
        [
            25.903672087618382,
            4.894530726419825e-16,
            3.0113590284108994e-33,
        ],
        Twofold::new(0.15672498625285222, 8.278853699763081e-18),
    ),
    (
        [
            29.046828534916855,
            -2.799892014010185e-16,
            1.496259637253426e-32,
        ],
        Twofold::new(-0.14801110997277755, 1.0674516205706847e-17),
    ),
    (
        [
            32.189679910974405,
            -1.5481609125503839e-15,
            -3.026655684706545e-32,
        ],
        Twofold::new(0.14060579818398225, 3.8977855809315725e-18),
    ),
    (
        [
            35.33230755008387,
            -3.2611649318496424e-15,
            1.1302358999030524e-32,
        ],
        Twofold::new(-0.1342112403100007, 1.3203155914753261e-17),
    ),
    (
        [
            38.474766234771614,
            7.193676286738655e-16,
            -3.925524017221526e-32,
        ],
        Twofold::new(0.12861662207206995, 7.645730902488653e-18),
    ),
];

/// J of this order at any x.
pub(super) fn bessel(order: u8, x: f64) -> Computed {
    if x.is_nan() {
        return Computed::NONE;
    }
    if x.is_infinite() {
        return Computed::rounded(0.0);
    }
    let n = f64::from(order);
    let (distance, sign) = (x.abs(), if x < 0.0 && order % 2 == 1 { -1.0 } else { 1.0 });
    let (value, slack) = if distance < n + 1.0 {
        (series(order, distance), 0.0)
    } else {
        let (zeroth, first, slack) = first_two(distance);
        if order < 2 {
            (if order == 0 { zeroth } else { first }, slack)
        } else {
            (
                upward(order, distance, zeroth, first),
                slack + 1e-26 / distance.sqrt(),
            )
        }
    };
    Computed {
        value: sign * value.head(),
        slack,
    }
}

/// The power series (DLMF 10.2.2), before the first zero.
fn series(order: u8, x: f64) -> Twofold {
    let half = 0.5 * x;
    let first = (1..=order).fold(Twofold::from(1.0), |product, k| {
        product.times(half).over(f64::from(k))
    });
    let n = f64::from(order);
    Twofold::alternating(first, Twofold::product_of(half, half), |k| k * (n + k))
}

/// J(k+1) = 2k/x J(k) - J(k-1) (DLMF 10.6.1), stable for x above the order.
fn upward(order: u8, x: f64, zeroth: Twofold, first: Twofold) -> Twofold {
    let (mut below, mut current) = (zeroth, first);
    for k in 1..order {
        let next = current.times(2.0 * f64::from(k)).over(x).minus(below);
        (below, current) = (current, next);
    }
    current
}

/// J0 and J1 at x >= 1, and how far they may be off besides their rounding.
fn first_two(x: f64) -> (Twofold, Twofold, f64) {
    if x >= FAR {
        return hankel(x);
    }
    let zeroth = if x < 1.2 {
        series(0, x)
    } else {
        let (zero, slope) = nearest(&ZEROS, x);
        taylor(zero, Twofold::from(0.0), slope, x).0
    };
    let first = if x < 2.2 {
        series(1, x)
    } else {
        let (extreme, value) = nearest(&EXTREMES, x);
        taylor(extreme, value, Twofold::from(0.0), x).1
    };
    (zeroth, first, 0.0)
}

fn nearest(table: &[([f64; 3], Twofold)], x: f64) -> ([f64; 3], Twofold) {
    let distance = |entry: &([f64; 3], Twofold)| (entry.0[0] - x).abs();
    let first = table[0];
    table.iter().fold(first, |near, entry| {
        if distance(entry) < distance(&near) {
            *entry
        } else {
            near
        }
    })
}

/// J0 and J1 = -J0' from value and slope of J0 at a point, by the Taylor series that x y'' + y' + x y = 0 gives.
fn taylor(point: [f64; 3], value: Twofold, slope: Twofold, x: f64) -> (Twofold, Twofold) {
    let centre = Twofold::new(point[0], point[1]);
    let step = Twofold::sum_of(x, -point[0]).minus(Twofold::new(point[1], point[2]));
    let (mut before, mut here, mut next) = (Twofold::from(0.0), value, slope);
    let (mut sum, mut slopes, mut power) = (value, slope, step);
    sum = sum.plus(next.times_twofold(step));
    for k in 0..45_u8 {
        let k = f64::from(k);
        // The coefficient of the power k + 2.
        let after = next
            .times((k + 1.0) * (k + 1.0))
            .plus(before)
            .over_twofold(centre)
            .plus(here)
            .over(-(k + 1.0) * (k + 2.0));
        slopes = slopes.plus(after.times(k + 2.0).times_twofold(power));
        power = power.times_twofold(step);
        sum = sum.plus(after.times_twofold(power));
        (before, here, next) = (here, next, after);
    }
    (sum, slopes.times(-1.0))
}

/// Hankel's expansion (DLMF 10.17.3).
fn hankel(x: f64) -> (Twofold, Twofold, f64) {
    let amplitude = 1.0 / x.sqrt();
    let (sine, cosine, slack) = if x < VERY_FAR {
        let (sine, cosine) = Twofold::sine_and_cosine(x);
        (sine, cosine, 1e-28 * amplitude)
    } else {
        let (sine, cosine) = (libm::sin(x), libm::cos(x));
        (
            Twofold::from(sine),
            Twofold::from(cosine),
            1e-15 * amplitude,
        )
    };
    // The root of pi x, which itself may be beyond the doubles.
    let scale = Twofold::PI.times(x / 1024.0).sqrt().times(32.0);
    let (sum, difference) = (sine.plus(cosine), sine.minus(cosine));
    let (even, odd) = expansion(x, 0.0);
    let zeroth = even.times_twofold(sum).minus(odd.times_twofold(difference));
    let (even, odd) = expansion(x, 4.0);
    let first = even.times_twofold(difference).plus(odd.times_twofold(sum));
    (zeroth.over_twofold(scale), first.over_twofold(scale), slack)
}

/// The two sums of Hankel's expansion, where `mu` is four times the order squared.
fn expansion(x: f64, mu: f64) -> (Twofold, Twofold) {
    let (mut even, mut odd) = (Twofold::from(1.0), Twofold::from(0.0));
    let mut term = Twofold::from(1.0);
    for k in 1..60_u8 {
        let k = f64::from(k);
        let root = 2.0 * k - 1.0;
        term = term.times(mu - root * root).over(8.0 * k).over(x);
        if term.head().abs() < 1e-33 {
            break;
        }
        match k % 4.0 {
            0.0 => even = even.plus(term),
            1.0 => odd = odd.plus(term),
            2.0 => even = even.minus(term),
            _ => odd = odd.minus(term),
        }
    }
    (even, odd)
}
