//! The three real data sets read, and join with their tables.

use l1kdb::profile::{
    Format, GENES, PerturbagenTable, ProfileReader, ReadOptions, SignatureTable, join, read_profiles,
};
use l1kdb::progress::Quiet;

use crate::needs::shared;

#[test]
fn the_real_data_sets_have_all_landmarks_and_join_without_remainder() {
    for (folder, file, signatures) in [
        ("level5", "l1000_level5_modz_n1645x978.gctx", 1645),
        ("level4_a375", "l1000_level4_zspc_a375_n1005x978.gctx", 1005),
        ("consensus", "l1000_consensus_n895x978.gctx", 895),
    ] {
        let Some(folder) = shared(&format!("data/{folder}")) else { return };
        let (profiles, report) = read_profiles(folder.join(file), &ReadOptions::default(), &Quiet).unwrap();
        assert_eq!((profiles.len(), report.genes_found, report.format), (signatures, GENES, Format::Gctx));
        assert_eq!(report.notes(), Vec::<String>::new());

        let table = SignatureTable::read(folder.join("sig_info.txt")).unwrap();
        assert_eq!(table.unread_quantities(), 0);
        let joined = join(profiles.ids(), &table, false);
        assert_eq!(joined.rows.len() + joined.controls, signatures);
        assert_eq!((joined.profiles_without_row.count, joined.rows_without_profile.count), (0, 0));

        let drugs = PerturbagenTable::read(folder.join("pert_info.txt")).unwrap();
        assert!(drugs.rows().iter().any(|drug| !drug.moa.is_empty() && drug.drugbank_id.is_some()));
    }
}

#[test]
fn selected_signatures_are_the_rows_of_the_whole() {
    for file in
        ["data/level5/l1000_level5_modz_n1645x978.gctx", "data/consensus/l1000_consensus_n895x978.gctx"]
    {
        let Some(file) = shared(file) else { return };
        let (all, _) = read_profiles(&file, &ReadOptions::default(), &Quiet).unwrap();
        let mut reader = ProfileReader::open(&file, &ReadOptions::default()).unwrap();
        let chosen = [700, 3, 255, 256, 3, 894];
        reader.select(&chosen).unwrap();
        let mut got = Vec::new();
        while let Some(block) = reader.next_block(4).unwrap() {
            let (ids, values) = block.into_parts();
            got.extend(ids.into_iter().zip(values.chunks(GENES).map(<[f32]>::to_vec).collect::<Vec<_>>()));
        }
        let expected: Vec<_> =
            chosen.iter().map(|&i| (all.ids()[i].clone(), all.profile(i).to_vec())).collect();
        assert_eq!(got, expected);
    }
}
