//! Which instructions run, decided once, and the loop that carries a kernel over slices.
//!
//! A kernel is written for one number, without branches. Here its loop over [`LANES`] numbers is compiled once for each
//! level, and the compiler makes vector instructions of it. Beside `stream` this is the only module with unsafe code.

use std::array;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::Operand;
use crate::number::Number;

/// How many elements one pass of a kernel takes: enough for the loop to be worth its registers, a quarter of the blocks
/// of 256 that programs are run in.
pub(crate) const LANES: usize = 64;
/// A rest shorter than [`LANES`] goes in passes of so many, filled up.
const FEW: usize = 8;

/// How a kernel multiplies and adds.
pub(crate) trait Machine: 'static {
    /// Whether [`Machine::mul_add`] rounds once.
    const FUSED: bool;

    /// `a b + c`; rounded once where the machine has an instruction for it, twice elsewhere.
    fn mul_add(a: f64, b: f64, c: f64) -> f64;
}

/// With the instruction.
pub(crate) struct Fused;
/// Without.
pub(crate) struct Separate;

impl Machine for Fused {
    const FUSED: bool = true;

    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
}

impl Machine for Separate {
    const FUSED: bool = false;

    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }
}

/// One operation on `N` numbers.
pub(crate) trait Kernel<R, const N: usize> {
    /// The result for one element, without a branch.
    fn value<M: Machine>(x: [R; N]) -> R;

    /// Whether `value` does not serve these arguments; rarely true.
    #[inline(always)]
    fn is_hard<M: Machine>(_: [R; N]) -> bool {
        false
    }

    /// The result where `value` does not serve; may branch.
    fn hard<M: Machine>(x: [R; N]) -> R {
        Self::value::<M>(x)
    }
}

/// `f64` or `f32`.
pub trait Real: sealed::Carried {}

impl Real for f32 {}
impl Real for f64 {}

/// A kernel carried over slices of one kind.
type Carry<R, const N: usize> = fn([Operand<'_, R>; N], &mut [R]);

/// A kernel for both kinds of numbers. Each stands in a `static`, so that it is compiled in this crate, once, and not again in
/// every crate that calls it.
pub struct Carrier<const N: usize> {
    pub(crate) single: Carry<f32, N>,
    pub(crate) double: Carry<f64, N>,
}

impl<const N: usize> Carrier<N> {
    /// The carrier of that kernel.
    pub(crate) const fn of<K: Kernel<f32, N> + Kernel<f64, N>>() -> Self {
        Self {
            single: run::<K, f32, N>,
            double: run::<K, f64, N>,
        }
    }
}

pub(crate) mod sealed {
    use super::{Carrier, Number, Operand, perform};
    use crate::reduce::{Dot, Sum};
    use crate::thin::{Combinations, InnerProducts};

    /// Runs what is compiled in this crate for its kind of number.
    pub trait Carried: Number {
        fn run<const N: usize>(carrier: &Carrier<N>, x: [Operand<'_, Self>; N], out: &mut [Self]);
        fn sum(work: Sum<'_, Self>) -> Self;
        fn dot(work: Dot<'_, Self>) -> Self;
        fn combinations(work: Combinations<'_, Self>);
        fn inner_products(work: InnerProducts<'_, Self>);
    }

    macro_rules! carried {
        ($real:ty, $kind:ident) => {
            impl Carried for $real {
                fn run<const N: usize>(
                    carrier: &Carrier<N>,
                    x: [Operand<'_, $real>; N],
                    out: &mut [$real],
                ) {
                    (carrier.$kind)(x, out);
                }

                fn sum(work: Sum<'_, $real>) -> $real {
                    perform(work)
                }

                fn dot(work: Dot<'_, $real>) -> $real {
                    perform(work)
                }

                fn combinations(work: Combinations<'_, $real>) {
                    perform(work);
                }

                fn inner_products(work: InnerProducts<'_, $real>) {
                    perform(work);
                }
            }
        };
    }

    carried!(f32, single);
    carried!(f64, double);
}

/// The instructions that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Level {
    /// What every machine of the target has.
    Plain = 1,
    /// AVX2 with FMA, BMI1, BMI2 and LZCNT: 256 bits.
    Avx2,
    /// These and AVX-512 (F, VL, DQ, BW): 512 bits.
    Avx512,
    /// NEON, which every 64-bit ARM has: 128 bits, fused.
    Neon,
}

/// The level in use; 0 before the first call.
static LEVEL: AtomicU8 = AtomicU8::new(0);

impl Level {
    /// All levels that this machine runs, the best last.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let all = [Self::Plain, Self::Avx2, Self::Avx512, Self::Neon];
        all.into_iter().filter(|level| level.runs_here()).collect()
    }

    #[cfg(target_arch = "x86_64")]
    fn runs_here(self) -> bool {
        match self {
            Self::Plain => true,
            Self::Avx2 => avx2::runs_here(),
            Self::Avx512 => avx512::runs_here(),
            Self::Neon => false,
        }
    }

    #[cfg(target_arch = "aarch64")]
    fn runs_here(self) -> bool {
        matches!(self, Self::Plain | Self::Neon)
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn runs_here(self) -> bool {
        self == Self::Plain
    }

    /// The level in use.
    #[must_use]
    pub fn current() -> Self {
        match LEVEL.load(Ordering::Relaxed) {
            1 => Self::Plain,
            2 => Self::Avx2,
            3 => Self::Avx512,
            4 => Self::Neon,
            _ => Self::detect(),
        }
    }

    #[cold]
    fn detect() -> Self {
        let best = Self::available().pop().unwrap_or(Self::Plain);
        // A level that was chosen in the meantime stays.
        match LEVEL.compare_exchange(0, best as u8, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => best,
            Err(_) => Self::current(),
        }
    }
}

/// Runs `work` with another level than the best, for tests and benches; in the whole process, one such call after another.
///
/// # Panics
/// If this machine does not run that level.
#[doc(hidden)]
pub fn with_level<T>(level: Level, work: impl FnOnce() -> T) -> T {
    static ONE: Mutex<()> = Mutex::new(());
    assert!(level.runs_here(), "this machine does not run {level:?}");
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let _left = Left;
    LEVEL.store(level as u8, Ordering::Relaxed);
    work()
}

/// What lets the best level be found anew, also where the work panics.
struct Left;

impl Drop for Left {
    fn drop(&mut self) {
        LEVEL.store(0, Ordering::Relaxed);
    }
}

/// What is compiled for a level, and whether this machine runs it: from one list of features, so that none is used that was not looked for. A virtual
/// machine may have AVX2 and lack LZCNT, whose bytes it would run as another instruction.
#[cfg(target_arch = "x86_64")]
macro_rules! level {
    ($level:ident, [$($feature:tt),+], lanes: $lanes:literal, width: $width:literal) => {
        mod $level {
            use super::{Fused, Kernel, Loop, Number, Operand, Task, carry};

            pub(super) fn runs_here() -> bool {
                $(is_x86_feature_detected!($feature))&&+
            }

            #[target_feature($(enable = $feature),+)]
            pub(super) fn run<K: Kernel<R, N>, R: Number, const N: usize>(
                x: [Operand<'_, R>; N],
                out: &mut [R],
            ) {
                carry::<K, R, Fused, N>(x, out);
            }

            #[target_feature($(enable = $feature),+)]
            pub(super) fn run_loop(work: impl Loop) {
                work.run::<$lanes>();
            }

            #[target_feature($(enable = $feature),+)]
            pub(super) fn perform<T, W: Task<T>>(task: W) -> T {
                task.run::<Fused, $width>()
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
level!(
    avx2,
    ["avx2", "fma", "bmi1", "bmi2", "lzcnt"],
    lanes: 16,
    width: 4
);
#[cfg(target_arch = "x86_64")]
level!(
    avx512,
    ["avx512f", "avx512vl", "avx512dq", "avx512bw", "avx2", "fma", "bmi1", "bmi2", "lzcnt"],
    lanes: 64,
    width: 8
);

/// Carries a kernel over the slices, with the instructions of the level in use.
#[allow(unsafe_code)]
fn run<K: Kernel<R, N>, R: Number, const N: usize>(x: [Operand<'_, R>; N], out: &mut [R]) {
    match Level::current() {
        // SAFETY: `Level::current` is `Avx512` only after `avx512::runs_here` has found every feature that the module is compiled for.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512::run::<K, R, N>(x, out) },
        // SAFETY: as above, for `avx2`.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2::run::<K, R, N>(x, out) },
        // Fused multiplication belongs to every 64-bit ARM, so that nothing is to be enabled.
        #[cfg(target_arch = "aarch64")]
        Level::Neon => carry::<K, R, Fused, N>(x, out),
        _ => carry::<K, R, Separate, N>(x, out),
    }
}

/// The loop over the slices: whole passes first, then the rest in small ones.
#[inline(always)]
fn carry<K: Kernel<R, N>, R: Number, M: Machine, const N: usize>(
    x: [Operand<'_, R>; N],
    out: &mut [R],
) {
    for operand in &x {
        if let Operand::Slice(slice) = operand {
            assert_eq!(slice.len(), out.len(), "slices of one length");
        }
    }
    let whole = out.len() - out.len() % LANES;
    let (passes, rest) = out.split_at_mut(whole);
    if whole > 0 {
        whole_passes::<K, R, M, N>(x.map(|operand| operand.part(0, whole)), passes);
    }
    for (few, out) in rest.chunks_mut(FEW).enumerate() {
        let start = whole + few * FEW;
        let mut filled = [[R::ONE; FEW]; N];
        for (lanes, operand) in filled.iter_mut().zip(&x) {
            match operand {
                Operand::Slice(slice) => fill(lanes, &slice[start..start + out.len()]),
                Operand::Scalar(number) => *lanes = [*number; FEW],
                Operand::InPlace => fill(lanes, out),
            }
        }
        let mut lanes = [R::ONE; FEW];
        pass::<K, R, M, N, FEW>(filled.each_ref(), &mut lanes);
        if let Some(out) = out.first_chunk_mut() {
            *out = lanes;
        } else {
            for (place, lane) in lanes.iter().enumerate() {
                if let Some(out) = out.get_mut(place) {
                    *out = *lane;
                }
            }
        }
    }
}

/// Writes numbers to the first of a few lanes. A call that copies any number of bytes takes longer than asking for each lane.
#[inline(always)]
fn fill<R: Copy>(lanes: &mut [R; FEW], numbers: &[R]) {
    if let Some(numbers) = numbers.first_chunk() {
        *lanes = *numbers;
    } else {
        for (place, lane) in lanes.iter_mut().enumerate() {
            if let Some(number) = numbers.get(place) {
                *lane = *number;
            }
        }
    }
}

/// Passes of [`LANES`] elements over slices whose length is a multiple of it.
#[inline(always)]
fn whole_passes<K: Kernel<R, N>, R: Number, M: Machine, const N: usize>(
    x: [Operand<'_, R>; N],
    out: &mut [R],
) {
    // A number is written out as lanes where there is one alone: copies of whole arrays take as long as the shortest kernels.
    let mut constants = [R::ONES; N];
    let mut written;
    if x.iter()
        .any(|operand| matches!(operand, Operand::Scalar(_)))
    {
        written = [[R::ONE; LANES]; N];
        for ((constant, lanes), operand) in constants.iter_mut().zip(&mut written).zip(&x) {
            if let Operand::Scalar(number) = operand {
                lanes.fill(*number);
            }
            *constant = lanes;
        }
    }
    let slices: [&[[R; LANES]]; N] = array::from_fn(|k| match x[k] {
        Operand::Slice(slice) => slice.as_chunks().0,
        _ => &[],
    });
    let in_place = x.iter().any(|operand| matches!(operand, Operand::InPlace));
    let mut before = [R::ONE; LANES];
    for (place, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        if in_place {
            before = *out;
        }
        let lanes = array::from_fn(|k| match x[k] {
            Operand::InPlace => &before,
            _ => slices[k].get(place).unwrap_or(constants[k]),
        });
        pass::<K, R, M, N, LANES>(lanes, out);
    }
}

/// One pass: all lanes by the form without branches, then those it does not serve.
#[inline(always)]
fn pass<K: Kernel<R, N>, R: Number, M: Machine, const N: usize, const W: usize>(
    x: [&[R; W]; N],
    out: &mut [R; W],
) {
    let mut hard = false;
    for lane in 0..W {
        let x = array::from_fn(|k| x[k][lane]);
        out[lane] = K::value::<M>(x);
        hard |= K::is_hard::<M>(x);
    }
    if hard {
        for lane in 0..W {
            let x = array::from_fn(|k| x[k][lane]);
            if K::is_hard::<M>(x) {
                out[lane] = K::hard::<M>(x);
            }
        }
    }
}

impl<R: Copy> Operand<'_, R> {
    /// The same for `length` elements from `start` on.
    #[inline(always)]
    fn part(self, start: usize, length: usize) -> Self {
        match self {
            Self::Slice(slice) => Self::Slice(&slice[start..start + length]),
            other => other,
        }
    }
}

/// A loop of its own kind, compiled for each level like that of a [`Kernel`].
pub(crate) trait Loop {
    /// Runs it, so many elements of double precision side by side: half of the registers.
    fn run<const LANES: usize>(self);
}

/// Runs a loop with the instructions of the level in use.
#[allow(unsafe_code)]
pub(crate) fn with_best(work: impl Loop) {
    match Level::current() {
        // SAFETY: as in `run`.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512::run_loop(work) },
        // SAFETY: as in `run`.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2::run_loop(work) },
        _ => work.run::<16>(),
    }
}

/// A piece of work that gives a result and multiplies and adds as the level does, compiled for each level as a whole.
pub(crate) trait Task<T> {
    /// Does it; a vector register holds so many numbers.
    fn run<M: Machine, const WIDTH: usize>(self) -> T;
}

/// Does it with the instructions of the level in use.
#[allow(unsafe_code)]
#[inline]
pub(crate) fn perform<T, W: Task<T>>(task: W) -> T {
    match Level::current() {
        // SAFETY: as in `run`.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512::perform(task) },
        // SAFETY: as in `run`.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2::perform(task) },
        #[cfg(target_arch = "aarch64")]
        Level::Neon => task.run::<Fused, 2>(),
        _ => task.run::<Separate, 2>(),
    }
}
