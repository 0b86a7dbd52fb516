//! Profiles and the table that describes them, joined on the signature id.

use std::fmt;

use super::table::shown;
use super::{Signature, SignatureTable};

/// How many unmatched ids are shown as examples.
const EXAMPLES: usize = 3;

/// Which profile is described by which row of a signature table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Join {
    /// (profile row, table row), in the order of the profiles.
    pub rows: Vec<(usize, usize)>,
    /// Profiles that the table does not know.
    pub profiles_without_row: Unmatched,
    /// Rows of the table for which there is no profile.
    pub rows_without_profile: Unmatched,
    /// Profiles that were left out because they are controls.
    pub controls: usize,
    /// Profiles whose id the table spells otherwise.
    pub respelt: Respelt,
    /// One id of either side, when both sides have ids and not a single one is shared.
    nothing_shared: Option<(String, String)>,
    /// What the profiles are named by in its place, when that is another column of the table.
    named_by: Option<&'static str>,
}

/// Ids that were taken for one another though they differ, because other programs mangle ids and nothing else fits:
/// `CPC004_A375_6H.BRD.A10188456` of R for `CPC004_A375_6H:BRD-A10188456`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Respelt {
    /// How many.
    pub count: usize,
    /// The first of them, as the profiles have it and as the table has it.
    pub example: Option<(String, String)>,
}

impl Respelt {
    fn add(&mut self, profile: &str, row: &str) {
        self.count += 1;
        self.example.get_or_insert_with(|| (profile.to_owned(), row.to_owned()));
    }
}

impl Respelt {
    /// Returns what a user has to know of it, in one line; `None` where every id was found as it stands.
    pub fn note(&self) -> Option<String> {
        (self.count > 0).then(|| {
            format!("profiles whose id the table spells otherwise, as other programs write it: {self}")
        })
    }
}

impl fmt::Display for Respelt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.count)?;
        match &self.example {
            Some((profile, row)) => write!(f, " (such as `{}` for `{}`)", shown(profile), shown(row)),
            None => Ok(()),
        }
    }
}

/// Ids of one side that the other side does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unmatched {
    /// How many.
    pub count: usize,
    /// The first three of them.
    pub examples: Vec<String>,
}

impl Unmatched {
    /// Adds those of another table.
    pub(crate) fn join(&mut self, others: Self) {
        self.count += others.count;
        self.examples.extend(others.examples);
        self.examples.truncate(EXAMPLES);
    }

    fn add(&mut self, id: &str) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(id.to_owned());
        }
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.count)?;
        if !self.examples.is_empty() {
            let more = if self.count > self.examples.len() { ", ..." } else { "" };
            write!(f, " ({}{more})", self.examples.join(", "))?;
        }
        Ok(())
    }
}

impl Join {
    /// Returns why no profile is left, in one line; `None` when some are.
    pub fn explanation(&self) -> Option<String> {
        if !self.rows.is_empty() {
            return None;
        }
        Some(match &self.nothing_shared {
            Some((profile, row)) => {
                let (profile, row) = (shown(profile), shown(row));
                let named_by = self.named_by.map(|column| {
                    format!("; `{profile}` is a {column} there: give the profiles the ids of the table")
                });
                format!(
                    "no signature id of the profiles stands in the table: the profiles have ids such as `{profile}`, \
                     the table such as `{row}`{}",
                    named_by.unwrap_or_default()
                )
            }
            None if self.controls > 0 => {
                format!("all {} profiles that the table describes are controls", self.controls)
            }
            None if self.profiles_without_row.count == 0 => "there is no profile".to_owned(),
            None => "the table describes no signature".to_owned(),
        })
    }
}

/// Joins profiles, given by their `ids`, with the rows of `table` on the signature id. Controls
/// ([`Signature::is_control`](super::Signature::is_control)) are counted and left out unless `keep_controls`.
///
/// An id that the table does not have stands for one that other programs make the same of, if no other profile is
/// described by that row ([`Join::respelt`]).
pub fn join(ids: &[String], table: &SignatureTable, keep_controls: bool) -> Join {
    let mut join = Join::default();
    let mut described = vec![false; table.rows().len()];
    let mut row_of: Vec<Option<usize>> = ids.iter().map(|id| table.find_exactly(id)).collect();
    row_of.iter().flatten().for_each(|&row| described[row] = true);
    for (id, row) in ids.iter().zip(&mut row_of).filter(|(_, row)| row.is_none()) {
        *row = table.find(id).filter(|&row| !std::mem::replace(&mut described[row], true));
        match row {
            Some(row) => join.respelt.add(id, &table.rows()[*row].sig_id),
            None => join.profiles_without_row.add(id),
        }
    }
    for (profile, row) in row_of.into_iter().enumerate() {
        let Some(row) = row else { continue };
        if table.rows()[row].is_control() && !keep_controls {
            join.controls += 1;
        } else {
            join.rows.push((profile, row));
        }
    }
    for (signature, _) in table.rows().iter().zip(&described).filter(|(_, described)| !**described) {
        join.rows_without_profile.add(&signature.sig_id);
    }
    if !described.contains(&true) {
        join.nothing_shared = ids.first().cloned().zip(table.rows().first().map(|row| row.sig_id.clone()));
        join.named_by = ids.first().and_then(|id| other_column(id, table));
    }
    join
}

/// The column of the table that `id` stands in, when it is not that of the signature ids.
fn other_column(id: &str, table: &SignatureTable) -> Option<&'static str> {
    let is = |field: &Option<String>| field.as_deref() == Some(id);
    let has = |in_row: &dyn Fn(&Signature) -> bool| table.rows().iter().any(in_row);
    match () {
        () if has(&|row| is(&row.pert_id)) => Some("pert_id"),
        () if has(&|row| is(&row.name)) => Some("name of a drug"),
        () if has(&|row| is(&row.cell_id)) => Some("cell line"),
        () => None,
    }
}
