//! Numbers as they stand in pictures.

use secant_plot::Tex;

use crate::text;

/// A number short enough for a picture, with `=` or `≈` before it.
pub(crate) fn rounded(value: f64) -> Tex {
    rounded_beside(value, f64::INFINITY)
}

/// The same in as many digits as tell it from a neighbour so far away.
pub(crate) fn rounded_beside(value: f64, neighbour: f64) -> Tex {
    /// Digits behind the first.
    const FEWEST: usize = 2;
    const MOST: usize = 16;
    /// By this part of the distance it may seem to be elsewhere.
    const PART: f64 = 0.05;
    let whole = text::number(value);
    if whole.len() <= 7 && !whole.contains('e') {
        return Tex::new(format!("= {whole}"), format!("= {whole}"));
    }
    let with = |digits: usize| format!("{value:.digits$e}").parse::<f64>().ok();
    let is_near = |short: &f64| (short - value).abs() <= PART * neighbour;
    let mut shorter = (FEWEST..=MOST).filter_map(with).filter(is_near);
    let short = shorter.next().map_or(whole, text::number);
    let latex = in_latex(&short);
    if short.parse() == Ok(value) {
        return Tex::new(format!("= {latex}"), format!("= {short}"));
    }
    Tex::new(format!(r"\approx {latex}"), format!("≈ {short}"))
}

/// A number with all its digits.
pub(crate) fn latex_number(value: f64) -> String {
    in_latex(&text::number(value))
}

/// A number as text, its power of ten raised.
fn in_latex(number: &str) -> String {
    match number.split_once('e') {
        Some(("1", power)) => format!("10^{{{power}}}"),
        Some((digits, power)) => format!(r"{digits} \cdot 10^{{{power}}}"),
        None => number.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_from_its_neighbour() {
        let plain =
            |value: f64, neighbour: f64| rounded_beside(value, neighbour).plain().to_owned();
        assert_eq!(plain(20_000_002.0, f64::INFINITY), "≈ 20000000");
        assert_eq!(plain(20_000_002.0, 1.0), "= 20000002");
        assert_eq!(plain(1.000_001e9, 1e3), "= 1000001000");
        assert_eq!(plain(1.0 / 3.0, f64::INFINITY), "≈ 0.333");
        assert_eq!(plain(1.0 / 3.0, 1e-4), "≈ 0.33333");
    }
}
