use super::fixture::{by_drug, protocol, study};
use super::*;
use crate::progress::Quiet;
use crate::split::{KFold, Split};

#[test]
fn an_embedding_stands_above_its_baselines_and_chance() {
    let study = study();
    let found = study.retrieval(&protocol("pert_iname"), &Quiet).unwrap();
    let names: Vec<&str> = found.baselines.iter().map(|b| b.name.as_str()).collect();
    assert_eq!(names, ["raw cosine", "raw Euclid", "permuted labels"]);
    assert!(found.outcome.micro.auc_quantile > 0.8);
    for baseline in &found.baselines {
        let auc = baseline.outcome.micro.auc_quantile;
        assert!((auc - 0.5).abs() < 0.06, "{}: {auc}", baseline.name);
        assert!(baseline.difference["micro.auc_quantile"][1] > 0.2, "{}", baseline.name);
    }
    assert_eq!((found.outcome.positives, found.outcome.drugs, found.rows), (180 * 5, 30, 180));
    assert_eq!(found.per_drug[3].drug, "Drug 3");
    assert!((found.outcome.histogram.iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn held_out_sets_are_asked_apart_and_pooled() {
    let study = study();
    let split = by_drug(&study);
    let found = study.retrieval(&Protocol { split: Some(split), ..protocol("pert_iname") }, &Quiet).unwrap();
    // Two repeats of every pair; some 60 rows a fold, 6 of them the query's own drug.
    assert_eq!((found.outcome.positives, found.outcome.negatives_mean), (2 * 180 * 5, 54.0));
    assert_eq!(found.split.unwrap().sets, 6);
    assert!(found.warnings.iter().all(|warning| !warning.contains("no split")), "{:?}", found.warnings);
}

#[test]
fn a_label_on_both_sides_of_a_split_is_an_error_unless_it_is_allowed() {
    let study = study();
    let ids: Vec<String> = study.rows.iter().map(|row| row.id.clone()).collect();
    let cells = Grouping::by_one(study.rows.iter().map(|row| row.cell.as_deref()));
    let split = Split::k_fold(&ids, "cell", &cells, KFold { folds: 2, repeats: 1 }, 1).unwrap();
    let protocol = Protocol { split: Some(split), ..protocol("pert_iname") };
    let error = study.retrieval(&protocol, &Quiet).unwrap_err();
    assert!(matches!(error, EvalError::Straddles { .. }), "{error}");
    assert!(study.retrieval(&Protocol { allow_shared_labels: true, ..protocol }, &Quiet).is_ok());
}

#[test]
fn a_class_on_both_sides_of_a_split_is_warned_of() {
    let study = study();
    let split = Some(by_drug(&study));
    let found = study.retrieval(&Protocol { split, ..protocol("atc1") }, &Quiet).unwrap();
    assert!(found.warnings.iter().any(|warning| warning.contains("atc1")), "{:?}", found.warnings);
}

#[test]
fn drugs_of_a_class_are_compared_by_their_means() {
    let study = study();
    let found = study.retrieval(&protocol("atc1"), &Quiet).unwrap();
    assert_eq!((found.level, found.outcome.queries, found.outcome.positives), ("drug", 30, 30 * 9));
    assert_eq!((found.outcome.labels, found.outcome.drugs), (3, 30));
    let [low, high] = found.outcome.interval("macro.auc_quantile").unwrap();
    assert!(low < 0.55 && high > 0.45, "classes mean nothing here: {low} to {high}");
}

#[test]
fn what_nobody_is_without_leaves_no_negative() {
    let mut study = study();
    study.rows.iter_mut().for_each(|row| row.targets = vec!["T".into()]);
    assert!(matches!(study.retrieval(&protocol("target"), &Quiet), Err(EvalError::NoNegative { .. })));
    study.rows.iter_mut().for_each(|row| row.targets.clear());
    assert!(matches!(study.retrieval(&protocol("target"), &Quiet), Err(EvalError::NoPositive { .. })));
    assert!(matches!(study.retrieval(&protocol("site"), &Quiet), Err(EvalError::NoColumn { .. })));
}

#[test]
fn easy_pairs_are_neither_positives_nor_negatives() {
    let study = study();
    let excluded = ExcludedPairs { plate: true, ..ExcludedPairs::default() };
    let found = study.retrieval(&Protocol { excluded, ..protocol("pert_iname") }, &Quiet).unwrap();
    // Of five others two are on the plate; the 174 rows of other drugs stay.
    assert_eq!((found.outcome.positives, found.outcome.negatives_mean), (180 * 3, 174.0));
}

#[test]
fn a_seed_gives_the_same_answer_and_candidates_only_estimate() {
    let study = study();
    let sampled = Protocol { candidates: Some(90), ..protocol("pert_iname") };
    let one = study.retrieval(&sampled, &Quiet).unwrap();
    assert_eq!(one, study.retrieval(&sampled, &Quiet).unwrap());
    let full = study.retrieval(&protocol("pert_iname"), &Quiet).unwrap();
    assert_eq!(one.outcome.positives, full.outcome.positives);
    assert!((one.outcome.micro.auc_quantile - full.outcome.micro.auc_quantile).abs() < 0.03);
    assert!(one.outcome.negatives_mean < 91.0);
}

#[test]
fn sampled_baselines_stand_beside_the_embedding_among_the_same_candidates() {
    let study = study();
    let asked = Protocol { sample_baselines_beyond: 100, ..protocol("pert_iname") };
    let found = study.retrieval(&asked, &Quiet).unwrap();
    let names: Vec<&str> = found.baselines.iter().map(|b| b.name.as_str()).collect();
    assert_eq!(names, ["mine, same candidates", "raw cosine", "raw Euclid", "permuted labels"]);
    let [same, raw] = [&found.baselines[0], &found.baselines[1]];
    assert_eq!((same.candidates, raw.candidates), (Some(90), Some(90)));
    let auc = |baseline: &Baseline| baseline.outcome.micro.auc_quantile;
    assert!((raw.difference["micro.auc_quantile"][0] - (auc(same) - auc(raw))).abs() < 1e-12);
    assert!(found.warnings.iter().any(|warning| warning.contains("same candidates")));
}

#[test]
fn rows_without_direction_are_named_as_their_users_know_them() {
    let with = |change: &dyn Fn(&mut Study), label: &str| {
        let mut study = study();
        study.numbers = (0..180).map(|row| row + 20).collect();
        change(&mut study);
        study.retrieval(&protocol(label), &Quiet).unwrap_err().to_string()
    };
    let said = with(&|study| study.embedding.values_mut()[7 * 8..8 * 8].fill(0.0), "pert_iname");
    assert!(said.starts_with("row 28 (P1:7) of the embeddings holds only zeros"), "{said}");
    let said = with(&|study| study.embedding.values_mut()[7 * 8 + 2] = f32::INFINITY, "pert_iname");
    assert!(said.starts_with("row 28 (P1:7) of the embeddings holds a value that is not finite"), "{said}");
    let zero_profile = |study: &mut Study| {
        let profiles = study.profiles.as_mut().unwrap();
        profiles.values_mut()[7 * 20..8 * 20].fill(0.0);
    };
    let said = with(&zero_profile, "pert_iname");
    assert!(
        said.starts_with("row 28 (P1:7) has a profile of zeros") && said.contains("no baselines"),
        "{said}"
    );
    let opposite = |study: &mut Study| {
        let row: Vec<f32> = study.embedding.rows().row(12).to_vec();
        for at in 12..18 {
            let sign = if at % 2 == 0 { 1.0 } else { -1.0 };
            let values = study.embedding.values_mut()[at * 8..][..8].iter_mut();
            values.zip(&row).for_each(|(value, own)| *value = sign * own);
        }
    };
    let said = with(&opposite, "atc1");
    assert!(said.starts_with("the signatures of Drug 2 cancel out"), "{said}");
}

#[test]
fn a_split_that_holds_out_no_pair_says_so() {
    let study = study();
    let ids = study.ids();
    let rows: Vec<String> = (0..180).map(|row| row.to_string()).collect();
    let alone = Grouping::by_one(rows.iter().map(|row| Some(row.as_str())));
    let split = Some(Split::k_fold(&ids, "row", &alone, KFold { folds: 180, repeats: 1 }, 1).unwrap());
    let asked = Protocol { split, allow_shared_labels: true, ..protocol("pert_iname") };
    assert_eq!(study.retrieval(&asked, &Quiet).unwrap_err(), EvalError::NoPairHeldOut { sets: 180 });
}

#[test]
fn candidates_that_leave_no_negative_are_the_cause_that_is_named() {
    let mut study = study();
    // Two labels, of which one has a single row: a lot of one candidate hits it once in 180 times.
    study.rows.iter_mut().skip(1).for_each(|row| row.drug = Some("all".into()));
    let asked = |candidates| Protocol { candidates: Some(candidates), ..protocol("pert_iname") };
    let error = study.retrieval(&asked(1), &Quiet).unwrap_err();
    assert_eq!(error, EvalError::NoNegativeAmong { candidates: 1 });
    assert!(
        study.retrieval(&asked(0), &Quiet).unwrap_err().to_string().contains("number of candidates is 0")
    );
    assert_eq!(study.retrieval(&asked(500), &Quiet).unwrap().candidates, None, "all rows are candidates");
}
