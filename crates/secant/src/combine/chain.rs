//! [`Chain`]: one function after another.

use crate::error::{Error, ErrorKind};
use crate::function::Function;

/// Functions one after another, the first first: each takes the outputs of the one before. Tangents go through them forward,
/// cotangents backward, which is the chain rule.
///
/// ```
/// use secant::{Formula, Recorded, combine::Chain, gradient, method::Reverse};
/// let square = Recorded::from(&Formula::parse("x^2")?);
/// let cube = Recorded::from(&Formula::parse("x^3")?);
/// let chain = Chain::new(vec![Box::new(square), Box::new(cube)])?;
/// assert_eq!(gradient(&Reverse, &chain, &[2.0])?[0].value, 192.0); // 6 x⁵
/// # Ok::<(), secant::Error>(())
/// ```
pub struct Chain {
    parts: Vec<Box<dyn Function>>,
}

impl Chain {
    /// The functions in the order in which they are applied.
    ///
    /// # Errors
    /// Where there is none, and where one does not take what the one before it gives.
    pub fn new(parts: Vec<Box<dyn Function>>) -> Result<Self, Error> {
        if parts.is_empty() {
            return Err(Error::new(ErrorKind::Shape, "a chain needs a function"));
        }
        for (place, pair) in parts.windows(2).enumerate() {
            let (given, taken) = (pair[0].outputs(), pair[1].inputs());
            if given != taken {
                let message = format!(
                    "function {place} of the chain gives {given} numbers, the next one takes {taken}"
                );
                return Err(Error::new(ErrorKind::Shape, message));
            }
        }
        Ok(Self { parts })
    }

    /// The outputs of all functions but the last, and the point itself before them: what each function is given.
    fn given(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let mut given = vec![x.to_vec()];
        for part in &self.parts[..self.parts.len() - 1] {
            let next = part.eval(&given[given.len() - 1]);
            given.push(next);
        }
        given
    }
}

impl Function for Chain {
    fn inputs(&self) -> usize {
        self.parts[0].inputs()
    }

    fn outputs(&self) -> usize {
        self.parts[self.parts.len() - 1].outputs()
    }

    fn eval(&self, x: &[f64]) -> Vec<f64> {
        let start = x.to_vec();
        self.parts.iter().fold(start, |x, part| part.eval(&x))
    }

    fn jvp(&self, x: &[f64], tangent: &[f64]) -> Option<Vec<f64>> {
        if tangent.len() != self.inputs() {
            return None;
        }
        let mut moving = tangent.to_vec();
        for (part, x) in self.parts.iter().zip(self.given(x)) {
            moving = part.jvp(&x, &moving)?;
        }
        Some(moving)
    }

    fn vjp(&self, x: &[f64], cotangent: &[f64]) -> Option<Vec<f64>> {
        if cotangent.len() != self.outputs() {
            return None;
        }
        let mut adjoint = cotangent.to_vec();
        for (part, x) in self.parts.iter().zip(self.given(x)).rev() {
            adjoint = part.vjp(&x, &adjoint)?;
        }
        Some(adjoint)
    }
}
