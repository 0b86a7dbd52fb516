//! Training and evaluation together: one split, or cross-validation, always by drug.

use burn::tensor::backend::AutodiffBackend;
use l1kdb::eval::summarise;
use l1kdb::progress::Progress;

use crate::assess::{Assessment, Figures};
use crate::split::{Split, folds, hold_out};
use crate::train::{Trained, train};
use crate::{Dataset, Recipe, Shape, TrainError};

/// How figures on unseen drugs are come by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Protocol {
    /// A share of the drugs is held out, and the network that is written has not seen them. 0: no figures.
    HoldOut {
        /// Share of the drugs.
        share: f64,
    },
    /// Every drug is held out once in each of `repeats` divisions into `folds`; the network that is written is
    /// trained afterwards on all drugs, and the figures are those of the recipe.
    CrossValidation {
        /// Folds.
        folds: usize,
        /// Divisions.
        repeats: usize,
    },
}

/// A trained network and its figures on drugs that the evaluated networks had not seen.
#[derive(Debug)]
pub struct Outcome {
    /// The network to be written.
    pub trained: Trained,
    /// Rows it was trained on.
    pub train_rows: Vec<usize>,
    /// Drugs held out of it.
    pub held_out_drugs: usize,
    /// `None` when nothing was held out.
    pub figures: Option<Figures>,
    /// Pooled AUC of each repeat of a cross-validation: how much the division matters.
    pub auc_by_repeat: Vec<f64>,
}

/// Evaluates `recipe` on `dataset` by `protocol`, and trains the network to be written.
///
/// No figure has had a part in choosing anything: training lasts as long as the recipe says, whatever the held-out
/// drugs would prefer. Whoever compares recipes by these figures makes that choice, and should then report figures
/// of drugs that stood outside it.
///
/// # Errors
/// Those of [`train`](crate::train()) and of the splits.
pub fn run<B: AutodiffBackend>(
    dataset: &Dataset,
    shape: Shape,
    recipe: &Recipe,
    protocol: Protocol,
    device: &B::Device,
    progress: &dyn Progress,
) -> Result<Outcome, TrainError> {
    let fit =
        |rows: &[usize], recipe: &Recipe| train::<B>(&dataset.subset(rows), shape, recipe, device, progress);
    match protocol {
        Protocol::HoldOut { share } => {
            let split = hold_out(dataset, share, recipe.seed)?;
            let trained = fit(&split.train, recipe)?;
            let mut assessment = Assessment::default();
            let held_out_drugs = assess(dataset, &split, &trained, &mut assessment, recipe.seed)?;
            let figures = (share > 0.0).then(|| assessment.figures()).transpose()?;
            Ok(Outcome {
                trained,
                train_rows: split.train,
                held_out_drugs,
                figures,
                auc_by_repeat: Vec::new(),
            })
        }
        Protocol::CrossValidation { folds, repeats } => {
            let (figures, auc_by_repeat) = cross_validate(dataset, recipe, folds, repeats, fit)?;
            let train_rows: Vec<usize> = (0..dataset.len()).collect();
            let trained = fit(&train_rows, recipe)?;
            Ok(Outcome { trained, train_rows, held_out_drugs: 0, figures: Some(figures), auc_by_repeat })
        }
    }
}

fn cross_validate(
    dataset: &Dataset,
    recipe: &Recipe,
    number: usize,
    repeats: usize,
    fit: impl Fn(&[usize], &Recipe) -> Result<Trained, TrainError>,
) -> Result<(Figures, Vec<f64>), TrainError> {
    TrainError::check("repeats", repeats as f64, (1..=1000).contains(&repeats), "1 to 1000")?;
    let (mut all, mut auc_by_repeat) = (Assessment::default(), Vec::new());
    for repeat in 0..repeats as u64 {
        let mut assessment = Assessment::default();
        for (split, fold) in folds(dataset, number, recipe.seed.wrapping_add(repeat))?.iter().zip(0..) {
            let seed = recipe.seed.wrapping_add(1000 * (repeat + 1) + fold);
            let trained = fit(&split.train, &Recipe { seed, ..recipe.clone() })?;
            assess(dataset, split, &trained, &mut assessment, seed)?;
        }
        auc_by_repeat.push(summarise(assessment.embedding())?.auc_quantile);
        all.merge(assessment);
    }
    Ok((all.figures()?, auc_by_repeat))
}

/// Adds the held-out profiles of a split, if there are any, and returns the number of their drugs.
fn assess(
    dataset: &Dataset,
    split: &Split,
    trained: &Trained,
    assessment: &mut Assessment,
    seed: u64,
) -> Result<usize, TrainError> {
    if split.held_out.is_empty() {
        return Ok(0);
    }
    let held_out = dataset.subset(&split.held_out);
    let embeddings = trained.embed(&held_out.values);
    assessment.add(&held_out, &embeddings, trained.net.shape.dimension, seed)?;
    Ok(held_out.drug_sizes().iter().filter(|&&size| size > 0).count())
}
