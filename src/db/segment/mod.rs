//! A segment on disk: beside the vectors and the graph of `l1kdb-index`, the sections that tell what a row is.
//!
//! | section | what | size |
//! |---|---|---|
//! | `ROWS` | signature records, in blocks | any |
//! | `SIDS` | hash of each `sig_id`, ascending, then the row of each | 12 bytes a row |
//! | `DROW` | the drug of each row | 4 bytes a row |
//! | `DPTR` | where each drug's rows start in the list that follows, then that list | 4 bytes a drug + 4, 4 a row |
//! | `DRGS` | drug records, in blocks, sorted by key | any |
//! | `FILT` | filters | any |
//! | `ATCN` | names of ATC classes in use | any |
//! | `GENE` | the profiles themselves, half precision, row by row | 1,956 bytes a row |
//!
//! | file | responsibility |
//! |---|---|
//! | `section` | the names of the sections, and what is wrong with one |
//! | `records` | `ROWS`, `DRGS` and `ATCN`, in blocks that are checked when read |
//! | `sig_ids`, `drug_rows`, `filter`, `profiles` | `SIDS`; `DROW` and `DPTR`; `FILT`; `GENE`: each reader beside its writer |
//! | `reader`, `writer`, `verify` | the whole file |

mod drug_rows;
mod filter;
mod profiles;
mod reader;
mod records;
mod section;
mod sig_ids;
mod verify;
mod writer;

pub(in crate::db) use drug_rows::DrugRows;
pub(crate) use filter::DRUG_FILTER;
pub(in crate::db) use filter::{FilterDirectory, KEYS, KeyRows, each_value};
pub(in crate::db) use profiles::Profiles;
pub(in crate::db) use reader::{Expected, Segment};
pub use records::{DrugRecord, SignatureRecord};
pub(in crate::db) use section::Section;
pub(in crate::db) use writer::SegmentDraft;
