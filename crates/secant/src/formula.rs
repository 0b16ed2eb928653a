//! [`Formula`]: a text read, its readings told, its definitions put in place, and the graph of it. It takes what
//! a person types and gives the road's next stops; it evaluates nothing.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::elementary::Operation;
use crate::error::{Error, ErrorKind};
use crate::expr::{Expr, ExprId, ExprKind};
use crate::graph::{Graph, NodeId};
use crate::number::Rational;
use crate::program::Program;
use crate::text::{self, Ambiguity, Definition, Notation};

/// Sums and definitions may make a short text long; beyond so many nodes it is refused, and beyond so many parts, where those of a sum
/// count once for each of its terms, though equal ones are one node.
const MOST_NODES: usize = 3_000_000;
/// Sums and calls nested deeper than this are refused.
const DEEPEST_NESTING: usize = 100;
/// All sums of a formula together have at most so many terms.
const MOST_TERMS: usize = 200_000;
/// Definitions are put in place at most so often.
const MOST_CALLS: usize = 100_000;

/// A formula and its inputs.
///
/// ```
/// use secant::Formula;
/// let formula = Formula::parse("f(x) = 2x^2")?;
/// assert_eq!(formula.reading(), "f(x) = 2*x^2");
/// assert_eq!(formula.variables()[0].as_ref(), "x");
/// assert_eq!(formula.program().value(&[3.0]), 18.0);
/// # Ok::<(), secant::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Formula {
    text: String,
    reading: String,
    ambiguities: Vec<Ambiguity>,
    name: Option<Arc<str>>,
    body: Expr,
    graph: Graph,
    root: NodeId,
}

impl Formula {
    /// Reads a formula; several definitions are separated by `;`, and the last one is the formula.
    ///
    /// # Errors
    /// With the place and a repair, where the text is no formula, a sum is not over whole numbers, or the
    /// formula grows too large.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let parsed = text::parse(text)?;
        let reading: Vec<String> = parsed.definitions.iter().map(read_back).collect();
        let Some((main, earlier)) = parsed.definitions.split_last() else {
            return Err(Error::new(ErrorKind::Syntax, "there is no formula"));
        };
        let mut builder = Builder {
            graph: Graph::new(main.parameters.iter().cloned()),
            names: main.parameters.clone(),
            inputs: main.parameters.iter().cloned().zip(0..).collect(),
            earlier,
            calls: HashMap::new(),
            terms: 0,
            visits: 0,
        };
        let scope = builder.parameters(main)?;
        let body = Body {
            expr: &main.body,
            scope: &scope,
            known: earlier.len(),
            depth: 0,
        };
        let root = builder.body(body, main.body.root())?;
        let mut graph = builder.graph;
        graph.rename(builder.names);
        Ok(Self {
            text: text.to_owned(),
            reading: reading.join("; "),
            ambiguities: parsed.ambiguities,
            name: main.name.clone(),
            body: main.body.clone(),
            graph,
            root,
        })
    }

    /// The text as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The formula as it was understood, written without any doubt.
    #[must_use]
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// Where another common reading exists: what was taken, and how to write the other.
    #[must_use]
    pub fn ambiguities(&self) -> &[Ambiguity] {
        &self.ambiguities
    }

    /// The name it was given, as in `f(x) = ...`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The formula itself, without its name.
    #[must_use]
    pub fn body(&self) -> &Expr {
        &self.body
    }

    /// The inputs: the parameters first, then other names as they appear.
    #[must_use]
    pub fn variables(&self) -> &[Arc<str>] {
        self.graph.names()
    }

    /// Where an input stands; `α` and `alpha` are one name.
    ///
    /// # Errors
    /// Where the formula has no input of this name.
    pub fn variable(&self, name: &str) -> Result<usize, Error> {
        let wanted = text::canonical_name(name);
        self.variables()
            .iter()
            .position(|variable| **variable == *wanted)
            .ok_or_else(|| {
                let known: Vec<&str> = self.variables().iter().map(AsRef::as_ref).collect();
                let hint = match known.as_slice() {
                    [] => "it has no variable".to_owned(),
                    [only] => format!("its only variable is {only}"),
                    several => format!("its variables are {}", several.join(", ")),
                };
                Error::new(
                    ErrorKind::UnknownVariable,
                    format!("the formula has no variable '{name}'"),
                )
                .hint(hint)
            })
    }

    /// The graph that holds the formula.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The graph, to add derivatives to it.
    pub fn graph_mut(&mut self) -> &mut Graph {
        &mut self.graph
    }

    /// The node that is the formula.
    #[must_use]
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The formula as straight-line steps.
    #[must_use]
    pub fn program(&self) -> Program {
        Program::new(&self.graph, &[self.root])
    }
}

fn read_back(definition: &Definition) -> String {
    let body = text::print(&definition.body, Notation::Text);
    match &definition.name {
        None => body,
        Some(name) if definition.parameters.is_empty() => format!("{name} = {body}"),
        Some(name) => format!("{name}({}) = {body}", definition.parameters.join(", ")),
    }
}

/// What the names of one body stand for.
type Scope = HashMap<Arc<str>, NodeId>;

/// One text that is being put into the graph.
#[derive(Clone, Copy)]
struct Body<'a> {
    expr: &'a Expr,
    scope: &'a Scope,
    /// So many of the definitions may be used.
    known: usize,
    /// How deep in definitions and sums it stands.
    depth: usize,
}

struct Builder<'text> {
    graph: Graph,
    names: Vec<Arc<str>>,
    /// Where each of the names stands.
    inputs: HashMap<Arc<str>, usize>,
    earlier: &'text [Definition],
    /// What calls made before have given.
    calls: HashMap<(usize, Vec<NodeId>), NodeId>,
    /// Terms of sums so far.
    terms: usize,
    /// Parts that were put in place so far.
    visits: usize,
}

impl Builder<'_> {
    /// The parameters of the formula itself are inputs.
    fn parameters(&mut self, main: &Definition) -> Result<Scope, Error> {
        let mut scope = Scope::new();
        for (place, name) in main.parameters.iter().enumerate() {
            let input = self.graph.input(place);
            if scope.insert(Arc::clone(name), input).is_some() {
                return Err(Error::new(
                    ErrorKind::Syntax,
                    format!("the parameter '{name}' stands twice"),
                )
                .at(main.span));
            }
        }
        Ok(scope)
    }

    /// The graph of one expression.
    fn body(&mut self, body: Body<'_>, root: Option<ExprId>) -> Result<NodeId, Error> {
        let expr = body.expr;
        let Some(root) = root else {
            return Err(Error::new(ErrorKind::Syntax, "there is no formula"));
        };
        if body.depth > DEEPEST_NESTING {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("definitions and sums are nested deeper than {DEEPEST_NESTING}"),
            )
            .at(expr.span(root)));
        }
        let mut places: HashMap<ExprId, NodeId> = HashMap::new();
        let written = outside_sums(expr, root);
        self.visits = self.visits.saturating_add(written.len());
        if self.visits > MOST_NODES {
            return Err(too_large().at(expr.span(root)));
        }
        let inner = inner_of_chains(expr, &written);
        for id in written.into_iter().filter(|id| !inner.contains(id)) {
            let node = self.node(body, id, &places, &inner)?;
            if self.graph.len() > MOST_NODES {
                return Err(too_large().at(expr.span(id)));
            }
            places.insert(id, node);
        }
        Ok(places[&root])
    }

    fn node(
        &mut self,
        within: Body<'_>,
        id: ExprId,
        places: &HashMap<ExprId, NodeId>,
        inner: &HashSet<ExprId>,
    ) -> Result<NodeId, Error> {
        let expr = within.expr;
        let place = |argument: &ExprId| places[argument];
        Ok(match expr.kind(id) {
            ExprKind::Number(number) => self.graph.number(number.clone()),
            ExprKind::Constant(constant) => self.graph.constant(*constant),
            ExprKind::Name(name) => match within.scope.get(name) {
                Some(node) => *node,
                None => match self.defined(within, name) {
                    Some(found) => self.call(within, id, found, &[])?,
                    None => self.input(name),
                },
            },
            ExprKind::Apply(Operation::Add | Operation::Sub, _) => {
                let terms = leaves(expr, id, inner).into_iter();
                let signed = terms.map(|(leaf, negative)| {
                    let sign = if negative {
                        -Rational::ONE
                    } else {
                        Rational::ONE
                    };
                    (places[&leaf], sign)
                });
                let signed: Vec<_> = signed.collect();
                self.graph.sum(signed, Rational::ZERO)
            }
            ExprKind::Apply(operation, arguments) => {
                let arguments: Vec<NodeId> = arguments.iter().map(place).collect();
                self.graph.apply(*operation, &arguments)
            }
            ExprKind::Call(name, arguments) => {
                let arguments: Vec<NodeId> = arguments.iter().map(place).collect();
                let found = self.defined(within, name).ok_or_else(|| {
                    let message = format!("'{name}' is not defined before it is used");
                    Error::new(ErrorKind::UnknownName, message).at(expr.span(id))
                })?;
                self.call(within, id, found, &arguments)?
            }
            ExprKind::Sum {
                index,
                from,
                to,
                body,
            } => {
                let (first, last) = (
                    self.bound(expr, *from, place(from))?,
                    self.bound(expr, *to, place(to))?,
                );
                self.written_out(within, id, (index, first..=last), *body)?
            }
        })
    }

    /// The last definition of this name that may be used here.
    fn defined(&self, within: Body<'_>, name: &Arc<str>) -> Option<usize> {
        let mut earlier = self.earlier[..within.known].iter();
        earlier.rposition(|definition| definition.name.as_ref() == Some(name))
    }

    /// A sum term by term.
    fn written_out(
        &mut self,
        within: Body<'_>,
        id: ExprId,
        (index, values): (&Arc<str>, RangeInclusive<i64>),
        body: ExprId,
    ) -> Result<NodeId, Error> {
        let count = values
            .end()
            .saturating_sub(*values.start())
            .saturating_add(1);
        let count = usize::try_from(count).unwrap_or(0);
        self.terms = self.terms.saturating_add(count);
        if self.terms > MOST_TERMS {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("the sums have more than {MOST_TERMS} terms"),
            )
            .at(within.expr.span(id)));
        }
        let mut terms = Vec::new();
        for value in values {
            let mut scope = within.scope.clone();
            let counter = self.graph.number(value);
            scope.insert(Arc::clone(index), counter);
            let inside = Body {
                scope: &scope,
                depth: within.depth + 1,
                ..within
            };
            terms.push((self.body(inside, Some(body))?, Rational::ONE));
        }
        Ok(self.graph.sum(terms, Rational::ZERO))
    }

    fn bound(&self, expr: &Expr, id: ExprId, node: NodeId) -> Result<i64, Error> {
        self.graph
            .as_number(node)
            .and_then(Rational::to_i64)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Syntax,
                    "the bounds of a sum must be whole numbers",
                )
                .at(expr.span(id))
                .hint("write sum(i, 1, 10, x^i)")
            })
    }

    /// A definition put in place of its call.
    fn call(
        &mut self,
        caller: Body<'_>,
        id: ExprId,
        found: usize,
        arguments: &[NodeId],
    ) -> Result<NodeId, Error> {
        let definition = &self.earlier[found];
        if definition.parameters.len() != arguments.len() {
            let name = definition.name.as_deref().unwrap_or_default();
            let (takes, given) = (definition.parameters.len(), arguments.len());
            return Err(Error::new(
                ErrorKind::Arity,
                format!("'{name}' takes {takes} arguments, {given} are given"),
            )
            .at(caller.expr.span(id)));
        }
        let key = (found, arguments.to_vec());
        if let Some(known) = self.calls.get(&key) {
            return Ok(*known);
        }
        let scope: Scope = definition
            .parameters
            .iter()
            .cloned()
            .zip(arguments.iter().copied())
            .collect();
        if self.calls.len() >= MOST_CALLS {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("definitions are used more than {MOST_CALLS} times in all"),
            )
            .at(caller.expr.span(id)));
        }
        let body = Body {
            expr: &definition.body,
            scope: &scope,
            known: found,
            depth: caller.depth + 1,
        };
        let result = self.body(body, definition.body.root())?;
        self.calls.insert(key, result);
        Ok(result)
    }

    fn input(&mut self, name: &Arc<str>) -> NodeId {
        let next = self.names.len();
        let index = *self.inputs.entry(Arc::clone(name)).or_insert(next);
        if index == next {
            self.names.push(Arc::clone(name));
        }
        self.graph.input(index)
    }
}

fn too_large() -> Error {
    let message = format!("the formula has more than {MOST_NODES} parts");
    Error::new(ErrorKind::TooLarge, message)
}

/// Sums within sums, `a + b` in `a + b - c`, each used once: the whole chain is gathered at its end, since gathering it
/// at every sign would cost the square of its length.
fn inner_of_chains(expr: &Expr, written: &[ExprId]) -> HashSet<ExprId> {
    let mut uses: HashMap<ExprId, usize> = HashMap::new();
    let mut below_sums = HashSet::new();
    for id in written {
        if let ExprKind::Apply(operation, arguments) = expr.kind(*id) {
            for argument in arguments {
                *uses.entry(*argument).or_default() += 1;
                if is_sum(*operation) {
                    below_sums.insert(*argument);
                }
            }
        }
    }
    let inner = |id: &ExprId| {
        let sum = matches!(expr.kind(*id), ExprKind::Apply(operation, _) if is_sum(*operation));
        sum && uses.get(id) == Some(&1) && below_sums.contains(id)
    };
    written.iter().copied().filter(inner).collect()
}

fn is_sum(operation: Operation) -> bool {
    matches!(operation, Operation::Add | Operation::Sub)
}

/// The terms of a chain of sums, with whether they are subtracted.
fn leaves(expr: &Expr, root: ExprId, inner: &HashSet<ExprId>) -> Vec<(ExprId, bool)> {
    let mut leaves = Vec::new();
    let mut pending = vec![(root, false)];
    while let Some((id, negative)) = pending.pop() {
        match expr.kind(id) {
            ExprKind::Apply(operation, arguments) if id == root || inner.contains(&id) => {
                pending.push((arguments[1], negative != (*operation == Operation::Sub)));
                pending.push((arguments[0], negative));
            }
            _ => leaves.push((id, negative)),
        }
    }
    leaves
}

/// The nodes below `root` in an order that has arguments first; bodies of sums are left to their sums.
fn outside_sums(expr: &Expr, root: ExprId) -> Vec<ExprId> {
    let mut found = HashSet::new();
    let mut pending = vec![root];
    while let Some(id) = pending.pop() {
        // The middle of a chain of comparisons is used twice.
        if !found.insert(id) {
            continue;
        }
        match expr.kind(id) {
            ExprKind::Apply(_, arguments) | ExprKind::Call(_, arguments) => {
                pending.extend(arguments)
            }
            ExprKind::Sum { from, to, .. } => pending.extend([from, to]),
            ExprKind::Number(_) | ExprKind::Constant(_) | ExprKind::Name(_) => {}
        }
    }
    let mut found: Vec<ExprId> = found.into_iter().collect();
    found.sort_unstable();
    found
}
