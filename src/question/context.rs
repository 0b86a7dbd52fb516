//! Asking: what of the database each query is compared with, by its own cell line and plate.

use super::hit::{Hit, numbered};
use super::prepared::Prepared;
use super::{Answer, Answers, Ask, Broken, Question, QuestionError, SameCell};
use crate::db::{DrugHit, Filter, SignatureHit};

/// The cell line and the plates of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Context {
    cell_line: Option<String>,
    plates: Vec<String>,
}

impl Ask<'_> {
    /// Returns the nearest drugs of each query.
    ///
    /// # Errors
    /// A score that is not of this kind of question, genes or signatures that are not there, a network that does not load, and
    /// those of [`Queries::run`](crate::db::Queries::run). What is wrong with one query of many is told with the answers.
    pub fn drugs(&self, question: &Question) -> Result<Answers<DrugHit>, QuestionError> {
        self.answers(question)
    }

    /// Returns the nearest signatures of each query.
    ///
    /// # Errors
    /// As [`drugs`](Self::drugs).
    pub fn signatures(&self, question: &Question) -> Result<Answers<SignatureHit>, QuestionError> {
        self.answers(question)
    }

    fn answers<H: Hit>(&self, question: &Question) -> Result<Answers<H>, QuestionError> {
        self.check(matches!(question, Question::GeneSets(_)))?;
        self.in_contexts(&Prepared::new(self.db, question, self.exclude_self)?)
    }

    /// Answers queries, those of one context together.
    pub(super) fn in_contexts<H: Hit>(&self, prepared: &Prepared<'_>) -> Result<Answers<H>, QuestionError> {
        if self.same_cell == SameCell::Ignore && !self.exclude_plate {
            return self.answers_of(prepared);
        }
        let mut contexts: Vec<(Context, Vec<usize>)> = Vec::new();
        let mut all = Answers { answers: Vec::new(), broken: Vec::new(), notes: Vec::new() };
        for query in 0..prepared.ids().len() {
            let context = self.context(prepared, query)?;
            if self.same_cell == SameCell::Only && context.cell_line.is_none() {
                let query = prepared.ids()[query].clone();
                all.broken.push(Broken { error: QuestionError::NoCellLine { query: query.clone() }, query });
                continue;
            }
            match contexts.iter_mut().find(|(known, _)| *known == context) {
                Some((_, queries)) => queries.push(query),
                None => contexts.push((context, vec![query])),
            }
        }
        for (context, queries) in contexts {
            let mut answers = self.in_context(&prepared.part(&queries), &context)?;
            all.answers.append(&mut answers.answers);
            all.broken.append(&mut answers.broken);
            answers.notes.retain(|note| !all.notes.contains(note));
            all.notes.append(&mut answers.notes);
        }
        all.answers.sort_by_cached_key(|answer| prepared.place(&answer.query));
        Ok(all)
    }

    fn context(&self, prepared: &Prepared<'_>, query: usize) -> Result<Context, QuestionError> {
        let cell_line = match self.same_cell {
            SameCell::Ignore => None,
            _ => prepared.cell_line(query)?.or_else(|| self.cell_line.clone()),
        };
        let mut plates = Vec::new();
        for plate in if self.exclude_plate { prepared.plates(query) } else { Vec::new() } {
            if self.db.has_plate(&plate)? {
                plates.push(plate);
            }
        }
        Ok(Context { cell_line, plates })
    }

    fn in_context<H: Hit>(
        &self,
        prepared: &Prepared<'_>,
        context: &Context,
    ) -> Result<Answers<H>, QuestionError> {
        let mut ask = self.clone();
        if !context.plates.is_empty() {
            ask = ask.filter(!Filter::any_of("plate", &context.plates));
        }
        let Some(cell_line) = &context.cell_line else { return ask.answers_of(prepared) };
        let known = self.db.has_cell_line(cell_line)?;
        let same = ask.clone().filter(Filter::any_of("cell_id", [cell_line]));
        match self.same_cell {
            SameCell::Prefer if known => {
                let same: Answers<H> = same.top(usize::MAX).answers_of(prepared)?;
                let most = same.answers.iter().map(|answer| answer.hits.len()).max().unwrap_or(0);
                let all: Answers<H> = ask.top(self.top.saturating_add(most)).answers_of(prepared)?;
                Ok(self.preferred(same, all))
            }
            SameCell::Only => same.answers_of(prepared),
            _ => ask.answers_of(prepared),
        }
    }

    /// Hits of the same cell line, and of others what those do not hold.
    fn preferred<H: Hit>(&self, same: Answers<H>, all: Answers<H>) -> Answers<H> {
        let merged = same.answers.into_iter().zip(all.answers).map(|(same, all)| {
            let hits = numbered(H::preferred(same.hits, all.hits, self.reverse), self.top);
            Answer { hits, ..all }
        });
        Answers { answers: merged.collect(), broken: all.broken, notes: all.notes }
    }
}
