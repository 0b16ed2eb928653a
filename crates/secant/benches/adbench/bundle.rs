//! The bundle adjustment of ADBench (Šrajer, Kukelova and Fitzgibbon 2018): data of its shapes, and the residuals with their
//! Jacobian as a person writes them, one observation after another.
//!
//! A camera has 11 parameters: rotation r (axis times angle), centre c, focal length f, principal point u, v and two coefficients of
//! radial distortion; a point has 3 and each observation a weight w. An observation gives three residuals: w times the
//! distance of the projected point from the seen one, in x and y, and 1 - w².

// Written as plainly as in the original, index by index.
#![allow(clippy::needless_range_loop)]

use secant::combine::Pick;
use secant::{Functions, Scalar};

use super::random::Random;

pub const CAMERA: usize = 11;
pub const POINT: usize = 3;
/// The entries of a row of the Jacobian: camera (but for the other coordinate of the principal point), point and weight.
const ROW: usize = CAMERA - 1 + POINT + 1;
/// Those of one observation: two such rows, and one by the weight alone.
pub const ENTRIES: usize = 2 * ROW + 1;

/// Cameras, points and what the cameras saw of the points.
pub struct Bundle {
    pub cameras: usize,
    pub points: usize,
    /// All cameras, all points, all weights.
    pub parameters: Vec<f64>,
    /// For each observation its camera and its point.
    pub seen: Vec<(u32, u32)>,
    pub features: Vec<[f64; 2]>,
}

impl Bundle {
    pub fn new(cameras: usize, points: usize, observations: usize) -> Self {
        let mut random = Random::new(11);
        let mut parameters = Vec::new();
        for _ in 0..cameras {
            let rotation = [0.1, 0.1, 0.1].map(|size| size * random.normal());
            let centre = [0.3, 0.3, 0.3].map(|size| size * random.normal());
            parameters.extend(rotation);
            parameters.extend(centre);
            parameters.extend([400.0 + 20.0 * random.normal(), 10.0, -5.0]);
            parameters.extend([0.05 * random.normal(), 0.01 * random.normal()]);
        }
        for _ in 0..points {
            parameters.extend([random.normal(), random.normal(), 6.0 + random.normal()]);
        }
        parameters.extend((0..observations).map(|_| 1.0 + 0.1 * random.normal()));
        let seen = (0..observations)
            .map(|_| (random.below(cameras) as u32, random.below(points) as u32))
            .collect();
        let features = (0..observations)
            .map(|_| [100.0 * random.normal(), 100.0 * random.normal()])
            .collect();
        Self {
            cameras,
            points,
            parameters,
            seen,
            features,
        }
    }

    /// Where the points begin among the parameters.
    pub fn first_point(&self) -> usize {
        self.cameras * CAMERA
    }

    /// Where the weights begin.
    pub fn first_weight(&self) -> usize {
        self.first_point() + self.points * POINT
    }

    /// What an observation takes: camera, point, weight, and the place where the point was seen.
    pub fn picks(&self) -> Vec<Pick> {
        let group = |start, width, index: Vec<u32>| Pick::Group {
            start,
            width,
            index,
        };
        let cameras = self.seen.iter().map(|(camera, _)| *camera).collect();
        let points = self.seen.iter().map(|(_, point)| *point).collect();
        let weights = (0..self.seen.len() as u32).collect();
        vec![
            group(0, CAMERA, cameras),
            group(self.first_point(), POINT, points),
            group(self.first_weight(), 1, weights),
            Pick::Data(self.features.iter().map(|feature| feature[0]).collect()),
            Pick::Data(self.features.iter().map(|feature| feature[1]).collect()),
        ]
    }
}

/// The three residuals of an observation: of camera, point, weight and the place seen.
pub fn per_observation<S: Scalar>(x: &[S]) -> Vec<S> {
    let [r, c, p] = [&x[0..3], &x[3..6], &x[11..14]];
    let dot = |a: &[S], b: &[S]| {
        a[0].clone() * b[0].clone() + a[1].clone() * b[1].clone() + a[2].clone() * b[2].clone()
    };
    let cross = |a: &[S], b: &[S]| {
        let part = |i: usize, j: usize| a[i].clone() * b[j].clone() - a[j].clone() * b[i].clone();
        [part(1, 2), part(2, 0), part(0, 1)]
    };
    // Rodrigues' formula: X cos θ + (a × X) sin θ + a (a · X)(1 - cos θ).
    let away: Vec<S> = (0..3).map(|i| p[i].clone() - c[i].clone()).collect();
    let angle = dot(r, r).sqrt();
    let axis: Vec<S> = (0..3).map(|i| r[i].clone() / angle.clone()).collect();
    let (sine, cosine) = (angle.sin(), angle.cos());
    let across = cross(&axis, &away);
    let along = dot(&axis, &away) * (S::constant(1.0) - cosine.clone());
    let turned: Vec<S> = (0..3)
        .map(|i| {
            away[i].clone() * cosine.clone()
                + across[i].clone() * sine.clone()
                + axis[i].clone() * along.clone()
        })
        .collect();

    let flat = [0, 1].map(|i: usize| turned[i].clone() / turned[2].clone());
    let square = flat[0].clone() * flat[0].clone() + flat[1].clone() * flat[1].clone();
    let distortion =
        S::constant(1.0) + x[9].clone() * square.clone() + x[10].clone() * square.clone() * square;
    let weight = x[14].clone();
    let residual = |i: usize| {
        let projected = x[6].clone() * flat[i].clone() * distortion.clone() + x[7 + i].clone();
        weight.clone() * (projected - x[15 + i].clone())
    };
    let last = S::constant(1.0) - weight.clone() * weight.clone();
    vec![residual(0), residual(1), last]
}

/// All residuals, and the entries of the Jacobian observation by observation: the row of x (camera, point, weight), that of y, and the slope of the
/// third by the weight.
pub fn by_hand(bundle: &Bundle, residuals: &mut [f64], entries: &mut [f64]) {
    let outputs = residuals
        .chunks_exact_mut(3)
        .zip(entries.chunks_exact_mut(ENTRIES));
    for (place, (residuals, entries)) in outputs.enumerate() {
        let (camera, point) = bundle.seen[place];
        let camera = &bundle.parameters[camera as usize * CAMERA..][..CAMERA];
        let point = &bundle.parameters[bundle.first_point() + point as usize * POINT..][..POINT];
        let weight = bundle.parameters[bundle.first_weight() + place];
        observation(
            camera,
            point,
            weight,
            bundle.features[place],
            residuals,
            entries,
        );
    }
}

fn observation(
    camera: &[f64],
    point: &[f64],
    weight: f64,
    seen: [f64; 2],
    residuals: &mut [f64],
    entries: &mut [f64],
) {
    let cross = |a: [f64; 3], b: [f64; 3]| {
        [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        ]
    };
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

    let rotation = [camera[0], camera[1], camera[2]];
    let away = [
        point[0] - camera[3],
        point[1] - camera[4],
        point[2] - camera[5],
    ];
    let angle = dot(rotation, rotation).sqrt();
    let axis = rotation.map(|r| r / angle);
    let (sine, cosine) = angle.sin_cos();
    let across = cross(axis, away);
    let along = dot(axis, away);
    let mut turned = [0.0; 3];
    for i in 0..3 {
        turned[i] = away[i] * cosine + across[i] * sine + axis[i] * along * (1.0 - cosine);
    }
    // How the turned point moves with each entry of the rotation, and with each coordinate.
    let mut by_rotation = [[0.0; 3]; 3];
    for j in 0..3 {
        let mut axis_moves = axis.map(|a| -a * axis[j] / angle);
        axis_moves[j] += 1.0 / angle;
        let across_moves = cross(axis_moves, away);
        let along_moves = dot(axis_moves, away);
        for i in 0..3 {
            by_rotation[j][i] = axis[j]
                * (-away[i] * sine + across[i] * cosine + axis[i] * along * sine)
                + across_moves[i] * sine
                + (axis_moves[i] * along + axis[i] * along_moves) * (1.0 - cosine);
        }
    }
    let mut by_point = [[0.0; 3]; 3];
    for j in 0..3 {
        let mut unit = [0.0; 3];
        unit[j] = 1.0;
        let turn = cross(axis, unit);
        for i in 0..3 {
            by_point[j][i] = unit[i] * cosine + turn[i] * sine + axis[i] * axis[j] * (1.0 - cosine);
        }
    }

    let (focal, first, second) = (camera[6], camera[9], camera[10]);
    let flat = [turned[0] / turned[2], turned[1] / turned[2]];
    let square = flat[0] * flat[0] + flat[1] * flat[1];
    let distortion = 1.0 + first * square + second * square * square;
    let bend = 2.0 * (first + 2.0 * second * square);
    // How the distorted place moves with the flat one, and that with the turned point.
    let moves = |turned_moves: [f64; 3]| {
        let flat_moves = [
            (turned_moves[0] - flat[0] * turned_moves[2]) / turned[2],
            (turned_moves[1] - flat[1] * turned_moves[2]) / turned[2],
        ];
        let distortion_moves = bend * (flat[0] * flat_moves[0] + flat[1] * flat_moves[1]);
        [0, 1].map(|i: usize| {
            weight * focal * (flat_moves[i] * distortion + flat[i] * distortion_moves)
        })
    };
    let (row_x, rest) = entries.split_at_mut(ROW);
    let (row_y, last) = rest.split_at_mut(ROW);
    for j in 0..3 {
        let [x, y] = moves(by_rotation[j]);
        (row_x[j], row_y[j]) = (x, y);
        let [x, y] = moves(by_point[j]);
        (row_x[3 + j], row_y[3 + j]) = (-x, -y);
        (row_x[10 + j], row_y[10 + j]) = (x, y);
    }
    for (i, row) in [row_x, row_y].into_iter().enumerate() {
        row[6] = weight * flat[i] * distortion;
        row[7] = weight;
        row[8] = weight * focal * flat[i] * square;
        row[9] = weight * focal * flat[i] * square * square;
        let apart = focal * flat[i] * distortion + camera[7 + i] - seen[i];
        residuals[i] = weight * apart;
        row[ROW - 1] = apart;
    }
    residuals[2] = 1.0 - weight * weight;
    last[0] = -2.0 * weight;
}
