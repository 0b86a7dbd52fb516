//! How a question is asked.

use std::sync::{Arc, OnceLock};

use super::cmap::{Basis, columns, has_null};
use super::significance::Described;
use super::{CmapChain, GenesAsked, QuestionError, Rerank, SameCell, ScoreBy, connectivity, significance};
use crate::db::{CalibrationOf, Db, DrugScore, Filter, Hubness, Queries, Search};
use crate::embed::Model;

/// Asks a database: by which score, of how much of it, and for how many hits.
///
/// ```no_run
/// use l1kdb::db::{Db, Filter};
/// use l1kdb::question::{Ask, Combine, Question};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let db = Db::open("lincs.l1kdb")?;
/// let question = Question::Drug { name: "vorinostat".into(), combine: Combine::Mean };
/// let ask = Ask::new(&db).top(10).filter(Filter::any_of("cell_id", ["MCF7"]));
/// for hit in &ask.drugs(&question)?.whole()?[0].hits {
///     println!("{} {} {:.3}", hit.rank, hit.drug, hit.score);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is asked until a question is put"]
pub struct Ask<'a> {
    pub(super) db: &'a Db,
    pub(super) model: Option<&'a Model>,
    pub(super) score_by: Option<ScoreBy>,
    pub(super) reverse: bool,
    pub(super) rerank: Option<Rerank>,
    pub(super) cmap: Option<CmapChain>,
    /// What the chain compares with, once it was read.
    pub(super) basis: Arc<OnceLock<Basis>>,
    /// The drugs and their classes, once they were read.
    pub(super) described: Arc<OnceLock<Described>>,
    pub(super) same_cell: SameCell,
    pub(super) cell_line: Option<String>,
    pub(super) exclude_plate: bool,
    pub(super) exclude_self: bool,
    pub(super) significance: bool,
    pub(super) hubness: Hubness,
    /// How near signatures are to their neighbours, once it was read.
    pub(super) nearness: Arc<OnceLock<Vec<f32>>>,
    pub(super) top: usize,
    pub(super) score: DrugScore,
    pub(super) search: Search,
    pub(super) filter: Option<Filter>,
}

impl<'a> Ask<'a> {
    /// Asks by embedding for the 20 nearest, unless said otherwise.
    pub fn new(db: &'a Db) -> Self {
        Self {
            db,
            model: None,
            score_by: None,
            reverse: false,
            rerank: None,
            cmap: None,
            basis: Arc::default(),
            described: Arc::default(),
            same_cell: SameCell::default(),
            cell_line: None,
            exclude_plate: false,
            exclude_self: false,
            significance: true,
            hubness: Hubness::default(),
            nearness: Arc::default(),
            top: 20,
            score: DrugScore::default(),
            search: Search::default(),
            filter: None,
        }
    }

    /// Sets the network, [`Db::model`], that profiles are embedded by; else it is loaded for every question that needs it.
    pub fn model(self, model: &'a Model) -> Self {
        Self { model: Some(model), ..self }
    }

    /// Sets the score; if not set it is that of embeddings, and in reverse cosine.
    pub fn score_by(self, score_by: ScoreBy) -> Self {
        Self { score_by: Some(score_by), ..self }
    }

    /// Asks what acts against the query: the most negative score in gene space comes first, with its own sign.
    ///
    /// The opposite of an embedding is no opposite profile. So by embedding, which has to be set, the least similar are only
    /// candidates: those whose score in gene space, cosine or that of [`rerank`](Self::rerank), is negative come first to last by
    /// that, and others are dropped.
    pub fn reverse(self) -> Self {
        Self { reverse: true, ..self }
    }

    /// Orders the nearest by embedding anew, by a score in gene space, which hits show beside that of embeddings.
    pub fn rerank(self, rerank: Rerank) -> Self {
        Self { rerank: Some(rerank), ..self }
    }

    /// Answers by CMap's chain, which ranks by `norm_cs`. The score is [`ScoreBy::Wtcs`] then.
    pub fn cmap(self, chain: CmapChain) -> Self {
        Self { cmap: Some(chain), basis: Arc::default(), ..self }
    }

    /// Leaves out of each answer the signature of the query's own id. Stored signatures and drugs always are.
    pub fn exclude_self(self) -> Self {
        Self { exclude_self: true, ..self }
    }

    /// Leaves out of each answer the signatures of the query's plates, which its id, or those of a drug's signatures, name before
    /// a colon: what shares a plate is alike for reasons of its own.
    pub fn exclude_plate(self) -> Self {
        Self { exclude_plate: true, ..self }
    }

    /// Sets what signatures of the query's cell line are to an answer.
    pub fn same_cell(self, same_cell: SameCell) -> Self {
        Self { same_cell, ..self }
    }

    /// Names the cell line of queries of which nothing else does.
    pub fn cell_line(self, name: impl Into<String>) -> Self {
        Self { cell_line: Some(name.into()), ..self }
    }

    /// Sets whether drugs get p and q where the database is [calibrated](super::Calibrate); they do unless set. Then every drug is
    /// scored, which takes somewhat longer.
    pub fn significance(self, significance: bool) -> Self {
        Self { significance, ..self }
    }

    /// Sets what becomes of hubs, by embedding. [`Hubness::Csls`] needs a [calibration](super::Calibrate::hubness) that was made for
    /// it, which keeps how near each signature is to its neighbours; under a filter, that is still among all signatures. Scores and
    /// similarities of hits are then twice the cosine less that, of -3 to 3.
    pub fn hubness(self, hubness: Hubness) -> Self {
        Self { hubness, ..self }
    }

    /// As [`Query::top`](crate::db::Query::top).
    pub fn top(self, top: usize) -> Self {
        Self { top, ..self }
    }

    /// As [`Query::score`](crate::db::Query::score).
    pub fn score(self, score: DrugScore) -> Self {
        Self { score, ..self }
    }

    /// As [`Query::search`](crate::db::Query::search).
    pub fn search(self, search: Search) -> Self {
        Self { search, ..self }
    }

    /// As [`Query::filter`](crate::db::Query::filter).
    pub fn filter(self, filter: Filter) -> Self {
        Self { filter: Some(filter.after(self.filter)), ..self }
    }

    /// Returns the score that is asked by.
    pub fn by(&self) -> ScoreBy {
        match self.score_by {
            None if self.cmap.is_some() => ScoreBy::Wtcs,
            None if self.reverse => ScoreBy::Cosine,
            by => by.unwrap_or_default(),
        }
    }

    /// Tells whether profiles are compared gene by gene, alone or beside embeddings.
    pub fn is_in_gene_space(&self) -> bool {
        self.by().is_in_gene_space() || self.again().is_some()
    }

    /// Tells whether answers are more than the best of the same rows by one score.
    pub(super) fn is_by_query(&self) -> bool {
        let anew = self.again().is_some() || self.cmap.is_some();
        anew || self.exclude_plate || self.same_cell != SameCell::Ignore
    }

    /// How candidates are looked at again in gene space, if they are.
    pub(super) fn again(&self) -> Option<Rerank> {
        let confirmed = self.reverse.then(|| Rerank::new(ScoreBy::Cosine));
        self.rerank.or(confirmed).filter(|_| !self.by().is_in_gene_space())
    }

    /// Returns the names of the further scores that drugs have, p and q among them where the database is calibrated for such a
    /// question.
    ///
    /// # Errors
    /// A damaged database.
    pub fn further_of_drugs(&self, of: CalibrationOf) -> Result<Vec<&'static str>, QuestionError> {
        let mut names = self.further()?;
        if self.has_significance(of) {
            names.extend(significance::COLUMNS);
        }
        Ok(names)
    }

    /// Tells whether the database is calibrated for such a question.
    pub(super) fn has_significance(&self, of: CalibrationOf) -> bool {
        let key = self.calibration_key(of);
        self.significance && !self.is_by_query() && self.db.calibrations().contains(&key)
    }

    /// Returns the names of the further scores that hits have.
    ///
    /// # Errors
    /// A damaged database.
    pub fn further(&self) -> Result<Vec<&'static str>, QuestionError> {
        if let Some(chain) = &self.cmap {
            return Ok(columns(has_null(self.db)?, !chain.references.is_empty()));
        }
        Ok(match self.again() {
            Some(again) => vec![again.column()],
            None if self.by().weights().is_some() => connectivity::COLUMNS.to_vec(),
            None => Vec::new(),
        })
    }

    /// Returns in words what is done with a query of such genes, for a title; empty by embedding with hubs.
    pub fn description(&self, genes: Option<GenesAsked>) -> String {
        let Some(genes) = genes else {
            return match self.hubness {
                Hubness::None => String::new(),
                Hubness::Csls => {
                    "without hubs: twice the cosine less the mean cosine of a signature to its 10 nearest"
                        .to_owned()
                }
            };
        };
        let first = if self.reverse { ", the most negative first" } else { "" };
        let Some(Rerank { by, candidates }) = self.again() else {
            if self.cmap.is_some() {
                return format!("normalised connectivity (norm_cs) in gene space, {genes}{first}");
            }
            return format!("{} in gene space, {genes}{first}", self.by().description());
        };
        let (end, kept) = if self.reverse { ("least", ", negative ones alone") } else { ("most", "") };
        let by = by.description();
        format!(
            "the {candidates} {end} similar by embedding, ordered by {by} in gene space, {genes}{kept}{first}"
        )
    }

    /// Returns the drugs of the database, and their classes.
    pub(super) fn described(&self) -> Result<&Described, QuestionError> {
        Ok(Described::once(&self.described, self.db)?)
    }

    /// Queries by embedding, without hubs where that is asked for.
    pub(super) fn queries<'q>(&'q self, embeddings: &'q [f32]) -> Result<Queries<'q>, QuestionError> {
        let queries = self.db.queries(embeddings);
        if self.hubness == Hubness::None {
            return Ok(queries);
        }
        if self.nearness.get().is_none() {
            let kept = self.db.kept_nearness()?.ok_or(QuestionError::NoNearness)?;
            self.nearness.get_or_init(|| kept);
        }
        Ok(queries.less(self.nearness.get().map(Vec::as_slice)))
    }

    /// Checks that the score is one of this kind of question.
    ///
    /// # Errors
    /// [`QuestionError::OnlyOfCmap`], [`QuestionError::OnlyOfEmbeddings`] and [`QuestionError::OnlyOfProfiles`].
    pub fn check(&self, of_gene_sets: bool) -> Result<(), QuestionError> {
        let by = self.by();
        if self.hubness != Hubness::None && (self.is_in_gene_space() || self.reverse) {
            return Err(QuestionError::OnlyOfEmbeddings);
        }
        if self.cmap.is_some() && by != ScoreBy::Wtcs {
            return Err(QuestionError::OnlyOfCmap { by });
        }
        by.check(of_gene_sets)
    }
}
