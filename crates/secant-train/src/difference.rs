//! f(x + d) - f(x) to full relative precision, where subtracting the two values would leave only the digits in which they differ.

use crate::layer::Met;
use crate::number::Number;
use secant_vmath::InPlace;

/// Of relu: the shift where both ends are above 0, nothing where both are below. Between them lies the kink, and there the
/// difference is that of the two values, which are not close. What is no number comes through.
pub(crate) fn relu<T: Number>(x: &[T], shift: &[T], moved: &mut [T], met: &mut [Met]) {
    let value = |x: T| if x <= T::ZERO { T::ZERO } else { x };
    for (((x, shift), moved), met) in x.iter().zip(shift).zip(moved).zip(met) {
        let end = *x + *shift;
        let (above, above_after) = (*x > T::ZERO, end > T::ZERO);
        *moved = if above && above_after {
            *shift
        } else {
            value(end) - value(*x)
        };
        met.kink |= above != above_after;
    }
}

/// On a way longer than this a function of common scale bends so much that no polynomial of few terms has its digits.
const SHORT: f64 = 1.0 / 64.0;

/// Marks the samples whose shifts are long.
pub(crate) fn mark_long<T: Number>(shift: &[T], met: &mut [Met]) {
    for (shift, met) in shift.iter().zip(met) {
        met.far |= shift.abs() > T::of(SHORT);
    }
}

/// Of tanh, which is a logistic curve of height 2 less 1.
pub(crate) fn tanh<T: Number>(x: &[T], shift: &[T], moved: &mut [T], met: &mut [Met]) {
    mark_long(shift, met);
    logistic(T::of(2.0), x, shift, moved);
}

/// Of the sigmoid.
pub(crate) fn sigmoid<T: Number>(x: &[T], shift: &[T], moved: &mut [T], met: &mut [Met]) {
    mark_long(shift, met);
    logistic(T::ONE, x, shift, moved);
}

/// Of `h / (1 + e^(-h x))`, the logistic curve of height h. With A = e^(-h |x|) and B = e^(-h |x + d|) it is `h (1 - e^(-h |d|)) m / ((1 + A) (1 + B))` with the
/// sign of d, where m is 1 if 0 lies between the ends, and A or B, that of the end nearer to 0, if not: `sinh(h d/2) sech(h x/2) sech(h (x + d)/2)`
/// with the growth of all three taken together, so that nothing cancels and nothing overflows, however far out.
fn logistic<T: Number>(height: T, x: &[T], shift: &[T], moved: &mut [T]) {
    let [mut starts, mut ends] = [[T::ZERO; CHUNK]; 2];
    let chunks = x.chunks(CHUNK).zip(shift.chunks(CHUNK));
    for ((x, shift), moved) in chunks.zip(moved.chunks_mut(CHUNK)) {
        let (starts, ends) = (&mut starts[..x.len()], &mut ends[..x.len()]);
        for (place, (x, shift)) in x.iter().zip(shift).enumerate() {
            starts[place] = -(height * x.abs());
            ends[place] = -(height * (*x + *shift).abs());
            moved[place] = -(height * shift.abs());
        }
        secant_vmath::exp(InPlace, starts);
        secant_vmath::exp(InPlace, ends);
        secant_vmath::expm1(InPlace, moved);
        for (place, (x, shift)) in x.iter().zip(shift).enumerate() {
            let (start, end) = (starts[place], ends[place]);
            let nearer = nearer(height, [*x, *shift], [start, end]);
            let size = height * moved[place] * nearer / ((T::ONE + start) * (T::ONE + end));
            moved[place] = if *shift < T::ZERO { size } else { -size };
        }
    }
}

/// The m of [`logistic`]. Where the end is nearer, it is corrected by what x + d lost in rounding, which e^(-h |x + d|) would multiply.
#[inline(always)]
fn nearer<T: Number>(height: T, [x, shift]: [T; 2], [at_start, at_end]: [T; 2]) -> T {
    let end = x + shift;
    if (x < T::ZERO) != (end < T::ZERO) {
        return T::ONE;
    }
    if (x < T::ZERO) == (shift < T::ZERO) {
        return at_start;
    }
    // Exact, as the shift is not longer than x (Dekker 1971).
    let lost = if end == x { shift } else { (x - end) + shift };
    let farther = if end < T::ZERO { -lost } else { lost };
    at_end - at_end * (height * farther)
}

/// Nodes and weights of the rule of Gauss with three points on 0 ..= 1 (1814), exact for polynomials of degree 5.
const NODES: [f64; 3] = [0.112_701_665_379_258_31, 0.5, 0.887_298_334_620_741_7];
const WEIGHTS: [f64; 3] = [5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0];

/// So many numbers are carried at a time: what is kept of them, as their points and slopes at all nodes, stays in the nearest cache.
const CHUNK: usize = 256;

/// Of any function with derivatives of every order: d times the mean of its slope on the way, by the rule of Gauss with three points, which
/// loses nothing to cancellation. Where d is long, or the middle slope alone is off by more than 1e-5, so that the function bends
/// much on the way, the two values are subtracted; if that leaves few of their digits, the way is taken in parts. Such samples are marked, but
/// for those whose three slopes are the same: there the function is straight.
pub(crate) fn smooth<T: Number>(
    x: &[T],
    y: &[T],
    shift: &[T],
    moved: &mut [T],
    met: &mut [Met],
    value: impl Fn(&[T], &mut [T]),
    mut slope: impl FnMut(&[T], &mut [T]),
) {
    let (close, short) = (T::of(1e-5), T::of(SHORT));
    let [outer, inner] = [T::of(WEIGHTS[0]), T::of(WEIGHTS[1])];
    let mut points = [T::ZERO; NODES.len() * CHUNK];
    let mut slopes = [T::ZERO; NODES.len() * CHUNK];
    for start in (0..x.len()).step_by(CHUNK) {
        let part = start..x.len().min(start + CHUNK);
        let (x, y, shift) = (&x[part.clone()], &y[part.clone()], &shift[part.clone()]);
        let (moved, count) = (&mut moved[part.clone()], part.len());
        let points = &mut points[..NODES.len() * count];
        let slopes = &mut slopes[..NODES.len() * count];
        for (node, points) in NODES.into_iter().zip(points.chunks_exact_mut(count)) {
            let node = T::of(node);
            for ((point, x), shift) in points.iter_mut().zip(x).zip(shift) {
                *point = *x + node * *shift;
            }
        }
        slope(points, slopes);
        let (first, others) = slopes.split_at(count);
        let (middle, last) = others.split_at(count);
        let mut any_far = false;
        for place in 0..count {
            let mean = outer * (first[place] + last[place]) + inner * middle[place];
            any_far |= is_far(mean, middle[place], shift[place], close, short);
            moved[place] = mean;
        }
        if any_far {
            let subtracted_here = &mut points[..count];
            subtracted(x, y, shift, subtracted_here, &value);
            for place in 0..count {
                let far = is_far(moved[place], middle[place], shift[place], close, short);
                moved[place] = if far {
                    let straight = first[place] == middle[place] && middle[place] == last[place];
                    met[part.start + place].far |= !straight;
                    in_parts(
                        [x[place], y[place], shift[place]],
                        subtracted_here[place],
                        &mut slope,
                    )
                } else {
                    moved[place] * shift[place]
                };
                let left = y[place] + moved[place];
                met[part.start + place].lost |=
                    far && left != y[place] && has_few_digits(left, y[place]);
            }
        } else {
            secant_vmath::mul(InPlace, shift, moved);
        }
    }
}

/// Whether so small a part of a value is left that its digits may be those of the rounding.
fn has_few_digits<T: Number>(subtracted: T, y: T) -> bool {
    const FEW: f64 = 1.0 / 4096.0;
    subtracted.abs() <= T::of(FEW) * y.abs()
}

/// The integral of a slope where it agrees with the difference of two values as far as the digits of that go; else the difference.
fn agreed<T: Number>(integral: T, subtracted: T, y: T) -> T {
    const ULPS: f64 = 16.0;
    if (integral - subtracted).abs() <= T::of(ULPS * T::EPSILON) * y.abs() {
        integral
    } else {
        subtracted
    }
}

/// Parts of a way on which a function bends much.
const PARTS: usize = 64;

/// The difference of two values, with more digits where it has few: from the rule of Gauss on each part of the way.
fn in_parts<T: Number>(
    [x, y, shift]: [T; 3],
    subtracted: T,
    slope: &mut impl FnMut(&[T], &mut [T]),
) -> T {
    if !has_few_digits(subtracted, y) {
        return subtracted;
    }
    let mut points = [T::ZERO; NODES.len() * PARTS];
    for (part, points) in points.chunks_exact_mut(NODES.len()).enumerate() {
        for (node, point) in NODES.into_iter().zip(points) {
            *point = x + T::of((part as f64 + node) / PARTS as f64) * shift;
        }
    }
    let mut slopes = points;
    slope(&points, &mut slopes);
    let mut mean = T::ZERO;
    for slopes in slopes.chunks_exact(NODES.len()) {
        for (weight, slope) in WEIGHTS.into_iter().zip(slopes) {
            mean += T::of(weight / PARTS as f64) * *slope;
        }
    }
    agreed(mean * shift, subtracted, y)
}

/// The difference of two values between which a kink lies, with more digits where it has few: the way is cut in two again and again, and each part on
/// which the function is smooth is taken by the rule of Gauss. What is left in the end is too short to count, unless the function jumps there.
pub(crate) fn across_kink<T: Number>(
    [x, y, shift]: [T; 3],
    subtracted: T,
    is_rough: impl Fn(T, T) -> bool,
    mut slope: impl FnMut(&[T], &mut [T]),
) -> T {
    /// No kink of a formula that anybody writes lies just there, as many would in the middle.
    const CUT: f64 = 0.381_966_011_250_105_1;
    /// No shorter way can be cut: shares of it are as exact as this.
    const SHORT: f64 = f64::EPSILON;
    /// On a way so short the cut itself may be the kink, by rounding.
    const NEARLY: f64 = 1e-12;
    if !has_few_digits(subtracted, y) {
        return subtracted;
    }
    let at = |share: f64| x + T::of(share) * shift;
    let (mut from, mut to, mut mean) = (0.0, 1.0, T::ZERO);
    while to - from > SHORT {
        let middle = from + CUT * (to - from);
        let smooth = if !is_rough(at(from), at(middle)) {
            [std::mem::replace(&mut from, middle), middle]
        } else if !is_rough(at(middle), at(to)) {
            [middle, std::mem::replace(&mut to, middle)]
        } else if to - from < NEARLY {
            break;
        } else {
            // Kinks in both parts.
            return subtracted;
        };
        let width = smooth[1] - smooth[0];
        let points = NODES.map(|node| at(smooth[0] + node * width));
        let mut slopes = points;
        slope(&points, &mut slopes);
        for (weight, slope) in WEIGHTS.into_iter().zip(slopes) {
            mean += T::of(weight * width) * slope;
        }
    }
    agreed(mean * shift, subtracted, y)
}

/// Whether the rule of Gauss is not trusted with a shift.
#[inline(always)]
fn is_far<T: Number>(mean: T, middle: T, shift: T, close: T, short: T) -> bool {
    (mean - middle).abs() > close * mean.abs() || shift.abs() > short
}

/// Of any function: its two values subtracted, right to their rounding.
pub(crate) fn subtracted<T: Number>(
    x: &[T],
    y: &[T],
    shift: &[T],
    moved: &mut [T],
    value: impl Fn(&[T], &mut [T]),
) {
    let points: Vec<T> = x.iter().zip(shift).map(|(x, shift)| *x + *shift).collect();
    value(&points, moved);
    for ((moved, y), shift) in moved.iter_mut().zip(y).zip(shift) {
        *moved = if *shift == T::ZERO {
            T::ZERO
        } else {
            *moved - *y
        };
    }
}
