//! How a user ends what takes long: an interrupt is heard, and what was done is kept and told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::{consts, flag};

use crate::failure::Failure;

/// What becomes true when this process is asked to end. A second request ends it at once.
pub(crate) fn heard() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [consts::SIGINT, consts::SIGTERM] {
        flag::register_conditional_shutdown(signal, 2, Arc::clone(&stop))
            .and_then(|_| flag::register(signal, Arc::clone(&stop)))
            .map_err(|reason| {
                Failure::new("signal", format!("interrupts cannot be caught: {reason}"))
            })?;
    }
    Ok(stop)
}

/// Looks whether a file that grows row by row shall still be written: what is broken off leaves no part of it behind.
#[derive(Clone)]
pub(crate) struct Watch(Arc<AtomicBool>);

impl Watch {
    pub(crate) fn new() -> Result<Self, Failure> {
        heard().map(Self)
    }

    pub(crate) fn is_broken_off(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// # Errors
    /// Where this process was asked to end.
    pub(crate) fn go_on(&self) -> Result<(), Failure> {
        if self.is_broken_off() {
            return Err(Failure::new(
                "interrupted",
                "broken off; nothing was written",
            ));
        }
        Ok(())
    }
}
