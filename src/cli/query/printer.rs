//! Answers to queries, printed.

use std::io::Write;

use l1kdb::annotate::AtcNames;
use l1kdb::db::{Db, DbError, DrugScore, Filter, Search};
use l1kdb::profile::GeneSet;
use l1kdb::question::{
    Answer, Answers, Ask, Broken, CmapChain, GenesAsked, Question, Rerank, SameCell, ScoreBy,
};
use l1kdb::report::{By, Hits};
use rayon::prelude::*;

use super::genes::references;
use super::scores::ScoreFile;
use super::{Outcome, width};
use crate::cli::args::{ByArg, FormatArg, QueryArgs, RerankArg, SameCellArg, ScoreArg, ScoreByArg};
use crate::cli::{line, note};

/// Asks a database and prints the answers in the format asked for.
pub(super) struct Printer<'a> {
    pub db: &'a Db,
    pub args: &'a QueryArgs,
    pub ask: Ask<'a>,
    pub filter: Option<Filter>,
    pub outcome: Outcome,
    names: AtcNames,
    width: usize,
    has_header: bool,
    scores: Option<ScoreFile<'a>>,
}

impl<'a> Printer<'a> {
    /// Looks up what is the same for all queries.
    pub fn new(db: &'a Db, args: &'a QueryArgs) -> anyhow::Result<Self> {
        let names = match args.format {
            // Codes alone are printed.
            FormatArg::Tsv => AtcNames::default(),
            FormatArg::Json | FormatArg::Table => db.atc_names()?,
        };
        let filter = filter(db, args)?;
        let scores = args.out.as_deref().map(ScoreFile::new).transpose()?;
        let (ask, outcome) =
            (ask(db, args, filter.clone(), references(args, db.universe())?), Outcome::default());
        Ok(Self { db, args, ask, filter, outcome, names, width: width(), has_header: false, scores })
    }

    /// Asks a question and prints the answers.
    pub fn answer(&mut self, ask: &Ask, question: &Question, out: &mut dyn Write) -> anyhow::Result<()> {
        let left = match question {
            Question::Drug { name, .. } => Some(name.as_str()),
            _ => None,
        };
        if let Some(file) = &mut self.scores {
            let scores = match self.args.by {
                ByArg::Drug => ask.drug_scores(question)?,
                ByArg::Signature => ask.signature_scores(question)?,
            };
            file.add(&scores.queries, &scores.table)?;
        }
        let (answers, broken, notes) = match self.args.by {
            ByArg::Drug => printed(ask.drugs(question)?, Hits::Drugs),
            ByArg::Signature => printed(ask.signatures(question)?, Hits::Signatures),
        };
        notes.iter().for_each(|text| note(&format!("note: {text}")));
        self.outcome.answered += answers.len();
        self.outcome.found |= answers.iter().any(|answer| !answer.hits.is_empty());
        broken.into_iter().for_each(|broken| self.outcome.broke(broken.error));
        if let [answer] = &answers[..] {
            // One query starts no threads.
            let text = self.text(answer, left)?;
            self.header(out)?;
            return Ok(out.write_all(&text)?);
        }
        let texts: Vec<_> = answers.par_iter().map(|answer| self.text(answer, left)).collect();
        for text in texts {
            let text = text?;
            self.header(out)?;
            out.write_all(&text)?;
        }
        Ok(())
    }

    /// Says what came of all queries.
    ///
    /// # Errors
    /// What is wrong with the first, where none could be asked.
    pub fn finish(mut self, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let outcome = std::mem::take(&mut self.outcome).settle()?;
        self.header(out)?;
        self.scores.take().map_or(Ok(()), ScoreFile::finish)?;
        Ok(outcome)
    }

    /// Writes what stands above all answers, before the first of them: an error is the only thing that is said.
    fn header(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        if !std::mem::replace(&mut self.has_header, true) && self.args.format == FormatArg::Tsv {
            by(self.args).write_header(out, &self.ask.further()?)?;
        }
        Ok(())
    }

    /// An answer as it is printed.
    fn text(&self, answer: &Printed, left: Option<&str>) -> anyhow::Result<Vec<u8>> {
        let Printed { query, hits, .. } = answer;
        let mut text = Vec::new();
        match self.args.format {
            FormatArg::Tsv => hits.write_tsv(&mut text, query)?,
            FormatArg::Json => hits.write_json(&mut text, query, &self.names)?,
            FormatArg::Table => {
                line(&mut text, &self.title(answer, left)?)?;
                hits.write_table(&mut text, &self.names, self.width)?;
                writeln!(text)?;
            }
        }
        Ok(text)
    }

    /// What is asked, and of how much: without N a rank means nothing.
    fn title(&self, answer: &Printed, left: Option<&str>) -> Result<String, DbError> {
        let query = &answer.query;
        let known = self.db.signature(query)?.map_or_else(String::new, |(signature, drug)| {
            let parts = [drug.name, signature.cell_id, signature.pert_dose, signature.pert_time];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!(" ({})", parts.join(", "))
        });
        let filters: Vec<String> =
            self.args.filter.iter().map(|filter| format!("; {}", in_title(filter))).collect();
        let (signatures, drugs) = (self.db.signatures(), self.db.drugs()?);
        let left = left.map(|drug| format!("; without {drug} itself")).unwrap_or_default();
        let filters = filters.concat();
        let by = match self.ask.description(answer.genes) {
            by if by.is_empty() => by,
            by => format!("; {by}"),
        };
        Ok(format!("{query}{known} against {signatures} signatures of {drugs} drugs{filters}{left}{by}"))
    }
}

/// An answer with hits of either kind.
struct Printed {
    query: String,
    hits: Hits,
    genes: Option<GenesAsked>,
}

fn printed<H>(answers: Answers<H>, hits: fn(Vec<H>) -> Hits) -> (Vec<Printed>, Vec<Broken>, Vec<String>) {
    let of =
        |answer: Answer<H>| Printed { query: answer.query, hits: hits(answer.hits), genes: answer.genes };
    (answers.answers.into_iter().map(of).collect(), answers.broken, answers.notes)
}

/// How the options say to ask.
fn ask<'a>(db: &'a Db, args: &QueryArgs, filter: Option<Filter>, references: Vec<GeneSet>) -> Ask<'a> {
    let mut ask = Ask::new(db).top(args.top).score(score(args)).search(search(args));
    if let Some(by) = args.score_by {
        ask = ask.score_by(by.into());
    }
    if args.reverse {
        ask = ask.reverse();
    }
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

/// All filters as one.
fn filter(db: &Db, args: &QueryArgs) -> Result<Option<Filter>, DbError> {
    let filters = args.filter.iter().map(|text| db.parse_filter(text)).collect::<Result<Vec<_>, _>>()?;
    Ok(filters.into_iter().reduce(Filter::and))
}

/// A filter as the title of a table has it: as typed, without blanks around the `=` behind its key.
fn in_title(filter: &str) -> String {
    match filter.split_once('=') {
        Some((key, values)) if !key.ends_with(['!', '^', '<', '>']) => {
            format!("{}={}", key.trim(), values.trim())
        }
        _ => filter.trim().to_owned(),
    }
}

fn by(args: &QueryArgs) -> By {
    match args.by {
        ByArg::Drug => By::Drug,
        ByArg::Signature => By::Signature,
    }
}

fn search(args: &QueryArgs) -> Search {
    match (args.exact, args.ann) {
        (true, _) => Search::Exact,
        (_, true) => Search::Ann,
        _ => Search::Auto,
    }
}

fn score(args: &QueryArgs) -> DrugScore {
    match args.score {
        ScoreArg::BestQuarter => DrugScore::BestQuarter,
        ScoreArg::Max => DrugScore::Max,
        ScoreArg::Mean => DrugScore::Mean,
        ScoreArg::MaxQuantile => DrugScore::MaxQuantile,
    }
}
