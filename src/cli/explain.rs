//! `l1kdb explain`: which genes carry the agreement of a query and a hit?

use std::io::Write;

use l1kdb::db::{Db, Filter};
use l1kdb::explain::Side;
use l1kdb::profile::Universe;
use l1kdb::question::{Ask, Explained, Question};
use l1kdb::report::{ExplanationReport, explanation_page};

use super::args::{EngineArgs, ExplainArgs, FormatArg};
use super::engine::DatabaseNetwork;
use super::note;
use super::page::write_page;
use super::provenance::of_answers;
use super::query::width;
use super::question::{self, Asker, Outcome};

/// Queries that are explained together.
const TOGETHER: usize = 64;
/// Hits that a page holds; more are printed only.
const ON_PAGE: usize = 100;

/// Runs `l1kdb explain`: what came of it.
pub fn run(args: &ExplainArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let db = Db::open(&args.db)?;
    let ask = ask(&db, args)?;
    ask.check(args.question.is_of_sets())?;
    let mut explainer = Explainer {
        db: &db,
        args,
        ask,
        network: DatabaseNetwork::default(),
        outcome: Outcome::default(),
        on_page: Vec::new(),
        left_out: 0,
        has_header: false,
    };
    // Stored queries are explained by the network too.
    explainer.load_network(engine)?;
    question::put((&args.question, &args.read), &mut explainer, engine, out)?;
    explainer.finish()
}

fn ask<'a>(db: &'a Db, args: &ExplainArgs) -> anyhow::Result<Ask<'a>> {
    let mut ask = Ask::new(db);
    if let Some(by) = args.score_by {
        ask = ask.score_by(by.into());
    }
    if args.reverse {
        ask = ask.reverse();
    }
    let filters = args.filter.iter().map(|text| db.parse_filter(text)).collect::<Result<Vec<_>, _>>()?;
    Ok(match filters.into_iter().reduce(Filter::and) {
        Some(filter) => ask.filter(filter),
        None => ask,
    })
}

/// A database with what is explained of it.
struct Explainer<'a> {
    db: &'a Db,
    args: &'a ExplainArgs,
    ask: Ask<'a>,
    /// The network, where it is needed.
    network: DatabaseNetwork,
    outcome: Outcome,
    /// What the page will hold.
    on_page: Vec<Explained>,
    /// Hits that the page has no room for.
    left_out: usize,
    has_header: bool,
}

impl Asker for Explainer<'_> {
    fn universe(&self) -> Universe {
        self.db.universe()
    }

    fn is_in_gene_space(&self) -> bool {
        self.ask.is_in_gene_space()
    }

    fn wants_cell_lines(&self) -> bool {
        false
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

    fn together(&self) -> usize {
        TOGETHER
    }

    fn put(&mut self, question: &Question, out: &mut dyn Write) -> anyhow::Result<()> {
        let side = Side::from(self.args.explain_side);
        let explained = match self.network.model() {
            Some(model) => self.ask.clone().model(model).explain(question, &self.args.hit, side)?,
            None => self.ask.explain(question, &self.args.hit, side)?,
        };
        self.outcome.answered += explained.answers.len();
        explained.broken.into_iter().for_each(|broken| self.outcome.broke(broken.error));
        for hit in explained.answers.into_iter().flat_map(|answer| answer.hits) {
            self.print(&hit, out)?;
            self.keep(hit);
        }
        Ok(())
    }

    fn outcome(&mut self) -> &mut Outcome {
        &mut self.outcome
    }
}

impl Explainer<'_> {
    fn print(&mut self, explained: &Explained, out: &mut dyn Write) -> anyhow::Result<()> {
        self.outcome.found = true;
        let report = ExplanationReport::new(explained, self.args.genes);
        let is_first = !std::mem::replace(&mut self.has_header, true);
        match self.args.format {
            FormatArg::Tsv if is_first => {
                ExplanationReport::write_header(out)?;
                report.write_tsv(out)?;
            }
            FormatArg::Tsv => report.write_tsv(out)?,
            FormatArg::Json => report.write_json(out)?,
            FormatArg::Table => {
                report.write_table(out, width())?;
                writeln!(out)?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, explained: Explained) {
        match self.args.report {
            Some(_) if self.on_page.len() < ON_PAGE => self.on_page.push(explained),
            Some(_) => self.left_out += 1,
            None => (),
        }
    }

    /// Says what came of all queries, and writes the page where one is asked for.
    fn finish(mut self) -> anyhow::Result<Outcome> {
        let outcome = std::mem::take(&mut self.outcome).settle()?;
        if let Some(path) = &self.args.report {
            let page = explanation_page(
                &self.on_page,
                self.args.genes,
                &of_answers(&self.args.db, &self.args.question, self.network.model())?,
            );
            write_page(path, &page)?;
            if self.left_out > 0 {
                note(&format!("note: {}: {} hits more are not on the page", path.display(), self.left_out));
            }
        }
        Ok(outcome)
    }
}
