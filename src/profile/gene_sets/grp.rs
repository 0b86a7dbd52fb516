//! GRP: one set, a gene a line, named as the file is.

use std::path::Path;

use super::NamedSet;
use super::format::is_comment;
use super::rows::Row;

/// The set of all rows; none where there are comments only.
pub(super) fn sets(path: &Path, rows: &[Row]) -> Vec<NamedSet> {
    let rows: Vec<&Row> = rows.iter().filter(|row| !row.is_blank() && !is_comment(row)).collect();
    let Some(first) = rows.first() else { return Vec::new() };
    let genes = rows.iter().map(|row| row.cell(0));
    vec![NamedSet::new((path, first.line as usize), &name(path), "", genes)]
}

/// The name of a file without `.gz` and its ending.
fn name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_packed = name.len() > 3
        && name.is_char_boundary(name.len() - 3)
        && name[name.len() - 3..].eq_ignore_ascii_case(".gz");
    let name = if is_packed { &name[..name.len() - 3] } else { &name };
    Path::new(name).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}
