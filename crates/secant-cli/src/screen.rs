//! What is known of the terminal: whether there is one, how wide it is, whether it wants colours.

use std::io::{IsTerminal, stderr, stdout};

use terminal_size::{Height, Width, terminal_size_of};

use crate::args::{Theme, When};

/// Columns and rows where nothing is known.
const USUAL: (usize, usize) = (80, 24);

/// Whether the answer goes to a terminal.
pub(crate) fn is_terminal() -> bool {
    stdout().is_terminal()
}

/// Whether messages go to a terminal.
pub(crate) fn errors_are_seen() -> bool {
    stderr().is_terminal()
}

/// Columns and rows of the terminal that the answer goes to.
pub(crate) fn size() -> (usize, usize) {
    terminal_size_of(stdout()).map_or(USUAL, |(Width(columns), Height(rows))| {
        (columns.into(), rows.into())
    })
}

/// Columns of the terminal that messages go to.
pub(crate) fn columns_of_errors() -> usize {
    terminal_size_of(stderr()).map_or(USUAL.0, |(Width(columns), _)| columns.into())
}

/// The theme of the terminal, where it tells (`COLORFGBG` ends in the number of its ground); most are dark.
pub(crate) fn theme() -> Theme {
    let ground = std::env::var("COLORFGBG").ok();
    match ground
        .as_deref()
        .and_then(|colours| colours.rsplit(';').next())
    {
        Some("7" | "15") => Theme::Light,
        _ => Theme::Dark,
    }
}

/// Whether the answer is coloured.
pub(crate) fn colours(when: When) -> bool {
    coloured(when, stdout().is_terminal())
}

/// Whether messages are coloured.
pub(crate) fn colours_errors(when: When) -> bool {
    coloured(when, stderr().is_terminal())
}

/// What was asked for rules; then NO_COLOR (<https://no-color.org>), then the terminal.
fn coloured(when: When, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            terminal
                && !set("NO_COLOR")
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}
