//! Answers to queries, printed.

use std::io::{self, Write};

use l1kdb::annotate::AtcNames;
use l1kdb::connectivity::Score;
use l1kdb::db::{Db, DbError, DrugScore, Filter, Search};
use l1kdb::profile::GENES;
use l1kdb::report::{By, Hits};
use rayon::prelude::*;

use super::gene_space::GeneSpaceScore;
use super::width;
use crate::cli::args::{ByArg, FormatArg, QueryArgs, ScoreArg};
use crate::cli::line;

/// Answers queries and prints them in the format asked for.
pub(super) struct Printer<'a> {
    pub db: &'a Db,
    pub args: &'a QueryArgs,
    /// The score in gene space, where that was asked for, and the genes that the queries have.
    pub gene_space: Option<GeneSpaceScore>,
    pub genes: usize,
    pub filter: Option<Filter>,
    names: AtcNames,
    width: usize,
}

/// What is asked with.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    /// Embeddings, row by row.
    Embeddings(&'a [f32]),
    /// Scores of profiles, one a query.
    Scores(&'a [Box<dyn Score>]),
}

/// What is left out of the answers to some queries.
#[derive(Debug, Clone, Copy)]
pub(super) enum Left<'a> {
    Nothing,
    /// Of each, the signature of its own id.
    Own,
    /// Of all, this drug.
    Drug(&'a str),
}

impl<'a> Printer<'a> {
    /// Looks up what is the same for all queries.
    pub fn new(db: &'a Db, args: &'a QueryArgs) -> anyhow::Result<Self> {
        let names = match args.format {
            // Codes alone are printed.
            FormatArg::Tsv => AtcNames::default(),
            FormatArg::Json | FormatArg::Table => db.atc_names()?,
        };
        let (filter, gene_space) = (filter(db, args)?, GeneSpaceScore::of(args)?);
        Ok(Self { db, args, filter, names, width: width(), gene_space, genes: GENES })
    }

    /// Writes what stands above all answers.
    pub fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.args.format == FormatArg::Tsv { by(self.args).write_header(out) } else { Ok(()) }
    }

    /// Answers a block of queries; whether any found something.
    pub fn answer(
        &self,
        ids: &[String],
        asked: Asked<'_>,
        left: Left<'_>,
        out: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        let answers = self.ask(ids, asked, left)?;
        let found = answers.iter().any(|hits| !hits.is_empty());
        if let ([id], [hits]) = (ids, &answers[..]) {
            // One query starts no threads.
            out.write_all(&self.text(id, hits, left)?)?;
            return Ok(found);
        }
        let texts: Vec<_> =
            ids.par_iter().zip(answers).map(|(id, hits)| self.text(id, &hits, left)).collect();
        for text in texts {
            out.write_all(&text?)?;
        }
        Ok(found)
    }

    fn ask(&self, ids: &[String], asked: Asked<'_>, left: Left<'_>) -> Result<Vec<Hits>, DbError> {
        let args = self.args;
        let queries = match asked {
            Asked::Embeddings(embeddings) => self.db.queries(embeddings),
            Asked::Scores(scores) => self.db.queries_by(scores),
        };
        let mut queries = queries.top(args.top).score(score(args)).search(search(args));
        if let Some(filter) = &self.filter {
            queries = queries.filter(filter.clone());
        }
        queries = match left {
            Left::Nothing => queries,
            Left::Own => queries.without(ids),
            Left::Drug(drug) => queries.without_drug(drug),
        };
        let mut answers: Vec<Hits> = match args.by {
            ByArg::Drug => queries.run()?.into_iter().map(Hits::Drugs).collect(),
            ByArg::Signature => queries.signatures()?.into_iter().map(Hits::Signatures).collect(),
        };
        if self.gene_space.is_some_and(|score| score.reverse) {
            answers.iter_mut().for_each(turn_back);
        }
        Ok(answers)
    }

    /// An answer as it is printed.
    fn text(&self, id: &str, hits: &Hits, left: Left<'_>) -> anyhow::Result<Vec<u8>> {
        let mut text = Vec::new();
        match self.args.format {
            FormatArg::Tsv => hits.write_tsv(&mut text, id)?,
            FormatArg::Json => hits.write_json(&mut text, id, &self.names)?,
            FormatArg::Table => {
                line(&mut text, &self.title(id, left)?)?;
                hits.write_table(&mut text, &self.names, self.width)?;
                writeln!(text)?;
            }
        }
        Ok(text)
    }

    /// What is asked, and of how much: without N a rank means nothing.
    fn title(&self, id: &str, left: Left<'_>) -> Result<String, DbError> {
        let known = self.db.signature(id)?.map_or_else(String::new, |(signature, drug)| {
            let parts = [drug.name, signature.cell_id, signature.pert_dose, signature.pert_time];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!(" ({})", parts.join(", "))
        });
        let filters: Vec<String> =
            self.args.filter.iter().map(|filter| format!("; {}", in_title(filter))).collect();
        let (signatures, drugs) = (self.db.signatures(), self.db.drugs()?);
        let left = match left {
            Left::Drug(drug) => format!("; without {drug} itself"),
            Left::Nothing | Left::Own => String::new(),
        };
        let filters = filters.concat();
        let by = self.gene_space.map(|score| format!("; {}", score.title(self.genes))).unwrap_or_default();
        Ok(format!("{id}{known} against {signatures} signatures of {drugs} drugs{filters}{left}{by}"))
    }
}

/// Gives scores their own sign again, which were ranked by the opposite.
fn turn_back(hits: &mut Hits) {
    match hits {
        Hits::Drugs(hits) => hits.iter_mut().for_each(|hit| {
            (hit.score, hit.best_similarity) = (-hit.score, -hit.best_similarity);
        }),
        Hits::Signatures(hits) => hits.iter_mut().for_each(|hit| hit.similarity = -hit.similarity),
    }
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
