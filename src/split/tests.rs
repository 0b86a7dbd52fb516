//! What a split promises, whichever way it was made, and what its file does.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;

use super::*;

fn ids(rows: usize) -> Vec<String> {
    (0..rows).map(|row| format!("SIG{row:03}")).collect()
}

fn grouping(values: &[u8]) -> Grouping {
    let names: Vec<String> = values.iter().map(|value| format!("g{value:02}")).collect();
    // Group 0 stands for rows of which nothing is known.
    Grouping::by_one(values.iter().zip(&names).map(|(&value, name)| (value > 0).then_some(name.as_str())))
}

fn groups_of(grouping: &Grouping, rows: &[usize]) -> BTreeSet<u32> {
    rows.iter().filter_map(|&row| grouping.of_row()[row]).collect()
}

/// Twelve cell lines x ten mechanisms, one drug of each mechanism in each cell line.
fn crossed() -> (Vec<String>, [Grouping; 3]) {
    let of = |name: fn(usize) -> String| {
        let names: Vec<String> = (0..240).map(name).collect();
        Grouping::by_one(names.iter().map(|name| Some(name.as_str())))
    };
    (
        ids(240),
        [
            of(|row| format!("CELL{}", row % 12)),
            of(|row| format!("moa {}", row / 12 % 10)),
            of(|row| format!("drug {}", row / 12)),
        ],
    )
}

fn leak_proof(at_most: Option<usize>, seed: u64) -> Split {
    let (ids, [cells, moas, drugs]) = crossed();
    let by = Crossed { cells: &cells, moas: &moas, drugs: &drugs };
    Split::leak_proof(&ids, by, LeakProof { cells: 3, moas: 2, at_most }, seed).unwrap()
}

/// One split of every kind, of a few rows.
fn examples() -> Vec<Split> {
    let drugs = grouping(&[1, 2, 3, 4, 5, 6, 1, 2, 0]);
    let shared = HoldOut { share: 0.3, repeats: 2 };
    let cells = grouping(&[1, 1, 2, 2, 1, 1, 2, 2, 0]);
    let moas = grouping(&[1, 2, 1, 2, 1, 2, 1, 2, 1]);
    let by = Crossed { cells: &cells, moas: &moas, drugs: &moas };
    vec![
        Split::k_fold(&ids(9), "drug", &drugs, KFold { folds: 3, repeats: 2 }, 7).unwrap(),
        Split::hold_out(&ids(9), "scaffold", &drugs, shared, 7).unwrap(),
        Split::leak_proof(&ids(9), by, LeakProof { cells: 2, moas: 2, at_most: Some(3) }, 1).unwrap(),
    ]
}

proptest! {
    #[test]
    fn a_group_never_stands_on_both_sides(
        values in prop::collection::vec(0_u8..30, 60..120), seed in 0_u64..50, folds in 2_usize..6,
    ) {
        let (ids, drugs) = (ids(values.len()), grouping(&values));
        let shared = HoldOut { share: 0.2, repeats: 2 };
        let splits = [
            Split::k_fold(&ids, "drug", &drugs, KFold { folds, repeats: 2 }, seed).unwrap(),
            Split::hold_out(&ids, "drug", &drugs, shared, seed).unwrap(),
        ];
        for split in splits {
            split.check("drug", &drugs).unwrap();
            for fold in split.folds() {
                prop_assert!(groups_of(&drugs, &fold.train).is_disjoint(&groups_of(&drugs, &fold.held_out)));
                prop_assert_eq!(fold.train.len() + fold.held_out.len(), ids.len() - drugs.unknown());
                prop_assert!(!fold.train.is_empty() && !fold.held_out.is_empty());
            }
        }
    }

    #[test]
    fn every_known_row_is_held_out_once_in_every_repeat(
        values in prop::collection::vec(0_u8..30, 60..120), seed in 0_u64..50,
    ) {
        let (ids, drugs) = (ids(values.len()), grouping(&values));
        let split = Split::k_fold(&ids, "drug", &drugs, KFold { folds: 5, repeats: 3 }, seed).unwrap();
        let folds: Vec<Fold> = split.folds().collect();
        for repeat in 0..3 {
            let held_out = folds.iter().filter(|fold| fold.repeat == repeat).flat_map(|fold| fold.held_out.clone());
            let mut held_out: Vec<usize> = held_out.collect();
            held_out.sort_unstable();
            let known: Vec<usize> = (0..ids.len()).filter(|&row| values[row] > 0).collect();
            prop_assert_eq!(held_out, known);
        }
        prop_assert_eq!(split.outside(), drugs.unknown());
    }

    #[test]
    fn the_order_of_the_rows_makes_no_difference(
        order in Just((0..240).collect::<Vec<usize>>()).prop_shuffle(), seed in 0_u64..9,
    ) {
        let (ids, groupings) = crossed();
        let shuffled = order.iter().map(|&row| ids[row].clone()).collect::<Vec<_>>();
        let regrouped = |grouping: &Grouping| Grouping::by_one(order.iter().map(|&row| grouping.name_of(row)));
        let [cells, moas, drugs] = groupings.each_ref().map(regrouped);
        let by = Crossed { cells: &cells, moas: &moas, drugs: &drugs };
        let design = LeakProof { cells: 3, moas: 2, at_most: Some(5) };
        let crossed = Split::leak_proof(&shuffled, by, design, seed).unwrap();
        prop_assert_eq!(crossed.digest(), leak_proof(Some(5), seed).digest());
        let fold = |ids, drugs| Split::k_fold(ids, "drug", drugs, KFold { folds: 4, repeats: 2 }, seed).unwrap();
        prop_assert_eq!(fold(&ids, &groupings[2]).digest(), fold(&shuffled, &drugs).digest());
    }

    #[test]
    fn whatever_bytes_are_read_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = format::read(&bytes);
        let start = b"# l1kdb split 1\n# by drug\n# design k-fold folds=2 repeats=1\n";
        let _ = format::read(&[start.as_slice(), &bytes].concat());
    }
}

#[test]
fn the_same_seed_gives_the_same_split_and_another_another() {
    let (ids, [_, _, drugs]) = crossed();
    let split = |seed| Split::k_fold(&ids, "drug", &drugs, KFold { folds: 5, repeats: 2 }, seed).unwrap();
    assert_eq!(split(1), split(1));
    assert_ne!(split(1).digest(), split(2).digest());
    let folds: Vec<Fold> = split(1).folds().collect();
    assert_ne!(folds[0].held_out, folds[5].held_out, "a repeat is another division");
}

#[test]
fn a_leak_proof_fold_shares_neither_cell_line_nor_mechanism() {
    let (ids, [cells, moas, _]) = crossed();
    let split = leak_proof(None, 3);
    let folds: Vec<Fold> = split.folds().collect();
    assert_eq!(folds.len(), 6);
    assert_eq!(folds[3].name, "c2m2");
    let mut held_out: Vec<usize> = folds.iter().flat_map(|fold| fold.held_out.clone()).collect();
    held_out.sort_unstable();
    assert_eq!(held_out, (0..ids.len()).collect::<Vec<_>>());
    for fold in &folds {
        for grouping in [&cells, &moas] {
            assert!(groups_of(grouping, &fold.train).is_disjoint(&groups_of(grouping, &fold.held_out)));
        }
        // Two thirds of the cell lines x half of the mechanisms, and a third x half.
        assert_eq!((fold.train.len(), fold.held_out.len()), (80, 40));
    }
}

#[test]
fn a_drug_of_many_rows_is_thinned() {
    let (_, [_, _, drugs]) = crossed();
    let split = leak_proof(Some(5), 3);
    let mut sizes = vec![0; drugs.names().len()];
    for fold in split.folds() {
        fold.held_out.iter().for_each(|&row| sizes[drugs.of_row()[row].unwrap() as usize] += 1);
    }
    assert_eq!(sizes, vec![5; 20]);
    assert_eq!(split.outside(), 240 - 100);
}

#[test]
fn a_drug_that_a_split_by_cell_line_shows_is_an_error_that_names_it() {
    let (ids, [cells, _, drugs]) = crossed();
    let split = Split::k_fold(&ids, "cell", &cells, KFold { folds: 4, repeats: 1 }, 1).unwrap();
    split.check("cell", &cells).unwrap();
    let error = split.check("drug", &drugs).unwrap_err();
    let SplitError::Straddles(straddling) = &error else { panic!("{error}") };
    let Straddling { what, label, train_id, held_out_id, by, .. } = &**straddling;
    assert_eq!((what.as_str(), by.as_str()), ("drug", "cell"));
    let drug_of = |id: &String| drugs.name_of(ids.iter().position(|other| other == id).unwrap()).unwrap();
    assert_eq!((drug_of(train_id), drug_of(held_out_id)), (label.as_str(), label.as_str()));
    assert!(
        error
            .to_string()
            .ends_with("make one by drug, from the tables that are used here, or leave such rows out"),
        "{error}"
    );
}

#[test]
fn a_leak_proof_split_by_mechanism_shows_no_drug_either() {
    let (_, [_, _, drugs]) = crossed();
    leak_proof(None, 1).check("drug", &drugs).unwrap();
}

#[test]
fn more_parts_than_groups_are_an_error_with_both_numbers() {
    let drugs = grouping(&[1, 1, 2, 2, 0]);
    let error = Split::k_fold(&ids(5), "drug", &drugs, KFold { folds: 3, repeats: 1 }, 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected at least 3 groups by drug, one for each part, found 2 (1 of 5 rows are in none): ask for fewer \
         parts, or group by something finer"
    );
    let one = grouping(&[1, 1, 0]);
    let shared = HoldOut { share: 0.5, repeats: 1 };
    let error = Split::hold_out(&ids(3), "drug", &one, shared, 1).unwrap_err();
    assert!(matches!(error, SplitError::TooFewGroups { expected: 2, found: 1, .. }));
}

#[test]
fn a_block_without_rows_is_an_error_that_names_it() {
    // Mechanism g01 was profiled in cell line g01 only, and so on.
    let same = grouping(&[1, 2, 3, 4]);
    let by = Crossed { cells: &same, moas: &same, drugs: &same };
    let error =
        Split::leak_proof(&ids(4), by, LeakProof { cells: 4, moas: 4, at_most: None }, 1).unwrap_err();
    assert!(matches!(error, SplitError::EmptyFold { side: "hold out", .. }), "{error}");
}

#[test]
fn rows_that_do_not_fit_are_errors() {
    let design = KFold { folds: 2, repeats: 1 };
    let split = |ids: &[&str], by: &str, groups: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let grouping = Grouping::by_one(groups.iter().map(|group| Some(*group)));
        Split::k_fold(&ids, by, &grouping, design, 1).map(|_| ()).unwrap_err()
    };
    assert!(matches!(split(&["a", "b"], "drug", &["x"]), SplitError::Rows { expected: 2, found: 1, .. }));
    assert!(matches!(
        split(&["a", "a"], "drug", &["x", "y"]),
        SplitError::DuplicateId { first: 1, second: 2, .. }
    ));
    assert!(matches!(split(&["a", ""], "drug", &["x", "y"]), SplitError::Text { .. }));
    assert!(matches!(split(&["a", "b"], "drug", &["x", "y\tz"]), SplitError::Text { .. }));
    assert!(matches!(split(&["a", "b"], "Drug name", &["x", "y"]), SplitError::Name { .. }));
}

#[test]
fn a_saved_split_is_loaded_as_it_was_in_whatever_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("split.tsv");
    for split in examples() {
        split.save(&path).unwrap();
        assert_eq!(Split::load(&path, split.ids()).unwrap(), split);
        let backwards: Vec<String> = split.ids().iter().rev().cloned().collect();
        let turned = Split::load(&path, &backwards).unwrap();
        assert_eq!(turned.digest(), split.digest());
        for (one, other) in split.folds().zip(turned.folds()) {
            let ids = |split: &Split, rows: &[usize]| {
                rows.iter().map(|&row| split.ids()[row].clone()).collect::<BTreeSet<_>>()
            };
            assert_eq!(ids(&split, &one.held_out), ids(&turned, &other.held_out));
            assert_eq!(ids(&split, &one.train), ids(&turned, &other.train));
        }
    }
}

#[test]
fn a_split_of_other_data_is_an_error_with_examples_of_both() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("split.tsv");
    let split = &examples()[0];
    split.save(&path).unwrap();
    let mut other = ids(9);
    other[1] = "OTHER".into();
    other.push("MORE".into());
    let error = Split::load(&path, &other).unwrap_err().to_string();
    assert!(error.contains("of its 9 ids, the data lack 1 (SIG001)"), "{error}");
    assert!(error.contains("of the 10 ids of the data, the file lacks 2 (OTHER, MORE)"), "{error}");
    // The last row is in no fold, so nothing changes without it.
    assert_eq!(Split::load(&path, &ids(8)).unwrap().folds().count(), 6);
    let twice = [ids(9), ids(1)].concat();
    assert!(matches!(Split::load(&path, &twice), Err(SplitError::DuplicateId { .. })));
}

#[test]
fn a_damaged_line_is_an_error_with_its_number() {
    let text = format::write(&examples()[0]);
    let lines: Vec<&str> = text.lines().collect();
    let with = |line: usize, new: &str| {
        let changed: Vec<&str> =
            (0..lines.len()).map(|at| if at + 1 == line { new } else { lines[at] }).collect();
        format::read(changed.join("\n").as_bytes()).map(|_| ()).unwrap_err()
    };
    assert!(lines[7].starts_with("SIG000\tg01\t") && lines[13].starts_with("SIG006\tg01\t"), "{text}");
    let place = |line: usize| lines[line - 1].split('\t').nth(2).unwrap();
    let elsewhere = if place(8) == "1" { "2" } else { "1" };
    assert!(matches!(with(1, "# l1kdb split 2"), (1, Fault::Version { .. })));
    assert!(matches!(with(3, "# design k-fold folds=1 repeats=2"), (3, Fault::Header { .. })));
    assert!(matches!(with(3, "# design leak-proof cells=2 moas=2 at-most=all"), (3, Fault::Header { .. })));
    assert!(matches!(with(5, "# rows 10"), (17, Fault::Rows { expected: 10, found: 9 })));
    assert!(matches!(with(5, "# rows 8"), (16, Fault::Rows { expected: 8, found: 9 })));
    assert!(matches!(with(7, "sig_id\tdrug\trepeat_1"), (7, Fault::Header { .. })));
    assert!(matches!(with(9, "SIG001\tg02\t1"), (9, Fault::Fields { expected: 4, found: 3 })));
    assert!(matches!(with(9, "SIG000\tg02\t1\t1"), (9, Fault::Id { first: 8, .. })));
    assert!(matches!(with(9, "\tg02\t1\t1"), (9, Fault::Id { .. })));
    assert!(matches!(with(9, "SIG001\tg02\t4\t1"), (9, Fault::Place { .. })));
    assert!(matches!(with(9, "SIG001\tg02\t-\t1"), (9, Fault::Unplaced { .. })));
    assert!(matches!(with(16, "SIG008\t\t1\t1"), (16, Fault::Unplaced { .. })));
    let straddling = format!("SIG006\tg01\t{elsewhere}\t1");
    assert!(matches!(with(14, &straddling), (14, Fault::Straddles { first: 8, .. })));
}

#[test]
fn a_line_that_was_changed_without_a_trace_is_noticed_by_the_digest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("split.tsv");
    let text = format::write(&examples()[0]);
    let moved = text.lines().map(|line| match line.strip_prefix("SIG003\tg04\t") {
        Some(rest) => format!("SIG003\tg04\t{}\t{}", if rest.starts_with('1') { 2 } else { 1 }, &rest[2..]),
        None => line.to_owned(),
    });
    fs::write(&path, moved.collect::<Vec<_>>().join("\n")).unwrap();
    assert!(matches!(Split::read(&path), Err(SplitError::Digest { .. })));
    fs::write(&path, text.replace("# seed 7", "# seed 8")).unwrap();
    assert!(matches!(Split::read(&path), Err(SplitError::Digest { .. })));
}

#[test]
fn a_file_that_went_through_a_spreadsheet_is_the_same_split() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("split.tsv");
    let split = &examples()[0];
    let text = format::write(split);
    let (head, rows) = text.split_at(text.match_indices('\n').nth(6).unwrap().0 + 1);
    let head: Vec<String> = head.lines().map(|line| format!("{line}\t\t\r\n")).collect();
    let rows: Vec<String> = rows.lines().rev().map(|line| format!("{line}\r\n")).collect();
    fs::write(&path, format!("\u{feff}{}{}", head.concat(), rows.concat())).unwrap();
    assert_eq!(Split::load(&path, split.ids()).unwrap(), *split);
}

#[test]
fn a_file_that_a_spreadsheet_saved_with_other_separators_quotes_or_characters_is_the_same_split() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("split.csv");
    let split = &examples()[0];
    let text = format::write(split);
    let quoted = |line: &str| line.split('\t').map(|field| format!("\"{field}\"")).collect::<Vec<_>>();
    let saved = |separator: &str, padding: &str, end: &str| {
        let line = |line: &str| quoted(line).join(separator) + padding + end;
        text.lines().map(line).collect::<String>() + &padding.repeat(3) + end
    };
    for bytes in [
        saved(",", ",,", "\r\n").into_bytes(),
        saved(";", "", "\r").into_bytes(),
        saved("\t", "\t", "\n").into_bytes(),
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(Split::load(&path, split.ids()).unwrap(), *split);
    }
}

/// Every byte turned into others, and every truncation.
#[test]
fn damage_is_an_error_or_the_same_split() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("split.tsv");
    for split in examples() {
        let bytes = format::write(&split).into_bytes();
        let judge = |damaged: &[u8]| {
            let Ok((found, digest)) = format::read(damaged) else { return };
            assert!(
                found.digest() != digest || found.digest() == split.digest(),
                "{:?}",
                damaged.escape_ascii().to_string()
            );
        };
        for at in 0..bytes.len() {
            for flip in [0x01, 0x02, 0x08, 0x20, 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                judge(&damaged);
            }
            judge(&bytes[..at]);
        }
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(Split::read(&path).is_err());
    }
}

#[test]
fn rows_in_no_fold_may_be_missing_without_a_change_of_the_digest_of_folds() {
    let ids = ["a", "b", "c", "d", "e"].map(String::from);
    let groups = Grouping::by_one([Some("x"), Some("x"), Some("y"), Some("y"), None]);
    let split = Split::k_fold(&ids, "drug", &groups, KFold { folds: 2, repeats: 1 }, 3).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("split.tsv");
    split.save(&path).unwrap();
    let fewer = Split::load(&path, &ids[..4]).unwrap();
    assert_ne!(fewer.digest(), split.digest());
    assert_eq!(fewer.digest_of_folds(), split.digest_of_folds());
}
