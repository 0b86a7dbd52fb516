//! What is asked of a reference, and the answers.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;

use super::ScanError;
use super::described::Described;
use super::drugs::{DrugRows, RankedDrug};
use super::pass::Pass;
use super::signatures::{BestSignatures, Near, order};
use crate::connectivity::Score;
use crate::db::{
    DRUG_FILTER, DrugHit, DrugRecord, DrugScore, Filter, SignatureHit, SignatureRecord, drugs_in_order,
    signatures_in_order,
};
use crate::profile::{MatrixFile, Unmatched};
use crate::progress::{Progress, Quiet};

/// Scores that are kept at once for drugs: 256 MB.
const SCORES: usize = 64 << 20;

/// Signatures that a report shows.
const EXAMPLES: usize = 3;

/// One question about each of many scores, made by [`ReferenceMatrix::scan`](super::ReferenceMatrix::scan). Every answer reads
/// the file again. Answers are in the order of the scores, and do not depend on the number of threads.
///
/// ```no_run
/// use l1kdb::db::DrugScore;
///
/// # fn ask(matrix: &mut l1kdb::scan::ReferenceMatrix, scores: &[Box<dyn l1kdb::connectivity::Score>])
/// # -> Result<(), l1kdb::scan::ScanError> {
/// for hits in matrix.scan(scores).top(10).score(DrugScore::MaxQuantile).without_drug("vorinostat").run()? {
///     println!("{}", hits.first().map_or("nothing", |hit| &hit.drug));
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a scan does nothing until it is run"]
pub struct Scan<'a> {
    source: Source<'a>,
    scores: &'a [Box<dyn Score>],
    filter: Option<Filter>,
    without: Vec<String>,
    top: usize,
    score: DrugScore,
    block: usize,
    progress: &'a dyn Progress,
}

/// What is read, and where it is told which signatures had no score.
pub(super) struct Source<'a> {
    pub file: &'a mut MatrixFile,
    pub described: &'a Described,
    pub without_score: &'a mut Unmatched,
}

/// The signatures that take part.
struct TakingPart {
    /// Their numbers, and their columns in the file.
    signatures: Vec<usize>,
    columns: Vec<usize>,
    /// Of each question the place that it leaves out.
    left_out: Vec<Option<usize>>,
    /// Whether each has no score for some question.
    unscored: Vec<bool>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(source: Source<'a>, scores: &'a [Box<dyn Score>]) -> Self {
        let (filter, without, score) = (None, Vec::new(), DrugScore::default());
        Self { source, scores, filter, without, top: 20, score, block: usize::MAX, progress: &Quiet }
    }

    /// Sets how many hits to return for each question; 20 if not set.
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// Keeps signatures that pass a filter. Several filters must all hold.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter.after(self.filter));
        self
    }

    /// Leaves out of each question's answer the signature of its own id: one id a question, in their order.
    pub fn without<V: Into<String>>(mut self, sig_ids: impl IntoIterator<Item = V>) -> Self {
        self.without = sig_ids.into_iter().map(Into::into).collect();
        self
    }

    /// Leaves a drug with all its signatures out of every answer; it is known by any of its names and ids. May be called for
    /// several.
    pub fn without_drug(self, drug: impl Into<String>) -> Self {
        self.filter(!Filter::any_of(DRUG_FILTER, [drug]))
    }

    /// Sets how a drug's score is made of its signatures' scores.
    pub fn score(mut self, score: DrugScore) -> Self {
        self.score = score;
        self
    }

    /// Sets the most signatures that are read at once; by default as many as the file is best read in, up to 32 MB of values.
    /// No answer depends on it.
    pub fn block(mut self, signatures: usize) -> Self {
        self.block = signatures;
        self
    }

    /// Tells of the progress of each reading of the file; nobody is told if not set.
    pub fn progress(mut self, progress: &'a dyn Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Returns for each question the best drugs: by score, then by name. The file is read once for as many questions as 256 MB
    /// of scores hold.
    ///
    /// # Errors
    /// [`ScanError::NoDrugs`] where nothing tells of drugs; scores of other profiles; another number of ids to leave out than
    /// of questions; a filter with an unknown key or value; a file that cannot be read.
    pub fn run(&mut self) -> Result<Vec<Vec<DrugHit>>, ScanError> {
        let described = self.source.described;
        described.drugs(self.source.file.path())?;
        let mut part = self.taking_part()?;
        let rows = DrugRows::new(&part.drugs(described));
        let (count, by, top) = (part.columns.len(), self.score, self.top);
        let mut answers = Vec::with_capacity(self.scores.len());
        for questions in groups(self.scores.len(), count) {
            let scores = self.by_question(&mut part, questions)?;
            let ranked = scores.into_par_iter().map(|scores| rows.best(&scores, by, top));
            let hits = ranked.map(|drugs| part.drug_hits(described, drugs, top));
            answers.append(&mut hits.collect());
        }
        self.tell(&part);
        Ok(answers)
    }

    /// Returns for each question the best signatures: by score, then by `sig_id`.
    ///
    /// # Errors
    /// As [`run`](Self::run), but that drugs need not be known.
    pub fn signatures(&mut self) -> Result<Vec<Vec<SignatureHit>>, ScanError> {
        let (described, top, questions) = (self.source.described, self.top, self.scores.len());
        let mut part = self.taking_part()?;
        let ids: Vec<&str> =
            part.signatures.iter().map(|&at| described.signatures[at].sig_id.as_str()).collect();
        let order = order(&ids);
        let mut best: Vec<_> = (0..questions).map(|_| BestSignatures::new(top)).collect();
        self.pass(&mut part, 0..questions, |first, scores| {
            let of = |question: usize| scores[question..].iter().copied().step_by(questions);
            best.par_iter_mut().enumerate().for_each(|(at, best)| best.add(first, of(at), &order));
            Ok::<(), ScanError>(())
        })?;
        self.tell(&part);
        let hits = best.into_par_iter().map(|best| part.signature_hits(described, best.finish(), top));
        Ok(hits.collect())
    }

    /// Hands out all scores, block by block: the place of the block's first signature among those that take part
    /// ([`places`](Self::places)), and signatures x questions scores, row-major, NaN where there is none or the signature is
    /// left out.
    ///
    /// # Errors
    /// As [`signatures`](Self::signatures), and those of `each`, which end the reading.
    pub fn each<E: From<ScanError>>(
        &mut self,
        mut each: impl FnMut(usize, &[f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut part = self.taking_part()?;
        self.pass(&mut part, 0..self.scores.len(), |first, scores| each(first, scores))?;
        self.tell(&part);
        Ok(())
    }

    /// Returns the signatures that take part, as places in [`ReferenceMatrix::signatures`](super::ReferenceMatrix::signatures),
    /// ascending.
    ///
    /// # Errors
    /// A filter with an unknown key or value.
    pub fn places(&self) -> Result<Vec<usize>, ScanError> {
        let described = self.source.described;
        let Some(filter) = &self.filter else { return Ok((0..described.signatures.len()).collect()) };
        let passing = described.rows(self.source.file.column_metadata()).passing(filter)?;
        Ok(passing.into_iter().map(|row| row as usize).collect())
    }

    fn taking_part(&self) -> Result<TakingPart, ScanError> {
        let (expected, file) = (self.source.file.row_count(), &self.source.file);
        if let Some(found) = self.scores.iter().map(|score| score.genes()).find(|&genes| genes != expected) {
            return Err(ScanError::Genes { path: file.path().to_owned(), expected, found });
        }
        let (expected, found) = (self.scores.len(), self.without.len());
        if found != 0 && found != expected {
            return Err(ScanError::Without { expected, found });
        }
        Ok(TakingPart::new(self.places()?, self.source.described, &self.without))
    }

    /// Scores the signatures that take part for some questions, block by block.
    fn pass<E: From<ScanError>>(
        &mut self,
        part: &mut TakingPart,
        questions: Range<usize>,
        mut each: impl FnMut(usize, &mut [f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let TakingPart { columns, left_out, unscored, .. } = part;
        let left_out = left_out.get(questions.clone()).unwrap_or_default();
        let scores = &self.scores[questions];
        if scores.is_empty() {
            return Ok(());
        }
        let Self { block, progress, .. } = *self;
        let pass = Pass { file: self.source.file, columns, scores, block, progress };
        pass.run(|first, found| {
            let of_signatures = found.chunks_exact_mut(scores.len());
            for (scores, unscored) in of_signatures.zip(&mut unscored[first..]) {
                *unscored |= scores.iter().any(|score| score.is_nan());
            }
            for (question, place) in left_out.iter().enumerate() {
                let place = place.and_then(|place| place.checked_sub(first));
                let at = place.map(|place| place * scores.len() + question);
                if let Some(score) = at.and_then(|at| found.get_mut(at)) {
                    *score = f32::NAN;
                }
            }
            each(first, found)
        })
    }

    /// The scores of all signatures for some questions, one question after another.
    fn by_question(
        &mut self,
        part: &mut TakingPart,
        questions: Range<usize>,
    ) -> Result<Vec<Vec<f32>>, ScanError> {
        let count = questions.len();
        let mut by_question = vec![vec![f32::NAN; part.columns.len()]; count];
        self.pass(part, questions, |first, scores| {
            for (question, all) in by_question.iter_mut().enumerate() {
                let own = scores[question..].iter().step_by(count);
                all[first..].iter_mut().zip(own).for_each(|(all, &score)| *all = score);
            }
            Ok::<(), ScanError>(())
        })?;
        Ok(by_question)
    }

    /// Tells which signatures had no score.
    fn tell(&mut self, part: &TakingPart) {
        let unscored = part.signatures.iter().zip(&part.unscored).filter(|(_, unscored)| **unscored);
        let ids = unscored.map(|(&at, _)| &self.source.described.signatures[at].sig_id);
        let examples = ids.clone().take(EXAMPLES).cloned().collect();
        *self.source.without_score = Unmatched { count: ids.count(), examples };
    }
}

/// Questions that are answered in one reading of the file, group by group.
fn groups(questions: usize, signatures: usize) -> impl Iterator<Item = Range<usize>> {
    let size = (SCORES / signatures.max(1)).max(1);
    (0..questions).step_by(size).map(move |start| start..questions.min(start + size))
}

impl TakingPart {
    fn new(signatures: Vec<usize>, described: &Described, without: &[String]) -> Self {
        let columns: Vec<usize> = signatures.iter().map(|&at| described.columns[at]).collect();
        let mut places = HashMap::new();
        if !without.is_empty() {
            let ids = signatures.iter().map(|&at| described.signatures[at].sig_id.as_str());
            places.extend(ids.zip(0..));
        }
        let left_out = without.iter().map(|id| places.get(id.as_str()).copied()).collect();
        let unscored = vec![false; signatures.len()];
        Self { signatures, columns, left_out, unscored }
    }

    /// The number of the drug of each.
    fn drugs(&self, described: &Described) -> Vec<u32> {
        let of_signature = described.catalogue.of_signature();
        self.signatures.iter().map(|&at| of_signature[at]).collect()
    }

    fn drug_hits(&self, described: &Described, drugs: Vec<RankedDrug>, top: usize) -> Vec<DrugHit> {
        let hit = |RankedDrug { drug, score, best: (place, similarity), signatures }| {
            let record = DrugRecord::from(&described.catalogue.drugs()[drug as usize]);
            let best = described.signatures[self.signatures[place]].sig_id.clone();
            DrugHit::new(record, (score, signatures), (best, similarity))
        };
        drugs_in_order(drugs.into_iter().map(hit).collect(), top)
    }

    fn signature_hits(&self, described: &Described, best: Vec<Near>, top: usize) -> Vec<SignatureHit> {
        let hit = |Near { score, place, .. }| {
            let at = self.signatures[place];
            let (signature, drug) =
                (SignatureRecord::from(&described.signatures[at]), described.drug_record(at));
            let (source, further) = (String::new(), Vec::new());
            SignatureHit { rank: 0, signature, drug, source, similarity: score, further }
        };
        signatures_in_order(best.into_iter().map(hit).collect(), top)
    }
}
