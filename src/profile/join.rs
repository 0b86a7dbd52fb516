//! Profiles and the table that describes them, joined on the signature id.

use std::fmt;

use super::SignatureTable;

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
    /// One id of either side, when both sides have ids and not a single one is shared.
    nothing_shared: Option<(String, String)>,
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
    /// Why no profile is left, in one line; `None` when some are.
    pub fn explanation(&self) -> Option<String> {
        if !self.rows.is_empty() {
            return None;
        }
        Some(match &self.nothing_shared {
            Some((profile, row)) => format!(
                "no signature id of the profiles stands in the table: the profiles have ids such as `{profile}`, \
                 the table such as `{row}`"
            ),
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
pub fn join(ids: &[String], table: &SignatureTable, keep_controls: bool) -> Join {
    let mut join = Join::default();
    let mut described = vec![false; table.rows().len()];
    for (profile, id) in ids.iter().enumerate() {
        let Some(row) = table.find(id) else {
            join.profiles_without_row.add(id);
            continue;
        };
        described[row] = true;
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
    }
    join
}
