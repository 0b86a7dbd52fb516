//! The answer, with what is known of it.

use std::collections::{BTreeMap, BTreeSet};

use l1kdb_index::Neighbour;
use rayon::prelude::*;

use super::ranked::Candidate;
use crate::db::segment::{DrugRecord, SignatureRecord};
use crate::db::{Db, DbError};

/// A drug of the answer. Missing annotations are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct DrugHit {
    /// Place in the answer, from 1.
    pub rank: usize,
    /// The drug's name.
    pub drug: String,
    /// Every `pert_id` of the drug, sorted.
    pub pert_ids: Vec<String>,
    /// The drug's score, in -1 to 1; larger is nearer.
    pub score: f32,
    /// The drug's most similar signature.
    pub best_sig_id: String,
    /// Cosine similarity of that signature.
    pub best_similarity: f32,
    /// How many signatures the score was made from, after filters.
    pub n_signatures: usize,
    /// Every ATC code, sorted.
    pub atc: Vec<String>,
    /// Mechanisms of action, sorted.
    pub moa: Vec<String>,
    /// Target genes, sorted.
    pub targets: Vec<String>,
}

/// A signature of the answer. Missing metadata is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct SignatureHit {
    /// Place in the answer, from 1.
    pub rank: usize,
    /// The signature as stored.
    pub signature: SignatureRecord,
    /// The drug as stored.
    pub drug: DrugRecord,
    /// Cosine similarity to the query, in -1 to 1; larger is nearer.
    pub similarity: f32,
}

/// The drugs of many answers, by score, then by name, with what is known of them.
pub(super) fn of_drugs(db: &Db, ranked: &[Vec<Candidate>], top: usize) -> Result<Vec<Vec<DrugHit>>, DbError> {
    let all = ranked.iter().flatten();
    let known = Known::read(
        db,
        all.clone().map(|candidate| candidate.group).collect(),
        all.map(|candidate| (candidate.best.segment, candidate.best.row)).collect(),
    )?;
    let answer = |candidates: &Vec<Candidate>| {
        let mut hits: Vec<_> = candidates.iter().map(|candidate| known.drug_hit(candidate)).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.drug.cmp(&b.drug)));
        numbered(hits, top, |hit| &mut hit.rank)
    };
    Ok(each(ranked, answer))
}

/// The signatures of many answers, by similarity, then by `sig_id`, with what is known of them.
pub(super) fn of_signatures(
    db: &Db,
    nearest: &[Vec<(usize, Neighbour)>],
    top: usize,
) -> Result<Vec<Vec<SignatureHit>>, DbError> {
    let rows: BTreeSet<(usize, u32)> =
        nearest.iter().flatten().map(|(place, neighbour)| (*place, neighbour.row)).collect();
    let mut groups = BTreeMap::new();
    for &(place, row) in &rows {
        groups.insert((place, row), db.group_of_row(place, row)?);
    }
    let known = Known::read(db, groups.values().copied().collect(), rows)?;
    let answer = |nearest: &Vec<(usize, Neighbour)>| {
        let hit = |&(place, Neighbour { row, similarity }): &(usize, Neighbour)| SignatureHit {
            rank: 0,
            signature: known.signatures[&(place, row)].clone(),
            drug: known.drugs[&groups[&(place, row)]].clone(),
            similarity,
        };
        let mut hits: Vec<_> = nearest.iter().map(hit).collect();
        hits.sort_by(|a, b| {
            b.similarity.total_cmp(&a.similarity).then_with(|| a.signature.sig_id.cmp(&b.signature.sig_id))
        });
        numbered(hits, top, |hit| &mut hit.rank)
    };
    Ok(each(nearest, answer))
}

/// The first `top` of sorted hits, with their ranks.
fn numbered<T>(mut hits: Vec<T>, top: usize, rank: impl Fn(&mut T) -> &mut usize) -> Vec<T> {
    hits.truncate(top);
    hits.iter_mut().zip(1..).for_each(|(hit, place)| *rank(hit) = place);
    hits
}

/// One query starts no threads.
fn each<T: Sync, R: Send>(answers: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    if answers.len() <= 1 {
        answers.iter().map(work).collect()
    } else {
        answers.par_iter().map(work).collect()
    }
}

/// What is stored of all drugs and signatures of some answers, each read once.
struct Known {
    drugs: BTreeMap<usize, DrugRecord>,
    signatures: BTreeMap<(usize, u32), SignatureRecord>,
}

impl Known {
    fn read(db: &Db, groups: BTreeSet<usize>, rows: BTreeSet<(usize, u32)>) -> Result<Self, DbError> {
        let drugs = db.merged_drugs(&groups)?;
        let drugs = groups.into_iter().zip(drugs).collect();
        let mut signatures = Vec::new();
        for (place, segment) in db.segments.iter().enumerate() {
            let rows = rows.range((place, 0)..=(place, u32::MAX)).map(|(_, row)| *row as usize);
            signatures.append(&mut segment.signatures()?.some(rows)?);
        }
        Ok(Self { drugs, signatures: rows.into_iter().zip(signatures).collect() })
    }

    fn drug_hit(&self, candidate: &Candidate) -> DrugHit {
        let (drug, best) = (self.drugs[&candidate.group].clone(), candidate.best);
        DrugHit {
            rank: 0,
            drug: drug.name,
            pert_ids: drug.pert_ids,
            score: candidate.score,
            best_sig_id: self.signatures[&(best.segment, best.row)].sig_id.clone(),
            best_similarity: best.similarity,
            n_signatures: candidate.signatures,
            atc: drug.atc,
            moa: drug.moa,
            targets: drug.targets,
        }
    }
}
