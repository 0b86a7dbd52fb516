//! What a database is made of.

use l1kdb_index::Audit;

use super::query::filter;
use super::{CalibrationKey, Db, DbError};
use crate::profile::Universe;

/// What [`Db::info`] tells.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DbInfo {
    /// Version of the directory's format.
    pub format: u32,
    /// How often the database was changed, from 1.
    pub generation: u64,
    /// The program that made it.
    pub created_by: String,
    /// The file that the profiles came from.
    pub profiles: String,
    /// Signatures.
    pub signatures: usize,
    /// Drugs.
    pub drugs: usize,
    /// Length of an embedding.
    pub dim: usize,
    /// The network's name.
    pub model_name: String,
    /// The network's digest.
    pub model: String,
    /// The gene space's digest.
    pub gene_space: String,
    /// The genes of the profiles that are kept; none where none are.
    pub kept_genes: Option<Universe>,
    /// Keys that a query can filter by, each with its number of values.
    pub filters: Vec<(String, usize)>,
    /// The names of the sources that it was built of; none where it is of one without a name.
    pub sources: Vec<String>,
    /// The segments.
    pub segments: Vec<SegmentInfo>,
    /// What its calibrations are of, each with its reference queries in words.
    pub calibrations: Vec<(CalibrationKey, String)>,
}

/// One segment of a database.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SegmentInfo {
    /// File name.
    pub file: String,
    /// The name of the source of its signatures, where it has one.
    pub source: Option<String>,
    /// Signatures.
    pub signatures: usize,
    /// Bytes on disk.
    pub bytes: u64,
    /// Whether the profiles themselves are kept.
    pub profiles: bool,
    /// What was measured of the graph, where there is one.
    pub audit: Option<Audit>,
}

impl Db {
    /// Tells what the database is made of.
    ///
    /// # Errors
    /// A damaged table, or a file that cannot be looked at.
    pub fn info(&self) -> Result<DbInfo, DbError> {
        let manifest = self.snapshot.manifest();
        let segments = self.segment_infos()?;
        Ok(DbInfo {
            format: manifest.format,
            generation: manifest.generation,
            created_by: manifest.created_by.clone(),
            profiles: manifest.profiles.clone(),
            signatures: self.signatures(),
            drugs: self.drugs()?,
            dim: manifest.dimension,
            model_name: manifest.model_name.clone(),
            model: manifest.model.clone(),
            gene_space: manifest.gene_space.clone(),
            kept_genes: segments.iter().any(|segment| segment.profiles).then(|| self.universe()),
            filters: self.filter_counts()?,
            sources: self.sources(),
            segments,
            calibrations: self.calibration_infos()?,
        })
    }

    fn calibration_infos(&self) -> Result<Vec<(CalibrationKey, String)>, DbError> {
        let described = |key: CalibrationKey| {
            let calibration = self.calibration(&key)?;
            Ok((key, calibration.map_or_else(String::new, |calibration| calibration.description())))
        };
        self.calibrations().into_iter().map(described).collect()
    }

    fn filter_counts(&self) -> Result<Vec<(String, usize)>, DbError> {
        let with_count = |key: String| {
            let values = filter::count_values(&self.snapshot, &key)?;
            Ok((key, values))
        };
        filter::keys(&self.snapshot)?.into_iter().map(with_count).collect()
    }

    fn segment_infos(&self) -> Result<Vec<SegmentInfo>, DbError> {
        let mut infos = Vec::new();
        for (live, entry) in self.snapshot.segments().iter().zip(&self.snapshot.manifest().segments) {
            infos.push(SegmentInfo {
                file: entry.file.clone(),
                source: entry.source().map(str::to_owned),
                signatures: live.rows(),
                bytes: live.index().file_len(),
                profiles: live.profiles()?.is_some(),
                audit: live.index().audit(),
            });
        }
        Ok(infos)
    }
}
