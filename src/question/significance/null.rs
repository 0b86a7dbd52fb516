//! The null distributions that fit a question, or why there are none.

use std::sync::Arc;

use crate::db::{Calibration, CalibrationKey, CalibrationOf, DbError, Filter};
use crate::question::prepared::Prepared;
use crate::question::{Ask, QuestionError};
use crate::stats::{NullTables, standardise};

/// Products of rows and reference queries that are computed anew under a filter, some tenths of a second.
const CHEAP: usize = 40_000_000;

/// Null distributions for a question.
pub(in crate::question) enum Null {
    /// The database has none at all.
    None,
    /// Those of a calibration, over all signatures.
    Kept(Arc<Calibration>),
    /// Those of the reference queries of a calibration over the signatures that pass a filter.
    Anew(Arc<Calibration>, Box<NullTables<'static>>),
    /// None, for a reason.
    LeftOut(String),
}

impl Null {
    /// Returns the tables, where there are any.
    pub fn tables(&self) -> Result<Option<NullTables<'_>>, DbError> {
        match self {
            Self::None | Self::LeftOut(_) => Ok(None),
            Self::Kept(calibration) => calibration.tables().map(Some),
            Self::Anew(_, tables) => Ok(Some((**tables).clone())),
        }
    }

    /// Returns in words what p is against, or why there is none.
    pub fn note(&self) -> Result<Option<String>, DbError> {
        let (calibration, under) = match self {
            Self::None => return Ok(None),
            Self::LeftOut(why) => return Ok(Some(format!("p and q are left out: {why}"))),
            Self::Kept(calibration) => (calibration, ""),
            Self::Anew(calibration, _) => (calibration, ", of the signatures that pass the filter"),
        };
        let smallest = self.tables()?.map_or(1.0, |tables| tables.smallest());
        Ok(Some(format!(
            "p is the share of {} that a drug scores as high for{under}, its own left out; none can be below {smallest:.1e}",
            calibration.description()
        )))
    }
}

impl Ask<'_> {
    /// Finds the null distributions that fit queries.
    pub(in crate::question) fn null(&self, prepared: &Prepared<'_>) -> Result<Null, QuestionError> {
        if self.db.calibrations().is_empty() {
            return Ok(Null::None);
        }
        if prepared.averaged() > 1 {
            let why = "the query is a mean of several signatures, and reference queries are single ones; ask with each";
            return Ok(Null::LeftOut(why.to_owned()));
        }
        if self.is_by_query() {
            let why = "scores of this kind, or of other signatures for each query, are not calibrated";
            return Ok(Null::LeftOut(why.to_owned()));
        }
        let key = self.calibration_key(prepared.calibration_of());
        match (self.db.calibration(&key)?, &self.filter) {
            (None, _) => Ok(Null::LeftOut(format!(
                "{key}: there is no calibration of that; calibrate the database for it"
            ))),
            (Some(calibration), None) => Ok(Null::Kept(calibration)),
            (Some(calibration), Some(filter)) => self.anew(calibration, filter),
        }
    }

    /// Returns the key of the calibration that queries of a kind need.
    pub(in crate::question) fn calibration_key(&self, of: CalibrationOf) -> CalibrationKey {
        let key = CalibrationKey::new(of, self.by().name(), self.score);
        key.reverse(self.reverse).hubness(self.hubness)
    }

    /// Null distributions over the signatures that pass a filter.
    fn anew(&self, calibration: Arc<Calibration>, filter: &Filter) -> Result<Null, QuestionError> {
        let embeddings = calibration.embeddings();
        if embeddings.is_empty() {
            let why = "in gene space they hold without a filter only";
            return Ok(Null::LeftOut(why.to_owned()));
        }
        let queries = self.queries(&embeddings)?.filter(filter.clone()).score(self.score).top(0);
        let sizes = queries.drug_sizes()?;
        let rows: usize = sizes.iter().sum();
        if rows.saturating_mul(calibration.references()) > CHEAP {
            let why = format!("{rows} signatures pass the filter, too many to compute them anew for these");
            return Ok(Null::LeftOut(why));
        }
        let mut scores = queries.run_with_scores()?.scores;
        scores.iter_mut().for_each(|scores| standardise(scores));
        let tables = NullTables::of(&scores.concat(), &calibration.own()?, &sizes)?;
        Ok(Null::Anew(calibration, Box::new(tables)))
    }
}
