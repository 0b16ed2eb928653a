//! Instructions of x86-64 with AVX2 and FMA, one after another.

use iced_x86::{Code, Encoder, IcedError, Instruction, MemoryOperand, Register};
use secant_vmath::{BLOCK, Block};

use crate::Operand;

/// Rows that a register holds.
pub(crate) const LANES: usize = 4;
/// How many registers there are.
pub(crate) const REGISTERS: usize = 16;

/// Where a value lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Column(u32),
    Number(u32),
    Mask(Mask),
    /// Room for the rows that are worked on, behind the columns.
    Scratch(u32),
}

/// In each row, the number so many places behind the first that a list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Picked {
    pub(crate) list: u32,
    pub(crate) place: u32,
}

/// In each row of a table, the numbers from a place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) table: u32,
    pub(crate) place: u32,
    /// How many numbers a row has.
    pub(crate) width: u32,
}

/// A pattern of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mask {
    /// The sign alone.
    Sign,
    /// All but the sign.
    Size,
}

/// One of the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lanes(pub(crate) u8);

/// The last operand of an instruction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Last {
    Register(Lanes),
    Memory(Place),
}

/// What an instruction does with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Xor,
    And,
}

impl Binary {
    pub(crate) fn commutes(self) -> bool {
        !matches!(self, Self::Sub | Self::Div)
    }

    /// The instruction, and the part of a register that it works on.
    fn code(self, rows: Rows) -> (Code, Part) {
        match (self, rows) {
            (Self::Add, Rows::Block) => (Code::VEX_Vaddpd_ymm_ymm_ymmm256, Lanes::ymm),
            (Self::Sub, Rows::Block) => (Code::VEX_Vsubpd_ymm_ymm_ymmm256, Lanes::ymm),
            (Self::Mul, Rows::Block) => (Code::VEX_Vmulpd_ymm_ymm_ymmm256, Lanes::ymm),
            (Self::Div, Rows::Block) => (Code::VEX_Vdivpd_ymm_ymm_ymmm256, Lanes::ymm),
            (Self::Add, Rows::One) => (Code::VEX_Vaddsd_xmm_xmm_xmmm64, Lanes::xmm),
            (Self::Sub, Rows::One) => (Code::VEX_Vsubsd_xmm_xmm_xmmm64, Lanes::xmm),
            (Self::Mul, Rows::One) => (Code::VEX_Vmulsd_xmm_xmm_xmmm64, Lanes::xmm),
            (Self::Div, Rows::One) => (Code::VEX_Vdivsd_xmm_xmm_xmmm64, Lanes::xmm),
            (Self::Xor, _) => (Code::VEX_Vxorpd_ymm_ymm_ymmm256, Lanes::ymm),
            (Self::And, _) => (Code::VEX_Vandpd_ymm_ymm_ymmm256, Lanes::ymm),
        }
    }

    /// Whether it has an instruction for one number: what works on bits takes whole registers.
    fn has_scalar(self) -> bool {
        !matches!(self, Self::Xor | Self::And)
    }
}

/// The part of a register that an instruction works on.
type Part = fn(Lanes) -> Register;

/// Over how many rows the code goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// Those of a block, [`LANES`] at a time; a column is a block.
    Block,
    /// One: a column is one number.
    One,
}

// The registers that hold addresses, as the arguments of the call come.
const COLUMNS: Register = Register::RDI;
const NUMBERS: Register = Register::RSI;
const MASKS: Register = Register::RDX;
/// The numbers that are picked from, and the lists of the places of the first of each row.
const PICKED: Register = Register::RCX;
const FIRSTS: Register = Register::R8;
/// Where the addresses of the next rows of all tables are.
const TABLES: Register = Register::R9;
/// How many bytes the rows at work are from the first, in a block.
const ROW: Register = Register::RAX;
/// For one instruction or two.
const SPARE: Register = Register::R10;

const BYTES: i64 = size_of::<f64>() as i64;

/// The even rows of two registers side by side, and the odd ones.
const UNPACK: [Code; 2] = [
    Code::VEX_Vunpcklpd_ymm_ymm_ymmm256,
    Code::VEX_Vunpckhpd_ymm_ymm_ymmm256,
];

/// A loop over the rows of a block, whose body is written step by step; for one row, the body alone.
pub(crate) struct Writer {
    encoder: Encoder,
    rows: Rows,
    /// The address of the next instruction, from the first.
    next: u64,
    start_of_loop: u64,
    columns: u32,
}

impl Writer {
    /// Begins the loop, over so many columns.
    pub(crate) fn new(rows: Rows, columns: u32) -> Result<Self, IcedError> {
        let mut writer = Self {
            encoder: Encoder::new(64),
            rows,
            next: 0,
            start_of_loop: 0,
            columns,
        };
        if rows == Rows::Block {
            let clear = Instruction::with2(Code::Xor_r32_rm32, Register::EAX, Register::EAX)?;
            writer.push(&clear)?;
            writer.start_of_loop = writer.next;
        }
        Ok(writer)
    }

    /// Ends it, and gives the bytes.
    pub(crate) fn finished(mut self, tables: &[Vec<Operand>]) -> Result<Vec<u8>, IcedError> {
        if self.rows == Rows::Block {
            self.end_of_loop(tables)?;
        }
        self.push(&Instruction::with(Code::VEX_Vzeroupper))?;
        self.push(&Instruction::with(Code::Retnq))?;
        Ok(self.encoder.take_buffer())
    }

    fn end_of_loop(&mut self, tables: &[Vec<Operand>]) -> Result<(), IcedError> {
        for (table, operands) in tables.iter().enumerate() {
            let further = (LANES * operands.len()) as i32 * BYTES as i32;
            let address = at(TABLES, BYTES * table as i64);
            self.push(&Instruction::with2(Code::Add_rm64_imm32, address, further)?)?;
        }
        let bytes_of_lanes = (LANES * size_of::<f64>()) as i32;
        let bytes_of_block = size_of::<Block>() as i32;
        let top = self.start_of_loop;
        for instruction in [
            Instruction::with2(Code::Add_rm64_imm8, ROW, bytes_of_lanes)?,
            Instruction::with2(Code::Cmp_rm64_imm32, ROW, bytes_of_block)?,
            Instruction::with_branch(Code::Jb_rel32_64, top)?,
        ] {
            self.push(&instruction)?;
        }
        Ok(())
    }

    fn push(&mut self, instruction: &Instruction) -> Result<(), IcedError> {
        self.next += self.encoder.encode(instruction, self.next)? as u64;
        Ok(())
    }

    fn memory(&self, place: Place) -> MemoryOperand {
        let (bytes_of_column, bytes_of_scratch) = match self.rows {
            Rows::Block => (size_of::<Block>() as i64, LANES as i64 * BYTES),
            Rows::One => (BYTES, BYTES),
        };
        let column = |column: u32| bytes_of_column * i64::from(column);
        match (place, self.rows) {
            (Place::Column(place), Rows::Block) => {
                MemoryOperand::with_base_index_scale_displ_size(COLUMNS, ROW, 1, column(place), 1)
            }
            (Place::Column(place), Rows::One) => at(COLUMNS, column(place)),
            (Place::Number(place), _) => at(NUMBERS, BYTES * i64::from(place)),
            (Place::Mask(mask), _) => at(MASKS, BYTES * mask as i64),
            (Place::Scratch(place), _) => at(
                COLUMNS,
                column(self.columns) + bytes_of_scratch * i64::from(place),
            ),
        }
    }

    pub(crate) fn load(&mut self, to: Lanes, from: Place) -> Result<(), IcedError> {
        let (code, to) = match (from, self.rows) {
            (_, Rows::One) => (Code::VEX_Vmovsd_xmm_m64, to.xmm()),
            (Place::Number(_) | Place::Mask(_), _) => (Code::VEX_Vbroadcastsd_ymm_m64, to.ymm()),
            (Place::Column(_) | Place::Scratch(_), _) => (Code::VEX_Vmovupd_ymm_ymmm256, to.ymm()),
        };
        self.push(&Instruction::with2(code, to, self.memory(from))?)
    }

    /// Where the number of a row of those at work is, with `SPARE` for the address.
    fn picked(&mut self, from: Picked, row: usize) -> Result<MemoryOperand, IcedError> {
        let list = size_of::<Block>() as i64 * i64::from(from.list);
        let first = MemoryOperand::with_base_index_scale_displ_size(
            FIRSTS,
            ROW,
            1,
            list + BYTES * row as i64,
            1,
        );
        self.push(&Instruction::with2(Code::Mov_r64_rm64, SPARE, first)?)?;
        Ok(MemoryOperand::with_base_index_scale_displ_size(
            PICKED,
            SPARE,
            BYTES as u32,
            BYTES * i64::from(from.place),
            1,
        ))
    }

    /// A number of each row, by means of a spare register.
    pub(crate) fn pick_one(
        &mut self,
        from: Picked,
        to: Lanes,
        spare: Lanes,
    ) -> Result<(), IcedError> {
        for (half, rows) in [(to, [0, 1]), (spare, [2, 3])] {
            let [low, high] = rows.map(|row| (row, half.xmm()));
            let x = self.picked(from, low.0)?;
            self.push(&Instruction::with2(Code::VEX_Vmovsd_xmm_m64, low.1, x)?)?;
            let x = self.picked(from, high.0)?;
            self.push(&Instruction::with3(
                Code::VEX_Vmovhpd_xmm_xmm_m64,
                high.1,
                high.1,
                x,
            )?)?;
        }
        let code = Code::VEX_Vinsertf128_ymm_ymm_xmmm128_imm8;
        self.push(&Instruction::with4(
            code,
            to.ymm(),
            to.ymm(),
            spare.xmm(),
            1,
        )?)
    }

    /// Two numbers of each row that stand side by side, into the last register and the one before.
    pub(crate) fn pick_two(&mut self, from: Picked, to: [Lanes; 3]) -> Result<(), IcedError> {
        let [even, odd, first] = to;
        for (rows, [low, high]) in [(even, [0, 2]), (odd, [1, 3])] {
            let x = self.picked(from, low)?;
            let code = Code::VEX_Vmovupd_xmm_xmmm128;
            self.push(&Instruction::with2(code, rows.xmm(), x)?)?;
            let x = self.picked(from, high)?;
            let code = Code::VEX_Vinsertf128_ymm_ymm_xmmm128_imm8;
            self.push(&Instruction::with4(code, rows.ymm(), rows.ymm(), x, 1)?)?;
        }
        let [low, high] = UNPACK;
        self.three((low, Lanes::ymm), first, even, Last::Register(odd))?;
        self.three((high, Lanes::ymm), odd, even, Last::Register(odd))
    }

    /// The row of a table, with `SPARE` for the address.
    fn cell(&self, at: Cell, row: usize) -> MemoryOperand {
        let number = i64::from(at.width) * row as i64 + i64::from(at.place);
        MemoryOperand::with_base_displ_size(SPARE, BYTES * number, 1)
    }

    fn load_table(&mut self, table: u32) -> Result<(), IcedError> {
        let address = at(TABLES, BYTES * i64::from(table));
        self.push(&Instruction::with2(Code::Mov_r64_rm64, SPARE, address)?)
    }

    /// Writes a value into the rows of a table, by means of a spare register.
    pub(crate) fn write_one(
        &mut self,
        to: Cell,
        value: Lanes,
        spare: Lanes,
    ) -> Result<(), IcedError> {
        self.load_table(to.table)?;
        let code = Code::VEX_Vextractf128_xmmm128_ymm_imm8;
        self.push(&Instruction::with3(code, spare.xmm(), value.ymm(), 1)?)?;
        for (half, rows) in [(value, [0, 1]), (spare, [2, 3])] {
            let [low, high] = rows.map(|row| self.cell(to, row));
            let half = half.xmm();
            self.push(&Instruction::with2(Code::VEX_Vmovlpd_m64_xmm, low, half)?)?;
            self.push(&Instruction::with2(Code::VEX_Vmovhpd_m64_xmm, high, half)?)?;
        }
        Ok(())
    }

    /// Writes two values side by side into the rows of a table, by means of a spare register.
    pub(crate) fn write_two(
        &mut self,
        to: Cell,
        a: Lanes,
        b: Last,
        spare: Lanes,
    ) -> Result<(), IcedError> {
        self.load_table(to.table)?;
        for (code, rows) in UNPACK.into_iter().zip([[0, 2], [1, 3]]) {
            self.three((code, Lanes::ymm), spare, a, b)?;
            let [low, high] = rows.map(|row| self.cell(to, row));
            let code = Code::VEX_Vmovupd_xmmm128_xmm;
            self.push(&Instruction::with2(code, low, spare.xmm())?)?;
            let code = Code::VEX_Vextractf128_xmmm128_ymm_imm8;
            self.push(&Instruction::with3(code, high, spare.ymm(), 1)?)?;
        }
        Ok(())
    }

    pub(crate) fn store(&mut self, to: Place, from: Lanes) -> Result<(), IcedError> {
        let (code, from) = match self.rows {
            Rows::Block => (Code::VEX_Vmovupd_ymmm256_ymm, from.ymm()),
            Rows::One => (Code::VEX_Vmovsd_m64_xmm, from.xmm()),
        };
        self.push(&Instruction::with2(code, self.memory(to), from)?)
    }

    pub(crate) fn copy(&mut self, to: Lanes, from: Lanes) -> Result<(), IcedError> {
        let code = Code::VEX_Vmovapd_ymm_ymmm256;
        self.push(&Instruction::with2(code, to.ymm(), from.ymm())?)
    }

    pub(crate) fn sqrt(&mut self, to: Lanes, x: Last) -> Result<(), IcedError> {
        if self.rows == Rows::One {
            return self.three((Code::VEX_Vsqrtsd_xmm_xmm_xmmm64, Lanes::xmm), to, to, x);
        }
        let code = Code::VEX_Vsqrtpd_ymm_ymmm256;
        self.push(&match x {
            Last::Register(x) => Instruction::with2(code, to.ymm(), x.ymm()),
            Last::Memory(x) => Instruction::with2(code, to.ymm(), self.memory(x)),
        }?)
    }

    /// Whether the last operand may be in memory.
    pub(crate) fn reads_memory(&self, binary: Binary) -> bool {
        self.rows == Rows::Block || binary.has_scalar()
    }

    pub(crate) fn binary(
        &mut self,
        binary: Binary,
        to: Lanes,
        a: Lanes,
        b: Last,
    ) -> Result<(), IcedError> {
        self.three(binary.code(self.rows), to, a, b)
    }

    /// `onto + a b`, or `onto - a b`, in place of `onto`.
    pub(crate) fn add_product(
        &mut self,
        onto: Lanes,
        a: Lanes,
        b: Last,
        negative: bool,
    ) -> Result<(), IcedError> {
        let code: (Code, Part) = match (negative, self.rows) {
            (false, Rows::Block) => (Code::VEX_Vfmadd231pd_ymm_ymm_ymmm256, Lanes::ymm),
            (true, Rows::Block) => (Code::VEX_Vfnmadd231pd_ymm_ymm_ymmm256, Lanes::ymm),
            (false, Rows::One) => (Code::VEX_Vfmadd231sd_xmm_xmm_xmmm64, Lanes::xmm),
            (true, Rows::One) => (Code::VEX_Vfnmadd231sd_xmm_xmm_xmmm64, Lanes::xmm),
        };
        self.three(code, onto, a, b)
    }

    fn three(
        &mut self,
        (code, part): (Code, Part),
        to: Lanes,
        a: Lanes,
        b: Last,
    ) -> Result<(), IcedError> {
        let (to, a) = (part(to), part(a));
        self.push(&match b {
            Last::Register(b) => Instruction::with3(code, to, a, part(b)),
            Last::Memory(b) => Instruction::with3(code, to, a, self.memory(b)),
        }?)
    }
}

impl Lanes {
    fn ymm(self) -> Register {
        Register::YMM0 + u32::from(self.0)
    }

    /// The lower half.
    fn xmm(self) -> Register {
        Register::XMM0 + u32::from(self.0)
    }
}

fn at(base: Register, displacement: i64) -> MemoryOperand {
    MemoryOperand::with_base_displ_size(base, displacement, 1)
}

/// How many columns so many places of scratch take.
pub(crate) fn columns_of(rows: Rows, scratch: u32) -> usize {
    match rows {
        Rows::Block => (scratch as usize * LANES).div_ceil(BLOCK),
        Rows::One => scratch as usize,
    }
}
