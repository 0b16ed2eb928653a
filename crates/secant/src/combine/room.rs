//! [`Room`]: what a thread needs to work in, kept for the next one that asks. Blocks of some hundred kilobytes would else be
//! fetched from the system and cleared for every leaf, which takes longer than the work itself.

use std::sync::{Mutex, PoisonError};

/// Room that nobody works in at the moment.
#[derive(Debug)]
pub(crate) struct Room<T>(Mutex<Vec<T>>);

impl<T> Room<T> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Works in free room, or in new one where there is none.
    pub(crate) fn with<R>(&self, make: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut room = free.unwrap_or_else(make);
        let result = work(&mut room);
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(room);
        result
    }
}

/// A copy has room of its own.
impl<T> Clone for Room<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}
