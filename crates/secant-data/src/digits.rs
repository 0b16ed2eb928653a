//! Short decimals, which is what nearly all cells are, eight digits at a time.

/// Below this a whole number is exact in a double, and so are the powers of ten up to 10²²: their quotient is rounded once (Clinger 1990).
const EXACT: u64 = 1 << 53;
const POWERS: [f64; 17] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
];
const WHOLE_POWERS: [u64; 9] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
];

/// The decimal at this place and the place behind it, where it has up to 8 digits before the point, up to 16 behind it, and is of a size at which
/// one division gives the nearest double. Of anything else none: it takes a closer look.
pub(crate) fn decimal(bytes: &[u8], place: usize) -> Option<(f64, usize)> {
    let is_negative = *bytes.get(place)? == b'-';
    let begin = place + usize::from(is_negative);
    let (mut mantissa, before) = eight(bytes, begin)?;
    let (mut end, mut behind) = (begin + before, 0);
    if bytes.get(end) == Some(&b'.') {
        end += 1;
        loop {
            let (more, count) = eight(bytes, end)?;
            // Up to 8 and 8 digits fit; 8 more may not.
            mantissa = mantissa
                .checked_mul(WHOLE_POWERS[count])?
                .checked_add(more)?;
            (end, behind) = (end + count, behind + count);
            if count < 8 {
                break;
            }
        }
    }
    if before + behind == 0 || mantissa > EXACT || behind >= POWERS.len() {
        return None;
    }
    let size = mantissa as f64 / POWERS[behind];
    Some((if is_negative { -size } else { size }, end))
}

/// The whole number of the digits that begin here, at most eight, and how many there are; none where fewer than eight bytes are left.
///
/// All bytes are looked at together (Lemire 2021, "Number parsing at a gigabyte per second", section 7).
fn eight(bytes: &[u8], place: usize) -> Option<(u64, usize)> {
    let word = u64::from_le_bytes(bytes.get(place..place + 8)?.try_into().ok()?);
    // A digit becomes 0 to 9, all else more; what is carried goes only to bytes behind the first that is no digit.
    let digits = word ^ 0x3030_3030_3030_3030;
    let others = (digits | digits.wrapping_add(0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080;
    let count = (others.trailing_zeros() / 8) as usize;
    if count == 0 {
        return Some((0, 0));
    }
    // Zeros come before them to make eight; then pairs, fours and all are put together.
    let eight = digits << (64 - 8 * count);
    let pairs = eight.wrapping_mul(10).wrapping_add(eight >> 8);
    let odd = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let even = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    Some((odd.wrapping_add(even) >> 32, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(f64, usize)> {
        decimal(format!("{text},        ").as_bytes(), 0)
    }

    #[test]
    fn short_decimals_are_those_of_the_standard_library_to_the_bit() {
        let mut state = 1u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..200_000 {
            let sign = ["", "-"][next(2) as usize];
            let digits = |count: u64, next: &mut dyn FnMut(u64) -> u64| -> String {
                (0..count)
                    .map(|_| char::from(b'0' + next(10) as u8))
                    .collect()
            };
            let (before, behind) = (next(10), next(18));
            let mut text = format!("{sign}{}", digits(before, &mut next));
            if next(4) > 0 {
                text += &format!(".{}", digits(behind, &mut next));
            }
            if let Some((number, end)) = read(&text) {
                if before > 8 {
                    assert!(end < text.len(), "{text}");
                    continue;
                }
                assert_eq!(end, text.len(), "{text}");
                let truth: f64 = text.parse().unwrap_or(f64::NAN);
                assert_eq!(number.to_bits(), truth.to_bits(), "{text}");
            } else if text.bytes().any(|byte| byte.is_ascii_digit()) {
                assert!(
                    before > 8 || behind >= 16 || before + behind > 15,
                    "{text} is short"
                );
            }
        }
    }

    #[test]
    fn all_else_takes_a_closer_look() {
        for text in [
            "",
            "-",
            ".",
            "-.",
            "+1",
            "x",
            "123456789",
            "9007199254740993",
        ] {
            assert!(read(text).is_none_or(|(_, end)| end < text.len()), "{text}");
        }
        // What stands behind the digits is for the caller to judge.
        assert_eq!(read("1e5"), Some((1.0, 1)));
        assert_eq!(read("-0"), Some((-0.0, 2)));
        assert_eq!(read("5."), Some((5.0, 2)));
        assert_eq!(decimal(b"1.5", 0), None);
    }
}
