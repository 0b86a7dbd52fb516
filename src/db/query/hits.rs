//! The answer, with what is known of it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::ranked::Candidate;
use crate::db::DbError;
use crate::db::segment::{DrugRecord, SignatureRecord};
use crate::db::snapshot::{RowAt, Snapshot};

/// A drug of the answer. Missing annotations are empty.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
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
    /// The sources that have signatures of the drug, where the database is of several.
    pub sources: Vec<String>,
    /// Further scores, the same for all hits of an answer; those of signatures are of the most similar one.
    pub further: Vec<FurtherScore>,
}

impl DrugHit {
    /// Makes a hit without a rank: a drug, its score with the number of signatures that it was made from, and the most similar
    /// of them.
    pub(crate) fn new(
        drug: DrugRecord,
        (score, n_signatures): (f32, usize),
        (best_sig_id, best_similarity): (String, f32),
    ) -> Self {
        Self {
            rank: 0,
            drug: drug.name,
            pert_ids: drug.pert_ids,
            score,
            best_sig_id,
            best_similarity,
            n_signatures,
            atc: drug.atc,
            moa: drug.moa,
            targets: drug.targets,
            sources: Vec::new(),
            further: Vec::new(),
        }
    }
}

/// The nearest drugs of many queries, and the scores of all drugs.
pub(crate) struct ScoredDrugs {
    /// Of each query the nearest drugs.
    pub hits: Vec<Vec<DrugHit>>,
    /// Of each query the score of every drug by its number, NaN for what takes no part.
    pub scores: Vec<Vec<f32>>,
}

/// A signature of the answer. Missing metadata is empty.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SignatureHit {
    /// Place in the answer, from 1.
    pub rank: usize,
    /// The signature as stored.
    pub signature: SignatureRecord,
    /// The drug as stored.
    pub drug: DrugRecord,
    /// The name of its source, where the database is of several; else empty.
    pub source: String,
    /// Cosine similarity to the query, in -1 to 1; larger is nearer.
    pub similarity: f32,
    /// Further scores, the same for all hits of an answer.
    pub further: Vec<FurtherScore>,
}

/// A further score of a hit, beside the one that it is ranked by.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FurtherScore {
    /// The name of its column, such as `es_up`.
    pub name: &'static str,
    /// Its value; `None` where it has none.
    pub value: Option<f64>,
}

impl FurtherScore {
    /// Joins a name and a value.
    pub fn new(name: &'static str, value: Option<f64>) -> Self {
        Self { name, value }
    }
}

/// A row of an answer, before anything about it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct NearRow {
    pub at: RowAt,
    pub similarity: f32,
}

/// The drugs of many answers, by score, then by name, with what is known of them.
pub(super) fn of_drugs(
    snapshot: &Snapshot,
    ranked: &[Vec<Candidate>],
    top: usize,
) -> Result<Vec<Vec<DrugHit>>, DbError> {
    let all = ranked.iter().flatten();
    let known = Known::read(
        snapshot,
        all.clone().map(|candidate| candidate.group).collect(),
        all.map(|candidate| candidate.best.at).collect(),
    )?;
    let answer = |candidates: &Vec<Candidate>| {
        drugs_in_order(candidates.iter().map(|candidate| known.drug_hit(candidate)).collect(), top)
    };
    Ok(each(ranked, answer))
}

/// The signatures of many answers, by similarity, then by `sig_id`, with what is known of them.
pub(super) fn of_signatures(
    snapshot: &Snapshot,
    nearest: &[Vec<NearRow>],
    top: usize,
) -> Result<Vec<Vec<SignatureHit>>, DbError> {
    let rows: BTreeSet<RowAt> = nearest.iter().flatten().map(|near| near.at).collect();
    let mut groups = BTreeMap::new();
    for &at in &rows {
        groups.insert(at, snapshot.group_of_row(at)?);
    }
    let known = Known::read(snapshot, groups.values().copied().collect(), rows)?;
    let answer = |nearest: &Vec<NearRow>| {
        let hit = |&NearRow { at, similarity }: &NearRow| SignatureHit {
            rank: 0,
            signature: known.signatures[&at].clone(),
            drug: known.drugs[&groups[&at]].clone(),
            source: snapshot.segments()[at.segment].source().unwrap_or_default().to_owned(),
            similarity,
            further: Vec::new(),
        };
        signatures_in_order(nearest.iter().map(hit).collect(), top)
    };
    Ok(each(nearest, answer))
}

/// Returns the first `top` drugs by score, then by name, with their ranks.
pub(crate) fn drugs_in_order(mut hits: Vec<DrugHit>, top: usize) -> Vec<DrugHit> {
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.drug.cmp(&b.drug)));
    numbered(hits, top, |hit| &mut hit.rank)
}

/// Returns the first `top` signatures by similarity, then by `sig_id`, with their ranks.
pub(crate) fn signatures_in_order(mut hits: Vec<SignatureHit>, top: usize) -> Vec<SignatureHit> {
    hits.sort_by(|a, b| {
        b.similarity.total_cmp(&a.similarity).then_with(|| a.signature.sig_id.cmp(&b.signature.sig_id))
    });
    numbered(hits, top, |hit| &mut hit.rank)
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
    signatures: BTreeMap<RowAt, SignatureRecord>,
    /// Of each drug its sources.
    sources: BTreeMap<usize, Vec<String>>,
}

impl Known {
    fn read(snapshot: &Snapshot, groups: BTreeSet<usize>, rows: BTreeSet<RowAt>) -> Result<Self, DbError> {
        let drugs = snapshot.merged_drugs(&groups)?;
        let sources = sources(snapshot, &groups)?;
        let drugs = groups.into_iter().zip(drugs).collect();
        let mut signatures = Vec::new();
        for (segment, live) in snapshot.segments().iter().enumerate() {
            let of_segment = RowAt { segment, row: 0 }..=RowAt { segment, row: u32::MAX };
            signatures.append(&mut live.signatures(rows.range(of_segment).map(|at| at.row))?);
        }
        Ok(Self { drugs, signatures: rows.into_iter().zip(signatures).collect(), sources })
    }

    fn drug_hit(&self, candidate: &Candidate) -> DrugHit {
        let (drug, best) = (self.drugs[&candidate.group].clone(), candidate.best);
        let best_sig_id = self.signatures[&best.at].sig_id.clone();
        let scored = (candidate.score, candidate.signatures);
        let sources = self.sources.get(&candidate.group).cloned().unwrap_or_default();
        DrugHit { sources, ..DrugHit::new(drug, scored, (best_sig_id, best.similarity)) }
    }
}

/// The sources of some drugs, where the database is of several.
fn sources(snapshot: &Snapshot, groups: &BTreeSet<usize>) -> Result<BTreeMap<usize, Vec<String>>, DbError> {
    let of_segment = |segment: usize| snapshot.segments()[segment].source();
    if (0..snapshot.segments().len()).all(|segment| of_segment(segment).is_none()) {
        return Ok(BTreeMap::new());
    }
    let all = snapshot.drug_groups()?;
    let of_group = |&group: &usize| {
        let mut names: Vec<String> = Vec::new();
        for name in all.members(group).iter().filter_map(|at| of_segment(at.segment)) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        (group, names)
    };
    Ok(groups.iter().map(of_group).collect())
}
