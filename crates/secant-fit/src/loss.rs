//! Robust losses: what a residual counts once it is large. Each is a function rho of the square z of a residual in units of its scale,
//! with rho(z) near z for small ones.

/// What residuals count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loss {
    /// Their squares: least squares.
    #[default]
    Squares,
    /// Squares near 0, straight lines beyond (Huber 1964).
    Huber,
    /// 2 (sqrt(1 + z) - 1): smooth between square and straight line (Charbonnier et al. 1997).
    SoftL1,
    /// ln(1 + z): the likelihood of Cauchy's distribution.
    Cauchy,
    /// Tukey's biweight (Beaton and Tukey 1974): beyond the scale a residual counts no more.
    Tukey,
}

impl Loss {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Squares,
        Self::Huber,
        Self::SoftL1,
        Self::Cauchy,
        Self::Tukey,
    ];

    /// Its name in one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Squares => "squares",
            Self::Huber => "huber",
            Self::SoftL1 => "soft-l1",
            Self::Cauchy => "cauchy",
            Self::Tukey => "tukey",
        }
    }

    /// The scale in standard deviations at which the fit keeps 95 % of its efficiency where errors are normal: Huber, Cauchy and Tukey from
    /// Holland and Welsch (1977), soft L1 by the same integral (`spec/reference/robust.py`).
    #[must_use]
    pub fn tuning(self) -> f64 {
        match self {
            Self::Squares => 1.0,
            Self::Huber => 1.345,
            Self::SoftL1 => 1.287,
            Self::Cauchy => 2.385,
            Self::Tukey => 4.685,
        }
    }

    /// rho, rho' and rho'' at z >= 0.
    pub(crate) fn at(self, z: f64) -> [f64; 3] {
        match self {
            Self::Huber if z > 1.0 => {
                let root = z.sqrt();
                [2.0 * root - 1.0, 1.0 / root, -0.5 / (z * root)]
            }
            Self::Squares | Self::Huber => [z, 1.0, 0.0],
            Self::SoftL1 => {
                let root = (1.0 + z).sqrt();
                [
                    2.0 * z / (1.0 + root),
                    1.0 / root,
                    -0.5 / (root * (1.0 + z)),
                ]
            }
            Self::Cauchy => {
                let weight = 1.0 / (1.0 + z);
                [z.ln_1p(), weight, -weight * weight]
            }
            Self::Tukey if z > 1.0 => [1.0 / 3.0, 0.0, 0.0],
            Self::Tukey => {
                let left = 1.0 - z;
                [z * (1.0 - z + z * z / 3.0), left * left, -2.0 * left]
            }
        }
    }
}
