//! `DROW` and `DPTR`: the drug of each row, and the rows of each drug.

use super::section::{Fault, Section};

/// Writes where each drug's rows start, one more start for the end, then the rows drug by drug.
pub(super) fn encode(drug_of_row: &[u32], drugs: usize) -> Vec<u32> {
    let mut starts = vec![0u32; drugs + 1];
    for drug in drug_of_row {
        starts[*drug as usize + 1] += 1;
    }
    for drug in 0..drugs {
        starts[drug + 1] += starts[drug];
    }
    let mut rows: Vec<u32> = (0..drug_of_row.len() as u32).collect();
    rows.sort_by_key(|row| drug_of_row[*row as usize]);
    starts.extend(rows);
    starts
}

/// Reads the drug of each of so many rows.
pub(super) fn drug_of_rows(bytes: &[u8], rows: usize) -> Result<&[u32], Fault> {
    let drugs = numbers(bytes, Section::DrugOfRow)?;
    Section::DrugOfRow.expect("rows", rows, drugs.len())?;
    Ok(drugs)
}

/// The rows of every drug of a segment.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct DrugRows<'a> {
    starts: &'a [u32],
    rows: &'a [u32],
}

impl<'a> DrugRows<'a> {
    /// Takes the bytes of a section of so many drugs and rows.
    pub(super) fn open(bytes: &'a [u8], drugs: usize, rows: usize) -> Result<Self, Fault> {
        let numbers = numbers(bytes, Section::RowsOfDrug)?;
        let (starts, of_drugs) = numbers.split_at_checked(drugs + 1).ok_or_else(|| {
            let what = format!("expected {} numbers or more, found {}", drugs + 1, numbers.len());
            Section::RowsOfDrug.fault(what)
        })?;
        Section::RowsOfDrug.expect("rows", rows, of_drugs.len())?;
        Ok(Self { starts, rows: of_drugs })
    }

    /// Returns the number of drugs.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns the rows of a drug; none where the section is damaged.
    pub fn of(&self, drug: u32) -> &'a [u32] {
        let drug = drug as usize;
        let bounds = self.starts.get(drug).zip(self.starts.get(drug + 1));
        bounds.and_then(|(start, end)| self.rows.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// Checks that every row is listed once, with its own drug.
    pub(super) fn verify(&self, drug_of_row: &[u32]) -> Result<(), Fault> {
        let mut seen = 0;
        for drug in 0..self.len() as u32 {
            for row in self.of(drug) {
                if drug_of_row.get(*row as usize).copied() != Some(drug) {
                    return Err(Section::RowsOfDrug.fault(format!("row {row} is not of drug {drug}")));
                }
                seen += 1;
            }
        }
        Section::RowsOfDrug.expect("entries", drug_of_row.len(), seen)
    }
}

fn numbers(bytes: &[u8], section: Section) -> Result<&[u32], Fault> {
    bytemuck::try_cast_slice(bytes).map_err(|e| section.fault(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{DrugRows, encode};

    #[test]
    fn every_drug_has_its_rows_in_their_order() {
        let drug_of_row = [1, 0, 1, 3, 1];
        let written = encode(&drug_of_row, 4);
        let rows = DrugRows::open(bytemuck::cast_slice(&written), 4, 5).unwrap();
        assert_eq!([rows.of(0), rows.of(1), rows.of(2), rows.of(3)], [&[1][..], &[0, 2, 4], &[], &[3]]);
        rows.verify(&drug_of_row).unwrap();
        assert!(rows.verify(&[1, 0, 1, 0, 1]).is_err());
        assert!(rows.of(4).is_empty());
    }
}
