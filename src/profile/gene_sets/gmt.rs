//! GMT: a set a line, its name, a description and genes between tabs
//! (<https://software.broadinstitute.org/cancer/software/gsea/wiki/index.php/Data_formats>).

use std::path::Path;

use super::NamedSet;
use super::format::is_comment;
use super::rows::Row;
use crate::profile::ProfileError;
use crate::profile::genes::is_like_a_gene;
use crate::profile::table::shown;

/// The sets of all rows.
///
/// # Errors
/// [`ProfileError::Line`] for the first row that is no set, with the number of others, or for descriptions that are genes.
pub(super) fn sets(path: &Path, rows: &[Row]) -> Result<Vec<NamedSet>, ProfileError> {
    let rows: Vec<&Row> = rows.iter().filter(|row| !row.is_blank() && !is_comment(row)).collect();
    let error = |line, reason| Err(ProfileError::Line { path: path.to_owned(), line, reason });
    let faults: Vec<(u64, String)> = rows.iter().filter_map(|row| Some((row.line, fault(row)?))).collect();
    if let [(line, fault), others @ ..] = &faults[..] {
        let more = match others.len() {
            0 => String::new(),
            more => format!(" ({more} more lines are no sets either)"),
        };
        return error(*line, format!("{fault}{more}"));
    }
    // Sets do not all begin with one gene, so that a word behind each name is a description.
    let is_one_word = rows.len() > 1 && rows.windows(2).all(|pair| pair[0].cell(1) == pair[1].cell(1));
    let undescribed: Vec<&&Row> = rows.iter().filter(|row| !is_one_word && lacks_description(row)).collect();
    if let Some(first) = undescribed.first().filter(|_| 2 * undescribed.len() > rows.len()) {
        return error(first.line, no_description(first));
    }
    Ok(rows.iter().map(|row| set(path, row)).collect())
}

fn set(path: &Path, row: &Row) -> NamedSet {
    let genes = row.cells.iter().skip(2).map(String::as_str);
    NamedSet::new((path, row.line as usize), row.cell(0), row.cell(1), genes)
}

fn fault(row: &Row) -> Option<String> {
    let fields = row.cells.len();
    let blanks = row.cell(0).split_whitespace().count();
    if fields >= 3 && !row.cell(0).is_empty() {
        return None;
    }
    let found = match fields {
        _ if row.cell(0).is_empty() => "found no name".to_owned(),
        1 if blanks > 2 => "found one field with blanks; write tabs between its parts".to_owned(),
        2 if is_like_a_gene(row.cell(1)) => {
            format!("found a name and `{}`; write a description (or `na`) between them", shown(row.cell(1)))
        }
        _ => format!("found {fields} fields and no gene; take the line out if the set is empty"),
    };
    Some(format!("expected the name of a set, a description and genes between tabs, {found}"))
}

/// Whether a gene stands where the description belongs. Sets of one gene's targets may well be described by its symbol.
fn lacks_description(row: &Row) -> bool {
    let (name, description) = (row.cell(0).to_ascii_uppercase(), row.cell(1).to_ascii_uppercase());
    // A word in small letters is no symbol, though it may be an older name of some gene (`cut`).
    let is_written_so = row.cell(1) != row.cell(1).to_ascii_lowercase() || row.cell(1).parse::<f64>().is_ok();
    !description.is_empty() && is_written_so && !name.contains(&description) && is_like_a_gene(row.cell(1))
}

fn no_description(row: &Row) -> String {
    format!(
        "expected a description behind the name of the set `{}`, found the gene `{}`; write a description (or `na`) between the \
         name and the genes, or the first gene of each set is lost",
        shown(row.cell(0)),
        shown(row.cell(1))
    )
}
