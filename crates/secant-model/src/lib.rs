//! Networks as files: [`onnx`] in and out, and [`weights`] as safetensors. It takes bytes and gives bytes; who calls it opens the files. What a
//! file declares is held against what it holds before memory is taken for it, and what cannot be read is told with its node or tensor.
//!
//! ```
//! use secant_model::onnx;
//! use secant_train::Network;
//! let network = Network::dense(&[2, 8, 3], "tanh")?;
//! let parameters = network.initial(1);
//! let bytes = onnx::write(&network, &parameters, onnx::Ending::None)?;
//! let model = onnx::read(&bytes, &onnx::Options::default())?;
//! assert_eq!(model.parameters, parameters);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod number;
pub mod onnx;
pub mod weights;

pub use error::{Error, ErrorKind};
