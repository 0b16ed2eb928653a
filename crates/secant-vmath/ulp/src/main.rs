//! The largest error of each kernel of `secant-vmath` against correctly rounded functions (CORE-MATH), in units of the last place.
//!
//! ```sh
//! cargo run --release --manifest-path crates/secant-vmath/ulp/Cargo.toml            # 10⁸ arguments a kernel
//! cargo run ... -- --count 1e6 --only sin --level plain --single --misrounded FILE
//! ```
//!
//! Half of the arguments are spread evenly over all bit patterns (so over all exponents), half over the range in which the
//! function does its work; hard cases come first. A distance of 0 is the correctly rounded result, of 1 its neighbour, whose true
//! error `spec/reference/vmath.py` measures with mpmath from the file of misrounded arguments.

mod reference;
mod sample;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use secant_vmath::{FUNCTIONS, Function, Level, with_level};

use reference::Reference;
use sample::Sampler;

/// So many elements are computed in one call.
const BLOCK: usize = 4096;
/// So many misrounded arguments of each kernel are written down.
const WRITTEN: usize = 20_000;

struct Wish {
    count: usize,
    only: Option<String>,
    level: Level,
    single: bool,
    misrounded: Option<BufWriter<File>>,
}

fn wish() -> Result<Wish, String> {
    let mut wish = Wish {
        count: 100_000_000,
        only: None,
        level: Level::current(),
        single: false,
        misrounded: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--count" => {
                let count: f64 = value()?.parse().map_err(|_| "--count is not a number")?;
                wish.count = count as usize;
            }
            "--only" => wish.only = Some(value()?),
            "--level" => {
                wish.level = match value()?.as_str() {
                    "plain" => Level::Plain,
                    "avx2" => Level::Avx2,
                    "avx512" => Level::Avx512,
                    "neon" => Level::Neon,
                    other => return Err(format!("no level {other}")),
                }
            }
            "--single" => wish.single = true,
            "--misrounded" => {
                let file = File::create(value()?).map_err(|error| error.to_string())?;
                wish.misrounded = Some(BufWriter::new(file));
            }
            other => return Err(format!("what is {other}?")),
        }
    }
    Ok(wish)
}

/// What was found of one kernel.
#[derive(Default)]
struct Found {
    count: u64,
    misrounded: u64,
    worst: u64,
    at: [f64; 2],
}

/// How many numbers of the format lie from one to the other; zeros of two signs, or NaN beside a number, are as far as can be.
fn distance(ours: f64, truth: f64) -> u64 {
    if ours.is_nan() && truth.is_nan() {
        return 0;
    }
    if ours.is_nan() != truth.is_nan()
        || (truth == 0.0 && ours == 0.0 && ours.to_bits() != truth.to_bits())
    {
        return u64::MAX;
    }
    let order = |x: f64| {
        let bits = x.to_bits() as i64;
        if bits < 0 {
            i64::MIN.wrapping_sub(bits)
        } else {
            bits
        }
    };
    order(ours).abs_diff(order(truth))
}

fn distance_single(ours: f32, truth: f32) -> u64 {
    if ours.is_nan() && truth.is_nan() {
        return 0;
    }
    if ours.is_nan() != truth.is_nan()
        || (truth == 0.0 && ours == 0.0 && ours.to_bits() != truth.to_bits())
    {
        return u64::MAX;
    }
    let order = |x: f32| {
        let bits = x.to_bits() as i32;
        i64::from(if bits < 0 {
            i32::MIN.wrapping_sub(bits)
        } else {
            bits
        })
    };
    order(ours).abs_diff(order(truth))
}

fn measure(function: &Function, reference: &Reference, wish: &mut Wish) -> std::io::Result<Found> {
    let mut sampler = Sampler::new(function.name, function.arity, wish.single);
    let mut found = Found::default();
    let mut written = 0;
    let mut x = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
    let mut out = vec![0.0; BLOCK];
    let (mut narrow, mut narrow_out) = (
        [vec![0.0f32; BLOCK], vec![0.0f32; BLOCK]],
        vec![0.0f32; BLOCK],
    );
    while (found.count as usize) < wish.count {
        for place in 0..BLOCK {
            let arguments = sampler.next();
            for k in 0..2 {
                x[k][place] = arguments[k];
                narrow[k][place] = arguments[k] as f32;
            }
        }
        if wish.single {
            let slices: Vec<&[f32]> = narrow[..function.arity].iter().map(|x| &x[..]).collect();
            (function.single)(&slices, &mut narrow_out);
        } else {
            let slices: Vec<&[f64]> = x[..function.arity].iter().map(|x| &x[..]).collect();
            (function.double)(&slices, &mut out);
        }
        for place in 0..BLOCK {
            let at = [x[0][place], x[1][place]];
            let apart = if wish.single {
                let truth = (reference.single)([narrow[0][place], narrow[1][place]]);
                distance_single(narrow_out[place], truth)
            } else {
                distance(out[place], (reference.double)(at))
            };
            if apart > 0 {
                found.misrounded += 1;
                if let Some(file) = wish.misrounded.as_mut().filter(|_| written < WRITTEN) {
                    let hex = |x: f64| format!("{:016x}", x.to_bits());
                    writeln!(
                        file,
                        "{} {} {} {}",
                        function.name,
                        hex(at[0]),
                        hex(at[1]),
                        hex(out[place])
                    )?;
                    written += 1;
                }
            }
            if apart > found.worst {
                (found.worst, found.at) = (apart, at);
            }
        }
        found.count += BLOCK as u64;
    }
    Ok(found)
}

fn run() -> Result<bool, String> {
    let mut wish = wish()?;
    let mut fine = true;
    println!("| kernel | arguments | largest distance | not the nearest | at |");
    println!("|---|---|---|---|---|");
    for function in FUNCTIONS {
        if wish.only.as_ref().is_some_and(|only| only != function.name) {
            continue;
        }
        let Some(reference) = reference::of(function.name) else {
            return Err(format!("no reference for {}", function.name));
        };
        let level = wish.level;
        let found = with_level(level, || measure(function, reference, &mut wish))
            .map_err(|error| error.to_string())?;
        let share = 100.0 * found.misrounded as f64 / found.count as f64;
        let worst = if found.worst == u64::MAX {
            "wrong".to_owned()
        } else {
            found.worst.to_string()
        };
        let at = if found.worst > 1 {
            format!("{:e}, {:e}", found.at[0], found.at[1])
        } else {
            String::new()
        };
        println!(
            "| {} | {:.0e} | {worst} | {share:.2} % | {at} |",
            function.name, found.count as f64
        );
        fine &= found.worst <= 1;
    }
    Ok(fine)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}
