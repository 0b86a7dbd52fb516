//! A gene set as a file writes it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A named set of gene ids, in the order of the file, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedSet {
    /// Its name.
    pub name: String,
    /// What the file says about it, where it says something.
    pub description: Option<String>,
    /// Ids of its genes as the file writes them.
    pub ids: Vec<String>,
    /// Ids that were written before in the same set.
    pub repeated: usize,
    /// Ids that had a weight behind a comma (`TP53,1.0`), which is not used.
    pub weighted: usize,
    /// The file.
    pub path: PathBuf,
    /// The line (GMT, GRP) or column (GMX) of the file in which it begins, from 1.
    pub place: usize,
}

impl NamedSet {
    /// A set of the cells that hold something.
    pub(super) fn new<'a>(
        (path, place): (&Path, usize),
        name: &str,
        description: &str,
        cells: impl Iterator<Item = &'a str>,
    ) -> Self {
        let is_given = !crate::profile::is_missing(description);
        let mut set = Self {
            name: name.to_owned(),
            description: is_given.then(|| description.to_owned()),
            ids: Vec::new(),
            repeated: 0,
            weighted: 0,
            path: path.to_owned(),
            place,
        };
        let mut seen = HashSet::new();
        for cell in cells.filter(|cell| !cell.is_empty()) {
            let id = without_weight(cell);
            set.weighted += usize::from(id.len() < cell.len());
            if seen.insert(id.to_ascii_uppercase()) {
                set.ids.push(id.to_owned());
            } else {
                set.repeated += 1;
            }
        }
        set
    }
}

/// The id without a weight behind a comma. `5,720` is a number with a separator of thousands.
fn without_weight(cell: &str) -> &str {
    let Some((id, weight)) = cell.rsplit_once(',') else { return cell };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_thousands = weight.len() == 3 && is_digits(weight) && is_digits(id);
    let is_weight = weight.trim().parse::<f64>().is_ok() && !is_thousands && !id.trim().is_empty();
    if is_weight { id.trim_end() } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_taken_off_and_members_counted_once() {
        let cells = ["TP53,1.0", "tp53", "", "MYC,-2", "5,720", "A,B"];
        let set = NamedSet::new((Path::new("t"), 1), "S", "na", cells.into_iter());
        assert_eq!(set.ids, ["TP53", "MYC", "5,720", "A,B"]);
        assert_eq!((set.repeated, set.weighted, set.description), (1, 2, None));
    }
}
