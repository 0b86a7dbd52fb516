//! What of a question a database is asked with.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::prepare::{Scored, signs};
use super::stored_profile::{kept_profile, stored_profile};
use super::{Broken, Combine, QueryProfiles, Question, QuestionError, ScoreBy, ScoredGenes};
use crate::connectivity::{ConnectivityError, GeneSets};
use crate::db::{CalibrationOf, Db, Stored};
use crate::profile::{GENES, GeneSet, SetSide, Universe, plate};

/// A question with everything looked up that it names.
pub(super) struct Prepared<'a> {
    db: &'a Db,
    /// The id of each query.
    ids: Vec<String>,
    /// The number of each query in `content`.
    numbers: Vec<usize>,
    /// What is left out of each answer.
    pub without: Without,
    content: Rc<Content<'a>>,
}

/// What is left out of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Without {
    Nothing,
    /// Of each, the signature of its own id.
    Own,
    /// Of all, this drug.
    Drug(String),
}

pub(super) enum Content<'a> {
    Profiles(&'a QueryProfiles),
    Sets(&'a [GeneSet]),
    Stored(Stored),
    /// One query, of all that is stored.
    Mean(Stored),
}

/// Queries that can be asked, and those that cannot.
pub(super) struct Sound<T> {
    /// The ids of those that can.
    pub ids: Vec<String>,
    /// What they are asked with.
    pub with: Vec<T>,
    pub broken: Vec<Broken>,
    /// Their places among all queries.
    pub places: Vec<usize>,
}

impl<T> Sound<T> {
    /// Returns the queries that can be asked in two ways, with what the other way asks them with.
    pub fn both<U>(self, other: Sound<U>) -> (Self, Vec<U>) {
        let others: HashMap<usize, U> = other.places.into_iter().zip(other.with).collect();
        let broken_only = |broken: &Broken| self.ids.contains(&broken.query);
        let mut broken = self.broken;
        broken.extend(other.broken.into_iter().filter(broken_only));
        let mut both = Self { ids: Vec::new(), with: Vec::new(), broken, places: Vec::new() };
        let mut of_other = Vec::new();
        let mut others = others;
        for ((place, id), with) in self.places.into_iter().zip(self.ids).zip(self.with) {
            if let Some(other) = others.remove(&place) {
                both.places.push(place);
                both.ids.push(id);
                both.with.push(with);
                of_other.push(other);
            }
        }
        (both, of_other)
    }
}

/// What a network makes an embedding of, or an embedding that is there.
pub(super) enum ToEmbed {
    Profile(Vec<f32>),
    Embedding(Vec<f32>),
}

impl<'a> Prepared<'a> {
    /// Looks up what a question names.
    pub fn new(db: &'a Db, question: &'a Question, exclude_self: bool) -> Result<Self, QuestionError> {
        let (ids, without, content) = match question {
            Question::Profiles(profiles) => {
                let without = if exclude_self { Without::Own } else { Without::Nothing };
                (profiles.ids().to_vec(), without, Content::Profiles(profiles))
            }
            Question::GeneSets(sets) => {
                let ids = sets.iter().map(|set| set.name.clone()).collect();
                (ids, Without::Nothing, Content::Sets(sets))
            }
            Question::Signatures(ids) => {
                (ids.clone(), Without::Own, Content::Stored(db.stored_signatures(ids)?))
            }
            Question::Drug { name, combine } => {
                let (stored, without) = (db.stored_drug(name)?, Without::Drug(name.clone()));
                match combine {
                    Combine::Mean => (vec![name.clone()], without, Content::Mean(stored)),
                    Combine::Each => (stored.sig_ids.clone(), without, Content::Stored(stored)),
                }
            }
        };
        Ok(Self { db, numbers: (0..ids.len()).collect(), ids, without, content: Rc::new(content) })
    }

    /// Returns some of the queries.
    pub fn part(&self, queries: &[usize]) -> Self {
        Self {
            db: self.db,
            ids: queries.iter().map(|&query| self.ids[query].clone()).collect(),
            numbers: queries.iter().map(|&query| self.numbers[query]).collect(),
            without: self.without.clone(),
            content: Rc::clone(&self.content),
        }
    }

    /// Returns the number of a query in [`content`](Self::content).
    pub fn number(&self, query: usize) -> usize {
        self.numbers[query]
    }

    /// Returns the database that is asked.
    pub fn db(&self) -> &'a Db {
        self.db
    }

    /// Returns what is asked with.
    pub fn content(&self) -> &Content<'a> {
        &self.content
    }

    /// Returns the kind of queries that a calibration has to be of.
    pub fn calibration_of(&self) -> CalibrationOf {
        match &*self.content {
            Content::Sets(_) => CalibrationOf::GeneSets,
            _ => CalibrationOf::Profiles,
        }
    }

    /// Returns how many signatures the one query is a mean of; 1 for other queries.
    pub fn averaged(&self) -> usize {
        match &*self.content {
            Content::Mean(stored) => stored.sig_ids.len(),
            _ => 1,
        }
    }

    /// Returns the ids of the queries.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Returns the place of the first query of an id.
    pub fn place(&self, id: &str) -> usize {
        self.ids.iter().position(|known| known == id).unwrap_or(self.ids.len())
    }

    /// Returns the cell line of a query, where it is known and one.
    pub fn cell_line(&self, query: usize) -> Result<Option<String>, QuestionError> {
        let said = match &*self.content {
            Content::Profiles(profiles) => profiles.cell_line(self.numbers[query]),
            Content::Sets(_) | Content::Mean(_) => return Ok(None),
            Content::Stored(_) => None,
        };
        if said.is_some() {
            return Ok(said.map(str::to_owned));
        }
        let stored = self.db.signature(&self.ids[query])?.map(|(signature, _)| signature.cell_id);
        Ok(stored.filter(|cell_line| !cell_line.is_empty()))
    }

    /// Returns the plates of a query, as its ids name them.
    pub fn plates(&self, query: usize) -> Vec<String> {
        let ids = match &*self.content {
            Content::Mean(stored) => &stored.sig_ids[..],
            _ => &self.ids[query..=query],
        };
        ids.iter()
            .filter_map(|id| plate(id))
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// Returns the root mean square of a query's z-scores over landmarks; `None` where the database keeps none.
    pub fn size(&self, query: usize) -> Result<Option<f64>, QuestionError> {
        let profile = match &*self.content {
            Content::Profiles(profiles) => profiles.landmarks(self.numbers[query]),
            Content::Stored(stored) => {
                let id = &stored.sig_ids[self.numbers[query]];
                kept_profile(self.db, id, Universe::Landmark)?.unwrap_or_default()
            }
            Content::Sets(_) | Content::Mean(_) => Vec::new(),
        };
        let known = || profile.iter().filter(|value| !value.is_nan()).map(|&value| f64::from(value));
        let mean = known().map(|value| value * value).sum::<f64>() / known().count() as f64;
        Ok((mean > 0.0).then(|| mean.sqrt()))
    }

    /// Returns what each query's embedding is made of.
    pub fn to_embed(&self) -> Sound<ToEmbed> {
        self.sound(|query, number| match &*self.content {
            Content::Profiles(profiles) => self.profile_to_embed(profiles.filled(number), query),
            Content::Sets(sets) => {
                let sets = self.sets(&sets[number], query, Universe::Landmark)?;
                self.profile_to_embed(signs(&sets), query)
            }
            Content::Stored(stored) => {
                Ok(ToEmbed::Embedding(stored.embeddings[number * stored.dim..][..stored.dim].to_vec()))
            }
            Content::Mean(stored) => {
                let cancelled = || QuestionError::CancelOut { drug: self.ids[query].clone() };
                Ok(ToEmbed::Embedding(stored.mean().ok_or_else(cancelled)?))
            }
        })
    }

    fn profile_to_embed(&self, profile: Vec<f32>, query: usize) -> Result<ToEmbed, QuestionError> {
        match profile.iter().any(|&value| value != 0.0) {
            true => Ok(ToEmbed::Profile(profile)),
            false => Err(QuestionError::Zero { query: self.ids[query].clone(), genes: GENES }),
        }
    }

    /// Prepares each query for a score in gene space.
    pub fn scored(&self, by: ScoreBy) -> Sound<Scored> {
        self.sound(|query, number| match &*self.content {
            Content::Sets(sets) => {
                let sets = self.sets(&sets[number], query, self.universe())?;
                Scored::of_sets(by, &self.ids[query], &sets, ScoredGenes::Universe(self.universe()))
            }
            _ => {
                let (profile, over) = (self.profile(query, number)?, ScoredGenes::Universe(self.universe()));
                Scored::of_profile(by, &self.ids[query], &profile, over)
            }
        })
    }

    pub(super) fn sound<T>(&self, of: impl Fn(usize, usize) -> Result<T, QuestionError>) -> Sound<T> {
        let mut sound = Sound { ids: Vec::new(), with: Vec::new(), broken: Vec::new(), places: Vec::new() };
        for (place, query) in self.ids.iter().enumerate() {
            match of(place, self.numbers[place]) {
                Ok(with) => {
                    sound.places.push(place);
                    sound.ids.push(query.clone());
                    sound.with.push(with);
                }
                Err(error) => sound.broken.push(Broken { query: query.clone(), error }),
            }
        }
        sound
    }

    /// The genes of stored profiles.
    pub(super) fn universe(&self) -> Universe {
        self.db.universe()
    }

    /// The profile of a query, over the genes of stored profiles.
    pub(super) fn profile(&self, query: usize, number: usize) -> Result<Vec<f32>, QuestionError> {
        match &*self.content {
            Content::Profiles(profiles) => Ok(profiles.values_in(number, self.universe())),
            Content::Sets(sets) => Ok(signs(&self.sets(&sets[number], query, self.universe())?)),
            Content::Stored(stored) => stored_profile(self.db, &stored.sig_ids[number], self.universe()),
            Content::Mean(stored) => {
                let mut sums = vec![0.0; self.universe().size()];
                for id in &stored.sig_ids {
                    sums.iter_mut()
                        .zip(stored_profile(self.db, id, self.universe())?)
                        .for_each(|(sum, value)| *sum += value);
                }
                let count = stored.sig_ids.len().max(1) as f32;
                Ok(sums.into_iter().map(|sum| sum / count).collect())
            }
        }
    }

    /// A gene set as numbers of genes of a universe.
    pub(super) fn sets(
        &self,
        set: &GeneSet,
        query: usize,
        universe: Universe,
    ) -> Result<GeneSets, QuestionError> {
        gene_sets(set, universe)
            .map_err(|source| QuestionError::Connectivity { query: self.ids[query].clone(), source })
    }
}

/// A gene set as numbers of genes of a universe, which may be another than its own.
pub(super) fn gene_sets(set: &GeneSet, universe: Universe) -> Result<GeneSets, ConnectivityError> {
    let genes = |side: &Option<SetSide>| -> Vec<u32> {
        let genes = side.iter().flat_map(|side| &side.genes);
        genes.filter_map(|&gene| set.universe.position_in(gene, universe)).map(|gene| gene as u32).collect()
    };
    GeneSets::new(&genes(&set.up), &genes(&set.down), universe.size())
}
