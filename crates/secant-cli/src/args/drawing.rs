//! The arguments of pictures.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::When;

/// What every picture takes.
#[derive(Debug, Args)]
pub(crate) struct Drawing {
    /// Write the picture to a file, its format by the ending .svg or .png, and of verbs whose pictures move or turn .gif or .html (a page); may be repeated
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Vec<PathBuf>,
    /// Draw in the terminal; auto where the answer goes to one
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) terminal: When,
    /// Columns of the terminal picture
    #[arg(long, value_parser = clap::value_parser!(u16).range(20..=1000))]
    pub(crate) width: Option<u16>,
    /// Colours of the picture [default: light in files, as the terminal is in the terminal]
    #[arg(long, value_enum)]
    pub(crate) theme: Option<Theme>,
    /// Pixels of the picture, across and down [default: 900x600; 720 across where it moves]
    #[arg(long, value_name = "WIDTHxHEIGHT")]
    pub(crate) size: Option<String>,
    /// The title: auto for formula and derivative, none, or LaTeX
    #[arg(long, default_value = "auto")]
    pub(crate) title: String,
}

/// The part of the plane that a picture shows.
#[derive(Debug, Args)]
pub(crate) struct Window {
    /// The part of the x axis to show, such as -2..6
    #[arg(long, allow_hyphen_values = true, value_name = "A..B")]
    pub(crate) range: Option<String>,
    /// The part of the y axis to show
    #[arg(long, allow_hyphen_values = true, value_name = "A..B")]
    pub(crate) y_range: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Theme {
    /// Dark ink on white
    Light,
    /// Light ink on near black
    Dark,
}
