//! What holds for every function over slices, whatever it computes.

use secant_vmath::{InPlace, Operand, add, dot, exp, hypot, mul_add, select, sub, sum};

fn ramp(length: usize) -> Vec<f64> {
    (0..length).map(|place| place as f64 * 0.37 - 3.0).collect()
}

#[test]
fn a_result_does_not_depend_on_its_place() {
    let x = ramp(333);
    let mut whole = vec![0.0; x.len()];
    exp(&x, &mut whole);
    for length in 0..x.len() {
        for start in [0, 1, (x.len() - length) / 2] {
            let end = (start + length).min(x.len());
            let mut part = vec![0.0; end - start];
            exp(&x[start..end], &mut part);
            assert_eq!(part, whole[start..end]);
        }
    }
}

#[test]
fn operands_of_every_kind_meet() {
    for length in [0, 1, 7, 8, 9, 63, 64, 65, 200] {
        let (x, y) = (ramp(length), vec![2.5; length]);
        let each = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            x.iter().zip(&y).map(|(x, y)| f(*x, *y)).collect()
        };
        let mut out = vec![0.0; length];
        sub(&x, &y, &mut out);
        assert_eq!(out, each(&|x, y| x - y));
        sub(2.5, &x, &mut out);
        assert_eq!(out, each(&|x, y| y - x));
        out.copy_from_slice(&x);
        sub(InPlace, &y, &mut out);
        assert_eq!(out, each(&|x, y| x - y));
        mul_add(InPlace, 2.0, &x, &mut out);
        assert_eq!(out, each(&|x, y| (x - y).mul_add(2.0, x)));
        add(Operand::Scalar(1.0), 2.0, &mut out);
        assert_eq!(out, each(&|_, _| 3.0));
        hypot(&x, InPlace, &mut out);
        select(&x, -1.0, InPlace, &mut out);
        assert_eq!(out, each(&|_, _| -1.0));
    }
}

#[test]
#[should_panic(expected = "slices of one length")]
fn lengths_that_differ_are_refused() {
    add(&[1.0, 2.0], &[1.0], &mut [0.0, 0.0]);
}

#[test]
fn sums_are_those_of_whole_numbers() {
    for length in [0, 1, 15, 16, 17, 511, 512, 513, 1024, 5000] {
        let x: Vec<f64> = (0..length).map(f64::from).collect();
        let n = f64::from(length);
        assert_eq!(sum(&x), n * (n - 1.0) / 2.0);
        assert_eq!(dot(&x, &x), (n - 1.0) * n * (2.0 * n - 1.0) / 6.0);
    }
}
