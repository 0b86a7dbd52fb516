//! How well an embedding does on drugs that it has never seen.

use l1kdb::eval::{EvalError, Quantiles, QueryQuantiles, SameLabel, query_quantiles, summarise};

use crate::{Dataset, TrainError};

/// Quantiles gathered over held-out sets. Queries and candidates are always of the same held-out set.
#[derive(Debug, Default, Clone)]
pub struct Assessment {
    queries: Vec<QueryQuantiles>,
    same_cell: Vec<f64>,
    other_cell: Vec<f64>,
}

/// What an [`Assessment`] says.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Over all same-drug pairs.
    pub all: SameLabel,
    /// Pairs in one cell line; `None` when there is no such pair.
    pub same_cell: Option<Stratum>,
    /// Pairs in two cell lines.
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
    /// Adds one held-out set with its embeddings (n x dimension, row-major), `drugs` being its labels.
    ///
    /// # Errors
    /// [`TrainError::Eval`] when the set has no two profiles of one drug, or no two drugs.
    pub fn add(
        &mut self,
        held_out: &Dataset,
        drugs: &[u32],
        embeddings: &[f32],
        dimension: usize,
    ) -> Result<(), TrainError> {
        let found = query_quantiles(embeddings, dimension, drugs)?;
        found.iter().for_each(|query| self.divide_by_cell(held_out, query));
        self.queries.extend(found);
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

    /// Pools another assessment into this one.
    pub fn merge(&mut self, other: Self) {
        self.queries.extend(other.queries);
        self.same_cell.extend(other.same_cell);
        self.other_cell.extend(other.other_cell);
    }

    /// The figures of all sets together.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] when nothing was added.
    pub fn figures(&self) -> Result<Figures, EvalError> {
        Ok(Figures {
            all: summarise(&self.queries)?,
            same_cell: Stratum::of(&self.same_cell),
            other_cell: Stratum::of(&self.other_cell),
        })
    }
}

impl Stratum {
    fn of(quantiles: &[f64]) -> Option<Self> {
        let positives = quantiles.len();
        Quantiles::new(quantiles.to_vec()).map(|quantiles| Self { auc_quantile: quantiles.auc(), positives })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use l1kdb::profile::GENES;

    /// Six drugs of four profiles; a profile's embedding is its drug's axis.
    fn held_out() -> (Dataset, Vec<f32>) {
        let drugs: Vec<String> = (0..24).map(|row| format!("drug {}", row / 4)).collect();
        let cells: Vec<_> = (0..24).map(|row| Some(["PC3", "A375"][row % 2])).collect();
        let embeddings =
            (0..24).flat_map(|row| (0..6).map(move |axis| f32::from(u8::from(axis == row / 4)))).collect();
        (Dataset::new(vec![0.0; 24 * GENES], &drugs, &cells), embeddings)
    }

    #[test]
    fn a_perfect_embedding_finds_every_pair_in_and_across_cell_lines() {
        let (dataset, embeddings) = held_out();
        let mut assessment = Assessment::default();
        assessment.add(&dataset, &dataset.drugs, &embeddings, 6).unwrap();
        let figures = assessment.figures().unwrap();
        assert_eq!(figures.all.auc_quantile, 1.0);
        let pairs = [figures.same_cell, figures.other_cell].map(|stratum| stratum.unwrap().positives);
        assert_eq!(pairs, [24, 48]);
    }

    #[test]
    fn nothing_held_out_is_an_error_and_not_a_figure() {
        assert_eq!(Assessment::default().figures(), Err(EvalError::NoPositive { labels: 0 }));
    }
}
