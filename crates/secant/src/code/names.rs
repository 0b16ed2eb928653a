//! Names that a language can take: of letters a to z, figures and underscores, none of its own words, none twice.

use std::collections::HashSet;

/// The names that are taken.
#[derive(Clone, Debug)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Where these words are taken already.
    pub(super) fn new(words: HashSet<String>) -> Self {
        Self(words)
    }

    /// A free name as like this one as can be, taken from now on.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let mut name = ascii(wanted);
        while !self.0.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// The first free name made of this letter and a number from `first` on, with the number after it.
    pub(super) fn numbered(&mut self, letter: char, first: usize) -> (String, usize) {
        let mut number = first;
        loop {
            let name = format!("{letter}{number}");
            number += 1;
            if self.0.insert(name.clone()) {
                return (name, number);
            }
        }
    }
}

/// The name with every other character told by its number in Unicode.
fn ascii(name: &str) -> String {
    let mut told = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() || character == '_' {
            told.push(character);
        } else {
            told.push_str(&format!("u{:x}", u32::from(character)));
        }
    }
    if !told.starts_with(|first: char| first.is_ascii_alphabetic()) {
        told.insert(0, 'v');
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_given_twice_and_none_of_the_language() {
        let mut names = Names::new(HashSet::from(["lambda".to_owned()]));
        assert_eq!(names.claim("lambda"), "lambda_");
        assert_eq!(names.claim("x"), "x");
        assert_eq!(names.claim("x"), "x_");
        assert_eq!(names.claim("Ж'"), "u416u27");
        assert_eq!(names.claim("_1"), "v_1");
        assert_eq!(names.claim("t2"), "t2");
        assert_eq!(names.numbered('t', 2), ("t3".to_owned(), 4));
    }
}
