//! Questions to a database, as the options say to ask.

use l1kdb::annotate::AtcNames;
use l1kdb::db::{CalibrationOf, Db, Filter, Search};
use l1kdb::embed::EngineOptions;
use l1kdb::profile::{GeneSet, Universe};
use l1kdb::question::{
    Ask, CmapChain, GenesAsked, Overviews, Question, QuestionError, Rerank, SameCell, ScoreBy, Scores,
};
use l1kdb::report::{By, Hits, Provenance};

use super::target::{Batch, Target, filter, note_nothing};
use crate::cli::args::{ByArg, EngineArgs, FormatArg, QueryArgs, RerankArg, SameCellArg, ScoreByArg};
use crate::cli::engine::DatabaseNetwork;
use crate::cli::provenance::of_answers;
use crate::cli::question::of_tau;

/// Queries that are answered together before their answers are printed, and hits of all of them.
const TOGETHER: usize = 1024;
const HITS_TOGETHER: usize = 1 << 16;

/// A database with what is asked of it.
pub(super) struct Database<'a> {
    db: &'a Db,
    args: &'a QueryArgs,
    ask: Ask<'a>,
    filter: Option<Filter>,
    /// The network, where it is needed.
    network: DatabaseNetwork,
    engine: EngineOptions,
}

impl<'a> Database<'a> {
    /// Looks up what is the same for all questions.
    pub fn new(db: &'a Db, args: &'a QueryArgs, engine: &EngineArgs) -> anyhow::Result<Self> {
        let filter = filter(args, |text| db.parse_filter(text))?;
        let references = of_tau(args.tau_references.as_deref(), &args.question, db.universe())?;
        let ask = ask(db, args, filter.clone(), references);
        ask.check(args.question.is_of_sets())?;
        Ok(Self { db, args, ask, filter, network: DatabaseNetwork::default(), engine: engine.options() })
    }

    /// Whether what makes answers doubtful is told.
    fn looks_for_doubts(&self) -> bool {
        self.args.doubts || self.args.format == FormatArg::Table
    }

    fn with_network(&self) -> Ask<'_> {
        match self.network.model() {
            Some(model) => self.ask.clone().model(model),
            None => self.ask.clone(),
        }
    }
}

impl Target for Database<'_> {
    fn universe(&self) -> Universe {
        self.db.universe()
    }

    fn is_in_gene_space(&self) -> bool {
        self.ask.is_in_gene_space()
    }

    fn load_network(&mut self, engine: &EngineArgs) -> anyhow::Result<()> {
        self.network.load_for(&self.ask, self.db, &engine.options())
    }

    fn start_network(&self) -> anyhow::Result<()> {
        self.network.start()
    }

    fn note_engine(&self) {
        self.network.note();
    }

    fn most_together(&self) -> usize {
        (HITS_TOGETHER / self.args.top.max(1)).clamp(1, TOGETHER)
    }

    fn atc_names(&self) -> anyhow::Result<AtcNames> {
        Ok(self.db.atc_names()?)
    }

    fn further(&self) -> anyhow::Result<Vec<&'static str>> {
        let mut names = match (self.args.by(), self.args.question.is_of_sets()) {
            (ByArg::Class, _) => return Ok(Vec::new()),
            (ByArg::Signature, _) => self.ask.further()?,
            (ByArg::Drug, true) => self.ask.further_of_drugs(CalibrationOf::GeneSets)?,
            (ByArg::Drug, false) => self.ask.further_of_drugs(CalibrationOf::Profiles)?,
        };
        names.extend((!self.db.sources().is_empty()).then_some("source"));
        Ok(names)
    }

    fn answers(&mut self, question: &Question) -> anyhow::Result<Batch> {
        let ask = self.with_network();
        Ok(match self.args.by() {
            ByArg::Drug => {
                let found = ask.drugs(question)?;
                let doubts =
                    self.looks_for_doubts().then(|| ask.doubts(question, &found.answers)).transpose()?;
                let batch = Batch::new(found, Hits::Drugs);
                match doubts {
                    Some(doubts) => batch.doubted(doubts),
                    None => batch,
                }
            }
            ByArg::Signature => Batch::new(ask.signatures(question)?, Hits::Signatures),
            ByArg::Class => Batch::of_classes(ask.classes(question)?),
        })
    }

    fn overviews(&mut self, question: &Question, most: usize) -> anyhow::Result<Overviews> {
        // Genes are explained by the network, of stored queries too.
        self.network.load_for(&self.ask, self.db, &self.engine)?;
        Ok(self.with_network().overviews(question, most)?)
    }

    fn provenance(&self) -> anyhow::Result<Provenance> {
        of_answers(self.db.path(), &self.args.question, self.network.model())
    }

    fn scores(&mut self, question: &Question) -> anyhow::Result<Scores> {
        let ask = self.with_network();
        Ok(match self.args.by() {
            ByArg::Drug => ask.drug_scores(question)?,
            ByArg::Signature => ask.signature_scores(question)?,
            ByArg::Class => Err(QuestionError::OnlyOfHits)?,
        })
    }

    fn by(&self) -> By {
        match self.args.by() {
            ByArg::Drug => By::Drug,
            ByArg::Signature => By::Signature,
            ByArg::Class => By::Class,
        }
    }

    fn title(&self, query: &str, genes: Option<GenesAsked>, left: Option<&str>) -> anyhow::Result<String> {
        let known = self.db.signature(query)?.map_or_else(String::new, |(signature, drug)| {
            let parts = [drug.name, signature.cell_id, signature.pert_dose, signature.pert_time];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!(" ({})", parts.join(", "))
        });
        let (signatures, drugs) = (self.db.signatures(), self.db.drugs()?);
        let left = left.map(|drug| format!("; without {drug} itself")).unwrap_or_default();
        let filters = self.args.filters_in_title();
        let by = match self.ask.description(genes) {
            by if by.is_empty() => by,
            by => format!("; {by}"),
        };
        Ok(format!("{query}{known} against {signatures} signatures of {drugs} drugs{filters}{left}{by}"))
    }

    fn note_nothing_left(&self) -> anyhow::Result<()> {
        let Some(filter) = &self.filter else { return Ok(()) };
        note_nothing(&self.db.filter_steps(filter)?);
        Ok(())
    }
}

/// How the options say to ask.
fn ask<'a>(db: &'a Db, args: &QueryArgs, filter: Option<Filter>, references: Vec<GeneSet>) -> Ask<'a> {
    let mut ask = Ask::new(db).top(args.top).score(args.score.into()).search(search(args));
    if let Some(by) = args.score_by {
        ask = ask.score_by(by.into());
    }
    if args.reverse {
        ask = ask.reverse();
    }
    ask = ask.hubness(args.hubness.into());
    if args.exclude_self {
        ask = ask.exclude_self();
    }
    if let Some(rerank) = rerank(args) {
        ask = ask.rerank(rerank);
    }
    if args.cmap {
        ask = ask.cmap(CmapChain::new().references(references));
    }
    if args.exclude_plate {
        ask = ask.exclude_plate();
    }
    if let Some(cell) = &args.cell {
        ask = ask.cell_line(cell);
    }
    ask = ask.same_cell(match args.same_cell {
        SameCellArg::Ignore => SameCell::Ignore,
        SameCellArg::Prefer => SameCell::Prefer,
        SameCellArg::Only => SameCell::Only,
    });
    match filter {
        Some(filter) => ask.filter(filter),
        None => ask,
    }
}

fn rerank(args: &QueryArgs) -> Option<Rerank> {
    let by = match args.rerank {
        RerankArg::None if args.reverse && args.score_by == Some(ScoreByArg::Embedding) => ScoreBy::Cosine,
        RerankArg::None => return None,
        RerankArg::Cosine => ScoreBy::Cosine,
        RerankArg::Wtcs => ScoreBy::Wtcs,
    };
    Some(Rerank::new(by).candidates(args.candidates))
}

fn search(args: &QueryArgs) -> Search {
    match (args.exact, args.ann) {
        (true, _) => Search::Exact,
        (_, true) => Search::Ann,
        _ => Search::Auto,
    }
}
