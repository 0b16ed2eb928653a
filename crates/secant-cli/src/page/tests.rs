use super::*;

#[test]
fn what_is_put_into_a_template_is_not_read_as_one() {
    let page = filled("<{{a}}|{{b}}>", &[("a", "{{b}}"), ("b", "2")]);
    assert_eq!(page, "<{{b}}|2>");
}

#[test]
fn nothing_of_a_user_ends_the_element_it_stands_in() {
    let text = "</script><script>alert(1)</script><!--";
    assert!(!escaped(text).contains('<'));
    assert!(!in_data(&Value::from(text)).contains('<'));
    let code = in_script(text);
    assert!(!code.contains("</") && !code.contains("<!"));
}

#[test]
fn the_shades_are_those_of_the_pictures() {
    use secant_plot::{Colour, Theme, palette};
    let css = include_str!("page.css");
    let (light, dark) = css
        .split_once("@media (prefers-color-scheme: dark)")
        .unwrap_or_default();
    for (part, theme) in [(light, Theme::Light), (dark, Theme::Dark)] {
        let shade = |name: &str, [red, green, blue]: [u8; 3]| {
            let line = format!("--{name}: #{red:02x}{green:02x}{blue:02x};");
            assert!(part.contains(&line), "{theme:?}: {line}");
        };
        shade("background", theme.background());
        shade("ink", theme.rgb(Colour::Ink));
        shade("faint", theme.rgb(Colour::Faint));
        let series = [
            "blue", "red", "green", "purple", "ochre", "cyan", "magenta", "eighth", "ninth",
            "tenth", "eleventh", "twelfth",
        ];
        for (place, name) in series.into_iter().enumerate() {
            shade(name, theme.rgb(palette(place)));
        }
    }
}

#[test]
fn a_page_asks_nothing_of_any_network() {
    let parts = SCRIPT.iter().copied().chain([
        include_str!("page.html"),
        include_str!("page.css"),
        include_str!("slope.html"),
        include_str!("descent.html"),
        include_str!("steps.html"),
        include_str!("regions.html"),
        include_str!("landscape.html"),
        include_str!("surface.html"),
    ]);
    for part in parts {
        let part = part.replace("http://www.w3.org/2000/svg", "");
        for word in [
            "http:",
            "https:",
            "//www",
            "url(\"",
            "@import",
            "eval(",
            "fetch(",
            "import(",
            " src=",
            "innerHTML",
        ] {
            assert!(!part.contains(word), "{word}");
        }
    }
}

#[test]
fn a_descent_has_a_page_of_one_variable_and_of_two() {
    for (text, start, expected) in [
        ("x^2", &[3.0][..], Some("\"from\":[3.0]")),
        ("x^2 + y^2", &[3.0, 1.0], Some("\"cells\":80")),
        ("x + y + z", &[1.0, 1.0, 1.0], None),
    ] {
        let reading = Reading::new(text).ok();
        let page = reading.and_then(|reading| descent(&reading, start, Pace::default()).ok());
        let page = page.flatten();
        assert_eq!(page.is_some(), expected.is_some(), "{text}");
        if let (Some(page), Some(part)) = (page, expected) {
            assert!(
                page.contains(part) && !page.contains("data-view=\"slope\""),
                "{text}"
            );
        }
    }
}

#[test]
fn a_page_says_where_not_every_rough_place_is_marked() {
    const DOUBT: &str = "not to be trusted";
    for (text, is_told) in [("floor(100x)", true), ("|x|", false)] {
        let reading = Reading::new(text).ok();
        let page = reading.and_then(|reading| descent(&reading, &[3.0], Pace::default()).ok());
        assert_eq!(
            page.flatten().map(|page| page.contains(DOUBT)),
            Some(is_told),
            "{text}"
        );
    }
}
