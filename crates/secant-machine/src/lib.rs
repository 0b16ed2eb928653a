//! Straight-line arithmetic over blocks of numbers as machine code, made at run time.
//!
//! A loop over a block for each operation reads and writes memory for each. Here all operations go over a few rows at once: values
//! stay in registers, and what a register cannot hold waits in the nearest cache.
//!
//! ```
//! use secant_machine::{Code, Operand, Step, Work};
//! use secant_vmath::Block;
//! // Column 2 becomes (column 0 + column 1) * number 0.
//! let steps = [
//!     Step { work: Work::Add(Operand::Column(0), Operand::Column(1)), column: None },
//!     Step { work: Work::Mul(Operand::Step(0), Operand::Number(0)), column: Some(2) },
//! ];
//! // `None` where the machine is not an x86-64 with AVX2 and FMA, or allows no code made at run time.
//! if let Some(code) = Code::new(&steps, 3, |column| column == 2) {
//!     let mut columns = vec![Block([3.0; 64]); code.columns()];
//!     code.run(&mut columns, &[0.5]);
//!     assert_eq!(columns[2].0, [3.0; 64]);
//! }
//! ```

#[cfg(target_arch = "x86_64")]
mod allocate;
#[cfg(target_arch = "x86_64")]
mod page;
#[cfg(target_arch = "x86_64")]
mod write;

use secant_vmath::Block;

/// What a step reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The result of an earlier step.
    Step(u32),
    /// A column, as it is when the step runs.
    Column(u32),
    /// A number that is the same for all rows.
    Number(u32),
}

/// What a step does; each operation is rounded once, as IEEE 754 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// `a + b`
    Add(Operand, Operand),
    /// `a - b`
    Sub(Operand, Operand),
    /// `a b`
    Mul(Operand, Operand),
    /// `a / b`
    Div(Operand, Operand),
    /// `a b + c`, rounded once.
    MulAdd(Operand, Operand, Operand),
    /// `c - a b`, rounded once.
    MulSubFrom(Operand, Operand, Operand),
    /// `-a`
    Neg(Operand),
    /// `|a|`
    Abs(Operand),
    /// The square root; NaN below 0.
    Sqrt(Operand),
}

impl Work {
    /// What it reads, in order.
    #[must_use]
    pub fn operands(&self) -> [Option<Operand>; 3] {
        match *self {
            Self::Add(a, b) | Self::Sub(a, b) | Self::Mul(a, b) | Self::Div(a, b) => {
                [Some(a), Some(b), None]
            }
            Self::MulAdd(a, b, c) | Self::MulSubFrom(a, b, c) => [Some(a), Some(b), Some(c)],
            Self::Neg(a) | Self::Abs(a) | Self::Sqrt(a) => [Some(a), None, None],
        }
    }
}

/// One operation over all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The operation.
    pub work: Work,
    /// The column that its result is written to.
    pub column: Option<u32>,
}

/// Steps as machine code.
#[derive(Debug)]
pub struct Code {
    #[cfg(target_arch = "x86_64")]
    page: page::Page,
    columns: usize,
    numbers: usize,
}

impl Code {
    /// The steps, over so many columns. Those that are not wanted afterwards may keep what they held. `None` where this machine does not run such code, where an operand names a step that does
    /// not come before it or a column beyond these, where places are further apart than an instruction can say, and where thousands of
    /// others are alive.
    #[must_use]
    pub fn new(steps: &[Step], columns: usize, is_wanted: impl Fn(u32) -> bool) -> Option<Self> {
        let numbers = numbers(steps, columns)?;
        #[cfg(target_arch = "x86_64")]
        {
            let written = allocate::write(steps, columns, numbers, is_wanted)?;
            Some(Self {
                page: page::Page::new(&written.bytes)?,
                columns: columns + written.scratch,
                numbers,
            })
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = (numbers, is_wanted);
            None
        }
    }

    /// How many columns [`run`](Self::run) wants: those of the steps, and more to work in.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Runs the steps over all rows of the columns.
    ///
    /// # Panics
    /// If there are fewer columns than [`columns`](Self::columns), or fewer numbers than the steps name.
    pub fn run(&self, columns: &mut [Block], numbers: &[f64]) {
        assert!(columns.len() >= self.columns, "a block for each column");
        assert!(numbers.len() >= self.numbers, "all numbers");
        #[cfg(target_arch = "x86_64")]
        self.page.call(columns, numbers);
    }
}

/// How many numbers the steps read, if each operand is there.
fn numbers(steps: &[Step], columns: usize) -> Option<usize> {
    let mut numbers = 0;
    for (place, step) in steps.iter().enumerate() {
        for operand in step.work.operands().into_iter().flatten() {
            let is_there = match operand {
                Operand::Step(step) => (step as usize) < place,
                Operand::Column(column) => (column as usize) < columns,
                Operand::Number(number) => {
                    numbers = numbers.max(number as usize + 1);
                    true
                }
            };
            if !is_there {
                return None;
            }
        }
        if step.column.is_some_and(|column| column as usize >= columns) {
            return None;
        }
    }
    Some(numbers)
}
