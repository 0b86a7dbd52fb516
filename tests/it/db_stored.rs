//! Signatures and drugs of the database as questions: from the library and from the program.

use l1kdb::db::{DbError, Filter};

use crate::program::{l1kdb, out, text};
use crate::world::world;

/// The name of a drug with several signatures, and their ids in the order of the database.
fn drug_of_several() -> (String, Vec<String>) {
    let contents = world().open().export().unwrap();
    let ids = |drug: usize| {
        let rows = contents.signatures.iter().zip(&contents.drug_of).filter(|(_, of)| **of == drug);
        rows.map(|(signature, _)| signature.sig_id.clone()).collect::<Vec<_>>()
    };
    let drug = (0..contents.drugs.len()).find(|&drug| ids(drug).len() >= 3).unwrap();
    (contents.drugs[drug].name.clone(), ids(drug))
}

#[test]
fn a_stored_signature_asks_as_its_profile_does_and_is_not_in_its_answer() {
    let db = world().open();
    let id = &world().profiles.ids()[5];
    let stored = db.stored_signatures(&[id]).unwrap();
    assert_eq!((stored.sig_ids.as_slice(), stored.dim), (std::slice::from_ref(id), db.dim()));
    assert_eq!(stored.embeddings, world().embedding(5));
    let hits = db.query(&stored.embeddings).without(id).signatures().unwrap();
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit.signature.sig_id != *id));
}

#[test]
fn a_drug_asks_by_the_mean_of_its_signatures_and_none_of_them_is_in_its_answer() {
    let db = world().open();
    let (drug, ids) = drug_of_several();
    let stored = db.stored_drug(&drug.to_uppercase()).unwrap();
    assert_eq!(stored.sig_ids, ids);
    let mean = stored.mean().unwrap();
    let length: f64 = mean.iter().map(|value| f64::from(*value).powi(2)).sum();
    assert!((length - 1.0).abs() < 1e-6, "{length}");
    for (at, value) in mean.iter().enumerate() {
        let sum: f32 = stored.embeddings.iter().skip(at).step_by(db.dim()).sum();
        assert!((sum * value).is_sign_positive() || sum.abs() < 1e-6, "value {at}");
    }
    let all = db.signatures();
    let hits = db.query(&mean).top(all).without_drug(&drug).signatures().unwrap();
    assert_eq!(hits.len(), all - ids.len());
    assert!(hits.iter().all(|hit| !ids.contains(&hit.signature.sig_id)));
    let with_itself = db.query(&mean).top(3).run().unwrap();
    let without = db.query(&mean).top(3).without_drug(&drug).run().unwrap();
    assert!(with_itself.iter().any(|hit| hit.drug == drug) && without.iter().all(|hit| hit.drug != drug));
}

#[test]
fn what_is_left_out_of_an_answer_is_left_out_beside_a_filter_too() {
    let db = world().open();
    let (drug, ids) = drug_of_several();
    let cell = db.signature(&ids[0]).unwrap().unwrap().0.cell_id;
    let mean = db.stored_drug(&drug).unwrap().mean().unwrap();
    let asked = db.query(&mean).top(db.signatures()).filter(Filter::any_of("cell_id", [&cell]));
    let (all, left) = (asked.signatures().unwrap(), asked.clone().without_drug(&drug).signatures().unwrap());
    let others = all.iter().filter(|hit| !ids.contains(&hit.signature.sig_id));
    assert_eq!(
        left.iter().map(|hit| &hit.signature.sig_id).collect::<Vec<_>>(),
        others.map(|hit| &hit.signature.sig_id).collect::<Vec<_>>()
    );
    assert!(left.len() < all.len());
}

#[test]
fn an_unknown_signature_or_drug_is_an_error_that_names_near_ones() {
    let db = world().open();
    let id = &world().profiles.ids()[5];
    let slip = format!("{}x", &id[..id.len() - 1]);
    match db.stored_signatures(&[&slip]).unwrap_err() {
        DbError::UnknownSignature { id: found, near, .. } => {
            assert_eq!(found, slip);
            assert!(near.contains(id), "{near:?}");
        }
        other => panic!("{other}"),
    }
    let error = db.stored_drug("no such drug").unwrap_err();
    assert!(matches!(error, DbError::UnknownFilterValue { .. }), "{error}");
}

#[test]
fn the_program_answers_what_the_library_does_and_refuses_options_without_effect() {
    let home = world().home.path();
    let (drug, ids) = drug_of_several();
    let db = text(&world().db);
    let rows = |args: &[&str]| {
        let printed = out(&l1kdb(home, &[&["query", db, "--format", "tsv"], args].concat()));
        printed.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let of_file = rows(&["--profiles", text(&world().files.profiles), "--id", &ids[0], "--exclude-self"]);
    assert_eq!(rows(&["--sig", &ids[0]]), of_file);
    let mean = rows(&["--drug", &drug, "--top", "7"]);
    let (first, name) = (format!("{drug}\t1\t"), format!("\t{drug}\t"));
    assert!(mean.len() == 7 && mean[0].starts_with(&first), "{mean:?}");
    assert!(mean.iter().all(|line| !line[drug.len()..].contains(&name)), "{mean:?}");
    let each = rows(&["--drug", &drug, "--combine", "each", "--top", "2"]);
    assert_eq!(each.len(), 2 * ids.len());
    assert!(each.iter().step_by(2).zip(&ids).all(|(line, id)| line.starts_with(&format!("{id}\t1\t"))));

    let refused = |args: &[&str], cause: &str| {
        let output = l1kdb(home, &[&["query", db], args].concat());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && stderr.contains(cause), "{stderr}");
    };
    refused(&["--sig", &ids[0], "--exclude-self"], "left out of its answer in any case");
    refused(&["--sig", &ids[0], "--combine", "each"], "--combine would change nothing");
    refused(&["--drug", &drug, "--min-coverage", "0.5"], "no --profiles");
    refused(&["--sig", &ids[0], "--drug", &drug], "cannot be used with");
    refused(&[], "--profiles");
}
