//! One run: the process, its time, what it prints, and why it failed.

use std::fmt;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::{Program, number};

/// More output than this is no number with some words around it.
const MOST_OUTPUT: usize = 1 << 24;
/// What is kept of the end of standard error.
const MOST_TOLD: usize = 2000;
/// How long the streams of an ended process may stay open, which its own children can hold.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a run gave no number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It could not be started: what the system says.
    NotStarted(String),
    /// It ended with this status.
    Status(String),
    /// It took longer than allowed.
    TimedOut(Duration),
    /// It printed more than is read.
    TooMuchOutput,
    /// What it printed holds no number: the beginning of it.
    NoNumber(String),
}

/// A run that gave no number: with which arguments, why, and the end of what it had to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The command with its values, its words in quotes where they need them.
    pub command: String,
    /// Why.
    pub reason: Reason,
    /// The last lines of standard error.
    pub stderr: String,
    /// How often it was tried.
    pub tries: u32,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = &self.command;
        match &self.reason {
            Reason::NotStarted(why) => write!(f, "{command} could not be started: {why}")?,
            Reason::Status(status) => write!(f, "{command} failed with {status}")?,
            Reason::TimedOut(limit) => write!(
                f,
                "{command} took longer than {} s",
                number(limit.as_secs_f64())
            )?,
            Reason::TooMuchOutput => {
                write!(f, "{command} printed more than {} MB", MOST_OUTPUT >> 20)?
            }
            Reason::NoNumber(output) if output.is_empty() => {
                write!(f, "{command} printed nothing")?
            }
            Reason::NoNumber(output) => write!(
                f,
                "{command} printed no number that was asked for: {output:?}"
            )?,
        }
        if self.tries > 1 {
            write!(f, ", {} times", self.tries)?;
        }
        match self.stderr.as_str() {
            "" => Ok(()),
            stderr => write!(f, "\n{stderr}"),
        }
    }
}

impl std::error::Error for Failed {}

/// Runs the program at a point, again where it fails and may be.
pub(crate) fn run(program: &Program, at: &[f64]) -> Result<f64, Failed> {
    let (_, retries) = program.limits();
    let mut tries = 1;
    loop {
        match once(program, at) {
            Err(failed) if tries <= retries && !matches!(failed.reason, Reason::NotStarted(_)) => {
                tries += 1
            }
            Err(failed) => return Err(Failed { tries, ..failed }),
            value => return value,
        }
    }
}

fn once(program: &Program, at: &[f64]) -> Result<f64, Failed> {
    let draft = program.template(at).map(ParameterFile::new);
    let path = match &draft {
        Some(Ok(file)) => file.0.display().to_string(),
        _ => String::new(),
    };
    let words = program.words(at, &path);
    let failed = |reason: Reason, stderr: String| Failed {
        command: shell_words::join(&words),
        reason,
        stderr,
        tries: 1,
    };
    if let Some(Err(error)) = &draft {
        return Err(failed(Reason::NotStarted(error.to_string()), String::new()));
    }
    let input = program.input(at);
    let child = Command::new(&words[0])
        .args(&words[1..])
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child =
        child.map_err(|error| failed(Reason::NotStarted(error.to_string()), String::new()))?;
    if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
        // A program may end without reading; what it prints then counts.
        thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let stdout = child
        .stdout
        .take()
        .map(|stream| keep(stream, Kept::Beginning));
    let stderr = child.stderr.take().map(|stream| keep(stream, Kept::End));
    let status = wait(&mut child, program.limits().0);
    let output = stdout
        .and_then(|stream| stream.recv_timeout(PATIENCE).ok())
        .unwrap_or_default();
    let told = stderr
        .and_then(|stream| stream.recv_timeout(PATIENCE).ok())
        .unwrap_or_default();
    let told = String::from_utf8_lossy(&told).trim_end().to_owned();
    let status = status.map_err(|reason| failed(reason, told.clone()))?;
    if output.len() > MOST_OUTPUT {
        return Err(failed(Reason::TooMuchOutput, told));
    }
    if !status.success() {
        return Err(failed(Reason::Status(status.to_string()), told));
    }
    let output = String::from_utf8_lossy(&output);
    let beginning = || output.trim().chars().take(200).collect();
    program
        .read(&output)
        .ok_or_else(|| failed(Reason::NoNumber(beginning()), told))
}

/// Waits for the end, or brings it about: after the time allowed, and of one that prints without end.
fn wait(child: &mut Child, timeout: Option<Duration>) -> Result<std::process::ExitStatus, Reason> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => return Err(Reason::NotStarted(error.to_string())),
        }
        if let Some(limit) = timeout.filter(|limit| start.elapsed() >= *limit) {
            // It may have ended just now, which is as good.
            let _ = child.kill();
            let _ = child.wait();
            return Err(Reason::TimedOut(limit));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

#[derive(Clone, Copy)]
enum Kept {
    Beginning,
    End,
}

/// Reads a stream to its end beside the process, and keeps as much of it as is wanted. A stream of which too much
/// came is closed, which ends most writers.
fn keep(mut stream: impl Read + Send + 'static, part: Kept) -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = [0; 1 << 16];
        while let Ok(count) = stream.read(&mut buffer) {
            if count == 0 {
                break;
            }
            kept.extend_from_slice(&buffer[..count]);
            match part {
                Kept::Beginning if kept.len() > MOST_OUTPUT => break,
                Kept::End if kept.len() > 2 * MOST_TOLD => {
                    kept.drain(..kept.len() - MOST_TOLD);
                }
                _ => {}
            }
        }
        drop(stream);
        if matches!(part, Kept::End) {
            kept.drain(..kept.len().saturating_sub(MOST_TOLD));
        }
        sender.send(kept)
    });
    receiver
}

/// A parameter file, which is removed when its run is over.
struct ParameterFile(PathBuf);

impl ParameterFile {
    fn new(text: String) -> std::io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("secant-{}-{count}.in", std::process::id()));
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        let draft = Self(path);
        file.write_all(text.as_bytes())?;
        Ok(draft)
    }
}

impl Drop for ParameterFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
