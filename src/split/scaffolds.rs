//! Groups of rows by chemical scaffold.

use std::collections::{BTreeMap, HashMap};

use super::Grouping;
use crate::chem::{SmilesError, scaffold};

/// Rows grouped by scaffold, and those that could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaffolds {
    /// The groups; a row without a scaffold is in none.
    pub grouping: Grouping,
    /// Rows without a SMILES.
    pub missing: usize,
    /// Rows whose SMILES could not be read, and why.
    pub unreadable: Vec<(usize, SmilesError)>,
}

/// Groups rows, each a (drug, SMILES), by the [`scaffold`] of their SMILES.
///
/// All rows of a drug are in one group, also where its batches have different structures or none: scaffolds that a drug has
/// in common are joined. A row without a drug goes by its own scaffold.
pub fn by_scaffold<'a>(rows: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>) -> Scaffolds {
    let rows: Vec<(Option<&str>, Option<&str>)> = rows.into_iter().collect();
    let mut known: HashMap<&str, Result<String, SmilesError>> = HashMap::new();
    rows.iter().filter_map(|&(_, smiles)| smiles).for_each(|smiles| {
        known.entry(smiles).or_insert_with(|| scaffold(smiles));
    });
    let error = |(row, (_, smiles)): (usize, &(Option<&str>, Option<&str>))| {
        known[(*smiles)?].as_ref().err().map(|error| (row, error.clone()))
    };
    let of_row = |&(_, smiles): &(Option<&str>, Option<&str>)| known[smiles?].as_deref().ok();
    let scaffolds: Vec<Option<&str>> = rows.iter().map(of_row).collect();
    let drugs: Vec<Option<&str>> = rows.iter().map(|&(drug, _)| drug).collect();
    Scaffolds {
        missing: rows.iter().filter(|(_, smiles)| smiles.is_none()).count(),
        unreadable: rows.iter().enumerate().filter_map(error).collect(),
        grouping: Grouping::by_any(&of_drugs(&drugs, &scaffolds)),
    }
}

/// For each row all scaffolds of its drug.
fn of_drugs(drugs: &[Option<&str>], scaffolds: &[Option<&str>]) -> Vec<Vec<String>> {
    let mut of_drug: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (drug, scaffold) in drugs.iter().zip(scaffolds) {
        if let (Some(drug), Some(scaffold)) = (drug, scaffold) {
            of_drug.entry(drug).or_default().push((*scaffold).to_owned());
        }
    }
    let all = |(drug, scaffold): (&Option<&str>, &Option<&str>)| match drug.and_then(|drug| of_drug.get(drug))
    {
        Some(scaffolds) => scaffolds.clone(),
        None => scaffold.iter().map(|&scaffold| scaffold.to_owned()).collect(),
    };
    drugs.iter().zip(scaffolds).map(all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_and_what_cannot_be_is_counted() {
        let rows = [Some("c1ccccc1"), Some("Cc1ccccc1"), None, Some("restricted"), Some("CCO")];
        let found = by_scaffold(rows.map(|smiles| (None, smiles)));
        assert_eq!((found.missing, found.unreadable.len(), found.grouping.unknown()), (1, 1, 2));
        assert_eq!((found.unreadable[0].0, found.unreadable[0].1.at), (3, 1));
        assert_eq!(found.grouping.of_row()[0], found.grouping.of_row()[1]);
        assert_ne!(found.grouping.of_row()[0], found.grouping.of_row()[4]);
    }

    #[test]
    fn all_rows_of_a_drug_are_in_one_group_whatever_structures_its_batches_have() {
        let (benzene, pyridine, ethanol) = (Some("c1ccccc1"), Some("c1ccncc1"), Some("CCO"));
        let rows = [
            (Some("a"), benzene),
            (Some("a"), pyridine),
            (Some("a"), None),
            (Some("a"), Some("no SMILES")),
            (Some("b"), pyridine),
            (Some("c"), ethanol),
            (None, benzene),
            (Some("d"), None),
        ];
        let grouping = by_scaffold(rows).grouping;
        let of_row = grouping.of_row();
        // The structures of `a` join benzene and pyridine, and with them `b` and the row without a drug.
        for row in [1, 2, 3, 4, 6] {
            assert!(of_row[row].is_some() && of_row[row] == of_row[0], "row {row}");
        }
        assert!(of_row[5].is_some() && of_row[5] != of_row[0]);
        assert_eq!(of_row[7], None);
    }
}
