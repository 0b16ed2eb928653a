//! The arguments of what finds its own steps: a program in the place of a formula, how much may be spent, and the check of a gradient.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Style;

pub(super) const CHECK_EXAMPLES: &str = "\
Examples:
  secant check 'x^2*y' --gradient '2x*y, x^2' --at x=3,y=5
  secant check 'x^2*y' --gradient-file gradient.json --at x=3,y=5
  secant check --command './loss {x} {y}' --gradient-command './gradient {x} {y}' --at x=3,y=5 --jobs 4
  secant check model.onnx data.csv                    of a network's loss; its options: secant check-network --help

Exit status: 0 the gradient holds, 1 a component is wrong or could not be decided, 2 bad input.";

/// How much differences may spend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Budget {
    /// Four evaluations for each derivative; what the point is stays undecided
    Cheap,
    /// At most 60 for each, 13 where nothing is in the way
    #[default]
    Balanced,
    /// At most 240 for each, for the last digits
    Thorough,
}

impl Budget {
    /// The library's word for it.
    pub(crate) fn of_library(self) -> secant::Mode {
        match self {
            Self::Cheap => secant::Mode::Cheap,
            Self::Balanced => secant::Mode::Balanced,
            Self::Thorough => secant::Mode::Thorough,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cheap => "cheap",
            Self::Balanced => "balanced",
            Self::Thorough => "thorough",
        }
    }
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("given").required(true).args(["gradient", "gradient_file", "gradient_command"]))]
pub(crate) struct Check {
    /// The formula, such as 'x^2*y'
    #[arg(
        allow_hyphen_values = true,
        required_unless_present = "command",
        conflicts_with = "command"
    )]
    pub(crate) formula: Option<String>,
    /// The point: 2, pi/2 or x=2,y=3
    #[arg(
        long,
        required = true,
        allow_hyphen_values = true,
        value_name = "POINT"
    )]
    pub(crate) at: Vec<String>,
    /// Ignore names in --at that the formula lacks
    #[arg(long)]
    pub(crate) allow_extra: bool,
    /// The gradient to hold against ours, one formula for each input in their order: '2x*y, x^2'
    #[arg(long, allow_hyphen_values = true, value_name = "FORMULAS")]
    pub(crate) gradient: Option<String>,
    /// The gradient's values in a file: JSON (a list, or an object by names), or numbers or pairs of name and number
    #[arg(long, value_name = "FILE")]
    pub(crate) gradient_file: Option<PathBuf>,
    /// A program that prints the gradient, in one of the forms of --gradient-file: './gradient {x} {y}'
    #[arg(long, allow_hyphen_values = true, value_name = "COMMAND")]
    pub(crate) gradient_command: Option<String>,
    /// Errors up to this part of a component pass; a gradient computed in 32 bits needs about 1e-4
    #[arg(long, default_value = "1e-7", allow_hyphen_values = true)]
    pub(crate) tolerance: String,
    /// How much may be spent on each derivative that is looked at
    #[arg(long, value_enum, default_value_t)]
    pub(crate) mode: Budget,
    #[command(flatten)]
    pub(crate) external: External,
    #[command(flatten)]
    pub(crate) style: Style,
}

/// A program in the place of a formula: what belongs to one is refused beside the other. That a program be there is not asked for here, as no argument is
/// asked for where one that excludes it is given.
#[derive(Debug, Args)]
#[command(next_help_heading = "Programs")]
pub(crate) struct External {
    /// Run a program for each value: './simulate --x {x} --y {y}', with the inputs that --at names
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) command: Option<String>,
    /// Let sh read the command, with its pipes
    #[arg(long, conflicts_with = "formula")]
    pub(crate) shell: bool,
    /// Write the inputs to standard input as one JSON object
    #[arg(long, value_parser = ["json"], conflicts_with = "formula")]
    pub(crate) stdin: Option<String>,
    /// Fill in this file for each run, and put the path of what comes out in the place of {file}
    #[arg(long, value_name = "FILE", conflicts_with = "formula")]
    pub(crate) template: Option<PathBuf>,
    /// Write it under this name into an empty folder for each run, where the program then works
    #[arg(long, value_name = "NAME", requires = "template")]
    pub(crate) parameter_file: Option<String>,
    /// Give each run an empty folder to work in, removed when it is over
    #[arg(long, conflicts_with = "formula")]
    pub(crate) own_folder: bool,
    /// Keep the inputs within these ends, which belong to it: x=0..5,y=-1..1
    #[arg(
        long,
        value_name = "RANGES",
        allow_hyphen_values = true,
        conflicts_with = "formula"
    )]
    pub(crate) domain: Option<String>,
    /// Read the output by a regular expression, its first group where it last matches [default: the last number]
    #[arg(
        long,
        value_name = "PATTERN",
        conflicts_with_all = ["formula", "read_json"]
    )]
    pub(crate) read: Option<String>,
    /// Read the output as JSON, at a path such as result.loss
    #[arg(long, value_name = "PATH", conflicts_with = "formula")]
    pub(crate) read_json: Option<String>,
    /// How many runs at a time
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024), conflicts_with = "formula")]
    pub(crate) jobs: u16,
    /// End a run after so many seconds, with all that it started
    #[arg(long, value_name = "SECONDS", conflicts_with = "formula")]
    pub(crate) timeout: Option<String>,
    /// Run a failed one again, up to so many times
    #[arg(
        long,
        default_value_t = 0,
        value_name = "N",
        conflicts_with = "formula"
    )]
    pub(crate) retries: u32,
    /// Keep each value in this file, and repeat no run that stands there
    #[arg(long, value_name = "FILE", conflicts_with = "formula")]
    pub(crate) journal: Option<PathBuf>,
}
