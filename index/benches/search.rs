//! Speed and recall of an index over simulated signatures, as a table.
//!
//! ```text
//! cargo bench -p l1kdb-index --bench search -- [--rows 118050] [--dim 32] [--queries 1000] [--m M]
//!     [--ef-construction E] [--ef E1,E2,...] [--batch B] [--no-graph] [--dump DIR]
//! ```
//!
//! A vector is the normalised sum of a cell line, a drug and noise in shares of 0.42, 0.38 and 0.20 of the variance: 12 cell lines
//! with weights 1/rank and a common part, 56 signatures of a drug on average. Queries are drawn in the same way and are not in the
//! index. Searches run on one thread, one query at a time; times are medians over the queries.
//!
//! `--dump DIR` writes `vectors.f32`, `queries.f32` (raw, row-major, little-endian) and `exact.tsv`, for
//! `benches/faiss_flat.py`.

#![expect(clippy::print_stdout, reason = "a program that prints a table")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use l1kdb_index::simd::{Kernel, vectorised};
use l1kdb_index::{BuildParams, Index, Mapped, SegmentWriter, Vectors, build_graph};
use random::Random;
use roaring::RoaringBitmap;

#[path = "../tests/it/random.rs"]
mod random;

type Failure = Box<dyn std::error::Error>;

struct Options {
    rows: usize,
    dim: usize,
    queries: usize,
    params: BuildParams,
    efs: Vec<usize>,
    batch: usize,
    graph: bool,
    dump: Option<String>,
}

impl Options {
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let params = BuildParams::default();
        let efs = vec![10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384];
        let mut options =
            Self { rows: 118_050, dim: 32, queries: 1000, params, efs, batch: 256, graph: true, dump: None };
        let mut arguments = arguments.filter(|argument| argument != "--bench");
        while let Some(name) = arguments.next() {
            match name.as_str() {
                "--no-graph" => options.graph = false,
                _ => options.set(&name, &arguments.next().ok_or("a value is missing")?)?,
            }
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        match name {
            "--rows" => self.rows = value.parse()?,
            "--dim" => self.dim = value.parse()?,
            "--queries" => self.queries = value.parse()?,
            "--batch" => self.batch = value.parse()?,
            "--m" => self.params.m = value.parse()?,
            "--ef-construction" => self.params.ef_construction = value.parse()?,
            "--ef" => self.efs = value.split(',').map(str::parse).collect::<Result<_, _>>()?,
            "--dump" => self.dump = Some(value.to_owned()),
            _ => return Err(format!("unknown option {name}").into()),
        }
        Ok(())
    }
}

fn main() -> Result<(), Failure> {
    let options = Options::parse(std::env::args().skip(1))?;
    let (vectors, queries) = simulate(&options)?;
    let kernel = Kernel::current().name();
    println!(
        "{} x {} simulated signatures, {} queries, {kernel}\n",
        options.rows, options.dim, options.queries
    );
    let folder = std::env::temp_dir().join(format!("l1kdb-index-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measure(&options, &vectors, &queries, &folder.join("bench.l1k"));
    fs::remove_dir_all(&folder)?;
    measured
}

fn measure(options: &Options, vectors: &Vectors, queries: &[Vec<f32>], path: &Path) -> Result<(), Failure> {
    let mut writer = SegmentWriter::create(path, [0; 16])?;
    writer.vectors(vectors)?;
    if options.graph {
        build(options, vectors, &mut writer)?;
    }
    let start = Instant::now();
    let summary = writer.finish()?;
    println!("file: {:.1} MB, synced in {:.2} s", summary.length as f64 / 1e6, start.elapsed().as_secs_f64());
    let index = Index::open_path(path)?;
    let start = Instant::now();
    index.verify()?;
    println!("verify: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    opening(path)?;
    exact(&index, queries, options.batch)?;
    if options.graph {
        approximate(&index, queries, &options.efs)?;
    }
    options.dump.as_ref().map_or(Ok(()), |folder| dump(folder, vectors, queries, &index))
}

fn build(options: &Options, vectors: &Vectors, writer: &mut SegmentWriter) -> Result<(), Failure> {
    let (start, before) = (Instant::now(), processor_seconds());
    let graph = build_graph(vectors, &options.params, &|_| ())?;
    let (wall, processor) = (start.elapsed().as_secs_f64(), processor_seconds() - before);
    println!("graph: {wall:.1} s ({processor:.1} s of processor), {:?}", options.params);
    println!(
        "{} levels, {:.1} links a row, {:?}",
        graph.levels(),
        graph.links() as f64 / options.rows as f64,
        graph.audit()
    );
    println!("rows that cannot be reached: {}", options.rows - graph.audit().reachable as usize);
    Ok(writer.graph(&graph)?)
}

/// Processor time of this process so far; 0 where `/proc` does not tell.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn opening(path: &Path) -> Result<(), Failure> {
    let mut times = Vec::new();
    for _ in 0..101 {
        let start = Instant::now();
        black_box(Index::open_path(path)?.rows());
        times.push(start.elapsed().as_secs_f64());
    }
    println!("open: {:.0} us\n", median(times) * 1e6);
    Ok(())
}

/// Median time of one call a query, in microseconds, after a warm-up over some of them.
fn timed<T>(
    queries: &[Vec<f32>],
    mut call: impl FnMut(&[f32]) -> l1kdb_index::Result<T>,
) -> Result<f64, Failure> {
    for query in queries.iter().take(20) {
        black_box(call(query)?);
    }
    let mut times = Vec::with_capacity(queries.len());
    for query in queries {
        let start = Instant::now();
        black_box(call(query)?);
        times.push(start.elapsed().as_secs_f64());
    }
    Ok(median(times) * 1e6)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

fn exact(index: &Index<Mapped>, queries: &[Vec<f32>], batch: usize) -> Result<(), Failure> {
    let mut all = Vec::new();
    println!("| search | us |\n|---|---|");
    let vectors = index.section(*b"VECS").unwrap_or_default();
    println!("| reading all vectors | {:.0} |", timed(queries, |_| Ok(read(vectors)))?);
    println!("| exact top-10 | {:.0} |", timed(queries, |q| index.exact(q, 10, None))?);
    println!("| exact top-100 | {:.0} |", timed(queries, |q| index.exact(q, 100, None))?);
    let few: RoaringBitmap = (0..u32::try_from(index.rows())?).filter(|row| row * 7 % 20 == 0).collect();
    println!(
        "| exact top-10 of every 20th row | {:.0} |",
        timed(queries, |q| index.exact(q, 10, Some(&few)))?
    );
    println!("| similarities | {:.0} |", timed(queries, |q| index.similarities(q, &mut all))?);
    println!(
        "| batch of {batch}, top-10 | {:.0} |",
        batches(queries, batch, |q| index.exact_batch(q, 10, None).map(drop))?
    );
    println!(
        "| batch of {batch}, top-100 | {:.0} |",
        batches(queries, batch, |q| index.exact_batch(q, 100, None).map(drop))?
    );
    let similarities = |q: &[f32]| index.similarities_batch(q, &mut all);
    println!("| batch of {batch}, similarities | {:.0} |\n", batches(queries, batch, similarities)?);
    Ok(())
}

/// Median time of a query, in microseconds, in calls of `count` queries.
fn batches(
    queries: &[Vec<f32>],
    count: usize,
    mut call: impl FnMut(&[f32]) -> l1kdb_index::Result<()>,
) -> Result<f64, Failure> {
    let batch = queries.iter().cycle().take(count).flatten().copied().collect::<Vec<f32>>();
    let calls = vec![batch; 2 * queries.len().div_ceil(count)];
    Ok(timed(&calls, |queries| call(queries))? / count as f64)
}

/// The sum of all numbers: what reading them costs at least.
fn read(vectors: &[u8]) -> u64 {
    vectorised(|| {
        let (lines, _) = vectors.as_chunks::<256>();
        let mut sums: [u64; 32] = [0; 32];
        for line in lines {
            let (words, _) = line.as_chunks::<8>();
            for at in 0..32 {
                sums[at] = sums[at].wrapping_add(u64::from_ne_bytes(words[at]));
            }
        }
        sums.iter().fold(0_u64, |sum, part| sum.wrapping_add(*part))
    })
}

fn approximate(index: &Index<Mapped>, queries: &[Vec<f32>], efs: &[usize]) -> Result<(), Failure> {
    let exact: Vec<_> = queries.iter().map(|q| index.exact(q, 10, None)).collect::<Result<_, _>>()?;
    println!("| ef | us | recall@10 |\n|---|---|---|");
    for &ef in efs {
        let time = timed(queries, |q| index.ann(q, 10, Some(ef), None))?;
        let mut hits = 0;
        for (query, exact) in queries.iter().zip(&exact) {
            let found = index.ann(query, 10, Some(ef), None)?;
            hits += found.iter().filter(|near| exact.contains(near)).count();
        }
        println!("| {ef} | {time:.0} | {:.5} |", hits as f64 / (10 * queries.len()) as f64);
    }
    Ok(())
}

fn dump(folder: &str, vectors: &Vectors, queries: &[Vec<f32>], index: &Index<Mapped>) -> Result<(), Failure> {
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let bytes = |values: &[f32]| values.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    fs::write(folder.join("vectors.f32"), bytes(vectors.as_slice()))?;
    fs::write(folder.join("queries.f32"), bytes(&queries.concat()))?;
    let mut lines = String::new();
    for query in queries {
        let rows: Vec<_> = index.exact(query, 100, None)?.iter().map(|near| near.row.to_string()).collect();
        lines += &(rows.join("\t") + "\n");
    }
    fs::write(folder.join("exact.tsv"), lines)?;
    Ok(())
}

const CELLS: usize = 12;
const SHARES: [f64; 3] = [0.42, 0.38, 0.20];
/// The part of a cell line's vector that all cell lines share: other lines are then 0.13 similar on average.
const COMMON: f64 = 0.31;

/// Vectors of the index, and queries that are not in it.
fn simulate(options: &Options) -> Result<(Vectors, Vec<Vec<f32>>), Failure> {
    let mut random = Random(20_240_601);
    let dim = options.dim;
    let common = random.unit(dim);
    let own: Vec<_> = (0..CELLS).map(|_| random.unit(dim)).collect();
    let cells: Vec<_> = own.iter().map(|own| mix(&[(COMMON, &common), (1.0 - COMMON, own)])).collect();
    let drugs: Vec<_> = (0..options.rows.div_ceil(56)).map(|_| random.unit(dim)).collect();
    let mut signature = || {
        let (cell, drug) = (&cells[random.cell()], &drugs[random.below(drugs.len())]);
        let noise = random.unit(dim);
        let mixed = mix(&[(SHARES[0], cell), (SHARES[1], drug), (SHARES[2], &noise)]);
        mixed.iter().map(|&x| x as f32).collect::<Vec<f32>>()
    };
    let data = (0..options.rows).flat_map(|_| signature()).collect();
    let queries = (0..options.queries).map(|_| signature()).collect();
    Ok((Vectors::new(dim, data)?, queries))
}

/// The unit vector along a sum of vectors with these shares of its variance.
fn mix(parts: &[(f64, &Vec<f64>)]) -> Vec<f64> {
    let mut sum = vec![0.0; parts[0].1.len()];
    for (share, part) in parts {
        sum.iter_mut().zip(*part).for_each(|(sum, x)| *sum += share.sqrt() * x);
    }
    unit(sum)
}

fn unit(mut vector: Vec<f64>) -> Vec<f64> {
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    vector.iter_mut().for_each(|x| *x /= length);
    vector
}

impl Random {
    /// Uniform, above 0 and up to 1.
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// A cell line by weights 1/rank.
    fn cell(&mut self) -> usize {
        let total: f64 = (1..=CELLS).map(|rank| 1.0 / rank as f64).sum();
        let mut left = self.uniform() * total;
        (1..=CELLS)
            .position(|rank| {
                left -= 1.0 / rank as f64;
                left <= 0.0
            })
            .unwrap_or(CELLS - 1)
    }

    /// A direction (Box-Muller normals, scaled).
    fn unit(&mut self, dim: usize) -> Vec<f64> {
        let mut normal =
            || (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos();
        unit((0..dim).map(|_| normal()).collect())
    }
}
