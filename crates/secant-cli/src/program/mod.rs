//! Programs in the place of a formula: what is run, from the arguments (`--command`, `--template`, `--jobs`, …), and its runs.
//! What is differentiated of them stands in [`slope`] and in [`crate::check`].

mod progress;
mod runs;
pub(crate) mod slope;

use std::time::Duration;

use secant::{Differences, Formula};
use secant_process::{Program, Reading, Refused, Study};

use crate::args::External;
use crate::failure::{Failure, Source, visible};
use crate::points::{self, Points};
use crate::reading::Warning;
use crate::text;

pub(crate) use runs::{Runs, Sampled};

/// A program, where it is looked at, and its runs.
pub(crate) struct Opened {
    /// The inputs by their names, as those of a formula; what it says of them is never asked.
    pub(crate) inputs: Formula,
    pub(crate) at: Vec<f64>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) runs: Runs,
}

/// Reads what is to be run, and where.
pub(crate) fn open(
    command: &str,
    at: &[String],
    external: &External,
    verb: &str,
) -> Result<Opened, Failure> {
    let names = names(at)?;
    let inputs = Formula::parse(&format!("f({}) = 0", names.join(", "))).map_err(|error| {
        Failure::new(error.kind().name(), error.message())
            .hint("name the inputs in --at with plain names, such as x=2")
    })?;
    let points = Points::read("--at", at, &inputs, false)?;
    let place = points.only(verb, at)?.to_vec();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let program = program(command, &names, external)?;
    if let Some(name) = program.unseen().first() {
        return Err(
            Failure::new("setting", format!("the program never sees {name}")).hint(format!(
                "write {{{name}}} where its value belongs, or give --stdin json"
            )),
        );
    }
    let study = Study::new(program).jobs(usize::from(external.jobs));
    let study = match &external.journal {
        Some(path) => study
            .journal(path)
            .map_err(|reason| Failure::file(path, &reason))?,
        None => study,
    };
    Ok(Opened {
        runs: Runs::new(study)?,
        at: place,
        warnings: points.warnings,
        inputs,
    })
}

/// The names that `--at` gives, in their order.
fn names(at: &[String]) -> Result<Vec<String>, Failure> {
    let parts = at.iter().flat_map(|at| at.split(','));
    let named: Option<Vec<String>> = parts
        .map(|part| Some(part.split_once('=')?.0.trim().to_owned()))
        .collect();
    named.ok_or_else(|| {
        Failure::new("syntax", "a program's inputs have no names of their own")
            .hint("name them: --at x=2,y=3")
    })
}

fn refused(refused: &Refused) -> Failure {
    Failure::new("setting", refused.to_string()).hint(refused.hint())
}

/// What is run, and how.
pub(crate) fn program(
    command: &str,
    names: &[&str],
    external: &External,
) -> Result<Program, Failure> {
    let refuse = |error: Refused| refused(&error);
    let mut program = Program::new(command, names)
        .map_err(refuse)?
        .retries(external.retries);
    if external.shell {
        program = program.in_shell();
    }
    if external.stdin.is_some() {
        program = program.with_json();
    }
    if external.own_folder || external.parameter_file.is_some() {
        program = program.in_own_folder();
    }
    if let Some(path) = &external.template {
        let text =
            std::fs::read_to_string(path).map_err(|reason| Failure::unread(path, &reason))?;
        let own = path.file_name().unwrap_or_default().to_string_lossy();
        let name = external.parameter_file.as_deref().unwrap_or(&own);
        program = program.with_template(name, &text).map_err(refuse)?;
    }
    match (&external.read, &external.read_json) {
        (Some(pattern), _) => program = program.reading(Reading::pattern(pattern).map_err(refuse)?),
        (None, Some(path)) => program = program.reading(Reading::json(path)),
        (None, None) => {}
    }
    if let Some(limit) = &external.timeout {
        let seconds = points::number("--timeout", limit)?;
        let limit = Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|limit| !limit.is_zero());
        let limit = limit
            .ok_or_else(|| Failure::new("setting", "--timeout is a number of seconds above 0"))?;
        program = program.timeout(limit);
    }
    Ok(program)
}

/// The differences within the ends that `--domain` gives, where the point lies.
pub(crate) fn within(
    differences: Differences,
    domain: Option<&str>,
    inputs: &Formula,
    at: &[f64],
) -> Result<Differences, Failure> {
    let Some(domain) = domain else {
        return Ok(differences);
    };
    let mut each = vec![[f64::NEG_INFINITY, f64::INFINITY]; inputs.variables().len()];
    for part in domain.split(',') {
        let Some((name, range)) = part.split_once('=') else {
            return Err(Failure::new("syntax", "a domain has a name and two ends")
                .hint("write --domain x=0..5,y=-1..1"));
        };
        let input = inputs
            .variable(&secant::canonical_name(name.trim()))
            .map_err(|error| Failure::within(&error, &Source::new("--domain", domain), 0))?;
        let (low, high) = points::ends("--domain", range)?;
        if !(low..=high).contains(&at[input]) {
            let place = text::place(inputs, at);
            let message = format!("{place} lies outside of --domain {}", part.trim());
            return Err(Failure::new("setting", message)
                .hint("move the point with --at, or widen the domain"));
        }
        each[input] = [low, high];
    }
    Ok(differences.within_each(&each))
}

/// That values are printed with few digits, where they are.
pub(crate) fn digits(runs: &Runs) -> String {
    let Some(digits) = runs.printed().digits() else {
        return String::new();
    };
    let digits = match digits {
        1 => "1 digit".to_owned(),
        _ => format!("{digits} digits"),
    };
    format!("values are printed with {digits} at most: what that rounds off counts as noise\n")
}

/// So many failed runs are told with what they said.
const TOLD: usize = 3;

/// Runs that failed, each with why, and a journal that is not written any more.
pub(crate) fn troubles(runs: &Runs) -> String {
    let mut told = String::new();
    if let Some(fault) = runs.journal_fault() {
        told.push_str(&format!(
            "the journal cannot be written any more, later runs are not kept: {fault}\n"
        ));
    }
    if !runs.failed.is_empty() {
        told.push_str(&format!("{} runs failed\n", runs.failed.len()));
    }
    for failed in runs.failed.iter().take(TOLD) {
        for line in failed.to_string().lines() {
            told.push_str(&format!("  {}\n", visible(line)));
        }
    }
    if runs.failed.len() > TOLD {
        told.push_str(&format!("  and {} more\n", runs.failed.len() - TOLD));
    }
    told
}
