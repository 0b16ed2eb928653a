//! The arguments of what works on tables: how they are read, a table in the place of a point, and the fit.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use secant_fit::{Loss, Method};

use super::{Drawing, Style, When, Window};

pub(super) const FIT_EXAMPLES: &str = "\
Examples:
  secant fit 'y = a*exp(-b*x) + c' data.csv --start a=1,b=1,c=0              parameters with standard errors
  secant fit 'y = a + b*x' data.csv --start a=0,b=1 --loss tukey             outliers count little
  secant fit 'y = a*x^b' data.csv --start a=1,b=1 --bounds a=0..10 --fix b
  secant fit 'ln(y) = a + b/t' data.csv --start a=1,b=1 --sigma error        each row with its standard deviation
  secant fit 'y = a*sin(w*x)' data.csv --start a=1,w=1 --starts 20 -o fit.svg
  secant fit 'y = a*x' data.csv --start a=1 --method adam --rate 0.01        one step along the gradient a pass
  secant fit 'y = a*x' data.csv --start a=1 --impact --rows rows.csv         how each row moves each parameter";

/// How a table is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Data")]
pub(crate) struct Table {
    /// Whether the first line of a text names the columns; auto where a cell of it is no number
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) header: When,
    /// Names of the columns, in place of those in the file, such as x,y
    #[arg(long, value_name = "NAMES")]
    pub(crate) columns: Option<String>,
    /// What parts the cells of a text, such as ';' or tab [default: found out]
    #[arg(long, value_name = "SIGN")]
    pub(crate) delimiter: Option<String>,
    /// What becomes of rows that lack a value (empty, NA, NaN, null)
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) missing: Missing,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    /// They are an error, told with its place
    #[default]
    Refuse,
    /// They are left out, and counted
    Skip,
}

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// What is measured and the formula for it, such as 'y = a*exp(-b*x) + c'; names that --start lacks are columns
    #[arg(allow_hyphen_values = true)]
    pub(crate) formula: String,
    /// The table: .csv, .npy, .npz or .idx, CSV and IDX also in .gz; .parquet in a build with that feature
    pub(crate) data: PathBuf,
    /// The parameters and where each starts, such as a=1,b=0.5
    #[arg(
        long,
        required = true,
        allow_hyphen_values = true,
        value_name = "VALUES"
    )]
    pub(crate) start: Vec<String>,
    /// Parameters that are held where they start, such as b,c
    #[arg(long, value_name = "NAMES")]
    pub(crate) fix: Vec<String>,
    /// Ends that parameters keep to, such as a=0..10,b=0..inf
    #[arg(long, allow_hyphen_values = true, value_name = "RANGES")]
    pub(crate) bounds: Vec<String>,
    /// What residuals count: squares, or less for large ones
    #[arg(long, default_value = "squares", value_parser = losses())]
    pub(crate) loss: String,
    /// The residual beyond which a robust loss bends [default: from the median of the residuals]
    #[arg(long, allow_hyphen_values = true, value_name = "NUMBER")]
    pub(crate) scale: Option<String>,
    /// Which way down: steps within a region of trust, or along the gradient of the mean cost of a row
    #[arg(long, default_value = "levenberg-marquardt", value_parser = PossibleValuesParser::new(Method::NAMES))]
    pub(crate) method: String,
    /// The rate of gradient descent [default: the inverse of the curvature at the start] or of Adam [default: 0.01]
    #[arg(long, allow_hyphen_values = true, value_name = "NUMBER")]
    pub(crate) rate: Option<String>,
    /// A column of weights: the square of a row's residual counts that much
    #[arg(long, value_name = "COLUMN", conflicts_with = "sigma")]
    pub(crate) weights: Option<String>,
    /// A column of the standard deviations of what is measured
    #[arg(long, value_name = "COLUMN")]
    pub(crate) sigma: Option<String>,
    /// Fit from so many starts, the one given and others around it, and take the best
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..), value_name = "N")]
    pub(crate) starts: u16,
    /// The most passes over the data from each start
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub(crate) passes: u32,
    /// The confidence of the intervals and of the band
    #[arg(long, default_value = "0.95", allow_hyphen_values = true)]
    pub(crate) level: String,
    /// Tell the rows that move the parameters most, and how
    #[arg(long)]
    pub(crate) impact: bool,
    /// Write each row to a CSV or Parquet file: measured, fitted, residual; with --impact also how it moves each parameter
    #[arg(long, value_name = "FILE")]
    pub(crate) rows: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) table: Table,
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    #[command(flatten)]
    pub(crate) window: Window,
    #[command(flatten)]
    pub(crate) style: Style,
}

/// A table in the place of a point.
#[derive(Debug, Args)]
#[command(next_help_heading = "Data", group = clap::ArgGroup::new("how a table is read")
    .args(["header", "columns", "delimiter", "missing"]).multiple(true).requires("data").conflicts_with("command"))]
pub(crate) struct Rows {
    /// Evaluate at each row of a table, whose columns are inputs of the formula
    #[arg(
        long,
        value_name = "FILE",
        requires = "output",
        conflicts_with = "command"
    )]
    pub(crate) data: Option<PathBuf>,
    /// Write value and derivatives at each row to this CSV or Parquet file
    #[arg(short, long, value_name = "FILE", requires = "data")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) table: Table,
}

/// The losses by their own names.
fn losses() -> PossibleValuesParser {
    PossibleValuesParser::new(Loss::ALL.iter().map(|loss| loss.name()))
}
