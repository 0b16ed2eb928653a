//! What is doubtful is never told as if it were not: numbers that are not finite, kinks that samples lie on, rounding, damaged checkpoints, words that
//! mean nothing.

use std::fs;

use super::{folder, json, named, run, table, told};

#[test]
fn a_word_that_is_no_activation_is_refused() {
    for name in ["elu", "tahn", "Selu", "foo", "softmax"] {
        let line = [
            "impact",
            "--layers",
            "2,4,3",
            "--activation",
            name,
            "spiral",
        ];
        let (_, status, error) = told(&line);
        assert_eq!(status, Some(2), "{name}");
        assert!(
            error.contains(&format!("'{name}'")) && error.contains("hint"),
            "{error}"
        );
    }
    let impact = |name| {
        run(&[
            "impact",
            "--layers",
            "2,4,3",
            "--activation",
            name,
            "spiral",
        ])
    };
    assert_eq!(impact("ReLU").stdout, impact("relu").stdout);
}

#[test]
fn a_loss_that_is_not_finite_is_doubted_with_its_sample_and_layer() {
    let folder = folder("odd");
    let table = table(&folder, "x,y\n1,1\n0,2\n3,1\n");
    let layers = ["--layers", "1,1,1", "--activation", "ln(x)", &table];
    for verb in ["impact", "landscape"] {
        let line = [&[verb][..], &layers, &["--strict"]].concat();
        let (answer, status, _) = told(&line);
        assert_eq!(status, Some(1), "{verb}");
        assert!(
            answer.contains("warning: the loss of sample"),
            "{verb}: {answer}"
        );
        assert!(answer.contains("layer 1, ln(x), is the first"), "{answer}");
        assert!(!answer.contains("exactly at a kink"), "{answer}");
        let line = [&[verb][..], &layers, &["--format", "json"]].concat();
        let answer = json(&run(&line));
        assert!(answer["warnings"][0].is_string(), "{answer}");
    }
    let (_, status, error) = told(&[&["check"][..], &layers].concat());
    assert_eq!(status, Some(2));
    assert!(error.contains("no gradient can be checked"), "{error}");
}

#[test]
fn what_lies_at_a_kink_is_counted() {
    let folder = folder("kinks");
    let table = table(&folder, "c,y\n2,0\n2,0\n2,1\n");
    let line = ["impact", "--layers", "1,3,1", "--standardise", &table];
    let backprop = [&line[..], &["--way", "backprop"]].concat();
    let (answer, status, _) = told(&backprop);
    assert_eq!(status, Some(0));
    assert!(
        answer.contains("9 pre-activations lie exactly at a kink"),
        "{answer}"
    );
    let answer = json(&run(&[&backprop[..], &["--format", "json"]].concat()));
    assert_eq!(
        (&answer["kinks"], &answer["loss_kinks"]),
        (&9.into(), &0.into())
    );
    let (answer, ..) = told(&[&line[..], &["--loss", "absolute", "--activation", "tanh"]].concat());
    assert!(
        answer.contains("2 outputs of the network lie exactly at a kink"),
        "{answer}"
    );
}

#[test]
fn a_delta_that_leaves_no_digits_to_naive_differences_is_told() {
    let line = [
        "impact",
        "--layers",
        "2,4,3",
        "--activation",
        "tanh",
        "spiral",
    ];
    for (delta, way, doubted) in [
        ("1e-18", "naive", true),
        ("1e-15", "naive", true),
        ("1e-6", "naive", false),
        ("1e-15", "structured", false),
    ] {
        let more = ["--delta", delta, "--way", way, "--strict"];
        let (answer, status, _) = told(&[&line[..], &more].concat());
        assert_eq!(status, Some(i32::from(doubted)), "{delta}, {way}: {answer}");
        assert_eq!(answer.contains("warning: impacts are differences"), doubted);
    }
}

#[test]
fn neurons_are_told_as_json_too() {
    let line = [
        "impact", "--layers", "2,4,3", "spiral", "--per", "neuron", "--format", "json",
    ];
    let answer = json(&run(&line));
    assert!(answer["impacts"].is_null());
    assert_eq!(answer["neurons"].as_array().unwrap().len(), 7);
    let (_, status, error) = told(&[&line[..], &["--wrt", "inputs"]].concat());
    assert_eq!(status, Some(2));
    assert!(error.contains("features belong to no neuron"), "{error}");
}

#[test]
fn arguments_that_say_nothing_are_refused() {
    let folder = folder("refused");
    let table = table(&folder, "x,y\n1,1\n0,2\n3,1\n");
    let landscape = ["landscape", "--layers", "2,4,3", "spiral"];
    let check = ["check", "--layers", "2,4,3", "spiral"];
    let train = ["train", "--layers", "1,2,1", &table];
    for (line, more, message) in [
        (
            &landscape[..],
            &["--along", "gradient,gradient"][..],
            "two gradients are one direction",
        ),
        (
            &check,
            &["--tolerance=-1"],
            "a tolerance of -1 is met by nothing",
        ),
        (&train, &["--target", "y,y"], "names the column 'y' twice"),
        (&train, &["--target", "x,y"], "none is left as a feature"),
        (
            &train,
            &["--schedule", "inverse:-1"],
            "the decay of a schedule is -1",
        ),
        (
            &train,
            &["--loss", "binary-cross-entropy"],
            "the target 2 of sample 1",
        ),
        (
            &train[..3],
            &[&table, &table],
            "--layers makes the network, and two files are given",
        ),
    ] {
        let (_, status, error) = told(&[line, more].concat());
        assert_eq!(status, Some(2), "{more:?}: {error}");
        assert!(error.contains(message), "{more:?}: {error}");
    }
}

#[test]
fn a_damaged_checkpoint_is_refused_whichever_byte_it_is() {
    let folder = folder("damaged");
    let checkpoint = named(&folder, "run.safetensors");
    let begun = [
        "train",
        "--layers",
        "2,4,3",
        "spiral",
        "--checkpoint",
        &checkpoint,
        "--resume",
    ];
    let epochs = |epochs| told(&[&begun[..], &["--epochs", epochs]].concat());
    assert_eq!(epochs("3").1, Some(0));
    let bytes = fs::read(&checkpoint).unwrap();
    for place in [bytes.len() - 1, bytes.len() - 100, bytes.len() / 2 + 300] {
        let mut other = bytes.clone();
        other[place] ^= 4;
        fs::write(&checkpoint, &other).unwrap();
        let (_, status, error) = epochs("6");
        assert_eq!(status, Some(2), "{place}");
        assert!(error.contains("run.safetensors"), "{error}");
        assert_eq!(fs::read(&checkpoint).unwrap(), other);
    }
    fs::write(&checkpoint, &bytes).unwrap();
    let (answer, status, _) = epochs("2");
    assert_eq!(status, Some(0));
    assert!(
        answer
            .contains("nothing is left to do: 3 epochs are done already, and --epochs asks for 2"),
        "{answer}"
    );
    for (more, there) in [
        (["--seed", "1"], "there seed 0, here seed 1"),
        (
            ["--optimiser", "sgd"],
            "there optimiser adam, weight decay 0, here optimiser sgd",
        ),
        (["--clip", "2"], "there clip none, here clip 2"),
        (
            ["--schedule", "cosine:9"],
            "there schedule constant, here schedule cosine:9:0",
        ),
    ] {
        let (_, status, error) = told(&[&begun[..], &more].concat());
        assert_eq!(status, Some(2));
        assert!(error.contains(there), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_is_a_device_is_not_read() {
    let folder = folder("endless");
    let (log, checkpoint) = (named(&folder, "run.csv"), named(&folder, "run.safetensors"));
    let begun = [
        "train",
        "--layers",
        "2,4,3",
        "spiral",
        "--checkpoint",
        &checkpoint,
        "--resume",
    ];
    assert_eq!(told(&[&begun[..], &["--epochs", "2"]].concat()).1, Some(0));
    std::os::unix::fs::symlink("/dev/full", &log).unwrap();
    for epochs in ["2", "4"] {
        let more = ["--epochs", epochs, "--log", &log];
        let (_, status, error) = told(&[&begun[..], &more].concat());
        assert_eq!(status, Some(2));
        assert!(
            error.contains("run.csv") && error.contains("cannot be written"),
            "{error}"
        );
    }
}

#[test]
fn all_verbs_of_networks_tell_what_was_asked_by_the_same_names() {
    let layers = ["--layers", "2,3,3", "spiral", "--format", "json"];
    let told = |verb: &[&str]| json(&run(&[verb, &layers].concat()));
    let head = ["schema", "network", "parameters", "samples", "features"];
    let of_impact = told(&["impact"]);
    for (verb, has_loss) in [
        (&["train", "--epochs", "1"][..], false),
        (&["impact", "--per", "neuron"], true),
        (&["impact", "--wrt", "inputs"], true),
        (&["check"], false),
        (&["landscape", "--points", "3"], true),
    ] {
        let told = told(verb);
        for name in head {
            assert_eq!(told[name], of_impact[name], "{verb:?}, {name}");
        }
        assert_eq!(told["criterion"], "cross-entropy", "{verb:?}");
        let loss = if has_loss {
            &told["loss"]
        } else {
            &of_impact["loss"]
        };
        assert_eq!(loss, &of_impact["loss"], "{verb:?}");
    }
    let (told, _, _) = self::told(&["train", "--layers", "2,3", "spiral", "--epochs", "1"]);
    assert!(told.ends_with("\n1 epoch done\n"), "{told}");
}

#[test]
fn weights_are_not_read_into_layers_they_were_not_trained_in() {
    use secant_model::weights::Tensors;

    let folder = folder("other-layers");
    let saved = named(&folder, "tanh.safetensors");
    let layers = ["--layers", "2,4,3"];
    let train = ["train", "spiral", "--epochs", "1", "--save", &saved];
    let (_, status, error) = told(&[&train[..], &layers, &["--activation", "tanh"]].concat());
    assert_eq!(status, Some(0), "{error}");
    let impact = |more: &[&str]| told(&[&["impact", &saved, "spiral"], &layers[..], more].concat());

    // The sizes are the same; what stands between them is not.
    for other in [&[][..], &["--activation", "relu"]] {
        let (_, status, error) = impact(other);
        assert_eq!(status, Some(2));
        assert!(
            error.contains("dense 2 to 4, tanh, dense 4 to 3") && error.contains("hint"),
            "{error}"
        );
    }
    let (_, status, error) = impact(&["--activation", "tanh"]);
    assert_eq!(status, Some(0), "{error}");

    // Somebody else's file does not tell.
    let mut file = Tensors::read(&fs::read(&saved).unwrap()).unwrap();
    file.about.clear();
    fs::write(&saved, file.write().unwrap()).unwrap();
    let (_, status, error) = impact(&[]);
    assert_eq!(status, Some(2));
    assert!(error.contains("give --activation"), "{error}");
    let (_, status, error) = impact(&["--activation", "tanh"]);
    assert_eq!(status, Some(0), "{error}");
}

#[test]
fn a_table_without_columns_is_told() {
    let folder = folder("no-columns");
    let table = named(&folder, "empty.npy");
    let head = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 0), }";
    let head = format!("{head:<117}\n");
    let length = (head.len() as u16).to_le_bytes();
    fs::write(
        &table,
        [b"\x93NUMPY\x01\x00", &length[..], head.as_bytes()].concat(),
    )
    .unwrap();
    let (_, status, error) = told(&["train", "--layers", "2,1", &table]);
    assert_eq!(status, Some(2));
    assert!(error.contains("there are no columns"), "{error}");
}
