use std::fs;

use proptest::prelude::*;

use super::*;
use crate::profile::Gene;

fn total(report: &GeneReport) -> usize {
    let tallies =
        [&report.duplicate, &report.passed_over, &report.outside, &report.ambiguous, &report.missing];
    report.genes + tallies.iter().map(|tally| tally.count).sum::<usize>()
}

fn symbols(ids: &[&str]) -> Vec<Option<&'static str>> {
    let mapping = GeneIds::built_in().map(ids, Universe::All);
    mapping.positions().iter().map(|position| Universe::All.gene((*position)?).map(Gene::symbol)).collect()
}

#[test]
fn most_ids_decide_what_a_number_is_and_each_is_matched_by_itself() {
    assert_eq!(symbols(&["5720", "466.0", "RHEB"]), [Some("PSME1"), Some("ATF1"), Some("RHEB")]);
    assert_eq!(symbols(&["PSME1", "ATF1", "6009"]), [Some("PSME1"), Some("ATF1"), None]);
    assert_eq!(symbols(&["ENSG00000092010.15", "ATF1"]), [Some("PSME1"), Some("ATF1")]);
    let numbers: Vec<String> = (1..=40).map(|number| number.to_string()).collect();
    assert_eq!(GeneIds::built_in().map(&numbers, Universe::All).report().genes, 0);
}

#[test]
fn the_report_says_what_became_of_every_id() {
    let ids = ["PSME1", "psme1", "TREB36", "ATF1", "CDC10", "1-Mar", "ENST00000284320", "NOSUCHGENE", ""];
    let mapping = GeneIds::built_in().map(&ids, Universe::Landmark);
    let report = mapping.report();
    assert_eq!((report.ids, total(report)), (9, 9));
    assert_eq!((report.genes, report.duplicate.count, report.passed_over.count), (2, 1, 1));
    assert_eq!((report.outside.count, report.ambiguous.count, report.missing.count), (1, 1, 3));
    let notes = report.notes().join("\n");
    for part in ["`psme1`", "`TREB36`", "`1-Mar`", "transcript", "without an id"] {
        assert!(notes.contains(part), "{part}: {notes}");
    }
}

#[test]
fn unlike_older_names_of_one_gene_are_ambiguous() {
    let report = GeneIds::built_in().map(&["HSP27", "HSP28", "PSME1"], Universe::All).report().clone();
    assert_eq!((report.genes, report.ambiguous.count), (1, 2));
    let report = GeneIds::built_in().map(&["HSP27", "hsp27", "PSME1"], Universe::All).report().clone();
    assert_eq!((report.genes, report.duplicate.count, report.alias.count), (2, 1, 2));
}

#[test]
fn the_copy_on_the_y_chromosome_gives_way_to_the_gene() {
    let mapping = GeneIds::built_in().map(&["ENSG00000002586_PAR_Y", "ENSG00000002586.20"], Universe::All);
    assert_eq!(mapping.positions().iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
    let alone = GeneIds::built_in().map(&["ENSG00000002586.20_PAR_Y"], Universe::All);
    assert!(alone.positions()[0].is_some());
}

#[test]
fn symbols_of_mouse_are_named_as_what_they_are_and_taken_for_those_of_human_only_on_demand() {
    let ids = ["Actb", "Gm1992", "Gapdh", "ATF1"];
    let report = GeneIds::built_in().map(&ids, Universe::All).report().clone();
    assert_eq!((report.genes, report.missing.count), (1, 3));
    assert_eq!(report.causes[0].0, IdCause::OF_MOUSE);
    assert!(report.notes().join(" ").contains("mouse"));
    let of_mouse = GeneIds::built_in().species(Species::Mouse);
    let report = of_mouse.map(&ids, Universe::All).report().clone();
    assert_eq!((report.genes, report.title_case.as_deref()), (3, Some("Actb")));
    assert!(report.notes().join(" ").contains("guess"));
    let lowered: Vec<&str> = vec!["C11orf58", "PSME1", "ATF1"];
    assert_eq!(GeneIds::built_in().map(&lowered, Universe::All).report().title_case, None);
}

#[test]
fn own_names_go_over_those_that_are_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.csv");
    fs::write(&path, "name,gene\nMYPROBE,5720\nRHEB,ATF1\nFOXO3,NA\n").unwrap();
    let ids = GeneIds::with_own_names(&path).unwrap();
    let mapping = ids.map(&["myprobe", "RHEB", "FOXO3", "RHOA"], Universe::All);
    let found: Vec<_> = mapping
        .positions()
        .iter()
        .map(|at| at.and_then(|at| Universe::All.gene(at)).map(Gene::symbol))
        .collect();
    assert_eq!(found, [Some("PSME1"), Some("ATF1"), None, Some("RHOA")]);
    fs::write(&path, "name,gene\nA,PSME1\nB,NOSUCHGENE\n").unwrap();
    let error = GeneIds::with_own_names(&path).unwrap_err().to_string();
    assert!(error.contains("line 3") && error.contains("NOSUCHGENE"), "{error}");
}

/// Ids of genes, and texts that may be anything.
fn any_id() -> impl Strategy<Value = String> {
    let gene = |at: usize| Universe::All.gene(at).expect("there are so many genes");
    prop_oneof![
        (0..Universe::All.size()).prop_map(move |at| gene(at).symbol().to_owned()),
        (0..Universe::All.size()).prop_map(move |at| gene(at).entrez().to_string()),
        (0..Universe::All.size()).prop_map(move |at| gene(at).ensembl_ids().next().unwrap_or_default()),
        (0..Universe::All.size()).prop_map(move |at| gene(at).aliases().next().unwrap_or("none").to_owned()),
        "[A-Za-z0-9./;|_ -]{0,12}",
        ".{0,6}",
    ]
}

proptest! {
    #[test]
    fn counts_add_up_and_mapped_ids_map_to_themselves(ids in prop::collection::vec(any_id(), 0..40)) {
        for universe in Universe::ALL {
            let mapping = GeneIds::built_in().map(&ids, universe);
            prop_assert_eq!(total(mapping.report()), ids.len());
            prop_assert_eq!(mapping.report().ids, mapping.positions().len());
            let genes: Vec<usize> = mapping.positions().iter().flatten().copied().collect();
            let entrez: Vec<String> =
                genes.iter().map(|&at| universe.gene(at).unwrap().entrez().to_string()).collect();
            // A handful of numbers that fill their range would pass for row numbers.
            let again = GeneIds::built_in().map(&[entrez, vec!["999999999".to_owned()]].concat(), universe);
            let positions = &again.positions()[..genes.len()];
            prop_assert_eq!(positions, genes.iter().map(|&at| Some(at)).collect::<Vec<_>>());
        }
    }
}
