//! Scores of everything that takes part, rather than the best.

use std::collections::HashSet;

use super::prepare::turned;
use super::prepared::{Prepared, Sound, Without};
use super::{Ask, Broken, Question, QuestionError};
use crate::db::{DbError, Filter, Population, Queries, ScoreTable};

/// Scores of every signature or drug for the queries of a question.
#[derive(Debug)]
#[non_exhaustive]
pub struct Scores {
    /// The ids of the queries that could be asked.
    pub queries: Vec<String>,
    /// Their scores; NaN for what is left out of an answer.
    pub table: ScoreTable,
    /// The other queries.
    pub broken: Vec<Broken>,
}

/// How everything is scored, and what of it is of a drug.
type Everything = (fn(&Queries<'_>) -> Result<ScoreTable, DbError>, fn(Population) -> HashSet<String>);

impl Ask<'_> {
    /// Returns the score of every drug for each query, those that [`drugs`](Self::drugs) ranks by. Memory is that of the scores.
    ///
    /// ```no_run
    /// use l1kdb::question::{Ask, Question};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
    /// let question = Question::Signatures(vec!["CPC004_A375_6H:BRD-A10188456-001-03-1:10".into()]);
    /// let scores = Ask::new(&db).drug_scores(&question)?;
    /// for (drug, score) in scores.table.names.iter().zip(&scores.table.values) {
    ///     println!("{drug} {score}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`QuestionError::OnlyOfHits`] where answers are ordered anew or by CMap's chain, or differ by the query's cell line or plate;
    /// as [`drugs`](Self::drugs).
    pub fn drug_scores(&self, question: &Question) -> Result<Scores, QuestionError> {
        let names = |of_drug: Population| of_drug.drugs.into_iter().map(|drug| drug.name).collect();
        self.everything(question, (|queries| queries.drug_scores(), names))
    }

    /// Returns the score of every signature for each query, those that [`signatures`](Self::signatures) ranks by. Memory is that of
    /// the scores.
    ///
    /// # Errors
    /// As [`drug_scores`](Self::drug_scores).
    pub fn signature_scores(&self, question: &Question) -> Result<Scores, QuestionError> {
        let ids = |of_drug: Population| of_drug.signatures.into_iter().map(|row| row.sig_id).collect();
        self.everything(question, (|queries| queries.signature_scores(), ids))
    }

    fn everything(&self, question: &Question, (scores, own): Everything) -> Result<Scores, QuestionError> {
        self.check(matches!(question, Question::GeneSets(_)))?;
        if self.is_by_query() {
            return Err(QuestionError::OnlyOfHits);
        }
        let mut prepared = Prepared::new(self.db, question, self.exclude_self)?;
        // All queries have the same columns, so a drug that is left out is marked and not filtered.
        let drug = match &prepared.without {
            Without::Drug(drug) => Some(drug.clone()),
            _ => None,
        };
        if drug.is_some() {
            prepared.without = Without::Nothing;
        }
        let mut found = self.all_scores(&prepared, scores)?;
        if let Some(drug) = drug {
            let of_drug = self.db.queries(&[]).filter(Filter::any_of("drug", [drug])).population()?;
            found.table.leave_out(&own(of_drug));
        }
        Ok(found)
    }

    fn all_scores(
        &self,
        prepared: &Prepared<'_>,
        scores: impl Fn(&Queries<'_>) -> Result<ScoreTable, DbError>,
    ) -> Result<Scores, QuestionError> {
        if !self.by().is_in_gene_space() {
            let Sound { ids, with, broken, .. } = prepared.to_embed();
            let embeddings = self.embed(&ids, with)?;
            let queries = self.narrowed(self.queries(&embeddings)?, &ids, &prepared.without);
            return Ok(Scores { table: scores(&queries)?, queries: ids, broken });
        }
        let Sound { ids, with, broken, .. } = prepared.scored(self.by());
        let asked: Vec<_> = with.into_iter().map(|scored| turned(scored.score, self.reverse)).collect();
        let queries = self.narrowed(self.db.queries_by(&asked), &ids, &prepared.without);
        let mut table = scores(&queries)?;
        if self.reverse {
            table.values.iter_mut().for_each(|score| *score = -*score);
        }
        Ok(Scores { table, queries: ids, broken })
    }
}
