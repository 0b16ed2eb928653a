//! A function that is a program: points in, one number for each out. Runs go side by side, each with a time limit;
//! what was run once stands in a journal and is not run again. A run that fails says why and the others go on.
//! It knows nothing of derivatives, and prints nothing.
//!
//! ```no_run
//! use secant_process::{Program, Study};
//! let program = Program::new("./simulate --x {x} --y {y}", &["x", "y"])?;
//! let study = Study::new(program).jobs(4);
//! let values = study.run(&[vec![2.0, 3.0], vec![2.5, 3.0]], |_| {});
//! assert_eq!(values.len(), 2);
//! # Ok::<(), secant_process::Refused>(())
//! ```

mod journal;
mod output;
mod program;
mod run;
mod study;

pub use output::Reading;
pub use program::{Program, Refused};
pub use run::{Failed, Reason};
pub use study::{Progress, Study};
