//! Asking for all that helps to read an answer.

use super::curve::{Chance, RankCurve};
use super::places::{DrugPlaces, Placed};
use super::strip::Strip;
use crate::db::{DrugHit, DrugRecord, Filter, SignatureHit, SignatureRecord};
use crate::enrichment::{ClassCall, ClassHit};
use crate::explain::Side;
use crate::question::prepared::Prepared;
use crate::question::{
    Answer, Answers, Ask, Broken, Doubt, Explained, GenesAsked, Question, QuestionError, ScoreBy,
};
use crate::stats::standardise;

/// Hits that are looked at closely.
const CLOSE: usize = 5;
/// Classes that are told.
const CLASSES: usize = 15;
/// Signatures of a hit that are told, at most.
const SIGNATURES: usize = 2000;

/// An answer by drug with all that helps to read it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Overview {
    /// The query's id.
    pub query: String,
    /// Where it is a signature of the database, what is known of it.
    pub known: Option<(SignatureRecord, DrugRecord)>,
    /// The genes that scores in gene space are over; `None` by embedding.
    pub genes: Option<GenesAsked>,
    /// The hits, best first.
    pub hits: Vec<DrugHit>,
    /// Scores of all drugs by rank.
    pub curve: RankCurve,
    /// Classes of drugs, the most significant first; none where the database is not calibrated for such a query.
    pub classes: Vec<ClassHit>,
    /// The classes that the query's own drug may be of.
    pub calls: Vec<ClassCall>,
    /// The genes that carry the first hits, of scores that can be explained.
    pub explained: Vec<Explained>,
    /// The signatures of the first hits by cell line and dose.
    pub strips: Vec<Strip>,
    /// The query's place among the [drugs](Overviews::places), by embedding.
    pub place: Option<[f64; 2]>,
    /// What makes the answer doubtful.
    pub doubts: Vec<Doubt>,
}

/// The answers to a question with all that helps to read them.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Overviews {
    /// Those to the queries that could be asked, in their order.
    pub overviews: Vec<Overview>,
    /// The other queries.
    pub broken: Vec<Broken>,
    /// Whether hits act against the queries.
    pub reverse: bool,
    /// The drugs in two dimensions, by embedding.
    pub places: Option<DrugPlaces>,
    /// What a user should know of how they were answered, one sentence each.
    pub notes: Vec<String>,
    /// What makes all of them doubtful, as those who read the queries say, one sentence each.
    pub doubts: Vec<String>,
}

impl Overviews {
    /// Adds further answers of the same database.
    pub fn append(&mut self, mut more: Self) {
        self.overviews.append(&mut more.overviews);
        self.broken.append(&mut more.broken);
        more.notes.retain(|note| !self.notes.contains(note));
        self.notes.append(&mut more.notes);
        self.doubts.append(&mut more.doubts);
        self.reverse |= more.reverse;
        self.places = self.places.take().or(more.places);
    }
}

impl Ask<'_> {
    /// Answers the first queries of a question by drug, at most `most` of them, with all that helps to read the answers. Each is asked several
    /// times, so that it takes some hundred milliseconds.
    ///
    /// ```no_run
    /// use l1kdb::db::Db;
    /// use l1kdb::question::{Ask, Question};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let db = Db::open("lincs.l1kdb")?; // calibrated
    /// let question = Question::Signatures(vec!["CPC004_A375_6H:BRD-A10188456-001-03-1:10".into()]);
    /// for overview in Ask::new(&db).overviews(&question, 10)?.overviews {
    ///     println!("{}: {} hits, {} doubts", overview.query, overview.hits.len(), overview.doubts.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`drugs`](Self::drugs).
    pub fn overviews(&self, question: &Question, most: usize) -> Result<Overviews, QuestionError> {
        self.check(matches!(question, Question::GeneSets(_)))?;
        let prepared = Prepared::new(self.db, question, self.exclude_self)?;
        let prepared = prepared.part(&(0..prepared.ids().len().min(most)).collect::<Vec<_>>());
        let Answers { answers, broken, notes } = self.in_contexts(&prepared)?;
        let doubts = self.doubts_of(&prepared, &answers)?;
        let mut curves = self.curves(&prepared)?.into_iter();
        let mut classes = self.classes_where_calibrated(&prepared)?.into_iter();
        let (places, of_queries) = self.places(&prepared)?.unzip();
        let mut of_queries = of_queries.unwrap_or_default().into_iter();
        let mut overviews = Vec::new();
        for (answer, doubts) in answers.into_iter().zip(doubts) {
            let Answer { query, hits, genes, .. } = answer;
            let one = prepared.part(&[prepared.place(&query)]);
            let first = &hits[..hits.len().min(CLOSE)];
            let (explained, strips) = (self.explain_first(&one, first)?, self.strips(&one, first)?);
            let (classes, calls) = classes.next().map_or_else(Default::default, |of| (of.hits, of.calls));
            let (curve, known) = (curves.next().unwrap_or_default(), self.db.signature(&query)?);
            overviews.push(Overview {
                query,
                known,
                genes,
                hits,
                curve,
                classes,
                calls,
                explained,
                strips,
                place: of_queries.next(),
                doubts,
            });
        }
        Ok(Overviews { overviews, broken, reverse: self.reverse, places, notes, doubts: Vec::new() })
    }

    /// Scores by rank of each query; none where queries are not compared with the same rows by one score.
    fn curves(&self, prepared: &Prepared<'_>) -> Result<Vec<RankCurve>, QuestionError> {
        if self.is_by_query() {
            return Ok(Vec::new());
        }
        let key = self.calibration_key(prepared.calibration_of());
        let calibration = if self.filter.is_some() { None } else { self.db.calibration(&key)? };
        let described = self.described()?;
        let nulls = calibration
            .as_ref()
            .map(|calibration| calibration.class_nulls(&described.classes))
            .transpose()?;
        let chance = nulls.map(|nulls| Chance::of(&nulls, described.drugs.len()));
        let mut found = self.all_drugs(prepared)?.scores;
        let curve = |scores: &mut Vec<f32>| {
            standardise(scores);
            RankCurve::of(scores, chance.as_ref())
        };
        Ok(found.iter_mut().map(curve).collect())
    }

    /// Classes, where there is a null distribution.
    fn classes_where_calibrated(
        &self,
        prepared: &Prepared<'_>,
    ) -> Result<Vec<Answer<ClassHit>>, QuestionError> {
        match self.clone().top(CLASSES).classes_of(prepared) {
            Ok(found) => Ok(found.answers),
            Err(QuestionError::NotCalibrated { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The places of the drugs, and of each query.
    fn places(&self, prepared: &Prepared<'_>) -> Result<Option<Placed>, QuestionError> {
        if self.by() != ScoreBy::Embedding || self.is_by_query() {
            return Ok(None);
        }
        let sound = prepared.to_embed();
        let embeddings = self.embed(&sound.ids, sound.with)?;
        Ok(Some(DrugPlaces::of(self.db, &self.described()?.drugs, &embeddings)?))
    }

    /// The genes that carry the first hits; none where nothing can be explained.
    fn explain_first(&self, query: &Prepared<'_>, hits: &[DrugHit]) -> Result<Vec<Explained>, QuestionError> {
        let signatures: Vec<String> = hits.iter().map(|hit| hit.best_sig_id.clone()).collect();
        let keeps = signatures.first().map(|id| self.db.profile(id)).transpose()?.flatten().is_some();
        if !keeps || self.is_by_query() {
            return Ok(Vec::new());
        }
        match self.explain_prepared(query, &signatures, Side::Query) {
            Ok(found) => Ok(found.answers.into_iter().flat_map(|answer| answer.hits).collect()),
            Err(QuestionError::NotExplained { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn strips(&self, query: &Prepared<'_>, hits: &[DrugHit]) -> Result<Vec<Strip>, QuestionError> {
        if self.is_by_query() {
            return Ok(Vec::new());
        }
        let strip = |hit: &DrugHit| {
            let ask =
                self.clone().filter(Filter::any_of("drug", [&hit.drug])).top(SIGNATURES).significance(false);
            let found: Answers<SignatureHit> = ask.answers_of(query)?;
            let signatures = found.answers.into_iter().next().map_or_else(Vec::new, |answer| answer.hits);
            Ok(Strip::of(&hit.drug, &signatures))
        };
        hits.iter().map(strip).collect()
    }
}
