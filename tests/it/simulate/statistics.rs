//! Statistics of a set of signatures, their values on real level-5 signatures, and how far a simulation may be off.

use l1kdb::profile::GENES;
use rayon::prelude::*;

/// Signatures with the labels that their statistics need.
pub struct Labelled {
    pub values: Vec<f32>,
    pub drugs: Vec<u32>,
    pub cells: Vec<u32>,
}

/// What is compared between simulated and real signatures.
#[derive(Debug)]
pub struct Statistics {
    /// Means of the cosine, by kind of pair.
    pub same_drug_same_cell: f64,
    pub same_drug_other_cell: f64,
    pub other_drug_same_cell: f64,
    pub unrelated: f64,
    /// Standard deviation of the cosine of signatures of other drugs in other cells.
    pub unrelated_sd: f64,
    /// Raw-cosine retrieval of the same drug.
    pub auc: f64,
    pub median_quantile: f64,
    pub recall_01: f64,
    /// Of the lengths of the profiles.
    pub norm_quartiles: [f64; 3],
    /// Share of the energy of unit profiles along their strongest direction, and along the ten strongest together.
    pub first_eigenvalue: f64,
    pub ten_eigenvalues: f64,
}

pub fn statistics(set: &Labelled) -> Statistics {
    let n = set.drugs.len();
    let norms: Vec<f64> = set.values.chunks(GENES).map(|p| dot(p, p).sqrt().into()).collect();
    let unit: Vec<f32> = set
        .values
        .chunks(GENES)
        .zip(&norms)
        .flat_map(|(p, &norm)| p.iter().map(move |z| z / norm as f32))
        .collect();
    let rows: Vec<(Sums, Vec<f64>)> = (0..n).into_par_iter().map(|i| query(set, &unit, i)).collect();
    let mut sums = Sums::default();
    let mut quantiles = Vec::new();
    for (row, own) in rows {
        sums.add(&row);
        quantiles.extend(own);
    }
    let eigenvalues = leading_eigenvalues(&unit, 10);
    let mean = |kind: usize| sums.sum[kind] / sums.count[kind];
    Statistics {
        same_drug_same_cell: mean(3),
        same_drug_other_cell: mean(2),
        other_drug_same_cell: mean(1),
        unrelated: mean(0),
        unrelated_sd: (sums.square / sums.count[0] - mean(0).powi(2)).sqrt(),
        auc: 1.0 - quantiles.iter().sum::<f64>() / quantiles.len() as f64,
        recall_01: quantiles.iter().filter(|&&q| q <= 0.01).count() as f64 / quantiles.len() as f64,
        median_quantile: quantile(&mut quantiles, 0.5),
        norm_quartiles: [0.25, 0.5, 0.75].map(|p| quantile(&mut norms.clone(), p)),
        first_eigenvalue: eigenvalues[0],
        ten_eigenvalues: eigenvalues.iter().sum(),
    }
}

/// Cosines by kind of pair: unrelated, same cell, same drug, both. The squares are those of unrelated pairs.
#[derive(Default)]
struct Sums {
    sum: [f64; 4],
    count: [f64; 4],
    square: f64,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        for kind in 0..4 {
            self.sum[kind] += other.sum[kind];
            self.count[kind] += other.count[kind];
        }
        self.square += other.square;
    }
}

/// One query against all others, and the quantile of each of its positives: the share of negatives that score higher.
fn query(set: &Labelled, unit: &[f32], i: usize) -> (Sums, Vec<f64>) {
    let mut sums = Sums::default();
    let (mut positives, mut negatives) = (Vec::new(), Vec::new());
    let own = &unit[i * GENES..(i + 1) * GENES];
    for j in (0..set.drugs.len()).filter(|&j| j != i) {
        let cosine = dot(own, &unit[j * GENES..(j + 1) * GENES]);
        let same_drug = set.drugs[i] == set.drugs[j];
        let kind = usize::from(set.cells[i] == set.cells[j]) + 2 * usize::from(same_drug);
        sums.sum[kind] += f64::from(cosine);
        sums.count[kind] += 1.0;
        if kind == 0 {
            sums.square += f64::from(cosine).powi(2);
        }
        if same_drug { positives.push(cosine) } else { negatives.push(cosine) }
    }
    negatives.sort_by(f32::total_cmp);
    let higher = |p: f32| negatives.len() - negatives.partition_point(|&n| n <= p);
    let quantiles = positives.into_iter().map(|p| higher(p) as f64 / negatives.len() as f64).collect();
    (sums, quantiles)
}

/// Eight running sums, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

fn quantile(values: &mut [f64], p: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(p * (values.len() - 1) as f64).round() as usize]
}

/// Largest eigenvalues of the second moment of unit profiles, by orthogonal iteration.
fn leading_eigenvalues(unit: &[f32], count: usize) -> Vec<f64> {
    let profiles: Vec<&[f32]> = unit.chunks(GENES).collect();
    let mut basis: Vec<Vec<f32>> =
        (0..count).map(|k| (0..GENES).map(|g| if g % count == k { 1.0 } else { 0.1 }).collect()).collect();
    let mut eigenvalues = vec![0.0; count];
    for _ in 0..25 {
        basis = basis.par_iter().map(|direction| moment_times(&profiles, direction)).collect();
        for (k, eigenvalue) in eigenvalues.iter_mut().enumerate() {
            let (before, rest) = basis.split_at_mut(k);
            let direction = &mut rest[0];
            for other in before {
                let overlap = dot(direction, other);
                direction.iter_mut().zip(other).for_each(|(d, o)| *d -= overlap * *o);
            }
            let length = dot(direction, direction).sqrt();
            direction.iter_mut().for_each(|d| *d /= length);
            *eigenvalue = f64::from(length);
        }
    }
    eigenvalues
}

fn moment_times(profiles: &[&[f32]], direction: &[f32]) -> Vec<f32> {
    let mut product = vec![0.0; GENES];
    for profile in profiles {
        let share = dot(profile, direction) / profiles.len() as f32;
        product.iter_mut().zip(*profile).for_each(|(sum, z)| *sum += share * z);
    }
    product
}

/// Measured on 1,645 level-5 signatures of 244 drugs in 65 cell lines (GSE92742).
pub const REAL: Statistics = Statistics {
    same_drug_same_cell: 0.1318,
    same_drug_other_cell: 0.0686,
    other_drug_same_cell: 0.0473,
    unrelated: 0.0256,
    unrelated_sd: 0.0920,
    auc: 0.6233,
    median_quantile: 0.3236,
    recall_01: 0.0890,
    norm_quartiles: [25.05, 29.22, 36.35],
    first_eigenvalue: 0.0754,
    ten_eigenvalues: 0.2277,
};

/// Each statistic with how far a simulation may be off.
pub fn compared(found: &Statistics, expected: &Statistics, slack: f64) -> Vec<String> {
    let [low, middle, high] = found.norm_quartiles;
    let [low_expected, middle_expected, high_expected] = expected.norm_quartiles;
    [
        ("same drug, same cell", found.same_drug_same_cell, expected.same_drug_same_cell, 0.02),
        ("same drug, other cell", found.same_drug_other_cell, expected.same_drug_other_cell, 0.01),
        ("other drug, same cell", found.other_drug_same_cell, expected.other_drug_same_cell, 0.01),
        ("unrelated", found.unrelated, expected.unrelated, 0.005),
        ("sd of unrelated", found.unrelated_sd, expected.unrelated_sd, 0.01),
        ("AUC", found.auc, expected.auc, 0.02),
        ("median quantile", found.median_quantile, expected.median_quantile, 0.03),
        ("recall at 0.01", found.recall_01, expected.recall_01, 0.03),
        ("first quartile of norms", low, low_expected, 1.5),
        ("median norm", middle, middle_expected, 1.5),
        ("third quartile of norms", high, high_expected, 3.0),
        ("first eigenvalue", found.first_eigenvalue, expected.first_eigenvalue, 0.01),
        ("ten eigenvalues", found.ten_eigenvalues, expected.ten_eigenvalues, 0.03),
    ]
    .into_iter()
    .filter(|(_, found, expected, allowed)| (found - expected).abs() > allowed * slack)
    .map(|(name, found, expected, _)| format!("{name}: {found:.4}, expected {expected:.4}"))
    .collect()
}
