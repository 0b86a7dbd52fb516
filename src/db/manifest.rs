//! `MANIFEST`: the small text that says which files make up a database.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::DbError;

/// Name of the manifest within a database directory.
pub(super) const MANIFEST: &str = "MANIFEST";

/// The format this program writes, and the newest that it reads. A database of a newer one is refused.
pub(super) const FORMAT: u32 = 1;

/// What a database consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub format: u32,
    /// Grows by one with every change of the database.
    pub generation: u64,
    pub gene_space: String,
    pub model: String,
    pub model_name: String,
    pub dimension: usize,
    pub created_by: String,
    pub profiles: String,
    #[serde(default)]
    pub segments: Vec<SegmentEntry>,
}

/// One segment file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SegmentEntry {
    pub file: String,
    pub rows: u64,
    /// Checksum over the segment's header and section table, 16 hexadecimal digits.
    pub checksum: String,
}

/// Only the format, so that a newer manifest is recognised whatever else is in it.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl Manifest {
    /// Reads the manifest of the database at `directory`.
    pub fn read(directory: &Path) -> Result<Self, DbError> {
        let path = directory.join(MANIFEST);
        let not = |what: String| DbError::NotADatabase { path: directory.to_owned(), what };
        let is_directory = match fs::metadata(directory) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Err(not("there is nothing".to_owned())),
            metadata => metadata.map_err(DbError::io(directory, "open the database"))?.is_dir(),
        };
        if !is_directory {
            return Err(not("it is a file, and a database is a directory".to_owned()));
        }
        let text = match fs::read_to_string(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                return Err(not(format!("it has no {MANIFEST}")));
            }
            text => text.map_err(DbError::io(&path, "read the manifest"))?,
        };
        Self::parse(&path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, DbError> {
        let not = |e: toml::de::Error| DbError::NotADatabase {
            path: path.to_owned(),
            what: format!("its manifest does not read: {}", e.message()),
        };
        let Format { format } = toml::from_str(text).map_err(not)?;
        if format > FORMAT {
            return Err(DbError::NewerFormat { path: path.to_owned(), expected: FORMAT, found: format });
        }
        toml::from_str(text).map_err(not)
    }

    /// Returns the manifest as text.
    pub fn to_text(&self) -> String {
        toml::to_string(self).expect("a manifest holds numbers, text and lists only")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Manifest, SegmentEntry};
    use crate::db::DbError;

    fn manifest() -> Manifest {
        Manifest {
            format: 1,
            generation: 1,
            gene_space: "sha256:00".into(),
            model: "sha256:11".into(),
            model_name: "identity".into(),
            dimension: 978,
            created_by: "l1kdb 0.1.0".into(),
            profiles: "P.gctx".into(),
            segments: vec![SegmentEntry {
                file: "segment-000001.l1k".into(),
                rows: 3,
                checksum: "0a".into(),
            }],
        }
    }

    #[test]
    fn a_manifest_survives_a_round_trip() {
        let written = manifest();
        assert_eq!(Manifest::parse(Path::new("M"), &written.to_text()).unwrap(), written);
    }

    #[test]
    fn a_newer_format_is_told_apart_from_damage() {
        let text = "format = 2\nsomething = \"else\"\n";
        assert!(matches!(
            Manifest::parse(Path::new("M"), text),
            Err(DbError::NewerFormat { expected: 1, found: 2, .. })
        ));
        assert!(matches!(Manifest::parse(Path::new("M"), "format = 1"), Err(DbError::NotADatabase { .. })));
    }
}
