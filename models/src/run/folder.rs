//! Writing a model folder whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::TrainError;

const ONNX_FILE: &str = "model.onnx";
const CARD_FILE: &str = "card.toml";

/// Checks that `write` may write to `out`: it does not exist, is empty, or holds a model and `replace` is set. To be
/// called before hours of training.
///
/// # Errors
/// [`TrainError::NotAModel`] and [`TrainError::ModelExists`]; [`TrainError::Write`] when it cannot be looked at.
pub fn check(out: &Path, replace: bool) -> Result<(), TrainError> {
    if !out.exists() {
        return Ok(());
    }
    let path = out.to_owned();
    if !out.is_dir() {
        return Err(TrainError::NotAModel { path, found: "a file".to_owned() });
    }
    let mut model = false;
    for entry in fs::read_dir(out).map_err(TrainError::write(out))? {
        let name = entry.map_err(TrainError::write(out))?.file_name();
        if name != ONNX_FILE && name != CARD_FILE {
            return Err(TrainError::NotAModel { path, found: name.to_string_lossy().into_owned() });
        }
        model = true;
    }
    if model && !replace { Err(TrainError::ModelExists { path }) } else { Ok(()) }
}

/// Writes both files into a new folder beside `out`, then puts it in its place: a reader sees the old model or the
/// new one.
///
/// # Errors
/// Those of [`check`], and [`TrainError::Write`], after which nothing half-written is left.
pub fn write(out: &Path, onnx: &[u8], card: &str, replace: bool) -> Result<(), TrainError> {
    check(out, replace)?;
    let parent = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).map_err(TrainError::write(&parent))?;
    let staging = tempfile::Builder::new().prefix(".l1kdb-model-").tempdir_in(&parent);
    let staging = staging.map_err(TrainError::write(&parent))?;
    let made = staging.path().join("new");
    fs::create_dir(&made).map_err(TrainError::write(&made))?;
    for (name, bytes) in [(ONNX_FILE, onnx), (CARD_FILE, card.as_bytes())] {
        let path = made.join(name);
        synced(&path, bytes).map_err(TrainError::write(&path))?;
    }
    let before = staging.path().join("old");
    if out.exists() {
        fs::rename(out, &before).map_err(TrainError::write(out))?;
    }
    fs::rename(&made, out).map_err(|error| {
        // The old model goes back to where it was; if even that fails, the first error tells more.
        let _ = fs::rename(&before, out);
        TrainError::write(out)(error)
    })
}

fn synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_written_whole_and_nothing_else_is_left() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("deep/net");
        write(&out, b"onnx", "card", false).unwrap();
        assert_eq!(fs::read(out.join(ONNX_FILE)).unwrap(), b"onnx");
        assert_eq!(fs::read_to_string(out.join(CARD_FILE)).unwrap(), "card");
        assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_model_is_replaced_only_on_demand() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("net");
        write(&out, b"old", "old", false).unwrap();
        assert!(matches!(write(&out, b"new", "new", false), Err(TrainError::ModelExists { .. })));
        write(&out, b"new", "new", true).unwrap();
        assert_eq!(fs::read(out.join(ONNX_FILE)).unwrap(), b"new");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_of_something_else_is_never_touched() {
        let out = tempfile::tempdir().unwrap();
        fs::write(out.path().join("thesis.doc"), "years of work").unwrap();
        for replace in [false, true] {
            let error = write(out.path(), b"onnx", "card", replace).unwrap_err().to_string();
            assert!(error.contains("thesis.doc") && error.contains("--out"), "{error}");
        }
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
        assert!(check(&out.path().join("thesis.doc"), true).is_err());
    }

    #[test]
    fn an_empty_folder_is_filled() {
        let out = tempfile::tempdir().unwrap();
        write(out.path(), b"onnx", "card", false).unwrap();
        assert!(out.path().join(CARD_FILE).exists());
    }
}
