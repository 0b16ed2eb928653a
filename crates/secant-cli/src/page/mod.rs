//! Pages to move things by hand: one HTML file that holds its style, its script, its data and the formula as generated
//! code, and asks nothing of any network. Here the parts are put together, and what comes from a user is escaped; the
//! numbers are the library's, and what moves is computed in the page.

mod descent;
mod formula;
mod landscape;
mod regions;
mod slope;
mod steps;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub(crate) use descent::Pace;
pub(crate) use landscape::Landscape;
pub(crate) use regions::{Moment, Regions};

use secant::{Notation, Span};
use serde_json::{Map, Value};

use crate::derive::Derived;
use crate::failure::{Failure, Source};
use crate::picture::look::Look;
use crate::reading::Reading;
use crate::tangents::{Found, figure};
use crate::text;

/// The script in the order in which its parts need each other.
const SCRIPT: [&str; 9] = [
    include_str!("pure.js"),
    include_str!("plane.js"),
    include_str!("field.js"),
    include_str!("slope.js"),
    include_str!("descent.js"),
    include_str!("steps.js"),
    include_str!("regions.js"),
    include_str!("landscape.js"),
    include_str!("start.js"),
];

/// A part of a page: its elements, and under which name its data stand.
struct Section {
    view: &'static str,
    html: String,
    data: Value,
}

/// The page of a curve and its tangents: secant and tangent, a descent, and the derivation.
pub(crate) fn tangents(found: &Found, look: &Look, reading: &Reading) -> Result<String, Failure> {
    let code = formula::code(reading, Some(found.moving))?;
    let frame = figure::frame(found, look);
    let derived = Derived::by_rules(found.formula, &[found.moving]);
    let places = {
        let held = found.points.first().map_or(&[][..], Vec::as_slice);
        slope::places(found.function, held, found.moving, frame.x, &found.tangents)
    };
    let slope = slope::section(found, &frame, &places);
    let start = found.points.last().map_or(&[][..], Vec::as_slice);
    let descent = match found.formula.variables().len() {
        1 => Some(descent::along(
            reading,
            &frame,
            &places,
            start,
            Pace::default(),
        )),
        2 => Some(descent::over(reading, start, Pace::default())),
        _ => None,
    };
    let steps = steps::section(found.formula, std::slice::from_ref(&derived));
    let sections = [Some(slope), descent, Some(steps)];
    let heading = heading(reading, Some(&derived));
    Ok(assembled(
        &text::heading(&reading.formula),
        &heading,
        &code,
        sections.into_iter().flatten(),
    ))
}

/// The page of a descent from a start, by a formula of one variable or two; `None` where it has more.
pub(crate) fn descent(
    reading: &Reading,
    start: &[f64],
    pace: Pace,
) -> Result<Option<String>, Failure> {
    let section = match start {
        [x] => {
            let frame = descent::frame(reading, *x);
            let places = slope::places(&reading.function, start, 0, frame.x, &[]);
            descent::along(reading, &frame, &places, start, pace)
        }
        [_, _] => descent::over(reading, start, pace),
        _ => return Ok(None),
    };
    let moving = (start.len() == 1).then_some(0);
    let code = formula::code(reading, moving)?;
    let heading = heading(reading, None);
    let title = text::heading(&reading.formula);
    Ok(Some(assembled(&title, &heading, &code, [section])))
}

/// The page of a derivation.
pub(crate) fn steps(reading: &Reading, derived: &[Derived]) -> Result<String, Failure> {
    let heading = heading(reading, None);
    let section = steps::section(&reading.formula, derived);
    let title = text::heading(&reading.formula);
    Ok(assembled(&title, &heading, formula::NONE, [section]))
}

/// The page of a training: what the network saw where, from epoch to epoch.
pub(crate) fn regions(found: &Regions<'_>) -> String {
    let heading = told(found.title, found.about);
    assembled(found.title, &heading, formula::NONE, [found.section()])
}

/// The page of the loss around given weights.
pub(crate) fn landscape(found: &Landscape<'_>) -> String {
    let heading = told(found.title, found.about);
    assembled(found.title, &heading, formula::NONE, [found.section()])
}

/// A heading in words, and the lines below it.
fn told(title: &str, about: &str) -> String {
    let lines: Vec<String> = about.trim_end().lines().map(escaped).collect();
    format!(
        "<h1>{}</h1>\n<p>{}</p>",
        escaped(title),
        lines.join("<br>\n")
    )
}

/// The paths that end in .html, and the others.
pub(crate) fn parted(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    paths.iter().cloned().partition(|path| is_page(path))
}

/// The path, if it ends in .html.
pub(crate) fn only(path: &PathBuf) -> Result<&[PathBuf], Failure> {
    if is_page(path) {
        return Ok(std::slice::from_ref(path));
    }
    let name = path.display().to_string();
    let whole = Span::new(0, name.chars().count());
    Err(Failure::new("setting", "steps are written as a page")
        .at(&Source::new("--output", name), whole)
        .hint("end the name in .html"))
}

fn is_page(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy());
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("html"))
}

/// The files of a page, which is only made where one was asked for.
pub(crate) fn drafts(
    paths: &[PathBuf],
    page: impl FnOnce() -> Result<String, Failure>,
) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let page = page()?.into_bytes();
    Ok(paths
        .iter()
        .map(|path| (path.clone(), page.clone()))
        .collect())
}

/// The formula as it was understood, and its derivative with the conditions it needs.
fn heading(reading: &Reading, derived: Option<&Derived>) -> String {
    let formula = &reading.formula;
    let name = format!("<mi>{}</mi>", escaped(text::name(formula)));
    let variables = formula.variables();
    let inputs: Vec<String> = variables.iter().map(|name| mathml_name(name)).collect();
    let of = |called: &str| {
        format!(
            "{called}<mrow><mo>(</mo>{}<mo>)</mo></mrow><mo>=</mo>",
            inputs.join("<mo>,</mo>")
        )
    };
    let body = secant::print(formula.body(), Notation::Mathml);
    let mut heading = format!("<h1>{}</h1>", math(&format!("{}{body}", of(&name))));
    if formula.reading().contains(';') {
        heading += &format!("<p>{}</p>", escaped(formula.reading()));
    }
    if let Some(derived) = derived {
        let label = if variables.len() == 1 {
            of(&format!("{name}<mo lspace=\"0\" rspace=\"0\">′</mo>"))
        } else {
            let label = crate::asked::label(formula, &derived.wrt);
            format!("<mtext>{}</mtext><mo>=</mo>", escaped(&label))
        };
        let written = derived.written(Notation::Mathml);
        heading += &format!(
            "<p class=\"lines\">{}{}</p>",
            math(&format!("{label}{written}")),
            conditions(derived)
        );
    }
    heading
}

/// What a derivative needs, after it.
fn conditions(derived: &Derived) -> String {
    if derived.conditions.is_empty() {
        return String::new();
    }
    format!(" for {}", escaped(&derived.conditions.join(" and ")))
}

/// A name as the formula printer sets it.
fn mathml_name(name: &str) -> String {
    secant::Formula::parse(name).map_or_else(
        |_| format!("<mi>{}</mi>", escaped(name)),
        |name| secant::print(name.body(), Notation::Mathml),
    )
}

fn math(inside: &str) -> String {
    format!("<math>{inside}</math>")
}

/// The whole file.
fn assembled(
    title: &str,
    heading: &str,
    code: &str,
    sections: impl IntoIterator<Item = Section>,
) -> String {
    let (mut html, mut data) = (String::new(), Map::new());
    for section in sections {
        html += &section.html;
        data.insert(section.view.to_owned(), section.data);
    }
    let script = format!("{}\n{}", in_script(code), SCRIPT.join("\n"));
    filled(
        include_str!("page.html"),
        &[
            ("title", &escaped(title)),
            ("css", include_str!("page.css")),
            ("heading", heading),
            ("sections", &html),
            ("data", &in_data(&Value::Object(data))),
            ("script", &script),
        ],
    )
}

/// A template with each `{{name}}` replaced; what is put in is not looked at again.
fn filled(template: &str, parts: &[(&str, &str)]) -> String {
    let mut page = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let part = parts.iter().find(|(known, _)| *known == name);
        page += before;
        page += part.map_or("", |(_, text)| text);
        rest = after;
    }
    page + rest
}

/// Text that is no element and no attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// JSON that cannot end the element it stands in.
fn in_data(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c")
}

/// Code that cannot end the element it stands in. Neither sign pair occurs in what is generated but in comments.
fn in_script(code: &str) -> String {
    code.replace("</", "< /").replace("<!", "< !")
}
