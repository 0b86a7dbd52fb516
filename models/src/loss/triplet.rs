//! Losses over an anchor, a positive (another signature of its drug) and a negative (one of another drug).

use crate::network::algebra::{Target, View};
use crate::network::vector::{add, dot};

/// Rows of a batch's embeddings that make a triplet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Triplet {
    pub(crate) anchor: usize,
    pub(crate) positive: usize,
    pub(crate) negative: usize,
}

/// What is asked of triplets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum TripletLoss {
    /// `1 - cos(anchor, positive)`: the first of the two published stages.
    Pull,
    /// `cos(anchor, negative)`: the second.
    Push,
    /// `max(0, cos(anchor, negative) - cos(anchor, positive) + margin)`.
    Margin(f32),
}

impl TripletLoss {
    /// The summed loss of `triplets` over unit `embedding`s, times `share`; adds its slope to `slope`.
    pub(crate) fn slope(
        self,
        embedding: &[f32],
        dim: usize,
        triplets: &[Triplet],
        share: f32,
        slope: &mut [f32],
    ) -> f64 {
        let row = |row: usize| &embedding[row * dim..][..dim];
        let mut loss = 0.0;
        for triplet in triplets {
            let (a, p, n) = (row(triplet.anchor), row(triplet.positive), row(triplet.negative));
            let (value, pull, push) = self.of(dot(a, p), dot(a, n));
            loss += f64::from(value * share);
            let mut pairs = |other: usize, factor: f32| {
                add(&mut slope[triplet.anchor * dim..][..dim], row(other), factor * share);
                add(&mut slope[other * dim..][..dim], a, factor * share);
            };
            if pull != 0.0 {
                pairs(triplet.positive, pull);
            }
            if push != 0.0 {
                pairs(triplet.negative, push);
            }
        }
        loss
    }

    /// The loss, and its slopes by the cosines to positive and negative.
    fn of(self, positive: f32, negative: f32) -> (f32, f32, f32) {
        match self {
            Self::Pull => (1.0 - positive, -1.0, 0.0),
            Self::Push => (negative, 0.0, 1.0),
            Self::Margin(margin) => {
                let excess = negative - positive + margin;
                if excess > 0.0 { (excess, -1.0, 1.0) } else { (0.0, 0.0, 0.0) }
            }
        }
    }
}

/// Gives every triplet the negative among all positives' rows that is nearest to its anchor without being nearer than
/// its positive (Schroff et al. 2015); where there is none, the farthest. `drugs` labels the rows of `embedding`.
pub(crate) fn semi_hard(embedding: &[f32], dim: usize, drugs: &[u32], triplets: &mut [Triplet]) {
    let rows = drugs.len();
    let mut cosines = vec![0.0; rows * rows];
    let all = View::new(embedding, dim);
    Target::new(&mut cosines, rows).set(all, all.t());
    let candidates: Vec<usize> = triplets.iter().map(|triplet| triplet.positive).collect();
    for triplet in triplets {
        let cosine = |row: usize| cosines[triplet.anchor * rows + row];
        let near = cosine(triplet.positive);
        let others = || candidates.iter().copied().filter(|&row| drugs[row] != drugs[triplet.anchor]);
        let by_cosine = |a: &usize, b: &usize| cosine(*a).total_cmp(&cosine(*b));
        let semi_hard = others().filter(|&row| cosine(row) < near).max_by(by_cosine);
        if let Some(negative) = semi_hard.or_else(|| others().min_by(by_cosine)) {
            triplet.negative = negative;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: [Triplet; 1] = [Triplet { anchor: 0, positive: 1, negative: 2 }];
    const EMBEDDING: [f32; 6] = [1.0, 0.0, 0.6, 0.8, 0.8, -0.6];

    fn slope_of(loss: TripletLoss, embedding: &[f32]) -> (f64, Vec<f32>) {
        let mut slope = vec![0.0; embedding.len()];
        (loss.slope(embedding, 2, &ONE, 1.0, &mut slope), slope)
    }

    #[test]
    fn the_losses_are_those_of_their_papers() {
        let value = |loss| slope_of(loss, &EMBEDDING).0;
        assert!((value(TripletLoss::Pull) - 0.4).abs() < 1e-6);
        assert!((value(TripletLoss::Push) - 0.8).abs() < 1e-6);
        assert!((value(TripletLoss::Margin(0.1)) - 0.3).abs() < 1e-6);
    }

    #[test]
    fn the_slope_is_the_rise_of_the_loss() {
        for loss in [TripletLoss::Pull, TripletLoss::Push, TripletLoss::Margin(0.3)] {
            let (_, slope) = slope_of(loss, &EMBEDDING);
            for at in 0..EMBEDDING.len() {
                let moved = |by| {
                    let mut embedding = EMBEDDING;
                    embedding[at] += by;
                    slope_of(loss, &embedding).0
                };
                let rise = (moved(1e-2) - moved(-1e-2)) / 2e-2;
                assert!((rise - f64::from(slope[at])).abs() < 1e-3, "{loss:?} {at}");
            }
        }
    }

    #[test]
    fn a_triplet_that_is_well_apart_has_no_slope() {
        let apart = [1.0, 0.0, 1.0, 0.0, -1.0, 0.0];
        assert_eq!(slope_of(TripletLoss::Margin(0.1), &apart), (0.0, vec![0.0; 6]));
    }

    #[test]
    fn the_semi_hard_negative_is_the_nearest_that_is_farther_than_the_positive() {
        // Anchors 0 and 1 of drugs 0 and 1; positives 2 to 4 of drugs 0, 1 and 2.
        let embedding = [1.0, 0.0, 0.0, 1.0, 0.8, 0.6, 0.6, 0.8, 0.96, 0.28];
        let drugs = [0, 1, 0, 1, 2];
        let triplet = |anchor, positive| Triplet { anchor, positive, negative: 0 };
        let mut triplets = [triplet(0, 2), triplet(1, 3), triplet(0, 4)];
        triplets[2].anchor = 4;
        semi_hard(&embedding, 2, &drugs, &mut triplets);
        assert_eq!(triplets[0].negative, 3);
        assert_eq!(triplets[1].negative, 2);
    }
}
