//! Neural networks, and what each of their weights and biases does to the loss, for each sample: by backpropagation, by
//! moving one parameter after the other, and by differences that are carried through the network.
//!
//! # A network and its loss
//!
//! A [`Network`] is layers in a chain; it holds shapes and names. Its parameters are one flat slice that is given to each call. With samples,
//! targets and a [`Loss`] it makes an [`Objective`]: a function of the parameters.
//!
//! ```
//! use secant::optimiser::{Optimiser, Rule};
//! use secant_train::{Loss, Network, Objective, data};
//!
//! let spiral = data::spiral::<f64>(50, 3, 0);
//! let network = Network::dense(&[2, 16, 3], "tanh")?;
//! let mut objective = Objective::new(&network, &Loss::CrossEntropy, &spiral.samples, &spiral.targets)?;
//!
//! let mut parameters: Vec<f64> = network.initial(1);
//! let mut gradient = vec![0.0; parameters.len()];
//! let mut adam = Optimiser::new(Rule::adam(), parameters.len());
//! let before = objective.loss(&parameters)?;
//! for _ in 0..50 {
//!     objective.gradient(&parameters, &mut gradient)?;
//!     adam.step(0.02, &mut parameters, &gradient)?;
//! }
//! assert!(objective.loss(&parameters)? < before);
//!
//! // What each parameter does to the loss of each sample: its derivative, and its exact change over 0.0001.
//! let size = parameters.len();
//! let mut derivatives = vec![0.0; 150 * size];
//! let mut changes = derivatives.clone();
//! objective.gradients(&parameters, &mut derivatives)?;
//! let mut go_on = |_, _| std::ops::ControlFlow::Continue(());
//! let told = secant_train::impact::structured(&mut objective, &parameters, 1e-4, &mut changes, &mut go_on)?;
//! assert!(told.crossings.is_empty()); // tanh has no kinks
//! assert!(derivatives.iter().zip(&changes).all(|(d, c)| (d - c).abs() < 1e-3));
//! # Ok::<(), secant::Error>(())
//! ```
//!
//! The loss over many samples is the mean of theirs. Everything here runs on one core, in a fixed order: the same on every run. Between
//! processors with other vector instructions the last digits may differ.

pub mod check;
mod columns;
pub mod data;
mod difference;
mod elementwise;
mod hessian;
pub mod impact;
mod inspection;
mod known;
mod lanczos;
pub mod landscape;
pub mod layer;
mod loss;
mod network;
mod number;
mod objective;
mod random;
mod saliency;
mod scale;
mod summary;
pub mod training;

pub use columns::Columns;
pub use elementwise::Elementwise;
pub use inspection::{Inspection, NotFinite};
pub use loss::{FormulaLoss, Loss, Targets};
pub use network::{Network, Tensor};
pub use number::{Doubles, Number};
pub use objective::Objective;
pub use random::Random;
pub use scale::Scale;
pub use summary::Summary;
