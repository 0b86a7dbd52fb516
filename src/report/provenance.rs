//! Where figures come from.

use super::json::objects;

/// What was run on what: enough to run it again, and to see whether it would be the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Program and version.
    pub program: String,
    /// The command as typed.
    pub command: String,
    /// The network's name and digest, where one was used.
    pub model: Option<String>,
    /// What engine ran it.
    pub engine: Option<String>,
    /// Files that were read.
    pub files: Vec<FileNote>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNote {
    /// What it was read as: `profiles`, `labels`, ...
    pub role: String,
    /// Its path as given.
    pub path: String,
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

objects! {
    Provenance { program, command, model, engine, files }
    FileNote { role, path, digest }
}

impl Provenance {
    /// Names and values for a page; what is not known is left out.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        let known = [
            ("program", Some(&self.program)),
            ("command", Some(&self.command)),
            ("network", self.model.as_ref()),
        ];
        let known = known.into_iter().chain([("engine", self.engine.as_ref())]);
        let known = known.filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
        let files =
            self.files.iter().map(|file| (file.role.clone(), format!("{}\n{}", file.path, file.digest)));
        known.filter(|(_, value)| !value.is_empty()).chain(files).collect()
    }
}
