//! What a command reads and what it writes, file by file. Every verb passes here before its work begins: no file is written that is also read, none
//! is written twice, and each has a folder to lie in.

use std::path::{Path, PathBuf};

use crate::args::{Drawing, External, Verb};
use crate::failure::Failure;
use crate::network;

/// A file, and the option or argument that names it.
struct Named {
    by: &'static str,
    path: PathBuf,
}

/// The files of a command.
#[derive(Default)]
struct Files {
    read: Vec<Named>,
    /// Checkpoints, logs and journals too, which a run that goes on reads first: they are its own.
    written: Vec<Named>,
}

/// That what is written leaves what is read as it is, and one another.
///
/// # Errors
/// Where two names lead to one file of which one is written to.
pub(crate) fn kept_apart(verb: &Verb) -> Result<(), Failure> {
    let Files { read, written } = Files::of(verb);
    for (place, output) in written.iter().enumerate() {
        let file = place_of(&output.path);
        let leads_there = |other: &&Named| place_of(&other.path) == file;
        if let Some(input) = read.iter().find(leads_there) {
            return Err(refused(output, input, "read"));
        }
        if let Some(earlier) = written[..place].iter().find(leads_there) {
            return Err(refused(output, earlier, "written"));
        }
        placed(&output.path)?;
    }
    Ok(())
}

/// That a file can have this place: it is no folder itself, and lies in one. What else may keep it from being written shows when it is.
fn placed(path: &Path) -> Result<(), Failure> {
    let refused = |why: String| {
        let message = format!("'{}' cannot be written: {why}", path.display());
        Err(Failure::new("file", message))
    };
    if path.is_dir() {
        return refused("it is a folder".to_owned());
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            refused(format!("there is no folder '{}'", folder.display()))
        }
        _ => Ok(()),
    }
}

fn refused(output: &Named, other: &Named, is: &str) -> Failure {
    let own = output.path.display();
    let same = if output.path == other.path {
        String::new()
    } else {
        format!(", which is '{}'", other.path.display())
    };
    let message = format!(
        "{} would write over '{own}'{same}, a file that is {is} as {}",
        output.by, other.by
    );
    Failure::new("setting", message).hint(format!("give {} another name", output.by))
}

/// The place of a file, however it is named. What is not there yet has a folder that is.
fn place_of(path: &Path) -> PathBuf {
    if let Ok(place) = path.canonicalize() {
        return place;
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (whole.parent().map(Path::canonicalize), whole.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => whole,
    }
}

impl Files {
    fn of(verb: &Verb) -> Self {
        let mut files = Self::default();
        match verb {
            Verb::Tangents(asked) => files.draws(&asked.drawing),
            Verb::Slope(asked) => {
                files.reads("--data", &asked.rows.data);
                files.writes("--output", &asked.rows.output);
                files.runs(&asked.external);
            }
            Verb::Derive(asked) => files.writes("--output", &asked.output),
            Verb::Step(asked) => files.draws(&asked.drawing),
            Verb::Taylor(asked) => files.draws(&asked.drawing),
            Verb::Descend(asked) => files.draws(&asked.drawing),
            Verb::Check(asked) => {
                files.reads("--gradient-file", &asked.gradient_file);
                files.runs(&asked.external);
            }
            Verb::Fit(asked) => {
                files.reads("DATA", [&asked.data]);
                files.writes("--rows", &asked.rows);
                files.draws(&asked.drawing);
            }
            Verb::Train(asked) => {
                files.learns(&asked.learned);
                files.writes("--checkpoint", &asked.checkpoint);
                files.writes("--log", &asked.log);
                files.writes("--save", &asked.save);
                files.draws(&asked.drawing);
            }
            Verb::Impact(asked) => {
                files.learns(&asked.learned);
                files.writes("--each", &asked.each);
                files.draws(&asked.drawing);
            }
            Verb::Landscape(asked) => {
                files.learns(&asked.learned);
                files.draws(&asked.drawing);
            }
            Verb::CheckNetwork(asked) => {
                files.learns(&asked.learned);
                files.reads("--gradient", &asked.gradient);
            }
            Verb::Completions(_) | Verb::Man(_) => {}
        }
        files
    }

    fn reads<'a>(&mut self, by: &'static str, paths: impl IntoIterator<Item = &'a PathBuf>) {
        let named = paths.into_iter().cloned().map(|path| Named { by, path });
        self.read.extend(named);
    }

    fn writes<'a>(&mut self, by: &'static str, paths: impl IntoIterator<Item = &'a PathBuf>) {
        let named = paths.into_iter().cloned().map(|path| Named { by, path });
        self.written.extend(named);
    }

    fn draws(&mut self, drawing: &Drawing) {
        self.writes("--output", &drawing.output);
    }

    fn runs(&mut self, external: &External) {
        self.reads("--template", &external.template);
        self.writes("--journal", &external.journal);
    }

    fn learns(&mut self, learned: &network::args::Learned) {
        // Where network and samples cannot be told apart, the verb says so.
        if let Ok((model, data)) = network::sources(learned) {
            self.reads("MODEL", &model);
            self.reads(
                if learned.data.is_some() {
                    "--data"
                } else {
                    "DATA"
                },
                [&data],
            );
        }
        self.reads("--targets", &learned.targets);
    }
}
