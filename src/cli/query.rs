use std::io::{IsTerminal, Write};

use anyhow::bail;
use l1kdb::annotate::{AtcNames, nearest};
use l1kdb::db::{Db, DbError, DrugScore, Search};
use l1kdb::embed::Embeddings;
use l1kdb::profile::{ProfileMatrix, ProfileReader};
use l1kdb::progress::Progress;
use l1kdb::report::{By, Hits};
use rayon::prelude::*;

use super::args::{ByArg, EngineArgs, FormatArg, QueryArgs, ScoreArg};
use super::progress::Bars;
use super::{engine, line, reading};

/// Queries that are answered together before their answers are printed, and hits of all of them.
const TOGETHER: usize = 1024;
const HITS_TOGETHER: usize = 1 << 16;

/// Width of a table that is not printed to a terminal.
const WIDTH: usize = 150;

/// Runs `l1kdb query`: whether anything was found.
pub fn run(args: &QueryArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let db = Db::open(&args.db)?;
    let filters = filters(&db, args)?;
    let model = db.model(&engine.options())?;
    let mut reader = ProfileReader::open(&args.profiles, &args.read.options())?;
    if !args.id.is_empty() {
        reader.select(&rows(reader.ids(), args)?)?;
    }
    model.prepare()?;
    let names = match args.format {
        // Codes alone are printed.
        FormatArg::Tsv => AtcNames::default(),
        FormatArg::Json | FormatArg::Table => db.atc_names()?,
    };
    let printer = Printer { db: &db, args, filters, names, width: width() };
    if args.format == FormatArg::Tsv {
        by(args).write_header(out)?;
    }
    let bars = Bars::default();
    if !std::io::stdout().is_terminal() {
        // On a terminal the answers themselves show that it goes on.
        bars.begin("asking", reader.remaining() as u64);
    }
    let together = (HITS_TOGETHER / args.top.max(1)).clamp(1, TOGETHER);
    let mut found = false;
    while let Some(profiles) = reader.next_block(together)? {
        found |= printer.answer(&profiles, &model.embed(&profiles)?, out)?;
        bars.advance(profiles.len() as u64);
    }
    bars.end();
    reading::require_signatures(reader.report())?;
    // Said last: an error is then the only thing said.
    engine::note_engine(model.engine());
    reading::note_losses(reader.report());
    Ok(found)
}

/// What is asked of the database by each filter.
fn filters(db: &Db, args: &QueryArgs) -> Result<Vec<(String, Vec<String>)>, DbError> {
    args.filter.iter().map(|(key, text)| Ok((key.clone(), db.filter_values(key, text)?))).collect()
}

/// The rows of the ids asked for.
fn rows(ids: &[String], args: &QueryArgs) -> anyhow::Result<Vec<usize>> {
    args.id
        .iter()
        .map(|id| ids.iter().position(|known| known == id).ok_or(id))
        .collect::<Result<_, _>>()
        .or_else(|id| {
            let near = nearest(id, ids.iter().map(String::as_str), 3);
            let way_out = match near.as_slice() {
                [] => format!(
                    "it has {} signatures, such as {}",
                    ids.len(),
                    ids.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
                ),
                near => format!("did you mean {}?", near.join(" or ")),
            };
            bail!("{}: no signature {id}; {way_out}", args.profiles.display())
        })
}

/// Answers queries and prints them in the format asked for.
struct Printer<'a> {
    db: &'a Db,
    args: &'a QueryArgs,
    filters: Vec<(String, Vec<String>)>,
    names: AtcNames,
    width: usize,
}

impl Printer<'_> {
    /// Answers a block of queries; whether any found something.
    fn answer(
        &self,
        profiles: &ProfileMatrix,
        embeddings: &Embeddings,
        out: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        let ids = profiles.ids();
        let answers = self.ask(ids, embeddings)?;
        let found = answers.iter().any(|hits| !hits.is_empty());
        if let ([id], [hits]) = (ids, &answers[..]) {
            // One query starts no threads.
            out.write_all(&self.text(id, hits)?)?;
            return Ok(found);
        }
        let texts: Vec<_> = ids.par_iter().zip(answers).map(|(id, hits)| self.text(id, &hits)).collect();
        for text in texts {
            out.write_all(&text?)?;
        }
        Ok(found)
    }

    fn ask(&self, ids: &[String], embeddings: &Embeddings) -> Result<Vec<Hits>, DbError> {
        let args = self.args;
        let queries = self.db.queries(embeddings.values());
        let mut queries = queries.top(args.top).score(score(args)).search(search(args));
        for (key, values) in &self.filters {
            queries = queries.filter(key, values);
        }
        if args.exclude_self {
            queries = queries.without(ids);
        }
        Ok(match args.by {
            ByArg::Drug => queries.run()?.into_iter().map(Hits::Drugs).collect(),
            ByArg::Signature => queries.signatures()?.into_iter().map(Hits::Signatures).collect(),
        })
    }

    /// An answer as it is printed.
    fn text(&self, id: &str, hits: &Hits) -> anyhow::Result<Vec<u8>> {
        let mut text = Vec::new();
        match self.args.format {
            FormatArg::Tsv => hits.write_tsv(&mut text, id)?,
            FormatArg::Json => hits.write_json(&mut text, id, &self.names)?,
            FormatArg::Table => {
                line(&mut text, &self.title(id)?)?;
                hits.write_table(&mut text, &self.names, self.width)?;
                writeln!(text)?;
            }
        }
        Ok(text)
    }

    /// What is asked, and of how much: without N a rank means nothing.
    fn title(&self, id: &str) -> Result<String, DbError> {
        let known = self.db.signature(id)?.map_or_else(String::new, |(signature, drug)| {
            let parts = [drug.name, signature.cell_id, signature.pert_dose, signature.pert_time];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!(" ({})", parts.join(", "))
        });
        let filters: Vec<String> =
            self.args.filter.iter().map(|(key, values)| format!("; {key}={values}")).collect();
        let (signatures, drugs) = (self.db.signatures(), self.db.drugs()?);
        Ok(format!("{id}{known} against {signatures} signatures of {drugs} drugs{}", filters.concat()))
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

pub fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}
