//! Reference queries: which, and of which drugs.

use std::collections::{BTreeMap, HashMap};

use crate::connectivity::GeneSets;
use crate::db::{CalibrationOf, Db, DbError, Filter};
use crate::profile::{Gene, GeneIds, GeneSet, SetPair, Universe};
use crate::question::prepare::EXTREMES;
use crate::question::{QueryProfiles, Question, QuestionError};
use crate::random::{Purpose, Stream};

/// Reference queries that make a null distribution by themselves.
const ENOUGH: usize = 200;

/// Signatures that may be reference queries, each with the drug that it is of.
pub(super) struct Pool<'a> {
    pub origin: Origin<'a>,
    /// Of each signature a number for its drug; drugs that are one have one number.
    drugs: Vec<usize>,
    /// Of each signature the number of its drug in the database, if it is there.
    pub own: Vec<Option<usize>>,
}

/// Where reference queries come from.
pub(super) enum Origin<'a> {
    /// Signatures of the database, by their ids.
    Database(Vec<String>),
    /// Profiles of a file or of memory.
    Profiles(&'a QueryProfiles),
}

impl<'a> Pool<'a> {
    /// Takes all signatures of a database.
    pub fn of_database(db: &Db) -> Result<Self, DbError> {
        let population = db.queries(&[]).population()?;
        let own = population.drug_of.iter().map(|&drug| Some(drug)).collect();
        let ids = population.signatures.into_iter().map(|row| row.sig_id).collect();
        Ok(Self { origin: Origin::Database(ids), drugs: population.drug_of, own })
    }

    /// Takes profiles, each of a drug by any of its names.
    pub fn of_profiles(db: &Db, profiles: &'a QueryProfiles, drugs: &[String]) -> Result<Self, DbError> {
        let (mut numbers, mut known): (HashMap<String, usize>, HashMap<String, Option<usize>>) =
            Default::default();
        let mut pool = Self { origin: Origin::Profiles(profiles), drugs: Vec::new(), own: Vec::new() };
        for name in drugs {
            let name = name.to_lowercase();
            if !known.contains_key(&name) {
                known.insert(name.clone(), number_of(db, &name)?);
            }
            let own = known[&name];
            // Names of one drug of the database are one; a name that it does not know is a drug of its own.
            let key = own.map_or(name, |own| format!("\u{0}{own}"));
            let next = numbers.len();
            pool.drugs.push(*numbers.entry(key).or_insert(next));
            pool.own.push(own);
        }
        Ok(pool)
    }

    /// Draws signatures: the first of every drug, then the second of every drug, and so on up to `per_drug`, until there are enough.
    ///
    /// Drugs with one signature are passed over where the others have [`ENOUGH`]: on real data such signatures are of another kind, score
    /// lower with drugs of many signatures, and made p-values of these too small (below 0.05 for 8 % of strangers; 6 % without).
    pub fn draw(&self, most: usize, per_drug: usize, seed: u64) -> Vec<usize> {
        let mut of_drug: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        self.drugs.iter().enumerate().for_each(|(row, &drug)| of_drug.entry(drug).or_default().push(row));
        let mut drugs: Vec<Vec<usize>> = of_drug.into_values().collect();
        let of_several = drugs.iter().filter(|rows| rows.len() > 1).map(|rows| rows.len().min(per_drug));
        if of_several.sum::<usize>().min(most) >= ENOUGH.min(most) {
            drugs.retain(|rows| rows.len() > 1);
        }
        Stream::new(seed, Purpose::References, 0).shuffle(&mut drugs);
        for (number, rows) in drugs.iter_mut().enumerate() {
            Stream::new(seed, Purpose::References, 1 + number as u64).shuffle(rows);
        }
        let rounds = (0..per_drug).flat_map(|round| drugs.iter().filter_map(move |rows| rows.get(round)));
        rounds.copied().take(most).collect()
    }

    /// Counts the drugs of some signatures.
    pub fn count_drugs(&self, rows: &[usize]) -> usize {
        let mut drugs: Vec<usize> = rows.iter().map(|&row| self.drugs[row]).collect();
        drugs.sort_unstable();
        drugs.dedup();
        drugs.len()
    }

    /// Makes a question of some signatures. Also returns which of them: a profile of zeros has no gene sets.
    pub fn question(
        &self,
        db: &Db,
        rows: &[usize],
        of: CalibrationOf,
    ) -> Result<(Question, Vec<usize>), QuestionError> {
        let question = match (of, &self.origin) {
            (CalibrationOf::Profiles, Origin::Database(ids)) => {
                Question::Signatures(rows.iter().map(|&row| ids[row].clone()).collect())
            }
            (CalibrationOf::Profiles, Origin::Profiles(profiles)) => Question::Profiles(profiles.some(rows)),
            (CalibrationOf::GeneSets, origin) => return origin.gene_sets(db, rows),
        };
        Ok((question, rows.to_vec()))
    }
}

impl Origin<'_> {
    /// Gene sets of signatures, and of which.
    fn gene_sets(&self, db: &Db, rows: &[usize]) -> Result<(Question, Vec<usize>), QuestionError> {
        let (mut sets, mut of) = (Vec::new(), Vec::new());
        for &row in rows {
            let (name, profile) = self.profile(db, row)?;
            if let Some(set) = ends(&name, &profile, db.universe()) {
                sets.push(set);
                of.push(row);
            }
        }
        Ok((Question::GeneSets(sets), of))
    }

    /// The profile of a signature over the genes that the database keeps.
    fn profile(&self, db: &Db, row: usize) -> Result<(String, Vec<f32>), QuestionError> {
        match self {
            Self::Database(ids) => {
                let missing = || DbError::NoProfiles { path: db.path().to_owned() };
                Ok((ids[row].clone(), db.profile(&ids[row])?.ok_or_else(missing)?))
            }
            Self::Profiles(profiles) => {
                Ok((profiles.ids()[row].clone(), profiles.values_in(row, db.universe())))
            }
        }
    }
}

/// The gene sets of a profile's ends; `None` for one of zeros.
fn ends(name: &str, profile: &[f32], universe: Universe) -> Option<GeneSet> {
    let sets = GeneSets::of_profile(profile, EXTREMES).ok()?;
    let ids = |genes: &[u32]| -> Vec<String> {
        let genes = genes.iter().filter_map(|&gene| universe.gene(gene as usize));
        genes.map(|gene: &Gene| gene.entrez().to_string()).collect()
    };
    SetPair::of_ids(name, &ids(sets.up()), &ids(sets.down())).map(&GeneIds::built_in(), universe).ok()
}

/// The number of a drug in the database, by any of its names.
pub(super) fn number_of(db: &Db, name: &str) -> Result<Option<usize>, DbError> {
    match db.queries(&[]).filter(Filter::any_of("drug", [name])).population() {
        Ok(found) => found.signatures.first().map_or(Ok(None), |row| db.drug_number(&row.sig_id)),
        Err(DbError::UnknownFilterValue { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}
