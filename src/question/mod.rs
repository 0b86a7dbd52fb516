//! Questions of every kind, asked of a database by any score: profiles, gene sets, results of differential expression, and what
//! the database itself holds.
//!
//! A [`Question`] says what is asked with, a [`ScoreBy`] by which score, and [`Ask`] asks.
//!
//! ```no_run
//! use l1kdb::db::Db;
//! use l1kdb::profile::{GeneIds, SetFile, SetPairs};
//! use l1kdb::question::{Ask, Question, ScoreBy};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let db = Db::open("lincs.l1kdb")?;
//! let pairs = SetPairs::of_file(SetFile::read("signature.gmt")?)?;
//! let sets = pairs.pairs.iter().map(|pair| pair.map(&GeneIds::built_in(), db.universe()));
//! let question = Question::GeneSets(sets.collect::<Result<_, _>>()?);
//! for answer in Ask::new(&db).score_by(ScoreBy::Wtcs).top(10).drugs(&question)?.whole()? {
//!     println!("{}: {}", answer.query, answer.hits.first().map_or("nothing", |hit| &hit.drug));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | file | responsibility |
//! |---|---|
//! | `kinds`, `profiles` | what is asked with |
//! | `score_by`, `prepare` | which score; preparing a query for it |
//! | `ask`, `same_cell` | how a question is asked |
//! | `context`, `run` | asking: what a query is compared with, by its cell line and plate; queries of one context |
//! | `prepared`, `stored_profile` | what of a question a database is asked with |
//! | `answer`, `hit` | answers, and what both kinds of hits have in common |
//! | `matrix` | asking a matrix file, without a database |
//! | `scores` | scores of everything rather than the best |
//! | `cmap` | CMap's chain |
//! | `rerank` | candidates by embedding, looked at again in gene space |
//! | `connectivity` | enrichment scores beside connectivity |
//! | `doubts` | what makes an answer doubtful |
//! | `explain` | which genes carry the agreement of a query and a hit |
//! | `overview` | an answer with all that helps to read it |
//! | `significance` | p-values of drugs, and the reference queries that they are against |
//!
//! A query that cannot be asked, such as a profile of zeros, is listed, and the others are answered.

mod answer;
mod ask;
mod cmap;
mod connectivity;
mod context;
mod doubts;
mod error;
mod explain;
mod hit;
mod kinds;
mod matrix;
mod overview;
mod prepare;
mod prepared;
mod profiles;
mod rerank;
mod run;
mod same_cell;
mod score_by;
mod scores;
mod significance;
mod stored_profile;

pub use answer::{Answer, Answers, Broken, GenesAsked, ScoredGenes};
pub use ask::Ask;
pub use cmap::CmapChain;
pub use doubts::Doubt;
pub use error::QuestionError;
pub use explain::{Explained, ExplainedHit};
pub use kinds::{Combine, Question};
pub use matrix::AskMatrix;
pub use overview::{DrugPlaces, Overview, Overviews, PlacedDrug, RankCurve, Strip, StripCell};
pub use profiles::QueryProfiles;
pub use rerank::Rerank;
pub use same_cell::SameCell;
pub use score_by::ScoreBy;
pub use scores::Scores;
pub use significance::{Calibrate, CalibrationReport};
