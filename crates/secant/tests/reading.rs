//! `spec/reading.md` and `spec/latex.md` as tests: each row of their tables is an input as people type it,
//! how it is read, and what is told besides: other readings, or the error with its place and repair.
//!
//! With the variable `REWRITE` set, the rows are written anew from what the library says now; a person
//! then reads the difference.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::PathBuf;

use secant::{Notation, Parsed, parse, print};

fn document(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../spec")
        .join(name)
}

/// The cells of a table row; `\|` is a bar within a cell, and `\\|` one behind a backslash.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = vec![String::new()];
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&'|') => {
                characters.next();
                cells.last_mut().unwrap().push('|');
            }
            '|' => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    Some(cells.iter().map(|cell| cell.trim().to_owned()).collect())
}

/// The input of a row: code in its first cell, where `⏎` stands for a line end.
fn input(cells: &[String]) -> Option<String> {
    let code = cells.first()?.strip_prefix('`')?.strip_suffix('`')?;
    Some(code.trim_matches('`').replace('⏎', "\n"))
}

fn reading(parsed: &Parsed) -> String {
    let definitions = parsed.definitions.iter().map(|definition| {
        let body = print(&definition.body, Notation::Text);
        match &definition.name {
            None => body,
            Some(name) if definition.parameters.is_empty() => format!("{name} = {body}"),
            Some(name) => format!("{name}({}) = {body}", definition.parameters.join(", ")),
        }
    });
    definitions.collect::<Vec<_>>().join("; ")
}

/// What the library says of an input, as second and third cell.
fn answer(text: &str) -> [String; 2] {
    match parse(text) {
        Ok(parsed) => {
            let mut told = String::new();
            for ambiguity in &parsed.ambiguities {
                let separator = if told.is_empty() { "" } else { "; " };
                let span = ambiguity.span;
                write!(
                    told,
                    "{separator}{}..{}: `{}`, not `{}`",
                    span.start, span.end, ambiguity.taken, ambiguity.other
                )
                .unwrap();
            }
            [format!("`{}`", reading(&parsed)), told]
        }
        Err(error) => {
            let span = error.span().unwrap();
            let told = format!(
                "{}@{}..{}: {} ({})",
                error.kind().name(),
                span.start,
                span.end,
                error.message(),
                error.repair().unwrap_or("no hint"),
            );
            ["error".to_owned(), told]
        }
    }
}

fn row(cells: &[String]) -> String {
    let escaped: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |", escaped.join(" | "))
}

#[test]
fn inputs_are_read_as_the_document_says() {
    check("reading.md", 120);
}

#[test]
fn latex_is_read_as_the_document_says() {
    check("latex.md", 150);
}

/// Holds each row of a document against the library; the document has at least so many.
fn check(name: &str, least: usize) {
    let path = document(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut rows = 0;
    let mut rewritten = String::new();
    let mut failures = String::new();
    for (number, line) in text.lines().enumerate() {
        let Some((cells, input)) = cells(line).and_then(|cells| {
            let input = input(&cells)?;
            Some((cells, input))
        }) else {
            rewritten.push_str(line);
            rewritten.push('\n');
            continue;
        };
        rows += 1;
        let [reading, told] = answer(&input);
        let actual = vec![cells[0].clone(), reading, told];
        if actual != cells {
            let number = number + 1;
            writeln!(failures, "line {number}: the document says\n  {line}").unwrap();
            writeln!(failures, "the library says\n  {}\n", row(&actual)).unwrap();
        }
        rewritten.push_str(&row(&actual));
        rewritten.push('\n');
    }
    assert!(
        rows >= least,
        "only {rows} rows were found in {}",
        path.display()
    );
    if std::env::var_os("REWRITE").is_some() {
        std::fs::write(&path, rewritten).unwrap();
        return;
    }
    assert!(
        failures.is_empty(),
        "spec/{name} and the library differ:\n\n{failures}"
    );
}
