//! Bulk evaluation at the size of the paper: every vector as a query, all quantiles exact.
//!
//! `cargo bench -p l1kdb-benches --bench evaluate -- [ROWS DIM LABELS even|lognormal|large [CANDIDATES]]`
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::time::Instant;

use l1kdb::Rows;
use l1kdb::eval::{ExactRanker, Positives, PreparedRows, Similarity};
use l1kdb::progress::Quiet;

/// How large the labels are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sizes {
    Even,
    Lognormal,
    Large,
}

struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 >> 18 ^ self.0) >> 27;
        let word = (mixed as u32).rotate_right((self.0 >> 59) as u32);
        (f64::from(word) + 0.5) / 4_294_967_296.0
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    fn vector(&mut self, dim: usize) -> Vec<f64> {
        let values: Vec<f64> = (0..dim).map(|_| self.normal()).collect();
        let length = values.iter().map(|v| v * v).sum::<f64>().sqrt();
        values.iter().map(|v| v / length).collect()
    }
}

fn labels(random: &mut Random, rows: usize, labels: usize, sizes: Sizes) -> Vec<u32> {
    let weights: Vec<f64> = (0..labels)
        .map(|label| match sizes {
            Sizes::Even => 1.0,
            Sizes::Lognormal => (1.3 * random.normal()).exp(),
            Sizes::Large if label == 0 => labels as f64 * 0.05 / 0.95,
            Sizes::Large => 1.0,
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let mut ends: Vec<f64> = Vec::new();
    for weight in weights {
        ends.push(ends.last().unwrap_or(&0.0) + weight / total);
    }
    (0..rows)
        .map(|_| {
            let at = random.unit();
            ends.partition_point(|&end| end < at).min(labels - 1) as u32
        })
        .collect()
}

/// Unit vectors of cell line, drug and noise, in the shares of real embeddings.
fn embeddings(random: &mut Random, labels: &[u32], dim: usize) -> Vec<f32> {
    let cells: Vec<Vec<f64>> = (0..12).map(|_| random.vector(dim)).collect();
    let drugs = labels.iter().max().map_or(0, |&label| label as usize + 1);
    let drugs: Vec<Vec<f64>> = (0..drugs).map(|_| random.vector(dim)).collect();
    let mut all = Vec::with_capacity(labels.len() * dim);
    for &label in labels {
        let cell = &cells[(random.unit() * random.unit() * 12.0) as usize];
        let noise = random.vector(dim);
        let sum = |i: usize| {
            0.42_f64.sqrt() * cell[i] + 0.38_f64.sqrt() * drugs[label as usize][i] + 0.2_f64.sqrt() * noise[i]
        };
        let length = (0..dim).map(|i| sum(i).powi(2)).sum::<f64>().sqrt();
        all.extend((0..dim).map(|i| (sum(i) / length) as f32));
    }
    all
}

fn measure(rows: usize, dim: usize, number: usize, sizes: Sizes, candidates: Option<usize>) {
    let mut random = Random(20_240_601);
    let labels = labels(&mut random, rows, number, sizes);
    let values = embeddings(&mut random, &labels, dim);
    let began = Instant::now();
    let prepared = PreparedRows::new(Rows::new(&values, dim).expect("whole rows"), Similarity::Cosine)
        .expect("sound data");
    let positives = Positives::of_labels(&labels);
    let sampled: Option<Vec<u32>> = candidates.map(|n| (0..n).map(|i| (i * rows / n) as u32).collect());
    let ranker = ExactRanker::new(&prepared, &positives, sampled.as_deref()).expect("sound data");
    let queries: Vec<u32> = (0..rows as u32).collect();
    let (sums, _) = ranker
        .rank(&queries, &Quiet, |ranks| (ranks.quantiles().sum::<f64>(), ranks.doubled.len()))
        .expect("finite similarities");
    let seconds = began.elapsed().as_secs_f64();
    let pairs: usize = sums.iter().map(|(_, n)| n).sum();
    let mean = sums.iter().map(|(sum, _)| sum).sum::<f64>() / pairs as f64;
    println!(
        "{rows} x {dim}, {number} labels {sizes:?}, candidates {candidates:?}: {seconds:.2} s, {pairs} positives, \
         AUC {:.4}",
        1.0 - mean
    );
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let number = |at: usize| args.get(at).and_then(|text| text.parse().ok());
    let sizes = match args.get(3).map(String::as_str) {
        Some("lognormal") => Sizes::Lognormal,
        Some("large") => Sizes::Large,
        _ => Sizes::Even,
    };
    let (rows, dim) = (number(0).unwrap_or(118_050), number(1).unwrap_or(16));
    measure(rows, dim, number(2).unwrap_or(2_107), sizes, number(4));
}
