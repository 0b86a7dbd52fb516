//! Rows that are evaluated, and what is known of them.

use std::collections::BTreeSet;

use crate::annotate::{AtcCode, Drug, DrugTraits, drug_key};
use crate::db::{DrugRecord, SignatureRecord};
use crate::profile::{Quantity, Signature, plate};

/// A signature, as far as an evaluation asks about it. What is missing is unknown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// `sig_id`, or the number of the row.
    pub id: String,
    /// The drug's canonical name: rows of one drug share it.
    pub drug: Option<String>,
    /// The drug's name to show.
    pub name: String,
    /// What tells whether the drug may be another one.
    pub traits: DrugTraits,
    /// The source that the signature is from, such as a release: not its plate or cell line.
    pub source: Option<String>,
    /// Cell line.
    pub cell: Option<String>,
    /// Dose.
    pub dose: Option<Quantity>,
    /// Time.
    pub time: Option<Quantity>,
    /// The plate: what stands before the colon of the `sig_id`.
    pub plate: Option<String>,
    /// How strong the signature is: `tas` where the metadata has it, else the root mean square of its z-scores.
    pub strength: Option<f64>,
    /// Mechanisms of action of the drug.
    pub moa: Vec<String>,
    /// Targets of the drug.
    pub targets: Vec<String>,
    /// ATC codes of the drug.
    pub atc: Vec<AtcCode>,
    /// Structure of the drug.
    pub smiles: Option<String>,
}

impl Row {
    /// From the tables of a release.
    pub fn new(signature: &Signature, drug: &Drug, traits: DrugTraits, smiles: Option<&str>) -> Self {
        let tas = signature.flags.iter().find(|(name, _)| *name == "tas");
        Self {
            id: signature.sig_id.clone(),
            drug: Some(drug.key.clone()),
            name: drug.name.clone(),
            traits,
            source: None,
            cell: signature.cell_id.clone(),
            dose: signature.dose.clone(),
            time: signature.time.clone(),
            plate: plate(&signature.sig_id).map(str::to_owned),
            strength: tas.and_then(|(_, value)| value.parse().ok()),
            moa: drug.moa.clone(),
            targets: drug.targets.clone(),
            atc: drug.atc.clone(),
            smiles: smiles.map(str::to_owned),
        }
    }

    /// From what a database stores.
    pub fn stored(signature: &SignatureRecord, drug: &DrugRecord) -> Self {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            id: signature.sig_id.clone(),
            drug: Some(drug.key.clone()),
            name: drug.name.clone(),
            traits: DrugTraits {
                keys: BTreeSet::from([drug.key.clone(), drug_key(&drug.name)]),
                ..DrugTraits::default()
            },
            source: None,
            cell: known(&signature.cell_id),
            dose: signature.pert_dose.parse().ok(),
            time: signature.pert_time.parse().ok(),
            plate: plate(&signature.sig_id).map(str::to_owned),
            strength: None,
            moa: drug.moa.clone(),
            targets: drug.targets.clone(),
            atc: drug.atc.iter().filter_map(|code| code.parse().ok()).collect(),
            smiles: None,
        }
    }

    /// Returns the dose in uM, where it is a concentration.
    pub fn micromolar(&self) -> Option<f64> {
        self.dose.as_ref()?.micromolar()
    }
}
