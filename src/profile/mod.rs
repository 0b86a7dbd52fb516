//! From files to profiles: GCT, GCTX, CSV and TSV, the landmark gene space, and the tables that describe profiles.
//!
//! [`read_profiles`] and [`ProfileReader`] turn a file into a [`ProfileMatrix`] of 978 z-scores per signature, or of those of a
//! larger [`Universe`];
//! [`SignatureTable`] and [`PerturbagenTable`] read the tables that LINCS publishes beside it, and [`join()`] brings
//! the two together. [`MatrixFile`] is the layer beneath, which reads any matrix and knows no gene.
//!
//! | file | responsibility |
//! |---|---|
//! | `genes` | the 978 landmarks and the 12,328 genes of the platform; which gene an id names, and what ids are that name none |
//! | `gene_sets` | GMT, GMX and GRP; pairs of up and down sets, and their genes |
//! | `differential`, `levels` | results of differential expression; what a file is that holds no z-scores |
//! | `reader`, `read_report`, `matrix` | profiles of landmarks or more genes, block by block or whole; what was found in them |
//! | `matrix_file`, `input` | a matrix of any format, found by looking at the bytes |
//! | `gctx`, `hdf5`, `hdf5_layout`, `hdf5_filter`, `hdf5_heap` | GCTX and other layouts; `hdf5` is the only file that names the HDF5 library |
//! | `text_matrix` | GCT 1.2, GCT 1.3, CSV and TSV |
//! | `text` | bytes to text: gzip, character sets, line ends, other files in place of text |
//! | `delimiter`, `records`, `decimal`, `missing`, `table`, `line_file` | delimiters and quotes; numbers; what is missing; tables, and files of one value a line |
//! | `number`, `npy`, `digest` | binary numbers; arrays of NumPy; the digest of a file |
//! | `write` | GCTX, GCT, TSV and NPY, each whole or not at all |
//! | `columns`, `signature`, `perturbagen`, `quantity` | LINCS metadata of both generations |
//! | `id`, `join` | ids in one spelling; profiles and the table that describes them |

pub(crate) mod columns;
mod decimal;
mod delimiter;
mod differential;
mod digest;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod gctx;
mod gene_sets;
mod genes;
mod hdf5;
mod hdf5_filter;
mod hdf5_heap;
mod hdf5_layout;
mod id;
mod input;
mod join;
mod levels;
mod line_file;
mod matrix;
mod matrix_file;
mod missing;
mod npy;
mod number;
mod perturbagen;
mod quantity;
mod read_report;
mod reader;
mod records;
mod signature;
mod table;
mod text;
mod text_matrix;
mod unpacked;
mod write;

pub use differential::{DifferentialOptions, DifferentialProfile};
/// For the crates of this workspace.
#[doc(hidden)]
pub use digest::file_digest;
pub use error::ProfileError;
pub use gene_sets::{GeneSet, NamedSet, SetFile, SetFormat, SetPair, SetPairs, SetSide};
pub(crate) use genes::RowGenes;
pub use genes::{
    GENES, Gene, GeneIdKind, GeneIds, GeneMapping, GeneReport, GeneSpace, IdCause, IdTally, Species, Universe,
};
pub(crate) use id::{drugbank_id, plate};
pub use input::Format;
pub use join::{Join, Respelt, Unmatched, join};
/// For the crates of this workspace.
#[doc(hidden)]
pub use line_file::read_lines;
pub use matrix::ProfileMatrix;
pub use matrix_file::MatrixFile;
pub(crate) use missing::is_missing;
pub use npy::read_npy;
pub use perturbagen::{Perturbagen, PerturbagenTable};
pub use quantity::{NotAQuantity, Quantity, Unit};
pub use read_report::ReadReport;
pub(crate) use reader::refuse_differential;
pub use reader::{NonFinite, ProfileReader, ReadOptions, read_profiles};
pub(crate) use records::read_records;
pub use signature::{Signature, SignatureTable};
pub use table::Table;
pub(crate) use write::sync_folder;
pub use write::{
    AtomicFile, GctxContent, GctxWriter, MatrixWriter, write_gct, write_gctx, write_npy, write_tsv,
};
