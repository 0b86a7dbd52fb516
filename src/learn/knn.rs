//! The k nearest rows vote.

use super::distance::{Nearest, Points};
use super::error::check_dim;
use super::{Classifier, Fitted, Labels, LearnError, Metric, Predictions, Task, Training};
use crate::{Rows, SettingError};

/// All combinations of metrics and numbers of neighbours, by metric first. The k nearest rows vote; a tie goes to the
/// class with the larger summed similarity, then to the class of the nearer neighbour; of neighbours at one distance the
/// one that comes first among the rows is taken. A class scores its share of the votes.
///
/// Neighbours depend on the rows alone: of many tasks they are found once for every metric, and then vote for each k and
/// under each labeling. For leave-one-out a row passes over itself.
#[derive(Debug, Clone)]
pub struct Knn {
    ks: Vec<usize>,
    metrics: Vec<Metric>,
    weighted: bool,
}

impl Knn {
    /// Takes numbers of neighbours and metrics, one vote a neighbour.
    ///
    /// # Errors
    /// [`SettingError`] for an empty list, or no neighbours.
    pub fn new(ks: &[usize], metrics: &[Metric]) -> Result<Self, SettingError> {
        let fits = !ks.is_empty() && ks.iter().all(|&k| k >= 1);
        SettingError::check("k", SettingError::listed(ks), "a list of numbers from 1", fits)?;
        SettingError::check("metrics", "empty", "at least one", !metrics.is_empty())?;
        Ok(Self { ks: ks.to_vec(), metrics: metrics.to_vec(), weighted: false })
    }

    /// Sets whether a vote weighs the similarity of the neighbour (0 where it is negative), and not 1.
    #[must_use]
    pub fn weighted(self, weighted: bool) -> Self {
        Self { weighted, ..self }
    }

    /// Returns the place of the metric of a configuration, and its number of neighbours.
    fn setting(&self, configuration: usize) -> (usize, usize) {
        (configuration / self.ks.len(), self.ks[configuration % self.ks.len()])
    }

    /// Returns the votes of every task. `find` finds neighbours: again where the task before it with the same metric had
    /// another sample.
    fn vote_each(
        &self,
        tasks: &[Task<'_>],
        find: impl Fn(&Points, usize) -> Result<Vec<Nearest>, LearnError>,
    ) -> Result<Vec<Predictions>, LearnError> {
        let most = tasks.iter().map(|task| self.setting(task.configuration).1).max().unwrap_or(1);
        let mut found: Vec<Option<(&Training<'_>, Vec<Nearest>)>> = vec![None; self.metrics.len()];
        let mut predictions = Vec::with_capacity(tasks.len());
        for Task { configuration, training } in tasks {
            let (place, k) = self.setting(*configuration);
            let metric = self.metrics[place];
            let nearest = match found[place].take().filter(|(of, _)| training.shares_sample(of)) {
                Some((_, nearest)) => nearest,
                None => find(&Points::new(metric, training.rows(), training.sample()), most)?,
            };
            predictions.push(self.votes(&nearest, k, metric, training.labels()));
            found[place] = Some((training, nearest));
        }
        Ok(predictions)
    }

    fn votes(&self, nearest: &[Nearest], k: usize, metric: Metric, labels: &Labels) -> Predictions {
        let mut ballot = Ballot::new(labels.classes());
        let mut predictions = Predictions::default();
        for nearest in nearest {
            ballot.count(nearest, k, metric, self.weighted, labels);
            predictions.predicted.push(ballot.winner());
            predictions.scores.extend(ballot.shares());
        }
        predictions
    }
}

impl Classifier for Knn {
    fn configurations(&self) -> Vec<String> {
        let weighted = if self.weighted { ", weighted" } else { "" };
        let of_metric = |metric| self.ks.iter().map(move |k| format!("{metric}, k={k}{weighted}"));
        self.metrics.iter().flat_map(of_metric).collect()
    }

    fn fit<'a>(
        &'a self,
        configuration: usize,
        training: &Training<'a>,
    ) -> Result<Box<dyn Fitted + 'a>, LearnError> {
        let (place, k) = self.setting(configuration);
        let metric = self.metrics[place];
        let points = Points::new(metric, training.rows(), training.sample());
        check_k(k, points.len())?;
        Ok(Box::new(Neighbourhood { knn: self, points, metric, k, labels: training.labels() }))
    }

    fn predict_each(&self, tasks: &[Task<'_>], rows: Rows<'_>) -> Result<Vec<Predictions>, LearnError> {
        self.vote_each(tasks, |points, k| nearest(points, rows, k))
    }

    fn leave_one_out(&self, tasks: &[Task<'_>]) -> Result<Option<Vec<Predictions>>, LearnError> {
        let Some(first) = tasks.first().filter(|_| tasks.iter().all(|task| task.training.is_plain())) else {
            return Ok(None);
        };
        let others = |points: &Points, k| {
            check_k(k, points.len().saturating_sub(1))?;
            Ok(points.nearest_others(first.training.rows(), k))
        };
        self.vote_each(tasks, others).map(Some)
    }
}

/// The rows of a training side, who vote.
struct Neighbourhood<'a> {
    knn: &'a Knn,
    points: Points,
    metric: Metric,
    k: usize,
    labels: &'a Labels,
}

impl Fitted for Neighbourhood<'_> {
    fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError> {
        let nearest = nearest(&self.points, rows, self.k)?;
        Ok(self.knn.votes(&nearest, self.k, self.metric, self.labels))
    }
}

fn nearest(points: &Points, rows: Rows<'_>, k: usize) -> Result<Vec<Nearest>, LearnError> {
    check_dim(rows, points.dim())?;
    check_k(k, points.len())?;
    Ok(points.nearest(rows, k))
}

fn check_k(k: usize, rows: usize) -> Result<(), LearnError> {
    if k > rows { Err(LearnError::TooManyNeighbours { k, rows }) } else { Ok(()) }
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

    fn count(&mut self, nearest: &Nearest, k: usize, metric: Metric, weighted: bool, labels: &Labels) {
        self.votes.fill(0.0);
        self.similarity.fill(0.0);
        self.first.fill(usize::MAX);
        self.total = 0.0;
        for (place, (&row, &distance)) in nearest.rows.iter().zip(&nearest.distances).take(k).enumerate() {
            let similarity = metric.similarity(distance);
            let vote = if weighted { similarity.max(0.0) } else { 1.0 };
            self.total += vote;
            for &class in labels.of(row) {
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
    use crate::learn::Sampling;
    use crate::learn::fixture::clouds;

    fn winner(rows: &[u32], distances: &[f64], classes: &[u32]) -> u32 {
        winner_of(rows, distances, classes, false)
    }

    fn winner_of(rows: &[u32], distances: &[f64], classes: &[u32], weighted: bool) -> u32 {
        let labels = Labels::new(classes.iter().map(|&class| [class]), 3).unwrap();
        let nearest = Nearest { rows: rows.to_vec(), distances: distances.to_vec() };
        let mut ballot = Ballot::new(3);
        ballot.count(&nearest, rows.len(), Metric::Cosine, weighted, &labels);
        ballot.winner()
    }

    #[test]
    fn most_votes_win_however_near_the_others_are() {
        assert_eq!(winner(&[0, 1, 2], &[0.1, 0.9, 0.9], &[0, 1, 1]), 1);
    }

    #[test]
    fn weighted_votes_let_one_near_neighbour_win_over_two_far_ones() {
        let (rows, distances, classes) = ([0, 1, 2], [0.1, 0.7, 0.7], [0, 1, 1]);
        assert_eq!(winner_of(&rows, &distances, &classes, true), 0);
        assert_eq!(winner_of(&rows, &distances, &classes, false), 1);
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
        let labels = Labels::new([[0], [1]], 2).unwrap();
        let nearest = Nearest { rows: vec![0, 1], distances: vec![1.5, 1.75] };
        let mut ballot = Ballot::new(2);
        ballot.count(&nearest, 2, Metric::Cosine, true, &labels);
        assert_eq!((ballot.winner(), ballot.shares().sum::<f32>()), (0, 0.0));
    }

    #[test]
    fn tasks_that_share_neighbours_get_what_each_would_get_alone() {
        let (values, classes) = clouds(90, 3, 3, 1.0, 4);
        let (training, test) = values.split_at(60 * 3);
        let (training, test) = (Rows::new(training, 3).unwrap(), Rows::new(test, 3).unwrap());
        let labels =
            |shift: u32| Labels::new(classes[..60].iter().map(|class| [(class + shift) % 3]), 3).unwrap();
        let (labels, others) = (labels(0), labels(1));
        let knn = Knn::new(&[1, 9], &[Metric::Cosine, Metric::Canberra]).unwrap();
        for sampling in [Sampling::AsIs, Sampling::Up, Sampling::Down] {
            let task = |configuration, labels| {
                let training = Training::new(training, labels).unwrap().sampling(sampling);
                Task { configuration, training }
            };
            let tasks: Vec<Task<'_>> =
                (0..4).map(|configuration| task(configuration, &labels)).chain([task(0, &others)]).collect();
            let alone =
                |task: &Task<'_>| knn.fit(task.configuration, &task.training).unwrap().predict(test).unwrap();
            let alone: Vec<Predictions> = tasks.iter().map(alone).collect();
            assert_eq!(knn.predict_each(&tasks, test).unwrap(), alone);
            assert_eq!(knn.leave_one_out(&tasks).unwrap().is_some(), sampling == Sampling::AsIs);
        }
    }
}
