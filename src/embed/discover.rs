//! Where an ONNX Runtime library may lie on this machine, nearest first, without starting a process.
//!
//! | origin | places |
//! |---|---|
//! | [`Origin::Environment`] | the file or folder in `ORT_DYLIB_PATH` |
//! | [`Origin::BesideExecutable`] | the folder of the running program, and `lib` beside that folder |
//! | [`Origin::System`] | the plain file name, as the system's loader resolves it |
//! | [`Origin::Python`] | package `onnxruntime` of the active virtual or conda environment, of each Python on `PATH`, of the user |

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt, fs,
    path::{Path, PathBuf},
};

/// Who or what named a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The caller, as [`Runtime::Library`](super::Runtime::Library).
    Asked,
    /// The environment variable `ORT_DYLIB_PATH`.
    Environment,
    /// It lies beside the program.
    BesideExecutable,
    /// The system's loader knows it.
    System,
    /// It belongs to an installed Python package `onnxruntime`.
    Python,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Asked => "as asked for",
            Self::Environment => "from ORT_DYLIB_PATH",
            Self::BesideExecutable => "beside the program",
            Self::System => "from the system's libraries",
            Self::Python => "from a Python installation",
        })
    }
}

/// A library that may serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// A file; or a bare file name when the loader is to find it.
    pub(super) library: PathBuf,
    pub(super) origin: Origin,
}

/// The usual file name on this system.
pub(super) const FILE_NAME: &str = if cfg!(windows) {
    "onnxruntime.dll"
} else if cfg!(target_vendor = "apple") {
    "libonnxruntime.dylib"
} else {
    "libonnxruntime.so"
};

/// What of the process's surroundings tells where to look.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    pub(super) executable: Option<PathBuf>,
    /// `VIRTUAL_ENV` and `CONDA_PREFIX`, in this order.
    pub(super) environments: Vec<PathBuf>,
    pub(super) path: OsString,
    pub(super) home: Option<PathBuf>,
    /// `%APPDATA%`, where Windows keeps a user's Python packages.
    pub(super) app_data: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub(super) fn here() -> Self {
        let path_of = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            executable: env::current_exe().ok(),
            environments: ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(path_of).collect(),
            path: env::var_os("PATH").unwrap_or_default(),
            home: env::home_dir(),
            app_data: path_of("APPDATA"),
        }
    }

    /// Libraries to try, in order. Later places are looked at only when the iterator gets there.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Candidate> + '_ {
        let found = |origin| move |library| Candidate { library, origin };
        let beside = self.beside_executable().map(found(Origin::BesideExecutable));
        let system = loader_names().map(found(Origin::System));
        let python = self.python_packages().map(found(Origin::Python));
        beside.chain(system).chain(python)
    }

    fn beside_executable(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let folder = self.executable.iter().filter_map(|file| file.parent());
        folder
            .flat_map(|folder| [Some(folder.to_path_buf()), folder.parent().map(|up| up.join("lib"))])
            .flatten()
            .filter_map(|folder| library_in(&folder))
    }

    fn python_packages(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let prefixes = self.environments.iter().cloned().chain(self.python_prefixes());
        prefixes
            .flat_map(|prefix| site_packages(&prefix))
            .chain(std::iter::once_with(|| self.user_site_packages()).flatten())
            .filter_map(|site| library_in(&site.join("onnxruntime").join("capi")))
    }

    /// The folder above `bin` of every Python on `PATH`: as called, which tells a virtual environment, and with its
    /// links resolved, which tells the installation.
    fn python_prefixes(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let names: &[&str] = if cfg!(windows) { &["python.exe"] } else { &["python3", "python"] };
        env::split_paths(&self.path)
            .flat_map(move |folder| names.iter().map(move |name| folder.join(name)))
            .filter(|python| python.is_file())
            .flat_map(|python| {
                let target = python.canonicalize().ok().filter(|target| *target != python);
                std::iter::once(python).chain(target)
            })
            .filter_map(|python| prefix_of(&python))
    }

    fn user_site_packages(&self) -> Vec<PathBuf> {
        let home = self.home.as_deref();
        let roots = [
            home.map(|home| home.join(".local")),
            home.map(|home| home.join("Library").join("Python")),
            self.app_data.as_deref().map(|data| data.join("Python")),
        ];
        let mut sites: Vec<PathBuf> = roots[0].iter().flat_map(|local| site_packages(local)).collect();
        for root in roots[1..].iter().flatten() {
            let versions = newest_first(root, |name| name.starts_with("3.") || name.starts_with("Python3"));
            sites.extend(versions.iter().map(|version| version.join("site-packages")));
            sites.extend(
                versions.iter().map(|version| version.join("lib").join("python").join("site-packages")),
            );
        }
        sites
    }
}

/// The library in `folder`: the plain name, or else the one with the highest version in its name.
pub(super) fn library_in(folder: &Path) -> Option<PathBuf> {
    let plain = folder.join(FILE_NAME);
    if plain.is_file() {
        return Some(plain);
    }
    newest_first(folder, is_versioned_library).into_iter().find(|file| file.is_file())
}

/// `libonnxruntime.so.1.31.1`, `libonnxruntime.1.31.1.dylib`; not `libonnxruntime_providers_shared.so`.
fn is_versioned_library(name: &str) -> bool {
    if cfg!(target_vendor = "apple") {
        name.starts_with("libonnxruntime.") && name.ends_with(".dylib")
    } else {
        name.starts_with("libonnxruntime.so.")
    }
}

fn loader_names() -> impl Iterator<Item = PathBuf> {
    let versioned =
        (cfg!(unix) && !cfg!(target_vendor = "apple")).then(|| PathBuf::from("libonnxruntime.so.1"));
    std::iter::once(PathBuf::from(FILE_NAME)).chain(versioned)
}

fn prefix_of(python: &Path) -> Option<PathBuf> {
    let folder = python.parent()?;
    // On Windows python.exe lies in the prefix itself, or in `Scripts` of a virtual environment.
    let is_prefix = cfg!(windows) && folder.file_name() != Some(OsStr::new("Scripts"));
    if is_prefix { Some(folder.to_path_buf()) } else { folder.parent().map(Path::to_path_buf) }
}

/// The folders of installed packages below a Python prefix, of the newest Python first.
fn site_packages(prefix: &Path) -> Vec<PathBuf> {
    if cfg!(windows) {
        return vec![prefix.join("Lib").join("site-packages")];
    }
    let mut sites = Vec::new();
    for lib in ["lib", "lib64", "local/lib"] {
        for version in newest_first(&prefix.join(lib), |name| name.starts_with("python3")) {
            sites.push(version.join("site-packages"));
            sites.push(version.join("dist-packages"));
        }
    }
    sites
}

/// Entries of `folder` whose name `wanted` accepts, by the numbers in their names, largest first.
fn newest_first(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| wanted(name))
        .collect();
    names.sort_by_cached_key(|name| std::cmp::Reverse((numbers(name), name.clone())));
    names.into_iter().map(|name| folder.join(name)).collect()
}

fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests;
