use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;

use super::DrugKeys;
use crate::profile::{PerturbagenTable, Signature};

/// `(pert_id, name)`; an empty text is missing.
fn signature((pert_id, name): (&str, &str)) -> Signature {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Signature {
        sig_id: format!("{pert_id} {name}"),
        pert_id: known(pert_id),
        name: known(name),
        ..Signature::default()
    }
}

/// A table of (pert_id, name, drug, InChIKey).
fn table(rows: &[[&str; 4]]) -> PerturbagenTable {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pert_info.txt");
    let lines: String = rows.iter().map(|row| row.join("\t") + "\n").collect();
    fs::write(&path, format!("pert_id\tpert_iname\tdrug\tinchi_key\n{lines}")).unwrap();
    PerturbagenTable::read(&path).unwrap()
}

/// Signatures of all rows of the table, and which of them are one drug, by their places.
fn judged(rows: &[[&str; 4]]) -> (BTreeSet<BTreeSet<usize>>, Vec<String>) {
    let perturbagens = table(rows);
    let signatures: Vec<Signature> = rows.iter().map(|row| signature((row[0], row[1]))).collect();
    let keys = DrugKeys::new(&signatures, Some(&perturbagens));
    let of: Vec<String> = signatures.iter().map(|signature| keys.of(signature).unwrap()).collect();
    let group = |key: &String| (0..of.len()).filter(|&at| of[at] == *key).collect();
    (of.iter().map(group).collect(), keys.notes().to_vec())
}

fn sets(of: &[&[usize]]) -> BTreeSet<BTreeSet<usize>> {
    of.iter().map(|set| set.iter().copied().collect()).collect()
}

const RIGHT: &str = "ABCDEFGHIJKLMN-QWERTYUISA-N";
const LEFT: &str = "ABCDEFGHIJKLMN-POIUYTRESA-N";
const FLAT: &str = "ABCDEFGHIJKLMN-UHFFFAOYSA-N";
const OTHER: &str = "ZYXWVUTSRQPONM-UHFFFAOYSA-N";

#[test]
fn one_structure_is_one_drug_whatever_its_names() {
    let lower = format!("InChIKey={}", FLAT.to_lowercase());
    let rows = [["B1", "tozasertib", "", FLAT], ["B2", "VX-680", "", &lower], ["B3", "aspirin", "", OTHER]];
    let (drugs, notes) = judged(&rows);
    assert_eq!(drugs, sets(&[&[0, 1], &[2]]));
    assert!(notes.iter().any(|line| line.contains("tozasertib = VX-680")), "{notes:?}");
}

#[test]
fn a_charge_does_not_part_drugs() {
    let charged = RIGHT.replace("-N", "-M");
    assert_eq!(judged(&[["B1", "a1", "", RIGHT], ["B2", "b1", "", &charged]]).0, sets(&[&[0, 1]]));
}

#[test]
fn mirror_images_are_never_joined_and_are_said() {
    let rows = [["B1", "tretinoin", "", RIGHT], ["B2", "isotretinoin", "", LEFT]];
    let (drugs, notes) = judged(&rows);
    assert_eq!(drugs, sets(&[&[0], &[1]]));
    assert!(notes.iter().any(|line| line.contains("isotretinoin / tretinoin")), "{notes:?}");
}

#[test]
fn a_structure_that_says_nothing_of_space_joins_the_only_one_that_does_with_a_note() {
    let (drugs, notes) = judged(&[["B1", "a1", "", RIGHT], ["B2", "b1", "", FLAT]]);
    assert_eq!(drugs, sets(&[&[0, 1]]));
    assert!(
        notes.iter().any(|line| line.contains("does not say how it lies in space: 1 (a1 = b1)")),
        "{notes:?}"
    );
}

#[test]
fn a_structure_that_says_nothing_of_space_is_no_bridge_between_mirror_images() {
    let rows =
        [["B1", "a1", "", RIGHT], ["B2", "b1", "", LEFT], ["B3", "c1", "", FLAT], ["B4", "d1", "", FLAT]];
    assert_eq!(judged(&rows).0, sets(&[&[0], &[1], &[2, 3]]));
    // Two mirror images under one name speak against a bridge as much as under two.
    let rows =
        [["B1", "a1", "", RIGHT], ["B2", "a1", "", LEFT], ["B3", "b1", "", LEFT], ["B4", "c1", "", FLAT]];
    assert_eq!(judged(&rows).0, sets(&[&[0, 1, 2], &[3]]));
}

#[test]
fn a_name_with_unlike_structures_is_one_drug_and_said_but_no_bridge() {
    let rows =
        [["B1", "a1", "", RIGHT], ["B2", "a1", "", OTHER], ["B3", "b1", "", RIGHT], ["B4", "c1", "", OTHER]];
    let (drugs, notes) = judged(&rows);
    assert_eq!(drugs, sets(&[&[0, 1], &[2], &[3]]));
    assert!(
        notes.iter().any(|line| line.contains("unlike InChIKeys under one name") && line.contains("a1: 2")),
        "{notes:?}"
    );
    assert!(
        notes.iter().any(|line| line.contains("several pert_ids under one name: 1 (a1: 2)")),
        "{notes:?}"
    );
    assert_eq!(judged(&rows[..3]).0, sets(&[&[0, 1, 2]]));
}

#[test]
fn names_with_opposite_signs_are_apart_though_drawn_alike() {
    let rows = [["B1", "(+)-JX1", "", FLAT], ["B2", "(-)-JX1", "", FLAT], ["B3", "JX1", "", FLAT]];
    assert_eq!(judged(&rows).0, sets(&[&[0], &[1], &[2]]));
    assert_eq!(judged(&rows[1..]).0, sets(&[&[0, 1]]));
    let rows = [["B1", "(+)-JX1", "", RIGHT], ["B2", "(-)-JX1", "", RIGHT], ["B3", "(S)-JX1", "", RIGHT]];
    assert_eq!(judged(&rows).0.len(), 3);
    assert_eq!(judged(&rows[1..]).0, sets(&[&[0, 1]]));
}

#[test]
fn the_tables_drug_column_joins_spellings_but_not_mirror_images() {
    let rows = [["B1", "(S)-(-)-Bay K 8644", "bayk8644", ""], ["B2", "Bay K 8644 (S)(-)", "bayk8644", ""]];
    assert_eq!(judged(&rows).0, sets(&[&[0, 1]]));
    let rows = [rows[0], ["B3", "(R)-(+)-Bay K 8644", "bayk8644", ""], ["B4", "BAYK8644", "bayk8644", ""]];
    let (drugs, notes) = judged(&rows);
    assert_eq!(drugs, sets(&[&[0], &[1], &[2]]));
    assert!(
        notes.iter().any(|line| line.contains("contradict each other") && line.contains("bayk8644")),
        "{notes:?}"
    );
}

#[test]
fn signs_that_only_the_signatures_bear_keep_them_apart() {
    let perturbagens = table(&[["B1", "JX1", "jx1", ""], ["B2", "JX1", "jx1", ""]]);
    let signatures = [("B1", "(+)-JX1"), ("B2", "(-)-JX1"), ("B2", "JX1")].map(signature);
    let keys = DrugKeys::new(&signatures, Some(&perturbagens));
    let of = |at: usize| keys.of(&signatures[at]).unwrap();
    assert_eq!([of(0), of(1), of(2)], ["(+)jx1", "(-)jx1", "jx1"]);
    let alone = DrugKeys::new(&signatures[..1], Some(&perturbagens));
    assert_eq!(alone.of(&signatures[0]).as_deref(), Some("jx1"));
}

#[test]
fn a_table_that_keeps_letters_and_digits_only_is_met_by_the_only_name_that_it_can_mean() {
    let perturbagens = table(&[["", "125dihydroxyx", "", ""], ["", "2-3y", "", ""]]);
    let find = |names: &[&str]| -> Vec<bool> {
        let signatures: Vec<Signature> = names.iter().map(|name| signature(("", name))).collect();
        let keys = DrugKeys::new(&signatures, Some(&perturbagens));
        signatures.iter().map(|signature| keys.row(signature).is_some()).collect()
    };
    assert_eq!(find(&["1,25-Dihydroxy X"]), [true]);
    assert_eq!(find(&["1,25-Dihydroxy X", "12,5-dihydroxy X"]), [false, false]);
    assert_eq!(find(&["(+)-125-dihydroxy X", "23-y"]), [false, false]);
}

#[test]
fn all_names_of_a_drug_are_known_by_its_key() {
    let perturbagens = table(&[["B1", "tozasertib", "", FLAT], ["B2", "VX-680", "", FLAT]]);
    let signatures = [("B1", "Tozasertib")].map(signature);
    let keys = DrugKeys::new(&signatures, Some(&perturbagens));
    let naming = keys.naming(&keys.of(&signatures[0]).unwrap()).unwrap();
    assert_eq!(naming.names, ["Tozasertib", "VX-680", "tozasertib"].map(str::to_owned).into());
    assert_eq!(naming.connectivity, [FLAT[..14].to_owned()].into());
    assert_eq!(keys.notes(), [""; 0], "no signature bears the other name");
}

proptest! {
    #[test]
    fn who_is_who_does_not_depend_on_the_order_of_rows(
        (rows, order) in prop::collection::vec(
            ("B[1-5]", "(\\([+-]\\)-)?[ab]1?", "[ab]?", prop::sample::select(vec!["", RIGHT, LEFT, FLAT, OTHER])), 1..8
        ).prop_flat_map(|rows| (Just(rows.clone()), Just((0..rows.len()).collect::<Vec<_>>()).prop_shuffle()))
    ) {
        let rows: Vec<_> = order.iter().map(|&at| (at, &rows[at])).collect();
        let judge = |rows: &[(usize, [&str; 4])]| {
            let perturbagens = table(&rows.iter().map(|(_, row)| *row).collect::<Vec<_>>());
            let signatures: Vec<Signature> = rows.iter().map(|(_, row)| signature((row[0], row[1]))).collect();
            let keys = DrugKeys::new(&signatures, Some(&perturbagens));
            let mut of: Vec<(usize, String)> = rows.iter().zip(&signatures).map(|((at, _), s)| (*at, keys.of(s).unwrap())).collect();
            of.sort();
            (of, keys.notes().to_vec())
        };
        let mut cells: Vec<(usize, [&str; 4])> =
            rows.iter().map(|(at, (id, name, drug, key))| (*at, [id.as_str(), name.as_str(), drug.as_str(), *key])).collect();
        let shuffled = judge(&cells);
        cells.sort();
        let sorted = judge(&cells);
        prop_assert_eq!(&shuffled, &sorted);
        let names = |key: &String| {
            let of_key = sorted.0.iter().filter(move |(_, of)| of == key).map(|(at, _)| at);
            of_key.filter_map(|at| cells.iter().find(|(place, _)| place == at)).map(|(_, row)| row[1]).collect::<BTreeSet<_>>()
        };
        for (_, key) in &sorted.0 {
            let opposite = |name: &&str| name.starts_with("(+)") && names(key).contains(name.replace("(+)", "(-)").as_str());
            prop_assert!(!names(key).iter().any(opposite), "{:?} are one drug", names(key));
        }
    }
}
