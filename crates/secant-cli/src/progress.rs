//! How much is done, with the time left, on a terminal's standard error; nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar of this length; `template` says what stands beside it, as indicatif writes it.
pub(crate) fn bar(length: u64, template: &str) -> ProgressBar {
    /// Times a second that it is drawn, at most.
    const DRAWN: u8 = 10;
    let target = ProgressDrawTarget::stderr_with_hz(DRAWN);
    let bar = ProgressBar::with_draw_target(Some(length), target);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar
}
