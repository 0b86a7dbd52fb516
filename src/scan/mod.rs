//! Scores in gene space straight against a matrix file, without a database.
//!
//! A reference is any GCT, GCTX, CSV or TSV file: signatures of any number of genes, named in any way, with whatever metadata
//! there is. It is read in blocks of bounded memory, once for each answer, and nothing is kept of it but scores. A database
//! answers the same questions about 978 genes many times faster from the second question on.
//!
//! ```no_run
//! use l1kdb::connectivity::{GeneWeights, Score, WtcsQuery};
//! use l1kdb::profile::{PerturbagenTable, SignatureTable, Universe};
//! use l1kdb::scan::{ReferenceMatrix, ScanOptions};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let options = ScanOptions::default()
//!     .signatures(SignatureTable::read("siginfo_beta.txt")?)
//!     .perturbagens(PerturbagenTable::read("compoundinfo_beta.txt")?);
//! let mut matrix = ReferenceMatrix::open("level5_n720216x12328.gctx", &options)?;
//! matrix.report().notes().iter().for_each(|note| eprintln!("{note}"));
//!
//! // Genes that rise and genes that fall, by their positions in a universe, as `SetPair::map` gives them.
//! let sets = matrix.gene_sets_in(&[3, 14, 15], &[92, 65, 35], Universe::Landmark)?;
//! let scores: [Box<dyn Score>; 1] = [Box::new(WtcsQuery::new(&sets, GeneWeights::Magnitude))];
//! let filter = matrix.parse_filter("cell_id in (MCF7, PC3) and pert_time >= 24")?;
//! for hit in matrix.scan(&scores).top(10).filter(filter).run()?.remove(0) {
//!     println!("{:>3} {:<24} {:.3}", hit.rank, hit.drug, hit.score);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! All rows of the matrix count, also those that name no gene: they are the background of ranks. Scores of matrices with other
//! rows are another scale, and cannot be compared.
//!
//! | file | responsibility |
//! |---|---|
//! | `matrix` | an open reference: its genes, its signatures, what can be asked of it |
//! | `options`, `report` | what is known beside the file; what was found in it |
//! | `places` | genes of a universe as rows: profiles and gene sets of queries |
//! | `described` | the columns as signatures of drugs |
//! | `question` | what is asked, and the rows that take part |
//! | `pass` | one reading of the file, scored block by block |
//! | `signatures`, `drugs` | the best of what was scored |

mod described;
mod drugs;
mod error;
mod matrix;
mod options;
mod pass;
mod places;
mod question;
mod report;
mod signatures;

pub use error::ScanError;
pub use matrix::ReferenceMatrix;
pub use options::ScanOptions;
pub use question::Scan;
pub use report::{DescribedBy, ScanReport};
