//! Answers to queries, printed.

use std::io::{self, Write};

use l1kdb::annotate::AtcNames;
use l1kdb::profile::Universe;
use l1kdb::question::Question;
use rayon::prelude::*;

use super::report::ReportFile;
use super::scores::ScoreFile;
use super::target::{Batch, Printed, Target};
use super::width;
use crate::cli::args::{EngineArgs, FormatArg, QueryArgs, SameCellArg};
use crate::cli::question::{Asker, Outcome};
use crate::cli::{line, note};

/// Asks questions and prints the answers in the format asked for.
pub(super) struct Printer<'a> {
    pub args: &'a QueryArgs,
    target: Box<dyn Target + 'a>,
    outcome: Outcome,
    sheet: Sheet,
    has_header: bool,
    /// Notes that were told: an answer may repeat them.
    told: Vec<String>,
    scores: Option<ScoreFile<'a>>,
    report: Option<ReportFile<'a>>,
}

/// How answers look.
struct Sheet {
    format: FormatArg,
    names: AtcNames,
    width: usize,
}

impl<'a> Printer<'a> {
    /// Looks up what is the same for all queries.
    pub fn new(target: Box<dyn Target + 'a>, args: &'a QueryArgs) -> anyhow::Result<Self> {
        let names = match args.format {
            // Codes alone are printed.
            FormatArg::Tsv => AtcNames::default(),
            FormatArg::Json | FormatArg::Table => target.atc_names()?,
        };
        let scores = args.out.as_deref().map(ScoreFile::new).transpose()?;
        let sheet = Sheet { format: args.format, names, width: width() };
        Ok(Self {
            args,
            target,
            outcome: Outcome::default(),
            sheet,
            has_header: false,
            scores,
            report: args.report.as_deref().map(ReportFile::new),
            told: Vec::new(),
        })
    }

    /// Says which genes scores are over, where no title does.
    fn note_genes(&self, answers: &[Printed]) {
        if self.has_header || self.args.format == FormatArg::Table {
            return;
        }
        if let Some(genes) = answers.first().and_then(|answer| answer.genes) {
            let over = genes.over();
            note(&format!(
                "note: scores in gene space are over {over}, and cannot be compared with those over others"
            ));
        }
    }

    /// What stands above an answer; nothing where only a table has titles.
    fn title(&self, answer: &Printed, left: Option<&str>) -> anyhow::Result<String> {
        match self.args.format {
            FormatArg::Table => self.target.title(&answer.query, answer.genes, left),
            FormatArg::Tsv | FormatArg::Json => Ok(String::new()),
        }
    }

    /// Says what came of all queries.
    ///
    /// # Errors
    /// What is wrong with the first, where none could be asked.
    pub fn finish(mut self, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let outcome = std::mem::take(&mut self.outcome).settle()?;
        self.header(out)?;
        if !outcome.found {
            self.target.note_nothing_left()?;
        }
        self.scores.take().map_or(Ok(()), ScoreFile::finish)?;
        if let Some(report) = self.report.take() {
            report.finish(&self.target.atc_names()?, &self.target.provenance()?)?;
        }
        Ok(outcome)
    }

    /// Writes what stands above all answers, before the first of them: an error is the only thing that is said.
    fn header(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        if !std::mem::replace(&mut self.has_header, true) && self.args.format == FormatArg::Tsv {
            self.target.by().write_header(out, &self.target.further()?)?;
        }
        Ok(())
    }
}

impl Asker for Printer<'_> {
    fn universe(&self) -> Universe {
        self.target.universe()
    }

    fn is_in_gene_space(&self) -> bool {
        self.target.is_in_gene_space()
    }

    fn wants_cell_lines(&self) -> bool {
        self.args.same_cell != SameCellArg::Ignore
    }

    fn load_network(&mut self, engine: &EngineArgs) -> anyhow::Result<()> {
        self.target.load_network(engine)
    }

    fn start_network(&self) -> anyhow::Result<()> {
        self.target.start_network()
    }

    fn note_engine(&self) {
        self.target.note_engine();
    }

    fn together(&self) -> usize {
        self.target.most_together()
    }

    fn put(&mut self, question: &Question, out: &mut dyn Write) -> anyhow::Result<()> {
        let left = match question {
            Question::Drug { name, .. } => Some(name.as_str()),
            _ => None,
        };
        if let Some(file) = &mut self.scores {
            let scores = self.target.scores(question)?;
            file.add(&scores.queries, &scores.table)?;
        }
        if let Some(report) = &mut self.report {
            let found = self.target.overviews(question, report.room())?;
            report.add(found, |overview| self.target.title(&overview.query, overview.genes, left))?;
        }
        let Batch { answers, broken, notes } = self.target.answers(question)?;
        for text in notes.into_iter().filter(|text| !self.told.contains(text)).collect::<Vec<_>>() {
            note(&format!("note: {text}"));
            self.told.push(text);
        }
        if let Some(report) = &mut self.report {
            report.count(answers.len());
        }
        self.outcome.answered += answers.len();
        self.outcome.found |= answers.iter().any(|answer| !answer.hits.is_empty());
        broken.into_iter().for_each(|broken| self.outcome.broke(broken.error));
        self.note_genes(&answers);
        let titles = answers.iter().map(|answer| self.title(answer, left)).collect::<Result<Vec<_>, _>>()?;
        let texts = self.sheet.texts(&answers, &titles)?;
        if !texts.is_empty() {
            self.header(out)?;
        }
        texts.iter().try_for_each(|text| Ok(out.write_all(text)?))
    }

    fn note_doubts(&mut self, doubts: &[String]) {
        if let Some(report) = &mut self.report {
            report.note_doubts(doubts);
        }
    }

    fn outcome(&mut self) -> &mut Outcome {
        &mut self.outcome
    }
}

impl Sheet {
    /// Answers as they are printed. One starts no threads.
    fn texts(&self, answers: &[Printed], titles: &[String]) -> io::Result<Vec<Vec<u8>>> {
        if let ([answer], [title]) = (answers, titles) {
            return Ok(vec![self.text(answer, title)?]);
        }
        answers.par_iter().zip(titles).map(|(answer, title)| self.text(answer, title)).collect()
    }

    fn text(&self, answer: &Printed, title: &str) -> io::Result<Vec<u8>> {
        let Printed { query, hits, doubts, .. } = answer;
        let mut text = Vec::new();
        match self.format {
            FormatArg::Tsv => hits.write_tsv(&mut text, query)?,
            FormatArg::Json => match doubts {
                Some(doubts) => hits.write_json_with_doubts(&mut text, query, &self.names, doubts)?,
                None => hits.write_json(&mut text, query, &self.names)?,
            },
            FormatArg::Table => {
                line(&mut text, title)?;
                hits.write_table(&mut text, &self.names, self.width)?;
                for doubt in doubts.iter().flatten() {
                    line(&mut text, &format!("doubt: {doubt}"))?;
                }
                writeln!(text)?;
            }
        }
        Ok(text)
    }
}
