//! Straight-line arithmetic as machine code, made at run time: [`Code`] over blocks of numbers, [`PointCode`] over single ones.
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
//!
//! What lies elsewhere need not come by columns, and what goes elsewhere need not leave by them:
//!
//! ```
//! use secant_machine::{Code, Operand, Outside, Step, Work};
//! // The product of two neighbours among many numbers, and the first of them, row by row.
//! let [a, b] = [0, 1].map(|place| Operand::Picked { list: 0, place });
//! let steps = [Step { work: Work::Mul(a, b), column: None }];
//! if let Some(code) = Code::with_tables(&steps, 0, |_| false, &[vec![Operand::Step(0), a]]) {
//!     let numbers: Vec<f64> = (0..100).map(f64::from).collect();
//!     let firsts = [std::array::from_fn(|row| row)];
//!     let mut table = vec![0.0; 128];
//!     let mut columns = vec![secant_vmath::Block::ZERO; code.columns()];
//!     let outside = Outside { picked: &numbers, firsts: &firsts, tables: &mut [&mut table] };
//!     code.run_with(&mut columns, &[], outside);
//!     assert_eq!(table[..6], [0.0, 0.0, 2.0, 1.0, 6.0, 2.0]);
//! }
//! ```

#[cfg(target_arch = "x86_64")]
mod allocate;
#[cfg(target_arch = "x86_64")]
mod page;
mod point;
#[cfg(target_arch = "x86_64")]
mod values;
#[cfg(target_arch = "x86_64")]
mod write;

pub use point::PointCode;

use secant_vmath::{BLOCK, Block};

/// Code reads no more lists than these.
const MOST_LISTS: usize = 1 << 10;

/// Code writes no more tables than these.
const MOST_TABLES: usize = 8;

/// What a step reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The result of an earlier step.
    Step(u32),
    /// A column, as it is when the step runs.
    Column(u32),
    /// A number that is the same for all rows.
    Number(u32),
    /// For each row, the number so many places behind the first one that a list names.
    Picked {
        /// Which list.
        list: u32,
        /// How many places behind.
        place: u32,
    },
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

/// What code reads and writes besides columns and numbers.
#[derive(Debug, Default)]
pub struct Outside<'a, 'b> {
    /// The numbers among which [`Operand::Picked`] finds its own.
    pub picked: &'a [f64],
    /// For each list, and each row, the place of its first number.
    pub firsts: &'a [[usize; BLOCK]],
    /// Where the tables go: all numbers of the first row, then those of the second, and so on.
    pub tables: &'a mut [&'b mut [f64]],
}

/// Steps as machine code.
#[derive(Debug)]
pub struct Code {
    #[cfg(target_arch = "x86_64")]
    page: page::BlockPage,
    columns: usize,
    reach: Reach,
}

/// How much of what it is given the code reads and writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reach {
    numbers: usize,
    /// For each list, how many numbers from the first of a row on.
    picked: Vec<usize>,
    /// For each table, how many numbers in a row.
    widths: Vec<usize>,
}

impl Code {
    /// The steps, over so many columns. Those that are not wanted afterwards may keep what they held. `None` where this machine does
    /// not run such code, where an operand names a step that does not come before it or a column beyond these, where places are
    /// further apart than an instruction can say, and where thousands of others are alive.
    #[must_use]
    pub fn new(steps: &[Step], columns: usize, is_wanted: impl Fn(u32) -> bool) -> Option<Self> {
        Self::with_tables(steps, columns, is_wanted, &[])
    }

    /// The steps, and tables that hold in each row what these operands are after the last step. `None` where [`new`](Self::new) gives none.
    #[must_use]
    pub fn with_tables(
        steps: &[Step],
        columns: usize,
        is_wanted: impl Fn(u32) -> bool,
        tables: &[Vec<Operand>],
    ) -> Option<Self> {
        let reach = Reach::new(steps, columns, tables)?;
        #[cfg(target_arch = "x86_64")]
        {
            let written = allocate::write(
                write::Rows::Block,
                steps,
                columns,
                &reach,
                is_wanted,
                tables,
            )?;
            Some(Self {
                page: page::BlockPage::new(&written)?,
                columns: columns + written.scratch,
                reach,
            })
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = (reach, is_wanted);
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
    /// If there are fewer columns than [`columns`](Self::columns), or fewer numbers than the steps name, and if the code picks numbers or
    /// writes tables.
    pub fn run(&self, columns: &mut [Block], numbers: &[f64]) {
        self.run_with(columns, numbers, Outside::default());
    }

    /// Runs the steps over all rows of the columns, picks what they read of other numbers, and writes the tables.
    ///
    /// # Panics
    /// If there are fewer columns than [`columns`](Self::columns) or fewer numbers, lists or tables than the steps name, if a row of a list
    /// leads beyond the numbers that are picked from, and if a table has less than [`BLOCK`] rows.
    pub fn run_with(&self, columns: &mut [Block], numbers: &[f64], outside: Outside) {
        assert!(columns.len() >= self.columns, "a block for each column");
        self.reach.check(numbers, &outside);
        #[cfg(target_arch = "x86_64")]
        self.page.call(columns, numbers, outside);
    }
}

impl Reach {
    /// `None` if an operand is not there.
    fn new(steps: &[Step], columns: usize, tables: &[Vec<Operand>]) -> Option<Self> {
        if tables.len() > MOST_TABLES {
            return None;
        }
        let mut reach = Self {
            widths: tables.iter().map(Vec::len).collect(),
            ..Self::default()
        };
        for (place, step) in steps.iter().enumerate() {
            for operand in step.work.operands().into_iter().flatten() {
                reach.extend(operand, place, columns)?;
            }
            if step.column.is_some_and(|column| column as usize >= columns) {
                return None;
            }
        }
        for operand in tables.iter().flatten() {
            reach.extend(*operand, steps.len(), columns)?;
        }
        Some(reach)
    }

    /// Takes in an operand, read after so many steps.
    fn extend(&mut self, operand: Operand, steps: usize, columns: usize) -> Option<()> {
        match operand {
            Operand::Step(step) => ((step as usize) < steps).then_some(()),
            Operand::Column(column) => ((column as usize) < columns).then_some(()),
            Operand::Number(number) => {
                self.numbers = self.numbers.max(number as usize + 1);
                Some(())
            }
            Operand::Picked { list, place } => {
                let list = list as usize;
                if list >= MOST_LISTS {
                    return None;
                }
                if list >= self.picked.len() {
                    self.picked.resize(list + 1, 0);
                }
                self.picked[list] = self.picked[list].max(place as usize + 1);
                Some(())
            }
        }
    }

    fn check(&self, numbers: &[f64], outside: &Outside) {
        assert!(numbers.len() >= self.numbers, "all numbers");
        assert!(outside.firsts.len() >= self.picked.len(), "all lists");
        assert_eq!(outside.tables.len(), self.widths.len(), "all tables");
        for (table, width) in outside.tables.iter().zip(&self.widths) {
            assert!(table.len() >= width * BLOCK, "a row of the table for each");
        }
        let lists = outside.firsts.iter().zip(&self.picked);
        for (firsts, reach) in lists.filter(|(_, reach)| **reach > 0) {
            let last = outside.picked.len().checked_sub(*reach);
            let furthest = firsts.iter().fold(0, |most: usize, first| most.max(*first));
            assert!(
                last.is_some_and(|last| furthest <= last),
                "all picked numbers"
            );
        }
    }
}
