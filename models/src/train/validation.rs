//! A look at how a training does on drugs that it has not seen.

use l1kdb::Rows;
use l1kdb::eval::{EvalError, Positives, PreparedRows, RetrievalResults, RetrievalSet, Similarity};
use l1kdb::progress::Quiet;

use super::state::Validation;
use crate::data::Standardiser;
use crate::network::Network;
use crate::{Dataset, TrainError};

/// Profiles are looked at often; more than this do not tell more.
const MAX_PROFILES: usize = 3_000;

/// Profiles of drugs that are held out to choose the best moment by; none where nothing is chosen.
pub(crate) struct ValidationSet {
    values: Vec<f32>,
    drugs: Vec<u32>,
}

impl ValidationSet {
    /// Takes some of the profiles in `rows`, whole drugs, so that those that are left keep their pairs.
    pub(crate) fn new(dataset: &Dataset, mut rows: Vec<usize>) -> Self {
        rows.sort_by_key(|&row| dataset.drugs[row]);
        let differ = |at: &usize| dataset.drugs[rows[*at]] != dataset.drugs[rows[at - 1]];
        let end = (MAX_PROFILES.min(rows.len())..rows.len()).find(differ).unwrap_or(rows.len());
        rows.truncate(end);
        Self { values: dataset.profiles(&rows), drugs: rows.iter().map(|&row| dataset.drugs[row]).collect() }
    }

    /// Number of profiles.
    pub(crate) fn len(&self) -> usize {
        self.drugs.len()
    }

    /// The figures of a network; `None` without profiles.
    pub(crate) fn look(
        &self,
        network: &Network,
        standardiser: &Standardiser,
    ) -> Result<Option<Validation>, TrainError> {
        if self.drugs.is_empty() {
            return Ok(None);
        }
        let embeddings = network.embed(&standardiser.apply(&self.values));
        let embeddings = Rows::new(&embeddings, network.architecture.dim())?;
        Ok(Some(figures(embeddings, &self.drugs)?))
    }
}

/// What unit rows find among each other. A network may die and map a profile to zeros: such a row is as near to one row
/// as to another, which costs the network its figures and does not end the training.
fn figures(unit: Rows<'_>, drugs: &[u32]) -> Result<Validation, EvalError> {
    let prepared = PreparedRows::new(unit, Similarity::Dot)?;
    let positives = Positives::of_labels(drugs);
    let mut found = RetrievalResults::default();
    found.add(&RetrievalSet::new(&prepared, &positives, drugs), &Quiet)?;
    let figures = found.figures()?;
    let (auc, macro_auc) = (figures.micro.auc_quantile, figures.per_label.auc_quantile);
    Ok(Validation { auc, macro_auc, queries: found.queries() as usize })
}

#[cfg(test)]
mod tests {
    use super::*;
    use l1kdb::profile::GENES;

    #[test]
    fn a_dead_network_scores_chance_and_a_perfect_one_no_less_than_all() {
        let chance = figures(Rows::new(&[0.0; 8], 2).unwrap(), &[0, 0, 1, 1]).unwrap();
        assert_eq!((chance.auc, chance.macro_auc, chance.queries), (0.5, 0.5, 4));
        let rows = [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let perfect = figures(Rows::new(&rows, 2).unwrap(), &[0, 0, 1, 1]).unwrap();
        assert_eq!((perfect.auc, perfect.macro_auc), (1.0, 1.0));
    }

    #[test]
    fn a_value_that_is_no_number_is_refused() {
        let rows = [1.0, 0.0, f32::NAN, 0.0];
        let found = figures(Rows::new(&rows, 2).unwrap(), &[0, 0]).unwrap_err();
        assert_eq!(found, EvalError::NotFinite { row: 1.into() });
    }

    #[test]
    fn a_set_that_is_cut_ends_with_a_whole_drug() {
        let drugs: Vec<String> = (0..3_200).map(|row| format!("drug {:04}", row / 7)).collect();
        let dataset = Dataset::new(vec![0.0; 3_200 * GENES], &drugs, &vec![None; 3_200]).unwrap();
        let set = ValidationSet::new(&dataset, (0..3_200).collect());
        assert_eq!((set.len(), set.values.len()), (429 * 7, 429 * 7 * GENES));
    }
}
