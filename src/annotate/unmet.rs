//! Tables about drugs that meet none of the drugs they were given for.

use std::collections::HashSet;

use super::{DrugAtc, drug_key};
use crate::profile::{Perturbagen, PerturbagenTable, Signature};

/// Returns why a table of perturbagens tells nothing of any signature, in one line with an id of either side; `None` when
/// it tells of one, or there is no signature.
pub fn unmet_perturbagens<'a>(
    signatures: impl Iterator<Item = &'a Signature> + Clone,
    table: &PerturbagenTable,
) -> Option<String> {
    let ids: HashSet<&str> = table.rows().iter().filter_map(|row| row.pert_id.as_deref()).collect();
    let known: HashSet<String> = table.rows().iter().flat_map(names).map(drug_key).collect();
    let is_met = |signature: &Signature| {
        signature.pert_id.as_deref().is_some_and(|id| ids.contains(id))
            || signature.name.as_deref().is_some_and(|name| known.contains(&drug_key(name)))
    };
    let first = signatures.clone().next()?;
    if signatures.into_iter().any(is_met) {
        return None;
    }
    let of_signature = described(first.pert_id.as_deref(), first.name.as_deref());
    let of_table = table.rows().first().map(|row| described(row.pert_id.as_deref(), names(row).next()));
    Some(format!(
        "the table of perturbagens knows no drug of the signatures, so nothing of it is used: the signatures have drugs such \
         as {of_signature}, the table such as {}",
        of_table.unwrap_or_default()
    ))
}

/// Returns why a table of ATC codes classifies no drug, in one line with a drug of either side; `None` when it classifies
/// one, or there is no drug. `drugs` are keys of drugs, and whether they have a code.
pub fn unmet_atc<'a>(drugs: impl Iterator<Item = (&'a str, bool)>, atc: &DrugAtc) -> Option<String> {
    let mut first: Option<&str> = None;
    for (key, has_code) in drugs {
        if has_code {
            return None;
        }
        first = Some(first.map_or(key, |first| first.min(key)));
    }
    let of_table = atc.example().map_or_else(|| "none".to_owned(), |drug| format!("`{drug}`"));
    Some(format!(
        "the table of ATC codes knows none of the drugs, so nothing of it is used: there are drugs such as `{}`, in the table \
         such as {of_table}",
        first?
    ))
}

fn names(row: &Perturbagen) -> impl Iterator<Item = &str> {
    row.name.as_deref().into_iter().chain(row.key.as_deref())
}

fn described(id: Option<&str>, name: Option<&str>) -> String {
    match (id, name) {
        (Some(id), Some(name)) => format!("`{id}` (`{name}`)"),
        (Some(only), None) | (None, Some(only)) => format!("`{only}`"),
        (None, None) => "ones without id and name".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(pert_id: &str, name: &str) -> Signature {
        Signature { pert_id: Some(pert_id.into()), name: Some(name.into()), ..Signature::default() }
    }

    fn table(text: &str) -> PerturbagenTable {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        PerturbagenTable::read(file.path()).unwrap()
    }

    #[test]
    fn a_perturbagen_table_of_other_drugs_is_named_with_a_drug_of_either_side() {
        let signatures = [signature("BRD-K00000001", "aspirin"), signature("BRD-K00000002", "b")];
        let unmet = |text| unmet_perturbagens(signatures.iter(), &table(text));
        let why = unmet("pert_id\tpert_iname\nDB00001\tx\n").unwrap();
        assert!(why.contains("`BRD-K00000001` (`aspirin`)") && why.contains("`DB00001` (`x`)"), "{why}");
        assert_eq!(unmet("pert_id\nBRD-K00000002-001-01-1\n"), None);
        assert_eq!(unmet("drug\nAspirin\n"), None);
    }
}
