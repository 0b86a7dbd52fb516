//! Profiles with the drug and the cell line of each: what a network is trained and evaluated on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use l1kdb::annotate::{DrugKeys, DrugTraits, LeakCheck, drugs_that_may_be_one, unmet_perturbagens};
use l1kdb::digest::Digest;
use l1kdb::profile::{
    GENES, PerturbagenTable, ProfileReader, ReadOptions, Signature, SignatureTable, Table, join,
};
use l1kdb::progress::Progress;
use l1kdb::split::Grouping;

use super::Split;
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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dataset {
    /// Signature ids; row numbers where the profiles are of no file.
    pub ids: Vec<String>,
    /// n x 978 z-scores, row-major, in gene-space order.
    pub values: Vec<f32>,
    /// The drug of every profile, an index into `drug_names`.
    pub drugs: Vec<u32>,
    /// Drug keys, sorted.
    pub drug_names: Vec<String>,
    /// What tells whether a drug may be another one, in the order of `drug_names`.
    pub drug_traits: Vec<DrugTraits>,
    /// The cell line of every profile; `None` where the table does not say.
    pub cells: Vec<Option<u32>>,
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

/// How background profiles are brought to the scale of z-scores: a profile is divided by its own standard deviation,
/// cut at [`CUT`](Self::CUT), and given back that deviation as far as it lies within these bounds, so that a strong
/// profile tells more than a weak one, but not a hundred times more.
struct BackgroundScale;

impl BackgroundScale {
    const CUT: f32 = 6.0;
    const WEAKEST: f32 = 0.8;
    const STRONGEST: f32 = 2.5;

    fn bring(profile: &[f32]) -> impl Iterator<Item = f32> {
        let number = profile.len() as f32;
        let mean = profile.iter().sum::<f32>() / number;
        let variance = profile.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / number;
        let sd = variance.sqrt().max(f32::MIN_POSITIVE);
        let strength = sd.clamp(Self::WEAKEST, Self::STRONGEST);
        profile.iter().map(move |value| (value / sd).clamp(-Self::CUT, Self::CUT) * strength)
    }
}

/// Labelled profiles as read, and what a user should know about the reading.
#[derive(Debug)]
pub struct Loaded {
    /// The profiles.
    pub dataset: Dataset,
    /// Unmatched ids, controls left out, genes missing: one line each.
    pub notes: Vec<String>,
}

impl Dataset {
    /// Labels `values` (n x 978) with the drug keys and cell lines of its rows.
    pub fn new(values: Vec<f32>, drugs: &[String], cells: &[Option<&str>]) -> Self {
        let (drugs, drug_names) = numbered(drugs.iter().map(String::as_str));
        let (cell_numbers, _) = numbered(cells.iter().copied().flatten());
        let mut cell_numbers = cell_numbers.into_iter();
        let cells = cells.iter().map(|cell| cell.and_then(|_| cell_numbers.next())).collect();
        let ids = (0..drugs.len()).map(|row| row.to_string()).collect();
        let named = |key: &String| DrugTraits { keys: [key.clone()].into(), ..DrugTraits::default() };
        let drug_traits = drug_names.iter().map(named).collect();
        Self { ids, values, drugs, drug_names, drug_traits, cells, background: Background::default() }
    }

    /// Reads profiles, joins them with their table and finds the drug of each. Controls are left out.
    ///
    /// A drug is known by [`DrugKeys`], the rule that a database goes by too.
    ///
    /// # Errors
    /// What reading reports; [`TrainError::NothingToTrainOn`] when no profile is left and [`TrainError::NoDrug`] when
    /// one has no drug.
    pub fn read(files: &Files, options: &ReadOptions, progress: &dyn Progress) -> Result<Loaded, TrainError> {
        let table = SignatureTable::read(&files.sig_info)?;
        drug_column(&table, &files.sig_info)?;
        let perturbagens = files.pert_info.as_deref().map(PerturbagenTable::read).transpose()?;
        let keys = DrugKeys::new(table.rows(), perturbagens.as_ref());
        let mut reader = ProfileReader::open(&files.profiles, options)?;
        let join = join(reader.ids(), &table, false);
        let nothing = |cause| TrainError::NothingToTrainOn { path: files.profiles.clone(), cause };
        if let Some(cause) = join.explanation() {
            return Err(nothing(cause));
        }
        reader.select(&join.rows.iter().map(|&(profile, _)| profile).collect::<Vec<_>>())?;
        let (profiles, report) = reader.read_all(progress)?;
        report.check_signs()?;
        let (ids, values) = profiles.into_parts();
        if ids.is_empty() {
            return Err(nothing(
                "no profile is left after dropping those with missing values and those of zeros".into(),
            ));
        }
        let signatures: Vec<&Signature> =
            ids.iter().filter_map(|id| table.find(id)).map(|row| &table.rows()[row]).collect();
        let drugs = signatures.iter().map(|signature| drug_of(&keys, signature, &files.sig_info));
        let drugs = drugs.collect::<Result<Vec<_>, _>>()?;
        let cells: Vec<_> = signatures.iter().map(|signature| signature.cell_id.as_deref()).collect();
        let mut notes = report.notes();
        notes.extend(report.warnings());
        notes.extend(unmatched(&join));
        notes.extend_from_slice(keys.notes());
        let unmet =
            perturbagens.as_ref().and_then(|known| unmet_perturbagens(signatures.iter().copied(), known));
        notes.extend(unmet);
        let mut dataset = Self { ids, ..Self::new(values, &drugs, &cells) };
        dataset.drug_traits = dataset.drug_names.iter().map(|key| keys.traits(key)).collect();
        Ok(Loaded { dataset, notes })
    }

    /// Takes the profiles of `other`, of whatever scale, as a background.
    pub fn set_background(&mut self, other: &Self) {
        let values = (0..other.len()).flat_map(|row| BackgroundScale::bring(other.profile(row)));
        let drugs = other.drugs.iter().map(|&drug| other.drug_names[drug as usize].clone()).collect();
        let of_drug = self.alike(other);
        let may_be = other.drugs.iter().map(|&drug| of_drug[drug as usize].clone()).collect();
        self.background = Background { values: values.collect(), drugs, may_be };
    }

    /// For every drug of another dataset, the drugs of this one that are it or may be it.
    fn alike(&self, other: &Self) -> Vec<BTreeSet<u32>> {
        let own = self.drug_names.len();
        let mut alike = vec![BTreeSet::new(); other.drug_names.len()];
        let both: Vec<DrugTraits> = self.drug_traits.iter().chain(&other.drug_traits).cloned().collect();
        let across =
            drugs_that_may_be_one(&both).into_iter().filter(|(one, two, _)| *one < own && *two >= own);
        across.for_each(|(one, two, _)| {
            alike[two - own].insert(one as u32);
        });
        alike
    }

    /// Says which drugs that may be one stand on both sides of `splits`, with counts and names; `None` where none do.
    pub fn leak_warning<'a>(&self, splits: impl IntoIterator<Item = &'a Split>) -> Option<String> {
        let drugs = self.drug_names.iter().cloned().zip(self.drug_traits.iter().cloned());
        let of_rows = |rows: &[usize]| rows.iter().map(|&row| self.drugs[row] as usize).collect::<Vec<_>>();
        let sides = splits.into_iter().map(|split| (of_rows(&split.train), of_rows(&split.held_out)));
        LeakCheck::new(drugs).warning(sides)
    }

    /// Number of background profiles.
    pub fn background_len(&self) -> usize {
        self.background.drugs.len()
    }

    /// The background profiles that a network which is trained on `rows` may learn from: those of a drug that has a row
    /// outside of them are held out with it. So are those of a drug that may be it: see
    /// [`may_be_one_drug`](l1kdb::annotate::may_be_one_drug).
    pub(crate) fn background_beside(&self, rows: &[u32]) -> Vec<&[f32]> {
        let mut held_out = vec![true; self.len()];
        rows.iter().for_each(|&row| held_out[row as usize] = false);
        let drugs = self.drugs.iter().zip(&held_out).filter(|(_, held_out)| **held_out);
        let drugs: BTreeSet<u32> = drugs.map(|(&drug, _)| drug).collect();
        let profiles = self.background.values.chunks_exact(GENES).zip(&self.background.may_be);
        profiles.filter(|(_, may_be)| may_be.is_disjoint(&drugs)).map(|(profile, _)| profile).collect()
    }

    /// Number of profiles.
    pub fn len(&self) -> usize {
        self.drugs.len()
    }

    /// Whether there is no profile.
    pub fn is_empty(&self) -> bool {
        self.drugs.is_empty()
    }

    /// Profile `row`: 978 z-scores.
    pub fn profile(&self, row: usize) -> &[f32] {
        &self.values[row * GENES..][..GENES]
    }

    /// Number of profiles of every drug.
    pub fn drug_sizes(&self) -> Vec<usize> {
        self.drug_sizes_among(&(0..self.len()).collect::<Vec<_>>())
    }

    /// Number of profiles of every drug among `rows`.
    pub fn drug_sizes_among(&self, rows: &[usize]) -> Vec<usize> {
        let mut sizes = vec![0; self.drug_names.len()];
        rows.iter().for_each(|&row| sizes[self.drugs[row] as usize] += 1);
        sizes
    }

    /// The drug of every profile, as splits see it.
    pub fn by_drug(&self) -> Grouping {
        Grouping::by_one(self.drugs.iter().map(|&drug| Some(self.drug_names[drug as usize].as_str())))
    }

    /// SHA-256 of all values, drugs and cell lines: whether two runs saw the same data.
    pub fn digest(&self) -> String {
        let mut digest = Digest::default();
        add_values(&mut digest, &self.values);
        self.drugs.iter().for_each(|drug| digest.add(drug.to_le_bytes()));
        self.drug_names.iter().for_each(|name| digest.add(format!("{name}\0")));
        self.cells.iter().for_each(|cell| digest.add(cell.map_or(u32::MAX, |cell| cell).to_le_bytes()));
        add_values(&mut digest, &self.background.values);
        self.background.drugs.iter().for_each(|name| digest.add(format!("{name}\0")));
        digest.text()
    }

    /// The profiles in `rows`, in that order, without the background. Drugs keep their numbers, so a subset may lack
    /// some.
    pub fn subset(&self, rows: &[usize]) -> Self {
        Self {
            ids: rows.iter().filter_map(|&row| self.ids.get(row).cloned()).collect(),
            values: rows.iter().flat_map(|&row| self.profile(row)).copied().collect(),
            drugs: rows.iter().map(|&row| self.drugs[row]).collect(),
            drug_names: self.drug_names.clone(),
            drug_traits: self.drug_traits.clone(),
            cells: rows.iter().map(|&row| self.cells[row]).collect(),
            background: Background::default(),
        }
    }
}

/// Whether the table names any drug at all; where it does not, that is a column's fault and no signature's.
fn drug_column(table: &SignatureTable, path: &Path) -> Result<(), TrainError> {
    let rows = table.rows();
    if rows.is_empty() || rows.iter().any(|row| row.name.is_some() || row.pert_id.is_some()) {
        return Ok(());
    }
    let columns: Vec<String> = Table::read(path)?.header().iter().map(|name| format!("`{name}`")).collect();
    Err(TrainError::NoDrugColumn { table: path.to_owned(), columns: columns.join(", ") })
}

fn drug_of(keys: &DrugKeys<'_>, signature: &Signature, table: &Path) -> Result<String, TrainError> {
    let missing = || TrainError::NoDrug { sig_id: signature.sig_id.clone(), table: table.to_owned() };
    keys.of(signature).ok_or_else(missing)
}

fn unmatched(join: &l1kdb::profile::Join) -> Vec<String> {
    let mut notes: Vec<String> = join.respelt.note().into_iter().collect();
    if join.controls > 0 {
        notes.push(format!("{} controls left out", join.controls));
    }
    if join.profiles_without_row.count > 0 {
        notes.push(format!("{} profiles are not in the signature table", join.profiles_without_row));
    }
    if join.rows_without_profile.count > 0 {
        notes.push(format!("{} signatures of the table have no profile", join.rows_without_profile));
    }
    notes
}

/// A profile at a time: a call for every number takes longer than the digest itself.
fn add_values(digest: &mut Digest, values: &[f32]) {
    for profile in values.chunks(GENES) {
        let bytes: Vec<u8> = profile.iter().flat_map(|value| value.to_le_bytes()).collect();
        digest.add(bytes);
    }
}

/// Numbers names by their sorted order.
fn numbered<'a>(names: impl Iterator<Item = &'a str> + Clone) -> (Vec<u32>, Vec<String>) {
    let mut numbers: BTreeMap<&str, u32> = names.clone().map(|name| (name, 0)).collect();
    numbers.values_mut().zip(0..).for_each(|(number, next)| *number = next);
    (names.map(|name| numbers[name]).collect(), numbers.keys().map(|&name| name.to_owned()).collect())
}

#[cfg(test)]
mod tests;
