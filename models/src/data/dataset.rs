//! Profiles with the drug and the cell line of each: what a network is trained and evaluated on.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use l1kdb::annotate::{DrugTraits, drugs_that_may_be_one};
use l1kdb::digest::Digest;
use l1kdb::profile::{GENES, ReadOptions, Table};
use l1kdb::progress::Progress;
use l1kdb::split::Grouping;
use l1kdb::study::{Matrix, Row, Study, Tables};

use crate::TrainError;

/// Where profiles and their drugs are read from.
#[derive(Debug, Clone)]
pub struct Files {
    /// GCTX, GCT, CSV or TSV.
    pub profiles: PathBuf,
    /// The signature table.
    pub sig_info: PathBuf,
    /// The perturbagen table, which knows a drug by its `drug` column whatever its `pert_id`.
    pub pert_info: Option<PathBuf>,
}

/// Labelled profiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// What is known of every profile, with n x 978 z-scores in gene-space order in place of an embedding.
    pub study: Study,
    /// The drug of every profile, an index into `drug_names`.
    pub drugs: Vec<u32>,
    /// Drug keys, sorted.
    pub drug_names: Vec<String>,
    /// Further profiles of drugs, to learn from how drugs differ.
    background: Background,
}

/// Profiles of drugs, brought to one scale, with the key of the drug of each.
#[derive(Debug, Clone, PartialEq, Default)]
struct Background {
    values: Vec<f32>,
    drugs: Vec<String>,
    /// For every profile, the drugs of the dataset that are its drug or may be it, by their place in `drug_names`.
    may_be: Vec<BTreeSet<u32>>,
}

/// Brings a background profile to the scale of z-scores: divides it by its own standard deviation, cuts it at [`CUT`], and
/// gives it back that deviation as far as it lies within [`STRENGTHS`], so that a strong profile tells more than a weak one,
/// but not a hundred times more.
fn scaled(profile: &[f32]) -> impl Iterator<Item = f32> {
    let number = profile.len() as f32;
    let mean = profile.iter().sum::<f32>() / number;
    let variance = profile.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / number;
    let sd = variance.sqrt().max(f32::MIN_POSITIVE);
    let strength = sd.clamp(*STRENGTHS.start(), *STRENGTHS.end());
    profile.iter().map(move |value| (value / sd).clamp(-CUT, CUT) * strength)
}

const CUT: f32 = 6.0;
const STRENGTHS: RangeInclusive<f32> = 0.8..=2.5;

impl Dataset {
    /// Labels `values` (n x 978) with the drug keys and cell lines of its rows.
    ///
    /// # Errors
    /// [`TrainError::Eval`] when there are not as many profiles as drugs.
    pub fn new(values: Vec<f32>, drugs: &[String], cells: &[Option<&str>]) -> Result<Self, TrainError> {
        let row = |(at, (drug, cell)): (usize, (&String, &Option<&str>))| Row {
            id: at.to_string(),
            drug: Some(drug.clone()),
            traits: DrugTraits { keys: [drug.clone()].into(), ..DrugTraits::default() },
            cell: cell.map(str::to_owned),
            ..Row::default()
        };
        let rows = drugs.iter().zip(cells).enumerate().map(row).collect();
        let mut study = Study::new(rows, Matrix::new("z-scores", values, GENES)?)?;
        study.is_raw = true;
        Ok(Self::of_study(study))
    }

    /// Takes z-scores of which every one has a drug.
    fn of_study(study: Study) -> Self {
        let by_drug = by_drug(&study.rows);
        let drugs = by_drug.of_row().iter().copied().flatten().collect();
        let drug_names = by_drug.names().to_vec();
        Self { study, drugs, drug_names, background: Background::default() }
    }

    /// Reads profiles, joins them with their table and finds the drug of each, as [`Study::of_profiles`] does. What a user
    /// should know about the reading stands in the notes of the study, one line each.
    ///
    /// # Errors
    /// As [`Study::of_profiles`]; [`TrainError::NoDrug`] when a profile has no drug.
    pub fn read(files: &Files, options: &ReadOptions, progress: &dyn Progress) -> Result<Self, TrainError> {
        let mut tables = Tables::default().sig_info(&files.sig_info);
        tables.pert_info.clone_from(&files.pert_info);
        let study = Study::of_profiles(&files.profiles, &tables, options, progress)?;
        drugs_are_known(&study.rows, &files.sig_info)?;
        Ok(Self::of_study(study))
    }

    /// Takes the profiles of `other`, of whatever scale, as a background.
    pub fn set_background(&mut self, other: &Self) {
        let values = (0..other.len()).flat_map(|row| scaled(other.profile(row)));
        let drugs = other.drugs.iter().map(|&drug| other.drug_names[drug as usize].clone()).collect();
        let of_drug = self.alike(other);
        let may_be = other.drugs.iter().map(|&drug| of_drug[drug as usize].clone()).collect();
        self.background = Background { values: values.collect(), drugs, may_be };
    }

    /// For every drug of another dataset, the drugs of this one that are it or may be it.
    fn alike(&self, other: &Self) -> Vec<BTreeSet<u32>> {
        let own = self.drug_names.len();
        let mut alike = vec![BTreeSet::new(); other.drug_names.len()];
        let both = [self.traits(), other.traits()].concat();
        let across =
            drugs_that_may_be_one(&both).into_iter().filter(|(one, two, _)| *one < own && *two >= own);
        across.for_each(|(one, two, _)| {
            alike[two - own].insert(one as u32);
        });
        alike
    }

    /// What tells of every drug whether it may be another one.
    fn traits(&self) -> Vec<DrugTraits> {
        let mut traits = vec![DrugTraits::default(); self.drug_names.len()];
        for (row, &drug) in self.study.rows.iter().zip(&self.drugs) {
            traits[drug as usize].clone_from(&row.traits);
        }
        traits
    }

    /// Returns the number of background profiles.
    pub fn background_len(&self) -> usize {
        self.background.drugs.len()
    }

    /// The background profiles that a network which is trained on `rows` may learn from: those of a drug that has a row
    /// outside of them are held out with it. So are those of a drug that may be it: see
    /// [`drugs_that_may_be_one`].
    pub(crate) fn background_beside(&self, rows: &[u32]) -> Vec<&[f32]> {
        let mut held_out = vec![true; self.len()];
        rows.iter().for_each(|&row| held_out[row as usize] = false);
        let drugs = self.drugs.iter().zip(&held_out).filter(|(_, held_out)| **held_out);
        let drugs: BTreeSet<u32> = drugs.map(|(&drug, _)| drug).collect();
        let profiles = self.background.values.chunks_exact(GENES).zip(&self.background.may_be);
        profiles.filter(|(_, may_be)| may_be.is_disjoint(&drugs)).map(|(profile, _)| profile).collect()
    }

    /// Returns the number of profiles.
    pub fn len(&self) -> usize {
        self.drugs.len()
    }

    /// Tells whether there is no profile.
    pub fn is_empty(&self) -> bool {
        self.drugs.is_empty()
    }

    /// Returns all z-scores, n x 978.
    pub fn values(&self) -> &[f32] {
        self.study.embedding.rows().values()
    }

    /// Returns profile `row`: 978 z-scores.
    pub fn profile(&self, row: usize) -> &[f32] {
        self.study.embedding.rows().row(row)
    }

    /// Returns the profiles in `rows`, in that order.
    pub fn profiles(&self, rows: &[usize]) -> Vec<f32> {
        rows.iter().flat_map(|&row| self.profile(row)).copied().collect()
    }

    /// Returns the number of profiles of every drug.
    pub fn drug_sizes(&self) -> Vec<usize> {
        self.drug_sizes_among(&(0..self.len()).collect::<Vec<_>>())
    }

    /// Returns the number of profiles of every drug among `rows`.
    pub fn drug_sizes_among(&self, rows: &[usize]) -> Vec<usize> {
        let mut sizes = vec![0; self.drug_names.len()];
        rows.iter().for_each(|&row| sizes[self.drugs[row] as usize] += 1);
        sizes
    }

    /// Returns the drug of every profile, as splits see it.
    pub fn by_drug(&self) -> Grouping {
        by_drug(&self.study.rows)
    }

    /// Returns SHA-256 of all values, drugs and cell lines: whether two runs saw the same data.
    pub fn digest(&self) -> String {
        let mut digest = Digest::default();
        add_values(&mut digest, self.values());
        self.drugs.iter().for_each(|drug| digest.add(drug.to_le_bytes()));
        self.drug_names.iter().for_each(|name| digest.add(format!("{name}\0")));
        let by_cell = Grouping::by_one(self.study.rows.iter().map(|row| row.cell.as_deref()));
        by_cell.of_row().iter().for_each(|cell| digest.add(cell.unwrap_or(u32::MAX).to_le_bytes()));
        add_values(&mut digest, &self.background.values);
        self.background.drugs.iter().for_each(|name| digest.add(format!("{name}\0")));
        digest.text()
    }
}

fn by_drug(rows: &[Row]) -> Grouping {
    Grouping::by_one(rows.iter().map(|row| row.drug.as_deref()))
}

/// Checks that every signature has a drug: one without a name and an identifier is a drug of its own elsewhere. Where none has
/// one, that is a column's fault and no signature's.
fn drugs_are_known(rows: &[Row], table: &Path) -> Result<(), TrainError> {
    let nameless = |row: &&Row| row.drug.as_ref().is_none_or(|drug| *drug == row.id);
    let mut without = rows.iter().filter(nameless);
    let Some(first) = without.next() else { return Ok(()) };
    if without.count() + 1 < rows.len() {
        return Err(TrainError::NoDrug { sig_id: first.id.clone(), table: table.to_owned() });
    }
    let columns: Vec<String> = Table::read(table)?.header().iter().map(|name| format!("`{name}`")).collect();
    Err(TrainError::NoDrugColumn { table: table.to_owned(), columns: columns.join(", ") })
}

/// A profile at a time: a call for every number takes longer than the digest itself.
fn add_values(digest: &mut Digest, values: &[f32]) {
    for profile in values.chunks(GENES) {
        let bytes: Vec<u8> = profile.iter().flat_map(|value| value.to_le_bytes()).collect();
        digest.add(bytes);
    }
}

#[cfg(test)]
mod tests;
