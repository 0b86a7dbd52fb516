//! One drug, however many vendors' batches, salts and spellings the signatures name it by.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::atc::{AtcCode, column};
use super::name::{drug_key, is_reduced};
use super::{AnnotateError, DrugKeys};
use crate::profile::{Perturbagen, Signature, Table, columns, drugbank_id, is_missing};

/// A drug with everything known about it. Lists are sorted and free of repeats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drug {
    /// What [`DrugKeys::of`] calls it.
    pub key: String,
    /// The name to show: the spelling that most signatures use.
    pub name: String,
    /// Every name that the tables have for it, as written.
    pub names: Vec<String>,
    /// Every `pert_id` its signatures carry.
    pub pert_ids: Vec<String>,
    /// The DrugBank id, where the metadata gives one.
    pub drugbank_id: Option<String>,
    /// Every ATC code. A drug is never forced into one class.
    pub atc: Vec<AtcCode>,
    /// Mechanisms of action.
    pub moa: Vec<String>,
    /// Target genes.
    pub targets: Vec<String>,
}

/// Drugs to ATC codes, by DrugBank id and by canonical name.
#[derive(Debug, Clone, Default)]
pub struct DrugAtc {
    by_key: HashMap<String, BTreeSet<AtcCode>>,
    /// By names of which the table keeps letters and digits only.
    by_reduced: HashMap<String, BTreeSet<AtcCode>>,
    by_drugbank: HashMap<String, BTreeSet<AtcCode>>,
    malformed: Vec<(usize, String)>,
}

impl DrugAtc {
    /// Reads a table with the columns `drug` and `atc_code`, and `drugbank_id` where there is one. A cell may hold
    /// several codes joined by `|`, `;` or `,`.
    ///
    /// # Errors
    /// When the file cannot be read as a table or lacks a column. Malformed codes are kept for
    /// [`malformed`](Self::malformed).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, AnnotateError> {
        let path = path.as_ref();
        let table = Table::read(path)?.filled()?;
        let drug = column(&table, path, &["drug", "pert_iname", "cmap_name", "name"], "drug")?;
        let code = column(&table, path, &["atc_code", "atc", "atc_codes"], "atc_code")?;
        let drugbank = table.column(columns::DRUGBANK_ID);
        let mut map = Self::default();
        for (i, row) in table.rows().enumerate() {
            let drugbank = drugbank.map(|column| drugbank_id(row[column])).unwrap_or_default();
            map.add_cell(table.line(i) as usize, row[drug], &drugbank, row[code]);
        }
        Ok(map)
    }

    /// Returns one of the drugs, as a message about all of them shows it.
    pub fn example(&self) -> Option<&str> {
        self.by_key.keys().min().or_else(|| self.by_drugbank.keys().min()).map(String::as_str)
    }

    fn add_cell(&mut self, line: usize, drug: &str, drugbank: &str, cell: &str) {
        for text in cell.split(['|', ';', ',']).map(str::trim).filter(|text| !is_missing(text)) {
            match text.parse() {
                Ok(code) => self.insert(drug, drugbank, code),
                Err(_) => self.malformed.push((line, text.to_owned())),
            }
        }
    }

    /// Adds a code to a drug, by its name and its DrugBank id; either may be empty.
    pub fn insert(&mut self, drug: &str, drugbank: &str, code: AtcCode) {
        if !is_missing(drugbank) {
            self.by_drugbank.entry(drugbank.to_owned()).or_default().insert(code.clone());
        }
        let drug = drug.trim();
        if is_reduced(drug) {
            self.by_reduced.entry(drug.to_owned()).or_default().insert(code.clone());
        }
        if !drug.is_empty() {
            self.by_key.entry(drug_key(drug)).or_default().insert(code);
        }
    }

    /// Returns the (line, text) of cells that hold no ATC code.
    pub fn malformed(&self) -> &[(usize, String)] {
        &self.malformed
    }

    /// Returns the codes of a drug: those of its DrugBank ids, else those of its keys, else those of the names that its
    /// keys are in tables which keep letters and digits only.
    fn codes(&self, key: &str, keys: &DrugKeys<'_>, drugbank_ids: &BTreeSet<String>) -> Vec<AtcCode> {
        let own = BTreeSet::from([key.to_owned()]);
        let all = keys.naming(key).map_or(&own, |naming| &naming.keys);
        let by_id = drugbank_ids.iter().filter_map(|id| self.by_drugbank.get(id));
        let by_key = all.iter().filter_map(|key| self.by_key.get(key));
        let reduced: Vec<String> = all.iter().filter_map(|key| keys.reduced(key)).collect();
        let by_reduced = reduced.iter().filter_map(|key| self.by_reduced.get(key));
        let found = [by_id.collect::<Vec<_>>(), by_key.collect(), by_reduced.collect()];
        let first = found.into_iter().find(|codes| !codes.is_empty()).unwrap_or_default();
        first.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().cloned().collect()
    }
}

/// The drugs of a set of signatures, in the order of their keys.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    drugs: Vec<Drug>,
    of_signature: Vec<u32>,
}

impl Catalogue {
    /// Groups `signatures` by drug and gathers what the tables know of each.
    ///
    /// A signature's drug is what [`DrugKeys::of`] says; one without a name or id is a drug of its own.
    pub fn new<'a>(
        signatures: impl IntoIterator<Item = &'a Signature>,
        keys: &DrugKeys<'_>,
        atc: Option<&DrugAtc>,
    ) -> Self {
        let mut known: HashMap<(Option<&str>, Option<&str>), Option<String>> = HashMap::new();
        let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
        let mut of_signature = Vec::new();
        for signature in signatures {
            let named = (signature.pert_id.as_deref(), signature.name.as_deref());
            let key = known.entry(named).or_insert_with(|| keys.of(signature));
            let key = key.as_ref().unwrap_or(&signature.sig_id);
            let parts = match gathered.get_mut(key) {
                Some(parts) => parts,
                None => gathered.entry(key.clone()).or_default(),
            };
            parts.add(signature, keys.row(signature));
            of_signature.push(key.clone());
        }
        let index: HashMap<&str, u32> = gathered.keys().map(String::as_str).zip(0..).collect();
        let of_signature = of_signature.iter().map(|key| index[key.as_str()]).collect();
        let drugs = gathered.iter().map(|(key, parts)| parts.finish(key, keys, atc)).collect();
        Self { drugs, of_signature }
    }

    /// Returns the drugs, sorted by key.
    pub fn drugs(&self) -> &[Drug] {
        &self.drugs
    }

    /// Returns, for each signature in the order given, its place in [`drugs`](Self::drugs).
    pub fn of_signature(&self) -> &[u32] {
        &self.of_signature
    }
}

/// What the signatures and perturbagen rows of one drug say, before it is put in order.
#[derive(Default)]
struct Gathered {
    names: BTreeMap<String, usize>,
    pert_ids: BTreeSet<String>,
    drugbank_ids: BTreeSet<String>,
    moa: BTreeSet<String>,
    targets: BTreeSet<String>,
}

impl Gathered {
    fn add(&mut self, signature: &Signature, found: Option<&Perturbagen>) {
        let name = signature.name.as_ref().or_else(|| found?.name.as_ref());
        if let Some(name) = name {
            *self.names.entry(name.clone()).or_default() += 1;
        }
        self.pert_ids.extend(signature.pert_id.as_ref().or_else(|| found?.pert_id.as_ref()).cloned());
        if let Some(row) = found {
            self.moa.extend(row.moa.iter().cloned());
            self.targets.extend(row.targets.iter().cloned());
            self.drugbank_ids.extend(row.drugbank_id.clone());
        }
    }

    fn finish(&self, key: &str, keys: &DrugKeys<'_>, atc: Option<&DrugAtc>) -> Drug {
        Drug {
            key: key.to_owned(),
            name: self.commonest_name().unwrap_or(key).to_owned(),
            names: keys.naming(key).into_iter().flat_map(|naming| naming.names.iter().cloned()).collect(),
            pert_ids: self.pert_ids.iter().cloned().collect(),
            drugbank_id: self.drugbank_ids.first().cloned(),
            atc: atc.map(|atc| atc.codes(key, keys, &self.drugbank_ids)).unwrap_or_default(),
            moa: self.moa.iter().cloned().collect(),
            targets: self.targets.iter().cloned().collect(),
        }
    }

    /// The spelling most signatures use; the alphabetically first of equals.
    fn commonest_name(&self) -> Option<&str> {
        self.names.iter().rev().max_by_key(|(_, count)| **count).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Catalogue, DrugAtc};
    use crate::annotate::DrugKeys;
    use crate::profile::Signature;

    fn signature(sig_id: &str, pert_id: &str, name: Option<&str>) -> Signature {
        Signature {
            sig_id: sig_id.into(),
            pert_id: Some(pert_id.into()),
            name: name.map(Into::into),
            ..Signature::default()
        }
    }

    #[test]
    fn spellings_and_batches_of_a_drug_are_one_drug() {
        let signatures = [
            signature("s1", "BRD-1", Some("Trichostatin-A")),
            signature("s2", "BRD-2", Some("trichostatin a")),
            signature("s3", "BRD-2", Some("trichostatin a")),
            signature("s4", "BRD-3", None),
        ];
        let catalogue = Catalogue::new(&signatures, &DrugKeys::new(&signatures, None), None);
        assert_eq!(catalogue.of_signature(), [1, 1, 1, 0]);
        assert_eq!(catalogue.drugs()[1].name, "trichostatin a");
        assert_eq!(catalogue.drugs()[1].pert_ids, ["BRD-1", "BRD-2"]);
        assert_eq!(catalogue.drugs()[0].name, "BRD-3");
    }

    #[test]
    fn a_drugbank_id_is_the_safer_key_and_several_codes_are_kept() {
        let mut atc = DrugAtc::default();
        atc.add_cell(2, "Miconazole", "DB01110", "D01AC02|J02AB01");
        atc.add_cell(3, "other", "", "nonsense");
        let codes = |key, id: Option<&str>| {
            atc.codes(key, &DrugKeys::default(), &id.map(str::to_owned).into_iter().collect::<BTreeSet<_>>())
        };
        assert_eq!(codes("unknown", Some("DB01110")).len(), 2);
        assert_eq!(codes("miconazole", None).len(), 2);
        assert_eq!(codes("unknown", None).len(), 0);
        assert_eq!(atc.malformed(), [(3, "nonsense".to_owned())]);
    }
}
