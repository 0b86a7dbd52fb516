//! CMap's chain: connectivity, normalised by cell line, false discovery rates, tau and summaries by drug (Subramanian et al. 2017).
//!
//! | file | responsibility |
//! |---|---|
//! | `ground` | the signatures of a database as the chain sees them: groups, references, null signatures |
//! | `normalise` | normalised scores of signatures, and of drugs |
//! | `chain` | the chain of one query |
//! | `references` | scores of reference queries, for tau |
//! | `options`, `columns` | what it compares with; its columns |
//! | `hits` | the best of a chain as hits |

mod chain;
mod columns;
mod ground;
mod hits;
mod normalise;
mod options;
mod references;

use super::hit::Hit;
use super::prepared::{Prepared, Scored, Sound};
use super::{Answer, Answers, Ask, QuestionError, ScoreBy};
use chain::Chain;
use ground::Ground;
use references::References;

pub(super) use columns::columns;
pub(super) use ground::has_null;
pub(super) use hits::Connected;
pub use options::CmapChain;

impl Ask<'_> {
    /// Answers gene sets by CMap's chain.
    pub(super) fn by_cmap<H: Hit>(
        &self,
        prepared: &Prepared<'_>,
        cmap: &CmapChain,
    ) -> Result<Answers<H>, QuestionError> {
        let Sound { ids, with, broken, .. } = prepared.scored(ScoreBy::Wtcs);
        let (scores, genes): (Vec<_>, Vec<_>) =
            with.into_iter().map(|Scored { score, genes, .. }| (score, genes)).unzip();
        let ground = Ground::read(self.db, self.filter.as_ref())?;
        let references = References::new(self.db, &ground, &cmap.references)?;
        let table = self.db.queries_by(&scores).signature_scores()?;
        let mut answers = Vec::new();
        for ((query, raw), genes) in ids.into_iter().zip(table.rows()).zip(genes) {
            let chain = Chain::new(raw, &ground, &references)?;
            let mut hits = H::connected(&chain, self.reverse);
            hits.truncate(self.top);
            hits.iter_mut().zip(1..).for_each(|(hit, rank)| *hit.rank() = rank);
            answers.push(Answer { query, hits, genes: Some(genes) });
        }
        Ok(Answers { answers, broken, notes: ground.notes() })
    }
}
