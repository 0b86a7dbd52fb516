//! The k nearest drugs vote.

use super::distance::{Nearest, Points};
use super::folds::Part;
use super::labels::Labeling;
use super::learner::{Learner, Task, Verdicts, Work};
use super::{Metric, Sampling};
use crate::eval::EvalError;

/// All combinations of metrics and numbers of neighbours.
pub(super) struct Neighbourhood {
    ks: Vec<usize>,
    metrics: Vec<Metric>,
    weighted: bool,
}

impl Neighbourhood {
    pub(super) fn new(ks: &[usize], metrics: &[Metric], weighted: bool) -> Self {
        Self { ks: ks.to_vec(), metrics: metrics.to_vec(), weighted }
    }

    /// The neighbours of every test drug, as many as the largest k needs.
    fn nearest(&self, metric: Metric, task: &Task<'_>) -> Result<Vec<Nearest>, EvalError> {
        let k = self.ks.iter().copied().max().unwrap_or(1);
        let drugs = task.sampled(task.train);
        // Where both sides are all drugs, a drug has all but itself.
        let others = drugs.len() - usize::from(task.train == task.test);
        if k > others {
            return Err(EvalError::TooManyNeighbours { k, drugs: others });
        }
        let (features, dim) = (&task.data.features, task.data.dim);
        Ok(Points::new(metric, features, dim, drugs).nearest(features, task.test, k))
    }

    fn verdicts(&self, nearest: &[Nearest], k: usize, metric: Metric, labels: &Labeling) -> Verdicts {
        let mut ballot = Ballot::new(labels.classes());
        let mut verdicts = Verdicts::default();
        for nearest in nearest {
            ballot.count(nearest, k, metric, self.weighted, labels);
            verdicts.best.push(ballot.winner());
            verdicts.scores.extend(ballot.shares());
        }
        verdicts
    }
}

impl Learner for Neighbourhood {
    fn configurations(&self) -> Vec<String> {
        let weighted = if self.weighted { ", weighted" } else { "" };
        let of_metric = |metric| self.ks.iter().map(move |k| format!("{metric}, k={k}{weighted}"));
        self.metrics.iter().flat_map(of_metric).collect()
    }

    fn passes_over_itself(&self) -> bool {
        true
    }

    fn judge(&self, configuration: usize, task: &Task<'_>) -> Result<Verdicts, EvalError> {
        let metric = self.metrics[configuration / self.ks.len()];
        let k = self.ks[configuration % self.ks.len()];
        Ok(self.verdicts(&self.nearest(metric, task)?, k, metric, task.labels))
    }

    /// Neighbours are found once for every metric, and then vote for each k and, where sampling does not depend on
    /// the labels, under each labeling.
    fn judge_all(&self, part: &Part, work: &Work<'_>) -> Result<Vec<Vec<Verdicts>>, EvalError> {
        let mut judged = vec![Vec::new(); work.labelings.len()];
        for (place, &metric) in self.metrics.iter().enumerate() {
            let nearest = self.nearest(metric, &work.task(part, &work.labelings[0], 0))?;
            let first = |&k: &usize| self.verdicts(&nearest, k, metric, &work.labelings[0]);
            judged[0].extend(self.ks.iter().map(first));
            if place > 0 {
                continue;
            }
            for (run, labels) in work.labelings.iter().enumerate().skip(1) {
                judged[run].push(match work.sampling {
                    Sampling::AsIs => self.verdicts(&nearest, self.ks[0], metric, labels),
                    _ => self.judge(0, &work.task(part, labels, run))?,
                });
            }
        }
        Ok(judged)
    }
}

/// The votes for each class.
struct Ballot {
    votes: Vec<f32>,
    similarity: Vec<f32>,
    /// The place of the nearest neighbour of the class.
    first: Vec<usize>,
    total: f32,
}

impl Ballot {
    fn new(classes: usize) -> Self {
        let none = vec![0.0; classes];
        Self { votes: none.clone(), similarity: none, first: vec![usize::MAX; classes], total: 0.0 }
    }

    fn count(&mut self, nearest: &Nearest, k: usize, metric: Metric, weighted: bool, labels: &Labeling) {
        self.votes.fill(0.0);
        self.similarity.fill(0.0);
        self.first.fill(usize::MAX);
        self.total = 0.0;
        for (place, (&drug, &distance)) in nearest.drugs.iter().zip(&nearest.distances).take(k).enumerate() {
            let similarity = metric.similarity(distance);
            let vote = if weighted { similarity.max(0.0) } else { 1.0 };
            self.total += vote;
            for &class in labels.of(drug) {
                let class = class as usize;
                self.votes[class] += vote;
                self.similarity[class] += similarity;
                self.first[class] = self.first[class].min(place);
            }
        }
    }

    /// Most votes, then the larger summed similarity, then the nearer neighbour, then the first class.
    fn winner(&self) -> u32 {
        let voted = (0..self.votes.len()).filter(|&class| self.first[class] < usize::MAX);
        let better = |&a: &usize, &b: &usize| {
            let votes = self.votes[a].total_cmp(&self.votes[b]);
            let similarity = || self.similarity[a].total_cmp(&self.similarity[b]);
            votes.then_with(similarity).then_with(|| self.first[b].cmp(&self.first[a])).then(b.cmp(&a))
        };
        voted.max_by(better).unwrap_or(0) as u32
    }

    fn shares(&self) -> impl Iterator<Item = f32> {
        let total = if self.total > 0.0 { self.total } else { 1.0 };
        self.votes.iter().map(move |votes| votes / total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn winner(drugs: &[u32], distances: &[f64], classes: &[u32]) -> u32 {
        winner_of(drugs, distances, classes, false)
    }

    fn winner_of(drugs: &[u32], distances: &[f64], classes: &[u32], weighted: bool) -> u32 {
        let labels = Labeling::new(classes.iter().map(|&class| vec![class]), 3);
        let nearest = Nearest { drugs: drugs.to_vec(), distances: distances.to_vec() };
        let mut ballot = Ballot::new(3);
        ballot.count(&nearest, drugs.len(), Metric::Cosine, weighted, &labels);
        ballot.winner()
    }

    #[test]
    fn most_votes_win_however_near_the_others_are() {
        assert_eq!(winner(&[0, 1, 2], &[0.1, 0.9, 0.9], &[0, 1, 1]), 1);
    }

    #[test]
    fn weighted_votes_let_one_near_neighbour_win_over_two_far_ones() {
        let (drugs, distances, classes) = ([0, 1, 2], [0.1, 0.7, 0.7], [0, 1, 1]);
        assert_eq!(winner_of(&drugs, &distances, &classes, true), 0);
        assert_eq!(winner_of(&drugs, &distances, &classes, false), 1);
    }

    #[test]
    fn a_tie_goes_to_the_larger_summed_similarity() {
        assert_eq!(winner(&[0, 1, 2, 3], &[0.1, 0.2, 0.3, 0.9], &[0, 1, 1, 0]), 1);
    }

    #[test]
    fn a_tie_of_sums_goes_to_the_nearer_neighbour() {
        // 0.75 + 0.25 = 0.5 + 0.5, all of them exact.
        assert_eq!(winner(&[0, 1, 2, 3], &[0.25, 0.5, 0.5, 0.75], &[2, 1, 1, 2]), 2);
    }

    #[test]
    fn where_all_weights_are_nothing_no_share_is_undefined() {
        let labels = Labeling::new([vec![0], vec![1]].into_iter(), 2);
        let nearest = Nearest { drugs: vec![0, 1], distances: vec![1.5, 1.75] };
        let mut ballot = Ballot::new(2);
        ballot.count(&nearest, 2, Metric::Cosine, true, &labels);
        assert_eq!((ballot.winner(), ballot.shares().sum::<f32>()), (0, 0.0));
    }
}
