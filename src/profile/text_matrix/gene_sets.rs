//! Gene sets in place of a matrix: recognised, and named as what they are.

use super::super::decimal::is_number;
use super::super::genes::GeneMap;
use super::super::records::Delimiter;
use super::Input;
use crate::profile::ProfileError;

/// Records that are looked at.
const LOOKED_AT: usize = 8;

/// Landmarks that make a line one of genes, and their share of its fields: a set holds any of 20,000 genes.
const LANDMARKS: usize = 2;
const SHARE: usize = 40;

/// Refuses a file of gene sets: GMT, where each line is a name, a description and genes, and lists of one gene a line.
pub(super) fn refuse(input: &Input) -> Result<(), ProfileError> {
    let records = beginning(input)?;
    let refused = |hint| Err(ProfileError::UnknownFormat { path: input.path.clone(), hint });
    let sets = records.iter().filter(|record| is_set(record)).count();
    if records.len() > 1 && records.iter().all(|record| has_no_numbers(record)) && 2 * sets >= records.len() {
        return refused(
            "it holds gene sets (GMT), which have no values; ask with gene sets, or give a table of genes and z-scores",
        );
    }
    let names: Vec<&str> = records.iter().map(|record| record[0].as_str()).collect();
    if records.iter().all(|record| record.len() == 1) && are_genes(&names) {
        return refused(
            "it is a list of genes without values; ask with a gene set, or give a table of genes and z-scores",
        );
    }
    Ok(())
}

fn beginning(input: &Input) -> Result<Vec<Vec<String>>, ProfileError> {
    let mut records = input.records()?;
    let mut first = Vec::new();
    while first.len() < LOOKED_AT
        && let Some(record) = records.next()?
    {
        first.push(record.fields().map(std::borrow::Cow::into_owned).collect());
    }
    Ok(first)
}

fn members(record: &[String]) -> impl Iterator<Item = &str> {
    record.iter().skip(2).map(String::as_str).filter(|gene| !gene.is_empty())
}

fn has_no_numbers(record: &[String]) -> bool {
    !members(record).any(|gene| is_number(gene.as_bytes(), Delimiter::Tab))
}

fn is_set(record: &[String]) -> bool {
    are_genes(&members(record).collect::<Vec<_>>())
}

fn are_genes(names: &[&str]) -> bool {
    let found = GeneMap::best_of_ids(|| names.iter().copied()).found();
    found >= LANDMARKS.min(names.len()).max(1) && found * SHARE >= names.len()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::profile::MatrixFile;

    fn said(text: &str) -> String {
        let input = Input::from_bytes(Path::new("t"), text.as_bytes().to_vec());
        MatrixFile::from_input(input).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn sets_and_lists_of_genes_are_named_as_such() {
        let sets = "A_UP\tna\tPSME1\tATF1\tTP53\nA_DN\thttp://x\tMYC\tPSME1\nB\t\tnobody\n";
        assert!(said(sets).contains("gene sets (GMT)"), "{}", said(sets));
        assert!(said("PSME1\nATF1\nTP53\n").contains("list of genes"), "{}", said("PSME1\nATF1\nTP53\n"));
    }

    #[test]
    fn matrices_are_none_of_them() {
        for matrix in [
            "gene\tdescription\tS1\nPSME1\tx\t0.5\nATF1\ty\t1\n",
            "sig_id\tcell\tPSME1\tATF1\nS1\tA375\t0.5\t1\n",
            "gene\tS1\nPSME1\t0.5\n",
        ] {
            assert_eq!(said(matrix), "");
        }
    }
}
