use std::collections::HashMap;
use std::path::Path;

use super::described::Described;
use super::{Tables, embedding_file, label_file};
use crate::eval::RowName;
use crate::profile::{GENES, ReadOptions, Universe, read_profiles};
use crate::progress::Progress;
use crate::study::{Matrix, Row, Study, StudyError};

impl Study {
    /// Reads embeddings that any program made: NPY, TSV (first column: ids) or GCTX, one row a signature. What the rows are is
    /// told by labels in their order, or by a table of signatures joined on `sig_id`. `profiles` are the z-scores behind the
    /// embeddings, for the baselines.
    ///
    /// # Errors
    /// Without labels and table; labels of another number of rows; whatever is wrong with the files.
    pub fn of_embeddings(
        embeddings: impl AsRef<Path>,
        profiles: Option<&Path>,
        tables: &Tables,
        options: &ReadOptions,
        progress: &dyn Progress,
    ) -> Result<Self, StudyError> {
        let path = embeddings.as_ref();
        let read = embedding_file::read(path)?;
        let labels =
            tables.labels.as_ref().map(|file| label_file::read(file, tables.label.as_ref(), read.rows()));
        let labels = labels.transpose()?;
        let described = match (&tables.sig_info, &labels, &read.ids) {
            (None, None, _) => return Err(StudyError::NoMetadata { path: path.to_owned() }),
            (Some(_), _, None) => return Err(StudyError::NoIds { path: path.to_owned() }),
            (Some(_), _, Some(ids)) => Described::joined(ids, tables)?,
            (None, Some(labels), ids) => {
                let numbered = || (0..read.rows()).map(|row| RowName::from(row).to_string()).collect();
                let ids = ids.clone().unwrap_or_else(numbered);
                Described::labelled(&ids, labels, tables.keep_controls)
            }
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let values = described.numbers.iter().flat_map(|&row| read.row(row)).copied().collect();
        let column =
            labels.map(|labels| described.numbers.iter().map(|&at| labels.values[at].clone()).collect());
        let mut study = described.study(Matrix::new(name, values, read.dim)?)?;
        study.column = column;
        match profiles {
            Some(path) => study.with_profiles_of(path, options, progress),
            None => Ok(study),
        }
    }

    /// Adds the profiles of the rows, by their ids.
    fn with_profiles_of(
        mut self,
        path: &Path,
        options: &ReadOptions,
        progress: &dyn Progress,
    ) -> Result<Self, StudyError> {
        // A profile of zeros is kept: its signature has an embedding. Baselines take the landmarks.
        let options = options.clone().drop_zero(false).universe(Universe::Landmark);
        let (profiles, report) = read_profiles(path, &options, progress)?;
        self.note_reading(&report);
        let places: HashMap<&str, usize> =
            profiles.ids().iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let is_missing = |row: &&Row| !places.contains_key(row.id.as_str());
        let mut missing = self.rows.iter().filter(is_missing);
        if let Some(row) = missing.next() {
            let (path, id) = (path.to_owned(), row.id.clone());
            return Err(StudyError::NoProfile { path, id, more: missing.count() });
        }
        let profile = |row: &Row| profiles.profile(places[row.id.as_str()]);
        let values = self.rows.iter().flat_map(profile).copied().collect();
        Ok(self.with_profiles(Matrix::new("raw", values, GENES)?)?)
    }
}
