//! Completions and manual pages, made from the definitions of the arguments.

use std::path::Path;

use crate::args::{Completions, Man, definition};
use crate::failure::Failure;
use crate::output::{self, Answer};

/// The completions of one shell.
pub(crate) fn completions(asked: &Completions) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut definition(), "secant", &mut script);
    Answer {
        text: String::from_utf8_lossy(&script).into_owned(),
        ..Answer::default()
    }
}

/// The manual page of the command; with a folder, a file for it and for each verb.
pub(crate) fn man(asked: &Man) -> Result<Answer, Failure> {
    let Some(folder) = &asked.dir else {
        let page = page(definition())?;
        return Ok(Answer {
            text: String::from_utf8_lossy(&page).into_owned(),
            ..Answer::default()
        });
    };
    std::fs::create_dir_all(folder).map_err(|reason| Failure::file(folder, &reason))?;
    output::write(&pages(folder)?)?;
    Ok(Answer::default())
}

fn pages(folder: &Path) -> Result<Vec<(std::path::PathBuf, Vec<u8>)>, Failure> {
    let mut command = definition();
    command.build();
    let mut pages = vec![(folder.join("secant.1"), page(definition())?)];
    let has_page = |verb: &&clap::Command| !verb.is_hide_set() && verb.get_name() != "help";
    for verb in command.get_subcommands().filter(has_page) {
        let name = format!("secant-{}", verb.get_name());
        pages.push((
            folder.join(format!("{name}.1")),
            page(verb.clone().display_name(name))?,
        ));
    }
    Ok(pages)
}

fn page(command: clap::Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let written = clap_mangen::Man::new(command).render(&mut page);
    written.map_err(|reason| {
        Failure::new(
            "output",
            format!("the manual page cannot be made: {reason}"),
        )
    })?;
    Ok(page)
}
