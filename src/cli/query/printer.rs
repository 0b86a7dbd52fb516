//! Answers to queries, printed.

use std::io::Write;

use l1kdb::annotate::AtcNames;
use l1kdb::question::Question;
use rayon::prelude::*;

use super::scores::ScoreFile;
use super::target::{Batch, Printed, Target};
use super::{Outcome, width};
use crate::cli::args::{FormatArg, QueryArgs};
use crate::cli::{line, note};

/// Asks questions and prints the answers in the format asked for.
pub(super) struct Printer<'a> {
    pub args: &'a QueryArgs,
    pub target: Box<dyn Target + 'a>,
    pub outcome: Outcome,
    names: AtcNames,
    width: usize,
    has_header: bool,
    scores: Option<ScoreFile<'a>>,
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
        let (outcome, width) = (Outcome::default(), width());
        Ok(Self { args, target, outcome, names, width, has_header: false, scores })
    }

    /// Asks a question and prints the answers.
    pub fn answer(&mut self, question: &Question, out: &mut dyn Write) -> anyhow::Result<()> {
        let left = match question {
            Question::Drug { name, .. } => Some(name.as_str()),
            _ => None,
        };
        if let Some(file) = &mut self.scores {
            let scores = self.target.scores(question)?;
            file.add(&scores.queries, &scores.table)?;
        }
        let Batch { answers, broken, notes } = self.target.answers(question)?;
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
        if !outcome.found {
            self.target.note_nothing_left()?;
        }
        self.scores.take().map_or(Ok(()), ScoreFile::finish)?;
        Ok(outcome)
    }

    /// Writes what stands above all answers, before the first of them: an error is the only thing that is said.
    fn header(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        if !std::mem::replace(&mut self.has_header, true) && self.args.format == FormatArg::Tsv {
            self.target.by().write_header(out, &self.target.further()?)?;
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
                line(&mut text, &self.target.title(answer, left)?)?;
                hits.write_table(&mut text, &self.names, self.width)?;
                writeln!(text)?;
            }
        }
        Ok(text)
    }
}
