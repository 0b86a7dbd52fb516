//! Scores of everything that takes part, and what that is.

use std::collections::HashSet;

use super::drugs::Drugs;
use super::scope::Scope;
use super::scorer::Scorer;
use super::search::Asked;
use crate::db::DbError;
use crate::db::segment::{DrugRecord, SignatureRecord};
use crate::db::snapshot::{RowAt, Snapshot};

/// Scores of every signature, or of every drug, that takes part in the answers to some queries.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreTable {
    /// The signatures' ids, or the drugs' names, in the order of the database.
    pub names: Vec<String>,
    /// Scores, queries x names, row-major; NaN where a query has none.
    pub values: Vec<f32>,
}

impl ScoreTable {
    /// Joins names and scores.
    pub(crate) fn new(names: Vec<String>, values: Vec<f32>) -> Self {
        Self { names, values }
    }

    /// Makes the scores of some names NaN.
    pub(crate) fn leave_out(&mut self, names: &HashSet<String>) {
        let (width, left) = (self.names.len().max(1), &self.names);
        for (at, value) in self.values.iter_mut().enumerate() {
            if names.contains(&left[at % width]) {
                *value = f32::NAN;
            }
        }
    }

    /// Returns the scores of each query, in the order of the names.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.names.len().max(1))
    }
}

/// The signatures that take part in the answers to queries, with their drugs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Population {
    /// The signatures, in the order of the database.
    pub signatures: Vec<SignatureRecord>,
    /// Of each, the name of its source; empty where it has none.
    pub sources: Vec<String>,
    /// Of each, the place of its drug in `drugs`.
    pub drug_of: Vec<usize>,
    /// The drugs, by their canonical names.
    pub drugs: Vec<DrugRecord>,
}

impl Population {
    /// Reads what takes part.
    pub(super) fn read(snapshot: &Snapshot, scopes: &[Scope<'_>]) -> Result<Self, DbError> {
        let (mut signatures, mut sources, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for (segment, scope) in scopes.iter().enumerate() {
            let rows = scope.rows();
            for &row in &rows {
                groups.push(snapshot.group_of_row(RowAt { segment, row })?);
            }
            let source = scope.segment.source().unwrap_or_default();
            sources.extend(rows.iter().map(|_| source.to_owned()));
            signatures.append(&mut scope.segment.signatures(rows)?);
        }
        let all = groups.iter().copied().collect();
        let drugs = snapshot.merged_drugs(&all)?;
        let places: Vec<usize> = all.into_iter().collect();
        let place = |group: usize| places.partition_point(|&other| other < group);
        Ok(Self { signatures, sources, drug_of: groups.into_iter().map(place).collect(), drugs })
    }
}

impl<S: Scorer> Asked<'_, S> {
    /// Returns the score of every signature that takes part, for each query.
    pub fn signature_scores(&self) -> Result<Vec<f32>, DbError> {
        let rows: Vec<Vec<u32>> = self.scopes.iter().map(Scope::rows).collect();
        let width = rows.iter().map(Vec::len).sum();
        let of_queries = self.in_blocks(super::search::QUERIES, |queries| {
            let mut scores = vec![vec![f32::NAN; width]; queries.len()];
            let mut before = 0;
            for (scope, rows) in self.scopes.iter().zip(&rows) {
                let left_out = scope.left_out(queries.clone(), rows);
                self.scorer.score(scope.segment, &queries, rows, |query, first, tile| {
                    left_out.take_out(query, first, tile);
                    scores[query][before + first..][..tile.len()].copy_from_slice(tile);
                })?;
                before += rows.len();
            }
            Ok(scores)
        })?;
        Ok(of_queries.concat())
    }

    /// Returns the score of every drug that takes part, for each query, in the order of their groups.
    pub fn drug_scores(&self) -> Result<(Vec<usize>, Vec<f32>), DbError> {
        let drugs = Drugs::new(self.snapshot, &self.scopes, 0..self.snapshot.drug_groups()?.len())?;
        let there = (0..drugs.len()).filter(|&drug| drugs.rows_of(drug).any(|(_, rows)| !rows.is_empty()));
        let there: Vec<usize> = there.collect();
        let of_queries = self.in_blocks(super::search::QUERIES, |queries| {
            let (scores, mut of_drug) = (self.block(&drugs, queries.clone()).all()?, Vec::new());
            let mut score = |query, drug| {
                scores.read(&drugs, (query, drug), &mut of_drug);
                of_drug.retain(|score| !score.is_nan());
                self.terms.score.of(&mut of_drug).unwrap_or(f32::NAN)
            };
            let of_query = |query| there.iter().map(|&drug| score(query, drug)).collect();
            Ok((0..queries.len()).map(of_query).collect::<Vec<Vec<f32>>>())
        })?;
        Ok((there.into_iter().map(|drug| drugs.group(drug)).collect(), of_queries.concat()))
    }
}
