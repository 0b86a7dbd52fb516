//! Embeddings of the rows, each asked on the same held-out sets.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::eval_set::EvalSet;
use super::label::{Label, Labels};
use super::level::Level;
use super::matrix::Matrix;
use super::outcome::{Outcome, named};
use super::protocol::Protocol;
use super::results::Baseline;
use super::search::{Search, check_sources, no_pair_across};
use super::strata::RowStrata;
use super::{Row, Study};
use crate::Rows;
use crate::eval::{EvalError, Positives, PreparedRows, RetrievalResults, RetrievalSet, Similarity};
use crate::progress::{Progress, Quiet};
use crate::random::{Purpose, Stream};
use crate::split::Grouping;
use crate::stats::Bootstrap;

/// The name of the z-scores as they are, compared by cosine.
pub(super) const RAW_COSINE: &str = "raw cosine";
/// The name of the embedding with labels that mean nothing.
pub(super) const PERMUTED_LABELS: &str = "permuted labels";

/// Candidates of a sample, as in Donner et al. 2018.
const SAMPLE: usize = 10_000;

/// One way of embedding the rows.
#[derive(Clone)]
pub(super) struct Method<'a> {
    name: String,
    pub(super) matrix: &'a Matrix,
    /// The study's row behind each row of the matrix; `None` where it holds all of them in order.
    rows: Option<&'a [usize]>,
    similarity: Similarity,
    /// Members of a drug weigh alike.
    unit: bool,
    /// A row of zeros is as near to one row as to another, and no error.
    zeros_tie: bool,
    permuted: bool,
    pub(super) candidates: Option<usize>,
}

impl<'a> Method<'a> {
    /// Rows of numbers as this method compares them.
    fn prepared(&self, rows: Rows<'_>) -> Result<PreparedRows, EvalError> {
        match PreparedRows::new(rows, self.similarity) {
            Err(EvalError::ZeroRow { .. }) if self.zeros_tie => {
                // Of unit rows dot products are cosines, and 0 for a row of zeros.
                PreparedRows::new(Rows::whole(&rows.to_unit_lengths(), rows.dim()), Similarity::Dot)
            }
            prepared => prepared,
        }
    }

    /// Returns the same with the labels of every held-out set permuted.
    pub(super) fn permuted(self) -> Self {
        Method { name: PERMUTED_LABELS.to_owned(), permuted: true, ..self }
    }

    /// The z-scores in place of the embedding.
    fn of_profiles(self, name: &str, matrix: &'a Matrix, similarity: Similarity) -> Self {
        Method { name: name.to_owned(), matrix, similarity, unit: false, ..self }
    }

    /// Returns the same on the rows of one fold alone, where a row of zeros is no error.
    pub(super) fn of_fold(self, name: &str, matrix: &'a Matrix, rows: &'a [usize]) -> Self {
        Method { name: name.to_owned(), matrix, rows: Some(rows), zeros_tie: true, ..self }
    }
}

/// The held-out sets and settings that all methods share.
pub(super) struct Run<'a> {
    pub(super) study: &'a Study,
    pub(super) protocol: &'a Protocol,
    pub(super) labels: Labels,
    pub(super) drug_names: Vec<String>,
    pub(super) parts: Vec<EvalSet>,
    /// The held-out set, by number, that each part is.
    set_of_part: Vec<usize>,
    pub(super) sets_without_pair: usize,
    pub(super) strata: RowStrata,
}

impl<'a> Run<'a> {
    pub(super) fn new(study: &'a Study, protocol: &'a Protocol) -> Result<Self, EvalError> {
        let labels = study.labels(&protocol.label)?;
        let drugs = Grouping::by_one(study.rows.iter().map(|row| row.drug.as_deref()));
        // Without a drug, intervals resample labels.
        let (of_row, drug_names): (Vec<Option<u32>>, Vec<String>) = if drugs.names().is_empty() {
            (labels.of_row.iter().map(|classes| classes.first().copied()).collect(), labels.names.clone())
        } else {
            (drugs.of_row().to_vec(), study.shown_names(&drugs))
        };
        let sets: Vec<EvalSet> = match &protocol.split {
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
        let (number, numbered) = (sets.len(), sets.into_iter().enumerate());
        let (set_of_part, parts): (Vec<usize>, Vec<EvalSet>) =
            numbered.filter(|(_, set)| number == 1 || has_pair(set)).unzip();
        if number > 1 && parts.is_empty() {
            return Err(EvalError::NoPairHeldOut { sets: number });
        }
        let sets_without_pair = number - parts.len();
        protocol.excluded.refuse_to_leave_out_nothing(study, protocol.level, &parts)?;
        if protocol.across_sources {
            check_sources(study, protocol.level)?;
        }
        let strata = match protocol.level {
            Level::Signature => RowStrata::new(&study.rows),
            Level::Drug => RowStrata::new(&vec![Row::default(); study.rows.len()]),
        };
        Ok(Self { study, protocol, labels, drug_names, parts, set_of_part, sets_without_pair, strata })
    }

    /// Candidates that ranks are estimated on; `None` where no set has more rows.
    pub(super) fn candidates(&self) -> Option<usize> {
        self.protocol.candidates.filter(|&count| self.parts.iter().any(|part| part.len() > count))
    }

    pub(super) fn method(&self) -> Method<'a> {
        Method {
            name: self.study.embedding.name.clone(),
            matrix: &self.study.embedding,
            rows: None,
            similarity: self.protocol.similarity,
            unit: self.protocol.similarity == Similarity::Cosine,
            zeros_tie: false,
            permuted: false,
            candidates: self.candidates(),
        }
    }

    /// Returns the embedding, ranked among the candidates of `other`.
    pub(super) fn among_the_same(&self, other: &Method<'_>) -> Method<'a> {
        let own = self.method();
        let name = format!("{}, same candidates", own.name);
        Method { name, candidates: other.candidates, ..own }
    }

    pub(super) fn baselines(&self) -> Vec<Method<'a>> {
        let rows: usize = self.parts.iter().map(EvalSet::len).max().unwrap_or(0);
        let sampled = (rows > self.protocol.sample_baselines_beyond).then_some(SAMPLE.min(rows / 2));
        let mut baselines = Vec::new();
        if let Some(profiles) = &self.study.profiles {
            let candidates = self.candidates().or(sampled);
            for (name, similarity) in [(RAW_COSINE, Similarity::Cosine), ("raw Euclid", Similarity::Euclid)] {
                let is_itself = self.study.is_raw && similarity == self.protocol.similarity;
                if !is_itself {
                    let raw = Method { candidates, ..self.method() };
                    baselines.push(raw.of_profiles(name, profiles, similarity));
                }
            }
        }
        baselines.push(self.method().permuted());
        baselines
    }

    /// Returns the z-scores by cosine, where there are any, with rows of zeros among them.
    pub(super) fn raw_cosine(&self) -> Option<Method<'a>> {
        let itself = self.study.is_raw.then_some(&self.study.embedding);
        let profiles = self.study.profiles.as_ref().or(itself)?;
        let raw = self.method().of_profiles(RAW_COSINE, profiles, Similarity::Cosine);
        Some(Method { zeros_tie: true, ..raw })
    }

    /// Tells whether there is anything to find.
    pub(super) fn has_pair(&self) -> bool {
        self.parts.iter().any(has_pair)
    }

    pub(super) fn tally(
        &self,
        method: &Method<'_>,
        progress: &dyn Progress,
    ) -> Result<RetrievalResults, EvalError> {
        let queries: usize = self.parts.iter().map(EvalSet::len).sum();
        progress.begin(&format!("ranking by {}", method.name), queries as u64);
        let mut tally = RetrievalResults::default();
        for (number, part) in self.parts.iter().enumerate() {
            self.add(&mut tally, method, part, number as u64, progress)?;
        }
        progress.end();
        let found_none = self.protocol.across_sources && tally.drugs().len() == 0;
        if found_none { Err(no_pair_across()) } else { Ok(tally) }
    }

    /// Adds what one held-out set finds, unless it has nothing to find.
    pub(super) fn add_set(
        &self,
        tally: &mut RetrievalResults,
        method: &Method<'_>,
        set: usize,
    ) -> Result<(), EvalError> {
        let Some(part) = self.set_of_part.iter().position(|&of_part| of_part == set) else { return Ok(()) };
        self.add(tally, method, &self.parts[part], part as u64, &Quiet)
    }

    fn add(
        &self,
        tally: &mut RetrievalResults,
        method: &Method<'_>,
        part: &EvalSet,
        number: u64,
        progress: &dyn Progress,
    ) -> Result<(), EvalError> {
        let values = self.values(method, part)?;
        let rows = Rows::whole(&values, method.matrix.rows().dim());
        let prepared = method.prepared(rows).map_err(|error| self.named(error, part))?;
        let mut classes = part.classes.clone();
        let mut drugs = part.drugs.clone();
        if method.permuted {
            // Whoever is given a class is given the drug with it.
            let order = shuffled(part.len(), Stream::new(self.protocol.seed, Purpose::Permutation, number));
            classes = order.iter().map(|&at| part.classes[at].clone()).collect();
            drugs = order.iter().map(|&at| part.drugs[at]).collect();
        }
        let single: Option<Vec<u32>> =
            EvalSet { members: Vec::new(), classes: classes.clone(), drugs: Vec::new() }.single();
        let positives = match &single {
            Some(labels) => Positives::of_labels(labels),
            None => Positives::of_classes(&classes),
        };
        let shared = self.protocol.excluded.shared(self.study, part);
        let excluded = |a: usize, b: usize| shared.iter().any(|of| of[a].is_some() && of[a] == of[b]);
        let of_pair = |a: usize, b: usize, out: &mut Vec<u16>| {
            self.strata.of_pair(part.members[a][0] as usize, part.members[b][0] as usize, out);
        };
        for search in self.searches(method, part, number) {
            let left_out = |a: usize, b: usize| search.is_out_of_reach(a, b) || excluded(a, b);
            let leaves_out = search.is_partial() || self.protocol.excluded.any();
            let positives = positives.clone();
            let positives = if leaves_out { positives.without(&left_out) } else { positives };
            let candidates = search.candidates.as_deref();
            let set = RetrievalSet::new(&prepared, &positives, &drugs);
            let set = RetrievalSet { candidates, strata: Some(&of_pair), ..set };
            search.allows(tally.add(&set, progress)).map_err(|error| self.named(error, part))?;
        }
        Ok(())
    }

    /// Returns which rows of `part` are looked in.
    fn searches(&self, method: &Method<'_>, part: &EvalSet, number: u64) -> Vec<Search> {
        let most = method.candidates.filter(|&count| count < part.len());
        let order = match most {
            Some(_) => shuffled(part.len(), Stream::new(self.protocol.seed, Purpose::Candidates, number)),
            None => (0..part.len()).collect(),
        };
        if self.protocol.across_sources {
            return Search::across_sources(self.study, part, &order, most);
        }
        Search::all(most.map(|count| order.iter().take(count).map(|&row| row as u32).collect()))
    }

    /// Returns what the method makes of the rows of `part`.
    fn values<'v>(&self, method: &Method<'v>, part: &EvalSet) -> Result<Cow<'v, [f32]>, EvalError> {
        let Method { matrix, rows, .. } = *method;
        if matrix.rows().len() == part.len() && self.protocol.level == Level::Signature {
            return Ok(Cow::Borrowed(matrix.rows().values()));
        }
        let within = rows.map(|rows| part.within(rows));
        let values = within.as_ref().unwrap_or(part).values(matrix, self.is_mean(method));
        let place = |row: usize| self.study.place(rows.map_or(row, |rows| rows[row]));
        Ok(Cow::Owned(values.map_err(|error| error.placed(place))?))
    }

    /// Returns an error about a row of `part` by what its user calls it.
    fn named(&self, error: EvalError, part: &EvalSet) -> EvalError {
        match error {
            EvalError::ZeroRow { row, .. } if self.protocol.level == Level::Drug => {
                let drug = part.drugs[row.row] as usize;
                EvalError::ZeroMean { drug: self.drug_names.get(drug).cloned().unwrap_or_default() }
            }
            error => error.placed(|at| self.study.place(part.members[at][0] as usize)),
        }
    }

    fn is_mean(&self, method: &Method<'_>) -> bool {
        method.unit && self.protocol.level == Level::Drug
    }

    pub(super) fn baseline(
        &self,
        method: &Method<'_>,
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
            name: method.name.clone(),
            is_embedding: false,
            candidates: method.candidates,
            outcome: Outcome::new(tally, &self.strata.names, bootstrap)?,
            difference,
        })
    }
}

/// Tells whether two rows of a set share a class and a third does not.
fn has_pair(part: &EvalSet) -> bool {
    let classes = &part.classes;
    let positives = Positives::of_classes(classes);
    let is_some_query = |row: usize| {
        classes[row].iter().any(|&class| {
            let members = positives.members(class).len();
            members > 1 && members < part.len()
        })
    };
    (0..part.len()).any(is_some_query)
}

/// Returns the numbers below `count` in random order.
fn shuffled(count: usize, mut stream: Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    stream.shuffle(&mut order);
    order
}
