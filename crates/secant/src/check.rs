//! The gradient check: somebody's gradient held against ours, without a step to tune. A few random directions ask for all
//! components at once; where one disagrees, halving finds the components that are wrong. What the directions could not
//! have seen is asked component by component.

use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::function::Function;
use crate::method::Method;
use crate::number::power_of_two_near;

/// A component that disagrees, or that could not be decided.
#[derive(Clone, Debug)]
pub struct Component {
    /// The input, counted from 0.
    pub input: usize,
    /// The gradient's entry as given.
    pub given: f64,
    /// The entry as found here.
    pub found: Estimate,
    /// Which of the two is to be doubted.
    pub doubt: Doubt,
}

impl Component {
    /// How far the given entry is off, relative to the larger of the two.
    #[must_use]
    pub fn relative_error(&self) -> f64 {
        let size = self.given.abs().max(self.found.value.abs());
        (self.given - self.found.value).abs() / size
    }
}

/// Which number to doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The given gradient: two independent findings agree with each other and not with it.
    Gradient,
    /// The finding: it has no bound here, or two of them contradict each other (a kink, a jump, too much noise).
    Finding,
}

/// What the check says.
#[derive(Clone, Debug)]
pub struct GradientCheck {
    /// Components that disagree or could not be decided, by input.
    pub components: Vec<Component>,
    /// The largest relative error of one component that could have passed unseen, among those that are nonzero.
    pub unseen: f64,
    /// The largest number that a component given as 0 could be unseen; `None` where none is 0.
    pub unseen_of_zeros: Option<f64>,
    /// How many directional derivatives were found.
    pub directions: usize,
    /// How often the function was evaluated.
    pub evaluations: usize,
}

impl GradientCheck {
    /// Whether each component was decided and none is wrong by more than [`unseen`](Self::unseen) tells.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.components.is_empty()
    }

    /// The components that are wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &Component> {
        self.components
            .iter()
            .filter(|component| component.doubt == Doubt::Gradient)
    }
}

/// How strictly gradients are held against each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strictness {
    /// Errors up to this part of a component are not complained of: 1e-7 by default, fit for 64-bit gradients. One
    /// computed in 32 bits needs about 1e-4.
    pub tolerance: f64,
    /// A component in which a relative error of this size, 1e-3 by default, would not be seen in a common direction is asked alone. What even that
    /// does not see, [`GradientCheck::unseen`] tells.
    pub visible: f64,
}

impl Default for Strictness {
    fn default() -> Self {
        Self {
            tolerance: 1e-7,
            visible: 1e-3,
        }
    }
}

/// Random directions that are asked before single components.
const DIRECTIONS: u64 = 3;

/// Holds a gradient of the first output against the derivatives that a method finds.
///
/// ```
/// use secant::{BlackBox, Strictness, check_gradient, method::Difference};
/// let f = BlackBox::new(2, |x: &[f64]| x[0] * x[0] * x[1]);
/// let check = |gradient: &[f64]| check_gradient(&f, gradient, &[3.0, 5.0], &Difference::default(), Strictness::default());
/// assert!(check(&[30.0, 9.0])?.passes());
/// let planted = check(&[30.0, 9.1])?;
/// let wrong: Vec<_> = planted.wrong().map(|component| component.input).collect();
/// assert_eq!(wrong, [1]);
/// # Ok::<(), secant::Error>(())
/// ```
///
/// # Errors
/// Where the shapes differ, an entry of the gradient is not finite, what is strict is no number, and where the method cannot serve the function.
pub fn check_gradient(
    function: &dyn Function,
    gradient: &[f64],
    at: &[f64],
    method: &dyn Method,
    strictness: Strictness,
) -> Result<GradientCheck, Error> {
    check_shapes(function, gradient, at)?;
    let Strictness { tolerance, visible } = strictness;
    if !(tolerance >= 0.0 && tolerance.is_finite() && visible > 0.0 && visible.is_finite()) {
        let message = format!(
            "the tolerance is {tolerance} and what must be visible {visible}; both are finite, one not below 0 and the other above it"
        );
        return Err(Error::new(ErrorKind::Setting, message));
    }
    let mut check = Check {
        function,
        at,
        method,
        strictness,
        gradient: gradient.to_vec(),
        scales: at.iter().map(|x| power_of_two_near(*x)).collect(),
        undecided: vec![false; at.len()],
        seen: vec![f64::INFINITY; at.len()],
        zeros: vec![f64::INFINITY; at.len()],
        size: None,
        components: Vec::new(),
        directions: 0,
        evaluations: 0,
    };
    for round in 0..DIRECTIONS {
        check.all_at_once(round)?;
    }
    check.small_ones_alone()?;
    check.unseen_are_undecided()?;
    Ok(check.verdict(gradient))
}

/// A check under way.
struct Check<'a> {
    function: &'a dyn Function,
    at: &'a [f64],
    method: &'a dyn Method,
    strictness: Strictness,
    /// The gradient as given; what was found wrong is mended, so that the rest can be looked at together.
    gradient: Vec<f64>,
    /// How far each input moves in a common direction.
    scales: Vec<f64>,
    /// Inputs left out of common directions, since nothing could be found along them.
    undecided: Vec<bool>,
    /// The smallest relative error of each component that would have been seen.
    seen: Vec<f64>,
    /// Of each component that is 0, the smallest number that would have been seen there.
    zeros: Vec<f64>,
    /// How large the function is, where that was asked.
    size: Option<f64>,
    components: Vec<Component>,
    directions: usize,
    evaluations: usize,
}

/// What a direction answers.
struct Answer {
    found: Estimate,
    /// How far the finding and the given gradient are apart.
    apart: f64,
    /// How far they may be; not finite where the finding has no bound.
    allowed: f64,
}

impl Answer {
    fn agrees(&self) -> bool {
        self.apart <= self.allowed && self.allowed.is_finite()
    }
}

impl Check<'_> {
    /// The derivative along the sum of these inputs' scales, signed at random, beside what the gradient says of it.
    fn ask(&mut self, inputs: &[usize], round: u64) -> Result<Answer, Error> {
        let mut direction = vec![0.0; self.at.len()];
        let (mut told, mut size) = (0.0, 0.0);
        for input in inputs {
            direction[*input] = self.scales[*input] * signed(round, *input);
            let term = self.gradient[*input] * direction[*input];
            told += term;
            size += f64::abs(term);
        }
        let mut estimates = self.method.along(self.function, self.at, &[direction])?;
        let found = estimates.swap_remove(0);
        self.directions += 1;
        self.evaluations += found.evaluations;
        let bound = found.bound.absolute(found.value).unwrap_or(f64::INFINITY);
        let size = size.max(found.value.abs());
        Ok(Answer {
            apart: (told - found.value).abs(),
            allowed: bound + self.strictness.tolerance * size,
            found,
        })
    }

    /// One random direction over all inputs; where it disagrees, the components behind that.
    fn all_at_once(&mut self, round: u64) -> Result<(), Error> {
        let asked: Vec<usize> = (0..self.at.len())
            .filter(|input| !self.undecided[*input])
            .collect();
        for suspect in self.suspects(asked, round)? {
            self.alone(suspect)?;
        }
        Ok(())
    }

    /// The inputs of a set behind a disagreement, by halving; none where the set agrees.
    fn suspects(&mut self, set: Vec<usize>, round: u64) -> Result<Vec<usize>, Error> {
        let mut suspects = Vec::new();
        let mut waiting = vec![set];
        while let Some(set) = waiting.pop() {
            if set.is_empty() {
                continue;
            }
            let answer = self.ask(&set, round)?;
            if answer.agrees() {
                self.note_seen(&set, &answer);
            } else if let [single] = set[..] {
                suspects.push(single);
            } else {
                let (left, right) = set.split_at(set.len() / 2);
                waiting.extend([right.to_vec(), left.to_vec()]);
            }
        }
        Ok(suspects)
    }

    /// An error that a direction would have shown, twice what it allows, for each of its components.
    fn note_seen(&mut self, set: &[usize], answer: &Answer) {
        for input in set {
            let visible =
                2.0 * answer.allowed / (self.gradient[*input] * self.scales[*input]).abs();
            self.seen[*input] = self.seen[*input].min(visible);
        }
    }

    /// The components that the common directions could not see.
    fn small_ones_alone(&mut self) -> Result<(), Error> {
        for input in 0..self.at.len() {
            if self.seen[input] > self.strictness.visible && !self.undecided[input] {
                self.alone(input)?;
            }
        }
        Ok(())
    }

    /// A component whose error would not be seen even if all of it were wrong has not been checked.
    fn unseen_are_undecided(&mut self) -> Result<(), Error> {
        for input in 0..self.at.len() {
            let given = self.gradient[input];
            if self.undecided[input] || self.seen[input] <= 1.0 {
                continue;
            }
            let answer = self.ask(&[input], 0)?;
            let length = signed(0, input) * self.scales[input];
            self.undecided[input] = true;
            self.components.push(Component {
                input,
                given,
                found: answer.found.scaled(1.0 / length),
                doubt: Doubt::Finding,
            });
        }
        Ok(())
    }

    /// One component by findings that do not share their steps: it passes where more of them agree with it than not, and
    /// is wrong where two disagree with it, none agrees, and they agree with each other.
    fn alone(&mut self, input: usize) -> Result<(), Error> {
        /// By how much the steps are stretched; no ratio is a power of two, so that no point is met again.
        const STRETCHES: [f64; 4] = [1.0, 0.7, 0.45, 0.3];
        let scale = self.scales[input];
        let (mut agreeing, mut against) = (0, Vec::<(Estimate, f64)>::new());
        let mut best: Option<(Estimate, f64)> = None;
        for (round, stretch) in (0..).zip(STRETCHES) {
            self.scales[input] = stretch * scale;
            let answer = self.ask(&[input], round);
            self.scales[input] = scale;
            let answer = answer?;
            let length = stretch * scale;
            let allowed = answer.allowed / length;
            let found = answer.found.scaled(signed(round, input) / length);
            if answer.agrees() {
                agreeing += 1;
                self.note_alone(input, &answer, 2.0 * allowed);
            } else if allowed.is_finite() && found.value.is_finite() {
                against.push((found.clone(), allowed));
            }
            if best
                .as_ref()
                .is_none_or(|best| allowed < best.1 || best.1.is_nan())
            {
                best = Some((found, allowed));
            }
            if agreeing > against.len() {
                return Ok(());
            }
            if agreeing == 0 && against.len() > 1 {
                break;
            }
        }
        let together = against
            .windows(2)
            .all(|pair| (pair[0].0.value - pair[1].0.value).abs() <= pair[0].1 + pair[1].1);
        let decided = agreeing == 0 && against.len() > 1 && together;
        let Some((found, _)) = best else {
            return Ok(());
        };
        let given = self.gradient[input];
        if decided {
            self.gradient[input] = found.value;
            self.seen[input] = 0.0;
        } else {
            self.undecided[input] = true;
        }
        self.components.push(Component {
            input,
            given,
            found,
            doubt: if decided {
                Doubt::Gradient
            } else {
                Doubt::Finding
            },
        });
        Ok(())
    }

    /// An error of this size would have been seen. A component that is 0 has no size of its own: it is seen where the function does not move at all, or by far
    /// less than it is large.
    fn note_alone(&mut self, input: usize, answer: &Answer, visible: f64) {
        const NOTHING: f64 = 1e-10;
        let given = self.gradient[input].abs();
        if given > 0.0 {
            self.seen[input] = self.seen[input].min(visible / given);
        } else if answer.found.value == 0.0 || answer.allowed <= NOTHING * self.size() {
            self.zeros[input] = self.zeros[input].min(visible);
            self.seen[input] = 0.0;
        }
    }

    /// How large the function is, asked once.
    fn size(&mut self) -> f64 {
        if let Some(size) = self.size {
            return size;
        }
        self.evaluations += 1;
        let value = self.function.eval(self.at).first().copied();
        *self.size.insert(value.map_or(f64::NAN, f64::abs))
    }

    fn verdict(mut self, given: &[f64]) -> GradientCheck {
        self.components.sort_by_key(|component| component.input);
        for component in &mut self.components {
            component.given = given[component.input];
        }
        let decided = (0..given.len()).filter(|input| !self.undecided[*input]);
        let (nonzero, zero): (Vec<usize>, Vec<usize>) =
            decided.partition(|input| given[*input] != 0.0);
        let zeros = zero.iter().map(|input| self.zeros[*input]);
        GradientCheck {
            unseen: nonzero
                .iter()
                .map(|input| self.seen[*input])
                .fold(0.0, f64::max),
            unseen_of_zeros: zeros.filter(|unseen| unseen.is_finite()).reduce(f64::max),
            components: self.components,
            directions: self.directions,
            evaluations: self.evaluations,
        }
    }
}

/// A sign drawn for each round and input, the same in each run (the mixing step of SplitMix64, Steele, Lea and Flood 2014).
fn signed(round: u64, input: usize) -> f64 {
    let mut bits = (round << 32 | input as u64)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    if (bits ^ bits >> 31) & 1 == 0 {
        1.0
    } else {
        -1.0
    }
}

fn check_shapes(function: &dyn Function, gradient: &[f64], at: &[f64]) -> Result<(), Error> {
    let inputs = function.inputs();
    if at.len() != inputs || gradient.len() != inputs || function.outputs() == 0 {
        return Err(Error::new(
            ErrorKind::Shape,
            format!(
                "the function has {inputs} inputs and {} outputs, the point {} entries, the gradient {}",
                function.outputs(),
                at.len(),
                gradient.len()
            ),
        ));
    }
    if let Some(input) = gradient.iter().position(|entry| !entry.is_finite()) {
        return Err(Error::new(
            ErrorKind::Setting,
            format!("entry {input} of the gradient is {}", gradient[input]),
        )
        .hint("entries are counted from 0 and must be finite"));
    }
    Ok(())
}
