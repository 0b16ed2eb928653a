//! A number as the unrounded sum of two doubles, about 106 bits (Dekker 1971), for entries whose plain formula
//! cancels. It knows sums, products, and the sine and cosine of arguments up to 2^30.

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

    /// The exact sum of two doubles (Knuth 1969, section 4.2.2, theorem B).
    fn sum_of(a: f64, b: f64) -> Self {
        let head = a + b;
        let of_b = head - a;
        let tail = (a - (head - of_b)) + (b - of_b);
        Self { head, tail }
    }

    /// The exact product of two doubles.
    fn product_of(a: f64, b: f64) -> Self {
        let head = a * b;
        let tail = a.mul_add(b, -head);
        Self { head, tail }
    }

    /// The nearest double.
    pub(super) fn head(self) -> f64 {
        self.head
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

    fn times_twofold(self, other: Self) -> Self {
        let heads = Self::product_of(self.head, other.head);
        let crossed = self.head.mul_add(other.tail, self.tail * other.head);
        Self::sum_of(heads.head, heads.tail + crossed)
    }

    pub(super) fn over(self, divisor: f64) -> Self {
        let head = self.head / divisor;
        let rest = (-head).mul_add(divisor, self.head) + self.tail;
        Self::sum_of(head, rest / divisor)
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

    /// Sine and cosine of x, up to 2^30 in magnitude.
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
