//! What no network, loss or objective is made of is refused, with what to write instead; and what a run shows that derivatives do not tell.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use secant::optimiser::{Optimiser, Rule, Schedule};
use secant_train::layer::{Convolution, Dense, Flatten, Layer, LayerNorm, Permute, Residual};
use secant_train::training::{Settings, State, Stop, Training};
use secant_train::{Columns, Loss, Network, NotFinite, Objective, Summary, Targets};

#[test]
fn a_word_that_is_no_activation_is_refused_and_never_the_identity() {
    for (name, hint) in [
        ("elu", "as a formula it is 'if x > 0 then x else expm1(x)'"),
        ("LeakyReLU", "as a formula it is 'max(x, 0.01*x)'"),
        ("leaky-relu", "as a formula it is 'max(x, 0.01*x)'"),
        ("ReLU6", "as a formula it is 'min(max(x, 0), 6)'"),
        ("mish", "as a formula it is 'x*tanh(softplus(x))'"),
        ("softmax", "cross-entropy has it in itself"),
        ("tahn", "did you mean"),
        ("foo", "write a formula of x"),
        ("t", "write a formula of x"),
        ("X", "write a formula of x"),
        ("t^2", "an activation is a formula of x"),
        ("x + bias", "an activation is a formula of x"),
    ] {
        let error = Network::dense(&[2, 3, 1], name).unwrap_err();
        let told = error.repair().unwrap_or_default();
        assert!(told.contains(hint), "{name}: {error}, {told}");
    }
    for (name, layer) in [
        ("ReLU", "relu"),
        ("Tanh", "tanh"),
        ("GELU", "gelu"),
        ("x", "x"),
    ] {
        let network = Network::dense(&[2, 3, 1], name).unwrap();
        let told = network.layers().nth(1).unwrap().describe();
        assert_eq!(told, layer);
    }
}

#[test]
fn targets_that_are_no_shares_are_refused_where_the_loss_takes_shares() {
    let network = Network::new(&[1]).then(Dense::new(1, 1)).unwrap();
    let samples = Columns::from_rows(&[0.0, 1.0, 2.0], 1).unwrap();
    let refused = |loss: Loss, targets: &[f64]| {
        let targets = Targets::Values(Columns::from_rows(targets, 1).unwrap());
        Objective::new(&network, &loss, &samples, &targets)
            .map(|_| ())
            .map_err(|error| error.message().to_owned())
    };
    let binary = || Loss::BinaryCrossEntropy;
    assert_eq!(refused(binary(), &[0.0, 1.0, 0.25]), Ok(()));
    assert_eq!(refused(Loss::Squared, &[0.0, -1.0, 2.0]), Ok(()));
    assert_eq!(
        refused(binary(), &[0.0, 1.0, 2.0]).unwrap_err(),
        "the target 2 of sample 2 is no share from 0 to 1, which binary-cross-entropy takes"
    );
    assert!(refused(binary(), &[-0.5, 1.0, 0.0]).is_err());
    assert!(refused(binary(), &[0.0, f64::NAN, 0.0]).is_err());
    let shares = Targets::Values(Columns::from_rows(&[0.5, 0.5, 1.5, -0.5, 0.0, 1.0], 2).unwrap());
    let error = Loss::CrossEntropy.check(&shares, 3, 2).unwrap_err();
    assert!(error.message().contains("-0.5 of sample 1"), "{error}");
}

#[test]
fn shapes_that_cannot_be_counted_or_hold_nothing_are_refused() {
    let error = Network::new(&[usize::MAX, 3])
        .then(Dense::new(3, 2))
        .unwrap_err();
    assert!(error.message().contains("more numbers than can be counted"));
    assert_eq!(Network::new(&[usize::MAX, 3]).features(), usize::MAX);
    let nothing = Convolution::new(&[1, 4, 4], 0, &[3, 3]).unwrap();
    let error = Network::new(&[1, 4, 4]).then(nothing).unwrap_err();
    assert!(error.message().contains("nothing in them"), "{error}");
    assert!(Network::new(&[2]).then(Dense::new(2, 0)).is_err());
}

#[test]
fn an_objective_without_samples_is_refused() {
    let network = Network::dense(&[1, 2, 1], "tanh").unwrap();
    let (samples, none) = (Columns::<f64>::zeros(0, 1), Columns::zeros(0, 1));
    let targets = Targets::Values(none);
    let error = Objective::new(&network, &Loss::Squared, &samples, &targets);
    assert!(error.is_err());
}

#[test]
#[should_panic(expected = "out of bounds")]
fn a_sample_that_is_not_there_is_no_number_of_another_feature() {
    let _ = Columns::from_rows(&[1.0, 2.0, 3.0, 4.0], 2)
        .unwrap()
        .at(2, 0);
}

#[test]
fn an_impact_without_a_value_is_the_largest() {
    let mut summary = Summary::new(1);
    for (sample, value) in [1.0, f64::NAN, 7.0, f64::NAN].into_iter().enumerate() {
        summary.add(sample, &[value]);
    }
    let (sample, value) = summary.largest(0);
    assert!(sample == 1 && value.is_nan());
}

#[test]
fn an_inspection_finds_kinks_within_layers_and_where_numbers_are_no_longer_finite() {
    let inner = Network::dense(&[1, 1, 1], "abs(x - 1)").unwrap();
    let network = Network::new(&[1])
        .then(Residual::new(inner).unwrap())
        .unwrap();
    let samples = Columns::from_rows(&[1.0, 0.0, 2.0], 1).unwrap();
    let targets = Targets::Values(Columns::from_rows(&[1.0, 0.0, 2.0], 1).unwrap());
    let mut objective = Objective::new(&network, &Loss::Absolute, &samples, &targets).unwrap();
    // x goes to |x - 1| and nothing of it to the output.
    let found = objective.inspect(&[1.0, 0.0, 0.0, 0.0]).unwrap();
    assert_eq!((found.kinks, found.loss_kinks), (1, 3));
    assert_eq!(found.not_finite, None);

    let network = Network::dense(&[1, 1, 1], "ln(x)").unwrap();
    let mut objective = Objective::new(&network, &Loss::Squared, &samples, &targets).unwrap();
    let found = objective.inspect(&[1.0, 0.0, 1.0, 0.0]).unwrap();
    // Where there is no value there is no kink.
    assert_eq!(found.kinks, 0);
    let (sample, layer) = (1, Some(1));
    assert_eq!(found.not_finite, Some(NotFinite { sample, layer }));
}

#[test]
fn sides_that_cannot_be_multiplied_are_refused() {
    let long = [1 << 33, 1 << 33];
    assert!(Flatten.output(&long).is_err());
    assert!(LayerNorm::new(4).output(&long).is_err());
    // None of the numbers of this one, and too many of its sides behind the first.
    let none = [0, 1 << 40, 1 << 40];
    assert!(Permute::new(&none, &[1, 0, 2]).is_err());
    assert_eq!(Flatten.output(&none).unwrap(), [0]);
}

#[test]
fn an_epsilon_below_zero_is_refused() {
    for epsilon in [-1.0, f64::NAN, f64::INFINITY] {
        let error = LayerNorm::new(2).with_epsilon(epsilon).unwrap_err();
        assert!(error.message().contains("0 or above"), "{error}");
    }
    assert_eq!(LayerNorm::new(2).with_epsilon(0.0).unwrap().epsilon(), 0.0);
}

#[test]
fn a_step_out_of_all_numbers_is_taken_back_whole() {
    let network = Network::new(&[1]).then(Dense::new(1, 1)).unwrap();
    let samples = Columns::from_rows(&[1.0_f32, -2.0], 1).unwrap();
    let targets = Targets::Values(samples.clone());
    for rule in ["momentum", "adam", "sgd"] {
        let rule = Rule::named(rule).unwrap();
        let settings = Settings {
            rule,
            rate: 0.125,
            schedule: Schedule::Constant,
            batch: None,
            clip: None,
        };
        let loss = Loss::Squared;
        let start = State::new(vec![0.5, 0.25], rule, 1);
        let mut training =
            Training::new(&network, &loss, &samples, &targets, settings, start).unwrap();
        training.epoch().unwrap();
        let before = training.into_state();
        // A rate that no single number reaches.
        let settings = Settings {
            rate: 1e300,
            ..settings
        };
        let mut training = Training::new(
            &network,
            &loss,
            &samples,
            &targets,
            settings,
            before.clone(),
        )
        .unwrap();
        let stop = training.epoch().unwrap_err();
        let Stop::Diverged(divergence) = stop else {
            panic!("{stop:?}");
        };
        assert_eq!((divergence.what, divergence.step), ("parameters", 2));
        assert_eq!(training.state(), &before);
    }
}

/// Whether a run begins with this rule and schedule, from this state, towards these numbers.
fn begun(
    network: &Network,
    [samples, targets]: [&Columns<f64>; 2],
    (rule, schedule): (Rule, Schedule),
    state: State<f64>,
) -> Result<(), secant::Error> {
    let settings = Settings {
        rule,
        rate: 0.1,
        schedule,
        batch: None,
        clip: None,
    };
    let targets = Targets::Values(targets.clone());
    Training::new(network, &Loss::Squared, samples, &targets, settings, state).map(|_| ())
}

#[test]
fn a_schedule_that_would_lead_uphill_is_refused() {
    let network = Network::new(&[1]).then(Dense::new(1, 1)).unwrap();
    let samples = Columns::from_rows(&[0.0, 1.0], 1).unwrap();
    let begun = |schedule: Schedule| {
        let rule = Rule::adam();
        let state = State::new(vec![0.0; 2], rule, 0);
        begun(&network, [&samples, &samples], (rule, schedule), state)
    };
    for odd in [-0.5, -1e-300, f64::NAN, f64::INFINITY] {
        for (schedule, name) in [
            (Schedule::InverseTime { decay: odd }, "decay"),
            (Schedule::Exponential { factor: odd }, "factor"),
            (
                Schedule::Stairs {
                    every: 3,
                    factor: odd,
                },
                "factor",
            ),
            (
                Schedule::Cosine {
                    steps: 3,
                    least: odd,
                },
                "least rate",
            ),
        ] {
            let error = begun(schedule).unwrap_err();
            assert_eq!(
                error.message(),
                format!("the {name} of a schedule is {odd}")
            );
        }
    }
    for schedule in [
        Schedule::InverseTime { decay: 0.0 },
        Schedule::Exponential { factor: 0.5 },
        Schedule::Stairs {
            every: 0,
            factor: 0.0,
        },
        Schedule::Cosine {
            steps: 0,
            least: 0.0,
        },
        Schedule::WarmUp { steps: 0 },
    ] {
        begun(schedule).unwrap();
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let network = Network::dense(&[2, 3], "tanh").unwrap();
    let samples = Columns::<f64>::zeros(2, 2);
    let refused = |loss: Loss, targets: Targets<f64>| {
        Objective::new(&network, &loss, &samples, &targets)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(Loss::CrossEntropy, Targets::Labels(vec![0, 3])),
        "sample 1 is of class 3, the network has 3 classes, counted from 0"
    );
    assert_eq!(
        refused(Loss::Squared, Targets::Labels(vec![0, 1])),
        "the loss squared takes numbers as targets, not classes"
    );
    assert_eq!(
        refused(Loss::CrossEntropy, Targets::Labels(vec![0])),
        "samples and targets are not as many: 2 and 1"
    );
    let grown = network.clone().then(Dense::new(4, 2)).unwrap_err();
    assert_eq!(
        grown.to_string(),
        "layer 1: dense 4 to 2 takes 4 features, not samples of shape [3]"
    );
    assert_eq!(
        network
            .outputs(&[0.0; 3], &samples)
            .unwrap_err()
            .kind()
            .name(),
        "shape"
    );
    let one = Network::dense(&[2, 1], "tanh").unwrap();
    for targets in [
        Targets::Labels(vec![0, 0]),
        Targets::Values(Columns::zeros(2, 1)),
    ] {
        let told = Objective::new(&one, &Loss::CrossEntropy, &samples, &targets).unwrap_err();
        assert_eq!(
            told.message(),
            "cross-entropy is of two classes or more, the network has 1 output"
        );
    }
    for sizes in [
        [2, usize::MAX, 3],
        [2, 99_999_999, 3],
        [2, 1 << 15, 1 << 15],
    ] {
        let told = Network::dense(&sizes, "tanh").unwrap_err();
        assert_eq!(told.kind().name(), "too-large");
        let layer = if sizes[1] == 1 << 15 {
            "layer 2, "
        } else {
            "layer 0, "
        };
        assert!(told.message().starts_with(layer), "{told}");
    }
}

/// The rule stands in the settings and in the state: where they differ, one of them would be followed without a word.
#[test]
fn a_state_of_another_rule_is_refused() {
    let network = Network::dense(&[1, 2, 1], "tanh").unwrap();
    let samples = Columns::from_rows(&[0.0, 1.0], 1).unwrap();
    let begun = |rule: Rule, state: State<f64>| {
        let settings = (rule, Schedule::Constant);
        begun(&network, [&samples, &samples], settings, state).is_ok()
    };
    let sgd = Rule::named("sgd").unwrap();
    let state = |rule: Rule| State::new(network.initial(1), rule, 1);
    assert!(begun(Rule::adam(), state(Rule::adam())));
    assert!(!begun(Rule::adam(), state(sgd)));
    assert!(!begun(sgd.with_decay(0.5).unwrap(), state(sgd)));
    let mut short = state(Rule::adam());
    short.optimiser = Optimiser::new(Rule::adam(), 3);
    assert!(!begun(Rule::adam(), short));
}
