//! Builds a database of profiles and records in memory, and asks it about one of them.
//!
//! usage: `cargo run --release --no-default-features --example build_from_arrays`
#![allow(clippy::print_stdout)]

use std::error::Error;

use l1kdb::db::{BuildOptions, Db, ProfileBlocks, Source, build_from};
use l1kdb::embed::Model;
use l1kdb::profile::{GENES, ProfileMatrix, Signature, SignatureTable};
use l1kdb::progress::Quiet;

fn main() -> Result<(), Box<dyn Error>> {
    // Two drugs move their own genes, and each signature some others a little.
    let value =
        |row: usize, gene: usize| if gene % 2 == row % 2 { 2.0 } else { ((row * 7 + gene) % 5) as f32 - 2.0 };
    let ids: Vec<String> = (0..8).map(|row| format!("SIG{row}")).collect();
    let values = (0..ids.len()).flat_map(|row| (0..GENES).map(move |gene| value(row, gene))).collect();
    let described = |(row, sig_id): (usize, &String)| Signature {
        sig_id: sig_id.clone(),
        name: Some(["aspirin", "vorinostat"][row % 2].to_owned()),
        cell_id: Some("MCF7".to_owned()),
        ..Signature::default()
    };
    let signatures = SignatureTable::new(ids.iter().enumerate().map(described).collect())?;
    let profiles = ProfileMatrix::new(ids, values)?;

    let folder = std::env::temp_dir().join("l1kdb-build-from-arrays");
    let (path, model) = (folder.join("mine.l1kdb"), Model::identity());
    let source = Source::new(ProfileBlocks::from(profiles.clone()), signatures);
    build_from(&path, source, &BuildOptions::default().overwrite(true), &model, &Quiet)?;

    let db = Db::open(&path)?;
    let embeddings = model.embed(&profiles)?;
    for hit in db.query(embeddings.row(0)).without("SIG0").run()? {
        println!("{} {} {:.3} of {} signatures", hit.rank, hit.drug, hit.score, hit.n_signatures);
    }
    drop(db);
    Ok(std::fs::remove_dir_all(folder)?)
}
