//! Drugs that are predicted to be in another class.

mod json;
mod page;
mod table;
mod tsv;

pub(super) use page::blocks;
pub(super) use table::write as write_table;
pub(super) use tsv::write as write_tsv;

use crate::eval::classification::Candidate;

fn neighbours(candidate: &Candidate, separator: &str, digits: usize) -> String {
    let joined = if separator == "|" { ":" } else { " " };
    let one =
        candidate.neighbours.iter().map(|near| format!("{}{joined}{:.digits$}", near.drug, near.similarity));
    one.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::classification::{NearDrug, Repurposing, Spread};

    fn found() -> Repurposing {
        let near = |drug: &str, similarity| NearDrug { drug: drug.to_owned(), similarity };
        Repurposing {
            drugs: 60,
            configuration: "cosine, k=7".to_owned(),
            validation: "5-fold, 10 times".to_owned(),
            candidates: vec![Candidate {
                drug: "a\tb".to_owned(),
                row: 3,
                classes: vec!["heart".to_owned()],
                proposed: "skin".to_owned(),
                agreement: 0.9,
                mean_score: 0.75,
                neighbours: vec![near("c", 0.5), near("d", 0.25)],
            }],
            by_chance: Some(Spread { mean: 0.5, range: [0.0, 2.0] }),
            permutations: 20,
        }
    }

    #[test]
    fn the_list_stands_under_what_chance_lists() {
        let mut out = Vec::new();
        write_table(&mut out, &found(), 100).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("by chance: 0.5 (0.0 to 2.0 in 20 permutations of the classes)"), "{text}");
        assert!(text.contains("heart  skin                 90   0.75  c 0.50, d 0.25"), "{text}");
    }

    #[test]
    fn every_line_has_as_many_fields_as_the_header() {
        let mut out = Vec::new();
        write_tsv(&mut out, &found()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "a b\theart\tskin\t0.900000\t0.750000\tc:0.500000|d:0.250000");
        assert_eq!(lines[0].split('\t').count(), lines[1].split('\t').count());
    }
}
