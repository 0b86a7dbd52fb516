//! What makes answers doubtful.

use std::collections::BTreeMap;

use super::Doubt;
use crate::db::{Calibration, DrugHit, Filter, Hubness, SignatureHit};
use crate::profile::{GENES, plate};
use crate::question::prepared::{Content, Prepared};
use crate::question::{Answer, Answers, Ask, Question, QuestionError, ScoreBy};

/// Signatures, and hits, that are looked at.
const NEAREST: usize = 10;
/// The least share of landmarks without a doubt.
const KNOWN: f64 = 0.7;
/// Signatures of one cell line, and of one plate, among the nearest.
const OF_ONE_CELL_LINE: usize = 9;
const OF_ONE_PLATE: usize = 5;
/// The share of all signatures that these have to stay below, for else they are to be expected.
const USUAL_CELL_LINE: f64 = 0.5;
const USUAL_PLATE: f64 = 0.25;
/// The share of drugs that are hubs.
const HUBS: f64 = 0.05;
/// Quantiles of reference queries that weak queries, and those that are far from everything, are below.
const WEAK: f64 = 0.01;
const FAR: f64 = 0.1;
/// The correlation of replicates from which on CMap calls a signature reproducible (Subramanian et al. 2017).
const REPRODUCIBLE: f32 = 0.2;
/// Signatures a drug, on average, from which on a single one is doubtful.
const SEVERAL: f64 = 1.5;

impl Ask<'_> {
    /// Returns what makes each answer to a question doubtful, in the order of the answers; see `doubts` for what is looked at.
    ///
    /// ```no_run
    /// use l1kdb::db::Db;
    /// use l1kdb::question::{Ask, Question};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let db = Db::open("lincs.l1kdb")?;
    /// let (ask, question) = (Ask::new(&db), Question::Signatures(vec!["CPC004_A375_6H:BRD-A10188456-001-03-1:10".into()]));
    /// let answers = ask.drugs(&question)?.whole()?;
    /// for doubt in ask.doubts(&question, &answers)?.concat() {
    ///     println!("{doubt}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`signatures`](Self::signatures).
    pub fn doubts(
        &self,
        question: &Question,
        answers: &[Answer<DrugHit>],
    ) -> Result<Vec<Vec<Doubt>>, QuestionError> {
        self.doubts_of(&Prepared::new(self.db, question, self.exclude_self)?, answers)
    }

    /// Returns what makes each answer to some queries doubtful.
    pub(in crate::question) fn doubts_of(
        &self,
        prepared: &Prepared<'_>,
        answers: &[Answer<DrugHit>],
    ) -> Result<Vec<Vec<Doubt>>, QuestionError> {
        let mut doubts = vec![Vec::new(); answers.len()];
        let is_plain = self.by() == ScoreBy::Embedding && !self.is_by_query() && !self.reverse;
        let calibration = self.db.calibration(&self.calibration_key(prepared.calibration_of()))?;
        for (doubts, answer) in doubts.iter_mut().zip(answers) {
            doubts.extend(of_profile(prepared, &answer.query, calibration.as_deref()));
        }
        if !is_plain || self.filter.is_some() {
            return Ok(doubts);
        }
        let ask = self.clone().top(NEAREST).significance(false).hubness(Hubness::None);
        let found: Answers<SignatureHit> = ask.answers_of(prepared)?;
        let nearest: BTreeMap<&str, &[SignatureHit]> =
            found.answers.iter().map(|answer| (&*answer.query, &*answer.hits)).collect();
        let hubs = calibration.as_deref().map(|calibration| self.hubs(calibration)).transpose()?;
        let several = self.db.signatures() as f64 / self.db.drugs()?.max(1) as f64 >= SEVERAL;
        for (doubts, answer) in doubts.iter_mut().zip(answers) {
            if let Some(nearest) = nearest.get(&*answer.query) {
                doubts.extend(far(nearest, calibration.as_deref()));
                doubts.extend(self.of_one(nearest)?);
            }
            let first = &answer.hits[..answer.hits.len().min(NEAREST)];
            let named = |is: &dyn Fn(&DrugHit) -> bool| -> Vec<String> {
                first.iter().filter(|hit| is(hit)).map(|hit| hit.drug.clone()).collect()
            };
            let found = named(&|hit| hubs.as_ref().is_some_and(|hubs| hubs.contains(&hit.drug)));
            doubts.extend((!found.is_empty()).then_some(Doubt::Hubs { drugs: found }));
            let single = named(&|hit| several && hit.n_signatures == 1);
            doubts.extend((!single.is_empty()).then_some(Doubt::OneSignature { drugs: single }));
        }
        Ok(doubts)
    }

    /// The names of the drugs that score highest for reference queries.
    fn hubs(&self, calibration: &Calibration) -> Result<Vec<String>, QuestionError> {
        let tables = calibration.tables()?;
        let mut drugs: Vec<usize> = (0..tables.means.len()).collect();
        drugs.sort_by(|&a, &b| tables.means[b].total_cmp(&tables.means[a]).then(a.cmp(&b)));
        drugs.truncate((HUBS * drugs.len() as f64) as usize);
        let described = self.described()?;
        Ok(drugs
            .into_iter()
            .filter_map(|drug| described.drugs.get(drug))
            .map(|drug| drug.name.clone())
            .collect())
    }

    /// Whether the nearest signatures are of one cell line, or of one plate, which few signatures of the database are of.
    fn of_one(&self, nearest: &[SignatureHit]) -> Result<Vec<Doubt>, QuestionError> {
        let mut doubts = Vec::new();
        let cell_lines = nearest.iter().map(|hit| &*hit.signature.cell_id).filter(|name| !name.is_empty());
        if let Some((cell_line, of_it)) = most_common(cell_lines)
            && of_it >= OF_ONE_CELL_LINE
            && self.share("cell_id", cell_line)? < USUAL_CELL_LINE
        {
            let (cell_line, nearest) = (cell_line.to_owned(), nearest.len());
            doubts.push(Doubt::OneCellLine { cell_line, of_it, nearest });
        }
        let plates = nearest.iter().filter_map(|hit| plate(&hit.signature.sig_id));
        if let Some((plate, of_it)) = most_common(plates)
            && of_it >= OF_ONE_PLATE
            && self.share("plate", plate)? < USUAL_PLATE
        {
            let (plate, nearest) = (plate.to_owned(), nearest.len());
            doubts.push(Doubt::OnePlate { plate, of_it, nearest });
        }
        Ok(doubts)
    }

    /// The share of all signatures that have a value.
    fn share(&self, key: &str, value: &str) -> Result<f64, QuestionError> {
        let steps = self.db.filter_steps(&Filter::any_of(key, [value]))?;
        Ok(steps.rows() as f64 / self.db.signatures().max(1) as f64)
    }
}

/// Doubts of a query that is a profile.
fn of_profile(prepared: &Prepared<'_>, query: &str, calibration: Option<&Calibration>) -> Vec<Doubt> {
    let Content::Profiles(profiles) = prepared.content() else { return Vec::new() };
    let profile = profiles.landmarks(prepared.number(prepared.place(query)));
    let known: Vec<f64> =
        profile.iter().filter(|value| !value.is_nan()).map(|&value| f64::from(value)).collect();
    let mut doubts = Vec::new();
    if (known.len() as f64) < KNOWN * GENES as f64 {
        doubts.push(Doubt::FewGenes { known: known.len(), of: GENES });
    }
    let size = (known.iter().map(|value| value * value).sum::<f64>() / known.len().max(1) as f64).sqrt();
    if let Some(usual) = calibration.and_then(|calibration| calibration.usual_size(WEAK))
        && size < usual
    {
        doubts.push(Doubt::Weak { size, usual });
    }
    if let Some(correlation) = profiles.replicates(prepared.number(prepared.place(query)))
        && correlation < REPRODUCIBLE
    {
        doubts.push(Doubt::Replicates { correlation });
    }
    doubts
}

/// Whether the nearest signatures are far away.
fn far(nearest: &[SignatureHit], calibration: Option<&Calibration>) -> Option<Doubt> {
    let usual = calibration?.usual_nearness(FAR)?;
    let similarity = nearest.iter().map(|hit| f64::from(hit.similarity)).sum::<f64>() / nearest.len() as f64;
    (similarity < usual).then_some(Doubt::Far { similarity, usual })
}

/// The most common of some texts, of equal ones the first by name, and how often it is there.
fn most_common<'t>(texts: impl Iterator<Item = &'t str>) -> Option<(&'t str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    counts.into_iter().rev().max_by_key(|&(_, count)| count)
}
