//! Is a class of drugs at the top of an answer? ATC classes, mechanisms and targets, against reference queries.
//!
//! The unit is the drug, once, however many signatures it has. Members of a class resemble each other, so that shuffled labels call
//! far too many classes significant: here a class is compared with itself, as it scored for queries that have nothing to do with it.
//!
//! ```
//! use l1kdb::enrichment::{ClassNulls, DrugAnnotations, DrugClasses};
//!
//! // Six drugs, three of which share a mechanism, scored by forty reference queries of other drugs.
//! let mechanisms = ["HDAC inhibitor".to_owned()];
//! let with = |number: usize| if number < 3 { &mechanisms[..] } else { &[] };
//! let drugs = (0..6).map(|number| DrugAnnotations { mechanisms: with(number), ..DrugAnnotations::default() });
//! let classes = DrugClasses::of(drugs);
//! let references: Vec<f32> = (0..240_u32).map(|i| (i * 7919 % 101) as f32 / 50.0 - 1.0).collect();
//! let nulls = ClassNulls::of(&references, &[None; 40], &classes)?;
//! let tested = nulls.test(&classes, &[1.9, 1.5, 1.7, -0.5, 0.1, -1.0], None);
//! assert_eq!(tested[0].names, ["HDAC inhibitor"]);
//! assert!(tested[0].p < 0.05);
//! # Ok::<(), l1kdb::SettingError>(())
//! ```
//!
//! | file | responsibility |
//! |---|---|
//! | `classes` | classes of drugs, those of the same members together |
//! | `statistic` | how high the members of a class score |
//! | `running_sum` | the enrichment score of gene set enrichment analysis, and its leading edge |
//! | `nulls` | what classes score for reference queries |
//! | `tested`, `test` | a tested class; the classes of one answer |
//! | `levels` | which of nested ATC classes is meant |
//! | `hit` | a class of an answer, with names |
//! | `vote`, `call` | the class that the drugs at the top vote for; how probable it is |

mod call;
mod classes;
mod hit;
mod levels;
mod nulls;
mod running_sum;
mod statistic;
mod test;
mod tested;
mod vote;

pub use call::{CallCalibration, ClassCall};
pub use classes::{ClassKind, DrugAnnotations, DrugClass, DrugClasses};
pub use hit::ClassHit;
pub use nulls::ClassNulls;
pub use running_sum::{RunningSum, running_sum};
pub use tested::TestedClass;
pub(crate) use vote::Voters;
