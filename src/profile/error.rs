//! What can go wrong between a file and its profiles.

use std::io;
use std::path::PathBuf;

/// Why a file of profiles or metadata could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The file could not be opened or read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is to be written, under a name that says no format.
    #[error("{}: expected a name that ends in .npy, .tsv or .gctx", path.display())]
    OutputName {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be written. Nothing is left behind under its name that was not there before.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds no byte, or no row.
    #[error("{} is empty: expected {expected}", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        expected: &'static str,
    },
    /// The bytes are of none of the formats that are read.
    #[error("{} is not a GCT, GCTX, CSV or TSV file: {hint}", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// What the file looks like, and what to do about it.
        hint: &'static str,
    },
    /// The bytes are packed or encoded in a way that does not come out whole.
    #[error("cannot read {}: {cause}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do about it.
        cause: String,
    },
    /// A gzipped file that has to be unpacked first could not be.
    #[error(
        "cannot unpack {} into {}; unpack it yourself where there is room, or let TMPDIR name a folder with more",
        path.display(), folder.display()
    )]
    Unpack {
        /// The file.
        path: PathBuf,
        /// The folder for temporary files.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The HDF5 container is damaged, truncated, or of a kind that is not read.
    #[error("cannot read the HDF5 structure of {}: {detail}; {way_out}", path.display())]
    Hdf5 {
        /// The file.
        path: PathBuf,
        /// What the HDF5 reader found.
        detail: String,
        /// What to try.
        way_out: String,
    },
    /// Not a NumPy file that is read: two dimensions, plain numbers.
    #[error("{} is not an NPY file of rows x columns: {reason}", path.display())]
    NotNpy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// HDF5, but without a part that GCTX has.
    #[error("{} is HDF5 but not GCTX: there is no {missing}; {holds}", path.display())]
    NotGctx {
        /// The file.
        path: PathBuf,
        /// The dataset that GCTX keeps there.
        missing: &'static str,
        /// What the file holds instead.
        holds: String,
    },
    /// HDF5 of another program.
    #[error("{} is {what}, not a GCTX: {way_out}", path.display())]
    OtherHdf5 {
        /// The file.
        path: PathBuf,
        /// Which program's, and of what.
        what: &'static str,
        /// How to write it as something that is read.
        way_out: String,
    },
    /// Two parts of a file disagree about its size.
    #[error("{}: expected {expected} {what}, found {found}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// What was counted.
        what: String,
        /// The count that the file declares.
        expected: u64,
        /// The count that it holds.
        found: u64,
    },
    /// A line of a text file cannot be understood.
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// What was expected and found.
        reason: String,
    },
    /// A row of a table has more or fewer fields than the header.
    #[error("{}, line {line}: expected {expected} fields {stated}, found {found}; {cause}", path.display())]
    FieldCount {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: u64,
        /// Fields of the header.
        expected: usize,
        /// Where the file says so, such as `as in the header`.
        stated: &'static str,
        /// Fields of this row.
        found: usize,
        /// What the line looks like, and what to do about it.
        cause: String,
    },
    /// An id stands twice where it has to be unique.
    #[error("{}: the {kind} id `{id}` stands twice, at {place} {first} and {second} (counted from 1); ids have to be unique", path.display())]
    DuplicateId {
        /// The file.
        path: PathBuf,
        /// `signature`, `row`, ...
        kind: &'static str,
        /// The id.
        id: String,
        /// What places are: `lines`, `rows`, `signatures`.
        place: &'static str,
        /// Its first place, from 1.
        first: usize,
        /// Its second place, from 1.
        second: usize,
    },
    /// A GCTX file does not say which genes its rows are.
    #[error(
        "{} does not name its genes: /0/META/ROW/id is missing; add the Entrez ids of its {genes} rows there",
        path.display()
    )]
    NoGeneIds {
        /// The file.
        path: PathBuf,
        /// Genes (GCTX rows) of the matrix.
        genes: usize,
    },
    /// Too few of the landmark genes are in the file.
    #[error(
        "{} has {found} of the {expected} landmark genes{}, which is less than {:.1} % coverage{cause}{}",
        path.display(),
        if *found == 0 { String::new() } else { format!(" (matched by {matched_by})") },
        min_coverage * 100.0,
        proposed.map_or_else(String::new, |share| format!("; a coverage of {share} takes it as it is, with the missing genes set to 0"))
    )]
    Coverage {
        /// The file.
        path: PathBuf,
        /// Landmarks that were found.
        found: usize,
        /// 978.
        expected: usize,
        /// How the genes were matched best.
        matched_by: super::GeneIdKind,
        /// The share that was asked for.
        min_coverage: f32,
        /// Why, and what to do about it: `; its genes are named by ...`.
        cause: String,
        /// A share that the file has, where it may do.
        proposed: Option<f64>,
    },
    /// There is nothing to read in a file that is sound otherwise.
    #[error("{} holds no signature: {genes} genes, and no column of values", path.display())]
    NoSignatures {
        /// The file.
        path: PathBuf,
        /// Genes that it has.
        genes: usize,
    },
    /// A result of differential expression was given as a matrix of signatures.
    #[error("{} is {explanation}", path.display())]
    Differential {
        /// The file.
        path: PathBuf,
        /// What it is, and which of its columns to give.
        explanation: String,
    },
    /// No signature of the file can be one of z-scores.
    #[error(
        "{}: none of the {read} signatures read has values of both signs, so they look like {likeness}; {way_out}",
        path.display()
    )]
    NotDifferences {
        /// The file.
        path: PathBuf,
        /// Signatures that were read.
        read: usize,
        /// `p-values`, `expression levels`, ...
        likeness: &'static str,
        /// What to give in their place.
        way_out: &'static str,
    },
    /// Profiles of more genes than the landmarks were asked of a file that has hardly any more.
    #[error(
        "{} has {found} of those {expected} of the {universe} that are no landmarks{cause}, and scores over such profiles would be \
         of genes that are not there; keep the 978 landmark genes",
        path.display()
    )]
    FewGenes {
        /// The file.
        path: PathBuf,
        /// The genes that were asked for, in words, with their number.
        universe: &'static str,
        /// How many of them are no landmarks.
        expected: usize,
        /// How many of those the file has.
        found: usize,
        /// Why, where that is known: `, since ...`.
        cause: &'static str,
    },
    /// A value is NaN or infinite.
    #[error(
        "{}: the value of gene {gene} in signature {signature} (signature {number} of the file) is {value}: \
         set such values to 0, or leave such signatures out",
        path.display()
    )]
    NonFinite {
        /// The file.
        path: PathBuf,
        /// Symbol of the gene.
        gene: &'static str,
        /// Signature id.
        signature: String,
        /// Its number in the file, from 1.
        number: usize,
        /// The value.
        value: f32,
    },
    /// A table lacks a column.
    #[error("{} has no column {expected}; its columns are {found}", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The names that would have done.
        expected: String,
        /// The names that are there.
        found: String,
    },
    /// A row or column was selected that the file does not have.
    #[error("{what} {} was asked for, but {} has {there}", index + 1, path.display())]
    Selection {
        /// The file.
        path: PathBuf,
        /// `gene` or `signature`.
        what: &'static str,
        /// The index that was asked for, from 0.
        index: usize,
        /// How many the file has.
        there: usize,
    },
    /// The values of a matrix do not fit its ids.
    #[error("expected {genes} values for each of {signatures} signatures, found {found} values in all")]
    ValueCount {
        /// Genes of the universe: values expected for each.
        genes: usize,
        /// Number of ids.
        signatures: usize,
        /// Number of values.
        found: usize,
    },
    /// A value of a matrix in memory is NaN or infinite.
    #[error(
        "the value of gene {symbol} in signature {} is {value}: values have to be finite",
        row + 1
    )]
    NotFinite {
        /// Signature, from 0.
        row: usize,
        /// Gene, from 0, in the order of the universe.
        gene: usize,
        /// Symbol of the gene.
        symbol: &'static str,
        /// The value.
        value: f32,
    },
    /// No universe of genes is called so.
    #[error("there is no universe `{found}`; expected one of landmark, bing, all")]
    Universe {
        /// The name that was given.
        found: String,
    },
    /// The file holds no gene sets in a form that is read.
    #[error("{} is no file of gene sets (GMT, GMX or GRP): {reason}", path.display())]
    NotGeneSets {
        /// The file.
        path: PathBuf,
        /// What it looks like, and what to do about it.
        reason: String,
    },
    /// Sets of two files cannot be paired, neither by name nor by position.
    #[error("cannot pair the {up} sets of {} with the {down} of {}: {reason}", up_path.display(), down_path.display())]
    SetPairing {
        /// The file of up sets.
        up_path: PathBuf,
        /// The file of down sets.
        down_path: PathBuf,
        /// Up sets.
        up: usize,
        /// Down sets.
        down: usize,
        /// Why, and what to do about it.
        reason: String,
    },
    /// None of a set's genes is in the universe.
    #[error("{}: none of the {ids} ids of the set `{set}` is one of the {universe}; {cause}", path.display())]
    SetWithoutGenes {
        /// The file.
        path: PathBuf,
        /// Name of the set.
        set: String,
        /// Ids that it has.
        ids: usize,
        /// The universe in words, with its size.
        universe: &'static str,
        /// What the ids look like, and what to do about it.
        cause: String,
    },
    /// Genes are in the up set and in the down set.
    #[error(
        "{}: {count} genes are in both sets of `{set}`, up and down (such as {}); take each out of one of them",
        path.display(), examples.join(", ")
    )]
    SetsOverlap {
        /// The file.
        path: PathBuf,
        /// Name of the sets.
        set: String,
        /// Genes in both.
        count: usize,
        /// Symbols of some of them.
        examples: Vec<String>,
    },
    /// A set holds most of the universe.
    #[error(
        "{}: the set `{set}` holds {found} of the {universe}, more than half: a set that large tells nothing;          keep the strongest genes, or take a larger universe",
        path.display()
    )]
    SetTooLarge {
        /// The file.
        path: PathBuf,
        /// Name of the set.
        set: String,
        /// Its genes in the universe.
        found: usize,
        /// The universe in words, with its size.
        universe: &'static str,
    },
    /// It is not clear which column of a result of differential expression is the signature.
    #[error("{}: {reason}; its columns of numbers are {}", path.display(), columns.join(", "))]
    NoStatistic {
        /// The file.
        path: PathBuf,
        /// Why, and what to do about it.
        reason: String,
        /// Columns that could be named.
        columns: Vec<String>,
    },
    /// A result of differential expression holds several contrasts, or not the one that was asked for.
    #[error("{}{}", path.display(), contrasts_of(given.as_deref(), contrasts))]
    Contrast {
        /// The file.
        path: PathBuf,
        /// The contrast that was asked for.
        given: Option<String>,
        /// Contrasts that the table holds.
        contrasts: Vec<String>,
    },
    /// No row of a table is a gene of the universe.
    #[error("{}: none of its {rows} rows is one of the {universe} by column `{column}`; {cause}", path.display())]
    TableWithoutGenes {
        /// The file.
        path: PathBuf,
        /// Rows of the table.
        rows: usize,
        /// The universe in words, with its size.
        universe: &'static str,
        /// The column that names genes best.
        column: String,
        /// What its ids look like, and what to do about it.
        cause: String,
    },
    /// What was given to a writer does not fit together.
    #[error("cannot write {}: expected {expected} {what}, found {found}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What was counted.
        what: &'static str,
        /// What it should be.
        expected: usize,
        /// What it is.
        found: usize,
    },
}

/// What is wrong with the choice of a contrast, and those that there are.
fn contrasts_of(given: Option<&str>, contrasts: &[String]) -> String {
    let given = given.map(|given| format!(", and none is `{given}`")).unwrap_or_default();
    match contrasts {
        [] => format!(": its columns and rows are of no contrast{given}; name none"),
        [only] => format!(" holds the contrast {only}{given}"),
        contrasts => format!(" holds several contrasts{given}; name one of {}", contrasts.join(", ")),
    }
}
