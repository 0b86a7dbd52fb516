//! Drugs: who made a signature, and what the drug is used for.
//!
//! | file | responsibility |
//! |---|---|
//! | `atc` | an ATC code, its five levels, and their names |
//! | `name` | the canonical form of a drug's name, and the marks that tell mirror images apart |
//! | `structure` | what an InChIKey tells |
//! | `identity` | which drug a signature is of: the one rule of who is who |
//! | `leak` | which drugs may be one all the same, so that they must not stand on both sides of a split |
//! | `drug` | one drug of many `pert_id`s: mechanism, targets, ATC codes |
//! | `unmet` | tables about drugs that meet none of the drugs they were given for |
//! | `nearest` | "did you mean": the words nearest to one that was not found |
//!
//! ```
//! use l1kdb::annotate::{AtcCode, drug_key};
//!
//! let code: AtcCode = "c10aa05".parse()?;
//! assert_eq!(code.at_level(2), Some("C10"));
//! assert_eq!(drug_key("Trichostatin-A"), drug_key("trichostatin a"));
//! # Ok::<(), l1kdb::annotate::AnnotateError>(())
//! ```

mod atc;
mod drug;
mod error;
mod identity;
mod leak;
mod name;
mod nearest;
mod structure;
mod unmet;

pub(crate) use atc::ATC_LEVELS;
pub use atc::{AtcCode, AtcNames};
pub(crate) use drug::Catalogue;
pub use drug::{Drug, DrugAtc};
pub use error::AnnotateError;
pub use identity::DrugKeys;
pub(crate) use leak::LeakCheck;
pub use leak::{DrugTraits, Likeness, drugs_that_may_be_one};
pub use name::drug_key;
/// For the crates of this workspace.
#[doc(hidden)]
pub use nearest::nearest;
pub(crate) use structure::InchiKey;
pub(crate) use unmet::{unmet_atc, unmet_perturbagens};
