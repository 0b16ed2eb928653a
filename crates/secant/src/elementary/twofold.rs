//! A number as the unrounded sum of two doubles, about 106 bits (Dekker 1971), for entries whose plain formula
//! cancels. It knows sums, products, quotients, roots, the exponential and the logarithm, and the sine and cosine of
//! arguments up to 2^52. Each result is right to about 100 bits.

/// Head and tail; the tail is below half a unit in the head's last place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Twofold {
    head: f64,
    tail: f64,
}

impl From<f64> for Twofold {
    fn from(head: f64) -> Self {
        Self { head, tail: 0.0 }
    }
}

impl Twofold {
    /// A quarter turn in three doubles, 159 bits.
    const QUARTER_TURN: [f64; 3] = [
        std::f64::consts::FRAC_PI_2,
        6.123233995736766e-17,
        -1.4973849048591698e-33,
    ];

    pub(super) const PI: Self = Self::new(std::f64::consts::PI, 1.2246467991473532e-16);
    pub(super) const LN_PI: Self = Self::new(1.1447298858494002, 1.0265951162707826e-17);
    /// The logarithm of 2 in three doubles.
    const LN_2: [f64; 3] = [
        std::f64::consts::LN_2,
        2.3190468138462996e-17,
        5.707708438416212e-34,
    ];

    pub(super) const fn new(head: f64, tail: f64) -> Self {
        Self { head, tail }
    }

    /// The exact sum of two doubles (Knuth 1969, section 4.2.2, theorem B).
    pub(super) fn sum_of(a: f64, b: f64) -> Self {
        let head = a + b;
        let of_b = head - a;
        let tail = (a - (head - of_b)) + (b - of_b);
        Self { head, tail }
    }

    /// The exact product of two doubles.
    pub(super) fn product_of(a: f64, b: f64) -> Self {
        let head = a * b;
        let tail = a.mul_add(b, -head);
        Self { head, tail }
    }

    /// The nearest double.
    pub(super) fn head(self) -> f64 {
        self.head
    }

    /// What the nearest double lacks.
    pub(super) fn tail(self) -> f64 {
        self.tail
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let heads = Self::sum_of(self.head, other.head);
        let tails = Self::sum_of(self.tail, other.tail);
        let sum = Self::sum_of(heads.head, heads.tail + tails.head);
        Self::sum_of(sum.head, sum.tail + tails.tail)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        self.plus(Self {
            head: -other.head,
            tail: -other.tail,
        })
    }

    pub(super) fn times(self, factor: f64) -> Self {
        let heads = Self::product_of(self.head, factor);
        Self::sum_of(heads.head, self.tail.mul_add(factor, heads.tail))
    }

    pub(super) fn times_twofold(self, other: Self) -> Self {
        let heads = Self::product_of(self.head, other.head);
        let crossed = self.head.mul_add(other.tail, self.tail * other.head);
        Self::sum_of(heads.head, heads.tail + crossed)
    }

    pub(super) fn over(self, divisor: f64) -> Self {
        let head = self.head / divisor;
        let rest = (-head).mul_add(divisor, self.head) + self.tail;
        Self::sum_of(head, rest / divisor)
    }

    pub(super) fn over_twofold(self, divisor: Self) -> Self {
        let first = self.head / divisor.head;
        let rest = self.minus(divisor.times(first));
        let second = rest.head / divisor.head;
        let rest = rest.minus(divisor.times(second));
        Self::sum_of(first, second).plus(Self::from(rest.head / divisor.head))
    }

    pub(super) fn squared(self) -> Self {
        self.times_twofold(self)
    }

    /// The root, by one step of Newton's method.
    pub(super) fn sqrt(self) -> Self {
        let root = Self::from(self.head.sqrt());
        root.plus(self.minus(root.squared()).over(2.0 * root.head))
    }

    /// Twice itself, so many times: no rounding but at the edge of the doubles.
    pub(super) fn doubled(self, times: i32) -> Self {
        Self::new(libm::ldexp(self.head, times), libm::ldexp(self.tail, times))
    }

    /// The exponential as a number near 1 and a power of 2 that it is to be multiplied with, for numbers up to a few
    /// thousands.
    pub(super) fn exp(self) -> (Self, i32) {
        let doublings = (self.head / Self::LN_2[0]).round_ties_even();
        let rest = Self::LN_2.iter().fold(self, |rest, part| {
            rest.minus(Self::product_of(doublings, *part))
        });
        (
            rest.expm1_of_small().plus(Self::from(1.0)),
            doublings as i32,
        )
    }

    /// The exponential less 1, as exact beside 0 as elsewhere, for numbers below a few hundred.
    pub(super) fn expm1(self) -> Self {
        if self.head.abs() < 0.4 {
            return self.expm1_of_small();
        }
        let (power, doublings) = self.exp();
        power.doubled(doublings).minus(Self::from(1.0))
    }

    fn expm1_of_small(self) -> Self {
        let (mut sum, mut term) = (self, self);
        for k in 2..30_u8 {
            term = term.times_twofold(self).over(f64::from(k));
            sum = sum.plus(term);
        }
        sum
    }

    /// The natural logarithm of a number above 0, by one step of Newton's method with its next term.
    pub(super) fn ln(self) -> Self {
        let near = libm::log(self.head);
        let (power, doublings) = Self::from(-near).exp();
        // In two steps, since the number and the power may each be far out.
        let half = doublings / 2;
        let ratio = self
            .doubled(half)
            .times_twofold(power)
            .doubled(doublings - half);
        let off = ratio.minus(Self::from(1.0));
        Self::from(near).plus(off).minus(off.squared().times(0.5))
    }

    /// ln(1 + self), as exact beside 0 as elsewhere.
    pub(super) fn log1p(self) -> Self {
        let near = libm::log1p(self.head);
        let power = Self::from(near).expm1();
        let off = self.minus(power).over_twofold(power.plus(Self::from(1.0)));
        Self::from(near).plus(off).minus(off.squared().times(0.5))
    }

    /// The sine of so many half turns, up to a half in magnitude.
    pub(super) fn sine_of_half_turns(turns: f64) -> Self {
        Self::sine_of(Self::PI.times(turns))
    }

    fn sine_of(angle: Self) -> Self {
        Self::alternating(angle, angle.squared(), |k| 2.0 * k * (2.0 * k + 1.0))
    }

    /// The cosine of so many half turns, up to a half in magnitude.
    pub(super) fn cosine_of_half_turns(turns: f64) -> Self {
        Self::sine_of(Self::PI.times_twofold(Self::sum_of(0.5, -turns.abs())))
    }

    /// The sum of terms of which the k-th is the one before times `-z / divisor(k)`.
    pub(super) fn alternating(first: Self, z: Self, divisor: impl Fn(f64) -> f64) -> Self {
        let (mut sum, mut term) = (first, first);
        for k in 1..200_u8 {
            term = term.times_twofold(z).over(-divisor(f64::from(k)));
            sum = sum.plus(term);
            if term.head.abs() <= sum.head.abs() * 1e-34 {
                break;
            }
        }
        sum
    }

    /// Sine and cosine of x, up to 2^52 in magnitude.
    pub(super) fn sine_and_cosine(x: f64) -> (Self, Self) {
        let quarters = (x / Self::QUARTER_TURN[0]).round_ties_even();
        let angle = Self::QUARTER_TURN
            .iter()
            .fold(Self::from(x), |angle, part| {
                angle.minus(Self::product_of(quarters, *part))
            });
        let square = angle.times_twofold(angle);
        let sine = Self::alternating(angle, square, |k| 2.0 * k * (2.0 * k + 1.0));
        let cosine = Self::alternating(Self::from(1.0), square, |k| 2.0 * k * (2.0 * k - 1.0));
        match quarters.rem_euclid(4.0) {
            0.0 => (sine, cosine),
            1.0 => (cosine, sine.times(-1.0)),
            2.0 => (sine.times(-1.0), cosine.times(-1.0)),
            _ => (cosine.times(-1.0), sine),
        }
    }
}
