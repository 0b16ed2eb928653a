//! Bounds for a gradient that has grown too long.

use crate::number::Real;

/// Shortens the gradient so that its Euclidean norm is at most `most`, and gives the norm it had. The factor is `most / (norm + 1e-6)`, as in
/// PyTorch; a norm that is not finite changes nothing, and a bound below 0 is 0.
///
/// ```
/// use secant::optimiser::clip_norm;
/// let mut gradient = [3.0, 4.0];
/// assert_eq!(clip_norm(&mut gradient, 1.0), 5.0);
/// assert!((gradient[0] - 0.6f64).abs() < 1e-6);
/// ```
pub fn clip_norm<T: Real>(gradient: &mut [T], most: f64) -> f64 {
    let squares = |scale: f64| -> f64 {
        let scaled = gradient.iter().map(|g| g.to_f64() / scale);
        scaled.map(|g| g * g).sum()
    };
    // The squares may be beyond doubles, or too small for them, where the norm is not.
    const FAR: f64 = 1e160;
    const NEAR: f64 = 1e-140;
    let mut norm = squares(1.0).sqrt();
    if norm.is_infinite() {
        norm = FAR * squares(FAR).sqrt();
    } else if norm < NEAR {
        norm = NEAR * squares(NEAR).sqrt();
    }
    let factor = most.max(0.0) / (norm + 1e-6);
    if norm.is_finite() && factor < 1.0 {
        let factor = T::of(factor);
        for g in gradient {
            *g *= factor;
        }
    }
    norm
}
