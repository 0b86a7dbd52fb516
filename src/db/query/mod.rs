//! Asks a database which drugs, or which signatures, are nearest to an embedding, or to each of many.
//!
//! | file | responsibility |
//! |---|---|
//! | `question`, `terms` | what is asked; what decides an answer beside that |
//! | `filter` | which rows pass: the language of filters |
//! | `scope` | the rows that take part |
//! | `scorer` | scores of rows, many at a time |
//! | `search` | the nearest signatures, and the drugs to score |
//! | `best`, `drugs`, `ranked` | the nearest drugs of many queries, their rows, and those of one query so far |
//! | `score`, `bound` | a drug's score, and what it cannot be above |
//! | `table`, `nearness` | scores of everything that takes part; how near the nearest rows are |
//! | `hits` | the answer, with what is known of it |

mod best;
mod bound;
mod drugs;
pub(in crate::db) mod filter;
mod hits;
mod nearness;
mod question;
mod ranked;
mod scope;
mod score;
mod scorer;
mod search;
mod table;
mod terms;

use super::DbError;
use super::segment::DRUG_FILTER;
use super::snapshot::{RowAt, Snapshot};
use crate::connectivity::Score;
use question::Question;
use scope::Scope;
use scorer::{EmbeddingScorer, ProfileScorer, Scorer};
use search::Asked;
use terms::Terms;

pub use filter::{Comparison, Filter, FilterError, FilterFault, FilterStep, FilterSteps};
pub(crate) use filter::{DescribedRows, MoreColumns};
pub use hits::{DrugHit, FurtherScore, SignatureHit};
pub(crate) use hits::{ScoredDrugs, drugs_in_order, signatures_in_order};
pub use score::DrugScore;
pub(crate) use score::{keep_best, ordered};
pub use table::{Population, ScoreTable};
pub use terms::Search;

/// A question to a database, made by [`Db::query`](super::Db::query).
///
/// ```no_run
/// use l1kdb::db::Filter;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
/// # let embedding = vec![0.0; db.dim()];
/// let filter = Filter::parse("cell_id in (MCF7, PC3) and pert_time >= 24")?;
/// let hits = db.query(&embedding).top(10).filter(filter).run()?;
/// for hit in hits {
///     println!("{} {} {:.3}", hit.rank, hit.drug, hit.score);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a query does nothing until it is run"]
pub struct Query<'a>(Queries<'a>);

impl<'a> Query<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, embedding: &'a [f32]) -> Self {
        Self(Queries::new(snapshot, embedding))
    }

    /// Sets how many hits to return; 20 if not set.
    pub fn top(self, top: usize) -> Self {
        Self(self.0.top(top))
    }

    /// Keeps signatures that pass a filter. Several filters must all hold.
    pub fn filter(self, filter: Filter) -> Self {
        Self(self.0.filter(filter))
    }

    /// Leaves out the signature of this id, most often the query itself.
    pub fn without(self, sig_id: impl Into<String>) -> Self {
        Self(self.0.without([sig_id]))
    }

    /// Leaves a drug with all its signatures out, most often the one that is asked about.
    pub fn without_drug(self, drug: impl Into<String>) -> Self {
        Self(self.0.without_drug(drug))
    }

    /// Sets how a drug's score is made of its signatures' similarities.
    pub fn score(self, score: DrugScore) -> Self {
        Self(self.0.score(score))
    }

    /// Sets how to search.
    pub fn search(self, search: Search) -> Self {
        Self(self.0.search(search))
    }

    /// Returns the nearest drugs: by score, then by name.
    ///
    /// With the graph, drugs are found through the signatures nearest to the query, and each drug found is then
    /// scored exactly.
    ///
    /// # Errors
    /// An embedding of another dimension, a filter with an unknown key or value, a missing graph, a damaged segment.
    pub fn run(&self) -> Result<Vec<DrugHit>, DbError> {
        self.one()?.run().map(only)
    }

    /// Returns the nearest signatures: by similarity, then by `sig_id`.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn signatures(&self) -> Result<Vec<SignatureHit>, DbError> {
        self.one()?.signatures().map(only)
    }

    fn one(&self) -> Result<&Queries<'a>, DbError> {
        let (expected, found) = match self.0.question {
            Question::Embedding(values) => (self.0.snapshot.dim(), values.len()),
            Question::Profile(_) => return Ok(&self.0),
        };
        if expected == found { Ok(&self.0) } else { Err(DbError::Dimension { expected, found }) }
    }
}

fn only<T>(mut answers: Vec<Vec<T>>) -> Vec<T> {
    answers.pop().unwrap_or_default()
}

/// One question about each of many embeddings, made by [`Db::queries`](super::Db::queries). Answers are those of [`Query`], bit for
/// bit, at several times the pace: the database is read once for many queries, on all threads of the current rayon pool.
///
/// ```no_run
/// use l1kdb::db::Filter;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
/// # let embeddings = vec![0.0; 1_000 * db.dim()]; // of `Model::embed`
/// let answers = db.queries(&embeddings).top(10).filter(Filter::any_of("cell_id", ["MCF7"])).run()?;
/// for (query, hits) in answers.iter().enumerate() {
///     println!("{query}: {}", hits.first().map_or("nothing", |hit| &hit.drug));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "queries do nothing until they are run"]
pub struct Queries<'a> {
    snapshot: &'a Snapshot,
    question: Question<'a>,
    filter: Option<Filter>,
    without: Vec<String>,
    terms: Terms,
    /// What similarities are lessened by.
    nearness: Option<&'a [f32]>,
}

impl<'a> Queries<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, embeddings: &'a [f32]) -> Self {
        Self::of(snapshot, Question::Embedding(embeddings))
    }

    /// Takes scores of profiles.
    pub(super) fn by(snapshot: &'a Snapshot, scores: &'a [Box<dyn Score>]) -> Self {
        Self::of(snapshot, Question::Profile(scores))
    }

    fn of(snapshot: &'a Snapshot, question: Question<'a>) -> Self {
        let terms = Terms { top: 20, score: DrugScore::default(), search: Search::default() };
        Self { snapshot, question, filter: None, without: Vec::new(), terms, nearness: None }
    }

    /// As [`Query::top`], for each query.
    pub fn top(mut self, top: usize) -> Self {
        self.terms.top = top;
        self
    }

    /// As [`Query::filter`], for all queries.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter.after(self.filter));
        self
    }

    /// Leaves out of each query's answer the signature of its own id: one id a query, in the order of the queries.
    pub fn without<V: Into<String>>(mut self, sig_ids: impl IntoIterator<Item = V>) -> Self {
        self.without = sig_ids.into_iter().map(Into::into).collect();
        self
    }

    /// Leaves a drug with all its signatures out of every answer; it is known by any of its names and ids. May be called for
    /// several.
    pub fn without_drug(self, drug: impl Into<String>) -> Self {
        self.filter(!Filter::any_of(DRUG_FILTER, [drug]))
    }

    /// As [`Query::score`].
    pub fn score(mut self, score: DrugScore) -> Self {
        self.terms.score = score;
        self
    }

    /// As [`Query::search`].
    pub fn search(mut self, search: Search) -> Self {
        self.terms.search = search;
        self
    }

    /// Scores a signature by twice its similarity less its [nearness](crate::db::Db::nearness) to its own neighbours, so that what is near
    /// to everything comes last. By embedding only; every row is scored, whatever the [search](Self::search).
    pub(crate) fn less(mut self, nearness: Option<&'a [f32]>) -> Self {
        self.nearness = nearness;
        self
    }

    /// Returns of each query the mean similarity of the [`top`](Self::top) nearest signatures, NaN where there is none.
    pub(crate) fn mean_of_nearest(&self) -> Result<Vec<f32>, DbError> {
        match self.question {
            Question::Embedding(values) => self.asked(self.by_embedding(values)?)?.mean_of_nearest(),
            Question::Profile(scores) => self.asked(self.by_profile(scores)?)?.mean_of_nearest(),
        }
    }

    /// Returns for each query what [`Query::run`] returns for it.
    ///
    /// # Errors
    /// Values that do not fill whole embeddings, or another number of ids to leave out than of queries; as
    /// [`Query::run`].
    pub fn run(&self) -> Result<Vec<Vec<DrugHit>>, DbError> {
        match self.question {
            Question::Embedding(values) => self.asked(self.by_embedding(values)?)?.drugs(),
            Question::Profile(scores) => self.asked(self.by_profile(scores)?)?.drugs(),
        }
    }

    /// Returns for each query what [`Query::signatures`] returns for it.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn signatures(&self) -> Result<Vec<Vec<SignatureHit>>, DbError> {
        match self.question {
            Question::Embedding(values) => self.asked(self.by_embedding(values)?)?.signatures(),
            Question::Profile(scores) => self.asked(self.by_profile(scores)?)?.signatures(),
        }
    }

    /// Returns the score of every signature that takes part, for each query. Memory is that of the scores.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn signature_scores(&self) -> Result<ScoreTable, DbError> {
        let names = self.population()?.signatures.into_iter().map(|signature| signature.sig_id).collect();
        let values = match self.question {
            Question::Embedding(values) => self.asked(self.by_embedding(values)?)?.signature_scores(),
            Question::Profile(scores) => self.asked(self.by_profile(scores)?)?.signature_scores(),
        }?;
        Ok(ScoreTable { names, values })
    }

    /// Returns the score of every drug that takes part, for each query: those that [`run`](Self::run) ranks by. Memory is that of the
    /// scores of all signatures for 256 queries and thread.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn drug_scores(&self) -> Result<ScoreTable, DbError> {
        let (groups, values) = match self.question {
            Question::Embedding(values) => self.asked(self.by_embedding(values)?)?.drug_scores(),
            Question::Profile(scores) => self.asked(self.by_profile(scores)?)?.drug_scores(),
        }?;
        let drugs = self.snapshot.merged_drugs(&groups.into_iter().collect())?;
        Ok(ScoreTable { names: drugs.into_iter().map(|drug| drug.name).collect(), values })
    }

    /// As [`run`](Self::run), with the scores of all drugs for each query, by the numbers that calibrations have; NaN for what takes
    /// no part. Every row is scored, whatever the [search](Self::search).
    pub(crate) fn run_with_scores(&self) -> Result<ScoredDrugs, DbError> {
        match self.question {
            Question::Embedding(values) => self.asked(self.by_embedding(values)?)?.drugs_and_scores(),
            Question::Profile(scores) => self.asked(self.by_profile(scores)?)?.drugs_and_scores(),
        }
    }

    /// Returns of each drug, by its number, how many of its signatures take part.
    pub(crate) fn drug_sizes(&self) -> Result<Vec<usize>, DbError> {
        let mut sizes = vec![0; self.snapshot.drug_groups()?.len()];
        let scopes = Scope::of_segments(self.snapshot, self.filter.as_ref(), &[])?;
        for (segment, scope) in scopes.iter().enumerate() {
            for row in scope.rows() {
                sizes[self.snapshot.group_of_row(RowAt { segment, row })?] += 1;
            }
        }
        Ok(sizes)
    }

    /// Returns the signatures that take part, those that pass the filter, with their drugs.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn population(&self) -> Result<Population, DbError> {
        Population::read(self.snapshot, &Scope::of_segments(self.snapshot, self.filter.as_ref(), &[])?)
    }

    /// What is asked, with everything looked up that is the same for all queries.
    fn asked<S: Scorer>(&self, scorer: S) -> Result<Asked<'a, S>, DbError> {
        let (expected, found) = (scorer.len(), self.without.len());
        if found != 0 && found != expected {
            return Err(DbError::Without { expected, found });
        }
        Asked::new(self.snapshot, scorer, self.filter.as_ref(), &self.without, self.terms)
    }

    fn by_embedding(&self, values: &'a [f32]) -> Result<EmbeddingScorer<'a>, DbError> {
        let scorer = EmbeddingScorer::new(self.snapshot.dim(), values)?;
        Ok(match self.nearness {
            Some(nearness) => scorer.less(self.snapshot, nearness),
            None => scorer,
        })
    }

    fn by_profile(&self, scores: &'a [Box<dyn Score>]) -> Result<ProfileScorer<'a>, DbError> {
        ProfileScorer::new(scores, self.snapshot.manifest().universe())
    }
}
