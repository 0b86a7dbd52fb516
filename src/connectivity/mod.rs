//! Scores in gene space: two profiles, or gene sets and a profile, give a number.
//!
//! A query is prepared once, as a [`Score`], and then scored against any number of profiles; [`scores`] does that on all
//! threads. Everything here is slices: a profile is as many values as there are genes, and a gene is the number of its value.
//! A score that is undefined is `None`, never NaN.
//!
//! | file | responsibility |
//! |---|---|
//! | `score` | what a score is, and scoring many profiles |
//! | `cosine`, `spearman` | cosine, Pearson and Spearman correlation of two profiles |
//! | `extremes` | XCos of a profile, XSum of gene sets: over the extremes of a profile |
//! | `zhang` | signed ranks, of a profile or of gene sets |
//! | `gene_sets`, `known` | genes of a query: sets of them, or those of which it has a value |
//! | `wtcs`, `enrichment` | CMap's connectivity of gene sets, weighted and unweighted, with leading edges |
//! | `order` | sorted profiles and ranks |
//! | `cmap` | what CMap computes from the scores of a query: normalised scores, false discovery rates, tau, summaries |
//!
//! CMap's chain goes from [`WtcsQuery`] over all profiles to [`norm_cs`], then to [`fdr_q`], to [`tau`], and to [`summaries`] by
//! drug and cell line and [`over_cell_lines`].
//!
//! Which score to take: cosine, Pearson, Spearman, XCos, Zhang and WTCS find the drugs of real queries about equally well, and
//! cosine takes least time. XSum finds fewer. Scores of profiles with other genes are another scale, and cannot be compared.
//!
//! ```
//! use l1kdb::connectivity::{CosineQuery, GeneSets, GeneWeights, Score, Scratch, WtcsQuery};
//!
//! let profile = [3.0, 2.0, 0.5, 0.0, -0.5, -1.0, -2.0, -4.0];
//! let mut scratch = Scratch::default();
//!
//! // Values of a query, NaN where it has none.
//! let cosine = CosineQuery::new(&[2.0, 3.0, -0.5, f32::NAN, 0.0, -2.0, -1.0, -3.0])?;
//! assert!(cosine.score(&profile, &mut scratch).unwrap() > 0.8);
//!
//! // Genes that rise, and genes that fall.
//! let sets = GeneSets::new(&[0, 1], &[6, 7], 8)?;
//! let wtcs = WtcsQuery::new(&sets, GeneWeights::Magnitude);
//! assert_eq!(wtcs.score(&profile, &mut scratch), Some(1.0));
//! # Ok::<(), l1kdb::connectivity::ConnectivityError>(())
//! ```

mod cmap;
mod cosine;
mod enrichment;
mod error;
mod extremes;
mod gene_sets;
mod known;
mod order;
mod score;
mod spearman;
mod wtcs;
mod zhang;

pub use cmap::{
    Summary, fdr_q, fdr_q_nlog10, max_quantile, norm_cs, over_cell_lines, summaries, tau, tau_reference,
};
pub use cosine::{CosineQuery, PearsonQuery};
pub use error::{ConnectivityError, Side};
pub use extremes::{MIN_SHARED, XCos, XCosQuery, XSumQuery};
pub use gene_sets::GeneSets;
pub use score::{Reversed, Score, Scratch, scores};
pub use spearman::SpearmanQuery;
pub use wtcs::{EnrichmentScores, GeneWeights, SetEnrichment, WtcsDetails, WtcsQuery};
pub use zhang::ZhangQuery;
