//! The automatic difference held against the cases of `spec/differences`: black boxes, with truth from outside. The open cases were
//! there to learn from; the sealed ones were looked at once.

#![allow(missing_docs, clippy::panic, clippy::unwrap_used, clippy::print_stdout)]

#[path = "../common/mod.rs"]
mod common;

mod allocation;
mod beside;
mod builder;
mod cases;
mod far;
mod printed;
mod rates;
mod several;
