//! Training and figures together: one network to be written, and how networks of its recipe do on unseen drugs.

use std::time::{Duration, Instant};

use l1kdb::progress::{Progress, Quiet};
use l1kdb::split::{Fold, Split};
use l1kdb::study::{self, Label, Matrix, MethodOutcome, Protocol};

use crate::data::seed_of_fold;
use crate::run::RunFolder;
use crate::train::{Recipe, State, Trained, Watch, train};
use crate::{Dataset, TrainError};

/// A trained network and its figures on drugs that the evaluated networks had not seen.
#[derive(Debug)]
pub struct Fitted {
    /// The network to be written.
    pub trained: Trained,
    /// Drugs held out of it.
    pub held_out_drugs: usize,
    /// Raw cosine, whitening, this recipe, permuted labels; empty when nothing was held out.
    pub methods: Vec<MethodOutcome>,
}

/// Where a run keeps what it has done, and how often.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The folder.
    pub folder: &'a RunFolder,
    /// Time between checkpoints.
    pub every: Duration,
}

/// Makes the embeddings of what a fold holds out; see [`Study::cross_validation`](study::Study::cross_validation).
pub type Embedder<'a> = study::Embedder<'a, TrainError>;

/// Evaluates `recipe` on `dataset` by `split`, and trains the network to be written: of a single fold on its training
/// side, after a cross-validation, and without a split, on all drugs. With a record, whatever it holds already is not done
/// again.
///
/// No figure has had a part in choosing anything: the best moment of a training is chosen by further drugs. Whoever
/// compares recipes by these figures makes a choice by them, and should then report figures of drugs that stood
/// outside it.
///
/// # Errors
/// Those of [`train`](crate::train()), and [`TrainError::Split`] when the split shows a network drugs that it is then
/// asked about.
pub fn fit(
    dataset: &Dataset,
    recipe: &Recipe,
    split: Option<&Split>,
    record: Option<Record<'_>>,
    watch: &mut dyn Watch,
) -> Result<Fitted, TrainError> {
    recipe.check()?;
    split.map_or(Ok(()), |split| split.check("drug", &dataset.by_drug()))?;
    let only = split.and_then(only_fold);
    let mut methods = match split {
        Some(split) if only.is_none() => cross_validate(dataset, recipe, split, record, watch)?,
        _ => Vec::new(),
    };
    watch.task("training");
    let rows = only.as_ref().map_or_else(|| (0..dataset.len()).collect(), |fold| fold.train.clone());
    let state = record.map(|record| record.folder.state()).transpose()?.flatten();
    let trained = train(dataset, &rows, recipe, state, &mut Recorder::new(record, watch))?;
    let mut held_out_drugs = 0;
    if let (Some(split), Some(fold)) = (split, only) {
        let sizes = dataset.drug_sizes_among(&fold.held_out);
        held_out_drugs = sizes.iter().filter(|&&size| size > 0).count();
        let mut embed = |_: usize, fold: &Fold| embedded(&trained, dataset, fold);
        methods = beside_whitening(dataset, split, recipe.seed, &mut embed, watch.progress())?;
    }
    Ok(Fitted { trained, held_out_drugs, methods })
}

/// The fold of a split that has a single one.
fn only_fold(split: &Split) -> Option<Fold> {
    let mut folds = split.folds();
    folds.next().filter(|_| folds.next().is_none())
}

/// Every fold's networks on its held-out drugs.
fn cross_validate(
    dataset: &Dataset,
    recipe: &Recipe,
    split: &Split,
    record: Option<Record<'_>>,
    watch: &mut dyn Watch,
) -> Result<Vec<MethodOutcome>, TrainError> {
    let (number, in_repeat) = (split.folds().count(), split.design().folds());
    let mut embed = |at: usize, fold: &Fold| {
        let length = fold.held_out.len() * recipe.dim;
        let kept =
            record.map(|record| record.folder.fold(fold.repeat, at % in_repeat, length)).transpose()?;
        if let Some(values) = kept.flatten() {
            return Ok(Matrix::new("kept", values, recipe.dim)?);
        }
        watch.task(&format!("fold {} of {number}", at + 1));
        let recipe = Recipe { seed: seed_of_fold(recipe.seed, split.design(), at), ..recipe.clone() };
        let trained = train(dataset, &fold.train, &recipe, None, watch)?;
        let embeddings = embedded(&trained, dataset, fold)?;
        if let Some(record) = record {
            record.folder.save_fold(fold.repeat, at % in_repeat, embeddings.rows().values())?;
        }
        Ok(embeddings)
    };
    // The trainings show how far they have come.
    beside_whitening(dataset, split, recipe.seed, &mut embed, &Quiet)
}

/// The recipe beside raw cosine, the plainest learnt baseline, and chance.
fn beside_whitening(
    dataset: &Dataset,
    split: &Split,
    seed: u64,
    embed: &mut Embedder<'_>,
    progress: &dyn Progress,
) -> Result<Vec<MethodOutcome>, TrainError> {
    let mut whitening = |at: usize, fold: &Fold| {
        embed_by(&Recipe::whitening(), dataset, fold, seed_of_fold(seed, split.design(), at))
    };
    let methods: &mut [(String, &mut Embedder<'_>)] =
        &mut [("whitening".to_owned(), &mut whitening), ("this recipe".to_owned(), embed)];
    dataset.study.cross_validation(&protocol(split), methods, progress)
}

/// Returns how signatures of held-out drugs are asked for the others of their drug: by cosine, without intervals.
pub fn protocol(split: &Split) -> Protocol {
    Protocol::new(Label::Drug).split(split.clone()).bootstrap(0)
}

/// Trains by `recipe` but with this seed on a fold's training side, unwatched, and embeds what it holds out.
///
/// # Errors
/// As [`train`](crate::train()).
pub fn embed_by(recipe: &Recipe, dataset: &Dataset, fold: &Fold, seed: u64) -> Result<Matrix, TrainError> {
    let recipe = Recipe { seed, ..recipe.clone() };
    let trained = train(dataset, &fold.train, &recipe, None, &mut crate::train::Unwatched)?;
    embedded(&trained, dataset, fold)
}

/// What a network makes of the profiles that a fold holds out.
fn embedded(trained: &Trained, dataset: &Dataset, fold: &Fold) -> Result<Matrix, TrainError> {
    let values = trained.embed(&dataset.profiles(&fold.held_out));
    Ok(Matrix::new("trained", values, trained.network.architecture.dim())?)
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
