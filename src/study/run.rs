//! Embeddings of the rows, each asked on the same held-out sets.

use std::collections::BTreeMap;

use super::eval_set::{EvalSet, Level, Matrix};
use super::label::{Label, Labels};
use super::outcome::{Outcome, named};
use super::protocol::Protocol;
use super::results::Baseline;
use super::strata::RowStrata;
use super::{Row, Study};
use crate::eval::{EvalError, Relation, Similarity, Space};
use crate::eval::{RetrievalResults, RetrievalSet, Strata};
use crate::progress::Progress;
use crate::random::{Purpose, Stream};
use crate::split::Grouping;
use crate::stats::Bootstrap;

/// Candidates of a sample, as in Donner et al. 2018.
const SAMPLE: usize = 10_000;

/// One way of embedding the rows.
#[derive(Clone)]
pub(super) struct Contender<'a> {
    name: String,
    matrix: &'a Matrix,
    similarity: Similarity,
    /// Members of a drug weigh alike.
    unit: bool,
    permuted: bool,
    pub(super) candidates: Option<usize>,
}

/// What all contenders share.
pub(super) struct Run<'a> {
    pub(super) study: &'a Study,
    pub(super) protocol: &'a Protocol,
    pub(super) labels: Labels,
    pub(super) drug_names: Vec<String>,
    pub(super) parts: Vec<EvalSet>,
    pub(super) sets_without_pair: usize,
    pub(super) strata: RowStrata,
}

impl<'a> Run<'a> {
    pub(super) fn new(study: &'a Study, protocol: &'a Protocol) -> Result<Self, EvalError> {
        let labels = study.labels(&protocol.label)?;
        let drugs = Grouping::by_one(study.rows.iter().map(|row| row.drug.as_deref()));
        // Without a drug a row's label is what intervals are drawn over.
        let (of_row, drug_names): (Vec<Option<u32>>, Vec<String>) = if drugs.names().is_empty() {
            (labels.of_row.iter().map(|classes| classes.first().copied()).collect(), labels.names.clone())
        } else {
            (drugs.of_row().to_vec(), study.shown_names(&drugs))
        };
        let mut parts: Vec<EvalSet> = match &protocol.split {
            None => vec![(0..study.rows.len()).collect::<Vec<_>>()],
            Some(split) => {
                if !protocol.allow_shared_labels {
                    // A class may stand on both sides, and is warned of; a drug may not.
                    let drugs = Labels::of(&Label::Drug, &study.rows, None)?;
                    drugs.refuse_shared(split.folds(), &study.rows)?;
                    if !protocol.label.is_of_drugs() {
                        labels.refuse_shared(split.folds(), &study.rows)?;
                    }
                }
                split.folds().map(|fold| fold.held_out).collect()
            }
        }
        .iter()
        .map(|rows| EvalSet::new(rows, &labels, &of_row, protocol.level))
        .collect();
        let sets = parts.len();
        if sets > 1 {
            parts.retain(has_pair);
        }
        if sets > 1 && parts.is_empty() {
            return Err(EvalError::NoPairHeldOut { sets });
        }
        let sets_without_pair = sets - parts.len();
        protocol.too_easy.refuse_to_leave_out_nothing(study, protocol.level, &parts)?;
        let strata = match protocol.level {
            Level::Signature => RowStrata::new(&study.rows),
            Level::Drug => RowStrata::new(&vec![Row::default(); study.rows.len()]),
        };
        Ok(Self { study, protocol, labels, drug_names, parts, sets_without_pair, strata })
    }

    /// Candidates that ranks are estimated on; `None` where no set has more rows.
    pub(super) fn candidates(&self) -> Option<usize> {
        self.protocol.candidates.filter(|&count| self.parts.iter().any(|part| part.len() > count))
    }

    pub(super) fn contender(&self) -> Contender<'a> {
        Contender {
            name: self.study.embedding.name.clone(),
            matrix: &self.study.embedding,
            similarity: self.protocol.similarity,
            unit: self.protocol.similarity == Similarity::Cosine,
            permuted: false,
            candidates: self.candidates(),
        }
    }

    /// The embedding, ranked among the candidates of `other`.
    pub(super) fn among_the_same(&self, other: &Contender<'_>) -> Contender<'a> {
        let own = self.contender();
        let name = format!("{}, same candidates", own.name);
        Contender { name, candidates: other.candidates, ..own }
    }

    pub(super) fn baselines(&self) -> Vec<Contender<'a>> {
        let rows: usize = self.parts.iter().map(EvalSet::len).max().unwrap_or(0);
        let sampled = (rows > self.protocol.sample_baselines_beyond).then_some(SAMPLE.min(rows / 2));
        let mut baselines = Vec::new();
        if let Some(raw) = &self.study.profiles {
            let candidates = self.candidates().or(sampled);
            for (name, similarity) in [("raw cosine", Similarity::Cosine), ("raw Euclid", Similarity::Euclid)]
            {
                let is_itself = self.study.is_raw && similarity == self.protocol.similarity;
                if !is_itself {
                    let name = name.to_owned();
                    baselines.push(Contender {
                        name,
                        matrix: raw,
                        similarity,
                        unit: false,
                        permuted: false,
                        candidates,
                    });
                }
            }
        }
        baselines.push(Contender { name: "permuted labels".to_owned(), permuted: true, ..self.contender() });
        baselines
    }

    pub(super) fn tally(
        &self,
        contender: &Contender<'_>,
        progress: &dyn Progress,
    ) -> Result<RetrievalResults, EvalError> {
        let queries: usize = self.parts.iter().map(EvalSet::len).sum();
        progress.begin(&format!("ranking by {}", contender.name), queries as u64);
        let mut tally = RetrievalResults::default();
        for (number, part) in self.parts.iter().enumerate() {
            self.add(&mut tally, contender, part, number as u64, progress)?;
        }
        progress.end();
        Ok(tally)
    }

    fn add(
        &self,
        tally: &mut RetrievalResults,
        contender: &Contender<'_>,
        part: &EvalSet,
        number: u64,
        progress: &dyn Progress,
    ) -> Result<(), EvalError> {
        let whole = (contender.matrix.rows() == part.len() && self.protocol.level == Level::Signature)
            .then_some(&contender.matrix.values);
        let gathered = if whole.is_some() {
            Vec::new()
        } else {
            let values = part.values(contender.matrix, self.is_mean(contender));
            values.map_err(|error| error.placed(|row| self.study.place(row)))?
        };
        let values = whole.unwrap_or(&gathered);
        let space = Space::new(values, contender.matrix.dim, part.len(), contender.similarity)
            .map_err(|error| self.named(error, part))?;
        let mut classes = part.classes.clone();
        let mut drugs = part.drugs.clone();
        if contender.permuted {
            // Whoever is given a class is given the drug with it.
            let order = shuffled(part.len(), Stream::new(self.protocol.seed, Purpose::Permutation, number));
            classes = order.iter().map(|&at| part.classes[at].clone()).collect();
            drugs = order.iter().map(|&at| part.drugs[at]).collect();
        }
        let single: Option<Vec<u32>> =
            EvalSet { members: Vec::new(), classes: classes.clone(), drugs: Vec::new() }.single();
        let relation = match &single {
            Some(labels) => Relation::of_labels(labels),
            None => Relation::of_classes(&classes),
        };
        let easy = self.protocol.too_easy.shared(self.study, part);
        let too_easy = |a: usize, b: usize| easy.iter().any(|of| of[a].is_some() && of[a] == of[b]);
        let relation = if self.protocol.too_easy.any() { relation.without(&too_easy) } else { relation };
        let of_pair = |a: usize, b: usize, out: &mut Vec<u16>| {
            self.strata.of_pair(part.members[a][0] as usize, part.members[b][0] as usize, out);
        };
        let strata = Strata { names: &self.strata.names, of_pair: &of_pair };
        let candidates = contender.candidates.filter(|&count| count < part.len()).map(|count| {
            let mut rows = shuffled(part.len(), Stream::new(self.protocol.seed, Purpose::Candidates, number));
            rows.truncate(count);
            rows.into_iter().map(|row| row as u32).collect::<Vec<u32>>()
        });
        let set = RetrievalSet {
            space: &space,
            relation: &relation,
            drugs: &drugs,
            candidates: candidates.as_deref(),
            strata: Some(strata),
        };
        tally.add(&set, progress).map_err(|error| self.named(error, part))
    }

    /// An error about a row of `part` by what its user calls it.
    fn named(&self, error: EvalError, part: &EvalSet) -> EvalError {
        match error {
            EvalError::ZeroRow { row, .. } if self.protocol.level == Level::Drug => {
                let drug = part.drugs[row.row] as usize;
                EvalError::ZeroMean { drug: self.drug_names.get(drug).cloned().unwrap_or_default() }
            }
            error => error.placed(|at| self.study.place(part.members[at][0] as usize)),
        }
    }

    fn is_mean(&self, contender: &Contender<'_>) -> bool {
        contender.unit && self.protocol.level == Level::Drug
    }

    pub(super) fn baseline(
        &self,
        contender: &Contender<'_>,
        tally: &RetrievalResults,
        beside: &RetrievalResults,
        bootstrap: Bootstrap,
    ) -> Result<Baseline, EvalError> {
        let difference = match beside.differences(tally, bootstrap) {
            Ok(differences) => {
                named(&differences).map(|(name, d)| (name, [d.value, d.low, d.high])).collect()
            }
            // Permuted labels may leave other drugs without a negative.
            Err(EvalError::Unpaired { .. }) => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        Ok(Baseline {
            name: contender.name.clone(),
            is_embedding: false,
            candidates: contender.candidates,
            outcome: Outcome::new(tally, &self.strata.names, bootstrap)?,
            difference,
        })
    }
}

/// Whether two rows of a set share a class and a third does not.
fn has_pair(part: &EvalSet) -> bool {
    let classes = &part.classes;
    let relation = Relation::of_classes(classes);
    let is_some_query = |row: usize| {
        classes[row].iter().any(|&class| {
            let members = relation.members(class).len();
            members > 1 && members < part.len()
        })
    };
    (0..part.len()).any(is_some_query)
}

/// The numbers below `count` in an order drawn by lot.
fn shuffled(count: usize, mut stream: Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    stream.shuffle(&mut order);
    order
}
