//! The `LINK` section: a graph as arrays of numbers.

use std::io::{self, Write};
use std::ops::Range;

use bytemuck::{Pod, Zeroable};

use crate::error::{IndexError, Result};
use crate::format::aligned;
use crate::graph::{Audit, Graph, GraphView, LevelView, MAX_LEVELS};
use crate::params::BuildParams;

/// The entry of a graph without rows.
const NO_ENTRY: u32 = u32::MAX;

/// Set when rows were inserted one after another.
const REPRODUCIBLE: u32 = 1;

/// The first 320 bytes of the section, field by field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Head {
    levels: u32,
    entry: u32,
    m: u32,
    ef_construction: u32,
    ef_search: u32,
    flags: u32,
    reachable: u32,
    self_found: u32,
    recall_at_10: f32,
    sampled: u32,
    reserved: [u32; 6],
    sizes: [Size; MAX_LEVELS],
}

/// Sizes of the arrays of a level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
struct Size {
    rows: u32,
    reserved: u32,
    links: u64,
}

/// Where the arrays of a level lie in the section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arrays {
    members: Range<usize>,
    offsets: Range<usize>,
    links: Range<usize>,
}

/// A checked description of the section: enough to view it without a further look at its head.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    head: Head,
    rows: usize,
    levels: Vec<Arrays>,
}

impl Head {
    fn of(graph: &Graph) -> Self {
        let mut head = Self {
            levels: narrow(graph.levels.len()),
            entry: graph.entry.unwrap_or(NO_ENTRY),
            m: narrow(graph.params.m),
            ef_construction: narrow(graph.params.ef_construction),
            ef_search: narrow(graph.params.ef_search),
            flags: REPRODUCIBLE,
            reachable: graph.audit.reachable,
            self_found: graph.audit.self_found,
            recall_at_10: graph.audit.recall_at_10,
            sampled: graph.audit.sampled,
            ..Self::default()
        };
        for (place, (size, level)) in head.sizes.iter_mut().zip(&graph.levels).enumerate() {
            let rows = if place == 0 { graph.rows } else { level.members.len() };
            *size = Size { rows: narrow(rows), reserved: 0, links: level.links.len() as u64 };
        }
        head
    }
}

/// Writes the section.
pub(crate) fn write(graph: &Graph, out: &mut impl Write) -> io::Result<()> {
    out.write_all(bytemuck::bytes_of(&Head::of(graph)))?;
    for level in &graph.levels {
        write_padded(bytemuck::cast_slice(&level.members), out)?;
        write_padded(bytemuck::cast_slice(&level.offsets), out)?;
        write_padded(bytemuck::cast_slice(&level.links), out)?;
    }
    Ok(())
}

fn write_padded(bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
    out.write_all(bytes)?;
    out.write_all(&[0; 64][..bytes.len().next_multiple_of(64) - bytes.len()])
}

impl Layout {
    /// Reads and checks the head of the section. Only sizes are checked, not the arrays.
    pub(crate) fn read(section: &[u8], rows: usize) -> Result<Self> {
        let Some(bytes) = section.get(..size_of::<Head>()) else {
            return Err(IndexError::corrupt("the length of LINK", "at least 320", section.len()));
        };
        let head: Head = bytemuck::pod_read_unaligned(bytes);
        check_head(&head, rows)?;
        let mut cursor = Cursor(size_of::<Head>() as u64);
        let mut levels = Vec::with_capacity(head.levels as usize);
        for (place, size) in head.sizes[..head.levels as usize].iter().enumerate() {
            levels.push(cursor.arrays(place, size, section.len())?);
        }
        if cursor.0 != section.len() as u64 {
            return Err(IndexError::corrupt("the length of LINK", cursor.0, section.len()));
        }
        Ok(Self { head, rows, levels })
    }

    pub(crate) fn view<'a>(&self, section: &'a [u8]) -> GraphView<'a> {
        let entry = (self.head.entry != NO_ENTRY).then_some(self.head.entry);
        let mut view = GraphView { rows: self.rows, entry, ..GraphView::default() };
        view.count = self.levels.len();
        for (to, from) in view.levels.iter_mut().zip(&self.levels) {
            *to = LevelView {
                members: typed(section, &from.members),
                offsets: typed(section, &from.offsets),
                links: typed(section, &from.links),
            };
        }
        view
    }

    pub(crate) fn audit(&self) -> Audit {
        Audit {
            reachable: self.head.reachable,
            self_found: self.head.self_found,
            recall_at_10: self.head.recall_at_10,
            sampled: self.head.sampled,
            ef: self.head.ef_search,
        }
    }

    pub(crate) fn params(&self) -> BuildParams {
        BuildParams {
            m: self.head.m as usize,
            ef_construction: self.head.ef_construction as usize,
            ef_search: self.head.ef_search as usize,
        }
    }

    /// The bytes between the arrays, which are to be zero.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = Range<usize>> {
        let arrays = self.levels.iter().flat_map(|level| [&level.members, &level.offsets, &level.links]);
        arrays.map(|array| array.end..array.end.next_multiple_of(64))
    }
}

/// Values of an array; none if it is not aligned, which the check of the file's address excludes.
fn typed<'a, T: Pod>(section: &'a [u8], range: &Range<usize>) -> &'a [T] {
    section.get(range.clone()).and_then(|bytes| bytemuck::try_cast_slice(bytes).ok()).unwrap_or(&[])
}

fn check_head(head: &Head, rows: usize) -> Result<()> {
    if !(1..=MAX_LEVELS).contains(&(head.levels as usize)) {
        return Err(IndexError::corrupt("the number of levels", "1 to 16", head.levels));
    }
    if head.sizes[0].rows as usize != rows {
        return Err(IndexError::corrupt("the number of rows of level 0", rows, head.sizes[0].rows));
    }
    let entry_fits = if rows == 0 { head.entry == NO_ENTRY } else { (head.entry as usize) < rows };
    if !entry_fits {
        return Err(IndexError::corrupt("the entry row", "a row of the segment", head.entry));
    }
    if head.ef_search == 0 {
        return Err(IndexError::corrupt("ef_search", "at least 1", 0));
    }
    let unused = &head.sizes[head.levels as usize..];
    let reserved = head.reserved.iter().chain(head.sizes.iter().map(|size| &size.reserved));
    if head.flags > REPRODUCIBLE || unused.iter().any(|s| *s != Size::default()) || reserved.max() != Some(&0)
    {
        return Err(IndexError::corrupt("a reserved field of LINK", 0, "another value"));
    }
    Ok(())
}

/// The next place in the section.
struct Cursor(u64);

impl Cursor {
    fn arrays(&mut self, place: usize, size: &Size, length: usize) -> Result<Arrays> {
        let members = if place == 0 { 0 } else { u64::from(size.rows) };
        Ok(Arrays {
            members: self.array(members, 4, length)?,
            offsets: self.array(u64::from(size.rows) + 1, 8, length)?,
            links: self.array(size.links, 4, length)?,
        })
    }

    fn array(&mut self, count: u64, width: u64, length: usize) -> Result<Range<usize>> {
        let end = count.checked_mul(width).and_then(|bytes| self.0.checked_add(bytes));
        let padded = end.and_then(aligned).filter(|&padded| padded <= length as u64);
        let (Some(end), Some(padded)) = (end, padded) else {
            return Err(IndexError::corrupt("the sizes of LINK", format!("within {length} bytes"), count));
        };
        let at = |place: u64| usize::try_from(place).expect("within the section");
        let range = at(self.0)..at(end);
        self.0 = padded;
        Ok(range)
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
