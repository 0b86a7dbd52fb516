//! Explanations of hits through a network: how well they add up, whether masking the genes they name lowers the similarity, and how
//! long one takes.
//!
//! `cargo bench -p l1kdb-benches --features built-in --bench explain -- DB [MODEL]`: DB by `l1kdb build`, with profiles; without
//! it `L1KDB_EXPLAIN_DB` names it. MODEL is a folder of a model, `shipped`, `triplet` or `identity`; by default the database's own. Each
//! engine that there is runs: the built-in one, and the ONNX Runtime that `ORT_DYLIB_PATH` names or that is found.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::error::Error;

use l1kdb::db::Db;
use l1kdb::embed::{Engine, EngineOptions, Model, Runtime};
use l1kdb::explain::{NetworkExplainer, Side};
use l1kdb::profile::{GENES, ProfileMatrix};
use l1kdb_benches::{milliseconds, timed};

const HITS: usize = 300;
const MASKED: usize = 20;
/// Random sets of as many genes, for each hit.
const DRAWS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let path = arguments.next().or_else(|| std::env::var("L1KDB_EXPLAIN_DB").ok());
    let Some(path) = path else {
        println!("explain: skipped: no path of a database, neither as an argument nor in L1KDB_EXPLAIN_DB");
        return Ok(());
    };
    let db = Db::open(&path)?;
    let profiles = profiles(&db)?;
    let model = arguments.next();
    for runtime in [Runtime::BuiltIn, Runtime::Search] {
        let options = EngineOptions::default().runtime(runtime);
        match Engine::start(&options) {
            Ok(engine) => println!("\n{engine}"),
            Err(error) => {
                println!("\nskipped: {error}");
                continue;
            }
        }
        let model = open(&db, model.as_deref(), &options)?;
        for side in [Side::Query, Side::Hit] {
            measure(&model, &profiles, side)?;
        }
    }
    Ok(())
}

fn open(db: &Db, name: Option<&str>, options: &EngineOptions) -> Result<Model, Box<dyn Error>> {
    Ok(match name {
        None => db.model(options)?,
        Some("shipped") => Model::shipped(options)?,
        Some("triplet") => {
            let network = l1kdb_weights::TRIPLET;
            Model::from_parts(network.card, network.onnx, network.name, options)?
        }
        Some("identity") => Model::identity(),
        Some(folder) => Model::load(folder, options)?,
    })
}

/// Profiles of all signatures of a database.
fn profiles(db: &Db) -> Result<ProfileMatrix, Box<dyn Error>> {
    let (mut ids, mut values) = (Vec::new(), Vec::new());
    for signature in db.export()?.signatures {
        let profile = db.profile(&signature.sig_id)?.ok_or("the database keeps no profiles")?;
        ids.push(signature.sig_id);
        values.extend(profile);
    }
    Ok(ProfileMatrix::of_universe(db.universe(), ids, values)?)
}

/// What was found of the hits.
#[derive(Default)]
struct Found {
    completeness: Vec<f64>,
    baselines: Vec<f64>,
    seconds: Vec<f64>,
    /// Random sets that cost less similarity than the leading genes.
    lower: usize,
    lower_than_mean: usize,
    lower_than_largest: usize,
    /// What masking costs: the leading genes, those of the largest magnitude, random ones.
    drops: [f64; 3],
}

/// Explains hits at ranks 1, 6, 11, ... to 46 of queries spread over all signatures.
fn measure(model: &Model, profiles: &ProfileMatrix, side: Side) -> Result<(), Box<dyn Error>> {
    let landmarks = profiles.landmarks();
    let row = |at: usize| &landmarks[at * GENES..][..GENES];
    let embeddings = model.embed(profiles)?;
    let (opened, explainer) = timed(|| NetworkExplainer::new(model));
    let explainer = explainer?;
    let (mut random, mut found) = (Random(1), Found::default());
    for number in 0..HITS {
        let query = number * profiles.len() / HITS;
        let similarity = |other: usize| product(embeddings.row(query), embeddings.row(other));
        let mut others: Vec<usize> = (0..profiles.len()).filter(|&other| other != query).collect();
        others.sort_by(|&a, &b| similarity(b).total_cmp(&similarity(a)));
        let hit = others[number % 10 * 5];
        let (time, explained) = timed(|| explainer.explain(row(query), row(hit), side));
        let explained = explained?;
        found.seconds.push(time.as_secs_f64());
        found.completeness.push(explained.completeness);
        found.baselines.push(explained.baseline);
        let (own, other) = if side == Side::Query { (query, hit) } else { (hit, query) };
        let leading = explained.terms.iter().take(MASKED).map(|term| term.gene).collect();
        let mut sets = vec![leading, largest(row(own))];
        sets.extend((0..DRAWS).map(|_| random.genes()));
        found.add(similarity(hit), &masked(model, row(own), &sets, embeddings.row(other))?);
    }
    println!("\n{}, {side}, {HITS} hits, exact: {}", model.card().name, explainer.is_exact());
    found.print();
    println!("the explainer opens in {:.1} ms", milliseconds(opened));
    if side == Side::Query {
        let hits: Vec<&[f32]> = (1..=20).map(row).collect();
        let (time, explained) = timed(|| explainer.explain_hits(row(0), &hits, side));
        explained?;
        println!("20 hits of one query, ms: {:.2}", milliseconds(time));
    }
    Ok(())
}

impl Found {
    /// Adds the similarity of a hit, and what is left of it without the leading genes, the largest ones, and random ones.
    fn add(&mut self, similarity: f64, left: &[f64]) {
        let (leading, largest, random) = (left[0], left[1], &left[2..]);
        let mean = random.iter().sum::<f64>() / random.len() as f64;
        self.lower += random.iter().filter(|&&random| leading < random).count();
        self.lower_than_mean += usize::from(leading < mean);
        self.lower_than_largest += usize::from(leading < largest);
        let costs = [leading, largest, mean].map(|left| similarity - left);
        self.drops.iter_mut().zip(costs).for_each(|(sum, cost)| *sum += cost / HITS as f64);
    }

    fn print(self) {
        let percent = |count: usize, of: usize| 100.0 * count as f64 / of as f64;
        println!("masking {MASKED} leading genes lowers the similarity more than masking {MASKED} others:");
        println!("  random ones: {:.2} % of {DRAWS} draws a hit", percent(self.lower, HITS * DRAWS));
        println!("  random ones: {:.2} % of hits, against their mean", percent(self.lower_than_mean, HITS));
        println!("  those of the largest magnitude: {:.2} % of hits", percent(self.lower_than_largest, HITS));
        let [leading, largest, random] = self.drops;
        println!("  it costs {leading:.3}; the largest {largest:.3}, random ones {random:.3}");
        let [median, p90, p99, most] = quantiles(self.completeness);
        println!("completeness: median {median:.1e}, p90 {p90:.1e}, p99 {p99:.1e}, largest {most:.1e}");
        let [median, p90, p99, most] = quantiles(self.baselines);
        println!("baseline: median {median:.3}, p90 {p90:.3}, p99 {p99:.3}, largest {most:.3}");
        let times = quantiles(self.seconds).map(|seconds| seconds * 1e3);
        let [median, p90, p99, most] = times;
        println!("one explanation, ms: median {median:.2}, p90 {p90:.2}, p99 {p99:.2}, longest {most:.2}");
    }
}

/// The genes of the largest magnitude, as many as are masked.
fn largest(profile: &[f32]) -> Vec<usize> {
    let mut genes: Vec<usize> = (0..GENES).collect();
    genes.sort_by(|&a, &b| profile[b].abs().total_cmp(&profile[a].abs()));
    genes.truncate(MASKED);
    genes
}

/// The similarity that is left to `other` when the genes of each set are 0.
fn masked(
    model: &Model,
    profile: &[f32],
    sets: &[Vec<usize>],
    other: &[f32],
) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut values = profile.repeat(sets.len());
    for (profile, genes) in values.chunks_exact_mut(GENES).zip(sets) {
        genes.iter().for_each(|&gene| profile[gene] = 0.0);
    }
    let ids = (0..sets.len()).map(|set| set.to_string()).collect();
    let embeddings = model.embed(&ProfileMatrix::new(ids, values)?)?;
    Ok((0..sets.len()).map(|set| product(embeddings.row(set), other)).collect())
}

/// A linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// Different genes, as many as are masked.
    fn genes(&mut self) -> Vec<usize> {
        let mut genes = Vec::with_capacity(MASKED);
        while genes.len() < MASKED {
            let gene = self.below(GENES);
            if !genes.contains(&gene) {
                genes.push(gene);
            }
        }
        genes
    }
}

fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// Median, 90th and 99th percentile, and the largest.
fn quantiles(mut values: Vec<f64>) -> [f64; 4] {
    values.sort_by(f64::total_cmp);
    [50, 90, 99, 100].map(|percent| values[(values.len() * percent / 100).min(values.len() - 1)])
}
