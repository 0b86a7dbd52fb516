use super::*;
use crate::network::vector::dot;
use crate::{Recipe, Scale, Standardisation};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Ten drugs apart along gene 5 only, with within-drug noise that is loud along gene 7.
fn planted() -> Dataset {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut noise = || (rng.next_u32() >> 8) as f32 / (1 << 23) as f32 - 1.0;
    let drugs: Vec<String> = (0..60).map(|row| format!("drug {}", row / 6)).collect();
    let mut values: Vec<f32> = (0..60 * GENES).map(|_| 0.3 * noise()).collect();
    for (row, profile) in values.chunks_exact_mut(GENES).enumerate() {
        profile[5] += (row / 6) as f32 - 4.5;
        profile[7] += 20.0 * noise();
    }
    Dataset::new(values, &drugs, &[None; 60]).unwrap()
}

fn standardiser(dataset: &Dataset, rows: &[usize]) -> Standardiser {
    let how = Standardisation { unit: false, clip: None, scale: Scale::Common, drug_weight: 0.0 };
    Standardiser::fit(dataset, rows, how)
}

fn found(rows: &[u32], labels: &[u32], start: Start, count: usize, shrinkage: f32) -> Vec<f32> {
    let dataset = planted();
    let all: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
    let standardiser = standardiser(&dataset, &all);
    let profiles = Profiles { dataset: &dataset, standardiser: &standardiser, rows, labels };
    let recipe = Recipe { start, shrinkage, ..Recipe::discriminant() };
    directions(&profiles, &recipe.directions(), count).unwrap()
}

fn all(start: Start, count: usize, shrinkage: f32) -> Vec<f32> {
    let rows: Vec<u32> = (0..60).collect();
    let labels: Vec<u32> = rows.iter().map(|row| row / 6).collect();
    found(&rows, &labels, start, count, shrinkage)
}

#[test]
fn the_first_discriminant_separates_drugs_and_is_not_the_loudest() {
    let direction = all(Start::Discriminant, 1, 0.1);
    let length = dot(&direction, &direction).sqrt();
    assert!(direction[5].abs() > 0.9 * length, "{} of {length}", direction[5]);
    assert!(direction[7].abs() < 0.05 * length);
}

#[test]
fn the_first_component_is_the_loudest() {
    let direction = all(Start::Components, 1, 0.1);
    assert!(direction[7].abs() > 0.9 * dot(&direction, &direction).sqrt());
}

#[test]
fn whitening_in_all_directions_is_the_inverse_root_of_the_scatter() {
    let map = all(Start::Whitening, GENES, 0.5);
    let dataset = planted();
    let rows: Vec<usize> = (0..60).collect();
    let standardiser = standardiser(&dataset, &rows);
    let labels: Vec<u32> = (0..60).map(|row| row / 6).collect();
    let numbers: Vec<u32> = (0..60).collect();
    let profiles =
        Profiles { dataset: &dataset, standardiser: &standardiser, rows: &numbers, labels: &labels };
    let within = Moments::new(&profiles, 0.0, false).shrunk_within(0.5);
    // map map^T is the inverse of the scatter, up to one factor.
    let product = |a: usize, b: usize| f64::from(dot(&map[a * GENES..][..GENES], &map[b * GENES..][..GENES]));
    let through =
        |a: usize, b: usize| (0..GENES).map(|gene| product(a, gene) * within[(gene, b)]).sum::<f64>();
    let factor = through(0, 0);
    for (a, b) in [(5, 5), (7, 7), (977, 977), (5, 7), (0, 977)] {
        let expected = if a == b { factor } else { 0.0 };
        assert!((through(a, b) - expected).abs() < 1e-3 * factor, "{a} {b}: {} {factor}", through(a, b));
    }
}

#[test]
fn more_directions_than_drugs_or_no_repeated_drug_still_give_numbers() {
    for start in [Start::Discriminant, Start::Whitening, Start::Components] {
        let many = found(&[0, 6, 12], &[0, 1, 2], start, 8, 0.5);
        assert!(many.len() == GENES * 8 && many.iter().all(|value| value.is_finite()), "{start:?}");
    }
}
