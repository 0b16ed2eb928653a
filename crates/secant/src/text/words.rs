//! The words of a formula: the functions of the table by name, the words that the language keeps for
//! itself, and guesses at what a misspelled word was meant to be. It knows nothing of the text around them.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::characters::greek_letter;
use crate::elementary::Operation;
use crate::number::Constant;

/// Words that join parts of a formula and can name nothing.
pub(super) const KEPT: &[&str] = &["and", "or", "not", "if", "then", "else"];

/// Functions that are read though the table does not hold them.
pub(super) const SPECIAL: &[&str] = &["sum", "piecewise", "log"];

/// English words that begin like a function with its argument stuck to it, and are names all the same.
const ENGLISH: &[&str] = &[
    "cost", "costs", "sink", "sine", "sing", "sinh", "tank", "tang", "sect", "logo", "logs",
    "absx", "roots", "expo", "signs",
];

/// The function of the table with this name or alias.
pub(super) fn operation(name: &str) -> Option<Operation> {
    static TABLE: OnceLock<HashMap<&'static str, Operation>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for operation in Operation::ALL.iter().copied() {
            for alias in operation.aliases() {
                table.entry(*alias).or_insert(operation);
            }
        }
        table.extend(
            Operation::ALL
                .iter()
                .map(|operation| (operation.name(), *operation)),
        );
        table
    });
    table.get(name).copied()
}

/// The exact constant with this name.
pub(super) fn constant(name: &str) -> Option<Constant> {
    match name {
        "pi" | "Pi" | "PI" => Some(Constant::Pi),
        "e" => Some(Constant::E),
        _ => None,
    }
}

/// Whether a name is that of a function and reads as one symbol too, as `gamma` and `j0`: it calls the function only
/// directly before a bracket.
pub(super) fn is_lettered(name: &str) -> bool {
    operation(name).is_some() && is_symbol(name)
}

/// Whether a name reads as one symbol: a letter, Greek or not, perhaps with figures or an index after it.
pub(super) fn is_symbol(name: &str) -> bool {
    let base = name.split('_').next().unwrap_or(name);
    let base = base.trim_end_matches(|c: char| c.is_ascii_digit());
    base.chars().filter(|c| c.is_alphabetic()).count() <= 1
        || greek_letter(base).is_some()
        || base.starts_with(['Δ', 'δ'])
}

/// A function and the argument that is stuck to its name, as in `sinx` and `ln2`.
pub(super) fn stuck(name: &str) -> Option<(&str, &str)> {
    if name.len() > 24 || ENGLISH.contains(&name) {
        return None;
    }
    let ends = name.char_indices().map(|(end, _)| end).skip(2);
    ends.filter_map(|end| {
        let (function, argument) = name.split_at(end);
        let takes_one = operation(function).is_some_and(|operation| operation.arity() == 1)
            && !is_lettered(function);
        ((takes_one || function == "log") && is_short_argument(argument))
            .then_some((function, argument))
    })
    .last()
}

/// How others write a function that the table lacks: with one that it holds.
pub(super) fn by_others(name: &str) -> Option<&'static str> {
    match name {
        "acoth" | "arcoth" | "arccoth" => Some("atanh(1/x)"),
        "asech" | "arsech" | "arcsech" => Some("acosh(1/x)"),
        "acsch" | "arcsch" | "arccsch" => Some("asinh(1/x)"),
        _ => None,
    }
}

/// Figures, then one symbol at most.
fn is_short_argument(argument: &str) -> bool {
    let symbol = argument.trim_start_matches(|c: char| c.is_ascii_digit());
    symbol.is_empty()
        || constant(symbol).is_some()
        || (symbol.chars().all(char::is_alphabetic) && is_symbol(symbol))
}

/// The letters of a short name, or its constant and the rest, were they factors: `xy` as `x*y`.
pub(super) fn as_factors(name: &str) -> Option<String> {
    let letters = 2..=3;
    if !letters.contains(&name.len())
        || !name.bytes().all(|byte| byte.is_ascii_alphabetic())
        || greek_letter(name).is_some()
    {
        return None;
    }
    let (constant, rest) = match name.strip_prefix("pi") {
        Some(rest) => (Some("pi".to_owned()), rest),
        None => (None, name),
    };
    let factors: Vec<String> = constant
        .into_iter()
        .chain(rest.chars().map(String::from))
        .collect();
    Some(factors.join("*"))
}

/// The candidate most like the word, where one is like it at all.
pub(super) fn nearest<'c>(
    word: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    let word: Vec<char> = word.to_lowercase().chars().take(32).collect();
    let allowed = match word.len() {
        0..=1 => 0,
        2..=5 => 1,
        _ => 2,
    };
    candidates
        .map(|candidate| (edit_distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Every name that a call can have, for [`nearest`].
pub(super) fn function_names<'n>() -> impl Iterator<Item = &'n str> {
    let table = Operation::ALL.iter().flat_map(|operation| {
        std::iter::once(operation.name()).chain(operation.aliases().iter().copied())
    });
    table.chain(SPECIAL.iter().copied())
}

/// Letters to insert, drop, change or swap with their neighbour (optimal string alignment).
fn edit_distance(word: &[char], candidate: &str) -> usize {
    let candidate: Vec<char> = candidate.to_lowercase().chars().collect();
    let width = candidate.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..width).collect();
    for (row, letter) in word.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in candidate.iter().enumerate() {
            let change = above[column] + usize::from(letter != other);
            let mut best = change.min(above[column + 1] + 1).min(current[column] + 1);
            let swapped = row > 0
                && column > 0
                && word[row - 1] == *other
                && candidate[column - 1] == *letter;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[candidate.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stuck_to_functions_are_found() {
        assert_eq!(stuck("sinx"), Some(("sin", "x")));
        assert_eq!(stuck("ln2"), Some(("ln", "2")));
        assert_eq!(stuck("cos2pi"), Some(("cos", "2pi")));
        for name in ["sin", "signal", "cost", "x", "xy", "explain", "absent"] {
            assert_eq!(stuck(name), None, "{name}");
        }
    }

    #[test]
    fn the_nearest_word_is_suggested_and_no_far_one() {
        let nearest = |word| nearest(word, ["sin", "sqrt", "exp"].into_iter());
        assert_eq!(nearest("sqr"), Some("sqrt"));
        assert_eq!(nearest("SIN"), Some("sin"));
        assert_eq!(nearest("sni"), Some("sin"));
        assert_eq!(nearest("rate"), None);
    }
}
