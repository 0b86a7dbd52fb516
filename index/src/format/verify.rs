//! Reading everything that `open` takes on trust.

use crate::error::{IndexError, Result};
use crate::format::links::Layout;
use crate::format::name;
use crate::format::table::{self, Section};
use crate::graph::audit::reachable;
use crate::graph::{GraphView, LevelView};
use crate::vectors::check_unit;

/// What [`Index::verify`](crate::Index::verify) read and found in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The sections, in the order of the file.
    pub sections: Vec<SectionInfo>,
    /// Rows of unit length.
    pub rows: usize,
    /// Values in a row.
    pub dim: usize,
    /// Links of the graph on all levels, if there is a graph.
    pub links: Option<u64>,
}

/// One section of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SectionInfo {
    /// Its kind: four bytes, by custom capital letters.
    pub kind: [u8; 4],
    /// Where it starts in the file.
    pub offset: u64,
    /// Its bytes, without padding.
    pub length: u64,
    /// xxh3-64 of its bytes.
    pub checksum: u64,
}

impl SectionInfo {
    pub(crate) fn of(section: &Section) -> Self {
        let Section { kind, offset, length, checksum, .. } = *section;
        Self { kind, offset, length, checksum }
    }
}

/// The checksum of a section, and the zeros up to the next multiple of 64.
pub(crate) fn section(file: &[u8], section: &Section) -> Result<()> {
    let range = section.range();
    let found = table::checksum(&file[range.clone()]);
    if found != section.checksum {
        let (part, expected) = (name(section.kind), section.checksum);
        return Err(IndexError::Checksum { part, expected, found });
    }
    zero(&file[range.end..range.end.next_multiple_of(64)])
}

fn zero(padding: &[u8]) -> Result<()> {
    match padding.iter().find(|&&byte| byte != 0) {
        Some(byte) => Err(IndexError::corrupt("a byte of padding", 0, byte)),
        None => Ok(()),
    }
}

/// All rows finite and of unit length.
pub(crate) fn vectors(values: &[f32], dim: usize) -> Result<()> {
    values.chunks_exact(dim).enumerate().try_for_each(|(row, vector)| check_unit(row, vector))
}

/// The graph: every list in its place, every link to another row of its level, every row reachable.
pub(crate) fn graph(layout: &Layout, section: &[u8]) -> Result<u64> {
    let view = layout.view(section);
    layout.gaps().try_for_each(|gap| zero(section.get(gap).unwrap_or(&[])))?;
    base_lists(&view)?;
    for level in view.upper() {
        upper_lists(level, view.rows)?;
    }
    entry_on_top(&view)?;
    let found = reachable(&view)?;
    if found != view.rows {
        return Err(IndexError::corrupt("the number of rows that can be reached", view.rows, found));
    }
    audit(layout, view.rows)?;
    Ok(view.levels[..view.count].iter().map(|level| level.links.len() as u64).sum())
}

fn base_lists(view: &GraphView<'_>) -> Result<()> {
    let base = &view.levels[0];
    offsets(base)?;
    for (place, row) in (0..view.rows).zip(0..) {
        links(base, place, row, |to| (to as usize) < view.rows)?;
    }
    Ok(())
}

fn upper_lists(level: &LevelView<'_>, rows: usize) -> Result<()> {
    let ascending = level.members.windows(2).all(|pair| pair[0] < pair[1]);
    let last = level.members.last().copied();
    if !ascending || last.is_some_and(|last| last as usize >= rows) {
        return Err(IndexError::corrupt("the rows of a level", "ascending rows of the segment", "others"));
    }
    offsets(level)?;
    for (place, &row) in level.members.iter().enumerate() {
        links(level, place, row, |to| level.members.binary_search(&to).is_ok())?;
    }
    Ok(())
}

fn offsets(level: &LevelView<'_>) -> Result<()> {
    let whole = level.offsets.first() == Some(&0)
        && level.offsets.last() == Some(&(level.links.len() as u64))
        && level.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
    if whole {
        return Ok(());
    }
    let expected = format!("rising from 0 to {}", level.links.len());
    Err(IndexError::corrupt("the offsets of a level", expected, "others"))
}

fn links(level: &LevelView<'_>, place: usize, row: u32, known: impl Fn(u32) -> bool) -> Result<()> {
    match level.list(place)?.iter().find(|&&to| to == row || !known(to)) {
        Some(to) => Err(IndexError::corrupt("a link", format!("a row of the level other than {row}"), to)),
        None => Ok(()),
    }
}

fn entry_on_top(view: &GraphView<'_>) -> Result<()> {
    match (view.entry, view.upper().next()) {
        (Some(entry), Some(top)) if top.members.binary_search(&entry).is_err() => {
            Err(IndexError::corrupt("the entry row", "a row of the top level", entry))
        }
        _ => Ok(()),
    }
}

fn audit(layout: &Layout, rows: usize) -> Result<()> {
    let audit = layout.audit();
    let counts = audit.reachable as usize == rows
        && audit.self_found as usize <= rows
        && audit.sampled as usize <= rows
        && (0.0..=1.0).contains(&audit.recall_at_10);
    if counts {
        Ok(())
    } else {
        Err(IndexError::corrupt("the audit of the graph", "counts of its rows", format!("{audit:?}")))
    }
}
