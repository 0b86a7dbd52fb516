//! What drugs score for reference queries, computed and kept in a database.

use std::sync::Arc;

use super::described::{classes_of, voters_of};
use super::likeness::Likeness;
use super::references::Pool;
use crate::SettingError;
use crate::db::{CalibrationDraft, CalibrationKey, CalibrationOf, Db, DrugScore, Hubness, ReferenceQueries};
use crate::embed::Model;
use crate::enrichment::{CallCalibration, ClassNulls};
use crate::progress::Progress;
use crate::question::prepared::Prepared;
use crate::question::{Ask, QueryProfiles, QuestionError, ScoreBy};
use crate::stats::{NullTables, standardise};

/// Reference queries that are scored together.
const TOGETHER: usize = 256;

/// The fewest reference queries, of other drugs, that make a null distribution.
const LEAST: usize = 20;

/// Computes null distributions of a database's drugs, and keeps them in it, so that answers have p and q.
///
/// Reference queries are signatures of drugs that a query has nothing to do with: those of a drug take no part in its own null
/// distribution. At most five are of one drug, for else p-values come out too small; the scores of each are brought to mean 0 and
/// standard deviation 1 over drugs first. There is one calibration for each kind of query and score.
///
/// ```no_run
/// use l1kdb::db::Db;
/// use l1kdb::progress::Quiet;
/// use l1kdb::question::Calibrate;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let db = Db::open("lincs.l1kdb")?;
/// let report = Calibrate::new(&db).of_database(&Quiet)?;
/// println!("{} reference queries of {} drugs", report.queries, report.drugs);
/// let db = Db::open("lincs.l1kdb")?; // sees the calibration
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is computed until the reference queries are named"]
pub struct Calibrate<'a> {
    db: &'a Db,
    model: Option<&'a Model>,
    of: CalibrationOf,
    by: ScoreBy,
    score: DrugScore,
    reverse: bool,
    hubness: Hubness,
    queries: usize,
    per_drug: usize,
    seed: u64,
}

/// What a calibration was made of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CalibrationReport {
    /// What it is of.
    pub key: CalibrationKey,
    /// Reference queries.
    pub queries: usize,
    /// Drugs that they are of.
    pub drugs: usize,
    /// Drugs of the database.
    pub candidates: usize,
    /// The smallest p-value that an answer can have.
    pub smallest_p: f64,
    /// Signatures that could not be asked with.
    pub broken: usize,
    /// How often votes for the class of a query's own drug are right; of each kind of which enough drugs have a class.
    pub calls: Vec<CallCalibration>,
}

impl<'a> Calibrate<'a> {
    /// Calibrates queries by embedding, with up to 2,000 reference queries, of one drug at most 5.
    pub fn new(db: &'a Db) -> Self {
        let (of, by, score) = (CalibrationOf::Profiles, ScoreBy::default(), DrugScore::default());
        let (reverse, hubness) = (false, Hubness::None);
        Self { db, model: None, of, by, score, reverse, hubness, queries: 2000, per_drug: 5, seed: 1 }
    }

    /// Sets the network, [`Db::model`], that profiles and gene sets are embedded by; else it is loaded where it is needed.
    pub fn model(self, model: &'a Model) -> Self {
        Self { model: Some(model), ..self }
    }

    /// Sets the kind of queries. Gene sets are the 100 genes of either end of a reference's profile.
    pub fn of(self, of: CalibrationOf) -> Self {
        Self { of, ..self }
    }

    /// Sets the score of a signature.
    pub fn score_by(self, by: ScoreBy) -> Self {
        Self { by, ..self }
    }

    /// Sets the score of a drug.
    pub fn score(self, score: DrugScore) -> Self {
        Self { score, ..self }
    }

    /// Calibrates what acts against a query; in gene space only.
    pub fn reverse(self, reverse: bool) -> Self {
        Self { reverse, ..self }
    }

    /// Sets what becomes of hubs; by embedding only. [`Hubness::Csls`] first computes how near each signature is to its neighbours, which
    /// the calibration keeps for [`Ask::hubness`].
    pub fn hubness(self, hubness: Hubness) -> Self {
        Self { hubness, ..self }
    }

    /// Sets the most reference queries.
    pub fn queries(self, queries: usize) -> Self {
        Self { queries, ..self }
    }

    /// Sets the most reference queries of one drug.
    pub fn per_drug(self, per_drug: usize) -> Self {
        Self { per_drug, ..self }
    }

    /// Sets the seed by which they are drawn.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Returns what is calibrated.
    pub fn key(&self) -> CalibrationKey {
        let key = CalibrationKey::new(self.of, self.by.name(), self.score);
        key.reverse(self.reverse).hubness(self.hubness)
    }

    /// Draws the reference queries from the database itself, and keeps the calibration there.
    ///
    /// # Errors
    /// Too few signatures of other drugs; a score that is not of this kind of query; those of scoring and of writing. What was in the
    /// database is there still.
    pub fn of_database(&self, progress: &dyn Progress) -> Result<CalibrationReport, QuestionError> {
        let pool = Pool::of_database(self.db)?;
        self.run(&pool, "signatures of the database", progress)
    }

    /// Draws the reference queries from profiles, each of a drug by any of its names, and keeps the calibration in the database. They have
    /// to be of the same kind as the queries to come: those of another laboratory or release are not, and p-values of real signatures against
    /// them came out too small.
    /// `source` says in words where they come from, such as the name of a file.
    ///
    /// # Errors
    /// As [`of_database`](Self::of_database); another number of drugs than of profiles.
    pub fn of_profiles(
        &self,
        profiles: &QueryProfiles,
        drugs: &[String],
        source: &str,
        progress: &dyn Progress,
    ) -> Result<CalibrationReport, QuestionError> {
        let (expected, found) = (format!("{}, one a profile", profiles.len()), drugs.len());
        SettingError::check("drugs", found, expected, found == profiles.len())?;
        self.run(&Pool::of_profiles(self.db, profiles, drugs)?, source, progress)
    }

    fn run(
        &self,
        pool: &Pool<'_>,
        source: &str,
        progress: &dyn Progress,
    ) -> Result<CalibrationReport, QuestionError> {
        self.ask(Vec::new()).check(self.of == CalibrationOf::GeneSets)?;
        let nearness = match self.hubness {
            Hubness::None => Vec::new(),
            Hubness::Csls => self.db.nearness(progress)?,
        };
        let ask = self.ask(nearness.clone());
        let sizes = self.db.queries(&[]).drug_sizes()?;
        let mut drawn = pool.draw(self.queries, self.per_drug, self.seed);
        if sizes.len() < 2 || drawn.len() < LEAST {
            return Err(QuestionError::FewReferences {
                drugs: sizes.len(),
                queries: drawn.len(),
                least: LEAST,
            });
        }
        progress.begin("scoring reference queries", drawn.len() as u64);
        let (mut scores, mut embeddings, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        let mut usual = Likeness::default();
        for rows in drawn.chunks(TOGETHER) {
            let (question, rows) = pool.question(self.db, rows, self.of)?;
            // A reference may be a signature of the database: by itself it scores as nothing else does.
            let prepared = Prepared::new(self.db, &question, true)?;
            let mut found = ask.all_drugs(&prepared)?;
            usual.add(self.db, &prepared, &found)?;
            found.scores.iter_mut().for_each(|scores| standardise(scores));
            scores.extend(found.scores.concat());
            embeddings.append(&mut found.embeddings);
            asked.extend(found.places.iter().map(|&place| rows[place]));
            progress.advance(TOGETHER as u64);
        }
        progress.end();
        let broken = drawn.len() - asked.len();
        drawn = asked;
        let own: Vec<Option<usize>> = drawn.iter().map(|&row| pool.own[row]).collect();
        let nulls = NullTables::of(&scores, &own, &sizes)?;
        let (queries, drugs) = (drawn.len(), pool.count_drugs(&drawn));
        let references =
            ReferenceQueries { queries, drugs, per_drug: self.per_drug, source: source.to_owned() };
        let (key, smallest_p) = (self.key(), nulls.smallest());
        let records = self.db.drug_records()?;
        let classes = classes_of(&records);
        let calls = voters_of(&records);
        let calls = calls.iter().filter_map(|voters| CallCalibration::of(voters, &scores, &own, sizes.len()));
        let calls: Vec<CallCalibration> = calls.collect();
        let of_classes = ClassNulls::of(&scores, &own, &classes)?;
        let (key_of, tables) = (key.clone(), &nulls);
        let draft = CalibrationDraft {
            key: key_of,
            references,
            embeddings,
            tables,
            nearness: &nearness,
            classes: (&classes, &of_classes),
            calls: calls.clone(),
            usual: usual.quantiles(),
        };
        self.db.keep_calibration(&draft)?;
        Ok(CalibrationReport { key, queries, drugs, candidates: sizes.len(), smallest_p, broken, calls })
    }

    fn ask(&self, nearness: Vec<f32>) -> Ask<'a> {
        let mut ask = Ask::new(self.db).score_by(self.by).score(self.score).hubness(self.hubness);
        ask.nearness = Arc::new(nearness.into());
        let ask = if self.reverse { ask.reverse() } else { ask };
        match self.model {
            Some(model) => ask.model(model),
            None => ask,
        }
    }
}
