//! CMap's connectivity of two gene sets with a profile: enrichment scores of both, joined to one score.
//!
//! Formulae: Subramanian et al. 2017, and edge cases as in `cmapM` (`fastESCore`, `getCombinedES`).

use std::cmp::Ordering;

use super::enrichment::{Hit, Peak, peak};
use super::gene_sets::GeneSets;
use super::order::Entry;
use super::score::{Score, Scratch};

/// What a gene of a set counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GeneWeights {
    /// The magnitude of its value in the profile: the score is `raw_cs`, WTCS.
    #[default]
    Magnitude,
    /// The same for each gene: the score is `cs`.
    Equal,
}

/// Gene sets that are ready to be scored by CMap's connectivity.
///
/// Genes are ranked over the whole profile, from the largest value to the smallest, equal ones by number. Scores depend on the
/// number of genes in a profile: those of other universes cannot be compared.
///
/// ```
/// use l1kdb::connectivity::{GeneSets, GeneWeights, Score, Scratch, WtcsQuery};
///
/// let profile = [5.0, 4.0, 1.0, 0.5, -0.2, -1.0, -3.0, -4.0];
/// let sets = GeneSets::new(&[0, 1], &[6, 7], profile.len())?;
/// let query = WtcsQuery::new(&sets, GeneWeights::Magnitude);
/// assert_eq!(query.score(&profile, &mut Scratch::default()), Some(1.0));
/// let details = query.details(&profile, &mut Scratch::default()).unwrap();
/// assert_eq!(details.up.unwrap().leading_genes, [0, 1]);
/// # Ok::<(), l1kdb::connectivity::ConnectivityError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct WtcsQuery {
    weights: GeneWeights,
    /// Genes in the up set and in the down set.
    sizes: [usize; 2],
    /// Of each gene: whether it is in the up set, whether it is in the down set.
    members: Vec<[bool; 2]>,
}

/// Enrichment scores of both sets in one profile; `None` for an empty set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnrichmentScores {
    /// Of the up set, from -1 to 1.
    pub up: Option<f64>,
    /// Of the down set, from -1 to 1.
    pub down: Option<f64>,
}

/// The enrichment of one set in a profile.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SetEnrichment {
    /// The enrichment score, from -1 to 1.
    pub score: f64,
    /// Share of the set's genes in the leading edge.
    pub leading_fraction: f64,
    /// The leading edge, from the top of the profile to its bottom: genes up to the peak of a positive score, from the peak on
    /// of a negative one, none where the score is 0.
    pub leading_genes: Vec<u32>,
}

/// The enrichment of both sets in a profile; `None` for an empty set.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WtcsDetails {
    /// Of the up set.
    pub up: Option<SetEnrichment>,
    /// Of the down set.
    pub down: Option<SetEnrichment>,
}

impl EnrichmentScores {
    /// Returns the connectivity score: half the difference of both scores where their signs differ, else 0. Of one set alone
    /// it is the score of the up set, or that of the down set negated.
    pub fn connectivity(&self) -> f64 {
        match (self.up, self.down) {
            (Some(up), Some(down)) if up.partial_cmp(&0.0) == down.partial_cmp(&0.0) => 0.0,
            _ => self.half_difference(),
        }
    }

    /// Returns half the difference of both scores whatever their signs, and with one set its connectivity: what orders
    /// profiles whose connectivity is equal. A third of all pairs have a connectivity of 0.
    pub fn half_difference(&self) -> f64 {
        match (self.up, self.down) {
            (Some(up), Some(down)) => (up - down) / 2.0,
            (Some(up), None) => up,
            (None, Some(down)) => 0.0 - down,
            (None, None) => 0.0,
        }
    }

    /// Compares profiles by connectivity, and those that are equal by half the difference.
    pub fn compare(&self, other: &Self) -> Ordering {
        let connectivity = self.connectivity().total_cmp(&other.connectivity());
        connectivity.then_with(|| self.half_difference().total_cmp(&other.half_difference()))
    }
}

impl WtcsQuery {
    /// Prepares gene sets.
    pub fn new(sets: &GeneSets, weights: GeneWeights) -> Self {
        let mut members = vec![[false; 2]; sets.universe()];
        for (side, genes) in [sets.up(), sets.down()].into_iter().enumerate() {
            genes.iter().for_each(|&gene| members[gene as usize][side] = true);
        }
        Self { weights, sizes: [sets.up().len(), sets.down().len()], members }
    }

    /// Computes the enrichment scores of both sets; `None` for a profile with values that are not finite.
    ///
    /// # Panics
    /// When the profile is not of [`genes`](Score::genes) values.
    pub fn enrichment(&self, profile: &[f32], scratch: &mut Scratch) -> Option<EnrichmentScores> {
        let (sorted, hits) = self.sorted(profile, scratch)?;
        let [up, down] = hits.map(|hits| Some(self.peak(profile, sorted, hits)?.score));
        Some(EnrichmentScores { up, down })
    }

    /// Computes the enrichment of both sets with their leading edges; `None` for a profile with values that are not finite.
    ///
    /// # Panics
    /// When the profile is not of [`genes`](Score::genes) values.
    pub fn details(&self, profile: &[f32], scratch: &mut Scratch) -> Option<WtcsDetails> {
        let (sorted, hits) = self.sorted(profile, scratch)?;
        let [up, down] =
            hits.map(|hits| Some(SetEnrichment::new(self.peak(profile, sorted, hits)?, sorted, hits)));
        Some(WtcsDetails { up, down })
    }

    /// Returns the sorted profile, and in it the positions of the genes of each set.
    fn sorted<'a>(&self, profile: &[f32], scratch: &'a mut Scratch) -> Option<(&'a [Entry], [&'a [u32]; 2])> {
        assert_eq!(profile.len(), self.members.len(), "values of a profile");
        let Scratch { order, hits, .. } = scratch;
        let sorted = order.descending(profile)?;
        // Every position is written, and written over where the gene is in no set: quicker than a branch that nobody can
        // foresee.
        for (hits, size) in hits.iter_mut().zip(self.sizes) {
            hits.resize(size + 1, 0);
        }
        let [up, down] = hits;
        let (mut ups, mut downs) = (0, 0);
        for (position, entry) in (0..).zip(sorted) {
            let [is_up, is_down] = self.members[entry.gene as usize];
            up[ups] = position;
            ups += usize::from(is_up);
            down[downs] = position;
            downs += usize::from(is_down);
        }
        Some((sorted, [&up[..ups], &down[..downs]]))
    }

    /// Returns the peak of a set; `None` for an empty one.
    fn peak(&self, profile: &[f32], sorted: &[Entry], hits: &[u32]) -> Option<Peak> {
        let misses = (sorted.len() - hits.len()) as f64;
        let weight = |position: usize| match self.weights {
            GeneWeights::Magnitude => f64::from(profile[sorted[position].gene as usize].abs()),
            GeneWeights::Equal => 1.0,
        };
        let hits_of = || hits.iter().map(|&position| position as usize);
        let total = hits_of().map(weight).sum();
        let weighted = hits_of().map(|position| Hit { position, weight: weight(position) });
        (!hits.is_empty()).then(|| peak(weighted, total, misses))
    }
}

impl SetEnrichment {
    fn new(peak: Peak, sorted: &[Entry], hits: &[u32]) -> Self {
        let leading = match peak.score.partial_cmp(&0.0) {
            Some(Ordering::Greater) => &hits[..=peak.hit],
            Some(Ordering::Less) => &hits[peak.hit..],
            _ => &[],
        };
        Self {
            score: peak.score,
            leading_fraction: leading.len() as f64 / hits.len() as f64,
            leading_genes: leading.iter().map(|&position| sorted[position as usize].gene).collect(),
        }
    }
}

impl Score for WtcsQuery {
    fn genes(&self) -> usize {
        self.members.len()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        Some(self.enrichment(profile, scratch)?.connectivity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn query(up: &[u32], down: &[u32], genes: usize, weights: GeneWeights) -> WtcsQuery {
        WtcsQuery::new(&GeneSets::new(up, down, genes).unwrap(), weights)
    }

    fn score(up: &[u32], down: &[u32], profile: &[f32]) -> f64 {
        query(up, down, profile.len(), GeneWeights::Magnitude)
            .score(profile, &mut Scratch::default())
            .unwrap()
    }

    const PROFILE: [f32; 8] = [5.0, 4.0, 1.0, 0.5, -0.2, -1.0, -3.0, -4.0];

    #[test]
    fn one_set_alone_is_its_own_score_and_that_of_the_down_set_is_negated() {
        assert_eq!(score(&[0, 1], &[], &PROFILE), 1.0);
        assert_eq!(score(&[], &[0, 1], &PROFILE), -1.0);
        assert_eq!(score(&[6, 7], &[0, 1], &PROFILE), -1.0);
        assert_eq!(score(&[3], &[], &PROFILE), 1.0 - 3.0 / 7.0);
    }

    #[test]
    fn sets_that_are_enriched_alike_have_no_connectivity_but_an_order() {
        let of = |up, down| EnrichmentScores { up: Some(up), down: Some(down) };
        assert_eq!(
            [of(0.5, 0.2), of(-0.5, -0.2), of(0.0, -0.0)].map(|scores| scores.connectivity()),
            [0.0; 3]
        );
        assert_eq!(of(0.5, 0.0).connectivity(), 0.25);
        assert_eq!(of(0.5, 0.2).compare(&of(0.5, 0.4)), Ordering::Greater);
        assert_eq!(of(-0.5, -0.2).compare(&of(0.1, -0.1)), Ordering::Less);
    }

    #[test]
    fn sets_without_weight_are_not_enriched_and_count_as_such() {
        let profile = [2.0, 0.0, 0.0, -1.0, -2.0, -3.0];
        let details =
            query(&[1, 2], &[4, 5], 6, GeneWeights::Magnitude).details(&profile, &mut Scratch::default());
        let WtcsDetails { up: Some(up), down: Some(down) } = details.unwrap() else { panic!("both sets") };
        assert_eq!(up, SetEnrichment { score: 0.0, leading_fraction: 0.0, leading_genes: vec![] });
        assert_eq!(down, SetEnrichment { score: -1.0, leading_fraction: 1.0, leading_genes: vec![4, 5] });
        assert_eq!(score(&[1, 2], &[4, 5], &profile), 0.5);
    }

    #[test]
    fn equal_values_are_ranked_by_gene() {
        assert_eq!(score(&[0], &[], &[1.0; 3]), 1.0);
        assert_eq!(score(&[2], &[], &[1.0; 3]), -1.0);
        // Zeros of both signs are equal.
        assert_eq!(score(&[], &[0], &[-0.0, 0.0, 1.0, -1.0]), 0.0);
        let equal = query(&[1], &[], 4, GeneWeights::Equal);
        assert_eq!(equal.score(&[-0.0, 0.0, -1.0, 1.0], &mut Scratch::default()), Some(-2.0 / 3.0));
    }

    #[test]
    fn profiles_with_values_that_are_no_numbers_have_no_score() {
        let query = query(&[0], &[1], 3, GeneWeights::Magnitude);
        for value in [f32::NAN, f32::INFINITY] {
            assert_eq!(query.score(&[1.0, 0.0, value], &mut Scratch::default()), None);
        }
    }

    proptest! {
        #[test]
        fn turning_the_sets_round_turns_the_score_round(
            values in prop::collection::vec(-4.0_f32..4.0, 12), equal in any::<bool>(),
        ) {
            let weights = if equal { GeneWeights::Equal } else { GeneWeights::Magnitude };
            let of = |up, down| query(up, down, 12, weights).enrichment(&values, &mut Scratch::default()).unwrap();
            let (there, back) = (of(&[0, 1, 2], &[3, 4]), of(&[3, 4], &[0, 1, 2]));
            prop_assert_eq!(there.connectivity(), 0.0 - back.connectivity());
            prop_assert_eq!((there.up, there.down), (back.down, back.up));
        }

        #[test]
        fn the_leading_edge_holds_the_genes_up_to_the_peak_or_from_it_on(
            values in prop::collection::vec(-4.0_f32..4.0, 12),
        ) {
            let query = query(&[0, 1, 2, 3, 4], &[], 12, GeneWeights::Magnitude);
            let up = query.details(&values, &mut Scratch::default()).unwrap().up.unwrap();
            let mut falling = [0, 1, 2, 3, 4];
            falling.sort_by(|&a, &b| values[b as usize].total_cmp(&values[a as usize]));
            let expected =
                if up.score > 0.0 { falling.starts_with(&up.leading_genes) } else { falling.ends_with(&up.leading_genes) };
            prop_assert!(expected && !up.leading_genes.is_empty());
            prop_assert_eq!(up.leading_fraction, up.leading_genes.len() as f64 / 5.0);
        }
    }
}
