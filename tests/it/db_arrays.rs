//! Databases of profiles and records in memory.

use std::fs;
use std::path::Path;

use l1kdb::annotate::{AtcCode, DrugAtc};
use l1kdb::db::{
    BuildFiles, BuildOptions, Db, DbError, Graph, ProfileBlocks, ProfileSource, Source, build, build_from,
};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::{GENES, PerturbagenTable, ProfileError, ProfileMatrix, SignatureTable, Table};
use l1kdb::progress::Quiet;

use crate::world::{inputs, world};

/// Every file of a database, with its bytes.
fn files(database: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(database).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_type().unwrap().is_file() {
            files.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}

/// The tables of the world, as records.
fn source<P: ProfileSource>(profiles: P) -> Source<P> {
    let files = &world().files;
    let signatures = SignatureTable::read(&files.sig_info).unwrap().rows().to_vec();
    let perturbagens = PerturbagenTable::read(&files.pert_info).unwrap().rows().to_vec();
    let table = Table::read(&files.drug_atc).unwrap();
    let column = |name: &str| table.header().iter().position(|column| column == name).unwrap();
    let (drug, drugbank, code) = (column("drug"), column("drugbank_id"), column("atc_code"));
    let mut atc = DrugAtc::default();
    for row in table.rows() {
        for code in row[code].split('|') {
            atc.insert(row[drug], row[drugbank], code.parse::<AtcCode>().unwrap());
        }
    }
    let source = Source::new(profiles, SignatureTable::new(signatures).unwrap());
    source.perturbagens(perturbagens.into_iter().collect()).atc(atc)
}

/// The world's profiles in blocks of some sizes, again and again.
fn blocks(sizes: &'static [usize]) -> ProfileBlocks<'static> {
    let profiles = &world().profiles;
    let mut at = 0;
    let blocks = sizes.iter().cycle().map_while(move |size| {
        let end = (at + size).min(profiles.len());
        let (ids, values) = (&profiles.ids()[at..end], &profiles.values()[at * GENES..end * GENES]);
        let is_over = at == profiles.len();
        at = end;
        (!is_over).then(|| ProfileMatrix::new(ids.to_vec(), values.to_vec()))
    });
    let name = world().files.profiles.file_name().unwrap();
    ProfileBlocks::new(profiles.ids().to_vec(), blocks).named(name)
}

#[test]
fn a_database_of_arrays_is_byte_for_byte_that_of_files_with_the_same_content() {
    let home = tempfile::tempdir().unwrap();
    let (of_files, of_arrays) = (home.path().join("files.l1kdb"), home.path().join("arrays.l1kdb"));
    for rows in [70, 1000] {
        let options = BuildOptions::default().graph(Graph::Always).rows_per_segment(rows).overwrite(true);
        let identity = Model::identity();
        let from_files = build(&of_files, &inputs(&world().files), &options, &identity, &Quiet).unwrap();
        let expected = files(&of_files);
        assert_eq!(expected.len(), 1 + world().profiles.len().div_ceil(rows));
        for sizes in [&[1000][..], &[1, 90, 7], &[70]] {
            let source = source(blocks(sizes));
            let report = build_from(&of_arrays, source, &options, &identity, &Quiet).unwrap();
            assert!(files(&of_arrays) == expected, "{rows} rows a segment, blocks of {sizes:?}");
            assert_eq!(
                (report.signatures, report.drugs, report.drugs_with_atc, report.drugs_with_moa),
                (
                    from_files.signatures,
                    from_files.drugs,
                    from_files.drugs_with_atc,
                    from_files.drugs_with_moa
                )
            );
            assert!(report.read.is_none() && from_files.read.is_some());
        }
    }
    Db::open(&of_arrays).unwrap().verify(&EngineOptions::default(), &Quiet).unwrap();
}

/// What a build of blocks of other ids than those announced fails with.
fn refused(ids: &[&str], blocks: Vec<Result<ProfileMatrix, ProfileError>>) -> DbError {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a.l1kdb");
    let profiles = ProfileBlocks::new(ids.iter().map(|id| (*id).to_owned()).collect(), blocks);
    let signature = |id: &&str| l1kdb::profile::Signature { sig_id: (*id).to_owned(), ..Default::default() };
    let table = SignatureTable::new(ids.iter().map(signature).collect()).unwrap();
    let source = Source::new(profiles, table);
    let built = build_from(&path, source, &BuildOptions::default(), &Model::identity(), &Quiet);
    assert!(!path.exists());
    built.unwrap_err()
}

#[test]
fn blocks_that_are_not_as_announced_are_refused_by_name() {
    let block = |ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let values = vec![0.5; ids.len() * GENES];
        ProfileMatrix::new(ids, values)
    };
    let said = |error: DbError| {
        assert!(matches!(error, DbError::OtherProfile { row: 2, .. }), "{error}");
        error.to_string()
    };
    assert!(said(refused(&["A", "B"], vec![block(&["A"]), block(&["C"])])).contains("`C`, expected `B`"));
    assert!(said(refused(&["A", "B"], vec![block(&["A"])])).contains("no further one, expected `B`"));
    assert!(said(refused(&["A"], vec![block(&["A", "B"])])).contains("`B`, expected no further one"));
    let broken = ProfileMatrix::new(vec!["A".into()], vec![f32::NAN; GENES]);
    assert!(matches!(refused(&["A"], vec![broken]), DbError::Profile(ProfileError::NotFinite { .. })));
    assert!(matches!(refused(&[], Vec::new()), DbError::NothingToStore { .. }));
}

#[test]
fn records_with_the_same_id_are_refused() {
    let one = l1kdb::profile::Signature { sig_id: "A".into(), ..Default::default() };
    let twice = SignatureTable::new(vec![one.clone(), one]);
    assert!(matches!(twice, Err(ProfileError::DuplicateId { first: 1, second: 2, .. })));
    assert!(SignatureTable::new(vec![l1kdb::profile::Signature::default()]).is_err());
}

#[test]
fn options_are_made_by_setters_of_one_style() {
    let files = BuildFiles::new("p", "s").pert_info("a").atc("b").atc_names("c");
    assert_eq!(
        (files.pert_info, files.atc, files.atc_names),
        (Some("a".into()), Some("b".into()), Some("c".into()))
    );
    let options = BuildOptions::default().keep_controls(true).keep_profiles(false);
    assert!(options.keep_controls && !options.keep_profiles);
}
