//! How well a network does on drugs it has never seen, beside the baselines that its figures mean nothing without.

use l1kdb::eval::{EvalError, Quantiles, QueryQuantiles, SameLabel, query_quantiles, summarise};
use l1kdb::profile::GENES;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::{Dataset, TrainError};

/// Quantiles gathered over held-out sets. Queries and candidates are always of the same held-out set.
#[derive(Debug, Default)]
pub struct Assessment {
    embedding: Vec<QueryQuantiles>,
    raw_cosine: Vec<QueryQuantiles>,
    permuted: Vec<QueryQuantiles>,
    same_cell: Vec<f64>,
    other_cell: Vec<f64>,
}

/// What an [`Assessment`] says.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Of the network.
    pub embedding: SameLabel,
    /// Of the cosine over the 978 z-scores, same queries and candidates.
    pub raw_cosine: SameLabel,
    /// Of the network, with the labels of the held-out profiles permuted: chance.
    pub permuted: SameLabel,
    /// Of the network, for positives in the query's own cell line; `None` when there is no such pair.
    pub same_cell: Option<Stratum>,
    /// Of the network, for positives in another cell line.
    pub other_cell: Option<Stratum>,
}

/// The part of the pairs that share a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// `1 - mean quantile` of the pairs.
    pub auc_quantile: f64,
    /// Number of pairs.
    pub positives: usize,
}

impl Assessment {
    /// Adds one held-out set with its embeddings (n x dimension, row-major). `seed` permutes the labels.
    ///
    /// # Errors
    /// [`TrainError::Eval`] when the set has no two profiles of one drug, or no two drugs.
    pub fn add(
        &mut self,
        held_out: &Dataset,
        embeddings: &[f32],
        dimension: usize,
        seed: u64,
    ) -> Result<(), TrainError> {
        let mut permuted = held_out.drugs.clone();
        permuted.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let found = query_quantiles(embeddings, dimension, &held_out.drugs)?;
        found.iter().for_each(|query| self.divide_by_cell(held_out, query));
        self.embedding.extend(found);
        self.raw_cosine.extend(query_quantiles(&held_out.values, GENES, &held_out.drugs)?);
        self.permuted.extend(query_quantiles(embeddings, dimension, &permuted)?);
        Ok(())
    }

    fn divide_by_cell(&mut self, held_out: &Dataset, query: &QueryQuantiles) {
        let Some(cell) = held_out.cells[query.query] else { return };
        for (&row, &quantile) in query.positives.iter().zip(&query.quantiles) {
            match held_out.cells[row] {
                Some(other) if other == cell => self.same_cell.push(quantile),
                Some(_) => self.other_cell.push(quantile),
                None => (),
            }
        }
    }

    /// The queries of the network so far.
    pub fn embedding(&self) -> &[QueryQuantiles] {
        &self.embedding
    }

    /// Pools another assessment into this one.
    pub fn merge(&mut self, other: Self) {
        self.embedding.extend(other.embedding);
        self.raw_cosine.extend(other.raw_cosine);
        self.permuted.extend(other.permuted);
        self.same_cell.extend(other.same_cell);
        self.other_cell.extend(other.other_cell);
    }

    /// The figures of all sets together.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] when nothing was added.
    pub fn figures(self) -> Result<Figures, EvalError> {
        Ok(Figures {
            embedding: summarise(&self.embedding)?,
            raw_cosine: summarise(&self.raw_cosine)?,
            permuted: summarise(&self.permuted)?,
            same_cell: Stratum::of(self.same_cell),
            other_cell: Stratum::of(self.other_cell),
        })
    }
}

impl Stratum {
    fn of(quantiles: Vec<f64>) -> Option<Self> {
        let positives = quantiles.len();
        Quantiles::new(quantiles).map(|quantiles| Self { auc_quantile: quantiles.auc(), positives })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six drugs of four profiles; a profile's embedding is its drug's axis, its raw values say nothing.
    fn held_out() -> (Dataset, Vec<f32>) {
        let drugs: Vec<String> = (0..24).map(|row| format!("drug {}", row / 4)).collect();
        let cells: Vec<_> = (0..24).map(|row| Some(["PC3", "A375"][row % 2])).collect();
        let values = (0..24 * GENES).map(|i| ((i * 7919 + i * i) % 101) as f32 - 50.0).collect();
        let embeddings =
            (0..24).flat_map(|row| (0..6).map(move |axis| f32::from(u8::from(axis == row / 4)))).collect();
        (Dataset::new(values, &drugs, &cells), embeddings)
    }

    #[test]
    fn a_perfect_embedding_stands_beside_its_baselines() {
        let (dataset, embeddings) = held_out();
        let mut assessment = Assessment::default();
        assessment.add(&dataset, &embeddings, 6, 1).unwrap();
        let figures = assessment.figures().unwrap();
        assert_eq!(figures.embedding.auc_quantile, 1.0);
        assert!(figures.raw_cosine.auc_quantile < 0.8, "{:?}", figures.raw_cosine);
        assert!((figures.permuted.auc_quantile - 0.5).abs() < 0.1, "{:?}", figures.permuted);
        assert_eq!(figures.embedding.positives, figures.raw_cosine.positives);
    }

    #[test]
    fn pairs_are_divided_by_cell_line() {
        let (dataset, embeddings) = held_out();
        let mut assessment = Assessment::default();
        assessment.add(&dataset, &embeddings, 6, 1).unwrap();
        let figures = assessment.figures().unwrap();
        let pairs = [figures.same_cell, figures.other_cell].map(|stratum| stratum.unwrap().positives);
        assert_eq!(pairs, [24, 48]);
    }

    #[test]
    fn nothing_held_out_is_an_error_and_not_a_figure() {
        assert_eq!(Assessment::default().figures(), Err(EvalError::NoPositive { labels: 0 }));
    }
}
