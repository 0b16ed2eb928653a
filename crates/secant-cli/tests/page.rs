//! The page as it runs: its pure functions in node, and the whole of it in a browser without a window, held against the
//! numbers of the library. Where neither is installed the test says so, and passes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

fn secant(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_secant"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    output
}

/// A folder of this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("secant-page-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn found(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// What stands in the page after a script has moved something, one answer a line; what goes wrong is an answer, too.
fn played(name: &str, arguments: &[&str], script: &str) -> Option<Vec<String>> {
    let Some(browser) = BROWSERS.into_iter().find(|browser| found(browser)) else {
        eprintln!("no browser is installed: the page is not run");
        return None;
    };
    let folder = folder(name);
    let file = folder.join("page.html");
    let path = file.to_str().unwrap();
    secant(&[arguments, &["-o", path]].concat());
    let page = fs::read_to_string(&file).unwrap();
    let watch = "<script>const told = []; const read = (section, part) => document.querySelector(`[data-view=${section}] [data-part=${part}]`);\
        const say = (text) => told.push(String(text).replaceAll('\\u2212', '-'));\
        addEventListener('error', (event) => say(`error: ${event.message}`));\
        addEventListener('securitypolicyviolation', (event) => say(`refused: ${event.violatedDirective}`));</script>";
    let play = format!(
        "<pre id=\"told\"></pre><script>try {{ {script} }} catch (error) {{ say(`error: ${{error}}`); }} document.getElementById('told').textContent = told.join('\\n');</script></body>"
    );
    let page = page
        .replacen("<title>", &format!("{watch}<title>"), 1)
        .replacen("</body>", &play, 1);
    fs::write(&file, page).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--virtual-time-budget=2000",
            "--dump-dom",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .arg(format!("file://{path}"))
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    let told = dom.split_once("<pre id=\"told\">").map(|(_, rest)| rest);
    let told = told.and_then(|rest| rest.split_once("</pre>"));
    let told = told.unwrap_or_else(|| panic!("no answer: {dom}")).0;
    let _ = fs::remove_dir_all(&folder);
    Some(told.lines().map(str::to_owned).collect())
}

const MOVE_DELTA: &str = "const slider = read('slope', 'delta'); slider.value = -4; slider.dispatchEvent(new Event('input'));\
    for (const name of ['x', 'f', 'delta-told', 'secant', 'slope', 'truncation', 'rounding']) say(read('slope', name).textContent);\
    say(document.querySelector('[role=slider]').getAttribute('aria-valuetext'));";

#[test]
fn a_moved_slider_shows_the_numbers_of_the_library() {
    let asked = ["tangents", "2x^2", "--at", "0..4"];
    let Some(told) = played("slope", &asked, MOVE_DELTA) else {
        return;
    };
    let output = secant(&[&asked[..], &["--format", "json"]].concat());
    let library: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let secant = &library["tangents"][2]["secant"];
    // 8.000199999998785 is what (2*2.0001^2 - 2*2^2)/(2.0001 - 2) gives in IEEE 754 doubles.
    assert_eq!(told[..5], ["2", "8", "0.0001", "8.000199999998785", "8"]);
    assert_eq!(
        told[3].parse::<f64>().unwrap(),
        secant["slope"].as_f64().unwrap()
    );
    for (text, part) in told[5..7].iter().zip(["truncation", "rounding"]) {
        let (page, library) = (text.parse::<f64>().unwrap(), secant[part].as_f64().unwrap());
        // The page shows three digits.
        assert!(
            (page - library).abs() <= 5e-3 * library.abs(),
            "{part}: {page}, {library}"
        );
    }
    assert_eq!(told[7..], ["x = 2, slope 8"]);
}

#[test]
fn a_corner_and_a_pole_have_no_slope() {
    let script = "document.querySelector('[data-go=\"0\"]').click(); say(read('slope', 'slope').textContent); say(read('slope', 'remark').textContent);";
    for (formula, word) in [
        ("|x|", "a corner"),
        ("1/x", "a pole"),
        ("floor(x)", "a jump"),
    ] {
        let asked = ["tangents", formula, "--at=-1.5,0,1.5"];
        let Some(told) = played("kind", &asked, script) else {
            return;
        };
        assert_eq!(told[0], "none", "{formula}");
        assert!(
            told.len() == 2 && told[1].contains(word),
            "{formula}: {told:?}"
        );
    }
}

#[test]
fn a_descent_goes_down_and_says_when_it_runs_away() {
    let script = "const step = read('descent', 'step'); step.click(); say(read('descent', 'at').textContent);\
        const rate = read('descent', 'rate'); rate.value = 0; rate.dispatchEvent(new Event('input'));\
        for (let turn = 0; turn < 60; turn++) step.click(); say(read('descent', 'remark').textContent);";
    // From x = 3, y = 1 a step of 0.1 against (2 x, 6 y) leads to 2.4, 0.4.
    let asked = ["tangents", "x^2 + 3y^2", "--at", "x=1..3,y=1"];
    let Some(told) = played("descent", &asked, script) else {
        return;
    };
    assert_eq!(told[0], "x = 2.4, y = 0.4");
    assert!(told.len() == 2 && told[1].contains("diverges"), "{told:?}");
}

#[test]
fn the_steps_come_one_by_one() {
    let script = "const next = read('steps', 'next'); const seen = () => document.querySelectorAll('.step:not(.hidden)').length;\
        say(seen()); next.click(); next.click(); say(seen()); read('steps', 'all').click(); say(seen() === document.querySelectorAll('.step').length);";
    let Some(told) = played("steps", &["derive", "x^2 sin(x)", "--steps"], script) else {
        return;
    };
    assert_eq!(told, ["1", "2", "true"]);
}

#[test]
fn a_training_is_watched_epoch_by_epoch() {
    let script = "const slider = read('regions', 'moment'); say(read('regions', 'epoch').textContent); say(read('regions', 'loss').textContent);\
        say(slider.max > 10); read('regions', 'first').click(); say(read('regions', 'epoch').textContent); say(read('regions', 'loss').textContent);\
        const canvas = document.querySelector('[data-view=regions] canvas'); const [r, g, b, a] = canvas.getContext('2d').getImageData(20, 20, 1, 1).data; say(a);\
        say(document.querySelectorAll('[data-view=regions] .sample').length);";
    let asked = [
        "train", "--layers", "2,8,3", "spiral", "--epochs", "60", "--rate", "0.05",
    ];
    let Some(told) = played("regions", &asked, script) else {
        return;
    };
    let library = |arguments: &[&str]| -> serde_json::Value {
        let output = secant(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    // The page tells of the weights after so many epochs what the table tells of them.
    let trained = library(&asked);
    let last = trained["told"].as_array().unwrap().last().unwrap();
    let first = library(&["impact", "--layers", "2,8,3", "spiral", "--way", "backprop"]);
    assert_eq!([&*told[0], &*told[2], &*told[3]], ["60", "true", "0"]);
    for (told, loss) in [(&told[1], &last["loss"]), (&told[4], &first["loss"])] {
        let part = told.parse::<f64>().unwrap() / loss.as_f64().unwrap();
        assert!((part - 1.0).abs() < 1e-4, "{told} {loss}");
    }
    assert_eq!(told[5..], ["255", "300"]);
}

#[test]
fn a_landscape_tells_the_losses_of_the_library() {
    let script = "const tell = (name) => say(read('landscape', name).textContent); tell('loss'); tell('centre'); read('landscape', 'lowest').click(); tell('loss'); tell('least');\
        say(document.querySelectorAll('[data-view=landscape] canvas').length); const surface = read('landscape', 'surface');\
        if (surface) { const before = surface.toDataURL(); surface.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' })); say(before !== surface.toDataURL()); }";
    for (along, canvases) in [("random,random", "2"), ("gradient", "0")] {
        let asked = [
            "landscape",
            "--layers",
            "2,6,3",
            "spiral",
            "--along",
            along,
            "--points",
            "21",
        ];
        let Some(told) = played("landscape", &asked, script) else {
            return;
        };
        let output = secant(&[&asked[..], &["--format", "json"]].concat());
        let library: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let losses = library["losses"].as_array().unwrap();
        let least = losses
            .iter()
            .filter_map(serde_json::Value::as_f64)
            .fold(f64::INFINITY, f64::min);
        let near = |text: &str, truth: f64| {
            let error = text.parse::<f64>().unwrap() / truth - 1.0;
            assert!(error.abs() < 1e-5, "{text}, {truth}");
        };
        let centre = library["loss"].as_f64().unwrap();
        for (text, truth) in told.iter().zip([centre, centre, least, least]) {
            near(text, truth);
        }
        assert_eq!(told[4], canvases, "{told:?}");
        assert_eq!(
            told.get(5).map(String::as_str),
            (canvases == "2").then_some("true"),
            "{told:?}"
        );
    }
}

#[test]
fn the_functions_of_the_page_hold_by_themselves() {
    if !found("node") {
        eprintln!("no node is installed: the functions of the page are not run");
        return;
    }
    let pure = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page/pure.js");
    let script = fs::read_to_string(pure).unwrap()
        + r#"
const assert = require("node:assert/strict");
assert.deepEqual(ticks(-1, 5, 8), [-1, 0, 1, 2, 3, 4, 5]);
assert.deepEqual(ticks(0, 0.6, 7), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
assert.equal(told(-0.5), "−0.5");
assert.deepEqual([-2e5, 1e7, 1.5e-6, 0].map(tickName), ["−200000", "1·10⁷", "1.5·10⁻⁶", "0"]);
// A steep line is cut where it leaves the picture, and stays straight.
assert.deepEqual(withinHeights([[0, -10], [1, 10], [2, 0]], -1, 1), [[[0.45, -1], [0.55, 1]], [[1.9, 1], [2, 0]]]);
assert.deepEqual(withinHeights([[0, 2], [1, 2]], -1, 1), []);
assert.deepEqual(withinHeights([[0, 0], [1, 0], [2, 1]], -1, 1), [[[0, 0], [1, 0], [2, 1]]]);
assert.equal(told(1.23456e-9, 3), "1.23e−9");
assert.equal(told(NaN), "none");
assert.equal(deltaAt(-4), 0.0001);
assert.equal(deltaAt(-12), 1e-12);
assert.equal(toGrid(0.30000000000000004, 0.1), 0.3);
const square = { value: (x) => x * x, slope: (x) => 2 * x, higher: [() => 2, () => 0] };
assert.equal(secantAt(square, 1, 0.5).truncation, 0.5);
assert.equal(secantAt(square, 1, 0.5).rounding, 0);
assert.ok(Number.isNaN(secantAt({ value: Math.exp, slope: Math.exp, higher: [Math.exp, Math.exp] }, 0, 1).truncation));
const bowl = ([x]) => [x * x, [2 * x]];
let descent = descentFrom([1]);
descent = descend(descent, 0.25, 0, bowl, 4);
assert.deepEqual([descent.at, descent.state], [[0.5], "fell"]);
// v = 0.5 (-0.5) - 0.25 (2 * 0.5) = -0.5
descent = descend(descent, 0.25, 0.5, bowl, 4);
assert.deepEqual(descent.at, [0]);
let wild = descentFrom([1]);
while (goesOn(wild)) wild = descend(wild, 1.5, 0, bowl, 4);
assert.equal(wild.state, "diverged");
assert.equal(descend(descentFrom([0]), 0.1, 0, () => [0, [NaN]], 1).state, "no slope");
// The circle of radius 1 crosses each side of the square around it but at the corners.
const grid = [-2, -1, 0, 1, 2].map((y) => [-2, -1, 0, 1, 2].map((x) => x * x + y * y));
const circle = contours(grid, 2.5, () => false).flat();
assert.ok(circle.length === 24 && circle.every(([i, j]) => Math.abs(Math.hypot(i - 2, j - 2) - 1.55) < 0.1));
assert.equal(contours(grid, 2.5, () => true).length, 0);
assert.deepEqual(rgb(" #1341a4"), [19, 65, 164]);
assert.deepEqual(onRamp([[0, 0, 0], [10, 20, 30], [20, 20, 20]], 0.75), [15, 20, 25]);
assert.deepEqual([...fromSigns("_0")], [-0, -1]);
// The left class leads up to the middle, where both are as good.
const row = new Uint8Array(8);
leaders([0, -1, 0, -1, -1, 0, -1, 0], 2, [2, 2], 0, [8, 4], row);
assert.deepEqual([...row], [0, 0, 0, 0, 1, 1, 1, 1]);
// From the front and from above: what is near lies lower, what is high lies higher.
const front = seen([0, 1, 0], 0, 0.5), top = seen([0, 0, 1], 0, 0.5);
assert.ok(front[1] > 0 && top[1] < 0 && front[2] > 0);
"#;
    let output = Command::new("node").args(["-e", &script]).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_page_holds_its_own_rules_and_no_address() {
    let folder = folder("text");
    let file = folder.join("page.html");
    let path = file.to_str().unwrap();
    // Of what a formula can hold, < comes nearest to an element.
    secant(&[
        "tangents",
        "if a<b then a else b",
        "--at",
        "a=1..2,b=1",
        "-o",
        path,
    ]);
    let page = fs::read_to_string(&file).unwrap();
    let _ = fs::remove_dir_all(&folder);
    assert!(page.contains(
        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\""
    ));
    assert_eq!(page.matches("</script>").count(), 2, "data and script");
    let page = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("import "));
}

#[test]
fn what_was_asked_for_is_what_the_page_shows() {
    let asked = ["descend", "1e6x^2", "--from", "1", "--rate", "1e-7"];
    let script = "say(read('descent', 'rate-told').textContent);\
        say([...document.querySelectorAll('#plane .number')].map((mark) => mark.textContent).filter((mark) => mark.includes('10')).join(' '));";
    let Some(told) = played("rate", &asked, script) else {
        return;
    };
    assert_eq!(told, ["1e-7", "1·10⁶ 1.5·10⁶"]);
    let asked = ["tangents", "ln(x)", "--at=0.001", "--range=-1..3"];
    // Left of 0 there is no curve, and no derivative of it.
    let script = "say(read('slope', 'slope').textContent);\
        const across = (path) => path.getAttribute('d').split(/[ML]/).filter(Boolean).map((at) => Number(at.split(' ')[0]));\
        const zero = document.querySelector('#derivative .break').getAttribute('d').slice(1).split(' ')[0];\
        say(Math.min(...across(document.querySelector('#derivative .curve'))) >= Number(zero) - 1);\
        const ends = across(document.querySelector('#curve .tangent')); say(Math.max(...ends) - Math.min(...ends) < 10);";
    let told = played("steep", &asked, script).unwrap();
    assert_eq!(told, ["1000", "true", "true"]);
}
