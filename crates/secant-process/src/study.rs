//! [`Study`]: many runs of one program, side by side.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::journal::{Journal, bits};
use crate::program::Program;
use crate::run::{self, Failed};

/// How far a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Runs that are over.
    pub done: usize,
    /// All runs of the batch, but those that the journal holds.
    pub total: usize,
    /// Since the batch began.
    pub elapsed: Duration,
}

impl Progress {
    /// How long the rest will take, if it goes on as until now.
    #[must_use]
    pub fn left(self) -> Duration {
        let done = u32::try_from(self.done).unwrap_or(u32::MAX).max(1);
        let left = u32::try_from(self.total - self.done).unwrap_or(u32::MAX);
        (self.elapsed / done).saturating_mul(left)
    }
}

/// Many runs of one program, side by side.
#[derive(Debug)]
pub struct Study {
    program: Program,
    jobs: usize,
    journal: Option<Mutex<Journal>>,
    stop: Arc<AtomicBool>,
}

impl Study {
    /// Runs one after another, without a journal.
    #[must_use]
    pub fn new(program: Program) -> Self {
        Self {
            program,
            jobs: 1,
            journal: None,
            stop: Arc::default(),
        }
    }

    /// The same, with so many runs at a time, at least one.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        Self {
            jobs: jobs.max(1),
            ..self
        }
    }

    /// The same, with each value written to a file at once, and none run that stands there.
    ///
    /// # Errors
    /// Where the file can be neither opened nor made.
    pub fn journal(self, path: &Path) -> io::Result<Self> {
        let journal = Journal::open(path, self.program.key())?;
        Ok(Self {
            journal: Some(Mutex::new(journal)),
            ..self
        })
    }

    /// The same, broken off when this becomes true: runs that are under way are ended with all that they started, and none begins.
    #[must_use]
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Whether the journal holds the value at a point.
    #[must_use]
    pub fn holds(&self, at: &[f64]) -> bool {
        let value = |journal: &Mutex<Journal>| lock(journal).value(at);
        self.journal.as_ref().and_then(value).is_some()
    }

    /// Whether there is a journal that is still written.
    #[must_use]
    pub fn has_journal(&self) -> bool {
        self.journal.is_some() && self.journal_fault().is_none()
    }

    /// Why the journal could not be written any more, if so. The values of its runs were given all the same.
    #[must_use]
    pub fn journal_fault(&self) -> Option<String> {
        let journal = self.journal.as_ref()?;
        lock(journal).fault().map(str::to_owned)
    }

    /// The value at each point, in their order; a point that is given twice is run once. A journal that cannot be
    /// written any more loses no value; see [`journal_fault`](Self::journal_fault).
    pub fn run(
        &self,
        points: &[Vec<f64>],
        tell: impl Fn(Progress) + Sync,
    ) -> Vec<Result<f64, Failed>> {
        let mut known: HashMap<Vec<u64>, Result<f64, Failed>> = HashMap::new();
        let mut wanted: Vec<&[f64]> = Vec::new();
        let mut seen = HashSet::new();
        for point in points {
            let key = bits(point);
            if !seen.insert(key.clone()) {
                continue;
            }
            match self
                .journal
                .as_ref()
                .and_then(|journal| lock(journal).value(point))
            {
                Some(value) => drop(known.insert(key, Ok(value))),
                None => wanted.push(point),
            }
        }
        for (point, value) in self.run_all(&wanted, tell) {
            known.insert(bits(point), value);
        }
        points
            .iter()
            .map(|point| {
                let broken_off = || Err(Failed::broken_off(&self.program, point));
                known.get(&bits(point)).cloned().unwrap_or_else(broken_off)
            })
            .collect()
    }

    fn run_all<'p>(
        &self,
        points: &[&'p [f64]],
        tell: impl Fn(Progress) + Sync,
    ) -> Vec<(&'p [f64], Result<f64, Failed>)> {
        let (next, total, start) = (AtomicUsize::new(0), points.len(), Instant::now());
        let over = Mutex::new(Vec::with_capacity(total));
        let work = || {
            while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                if self.stop.load(Ordering::Relaxed) {
                    return;
                }
                let value = run::run(&self.program, point, &self.stop, |output| {
                    self.program.read(output)
                });
                if let (Ok(value), Some(journal)) = (&value, &self.journal) {
                    lock(journal).keep(point, *value);
                }
                let mut over = lock(&over);
                over.push((*point, value));
                tell(Progress {
                    done: over.len(),
                    total,
                    elapsed: start.elapsed(),
                });
            }
        };
        thread::scope(|scope| {
            for _ in 0..self.jobs.min(total) {
                scope.spawn(work);
            }
        });
        over.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lock that a panic elsewhere does not spoil: what it holds is whole after each step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
