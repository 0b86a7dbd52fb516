//! Pairs that are excluded.

use super::eval_set::EvalSet;
use super::level::Level;
use super::strata::{numbered, treatment};
use super::{Row, Study};
use crate::eval::EvalError;

/// Positives that are excluded as too easy: they count as neither positives nor negatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ExcludedPairs {
    /// Of one plate.
    pub plate: bool,
    /// Of one cell line.
    pub cell: bool,
    /// Of one dose and time.
    pub treatment: bool,
    /// Of one source.
    pub source: bool,
}

/// A kind of pairs, under the name that a user knows.
struct Kind {
    is_out: bool,
    what: &'static str,
    /// Where it would be known from.
    known_from: &'static str,
    of: fn(&Row) -> Option<String>,
}

impl ExcludedPairs {
    fn kinds(self) -> [Kind; 4] {
        [
            Kind {
                is_out: self.plate,
                what: "same plate",
                known_from: "a sig_id such as PLATE:WELL",
                of: |row| row.plate.clone(),
            },
            Kind {
                is_out: self.cell,
                what: "same cell line",
                known_from: "a column cell_id",
                of: |row| row.cell.clone(),
            },
            Kind {
                is_out: self.treatment,
                what: "same dose and time",
                known_from: "columns pert_idose and pert_itime",
                of: treatment,
            },
            Kind {
                is_out: self.source,
                what: "same source",
                known_from: "a database of several sources, or a column source of the labels",
                of: |row| row.source.clone(),
            },
        ]
    }

    /// Sets whether pairs of one plate are excluded.
    #[must_use]
    pub fn plate(self, plate: bool) -> Self {
        Self { plate, ..self }
    }

    /// Sets whether pairs of one cell line are excluded.
    #[must_use]
    pub fn cell(self, cell: bool) -> Self {
        Self { cell, ..self }
    }

    /// Sets whether pairs of one dose and time are excluded.
    #[must_use]
    pub fn treatment(self, treatment: bool) -> Self {
        Self { treatment, ..self }
    }

    /// Sets whether pairs of one source are excluded.
    #[must_use]
    pub fn source(self, source: bool) -> Self {
        Self { source, ..self }
    }

    /// Tells whether any pair is excluded.
    pub fn any(self) -> bool {
        self.plate || self.cell || self.treatment || self.source
    }

    /// Returns the names of what is excluded.
    pub fn names(self) -> Vec<&'static str> {
        self.kinds().into_iter().filter(|kind| kind.is_out).map(|kind| kind.what).collect()
    }

    /// Of every kind of pairs that are left out, what the rows of `part` share, by number.
    pub(super) fn shared(self, study: &Study, part: &EvalSet) -> Vec<Vec<Option<u32>>> {
        let kinds = self.kinds().into_iter().filter(|kind| kind.is_out);
        kinds.map(|kind| numbered(shared_by(study, part, kind.of))).collect()
    }

    /// Refuses to leave out pairs of which nothing is known, rather than to leave out none.
    pub(super) fn refuse_to_leave_out_nothing(
        self,
        study: &Study,
        level: Level,
        parts: &[EvalSet],
    ) -> Result<(), EvalError> {
        for kind in self.kinds().into_iter().filter(|kind| kind.is_out) {
            if parts.iter().any(|part| shared_by(study, part, kind.of).any(|shared| shared.is_some())) {
                continue;
            }
            let why = match level {
                Level::Drug if study.rows.iter().any(|row| (kind.of)(row).is_some()) => {
                    "no drug has all its signatures there".to_owned()
                }
                _ => format!("none is known, expected {}", kind.known_from),
            };
            return Err(EvalError::NothingToExclude { what: kind.what, why });
        }
        Ok(())
    }
}

/// Returns what the members of each row of `part` are all known to be of.
fn shared_by<'a>(
    study: &'a Study,
    part: &'a EvalSet,
    of: fn(&Row) -> Option<String>,
) -> impl Iterator<Item = Option<String>> + 'a {
    part.members.iter().map(move |members| {
        let mut values = members.iter().map(|&row| of(&study.rows[row as usize]));
        let first = values.next()??;
        values.all(|value| value.as_ref() == Some(&first)).then_some(first)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{protocol, study};
    use super::super::{Level, Protocol};
    use super::*;
    use crate::progress::Quiet;

    #[test]
    fn pairs_of_which_nothing_is_known_are_not_left_out_in_silence() {
        let mut study = study();
        study.rows.iter_mut().for_each(|row| (row.plate, row.dose) = (None, None));
        let ask = |excluded, level| {
            study
                .retrieval(&Protocol { excluded, level, ..protocol("pert_iname") }, &Quiet)
                .unwrap_err()
                .to_string()
        };
        let of = |plate, cell, treatment| ExcludedPairs { plate, cell, treatment, source: false };
        assert!(ask(of(true, false, false), Level::Signature).contains("PLATE:WELL"));
        assert!(ask(of(false, true, true), Level::Signature).contains("same dose and time"));
        // Every drug has signatures in both cell lines, so no drug is of one.
        let said = study.retrieval(&Protocol { excluded: of(false, true, false), ..protocol("moa") }, &Quiet);
        assert!(said.unwrap_err().to_string().contains("no drug has all its signatures there"));
    }
}
