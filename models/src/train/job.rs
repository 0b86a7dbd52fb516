//! What is trained on what, and what every step asks.

use super::batches::{Batch, Batches, Members, members_for};
use super::recipe::{Loss, Negatives, Recipe};
use crate::Dataset;
use crate::data::Standardiser;
use crate::loss::{Softmax, Triplet, TripletLoss};
use crate::network::Architecture;

/// What stays the same over a training.
pub(crate) struct Job<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) standardiser: &'a Standardiser,
    pub(crate) recipe: &'a Recipe,
    pub(crate) architecture: Architecture,
}

/// What a batch is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Objective {
    Softmax(Softmax),
    Triplets(Triplets),
}

/// A loss over triplets, and how they lie in a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Triplets {
    pub(crate) loss: TripletLoss,
    pub(crate) members: Members,
    /// Whether negatives are looked for in the batch.
    pub(crate) mined: bool,
}

impl Triplets {
    /// Rows of a triplet in a batch.
    pub(crate) fn group(&self) -> usize {
        if self.members == Members::All { 3 } else { 2 }
    }

    /// The triplets that rows in groups make.
    pub(crate) fn of_rows(&self, rows: usize) -> Vec<Triplet> {
        let group = self.group();
        let member = |first: usize, number: usize| first + number.min(group - 1);
        let triplet =
            |first| Triplet { anchor: first, positive: member(first, 1), negative: member(first, 2) };
        (0..rows / group).map(|number| triplet(number * group)).collect()
    }
}

/// One use of an optimiser within a step.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) batch: Batch,
    pub(crate) objective: Objective,
    /// Which optimiser.
    pub(crate) optimiser: usize,
}

impl Job<'_> {
    /// Optimisers that the loss needs.
    pub(crate) fn optimisers(&self) -> usize {
        if self.recipe.loss == Loss::TripletStages { 2 } else { 1 }
    }

    /// Stage `number` of step `step` of `steps`.
    pub(crate) fn stage(&self, batches: &mut Batches<'_>, step: u64, steps: u64, number: usize) -> Stage {
        let recipe = self.recipe;
        let margin = recipe.margin_at(step as usize, steps as usize);
        let mined = recipe.negatives == Negatives::SemiHard;
        let triplets = |loss, members| Objective::Triplets(Triplets { loss, members, mined });
        let (batch, objective) = match recipe.loss {
            Loss::Softmax => {
                let softmax = Softmax { margin, smoothing: recipe.label_smoothing };
                (batches.profiles(step), Objective::Softmax(softmax))
            }
            Loss::TripletMargin => {
                let members = members_for(recipe.loss, recipe.negatives);
                (batches.triplets(step, members), triplets(TripletLoss::Margin(margin), members))
            }
            Loss::TripletStages if number == 0 => {
                let members = Members::AnchorPositive;
                let pull = Triplets { loss: TripletLoss::Pull, members, mined: false };
                (batches.triplets(step, members), Objective::Triplets(pull))
            }
            Loss::TripletStages => {
                let members = if mined { Members::AnchorPositive } else { Members::AnchorNegative };
                (batches.triplets(step, members), triplets(TripletLoss::Push, members))
            }
        };
        Stage { batch, objective, optimiser: number }
    }
}
