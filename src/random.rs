//! Random numbers that depend on what they are for, and on nothing else.
//!
//! Every drug, batch and signature owns a stream whose key is (seed, purpose, index). Whoever needs the numbers of
//! signature 80,000 computes them at once, on any thread, without the 80,000 before it: that is what makes blocks
//! parallel and the result independent of how the work was divided.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of random numbers is for. Streams of different purposes are independent.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(crate) enum Purpose {
    Loadings = 1,
    GeneScale,
    Family,
    Drug,
    DrugProgramme,
    DrugAtTime,
    DrugInCell,
    Cell,
    Batch,
    Signature,
    Layout,
    Series,
    Catalogue,
    Nuisance,
    NuisanceOfBatch,
    Division,
    DivisionChoice,
    Thinning,
    Bootstrap = 32,
    Permutation,
    Candidates,
    Replicates,
    ClassFolds = 64,
    ClassSampling,
    ClassPermutation,
    ClassBootstrap,
    ClassNetwork,
    ClassClusters,
    ClassChoice,
    ClassLearner,
    GeometryRows = 96,
    ReplicateRows,
    ReplicateBootstrap,
    References = 128,
}

/// An endless row of random numbers: `ChaCha` with 8 rounds.
pub(crate) struct Stream(ChaCha8Rng);

/// Words drawn at once by [`Stream::fill_normal`].
const WORDS: usize = 64;

impl Stream {
    pub(crate) fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
        key[16..24].copy_from_slice(&index.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        // 53 bits fill the mantissa; the product is exact.
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A whole number in `0..n`, or 0 when `n` is 0. The bias is below n / 2^64.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// Puts `items` in random order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// A standard normal number.
    pub(crate) fn normal(&mut self) -> f32 {
        normal_of_word(self.0.next_u64())
    }

    /// exp(`sigma` z) with z standard normal: median 1.
    pub(crate) fn log_normal(&mut self, sigma: f64) -> f32 {
        // In f64, so that a last bit on which two platforms' exp disagree is rounded away.
        (sigma * f64::from(self.normal())).exp() as f32
    }

    /// Fills `out` with standard normal numbers.
    pub(crate) fn fill_normal(&mut self, out: &mut [f32]) {
        let mut bytes = [0; WORDS * 8];
        for chunk in out.chunks_mut(WORDS) {
            let bytes = &mut bytes[..chunk.len() * 8];
            self.0.fill_bytes(bytes);
            for (value, word) in chunk.iter_mut().zip(bytes.as_chunks::<8>().0) {
                *value = normal_of_word(u64::from_le_bytes(*word));
            }
        }
    }
}

/// A standard normal number from 64 random bits: the heads of 48 coins, smoothed by a uniform number of 16 bits.
///
/// Mean 0, variance 1, excess kurtosis -0.04, bounded by 7. It needs no logarithm and no cosine, whose last bits
/// differ between platforms, so the same seed gives the same numbers everywhere; and it is fast.
fn normal_of_word(word: u64) -> f32 {
    const COINS: u64 = (1 << 48) - 1;
    // Variance of 48 coins is 12, that of the smoothing 1/12.
    const SCALE: f32 = 0.287_678;
    let heads = (word & COINS).count_ones() as f32;
    let smooth = ((word >> 48) as f32 + 0.5) * (1.0 / 65_536.0);
    (heads + smooth - 24.5) * SCALE
}

/// The normal deviate below which a share `p` of the distribution lies, `p` in (0, 1), good to 0.02.
///
/// Tukey's lambda distribution with lambda 0.14, its closest approach to the normal.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    4.91 * (p.powf(0.14) - (1.0 - p).powf(0.14))
}

/// Member `i` of a sequence that covers [0, 1) evenly at any length: multiples of the golden ratio, modulo 1.
///
/// Drugs take their potency from it, so the first ten drugs are as varied as the first thousand.
pub(crate) fn golden(offset: f64, i: u64) -> f64 {
    (offset + i as f64 * 0.618_033_988_749_894_9).fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f32]) -> [f64; 3] {
        let n = values.len() as f64;
        let power = |k| values.iter().map(|&v| f64::from(v).powi(k)).sum::<f64>() / n;
        [power(1), power(2), power(4)]
    }

    #[test]
    fn normal_numbers_have_normal_moments() {
        let mut values = vec![0.0; 200_000];
        Stream::new(1, Purpose::Signature, 7).fill_normal(&mut values);
        let [mean, square, fourth] = moments(&values);
        assert!(mean.abs() < 0.01, "{mean}");
        assert!((square - 1.0).abs() < 0.01, "{square}");
        assert!((fourth - 2.96).abs() < 0.06, "{fourth}");
    }

    #[test]
    fn streams_of_other_purposes_or_indices_are_unrelated() {
        let draw = |purpose, index| {
            let mut values = vec![0.0; 10_000];
            Stream::new(1, purpose, index).fill_normal(&mut values);
            values
        };
        let base = draw(Purpose::Cell, 0);
        for other in [draw(Purpose::Cell, 1), draw(Purpose::Batch, 0)] {
            let dot: f32 = base.iter().zip(&other).map(|(a, b)| a * b).sum();
            assert!(dot.abs() / 10_000.0 < 0.04, "{dot}");
        }
        assert_eq!(base, draw(Purpose::Cell, 0));
    }

    #[test]
    fn a_fill_does_not_depend_on_how_it_is_cut() {
        let mut whole = vec![0.0; 100];
        Stream::new(3, Purpose::Drug, 0).fill_normal(&mut whole);
        let mut stream = Stream::new(3, Purpose::Drug, 0);
        let singles: Vec<f32> = (0..100).map(|_| stream.normal()).collect();
        assert_eq!(whole, singles);
    }

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        for (p, z) in [(0.5, 0.0), (0.841_345, 1.0), (0.977_25, 2.0), (0.022_75, -2.0), (0.158_655, -1.0)] {
            assert!((normal_quantile(p) - z).abs() < 0.02, "{p}");
        }
    }
}
