//! A monotone map from similarities to bins, so that most comparisons become a count.

/// Bins of a histogram of similarities.
pub(super) const BINS: usize = 4096;

/// From a similarity to its bin. A larger similarity never has a smaller bin; those beyond the ends fall in the first
/// or the last. How well the bins are placed decides how fast ranking is, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bins {
    low: f32,
    scale: f32,
}

/// Adding 2^23 to a number below it rounds to a whole number, which is then in the last bits.
const ROUND: f32 = 8_388_608.0;

impl Bins {
    /// Spreads the bins over what is common in `sample`: from its 1st to its 999th thousandth and a tenth more.
    pub(super) fn over(mut sample: Vec<f32>) -> Self {
        sample.sort_unstable_by(f32::total_cmp);
        let Some(last) = sample.len().checked_sub(1) else { return Self { low: 0.0, scale: 1.0 } };
        let (low, high) = (sample[last / 1000], sample[last - last / 1000]);
        let margin = (high - low) * 0.1;
        let width = (high - low + 2.0 * margin).max(f32::MIN_POSITIVE * 1e6);
        Self { low: low - margin, scale: ((BINS - 1) as f32 / width).min(1e30) }
    }

    /// Returns the bin, below [`BINS`].
    #[inline(always)]
    pub(super) fn of(self, similarity: f32) -> u16 {
        let place = ((similarity - self.low) * self.scale).clamp(0.0, (BINS - 1) as f32);
        (place + ROUND).to_bits() as u16 & (BINS - 1) as u16
    }

    /// Returns the similarity in the middle of a bin.
    pub(super) fn middle(self, bin: usize) -> f64 {
        f64::from(self.low) + bin as f64 / f64::from(self.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_larger_similarity_never_has_a_smaller_bin(
            mut similarities in prop::collection::vec(-1e6_f32..1e6, 2..50),
            sample in prop::collection::vec(-10.0_f32..10.0, 0..50),
        ) {
            let bins = Bins::over(sample);
            similarities.sort_unstable_by(f32::total_cmp);
            let found: Vec<u16> = similarities.iter().map(|&s| bins.of(s)).collect();
            prop_assert!(found.is_sorted());
            prop_assert!(found.iter().all(|&bin| usize::from(bin) < BINS));
        }
    }

    #[test]
    fn a_sample_of_equal_values_still_tells_below_from_above() {
        let bins = Bins::over(vec![0.25; 10]);
        assert!(bins.of(0.2) <= bins.of(0.25) && bins.of(0.25) <= bins.of(0.3));
    }
}
