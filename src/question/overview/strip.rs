//! Signatures of a hit by cell line and dose.

use std::collections::BTreeMap;

use crate::db::SignatureHit;

/// The signatures of a drug by cell line and dose.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Strip {
    /// The drug.
    pub drug: String,
    /// Cell lines, that of the nearest signatures first.
    pub cell_lines: Vec<String>,
    /// Doses with their units, the smallest first.
    pub doses: Vec<String>,
    /// Of each cell line, of each dose, what there is.
    pub cells: Vec<Vec<Option<StripCell>>>,
    /// Its signatures.
    pub signatures: usize,
}

/// The signatures of a drug in one cell line at one dose.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StripCell {
    /// Their mean score.
    pub mean: f64,
    /// How many they are.
    pub signatures: usize,
}

impl Strip {
    /// Takes the signatures of a drug with their scores.
    pub(super) fn of(drug: &str, hits: &[SignatureHit]) -> Self {
        let named = |text: &str| if text.is_empty() { "not known".to_owned() } else { text.to_owned() };
        let mut doses: Vec<String> = hits.iter().map(|hit| named(&hit.signature.pert_dose)).collect();
        doses.sort_by(|a, b| amount(a).total_cmp(&amount(b)).then(a.cmp(b)));
        doses.dedup();
        let mut sums: BTreeMap<(String, String), (f64, usize)> = BTreeMap::new();
        let mut of_cell_line: BTreeMap<String, (f64, usize)> = BTreeMap::new();
        for hit in hits {
            let (cell_line, dose) = (named(&hit.signature.cell_id), named(&hit.signature.pert_dose));
            let score = f64::from(hit.similarity);
            for sum in [
                of_cell_line.entry(cell_line.clone()).or_default(),
                sums.entry((cell_line, dose)).or_default(),
            ] {
                *sum = (sum.0 + score, sum.1 + 1);
            }
        }
        let mean = |(sum, count): &(f64, usize)| sum / *count as f64;
        let mut cell_lines: Vec<(f64, String)> =
            of_cell_line.iter().map(|(name, sum)| (mean(sum), name.clone())).collect();
        cell_lines.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let cell_lines: Vec<String> = cell_lines.into_iter().map(|(_, name)| name).collect();
        let cell = |cell_line: &String, dose: &String| {
            let sum = sums.get(&(cell_line.clone(), dose.clone()))?;
            Some(StripCell { mean: mean(sum), signatures: sum.1 })
        };
        let cells =
            cell_lines.iter().map(|line| doses.iter().map(|dose| cell(line, dose)).collect()).collect();
        Self { drug: drug.to_owned(), cell_lines, doses, cells, signatures: hits.len() }
    }
}

/// A dose in uM; what is no dose comes last.
fn amount(dose: &str) -> f64 {
    let (number, unit) = dose.split_once(' ').unwrap_or((dose, ""));
    let scale = match unit {
        "nM" => 1e-3,
        "mM" => 1e3,
        _ => 1.0,
    };
    number.parse::<f64>().map_or(f64::INFINITY, |number| number * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::SignatureRecord;

    #[test]
    fn signatures_are_told_apart_by_cell_line_and_dose() {
        let hit = |cell: &str, dose: &str, similarity: f32| SignatureHit {
            rank: 1,
            signature: SignatureRecord { cell_id: cell.into(), pert_dose: dose.into(), ..Default::default() },
            drug: Default::default(),
            source: String::new(),
            similarity,
            further: Vec::new(),
        };
        let hits = [
            hit("A", "10 uM", 0.2),
            hit("B", "10 uM", 0.5),
            hit("B", "10 uM", 0.7),
            hit("B", "500 nM", 0.3),
            hit("", "x", 0.1),
        ];
        let strip = Strip::of("drug", &hits);
        assert_eq!(strip.cell_lines, ["B", "A", "not known"]);
        assert_eq!(strip.doses, ["500 nM", "10 uM", "x"]);
        let cell = strip.cells[0][1].unwrap();
        assert!((cell.mean - 0.6).abs() < 1e-6 && cell.signatures == 2);
        assert_eq!(strip.cells[1][0], None);
    }
}
