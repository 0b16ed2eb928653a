//! Networks at speed, each figure beside what bounds it in the same run: bare matrix products, bare writing, the naive way.
//! `cargo bench -p secant-train`; a word after `--` picks the parts whose names hold it.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use secant::optimiser::{Adam, Optimiser, Rule, Schedule};
use secant_product::{Matrix, MatrixMut, Onto, product};
use secant_train::impact::{naive, structured};
use secant_train::{Columns, Loss, Network, Number, Objective, Random, Targets, data};

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let parts: [(&str, fn()); 4] = [
        ("digits", digits),
        ("mlp", mlp),
        ("persample", per_sample),
        ("spiral", spiral),
    ];
    for (name, part) in parts {
        if wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str())) {
            part();
        }
    }
}

/// What some runs took, in seconds: the least, the median, and the mean time of the processor, which other work on the machine does not
/// touch (NaN where the system does not tell it).
#[derive(Clone, Copy)]
struct Times {
    least: f64,
    median: f64,
    processor: f64,
}

fn timed<R>(runs: usize, mut work: impl FnMut() -> R) -> Times {
    let before = processor();
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    });
    let mut times: Vec<f64> = times.collect();
    let processor = (processor() - before) / runs as f64;
    times.sort_by(f64::total_cmp);
    Times {
        least: times[0],
        median: times[runs / 2],
        processor,
    }
}

/// The seconds that this thread has had of a processor.
#[cfg(unix)]
fn processor() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

#[cfg(not(unix))]
fn processor() -> f64 {
    f64::NAN
}

fn told(what: &str, times: Times, beside: &str) {
    let [least, median, processor] =
        [times.least, times.median, times.processor].map(|time| time * 1e3);
    println!(
        "{what:48} least {least:9.3} ms, median {median:9.3}, processor {processor:9.3}  {beside}"
    );
}

fn go_on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Every parameter of a network on digits moved, for every sample, in double precision.
fn digits() {
    let data = data::digits::<f64>().unwrap();
    let mut rows = vec![0.0; data.samples.samples() * 4810];
    println!("\ndigits, 64-64-10, 1797 samples, 4,810 parameters, f64, one core");
    let writing = timed(9, || {
        rows.fill(black_box(1.5));
        black_box(&mut rows);
    });
    told("writing 8.6 million numbers", writing, "");
    for activation in ["relu", "tanh", "gelu"] {
        let network = Network::dense(&[64, 64, 10], activation).unwrap();
        let parameters: Vec<f64> = trained(&network, &data);
        let mut objective =
            Objective::new(&network, &Loss::CrossEntropy, &data.samples, &data.targets).unwrap();
        let back = timed(9, || objective.gradients(&parameters, &mut rows).unwrap());
        told(
            &format!("{activation}: gradients of all samples"),
            back,
            &format!("{:.2} x writing", back.least / writing.least),
        );
        let mut crossings = 0;
        let mut alone = 0;
        let shifts = timed(9, || {
            let told =
                structured(&mut objective, &parameters, 1e-4, &mut rows, &mut go_on).unwrap();
            (crossings, alone) = (told.crossings.len(), told.alone);
        });
        told(
            &format!("{activation}: structured, delta 1e-4"),
            shifts,
            &format!("{crossings} crossings, {alone} entries carried alone"),
        );
        if activation != "relu" {
            continue;
        }
        let mut by_hand = vec![0.0; rows.len()];
        let passes = timed(1, || {
            naive(&mut objective, &parameters, 1e-4, &mut by_hand, &mut go_on).unwrap()
        });
        let losses = objective.losses(&parameters).unwrap();
        let apart = |unit: &dyn Fn(f64) -> f64| {
            rows.iter()
                .zip(&by_hand)
                .enumerate()
                .map(|(entry, (a, b))| (a - b).abs() / unit(losses[entry / parameters.len()]))
                .fold(0.0, f64::max)
        };
        let (plain, by_loss) = (apart(&|_| 1.0), apart(&|loss| loss.max(1.0)));
        told(
            &format!("{activation}: naive, with matrix products"),
            passes,
            &format!(
                "{:.0} x structured; at most {plain:.1e} apart, {by_loss:.1e} of a loss above 1",
                passes.processor / shifts.processor
            ),
        );
    }
}

/// Parameters after some steps of Adam.
fn trained(network: &Network, data: &data::Data<f64>) -> Vec<f64> {
    let mut parameters = network.initial(1);
    let mut gradient = vec![0.0; parameters.len()];
    let mut optimiser = Optimiser::new(Rule::adam(), parameters.len());
    let mut objective =
        Objective::new(network, &Loss::CrossEntropy, &data.samples, &data.targets).unwrap();
    for _ in 0..50 {
        objective.gradient(&parameters, &mut gradient).unwrap();
        optimiser.step(0.01, &mut parameters, &gradient).unwrap();
    }
    parameters
}

const SIZES: [usize; 4] = [784, 128, 128, 10];

fn random_columns<T: Number>(samples: usize, features: usize) -> Columns<T> {
    let mut random = Random::new(7);
    let values = (0..samples * features)
        .map(|_| T::of(random.normal()))
        .collect();
    Columns::from_columns(values, samples, features).unwrap()
}

fn random_labels(samples: usize) -> Targets<f32> {
    let mut random = Random::new(8);
    Targets::Labels((0..samples).map(|_| random.below(10) as usize).collect())
}

/// Forward and back through a network of the size of MNIST, in single precision.
fn mlp() {
    let network = Network::dense(&SIZES, "relu").unwrap();
    let parameters: Vec<f32> = network.initial(1);
    let (samples, targets) = (random_columns::<f32>(128, 784), random_labels(128));
    let mut objective = Objective::new(&network, &Loss::CrossEntropy, &samples, &targets).unwrap();
    let mut gradient = vec![0.0; parameters.len()];
    println!("\n784-128-128-10, batch 128, f32, one core");
    let mut bare = Bare::new(128, &parameters);
    // In turns, so that all three meet the same weather.
    let (mut products, mut forward, mut both) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..30 {
        products.push(timed(10, || bare.products()));
        forward.push(timed(10, || objective.loss(&parameters).unwrap()));
        both.push(timed(10, || {
            objective.gradient(&parameters, &mut gradient).unwrap()
        }));
    }
    let (products, forward, both) = (of_turns(products), of_turns(forward), of_turns(both));
    told("the bare matrix products, forward and back", products, "");
    told("loss", forward, "");
    let beside = format!(
        "{:.2} x loss; {:.2} x products; {:.0} samples/s",
        both.median / forward.median,
        both.median / products.median,
        128.0 / both.least
    );
    told("loss and gradient", both, &beside);
}

/// Turns taken together: the least of all, the median of medians, the mean of the processor.
fn of_turns(mut turns: Vec<Times>) -> Times {
    turns.sort_by(|a, b| a.median.total_cmp(&b.median));
    Times {
        least: turns
            .iter()
            .map(|turn| turn.least)
            .fold(f64::INFINITY, f64::min),
        median: turns[turns.len() / 2].median,
        processor: turns.iter().map(|turn| turn.processor).sum::<f64>() / turns.len() as f64,
    }
}

/// The products of matrices that the gradient of the network cannot do without.
struct Bare {
    samples: usize,
    parameters: Vec<f32>,
    values: Vec<Vec<f32>>,
    gradient: Vec<f32>,
    back: Vec<f32>,
}

impl Bare {
    fn new(samples: usize, parameters: &[f32]) -> Self {
        let values = SIZES.iter().map(|size| vec![0.5; size * samples]).collect();
        Self {
            samples,
            parameters: parameters.to_vec(),
            values,
            gradient: vec![0.0; parameters.len()],
            back: vec![0.0; samples * 784],
        }
    }

    fn products(&mut self) {
        let samples = self.samples;
        let mut starts = Vec::new();
        let mut start = 0;
        for (layer, pair) in SIZES.windows(2).enumerate() {
            let (inputs, outputs) = (pair[0], pair[1]);
            let weights = &self.parameters[start..start + inputs * outputs];
            let (before, after) = self.values.split_at_mut(layer + 1);
            product(
                MatrixMut::by_columns(&mut after[0], samples, outputs),
                Onto::Nothing,
                Matrix::by_columns(&before[layer], samples, inputs),
                Matrix::by_rows(weights, outputs, inputs).transposed(),
            );
            starts.push(start);
            start += (inputs + 1) * outputs;
        }
        for (layer, pair) in SIZES.windows(2).enumerate().rev() {
            let (inputs, outputs, start) = (pair[0], pair[1], starts[layer]);
            let adjoint = Matrix::by_columns(&self.values[layer + 1], samples, outputs);
            product(
                MatrixMut::by_rows(
                    &mut self.gradient[start..start + inputs * outputs],
                    outputs,
                    inputs,
                )
                .transposed(),
                Onto::Nothing,
                Matrix::by_columns(&self.values[layer], samples, inputs).transposed(),
                adjoint,
            );
            if layer > 0 {
                product(
                    MatrixMut::by_columns(&mut self.back[..samples * inputs], samples, inputs),
                    Onto::Nothing,
                    adjoint,
                    Matrix::by_rows(
                        &self.parameters[start..start + inputs * outputs],
                        outputs,
                        inputs,
                    ),
                );
            }
        }
        black_box((&mut self.gradient, &mut self.back));
    }
}

/// Gradients of single samples of that network: written out, and what they come to.
fn per_sample() {
    let network = Network::dense(&SIZES, "relu").unwrap();
    let parameters: Vec<f32> = network.initial(1);
    let (samples, targets) = (random_columns::<f32>(1024, 784), random_labels(1024));
    let mut objective = Objective::new(&network, &Loss::CrossEntropy, &samples, &targets).unwrap();
    let mut gradient = vec![0.0; parameters.len()];
    let mut rows = vec![0.0f32; 1024 * parameters.len()];
    println!("\n784-128-128-10, 1024 samples, f32, one core");
    let writing = timed(5, || {
        rows.fill(black_box(1.5));
        black_box(&mut rows);
    });
    told("writing 484 MB", writing, "");
    let all = timed(5, || objective.gradients(&parameters, &mut rows).unwrap());
    told(
        "gradients of all samples",
        all,
        &format!("{:.2} x writing", all.least / writing.least),
    );
    let whole = timed(21, || {
        objective.gradient(&parameters, &mut gradient).unwrap()
    });
    told("loss and gradient, in all", whole, "");
    let norms = timed(21, || objective.moments(&parameters, false).unwrap());
    told(
        "with lengths and total variance",
        norms,
        &format!("{:.2} x", norms.processor / whole.processor),
    );
    let squares = timed(21, || objective.moments(&parameters, true).unwrap());
    told(
        "and the variance of each parameter",
        squares,
        &format!("{:.2} x", squares.processor / whole.processor),
    );
}

/// The training of Neural Networks from Scratch, chapter 10.
fn spiral() {
    println!("\nspiral, 2-64-3, 300 samples, 10,001 epochs, Adam with decay, one core");
    spiral_with::<f32>("f32");
    spiral_with::<f64>("f64");
}

fn spiral_with<T: Number>(name: &str) {
    let data = data::spiral::<T>(100, 3, 0);
    let network = Network::dense(&[2, 64, 3], "relu").unwrap();
    let mut accuracy = 0.0;
    let time = timed(3, || {
        let mut random = Random::new(1);
        let mut parameters: Vec<T> = (0..network.parameters())
            .map(|_| T::of(0.01 * random.normal()))
            .collect();
        for tensor in network
            .tensors()
            .iter()
            .filter(|tensor| tensor.part == "bias")
        {
            parameters[tensor.range.clone()].fill(T::of(0.0));
        }
        let mut gradient = vec![T::of(0.0); parameters.len()];
        let mut optimiser = Optimiser::new(
            Rule::Adam(Adam {
                epsilon: 1e-7,
                ..Adam::default()
            }),
            parameters.len(),
        );
        let schedule = Schedule::InverseTime { decay: 5e-7 };
        let mut objective =
            Objective::new(&network, &Loss::CrossEntropy, &data.samples, &data.targets).unwrap();
        for epoch in 0..10_001 {
            objective.gradient(&parameters, &mut gradient).unwrap();
            optimiser
                .step(schedule.rate(0.05, epoch), &mut parameters, &gradient)
                .unwrap();
        }
        let (_, share) = objective.loss_and_accuracy(&parameters).unwrap();
        accuracy = share.unwrap_or(0.0);
    });
    told(
        &format!("{name}: training"),
        time,
        &format!("accuracy {accuracy:.3}"),
    );
}
