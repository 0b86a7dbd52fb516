//! Sources, each joined with its table, and whether they go together.

use super::options::BuildOptions;
use super::source::ProfileSource;
use super::sources::{self, Part, Twice, called};
use crate::annotate::DrugKeys;
use crate::db::DbError;
use crate::profile::{Join, PerturbagenTable, SignatureTable};

/// A source, joined with its table.
pub(super) struct Joined<P> {
    pub name: Option<String>,
    pub profiles: P,
    pub join: Join,
    /// The level of the profiles, where it is known.
    pub level: Option<u8>,
}

/// One table of several.
pub(super) fn merged(mut tables: Vec<PerturbagenTable>) -> Option<PerturbagenTable> {
    match tables.len() {
        0 | 1 => tables.pop(),
        _ => Some(tables.iter().flat_map(|table| table.rows().iter().cloned()).collect()),
    }
}

/// Checks that sources go together; returns the signatures that stand in several of them.
pub(super) fn look_at<P: ProfileSource>(
    joined: &[Joined<P>],
    tables: &[SignatureTable],
    keys: &DrugKeys<'_>,
    options: &BuildOptions,
    warnings: &mut Vec<String>,
) -> Result<Twice, DbError> {
    if joined.len() < 2 {
        return Ok(Twice::default());
    }
    let levels: Vec<(String, u8)> =
        joined.iter().filter_map(|source| Some((source.called(), source.level?))).collect();
    if let ([(first, level), others @ ..], false) = (&levels[..], options.mix_levels)
        && let Some((other, found)) = others.iter().find(|(_, found)| found != level)
    {
        let what = format!("{first} is of level {level} and {other} of level {found} expected one level");
        return Err(DbError::Sources { what });
    }
    let parts: Vec<Part<'_>> = joined
        .iter()
        .zip(tables)
        .map(|(source, table)| Part {
            name: source.name.as_deref(),
            signatures: source.join.rows.iter().map(|&(_, row)| &table.rows()[row]).collect(),
            controls: table.rows().iter().filter(|signature| signature.is_control()).collect(),
        })
        .collect();
    for part in &parts {
        if part.signatures.iter().all(|signature| keys.of(signature).is_none()) {
            warnings.push(format!("{} names no drug of any signature", called(part.name)));
        }
    }
    warnings.extend(sources::controls_elsewhere(&parts, keys));
    Twice::find(&parts, keys, options.refuse_twice)
}

impl<P> Joined<P> {
    pub fn called(&self) -> String {
        called(self.name.as_deref())
    }
}
