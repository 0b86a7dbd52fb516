//! Training and figures together: one network to be written, and how networks of its recipe do on unseen drugs.

use std::time::{Duration, Instant};

use l1kdb::progress::{Progress, Quiet};

use crate::assess::{Embedder, Fold, Protocol, Standing, compare};
use crate::run::RunFolder;
use crate::train::{Recipe, State, Trained, Watch, train};
use crate::{Dataset, TrainError};

/// A trained network and its figures on drugs that the evaluated networks had not seen.
#[derive(Debug)]
pub struct Outcome {
    /// The network to be written.
    pub trained: Trained,
    /// Drugs held out of it.
    pub held_out_drugs: usize,
    /// Cosine of z-scores, whitening, this recipe, permuted labels; empty when nothing was held out.
    pub standings: Vec<Standing>,
}

/// Where a run keeps what it has done, and how often.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The folder.
    pub folder: &'a RunFolder,
    /// Time between checkpoints.
    pub every: Duration,
}

/// Evaluates `recipe` on `dataset` by `protocol`, and trains the network to be written: of a single split on its
/// training side, after a cross-validation on all drugs. With a record, whatever it holds already is not done again.
///
/// No figure has had a part in choosing anything: the best moment of a training is chosen by further drugs. Whoever
/// compares recipes by these figures makes a choice by them, and should then report figures of drugs that stood
/// outside it.
///
/// # Errors
/// Those of [`train`](crate::train()) and of the splits.
pub fn fit(
    dataset: &Dataset,
    recipe: &Recipe,
    protocol: Protocol,
    record: Option<Record<'_>>,
    watch: &mut dyn Watch,
) -> Result<Outcome, TrainError> {
    recipe.check()?;
    let folds = protocol.folds(dataset, recipe.seed)?;
    let single = matches!(protocol, Protocol::HoldOut { .. });
    let rows = match folds.first() {
        Some(fold) if single => fold.split.train.clone(),
        _ => (0..dataset.len()).collect(),
    };
    let mut standings = Vec::new();
    if !single {
        standings = cross_validate(dataset, recipe, &folds, record, watch)?;
    }
    watch.task("training");
    let state = record.map(|record| record.folder.state()).transpose()?.flatten();
    let trained = train(dataset, &rows, recipe, state, &mut Recorder::new(record, watch))?;
    let mut held_out_drugs = 0;
    if single && !folds.is_empty() {
        let sizes = dataset.drug_sizes_among(&folds[0].split.held_out);
        held_out_drugs = sizes.iter().filter(|&&size| size > 0).count();
        let mut embed = |_: &Fold, held_out: &Dataset| Ok((trained.embed(&held_out.values), recipe.dim));
        standings = beside_whitening(dataset, &folds, &mut embed, watch.progress())?;
    }
    Ok(Outcome { trained, held_out_drugs, standings })
}

/// Every fold's networks on its held-out drugs.
fn cross_validate(
    dataset: &Dataset,
    recipe: &Recipe,
    folds: &[Fold],
    record: Option<Record<'_>>,
    watch: &mut dyn Watch,
) -> Result<Vec<Standing>, TrainError> {
    let (mut done, number) = (0, folds.len());
    let mut embed = |fold: &Fold, held_out: &Dataset| {
        done += 1;
        let length = held_out.len() * recipe.dim;
        if let Some(record) = record
            && let Some(embeddings) = record.folder.fold(fold.repeat, fold.number, length)?
        {
            return Ok((embeddings, recipe.dim));
        }
        watch.task(&format!("fold {done} of {number}"));
        let recipe = Recipe { seed: fold.seed, ..recipe.clone() };
        let trained = train(dataset, &fold.split.train, &recipe, None, watch)?;
        let embeddings = trained.embed(&held_out.values);
        if let Some(record) = record {
            record.folder.save_fold(fold.repeat, fold.number, &embeddings)?;
        }
        Ok((embeddings, recipe.dim))
    };
    // The trainings show how far they have come.
    beside_whitening(dataset, folds, &mut embed, &Quiet)
}

/// The contender beside raw cosine, the plainest learnt baseline, and chance.
fn beside_whitening(
    dataset: &Dataset,
    folds: &[Fold],
    embed: &mut Embedder<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Standing>, TrainError> {
    let mut whitening =
        |fold: &Fold, held_out: &Dataset| embed_by(&Recipe::whitening(), dataset, fold, held_out);
    let contenders: &mut [(String, &mut Embedder<'_>)] =
        &mut [("whitening".to_owned(), &mut whitening), ("this recipe".to_owned(), embed)];
    compare(dataset, folds, contenders, progress)
}

/// Trains by `recipe` on a fold's training side, unwatched, and embeds its held-out profiles.
///
/// # Errors
/// As [`train`](crate::train()).
pub fn embed_by(
    recipe: &Recipe,
    dataset: &Dataset,
    fold: &Fold,
    held_out: &Dataset,
) -> Result<(Vec<f32>, usize), TrainError> {
    let recipe = Recipe { seed: fold.seed, ..recipe.clone() };
    let trained = train(dataset, &fold.split.train, &recipe, None, &mut crate::train::Unwatched)?;
    Ok((trained.embed(&held_out.values), recipe.dim))
}

/// Passes everything on, and keeps a checkpoint from time to time, at every look, and before an end that was asked
/// for.
struct Recorder<'a> {
    record: Option<Record<'a>>,
    watch: &'a mut dyn Watch,
    saved: Instant,
}

impl<'a> Recorder<'a> {
    fn new(record: Option<Record<'a>>, watch: &'a mut dyn Watch) -> Self {
        Self { record, watch, saved: Instant::now() }
    }

    fn save(&mut self, state: &State) -> Result<(), TrainError> {
        self.saved = Instant::now();
        self.record.map_or(Ok(()), |record| record.folder.save(state))
    }
}

impl Watch for Recorder<'_> {
    fn task(&mut self, name: &str) {
        self.watch.task(name);
    }

    fn begin(&mut self, state: &State, batch: usize) {
        self.watch.begin(state, batch);
    }

    fn stepped(&mut self, state: &State) -> Result<(), TrainError> {
        if let Err(end) = self.watch.stepped(state) {
            self.save(state)?;
            return Err(end);
        }
        match self.record {
            Some(record) if self.saved.elapsed() >= record.every => self.save(state),
            _ => Ok(()),
        }
    }

    fn looked(&mut self, state: &State) -> Result<(), TrainError> {
        self.watch.looked(state)?;
        if let Some(record) = self.record {
            record.folder.log(state)?;
            self.save(state)?;
        }
        Ok(())
    }

    fn end(&mut self) {
        self.watch.end();
    }

    fn progress(&self) -> &dyn Progress {
        self.watch.progress()
    }
}
