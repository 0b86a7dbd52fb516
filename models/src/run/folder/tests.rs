use super::*;

fn opened(path: &Path, existing: Existing, settings: &str) -> Result<RunFolder, TrainError> {
    RunFolder::open(path, existing, settings)
}

#[test]
fn a_run_is_kept_unless_it_is_to_be_resumed_or_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/net");
    opened(&out, Existing::Keep, "margin = 1\n").unwrap().save_fold(0, 1, &[1.0, 2.0]).unwrap();
    assert!(matches!(opened(&out, Existing::Keep, "margin = 1\n"), Err(TrainError::RunExists { .. })));
    let resumed = opened(&out, Existing::Resume, "margin = 1\n").unwrap();
    assert_eq!(resumed.fold(0, 1, 2).unwrap(), Some(vec![1.0, 2.0]));
    assert_eq!(resumed.fold(0, 2, 2).unwrap(), None);
    assert!(matches!(resumed.fold(0, 1, 3), Err(TrainError::BadCheckpoint { .. })));
    drop(resumed);
    let replaced = opened(&out, Existing::Replace, "margin = 2\n").unwrap();
    assert_eq!(replaced.fold(0, 1, 2).unwrap(), None);
    replaced.save_fold(0, 2, &[3.0]).unwrap();
    assert!(!out.join("folds/0-1.f32").exists());
}

#[test]
fn a_run_is_resumed_only_with_its_own_settings() {
    let out = tempfile::tempdir().unwrap();
    let first = opened(out.path(), Existing::Keep, "noise = 0\nmargin = 1\n").unwrap();
    first.save_fold(0, 0, &[1.0]).unwrap();
    drop(first);
    let error = opened(out.path(), Existing::Resume, "noise = 0\nmargin = 2\n").unwrap_err().to_string();
    assert!(error.contains("margin = 1") && error.contains("margin = 2"), "{error}");
}

#[test]
fn one_process_at_a_time_has_a_folder() {
    let out = tempfile::tempdir().unwrap();
    let first = opened(out.path(), Existing::Keep, "a = 1").unwrap();
    for existing in [Existing::Keep, Existing::Resume, Existing::Replace] {
        let error = opened(out.path(), existing, "a = 1").unwrap_err();
        assert!(matches!(error, TrainError::InUse { .. }), "{error}");
    }
    drop(first);
    opened(out.path(), Existing::Keep, "a = 1").unwrap();
}

#[test]
fn a_run_that_kept_nothing_leaves_the_folder_as_it_was() {
    let out = tempfile::tempdir().unwrap();
    drop(opened(out.path(), Existing::Keep, "a = 1").unwrap());
    let first = opened(out.path(), Existing::Keep, "a = 2").unwrap();
    first.save_fold(0, 0, &[1.0]).unwrap();
    drop(first);
    drop(opened(out.path(), Existing::Replace, "a = 3").unwrap());
    let resumed = opened(out.path(), Existing::Resume, "a = 2").unwrap();
    assert_eq!(resumed.fold(0, 0, 1).unwrap(), Some(vec![1.0]));
}

#[test]
fn a_damaged_fold_and_one_of_another_run_are_refused_by_name() {
    let [own, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let begun = |out: &Path, settings: &str| {
        let folder = opened(out, Existing::Keep, settings).unwrap();
        folder.save_fold(0, 1, &[1.0, 2.0]).unwrap();
        folder
    };
    let folder = begun(own.path(), "a = 1");
    drop(begun(other.path(), "a = 2"));
    let file = own.path().join("folds/0-1.f32");
    let refused = |cause: &str| {
        let error = folder.fold(0, 1, 2).unwrap_err().to_string();
        assert!(error.contains("0-1.f32") && error.contains(cause) && error.contains("--force"), "{error}");
    };
    fs::copy(other.path().join("folds/0-1.f32"), &file).unwrap();
    refused("other settings or data");
    fs::write(&file, [0; 8]).unwrap();
    refused("checksum");
}

#[test]
fn a_complete_run_has_a_model_and_nothing_left_to_do() {
    let out = tempfile::tempdir().unwrap();
    let folder = opened(out.path(), Existing::Keep, "a = 1").unwrap();
    folder.save_fold(0, 0, &[1.0]).unwrap();
    folder.finish(b"onnx", "card").unwrap();
    drop(folder);
    assert_eq!(fs::read(out.path().join(ONNX)).unwrap(), b"onnx");
    assert!(matches!(opened(out.path(), Existing::Resume, "a = 1"), Err(TrainError::RunComplete { .. })));
    assert!(matches!(opened(out.path(), Existing::Resume, "a = 2"), Err(TrainError::OtherSettings { .. })));
    opened(out.path(), Existing::Replace, "a = 1").unwrap();
    assert!(out.path().join(CARD).exists(), "the model stays until the new one is there");
}

#[test]
fn a_folder_of_something_else_is_never_touched() {
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("thesis.doc"), "years of work").unwrap();
    for existing in [Existing::Keep, Existing::Resume, Existing::Replace] {
        let error = opened(out.path(), existing, "").unwrap_err().to_string();
        assert!(error.contains("thesis.doc") && error.contains("--out"), "{error}");
    }
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
    assert!(RunFolder::check(&out.path().join("thesis.doc"), Existing::Replace).is_err());
}
