//! A retrieval: an embedding and its baselines on the same held-out sets, and what is reported of them.

use std::collections::{BTreeMap, BTreeSet};

use super::Study;
use super::level::Level;
use super::outcome::Outcome;
use super::protocol::Protocol;
use super::results::{Baseline, DrugFigures, Retrieval, SplitNote};
use super::run::Run;
use crate::eval::{DrugResults, RECALL_AT, RetrievalResults};
use crate::eval::{EvalError, Similarity};
use crate::progress::Progress;
use crate::stats::Bootstrap;

impl Study {
    /// Asks the embedding, the profiles where there are any, and permuted labels.
    ///
    /// # Errors
    /// [`EvalError`] when there is nothing to find or to compare with, or a label stands on both sides of the split.
    pub fn retrieval(&self, protocol: &Protocol, progress: &dyn Progress) -> Result<Retrieval, EvalError> {
        protocol.check()?;
        let is_beside_raw = protocol.baselines && !(self.is_raw && protocol.similarity == Similarity::Cosine);
        self.check(protocol.similarity, is_beside_raw && protocol.level == Level::Signature)?;
        let run = Run::new(self, protocol)?;
        let bootstrap = Bootstrap { replicates: protocol.bootstrap, seed: protocol.seed };
        let main = run.tally(&run.method(), progress)?;
        let outcome = Outcome::new(&main, &run.strata.names, bootstrap)?;
        let mut baselines = Vec::new();
        if protocol.baselines {
            let mut compared: BTreeMap<Option<usize>, RetrievalResults> = BTreeMap::new();
            for method in run.baselines() {
                let tally = run.tally(&method, progress)?;
                if method.candidates != run.candidates() && !compared.contains_key(&method.candidates) {
                    let like = run.among_the_same(&method);
                    let tally = run.tally(&like, progress)?;
                    let itself = run.baseline(&like, &tally, &tally, bootstrap)?;
                    baselines.push(Baseline { is_embedding: true, difference: BTreeMap::new(), ..itself });
                    compared.insert(method.candidates, tally);
                }
                let beside = compared.get(&method.candidates).unwrap_or(&main);
                baselines.push(run.baseline(&method, &tally, beside, bootstrap)?);
            }
        }
        Ok(run.report(&main, outcome, baselines))
    }
}

impl Run<'_> {
    fn report(&self, tally: &RetrievalResults, outcome: Outcome, baselines: Vec<Baseline>) -> Retrieval {
        let protocol = self.protocol;
        let evaluated: BTreeSet<u32> =
            self.parts.iter().flat_map(|part| part.members.iter().flatten().copied()).collect();
        let per_drug: Vec<DrugFigures> = tally.drugs().map(|(drug, found)| self.drug(drug, found)).collect();
        Retrieval {
            embedding: self.study.embedding.name.clone(),
            dim: self.study.embedding.rows().dim(),
            label: protocol.label.to_string(),
            level: protocol.level.as_str(),
            similarity: protocol.similarity.as_str(),
            candidates: self.candidates(),
            excluded: protocol.excluded.names(),
            across_sources: protocol.across_sources,
            split: protocol.split.as_ref().map(|split| SplitNote {
                by: split.by().join(" x "),
                design: split.design().to_string(),
                seed: split.seed(),
                digest: split.digest_of_folds(),
                sets: self.parts.len(),
                sets_without_pair: self.sets_without_pair,
                rows_outside: split.outside(),
            }),
            rows: evaluated.len(),
            rows_without_label: self.labels.unknown(),
            warnings: self.warnings(&outcome, &per_drug, &baselines),
            per_drug,
            outcome,
            baselines,
        }
    }

    fn drug(&self, number: u32, found: &DrugResults) -> DrugFigures {
        let mut name = self.drug_names.get(number as usize).cloned();
        let name = name.get_or_insert_with(|| "(unknown)".to_owned());
        let recall = RECALL_AT;
        let pairs = found.ranks.pairs() as f64;
        DrugFigures {
            drug: std::mem::take(name),
            queries: found.queries,
            positives: found.ranks.pairs(),
            auc_quantile: 1.0 - found.ranks.sum() / pairs,
            median_q: found.ranks.median().unwrap_or(f64::NAN),
            recall: recall.iter().map(|&x| (x.to_string(), found.ranks.below(x) / pairs)).collect(),
        }
    }
}
