//! The paths that a source text names, whole, as the compiler would read them: nested in braces, from `super`, within macros; not those in comments,
//! strings, or what is compiled for tests alone.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Modules of the standard library that are named by their own name where they are imported.
const STANDARD: [&str; 5] = ["env", "fs", "io", "process", "time"];

/// The paths that begin at a crate's root (`crate`, or through `super` from the module in which the text stands) or with `std`, each from its
/// root on: `crate::graph::Node`, `std::fs::File`. All of a module is `crate::graph::*`.
///
/// # Errors
/// Where the text is no Rust.
///
/// ```
/// let text = "use super::super::{graph::{Graph, rule}, number::Real}; fn f() { std::fs::read(self::g()) }";
/// assert_eq!(
///     xtask::paths::paths(text, &["text", "read"])?,
///     [
///         "crate::graph::Graph",
///         "crate::graph::rule",
///         "crate::number::Real",
///         "crate::text::read::g",
///         "std::fs::read"
///     ]
/// );
/// # Ok::<(), String>(())
/// ```
pub fn paths(source: &str, module: &[&str]) -> Result<Vec<String>, String> {
    let tokens: TokenStream = source.parse().map_err(|error| format!("{error}"))?;
    let mut reader = Reader { found: Vec::new() };
    let module: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
    reader.read(tokens, &module);
    reader.found.sort();
    reader.found.dedup();
    Ok(reader.found)
}

struct Reader {
    found: Vec<String>,
}

impl Reader {
    fn read(&mut self, tokens: TokenStream, module: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut place = 0;
        while place < tokens.len() {
            if is_for_tests(&tokens[place..]) {
                place += 2;
                // The item that this is said of: up to its braces, or its semicolon.
                while place < tokens.len() && !ends_item(&tokens[place]) {
                    place += 1;
                }
                place += 1;
                continue;
            }
            match &tokens[place..] {
                [
                    TokenTree::Ident(word),
                    TokenTree::Ident(name),
                    TokenTree::Group(body),
                    ..,
                ] if word == "mod" => {
                    let inner = [module, &[name.to_string()]].concat();
                    self.read(body.stream(), &inner);
                    place += 3;
                }
                [TokenTree::Ident(word), rest @ ..]
                    if is_colons(rest) && is_free(&tokens[..place]) =>
                {
                    let name = word.to_string();
                    place += match root(&name) {
                        Some(root) => self.tree(&tokens[place..], root, module),
                        None => 1,
                    };
                }
                [TokenTree::Group(group), ..] => {
                    self.read(group.stream(), module);
                    place += 1;
                }
                _ => place += 1,
            }
        }
    }

    /// Reads a path from its first word on, with all that braces at its end name; how many tokens it takes.
    fn tree(&mut self, tokens: &[TokenTree], begin: &[&str], module: &[String]) -> usize {
        let mut path: Vec<String> = begin.iter().map(|part| (*part).to_owned()).collect();
        let mut place = 0;
        loop {
            match tokens.get(place) {
                Some(TokenTree::Ident(word)) => match word.to_string().as_str() {
                    "crate" => path = vec!["crate".to_owned()],
                    "self" if path.is_empty() => path = absolute(module),
                    "self" => {}
                    "super" => {
                        if path.is_empty() {
                            path = absolute(module);
                        }
                        if path.len() > 1 {
                            path.pop();
                        }
                    }
                    word => path.push(word.to_owned()),
                },
                Some(TokenTree::Punct(star)) if star.as_char() == '*' => path.push("*".to_owned()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let begin: Vec<&str> = path.iter().map(String::as_str).collect();
                    for part in parts(group.stream()) {
                        self.tree(&part, &begin, module);
                    }
                    return place + 1;
                }
                // As `Vec::<f64>`, which names nothing more of this path.
                _ => {
                    self.note(&path);
                    return place;
                }
            }
            place += 1;
            if !is_colons(&tokens[place..]) {
                self.note(&path);
                return place;
            }
            place += 2;
        }
    }

    fn note(&mut self, path: &[String]) {
        if path
            .first()
            .is_some_and(|root| root == "crate" || root == "std")
        {
            self.found.push(path.join("::"));
        }
    }
}

/// Where a path with this first word begins, without that word where it is read again.
fn root(word: &str) -> Option<&'static [&'static str]> {
    match word {
        "crate" | "super" | "self" | "std" => Some(&[]),
        _ if STANDARD.contains(&word) => Some(&["std"]),
        _ => None,
    }
}

fn absolute(module: &[String]) -> Vec<String> {
    [&["crate".to_owned()], module].concat()
}

/// The tokens between commas.
fn parts(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',');
    tokens
        .split(is_comma)
        .filter(|part| !part.is_empty())
        .map(<[TokenTree]>::to_vec)
        .collect()
}

fn is_colons(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(a), TokenTree::Punct(b), ..] if a.as_char() == ':' && b.as_char() == ':')
}

/// Whether a path may begin behind these tokens: not within another, nor at the root of whoever calls a macro.
fn is_free(before: &[TokenTree]) -> bool {
    !matches!(before, [.., TokenTree::Punct(a), TokenTree::Punct(b)] if a.as_char() == ':' && b.as_char() == ':')
        && !matches!(before, [.., TokenTree::Punct(sign)] if matches!(sign.as_char(), '$' | '.'))
}

/// Whether an attribute begins here that keeps what follows for tests.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(sign), TokenTree::Group(attribute), ..] = tokens else {
        return false;
    };
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    sign.as_char() == '#' && (text == "cfg(test)" || text.starts_with("cfg(all(test"))
}

fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(sign) => sign.as_char() == ';',
        _ => false,
    }
}
