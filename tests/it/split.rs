//! Splits of real signatures. Skipped where the real data is absent.

use std::path::Path;

use l1kdb::annotate::DrugKeys;
use l1kdb::profile::{Perturbagen, PerturbagenTable, Signature, SignatureTable};
use l1kdb::split::{Crossed, Grouping, HoldOut, KFold, LeakProof, Split, by_scaffold};

use crate::needs::shared;

struct Real {
    ids: Vec<String>,
    drugs: Grouping,
    cells: Grouping,
    moas: Grouping,
    smiles: Vec<Option<String>>,
}

fn read(folder: &Path) -> Real {
    let table = SignatureTable::read(folder.join("sig_info.txt")).unwrap();
    let perturbagens = PerturbagenTable::read(folder.join("pert_info.txt")).unwrap();
    let rows: Vec<&Signature> = table.rows().iter().filter(|row| !row.is_control()).collect();
    let keys = DrugKeys::new(table.rows(), Some(&perturbagens));
    let drugs: Vec<Option<String>> = rows.iter().map(|row| keys.of(row)).collect();
    let of = |row: &Signature| -> Option<&Perturbagen> {
        perturbagens
            .rows()
            .iter()
            .find(|perturbagen| perturbagen.pert_id.is_some() && perturbagen.pert_id == row.pert_id)
    };
    let moas: Vec<Vec<String>> =
        rows.iter().map(|row| of(row).map_or(Vec::new(), |found| found.moa.clone())).collect();
    Real {
        ids: rows.iter().map(|row| row.sig_id.clone()).collect(),
        drugs: Grouping::by_one(drugs.iter().map(Option::as_deref)),
        cells: Grouping::by_one(rows.iter().map(|row| row.cell_id.as_deref())),
        moas: Grouping::by_any(&moas),
        smiles: rows.iter().map(|row| of(row)?.smiles.clone()).collect(),
    }
}

#[test]
fn real_drugs_scaffolds_and_mechanisms_are_split_without_a_leak() {
    for folder in ["level5", "level4_a375"] {
        let Some(folder) = shared(&format!("data/{folder}")) else { return };
        let real = read(&folder);
        let scaffolds = by_scaffold(real.smiles.iter().map(|smiles| (None, smiles.as_deref())));
        assert_eq!(scaffolds.unreadable, []);
        let groupings = [("drug", &real.drugs), ("moa", &real.moas), ("scaffold", &scaffolds.grouping)];
        for (by, grouping) in groupings {
            let (groups, share) = (grouping.names().len(), grouping.largest_share());
            println!(
                "{}: {groups} by {by}, largest {share:.3}, unknown {}",
                folder.display(),
                grouping.unknown()
            );
            let folds = Split::k_fold(&real.ids, by, grouping, KFold { folds: 5, repeats: 2 }, 1).unwrap();
            let shared =
                Split::hold_out(&real.ids, by, grouping, HoldOut { share: 0.1, repeats: 3 }, 1).unwrap();
            for split in [folds, shared] {
                split.check(by, grouping).unwrap();
                let sizes: Vec<usize> = split.folds().map(|fold| fold.held_out.len()).collect();
                println!("  {}: {sizes:?}", split.design());
            }
        }
    }
}

#[test]
fn real_signatures_are_split_by_cell_lines_and_mechanisms() {
    let Some(folder) = shared("data/level5") else { return };
    let real = read(&folder);
    let by = Crossed { cells: &real.cells, moas: &real.moas, drugs: &real.drugs };
    let design = LeakProof { cells: 5, moas: 5, at_most: Some(200) };
    let split = Split::leak_proof(&real.ids, by, design, 1).unwrap();
    split.check("cell", &real.cells).unwrap();
    split.check("moa", &real.moas).unwrap();
    split.check("drug", &real.drugs).unwrap();
    let sizes: Vec<(usize, usize)> =
        split.folds().map(|fold| (fold.train.len(), fold.held_out.len())).collect();
    println!("{} in no fold; {sizes:?}", split.outside());
    assert_eq!(sizes.len(), 25);
    assert_eq!(sizes.iter().map(|(_, held_out)| held_out).sum::<usize>() + split.outside(), real.ids.len());
}
