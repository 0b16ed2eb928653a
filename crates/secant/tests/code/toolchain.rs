//! A language's own compiler or interpreter: a source and the calls to it go in, one process runs them all, the numbers
//! come out as the hexadecimal figures of their bits.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

use secant::code::{Language, Routine};

/// A routine called `case0`, `case1`, …, and where it is run.
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) points: Vec<Vec<f64>>,
    pub(crate) routine: Routine,
}

pub(crate) struct Toolchain {
    pub(crate) language: Language,
    /// A command that succeeds where the tool chain is there.
    probe: &'static [&'static str],
    file: &'static str,
    /// What makes the program out of the file, if anything must.
    build: Option<&'static str>,
    run: &'static str,
    /// Shows numbers: `show` one, `both` a value and its gradient.
    before: &'static str,
    after: &'static str,
    infinity: &'static str,
    nan: &'static str,
    /// Whether a gradient is written to an array that the caller gives.
    takes_slopes: bool,
}

const RUST: &str = r#"
fn show(x: f64) { println!("{:016x}", x.to_bits()); }
fn both<const N: usize>(answer: (f64, [f64; N])) { show(answer.0); for x in answer.1 { show(x) } }
fn main() {
"#;

const C: &str = r#"
#include <stdint.h>
#include <stdio.h>
#include <string.h>
static double slopes[64];
static void show(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    printf("%016llx\n", (unsigned long long)bits);
}
static void both(double answer, int count) {
    show(answer);
    for (int i = 0; i < count; i++) show(slopes[i]);
}
int main(void) {
"#;

const PYTHON: &str = "
import struct
def show(x):
    print(struct.pack('>d', float(x)).hex())
def both(answer):
    show(answer[0])
    for x in answer[1]:
        show(x)
";

const JAVASCRIPT: &str = r"
const lines = [];
function show(x) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(x);
  lines.push(bytes.toString('hex'));
}
function both(answer) {
  show(answer[0]);
  answer[1].forEach(show);
}
";

impl Toolchain {
    pub(crate) fn all() -> [Self; 4] {
        let language = |name| Language::named(name).unwrap();
        [
            Self {
                language: language("rust"),
                probe: &["rustc", "--version"],
                file: "main.rs",
                build: Some("rustc --edition 2024 -D warnings -A dead_code main.rs -o rust_main"),
                run: "./rust_main",
                before: RUST,
                after: "}\n",
                infinity: "f64::INFINITY",
                nan: "f64::NAN",
                takes_slopes: false,
            },
            Self {
                language: language("c"),
                probe: &["cc", "--version"],
                file: "main.c",
                build: Some(
                    "cc -std=c11 -O1 -Wall -Werror -Wno-unused-function main.c -o c_main -lm",
                ),
                run: "./c_main",
                before: C,
                after: "return 0;\n}\n",
                infinity: "INFINITY",
                nan: "NAN",
                takes_slopes: true,
            },
            Self {
                language: language("python"),
                probe: &["python3", "-c", "import numpy"],
                file: "main.py",
                build: None,
                run: "python3 main.py",
                before: PYTHON,
                after: "",
                infinity: "float('inf')",
                nan: "float('nan')",
                takes_slopes: false,
            },
            Self {
                language: language("javascript"),
                probe: &["node", "--version"],
                file: "main.mjs",
                build: None,
                run: "node main.mjs",
                before: JAVASCRIPT,
                after: "console.log(lines.join('\\n'));\n",
                infinity: "Infinity",
                nan: "NaN",
                takes_slopes: false,
            },
        ]
    }

    /// What is not there, if anything.
    pub(crate) fn lacking(&self) -> Option<String> {
        let output = Command::new(self.probe[0]).args(&self.probe[1..]).output();
        let runs = output.is_ok_and(|output| output.status.success());
        (!runs).then(|| format!("'{}' does not run here", self.probe.join(" ")))
    }

    /// The numbers that the cases give, point by point, value before gradient.
    pub(crate) fn run(&self, name: &str, source: &str, cases: &[Case]) -> Vec<f64> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(name)
            .join(self.language.name());
        std::fs::create_dir_all(&folder).unwrap();
        let mut text = format!("{source}\n{}", self.before);
        for (index, case) in cases.iter().enumerate() {
            for at in &case.points {
                writeln!(text, "{}", self.call(index, case, at)).unwrap();
            }
        }
        std::fs::write(folder.join(self.file), text + self.after).unwrap();
        if let Some(build) = self.build {
            self.command(build, &folder);
        }
        let output = self.command(self.run, &folder);
        std::str::from_utf8(&output.stdout)
            .unwrap()
            .split_whitespace()
            .map(|bits| f64::from_bits(u64::from_str_radix(bits, 16).unwrap()))
            .collect()
    }

    fn call(&self, index: usize, case: &Case, at: &[f64]) -> String {
        let numbers: Vec<String> = at.iter().map(|x| self.number(*x)).collect();
        let numbers = numbers.join(", ");
        match case.routine.program().outputs() - 1 {
            0 => format!("show(case{index}({numbers}));"),
            slopes if self.takes_slopes => {
                format!("both(case{index}_and_gradient({numbers}, slopes), {slopes});")
            }
            _ => format!("both(case{index}_and_gradient({numbers}));"),
        }
    }

    fn number(&self, x: f64) -> String {
        match x {
            x if x.is_nan() => self.nan.to_owned(),
            f64::INFINITY => self.infinity.to_owned(),
            f64::NEG_INFINITY => format!("-{}", self.infinity),
            x => format!("{x:?}"),
        }
    }

    /// Runs a command in the folder; it must succeed.
    fn command(&self, line: &str, folder: &Path) -> Output {
        let words: Vec<&str> = line.split(' ').collect();
        let output = Command::new(words[0])
            .args(&words[1..])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}: {line}\n{}",
            self.language.name(),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }
}
