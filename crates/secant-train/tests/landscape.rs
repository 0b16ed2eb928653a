//! The losses over a plane are those of parameters moved to each place, and places without a finite loss are counted, not told as ends.

#![allow(missing_docs, clippy::unwrap_used)]

use secant_train::landscape::{Grid, Landscape, Lost, along_gradient, random};
use secant_train::{Columns, Loss, Network, Objective, Random, Targets, data};

#[test]
fn each_place_has_the_loss_of_the_parameters_moved_there() {
    let network = Network::dense(&[2, 5, 3], "tanh").unwrap();
    let spiral = data::spiral::<f64>(10, 3, 0);
    let (samples, targets) = (&spiral.samples, &spiral.targets);
    let mut objective = Objective::new(&network, &Loss::CrossEntropy, samples, targets).unwrap();
    let parameters: Vec<f64> = network.initial(1);
    let directions = [
        random(&network, &parameters, &mut Random::new(1)),
        along_gradient(&mut objective, &parameters).unwrap(),
    ];
    let grid = Grid::new(2, 0.75, 5).unwrap();
    let seen = Landscape::around(&mut objective, &parameters, &directions, grid).unwrap();
    assert_eq!(seen.losses.len(), 25);
    assert_eq!(seen.losses[12], objective.loss(&parameters).unwrap());
    // The first direction runs fastest.
    assert_eq!(grid.at(1), [-0.375, -0.75]);
    for place in [0, 1, 5, 24] {
        let at = grid.at(place);
        let moved: Vec<f64> = (0..parameters.len())
            .map(|i| parameters[i] + (at[0] * directions[0][i] + at[1] * directions[1][i]))
            .collect();
        assert_eq!(
            seen.losses[place],
            objective.loss(&moved).unwrap(),
            "{place}"
        );
    }
    let [least, greatest] = seen.ends().unwrap();
    let (low, high) = (seen.losses[least], seen.losses[greatest]);
    assert!(seen.losses.iter().all(|loss| (low..=high).contains(loss)));
    assert_eq!(seen.lost(), Lost::default());
    assert!(Landscape::around(&mut objective, &parameters, &directions[..1], grid).is_err());
    let short = [directions[0].clone(), vec![1.0]];
    assert!(Landscape::around(&mut objective, &parameters, &short, grid).is_err());
}

#[test]
fn losses_that_are_not_finite_are_counted() {
    // (w x + b)² of x = 1: at w = ±1e200 beyond doubles.
    let network = Network::dense(&[1, 1], "relu").unwrap();
    let samples = Columns::from_rows(&[1.0], 1).unwrap();
    let targets = Targets::Values(Columns::zeros(1, 1));
    let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap();
    let grid = Grid::new(1, 1e200, 3).unwrap();
    let seen = Landscape::around(&mut objective, &[2.0, 0.0], &[vec![1.0, 0.0]], grid).unwrap();
    let lost = Lost {
        infinite: 2,
        nan: 0,
    };
    assert_eq!((seen.lost(), seen.ends()), (lost, Some([1, 1])));
}

#[test]
fn a_gradient_of_zero_is_no_direction_and_a_grid_has_places() {
    let network = Network::dense(&[1, 1], "relu").unwrap();
    let samples = Columns::from_rows(&[1.0], 1).unwrap();
    let targets = Targets::Values(Columns::zeros(1, 1));
    let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap();
    let error = along_gradient(&mut objective, &[1.0, -1.0]).unwrap_err();
    assert!(error.message().contains("the gradient is 0"), "{error}");
    let grid = Grid::new(1, 1.0, 3).unwrap();
    let nowhere = [random(&network, &[0.0, 1.0], &mut Random::new(0))];
    let error = Landscape::around(&mut objective, &[0.0, 1.0], &nowhere, grid).unwrap_err();
    assert!(error.message().contains("0 for all parameters"), "{error}");
    for (directions, span, points) in [
        (0, 1.0, 3),
        (3, 1.0, 3),
        (1, 0.0, 3),
        (1, f64::NAN, 3),
        (1, 1.0, 1),
    ] {
        assert!(Grid::new(directions, span, points).is_err());
    }
}
