use super::*;

fn touch(file: &Path) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, "").unwrap();
}

/// Versioned file names as this system writes them, other than on Windows.
fn versioned(version: &str) -> String {
    if cfg!(target_vendor = "apple") {
        format!("libonnxruntime.{version}.dylib")
    } else {
        format!("libonnxruntime.so.{version}")
    }
}

fn found(surroundings: &Surroundings, origin: Origin) -> Vec<PathBuf> {
    let of_origin = |found: Candidate| (found.origin == origin).then_some(found.library);
    surroundings.candidates().filter_map(of_origin).collect()
}

#[test]
fn with_nothing_around_only_the_loader_is_asked() {
    let origins: Vec<Origin> = Surroundings::default().candidates().map(|found| found.origin).collect();
    assert!(!origins.is_empty() && origins.iter().all(|&origin| origin == Origin::System));
}

#[test]
fn the_folder_of_the_program_and_lib_beside_it_come_first() {
    let root = tempfile::tempdir().unwrap();
    let (bin, lib) = (root.path().join("bin"), root.path().join("lib"));
    touch(&bin.join(FILE_NAME));
    touch(&lib.join(FILE_NAME));
    let surroundings = Surroundings { executable: Some(bin.join("l1kdb")), ..Surroundings::default() };
    let found: Vec<PathBuf> = surroundings.candidates().take(2).map(|found| found.library).collect();
    assert_eq!(found, [bin.join(FILE_NAME), lib.join(FILE_NAME)]);
}

#[cfg(unix)]
#[test]
fn the_highest_version_wins_and_providers_are_no_runtime() {
    let root = tempfile::tempdir().unwrap();
    for name in [
        &versioned("1.9.1"),
        &versioned("1.31.1"),
        "libonnxruntime_providers_shared.so",
        "libonnxruntime_providers_cuda.so",
    ] {
        touch(&root.path().join(name));
    }
    assert_eq!(library_in(root.path()), Some(root.path().join(versioned("1.31.1"))));
    assert_eq!(library_in(&root.path().join("nowhere")), None);
}

#[cfg(unix)]
#[test]
fn python_packages_are_found_in_environments_then_on_the_path_then_at_home_newest_python_first() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let package = |site: &str| root.join(site).join("onnxruntime/capi").join(versioned("1.20.0"));
    let expected = [
        package("venv/lib/python3.12/site-packages"),
        package("conda/lib/python3.13/site-packages"),
        package("conda/lib/python3.9/site-packages"),
        package("usr/lib/python3/dist-packages"),
        package("usr/local/lib/python3.11/dist-packages"),
        package("home/.local/lib/python3.11/site-packages"),
    ];
    expected.iter().for_each(|library| touch(library));
    touch(&root.join("usr/bin/python3"));
    let surroundings = Surroundings {
        environments: vec![root.join("venv"), root.join("conda")],
        path: env::join_paths([root.join("nowhere"), root.join("usr/bin")]).unwrap(),
        home: Some(root.join("home")),
        ..Surroundings::default()
    };
    assert_eq!(found(&surroundings, Origin::Python), expected);
}

#[cfg(unix)]
#[test]
fn a_python_that_is_a_link_leads_to_its_environment_first_and_then_to_the_installation() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let package = |prefix: &str| {
        root.join(prefix).join("lib/python3.11/site-packages/onnxruntime/capi").join(versioned("1.20.0"))
    };
    touch(&package("venv"));
    touch(&package("usr"));
    touch(&root.join("usr/bin/python3.11"));
    fs::create_dir_all(root.join("venv/bin")).unwrap();
    std::os::unix::fs::symlink(root.join("usr/bin/python3.11"), root.join("venv/bin/python3")).unwrap();
    let surroundings = Surroundings { path: root.join("venv/bin").into(), ..Surroundings::default() };
    assert_eq!(found(&surroundings, Origin::Python), [package("venv"), package("usr")]);
}

#[test]
fn versions_are_ordered_as_numbers() {
    assert!(numbers("python3.13") > numbers("python3.9"));
    assert!(numbers("libonnxruntime.so.1.31.1") > numbers("libonnxruntime.so.1.4.12"));
}
