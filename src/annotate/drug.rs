//! One drug, however many vendors' batches, salts and spellings the signatures name it by.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::AnnotateError;
use super::atc::{AtcCode, column};
use crate::profile::{Perturbagen, PerturbagenTable, Signature, Table, drugbank_id, is_missing};

/// Returns the canonical form of a drug's name: its letters and digits, in lower case.
///
/// Two names with the same key are one drug, so that `Trichostatin-A` and `trichostatin a` meet. A name without any
/// letter or digit is its own key.
///
/// ```
/// assert_eq!(l1kdb::annotate::drug_key("1,25-dihydroxyvitamin-D3"), "125dihydroxyvitamind3");
/// ```
pub fn drug_key(name: &str) -> String {
    let key: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if key.is_empty() { name.trim().to_owned() } else { key }
}

/// A drug with everything known about it. Lists are sorted and free of repeats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drug {
    /// The canonical name, [`drug_key`] or the metadata's own `drug` column.
    pub key: String,
    /// The name to show: the spelling that most signatures use.
    pub name: String,
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
        let drugbank = table.column(&["drugbank_id"]);
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

    fn insert(&mut self, drug: &str, drugbank: &str, code: AtcCode) {
        if !is_missing(drugbank) {
            self.by_drugbank.entry(drugbank.to_owned()).or_default().insert(code.clone());
        }
        if !drug.trim().is_empty() {
            self.by_key.entry(drug_key(drug)).or_default().insert(code);
        }
    }

    /// Returns the (line, text) of cells that hold no ATC code.
    pub fn malformed(&self) -> &[(usize, String)] {
        &self.malformed
    }

    /// Returns the codes of a drug, sorted: those of its DrugBank id, else those of its canonical name.
    pub fn codes(&self, key: &str, drugbank_id: Option<&str>) -> Vec<AtcCode> {
        let by_id = drugbank_id.and_then(|id| self.by_drugbank.get(id));
        by_id.or_else(|| self.by_key.get(key)).into_iter().flatten().cloned().collect()
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
        perturbagens: Option<&PerturbagenTable>,
        atc: Option<&DrugAtc>,
    ) -> Self {
        let known = DrugKeys::new(perturbagens);
        let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
        let keys: Vec<String> = signatures
            .into_iter()
            .map(|signature| {
                let key = known.of(signature).unwrap_or_else(|| signature.sig_id.clone());
                gathered.entry(key.clone()).or_default().add(signature, known.find(signature));
                key
            })
            .collect();
        let index: HashMap<&str, u32> = gathered.keys().map(String::as_str).zip(0..).collect();
        let of_signature = keys.iter().map(|key| index[key.as_str()]).collect();
        let drugs = gathered.iter().map(|(key, parts)| parts.finish(key, atc)).collect();
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

/// From the ways a signature names its drug to the one key that the drug is known by.
///
/// The one rule of this crate for who is who: a database groups by it, and a training that keeps drugs apart has to.
#[derive(Debug, Default)]
pub struct DrugKeys<'a> {
    by_id: HashMap<&'a str, &'a Perturbagen>,
    by_name: HashMap<String, &'a Perturbagen>,
}

impl<'a> DrugKeys<'a> {
    /// Prepares to look up signatures in a table, if there is one.
    pub fn new(perturbagens: Option<&'a PerturbagenTable>) -> Self {
        let mut keys = Self::default();
        for row in perturbagens.map_or(&[][..], PerturbagenTable::rows) {
            if let Some(id) = &row.pert_id {
                keys.by_id.entry(id.as_str()).or_insert(row);
            }
            if let Some(name) = &row.name {
                keys.by_name.entry(drug_key(name)).or_insert(row);
            }
        }
        keys
    }

    /// Returns the key of a signature's drug: what the table calls it, found by `pert_id`, then by name; else the name
    /// that the signature carries; else its `pert_id`. `None` where it has neither.
    pub fn of(&self, signature: &Signature) -> Option<String> {
        let found = self.find(signature);
        let named = found.and_then(|row| row.key.as_deref().or(row.name.as_deref()));
        let named = named.or(signature.name.as_deref()).map(drug_key);
        named.or_else(|| signature.pert_id.clone())
    }

    fn find(&self, signature: &Signature) -> Option<&'a Perturbagen> {
        let by_id = signature.pert_id.as_deref().and_then(|id| self.by_id.get(id));
        by_id.or_else(|| self.by_name.get(&drug_key(signature.name.as_deref()?))).copied()
    }
}

/// What the signatures and perturbagen rows of one drug say, before it is put in order.
#[derive(Default)]
struct Gathered {
    names: BTreeMap<String, usize>,
    pert_ids: BTreeSet<String>,
    drugbank_id: Option<String>,
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
            self.drugbank_id = self.drugbank_id.take().or_else(|| row.drugbank_id.clone());
        }
    }

    fn finish(&self, key: &str, atc: Option<&DrugAtc>) -> Drug {
        Drug {
            key: key.to_owned(),
            name: self.commonest_name().unwrap_or(key).to_owned(),
            pert_ids: self.pert_ids.iter().cloned().collect(),
            drugbank_id: self.drugbank_id.clone(),
            atc: atc.map(|atc| atc.codes(key, self.drugbank_id.as_deref())).unwrap_or_default(),
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
    use super::{Catalogue, DrugAtc, drug_key};
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
        let catalogue = Catalogue::new(&signatures, None, None);
        assert_eq!(catalogue.of_signature(), [1, 1, 1, 0]);
        assert_eq!(catalogue.drugs()[1].name, "trichostatin a");
        assert_eq!(catalogue.drugs()[1].pert_ids, ["BRD-1", "BRD-2"]);
        assert_eq!(catalogue.drugs()[0].name, "BRD-3");
    }

    #[test]
    fn a_name_of_signs_only_is_still_a_name() {
        assert_eq!(drug_key(" ??"), "??");
    }

    #[test]
    fn a_drugbank_id_is_the_safer_key_and_several_codes_are_kept() {
        let mut atc = DrugAtc::default();
        atc.add_cell(2, "Miconazole", "DB01110", "D01AC02|J02AB01");
        atc.add_cell(3, "other", "", "nonsense");
        assert_eq!(atc.codes("unknown", Some("DB01110")).len(), 2);
        assert_eq!(atc.codes("miconazole", None).len(), 2);
        assert_eq!(atc.malformed(), [(3, "nonsense".to_owned())]);
    }
}
