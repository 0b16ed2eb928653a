//! Claims about whole figures, measured on their layout: labels touch nothing,
//! nothing is cut off, whatever the caller puts in.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../examples/scenes/mod.rs"]
mod scenes;

use crate::area::{Area, Place};
use crate::figure::{Figure, compose};
use crate::{
    Axis, Colour, Guide, Key, Label, Line, Point, Scene, Tex, Theme, palette, png, svg, terminal,
};

const SIZES: [(f64, f64); 5] = [
    (400.0, 300.0),
    (640.0, 480.0),
    (900.0, 600.0),
    (1600.0, 1000.0),
    (500.0, 900.0),
];

fn all_scenes() -> Vec<Scene> {
    let kinds: [fn(f64, f64) -> Scene; 3] = [scenes::tangents, scenes::secant, scenes::crowded];
    SIZES
        .iter()
        .flat_map(|(width, height)| kinds.map(|kind| kind(*width, *height)))
        .collect()
}

/// Whether a segment enters a rectangle, by looking along it closely. Slower
/// than the clipping the placement itself relies on, and independent of it.
fn enters([a, b]: [Place; 2], area: &Area) -> bool {
    let length = (b[0] - a[0]).hypot(b[1] - a[1]);
    let looks = (length * 4.0).ceil().max(1.0) as u32;
    (0..=looks).any(|look| {
        let t = f64::from(look) / f64::from(looks);
        let [x, y] = [0, 1].map(|axis| a[axis] + t * (b[axis] - a[axis]));
        x > area.low[0] && x < area.high[0] && y > area.low[1] && y < area.high[1]
    })
}

/// The faults a reader would see around the labels of a figure.
fn label_faults(figure: &Figure) -> Vec<String> {
    let layout = &figure.layout;
    let mut faults = Vec::new();
    for (index, spot) in layout.spots.iter().enumerate() {
        let mut fault = |what: &str| faults.push(format!("label {index} {what}"));
        if !layout.frame.contains(&spot.area) {
            fault("leaves the frame");
        }
        if layout
            .obstacles
            .strokes
            .iter()
            .any(|s| enters(*s, &spot.area))
        {
            fault("lies on a line");
        }
        let near = |(centre, radius): &(Place, f64)| spot.area.distance(*centre) < *radius;
        if layout.obstacles.discs.iter().any(near) {
            fault("lies on a point");
        }
        for (other, rival) in layout.spots.iter().enumerate() {
            if other != index && spot.area.overlaps(&rival.area) {
                fault("overlaps another");
            }
            if rival
                .leader
                .is_some_and(|leader| enters(leader, &spot.area))
            {
                fault("lies on a leader");
            }
        }
    }
    faults
}

#[test]
fn labels_touch_no_line_no_point_and_no_other_label() {
    for scene in all_scenes() {
        let figure = compose(&scene);
        assert!(figure.layout.spots.len() >= 5);
        let faults = label_faults(&figure);
        assert!(faults.is_empty(), "{:?} {faults:?}", scene.size);
    }
}

#[test]
fn a_label_on_a_line_is_seen_as_a_fault() {
    let mut figure = compose(&scenes::tangents(900.0, 600.0));
    let onto = figure.layout.obstacles.strokes[120][0];
    let area = figure.layout.spots[2].area;
    figure.layout.spots[2].area = Area::around(onto, area.width(), area.height());
    let faults = label_faults(&figure);
    assert!(faults.contains(&"label 2 lies on a line".to_string()));
}

#[test]
fn labels_stay_near_their_places() {
    let figure = compose(&scenes::tangents(900.0, 600.0));
    let discs = &figure.layout.obstacles.discs;
    for ((centre, _), spot) in discs.iter().zip(&figure.layout.spots) {
        assert_eq!(spot.leader, None);
        assert!(spot.area.distance(*centre) < 20.0);
    }
}

#[test]
fn a_label_without_room_nearby_gets_a_leader() {
    // A thicket around the place leaves no room within reach.
    let bars = (0..40).map(|index| 0.3 + 0.01 * f64::from(index));
    let scene = Scene::new(900.0, 600.0)
        .x(Axis::new(0.0, 1.0))
        .y(Axis::new(0.0, 1.0))
        .with_all(bars.map(|x| Line::new([[x, 0.2], [x, 0.8]])))
        .with(Label::new([0.5, 0.5], r"\text{in the thicket}"));
    let figure = compose(&scene);
    assert!(label_faults(&figure).is_empty());
    assert!(figure.layout.spots[0].leader.is_some());
}

#[test]
fn more_labels_than_room_are_all_drawn_inside_the_frame() {
    let labels = (0..60).map(|index| {
        let [x, y] = [f64::from(index % 10), f64::from(index / 10)];
        Label::new([x, y], r"\text{a label as long as this}")
    });
    let figure = compose(&Scene::new(400.0, 300.0).with_all(labels));
    assert_eq!(figure.layout.spots.len(), 60);
    let frame = figure.layout.frame.grown(1e-9);
    assert!(
        figure
            .layout
            .spots
            .iter()
            .all(|spot| frame.contains(&spot.area))
    );
}

#[test]
fn labels_and_points_outside_the_axes_are_not_drawn() {
    let scene = Scene::new(400.0, 300.0)
        .x(Axis::new(0.0, 1.0))
        .y(Axis::new(0.0, 1.0))
        .with(Point::new([2.0, 0.5]))
        .with(Point::new([1.0, 1.0]))
        .with(Label::new([0.5, f64::NAN], "a"))
        .with(Label::new([0.5, 0.5], "b"));
    let layout = compose(&scene).layout;
    assert_eq!(layout.obstacles.discs.len(), 1);
    assert_eq!(layout.spots.len(), 1);
}

/// Scenes whose numbers, names and titles need unusual room.
fn awkward_scenes() -> Vec<Scene> {
    let ranges = [
        (0.0, 0.0),
        (1e10, 1e10 + 1.0),
        (-1e-9, 1e-9),
        (-1e300, 1e300),
        (5.0, -5.0),
        (f64::NAN, f64::INFINITY),
        (-123_456.0, 99_999.0),
        (1e-16, 1.0),
    ];
    let mut all = Vec::new();
    for (width, height) in SIZES {
        for (low, high) in ranges {
            let axis = Axis::new(low, high);
            let scene = Scene::new(width, height)
                .title(r"g(x) = \sum_{k=0}^{\infty} \frac{x^k}{k!} \quad \text{with a title that is long}")
                .x(axis.clone().label(r"\text{step } h"))
                .y(axis.label(r"\text{relative error of the difference}"))
                .with(Line::new([[low, low], [high, high], [1e308, -1e308]]))
                .with(Point::new([high, high]))
                .with(Guide::horizontal(low));
            let mut logarithmic = scene.clone();
            logarithmic.x = logarithmic.x.log();
            logarithmic.y = logarithmic.y.log();
            all.extend([scene, logarithmic]);
        }
    }
    all
}

#[test]
fn no_text_is_cut_and_no_two_texts_overlap() {
    for scene in awkward_scenes().into_iter().chain(all_scenes()) {
        let figure = compose(&scene);
        let told = format!("{:?} {:?} {:?}", scene.size, scene.x, scene.y);
        let sheet = Area::new([0.0, 0.0], figure.drawing.size).grown(-4.0);
        let texts = &figure.layout.texts;
        for (index, text) in texts.iter().enumerate() {
            assert!(sheet.contains(text), "{told}: {text:?} in {sheet:?}");
            for other in &texts[..index] {
                assert!(!text.overlaps(other), "{told}: {text:?} and {other:?}");
            }
        }
        assert!(figure.layout.frame.width() > 100.0, "{told}");
        assert!(figure.layout.frame.height() > 100.0, "{told}");
    }
}

#[test]
fn every_shape_stays_on_the_sheet() {
    for scene in awkward_scenes().into_iter().chain(all_scenes()) {
        let figure = compose(&scene);
        let sheet = Area::new([0.0, 0.0], figure.drawing.size);
        for shape in &figure.drawing.shapes {
            let bounds = shape.path.bounds().unwrap();
            assert!(sheet.contains(&bounds), "{:?}: {bounds:?}", scene.x);
        }
    }
}

#[test]
fn pieces_are_never_joined() {
    let scene = scenes::secant(900.0, 600.0);
    let pole = compose(&scene.clone().x(Axis::new(-1.0, 1.0)));
    let frame = pole.layout.frame;
    let middle = frame.centre()[0];
    let strokes = &pole.layout.obstacles.strokes;
    // Only the guide may stand on the pole; no stroke runs across the frame.
    let tall = |[a, b]: &&[Place; 2]| (a[1] - b[1]).abs() > 0.9 * frame.height();
    let tall: Vec<_> = strokes.iter().filter(tall).collect();
    assert_eq!(tall.len(), 1);
    assert!(tall[0].iter().all(|end| (end[0] - middle).abs() < 1e-9));
}

#[test]
fn a_point_is_painted_in_its_colour_where_it_is() {
    let scale = 2.0_f32;
    for theme in [Theme::Light, Theme::Dark] {
        let scene = scenes::tangents(900.0, 600.0).theme(theme);
        let layout = compose(&scene).layout;
        let (pixels, [width, _]) = decoded(&png(&scene, scale).unwrap());
        for (index, (centre, radius)) in layout.obstacles.discs.iter().enumerate() {
            let pixel = |x: f64, y: f64| {
                let [x, y] = [x, y].map(|at| (at * f64::from(scale)) as usize);
                let start = 3 * (y * width + x);
                [0, 1, 2].map(|part| pixels[start + part])
            };
            let [x, y] = *centre;
            assert_eq!(pixel(x, y), theme.rgb(palette(index)));
            assert_eq!(pixel(x, y - radius + 0.8), theme.background());
        }
    }
}

#[test]
fn the_png_has_the_size_asked_for() {
    for (scale, size) in [(0.5, [200, 150]), (1.0, [400, 300]), (2.5, [1000, 750])] {
        let bytes = png(&scenes::secant(400.0, 300.0), scale).unwrap();
        let (pixels, found) = decoded(&bytes);
        assert_eq!(found, size);
        assert_eq!(pixels.len(), 3 * size[0] * size[1]);
    }
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9] {
        assert!(png(&Scene::new(400.0, 300.0), scale).is_err());
    }
}

/// Pixels as red, green and blue, with width and height.
fn decoded(bytes: &[u8]) -> (Vec<u8>, [usize; 2]) {
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, ::png::ColorType::Rgb);
    (pixels, [info.width as usize, info.height as usize])
}

#[test]
fn nothing_and_nonsense_still_give_pictures() {
    let nonsense = Scene::new(f64::NAN, -3.0)
        .title(r"\frac{")
        .describe("nonsense")
        .with(Line::pieces([]))
        .with(Line::pieces([vec![], vec![[f64::NAN; 2]], vec![[1.0, 2.0]]]).width(f64::NAN))
        .with(Line::new([[f64::MAX, -f64::MAX], [-f64::MAX, f64::MAX]]).width(-1.0))
        .with(Point::new([f64::INFINITY, 0.0]))
        .with(Label::new([0.0, 0.0], ""))
        .with(Guide::vertical(f64::NAN));
    let mut logarithmic = nonsense.clone();
    logarithmic.x = logarithmic.x.log();
    for scene in [
        Scene::new(0.0, 0.0),
        Scene::new(1e9, 1.0),
        nonsense,
        logarithmic,
    ] {
        assert!(svg(&scene).ends_with("</svg>\n"));
        assert!(!svg(&scene).contains("NaN") && !svg(&scene).contains("inf"));
        assert!(png(&scene, 0.1).is_ok());
        terminal(&scene, 80, 24, true);
    }
}

#[test]
fn a_terminal_picture_keeps_its_bounds() {
    let mut scenes = all_scenes();
    scenes.truncate(3);
    scenes.extend(awkward_scenes().into_iter().take(16));
    scenes.push(Scene::new(400.0, 300.0).title(Tex::new("x", "漢字のとても長い題名")));
    for scene in scenes {
        for columns in [0, 1, 7, 15, 20, 33, 79, 80, 132] {
            for rows in [0, 1, 4, 6, 9, 24, 50] {
                let text = terminal(&scene, columns, rows, false);
                assert!(text.lines().count() <= rows);
                for line in text.lines() {
                    let width: usize = line
                        .chars()
                        .map(|c| unicode_width::UnicodeWidthChar::width(c).unwrap())
                        .sum();
                    assert!(width <= columns, "{width} > {columns}: {line}");
                }
                // Colour adds escapes and changes no letter.
                let coloured = terminal(&scene, columns, rows, true);
                assert_eq!(without_escapes(&coloured), text);
            }
        }
    }
}

fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain += before;
        rest = after.split_once('m').unwrap().1;
    }
    plain + rest
}

#[test]
fn a_terminal_picture_names_every_tangent_in_its_colour() {
    let scene = scenes::tangents(900.0, 600.0);
    let text = terminal(&scene, 100, 30, true);
    for (index, slope) in [0, 4, 8, 12, 16].into_iter().enumerate() {
        let [red, green, blue] = scene.theme.rgb(palette(index));
        let label = format!("f'({index}) = {slope}");
        let (before, _) = text.split_once(&label).unwrap();
        let (_, last) = before.rsplit_once("\x1b[").unwrap();
        assert!(last.starts_with(&format!("38;2;{red};{green};{blue}m")));
    }
}

/// Where each colour that fills a shape of the picture comes last.
fn last_fill(svg: &str, [red, green, blue]: [u8; 3]) -> Option<usize> {
    svg.rfind(&format!("fill=\"#{red:02x}{green:02x}{blue:02x}\""))
}

#[test]
fn a_rim_leaves_its_disc_to_be_seen() {
    let colour = Colour::Exact([0x12, 0x34, 0x56]);
    let point = Point::new([0.5, 0.5]).colour(colour).rim(Colour::Faint);
    let scene = Scene::new(900.0, 600.0).bare().with(point);
    let picture = svg(&scene);
    let ground = last_fill(&picture, scene.theme.background());
    assert!(
        last_fill(&picture, [0x12, 0x34, 0x56]) > ground,
        "{picture}"
    );
}

#[test]
fn keys_stand_beside_the_frame_and_are_not_cut() {
    for (width, height) in SIZES {
        let mut scene = Scene::new(width, height).with(Line::new([[0.0, 0.0], [1.0, 1.0]]));
        for class in 0..12 {
            scene = scene.key(Key::new(format!("class {class}"), palette(class)));
        }
        let name = "a name as long as a table may have it, and longer";
        scene = scene.key(Key::new(Tex::verbatim(name), palette(12)));
        let figure = compose(&scene);
        let beside = |text: &&Area| text.low[0] > figure.layout.frame.high[0];
        let keys: Vec<&Area> = figure.layout.texts.iter().filter(beside).collect();
        assert_eq!(keys.len(), 13);
        for (place, key) in keys.iter().enumerate() {
            assert!(key.high[0] <= width, "{width}: {place}");
            assert!(keys[place + 1..].iter().all(|other| !other.overlaps(key)));
        }
    }
}

#[test]
fn names_along_an_axis_stand_as_they_are_or_are_cut() {
    let names = [
        "$x^2$ & y",
        "a name as long as a table may have it, and longer",
    ];
    let axis = Axis::new(-0.5, 1.5).names(names.map(Tex::verbatim));
    let scene = Scene::new(900.0, 600.0).y(axis);
    let figure = compose(&scene);
    assert!(figure.layout.frame.low[0] < 400.0);
    assert!(figure.layout.texts.iter().all(|text| text.low[0] >= 0.0));
    let text = terminal(&scene, 80, 20, false);
    assert!(
        text.contains("$x^2$ & y ┤") && text.contains("… ┤"),
        "{text}"
    );
}
