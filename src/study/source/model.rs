use std::path::Path;

use super::Tables;
use super::described::Described;
use crate::embed::Model;
use crate::profile::{GENES, ReadOptions, ReadReport};
use crate::progress::Progress;
use crate::study::{Matrix, Note, Study, StudyError};

impl Study {
    /// Embeds the profiles of a file and takes those that the table of signatures describes.
    ///
    /// # Errors
    /// Without a table of signatures; whatever is wrong with the files; a network that cannot be run.
    pub fn of_model(
        model: &Model,
        profiles: impl AsRef<Path>,
        tables: &Tables,
        options: &ReadOptions,
        progress: &dyn Progress,
    ) -> Result<Self, StudyError> {
        let (described, profiles, report) =
            Described::profiles(profiles.as_ref(), tables, options, progress)?;
        let embeddings = model.embed(&profiles)?;
        let dim = embeddings.dim();
        let embedding = Matrix::new(model.card().name.clone(), embeddings.into_values(), dim)?;
        let mut study = described.study(embedding)?.with_model(model);
        study.engine = model.engine().map(ToString::to_string);
        study.note_reading(&report);
        Ok(study.with_profiles(Matrix::new("raw", profiles.into_parts().1, GENES)?)?)
    }

    /// Takes the profiles of a file that the table of signatures describes as they are, without a network.
    ///
    /// # Errors
    /// Without a table of signatures; values that are never negative, which are no z-scores; whatever is wrong with the
    /// files.
    pub fn of_profiles(
        profiles: impl AsRef<Path>,
        tables: &Tables,
        options: &ReadOptions,
        progress: &dyn Progress,
    ) -> Result<Self, StudyError> {
        let (described, profiles, report) =
            Described::profiles(profiles.as_ref(), tables, options, progress)?;
        report.check_signs()?;
        let mut study = described.study(Matrix::new("z-scores", profiles.into_parts().1, GENES)?)?;
        study.is_raw = true;
        study.note_reading(&report);
        Ok(study)
    }

    /// Notes what was found in a file of profiles.
    pub(super) fn note_reading(&mut self, report: &ReadReport) {
        self.notes.extend(report.notes().into_iter().map(Note::Reading));
        self.notes.extend(report.warnings().into_iter().map(Note::Doubt));
    }
}
