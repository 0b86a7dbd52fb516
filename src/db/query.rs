//! Asking a database: which drugs, or which signatures, lie nearest to an embedding.

use std::collections::{BTreeSet, HashMap};

use l1kdb_index::Neighbour;
use roaring::RoaringBitmap;

use super::hit::{DrugHit, SignatureHit};
use super::score::{DrugScore, keep_best};
use super::segment::Segment;
use super::{Db, DbError};

/// The most rows that are scanned rather than searched by graph, when the user does not say.
const SCAN_AT_MOST: usize = 1_000_000;

/// Signatures that a graph search fetches for each drug asked for, and at least, to find the drugs worth scoring.
const SIGNATURES_PER_DRUG: usize = 20;
const SIGNATURES_AT_LEAST: usize = 500;

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Search {
    /// A scan of up to a million rows, the graph beyond that where there is one.
    #[default]
    Auto,
    /// A scan of every row: the answer is exact.
    Exact,
    /// The graph: the recall that was measured when it was built is in [`Db::info`].
    Ann,
}

/// A question to a database, made by [`Db::query`].
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
/// # let embedding = vec![0.0; db.dimension()];
/// let hits = db.query(&embedding).top(10).filter("cell_id", ["MCF7", "PC3"]).run()?;
/// for hit in hits {
///     println!("{} {} {:.3}", hit.rank, hit.drug, hit.score);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a query does nothing until it is run"]
pub struct Query<'a> {
    db: &'a Db,
    embedding: &'a [f32],
    top: usize,
    filters: Vec<(String, Vec<String>)>,
    without: Option<String>,
    score: DrugScore,
    search: Search,
}

/// What of a segment takes part in a query.
struct Scope<'a> {
    segment: &'a Segment,
    within: Option<RoaringBitmap>,
    without: Option<u32>,
}

/// A drug that was scored, before anything about it was read.
struct Candidate<'a> {
    score: f32,
    best: (usize, Neighbour),
    signatures: usize,
    group: &'a [(usize, u32)],
}

impl<'a> Query<'a> {
    pub(super) fn new(db: &'a Db, embedding: &'a [f32]) -> Self {
        let (score, search) = (DrugScore::default(), Search::default());
        Self { db, embedding, top: 20, filters: Vec::new(), without: None, score, search }
    }

    /// Sets how many hits to return; 20 if not set.
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// Keeps signatures whose `key` has one of `values`, each taken as it is, commas and all ([`Db::filter_values`] takes
    /// a list apart). Several filters must all hold. The keys a database knows are in [`Db::filter_keys`]; an ATC class
    /// holds for every code below it, and a drug is found by any of its names and ids.
    pub fn filter<V: Into<String>>(
        mut self,
        key: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.filters.push((key.into(), values.into_iter().map(Into::into).collect()));
        self
    }

    /// Leaves out the signature of this id, most often the query itself.
    pub fn without(mut self, sig_id: impl Into<String>) -> Self {
        self.without = Some(sig_id.into());
        self
    }

    /// Sets how a drug's score is made of its signatures' similarities.
    pub fn score(mut self, score: DrugScore) -> Self {
        self.score = score;
        self
    }

    /// Sets how to search.
    pub fn search(mut self, search: Search) -> Self {
        self.search = search;
        self
    }

    /// Returns the nearest drugs: by score, then by name.
    ///
    /// With the graph, drugs are found through the signatures nearest to the query, and each drug found is then
    /// scored exactly.
    ///
    /// # Errors
    /// An embedding of another dimension, an unknown filter key or value, a missing graph, a damaged segment.
    pub fn run(&self) -> Result<Vec<DrugHit>, DbError> {
        let scopes = self.scopes()?;
        let mut candidates =
            if self.by_graph()? { self.near_drugs(&scopes)? } else { self.all_drugs(&scopes)? };
        keep_best(&mut candidates, self.top, |candidate| candidate.score);
        let mut hits =
            candidates.iter().map(|candidate| self.drug_hit(candidate)).collect::<Result<Vec<_>, _>>()?;
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.drug.cmp(&b.drug)));
        hits.truncate(self.top);
        hits.iter_mut().zip(1..).for_each(|(hit, rank)| hit.rank = rank);
        Ok(hits)
    }

    /// Returns the nearest signatures: by similarity, then by `sig_id`.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn signatures(&self) -> Result<Vec<SignatureHit>, DbError> {
        let mut nearest = Vec::new();
        for (place, scope) in self.scopes()?.iter().enumerate() {
            nearest.extend(self.nearest(scope, self.top)?.into_iter().map(|neighbour| (place, neighbour)));
        }
        keep_best(&mut nearest, self.top, |(_, neighbour)| neighbour.similarity);
        let mut hits =
            nearest.iter().map(|(place, n)| self.signature_hit(*place, *n)).collect::<Result<Vec<_>, _>>()?;
        hits.sort_by(|a, b| {
            b.similarity.total_cmp(&a.similarity).then_with(|| a.signature.sig_id.cmp(&b.signature.sig_id))
        });
        hits.truncate(self.top);
        hits.iter_mut().zip(1..).for_each(|(hit, rank)| hit.rank = rank);
        Ok(hits)
    }

    fn by_graph(&self) -> Result<bool, DbError> {
        let graph = self.db.segments.iter().all(|segment| segment.index.has_graph());
        match self.search {
            Search::Exact => Ok(false),
            Search::Auto => Ok(graph && self.db.rows() > SCAN_AT_MOST),
            Search::Ann if graph => Ok(true),
            Search::Ann => Err(DbError::NoGraph { path: self.db.path.clone() }),
        }
    }

    fn scopes(&self) -> Result<Vec<Scope<'a>>, DbError> {
        if self.embedding.len() != self.db.dimension() {
            return Err(DbError::Dimension { expected: self.db.dimension(), found: self.embedding.len() });
        }
        let within = self.db.rows_within(&self.filters)?;
        let mut scopes = Vec::new();
        for (segment, within) in self.db.segments.iter().zip(within) {
            let without = self.without.as_deref().map(|id| segment.row_of(id)).transpose()?.flatten();
            scopes.push(Scope { segment, within, without });
        }
        Ok(scopes)
    }

    /// The `count` nearest rows of a segment, and all that tie with the last of them.
    fn nearest(&self, scope: &Scope<'_>, count: usize) -> Result<Vec<Neighbour>, DbError> {
        let by_graph = self.by_graph()?;
        let mut ask = count.saturating_add(1 + usize::from(scope.without.is_some()));
        loop {
            let within = scope.within.as_ref();
            let index = &scope.segment.index;
            let mut near = if by_graph {
                index.ann(self.embedding, ask, None, within)?
            } else {
                index.exact(self.embedding, ask, within)?
            };
            let all = near.len() < ask;
            near.retain(|neighbour| Some(neighbour.row) != scope.without);
            let last = count.checked_sub(1).and_then(|last| near.get(last)).map(|last| last.similarity);
            let ties_end = last.is_none_or(|last| near.last().is_some_and(|n| n.similarity < last));
            if all || ties_end {
                keep_best(&mut near, count, |neighbour| neighbour.similarity);
                return Ok(near);
            }
            ask = ask.saturating_mul(2);
        }
    }

    fn all_drugs(&self, scopes: &[Scope<'_>]) -> Result<Vec<Candidate<'a>>, DbError> {
        let groups = self.db.drug_groups()?;
        let mut similarities = Vec::new();
        for scope in scopes {
            similarities.push(scope.similarities(self.embedding)?);
        }
        self.score_groups(scopes, groups.iter(), |place, row| similarities[place].get(row as usize).copied())
    }

    fn near_drugs(&self, scopes: &[Scope<'_>]) -> Result<Vec<Candidate<'a>>, DbError> {
        let count = self.top.saturating_mul(SIGNATURES_PER_DRUG).max(SIGNATURES_AT_LEAST);
        let mut groups = BTreeSet::new();
        for (place, scope) in scopes.iter().enumerate() {
            let drugs = scope.segment.drug_of_rows()?;
            for neighbour in self.nearest(scope, count)? {
                let drug = drugs.get(neighbour.row as usize).copied();
                groups.extend(drug.map(|drug| self.db.group_of(place, drug)).transpose()?);
            }
        }
        let all = self.db.drug_groups()?;
        let near: Vec<_> = groups.into_iter().filter_map(|group| all.get(group)).collect();
        let mut similarities = Vec::new();
        for (place, scope) in scopes.iter().enumerate() {
            let drugs = near.iter().flat_map(|group| group.iter()).filter(|(of, _)| *of == place);
            similarities.push(scope.similarities_of(drugs.map(|(_, drug)| *drug), self.embedding)?);
        }
        self.score_groups(scopes, near.into_iter(), |place, row| similarities[place].get(&row).copied())
    }

    /// Scores each drug by the similarities of its rows; a row without one takes no part.
    fn score_groups(
        &self,
        scopes: &[Scope<'_>],
        groups: impl Iterator<Item = &'a Vec<(usize, u32)>>,
        similarity: impl Fn(usize, u32) -> Option<f32>,
    ) -> Result<Vec<Candidate<'a>>, DbError> {
        let rows = scopes.iter().map(|scope| scope.segment.rows_of_drugs()).collect::<Result<Vec<_>, _>>()?;
        let mut candidates = Vec::new();
        let mut similarities = Vec::new();
        for group in groups {
            similarities.clear();
            let mut best: Option<(usize, Neighbour)> = None;
            for &(place, drug) in group {
                for &row in rows[place].of(drug as usize) {
                    let Some(similarity) = similarity(place, row).filter(|s| s.is_finite()) else { continue };
                    similarities.push(similarity);
                    if best.is_none_or(|(_, best)| similarity > best.similarity) {
                        best = Some((place, Neighbour { row, similarity }));
                    }
                }
            }
            let signatures = similarities.len();
            if let (Some(score), Some(best)) = (self.score.of(&mut similarities), best) {
                candidates.push(Candidate { score, best, signatures, group });
            }
        }
        Ok(candidates)
    }

    fn drug_hit(&self, candidate: &Candidate<'_>) -> Result<DrugHit, DbError> {
        let drug = self.db.merged_drug(candidate.group)?;
        let (place, best) = candidate.best;
        let best_sig_id = self.db.segments[place].signatures()?.record(best.row as usize)?.sig_id;
        Ok(DrugHit {
            rank: 0,
            drug: drug.name,
            pert_ids: drug.pert_ids,
            score: candidate.score,
            best_sig_id,
            best_similarity: best.similarity,
            n_signatures: candidate.signatures,
            atc: drug.atc,
            moa: drug.moa,
            targets: drug.targets,
        })
    }

    fn signature_hit(&self, place: usize, neighbour: Neighbour) -> Result<SignatureHit, DbError> {
        let segment = &self.db.segments[place];
        let signature = segment.signatures()?.record(neighbour.row as usize)?;
        Ok(SignatureHit {
            rank: 0,
            signature,
            drug: self.db.drug_of(place, neighbour.row)?,
            similarity: neighbour.similarity,
        })
    }
}

impl Scope<'_> {
    /// Similarities of all rows; NaN where a row takes no part.
    fn similarities(&self, embedding: &[f32]) -> Result<Vec<f32>, DbError> {
        let mut similarities = Vec::new();
        self.segment.index.similarities(embedding, &mut similarities)?;
        if let Some(within) = &self.within {
            let mut kept = vec![f32::NAN; similarities.len()];
            for row in within {
                kept[row as usize] = similarities[row as usize];
            }
            similarities = kept;
        }
        if let Some(own) = self.without.and_then(|row| similarities.get_mut(row as usize)) {
            *own = f32::NAN;
        }
        Ok(similarities)
    }

    /// Similarities of the rows of some drugs, of those that take part.
    fn similarities_of(
        &self,
        drugs: impl Iterator<Item = u32>,
        embedding: &[f32],
    ) -> Result<HashMap<u32, f32>, DbError> {
        let of_drugs = self.segment.rows_of_drugs()?;
        let mut rows: RoaringBitmap = drugs.flat_map(|drug| of_drugs.of(drug as usize)).copied().collect();
        if let Some(within) = &self.within {
            rows &= within;
        }
        self.without.map(|row| rows.remove(row));
        let similarities = self.segment.index.exact(embedding, rows.len() as usize, Some(&rows))?;
        Ok(similarities.into_iter().map(|neighbour| (neighbour.row, neighbour.similarity)).collect())
    }
}
