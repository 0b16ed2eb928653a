//! Runs every command of `spec/command.md`, `spec/steps.md`, `docs/rules.md` and of the README, and holds what it says against
//! what stands there. With `UPDATE=1` the documents are rewritten instead; a person reads the difference.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name)
}

/// Words as a shell parts them: by spaces, but for what stands in single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut quoted, mut within) = (false, false);
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                if !within {
                    words.push(String::new());
                }
                within = true;
            }
            ' ' if !quoted => within = false,
            c => {
                if !within {
                    words.push(String::new());
                }
                within = true;
                words.last_mut().unwrap().push(c);
            }
        }
    }
    words
}

/// What a command writes, messages first, and its exit status where it is not 0.
fn run(command: &str) -> String {
    let words = words(command);
    assert_eq!(words[0], "secant", "only secant is run: {command}");
    // Where the document runs a program, that is secant too.
    let own = Path::new(env!("CARGO_BIN_EXE_secant")).parent().unwrap();
    let known = std::env::var_os("PATH").unwrap_or_default();
    let known = std::env::split_paths(&known);
    let paths = std::env::join_paths(std::iter::once(own.to_owned()).chain(known)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_secant"))
        .args(&words[1..])
        .env("PATH", paths)
        .current_dir(document(""))
        .env_remove("NO_COLOR")
        .current_dir(document(""))
        .output()
        .unwrap();
    let mut told =
        String::from_utf8(output.stderr).unwrap() + std::str::from_utf8(&output.stdout).unwrap();
    match output.status.code() {
        Some(0) => {}
        Some(status) => writeln!(told, "[exit status {status}]").unwrap(),
        None => told.push_str("[no exit status]\n"),
    }
    told
}

/// The document with each answer as it is now.
fn answered(document: &str) -> (String, usize) {
    let mut now = String::new();
    let (mut within, mut commands) = (false, 0);
    for line in document.lines() {
        if let Some(command) = line.strip_prefix("$ ").filter(|_| within) {
            commands += 1;
            writeln!(now, "{line}").unwrap();
            now.push_str(&run(command));
        } else if line == "```console" {
            within = true;
            writeln!(now, "{line}").unwrap();
        } else if line == "```" && within {
            within = false;
            writeln!(now, "{line}").unwrap();
        } else if !within {
            writeln!(now, "{line}").unwrap();
        }
    }
    (now, commands)
}

/// Holds a document with at least so many commands against what they say now.
fn hold(name: &str, least: usize) {
    let written = std::fs::read_to_string(document(name)).unwrap();
    let (now, commands) = answered(&written);
    assert!(commands >= least, "only {commands} commands were found");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(document(name), now).unwrap();
        return;
    }
    for (place, (now, written)) in now.lines().zip(written.lines()).enumerate() {
        assert_eq!(
            now,
            written,
            "line {} of {name}; UPDATE=1 rewrites it",
            place + 1
        );
    }
    assert_eq!(now.lines().count(), written.lines().count());
}

#[test]
fn the_command_says_what_the_document_says() {
    hold("spec/command.md", 30);
}

#[test]
fn each_rule_has_an_example_that_the_document_shows() {
    hold("spec/steps.md", 20);
}

#[test]
fn each_rule_of_the_manual_is_shown_at_work() {
    hold("docs/rules.md", 14);
}

#[test]
fn the_command_says_what_the_readme_says() {
    hold("README.md", 5);
}

#[test]
fn a_changed_answer_is_seen() {
    let wrong = "```console\n$ secant derive 'x^2'\n3*x\n```\n";
    let (now, _) = answered(wrong);
    assert_eq!(now, "```console\n$ secant derive 'x^2'\n2*x\n```\n");
}
