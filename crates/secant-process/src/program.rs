//! [`Program`]: what is run at a point, spelled out. Values are put in after the words are parted, so that nothing in
//! them is ever a word or a sign of its own; a shell sees the command only where one is asked for.

use std::fmt;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::output::{Reading, Unread};
use crate::run::{self, Failed};

/// A command that cannot be run as it is written: why, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    message: String,
    hint: String,
}

impl Refused {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}

/// A program with places for its inputs, written `{x}`, and how its output is read.
#[derive(Clone, Debug)]
pub struct Program {
    command: String,
    words: Vec<String>,
    names: Vec<String>,
    in_shell: bool,
    json: bool,
    template: Option<Template>,
    in_own_folder: bool,
    reading: Reading,
    timeout: Option<Duration>,
    retries: u32,
}

/// A parameter file: what it is called, and its text with places for the inputs.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) name: String,
    text: String,
}

/// The place of the parameter file in a command.
const FILE: &str = "file";

impl Program {
    /// A command whose words are parted by blanks and quotes as a shell parts them; `{x}` within a word stands for
    /// the input x. Nothing passes through a shell.
    ///
    /// # Errors
    /// Where the command is empty, has an open quote, or has a place for an input that is none.
    pub fn new(command: &str, names: &[&str]) -> Result<Self, Refused> {
        let words = shell_words::split(command).map_err(|_| {
            Refused::new(
                "a quote in the command is never closed",
                "close it, or write \\\" for the sign",
            )
        })?;
        if words.first().is_none_or(String::is_empty) {
            return Err(Refused::new(
                "the command is empty",
                "write a program and its arguments, such as './simulate {x}'",
            ));
        }
        let program = Self {
            command: command.to_owned(),
            words,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            in_shell: false,
            json: false,
            template: None,
            in_own_folder: false,
            reading: Reading::Last,
            timeout: None,
            retries: 0,
        };
        program.check_places(command, "command", &[FILE])?;
        Ok(program)
    }

    /// The same, run by `sh -c`: pipes and redirections hold, and the values are parts of that text.
    #[must_use]
    pub fn in_shell(self) -> Self {
        Self {
            in_shell: true,
            ..self
        }
    }

    /// The same, with the inputs on standard input as one JSON object: `{"x":2,"y":3}`.
    #[must_use]
    pub fn with_json(self) -> Self {
        Self { json: true, ..self }
    }

    /// The same, with a file of this name made of this text for each run, its places filled in. `{file}` in the command is its
    /// path; each run has a file of its own, so that runs may go side by side. Where the program looks for that name where it
    /// runs, ask for [`in_own_folder`](Self::in_own_folder) first: that is where the file then lies.
    ///
    /// # Errors
    /// Where the text has a place for an input that is none, where the name is no name of a file, or where the command does not
    /// name the file and would not find it.
    pub fn with_template(self, name: &str, text: &str) -> Result<Self, Refused> {
        self.check_places(text, "parameter file", &[])?;
        let is_name = Path::new(name).file_name().is_some_and(|file| file == name);
        if !is_name {
            return Err(Refused::new(
                format!("'{name}' is no name of a parameter file"),
                "write a name without a folder, such as input.txt",
            ));
        }
        if !self.in_own_folder && !self.command.contains("{file}") {
            return Err(Refused::new(
                "the command does not name its parameter file",
                "write {file} where its path belongs, or give --parameter-file with the name that the program looks for",
            ));
        }
        Ok(Self {
            template: Some(Template {
                name: name.to_owned(),
                text: text.to_owned(),
            }),
            ..self
        })
    }

    /// The same, with an empty folder for each run to work in, which is removed when the run is over. A program that is named by a
    /// path is still found from where this process works.
    #[must_use]
    pub fn in_own_folder(self) -> Self {
        Self {
            in_own_folder: true,
            ..self
        }
    }

    /// The same, with its output read in this way.
    #[must_use]
    pub fn reading(self, reading: Reading) -> Self {
        Self { reading, ..self }
    }

    /// The same, ended after this time.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self {
            timeout: Some(timeout),
            ..self
        }
    }

    /// The same, run again up to so many times where it fails.
    #[must_use]
    pub fn retries(self, retries: u32) -> Self {
        Self { retries, ..self }
    }

    /// What it makes of one run at a point, by whatever reads its output; ended early where `stop` becomes true.
    ///
    /// # Errors
    /// Where the run fails, and where nothing can be read of what it printed.
    pub fn answer<T>(
        &self,
        at: &[f64],
        stop: &AtomicBool,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Failed> {
        run::run(self, at, stop, |output| {
            read(output).ok_or(Unread::NoNumber)
        })
    }

    /// Inputs that the program never sees, which would have a slope of 0 for no good reason.
    #[must_use]
    pub fn unseen(&self) -> Vec<&str> {
        let seen = |name: &&String| {
            let place = format!("{{{name}}}");
            let template = self.template.as_ref();
            let is_filled_in = template.is_some_and(|template| template.text.contains(&place));
            !self.json && !self.command.contains(&place) && !is_filled_in
        };
        self.names.iter().filter(seen).map(String::as_str).collect()
    }

    /// What makes one run the same as another, but for the values.
    pub(crate) fn key(&self) -> String {
        let template = self.template.as_ref();
        let template = template.map(|template| (&template.name, &template.text));
        format!(
            "{:?}",
            (
                &self.command,
                &self.names,
                self.in_shell,
                self.json,
                template,
                self.in_own_folder,
                self.reading.key()
            )
        )
    }

    pub(crate) fn limits(&self) -> (Option<Duration>, u32) {
        (self.timeout, self.retries)
    }

    pub(crate) fn read(&self, output: &str) -> Result<f64, Unread> {
        self.reading.read(output)
    }

    /// The name of the parameter file, and what it holds at a point.
    pub(crate) fn parameters(&self, at: &[f64]) -> Option<(&str, String)> {
        let template = self.template.as_ref()?;
        Some((&template.name, self.fill(&template.text, at, "")))
    }

    pub(crate) fn has_own_folder(&self) -> bool {
        self.in_own_folder
    }

    /// The words at a point.
    pub(crate) fn words(&self, at: &[f64], file: &str) -> Vec<String> {
        if self.in_shell {
            return vec![
                "sh".to_owned(),
                "-c".to_owned(),
                self.fill(&self.command, at, file),
            ];
        }
        self.words
            .iter()
            .map(|word| self.fill(word, at, file))
            .collect()
    }

    /// What the program reads from standard input.
    pub(crate) fn input(&self, at: &[f64]) -> Option<String> {
        let pair = |(name, value): (&String, &f64)| {
            // A name is text, and every text can be written.
            let name = serde_json::to_string(name).unwrap_or_default();
            format!("{name}:{}", number(*value))
        };
        let pairs: Vec<String> = self.names.iter().zip(at).map(pair).collect();
        self.json.then(|| format!("{{{}}}\n", pairs.join(",")))
    }

    fn fill(&self, text: &str, at: &[f64], file: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = next_place(rest) {
            filled.push_str(before);
            match self.names.iter().position(|known| known == name) {
                Some(place) => filled.push_str(
                    &at.get(place)
                        .map(|value| number(*value))
                        .unwrap_or_default(),
                ),
                None => filled.push_str(file),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// That each place of a text, called `whole`, is for an input or one of these.
    fn check_places(&self, text: &str, whole: &str, others: &[&str]) -> Result<(), Refused> {
        let mut rest = text;
        while let Some((_, name, after)) = next_place(rest) {
            if !others.contains(&name) && !self.names.iter().any(|known| known == name) {
                return Err(Refused::new(
                    format!("{{{name}}} stands in the {whole}, and no input has this name"),
                    format!("the inputs are {}", self.names.join(", ")),
                ));
            }
            rest = after;
        }
        Ok(())
    }
}

/// The first `{name}` of a text, with what stands before and after. Other braces, as in JSON, are no places.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    for (start, _) in text.match_indices('{') {
        let end = start + text[start..].find('}')?;
        let name = &text[start + 1..end];
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name {
            return Some((&text[..start], name, &text[end + 1..]));
        }
    }
    None
}

/// The shortest figures that read back as the same number.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 || (1e-4..1e16).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}
