//! What secant prints as LaTeX it reads again as the same: every formula of the spec documents, and every
//! derivative of them.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod common;

use std::sync::Arc;

use common::{document, sections};
use secant::{Expr, ExprKind, Formula, Graph, NodeId, Notation, Operation, Span, parse, print};

/// A name as LaTeX sets it.
fn set(name: &Arc<str>) -> String {
    let mut expr = Expr::default();
    expr.push(ExprKind::Name(name.clone()), Span::new(0, 0));
    print(&expr, Notation::Latex)
}

/// What was read of a text that defines one function of all names.
fn graph(text: &str) -> String {
    let formula = Formula::parse(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    formula.graph().text(formula.root())
}

/// A name with figures, as LaTeX gives it back: `T1` is set as `T_1` is.
fn indexed(name: &str) -> String {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    match letters.len() < name.len() && !name.contains('_') {
        true => format!("{letters}_{}", &name[letters.len()..]),
        false => name.to_owned(),
    }
}

/// The same formula with the sign of a quotient in front of it, where LaTeX sets it, and names likewise.
fn signs_in_front(expr: &Expr) -> Expr {
    let mut moved = Expr::default();
    let mut places = Vec::new();
    for id in 0..expr.len() {
        let kind = match expr.kind(id) {
            ExprKind::Apply(operation, parts) => {
                let above = parts.first().map(|above| expr.kind(*above));
                let mut parts: Vec<_> = parts.iter().map(|part| places[*part]).collect();
                if let (Operation::Div, Some(ExprKind::Apply(Operation::Neg, positive))) =
                    (operation, above)
                {
                    parts[0] = places[positive[0]];
                    let quotient =
                        moved.push(ExprKind::Apply(Operation::Div, parts), expr.span(id));
                    ExprKind::Apply(Operation::Neg, vec![quotient])
                } else {
                    ExprKind::Apply(*operation, parts)
                }
            }
            ExprKind::Name(name) => ExprKind::Name(indexed(name).into()),
            leaf => leaf.clone(),
        };
        places.push(moved.push(kind, expr.span(id)));
    }
    moved
}

/// The same node out of its plain text and out of its LaTeX.
fn both(source: &Graph, root: NodeId) -> [String; 2] {
    let heading = |names: Vec<String>| match names.is_empty() {
        true => String::new(),
        false => format!("F_1({}) = ", names.join(", ")),
    };
    let plain = heading(source.names().iter().map(|name| indexed(name)).collect());
    let latex = heading(source.names().iter().map(set).collect());
    [
        graph(&format!(
            "{plain}{}",
            print(&signs_in_front(&source.expression(root)), Notation::Text)
        )),
        graph(&format!(
            "\\displaystyle {latex}{}",
            source.written(root, Notation::Latex)
        )),
    ]
}

#[test]
fn formulas_and_their_derivatives_come_back_out_of_latex() {
    let mut checked = 0;
    for name in ["spec/formulas.md", "spec/points.md"] {
        for section in sections(&document(name)) {
            let text = section.field("formula").unwrap();
            let mut formula = Formula::parse(text).unwrap();
            let root = formula.root();
            let inputs = formula.variables().len();
            let graph = formula.graph_mut();
            let mut roots = vec![root];
            for input in 0..inputs {
                let slope = graph.derivative(root, input);
                roots.extend([slope, graph.derive(root, &[input]).roots[0]]);
            }
            for root in roots {
                let [plain, latex] = both(graph, root);
                assert_eq!(
                    plain,
                    latex,
                    "{text} as {}",
                    graph.written(root, Notation::Latex)
                );
                checked += 1;
            }
        }
    }
    assert!(
        checked > 500,
        "only {checked} formulas were held against their LaTeX"
    );
}

#[test]
fn what_is_written_by_hand_comes_back_without_a_doubt() {
    for section in sections(&document("spec/formulas.md")) {
        let text = section.field("formula").unwrap();
        let body = parse(text).unwrap().definitions.pop().unwrap().body;
        let latex = print(&body, Notation::Latex);
        let again = parse(&format!("\\displaystyle {latex}")).unwrap();
        assert_eq!(again.ambiguities, [], "{text} as {latex}");
    }
}

#[test]
fn what_stands_behind_a_line_end_is_only_taken_for_a_height_where_it_is_one() {
    let value = |text: &str| {
        let formula = Formula::parse(text).unwrap();
        formula.program().value(&[1.5])
    };
    assert_eq!(
        value(r"\begin{cases} 1 & x < 1 \\[4pt] 2 & \text{otherwise} \end{cases}"),
        2.0
    );
    assert_eq!(
        value(r"\begin{cases} 1 & x < 1 \\[-0.5 ex] 2 & \text{otherwise} \end{cases}"),
        2.0
    );
    assert_eq!(
        value(r"\begin{cases} 1 & x < 1 \\[.3\baselineskip] 2 & \text{otherwise} \end{cases}"),
        2.0
    );
    // Not a height: brackets of the formula.
    assert_eq!(
        value(r"\begin{cases} 1 & x < 1 \\ [x + 1] & \text{otherwise} \end{cases}"),
        2.5
    );
    assert_eq!(
        value(r"\begin{cases} 1 & x < 1 \\[x + 1] & \text{otherwise} \end{cases}"),
        2.5
    );
    for cut in [r"a = 2 \\[ 3a", r"a = 2 \\[4pt 3a", r"a = 2 \\["] {
        let error = Formula::parse(cut).unwrap_err().to_string();
        assert!(
            error.contains("bracket") || error.contains('['),
            "{cut}: {error}"
        );
    }
}
