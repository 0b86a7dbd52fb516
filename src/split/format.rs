//! The text of a split file, version 1.
//!
//! A header of six lines (magic and version, `by`, `design`, `seed`, `rows`, `digest`), a line of column names, and a
//! row for each signature, tab-separated. What spreadsheets do to such a text does no harm: a byte order mark, line ends
//! of their own, other orders of rows, blanks and tabs at the ends of header lines. The digest is of the text as it is
//! written here without the line of the digest, so whatever else was changed is noticed.

use std::collections::HashMap;

use super::folds::is_name;
use super::{Design, Fault, Grouping, Split};
use crate::digest::Digest;

const MAGIC: &str = "# l1kdb split 1";
const NOWHERE: &str = "-";
/// Lines before the first row: the header and the names of the columns.
const HEAD: usize = 7;

/// The whole text.
pub(super) fn write(split: &Split) -> String {
    format!("{}# digest {}\n{}", head(split), digest(split), body(split))
}

pub(super) fn digest(split: &Split) -> String {
    Digest::of(head(split) + &body(split))
}

fn head(split: &Split) -> String {
    let Split { by, design, seed, ids, .. } = split;
    format!("{MAGIC}\n# by {}\n# design {design}\n# seed {seed}\n# rows {}\n", by.join(" "), ids.len())
}

fn body(split: &Split) -> String {
    let mut rows: Vec<usize> = (0..split.ids.len()).collect();
    rows.sort_unstable_by_key(|&row| &split.ids[row]);
    let mut text = columns(&split.by, split.design) + "\n";
    for row in rows {
        text.push_str(&split.ids[row]);
        for grouping in &split.groupings {
            text.push('\t');
            text.push_str(grouping.name_of(row).unwrap_or_default());
        }
        for places in &split.places {
            text.push('\t');
            text.push_str(&places[row].map_or(NOWHERE.to_owned(), |place| split.design.name(place)));
        }
        text.push('\n');
    }
    text
}

fn columns(by: &[String], design: Design) -> String {
    let repeats = (1..=design.repeats()).map(|repeat| format!("repeat_{repeat}"));
    let names: Vec<String> =
        ["sig_id".to_owned()].into_iter().chain(by.iter().cloned()).chain(repeats).collect();
    names.join("\t")
}

/// A fault and its line, from 1.
type At<T> = Result<T, (usize, Fault)>;

/// Reads a text, and the digest that it says it has.
pub(super) fn read(bytes: &[u8]) -> At<(Split, String)> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        (1 + before.iter().filter(|&&byte| byte == b'\n').count(), Fault::NotText)
    })?;
    let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    let mut header = Header { lines: &mut lines, line: 0 };
    header.magic()?;
    let by = header.field("by", "one name, or two of a leak-proof split", names)?;
    let design = header.field("design", "a design within its bounds", |text| {
        let design = Design::parse(text).filter(|design| design.check().is_ok());
        design.filter(|design| by.len() == if matches!(design, Design::LeakProof(_)) { 2 } else { 1 })
    })?;
    let seed = header.field("seed", "a whole number", |text| text.parse().ok())?;
    let rows = header.field("rows", "a number of rows", |text| text.parse().ok())?;
    let digest = header.field("digest", "a digest", |text| Some(text.to_owned()))?;
    header.columns(&columns(&by, design))?;
    let table = lines
        .enumerate()
        .map(|(row, line)| Row::read(line, by.len(), design).map_err(|fault| (line_of(row), fault)));
    let table = table.collect::<At<Vec<Row<'_>>>>()?;
    if table.len() != rows {
        return Err((line_of(table.len().min(rows)), Fault::Rows { expected: rows, found: table.len() }));
    }
    check_ids(&table)?;
    let of_factor = |factor: usize| Grouping::by_one(table.iter().map(move |row| Some(row.groups[factor])));
    let split = Split {
        groupings: (0..by.len()).map(of_factor).collect(),
        places: (0..design.repeats())
            .map(|repeat| table.iter().map(|row| row.places[repeat]).collect())
            .collect(),
        ids: table.iter().map(|row| row.id.to_owned()).collect(),
        by,
        design,
        seed,
    };
    check_groups(&split)?;
    Ok((split, digest))
}

/// The line that a row stands in, counted from 1.
fn line_of(row: usize) -> usize {
    HEAD + row + 1
}

fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = text.split(' ').map(str::to_owned).collect();
    (names.len() <= 2 && names.iter().all(|name| is_name(name))).then_some(names)
}

/// The lines before the rows, one after another.
struct Header<'l, 'a> {
    lines: &'l mut std::str::Lines<'a>,
    line: usize,
}

impl<'a> Header<'_, 'a> {
    fn next(&mut self) -> &'a str {
        self.line += 1;
        self.lines.next().unwrap_or_default().trim_end()
    }

    fn magic(&mut self) -> At<()> {
        let found = self.next();
        if found == MAGIC { Ok(()) } else { Err((1, Fault::Version { found: shortened(found) })) }
    }

    /// The value of `# key value`.
    fn field<T>(&mut self, key: &str, expected: &str, read: impl Fn(&'a str) -> Option<T>) -> At<T> {
        let found = self.next();
        let value = found.strip_prefix("# ").and_then(|text| text.strip_prefix(key)?.strip_prefix(' '));
        value.and_then(read).ok_or_else(|| {
            let expected = format!("`# {key}` and {expected}");
            (self.line, Fault::Header { expected, found: shortened(found) })
        })
    }

    fn columns(&mut self, expected: &str) -> At<()> {
        let found = self.next();
        if found == expected {
            return Ok(());
        }
        let expected = format!("the columns {expected:?}");
        Err((self.line, Fault::Header { expected, found: shortened(found) }))
    }
}

/// As much of a text as a message has room for.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

struct Row<'a> {
    id: &'a str,
    groups: Vec<&'a str>,
    places: Vec<Option<u32>>,
}

impl<'a> Row<'a> {
    fn read(line: &'a str, factors: usize, design: Design) -> Result<Self, Fault> {
        let mut fields = line.split('\t');
        let (expected, found) = (1 + factors + design.repeats(), fields.clone().count());
        if found != expected {
            return Err(Fault::Fields { expected, found });
        }
        let id = fields.next().unwrap_or_default();
        let groups: Vec<&str> = fields.by_ref().take(factors).collect();
        let known = groups.iter().all(|group| !group.trim().is_empty());
        let places = fields.map(|field| place(field, known, design)).collect::<Result<_, _>>()?;
        Ok(Self { id, groups, places })
    }
}

fn place(field: &str, known: bool, design: Design) -> Result<Option<u32>, Fault> {
    let unplaced = |expected, of| Fault::Unplaced { expected, of, found: shortened(field) };
    match (field, design.place(field)) {
        (NOWHERE, _) if known && !design.leaves_out() => Err(unplaced("a fold", "that has a group")),
        (NOWHERE, _) => Ok(None),
        (_, None) => Err(Fault::Place { expected: design.names(), found: shortened(field) }),
        (_, Some(_)) if !known => Err(unplaced(NOWHERE, "without a group")),
        (_, place) => Ok(place),
    }
}

fn check_ids(table: &[Row<'_>]) -> At<()> {
    let mut row_of = HashMap::new();
    for (row, &Row { id, .. }) in table.iter().enumerate() {
        let first = row_of.insert(id, row);
        if id.is_empty() || first.is_some() {
            let first = line_of(first.unwrap_or(row));
            return Err((line_of(row), Fault::Id { id: id.to_owned(), first }));
        }
    }
    Ok(())
}

/// All rows of a group stand in one place, or, where there are two groupings, share their part of it.
fn check_groups(split: &Split) -> At<()> {
    let Split { design, places, groupings, .. } = split;
    for (factor, grouping) in groupings.iter().enumerate() {
        for places in places {
            let mut seen: Vec<Option<(usize, u32)>> = vec![None; grouping.names().len()];
            for (row, (group, place)) in grouping.of_row().iter().zip(places).enumerate() {
                let (Some(group), Some(place)) = (*group, *place) else { continue };
                let &mut (first, other) = seen[group as usize].get_or_insert((row, place));
                if design.parts(other)[factor] != design.parts(place)[factor] {
                    return Err((
                        line_of(row),
                        Fault::Straddles {
                            group: grouping.names()[group as usize].clone(),
                            first: line_of(first),
                            expected: design.name(other),
                            found: design.name(place),
                        },
                    ));
                }
            }
        }
    }
    Ok(())
}
