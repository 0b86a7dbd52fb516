//! Queries and hits, pair by pair.

use super::how::Explainer;
use super::with::ToExplain;
use super::{Explained, ExplainedHit};
use crate::db::{Filter, SignatureHit};
use crate::embed::{EngineOptions, Model};
use crate::explain::Side;
use crate::question::prepared::{Prepared, Sound};
use crate::question::{Answer, Answers, Ask, Broken, Question, QuestionError};

impl Ask<'_> {
    /// Explains the score of each hit for each query, by the genes of `side`.
    ///
    /// A hit is a signature by its id, or a drug by any of its names, of which the signature is taken that is most similar to the query
    /// (in reverse the least similar); filters hold. Explained are embeddings, cosine and Pearson correlation of profiles, and connectivity
    /// of gene sets; see [`explain`](crate::explain). Queries are explained as they are asked: a drug is the mean of its signatures
    /// unless it is asked with each.
    ///
    /// ```no_run
    /// use l1kdb::db::Db;
    /// use l1kdb::explain::Side;
    /// use l1kdb::question::{Ask, Combine, Question};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let db = Db::open("lincs.l1kdb")?;
    /// let question = Question::Drug { name: "vorinostat".into(), combine: Combine::Mean };
    /// let explained = Ask::new(&db).explain(&question, &["trichostatin-a".into()], Side::Query)?;
    /// for answer in explained.whole()? {
    ///     for term in &answer.hits[0].explanation.terms[..10] {
    ///         println!("{} {:+.3}", term.symbol(db.universe()).unwrap_or_default(), term.contribution);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`QuestionError::NotExplained`] for another score, a hit that is not in the database, a database without profiles, and those of
    /// [`signatures`](Self::signatures). What is wrong with one query of many is told with the answers.
    pub fn explain(
        &self,
        question: &Question,
        hits: &[String],
        side: Side,
    ) -> Result<Answers<Explained>, QuestionError> {
        self.check(matches!(question, Question::GeneSets(_)))?;
        self.explain_prepared(&Prepared::new(self.db, question, self.exclude_self)?, hits, side)
    }

    /// Explains each hit for each query.
    pub(in crate::question) fn explain_prepared(
        &self,
        prepared: &Prepared<'_>,
        hits: &[String],
        side: Side,
    ) -> Result<Answers<Explained>, QuestionError> {
        let named = hits.iter().map(|hit| self.named(hit)).collect::<Result<Vec<_>, _>>()?;
        let loaded: Model;
        let model = match self.model {
            _ if self.by().is_in_gene_space() => None,
            Some(model) => Some(model),
            None => {
                loaded = self.db.model(&EngineOptions::default())?;
                Some(&loaded)
            }
        };
        let explainer = Explainer::new(self.db, self.by(), side, model)?;
        let Sound { ids, with, mut broken, places } = prepared.to_explain(self.by());
        let mut answers = Vec::new();
        for ((query, with), place) in ids.into_iter().zip(with).zip(places) {
            match self.explained(&explainer, (&prepared.part(&[place]), &with), &named) {
                Ok(hits) => answers.push(Answer::new(query, hits, None)),
                Err(error @ (QuestionError::Explain { .. } | QuestionError::NothingOfHit { .. })) => {
                    broken.push(Broken { query, error });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Answers { answers, broken, notes: Vec::new() })
    }

    /// Explains each hit of one query.
    fn explained(
        &self,
        explainer: &Explainer<'_>,
        (query, with): (&Prepared<'_>, &ToExplain),
        named: &[Named],
    ) -> Result<Vec<Explained>, QuestionError> {
        let id = query.ids().concat();
        named.iter().map(|named| explainer.explain(&id, with, self.found(query, &id, named)?)).collect()
    }

    /// Looks up what a hit names.
    fn named(&self, hit: &str) -> Result<Named, QuestionError> {
        if let Some((signature, drug)) = self.db.signature(hit)? {
            let drug = drug.name;
            return Ok(Named::Signature(ExplainedHit { signature, drug, is_most_similar: false }));
        }
        // The error names what looks like it: signatures, whose ids have a colon, or drugs.
        let known =
            if hit.contains(':') { self.db.stored_signatures(&[hit]) } else { self.db.stored_drug(hit) };
        known.map(|_| Named::Drug(hit.to_owned())).map_err(QuestionError::from)
    }

    /// The signature that stands for a hit.
    fn found(&self, query: &Prepared<'_>, id: &str, named: &Named) -> Result<ExplainedHit, QuestionError> {
        let drug = match named {
            Named::Signature(hit) => return Ok(hit.clone()),
            Named::Drug(drug) => drug,
        };
        let ask = self.clone().filter(Filter::any_of("drug", [drug])).top(1).significance(false);
        let found: Answers<SignatureHit> = ask.answers_of(query)?;
        let nothing = || QuestionError::NothingOfHit { query: id.to_owned(), hit: drug.clone() };
        let hit = found.whole()?.pop().and_then(|mut answer| answer.hits.pop()).ok_or_else(nothing)?;
        Ok(ExplainedHit { signature: hit.signature, drug: hit.drug.name, is_most_similar: true })
    }
}

/// What a hit names.
enum Named {
    Signature(ExplainedHit),
    Drug(String),
}
