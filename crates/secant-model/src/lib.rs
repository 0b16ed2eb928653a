//! Networks as files: [`onnx`] in and out, and [`weights`] as safetensors. It takes bytes and gives bytes; who calls it opens the files. What a
//! file declares is held against what it holds before memory is taken for it, and what cannot be read is told with its node or tensor.
//!
//! Of ONNX's operators (opset 11 to 21) these are read: `Gemm`, `MatMul` with `Add`; `Conv` over one or two sides; `MaxPool`, `AveragePool`, `GlobalMaxPool`,
//! `GlobalAveragePool`, and `ReduceMean` and `ReduceMax` over all sides; `BatchNormalization` of evaluation, `LayerNormalization` of rows, `Softmax`; `Transpose`, `Reshape`, `Flatten`,
//! `Squeeze` and `Unsqueeze` within each sample; `Pad` before a convolution or a pooling of the largest; `Shape` and the arithmetic of whole numbers that exporters write for these; `Add` and
//! `Sum` of two ways from one value as a residual; `Identity`, `Dropout`, `Cast`; and whatever computes element by element from one value, as `Relu`, `Gelu`, `LeakyRelu`, `Clip` or a
//! SiLU in two nodes. Channels may come first, as in PyTorch, or last, as in Keras. Not read are groups and dilations of windows, dense layers at each place of a sample, `Concat` of values,
//! recurrence and attention. What is read is written, and a formula as an operator for each of its steps.
//!
//! ```
//! use secant_model::onnx;
//! use secant_train::Network;
//! let network = Network::dense(&[2, 8, 3], "tanh")?;
//! let parameters = network.initial(1);
//! let bytes = onnx::write(&network, &parameters, onnx::Ending::None, &Default::default())?;
//! let model = onnx::read(&bytes, &onnx::Options::default())?;
//! assert_eq!(model.parameters, parameters);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod number;
pub mod onnx;
pub mod weights;

pub use error::{Error, ErrorKind};
