//! Shares of a sample below a value, interpolated.

use super::pchip::Pchip;

/// The share of a sample that is below a value. Between values of the sample it is interpolated, outside of them it stays as
/// at the nearest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shares {
    smallest: f64,
    largest: f64,
    /// `None` for a sample of equal values.
    curve: Option<Pchip>,
}

impl Shares {
    /// Takes a sample of one value at least.
    pub fn of(mut sample: Vec<f64>) -> Self {
        sample.sort_by(f64::total_cmp);
        let (smallest, largest) = (sample[0], sample[sample.len() - 1]);
        let (mut values, mut shares, mut below) = (Vec::new(), Vec::new(), 0);
        for tied in sample.chunk_by(|a, b| a == b) {
            values.push(tied[0]);
            shares.push(below as f64 / sample.len() as f64);
            below += tied.len();
        }
        let curve = (values.len() > 1).then(|| Pchip::new(values, shares));
        Self { smallest, largest, curve }
    }

    /// Returns the share below `value`.
    pub fn below(&self, value: f64) -> f64 {
        self.curve.as_ref().map_or(0.0, |curve| curve.at(value.clamp(self.smallest, self.largest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_at_the_values_of_a_sample_and_stay_outside() {
        let shares = Shares::of(vec![3.0, 1.0, 2.0, 2.0]);
        assert_eq!([0.0, 1.0, 2.0, 3.0, 9.0].map(|value| shares.below(value)), [0.0, 0.0, 0.25, 0.75, 0.75]);
        assert!((0.25..0.75).contains(&shares.below(2.5)));
        assert_eq!(Shares::of(vec![2.0; 3]).below(5.0), 0.0);
    }
}
