//! How a user ends what takes long: an interrupt is heard, and what was done is kept and told.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
