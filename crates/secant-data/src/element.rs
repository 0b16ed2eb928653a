//! [`Element`]: how one number stands in the bytes of a file.

/// The kind, size and order of bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) kind: Kind,
    /// Whether the most significant byte is first.
    pub(crate) big: bool,
}

/// The kinds of numbers that files hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unsigned(usize),
    Signed(usize),
    Float(usize),
}

impl Element {
    /// How many bytes it takes.
    pub(crate) fn size(self) -> usize {
        match self.kind {
            Kind::Unsigned(size) | Kind::Signed(size) | Kind::Float(size) => size,
        }
    }

    /// The number that begins these bytes; one of more than 53 bits is the nearest double.
    pub(crate) fn read(self, bytes: &[u8]) -> f64 {
        let size = self.size();
        let mut word = [0u8; 8];
        for (place, byte) in bytes.iter().take(size).enumerate() {
            word[if self.big { size - 1 - place } else { place }] = *byte;
        }
        let bits = u64::from_le_bytes(word);
        let unused = 64 - 8 * size as u32;
        match self.kind {
            Kind::Unsigned(_) => bits as f64,
            Kind::Signed(_) => ((bits << unused) as i64 >> unused) as f64,
            Kind::Float(2) => half(bits as u16),
            Kind::Float(4) => f64::from(f32::from_bits(bits as u32)),
            Kind::Float(_) => f64::from_bits(bits),
        }
    }
}

/// A number of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f64::from(bits & 1023) / 1024.0;
    sign * match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction > 0.0 => f64::NAN,
        31 => f64::INFINITY,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_kinds_are_read_in_both_orders_of_bytes() {
        let read = |kind, big, bytes: &[u8]| Element { kind, big }.read(bytes);
        assert_eq!(read(Kind::Signed(2), false, &(-2i16).to_le_bytes()), -2.0);
        assert_eq!(
            read(Kind::Signed(4), true, &(-70_000i32).to_be_bytes()),
            -70_000.0
        );
        assert_eq!(
            read(Kind::Signed(8), false, &i64::MIN.to_le_bytes()),
            i64::MIN as f64
        );
        assert_eq!(read(Kind::Unsigned(1), true, &[200]), 200.0);
        assert_eq!(
            read(Kind::Unsigned(8), true, &u64::MAX.to_be_bytes()),
            u64::MAX as f64
        );
        assert_eq!(read(Kind::Float(4), true, &0.5f32.to_be_bytes()), 0.5);
        assert_eq!(read(Kind::Float(8), false, &0.1f64.to_le_bytes()), 0.1);
        // 1/3 and the smallest number above 0, as IEEE 754 rounds them to 16 bits.
        assert_eq!(
            read(Kind::Float(2), false, &[0x55, 0x35]),
            0.333_251_953_125
        );
        assert_eq!(read(Kind::Float(2), false, &[0x01, 0x00]), 2f64.powi(-24));
    }
}
