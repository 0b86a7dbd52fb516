//! Embedding in bulk on one thread, three ONNX forms of a DenseNet side by side; and how long the first embedding of
//! a process takes.
//!
//! ```text
//! python3 benches/make_networks.py FOLDER
//! L1KDB_NETWORKS=FOLDER cargo bench -p l1kdb-benches --features built-in --bench embed
//! ```
//!
//! ONNX Runtime is looked for as `l1kdb` does; `ORT_DYLIB_PATH` may name it. The program calls itself for the built-in
//! engine and for every cold start; `--cold-built-in` is a cold start of that.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use l1kdb::{
    embed::{EmbedError, EmbedOptions, Engine, EngineOptions, Model, Runtime},
    profile::{GENES, ProfileMatrix},
};
use l1kdb_benches::{median, milliseconds, timed};

/// As a framework would export it, the same with the standardisation folded in, and the form that l1kdb exports.
const FORMS: [&str; 3] = ["naive", "layers", "product"];
const SHAPES: [&str; 2] = ["d8-k12-e16", "d32-k3-e8"];
const BATCHES: [usize; 6] = [64, 128, 256, 512, 1024, 8192];
const PROFILES: usize = 16_384;
/// A measurement is this often all profiles.
const ROUNDS: usize = 4;
const REPEATS: usize = 5;
const COLD_STARTS: usize = 21;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(networks) = env::var_os("L1KDB_NETWORKS").map(PathBuf::from) else {
        println!("embed: skipped: L1KDB_NETWORKS names no folder of benches/make_networks.py");
        return Ok(());
    };
    match env::args().nth(1).as_deref() {
        Some("--cold") => cold(&networks, Runtime::Search)?,
        Some("--cold-built-in") => cold(&networks, Runtime::BuiltIn)?,
        Some("--built-in") => {
            bulk(&networks, Runtime::BuiltIn, REPEATS)?;
            cold_starts("--cold-built-in")?;
        }
        _ => {
            bulk(&networks, Runtime::Search, REPEATS)?;
            if cfg!(feature = "built-in") {
                Command::new(env::current_exe()?).arg("--built-in").status()?;
            }
            cold_starts("--cold")?;
        }
    }
    Ok(())
}

/// Profiles a second, the forms alternating so that a disturbance meets both. By the clock on the wall: engines compute on
/// threads of their own.
fn bulk(networks: &Path, runtime: Runtime, repeats: usize) -> Result<(), EmbedError> {
    let options = EngineOptions::default().runtime(runtime);
    println!(
        "\n{}, 1 thread, {PROFILES} profiles, wall time, median of {repeats}\n",
        Engine::start(&options)?
    );
    println!(
        "| net | batch | naive, profiles/s | layers, profiles/s | one product, profiles/s | x naive | x layers |"
    );
    println!("|---|---|---|---|---|---|---|");
    let profiles = profiles(PROFILES);
    for shape in SHAPES {
        let open = |form| Model::load(networks.join(format!("{shape}-{form}")), &options);
        let models = [open(FORMS[0])?, open(FORMS[1])?, open(FORMS[2])?];
        compare_outputs(&models, &profiles)?;
        for batch in BATCHES {
            let [naive, layers, product] = rates(&models, &profiles, batch, repeats)?;
            let (over_naive, over_layers) = (product / naive, product / layers);
            println!(
                "| {shape} | {batch} | {naive:.0} | {layers:.0} | {product:.0} | {over_naive:.2} | {over_layers:.2} |"
            );
        }
    }
    Ok(())
}

fn rates(
    models: &[Model; 3],
    profiles: &ProfileMatrix,
    batch: usize,
    repeats: usize,
) -> Result<[f64; 3], EmbedError> {
    let options = EmbedOptions::default().threads(1).batch(batch);
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..repeats {
        for (model, times) in models.iter().zip(&mut times) {
            let rounds = || (0..ROUNDS).try_for_each(|_| model.embed_with(profiles, &options).map(drop));
            let (time, done) = timed(rounds);
            done?;
            times.push(time);
        }
    }
    Ok(times.map(|times| (ROUNDS * profiles.len()) as f64 / median(times).as_secs_f64()))
}

/// The forms are one function, or there is nothing to compare.
fn compare_outputs(models: &[Model; 3], profiles: &ProfileMatrix) -> Result<(), EmbedError> {
    let expected = models[0].embed(profiles)?;
    for model in &models[1..] {
        let found = model.embed(profiles)?;
        let difference = |(a, b): (&f32, &f32)| (a - b).abs();
        let largest = expected.values().iter().zip(found.values()).map(difference).fold(0.0, f32::max);
        assert!(largest < 1e-5, "the forms differ by {largest}");
    }
    Ok(())
}

/// One query's share of a cold start, step by step.
fn cold(networks: &Path, runtime: Runtime) -> Result<(), EmbedError> {
    let options = EngineOptions::default().runtime(runtime);
    let folder = networks.join(format!("{}-{}", SHAPES[0], FORMS[2]));
    let profiles = profiles(1);
    let start = Instant::now();
    let model = Model::load(folder, &options)?;
    let loaded = start.elapsed();
    Engine::start(&options)?;
    let started = start.elapsed();
    model.prepare()?;
    let opened = start.elapsed();
    model.embed(&profiles)?;
    let embedded = start.elapsed();
    let steps = [loaded, started - loaded, opened - started, embedded - opened];
    println!("{}", steps.map(|step| step.as_nanos().to_string()).join(" "));
    Ok(())
}

fn cold_starts(of: &str) -> Result<(), Box<dyn std::error::Error>> {
    let (mut whole, mut steps) = (Vec::new(), vec![Vec::new(); 4]);
    for _ in 0..COLD_STARTS {
        let start = Instant::now();
        let output = Command::new(env::current_exe()?).arg(of).env("ORT_DISABLE_TELEMETRY", "1").output()?;
        whole.push(start.elapsed());
        let line = String::from_utf8(output.stdout)?;
        for (step, nanoseconds) in steps.iter_mut().zip(line.split_whitespace()) {
            step.push(Duration::from_nanos(nanoseconds.parse()?));
        }
    }
    println!("\n{of}: {} one product, medians of {COLD_STARTS} processes\n", SHAPES[0]);
    println!("| step | ms |\n|---|---|");
    for (name, step) in
        ["model read and checked", "engine found and started", "network opened", "one profile"]
            .iter()
            .zip(steps)
    {
        println!("| {name} | {:.2} |", milliseconds(median(step)));
    }
    println!("| process, start to exit | {:.1} |", milliseconds(median(whole)));
    Ok(())
}

/// Profiles like z-scores: a sum of uniform numbers from a linear congruential generator, sd about 1.
fn profiles(rows: usize) -> ProfileMatrix {
    let mut state = 1_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    let values = (0..rows * GENES).map(|_| (uniform() + uniform() + uniform()) * 2.0).collect();
    let ids = (0..rows).map(|row| format!("P{row}")).collect();
    ProfileMatrix::new(ids, values).expect("one id for 978 finite values")
}
