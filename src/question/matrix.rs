//! Asking a matrix file, without a database.

use super::hit::Hit;
use super::prepare::{Scored, turned};
use super::{
    Answer, Answers, Broken, GenesAsked, Question, QuestionError, ScoreBy, ScoredGenes, Scores, connectivity,
};
use crate::connectivity::{GeneSets, Score, Scratch, WtcsQuery};
use crate::db::{DrugHit, DrugScore, Filter, ScoreTable, SignatureHit};
use crate::profile::{GeneSet, SetSide};
use crate::progress::{Progress, Quiet};
use crate::scan::{ReferenceMatrix, Scan, ScanError};

/// Asks a matrix file by scores in gene space: of any number of genes, without a database.
///
/// ```no_run
/// use l1kdb::profile::{DifferentialOptions, DifferentialProfile, Universe};
/// use l1kdb::question::{AskMatrix, Question};
/// use l1kdb::scan::{ReferenceMatrix, ScanOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut matrix = ReferenceMatrix::open("level5.gctx", &ScanOptions::default())?;
/// let options = DifferentialOptions::default().universe(Universe::All);
/// let table = DifferentialProfile::read("deseq2.csv", &options)?;
/// let answers = AskMatrix::new(&mut matrix).reverse().signatures(&Question::from(&table))?;
/// for hit in &answers.whole()?[0].hits {
///     println!("{} {:.3}", hit.signature.sig_id, hit.similarity);
/// }
/// # Ok(())
/// # }
/// ```
pub struct AskMatrix<'a> {
    matrix: &'a mut ReferenceMatrix,
    score_by: Option<ScoreBy>,
    reverse: bool,
    exclude_self: bool,
    top: usize,
    score: DrugScore,
    filter: Option<Filter>,
    progress: &'a dyn Progress,
}

/// The score that is asked by if none is set.
const DEFAULT: ScoreBy = ScoreBy::Cosine;

/// Queries as a matrix is asked with them.
#[derive(Default)]
struct Asked {
    ids: Vec<String>,
    scores: Vec<Box<dyn Score>>,
    genes: Vec<GenesAsked>,
    /// Gene sets, where a score is made of their enrichment.
    sets: Vec<WtcsQuery>,
    broken: Vec<Broken>,
}

impl<'a> AskMatrix<'a> {
    /// Asks by cosine for the 20 nearest, unless said otherwise.
    pub fn new(matrix: &'a mut ReferenceMatrix) -> Self {
        let (score, progress) = (DrugScore::default(), &Quiet);
        let (score_by, filter) = (None, None);
        Self { matrix, score_by, reverse: false, exclude_self: false, top: 20, score, filter, progress }
    }

    /// Sets the score; if not set it is cosine.
    #[must_use]
    pub fn score_by(self, score_by: ScoreBy) -> Self {
        Self { score_by: Some(score_by), ..self }
    }

    /// Asks what acts against the query: the most negative score comes first, with its own sign.
    #[must_use]
    pub fn reverse(self) -> Self {
        Self { reverse: true, ..self }
    }

    /// Leaves out of each answer the signature of the query's own id.
    #[must_use]
    pub fn exclude_self(self) -> Self {
        Self { exclude_self: true, ..self }
    }

    /// Sets how many hits to return.
    #[must_use]
    pub fn top(self, top: usize) -> Self {
        Self { top, ..self }
    }

    /// Sets how a drug's score is made of its signatures' scores.
    #[must_use]
    pub fn score(self, score: DrugScore) -> Self {
        Self { score, ..self }
    }

    /// Keeps signatures that pass a filter. Several filters must all hold.
    #[must_use]
    pub fn filter(self, filter: Filter) -> Self {
        Self { filter: Some(filter.after(self.filter)), ..self }
    }

    /// Tells of each reading of the file.
    #[must_use]
    pub fn progress(self, progress: &'a dyn Progress) -> Self {
        Self { progress, ..self }
    }

    /// Returns the names of the further scores that hits have, by a score or by the one that is the default.
    pub fn further(score_by: Option<ScoreBy>) -> Vec<&'static str> {
        let is_made_of_sets = score_by.is_some_and(|by| by.weights().is_some());
        if is_made_of_sets { connectivity::COLUMNS.to_vec() } else { Vec::new() }
    }

    /// Returns in words what is done with a query of such genes, for a title.
    pub fn description(score_by: Option<ScoreBy>, reverse: bool, genes: Option<GenesAsked>) -> String {
        let by = score_by.unwrap_or(DEFAULT).description();
        let genes = genes.map(|genes| format!(", {genes}")).unwrap_or_default();
        format!("{by} in gene space{genes}{}", if reverse { ", the most negative first" } else { "" })
    }

    /// Checks that the score is one of this kind of question.
    ///
    /// # Errors
    /// [`QuestionError::OnlyInGeneSpace`] and [`QuestionError::OnlyOfProfiles`].
    pub fn check(&self, of_gene_sets: bool) -> Result<(), QuestionError> {
        let by = self.by();
        if by.is_in_gene_space() { by.check(of_gene_sets) } else { Err(QuestionError::OnlyInGeneSpace) }
    }

    fn by(&self) -> ScoreBy {
        self.score_by.unwrap_or(DEFAULT)
    }

    /// Returns the best drugs of each query.
    ///
    /// # Errors
    /// A score of embeddings or of another kind of question; a question of what a database holds; those of [`Scan::run`].
    pub fn drugs(&mut self, question: &Question) -> Result<Answers<DrugHit>, QuestionError> {
        self.answers(question)
    }

    /// Returns the best signatures of each query.
    ///
    /// # Errors
    /// As [`drugs`](Self::drugs), but that drugs need not be known.
    pub fn signatures(&mut self, question: &Question) -> Result<Answers<SignatureHit>, QuestionError> {
        self.answers(question)
    }

    /// Returns the score of every signature for each query.
    ///
    /// # Errors
    /// As [`signatures`](Self::signatures).
    pub fn signature_scores(&mut self, question: &Question) -> Result<Scores, QuestionError> {
        let Asked { ids, scores, broken, .. } = self.asked(question)?;
        let sign = if self.reverse { -1.0 } else { 1.0 };
        let mut scan = self.scan(&ids, &scores);
        let places = scan.places()?;
        let (queries, width) = (scores.len(), places.len());
        let mut values = vec![f32::NAN; queries * width];
        scan.each(|first, block| -> Result<(), ScanError> {
            for (place, of_signature) in block.chunks_exact(queries).enumerate() {
                for (query, &score) in of_signature.iter().enumerate() {
                    values[query * width + first + place] = sign * score;
                }
            }
            Ok(())
        })?;
        drop(scan);
        let name = |place: usize| self.matrix.signatures()[place].sig_id.clone();
        let table = ScoreTable::new(places.into_iter().map(name).collect(), values);
        Ok(Scores { queries: ids, table, broken })
    }

    fn answers<H: Hit>(&mut self, question: &Question) -> Result<Answers<H>, QuestionError> {
        let Asked { ids, scores, genes, sets, broken } = self.asked(question)?;
        let mut hits = H::scan(&mut self.scan(&ids, &scores))?;
        if self.reverse {
            hits.iter_mut().flatten().for_each(Hit::turn);
        }
        for (sets, hits) in sets.iter().zip(&mut hits) {
            self.add_enrichment(sets, hits)?;
        }
        let answer = |((query, hits), genes)| Answer::new(query, hits, Some(genes));
        let answers = ids.into_iter().zip(hits).zip(genes).map(answer).collect();
        Ok(Answers { answers, broken, notes: Vec::new() })
    }

    /// Adds enrichment scores, for which the profiles of the hits are read again.
    fn add_enrichment<H: Hit>(&mut self, sets: &WtcsQuery, hits: &mut [H]) -> Result<(), QuestionError> {
        let ids: Vec<&str> = hits.iter().map(Hit::sig_id).collect();
        let (profiles, genes) = (self.matrix.profiles_of(&ids)?, self.matrix.genes().max(1));
        let mut scratch = Scratch::default();
        for (hit, profile) in hits.iter_mut().zip(profiles.chunks_exact(genes)) {
            connectivity::add_first(hit, sets.enrichment(profile, &mut scratch));
        }
        Ok(())
    }

    fn scan<'q>(&'q mut self, ids: &[String], scores: &'q [Box<dyn Score>]) -> Scan<'q> {
        let scan = self.matrix.scan(scores).top(self.top).score(self.score).progress(self.progress);
        let scan = if self.exclude_self { scan.without(ids) } else { scan };
        match &self.filter {
            Some(filter) => scan.filter(filter.clone()),
            None => scan,
        }
    }

    fn asked(&self, question: &Question) -> Result<Asked, QuestionError> {
        self.check(matches!(question, Question::GeneSets(_)))?;
        let (over, by) = (ScoredGenes::Rows(self.matrix.genes()), self.by());
        let mut asked = Asked::default();
        match question {
            Question::Profiles(profiles) => {
                for (query, id) in profiles.ids().iter().enumerate() {
                    let profile = self.matrix.profile_in(profiles.profile(query), profiles.universe());
                    asked.add(id, Scored::of_profile(by, id, &profile, over), self.reverse);
                }
            }
            Question::GeneSets(sets) => {
                for set in sets {
                    let scored = |sets| Scored::of_sets(by, &set.name, &sets, over);
                    asked.add(&set.name, self.sets(set).and_then(scored), self.reverse);
                }
            }
            Question::Signatures(_) | Question::Drug { .. } => return Err(QuestionError::OnlyOfDatabase),
        }
        Ok(asked)
    }

    fn sets(&self, set: &GeneSet) -> Result<GeneSets, QuestionError> {
        let genes = |side: &Option<SetSide>| side.as_ref().map_or(Vec::new(), |side| side.genes.clone());
        Ok(self.matrix.gene_sets_in(&genes(&set.up), &genes(&set.down), set.universe)?)
    }
}

impl Asked {
    fn add(&mut self, id: &str, scored: Result<Scored, QuestionError>, reverse: bool) {
        match scored {
            Err(error) => self.broken.push(Broken { query: id.to_owned(), error }),
            Ok(Scored { score, genes, sets }) => {
                self.ids.push(id.to_owned());
                self.scores.push(turned(score, reverse));
                self.genes.push(genes);
                self.sets.extend(sets);
            }
        }
    }
}
