//! Answers to queries that are compared with the same rows.

use std::slice;

use super::cmap::{Basis, Chain};
use super::hit::{Hit, numbered};
use super::prepare::{Scored, turned};
use super::prepared::{Prepared, Sound, ToEmbed, Without};
use super::{Answer, Answers, Ask, CmapChain, QuestionError, Rerank, ScoreBy, connectivity};
use crate::db::{Filter, Queries};
use crate::embed::EngineOptions;
use crate::profile::ProfileMatrix;

impl Ask<'_> {
    /// Answers queries that are compared with the same rows.
    pub(super) fn answers_of<H: Hit>(&self, prepared: &Prepared<'_>) -> Result<Answers<H>, QuestionError> {
        if let Some(chain) = &self.cmap {
            return self.by_cmap(prepared, chain);
        }
        match self.again() {
            _ if self.by().is_in_gene_space() => self.in_gene_space(prepared),
            Some(again) => self.reranked(prepared, again),
            None => self.by_embedding(prepared),
        }
    }

    /// Answers queries by CMap's chain.
    fn by_cmap<H: Hit>(
        &self,
        prepared: &Prepared<'_>,
        cmap: &CmapChain,
    ) -> Result<Answers<H>, QuestionError> {
        let Sound { ids, with, broken, .. } = prepared.scored(ScoreBy::Wtcs);
        let (scores, genes): (Vec<_>, Vec<_>) =
            with.into_iter().map(|Scored { score, genes, .. }| (score, genes)).unzip();
        let basis = self.basis(cmap)?;
        let rows = basis.rows(self.db, self.passing(&prepared.without))?;
        let is_own = prepared.without == Without::Own;
        let table = self.db.queries_by(&scores).signature_scores()?;
        let mut answers = Vec::new();
        for ((query, raw), genes) in ids.into_iter().zip(table.rows()).zip(genes) {
            let chain = Chain::new(raw, &rows, is_own.then_some(&*query))?;
            let hits = numbered(H::connected(&chain, self.reverse), self.top);
            answers.push(Answer::new(query, hits, Some(genes)));
        }
        Ok(Answers { answers, broken, notes: basis.ground.notes() })
    }

    /// What CMap's chain compares with, read once.
    fn basis(&self, cmap: &CmapChain) -> Result<&Basis, QuestionError> {
        if let Some(basis) = self.basis.get() {
            return Ok(basis);
        }
        let read = Basis::read(self.db, &cmap.references)?;
        Ok(self.basis.get_or_init(|| read))
    }

    /// The filter that hits pass, a drug that is left out of all answers among it.
    fn passing(&self, without: &Without) -> Option<Filter> {
        match without {
            Without::Drug(drug) => Some((!Filter::any_of("drug", [drug])).after(self.filter.clone())),
            _ => self.filter.clone(),
        }
    }

    fn reranked<H: Hit>(&self, prepared: &Prepared<'_>, again: Rerank) -> Result<Answers<H>, QuestionError> {
        let (to_embed, scored) = prepared.to_embed().both(prepared.scored(again.by));
        let Sound { ids, with, broken, .. } = to_embed;
        let mut embeddings = self.embed(&ids, with)?;
        if self.reverse {
            embeddings.iter_mut().for_each(|value| *value = -*value);
        }
        let queries = self.narrowed(self.db.queries(&embeddings), &ids, &prepared.without);
        let candidates: Vec<Vec<H>> = H::run(&queries.top(again.candidates))?;
        let mut answers = Vec::new();
        for ((query, mut hits), Scored { score, genes, .. }) in ids.into_iter().zip(candidates).zip(scored) {
            if self.reverse {
                hits.iter_mut().for_each(Hit::turn);
            }
            let score = turned(score, self.reverse);
            let (ids, scores) = (slice::from_ref(&query), slice::from_ref(&score));
            let queries = self.narrowed(self.db.queries_by(scores), ids, &prepared.without);
            let hits = again.order((self.db, &queries, score.as_ref()), hits, self.top, self.reverse)?;
            answers.push(Answer::new(query, hits, Some(genes)));
        }
        Ok(Answers { answers, broken, notes: Vec::new() })
    }

    fn by_embedding<H: Hit>(&self, prepared: &Prepared<'_>) -> Result<Answers<H>, QuestionError> {
        let Sound { ids, with, broken, .. } = prepared.to_embed();
        let embeddings = self.embed(&ids, with)?;
        let queries = self.narrowed(self.queries(&embeddings)?, &ids, &prepared.without);
        let (hits, notes) = self.significant(&queries, prepared)?;
        let answer = |(query, hits)| Answer::new(query, hits, None);
        Ok(Answers { answers: ids.into_iter().zip(hits).map(answer).collect(), broken, notes })
    }

    /// Runs queries; drugs get p and q where the database is calibrated for such queries. Also returns what to know of these.
    fn significant<H: Hit>(
        &self,
        queries: &Queries<'_>,
        prepared: &Prepared<'_>,
    ) -> Result<(Vec<Vec<H>>, Vec<String>), QuestionError> {
        if !H::CALIBRATED || !self.significance {
            return Ok((H::run(queries)?, Vec::new()));
        }
        let null = self.null(prepared)?;
        let hits = match self.has_significance(prepared.calibration_of()) {
            true => H::run_against(self.db, queries, null.tables()?.as_ref())?,
            false => H::run(queries)?,
        };
        Ok((hits, null.note()?.into_iter().collect()))
    }

    /// Makes embeddings of what has none, all together.
    pub(super) fn embed(&self, ids: &[String], with: Vec<ToEmbed>) -> Result<Vec<f32>, QuestionError> {
        let (mut embeddings, mut profiles) = (Vec::new(), Vec::new());
        for with in with {
            match with {
                ToEmbed::Embedding(mut embedding) => embeddings.append(&mut embedding),
                ToEmbed::Profile(mut profile) => profiles.append(&mut profile),
            }
        }
        if profiles.is_empty() {
            return Ok(embeddings);
        }
        let profiles = ProfileMatrix::new(ids.to_vec(), profiles)?;
        let embedded = match self.model {
            Some(model) => model.embed(&profiles)?,
            None => self.db.model(&EngineOptions::default())?.embed(&profiles)?,
        };
        Ok(embedded.values().to_vec())
    }

    fn in_gene_space<H: Hit>(&self, prepared: &Prepared<'_>) -> Result<Answers<H>, QuestionError> {
        let Sound { ids, with, broken, .. } = prepared.scored(self.by());
        let (mut scores, mut genes, mut sets) = (Vec::new(), Vec::new(), Vec::new());
        for Scored { score, genes: of_query, sets: of_sets } in with {
            scores.push(turned(score, self.reverse));
            genes.push(of_query);
            sets.extend(of_sets);
        }
        let queries = self.narrowed(self.db.queries_by(&scores), &ids, &prepared.without);
        let (mut hits, notes) = self.significant::<H>(&queries, prepared)?;
        if self.reverse {
            hits.iter_mut().flatten().for_each(Hit::turn);
        }
        if !sets.is_empty() {
            connectivity::add_enrichment(self.db, &sets, &mut hits)?;
        }
        let answer = |((query, hits), genes)| Answer::new(query, hits, Some(genes));
        Ok(Answers { answers: ids.into_iter().zip(hits).zip(genes).map(answer).collect(), broken, notes })
    }

    pub(super) fn narrowed<'q>(
        &self,
        queries: Queries<'q>,
        ids: &[String],
        without: &Without,
    ) -> Queries<'q> {
        let mut queries = queries.top(self.top).score(self.score).search(self.search);
        if let Some(filter) = &self.filter {
            queries = queries.filter(filter.clone());
        }
        match without {
            Without::Nothing => queries,
            Without::Own => queries.without(ids),
            Without::Drug(drug) => queries.without_drug(drug),
        }
    }
}
