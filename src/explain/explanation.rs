//! Genes with their contributions, and how well they add up.

use crate::profile::Universe;

/// What a gene contributes to the similarity of a query and a hit.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GeneTerm {
    /// Its position in the profiles, from 0.
    pub gene: usize,
    /// Its share of the similarity; negative where it counts against it.
    pub contribution: f64,
    /// Its value in the query; of gene sets 1 for a gene that rises, -1 for one that falls; NaN where it is missing.
    pub query: f32,
    /// Its value in the hit; NaN where it is missing.
    pub hit: f32,
    /// Whether the network cut its value, on the side that is explained: a little more or less of it changes nothing.
    pub is_cut: bool,
}

impl GeneTerm {
    /// Returns the gene's symbol, of profiles of the genes of `universe`; `None` for a position that it lacks.
    ///
    /// ```
    /// use l1kdb::{explain::cosine_terms, profile::Universe};
    ///
    /// let mut profile = [0.0; 978];
    /// profile[0] = 3.0;
    /// let explanation = cosine_terms(&profile, &profile)?;
    /// assert_eq!(explanation.terms[0].symbol(Universe::Landmark), Some("PSME1"));
    /// # Ok::<(), l1kdb::explain::ExplainError>(())
    /// ```
    #[must_use]
    pub fn symbol(&self, universe: Universe) -> Option<&'static str> {
        universe.symbol(self.gene)
    }
}

/// How contributions were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Through a network that is a linear map behind its standardisation.
    Exact,
    /// Through any other network.
    IntegratedGradients,
    /// Terms of a cosine or a correlation.
    CosineTerms,
    /// The leading edges of gene sets.
    LeadingEdge,
}

impl Method {
    /// Returns its name: `exact`, `integrated-gradients`, `terms` or `leading-edge`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::IntegratedGradients => "integrated-gradients",
            Self::CosineTerms => "terms",
            Self::LeadingEdge => "leading-edge",
        }
    }
}

/// Which genes carry the agreement between a query and a hit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// Genes, the largest contribution first, equal ones by position. Genes that take no part are left out.
    pub terms: Vec<GeneTerm>,
    /// The similarity that is explained.
    pub similarity: f64,
    /// What is there without any gene: the similarity of the network's bias. 0 in gene space.
    pub baseline: f64,
    /// The sum of all contributions: the similarity less the baseline, where all is well.
    pub sum: f64,
    /// How far `sum` is from that, as a share of it, or of 0.1 where it is smaller.
    pub completeness: f64,
    /// How contributions were found.
    pub method: Method,
    /// What a reader has to know: `completeness` is above 1 %.
    pub warning: Option<String>,
}

/// The largest share that may be missing without a warning.
pub(super) const COMPLETE: f64 = 0.01;
/// A share of next to nothing says nothing.
const LEAST: f64 = 0.1;

impl Explanation {
    pub(super) fn new(mut terms: Vec<GeneTerm>, similarity: f64, baseline: f64, method: Method) -> Self {
        let by_contribution =
            |a: &GeneTerm, b: &GeneTerm| b.contribution.total_cmp(&a.contribution).then(a.gene.cmp(&b.gene));
        terms.sort_unstable_by(by_contribution);
        let sum = terms.iter().map(|term| term.contribution).sum::<f64>();
        let expected = similarity - baseline;
        let completeness = (sum - expected).abs() / expected.abs().max(LEAST);
        let warning = (completeness > COMPLETE).then(|| {
            format!(
                "contributions sum to {sum:.4}, expected {expected:.4} ({:.1} % off): take them for rough",
                100.0 * completeness
            )
        });
        Self { terms, similarity, baseline, sum, completeness, method, warning }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(contributions: &[f64], similarity: f64) -> Explanation {
        let term =
            |(gene, &contribution)| GeneTerm { gene, contribution, query: 1.0, hit: 1.0, is_cut: false };
        let terms = contributions.iter().enumerate().map(term).collect();
        Explanation::new(terms, similarity, 0.0, Method::IntegratedGradients)
    }

    #[test]
    fn the_largest_contribution_comes_first_and_equal_ones_by_position() {
        let genes: Vec<usize> =
            explained(&[-0.5, 0.2, 0.7, 0.2], 0.6).terms.iter().map(|term| term.gene).collect();
        assert_eq!(genes, [2, 1, 3, 0]);
    }

    #[test]
    fn more_than_a_hundredth_that_is_missing_is_told() {
        let close = explained(&[0.5, 0.3], 0.805);
        assert!(close.warning.is_none() && close.completeness < 0.01);
        let far = explained(&[0.5, 0.3], 0.9);
        assert_eq!(
            far.warning.as_deref(),
            Some("contributions sum to 0.8000, expected 0.9000 (11.1 % off): take them for rough")
        );
        // 0.001 of a similarity of 0.002 is half of it, and nothing.
        assert!((explained(&[0.001], 0.002).completeness - 0.01).abs() < 1e-12);
    }
}
