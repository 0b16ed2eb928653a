//! The arguments of the command: help, manual page and completions come from these definitions alone. What stands
//! in an argument (points, ranges, names) is read elsewhere, with its place kept for errors.

mod drawing;
mod external;
mod fit;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use secant::code::Language;
use secant::method::{self, Difference, HIGHEST_ORDER};

use crate::network::args as network;
use crate::slope;

pub(crate) use drawing::{Drawing, Theme, Window};
use external::CHECK_EXAMPLES;
pub(crate) use external::{Budget, Check, External};
use fit::FIT_EXAMPLES;
pub(crate) use fit::{Fit, Missing, Rows, Table};

const EXAMPLES: &str = "\
Examples:
  secant tangents '2x^2' --at 0..4
  secant tangents 'sin(x)' --at 0..2pi:pi/4 -o sine.svg -o sine.png
  secant slope 'x^x' --at 2
  secant slope 'x^2*y + sin(y)' --at x=3,y=pi/2
  secant derive 'ln(x)/x'

Exit status: 0 answered, 1 answered with a warning under --strict (check: the gradient does not hold), 2 bad input.";

const TANGENTS_EXAMPLES: &str = "\
Examples:
  secant tangents '2x^2' --at 0..4                           table and picture
  secant tangents 'exp(-x^2)' --at=-2..2:0.5 -o bell.svg     in steps of 0.5, into a file
  secant tangents '2x^2' --at 1 --delta 1 --secant           the secant beside the tangent
  secant tangents 'x^2*y' --at x=0..4,y=3                    x moves, y is held
  secant tangents '2x^2' --at 0..4 -o page.html              to move the point and delta by hand
  secant tangents '2x^2' --at 2 -o secant.gif                the secant slides into the tangent
  secant tangents 'sin(x)' --at 0..6 -o travel.gif           the tangent travels, its slope is traced
  secant tangents '1/x' --at 1,2 --range=-4..4 --format json";

const SLOPE_EXAMPLES: &str = "\
Examples:
  secant slope '2x^2' --at 2                         by every method, with bounds
  secant slope '|x|' --at 0                          what exists at a corner
  secant slope 'x^2*y' --at x=3,y=5                  the gradient
  secant slope 'x^2*y' --at x=3,y=5 --order 2        the Hessian
  secant slope 'x^2*y' --at x=3,y=5 --wrt x,x,y      a mixed derivative
  secant slope 'sin(x)' --at pi/3 --method difference --delta 1e-6
  secant slope 'x^2*y' --data points.csv --output slopes.csv       at each row of a table
  secant slope --command './simulate --x {x}' --at x=2 --jobs 4 --journal runs.jsonl";

const DERIVE_EXAMPLES: &str = "\
Examples:
  secant derive 'x^2*sin(x)'
  secant derive 'x^2*y + y^3'                the gradient, one line for each variable
  secant derive 'sin(x)' --wrt x,x           the second derivative
  secant derive 'x^2/(1+x)' --notation latex
  secant derive 'x^2*y + y^3' --code c       functions of value and gradient, in C
  secant derive 'x^2*sin(x)' --steps         each rule in turn
  secant derive 'x^2*sin(x)' --steps -o steps.html
  secant derive 'x^2*sin(x)' --hint          the next rule alone
  secant derive 'x^2/x' --format json";

const STEP_EXAMPLES: &str = "\
Examples:
  secant step '2x^2' --at 2                          table, explanation and picture
  secant step '(exp(x)-1)/x' --at 1e-5               where the formula loses digits
  secant step 'sin(x)' --at 1e5 -o step.svg          into a file
  secant step 'x^2*y' --at x=3,y=5 --wrt x           x moves, y is held";

const TAYLOR_EXAMPLES: &str = "\
Examples:
  secant taylor 'sin(x)' --at 0 --order 7                    coefficients, polynomial, picture
  secant taylor 'exp(x)' --at 0 --order 5 --within=-1..1     what it leaves out, proven
  secant taylor 'ln(1+x)' --at 0 -o ln.svg                   into a file
  secant taylor 'x^2*y' --at x=3,y=5 --wrt x                 x moves, y is held";

const DESCEND_EXAMPLES: &str = "\
Examples:
  secant descend '2x^2' --from 3                               table, verdict and picture
  secant descend '5x^2' --from 1 --rate 0.22                   a rate too great, and the one that would do
  secant descend 'x^2 + 8y^2' --from x=3,y=1 -o descent.gif    rolling over contours
  secant descend '(1-x)^2 + 100(y-x^2)^2' --from=x=-1.2,y=1 --rate 1e-3 --momentum 0.9 --steps 5000";

/// How much each input moves the output: derivatives with error bounds, and pictures of them
#[derive(Debug, Parser)]
#[command(name = "secant", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Command {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// A curve and its tangent lines: table, terminal picture, SVG and PNG
    #[command(after_help = TANGENTS_EXAMPLES)]
    Tangents(Tangents),
    /// The derivative at a point by every method, with error bounds and a verdict
    #[command(after_help = SLOPE_EXAMPLES)]
    Slope(Slope),
    /// The derivative as a formula, simplified, with the conditions it needs
    #[command(after_help = DERIVE_EXAMPLES)]
    Derive(Derive),
    /// The error of a difference against its delta: truncation, rounding, and the best delta
    #[command(after_help = STEP_EXAMPLES)]
    Step(Step),
    /// The Taylor polynomial at a point: coefficients, what it leaves out, and a picture
    #[command(after_help = TAYLOR_EXAMPLES)]
    Taylor(Taylor),
    /// Downhill along the gradient: the path, a verdict on the rate, and pictures that move
    #[command(after_help = DESCEND_EXAMPLES)]
    Descend(Descend),
    /// A gradient of yours held against ours: which component is wrong, and by how much
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// A formula fitted to data: parameters with standard errors, what is left over, and pictures
    #[command(after_help = FIT_EXAMPLES)]
    Fit(Fit),
    /// A network brought to its samples, with a log, checkpoints and pictures
    #[command(after_help = network::TRAIN_EXAMPLES)]
    Train(network::Train),
    /// What each weight and bias of a network does to the loss, in all and for each sample
    #[command(after_help = network::IMPACT_EXAMPLES)]
    Impact(network::Impact),
    /// The loss of a network around its weights, along one direction or two
    #[command(after_help = network::LANDSCAPE_EXAMPLES)]
    Landscape(network::Landscape),
    /// The gradient of a network's loss held against differences, and somebody else's against ours; 'check' with a network is this
    #[command(name = CHECK_NETWORK, override_usage = "secant check [OPTIONS] MODEL DATA", after_help = network::CHECK_EXAMPLES)]
    CheckNetwork(network::Check),
    /// Print the completions of a shell
    #[command(hide = true)]
    Completions(Completions),
    /// Print the manual page, or write one for each verb
    #[command(hide = true)]
    Man(Man),
}

/// What every verb takes.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Style {
    /// Write the answer as text, or as one JSON document
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Exit with status 1 where the answer comes with a warning
    #[arg(long)]
    pub(crate) strict: bool,
    /// Colour the output; auto asks the terminal and NO_COLOR
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: When,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheme {
    /// The point and the one a step ahead
    Forward,
    /// The point and the one a step behind
    Backward,
    /// A step behind and a step ahead
    Central,
}

impl Scheme {
    /// Its name in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
            Self::Central => "central",
        }
    }
}

impl From<Scheme> for method::Scheme {
    fn from(scheme: Scheme) -> Self {
        match scheme {
            Scheme::Forward => Self::Forward,
            Scheme::Backward => Self::Backward,
            Scheme::Central => Self::Central,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Notation {
    /// As it can be typed
    #[default]
    Text,
    /// With mathematical signs
    Unicode,
    Latex,
    /// What stands within a math element of a page
    Mathml,
}

impl Notation {
    /// The library's word for it.
    pub(crate) fn of_library(self) -> secant::Notation {
        match self {
            Self::Text => secant::Notation::Text,
            Self::Unicode => secant::Notation::Unicode,
            Self::Latex => secant::Notation::Latex,
            Self::Mathml => secant::Notation::Mathml,
        }
    }
}

/// A formula, and where it is looked at.
#[derive(Debug, Args)]
pub(crate) struct Where {
    /// The formula, such as '2x^2', 'sin(x)/x' or 'f(x, y) = x^2*y'
    #[arg(allow_hyphen_values = true)]
    pub(crate) formula: String,
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
}

#[derive(Debug, Args)]
pub(crate) struct Tangents {
    /// The formula, such as '2x^2', 'sin(x)/x' or 'f(x, y) = x^2*y'
    #[arg(allow_hyphen_values = true)]
    pub(crate) formula: String,
    /// The points: 0..4, 0..1:0.25, 0,1,2.5, pi/2 or x=0..4,y=1
    #[arg(
        long,
        required = true,
        allow_hyphen_values = true,
        value_name = "POINTS"
    )]
    pub(crate) at: Vec<String>,
    /// Ignore names in --at that the formula lacks
    #[arg(long)]
    pub(crate) allow_extra: bool,
    /// The variable that moves; only needed where each has one value
    #[arg(long, value_name = "NAME")]
    pub(crate) wrt: Option<String>,
    /// The step of the difference beside the exact slope
    #[arg(long, default_value = "0.0001", allow_hyphen_values = true)]
    pub(crate) delta: String,
    /// Draw the lines through the two points of the difference, too; give a --delta that can be seen
    #[arg(long)]
    pub(crate) secant: bool,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) window: Window,
    /// How a .gif moves [default: secant at one point, travel at several]
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) animate: Option<Animate>,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Animate {
    /// The secant slides into the tangent as delta shrinks
    Secant,
    /// The tangent travels along the curve, and its slope is traced below
    Travel,
}

#[derive(Debug, Args)]
pub(crate) struct Descend {
    /// The formula, such as 'x^2' or '(1-x)^2 + 100(y-x^2)^2'
    #[arg(allow_hyphen_values = true)]
    pub(crate) formula: String,
    /// Where to start: 3 or x=3,y=2
    #[arg(
        long,
        visible_alias = "at",
        required = true,
        allow_hyphen_values = true,
        value_name = "POINT"
    )]
    pub(crate) from: Vec<String>,
    /// How much of the gradient each step takes
    #[arg(long, default_value = "0.1", allow_hyphen_values = true)]
    pub(crate) rate: String,
    /// How much of each step is kept for the next, from 0 to below 1
    #[arg(long, default_value = "0", allow_hyphen_values = true)]
    pub(crate) momentum: String,
    /// The most steps
    #[arg(long, default_value = "100", value_name = "N")]
    pub(crate) steps: usize,
    /// The gradient that is short enough to end
    #[arg(long, default_value = "1e-8", allow_hyphen_values = true)]
    pub(crate) tolerance: String,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) window: Window,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Args)]
pub(crate) struct Slope {
    /// The formula, such as '2x^2', 'sin(x)/x' or 'f(x, y) = x^2*y'
    #[arg(
        allow_hyphen_values = true,
        required_unless_present = "command",
        conflicts_with = "command"
    )]
    pub(crate) formula: Option<String>,
    /// The point: 2, pi/2 or x=2,y=3; with --data, the inputs that are no columns
    #[arg(
        long,
        required_unless_present = "data",
        allow_hyphen_values = true,
        value_name = "POINT"
    )]
    pub(crate) at: Vec<String>,
    /// Ignore names in --at that the formula lacks
    #[arg(long)]
    pub(crate) allow_extra: bool,
    /// The variables to differentiate by, in turn, such as x or x,x,y [default: the gradient]
    #[arg(long, value_name = "NAMES", conflicts_with = "order")]
    pub(crate) wrt: Option<String>,
    /// The order of the derivative; of several variables, 1 is the gradient and 2 the Hessian
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub(crate) order: Option<u32>,
    /// The method
    #[arg(long, default_value = "all", value_parser = methods(), conflicts_with = "command")]
    pub(crate) method: String,
    /// The step of the method 'difference'; 'automatic' finds its own, as it does for programs
    #[arg(
        long,
        default_value = "0.0001",
        allow_hyphen_values = true,
        conflicts_with = "command"
    )]
    pub(crate) delta: String,
    /// The neighbours that the method 'difference' takes
    #[arg(long, value_enum, default_value_t = Scheme::Central, conflicts_with = "command")]
    pub(crate) scheme: Scheme,
    /// How much may be spent on differences that find their own step
    #[arg(long, value_enum, default_value_t)]
    pub(crate) mode: Budget,
    #[command(flatten)]
    pub(crate) rows: Rows,
    #[command(flatten)]
    pub(crate) external: External,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Args)]
pub(crate) struct Derive {
    /// The formula, such as '2x^2', 'sin(x)/x' or 'f(x, y) = x^2*y'
    #[arg(allow_hyphen_values = true)]
    pub(crate) formula: String,
    /// The variables to differentiate by, in turn, such as x or x,x [default: the gradient]
    #[arg(long, value_name = "NAMES", conflicts_with = "order")]
    pub(crate) wrt: Option<String>,
    /// The order of the derivative; of several variables, 1 is the gradient and 2 the Hessian
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub(crate) order: Option<u32>,
    /// How the formula is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) notation: Notation,
    /// Tell the derivation rule by rule, from the whole formula inward
    #[arg(long, conflicts_with_all = ["hint", "code"])]
    pub(crate) steps: bool,
    /// Tell the next rule alone, not what comes out
    #[arg(long, conflicts_with = "code")]
    pub(crate) hint: bool,
    /// Give parts that occur more than once names of their own
    #[arg(long, conflicts_with_all = ["steps", "hint", "code"])]
    pub(crate) shared: bool,
    /// Write the steps as a page to a file whose name ends in .html
    #[arg(short, long, value_name = "FILE", requires = "steps")]
    pub(crate) output: Option<PathBuf>,
    /// Write functions of value and gradient in a language instead; --wrt then names the gradient's entries
    #[arg(long, value_parser = languages(), value_name = "LANGUAGE", conflicts_with_all = ["order", "notation"])]
    pub(crate) code: Option<String>,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Args)]
pub(crate) struct Step {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The variable that moves; only needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) wrt: Option<String>,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Args)]
pub(crate) struct Taylor {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The order of the polynomial
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=HIGHEST_ORDER as i64), value_name = "N")]
    pub(crate) order: u32,
    /// The variable that moves; only needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) wrt: Option<String>,
    /// Tell the most that the polynomial is off over this range, such as -1..1
    #[arg(long, allow_hyphen_values = true, value_name = "A..B")]
    pub(crate) within: Option<String>,
    /// How the polynomial is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) notation: Notation,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) window: Window,
    #[command(flatten)]
    pub(crate) style: Style,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write a page for the command and for each verb into this folder
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
}

impl Verb {
    /// How the answer is to be told.
    pub(crate) fn style(&self) -> Style {
        match self {
            Verb::Tangents(asked) => asked.style,
            Verb::Slope(asked) => asked.style,
            Verb::Derive(asked) => asked.style,
            Verb::Step(asked) => asked.style,
            Verb::Taylor(asked) => asked.style,
            Verb::Descend(asked) => asked.style,
            Verb::Check(asked) => asked.style,
            Verb::Fit(asked) => asked.style,
            Verb::Train(asked) => asked.style,
            Verb::Impact(asked) => asked.style,
            Verb::Landscape(asked) => asked.style,
            Verb::CheckNetwork(asked) => asked.style,
            Verb::Completions(_) | Verb::Man(_) => Style {
                format: Format::Text,
                strict: false,
                color: When::Auto,
            },
        }
    }
}

/// The methods by their own names.
fn methods() -> PossibleValuesParser {
    let names = slope::methods(Difference::default(), Budget::default().of_library());
    let names = names.iter().map(|method| method.name());
    PossibleValuesParser::new(std::iter::once("all").chain(names))
}

/// The languages that code is written in.
fn languages() -> PossibleValuesParser {
    PossibleValuesParser::new(Language::ALL.iter().map(|language| language.name()))
}

/// The arguments this process was given, or why they are none.
pub(crate) fn parse() -> Result<Command, Refused> {
    Command::try_parse_from(of_networks(std::env::args_os().collect())).map_err(|error| Refused {
        error,
        json: asks_for_json(std::env::args_os().skip(1)),
    })
}

/// The verb that `check` stands for where a network is checked.
const CHECK_NETWORK: &str = "check-network";

/// `check` takes a formula or a network, and each has options of its own: what is given decides which is read. What is the value of an option, as a
/// program with its arguments, decides nothing.
fn of_networks(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_none_or(|verb| verb != "check") {
        return arguments;
    }
    let mut words = arguments.iter().skip(2).map(|word| word.to_string_lossy());
    let mut is_network = false;
    let command = definition();
    while let Some(word) = words.next() {
        if word.starts_with("--layers") {
            is_network = true;
        } else if takes_the_next(&command, &word) {
            words.next();
        } else if !word.starts_with('-') {
            let ends = [".onnx", ".safetensors"];
            is_network |= ends.iter().any(|end| word.ends_with(end));
        }
    }
    if is_network {
        arguments[1] = CHECK_NETWORK.into();
    }
    arguments
}

/// Whether a word is an option of either way to check, whose value is the word behind it.
fn takes_the_next(command: &clap::Command, word: &str) -> bool {
    let options = ["check", CHECK_NETWORK]
        .into_iter()
        .filter_map(|verb| command.find_subcommand(verb))
        .flat_map(clap::Command::get_arguments);
    options
        .filter(|option| option.get_action().takes_values())
        .any(|option| {
            let long = option.get_long().map(|name| format!("--{name}"));
            let short = option.get_short().map(|name| format!("-{name}"));
            [long, short].iter().flatten().any(|name| name == word)
        })
}

/// The command for help, manual page and completions.
pub(crate) fn definition() -> clap::Command {
    Command::command()
}

/// Arguments that are none, and whether whoever gave them reads JSON.
pub(crate) struct Refused {
    pub(crate) error: clap::Error,
    pub(crate) json: bool,
}

/// Where the arguments cannot be read, only they can tell which format was meant.
fn asks_for_json(arguments: impl Iterator<Item = OsString>) -> bool {
    let mut previous = OsString::new();
    for argument in arguments {
        if argument == "--format=json" || (argument == "json" && previous == "--format") {
            return true;
        }
        previous = argument;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_checked_where_one_is_given_and_not_where_an_option_names_one() {
        let verb = |words: &str| {
            let words = words.split(' ').map(OsString::from).collect();
            of_networks(words)[1].to_string_lossy().into_owned()
        };
        for formula in [
            "secant check --command ./eval,{x},net.onnx --gradient 1 --at x=1",
            "secant check x^2 --at x=1 --gradient-file slopes.safetensors",
            "secant derive net.onnx",
        ] {
            assert_eq!(verb(formula), formula.split(' ').nth(1).unwrap_or_default());
        }
        for network in [
            "secant check net.onnx table.csv",
            "secant check --tolerance 1e-3 net.onnx table.csv --target y",
            "secant check --layers=2,3,1 table.csv",
            "secant check --strict weights.safetensors table.csv",
        ] {
            assert_eq!(verb(network), CHECK_NETWORK, "{network}");
        }
    }
}
