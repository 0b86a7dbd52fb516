//! Classes of drugs at the top of answers.

use super::described::Described;
use crate::db::Db;
use crate::enrichment::{CallCalibration, ClassHit};
use crate::question::prepared::{Prepared, Without};
use crate::question::significance::null::Null;
use crate::question::significance::references::number_of;
use crate::question::{Answer, Answers, Ask, Question, QuestionError};
use crate::stats::standardise;

impl Ask<'_> {
    /// Returns the classes of drugs that score highest for each query, the most significant first: ATC classes of levels 1 to 4, mechanisms
    /// and targets of at least three drugs. The drug that a query stems from takes no part. Beside them stand the ATC class of level 1 and the
    /// mechanism that this drug may be of, where enough drugs were calibrated with.
    ///
    /// ```no_run
    /// use l1kdb::db::Db;
    /// use l1kdb::question::{Ask, Question};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let db = Db::open("lincs.l1kdb")?; // calibrated
    /// let question = Question::Signatures(vec!["CPC004_A375_6H:BRD-A10188456-001-03-1:10".into()]);
    /// for class in &Ask::new(&db).top(5).classes(&question)?.whole()?[0].hits {
    ///     println!("{} {}: p {:.1e}", class.kind, class.names.join(", "), class.p);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`QuestionError::NotCalibrated`] where the database has no [calibration](crate::question::Calibrate) for such a question, or a
    /// filter is set; as [`drugs`](Self::drugs).
    pub fn classes(&self, question: &Question) -> Result<Answers<ClassHit>, QuestionError> {
        self.check(matches!(question, Question::GeneSets(_)))?;
        self.classes_of(&Prepared::new(self.db, question, self.exclude_self)?)
    }

    /// Returns the classes of drugs that score highest for some queries.
    pub(in crate::question) fn classes_of(
        &self,
        prepared: &Prepared<'_>,
    ) -> Result<Answers<ClassHit>, QuestionError> {
        let null = self.null(prepared)?;
        let calibration = match &null {
            Null::Kept(calibration) => calibration,
            other => return Err(QuestionError::NotCalibrated { why: why_not(other) }),
        };
        let Described { drugs, classes, voters } = self.described()?;
        let (nulls, calibrated) = (calibration.class_nulls(classes)?, calibration.calls());
        let voters = |kind| voters.iter().find(|voters| voters.kind == kind);
        let name = |number: usize| drugs.get(number).map_or("", |drug| &drug.name);
        let found = self.all_drugs(prepared)?;
        let mut answers = Vec::new();
        for ((query, genes), mut scores) in found.ids.into_iter().zip(found.genes).zip(found.scores) {
            standardise(&mut scores);
            let own = own_drug(self.db, &query, &prepared.without)?;
            let tested = nulls.test(classes, &scores, own);
            let call = |of: &CallCalibration| of.call(voters(of.kind)?, &scores, own);
            let calls = calibrated.iter().filter_map(call).collect();
            let hits = ClassHit::ranked(tested, self.top, name);
            answers.push(Answer { calls, ..Answer::new(query, hits, genes) });
        }
        let mut notes: Vec<String> = null.note()?.into_iter().collect();
        notes.push(format!(
            "{} classes are tested; {} of fewer than three drugs are not",
            classes.classes.len(),
            classes.small
        ));
        Ok(Answers { answers, broken: found.broken, notes })
    }
}

fn why_not(null: &Null) -> String {
    match null {
        Null::LeftOut(why) => why.clone(),
        Null::Anew(..) => "they hold without a filter only".to_owned(),
        Null::None | Null::Kept(_) => "the database has no calibration".to_owned(),
    }
}

/// The number of the drug that a query stems from, if it is one of the database.
fn own_drug(db: &Db, query: &str, without: &Without) -> Result<Option<usize>, QuestionError> {
    Ok(match without {
        Without::Drug(drug) => number_of(db, drug)?,
        Without::Own | Without::Nothing => db.drug_number(query)?,
    })
}
