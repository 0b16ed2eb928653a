//! [`Runs`]: the values of a program at the points that differences ask for. All that is wanted next goes side by side; what was run
//! once is known, whether it gave a value or not.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use secant::{Differences, Found, Function};
use secant_process::{Failed, Reason, Study};

use super::progress::Bar;
use crate::failure::{Failure, told};
use crate::interrupt;

/// The values of a program, as far as it was run.
pub(crate) struct Runs {
    study: Study,
    known: HashMap<Vec<u64>, f64>,
    /// Runs that gave no number.
    pub(crate) failed: Vec<Failed>,
    /// How many points were run.
    pub(crate) run: usize,
    /// How many points the journal held.
    pub(crate) kept: usize,
    printed: Printed,
    bar: Bar,
    stop: Arc<AtomicBool>,
}

/// What was found of one derivative, and how many of its points have no value since their run failed.
pub(crate) struct Answered {
    pub(crate) found: Found,
    pub(crate) points: usize,
    pub(crate) failed: usize,
}

fn bits(at: &[f64]) -> Vec<u64> {
    at.iter().map(|value| value.to_bits()).collect()
}

impl Runs {
    /// No point is known yet.
    pub(crate) fn new(study: Study) -> Result<Self, Failure> {
        let stop = interrupt::heard()?;
        Ok(Self {
            study: study.stopped_by(Arc::clone(&stop)),
            known: HashMap::new(),
            failed: Vec::new(),
            run: 0,
            kept: 0,
            printed: Printed::default(),
            bar: Bar::new(),
            stop,
        })
    }

    /// The digits that the values were printed with.
    pub(crate) fn printed(&self) -> Printed {
        self.printed
    }

    /// Why the journal is not written any more, if so.
    pub(crate) fn journal_fault(&self) -> Option<String> {
        self.study.journal_fault()
    }

    /// The value at a point that was run; NaN where that failed.
    pub(crate) fn value(&self, at: &[f64]) -> f64 {
        self.known.get(&bits(at)).copied().unwrap_or(f64::NAN)
    }

    /// The one number that every run gave, where it is one.
    pub(crate) fn always(&self) -> Option<f64> {
        let mut values = self.known.values().filter(|value| value.is_finite());
        let (first, second) = (*values.next()?, *values.next()?);
        (first == second && values.all(|value| *value == first)).then_some(first)
    }

    /// Derivatives by these inputs in turn, each. A search is taken up again from its start as long as a point that it asks for has no
    /// value yet; what all of them ask for next is run at once. So the digits that are printed are known before they matter.
    pub(crate) fn differentiate(
        &mut self,
        differences: &Differences,
        at: &[f64],
        each: &[Vec<usize>],
        expected: usize,
    ) -> Result<Vec<Answered>, Failure> {
        self.bar.expect(expected);
        loop {
            let rounded = self.printed.tell(differences);
            let mut wanted = Vec::new();
            let mut answers = Vec::with_capacity(each.len());
            for inputs in each {
                let mut search = Replay {
                    known: &self.known,
                    width: at.len(),
                    wanted: Vec::new(),
                    points: 0,
                    failed: 0,
                };
                let found = rounded
                    .mixed_batch(|points, values| search.answer(points, values), at, inputs)
                    .map_err(|error| told(&error))?;
                answers.push(Answered {
                    found,
                    points: search.points,
                    failed: search.failed,
                });
                wanted.append(&mut search.wanted);
            }
            if wanted.is_empty() {
                self.bar.clear();
                return Ok(answers);
            }
            self.bar.expect(expected.max(self.run + wanted.len()));
            self.learn(&wanted)?;
        }
    }

    /// Runs the program at points that are not known.
    fn learn(&mut self, points: &[Vec<f64>]) -> Result<(), Failure> {
        let mut fresh: Vec<Vec<f64>> = Vec::with_capacity(points.len());
        for point in points {
            let is_new = !self.known.contains_key(&bits(point));
            if is_new && self.known.insert(bits(point), f64::NAN).is_none() {
                fresh.push(point.clone());
            }
        }
        let kept = fresh.iter().filter(|point| self.study.holds(point)).count();
        self.kept += kept;
        self.run += fresh.len() - kept;
        let (bar, before) = (&self.bar, self.failed.len());
        let answers = self.study.run(&fresh, |_| bar.advance(before));
        for (point, answer) in fresh.iter().zip(answers) {
            match answer {
                Ok(value) => {
                    self.printed.learn(value);
                    self.known.insert(bits(point), value);
                }
                Err(failed) => self.failed.push(failed),
            }
        }
        if self.stop.load(Ordering::Relaxed) {
            self.bar.clear();
            let kept = if self.study.has_journal() {
                "what was run stands in the journal: the same command goes on from there"
            } else {
                "with --journal the same command would go on from there"
            };
            return Err(Failure::new("interrupted", "the runs were broken off").hint(kept));
        }
        // How a program writes numbers is no accident of one run; where others can be read, they may be read wrongly.
        let is_doubtful = |failed: &&Failed| matches!(failed.reason, Reason::Doubtful(_));
        if let Some(failed) = self.failed.iter().find(is_doubtful) {
            self.bar.clear();
            return Err(Failure::new("program", failed.to_string().replace('\n', ": ")).hint(
                "print the value last, a point before its decimals and blanks around it; or name what to read with --read or --read-json",
            ));
        }
        let first = self.failed.first();
        // At the point alone a program may have no value; one that cannot be started has none anywhere.
        let is_hopeless = self.known.len() > 1
            || first.is_some_and(|failed| matches!(failed.reason, Reason::NotStarted(_)));
        if is_hopeless && self.known.values().all(|value| value.is_nan()) {
            self.bar.clear();
            let why = first.map(ToString::to_string).unwrap_or_default();
            let why = why.replace('\n', ": ");
            return Err(
                Failure::new("program", format!("every run failed; the first: {why}"))
                    .hint("run it once by hand with these arguments"),
            );
        }
        Ok(())
    }
}

/// The points of one search, answered as far as they are known.
struct Replay<'r> {
    known: &'r HashMap<Vec<u64>, f64>,
    width: usize,
    /// What it asked for first that is not known; nothing after that counts.
    wanted: Vec<Vec<f64>>,
    points: usize,
    failed: usize,
}

impl Replay<'_> {
    fn answer(&mut self, points: &[f64], values: &mut [f64]) {
        values.fill(f64::NAN);
        if !self.wanted.is_empty() {
            return;
        }
        for (point, value) in points.chunks_exact(self.width.max(1)).zip(values) {
            match self.known.get(&bits(point)) {
                Some(known) => {
                    *value = *known;
                    self.points += 1;
                    self.failed += usize::from(known.is_nan());
                }
                None => self.wanted.push(point.to_vec()),
            }
        }
    }
}

/// How many runs a check takes where the gradient holds: three directions.
const TYPICAL_CHECK: usize = 37;

/// Runs as a function of many points at once. Where it turns out that values are printed otherwise than was taken for granted, it
/// answers nothing more: what was asked is to be asked again.
pub(crate) struct Sampled<'r> {
    runs: RefCell<&'r mut Runs>,
    inputs: usize,
    printed: Printed,
    failure: RefCell<Option<Failure>>,
}

impl<'r> Sampled<'r> {
    pub(crate) fn new(runs: &'r mut Runs, inputs: usize) -> Self {
        Self {
            printed: runs.printed,
            runs: RefCell::new(runs),
            inputs,
            failure: RefCell::default(),
        }
    }

    /// Whether all answers hold; why not, where runs were broken off.
    pub(crate) fn holds(self) -> Result<bool, Failure> {
        let runs = self.runs.into_inner();
        runs.bar.clear();
        match self.failure.into_inner() {
            Some(failure) => Err(failure),
            None => Ok(runs.printed == self.printed),
        }
    }
}

impl Function for Sampled<'_> {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        1
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        self.eval_many(&[x.to_vec()]).concat()
    }

    fn eval_many(&self, points: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut runs = self.runs.borrow_mut();
        if runs.printed == self.printed && self.failure.borrow().is_none() {
            let expected = TYPICAL_CHECK.max(runs.run + points.len());
            runs.bar.expect(expected);
            if let Err(failure) = runs.learn(points) {
                self.failure.replace(Some(failure));
            }
        }
        let is_current = runs.printed == self.printed;
        let value = |point: &Vec<f64>| {
            let value = if is_current {
                runs.value(point)
            } else {
                f64::NAN
            };
            vec![value]
        };
        points.iter().map(value).collect()
    }
}

/// With how many digits values are printed, from the shortest texts that read back as the same numbers: a program that rounds makes a
/// staircase, and a difference must know how high its steps are. A single value may have few digits by chance; the longest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Printed {
    /// Significant digits.
    digits: u32,
    /// Digits behind the point.
    decimals: u32,
}

/// Beyond so many digits nothing of a double is lost.
const ALL_DIGITS: u32 = 16;

impl Printed {
    fn learn(&mut self, value: f64) {
        let text = format!("{value:e}");
        let Some((mantissa, exponent)) = text.split_once('e') else {
            return;
        };
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).count() as u32;
        let last = digits as i32 - 1 - exponent.parse::<i32>().unwrap_or(0);
        self.digits = self.digits.max(digits);
        self.decimals = self.decimals.max(u32::try_from(last).unwrap_or(0));
    }

    /// The most significant digits that were printed, where they are fewer than a double has.
    pub(crate) fn digits(self) -> Option<u32> {
        (1..ALL_DIGITS)
            .contains(&self.digits)
            .then_some(self.digits)
    }

    /// Differences that know of it.
    pub(crate) fn tell(self, differences: &Differences) -> Differences {
        match self.digits() {
            Some(digits) => {
                let unit = 10f64.powi(-(self.decimals as i32));
                differences.clone().printed(digits, unit)
            }
            None => differences.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_text_tells_how_values_are_printed() {
        let mut printed = Printed::default();
        for value in [0.5, 0.841471, -12.25] {
            printed.learn(value);
        }
        assert_eq!((printed.digits(), printed.decimals), (Some(6), 6));
        printed.learn(std::f64::consts::PI);
        assert_eq!(printed.digits(), None);
    }
}
