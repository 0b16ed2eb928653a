//! How far the runs are, with the time left, on a terminal's standard error; silent elsewhere.

use std::time::Duration;

use indicatif::ProgressBar;

use crate::progress;

/// A bar that knows how many runs there may be.
#[derive(Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Nothing is shown before the first run.
    pub(crate) fn new() -> Self {
        Self(progress::bar(
            0,
            "{bar:30} {pos} of about {len} runs, {eta} left{msg}",
        ))
    }

    /// So many runs are expected in all.
    pub(crate) fn expect(&self, runs: usize) {
        let runs = (runs as u64).max(self.0.position());
        if self.0.length() != Some(runs) {
            self.0.set_length(runs);
        }
        if !self.0.is_hidden() {
            self.0.enable_steady_tick(Duration::from_millis(200));
        }
    }

    /// One more run is over.
    pub(crate) fn advance(&self, failed: usize) {
        if failed > 0 {
            self.0.set_message(format!(", {failed} failed"));
        }
        self.0.inc(1);
    }

    /// Nothing is left of it.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
