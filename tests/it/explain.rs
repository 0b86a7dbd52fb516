//! Explanations through a network add up, name the genes that matter, and are exact where a network is linear.

use l1kdb::embed::Model;
use l1kdb::explain::{ExplainError, Explanation, Method, NetworkExplainer, Side, cosine_terms};
use l1kdb::profile::{GENES, ProfileMatrix};
use proptest::prelude::*;

use crate::embed_network::{DIM, around, at_length_one, plain};
use crate::embed_support::{engine, engines, tiny, with_card};
use crate::onnx_bytes::{floats, integer, integers, network, node, sizes, tensor};
use crate::world::world;

fn rows(profiles: &ProfileMatrix) -> Vec<&[f32]> {
    (0..profiles.len()).map(|row| profiles.profile(row)).collect()
}

fn similarity(model: &Model, a: &[f32], b: &[f32]) -> f64 {
    let profiles = ProfileMatrix::new(vec!["A".into(), "B".into()], [a, b].concat()).unwrap();
    let embeddings = model.embed(&profiles).unwrap();
    embeddings.row(0).iter().zip(embeddings.row(1)).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// Of each of `count` signatures of the world, the most similar other one by this model.
fn pairs(model: &Model, count: usize) -> Vec<[usize; 2]> {
    let embeddings = model.embed(&world().profiles).unwrap();
    let dot = |a: usize, b: usize| -> f32 {
        embeddings.row(a).iter().zip(embeddings.row(b)).map(|(a, b)| a * b).sum()
    };
    let nearest = |query: usize| {
        let others = (0..embeddings.len()).filter(|&other| other != query);
        others.max_by(|&a, &b| dot(query, a).total_cmp(&dot(query, b))).unwrap()
    };
    (0..count).map(|query| [query, nearest(query)]).collect()
}

fn contributions(explanation: &Explanation) -> Vec<f64> {
    let mut of_gene = vec![0.0; GENES];
    explanation.terms.iter().for_each(|term| of_gene[term.gene] = term.contribution);
    of_gene
}

#[test]
fn contributions_through_the_shipped_networks_sum_to_the_similarity_on_both_sides_and_engines() {
    let rows = rows(&world().profiles);
    for options in engines() {
        let triplet = l1kdb_weights::TRIPLET;
        let triplet = Model::from_parts(triplet.card, triplet.onnx, "triplet", &options).unwrap();
        for model in [Model::shipped(&options).unwrap(), triplet] {
            let explainer = NetworkExplainer::new(&model).unwrap();
            assert!(!explainer.is_exact());
            for [query, hit] in pairs(&model, 6) {
                for side in [Side::Query, Side::Hit] {
                    let found = explainer.explain(rows[query], rows[hit], side).unwrap();
                    assert_eq!(found.method, Method::IntegratedGradients);
                    let expected = similarity(&model, rows[query], rows[hit]);
                    assert!((found.similarity - expected).abs() < 1e-5);
                    let off = (found.sum + found.baseline - expected).abs();
                    assert!(off < 0.01 * (expected - found.baseline).abs().max(0.1), "{off}");
                    assert!(found.warning.is_none() && found.completeness < 0.01);
                    assert!(found.terms.is_sorted_by(|a, b| a.contribution >= b.contribution));
                }
            }
        }
    }
}

#[test]
fn masking_the_leading_genes_costs_more_similarity_than_masking_others() {
    let Some(options) = engine() else { return };
    let model = Model::shipped(&options).unwrap();
    let explainer = NetworkExplainer::new(&model).unwrap();
    let rows = rows(&world().profiles);
    let (mut lower, mut all) = (0, 0);
    for [query, hit] in pairs(&model, 40) {
        for side in [Side::Query, Side::Hit] {
            let (own, other) = if side == Side::Query { (query, hit) } else { (hit, query) };
            let found = explainer.explain(rows[query], rows[hit], side).unwrap();
            let masked = |genes: &mut dyn Iterator<Item = usize>| {
                let mut profile = rows[own].to_vec();
                genes.for_each(|gene| profile[gene] = 0.0);
                similarity(&model, &profile, rows[other])
            };
            let leading = masked(&mut found.terms[..20].iter().map(|term| term.gene));
            // 20 different genes, spread by a step that has no divisor in common with 978.
            let random = masked(&mut (0..20).map(|at| (query * 31 + at * 251) % GENES));
            lower += usize::from(leading < random);
            all += 1;
        }
    }
    assert!(lower * 100 > all * 95, "{lower} of {all}");
}

#[test]
fn genes_whose_value_is_cut_are_marked_on_the_side_that_is_explained() {
    let Some(options) = engine() else { return };
    let model = Model::shipped(&options).unwrap();
    let explainer = NetworkExplainer::new(&model).unwrap();
    let mut query = world().profiles.profile(0).to_vec();
    let hit = world().profiles.profile(1);
    query[11] = 30.0;
    let is_cut = |query: &[f32], side| {
        let found = explainer.explain(query, hit, side).unwrap();
        found.terms.iter().find(|term| term.gene == 11).unwrap().is_cut
    };
    assert!(is_cut(&query, Side::Query));
    query[11] = 0.01;
    assert!(!is_cut(&query, Side::Query));
    // The network knows 1.75 at unit variance at most.
    let found = explainer.explain(&query, hit, Side::Query).unwrap();
    let length = query.iter().map(|value| value * value).sum::<f32>().sqrt();
    for term in &found.terms {
        let scaled = term.query / length * 978_f32.sqrt();
        assert!((scaled.abs() - 1.75).abs() < 1e-4 || term.is_cut == (scaled.abs() > 1.75), "{scaled}");
    }
}

/// `profile -> / |profile| -> cut at 0.05 -> x w + b`, at length 1.
fn linear(weights: &[f32], bias: Option<f32>) -> Vec<u8> {
    let raw = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let mut nodes = vec![
        node("ReduceL2", &["profile"], &["norm"], &[integers("axes", &[1]), integer("keepdims", 1)]),
        node("Div", &["profile", "norm"], &["scaled"], &[]),
        node("Clip", &["scaled", "low", "high"], &["cut"], &[]),
    ];
    let inputs: &[&str] = if bias.is_some() { &["cut", "w", "b"] } else { &["cut", "w"] };
    nodes.push(node("Gemm", inputs, &["a"], &[]));
    let mut constants = vec![
        tensor("low", &[], 1, &raw(&[-0.05])),
        tensor("high", &[], 1, &raw(&[0.05])),
        tensor("w", &[978, DIM], 1, &raw(weights)),
        sizes("last", &[-1]),
    ];
    constants.extend(bias.map(|bias| tensor("b", &[DIM], 1, &raw(&[bias; DIM as usize]))));
    network(&[nodes, at_length_one("a")].concat(), &constants, DIM)
}

fn weights() -> Vec<f32> {
    (0..GENES * DIM as usize).map(|at| ((at as f64 * 0.37).sin() / 30.0) as f32).collect()
}

/// Contributions by the formula: c_g (W h)_g / |c W + b|.
fn by_hand(weights: &[f32], bias: f32, profile: &[f32], other: &[f64]) -> Vec<f64> {
    let dim = DIM as usize;
    let length = profile.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
    let cut: Vec<f64> = profile.iter().map(|&v| (f64::from(v) / length).clamp(-0.05, 0.05)).collect();
    let weight = |gene: usize, at: usize| f64::from(weights[gene * dim + at]);
    let vector = |at| cut.iter().enumerate().map(|(gene, c)| c * weight(gene, at)).sum::<f64>();
    let size = (0..dim).map(|at| (vector(at) + f64::from(bias)).powi(2)).sum::<f64>().sqrt();
    let slope = |gene| (0..dim).map(|at| weight(gene, at) * other[at]).sum::<f64>();
    cut.iter().enumerate().map(|(gene, c)| c * slope(gene) / size).collect()
}

#[test]
fn a_linear_network_is_found_out_and_explained_exactly() {
    let rows = rows(&world().profiles);
    for options in engines() {
        for bias in [None, Some(0.02)] {
            let model = with_card(linear(&weights(), bias), DIM as usize, &options).unwrap();
            let explainer = NetworkExplainer::new(&model).unwrap();
            assert!(explainer.is_exact());
            let embeddings = model.embed(&world().profiles).unwrap();
            for (query, hit) in [(0, 1), (2, 9), (5, 4)] {
                let found = explainer.explain(rows[query], rows[hit], Side::Query).unwrap();
                assert_eq!(found.method, Method::Exact);
                let off = (found.sum + found.baseline - found.similarity).abs();
                assert!(off < 1e-4, "{off}");
                assert_eq!(found.baseline == 0.0, bias.is_none());
                let other: Vec<f64> = embeddings.row(hit).iter().map(|&value| f64::from(value)).collect();
                let expected = by_hand(&weights(), bias.unwrap_or_default(), rows[query], &other);
                for (found, expected) in contributions(&found).iter().zip(expected) {
                    assert!((found - expected).abs() < 1e-5, "{found} {expected}");
                }
                assert!(found.terms.iter().any(|term| term.is_cut));
            }
        }
    }
}

#[test]
fn a_network_of_another_form_is_explained_or_told_to_be_rough_or_refused() {
    let Some(options) = engine() else { return };
    let rows = rows(&world().profiles);
    // Neither a standardisation nor a cut, and a bend that saturates.
    let model = Model::load(tiny(), &options).unwrap();
    let explainer = NetworkExplainer::new(&model).unwrap();
    let found = explainer.explain(rows[0], rows[1], Side::Query).unwrap();
    assert_eq!(found.method, Method::IntegratedGradients);
    assert_eq!(found.warning.is_some(), found.completeness > 0.01);
    assert!(found.completeness < 0.01, "{}", found.completeness);
    // Without a standardisation, linear.
    let model = with_card(around(&plain(), &[]), DIM as usize, &options).unwrap();
    assert!(NetworkExplainer::new(&model).unwrap().is_exact());
    // A step, which has no slope anywhere.
    let stairs = [node("Round", &["l"], &["stairs"], &[]), node("Add", &["stairs", "one"], &["a"], &[])];
    let model = with_card(around(&stairs, &[floats("one", &[1, DIM])]), DIM as usize, &options).unwrap();
    let found = NetworkExplainer::new(&model).unwrap().explain(rows[0], rows[1], Side::Query).unwrap();
    assert_eq!(found.warning.is_some(), found.completeness > 0.01);
    // No layer at all: zeros have no direction.
    let model = with_card(network(&at_length_one("profile"), &[sizes("last", &[-1])], 978), GENES, &options);
    let refused = NetworkExplainer::new(&model.unwrap()).err().unwrap();
    assert!(matches!(&refused, ExplainError::NoBaseline { model } if model == "made"), "{refused}");
}

#[test]
fn the_identity_gives_the_terms_of_the_cosine() {
    let rows = rows(&world().profiles);
    let model = Model::identity();
    let explainer = NetworkExplainer::new(&model).unwrap();
    let found = explainer.explain(rows[0], rows[1], Side::Hit).unwrap();
    assert_eq!((found.method, explainer.is_exact()), (Method::Exact, true));
    assert_eq!(found.terms, cosine_terms(rows[0], rows[1]).unwrap().terms);
    assert!((found.sum - similarity(&model, rows[0], rows[1])).abs() < 1e-4);
}

#[test]
fn many_hits_are_explained_as_each_alone_and_missing_values_are_as_zeros() {
    let Some(options) = engine() else { return };
    let model = Model::shipped(&options).unwrap();
    let explainer = NetworkExplainer::new(&model).unwrap();
    let rows = rows(&world().profiles);
    let mut query = rows[0].to_vec();
    (query[3], query[900]) = (f32::NAN, f32::NAN);
    for side in [Side::Query, Side::Hit] {
        let together = explainer.explain_hits(&query, &rows[1..4], side).unwrap();
        for (together, hit) in together.iter().zip(&rows[1..4]) {
            let alone = explainer.explain(&query, hit, side).unwrap();
            let pairs = contributions(together).into_iter().zip(contributions(&alone));
            pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-5));
            let genes = if side == Side::Query { GENES - 2 } else { GENES };
            assert_eq!(together.terms.len(), genes);
        }
    }
    let zeros: Vec<f32> = query.iter().map(|&value| if value.is_nan() { 0.0 } else { value }).collect();
    let of = |query: &[f32]| contributions(&explainer.explain(query, rows[1], Side::Query).unwrap());
    of(&query).into_iter().zip(of(&zeros)).for_each(|(a, b)| assert!((a - b).abs() < 1e-6));
    assert!(explainer.explain_hits(&query, &[], Side::Query).unwrap().is_empty());
}

#[test]
fn profiles_that_cannot_be_explained_are_refused_by_side() {
    let Some(options) = engine() else { return };
    for model in [Model::identity(), Model::shipped(&options).unwrap()] {
        let explainer = NetworkExplainer::new(&model).unwrap();
        let good = world().profiles.profile(0);
        let refused = |query: &[f32], hit: &[f32]| explainer.explain(query, hit, Side::Query).unwrap_err();
        let found = refused(&[1.0; 10_174], good);
        assert!(
            matches!(found, ExplainError::Genes { side: Side::Query, expected: GENES, found: 10_174 }),
            "{found}"
        );
        assert!(matches!(refused(good, &[0.0; GENES]), ExplainError::Zero { side: Side::Hit }));
        assert!(matches!(refused(&[f32::NAN; GENES], good), ExplainError::Zero { side: Side::Query }));
        let found = refused(good, &[f32::INFINITY; GENES]);
        assert!(matches!(found, ExplainError::NotFinite { side: Side::Hit, gene: 0, .. }), "{found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn the_order_of_genes_does_not_matter_to_a_network(
        order in Just((0..GENES).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let Some(options) = engine() else { return Ok(()) };
        let dim = DIM as usize;
        let weights = weights();
        let moved: Vec<f32> =
            order.iter().flat_map(|&gene| weights[gene * dim..][..dim].iter().copied()).collect();
        let turned = |profile: &[f32]| order.iter().map(|&gene| profile[gene]).collect::<Vec<f32>>();
        let (query, hit) = (world().profiles.profile(0), world().profiles.profile(1));
        let there = with_card(linear(&weights, Some(0.02)), dim, &options).unwrap();
        let back = with_card(linear(&moved, Some(0.02)), dim, &options).unwrap();
        let explain = |model: &Model, query: &[f32], hit: &[f32]| {
            contributions(&NetworkExplainer::new(model).unwrap().explain(query, hit, Side::Query).unwrap())
        };
        let expected = turned_back(&explain(&back, &turned(query), &turned(hit)), &order);
        for (found, expected) in explain(&there, query, hit).iter().zip(expected) {
            prop_assert!((found - expected).abs() < 1e-5);
        }
    }
}

fn turned_back(values: &[f64], order: &[usize]) -> Vec<f64> {
    let mut back = vec![0.0; values.len()];
    values.iter().zip(order).for_each(|(&value, &gene)| back[gene] = value);
    back
}
