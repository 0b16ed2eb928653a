//! How formulas look in the three notations.

use crate::text::{Notation, parse, print};

#[test]
fn formulas_look_as_in_a_textbook() {
    let rows = [
        ("2x^2", "2*x^2", "2x²", "2x^{2}"),
        ("sin(x)/x", "sin(x)/x", "sin(x)/x", r"\frac{\sin x}{x}"),
        ("√x", "sqrt(x)", "√x", r"\sqrt{x}"),
        (
            "√(x+1)^3",
            "sqrt(x + 1)^3",
            "(√(x + 1))³",
            r"\sqrt{x + 1}^{3}",
        ),
        ("|x|", "abs(x)", "|x|", r"\left|x\right|"),
        ("sin^2 x", "sin(x)^2", "sin(x)²", r"\sin^{2} x"),
        ("sin(2x)", "sin(2*x)", "sin(2x)", r"\sin 2x"),
        (
            "sin(x+1)",
            "sin(x + 1)",
            "sin(x + 1)",
            r"\sin\left(x + 1\right)",
        ),
        ("sin(x) y", "sin(x)*y", "sin(x)·y", r"\sin\left(x\right) y"),
        (
            "sin x cos x",
            "sin(x)*cos(x)",
            "sin(x)·cos(x)",
            r"\sin x \cos x",
        ),
        ("exp(-x)", "exp(-x)", "exp(−x)", "e^{-x}"),
        ("exp(x)^2", "exp(x)^2", "exp(x)²", r"\left(e^{x}\right)^{2}"),
        ("k_B T", "k_B*T", "k_B·T", r"k_{B} T"),
        (
            "α₁ + beta",
            "alpha_1 + beta",
            "α₁ + β",
            r"\alpha_{1} + \beta",
        ),
        ("rate t", "rate*t", "rate·t", r"\mathrm{rate} \cdot t"),
        ("x1 - x2", "x1 - x2", "x1 − x2", "x_{1} - x_{2}"),
        ("-x^-2", "-x^-2", "−x⁻²", "-x^{-2}"),
        ("x*-2", "x*(-2)", "x·(−2)", r"x \left(-2\right)"),
        ("2*3", "2*3", "2·3", r"2 \cdot 3"),
        ("2*3^x", "2*3^x", "2·3^x", r"2 \cdot 3^{x}"),
        (
            "(x+1)(x-2)",
            "(x + 1)*(x - 2)",
            "(x + 1)·(x − 2)",
            r"\left(x + 1\right) \left(x - 2\right)",
        ),
        ("1/x^2", "1/x^2", "1/x²", r"\frac{1}{x^{2}}"),
        (
            "(x/y)^2",
            "(x/y)^2",
            "(x/y)²",
            r"\left(\frac{x}{y}\right)^{2}",
        ),
        ("2 (x/y)", "2*(x/y)", "2·(x/y)", r"2 \cdot \frac{x}{y}"),
        ("x^(1/3)", "x^(1/3)", "x^(1/3)", r"x^{\frac{1}{3}}"),
        ("π r²", "pi*r^2", "π·r²", r"\pi r^{2}"),
        ("root(x, 5)", "root(x, 5)", "root(x, 5)", r"\sqrt[5]{x}"),
        ("x < 1", "x < 1", "x < 1", "x < 1"),
        ("1e-7 x", "1e-7*x", "1e-7x", r"1 \cdot 10^{-7}x"),
        ("2e", "2*e", "2·e", "2e"),
        (
            "sum(i, 1, n, x^i)",
            "sum(i, 1, n, x^i)",
            "sum(i, 1, n, xⁱ)",
            r"\sum_{i = 1}^{n} x^{i}",
        ),
        ("Δt/2", "Δt/2", "Δt/2", r"\frac{\Delta t}{2}"),
        (
            "if x < 0 then -x else x",
            "piecewise(x < 0, -x, x)",
            "piecewise(x < 0, −x, x)",
            r"\begin{cases} -x & \text{if } x < 0 \\ x & \text{otherwise} \end{cases}",
        ),
    ];
    for (typed, text, unicode, latex) in rows {
        let body = &parse(typed).unwrap().definitions[0].body;
        assert_eq!(print(body, Notation::Text), text, "{typed}");
        assert_eq!(print(body, Notation::Unicode), unicode, "{typed}");
        assert_eq!(print(body, Notation::Latex), latex, "{typed}");
    }
}

#[test]
fn nothing_is_printed_of_an_empty_formula() {
    assert_eq!(print(&crate::Expr::default(), Notation::Text), "");
}

#[test]
fn mathml_gives_each_element_its_children() {
    let rows = [
        (
            "2x^2",
            "<mn>2</mn><mo>&#x2062;</mo><msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>",
        ),
        (
            "stiffness*length",
            "<mi>stiffness</mi><mo>·</mo><mi>length</mi>",
        ),
        (
            "1/(x+1)",
            "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow></mfrac>",
        ),
        ("√x < 1", "<msqrt><mi>x</mi></msqrt><mo>&lt;</mo><mn>1</mn>"),
        (
            "α_1 - x1",
            "<msub><mi>α</mi><mn>1</mn></msub><mo>−</mo><msub><mi>x</mi><mn>1</mn></msub>",
        ),
        (
            "sin^2 x",
            "<msup><mi mathvariant=\"normal\">sin</mi><mrow><mn>2</mn></mrow></msup><mo>&#x2061;</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>",
        ),
        (
            "root(x, 5)",
            "<mroot><mrow><mi>x</mi></mrow><mrow><mn>5</mn></mrow></mroot>",
        ),
    ];
    for (typed, expected) in rows {
        let body = &parse(typed).unwrap().definitions[0].body;
        assert_eq!(print(body, Notation::Mathml), expected, "{typed}");
    }
}

#[test]
fn functions_of_several_are_written_with_all_their_arguments_in_every_notation() {
    for name in ["min", "max", "hypot", "logsumexp"] {
        let body = &parse(&format!("{name}(a, b, c)")).unwrap().definitions[0].body;
        for (notation, open) in [
            (Notation::Text, "("),
            (Notation::Unicode, "("),
            (Notation::Latex, "\\left("),
            (Notation::Mathml, "<mo>(</mo>"),
        ] {
            let printed = print(body, notation);
            assert_eq!(printed.matches(open).count(), 1, "{printed}");
        }
    }
}

#[test]
fn a_formula_too_long_for_mathml_leaves_no_element_open() {
    let text = format!("exp({})", vec!["sin(x)"; 40_000].join(" + "));
    let body = &parse(&text).unwrap().definitions[0].body;
    assert_eq!(print(body, Notation::Mathml), "<mtext>…</mtext>");
}
