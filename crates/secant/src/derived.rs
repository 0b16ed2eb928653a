//! Functions that give their derivatives beside their values, written as one graph: what value and derivative have in common is
//! computed once. Nothing is searched for a shorter form, so that they are ready in microseconds, and a
//! [`BlockRunner`](crate::BlockRunner) or [`PointRunner`](crate::PointRunner) runs them as it runs any formula.
//!
//! At a kink they give what the rules give there: 0 for the slope of `|x|` at 0, 1/2 for that of `relu`. Whether a point has a
//! derivative is told by [`classify`](crate::classify).

use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::function::Recorded;
use crate::graph::{Graph, NodeId};
use crate::number::Rational;

impl Recorded {
    /// One output, then its slope by each input: 1 + n outputs.
    ///
    /// ```
    /// use secant::{Formula, Function, Recorded};
    /// let f = Recorded::from(&Formula::parse("x^2*y")?).with_gradient(0)?;
    /// assert_eq!(f.eval(&[3.0, 5.0]), [45.0, 30.0, 9.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such output.
    pub fn with_gradient(&self, output: usize) -> Result<Self, Error> {
        let root = self.root(output)?;
        let mut graph = self.graph().clone();
        let gradient = gradient(&mut graph, root, self.input_count());
        Ok(Self::new(graph, [vec![root], gradient].concat()))
    }

    /// All m outputs, then the rows of the Jacobian: m + m n outputs.
    ///
    /// ```
    /// use secant::{Function, Recorded};
    /// let f = Recorded::trace(&["x", "y"], |v| vec![v[0].clone() * v[1].clone(), v[0].clone() - v[1].clone()])?;
    /// assert_eq!(f.with_jacobian().eval(&[3.0, 5.0]), [15.0, -2.0, 5.0, 3.0, 1.0, -1.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn with_jacobian(&self) -> Self {
        let mut graph = self.graph().clone();
        let mut outputs = self.roots().to_vec();
        for root in self.roots() {
            outputs.extend(gradient(&mut graph, *root, self.input_count()));
        }
        Self::new(graph, outputs)
    }

    /// All m outputs, then the tangent of each (the Jacobian-vector product). After the n inputs it takes their tangents:
    /// 2n inputs, 2m outputs.
    ///
    /// ```
    /// use secant::{Formula, Function, Recorded};
    /// let f = Recorded::from(&Formula::parse("x^2*y")?).with_tangents();
    /// assert_eq!(f.eval(&[3.0, 5.0, 1.0, 10.0]), [45.0, 120.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn with_tangents(&self) -> Self {
        let mut graph = self.graph().clone();
        let tangents = further_inputs(&mut graph, "tangent of ");
        let moved = graph.pushforward(self.roots(), &tangents);
        Self::new(graph, [self.roots().to_vec(), moved].concat())
    }

    /// All m outputs, then the cotangent of each input (the vector-Jacobian product). After the n inputs it takes a weight for
    /// each output: n + m inputs, m + n outputs.
    ///
    /// ```
    /// use secant::{Function, Recorded};
    /// let f = Recorded::trace(&["x", "y"], |v| vec![v[0].clone() * v[1].clone(), v[0].clone() - v[1].clone()])?;
    /// assert_eq!(f.with_cotangents().eval(&[3.0, 5.0, 1.0, 100.0]), [15.0, -2.0, 105.0, -97.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    #[must_use]
    pub fn with_cotangents(&self) -> Self {
        let inputs = self.input_count();
        let mut graph = self.graph().clone();
        let mut names = graph.names().to_vec();
        let mut weighted = Vec::with_capacity(self.roots().len());
        for (place, root) in self.roots().iter().enumerate() {
            names.push(format!("weight of output {place}").into());
            let weight = graph.input(inputs + place);
            let one = Rational::ONE;
            let product = graph.product([(weight, one.clone()), (*root, one.clone())]);
            weighted.push((product, one));
        }
        graph.rename(names);
        let sum = graph.sum(weighted, Rational::ZERO);
        let cotangents = gradient(&mut graph, sum, inputs);
        Self::new(graph, [self.roots().to_vec(), cotangents].concat())
    }

    /// One output, its gradient, and the product of its Hessian with a vector. After the n inputs it takes the vector: 2n inputs,
    /// 1 + 2n outputs.
    ///
    /// ```
    /// use secant::{Formula, Function, Recorded};
    /// let f = Recorded::from(&Formula::parse("x^2*y")?).with_hessian_vector(0)?;
    /// assert_eq!(f.eval(&[3.0, 5.0, 1.0, 10.0]), [45.0, 30.0, 9.0, 70.0, 6.0]);
    /// # Ok::<(), secant::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such output.
    pub fn with_hessian_vector(&self, output: usize) -> Result<Self, Error> {
        let root = self.root(output)?;
        let mut graph = self.graph().clone();
        let gradient = gradient(&mut graph, root, self.input_count());
        let vector = further_inputs(&mut graph, "vector along ");
        let product = graph.pushforward(&gradient, &vector);
        Ok(Self::new(graph, [vec![root], gradient, product].concat()))
    }

    fn root(&self, output: usize) -> Result<NodeId, Error> {
        self.roots().get(output).copied().ok_or_else(|| {
            let count = self.roots().len();
            let message = format!("there is no output {output}, the function has {count}");
            Error::new(ErrorKind::Shape, message)
        })
    }

    fn input_count(&self) -> usize {
        self.graph().names().len()
    }
}

fn gradient(graph: &mut Graph, root: NodeId, inputs: usize) -> Vec<NodeId> {
    graph.gradient(root, &(0..inputs).collect::<Vec<_>>())
}

/// One more input for each that there is, with a name that no text has.
fn further_inputs(graph: &mut Graph, prefix: &str) -> Vec<NodeId> {
    let names = graph.names().to_vec();
    let further = names
        .iter()
        .map(|name| Arc::from(format!("{prefix}{name}")));
    graph.rename(names.iter().cloned().chain(further).collect());
    (names.len()..2 * names.len())
        .map(|input| graph.input(input))
        .collect()
}
