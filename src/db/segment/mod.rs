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

mod filter;
mod reader;
mod records;
mod writer;

pub(in crate::db) use filter::DRUG_FILTER;
pub(in crate::db) use reader::{Segment, hash_at};
pub use records::{DrugRecord, SignatureRecord};
pub(in crate::db) use writer::SegmentDraft;

const ROWS: [u8; 4] = *b"ROWS";
const SIDS: [u8; 4] = *b"SIDS";
const DROW: [u8; 4] = *b"DROW";
const DPTR: [u8; 4] = *b"DPTR";
const DRGS: [u8; 4] = *b"DRGS";
const FILT: [u8; 4] = *b"FILT";
const ATCN: [u8; 4] = *b"ATCN";
const GENE: [u8; 4] = *b"GENE";
