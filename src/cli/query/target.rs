//! What is asked: a database, or a matrix file.

use l1kdb::annotate::AtcNames;
use l1kdb::db::{Filter, FilterSteps};
use l1kdb::enrichment::ClassHit;
use l1kdb::profile::Universe;
use l1kdb::question::{Answer, Answers, Broken, Doubt, GenesAsked, Overviews, Question, Scores};
use l1kdb::report::{By, Hits, Provenance};

use crate::cli::args::{EngineArgs, QueryArgs};
use crate::cli::note;

/// What is asked.
pub(super) trait Target {
    /// Returns the genes that gene sets are mapped to, and profiles are read of.
    fn universe(&self) -> Universe;

    /// Tells whether profiles are compared gene by gene, alone or beside embeddings.
    fn is_in_gene_space(&self) -> bool;

    /// Loads the network, where profiles are asked with by embedding.
    fn load_network(&mut self, _: &EngineArgs) -> anyhow::Result<()> {
        Ok(())
    }

    /// Starts the network's engine.
    fn start_network(&self) -> anyhow::Result<()> {
        Ok(())
    }

    /// Passes on what the engine has to say.
    fn note_engine(&self) {}

    /// Returns the most queries that are asked together.
    fn most_together(&self) -> usize;

    /// Returns names of ATC classes.
    fn atc_names(&self) -> anyhow::Result<AtcNames>;

    /// Returns what is ranked.
    fn by(&self) -> By;

    /// Returns the names of columns of further scores.
    fn further(&self) -> anyhow::Result<Vec<&'static str>>;

    /// Asks a question.
    fn answers(&mut self, question: &Question) -> anyhow::Result<Batch>;

    /// Answers the first queries of a question, `most` of them, with all that helps to read the answers.
    fn overviews(&mut self, question: &Question, most: usize) -> anyhow::Result<Overviews>;

    /// Returns where the answers come from, for a page.
    fn provenance(&self) -> anyhow::Result<Provenance>;

    /// Scores everything for a question.
    fn scores(&mut self, question: &Question) -> anyhow::Result<Scores>;

    /// Returns what is asked, and of how much: without N a rank means nothing. `left` is the drug that is left out.
    fn title(&self, query: &str, genes: Option<GenesAsked>, left: Option<&str>) -> anyhow::Result<String>;

    /// Says what each part of the filter leaves, where nothing is left of all.
    fn note_nothing_left(&self) -> anyhow::Result<()>;
}

/// Reads all filters that were typed as one.
pub(super) fn filter<E>(
    args: &QueryArgs,
    read: impl Fn(&str) -> Result<Filter, E>,
) -> Result<Option<Filter>, E> {
    let filters = args.filter.iter().map(|text| read(text)).collect::<Result<Vec<_>, E>>()?;
    Ok(filters.into_iter().reduce(Filter::and))
}

/// Says what each part of a filter leaves, where nothing is left of all.
pub(super) fn note_nothing(steps: &FilterSteps) {
    if steps.rows() == 0 {
        note(&format!("note: no signature passes the filter: {steps}"));
    }
}

/// An answer with hits of either kind.
pub(super) struct Printed {
    pub query: String,
    pub hits: Hits,
    pub genes: Option<GenesAsked>,
    /// What makes it doubtful, where that was asked for.
    pub doubts: Option<Vec<Doubt>>,
}

/// The answers to a question.
pub(super) struct Batch {
    pub answers: Vec<Printed>,
    pub broken: Vec<Broken>,
    pub notes: Vec<String>,
}

impl Batch {
    /// Joins answers and what makes them doubtful.
    pub fn doubted(mut self, doubts: Vec<Vec<Doubt>>) -> Self {
        self.answers.iter_mut().zip(doubts).for_each(|(answer, doubts)| answer.doubts = Some(doubts));
        self
    }

    /// Takes answers with classes.
    pub fn of_classes(answers: Answers<ClassHit>) -> Self {
        let of = |answer: Answer<ClassHit>| {
            let hits = Hits::Classes(answer.hits, answer.calls);
            Printed { query: answer.query, hits, genes: answer.genes, doubts: None }
        };
        let (broken, notes) = (answers.broken, answers.notes);
        Self { answers: answers.answers.into_iter().map(of).collect(), broken, notes }
    }

    /// Takes answers with hits of one kind.
    pub fn new<H>(answers: Answers<H>, hits: fn(Vec<H>) -> Hits) -> Self {
        let of = |answer: Answer<H>| {
            let (hits, doubts) = (hits(answer.hits), None);
            Printed { query: answer.query, hits, genes: answer.genes, doubts }
        };
        let (broken, notes) = (answers.broken, answers.notes);
        Self { answers: answers.answers.into_iter().map(of).collect(), broken, notes }
    }
}
