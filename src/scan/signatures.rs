//! The best signatures of a question, of all that were scored so far.

use std::cmp::Reverse;

use crate::db::ordered;

/// A signature that was scored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near {
    pub score: f32,
    /// Its place among the signatures that take part.
    pub place: usize,
    /// Its place in the order of ids.
    order: u32,
}

impl Near {
    /// The best comes first; of equal scores that of the first id.
    fn key(&self) -> (Reverse<i32>, u32) {
        (Reverse(ordered(self.score)), self.order)
    }
}

/// The best so far, at most twice as many as are asked for.
#[derive(Debug)]
pub(super) struct BestSignatures {
    top: usize,
    near: Vec<Near>,
    /// What another one has to come before, once there are as many as are asked for.
    last: Option<Near>,
}

/// Signatures that are kept at least before they are cut to the best.
const ROOM: usize = 256;

impl BestSignatures {
    pub fn new(top: usize) -> Self {
        Self { top, near: Vec::new(), last: None }
    }

    /// Adds the scores of signatures from the place `first` on. One that is no number takes no part. `order` tells where each
    /// place stands in the order of ids.
    pub fn add(&mut self, first: usize, scores: impl Iterator<Item = f32>, order: &[u32]) {
        for (place, score) in (first..).zip(scores) {
            let near = Near { score, place, order: order[place] };
            if score.is_nan() || self.last.is_some_and(|last| near.key() > last.key()) {
                continue;
            }
            self.near.push(near);
            if self.near.len() >= self.top.saturating_mul(2).max(ROOM) {
                self.cut();
            }
        }
    }

    /// Returns the best, best first.
    pub fn finish(mut self) -> Vec<Near> {
        self.cut();
        self.near.sort_unstable_by_key(Near::key);
        self.near
    }

    fn cut(&mut self) {
        if self.top == 0 {
            self.near.clear();
        } else if self.top <= self.near.len() {
            let (_, last, _) = self.near.select_nth_unstable_by_key(self.top - 1, Near::key);
            self.last = Some(*last);
            self.near.truncate(self.top);
        }
    }
}

/// Returns where each of some ids stands in their order.
pub(super) fn order(ids: &[&str]) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..ids.len()).collect();
    sorted.sort_by_key(|&place| ids[place]);
    let mut order = vec![0; ids.len()];
    sorted.into_iter().zip(0..).for_each(|(place, at)| order[place] = at);
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_those_of_sorting_all_whatever_the_blocks(
            scores in prop::collection::vec(prop_oneof![Just(f32::NAN), (-3i8..3).prop_map(f32::from)], 0..900),
            top in 0usize..20,
            block in 1usize..300,
        ) {
            // Ids that are not in the order of places.
            let ids: Vec<String> = (0..scores.len()).map(|at| format!("{}", (at * 7919) % 1009)).collect();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let mut best = BestSignatures::new(top);
            for (at, scores) in scores.chunks(block).enumerate() {
                best.add(at * block, scores.iter().copied(), &order(&ids));
            }
            let found: Vec<usize> = best.finish().iter().map(|near| near.place).collect();
            let mut all: Vec<usize> = (0..scores.len()).filter(|&at| !scores[at].is_nan()).collect();
            all.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then_with(|| ids[a].cmp(ids[b])));
            all.truncate(top);
            prop_assert_eq!(found, all);
        }
    }
}
