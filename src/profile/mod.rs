//! From files to profiles: GCT, GCTX, CSV and TSV, the landmark gene space, and the tables that describe profiles.
//!
//! [`read_profiles`] and [`ProfileReader`] turn a file into a [`ProfileMatrix`] of 978 z-scores per signature;
//! [`SignatureTable`] and [`PerturbagenTable`] read the tables that LINCS publishes beside it, and [`join()`] brings
//! the two together. [`MatrixFile`] is the layer beneath, which reads any matrix and knows no gene.
//!
//! | file | responsibility |
//! |---|---|
//! | `genes`, `gene_map` | the 978 landmarks; which row of a file is which of them |
//! | `reader`, `matrix` | landmark profiles, block by block or whole |
//! | `matrix_file`, `input` | a matrix of any format, found by looking at the bytes |
//! | `gctx`, `hdf5` | GCTX; `hdf5` is the only file that names the HDF5 library |
//! | `text_matrix` | GCT 1.2, GCT 1.3, CSV and TSV |
//! | `records`, `table` | gzip, delimiters, quotes, character sets; tables of text |
//! | `npy`, `digest` | arrays of NumPy; the digest of a file |
//! | `write` | GCTX, GCT, TSV and NPY, each whole or not at all |
//! | `signature`, `perturbagen`, `quantity`, `join` | LINCS metadata of both generations |

mod digest;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod gctx;
mod gene_map;
mod genes;
mod hdf5;
mod input;
mod join;
mod matrix;
mod matrix_file;
mod npy;
mod perturbagen;
mod quantity;
mod reader;
mod records;
mod signature;
mod table;
mod text_matrix;
mod unpacked;
mod write;

pub use digest::file_digest;
pub use error::ProfileError;
pub use genes::{GENES, GeneIdKind, GeneSpace};
pub use input::Format;
pub use join::{Join, Unmatched, join};
pub use matrix::ProfileMatrix;
pub use matrix_file::MatrixFile;
pub use npy::read_npy;
pub use perturbagen::{Perturbagen, PerturbagenTable};
pub use quantity::{NotAQuantity, Quantity, Unit};
pub use reader::{NonFinite, ProfileReader, ReadOptions, ReadReport, read_profiles};
pub use signature::{QUALITY_COLUMNS, Signature, SignatureTable};
pub use table::{Table, is_missing, read_lines};
pub use write::{AtomicFile, GctxContent, GctxWriter, write_gct, write_gctx, write_npy, write_tsv};
