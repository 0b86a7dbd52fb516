//! The simulator behaves like real level-5 signatures, gives the same bytes for the same seed, and writes files that
//! the readers understand.

use std::collections::{HashMap, HashSet};
use std::fs;

use l1kdb::profile::{GENES, PerturbagenTable, ReadOptions, SignatureTable, join, read_profiles};
use l1kdb::progress::Quiet;
use l1kdb::simulate::{SimulateError, Simulation, Simulator};

use crate::needs::shared;
use statistics::{Labelled, REAL, compared, statistics};

mod statistics;

fn start(simulation: &Simulation) -> Simulator {
    simulation.start().expect("the parameters are in range")
}

fn small() -> Simulation {
    Simulation::of_size(300).drugs(40).families(8).cells(10)
}

#[test]
fn the_same_seed_gives_the_same_values_on_any_number_of_threads_and_in_any_blocks() {
    let simulator = start(&small());
    let whole = simulator.block(0..300);
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(single.install(|| start(&small()).block(0..300)) == whole);
    for range in [0..1, 1..8, 7..300, 299..300, 5..5] {
        assert!(simulator.block(range.clone()) == whole[range.start * GENES..range.end * GENES], "{range:?}");
    }
    let other = small().seed(2);
    assert!(start(&other).block(0..1) != whole[..GENES]);
}

#[test]
fn signatures_have_unique_ids_that_say_that_they_are_simulated() {
    let simulator = start(&Simulation::of_size(5_000));
    let ids: HashSet<String> = (0..5_000).map(|i| simulator.signature(i).sig_id).collect();
    assert_eq!(ids.len(), 5_000);
    assert!(ids.iter().all(|id| id.starts_with("SIM") && id.contains(":SIM-")));
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    let named = |simulation: Simulation, field| match simulation.check() {
        Err(SimulateError::Setting(error)) => assert_eq!(error.name, field),
        other => panic!("{other:?}"),
    };
    named(Simulation::of_size(0), "signatures");
    named(small().drugs(301), "drugs");
    named(small().drugs(0), "drugs");
    named(small().families(33), "families");
    named(small().cells(1_001), "cells");
    named(small().effect(f32::NAN), "effect");
    for signatures in [1, 2, 3, 36] {
        let simulation = Simulation::of_size(signatures);
        assert_eq!(start(&simulation).block(0..signatures).len(), signatures * GENES);
    }
}

#[test]
fn written_files_read_back_and_join_without_remainder() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = start(&small());
    let files = simulator.write(folder.path().join("new"), &Quiet).unwrap();

    let (profiles, report) = read_profiles(&files.profiles, &ReadOptions::default(), &Quiet).unwrap();
    assert_eq!((profiles.len(), report.genes_found), (300, GENES));
    assert!(profiles.values() == simulator.block(0..300));

    let signatures = SignatureTable::read(&files.sig_info).unwrap();
    let joined = join(profiles.ids(), &signatures, false);
    assert_eq!((joined.rows.len(), joined.controls), (300, 0));
    let drugs = PerturbagenTable::read(&files.pert_info).unwrap();
    let mechanisms: HashMap<_, _> =
        drugs.rows().iter().map(|d| (d.pert_id.clone().unwrap(), (d.name.clone(), d.moa.clone()))).collect();
    for (row, table_row) in joined.rows {
        let (read, truth) = (&signatures.rows()[table_row], simulator.signature(row));
        let drug = &simulator.drugs()[truth.drug];
        assert_eq!(read.cell_id.as_deref(), Some(&*truth.cell));
        assert_eq!(read.dose.as_ref().map(|dose| dose.value), Some(truth.dose));
        assert_eq!(read.time.as_ref().map(|time| time.value), Some(truth.hours as f32));
        let moa = vec![simulator.mechanisms()[drug.family].name.to_owned()];
        assert_eq!(mechanisms[&truth.pert_id], (Some(drug.name.clone()), moa));
    }
    let codes: usize = simulator.drugs().iter().map(|drug| drug.atc_codes.len()).sum();
    assert_eq!(fs::read_to_string(&files.drug_atc).unwrap().lines().count(), codes + 1);
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(&small()).write(folder.path().join("a"), &Quiet).unwrap();
    let second = start(&small()).write(folder.path().join("b"), &Quiet).unwrap();
    for (a, b) in [
        (first.profiles, second.profiles),
        (first.sig_info, second.sig_info),
        (first.pert_info, second.pert_info),
        (first.drug_atc, second.drug_atc),
    ] {
        assert!(fs::read(&a).unwrap() == fs::read(b).unwrap(), "{}", a.display());
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let occupied = folder.path().join("occupied");
    fs::write(&occupied, "a file").unwrap();
    let error = start(&small()).write(&occupied, &Quiet).unwrap_err();
    assert!(error.to_string().contains("occupied"), "{error}");

    fs::create_dir_all(folder.path().join("half/pert_info.txt")).unwrap();
    let error = start(&small()).write(folder.path().join("half"), &Quiet).unwrap_err();
    assert!(error.to_string().contains("pert_info.txt"), "{error}");
    assert_eq!(fs::read_dir(folder.path().join("half")).unwrap().count(), 1, "something half-built stays");
}

fn simulated(seed: u64, effect: f32) -> Labelled {
    let simulator = start(&Simulation::of_size(1_645).seed(seed).effect(effect));
    let signatures: Vec<_> = (0..simulator.len()).map(|i| simulator.signature(i)).collect();
    let names = simulator.cells();
    Labelled {
        values: simulator.block(0..simulator.len()),
        drugs: signatures.iter().map(|s| s.drug as u32).collect(),
        cells: signatures
            .iter()
            .map(|s| names.iter().position(|n| *n == s.cell).expect("a cell line of the simulation") as u32)
            .collect(),
    }
}

#[test]
fn simulated_signatures_behave_like_real_ones() {
    for seed in [1, 2] {
        let off = compared(&statistics(&simulated(seed, 1.0)), &REAL, 1.0);
        assert!(off.is_empty(), "seed {seed}: {off:#?}");
    }
}

#[test]
fn drugs_without_effect_cannot_be_told_apart() {
    let found = statistics(&simulated(1, 0.0));
    // Signatures of one drug still share series of plates now and then.
    assert!((found.auc - 0.5).abs() < 0.015, "{found:#?}");
    assert!((found.same_drug_other_cell - found.unrelated).abs() < 0.003, "{found:#?}");
}

/// The 1,645 real signatures, or `None` where they are absent.
fn real() -> Option<Labelled> {
    let folder = shared("data/level5")?;
    let profiles = folder.join("l1000_level5_modz_n1645x978.gctx");
    let (profiles, _) = read_profiles(profiles, &ReadOptions::default(), &Quiet).expect("the profiles read");
    let table = SignatureTable::read(folder.join("sig_info.txt")).expect("the table reads");
    let rows = join(profiles.ids(), &table, true).rows;
    assert!(rows.iter().enumerate().all(|(i, (row, _))| i == *row));
    let (mut drugs, mut cells) = (HashMap::new(), HashMap::new());
    let label = |of: &mut HashMap<String, u32>, name: &Option<String>| {
        let next = of.len() as u32;
        *of.entry(name.clone().expect("every row has a name and a cell line")).or_insert(next)
    };
    Some(Labelled {
        drugs: rows.iter().map(|&(_, r)| label(&mut drugs, &table.rows()[r].name)).collect(),
        cells: rows.iter().map(|&(_, r)| label(&mut cells, &table.rows()[r].cell_id)).collect(),
        values: profiles.into_parts().1,
    })
}

#[test]
fn the_targets_of_the_calibration_are_what_real_signatures_show() {
    let Some(real) = real() else { return };
    let off = compared(&statistics(&real), &REAL, 0.02);
    assert!(off.is_empty(), "{off:#?}");
}
