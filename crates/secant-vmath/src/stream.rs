//! Numbers on their way between memory and the caches.

/// Copies numbers to where they will not be read soon. What is much larger than the caches goes to memory without being read from it first,
/// which halves the traffic; the numbers are no longer near afterwards. For less than some megabytes in all, an ordinary copy is better.
///
/// # Panics
/// If the lengths differ.
///
/// ```
/// let mut to = [0.0; 3];
/// secant_vmath::copy_past_caches(&[1.0, 2.0, 3.0], &mut to);
/// assert_eq!(to, [1.0, 2.0, 3.0]);
/// ```
pub fn copy_past_caches(from: &[f64], to: &mut [f64]) {
    assert_eq!(from.len(), to.len(), "as many numbers as there is room");
    #[cfg(target_arch = "x86_64")]
    stream(from, to);
    #[cfg(not(target_arch = "x86_64"))]
    to.copy_from_slice(from);
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
fn stream(from: &[f64], to: &mut [f64]) {
    use std::arch::x86_64::{__m128d, _mm_loadu_pd, _mm_sfence, _mm_stream_pd};
    /// Numbers of a store, which must stand at a multiple of its size.
    const PAIR: usize = size_of::<__m128d>() / size_of::<f64>();

    let before = to
        .as_ptr()
        .align_offset(align_of::<__m128d>())
        .min(to.len());
    let (head, to) = to.split_at_mut(before);
    let (head_from, from) = from.split_at(before);
    head.copy_from_slice(head_from);
    let (pairs, tail) = to.as_chunks_mut::<PAIR>();
    let (pairs_from, tail_from) = from.as_chunks::<PAIR>();
    for (to, from) in pairs.iter_mut().zip(pairs_from) {
        // SAFETY: both are pairs of numbers, that written to at a multiple of its size; SSE2 is part of every x86-64.
        unsafe { _mm_stream_pd(to.as_mut_ptr(), _mm_loadu_pd(from.as_ptr())) };
    }
    tail.copy_from_slice(tail_from);
    // Other threads see the numbers as if they had been stored in order.
    // SAFETY: SSE is part of every x86-64.
    unsafe { _mm_sfence() };
}

/// Asks for numbers that will soon be read or written, so that they come from memory while something else is computed. It changes nothing else.
///
/// ```
/// let column = vec![1.0; 128];
/// secant_vmath::prefetch(&column[64..]);
/// ```
pub fn prefetch(numbers: &[f64]) {
    #[cfg(target_arch = "x86_64")]
    ask_for(numbers);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = numbers;
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
fn ask_for(numbers: &[f64]) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    /// Numbers of a line of the cache.
    const LINE: usize = 64 / size_of::<f64>();
    for line in numbers.chunks(LINE) {
        // SAFETY: asking for a line is allowed at any address; SSE is part of every x86-64.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_length_from_and_to_anywhere() {
        let from: Vec<f64> = (0..70).map(f64::from).collect();
        for start in 0..4 {
            for length in 0..40 {
                for target in 0..4 {
                    let mut to = vec![-1.0; 70];
                    copy_past_caches(&from[start..][..length], &mut to[target..][..length]);
                    let mut expected = vec![-1.0; 70];
                    expected[target..][..length].copy_from_slice(&from[start..][..length]);
                    assert_eq!(to, expected);
                }
            }
        }
    }
}
