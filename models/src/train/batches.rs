//! Which profiles every step sees. A batch is a function of seed and step alone, so training can go on from any step.

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::recipe::{Loss, Negatives, Recipe};
use crate::network::SLAB;
use crate::network::tape::stream;
use crate::{Dataset, TrainError};

/// What random numbers are for.
const ORDER: u64 = 1;
const DRAWN: u64 = 2;
const PARTNERS: u64 = 3;
const TRIPLETS: u64 = 4;

/// The profiles to train on: rows of a data set and the class of each.
#[derive(Debug)]
pub(crate) struct Classes {
    pub(crate) rows: Vec<u32>,
    pub(crate) labels: Vec<u32>,
    /// The positions in `rows` of every class.
    members: Vec<Vec<u32>>,
}

impl Classes {
    /// Numbers the drugs of `rows` that have at least `least` of them there.
    pub(crate) fn new(dataset: &Dataset, rows: &[usize], least: usize) -> Self {
        let sizes = dataset.drug_sizes_among(rows);
        let mut number = vec![None; sizes.len()];
        let mut classes = Self { rows: Vec::new(), labels: Vec::new(), members: Vec::new() };
        for &row in rows {
            let drug = dataset.drugs[row] as usize;
            if sizes[drug] < least.max(1) {
                continue;
            }
            let label = *number[drug].get_or_insert_with(|| {
                classes.members.push(Vec::new());
                classes.members.len() - 1
            });
            classes.members[label].push(classes.rows.len() as u32);
            classes.rows.push(row as u32);
            classes.labels.push(label as u32);
        }
        classes
    }

    pub(crate) fn count(&self) -> usize {
        self.members.len()
    }

    /// Classes with a single profile.
    pub(crate) fn singles(&self) -> usize {
        self.members.iter().filter(|members| members.len() == 1).count()
    }

    fn several(&self) -> Vec<u32> {
        (0..self.members.len() as u32).filter(|&label| self.members[label as usize].len() > 1).collect()
    }
}

/// The profiles of one step.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Batch {
    /// Rows of the data set.
    pub(crate) rows: Vec<u32>,
    /// The class of each.
    pub(crate) labels: Vec<u32>,
    /// A row to mix each with, and its share; empty when nothing is mixed.
    pub(crate) partners: Vec<(u32, f32)>,
    /// Rows that belong together: 1, or anchor and others in turn.
    pub(crate) group: usize,
    /// Distinguishes this batch's noise.
    pub(crate) key: [u64; 2],
}

impl Batch {
    /// Rows that are taken through a network together: whole groups.
    pub(crate) fn slab(&self) -> usize {
        SLAB / self.group * self.group
    }
}

/// Which members of triplets a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Members {
    AnchorPositive,
    AnchorNegative,
    All,
}

/// The batches of a training.
pub(crate) struct Batches<'a> {
    classes: &'a Classes,
    recipe: &'a Recipe,
    /// Sums of the probabilities of rows, for drawing drugs more alike than they are profiled.
    cumulative: Vec<f64>,
    /// Drugs with two or more profiles.
    several: Vec<u32>,
    /// The epoch whose order or triplets are at hand.
    epoch: Option<u64>,
    order: Vec<u32>,
    triplets: Vec<[u32; 3]>,
}

impl<'a> Batches<'a> {
    /// # Errors
    /// [`TrainError::TooFewDrugs`] when there are not two drugs, or for triplets not two with two profiles.
    pub(crate) fn new(classes: &'a Classes, recipe: &'a Recipe) -> Result<Self, TrainError> {
        let several = classes.several();
        let drugs = if recipe.loss == Loss::Softmax { classes.count() } else { several.len() };
        if drugs < 2 {
            return Err(TrainError::TooFewDrugs { drugs, expected: 2 });
        }
        let mut total = 0.0;
        let weight = |&label: &u32| {
            let size = classes.members[label as usize].len() as f64;
            total += size.powf(-f64::from(recipe.balance));
            total
        };
        let cumulative =
            if recipe.balance > 0.0 { classes.labels.iter().map(weight).collect() } else { Vec::new() };
        let (order, triplets) = (Vec::new(), Vec::new());
        Ok(Self { classes, recipe, cumulative, several, epoch: None, order, triplets })
    }

    /// Profiles, or triplets, of an epoch.
    pub(crate) fn items(&self) -> usize {
        match self.recipe.loss {
            Loss::Softmax => self.classes.rows.len(),
            Loss::TripletStages | Loss::TripletMargin => self.several.len() * self.recipe.triplets_per_drug,
        }
    }

    /// Profiles, or triplets, of a step.
    pub(crate) fn size(&self) -> usize {
        self.recipe.batch.min(self.items())
    }

    /// Profiles of step `step`, for telling drugs apart.
    pub(crate) fn profiles(&mut self, step: u64) -> Batch {
        let positions: Vec<u32> =
            if self.cumulative.is_empty() { self.in_order(step) } else { self.drawn(step) };
        self.batch(&positions, 1, [self.recipe.seed, step])
    }

    /// Members of the triplets of step `step`, in turn.
    pub(crate) fn triplets(&mut self, step: u64, members: Members) -> Batch {
        let taken = match members {
            Members::AnchorPositive => [0, 1].as_slice(),
            Members::AnchorNegative => &[0, 2],
            Members::All => &[0, 1, 2],
        };
        let mut positions = Vec::with_capacity(taken.len() * self.size());
        for at in self.range(step) {
            let triplet = self.triplet(at);
            positions.extend(taken.iter().map(|&member| triplet[member]));
        }
        // The second stage of a step sees the same triplets under other noise.
        self.batch(&positions, taken.len(), [self.recipe.seed, step << 2 | members as u64])
    }

    fn batch(&self, positions: &[u32], group: usize, key: [u64; 2]) -> Batch {
        Batch {
            rows: positions.iter().map(|&at| self.classes.rows[at as usize]).collect(),
            labels: positions.iter().map(|&at| self.classes.labels[at as usize]).collect(),
            partners: self.partners(positions, key),
            group,
            key,
        }
    }

    /// Positions in the endless row of epochs that a step takes.
    fn range(&self, step: u64) -> std::ops::Range<u64> {
        let size = self.size() as u64;
        step * size..(step + 1) * size
    }

    fn in_order(&mut self, step: u64) -> Vec<u32> {
        let items = self.items() as u64;
        self.range(step).map(|at| self.order_of(at / items)[(at % items) as usize]).collect()
    }

    /// All positions in the order of an epoch.
    fn order_of(&mut self, epoch: u64) -> &[u32] {
        if self.epoch != Some(epoch) {
            self.order = (0..self.items() as u32).collect();
            self.order.shuffle(&mut stream([self.recipe.seed, epoch], ORDER));
            self.epoch = Some(epoch);
        }
        &self.order
    }

    fn drawn(&self, step: u64) -> Vec<u32> {
        let mut rng = stream([self.recipe.seed, step], DRAWN);
        let total = self.cumulative.last().copied().unwrap_or(0.0);
        let mut one = || {
            let at = rng.random::<f64>() * total;
            self.cumulative.partition_point(|&sum| sum <= at).min(self.cumulative.len() - 1) as u32
        };
        (0..self.size()).map(|_| one()).collect()
    }

    /// Triplet `at` of the endless row of epochs, as positions.
    fn triplet(&mut self, at: u64) -> [u32; 3] {
        let items = self.items() as u64;
        let (epoch, at) = (at / items, (at % items) as usize);
        if self.triplets.is_empty() || (self.recipe.resample && self.epoch != Some(epoch)) {
            self.triplets = self.draw_triplets(if self.recipe.resample { epoch } else { 0 });
        }
        let place = self.order_of(epoch)[at];
        self.triplets[place as usize]
    }

    fn draw_triplets(&self, epoch: u64) -> Vec<[u32; 3]> {
        let mut rng = stream([self.recipe.seed, epoch], TRIPLETS);
        let per_drug = self.recipe.triplets_per_drug;
        let of_drug = |&label: &u32| (0..per_drug).map(move |_| label);
        self.several.iter().flat_map(of_drug).map(|label| self.draw_triplet(label, &mut rng)).collect()
    }

    fn draw_triplet(&self, label: u32, rng: &mut impl Rng) -> [u32; 3] {
        let members = &self.classes.members[label as usize];
        let anchor = below(rng, members.len());
        let positive = (anchor + 1 + below(rng, members.len() - 1)) % members.len();
        let other = (label as usize + 1 + below(rng, self.classes.count() - 1)) % self.classes.count();
        let others = &self.classes.members[other];
        [members[anchor], members[positive], others[below(rng, others.len())]]
    }

    fn partners(&self, positions: &[u32], key: [u64; 2]) -> Vec<(u32, f32)> {
        if self.recipe.mixup == 0.0 {
            return Vec::new();
        }
        let mut rng = stream(key, PARTNERS);
        let mut partner = |&at: &u32| {
            let members = &self.classes.members[self.classes.labels[at as usize] as usize];
            let other = members[below(&mut rng, members.len())];
            let share = if rng.random::<f32>() < self.recipe.mixup { rng.random::<f32>() } else { 0.0 };
            (self.classes.rows[other as usize], share)
        };
        positions.iter().map(&mut partner).collect()
    }
}

fn below(rng: &mut impl Rng, n: usize) -> usize {
    rng.random_range(0..n)
}

/// The members of triplets that a loss needs at a time.
pub(crate) fn members_for(loss: Loss, negatives: Negatives) -> Members {
    match (loss, negatives) {
        (Loss::TripletMargin, Negatives::Random) => Members::All,
        _ => Members::AnchorPositive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use l1kdb::profile::GENES;
    use std::collections::BTreeSet;

    /// Drugs of 1, 2, 3 and 6 profiles.
    fn dataset() -> Dataset {
        let drugs: Vec<String> = [1, 2, 3, 6].iter().flat_map(|&n| vec![format!("drug {n}"); n]).collect();
        let values = (0..12).flat_map(|row| vec![row as f32; GENES]).collect();
        Dataset::new(values, &drugs, &[None; 12]).unwrap()
    }

    fn classes(least: usize) -> Classes {
        Classes::new(&dataset(), &(0..12).collect::<Vec<_>>(), least)
    }

    fn recipe(batch: usize) -> Recipe {
        Recipe { batch, seed: 3, ..Recipe::paper004() }
    }

    #[test]
    fn a_pass_gives_every_profile_once_with_its_own_class() {
        let (classes, recipe) = (classes(1), recipe(5));
        let mut batches = Batches::new(&classes, &recipe).unwrap();
        let seen: Vec<(u32, u32)> = (0..12)
            .flat_map(|step| {
                let batch = batches.profiles(step);
                batch.rows.into_iter().zip(batch.labels).collect::<Vec<_>>()
            })
            .collect();
        for pass in seen.chunks_exact(12) {
            assert_eq!(pass.iter().map(|(row, _)| row).collect::<BTreeSet<_>>().len(), 12);
            assert!(pass.iter().all(|&(row, label)| classes.labels[row as usize] == label));
        }
        assert_ne!(seen[..12], seen[12..24]);
    }

    #[test]
    fn a_batch_depends_on_nothing_but_seed_and_step() {
        let (classes, mut recipe) = (classes(1), recipe(5));
        for loss in [Loss::Softmax, Loss::TripletMargin] {
            (recipe.loss, recipe.resample, recipe.mixup) = (loss, true, 0.5);
            let batch = |steps: &[u64]| {
                let mut batches = Batches::new(&classes, &recipe).unwrap();
                let take = |&step: &u64| match loss {
                    Loss::Softmax => batches.profiles(step),
                    _ => batches.triplets(step, Members::All),
                };
                steps.iter().map(take).collect::<Vec<_>>().pop()
            };
            assert_eq!(batch(&[0, 1, 2, 70]), batch(&[70]));
        }
    }

    #[test]
    fn small_drugs_can_be_drawn_as_often_as_large_ones() {
        let (classes, mut recipe) = (classes(1), recipe(12));
        recipe.balance = 1.0;
        let mut batches = Batches::new(&classes, &recipe).unwrap();
        let mut counts = [0; 4];
        (0..500).for_each(|step| {
            batches.profiles(step).labels.iter().for_each(|&label| counts[label as usize] += 1);
        });
        assert!(counts.iter().all(|&count| (1300..1700).contains(&count)), "{counts:?}");
    }

    #[test]
    fn a_triplet_is_two_profiles_of_a_drug_and_one_of_another() {
        let (classes, mut recipe) = (classes(1), recipe(7));
        recipe.loss = Loss::TripletMargin;
        let mut batches = Batches::new(&classes, &recipe).unwrap();
        assert_eq!(batches.items(), 3 * 50);
        for step in 0..40 {
            let batch = batches.triplets(step, Members::All);
            for (rows, labels) in batch.rows.chunks_exact(3).zip(batch.labels.chunks_exact(3)) {
                assert!(rows[0] != rows[1] && labels[0] == labels[1] && labels[2] != labels[0]);
            }
        }
        let pairs = batches.triplets(3, Members::AnchorNegative);
        let all = batches.triplets(3, Members::All);
        assert_eq!((pairs.rows[2], pairs.rows[3]), (all.rows[3], all.rows[5]));
    }

    #[test]
    fn drugs_with_too_few_profiles_are_left_out_and_too_few_drugs_refused() {
        assert_eq!((classes(1).count(), classes(1).singles()), (4, 1));
        assert_eq!((classes(3).count(), classes(3).rows.len()), (2, 9));
        let few = classes(6);
        let error = Batches::new(&few, &recipe(4)).err();
        assert!(matches!(error, Some(TrainError::TooFewDrugs { drugs: 1, .. })));
    }
}
