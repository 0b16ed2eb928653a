//! Broken ONNX files: real ones cut off, with bytes flipped, with lengths grown, with parts put in each other's place. Each is read as a network that computes, or refused
//! with a reason; and neither takes more memory than the file accounts for. The fuzz target `onnx` and `cargo run --release -p xtask -- fuzz-models` share what stands here.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use secant_model::onnx::{self, Options};
use secant_train::{Columns, Random};

/// What came of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was refused, with a reason.
    Refused,
    /// It was read, and its network computed.
    Read,
}

/// Memory that reading may take: so many bytes for each byte of the file, and so many beside.
const BYTES_EACH: u64 = 400;
const BYTES_BESIDE: u64 = 1 << 20;
/// Nodes without weights become a formula of at most 4000 characters; functions of each other a thousand deep are the most that such a one holds.
const BYTES_OF_A_FORMULA: u64 = 4 << 20;
/// A network of more features times parameters is not run.
const MOST_WORK: usize = 1 << 22;

/// The files of real exporters, in a fixed order.
///
/// # Errors
/// Where the folder cannot be read.
pub fn seeds() -> std::io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/onnx");
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "onnx") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.into_iter().map(fs::read).collect()
}

/// One of the files, broken in a few places.
#[must_use]
pub fn broken(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let place = |random: &mut Random, length: usize| random.below(length as u64 + 1) as usize;
    let mut bytes = seeds
        .get(random.below(seeds.len() as u64) as usize)
        .cloned()
        .unwrap_or_default();
    for _ in 0..=random.below(4) {
        let at = place(random, bytes.len().saturating_sub(1)).min(bytes.len().saturating_sub(1));
        match random.below(8) {
            0 => bytes.truncate(at),
            1 | 2 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            3 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random.below(256) as u8;
                }
            }
            // A number that grows: nine bytes that go on, and an end.
            4 => {
                let grown = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
                bytes.splice(at..at, grown);
            }
            5 => {
                let end = bytes.len().min(at + random.below(64) as usize);
                bytes.drain(at..end);
            }
            6 => {
                let end = bytes.len().min(at + random.below(256) as usize);
                let part = bytes[at..end].to_vec();
                let other = place(random, bytes.len());
                bytes.splice(other..other, part);
            }
            // Parts of another file.
            _ => {
                let other = &seeds[random.below(seeds.len() as u64) as usize];
                let from = place(random, other.len());
                let end = other.len().min(from + random.below(512) as usize);
                bytes.splice(at..at, other[from..end].iter().copied());
            }
        }
    }
    bytes
}

/// Reads a file, and lets what it holds compute.
///
/// # Errors
/// What must not be: a panic, a reason that says nothing, too much memory.
pub fn held(bytes: &[u8]) -> Result<Outcome, String> {
    let mut read = None;
    let measured = allocation_counter::measure(|| {
        let caught = catch_unwind(AssertUnwindSafe(|| onnx::read(bytes, &Options::default())));
        read = Some(caught);
    });
    let allowed = BYTES_EACH * bytes.len() as u64 + BYTES_BESIDE + BYTES_OF_A_FORMULA;
    if measured.bytes_max > allowed {
        return Err(format!(
            "{} bytes of memory for a file of {}",
            measured.bytes_max,
            bytes.len()
        ));
    }
    let model = match read {
        Some(Ok(Ok(model))) => model,
        Some(Ok(Err(error))) if error.message().is_empty() => {
            return Err("refused without a reason".to_owned());
        }
        Some(Ok(Err(_))) => return Ok(Outcome::Refused),
        _ => return Err("reading panicked".to_owned()),
    };
    let sizes = model
        .network
        .shapes()
        .iter()
        .map(|shape| shape.iter().product::<usize>());
    if sizes
        .max()
        .is_some_and(|most| most.saturating_mul(model.parameters.len()) > MOST_WORK)
    {
        return Ok(Outcome::Read);
    }
    let computed = catch_unwind(AssertUnwindSafe(|| {
        let samples = Columns::zeros(2, model.network.features());
        model
            .network
            .outputs(&model.parameters, &samples)
            .map(|outputs| outputs.samples())
    }));
    match computed {
        Ok(Ok(2)) => Ok(Outcome::Read),
        Ok(Ok(_)) => Err("it gives another number of outputs".to_owned()),
        Ok(Err(error)) => Err(format!("what was read does not compute: {error}")),
        Err(_) => Err("computing panicked".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_cut_off_anywhere_are_refused() {
        for seed in seeds().unwrap_or_default() {
            for end in (0..seed.len()).step_by(seed.len() / 97 + 1) {
                assert_eq!(
                    held(&seed[..end]),
                    Ok(Outcome::Refused),
                    "{end} of {} bytes",
                    seed.len()
                );
            }
        }
    }

    #[test]
    fn broken_files_are_refused_or_read_and_take_little_memory() {
        let seeds = seeds().unwrap_or_default();
        assert!(seeds.len() > 20);
        let mut random = Random::new(7);
        let mut counts = [0, 0];
        for _ in 0..4000 {
            let bytes = broken(&seeds, &mut random);
            let outcome = held(&bytes);
            assert!(outcome.is_ok(), "{outcome:?}");
            counts[usize::from(outcome == Ok(Outcome::Read))] += 1;
        }
        // Neither all too easy nor all too broken.
        assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
    }

    #[test]
    fn a_small_file_of_many_empty_nodes_takes_little_memory() {
        // A model whose graph is a million nodes of no bytes each.
        let nodes = [0x0a, 0x00].repeat(1_000_000);
        let mut bytes = vec![0x3a];
        let mut length = nodes.len() as u64;
        while length >= 0x80 {
            bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend(nodes);
        assert_eq!(held(&bytes), Ok(Outcome::Refused));
    }
}
