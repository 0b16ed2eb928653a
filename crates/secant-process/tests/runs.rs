//! Programs that answer, fail, hang, print rubbish or without end; arguments that a shell would misread; journals.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use secant_process::{Failed, Program, Reading, Reason, Study};

fn one(program: Program, at: &[f64]) -> Result<f64, Failed> {
    Study::new(program)
        .run(&[at.to_vec()], |_| {})
        .pop()
        .unwrap()
}

fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

fn program(command: &str) -> Program {
    Program::new(command, &["x"]).unwrap()
}

#[test]
fn values_are_put_into_words_and_come_back_exactly() {
    for value in [
        2.0,
        -2.5,
        0.1,
        1e-300,
        1.7976931348623157e308,
        5e-324,
        0.30000000000000004,
        -0.0,
    ] {
        let read = one(program("echo value: {x}"), &[value]).unwrap();
        assert_eq!(read.to_bits(), value.to_bits(), "{value}");
    }
}

#[test]
fn nothing_is_read_by_a_shell_unless_asked() {
    let folder = file("touched");
    let command = format!(
        "printf '%s 7' '$(touch {}) ; `id` | > {{x}}'",
        folder.display()
    );
    assert_eq!(one(program(&command), &[-3.0]), Ok(7.0));
    assert!(!folder.exists());
    assert_eq!(
        one(program("echo {x} | tr 2 5").in_shell(), &[2.0]),
        Ok(5.0)
    );
}

#[test]
fn words_keep_their_blanks() {
    assert_eq!(
        one(program("sh -c 'echo $#' name 'a b  {x}' \"c d\""), &[1.0]),
        Ok(2.0)
    );
}

/// Points of a gradient, none of which is run: four times as many take about four times as long, where to hold each against all would take sixteen times.
#[test]
fn points_are_told_apart_in_one_look_each() {
    let study = Study::new(program("true")).stopped_by(Arc::new(AtomicBool::new(true)));
    let least = |count: usize| {
        let point = |place: usize| {
            let mut point = vec![1.0; 100];
            point[place % 100] += 1.0 + place as f64;
            point
        };
        let points: Vec<Vec<f64>> = (0..count).map(point).collect();
        let time = |_| {
            let start = Instant::now();
            assert!(study.run(&points, |_| {}).iter().all(Result::is_err));
            start.elapsed()
        };
        (0..5).map(time).min().unwrap()
    };
    let (few, many) = (least(500), least(2000));
    assert!(many < 9 * few, "{few:?} {many:?}");
}

#[test]
fn a_journal_answers_for_no_run_that_would_read_another_file() {
    let journal = file("another-file.jsonl");
    let value = |name: &str| {
        let program = program("sh -c 'cat parameters || echo 7'")
            .in_own_folder()
            .with_template(name, "{x}")
            .unwrap();
        let study = Study::new(program).journal(&journal).unwrap();
        study.run(&[vec![2.0]], |_| {}).pop().unwrap().unwrap()
    };
    assert_eq!((value("parameters"), value("other")), (2.0, 7.0));
    let here = Study::new(program("sh -c 'cat parameters || echo 7'"));
    let here = here.journal(&journal).unwrap();
    assert!(!here.holds(&[2.0]));
}

#[test]
fn a_parameter_file_has_no_place_for_itself() {
    let refused = program("cat {file}").with_template("in.txt", "{x} {file}");
    assert_eq!(
        refused.unwrap_err().to_string(),
        "{file} stands in the parameter file, and no input has this name"
    );
}

#[test]
fn a_failed_run_says_why_and_the_rest_goes_on() {
    let command = r#"sh -c 'test {x} = 2 && { echo "no convergence" >&2; exit 3; }; echo {x}'"#;
    let values = Study::new(program(command))
        .jobs(2)
        .run(&[vec![1.0], vec![2.0], vec![3.0]], |_| {});
    assert_eq!((values[0].clone(), values[2].clone()), (Ok(1.0), Ok(3.0)));
    let failed = values[1].clone().unwrap_err();
    assert_eq!(failed.stderr, "no convergence");
    assert!(matches!(&failed.reason, Reason::Status(status) if status.contains('3')));
    assert!(failed.command.contains("test 2 = 2"), "{failed}");
}

#[test]
fn a_program_that_hangs_is_ended() {
    let start = Instant::now();
    let limit = Duration::from_millis(200);
    let failed = one(program("sleep 30").timeout(limit), &[1.0]).unwrap_err();
    assert_eq!(failed.reason, Reason::TimedOut(limit));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn rubbish_silence_and_a_missing_program_are_told() {
    let reason = |command: &str| one(program(command), &[1.0]).unwrap_err().reason;
    assert_eq!(
        reason("echo all is well"),
        Reason::NoNumber("all is well".to_owned())
    );
    assert_eq!(
        reason("echo nan inf"),
        Reason::NoNumber("nan inf".to_owned())
    );
    assert_eq!(reason("true"), Reason::NoNumber(String::new()));
    assert!(matches!(
        reason("no-such-program-anywhere {x}"),
        Reason::NotStarted(_)
    ));
}

#[test]
fn a_number_that_can_be_read_in_two_ways_is_refused() {
    let read = |text: &str| one(program(&format!("printf '%s' \"{text}\"")), &[1.0]);
    let doubtful = [
        "1,5",
        "-0,25",
        "1,234.5",
        "[1,2]",
        "3;4",
        "12:30:01",
        "2 1'234.5",
        "2 1.5D+03",
        "2 \u{2212}1.5",
        "loss = 1,5e-3.",
        "2 50%",
        "2 1.5kg",
        "2 3/4",
        "2 0x1F",
        "2 €5",
        "2 (3s)",
    ];
    for text in doubtful {
        let word = text
            .trim_start_matches("2 ")
            .trim_start_matches("loss = ")
            .to_owned();
        assert_eq!(
            read(text).unwrap_err().reason,
            Reason::Doubtful(word),
            "{text}"
        );
    }
    for (text, value) in [
        ("1.5", 1.5),
        ("loss=0.25, steps=12", 12.0),
        ("[1.0, 2.0]", 2.0),
        ("x:1 f:-3e-5.", -3e-5),
        ("0.5 m^2, after step x3", 0.5),
        ("(+7)", 7.0),
    ] {
        assert_eq!(read(text), Ok(value), "{text}");
    }
    // The number before is another one.
    assert!(matches!(
        read("x=2 f=nan").unwrap_err().reason,
        Reason::NoNumber(_)
    ));
    let read = Reading::pattern("^(\\d+),").unwrap();
    assert_eq!(one(program("echo 1,5").reading(read), &[1.0]), Ok(1.0));
}

#[test]
fn output_without_end_is_cut_off() {
    let failed = one(program("yes 1"), &[1.0]).unwrap_err();
    assert_eq!(failed.reason, Reason::TooMuchOutput);
}

#[test]
fn a_run_is_tried_again() {
    let count = file("tries");
    let command = format!(
        "sh -c 'echo . >> {0}; test $(wc -l < {0}) -ge 3 && echo 5'",
        count.display()
    );
    assert_eq!(one(program(&command).retries(2), &[1.0]), Ok(5.0));
    let failed = one(program("false").retries(2), &[1.0]).unwrap_err();
    assert_eq!(failed.tries, 3);
}

#[test]
fn a_journal_keeps_runs_from_being_repeated() {
    let (journal, count) = (file("journal"), file("count"));
    let command = format!("sh -c 'echo . >> {}; echo {{x}}'", count.display());
    let study = || Study::new(program(&command)).journal(&journal).unwrap();
    let points: Vec<Vec<f64>> = [0.1, 0.2, 0.1, 0.3].iter().map(|x| vec![*x]).collect();
    study().run(&points[..2], |_| {});
    // A study that was broken off while it wrote.
    fs::write(
        &journal,
        fs::read_to_string(&journal).unwrap() + "{\"program\": ",
    )
    .unwrap();
    let values: Vec<f64> = study()
        .run(&points, |_| {})
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(values, [0.1, 0.2, 0.1, 0.3]);
    assert_eq!(study().run(&points, |_| {}).len(), 4);
    assert_eq!(fs::read_to_string(&count).unwrap().lines().count(), 3);
    let other = Study::new(program(&format!("{command} other")))
        .journal(&journal)
        .unwrap();
    other.run(&points[..1], |_| {});
    assert_eq!(
        fs::read_to_string(&count).unwrap().lines().count(),
        4,
        "another program is another run"
    );
}

#[test]
fn runs_go_side_by_side() {
    let points: Vec<Vec<f64>> = (0..8).map(|x| vec![f64::from(x)]).collect();
    let start = Instant::now();
    let values = Study::new(program("sh -c 'sleep 0.3; echo {x}'"))
        .jobs(8)
        .run(&points, |_| {});
    assert!(
        values
            .iter()
            .zip(&points)
            .all(|(value, point)| value.as_ref() == Ok(&point[0]))
    );
    assert!(
        start.elapsed() < Duration::from_millis(8 * 300),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn inputs_go_by_standard_input_and_by_a_file() {
    let json = Program::new("cat", &["x", "y"])
        .unwrap()
        .with_json()
        .reading(Reading::json("y"));
    assert_eq!(one(json, &[2.0, -3.5]), Ok(-3.5));
    let file = program("cat {file}")
        .with_template("input.txt", "[run]\nstep = {x}\nset = {1, 2}\n")
        .unwrap();
    assert_eq!(
        one(
            file.reading(Reading::pattern(r"step = (\S+)").unwrap()),
            &[1e-20]
        ),
        Ok(1e-20)
    );
    let path = one(
        program("sh -c 'echo $0 >&2; exit 1' {file}")
            .with_template("input.txt", "{x}")
            .unwrap(),
        &[1.0],
    );
    assert!(
        !PathBuf::from(path.unwrap_err().stderr).exists(),
        "the file is removed"
    );
}

#[test]
fn output_is_read_as_asked() {
    let text = r#"printf '{"loss": [1.5, {"value": 2.5}], "time": 9}'"#;
    assert_eq!(
        one(program(text).reading(Reading::json("loss.1.value")), &[0.0]),
        Ok(2.5)
    );
    assert_eq!(
        one(program(text).reading(Reading::json("loss.7")), &[0.0])
            .unwrap_err()
            .tries,
        1
    );
    let lines = r"printf 'loss = 3\nloss = 2.5 (best)\ntook 7 s'";
    assert_eq!(
        one(
            program(lines).reading(Reading::pattern(r"loss = (\S+)").unwrap()),
            &[0.0]
        ),
        Ok(2.5)
    );
    assert_eq!(one(program(lines), &[0.0]), Ok(7.0));
}

#[test]
fn commands_that_cannot_be_meant_are_refused() {
    assert!(Program::new("", &["x"]).is_err());
    assert!(Program::new("echo 'x", &["x"]).is_err());
    assert_eq!(
        Program::new("echo {z}", &["x"]).unwrap_err().hint(),
        "the inputs are x"
    );
    assert!(
        program("echo {x}")
            .with_template("input.txt", "{x}")
            .is_err()
    );
    assert_eq!(
        Program::new("echo {x}", &["x", "y"]).unwrap().unseen(),
        ["y"]
    );
    assert!(Reading::pattern("(").is_err());
}

/// Whether a process of this number is there.
fn is_alive(process: &str) -> bool {
    let status = std::process::Command::new("kill")
        .args(["-0", process.trim()])
        .stderr(std::process::Stdio::null())
        .status();
    status.unwrap().success()
}

#[test]
fn what_a_hanging_program_started_is_ended_with_it() {
    let children = file("children");
    let command = format!(
        "sh -c 'sleep 30 & echo $! > {}; echo waiting >&2; wait'",
        children.display()
    );
    let start = Instant::now();
    let limit = Duration::from_millis(300);
    let failed = one(program(&command).timeout(limit), &[1.0]).unwrap_err();
    assert_eq!(
        (failed.reason, failed.stderr.as_str()),
        (Reason::TimedOut(limit), "waiting")
    );
    assert!(start.elapsed() < Duration::from_secs(10));
    let child = fs::read_to_string(&children).unwrap();
    // It is gone as soon as the system has cleared it away.
    while is_alive(&child) {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{child} is alive"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_was_printed_counts_though_a_child_is_left_behind() {
    let start = Instant::now();
    assert_eq!(one(program("sh -c 'sleep 30 & echo 7'"), &[1.0]), Ok(7.0));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_program_that_prints_on_though_nobody_reads_is_ended() {
    let command = "sh -c 'trap \"\" PIPE; echo flood >&2; yes 1 2>/dev/null; sleep 30'";
    let start = Instant::now();
    let failed = one(program(command), &[1.0]).unwrap_err();
    assert_eq!(
        (failed.reason, failed.stderr.as_str()),
        (Reason::TooMuchOutput, "flood")
    );
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn forty_runs_in_two_jobs_take_half_their_time() {
    let seconds = |count: u32, jobs: usize| {
        let points: Vec<Vec<f64>> = (0..count).map(|x| vec![f64::from(x)]).collect();
        let start = Instant::now();
        let values = Study::new(program("sh -c 'sleep 0.2; echo {x}'"))
            .jobs(jobs)
            .run(&points, |_| {});
        assert!(values.iter().all(Result::is_ok));
        start.elapsed().as_secs_f64()
    };
    // A quarter of them, one after another, tells what they all would take on this machine as busy as it is.
    let (alone, together) = (4.0 * seconds(10, 1), seconds(40, 2));
    let share = alone / 2.0 / together;
    assert!(
        share >= 0.9,
        "{share} of the ideal speed-up: {alone} s alone, {together} s together"
    );
}
