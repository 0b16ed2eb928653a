//! A prepared difference allocates nothing; counted by an allocator.

use secant::{Differences, Mode};

type Plain = fn(f64) -> f64;

/// How often memory was asked for.
fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn the_count_counts() {
    assert_eq!(allocations(|| drop(vec![0.0; 8])), 1);
}

#[test]
fn a_prepared_derivative_allocates_nothing() {
    for (mode, order) in [
        (Mode::Balanced, 1),
        (Mode::Balanced, 4),
        (Mode::Thorough, 2),
        (Mode::Cheap, 1),
    ] {
        let mut prepared = Differences::new().mode(mode).order(order).prepare(1);
        let mut sum = 0.0;
        let mut easy = || sum += prepared.derivative(f64::sin, 1.0).unwrap().value().unwrap();
        assert_eq!(allocations(&mut easy), 0, "{mode:?} {order}");
        // Hard functions take the same room: a short scale, a corner, a jump, a pole, noise.
        let hard: [(Plain, f64); 5] = [
            (|x| (1e6 * x).sin(), 1.0),
            (f64::abs, 0.0),
            (f64::floor, 2.0),
            (f64::recip, 0.0),
            (|x| x + 1e-9 * (x.to_bits() % 1009) as f64 / 1009.0, 1.0),
        ];
        for (function, x) in hard {
            let work = || drop(std::hint::black_box(prepared.derivative(function, x)));
            assert_eq!(allocations(work), 0, "{mode:?} {order} at {x}");
        }
    }
}

#[test]
fn a_prepared_gradient_allocates_nothing() {
    let batch = |points: &[f64], values: &mut [f64]| {
        for (point, value) in points.chunks_exact(3).zip(values) {
            *value = point[0] * point[1].exp() + point[2].sin();
        }
    };
    for mode in [Mode::Cheap, Mode::Balanced, Mode::Thorough] {
        let mut prepared = Differences::new().mode(mode).within(0.0, 1e9).prepare(3);
        let mut gradient = Vec::with_capacity(3);
        let count = allocations(|| {
            prepared
                .gradient_into(batch, &[1.0, 0.5, 1e6], &mut gradient)
                .unwrap()
        });
        assert_eq!(count, 0, "{mode:?}");
        assert_eq!(gradient.len(), 3);
    }
}
