//! Scores in gene space over a database's worth of profiles in half precision.
//!
//! `cargo bench -p l1kdb-benches --bench connectivity -- [ROWS]`, on as many threads as `RAYON_NUM_THREADS` says.
//! `connectivity.py` does the same with numpy and scipy over the landmarks.
//!
//! Of 10,174 genes a block of 4,096 profiles (83 MB, more than caches hold) is made once and scored again and again, as often as
//! the rows fill it: profiles of that many genes come block by block, and memory is that of a block.
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::error::Error;
use std::time::Instant;

use half::f16;
use half::slice::HalfFloatSliceExt;
use l1kdb::connectivity::{
    CosineQuery, GeneSets, GeneWeights, PearsonQuery, Score, Scratch, SpearmanQuery, WtcsQuery, XCosQuery,
    XSumQuery, ZhangQuery, scores,
};

const LANDMARKS: usize = 978;
const BING: usize = 10_174;
/// Profiles of a block.
const BLOCK: usize = 4096;
/// Genes of a set, and extremes of a side.
const GENES_A_SIDE: u32 = 100;
const ROUNDS: usize = 3;

/// Reads a profile of so many genes and does nothing with it.
struct Read(usize);

impl Score for Read {
    fn genes(&self) -> usize {
        self.0
    }

    fn score(&self, profile: &[f32], _: &mut Scratch) -> Option<f64> {
        Some(f64::from(profile[0]))
    }
}

/// Z-scores as they are stored.
fn profiles(rows: usize, genes: usize) -> Vec<f16> {
    let mut state = 20_240_601_u64;
    let mut unit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as f64 + 0.5) / f64::from(1_u32 << 31)
    };
    let mut normal = || (-2.0 * unit().ln()).sqrt() * (std::f64::consts::TAU * unit()).cos();
    let some: Vec<f16> = (0..1 << 16).map(|_| f16::from_f64(1.3 * normal())).collect();
    (0..rows * genes).map(|_| some[(unit() * some.len() as f64) as usize]).collect()
}

type Named = (&'static str, Box<dyn Score>);

fn sets(genes: usize) -> Result<GeneSets, Box<dyn Error>> {
    let up: Vec<u32> = (0..GENES_A_SIDE).collect();
    let down: Vec<u32> = (GENES_A_SIDE..2 * GENES_A_SIDE).collect();
    Ok(GeneSets::new(&up, &down, genes)?)
}

fn queries(query: &[f32]) -> Result<Vec<Named>, Box<dyn Error>> {
    let sets = sets(query.len())?;
    Ok(vec![
        ("reading", Box::new(Read(query.len()))),
        ("cosine", Box::new(CosineQuery::new(query)?)),
        ("Pearson", Box::new(PearsonQuery::new(query)?)),
        ("Spearman", Box::new(SpearmanQuery::new(query)?)),
        ("XCos", Box::new(XCosQuery::new(query, GENES_A_SIDE as usize)?)),
        ("XSum", Box::new(XSumQuery::new(&sets, GENES_A_SIDE as usize)?)),
        ("Zhang, profile", Box::new(ZhangQuery::of_profile(query)?)),
        ("Zhang, sets", Box::new(ZhangQuery::of_sets(&sets))),
        ("WTCS", Box::new(WtcsQuery::new(&sets, GeneWeights::Magnitude))),
        ("cs", Box::new(WtcsQuery::new(&sets, GeneWeights::Equal))),
    ])
}

/// Those of 10,174 genes: what reading takes, and WTCS.
fn wide_queries() -> Result<Vec<Named>, Box<dyn Error>> {
    let wtcs = WtcsQuery::new(&sets(BING)?, GeneWeights::Magnitude);
    Ok(vec![("reading", Box::new(Read(BING))), ("WTCS", Box::new(wtcs))])
}

/// Scores so many profiles, those of a block again and again, and prints the least time.
fn measure(queries: &[Named], rows: usize, block: &[f16]) {
    for (name, query) in queries {
        let genes = query.genes();
        let read = |row: usize, values: &mut [f32]| {
            block[row * genes..][..genes].convert_to_f32_slice(values);
        };
        let (mut least, mut sum) = (f64::INFINITY, 0.0);
        for _ in 0..ROUNDS {
            let began = Instant::now();
            let whole = (block.len() / genes).max(1);
            let blocks = (0..rows).step_by(whole).map(|first| whole.min(rows - first));
            sum = blocks.flat_map(|count| scores(&**query, count, read)).flatten().sum();
            least = least.min(began.elapsed().as_secs_f64());
        }
        println!("{name:<16} {:>8.1} ms for {rows} profiles of {genes} genes (sum {sum:.3})", 1e3 * least);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = std::env::args().skip(1).find(|arg| arg != "--bench");
    let rows = args.map_or(Ok(118_050), |rows| rows.parse())?;
    let all = profiles(rows, LANDMARKS);
    let mut query = vec![0.0; LANDMARKS];
    all[..LANDMARKS].convert_to_f32_slice(&mut query);
    measure(&queries(&query)?, rows, &all);
    drop(all);
    measure(&wide_queries()?, rows, &profiles(BLOCK.min(rows), BING));
    Ok(())
}
