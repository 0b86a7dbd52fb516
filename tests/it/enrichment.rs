//! Classes of drugs are tested as a plain reference in Python does it, drug by drug and query by query.
//!
//! Needs `../shared/tools` and a Python with numpy, named by `L1KDB_PYTHON` (default `python3`).

use std::path::Path;
use std::process::Command;

use l1kdb::enrichment::{ClassKind, ClassNulls, DrugAnnotations, DrugClasses, TestedClass, running_sum};
use l1kdb::stats::benjamini_hochberg;
use proptest::prelude::*;
use serde_json::Value;

use crate::needs;

/// Makes scores and classes, and prints them with what the reference says.
const CASES: &str = r#"
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, enrichment_reference as reference
rng = np.random.default_rng(20261127)
def best_quarter(scores, members):
    values = np.sort(np.asarray(scores)[members])[::-1]
    return float(values[: -(-len(values) // 4)].mean())
def numbers(values): return [None if np.isnan(value) else float(value) for value in values]
cases = []
for number in range(60):
    drugs, queries = int(rng.integers(8, 40)), int(rng.integers(10, 60))
    scores = rng.normal(0, 1, drugs).astype(np.float32)
    if number % 3 == 0: scores = (np.round(scores * 2) / 2).astype(np.float32)
    table = rng.normal(0, 1, (queries, drugs)).astype(np.float32)
    own = rng.integers(-1, drugs, queries)
    members = [sorted(rng.permutation(drugs)[: rng.integers(3, max(4, drugs // 2))].tolist()) for _ in range(6)]
    asked = int(rng.integers(0, drugs)) if number % 2 else None
    classes = []
    for these in members:
        mask = np.zeros(drugs, bool); mask[these] = True
        part = np.ones(drugs, bool)
        if asked is not None: part[asked] = False
        if mask[part].sum() < 3: classes.append(None); continue
        # Rows of a member of the class, or of the drug that is asked about, are left out.
        kept = [row for row in range(queries) if own[row] < 0 or (not mask[own[row]] and own[row] != asked)]
        rows, stems = table[kept].astype(float), own[kept]
        if asked is not None and mask[asked]: rows[:, asked] = np.nan
        mask_left = mask & part
        es, edge = reference.running_sum(scores[part], mask[part])
        edge = np.flatnonzero(part)[edge]
        p = reference.p_queries(scores[part], mask[part], rows[:, part], [-1 if stem < 0 else int(np.cumsum(part)[stem] - 1) for stem in stems], best_quarter)
        classes.append(dict(statistic=best_quarter(scores[part], mask[part]), p=p, es=None if np.isnan(es) else es, edge=edge.tolist()))
    p = rng.random(7); p[rng.random(7) < 0.2] = np.nan
    cases.append(dict(scores=numbers(scores), table=numbers(table.ravel()), own=own.tolist(), asked=asked, members=members,
        says=classes, p=numbers(p), q=numbers(reference.bh(p))))
print(json.dumps(cases))
"#;

fn cases() -> Option<Vec<Value>> {
    let tools = needs::shared("tools")?;
    let python = needs::python("numpy")?;
    let found = Command::new(python).args([Path::new("-c"), Path::new(CASES), &tools]).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    Some(serde_json::from_slice(&found.stdout).unwrap())
}

fn floats(list: &Value) -> Vec<Option<f64>> {
    list.as_array().unwrap().iter().map(Value::as_f64).collect()
}

fn singles(list: &Value) -> Vec<f32> {
    floats(list).into_iter().map(|value| value.unwrap_or(f64::NAN) as f32).collect()
}

/// Every drug has each of its classes as a mechanism, and one that all have, so that all are compared.
fn classes(members: &[Vec<u64>], drugs: usize) -> DrugClasses {
    let mechanisms: Vec<Vec<String>> = (0..drugs as u64)
        .map(|drug| {
            let mine = members.iter().enumerate().filter(|(_, members)| members.contains(&drug));
            mine.map(|(class, _)| format!("class {class}")).chain(["all".to_owned()]).collect()
        })
        .collect();
    let annotated = |mechanisms| DrugAnnotations { mechanisms, ..DrugAnnotations::default() };
    DrugClasses::of(mechanisms.iter().map(|names| annotated(names.as_slice())))
}

fn found<'a>(tested: &'a [TestedClass], name: &str) -> Option<&'a TestedClass> {
    tested.iter().find(|class| class.names.iter().any(|known| known == name))
}

#[test]
fn classes_are_tested_as_the_reference_does() {
    let Some(cases) = cases() else { return };
    let mut compared = 0;
    for (number, case) in cases.iter().enumerate() {
        let scores = singles(&case["scores"]);
        let own: Vec<Option<usize>> = floats(&case["own"])
            .iter()
            .map(|own| own.filter(|&own| own >= 0.0).map(|own| own as usize))
            .collect();
        let members: Vec<Vec<u64>> = serde_json::from_value(case["members"].clone()).unwrap();
        let classes = classes(&members, scores.len());
        let nulls = ClassNulls::of(&singles(&case["table"]), &own, &classes).unwrap();
        let asked = case["asked"].as_u64().map(|asked| asked as usize);
        let tested = nulls.test(&classes, &scores, asked);
        for (class, says) in case["says"].as_array().unwrap().iter().enumerate() {
            let class = found(&tested, &format!("class {class}"));
            if says.is_null() {
                assert!(class.is_none(), "case {number}");
                continue;
            }
            let class = class.unwrap();
            let agrees = |found: f64, expected: &Value| (found - expected.as_f64().unwrap()).abs() < 1e-6;
            assert!(
                agrees(f64::from(class.statistic), &says["statistic"]),
                "case {number}: {class:?}, {says}"
            );
            assert!(agrees(class.p, &says["p"]), "case {number}: {class:?}, {says}");
            if let Some(es) = says["es"].as_f64() {
                assert!((class.es.unwrap_or(0.0) - es).abs() < 1e-6, "case {number}: {class:?}, {says}");
                let mut edge = class.leading_edge.clone();
                edge.sort_unstable();
                let mut expected: Vec<u32> = serde_json::from_value(says["edge"].clone()).unwrap();
                expected.sort_unstable();
                assert_eq!(edge, expected, "case {number}");
            }
            compared += 1;
        }
        for (q, expected) in benjamini_hochberg(&floats(&case["p"])).iter().zip(floats(&case["q"])) {
            assert!(q.is_some() == expected.is_some());
            assert!((q.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12);
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn of_nested_classes_the_deepest_that_is_significant_is_marked() {
    // Thirty drugs: ten of C, of which four of C10AA score highest; twenty of N.
    let codes: Vec<[String; 1]> = (0..30)
        .map(|drug| {
            [match drug {
                0..4 => format!("C10AA0{drug}"),
                4..10 => format!("C09BB0{drug}"),
                _ => format!("N05AX{drug}"),
            }]
        })
        .collect();
    let classes =
        DrugClasses::of(codes.iter().map(|atc| DrugAnnotations { atc, ..DrugAnnotations::default() }));
    let noise = |at: u32| (at.wrapping_mul(2_654_435_761) >> 8) as f32 / 16_777_216.0 - 0.5;
    let references: Vec<f32> = (0..30 * 400).map(noise).collect();
    let nulls = ClassNulls::of(&references, &[None; 400], &classes).unwrap();
    let scores: Vec<f32> =
        (0..30).map(|drug| if drug < 4 { 3.0 - drug as f32 / 10.0 } else { noise(drug) }).collect();
    let tested = nulls.test(&classes, &scores, None);
    let deep = found(&tested, "C10AA").unwrap();
    assert_eq!((deep.is_deepest, deep.p_without_deeper, deep.names.len()), (Some(true), None, 3));
    let parent = found(&tested, "C").unwrap();
    assert_eq!((parent.kind, parent.is_deepest), (ClassKind::Atc, Some(false)));
    assert!(parent.q < 0.1 && parent.p_without_deeper.unwrap() > 0.05, "{parent:?}");
    assert_eq!(found(&tested, "N").unwrap().is_deepest, None);
}

proptest! {
    #[test]
    fn the_order_of_drugs_means_nothing(
        scores in prop::collection::vec((-6i8..6).prop_map(|value| f32::from(value) / 2.0), 6..40),
        turn in 1usize..30,
        every in 2usize..5,
    ) {
        let count = scores.len();
        let members: Vec<u32> = (0..count as u32).filter(|drug| drug % every as u32 == 0).collect();
        let turned: Vec<f32> = (0..count).map(|at| scores[(at + turn) % count]).collect();
        let moved = members.iter().map(|&drug| ((drug as usize + count * turn - turn) % count) as u32);
        let moved: Vec<u32> = moved.collect();
        let score = |scores: &[f32], members: &[u32]| running_sum(scores, members).map(|sum| sum.score);
        let (one, other) = (score(&scores, &members), score(&turned, &moved));
        prop_assert_eq!(one.is_some(), other.is_some());
        prop_assert!((one.unwrap_or(0.0) - other.unwrap_or(0.0)).abs() < 1e-9);
    }
}
