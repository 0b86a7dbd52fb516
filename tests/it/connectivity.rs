//! Scores in gene space are those of plain references in Python, on random profiles and on those at the edges.
//!
//! Needs `../shared/tools` and a Python with numpy, named by `L1KDB_PYTHON` (default `python3`).

use std::path::Path;
use std::process::Command;

use l1kdb::connectivity::{
    ConnectivityError, CosineQuery, GeneSets, GeneWeights, PearsonQuery, Score, Scratch, SpearmanQuery,
    WtcsQuery, XCosQuery, XSumQuery, ZhangQuery, fdr_q, max_quantile, norm_cs, over_cell_lines, summaries,
    tau, tau_reference,
};
use serde_json::Value;

use crate::needs;

/// Makes profiles, queries and gene sets, and prints them with what the references say of them.
const SCORES: &str = r#"
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, similarity_reference as similarity, wtcs_reference as wtcs
# A prime number of genes: unweighted sums would else be equally far above and below 0 now and then, where the reference takes
# the sum above and CMap the first.
rng = np.random.default_rng(20240601); N, EXTREMES = 127, 20
def numbers(values): return [None if np.isnan(value) else float(value) for value in values]
def profile(kind):
    normal = rng.normal(0, 1.5, N)
    if kind == "halves": return normal.astype(np.float16).astype(float)
    if kind == "ties": return np.round(normal * 2) / 2 * rng.choice([1.0, -1.0], N)
    if kind == "zeros": return np.where(rng.random(N) < 0.8, rng.choice([0.0, -0.0], N), normal).astype(np.float32).astype(float)
    if kind == "constant": return np.full(N, 0.1, np.float32).astype(float)
    return normal.astype(np.float32).astype(float)
def enrichment(scores, ranks, rows, weights):
    return wtcs.enrichment(weights, ranks, rows) if len(rows) and np.abs(weights[rows]).sum() > 0 else 0.0
def connectivity(scores, up, down, weights):
    order = np.argsort(-scores, kind="stable"); ranks = np.empty(N); ranks[order] = np.arange(1, N + 1)
    u, d = (enrichment(scores, ranks, rows, weights) for rows in (up, down))
    if not len(up) or not len(down): return u if len(up) else -d
    return (u - d) / 2 if np.sign(u) != np.sign(d) else 0.0
cases = []
for kind in ["values", "halves", "ties", "zeros", "constant", "NaN"]:
    for number in range(40):
        ref, query = profile(kind), profile("ties" if number % 2 else "values")
        query[rng.random(N) < [0.0, 0.1, 0.5, 0.95][number % 4]] = np.nan
        if np.isnan(query).all(): query[3] = 1.0
        if number == 7: query[~np.isnan(query)] = 0.0
        sizes = [(10, 10), (1, 1), (0, 12), (12, 0), (1, 0), (30, 45)][number % 6]
        chosen = rng.permutation(N); up, down = chosen[:sizes[0]], chosen[sizes[0]:sum(sizes)]
        if kind == "zeros" and number % 3 == 0:
            up = np.flatnonzero(ref == 0)[:len(up)]; down = np.setdiff1d(down, up)
            if not len(up) and not len(down): up = np.array([0])
        known = np.flatnonzero(~np.isnan(query))
        extreme = np.concatenate(similarity.extremes(ref, EXTREMES)); shared = np.intersect1d(known, extreme)
        says = dict(
            cosine=similarity.cosine(query, ref), pearson=similarity.pearson(query, ref),
            spearman=similarity.spearman(query, ref), xsum=similarity.xsum(up, down, ref, EXTREMES),
            xcos=similarity.xcos(query, ref, EXTREMES) if len(shared) >= 10 else np.nan,
            zhang=similarity.zhang(up, down, ref), ordered=similarity.zhang_ordered(query, ref, known),
            raw_cs=connectivity(ref, up, down, ref), cs=connectivity(ref, up, down, np.ones(N)))
        if kind == "NaN":
            ref[known[0]] = np.nan; says = {name: np.nan for name in says}
        cases.append(dict(name=f"{kind} {number}", profile=numbers(ref), query=numbers(query), up=up.tolist(), down=down.tolist(),
            n=EXTREMES, shared=len(shared), says=dict(zip(says, numbers(says.values())))))
print(json.dumps(cases))
"#;

/// Makes scores of whole queries, and prints them with what the references compute from them.
const CHAIN: &str = r#"
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, ncs_tau_reference as chain
rng = np.random.default_rng(20240602)
def numbers(values): return [None if np.isnan(value) else float(value) for value in values]
cases = []
for number in range(60):
    n = [200, 40, 12, 1][number % 4]
    raw = np.round(rng.normal(0.1, 0.4, n), [12, 2][number // 4 % 2]); raw[rng.random(n) < 0.3] = 0
    groups = rng.integers(0, 6, n); reference = rng.random(n) < [0.7, 0.1, 0.0][number % 3]
    # A group without a positive score, one without a reference, and means below the floor.
    raw[(groups == 0) & (raw > 0)] = 0; reference[groups == 1] = False
    if number % 5 == 0: raw = raw * 1e-4
    raw[rng.random(n) < 0.1] = np.nan
    null = rng.random(n) < [0.3, 0.05, 0.0][number % 3]
    drugs, cells = rng.integers(0, max(1, n // 8), n), rng.integers(0, 4, n)
    with np.errstate(all="ignore"):
        ncs = chain.norm_cs(raw, groups, reference)
        q = np.where(np.isnan(ncs), np.nan, chain.fdr_q(ncs, null)) if null.any() else np.full(n, np.nan)
    against = np.round(rng.normal(0, 1, rng.integers(0, 40)), 1); against[rng.random(len(against)) < 0.1] = np.nan
    scores = np.concatenate([np.round(rng.normal(0, 1, 9), 1), [0.0]])
    cases.append(dict(
        raw=numbers(raw), groups=groups.tolist(), reference=reference.tolist(), null=null.tolist(),
        norm_cs=numbers(ncs), fdr_q=numbers(q), drugs=drugs.tolist(), cells=cells.tolist(),
        max_quantile=numbers([chain.max_quantile(ncs)])[0],
        summaries=numbers(chain.summarise(ncs, drugs, cells).values()),
        against=numbers(against), scores=numbers(scores), tau=numbers([chain.tau(score, against) for score in scores])))
print(json.dumps(cases))
"#;

/// What a script prints, given the folder of the references; `None` where something is missing.
fn asked(script: &str) -> Option<Value> {
    let tools = needs::shared("tools")?;
    let python = needs::python("numpy")?;
    let found = Command::new(python).args([Path::new("-c"), Path::new(script), &tools]).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    Some(serde_json::from_slice(&found.stdout).unwrap())
}

fn values(list: &Value) -> Vec<f32> {
    list.as_array().unwrap().iter().map(|value| value.as_f64().unwrap_or(f64::NAN) as f32).collect()
}

fn genes(list: &Value) -> Vec<u32> {
    list.as_array().unwrap().iter().map(|gene| gene.as_u64().unwrap() as u32).collect()
}

/// A score under the name that the script gives it, and the largest difference.
type Named = (&'static str, f64, Box<dyn Score>);

fn queries(case: &Value) -> Result<Vec<Named>, ConnectivityError> {
    let (query, n) = (values(&case["query"]), case["n"].as_u64().unwrap() as usize);
    let sets = GeneSets::new(&genes(&case["up"]), &genes(&case["down"]), query.len())?;
    Ok(vec![
        ("cosine", 1e-5, Box::new(CosineQuery::new(&query)?)),
        ("pearson", 1e-5, Box::new(PearsonQuery::new(&query)?)),
        ("spearman", 1e-5, Box::new(SpearmanQuery::new(&query)?)),
        ("xcos", 1e-5, Box::new(XCosQuery::new(&query, n)?)),
        ("ordered", 1e-5, Box::new(ZhangQuery::of_profile(&query)?)),
        ("zhang", 1e-5, Box::new(ZhangQuery::of_sets(&sets))),
        ("xsum", 1e-5, Box::new(XSumQuery::new(&sets, n)?)),
        ("raw_cs", 1e-6, Box::new(WtcsQuery::new(&sets, GeneWeights::Magnitude))),
        ("cs", 1e-6, Box::new(WtcsQuery::new(&sets, GeneWeights::Equal))),
    ])
}

fn agrees(found: Option<f64>, expected: &Value, most: f64) -> bool {
    match (found, expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= most,
        (found, expected) => found.is_none() && expected.is_none(),
    }
}

#[test]
fn scores_of_profiles_and_gene_sets_are_those_of_the_references() {
    let Some(cases) = asked(SCORES) else { return };
    let mut scratch = Scratch::default();
    let mut defined = 0;
    for case in cases.as_array().unwrap() {
        let profile = values(&case["profile"]);
        for (name, most, query) in queries(case).unwrap() {
            let (found, expected) = (query.score(&profile, &mut scratch), &case["says"][name]);
            assert!(
                agrees(found, expected, most),
                "{name} of {}: {found:?}, expected {expected}",
                case["name"]
            );
            defined += usize::from(found.is_some());
        }
        let xcos = XCosQuery::new(&values(&case["query"]), case["n"].as_u64().unwrap() as usize).unwrap();
        let shared = xcos.details(&profile, &mut scratch).map(|found| found.shared as u64);
        assert!(shared.is_none_or(|shared| Some(shared) == case["shared"].as_u64()), "{}", case["name"]);
    }
    assert!(defined > 1_400, "only {defined} scores were compared");
}

fn scores(list: &Value) -> Vec<Option<f64>> {
    list.as_array().unwrap().iter().map(Value::as_f64).collect()
}

fn marks(list: &Value) -> Vec<bool> {
    list.as_array().unwrap().iter().map(|mark| mark.as_bool().unwrap()).collect()
}

/// Holds a list against that of the references.
#[track_caller]
fn check(name: &str, found: &[Option<f64>], expected: &Value, most: f64) {
    let expected = expected.as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "{name}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(agrees(*found, expected, most), "{name} {at}: {found:?}, expected {expected}");
    }
}

#[test]
fn the_chain_from_scores_to_drugs_is_that_of_the_references() {
    let Some(cases) = asked(CHAIN) else { return };
    let mut called = 0;
    for case in cases.as_array().unwrap() {
        let raw = scores(&case["raw"]);
        let ncs = norm_cs(&raw, &genes(&case["groups"]), &marks(&case["reference"])).unwrap();
        check("norm_cs", &ncs, &case["norm_cs"], 1e-5);
        let null = marks(&case["null"]);
        let rates = fdr_q(&ncs, &null).unwrap();
        assert_eq!(rates.is_some(), null.contains(&true));
        called += rates.iter().flatten().flatten().filter(|&&rate| rate < 1.0).count();
        check("fdr_q", &rates.unwrap_or_else(|| vec![None; ncs.len()]), &case["fdr_q"], 1e-9);

        let whole = max_quantile(ncs.iter().copied().flatten());
        assert!(agrees(whole, &case["max_quantile"], 1e-6), "{whole:?}, expected {}", case["max_quantile"]);
        let (drugs, cells) = (genes(&case["drugs"]), genes(&case["cells"]));
        let in_cell_lines = summaries(drugs.into_iter().zip(cells).zip(ncs));
        let of_drugs: Vec<Option<f64>> =
            over_cell_lines(&in_cell_lines).values().map(|summary| summary.score).collect();
        check("summaries", &of_drugs, &case["summaries"], 1e-6);

        let reference = tau_reference(scores(&case["against"]));
        let taus: Vec<Option<f64>> =
            scores(&case["scores"]).into_iter().map(|score| tau(score?, &reference)).collect();
        check("tau", &taus, &case["tau"], 1e-3);
    }
    assert!(called > 100, "only {called} rates were below 1");
}
