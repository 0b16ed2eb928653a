//! [`Study`]: many runs of one program, side by side.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
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
}

impl Study {
    /// Runs one after another, without a journal.
    #[must_use]
    pub fn new(program: Program) -> Self {
        Self {
            program,
            jobs: 1,
            journal: None,
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

    /// The value at each point, in their order; a point that is given twice is run once. A journal that cannot be
    /// written any more loses no value.
    pub fn run(
        &self,
        points: &[Vec<f64>],
        tell: impl Fn(Progress) + Sync,
    ) -> Vec<Result<f64, Failed>> {
        let mut known: HashMap<Vec<u64>, Result<f64, Failed>> = HashMap::new();
        let mut wanted: Vec<&[f64]> = Vec::new();
        for point in points {
            let key = bits(point);
            if known.contains_key(&key) || wanted.iter().any(|wanted| bits(wanted) == key) {
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
            .filter_map(|point| known.get(&bits(point)).cloned())
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
                let value = run::run(&self.program, point);
                if let (Ok(value), Some(journal)) = (&value, &self.journal) {
                    let _ = lock(journal).keep(point, *value);
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
