//! The command `secant`: arguments in, text out. It computes no answer: the libraries give every number that is told, `secant-plot`
//! draws, and this crate reads what was asked and writes what was found.

mod apart;
mod args;
mod asked;
mod check;
mod data;
mod derive;
mod descend;
mod failure;
mod fit;
mod interrupt;
mod json;
mod manual;
mod network;
mod output;
mod page;
mod picture;
mod points;
mod program;
mod progress;
mod reading;
mod screen;
mod slope;
mod step;
mod table;
mod tangents;
mod taylor;
mod text;

use std::process::ExitCode;

use args::Verb;
use failure::Failure;
use output::Answer;

fn main() -> ExitCode {
    let command = match args::parse() {
        Ok(command) => command,
        Err(refused) => return failure::usage(&refused),
    };
    let style = command.verb.style();
    match answer(&command.verb).and_then(|answer| output::tell(&answer, style)) {
        Ok(status) => status,
        Err(failure) => failure.tell(style),
    }
}

fn answer(verb: &Verb) -> Result<Answer, Failure> {
    apart::kept_apart(verb)?;
    match verb {
        Verb::Tangents(asked) => tangents::run(asked),
        Verb::Slope(asked) => slope::run(asked),
        Verb::Derive(asked) => derive::run(asked),
        Verb::Step(asked) => step::run(asked),
        Verb::Taylor(asked) => taylor::run(asked),
        Verb::Descend(asked) => descend::run(asked),
        Verb::Check(asked) => check::run(asked),
        Verb::Fit(asked) => fit::run(asked),
        Verb::Train(asked) => network::train(asked),
        Verb::Impact(asked) => network::impact(asked),
        Verb::Landscape(asked) => network::landscape(asked),
        Verb::CheckNetwork(asked) => network::check(asked),
        Verb::Completions(asked) => Ok(manual::completions(asked)),
        Verb::Man(asked) => manual::man(asked),
    }
}
