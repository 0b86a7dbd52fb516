//! Profiles with the drug and the cell line of each: what a network is trained and evaluated on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use l1kdb::annotate::DrugKeys;
use l1kdb::profile::{GENES, PerturbagenTable, ProfileReader, ReadOptions, Signature, SignatureTable, join};
use l1kdb::progress::Progress;

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
    /// n x 978 z-scores, row-major, in gene-space order.
    pub values: Vec<f32>,
    /// The drug of every profile, an index into `drug_names`.
    pub drugs: Vec<u32>,
    /// Drug keys, sorted.
    pub drug_names: Vec<String>,
    /// The cell line of every profile; `None` where the table does not say.
    pub cells: Vec<Option<u32>>,
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
        Self { values, drugs, drug_names, cells }
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
        let perturbagens = files.pert_info.as_deref().map(PerturbagenTable::read).transpose()?;
        let keys = DrugKeys::new(perturbagens.as_ref());
        let mut reader = ProfileReader::open(&files.profiles, options)?;
        let join = join(reader.ids(), &table, false);
        let nothing = |cause| TrainError::NothingToTrainOn { path: files.profiles.clone(), cause };
        if let Some(cause) = join.explanation() {
            return Err(nothing(cause));
        }
        reader.select(&join.rows.iter().map(|&(profile, _)| profile).collect::<Vec<_>>())?;
        let (profiles, report) = reader.read_all(progress)?;
        let (ids, values) = profiles.into_parts();
        if ids.is_empty() {
            return Err(nothing("no profile is left after dropping those with missing values".into()));
        }
        let signatures: Vec<&Signature> =
            ids.iter().filter_map(|id| table.find(id)).map(|row| &table.rows()[row]).collect();
        let drugs = signatures.iter().map(|signature| drug_of(&keys, signature, &files.sig_info));
        let drugs = drugs.collect::<Result<Vec<_>, _>>()?;
        let cells: Vec<_> = signatures.iter().map(|signature| signature.cell_id.as_deref()).collect();
        let mut notes = report.notes();
        notes.extend(unmatched(&join));
        Ok(Loaded { dataset: Self::new(values, &drugs, &cells), notes })
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
        let mut sizes = vec![0; self.drug_names.len()];
        self.drugs.iter().for_each(|&drug| sizes[drug as usize] += 1);
        sizes
    }

    /// The profiles in `rows`, in that order. Drugs keep their numbers, so a subset may lack some.
    pub fn subset(&self, rows: &[usize]) -> Self {
        Self {
            values: rows.iter().flat_map(|&row| self.profile(row)).copied().collect(),
            drugs: rows.iter().map(|&row| self.drugs[row]).collect(),
            drug_names: self.drug_names.clone(),
            cells: rows.iter().map(|&row| self.cells[row]).collect(),
        }
    }
}

fn drug_of(keys: &DrugKeys<'_>, signature: &Signature, table: &Path) -> Result<String, TrainError> {
    let missing = || TrainError::NoDrug { sig_id: signature.sig_id.clone(), table: table.to_owned() };
    keys.of(signature).ok_or_else(missing)
}

fn unmatched(join: &l1kdb::profile::Join) -> Vec<String> {
    let mut notes = Vec::new();
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

/// Numbers names by their sorted order.
fn numbered<'a>(names: impl Iterator<Item = &'a str> + Clone) -> (Vec<u32>, Vec<String>) {
    let mut numbers: BTreeMap<&str, u32> = names.clone().map(|name| (name, 0)).collect();
    numbers.values_mut().zip(0..).for_each(|(number, next)| *number = next);
    (names.map(|name| numbers[name]).collect(), numbers.keys().map(|&name| name.to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn signature(pert_id: Option<&str>, name: Option<&str>) -> Signature {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Signature { sig_id: "S1".into(), pert_id: owned(pert_id), name: owned(name), ..Signature::default() }
    }

    #[test]
    fn all_identifiers_of_a_drug_lead_to_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("pert_info.txt");
        fs::write(
            &table,
            "pert_id\tpert_iname\tdrug\nBRD-1\tTrichostatin-A\ttrichostatina\nBRD-2\tTSA\ttrichostatina\n",
        )
        .unwrap();
        let perturbagens = PerturbagenTable::read(&table).unwrap();
        let keys = DrugKeys::new(Some(&perturbagens));
        let key = |id, name| drug_of(&keys, &signature(id, name), &table).unwrap();
        assert_eq!(key(Some("BRD-1"), None), "trichostatina");
        assert_eq!(key(Some("BRD-9"), Some("tsa")), "trichostatina");
        assert_eq!(key(None, Some("trichostatin-a")), "trichostatina");
    }

    #[test]
    fn without_a_table_the_name_is_the_drug_and_then_the_pert_id() {
        let keys = DrugKeys::default();
        let path = Path::new("sig_info.txt");
        let key = |id, name| drug_of(&keys, &signature(id, name), path);
        assert_eq!(key(Some("BRD-1"), Some("Valproic  Acid")).unwrap(), "valproicacid");
        assert_eq!(key(Some("BRD-2"), Some("valproic-acid")).unwrap(), "valproicacid");
        assert_eq!(key(Some("BRD-1"), None).unwrap(), "BRD-1");
        let error = key(None, None).unwrap_err().to_string();
        assert!(error.contains("S1") && error.contains("sig_info.txt"), "{error}");
    }

    #[test]
    fn a_missing_cell_line_stays_missing() {
        let drugs = ["b".to_owned(), "a".to_owned(), "b".to_owned()];
        let dataset = Dataset::new(vec![0.0; 3 * GENES], &drugs, &[Some("PC3"), None, Some("A375")]);
        assert_eq!(dataset.cells, [Some(1), None, Some(0)]);
        assert_eq!(
            (dataset.drugs, dataset.drug_names),
            (vec![1, 0, 1], vec!["a".to_owned(), "b".to_owned()])
        );
    }
}
