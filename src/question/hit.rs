//! What hits of both kinds have in common.

use std::collections::{HashMap, HashSet};

use super::cmap::Connected;
use super::significance;
use crate::connectivity::{Score, Scratch};
use crate::db::{Db, DbError, DrugHit, Filter, FurtherScore, Queries, SignatureHit};
use crate::scan::{Scan, ScanError};
use crate::stats::NullTables;

/// A hit of an answer.
pub(super) trait Hit: Connected + Sized + Send {
    /// Runs queries whose answers are such hits.
    fn run(queries: &Queries<'_>) -> Result<Vec<Vec<Self>>, DbError>;

    /// Whether null distributions are of such hits.
    const CALIBRATED: bool;

    /// Runs queries whose hits get p and q, empty ones without null distributions.
    fn run_against(
        db: &Db,
        queries: &Queries<'_>,
        nulls: Option<&NullTables<'_>>,
    ) -> Result<Vec<Vec<Self>>, DbError>;

    /// Runs a scan whose answers are such hits.
    fn scan(scan: &mut Scan<'_>) -> Result<Vec<Vec<Self>>, ScanError>;

    /// Changes the signs of its scores.
    fn turn(&mut self);

    /// Returns its signature: of a drug, the most similar one.
    fn sig_id(&self) -> &str;

    /// Returns its further scores.
    fn further(&mut self) -> &mut Vec<FurtherScore>;

    /// Returns its rank.
    fn rank(&mut self) -> &mut usize;

    /// Joins hits of the same cell line with hits of all, of which those of `same` take the place; best first.
    fn preferred(same: Vec<Self>, all: Vec<Self>, reverse: bool) -> Vec<Self>;

    /// Computes the scores of some hits in gene space. `queries` asks by that score alone, for all the rows that take part.
    fn in_gene_space(
        db: &Db,
        queries: &Queries<'_>,
        score: &dyn Score,
        hits: &[Self],
    ) -> Result<Vec<Option<f64>>, DbError>;
}

/// Returns the first `top` of hits in their order, with their ranks.
pub(super) fn numbered<H: Hit>(mut hits: Vec<H>, top: usize) -> Vec<H> {
    hits.truncate(top);
    hits.iter_mut().zip(1..).for_each(|(hit, rank)| *hit.rank() = rank);
    hits
}

impl Hit for DrugHit {
    const CALIBRATED: bool = true;

    fn run_against(
        db: &Db,
        queries: &Queries<'_>,
        nulls: Option<&NullTables<'_>>,
    ) -> Result<Vec<Vec<Self>>, DbError> {
        let Some(nulls) = nulls else {
            let mut hits = queries.run()?;
            hits.iter_mut().flatten().for_each(significance::add_empty);
            return Ok(hits);
        };
        let mut found = queries.run_with_scores()?;
        significance::add(db, nulls, &mut found)?;
        Ok(found.hits)
    }

    fn run(queries: &Queries<'_>) -> Result<Vec<Vec<Self>>, DbError> {
        queries.run()
    }

    fn scan(scan: &mut Scan<'_>) -> Result<Vec<Vec<Self>>, ScanError> {
        scan.run()
    }

    fn turn(&mut self) {
        (self.score, self.best_similarity) = (-self.score, -self.best_similarity);
    }

    fn sig_id(&self) -> &str {
        &self.best_sig_id
    }

    fn further(&mut self) -> &mut Vec<FurtherScore> {
        &mut self.further
    }

    fn rank(&mut self) -> &mut usize {
        &mut self.rank
    }

    fn preferred(same: Vec<Self>, mut all: Vec<Self>, reverse: bool) -> Vec<Self> {
        let key = |hit: &Self| (hit.drug.clone(), hit.pert_ids.clone());
        let known: HashSet<_> = same.iter().map(key).collect();
        all.retain(|hit| !known.contains(&key(hit)));
        all.extend(same);
        let score = |hit: &Self| if reverse { -hit.score } else { hit.score };
        all.sort_by(|a, b| score(b).total_cmp(&score(a)).then_with(|| a.drug.cmp(&b.drug)));
        all
    }

    fn in_gene_space(
        _: &Db,
        queries: &Queries<'_>,
        _: &dyn Score,
        hits: &[Self],
    ) -> Result<Vec<Option<f64>>, DbError> {
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        let names = hits.iter().map(|hit| hit.drug.as_str());
        let found = queries.clone().filter(Filter::any_of("drug", names)).top(usize::MAX).run()?;
        let scores: HashMap<(String, Vec<String>), f32> =
            found.into_iter().flatten().map(|hit| ((hit.drug, hit.pert_ids), hit.score)).collect();
        let of =
            |hit: &Self| scores.get(&(hit.drug.clone(), hit.pert_ids.clone())).map(|&score| f64::from(score));
        Ok(hits.iter().map(of).collect())
    }
}

impl Hit for SignatureHit {
    const CALIBRATED: bool = false;

    fn run_against(
        _: &Db,
        queries: &Queries<'_>,
        _: Option<&NullTables<'_>>,
    ) -> Result<Vec<Vec<Self>>, DbError> {
        queries.signatures()
    }

    fn run(queries: &Queries<'_>) -> Result<Vec<Vec<Self>>, DbError> {
        queries.signatures()
    }

    fn scan(scan: &mut Scan<'_>) -> Result<Vec<Vec<Self>>, ScanError> {
        scan.signatures()
    }

    fn turn(&mut self) {
        self.similarity = -self.similarity;
    }

    fn sig_id(&self) -> &str {
        &self.signature.sig_id
    }

    fn further(&mut self) -> &mut Vec<FurtherScore> {
        &mut self.further
    }

    fn rank(&mut self) -> &mut usize {
        &mut self.rank
    }

    fn preferred(mut same: Vec<Self>, mut all: Vec<Self>, _: bool) -> Vec<Self> {
        let known: HashSet<_> = same.iter().map(|hit| hit.signature.sig_id.clone()).collect();
        all.retain(|hit| !known.contains(&hit.signature.sig_id));
        same.extend(all);
        same
    }

    fn in_gene_space(
        db: &Db,
        _: &Queries<'_>,
        score: &dyn Score,
        hits: &[Self],
    ) -> Result<Vec<Option<f64>>, DbError> {
        let mut scratch = Scratch::default();
        let mut of = |hit: &Self| -> Result<Option<f64>, DbError> {
            let missing = || DbError::NoProfiles { path: db.path().to_owned() };
            let profile = db.profile(&hit.signature.sig_id)?.ok_or_else(missing)?;
            Ok(score.score(&profile, &mut scratch))
        };
        hits.iter().map(&mut of).collect()
    }
}
