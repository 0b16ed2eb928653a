//! Instructions of x86-64 with AVX2 and FMA, one after another.

use iced_x86::{Code, Encoder, IcedError, Instruction, MemoryOperand, Register};
use secant_vmath::{BLOCK, Block};

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

    fn code(self) -> Code {
        match self {
            Self::Add => Code::VEX_Vaddpd_ymm_ymm_ymmm256,
            Self::Sub => Code::VEX_Vsubpd_ymm_ymm_ymmm256,
            Self::Mul => Code::VEX_Vmulpd_ymm_ymm_ymmm256,
            Self::Div => Code::VEX_Vdivpd_ymm_ymm_ymmm256,
            Self::Xor => Code::VEX_Vxorpd_ymm_ymm_ymmm256,
            Self::And => Code::VEX_Vandpd_ymm_ymm_ymmm256,
        }
    }
}

/// The registers that hold addresses: columns, numbers, masks, and how far the rows at work are from the first.
const COLUMNS: Register = Register::RDI;
const NUMBERS: Register = Register::RSI;
const MASKS: Register = Register::RDX;
const ROW: Register = Register::RAX;

/// A loop over the rows of a block, whose body is written step by step.
pub(crate) struct Writer {
    encoder: Encoder,
    /// The address of the next instruction, from the first.
    next: u64,
    start_of_loop: u64,
    columns: u32,
}

impl Writer {
    /// Begins the loop, over so many columns.
    pub(crate) fn new(columns: u32) -> Result<Self, IcedError> {
        let mut writer = Self {
            encoder: Encoder::new(64),
            next: 0,
            start_of_loop: 0,
            columns,
        };
        let clear = Instruction::with2(Code::Xor_r32_rm32, Register::EAX, Register::EAX)?;
        writer.push(&clear)?;
        writer.start_of_loop = writer.next;
        Ok(writer)
    }

    /// Ends it, and gives the bytes.
    pub(crate) fn finished(mut self) -> Result<Vec<u8>, IcedError> {
        let bytes_of_lanes = (LANES * size_of::<f64>()) as i32;
        let bytes_of_block = size_of::<Block>() as i32;
        let top = self.start_of_loop;
        for instruction in [
            Instruction::with2(Code::Add_rm64_imm8, ROW, bytes_of_lanes)?,
            Instruction::with2(Code::Cmp_rm64_imm32, ROW, bytes_of_block)?,
            Instruction::with_branch(Code::Jb_rel32_64, top)?,
            Instruction::with(Code::VEX_Vzeroupper),
            Instruction::with(Code::Retnq),
        ] {
            self.push(&instruction)?;
        }
        Ok(self.encoder.take_buffer())
    }

    fn push(&mut self, instruction: &Instruction) -> Result<(), IcedError> {
        self.next += self.encoder.encode(instruction, self.next)? as u64;
        Ok(())
    }

    fn memory(&self, place: Place) -> MemoryOperand {
        let number = size_of::<f64>() as i64;
        let block = size_of::<Block>() as i64;
        let at = |base, displacement: i64| MemoryOperand::with_base_displ(base, displacement);
        match place {
            Place::Column(column) => MemoryOperand::with_base_index_scale_displ_size(
                COLUMNS,
                ROW,
                1,
                block * i64::from(column),
                1,
            ),
            Place::Number(place) => at(NUMBERS, number * i64::from(place)),
            Place::Mask(mask) => at(MASKS, number * mask as i64),
            Place::Scratch(place) => at(
                COLUMNS,
                block * i64::from(self.columns) + LANES as i64 * number * i64::from(place),
            ),
        }
    }

    pub(crate) fn load(&mut self, to: Lanes, from: Place) -> Result<(), IcedError> {
        let code = match from {
            Place::Number(_) | Place::Mask(_) => Code::VEX_Vbroadcastsd_ymm_m64,
            Place::Column(_) | Place::Scratch(_) => Code::VEX_Vmovupd_ymm_ymmm256,
        };
        self.push(&Instruction::with2(code, to.ymm(), self.memory(from))?)
    }

    pub(crate) fn store(&mut self, to: Place, from: Lanes) -> Result<(), IcedError> {
        let code = Code::VEX_Vmovupd_ymmm256_ymm;
        self.push(&Instruction::with2(code, self.memory(to), from.ymm())?)
    }

    pub(crate) fn copy(&mut self, to: Lanes, from: Lanes) -> Result<(), IcedError> {
        let code = Code::VEX_Vmovapd_ymm_ymmm256;
        self.push(&Instruction::with2(code, to.ymm(), from.ymm())?)
    }

    pub(crate) fn sqrt(&mut self, to: Lanes, x: Last) -> Result<(), IcedError> {
        let code = Code::VEX_Vsqrtpd_ymm_ymmm256;
        self.push(&match x {
            Last::Register(x) => Instruction::with2(code, to.ymm(), x.ymm()),
            Last::Memory(x) => Instruction::with2(code, to.ymm(), self.memory(x)),
        }?)
    }

    pub(crate) fn binary(
        &mut self,
        binary: Binary,
        to: Lanes,
        a: Lanes,
        b: Last,
    ) -> Result<(), IcedError> {
        self.three(binary.code(), to, a, b)
    }

    /// `onto + a b`, or `onto - a b`, in place of `onto`.
    pub(crate) fn add_product(
        &mut self,
        onto: Lanes,
        a: Lanes,
        b: Last,
        negative: bool,
    ) -> Result<(), IcedError> {
        let code = if negative {
            Code::VEX_Vfnmadd231pd_ymm_ymm_ymmm256
        } else {
            Code::VEX_Vfmadd231pd_ymm_ymm_ymmm256
        };
        self.three(code, onto, a, b)
    }

    fn three(&mut self, code: Code, to: Lanes, a: Lanes, b: Last) -> Result<(), IcedError> {
        self.push(&match b {
            Last::Register(b) => Instruction::with3(code, to.ymm(), a.ymm(), b.ymm()),
            Last::Memory(b) => Instruction::with3(code, to.ymm(), a.ymm(), self.memory(b)),
        }?)
    }
}

impl Lanes {
    fn ymm(self) -> Register {
        Register::YMM0 + u32::from(self.0)
    }
}

/// How many blocks so many places of scratch take.
pub(crate) fn blocks_of(scratch: u32) -> usize {
    (scratch as usize * LANES).div_ceil(BLOCK)
}
