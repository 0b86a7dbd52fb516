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

/// Rows of two sources in turn, three at a time.
fn of_two_sources() -> Study {
    let mut study = study();
    for (at, row) in study.rows.iter_mut().enumerate() {
        row.source = Some(["one", "two"][at / 3 % 2].to_owned());
    }
    study
}

fn cosine(study: &Study, a: usize, b: usize) -> f64 {
    let row = |at: usize| -> Vec<f64> {
        study.embedding.rows().values()[at * 8..][..8].iter().map(|&value| f64::from(value)).collect()
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (a, b) = (row(a), row(b));
    dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt()
}

/// The quantiles of all positives in other sources among the negatives of other sources, counted one by one.
fn quantiles_across(study: &Study) -> Vec<f64> {
    let rows = &study.rows;
    let mut found = Vec::new();
    for query in 0..rows.len() {
        let across = (0..rows.len()).filter(|&other| rows[other].source != rows[query].source);
        let (positives, negatives): (Vec<usize>, Vec<usize>) =
            across.partition(|&other| rows[other].drug == rows[query].drug);
        for &positive in &positives {
            let nearer = |&&other: &&usize| cosine(study, query, other) > cosine(study, query, positive);
            found.push(negatives.iter().filter(nearer).count() as f64 / negatives.len() as f64);
        }
    }
    found
}

#[test]
fn across_sources_a_query_sees_no_row_of_its_own() {
    let study = of_two_sources();
    let asked = protocol("pert_iname").across_sources(true);
    let found = study.retrieval(&asked, &Quiet).unwrap();
    let quantiles = quantiles_across(&study);
    // Three rows of the drug there, and of the other 29 drugs three each.
    assert_eq!((found.outcome.positives, found.outcome.negatives_mean), (180 * 3, 87.0));
    let mean = quantiles.iter().sum::<f64>() / quantiles.len() as f64;
    assert!((found.outcome.micro.auc_quantile - (1.0 - mean)).abs() < 1e-9);
    assert!(found.across_sources && found.baselines.iter().any(|baseline| baseline.name == "raw cosine"));
    let parts: Vec<(&str, &str)> = found
        .outcome
        .strata
        .iter()
        .map(|s| (&*s.of, &*s.part))
        .filter(|(of, _)| of.starts_with("source"))
        .collect();
    assert_eq!(
        parts,
        [("source of the pair", "other"), ("source of the query", "one"), ("source of the query", "two")]
    );
    // Held-out sets are looked in apart, and ranks may be estimated on some of the rows.
    let held_out = study.retrieval(&asked.clone().split(by_drug(&study)), &Quiet).unwrap();
    assert_eq!((held_out.outcome.positives, held_out.outcome.negatives_mean), (2 * 180 * 3, 27.0));
    let some = study.retrieval(&asked.clone().candidates(60), &Quiet).unwrap();
    assert!((some.outcome.micro.auc_quantile - found.outcome.micro.auc_quantile).abs() < 0.05);
    assert!(some.outcome.negatives_mean < 60.0);
}

#[test]
fn parts_by_source_weigh_pairs_and_drugs() {
    let study = of_two_sources();
    let found = study.retrieval(&protocol("pert_iname"), &Quiet).unwrap();
    let part = |of: &str, part: &str| {
        let is_it = |s: &&Stratum| s.of == of && s.part == part;
        found.outcome.strata.iter().find(is_it).unwrap().clone()
    };
    let (same, other) = (part("source of the pair", "same"), part("source of the pair", "other"));
    assert_eq!((same.positives, other.positives, same.drugs), (180 * 2, 180 * 3, 30));
    // Every drug has as many pairs as another, so that both means are one.
    for part in [&same, &other, &part("source of the query", "one")] {
        assert!((part.auc_quantile - part.auc_per_drug).abs() < 1e-12);
        assert!(
            part.interval_per_drug[0] < part.auc_per_drug && part.auc_per_drug < part.interval_per_drug[1]
        );
    }
    let apart =
        study.retrieval(&protocol("pert_iname").excluded(ExcludedPairs::default().source(true)), &Quiet);
    let apart = apart.unwrap();
    assert_eq!((apart.outcome.positives, apart.excluded), (180 * 3, vec!["same source"]));
    assert!((apart.outcome.micro.auc_quantile - other.auc_quantile).abs() < 1e-12);
}

#[test]
fn sources_that_are_not_there_are_not_looked_across() {
    let asked = |study: &Study, label: &str| {
        study.retrieval(&protocol(label).across_sources(true), &Quiet).unwrap_err().to_string()
    };
    assert!(asked(&study(), "pert_iname").contains("0 sources are known"));
    assert!(asked(&of_two_sources(), "moa").contains("drugs are means over sources"));
    let mut apart = of_two_sources();
    apart.rows.iter_mut().enumerate().for_each(|(at, row)| row.source = Some(format!("{}", at / 90)));
    assert!(
        asked(&apart, "pert_iname").contains("no label has rows in two of them"),
        "{}",
        asked(&apart, "pert_iname")
    );
    let by_source = Division::KFold(SplitBy::Source, KFold { folds: 2, repeats: 1 });
    let (split, _) = by_source.of(&of_two_sources().rows, 1).unwrap();
    let held_out: Vec<usize> = split.folds().map(|fold| fold.held_out.len()).collect();
    assert_eq!(held_out, [90, 90]);
}

#[test]
fn drugs_that_make_up_most_pairs_are_told_by_the_pairs_that_count() {
    let mut study = of_two_sources();
    study.rows[..90].iter_mut().for_each(|row| row.drug = Some("drug00".to_owned()));
    let told = |protocol: Protocol| {
        let found = study.retrieval(&protocol, &Quiet).unwrap();
        found.warnings.into_iter().find(|warning| warning.contains("make up")).unwrap()
    };
    // 90 rows of one drug have 8,010 pairs, half of them and 45 across sources; fifteen drugs of six have 30, 18 across.
    let share = |pairs: u32, others: u32| {
        format!(
            "make up {:.0} % of all pairs",
            100.0 * f64::from(pairs + others) / f64::from(pairs + 15 * others)
        )
    };
    assert!(told(protocol("pert_iname")).contains(&share(8010, 30)));
    assert!(told(protocol("pert_iname").across_sources(true)).contains(&share(4050, 18)));
}
