//! Numbers as binary files store them: whole or floating, of any common width, in either order of bytes.

/// How a number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    kind: Kind,
    /// Bytes.
    size: usize,
    big_endian: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole { signed: bool, offset: u32, precision: u32 },
    Float(FloatBits),
}

/// Where a floating-point number keeps its parts, in bits from the least one. Its sign stands above its exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FloatBits {
    pub(super) exponent_at: u32,
    pub(super) exponent_bits: u32,
    pub(super) mantissa_at: u32,
    pub(super) mantissa_bits: u32,
    pub(super) bias: i32,
}

impl FloatBits {
    const HALF: Self = Self::ieee(5, 10);
    const SINGLE: Self = Self::ieee(8, 23);
    const DOUBLE: Self = Self::ieee(11, 52);

    /// The layout of IEEE 754-2019, 3.4.
    const fn ieee(exponent_bits: u32, mantissa_bits: u32) -> Self {
        let bias = (1 << (exponent_bits - 1)) - 1;
        Self { exponent_at: mantissa_bits, exponent_bits, mantissa_at: 0, mantissa_bits, bias }
    }

    /// Whether all parts lie within `bits`.
    fn fits(self, bits: u32) -> bool {
        let exponent = self.exponent_at.saturating_add(self.exponent_bits).saturating_add(1);
        let mantissa = self.mantissa_at.saturating_add(self.mantissa_bits);
        (1..=16).contains(&self.exponent_bits)
            && (1..=112).contains(&self.mantissa_bits)
            && exponent.max(mantissa) <= bits
    }

    /// Only the 80 bits of Intel processors write the leading bit, which others leave out because it is known.
    fn writes_leading_bit(self) -> bool {
        self.exponent_bits == 15 && self.mantissa_bits == 64
    }

    fn value(self, bits: u128) -> f64 {
        let part = |at: u32, width: u32| (bits >> at) & ((1_u128 << width) - 1);
        let (exponent, mantissa) =
            (part(self.exponent_at, self.exponent_bits), part(self.mantissa_at, self.mantissa_bits));
        let sign = if part(self.exponent_at + self.exponent_bits, 1) == 1 { -1.0 } else { 1.0 };
        let fraction_bits = self.mantissa_bits - u32::from(self.writes_leading_bit());
        let fraction = mantissa & ((1_u128 << fraction_bits) - 1);
        let is_largest = exponent == (1 << self.exponent_bits) - 1;
        let leading = if exponent == 0 { 0 } else { 1_u128 << fraction_bits };
        let power = (exponent as i32).max(1) - self.bias - fraction_bits as i32;
        match (is_largest, fraction) {
            (true, 0) => sign * f64::INFINITY,
            (true, _) => f64::NAN,
            _ => sign * scaled((leading | fraction) as f64, power),
        }
    }
}

/// `value` times 2 to the `power`, in two steps: one factor alone may be too large or too small for a double.
fn scaled(value: f64, power: i32) -> f64 {
    let half = power / 2;
    value * 2.0_f64.powi(half) * 2.0_f64.powi(power - half)
}

impl Number {
    /// A float of 16, 32 or 64 bits as IEEE 754 lays them out.
    pub(super) fn ieee(size: usize, big_endian: bool) -> Option<Self> {
        let bits = match size {
            2 => FloatBits::HALF,
            4 => FloatBits::SINGLE,
            8 => FloatBits::DOUBLE,
            _ => return None,
        };
        Some(Self { kind: Kind::Float(bits), size, big_endian })
    }

    /// A float of `size` bytes with its parts anywhere; `None` where they do not fit.
    pub(super) fn float(size: usize, bits: FloatBits, big_endian: bool) -> Option<Self> {
        ((1..=16).contains(&size) && bits.fits(8 * size as u32)).then_some(Self {
            kind: Kind::Float(bits),
            size,
            big_endian,
        })
    }

    /// A whole number of `size` bytes that uses all of them.
    pub(super) fn whole(size: usize, signed: bool, big_endian: bool) -> Option<Self> {
        Self::packed(size, signed, 0, 8 * size as u32, big_endian)
    }

    /// A whole number that uses `precision` bits from `offset` on of its `size` bytes.
    pub(super) fn packed(
        size: usize,
        signed: bool,
        offset: u32,
        precision: u32,
        big_endian: bool,
    ) -> Option<Self> {
        let fits = (1..=8).contains(&size)
            && precision > 0
            && offset.checked_add(precision).is_some_and(|bits| bits <= 8 * size as u32);
        fits.then_some(Self { kind: Kind::Whole { signed, offset, precision }, size, big_endian })
    }

    /// Bytes of a number.
    pub(super) fn size(self) -> usize {
        self.size
    }

    /// Writes to `out` the numbers that stand at `places` (counted in numbers) of `row`.
    pub(super) fn pick(self, row: &[u8], places: &[usize], out: &mut [f32]) {
        if self.kind == Kind::Float(FloatBits::SINGLE) && !self.big_endian {
            for (value, &place) in out.iter_mut().zip(places) {
                let bytes = &row[place * 4..place * 4 + 4];
                *value = f32::from_le_bytes(bytes.try_into().expect("the slice is 4 bytes long"));
            }
            return;
        }
        for (value, &place) in out.iter_mut().zip(places) {
            *value = self.value(&row[place * self.size..(place + 1) * self.size]) as f32;
        }
    }

    /// All numbers of `bytes`.
    pub(super) fn all(self, bytes: &[u8]) -> Vec<f32> {
        bytes.chunks_exact(self.size).map(|bytes| self.value(bytes) as f32).collect()
    }

    /// The number in `bytes`. Whole numbers beyond 2^53 lose their last digits.
    fn value(self, bytes: &[u8]) -> f64 {
        let bits = self.bits(bytes);
        match self.kind {
            Kind::Float(FloatBits::SINGLE) => f64::from(f32::from_bits(bits as u32)),
            Kind::Float(FloatBits::DOUBLE) => f64::from_bits(bits as u64),
            Kind::Float(parts) => parts.value(bits),
            Kind::Whole { .. } => self.integer(bits) as f64,
        }
    }

    /// Whole numbers without a fraction, others in the shortest way that reads back.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        let bits = self.bits(bytes);
        match self.kind {
            Kind::Whole { .. } => self.integer(bits).to_string(),
            Kind::Float(_) if self.size <= 4 => (self.value(bytes) as f32).to_string(),
            Kind::Float(_) => self.value(bytes).to_string(),
        }
    }

    fn bits(self, bytes: &[u8]) -> u128 {
        let fold = |bits, byte: &u8| bits << 8 | u128::from(*byte);
        if self.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) }
    }

    fn integer(self, bits: u128) -> i128 {
        let Kind::Whole { signed, offset, precision } = self.kind else { return bits as i128 };
        let unused = 128 - precision;
        let raised = (bits >> offset) << unused;
        if signed { raised as i128 >> unused } else { (raised >> unused) as i128 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(number: Option<Number>, bytes: &[u8]) -> f64 {
        number.unwrap().value(bytes)
    }

    #[test]
    fn half_floats_are_read_to_the_last_bit() {
        let half = Number::ieee(2, false);
        for (bits, expected) in [
            (0x3c00_u16, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 2.0_f64.powi(-24)),
            (0x03ff, 1023.0 * 2.0_f64.powi(-24)),
            (0x3555, 0.333_251_953_125),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(value(half, &bits.to_le_bytes()), expected, "{bits:x}");
            assert_eq!(value(Number::ieee(2, true), &bits.to_be_bytes()), expected, "{bits:x}");
        }
        assert!(value(half, &0x7e00_u16.to_le_bytes()).is_nan());
        assert!(value(half, &0x8000_u16.to_le_bytes()).is_sign_negative());
    }

    #[test]
    fn floats_of_other_layouts_are_read_by_their_parts() {
        let brain =
            FloatBits { exponent_at: 7, exponent_bits: 8, mantissa_at: 0, mantissa_bits: 7, bias: 127 };
        for value in [1.0_f32, -0.5, 3.140_625, 1e-40, f32::INFINITY] {
            let cut = f32::from_bits(value.to_bits() & 0xffff_0000);
            let found = self::value(Number::float(2, brain, false), &value.to_le_bytes()[2..]);
            assert_eq!(found, f64::from(cut));
        }
        let intel =
            FloatBits { exponent_at: 64, exponent_bits: 15, mantissa_at: 0, mantissa_bits: 64, bias: 16383 };
        let mut bytes = [0; 16];
        (bytes[7], bytes[8], bytes[9]) = (0xc0, 0x00, 0xc0); // -3 = -1.1b x 2
        assert_eq!(value(Number::float(16, intel, false), &bytes), -3.0);
        // The parts of single and double are what the processor takes them for.
        for bits in [0x4049_0fdb_u32, 0x8000_0001, 0xff7f_ffff] {
            assert_eq!(FloatBits::SINGLE.value(bits.into()), f64::from(f32::from_bits(bits)));
        }
        assert_eq!(FloatBits::DOUBLE.value(std::f64::consts::E.to_bits().into()), std::f64::consts::E);
        assert_eq!(FloatBits::DOUBLE.value(1), f64::from_bits(1));
    }

    #[test]
    fn whole_numbers_keep_their_sign_their_order_and_their_bits() {
        assert_eq!(value(Number::whole(1, true, false), &[0xfb]), -5.0);
        assert_eq!(value(Number::whole(1, false, false), &[0xfb]), 251.0);
        assert_eq!(value(Number::whole(4, true, true), &(-70_000_i32).to_be_bytes()), -70_000.0);
        assert_eq!(
            Number::whole(8, false, false).unwrap().text(&u64::MAX.to_le_bytes()),
            u64::MAX.to_string()
        );
        assert_eq!(value(Number::packed(2, true, 4, 8, false), &0x0ff0_u16.to_le_bytes()), -1.0);
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let wide = FloatBits { exponent_at: 250, ..FloatBits::SINGLE };
        assert_eq!(Number::float(4, wide, false), None);
        assert_eq!(Number::float(4, FloatBits { exponent_bits: 0, ..FloatBits::SINGLE }, false), None);
        assert_eq!(Number::packed(2, true, 9, 8, false), None);
        assert_eq!(Number::whole(9, true, false), None);
        assert_eq!(Number::ieee(3, false), None);
    }
}
