//! Steps drawn at random, as machine code and one number at a time: the same bits.

#![allow(missing_docs)]

use proptest::prelude::*;
use secant_machine::{Code, Operand, Step, Work};
use secant_vmath::{BLOCK, Block, Level};

const COLUMNS: u32 = 12;
const NUMBERS: u32 = 30;

/// What the steps mean.
fn by_hand(steps: &[Step], columns: &mut [Block], numbers: &[f64]) {
    let mut results = vec![0.0; steps.len()];
    for row in 0..BLOCK {
        for (place, step) in steps.iter().enumerate() {
            let x = |operand: Operand| match operand {
                Operand::Step(step) => results[step as usize],
                Operand::Column(column) => columns[column as usize].0[row],
                Operand::Number(number) => numbers[number as usize],
            };
            let result = match step.work {
                Work::Add(a, b) => x(a) + x(b),
                Work::Sub(a, b) => x(a) - x(b),
                Work::Mul(a, b) => x(a) * x(b),
                Work::Div(a, b) => x(a) / x(b),
                Work::MulAdd(a, b, c) => x(a).mul_add(x(b), x(c)),
                Work::MulSubFrom(a, b, c) => (-x(a)).mul_add(x(b), x(c)),
                Work::Neg(a) => -x(a),
                Work::Abs(a) => x(a).abs(),
                Work::Sqrt(a) => x(a).sqrt(),
            };
            results[place] = result;
            if let Some(column) = step.column {
                columns[column as usize].0[row] = result;
            }
        }
    }
}

fn operand(place: usize) -> impl Strategy<Value = Operand> {
    let step = (0..place.max(1) as u32).prop_map(move |step| {
        if place == 0 {
            Operand::Column(0)
        } else {
            Operand::Step(step)
        }
    });
    prop_oneof![
        5 => step,
        2 => (0..COLUMNS).prop_map(Operand::Column),
        2 => (0..NUMBERS).prop_map(Operand::Number),
    ]
}

fn step(place: usize) -> impl Strategy<Value = Step> {
    let operands = (operand(place), operand(place), operand(place));
    let column = prop_oneof![3 => Just(None), 1 => (0..COLUMNS).prop_map(Some)];
    (0..9, operands, column).prop_map(|(kind, (a, b, c), column)| {
        let work = match kind {
            0 => Work::Add(a, b),
            1 => Work::Sub(a, b),
            2 => Work::Mul(a, b),
            3 => Work::Div(a, b),
            4 => Work::MulAdd(a, b, c),
            5 => Work::MulSubFrom(a, b, c),
            6 => Work::Neg(a),
            7 => Work::Abs(a),
            _ => Work::Sqrt(a),
        };
        Step { work, column }
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    (1_usize..150).prop_flat_map(|count| (0..count).map(step).collect::<Vec<_>>())
}

/// Numbers of all kinds, those beyond arithmetic among them.
fn numbers(count: usize) -> impl Strategy<Value = Vec<f64>> {
    let number = prop_oneof![8 => -3.0..3.0, 1 => any::<f64>()];
    prop::collection::vec(number, count)
}

/// The bits; one NaN is like another.
fn bits(columns: &[Block]) -> Vec<u64> {
    let bits = |x: &f64| if x.is_nan() { u64::MAX } else { x.to_bits() };
    columns
        .iter()
        .flat_map(|block| block.0.iter().map(bits))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn machine_code_gives_the_bits_of_the_steps(
        steps in steps(),
        numbers in numbers(NUMBERS as usize),
        rows in numbers(COLUMNS as usize * BLOCK),
        wanted in prop::collection::vec(prop::bool::weighted(0.8), COLUMNS as usize),
    ) {
        let is_wanted = |column: u32| wanted[column as usize];
        let Some(code) = Code::new(&steps, COLUMNS as usize, is_wanted) else {
            return Ok(());
        };
        let mut columns: Vec<Block> = rows
            .as_chunks::<BLOCK>()
            .0
            .iter()
            .map(|rows| Block(*rows))
            .collect();
        let mut expected = columns.clone();
        by_hand(&steps, &mut expected, &numbers);
        columns.resize(code.columns(), Block::ZERO);
        code.run(&mut columns, &numbers);
        for column in (0..COLUMNS as usize).filter(|column| wanted[*column]) {
            prop_assert_eq!(bits(&columns[column..=column]), bits(&expected[column..=column]));
        }
    }
}

#[test]
fn operands_that_are_not_there_make_no_code() {
    let step = |work, column| [Step { work, column }];
    let own_result = Work::Neg(Operand::Step(0));
    assert!(Code::new(&step(own_result, None), 1, |_| true).is_none());
    assert!(Code::new(&step(Work::Neg(Operand::Column(1)), None), 1, |_| true).is_none());
    assert!(Code::new(&step(Work::Neg(Operand::Column(0)), Some(1)), 1, |_| true).is_none());
}

#[test]
fn missing_numbers_and_columns_are_refused() {
    let work = Work::Add(Operand::Number(1), Operand::Number(0));
    let steps = [Step {
        work,
        column: Some(0),
    }];
    let Some(code) = Code::new(&steps, 1, |_| true) else {
        return;
    };
    let runs = |columns: usize, numbers: &[f64]| {
        std::panic::catch_unwind(|| code.run(&mut vec![Block::ZERO; columns], numbers)).is_ok()
    };
    assert!(runs(code.columns(), &[1.0, 2.0]));
    assert!(!runs(code.columns(), &[1.0]));
    assert!(!runs(code.columns() - 1, &[1.0, 2.0]));
}

#[test]
fn a_machine_with_avx2_makes_code() {
    let here = Level::available().contains(&Level::Avx2);
    let work = Work::Neg(Operand::Column(0));
    let steps = [Step {
        work,
        column: Some(0),
    }];
    assert_eq!(Code::new(&steps, 1, |_| true).is_some(), here);
}
