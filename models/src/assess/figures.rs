//! How well an embedding does on drugs that it has never seen.

use l1kdb::eval::{EvalError, RetrievalResults, Strata, Sums};
use l1kdb::stats::Bootstrap;

use super::same_label::{SameLabel, retrieve};
use crate::{Dataset, TrainError};

/// What held-out sets found, gathered. Queries and candidates are always of the same held-out set; a drug that is held
/// out several times is one drug in the macro figures.
#[derive(Debug, Default, Clone)]
pub struct Assessment(RetrievalResults);

/// Places of the strata.
const SAME_CELL: u16 = 0;
const OTHER_CELL: u16 = 1;

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
    /// Adds one held-out set with its embeddings (n x dimension, row-major), `drugs` being its labels: numbers that mean
    /// the same drug in every set, as [`Dataset::subset`] keeps them.
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
        let names = ["same", "other"].map(|part| ("cell line".to_owned(), part.to_owned()));
        let of_pair = |query: usize, positive: usize, strata: &mut Vec<u16>| {
            strata.extend(by_cell(held_out.cells[query], held_out.cells[positive]));
        };
        let strata = Strata { names: &names, of_pair: &of_pair };
        self.0.absorb(retrieve(embeddings, dimension, drugs, Some(strata))?);
        Ok(())
    }

    /// Pools another assessment into this one.
    pub fn merge(&mut self, other: Self) {
        self.0.absorb(other.0);
    }

    /// What was gathered.
    pub fn tally(&self) -> &RetrievalResults {
        &self.0
    }

    /// The figures of all sets together.
    ///
    /// # Errors
    /// [`EvalError::NoPositive`] when nothing was added.
    pub fn figures(&self) -> Result<Figures, EvalError> {
        let all = SameLabel::of(&self.0)?;
        // The sums are wanted, and no interval.
        let strata = self.0.strata(Bootstrap { replicates: 0, seed: 0 });
        let stratum = |wanted| {
            strata.iter().find(|found| found.stratum == wanted).map(|found| Stratum::of(&found.sums))
        };
        Ok(Figures { all, same_cell: stratum(SAME_CELL), other_cell: stratum(OTHER_CELL) })
    }
}

/// The stratum of a pair; none where a cell line is not known.
fn by_cell(query: Option<u32>, positive: Option<u32>) -> Option<u16> {
    query.zip(positive).map(|(one, other)| if one == other { SAME_CELL } else { OTHER_CELL })
}

impl Stratum {
    fn of(sums: &Sums) -> Self {
        Self { auc_quantile: sums.auc_quantile(), positives: sums.pairs as usize }
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
    fn pairs_of_unknown_cell_line_are_in_neither_stratum() {
        let (mut dataset, embeddings) = held_out();
        dataset.cells = (0..24).map(|row| (row >= 4).then_some(0)).collect();
        let mut assessment = Assessment::default();
        assessment.add(&dataset, &dataset.drugs, &embeddings, 6).unwrap();
        let figures = assessment.figures().unwrap();
        assert_eq!((figures.all.positives, figures.other_cell), (72, None));
        assert_eq!(figures.same_cell.map(|stratum| stratum.positives), Some(60));
    }

    #[test]
    fn drugs_of_two_folds_stay_two_drugs_when_pooled() {
        let (dataset, embeddings) = held_out();
        let folds: [Vec<usize>; 2] = [(0..12).collect(), (12..24).collect()];
        let mut assessment = Assessment::default();
        for rows in &folds {
            let mut fold = Assessment::default();
            let held_out = dataset.subset(rows);
            let embeddings = &embeddings[rows[0] * 6..][..12 * 6];
            fold.add(&held_out, &held_out.drugs, embeddings, 6).unwrap();
            assessment.merge(fold);
        }
        assert_eq!(assessment.figures().unwrap().all.labels, 6);
        assert_eq!(assessment.tally().drugs().map(|(drug, _)| drug).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn nothing_held_out_is_an_error_and_not_a_figure() {
        assert_eq!(Assessment::default().figures(), Err(EvalError::NoPositive { labels: 0 }));
    }
}
