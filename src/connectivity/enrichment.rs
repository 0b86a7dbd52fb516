//! The enrichment score of one gene set in one sorted profile.

/// A gene of the set, met on the way down a sorted profile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// Genes before it.
    pub position: usize,
    pub weight: f64,
}

/// Where the running sum is farthest from 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Peak {
    /// The enrichment score: the running sum there.
    pub score: f64,
    /// The number of the hit, from 0.
    pub hit: usize,
}

/// Returns the peak of the running sum, which rises by the weight over `total` at a hit and falls by 1 over `misses` at any
/// other gene.
///
/// It can be farthest from 0 just before a hit and just after one. Of sums that are equally far, the one after a hit counts
/// before the one before it, and then the first (as in CMap's `fastESCore`). Hits without any weight have no peak: 0.
#[inline(always)]
pub(super) fn peak(hits: impl Iterator<Item = Hit>, total: f64, misses: f64) -> Peak {
    let (mut best, mut sum) = (Peak::default(), 0.0);
    // Sums are compared times total and misses: that takes no division, and with weights of 1 equal sums come out as equal.
    for (hit, Hit { position, weight }) in hits.enumerate() {
        let missed = (position - hit) as f64 * total;
        let before = sum * misses - missed;
        sum += weight;
        let after = sum * misses - missed;
        let score = if before.abs() > after.abs() { before } else { after };
        if score.abs() > best.score.abs() {
            best = Peak { score, hit };
        }
    }
    if total > 0.0 { Peak { score: best.score / (total * misses), ..best } } else { Peak::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(hits: &[(usize, f64)], genes: usize) -> Peak {
        let total = hits.iter().map(|hit| hit.1).sum();
        let hits_of = hits.iter().map(|&(position, weight)| Hit { position, weight });
        peak(hits_of, total, (genes - hits.len()) as f64)
    }

    #[test]
    fn of_equal_peaks_the_one_after_a_hit_and_then_the_first_is_taken() {
        // The sum before the only hit is -1/2, after it 1/2.
        assert_eq!(found(&[(1, 1.0)], 3), Peak { score: 0.5, hit: 0 });
        // 1/2 after the first hit, -1/2 before the last.
        assert_eq!(found(&[(0, 1.0), (3, 1.0)], 4), Peak { score: 0.5, hit: 0 });
        // -1/2 before the first hit, 1/2 after the last.
        assert_eq!(found(&[(1, 1.0), (2, 1.0)], 4), Peak { score: -0.5, hit: 0 });
    }

    #[test]
    fn hits_without_weight_have_no_peak() {
        assert_eq!(found(&[(0, 0.0), (2, 0.0)], 9), Peak::default());
        assert_eq!(found(&[], 9), Peak::default());
    }

    proptest! {
        #[test]
        fn the_peak_is_where_a_sum_that_goes_gene_by_gene_is_farthest_from_zero(
            genes in prop::collection::vec((any::<bool>(), 0.1_f64..4.0), 2..40),
        ) {
            let hits: Vec<(usize, f64)> =
                genes.iter().enumerate().filter(|(_, gene)| gene.0).map(|(at, gene)| (at, gene.1)).collect();
            prop_assume!(!hits.is_empty() && hits.len() < genes.len());
            let total: f64 = hits.iter().map(|hit| hit.1).sum();
            let miss = 1.0 / (genes.len() - hits.len()) as f64;
            let sums = genes.iter().scan(0.0, |sum, &(hit, weight)| {
                *sum += if hit { weight / total } else { -miss };
                Some(*sum)
            });
            let farthest = sums.map(f64::abs).fold(0.0, f64::max);
            prop_assert!((found(&hits, genes.len()).score.abs() - farthest).abs() < 1e-9);
        }
    }
}
