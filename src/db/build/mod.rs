//! Builds a database, all of it or nothing.
//!
//! | file | responsibility |
//! |---|---|
//! | `options` | from which files and how, and what became of them |
//! | `blocks` | profiles of a segment, read in blocks and embedded |
//! | `source` | profiles of any source, block by block, and the tables that describe them |
//! | `joined`, `sources` | sources joined with their tables; signatures that stand in two, levels and scales |
//! | `sources_file` | sources named in a file |
//! | `writer` | segments, manifest and network, written source by source |
//! | `staging` | all of it or nothing: the directory a build writes to |
//! | `leftover` | what killed builds left |
//! | `contents` | which files belong to a database; removing those and no others |

mod blocks;
mod contents;
mod joined;
mod leftover;
mod options;
mod source;
mod sources;
mod sources_file;
mod staging;
mod writer;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::DbError;
use crate::annotate::{AtcNames, DrugKeys, unmet_perturbagens};
use crate::embed::Model;
use crate::profile::{Format, Join, ProfileReader, SignatureTable, join};
use crate::progress::Progress;
use joined::{Joined, look_at, merged};
use staging::Staging;
use writer::{Build, Summary};

pub use options::{BuildFiles, BuildOptions, BuildReport, Graph, SourceReport};
pub use source::{ProfileBlocks, ProfileSource, Source};
pub use sources_file::read_sources;

/// Builds the database `out` from files, all of it or nothing.
///
/// Memory is bounded by a block of signatures, their metadata, and the embeddings.
///
/// # Errors
/// Anything that is wrong with the input; an `out` that exists; a disk that is full or read-only. In every case nothing
/// half-built stays, and what stood at `out` stands there still. What an earlier build that was killed had left beside
/// `out` is put back or removed, and told by [`Progress::note`].
pub fn build(
    out: impl AsRef<Path>,
    files: &BuildFiles,
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    let staging = stage(out.as_ref(), options, progress)?;
    let source = open(files, options)?;
    write(staging, vec![(None, source)], options, model, progress)
}

/// Builds the database `out` from several sources of files, each with a name that is told with every signature: one catalogue of drugs,
/// one file of signatures each. ATC codes of the first source that has some hold for all.
///
/// A signature that stands in two sources is kept once, as the first has it, where drug, condition and profile are the same.
///
/// ```no_run
/// use l1kdb::db::{BuildFiles, BuildOptions, build_sources};
/// # use l1kdb::{embed::Model, progress::Quiet};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let lincs = BuildFiles::new("level5.gctx", "siginfo.txt").pert_info("pertinfo.txt");
/// let mine = BuildFiles::new("mine.gct", "mine.txt");
/// let sources = [("lincs".to_owned(), lincs), ("mine".to_owned(), mine)];
/// let model = Model::shipped(&Default::default())?;
/// build_sources("both.l1kdb", &sources, &BuildOptions::default(), &model, &Quiet)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`build`]; no source; two of one name or one file, of different levels, or with the same signature of other drugs, conditions or profiles.
pub fn build_sources(
    out: impl AsRef<Path>,
    files: &[(String, BuildFiles)],
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    check_files(files)?;
    let staging = stage(out.as_ref(), options, progress)?;
    let sources = files.iter().map(|(name, files)| Ok((Some(name.clone()), open(files, options)?)));
    let sources = sources.collect::<Result<Vec<_>, DbError>>()?;
    write(staging, sources, options, model, progress)
}

fn open(files: &BuildFiles, options: &BuildOptions) -> Result<Source<ProfileReader>, DbError> {
    Source::open_as(files, &files.read.clone().universe(options.universe()))
}

/// That there are sources, each with a name and a file of its own.
fn check_files(files: &[(String, BuildFiles)]) -> Result<(), DbError> {
    if files.is_empty() {
        return Err(DbError::Sources { what: "no source is named, expected one at least".to_owned() });
    }
    let (mut names, mut paths) = (HashSet::new(), HashSet::new());
    for (name, files) in files {
        if name.trim().is_empty() || !names.insert(name) {
            let what =
                format!("the name `{name}` stands twice or is empty, expected a name of its own for each");
            return Err(DbError::Sources { what });
        }
        let path = fs::canonicalize(&files.profiles).unwrap_or_else(|_| files.profiles.clone());
        if !paths.insert(path) {
            let what = format!("{} is given twice, expected another file for each", files.profiles.display());
            return Err(DbError::Sources { what });
        }
    }
    Ok(())
}

/// Builds the database `out` from profiles and records of any source, all of it or nothing. Otherwise as [`build`].
///
/// ```no_run
/// # use l1kdb::db::{BuildOptions, ProfileBlocks, Source, build_from};
/// # use l1kdb::{embed::Model, profile::{ProfileMatrix, Signature, SignatureTable}, progress::Quiet};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let profiles = ProfileMatrix::new(vec!["S1".into()], vec![0.5; 978])?;
/// let signature = Signature { sig_id: "S1".into(), name: Some("aspirin".into()), ..Signature::default() };
/// let source = Source::new(ProfileBlocks::from(profiles), SignatureTable::new(vec![signature])?);
/// build_from("mine.l1kdb", source, &BuildOptions::default(), &Model::identity(), &Quiet)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`build`].
pub fn build_from<P: ProfileSource>(
    out: impl AsRef<Path>,
    source: Source<P>,
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    let staging = stage(out.as_ref(), options, progress)?;
    write(staging, vec![(None, source)], options, model, progress)
}

fn stage(out: &Path, options: &BuildOptions, progress: &dyn Progress) -> Result<Staging, DbError> {
    let (staging, notes) = Staging::new(out, options.overwrite)?;
    notes.iter().for_each(|note| progress.note(note));
    Ok(staging)
}

fn write<P: ProfileSource>(
    staging: Staging,
    sources: Vec<(Option<String>, Source<P>)>,
    options: &BuildOptions,
    model: &Model,
    progress: &dyn Progress,
) -> Result<BuildReport, DbError> {
    let (mut joined, mut tables, mut perturbagens) = (Vec::new(), Vec::new(), Vec::new());
    let (mut atc, mut atc_names, mut report) = (None, AtcNames::default(), Summary::default());
    for (name, source) in sources {
        let Source { mut profiles, signatures, perturbagens: of_source, atc: codes, atc_names: names, level } =
            source;
        let join = join(profiles.ids(), &signatures, options.keep_controls);
        if join.rows.is_empty() {
            return Err(nothing_to_store(&profiles, &join));
        }
        profiles.select(&join.rows.iter().map(|(profile, _)| *profile).collect::<Vec<_>>())?;
        let described = join.rows.iter().map(|&(_, row)| &signatures.rows()[row]);
        let unmet = of_source.as_ref().and_then(|table| unmet_perturbagens(described, table));
        report.warnings.extend(join.respelt.note().into_iter().chain(unmet));
        perturbagens.extend(of_source);
        if atc.is_none() {
            (atc, atc_names) = (codes, names);
        }
        let level = level.or_else(|| sources::level(profiles.ids()));
        joined.push(Joined { name, profiles, join, level });
        tables.push(signatures);
    }
    let perturbagens = merged(perturbagens);
    let keys = DrugKeys::new(tables.iter().flat_map(SignatureTable::rows), perturbagens.as_ref());
    let twice = look_at(&joined, &tables, &keys, options, &mut report.warnings)?;
    report.identity = keys.notes().to_vec();
    let (atc, atc_names) = (atc.as_ref(), &atc_names);
    let mut build = Build { options, model, staging, atc, atc_names, keys, twice, progress, report };
    let segments = build.sources(&mut joined, &tables)?;
    build.finish(segments, joined)
}

fn nothing_to_store(profiles: &impl ProfileSource, join: &Join) -> DbError {
    let mut why = join.explanation().unwrap_or_default();
    if profiles.report().is_some_and(|report| report.format == Format::SignatureSearch) {
        why.push_str(
            "; signatureSearch names signatures `drug__cell__type`: write a table with these names as sig_id, and \
             pert_iname and cell_id beside them",
        );
    }
    DbError::NothingToStore { profiles: profiles.origin().to_owned(), why, controls: join.controls }
}
