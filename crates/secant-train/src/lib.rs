//! Neural networks, and what each of their weights and biases does to the loss, for each sample: by backpropagation, by
//! perturbing one parameter after the other, and by differences that are carried through the network.

mod columns;
pub mod data;
mod difference;
mod elementwise;
pub mod impact;
pub mod landscape;
pub mod layer;
mod loss;
mod network;
mod number;
mod objective;
mod random;
mod saliency;
mod summary;
pub mod training;

pub use columns::Columns;
pub use elementwise::Elementwise;
pub use loss::{FormulaLoss, Loss, Targets};
pub use network::{Network, Tensor};
pub use number::Number;
pub use objective::Objective;
pub use random::Random;
pub use summary::Summary;
