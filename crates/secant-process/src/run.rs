//! One run: the process, its time, what it prints, and why it failed.

use std::fmt;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::output::Unread;
use crate::program::{Program, number};

/// More output than this is no number with some words around it.
const MOST_OUTPUT: usize = 1 << 24;
/// What is kept of the end of standard error.
const MOST_TOLD: usize = 2000;
/// So many characters of what was printed are quoted where they hold no number.
const MOST_QUOTED: usize = 60;
/// How long the streams of an ended process may stay open, which what it started can hold; then that is ended, too.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest pause between two looks at a process.
const PAUSE: Duration = Duration::from_millis(2);

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
    /// What it printed may be read as one number or another: the word in question, such as `1,5`.
    Doubtful(String),
    /// The study was broken off before it was over.
    BrokenOff,
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
                "{command} printed no number that was asked for: '{output}'"
            )?,
            Reason::Doubtful(word) => write!(
                f,
                "{command} printed '{word}', which can be read in more than one way"
            )?,
            Reason::BrokenOff => write!(f, "{command} was broken off")?,
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

impl Failed {
    /// A run that never came to its end.
    pub(crate) fn broken_off(program: &Program, at: &[f64]) -> Self {
        Self {
            command: shell_words::join(program.words(at, "{file}")),
            reason: Reason::BrokenOff,
            stderr: String::new(),
            tries: 1,
        }
    }

    /// Whether another try may go better.
    fn may_pass(&self) -> bool {
        !matches!(
            self.reason,
            Reason::NotStarted(_) | Reason::Doubtful(_) | Reason::BrokenOff
        )
    }
}

/// Runs the program at a point, again where it fails and may be; ended early where `stop` becomes true. `read` makes what is wanted
/// of what it printed.
pub(crate) fn run<T>(
    program: &Program,
    at: &[f64],
    stop: &AtomicBool,
    read: impl Fn(&str) -> Result<T, Unread>,
) -> Result<T, Failed> {
    let (_, retries) = program.limits();
    let mut tries = 1;
    loop {
        match once(program, at, stop, &read) {
            Err(failed) if tries <= retries && failed.may_pass() => tries += 1,
            Err(failed) => return Err(Failed { tries, ..failed }),
            value => return value,
        }
    }
}

fn once<T>(
    program: &Program,
    at: &[f64],
    stop: &AtomicBool,
    read: &impl Fn(&str) -> Result<T, Unread>,
) -> Result<T, Failed> {
    let folder = Folder::for_run(program, at);
    let path = match &folder {
        Ok(Some(folder)) => folder.file.display().to_string(),
        _ => String::new(),
    };
    let words = program.words(at, &path);
    let failed = |reason: Reason, stderr: String| Failed {
        command: shell_words::join(&words),
        reason,
        stderr,
        tries: 1,
    };
    let not_started =
        |error: &std::io::Error| failed(Reason::NotStarted(error.to_string()), String::new());
    let folder = folder.map_err(|error| not_started(&error))?;
    let input = program.input(at);
    let mut command = command(&words);
    if let Some(folder) = folder.as_ref().filter(|_| program.has_own_folder()) {
        command.current_dir(&folder.path);
    }
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut group = Group(command.spawn().map_err(|error| not_started(&error))?);
    if let (Some(input), Some(mut stdin)) = (input, group.0.stdin.take()) {
        // A program may end without reading; what it prints then counts.
        thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let floods = Arc::new(AtomicBool::new(false));
    let stdout = group.0.stdout.take();
    let stdout = stdout.map(|stream| keep(stream, Kept::Beginning, &floods));
    let stderr = group.0.stderr.take();
    let stderr = stderr.map(|stream| keep(stream, Kept::End, &floods));
    let ended = group.wait(program.limits().0, &floods, stop);
    let output = stdout.map(|stream| group.rest(&stream)).unwrap_or_default();
    let told = stderr.map(|stream| group.rest(&stream)).unwrap_or_default();
    let told = String::from_utf8_lossy(&told).trim_end().to_owned();
    let status = group.0.wait();
    ended.map_err(|reason| failed(reason, told.clone()))?;
    let status = status.map_err(|error| not_started(&error))?;
    if output.len() > MOST_OUTPUT {
        return Err(failed(Reason::TooMuchOutput, told));
    }
    if !status.success() {
        return Err(failed(Reason::Status(status.to_string()), told));
    }
    let output = String::from_utf8_lossy(&output);
    let beginning = || {
        let output = output.trim();
        match output.char_indices().nth(MOST_QUOTED) {
            Some((end, _)) => format!("{}…", &output[..end]),
            None => output.to_owned(),
        }
    };
    read(&output).map_err(|unread| match unread {
        Unread::NoNumber => failed(Reason::NoNumber(beginning()), told),
        Unread::Doubtful(word) => failed(Reason::Doubtful(word), told),
    })
}

/// The process of these words, in a group of its own with all that it will start.
fn command(words: &[String]) -> Command {
    let name = PathBuf::from(&words[0]);
    // A name with a folder is found from here, wherever the process is to work.
    let is_path = name.components().count() > 1;
    let found = std::path::absolute(&name).ok().filter(|_| is_path);
    let mut command = Command::new(found.unwrap_or(name));
    command
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// A process, and all that it started.
struct Group(Child);

impl Group {
    /// Waits for the end, or brings it about: after the time allowed, of one that prints without end, and of a study that is
    /// broken off. The number of the process, which is that of its group, stays its own until its status is taken.
    fn wait(
        &mut self,
        timeout: Option<Duration>,
        floods: &AtomicBool,
        stop: &AtomicBool,
    ) -> Result<(), Reason> {
        let start = Instant::now();
        let mut pause = Duration::from_micros(200);
        loop {
            match self.has_ended() {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => return Err(Reason::NotStarted(error.to_string())),
            }
            let over = timeout.filter(|limit| start.elapsed() >= *limit);
            let ended = if floods.load(Ordering::Relaxed) {
                Some(Reason::TooMuchOutput)
            } else if stop.load(Ordering::Relaxed) {
                Some(Reason::BrokenOff)
            } else {
                over.map(Reason::TimedOut)
            };
            if let Some(reason) = ended {
                self.end();
                return Err(reason);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(PAUSE);
        }
    }

    /// Whether the process itself has ended. It is not reaped: another process could get its number, and be ended in its place.
    #[cfg(unix)]
    fn has_ended(&mut self) -> std::io::Result<bool> {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(&self.0)), look)?.is_some())
    }

    /// Whether the process itself has ended.
    #[cfg(not(unix))]
    fn has_ended(&mut self) -> std::io::Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }

    /// Ends all of the group at once.
    fn end(&mut self) {
        // What has ended already cannot be ended, which is as good.
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.0),
            rustix::process::Signal::KILL,
        );
        let _ = self.0.kill();
    }

    /// What a stream held when it was closed. What the process started and left behind may hold it open: that is ended then, so
    /// that nothing printed is lost.
    fn rest(&mut self, stream: &Receiver<Vec<u8>>) -> Vec<u8> {
        let held = stream.recv_timeout(PATIENCE).or_else(|_| {
            self.end();
            stream.recv_timeout(PATIENCE)
        });
        held.unwrap_or_default()
    }
}

#[derive(Clone, Copy)]
enum Kept {
    Beginning,
    End,
}

/// Reads a stream to its end beside the process, and keeps as much of it as is wanted. Where too much comes, reading ends, and
/// `floods` tells so.
fn keep(
    mut stream: impl Read + Send + 'static,
    part: Kept,
    floods: &Arc<AtomicBool>,
) -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(1);
    let floods = Arc::clone(floods);
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = [0; 1 << 16];
        while let Ok(count) = stream.read(&mut buffer) {
            if count == 0 {
                break;
            }
            kept.extend_from_slice(&buffer[..count]);
            match part {
                Kept::Beginning if kept.len() > MOST_OUTPUT => {
                    floods.store(true, Ordering::Relaxed);
                    break;
                }
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

/// A folder for one run, with its parameter file where there is one; removed with all in it when the run is over.
struct Folder {
    path: PathBuf,
    file: PathBuf,
}

impl Folder {
    /// The folder that a run needs, if any.
    fn for_run(program: &Program, at: &[f64]) -> std::io::Result<Option<Self>> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let parameters = program.parameters(at);
        if parameters.is_none() && !program.has_own_folder() {
            return Ok(None);
        }
        let path = loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("secant-{}-{count}", std::process::id()));
            match std::fs::create_dir(&path) {
                // Left by a process of the same number that was killed.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => break made.map(|()| path)?,
            }
        };
        let (name, text) = parameters.unwrap_or_default();
        let folder = Self {
            file: path.join(name),
            path,
        };
        if !name.is_empty() {
            std::fs::write(&folder.file, text)?;
        }
        Ok(Some(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_number_of_a_process_is_its_own_until_its_status_is_taken() {
        let mut group = Group(command(&["true".to_owned()]).spawn().unwrap());
        let number = rustix::process::Pid::from_child(&group.0);
        let never = AtomicBool::new(false);
        group.wait(None, &never, &never).unwrap();
        assert!(rustix::process::test_kill_process(number).is_ok());
        assert!(group.0.wait().unwrap().success());
        assert!(rustix::process::test_kill_process(number).is_err());
    }
}
