//! Splits on disk: saved whole or not at all, and joined with the data by signature id.

use std::collections::HashMap;
use std::path::Path;

use super::folds::check_ids;
use super::{Grouping, Split, SplitError, format};
use crate::profile::{AtomicFile, Unmatched, read_lines, read_records};

/// How many unmatched ids a message shows.
const EXAMPLES: usize = 3;

/// # On disk
impl Split {
    /// Saves the split as a table of text that any spreadformat opens: lines that begin with `#` say how it was made,
    /// then comes a row for each signature with its group and, for every repeat, the fold that holds it out. `-` is no
    /// fold. Rows are sorted by id, so that the same split is the same bytes, whatever the order of the data.
    ///
    /// ```text
    /// # l1kdb split 1
    /// # by drug
    /// # design k-fold folds=5 repeats=2
    /// # seed 7
    /// # rows 1645
    /// # digest sha256:0c5f...
    /// sig_id    drug      repeat_1  repeat_2
    /// SIG1      aspirin   3         1
    /// ```
    ///
    /// # Errors
    /// [`SplitError::File`] when it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SplitError> {
        let mut file = AtomicFile::create(path)?;
        file.put(format::write(self).as_bytes())?;
        Ok(file.commit()?)
    }

    /// Loads a split for data with these signature ids, in whatever order. Every id of the data has to be in the file,
    /// and every id of the file that is in some fold in the data.
    ///
    /// # Errors
    /// [`SplitError::OtherData`] for a split of other data, and as [`read`](Self::read).
    pub fn load(path: impl AsRef<Path>, ids: &[String]) -> Result<Self, SplitError> {
        check_ids(ids)?;
        let path = path.as_ref();
        Self::read(path)?.joined(path, ids)
    }

    /// Reads a split as it is, its rows sorted by id.
    ///
    /// # Errors
    /// [`SplitError::Line`] for a line that is damaged or contradicts the others, [`SplitError::Digest`] when the file
    /// was changed in any other way, [`SplitError::File`] when it cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, SplitError> {
        let path = path.as_ref();
        let text = read_lines(path)?.join("\n");
        Self::of_text(path, &text).or_else(|error| Self::of_records(path).ok_or(error))
    }

    fn of_text(path: &Path, text: &str) -> Result<Self, SplitError> {
        let (split, expected) = format::read(text.as_bytes()).map_err(|(line, fault)| SplitError::Line {
            path: path.to_owned(),
            line,
            fault,
        })?;
        let found = split.digest();
        if expected != found {
            return Err(SplitError::Digest { path: path.to_owned(), expected, found });
        }
        Ok(split)
    }

    /// The split as spreadformats save it, with other separators, quotes around some fields, or empty rows and columns.
    /// The digest tells whether it is the same.
    fn of_records(path: &Path) -> Option<Self> {
        let records = read_records(path).ok()?;
        let lines: Vec<String> = records.into_iter().map(|(_, fields)| fields.join("\t")).collect();
        Self::of_text(path, &lines.join("\n")).ok()
    }

    /// Returns `sha256:` and 64 hexadecimal digits that stand for everything that a file says: two splits with the same
    /// digest are the same, whatever the order of their rows.
    pub fn digest(&self) -> String {
        format::digest(self)
    }

    /// Returns the digest of the rows that are in some fold: the same for data that leaves out some of the others.
    pub fn digest_of_folds(&self) -> String {
        let in_a_fold = |row: &usize| self.places.iter().any(|places| places[*row].is_some());
        self.subset(&(0..self.ids.len()).filter(in_a_fold).collect::<Vec<_>>()).digest()
    }

    /// This split, with its rows in the order of `ids`.
    fn joined(&self, path: &Path, ids: &[String]) -> Result<Self, SplitError> {
        let row_of: HashMap<&str, usize> = self.ids.iter().map(String::as_str).zip(0..).collect();
        let rows: Vec<Option<usize>> = ids.iter().map(|id| row_of.get(id.as_str()).copied()).collect();
        let mut in_data = vec![false; self.ids.len()];
        rows.iter().flatten().for_each(|&row| in_data[row] = true);
        let in_a_fold = |row: usize| self.places.iter().any(|places| places[row].is_some());
        let absent = (0..self.ids.len()).filter(|&row| !in_data[row] && in_a_fold(row));
        let not_in_data = unmatched(absent.map(|row| &self.ids[row]));
        let unknown = ids.iter().zip(&rows).filter(|(_, row)| row.is_none());
        let not_in_file = unmatched(unknown.map(|(id, _)| id));
        if not_in_data.count + not_in_file.count > 0 {
            let (path, file_rows, data_rows) = (path.to_owned(), self.ids.len(), ids.len());
            return Err(SplitError::OtherData { path, file_rows, data_rows, not_in_data, not_in_file });
        }
        Ok(self.subset(&rows.into_iter().flatten().collect::<Vec<_>>()))
    }

    fn subset(&self, rows: &[usize]) -> Self {
        let regrouped = |grouping: &Grouping| Grouping::by_one(rows.iter().map(|&row| grouping.name_of(row)));
        Self {
            by: self.by.clone(),
            ids: rows.iter().map(|&row| self.ids[row].clone()).collect(),
            groupings: self.groupings.iter().map(regrouped).collect(),
            places: self.places.iter().map(|places| rows.iter().map(|&row| places[row]).collect()).collect(),
            ..*self
        }
    }
}

fn unmatched<'a>(ids: impl Iterator<Item = &'a String>) -> Unmatched {
    let mut unmatched = Unmatched::default();
    for id in ids {
        unmatched.count += 1;
        if unmatched.examples.len() < EXAMPLES {
            unmatched.examples.push(id.clone());
        }
    }
    unmatched
}
