//! Promises of the list of drugs.

use super::super::fixture::{Drugs, scattered};
use super::super::*;
use crate::progress::Quiet;

#[test]
fn a_mislabelled_drug_is_listed_with_the_drugs_that_pull_it() {
    let mut drugs = Drugs::clouds(60, 6, 3, 0.2);
    drugs.classes[9] = vec![2];
    let options = ClassOptions::for_repurposing();
    let found = Repurposing::of(&drugs.view(), &options, Confident::default(), &Quiet).unwrap();
    assert_eq!(found.candidates.len(), 1);
    let candidate = &found.candidates[0];
    assert_eq!(
        (candidate.drug.as_str(), candidate.row, candidate.proposed.as_str()),
        ("drug 9", 9, "class 0")
    );
    assert_eq!((candidate.classes.as_slice(), candidate.agreement), (&["class 2".to_owned()][..], 1.0));
    assert_eq!(candidate.neighbours.len(), 5);
    for neighbour in &candidate.neighbours {
        let row: u32 = neighbour.drug.trim_start_matches("drug ").parse().unwrap();
        assert!(row.is_multiple_of(3) && row != 9 && neighbour.similarity > 0.8, "{neighbour:?}");
    }
    assert!(candidate.neighbours.is_sorted_by(|a, b| a.similarity >= b.similarity));
}

#[test]
fn classes_assigned_at_random_list_next_to_nobody_and_the_report_says_how_many() {
    let class_of: Vec<u32> = scattered(200, 77).iter().map(|value| ((value + 1.0) * 2.5) as u32).collect();
    let drugs = Drugs::new(scattered(200 * 8, 5), 8, &class_of);
    let confident = Confident { confidence: 0.6, ..Confident::default() };
    let options = ClassOptions::for_repurposing().permutations(10);
    let found = Repurposing::of(&drugs.view(), &options, confident, &Quiet).unwrap();
    let by_chance = found.by_chance.unwrap();
    assert!(found.candidates.len() <= 6, "{} of 200", found.candidates.len());
    assert!(
        by_chance.mean <= 6.0 && found.candidates.len() as f64 <= by_chance.range[1] + 3.0,
        "{by_chance:?}"
    );
    let lax = Confident { agreement: 0.1, confidence: 0.1 };
    let many = Repurposing::of(&drugs.view(), &options, lax, &Quiet).unwrap();
    assert!(many.by_chance.unwrap().mean > 100.0, "a rule that lists anybody says so");
}

#[test]
fn a_list_that_cannot_be_made_says_why() {
    let drugs = Drugs::clouds(12, 4, 3, 0.5);
    let refused = |options: &ClassOptions, agreement, confidence| {
        Repurposing::of(&drugs.view(), options, Confident { agreement, confidence }, &Quiet)
            .unwrap_err()
            .to_string()
    };
    let options = ClassOptions::for_repurposing();
    assert!(refused(&options, 0.0, 0.5).starts_with("agreement is 0, expected above 0"));
    assert!(refused(&options, 0.8, 1.5).starts_with("confidence is 1.5, expected"));
    let clusters = options.method(Method::cluster());
    assert!(refused(&clusters, 0.8, 0.5).starts_with("classifier is clusters"));
}
