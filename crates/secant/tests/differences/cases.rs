//! The cases: a formula run as a black box in doubles, where it is taken, and what is true there.

use secant::{Differences, Formula, Found, Program};

use crate::common::{Section, document, sections};

pub(crate) struct Case {
    section: Section,
    program: Program,
    pub(crate) at: Vec<f64>,
    wrt: Vec<usize>,
    noise: f64,
}

/// The cases of one part.
pub(crate) fn cases(part: &str) -> Vec<Case> {
    cases_in(&document(&format!("spec/differences/{part}.md")))
}

/// The cases of a document.
pub(crate) fn cases_in(document: &str) -> Vec<Case> {
    sections(document).into_iter().map(Case::new).collect()
}

impl Case {
    fn new(section: Section) -> Self {
        let formula = Formula::parse(section.field("formula").unwrap()).unwrap();
        // A constant may have lost its variable: then it is still a function of one number.
        let mut at = vec![f64::NAN; formula.variables().len().max(1)];
        for place in section.field("at").unwrap().split(',') {
            let (name, value) = place.split_once('=').unwrap();
            at[formula.variable(name).unwrap_or(0)] = value.parse().unwrap();
        }
        let names = section.field("wrt").unwrap().split(',');
        let wrt = names
            .map(|name| formula.variable(name).unwrap_or(0))
            .collect();
        let noise = section
            .field("noise")
            .map_or(0.0, |noise| noise.parse().unwrap());
        Self {
            program: formula.program(),
            section,
            at,
            wrt,
            noise,
        }
    }

    pub(crate) fn title(&self) -> &str {
        &self.section.title
    }

    pub(crate) fn category(&self) -> &str {
        self.section.field("category").unwrap()
    }

    /// The kind of the point; `smooth` where there is a derivative.
    pub(crate) fn kind(&self) -> &str {
        self.section.field("kind").unwrap()
    }

    /// A number that is true at the point.
    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        self.section.field(key).map(|value| value.parse().unwrap())
    }

    pub(crate) fn order(&self) -> usize {
        self.wrt.len()
    }

    /// The value with its noise.
    pub(crate) fn value(&self, x: &[f64]) -> f64 {
        self.program.value(x) * (1.0 + self.noise * scatter(x))
    }

    /// What differences find.
    pub(crate) fn found(&self) -> Found {
        Differences::new()
            .mixed(|x: &[f64]| self.value(x), &self.at, &self.wrt)
            .unwrap()
    }
}

/// A number from -1 to 1 that depends on every bit of the point (splitmix64, Steele, Lea and Flood 2014).
fn scatter(x: &[f64]) -> f64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for x in x {
        state = (state ^ x.to_bits()).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}
