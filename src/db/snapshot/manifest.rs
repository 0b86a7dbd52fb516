//! `MANIFEST`: the small text that says which files make up a database.

use std::collections::HashSet;
use std::io::{ErrorKind, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Table;

use crate::db::directory::Directory;
use crate::db::names::{MANIFEST, is_segment};
use crate::db::{DbError, hash};
use crate::profile::Universe;

/// The newest format that this program reads, and writes where a database keeps profiles of more genes than the landmarks. A
/// database of a newer one is refused.
const FORMAT: u32 = 4;

/// The format of all other databases, which has no key for the genes that are kept.
const OF_LANDMARKS: u32 = 3;

/// The format whose manifests have no checksum and name no card. Still read.
const UNSEALED: u32 = 1;

/// The newest format whose manifests have no table of keys that may be ignored. Still read.
const WITHOUT_IGNORABLE: u32 = 2;

/// Bytes that no manifest exceeds: a hundred thousand segments take half of it.
const MAX_BYTES: u64 = 1 << 24;

/// Begins the last lines, whose checksum covers everything before.
const SEAL: &str = "\n[seal]\n";

/// What a database consists of.
///
/// A key that this program does not know is an error: it may say that rows are deleted, and whoever skipped it would bring them
/// back. What may be skipped stands in a table [`ignorable`](Self::ignorable), of the manifest or of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::db) struct Manifest {
    pub format: u32,
    /// Grows by one with every change of the database.
    pub generation: u64,
    pub gene_space: String,
    pub model: String,
    pub model_name: String,
    /// Digest of the bytes of `card.toml`; none in format 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    pub dimension: usize,
    /// Name of the universe of the profiles that are kept; none where that is the landmarks, and before format 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_genes: Option<String>,
    pub created_by: String,
    pub profiles: String,
    #[serde(default)]
    pub segments: Vec<SegmentEntry>,
    /// What a reader need not know; from format 3 on.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub ignorable: Table,
}

/// One segment file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::db) struct SegmentEntry {
    pub file: String,
    pub rows: u64,
    /// Checksum over the segment's header and section table, 16 hexadecimal digits.
    pub checksum: String,
    /// What a reader need not know; from format 3 on.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub ignorable: Table,
}

/// The key that names the source of a segment's signatures, among what a reader need not know.
const SOURCE: &str = "source";

impl SegmentEntry {
    /// Names the source of the signatures.
    pub fn of_source(mut self, source: &str) -> Self {
        self.ignorable.insert(SOURCE.to_owned(), source.into());
        self
    }

    /// Returns the name of the source of the signatures; `None` where nothing names one.
    pub fn source(&self) -> Option<&str> {
        self.ignorable.get(SOURCE)?.as_str()
    }

    /// Names a segment file with what is known of it.
    pub fn new(file: String, rows: usize, checksum: u64) -> Self {
        Self { file, rows: rows as u64, checksum: format!("{checksum:016x}"), ignorable: Table::new() }
    }
}

/// Only the format, so that a newer manifest is recognised whatever else is in it.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl Manifest {
    /// Reads the manifest of the database in `directory`.
    pub fn read(directory: &Directory) -> Result<Self, DbError> {
        let path = directory.path().join(MANIFEST);
        let file = match directory.file(MANIFEST) {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                let what = format!("it has no {MANIFEST}");
                return Err(DbError::NotADatabase { path: directory.path().to_owned(), what });
            }
            file => file.map_err(DbError::io(&path, "open the manifest"))?,
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(DbError::io(&path, "read the manifest"))?;
        let text = String::from_utf8(bytes).map_err(|_| damaged(&path, "it is not text"))?;
        Self::parse(&path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, DbError> {
        let unreadable = |e: toml::de::Error| {
            let message = e.message().split_whitespace().collect::<Vec<_>>().join(" ");
            damaged(path, &format!("it does not read: {message}"))
        };
        let (body, seal) = text.rfind(SEAL).map_or((text, None), |at| {
            let (body, seal) = text.split_at(at);
            (body, Some(seal))
        });
        let Format { format } = toml::from_str(body).map_err(unreadable)?;
        if format > FORMAT {
            return Err(DbError::NewerFormat { path: path.to_owned(), expected: FORMAT, found: format });
        }
        check_seal(path, format, body, seal)?;
        let manifest: Self = toml::from_str(body).map_err(unreadable)?;
        manifest.check().map_err(|what| damaged(path, &what))?;
        Ok(manifest)
    }

    /// Returns the manifest as text, sealed.
    pub fn to_text(&self) -> String {
        let body = toml::to_string(self).expect("a manifest holds numbers, text and lists only");
        let seal = seal(&body);
        body + &seal
    }

    /// Returns the format that a database with profiles of these genes has, and the key that says them.
    pub fn keeping(universe: Universe) -> (u32, Option<String>) {
        match universe {
            Universe::Landmark => (OF_LANDMARKS, None),
            Universe::Bing | Universe::All => (FORMAT, Some(universe.name().to_owned())),
        }
    }

    /// Returns the genes of the profiles that are kept.
    pub fn universe(&self) -> Universe {
        let named = self.kept_genes.as_deref();
        named.and_then(|name| name.parse().ok()).unwrap_or_default()
    }

    /// Tells whether a checksum covers the manifest, and a digest the card of the network.
    pub fn is_sealed(&self) -> bool {
        self.format > UNSEALED
    }

    /// What must hold of any manifest, else what does not.
    fn check(&self) -> Result<(), String> {
        if self.card.is_some() != self.is_sealed() {
            return Err(format!("format {} and the digest of the card do not go together", self.format));
        }
        let ignorable = self.segments.iter().map(|entry| &entry.ignorable).chain([&self.ignorable]);
        if self.format <= WITHOUT_IGNORABLE && ignorable.into_iter().any(|table| !table.is_empty()) {
            return Err(format!("format {} has no table `ignorable`", self.format));
        }
        self.check_genes()?;
        if self.segments.is_empty() {
            return Err("it names no segment".to_owned());
        }
        let (mut files, mut checksums) = (HashSet::new(), HashSet::new());
        for SegmentEntry { file, rows, checksum, .. } in &self.segments {
            if !is_segment(file) {
                return Err(format!("`{file}` is no name of a segment, such as `segment-000001.l1k`"));
            }
            if !files.insert(file) {
                return Err(format!("it names the segment {file} twice"));
            }
            if !checksums.insert(checksum) {
                return Err(format!("the segment {file} has the checksum of another one"));
            }
            if *rows == 0 {
                return Err(format!("the segment {file} has no rows"));
            }
        }
        Ok(())
    }

    /// That the genes are named where the format has a name for them, and as this program writes it.
    fn check_genes(&self) -> Result<(), String> {
        match &self.kept_genes {
            None if self.format <= OF_LANDMARKS => Ok(()),
            None => Err(format!("format {} does not say which genes are kept", self.format)),
            Some(_) if self.format <= OF_LANDMARKS => {
                Err(format!("format {} has no key `kept_genes`", self.format))
            }
            Some(name) if [Universe::Bing, Universe::All].iter().any(|universe| universe.name() == name) => {
                Ok(())
            }
            Some(name) => Err(format!("it keeps the genes `{name}`; expected bing or all")),
        }
    }
}

/// The last lines of a manifest that begins with `body`.
fn seal(body: &str) -> String {
    format!("{SEAL}checksum = \"xxh3:{:016x}\"\n", hash::of_text(body))
}

/// That the last lines are what the others ask for, to the byte.
fn check_seal(path: &Path, format: u32, body: &str, found: Option<&str>) -> Result<(), DbError> {
    match (format, found) {
        (0, _) => Err(damaged(path, "format 0 was never written")),
        (UNSEALED, None) => Ok(()),
        (UNSEALED, Some(_)) => Err(damaged(path, "it says format 1, which has no checksum, and has one")),
        (_, None) => Err(damaged(path, "its checksum is missing at the end, so it was cut short or changed")),
        (_, Some(found)) if found == seal(body) => Ok(()),
        _ => Err(damaged(path, "its checksum does not fit, so it was changed")),
    }
}

fn damaged(path: &Path, what: &str) -> DbError {
    DbError::Manifest { path: path.to_owned(), what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Manifest, SegmentEntry, Table, Universe, seal};
    use crate::db::DbError;

    fn segment(file: &str, checksum: &str) -> SegmentEntry {
        SegmentEntry { file: file.into(), rows: 3, checksum: checksum.into(), ignorable: Table::new() }
    }

    fn manifest() -> Manifest {
        Manifest {
            format: 3,
            generation: 1,
            gene_space: "sha256:00".into(),
            model: "sha256:11".into(),
            model_name: "identity".into(),
            card: Some("sha256:22".into()),
            dimension: 978,
            kept_genes: None,
            created_by: "l1kdb 0.1.0".into(),
            profiles: "P.gctx".into(),
            segments: vec![segment("segment-000001.l1k", "0a")],
            ignorable: Table::new(),
        }
    }

    fn parse(text: &str) -> Result<Manifest, DbError> {
        Manifest::parse(Path::new("M"), text)
    }

    /// What is said of a manifest after a change.
    fn refusal(change: impl FnOnce(&mut Manifest)) -> String {
        let mut changed = manifest();
        change(&mut changed);
        parse(&changed.to_text()).unwrap_err().to_string()
    }

    #[test]
    fn a_manifest_survives_a_round_trip() {
        assert_eq!(parse(&manifest().to_text()).unwrap(), manifest());
    }

    #[test]
    fn every_change_of_a_byte_and_every_cut_is_noticed() {
        let whole = manifest().to_text();
        for at in 0..whole.len() {
            assert!(parse(&whole[..at]).is_err(), "cut at {at}");
            for byte in (0..128).filter(|&byte| byte != whole.as_bytes()[at]) {
                let mut changed = whole.clone().into_bytes();
                changed[at] = byte;
                let changed = String::from_utf8(changed).unwrap();
                assert!(parse(&changed).is_err(), "byte {at} made {byte}");
            }
        }
        assert!(parse(&format!("{whole}\n")).is_err());
    }

    #[test]
    fn a_newer_format_is_told_apart_from_damage() {
        let text = "format = 5\nsomething = \"else\"\n";
        assert!(matches!(parse(text), Err(DbError::NewerFormat { expected: 4, found: 5, .. })));
        assert!(matches!(parse("format = 1"), Err(DbError::Manifest { .. })));
    }

    #[test]
    fn what_cannot_be_a_database_is_refused_by_name() {
        let twice = |file: &'static str, checksum: &'static str| {
            refusal(|manifest| manifest.segments.push(segment(file, checksum)))
        };
        assert!(refusal(|manifest| manifest.segments.clear()).contains("no segment"));
        assert!(twice("segment-000001.l1k", "0b").contains("segment-000001.l1k twice"));
        assert!(twice("segment-000002.l1k", "0a").contains("segment-000002.l1k has the checksum of another"));
        assert!(refusal(|manifest| manifest.segments[0].rows = 0).contains("no rows"));
        assert!(refusal(|manifest| manifest.format = 0).contains("format 0"));
        assert!(refusal(|manifest| manifest.format = 1).contains("format 1"));
        assert!(refusal(|manifest| manifest.card = None).contains("card"));
        for path in
            ["../stray.l1k", "/etc/passwd", "", ".", "segment-1.l1k/..", "a\\segment-1.l1k", "segment-.l1k"]
        {
            let said = refusal(|manifest| manifest.segments[0].file = path.into());
            assert!(said.contains(&format!("`{path}`")), "{said}");
        }
        let stranger = manifest().to_text().replace("[seal]", "stranger = 1\n\n[seal]");
        assert!(parse(&stranger).is_err());
    }

    #[test]
    fn genes_are_named_in_format_4_and_nowhere_else() {
        let keeping = |universe| {
            let (format, kept_genes) = Manifest::keeping(universe);
            Manifest { format, kept_genes, ..manifest() }
        };
        assert_eq!(keeping(Universe::Landmark), manifest());
        for universe in Universe::ALL {
            let read = parse(&keeping(universe).to_text()).unwrap();
            assert_eq!((read.universe(), read), (universe, keeping(universe)));
        }
        let named = |format, name: &str| {
            refusal(|manifest| (manifest.format, manifest.kept_genes) = (format, Some(name.to_owned())))
        };
        for name in ["genome", "landmark", "BING", ""] {
            assert!(
                named(4, name).contains(&format!("`{name}`; expected bing or all")),
                "{}",
                named(4, name)
            );
        }
        assert!(named(3, "bing").contains("format 3 has no key `kept_genes`"));
        assert!(refusal(|manifest| manifest.format = 4).contains("does not say which genes"));
    }

    /// A manifest with some lines more, before the segments and after the only one, under a seal that fits.
    fn with_lines(format: u32, first: &str, last: &str) -> Result<Manifest, DbError> {
        let text = Manifest { format, ..manifest() }.to_text();
        let body = text.split("\n[seal]").next().unwrap();
        let body = body.replace("profiles =", &format!("{first}\nprofiles =")) + last;
        parse(&(body.clone() + &seal(&body)))
    }

    #[test]
    fn a_key_that_is_not_known_is_refused_unless_it_is_marked_ignorable() {
        let text = "deleted = \"deleted-000001.roar\"\n";
        for (first, last) in [(text, ""), ("", text)] {
            let said = with_lines(3, first, last).unwrap_err().to_string();
            assert!(said.contains("deleted"), "{said}");
        }
        let of_segment = format!("[segments.ignorable]\n{text}");
        let of_manifest = format!("[ignorable.more]\n{text}[ignorable]\nseen = 1979-05-27\n");
        for last in [&of_segment, &of_manifest, &format!("{of_segment}{of_manifest}")] {
            let read = with_lines(3, "", last).unwrap();
            assert_eq!(read.segments.len(), 1);
            assert_eq!(parse(&read.to_text()).unwrap(), read, "what is ignored is kept");
            assert!(with_lines(2, "", last).unwrap_err().to_string().contains("format 2"));
        }
        let empty = with_lines(3, "", "[ignorable]\n").unwrap();
        assert_eq!(empty, manifest());
    }

    #[test]
    fn a_manifest_of_format_1_has_no_checksum_and_no_other_keys() {
        let old = "format = 1\ngeneration = 1\ngene_space = \"g\"\nmodel = \"m\"\nmodel_name = \"n\"\ndimension = 4\n\
                   created_by = \"l1kdb 0.1.0\"\nprofiles = \"p\"\n\n\
                   [[segments]]\nfile = \"segment-000001.l1k\"\nrows = 12\nchecksum = \"0a\"\n";
        assert!(!parse(old).unwrap().is_sealed());
        assert!(parse(&old.replace("profiles", "stranger = 1\nprofiles")).is_err());
        assert!(parse(&old.replace("rows = 12", "rows = 12\nstranger = 1")).is_err());
        assert!(parse(&old[..old.find("[[segments]]").unwrap()]).is_err());
    }
}
