//! Long checks of the house: `cargo run --release -p xtask -- fuzz --seconds 600 --seed 1`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use xtask::fuzz::{Case, Finding, Outcome, Random, shortest};
use xtask::{crowd, models};

/// One case that takes longer is a finding.
const LONGEST: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str, otherwise: u64| {
        let place = arguments.iter().position(|argument| argument == name);
        place
            .and_then(|place| arguments.get(place + 1)?.parse().ok())
            .unwrap_or(otherwise)
    };
    match arguments.first().map(String::as_str) {
        Some("fuzz") => fuzz(
            Duration::from_secs(option("--seconds", 60)),
            option("--seed", 1),
        ),
        Some("fuzz-models") => fuzz_models(
            Duration::from_secs(option("--seconds", 60)),
            option("--seed", 1),
        ),
        _ => {
            eprintln!(
                "usage: cargo run --release -p xtask -- fuzz|fuzz-models [--seconds 60] [--seed 1]"
            );
            ExitCode::from(2)
        }
    }
}

fn fuzz(time: Duration, seed: u64) -> ExitCode {
    // A panic is a finding, told below with its formula.
    std::panic::set_hook(Box::new(|_| {}));
    let (start, mut random) = (Instant::now(), Random(seed));
    let (mut cases, mut refused, mut held) = (0_usize, 0_usize, 0);
    let mut findings = Vec::new();
    while start.elapsed() < time {
        let bytes = random.bytes();
        let case = Case::new(&bytes);
        let begun = Instant::now();
        let outcome = case.check();
        cases += 1;
        if begun.elapsed() > LONGEST {
            let what = format!("it takes {:.1} s", begun.elapsed().as_secs_f64());
            tell(
                &mut findings,
                Finding {
                    text: case.text,
                    at: case.at.to_vec(),
                    what,
                },
            );
        }
        match outcome {
            Ok(Outcome::Refused) => refused += 1,
            Ok(Outcome::Held(count)) => held += count,
            Err(finding) => {
                let shorter = Case::new(&shortest(&bytes)).check().err();
                tell(&mut findings, shorter.unwrap_or(finding));
            }
        }
    }
    println!(
        "{cases} cases, {refused} refused, {held} derivatives held against themselves, {} findings",
        findings.len()
    );
    ExitCode::from(u8::from(!findings.is_empty()))
}

fn fuzz_models(time: Duration, seed: u64) -> ExitCode {
    // A panic is a finding, told below.
    std::panic::set_hook(Box::new(|_| {}));
    let seeds = match models::seeds() {
        Ok(seeds) => seeds,
        Err(reason) => {
            eprintln!("the networks of spec/onnx cannot be read: {reason}");
            return ExitCode::from(2);
        }
    };
    let (start, mut random) = (Instant::now(), secant_train::Random::new(seed));
    let (mut cases, mut read, mut findings) = (0_usize, 0_usize, 0_usize);
    while start.elapsed() < time {
        let bytes = match random.below(8) {
            0 => crowd::crowded(&mut random),
            _ => models::broken(&seeds, &mut random),
        };
        let begun = Instant::now();
        let mut outcome = models::held(&bytes);
        if begun.elapsed() > LONGEST {
            outcome = Err(format!("it takes {:.1} s", begun.elapsed().as_secs_f64()));
        }
        cases += 1;
        match outcome {
            Ok(outcome) => read += usize::from(outcome == models::Outcome::Read),
            Err(what) => {
                findings += 1;
                let kept = std::env::temp_dir().join(format!("secant-finding-{seed}-{cases}.onnx"));
                let told = std::fs::write(&kept, &bytes).map_or_else(
                    |_| String::new(),
                    |()| format!(", kept as {}", kept.display()),
                );
                println!("file {cases}: {what}{told}");
            }
        }
    }
    println!("{cases} broken files, {read} read all the same, {findings} findings");
    ExitCode::from(u8::from(findings > 0))
}

fn tell(findings: &mut Vec<Finding>, finding: Finding) {
    println!("{}\n  at {:?}: {}", finding.text, finding.at, finding.what);
    findings.push(finding);
}
