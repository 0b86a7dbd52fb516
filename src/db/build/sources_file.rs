//! Sources named in a file.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::options::BuildFiles;
use crate::db::DbError;
use crate::profile::ReadOptions;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    atc: Option<PathBuf>,
    atc_names: Option<PathBuf>,
    source: Vec<ListedSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedSource {
    name: String,
    profiles: PathBuf,
    sig_info: PathBuf,
    pert_info: Option<PathBuf>,
    level: Option<u8>,
}

/// Reads the sources that a TOML file names, for [`build_sources`](super::build_sources); paths are relative to the file. `read` says how
/// profiles are read.
///
/// ```toml
/// atc = "drug_atc.tsv"
/// [[source]]
/// name = "lincs"
/// profiles = "level5.gctx"
/// sig_info = "siginfo.txt"
/// pert_info = "pertinfo.txt"
/// level = 5
/// ```
///
/// # Errors
/// [`DbError::Sources`] for a file that cannot be read, and for keys that are unknown or missing.
pub fn read_sources(
    path: impl AsRef<Path>,
    read: &ReadOptions,
) -> Result<Vec<(String, BuildFiles)>, DbError> {
    let path = path.as_ref();
    let failed = |what: String| DbError::Sources { what: format!("{}: {what}", path.display()) };
    let text = fs::read_to_string(path).map_err(|e| failed(e.to_string()))?;
    let listed: Listed =
        toml::from_str(&text).map_err(|e| failed(e.to_string().trim().replace('\n', "; ")))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let at = |path: &PathBuf| folder.join(path);
    if listed.source.is_empty() {
        return Err(failed("it names no [[source]], expected one at least".to_owned()));
    }
    let files = listed.source.iter().map(|source| {
        let mut files = BuildFiles::new(at(&source.profiles), at(&source.sig_info)).read(read.clone());
        files.pert_info = source.pert_info.as_ref().map(at);
        files.level = source.level;
        files.atc = listed.atc.as_ref().map(at);
        files.atc_names = listed.atc_names.as_ref().map(at);
        (source.name.clone(), files)
    });
    Ok(files.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_beside_the_file_and_unknown_keys_are_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("sources.toml");
        let written = |text: &str| {
            fs::write(&path, text).unwrap();
            read_sources(&path, &ReadOptions::default())
        };
        let source = "[[source]]\nname = \"a\"\nprofiles = \"p.gctx\"\nsig_info = \"s.txt\"\n";
        let found = written(&format!("atc = \"codes.tsv\"\n{source}level = 5\n")).unwrap();
        assert_eq!(found[0].0, "a");
        assert_eq!(found[0].1.profiles, home.path().join("p.gctx"));
        assert_eq!((found[0].1.level, &found[0].1.atc), (Some(5), &Some(home.path().join("codes.tsv"))));
        for (text, cause) in [
            (format!("{source}colour = 1\n"), "colour"),
            ("atc = \"x\"\n".to_owned(), "missing field `source`"),
            ("source = []\n".to_owned(), "no [[source]]"),
        ] {
            let error = written(&text).unwrap_err().to_string();
            assert!(error.contains(cause) && error.contains("sources.toml"), "{error}");
        }
    }
}
