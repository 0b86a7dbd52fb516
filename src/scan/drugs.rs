//! The best drugs of a question, from the scores of all signatures.

use std::ops::Range;

use crate::db::{DrugScore, keep_best};

/// The signatures of each drug, of those that take part.
#[derive(Debug)]
pub(super) struct DrugRows {
    /// Places of signatures, those of a drug side by side and ascending.
    places: Vec<u32>,
    /// Of each drug with signatures, its number and where its places are.
    drugs: Vec<(u32, Range<usize>)>,
}

/// A drug that was scored.
#[derive(Debug, Clone, Copy)]
pub(super) struct RankedDrug {
    pub drug: u32,
    pub score: f32,
    /// The place of the signature with the largest score, the first of several, and that score.
    pub best: (usize, f32),
    pub signatures: usize,
}

impl DrugRows {
    /// Takes the number of the drug of each signature.
    pub fn new(of_signature: &[u32]) -> Self {
        let mut places: Vec<u32> = (0..of_signature.len() as u32).collect();
        places.sort_by_key(|&place| of_signature[place as usize]);
        let (mut drugs, mut end) = (Vec::new(), 0);
        for own in places.chunk_by(|&a, &b| of_signature[a as usize] == of_signature[b as usize]) {
            drugs.push((of_signature[own[0] as usize], end..end + own.len()));
            end += own.len();
        }
        Self { places, drugs }
    }

    /// Returns the `top` best drugs, with all that tie with the last of them, from the scores of all signatures. One that is no
    /// number takes no part.
    pub fn best(&self, scores: &[f32], by: DrugScore, top: usize) -> Vec<RankedDrug> {
        let mut own = Vec::new();
        let ranked = self.drugs.iter().filter_map(|(drug, range)| {
            let places = &self.places[range.clone()];
            own.clear();
            own.extend(places.iter().map(|&place| scores[place as usize]));
            let scored = by.scored(f32::NAN, &mut own)?;
            let best = (places[scored.place] as usize, scored.most);
            Some(RankedDrug { drug: *drug, score: scored.score, best, signatures: scored.signatures })
        });
        let mut ranked: Vec<RankedDrug> = ranked.collect();
        keep_best(&mut ranked, top, |drug| drug.score);
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drugs_are_scored_by_their_signatures_that_have_a_score() {
        let rows = DrugRows::new(&[2, 0, 2, 0, 1]);
        let best = rows.best(&[0.25, 0.5, 0.75, f32::NAN, f32::NAN], DrugScore::Mean, 5);
        let found: Vec<_> =
            best.iter().map(|drug| (drug.drug, drug.score, drug.best, drug.signatures)).collect();
        assert_eq!(found, [(0, 0.5, (1, 0.5), 1), (2, 0.5, (2, 0.75), 2)]);
        assert_eq!(rows.best(&[0.0, 1.0, 0.0, 1.0, 0.5], DrugScore::Max, 1).len(), 1);
        assert!(DrugRows::new(&[]).best(&[], DrugScore::Max, 3).is_empty());
    }
}
