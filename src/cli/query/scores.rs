//! Scores of everything, as a file: queries x drugs, or queries x signatures.

use std::path::Path;

use l1kdb::db::ScoreTable;
use l1kdb::profile::{MatrixWriter, write_tsv};

/// A file that scores are appended to.
pub struct ScoreFile<'a> {
    path: &'a Path,
    /// Begun with the first scores, which say what is scored.
    writer: Option<MatrixWriter>,
}

impl<'a> ScoreFile<'a> {
    /// Checks that the name says a format.
    pub fn new(path: &'a Path) -> anyhow::Result<Self> {
        MatrixWriter::check(path)?;
        Ok(Self { path, writer: None })
    }

    /// Appends the scores of some queries.
    pub fn add(&mut self, ids: &[String], scores: &ScoreTable) -> anyhow::Result<()> {
        if self.writer.is_none() {
            let is_npy = self.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npy"));
            if is_npy {
                write_tsv(self.path.with_extension("names.tsv"), &scores.names, &[], &[])?;
            }
            self.writer = Some(MatrixWriter::create(self.path, &scores.names)?);
        }
        self.writer.as_mut().map_or(Ok(()), |writer| Ok(writer.block(ids, &scores.values)?))
    }

    /// Gives the file its name.
    pub fn finish(self) -> anyhow::Result<()> {
        self.writer.map_or(Ok(()), |writer| Ok(writer.finish()?))
    }
}
