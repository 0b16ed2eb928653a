//! Gradients held against each other: a layer whose way back is wrong is found, and so is one number of somebody else's; what lies beside a kink
//! is left out, and where nothing is left nothing agrees.

#![allow(missing_docs, clippy::unwrap_used)]

use secant::Error;
use secant_train::check::{self, Place, Tolerance};
use secant_train::layer::{Activation, Dense, Layer, Map, Memo, Met, Visited};
use secant_train::{Columns, Loss, Network, Number, Objective, Random, Targets, data};

/// A layer that does nothing, whose way back is off by a thousandth.
#[derive(Debug)]
struct Off;

impl Layer for Off {
    fn kind(&self) -> &'static str {
        "off"
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, Error> {
        Ok(input.to_vec())
    }
}

impl<T: Number> Map<T> for Off {
    fn forward(&self, _: &[T], input: &Columns<T>, output: &mut Columns<T>, _: &mut Memo<T>) {
        output.clone_from(input);
    }

    fn pullback(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        adjoint: &Columns<T>,
        _gradient: Option<&mut [T]>,
        input_adjoint: Option<&mut Columns<T>>,
    ) {
        if let Some(input_adjoint) = input_adjoint {
            input_adjoint.clone_from(adjoint);
            for value in input_adjoint.values_mut() {
                *value *= T::of(1.001);
            }
        }
    }

    fn difference(
        &self,
        _parameters: &[T],
        _at: Visited<'_, T>,
        shift: &Columns<T>,
        output_shift: &mut Columns<T>,
        _met: &mut [Met],
    ) {
        output_shift.clone_from(shift);
    }
}

#[test]
fn a_layer_whose_way_back_is_wrong_is_found_both_ways() {
    let network = Network::new(&[2])
        .then(Dense::new(2, 5))
        .and_then(|network| network.then(Activation::named("tanh")?))
        .and_then(|network| network.then(Off))
        .and_then(|network| network.then(Dense::new(5, 3)))
        .unwrap();
    let spiral = data::spiral::<f64>(10, 3, 0);
    let parameters: Vec<f64> = network.initial(1);
    let (samples, targets) = (&spiral.samples, &spiral.targets);
    let mut objective = Objective::new(&network, &Loss::CrossEntropy, samples, targets).unwrap();
    let first = network.tensor("0.bias").unwrap().range.end;

    let found = check::carried(&objective, &parameters, Tolerance::default()).unwrap();
    assert_eq!(found.compared, 30 * network.parameters());
    assert!(!found.agrees());
    // What stands behind the layer is right, and is not complained of.
    let mut wrong = found.wrong.iter();
    assert!(wrong.all(|component| component.place.parameter < first));
    assert!((found.largest - 1e-3).abs() < 1e-5, "{}", found.largest);
    let worst = found.wrong[0];
    assert!(
        found
            .wrong
            .iter()
            .all(|component| component.difference().abs() <= worst.difference().abs())
    );
    assert!((worst.relative().unwrap() - 1e-3).abs() < 1e-8);
    let lax = Tolerance::new(2e-3).unwrap();
    assert!(
        check::carried(&objective, &parameters, lax)
            .unwrap()
            .agrees()
    );

    let all = network.parameters();
    let found = check::one_by_one(&mut objective, &parameters, all, &mut Random::new(0)).unwrap();
    assert_eq!(found.compared, all);
    let mut wrong: Vec<usize> = found
        .wrong
        .iter()
        .map(|component| component.place.parameter)
        .collect();
    wrong.sort_unstable();
    assert_eq!(wrong, (0..first).collect::<Vec<_>>());
}

/// Two weights of a relu, and samples on which it is on, off, or exactly between.
fn of_relu<R>(samples: &[f64], read: impl FnOnce(&mut Objective<'_, f64>) -> R) -> R {
    let network = Network::dense(&[1, 1, 1], "relu").unwrap();
    let samples = Columns::from_rows(samples, 1).unwrap();
    let targets = Targets::Values(Columns::zeros(samples.samples(), 1));
    read(&mut Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap())
}

const WEIGHTS: [f64; 4] = [1.0, 0.0, 1.0, 0.5];

#[test]
fn what_lies_beside_a_kink_is_counted_and_left_out() {
    let found = of_relu(&[1.0, 1e-9, -1.0], |objective| {
        check::carried(objective, &WEIGHTS, Tolerance::default()).unwrap()
    });
    // Moving the first bias takes the second sample over the kink; its weight is multiplied by 1e-9, and stays on its side.
    assert_eq!((found.compared, found.kinks), (11, 1));
    assert!(found.agrees());
    let found = of_relu(&[1e-9], |objective| {
        check::one_by_one(objective, &WEIGHTS, 4, &mut Random::new(0)).unwrap()
    });
    assert_eq!((found.compared, found.kinks), (3, 1));
}

#[test]
fn where_nothing_was_compared_nothing_agrees() {
    let found = of_relu(&[1.0], |objective| {
        check::one_by_one(objective, &WEIGHTS, 0, &mut Random::new(0)).unwrap()
    });
    assert_eq!((found.compared, found.at), (0, None));
    assert!(!found.agrees());
}

#[test]
fn a_number_that_is_none_is_wrong_and_a_gradient_of_another_length_is_refused() {
    of_relu(&[1.0, 2.0], |objective| {
        let mut theirs = [0.0; 4];
        objective.gradient(&WEIGHTS, &mut theirs).unwrap();
        let given = |objective: &mut Objective<'_, f64>, theirs: &[f64]| {
            check::given(objective, &WEIGHTS, theirs, Tolerance::default())
        };
        let right = given(objective, &theirs).unwrap();
        assert!(right.agrees());
        assert_eq!((right.largest, right.at), (0.0, None));
        theirs[2] = f64::NAN;
        let found = given(objective, &theirs).unwrap();
        let place = Place {
            parameter: 2,
            sample: None,
        };
        assert_eq!((found.wrong.len(), found.wrong[0].place), (1, place));
        assert!(found.largest.is_nan() && found.at == Some(place));
        assert!(given(objective, &theirs[..3]).is_err());
    });
    assert!(Tolerance::new(f64::NAN).is_err());
}

#[test]
fn what_rounding_hides_is_left_out_and_not_called_right() {
    // A weight of 1e15 does not move by 0.0001 at all, nor does a loss of 1e30 by a bias that does.
    let network = Network::dense(&[1, 1], "relu").unwrap();
    let samples = Columns::from_rows(&[1.0, 2.0], 1).unwrap();
    let targets = Targets::Values(Columns::from_rows(&[0.0, 1.0], 1).unwrap());
    let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap();
    let mut one_by_one =
        |parameters: &[f64]| check::one_by_one(&mut objective, parameters, 2, &mut Random::new(0));
    let found = one_by_one(&[1e15, 0.0]).unwrap();
    assert_eq!((found.compared, found.coarse), (0, 2));
    assert!(!found.agrees());
    let found = one_by_one(&[1.0, 0.0]).unwrap();
    assert_eq!((found.compared, found.coarse), (2, 0));
    // Where a sample is met exactly all slopes are 0, and both ways agree on it.
    let found = check::carried(&objective, &[0.0, 0.0], Tolerance::default()).unwrap();
    assert!(found.agrees() && found.compared == 4, "{found:?}");
}

#[test]
fn a_loss_that_turns_within_the_step_makes_no_right_gradient_wrong() {
    let network = Network::dense(&[1, 2, 1], "sin(x)").unwrap();
    let samples = Columns::from_rows(&[1e5, 100_001.0, 100_002.0], 1).unwrap();
    let targets = Targets::Values(Columns::from_rows(&[1.0, 0.5, 0.2], 1).unwrap());
    let objective = Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap();
    let found = check::carried(&objective, &network.initial(0), Tolerance::default()).unwrap();
    assert!(found.agrees(), "{:?}", found.wrong);
    assert!(found.compared > 12, "{found:?}");
}

#[test]
fn sizes_whose_squares_are_beyond_doubles_are_measured_all_the_same() {
    let network = Network::new(&[1])
        .then(Dense::new(1, 1).without_bias())
        .unwrap();
    for size in [1e-190, 1e180] {
        let samples = Columns::from_rows(&[size, 2.0 * size], 1).unwrap();
        let targets = Targets::Values(Columns::from_rows(&[0.0, 0.0], 1).unwrap());
        let loss = Loss::Absolute;
        let mut objective = Objective::new(&network, &loss, &samples, &targets).unwrap();
        let parameters: Vec<f64> = vec![1.0];
        let mut gradient = vec![0.0];
        objective.gradient(&parameters, &mut gradient).unwrap();
        assert!(
            check::given(&mut objective, &parameters, &gradient, Tolerance::default())
                .unwrap()
                .agrees()
        );
        gradient[0] *= 1.001;
        let found = check::given(&mut objective, &parameters, &gradient, Tolerance::default());
        assert_eq!(found.unwrap().wrong.len(), 1, "{size}");
    }
}

/// A feature of its own scale, and layers whose gradients have nearly vanished, are measured by themselves and not by the largest components.
#[test]
fn small_components_are_no_rounding_of_large_ones() {
    let rows: Vec<f64> = (0..40)
        .flat_map(|row| {
            let phase = f64::from(row);
            [phase.sin(), 1e-10 * (2.0 + (0.7 * phase).cos())]
        })
        .collect();
    let samples = Columns::from_rows(&rows, 2).unwrap();
    let values: Vec<f64> = (0..40).map(|row| f64::from(row % 3)).collect();
    let targets = Targets::Values(Columns::from_rows(&values, 1).unwrap());
    let narrow = Network::dense(&[2, 1], "tanh").unwrap();
    let deep = Network::dense(&[2, 3, 3, 3, 3, 3, 3, 3, 3, 1], "sigmoid").unwrap();
    for network in [narrow, deep] {
        let parameters: Vec<f64> = network.initial(4);
        let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap();
        let mut gradient = vec![0.0; parameters.len()];
        objective.gradient(&parameters, &mut gradient).unwrap();
        let mut wrong = |theirs: &[f64], tolerance: f64| {
            let tolerance = Tolerance::new(tolerance).unwrap();
            let found = check::given(&mut objective, &parameters, theirs, tolerance).unwrap();
            found
                .wrong
                .iter()
                .map(|wrong| wrong.place.parameter)
                .collect::<Vec<_>>()
        };
        assert!(wrong(&gradient, 1e-12).is_empty());
        // By rounding to single precision nothing is wrong either.
        let single: Vec<f64> = gradient.iter().map(|x| f64::from(*x as f32)).collect();
        assert!(wrong(&single, 1e-4).is_empty());
        for tolerance in [1e-6, 1e-4] {
            // The weight of the small feature, of the first neuron.
            let mut theirs = gradient.clone();
            theirs[1] *= -3.0;
            assert_eq!(
                wrong(&theirs, tolerance),
                [1],
                "{} at {tolerance}",
                gradient[1]
            );
        }
    }
}
