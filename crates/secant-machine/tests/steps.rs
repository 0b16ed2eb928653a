//! Steps drawn at random, as machine code and one number at a time: the same bits.

#![allow(missing_docs)]

use proptest::prelude::*;
use secant_machine::{Code, Operand, Outside, PointCode, Step, Work};
use secant_vmath::{BLOCK, Block, Level};

const COLUMNS: u32 = 12;
const NUMBERS: u32 = 30;

const LISTS: u32 = 2;
/// A row of a list begins at one of so many numbers, and reaches over so many.
const BEGINNINGS: usize = 20;
const REACH: u32 = 7;

/// All that steps read.
#[derive(Clone, Debug)]
struct Given {
    columns: Vec<Block>,
    numbers: Vec<f64>,
    picked: Vec<f64>,
    firsts: Vec<[usize; BLOCK]>,
}

/// What the steps mean, and what tables hold afterwards.
fn by_hand(steps: &[Step], given: &mut Given, tables: &[Vec<Operand>]) -> Vec<Vec<f64>> {
    let Given {
        columns,
        numbers,
        picked,
        firsts,
    } = given;
    let mut rows = vec![Vec::new(); tables.len()];
    let mut results = vec![0.0; steps.len()];
    for row in 0..BLOCK {
        let value = |operand: Operand, results: &[f64], columns: &[Block]| match operand {
            Operand::Step(step) => results[step as usize],
            Operand::Column(column) => columns[column as usize].0[row],
            Operand::Number(number) => numbers[number as usize],
            Operand::Picked { list, place } => picked[firsts[list as usize][row] + place as usize],
        };
        for (place, step) in steps.iter().enumerate() {
            let x = |operand: Operand| value(operand, &results, columns);
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
        for (table, rows) in tables.iter().zip(&mut rows) {
            let entries = table.iter();
            rows.extend(entries.map(|operand| value(*operand, &results, columns)));
        }
    }
    rows
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
        2 => (0..LISTS, 0..REACH).prop_map(|(list, place)| Operand::Picked { list, place }),
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

/// Steps, and tables of what they and others give.
fn steps() -> impl Strategy<Value = (Vec<Step>, Vec<Vec<Operand>>)> {
    (0_usize..150).prop_flat_map(|count| {
        let table = prop::collection::vec(operand(count), 0..40);
        let steps: Vec<_> = (0..count).map(step).collect();
        (steps, prop::collection::vec(table, 0..4))
    })
}

/// Numbers of all kinds, those beyond arithmetic among them.
fn numbers(count: usize) -> impl Strategy<Value = Vec<f64>> {
    let number = prop_oneof![8 => -3.0..3.0, 1 => any::<f64>()];
    prop::collection::vec(number, count)
}

fn given() -> impl Strategy<Value = Given> {
    let columns = numbers(COLUMNS as usize * BLOCK);
    let picked = numbers(BEGINNINGS + REACH as usize - 1);
    let firsts = prop::collection::vec(0..BEGINNINGS, LISTS as usize * BLOCK);
    let numbers = numbers(NUMBERS as usize);
    (columns, numbers, picked, firsts).prop_map(|(columns, numbers, picked, firsts)| Given {
        columns: columns.as_chunks().0.iter().copied().map(Block).collect(),
        numbers,
        picked,
        firsts: firsts.as_chunks().0.to_vec(),
    })
}

/// The bits; one NaN is like another.
fn bits<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> Vec<u64> {
    let bits = |x: &f64| if x.is_nan() { u64::MAX } else { x.to_bits() };
    numbers.into_iter().map(bits).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn machine_code_gives_the_bits_of_the_steps(
        (steps, tables) in steps(),
        given in given(),
        wanted in prop::collection::vec(prop::bool::weighted(0.8), COLUMNS as usize),
    ) {
        let is_wanted = |column: u32| wanted[column as usize];
        let Some(code) = Code::with_tables(&steps, COLUMNS as usize, is_wanted, &tables) else {
            return Ok(());
        };
        let mut expected = given.clone();
        let expected_tables = by_hand(&steps, &mut expected, &tables);
        let Given { mut columns, numbers, picked, firsts } = given;
        columns.resize(code.columns(), Block::ZERO);
        let mut found: Vec<Vec<f64>> = tables.iter().map(|row| vec![0.5; row.len() * BLOCK]).collect();
        let mut rows: Vec<&mut [f64]> = found.iter_mut().map(Vec::as_mut_slice).collect();
        let outside = Outside { picked: &picked, firsts: &firsts, tables: &mut rows };
        code.run_with(&mut columns, &numbers, outside);
        for column in (0..COLUMNS as usize).filter(|column| wanted[*column]) {
            prop_assert_eq!(bits(&columns[column].0), bits(&expected.columns[column].0));
        }
        for (found, expected) in found.iter().zip(&expected_tables) {
            prop_assert_eq!(bits(found), bits(expected));
        }
    }

    #[test]
    fn steps_at_a_point_have_the_same_bits_as_one_number_at_a_time(
        (steps, _) in steps(),
        given in given(),
        wanted in prop::collection::vec(any::<bool>(), COLUMNS as usize),
    ) {
        let steps: Vec<Step> = steps.into_iter().map(of_columns).collect();
        let Some(code) = PointCode::new(&steps, COLUMNS as usize, |column| wanted[column as usize]) else {
            return Ok(());
        };
        let first_row = |columns: &[Block]| -> Vec<f64> { columns.iter().map(|column| column.0[0]).collect() };
        let mut places = first_row(&given.columns);
        let mut expected = given;
        by_hand(&steps, &mut expected, &[]);
        places.resize(code.places(), 0.0);
        code.run(&mut places);
        let expected = bits(&first_row(&expected.columns));
        let found = bits(&places[..COLUMNS as usize]);
        for place in (0..COLUMNS as usize).filter(|place| wanted[*place]) {
            prop_assert_eq!(found[place], expected[place]);
        }
    }
}

/// The step, with columns in place of numbers and picks.
fn of_columns(Step { work, column }: Step) -> Step {
    let of = |operand| match operand {
        Operand::Number(place) | Operand::Picked { place, .. } => Operand::Column(place % COLUMNS),
        _ => operand,
    };
    let work = match work {
        Work::Add(a, b) => Work::Add(of(a), of(b)),
        Work::Sub(a, b) => Work::Sub(of(a), of(b)),
        Work::Mul(a, b) => Work::Mul(of(a), of(b)),
        Work::Div(a, b) => Work::Div(of(a), of(b)),
        Work::MulAdd(a, b, c) => Work::MulAdd(of(a), of(b), of(c)),
        Work::MulSubFrom(a, b, c) => Work::MulSubFrom(of(a), of(b), of(c)),
        Work::Neg(a) => Work::Neg(of(a)),
        Work::Abs(a) => Work::Abs(of(a)),
        Work::Sqrt(a) => Work::Sqrt(of(a)),
    };
    Step { work, column }
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
fn lists_that_lead_beyond_and_tables_too_short_are_refused() {
    let tables = [vec![Operand::Picked { list: 0, place: 2 }]];
    let Some(code) = Code::with_tables(&[], 0, |_| false, &tables) else {
        return;
    };
    let runs = |last: usize, room: usize| {
        let mut firsts = [0; BLOCK];
        firsts[BLOCK - 1] = last;
        let (firsts, mut table) = ([firsts], vec![0.0; room]);
        let outside = Outside {
            picked: &[1.0, 2.0, 3.0, 4.0],
            firsts: &firsts,
            tables: &mut [&mut table],
        };
        let run = std::panic::AssertUnwindSafe(|| code.run_with(&mut [], &[], outside));
        std::panic::catch_unwind(run).is_ok()
    };
    assert!(runs(1, BLOCK));
    assert!(!runs(2, BLOCK));
    assert!(!runs(usize::MAX, BLOCK));
    assert!(!runs(1, BLOCK - 1));
    let nothing = std::panic::catch_unwind(|| code.run(&mut [], &[]));
    assert!(nothing.is_err());
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
    assert_eq!(PointCode::new(&steps, 1, |_| true).is_some(), here);
}

#[test]
fn code_for_a_point_knows_places_alone_and_wants_all_of_them() {
    let step = |operand| {
        [Step {
            work: Work::Neg(operand),
            column: Some(0),
        }]
    };
    let picked = Operand::Picked { list: 0, place: 0 };
    for operand in [
        Operand::Number(0),
        picked,
        Operand::Column(1),
        Operand::Step(0),
    ] {
        assert!(
            PointCode::new(&step(operand), 1, |_| true).is_none(),
            "{operand:?}"
        );
    }
    let Some(code) = PointCode::new(&step(Operand::Column(0)), 1, |_| true) else {
        return;
    };
    assert!(std::panic::catch_unwind(|| code.run(&mut [])).is_err());
}
