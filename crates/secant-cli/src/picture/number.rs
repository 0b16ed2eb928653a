//! Numbers as they stand in pictures.

use secant_plot::Tex;

use crate::text;

/// A number short enough for a picture, with `=` or `≈` before it.
pub(crate) fn rounded(value: f64) -> Tex {
    let whole = text::number(value);
    if whole.len() <= 7 && !whole.contains('e') {
        return Tex::new(format!("= {whole}"), format!("= {whole}"));
    }
    let short = format!("{value:.2e}").parse().map_or(whole, text::number);
    let latex = match short.split_once('e') {
        Some(("1", power)) => format!("10^{{{power}}}"),
        Some((digits, power)) => format!(r"{digits} \cdot 10^{{{power}}}"),
        None => short.clone(),
    };
    if short.parse() == Ok(value) {
        return Tex::new(format!("= {latex}"), format!("= {short}"));
    }
    Tex::new(format!(r"\approx {latex}"), format!("≈ {short}"))
}

/// `name = value` with four digits behind the point, so that only digits change.
pub(crate) fn reading(latex: &str, plain: &str, value: f64) -> Tex {
    let size = value.abs();
    if size == 0.0 || (1e-4..1e5).contains(&size) {
        let value = format!("{value:.4}");
        Tex::new(format!("{latex} = {value}"), format!("{plain} = {value}"))
    } else {
        let value = rounded(value);
        Tex::new(
            format!("{latex} {}", value.latex()),
            format!("{plain} {}", value.plain()),
        )
    }
}
