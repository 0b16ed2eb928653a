//! From the errors of a difference to a scene on log-log axes: measured errors in colours, what was expected of truncation
//! and rounding dashed, guides at the best delta and at 0.0001. It computes no error.

use secant::{Notation, SchemeCurve, StepError, StepRule};
use secant_plot::{Axis, Colour, Dash, Guide, Label, Line, Point, Scene, Tex, palette};

use crate::picture::look::{Look, fitting};
use crate::picture::number::rounded;
use crate::reading::latex_of;
use crate::step::{FAIR, Found};
use crate::text;

/// From the smallest delta to the largest, with room for the points at both ends.
const DELTAS: (f64, f64) = (3e-17, 3.0);

/// The decades shown where no error is above 0.
const NOTHING: (f64, f64) = (1e-17, 1.0);

/// A part of the error.
type Part = fn(&StepError) -> Option<f64>;

/// The picture of what was found.
pub(crate) fn scene(found: &Found, look: &Look) -> Scene {
    let heights = heights(found);
    let scene = look
        .scene(look.size, description(found))
        .x(Axis::new(DELTAS.0, DELTAS.1)
            .log()
            .label(Tex::new(r"\delta", "delta")))
        .y(Axis::new(heights.0, heights.1)
            .log()
            .label(Tex::new(r"\text{error of the slope}", "error of the slope")));
    let scene = look.titled(scene, || title(found));
    let scene = guides(scene, found, heights);
    let schemes = found.curve.schemes.iter().enumerate();
    let scene = schemes.clone().fold(scene, |scene, (place, scheme)| {
        expected(scene, scheme, palette(place), heights)
    });
    let scene = nothing(scene, found, heights.0);
    schemes.fold(scene, |scene, (place, scheme)| {
        measured(scene, scheme, palette(place))
    })
}

/// Whole decades around all errors measured. Errors of 0 have no place there, and are drawn on the lower edge.
fn heights(found: &Found) -> (f64, f64) {
    let steps = || found.curve.schemes.iter().flat_map(|scheme| &scheme.steps);
    let positive = |part: Part| {
        steps()
            .filter_map(part)
            .filter(|error| *error > 0.0)
            .collect::<Vec<f64>>()
    };
    let mut shown = positive(|step| step.error);
    if shown.is_empty() {
        shown = positive(|step| step.rounding);
    }
    if shown.is_empty() {
        return NOTHING;
    }
    let low = shown.iter().copied().fold(f64::INFINITY, f64::min);
    let high = shown.iter().copied().fold(0.0, f64::max);
    let decade = |error: f64, more: f64| 10f64.powf(error.log10().floor() + more);
    (decade(low, -1.0), decade(high, 2.0))
}

/// The measured errors: a line in pieces, with points at whole decades.
fn measured(scene: Scene, scheme: &SchemeCurve, colour: Colour) -> Scene {
    let place = |step: &StepError| {
        step.error
            .filter(|error| *error > 0.0)
            .map(|error| [step.delta, error])
    };
    let pieces = pieces(scheme, place);
    let points = scheme.steps.iter().filter(|step| step.is_whole_decade());
    let points = points
        .filter_map(place)
        .map(|at| Point::new(at).colour(colour));
    let scene = scene
        .with(Line::pieces(pieces).colour(colour))
        .with_all(points);
    // The name stands where the curve is clear of the others: of the differences at the large deltas, of the complex step,
    // whose truncation is that of the central difference, at the small ones.
    let clear = match scheme.rule {
        StepRule::ComplexStep => 1e-10,
        StepRule::Forward | StepRule::Central => 0.3,
    };
    let named = scheme
        .steps
        .iter()
        .filter(|step| step.delta <= clear)
        .find_map(place);
    match named {
        Some(at) => {
            let name = scheme.rule.name();
            let label = Tex::new(format!(r"\text{{{name}}}"), name);
            scene.with(Label::new(at, label).colour(colour))
        }
        None => scene,
    }
}

/// Errors of 0, which have no place on the axis: hollow points on the lower edge, in the colour of their scheme, in ink
/// where both share the place.
fn nothing(scene: Scene, found: &Found, low: f64) -> Scene {
    let schemes = &found.curve.schemes;
    let is_nothing = |step: &StepError| step.is_whole_decade() && step.error == Some(0.0);
    let mut deltas: Vec<(f64, Colour)> = Vec::new();
    for (place, scheme) in schemes.iter().enumerate() {
        for step in scheme.steps.iter().filter(|step| is_nothing(step)) {
            match deltas.iter_mut().find(|(delta, _)| *delta == step.delta) {
                Some((_, colour)) => *colour = Colour::Ink,
                None => deltas.push((step.delta, palette(place))),
            }
        }
    }
    let smallest = deltas.iter().map(|(delta, _)| *delta).reduce(f64::min);
    let label = smallest.map(|delta| {
        let label = Tex::new(r"\text{error } 0", "error 0");
        Label::new([delta, low], label).colour(Colour::Faint)
    });
    let points = deltas
        .into_iter()
        .map(|(delta, colour)| Point::new([delta, low]).colour(colour).hollow());
    scene.with_all(points).with_all(label)
}

/// What was expected of truncation and of rounding, dashed and thin.
fn expected(scene: Scene, scheme: &SchemeCurve, colour: Colour, heights: (f64, f64)) -> Scene {
    let parts: [(Part, Dash); 2] = [
        (|step| step.truncation, Dash::Dashed),
        (|step| step.rounding, Dash::Dotted),
    ];
    parts.into_iter().fold(scene, |scene, (part, dash)| {
        let place = |step: &StepError| {
            part(step)
                .filter(|part| *part > 0.0 && !step.is_lost())
                .map(|part| [step.delta, part])
        };
        let pieces = pieces(scheme, place);
        // Half way along what is seen of it.
        let seen: Vec<[f64; 2]> = pieces
            .iter()
            .flatten()
            .copied()
            .filter(|at| (heights.0..=heights.1).contains(&at[1]))
            .collect();
        let scene = scene.with(Line::pieces(pieces).colour(colour).dash(dash).width(1.3));
        let word = if dash == Dash::Dashed {
            "truncation"
        } else {
            "rounding"
        };
        match seen.get(seen.len() * 3 / 4) {
            // Rounding is nearly one line for all schemes, and is named once.
            Some(at) if dash == Dash::Dashed || scheme.rule == StepRule::Forward => {
                let label = Tex::new(format!(r"\text{{{word}}}"), word);
                scene.with(Label::new(*at, label).colour(colour))
            }
            _ => scene,
        }
    })
}

/// The places that exist, never joined over one that does not.
fn pieces(
    scheme: &SchemeCurve,
    place: impl Fn(&StepError) -> Option<[f64; 2]>,
) -> Vec<Vec<[f64; 2]>> {
    let places: Vec<Option<[f64; 2]>> = scheme.steps.iter().map(place).collect();
    places
        .split(Option::is_none)
        .map(|piece| piece.iter().copied().flatten().collect::<Vec<_>>())
        .filter(|piece| piece.len() > 1)
        .collect()
}

/// The best deltas, 0.0001, and how well the derivative is known.
fn guides(scene: Scene, found: &Found, heights: (f64, f64)) -> Scene {
    let top = heights.1 / 3.0;
    let fair = Tex::new(r"\delta = 0.0001", "delta = 0.0001");
    let mut scene = scene
        .with(Guide::vertical(FAIR))
        .with(Label::new([FAIR, top], fair).colour(Colour::Faint));
    for (place, scheme) in found.curve.schemes.iter().enumerate() {
        let Some(best) = scheme.predicted else {
            continue;
        };
        let value = rounded(best);
        let label = Tex::new(
            format!(r"\text{{best }} \delta {}", value.latex()),
            format!("best delta {}", value.plain()),
        );
        let down = 10f64.powf(1.2 * place as f64);
        scene = scene
            .with(
                Guide::vertical(best)
                    .colour(palette(place))
                    .dash(Dash::Dotted),
            )
            .with(Label::new([best, top / down], label).colour(palette(place)));
    }
    match found.curve.exact_bound.filter(|bound| *bound > heights.0) {
        Some(bound) => scene
            .with(Guide::horizontal(bound).dash(Dash::Dotted))
            .with(
                Label::new(
                    [DELTAS.0 * 30.0, bound],
                    Tex::new(
                        r"\text{the derivative is known to this}",
                        "the derivative is known to this",
                    ),
                )
                .colour(Colour::Faint),
            ),
        None => scene,
    }
}

fn title(found: &Found) -> Option<Tex> {
    let body = |notation| secant::print(found.formula.body(), notation);
    let f = text::name(found.formula);
    let names = found.formula.variables();
    let latex_names: Vec<String> = names.iter().map(|name| latex_of(name)).collect();
    let plain = format!(
        "{f}({}) = {},  {}",
        names.join(", "),
        body(Notation::Unicode),
        text::place(found.formula, &found.at)
    );
    let at: Vec<String> = latex_names
        .iter()
        .zip(&found.at)
        .map(|(name, x)| format!("{name} {}", rounded(*x).latex()))
        .collect();
    let latex = format!(
        r"{}({}) = {}, \qquad {}",
        latex_of(f),
        latex_names.join(", "),
        body(Notation::Latex),
        at.join(r",\ ")
    );
    fitting([(latex, plain)])
}

/// The picture in words.
fn description(found: &Found) -> String {
    let each = found.curve.schemes.iter().map(|scheme| {
        let name = scheme.rule.name();
        match scheme.best().and_then(|best| Some((best, best.error?))) {
            Some((best, error)) => format!(
                "the {name} slope has its smallest error, {}, with delta {}",
                found.error(error),
                text::error(best.delta)
            ),
            None => format!("there is no {name} slope"),
        }
    });
    format!(
        "The error of the slope of {} at {} against delta, from 1 to 1e-16, both in powers of ten; {}.",
        text::heading(found.formula),
        text::place(found.formula, &found.at),
        each.collect::<Vec<_>>().join("; ")
    )
}
