//! Why a matrix has so few landmark genes: what its ids are instead, and what to do about it.

use super::GENES;
use super::landmark_rows::{GeneMap, are_row_numbers};
use super::names::bare;
use super::species::is_title_case;
use crate::profile::MatrixFile;

/// Ids that are looked at to tell what they are.
const SAMPLE: usize = 2000;

/// The least share of a sample that decides.
const MAJORITY: f64 = 0.5;

/// What ids are that name no gene, or not one alone, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdCause {
    /// Such as `Ensembl transcript ids`.
    pub what: &'static str,
    /// What to do about it.
    pub way_out: &'static str,
}

impl IdCause {
    /// Symbols as mouse and rat have them, which [`Species::Mouse`](super::Species::Mouse) takes for those of human.
    pub const OF_MOUSE: Self = Self {
        what: "symbols as mouse and rat have them",
        way_out: "replace them by their human orthologues, or take the human genes of the same names, which is a guess",
    };
}

/// What may stand in place of genes.
struct Impostor {
    /// Whether an id looks like one.
    is: fn(&str) -> bool,
    what: &'static str,
    way_out: &'static str,
}

pub(super) const TO_GENES: &str = "name the genes by Entrez id, symbol or Ensembl gene id (ENSG)";
const SUM_TO_GENES: &str = "bring them to genes first (Entrez id, symbol or ENSG)";
const OTHER_CHIP: &str = "name the genes by Entrez id or symbol, as the annotation of that array gives them";
const ORTHOLOGUES: &str = "replace them by their human orthologues";

/// In the order in which they are asked: the special ones first.
const IMPOSTORS: [Impostor; 21] = [
    Impostor {
        is: |id| id.contains(" // ") || id.contains("///"),
        what: "lists of genes",
        way_out: "give each gene a row of its own, and leave rows of several out",
    },
    Impostor { is: |id| numbered(id, "ENST"), what: "Ensembl transcript ids", way_out: SUM_TO_GENES },
    Impostor { is: |id| numbered(id, "ENSP"), what: "Ensembl protein ids", way_out: SUM_TO_GENES },
    Impostor { is: |id| numbered(id, "ENSE"), what: "Ensembl exon ids", way_out: SUM_TO_GENES },
    Impostor { is: |id| numbered(id, "ENSMUS"), what: "Ensembl ids of mouse", way_out: ORTHOLOGUES },
    Impostor { is: |id| numbered(id, "ENSRNO"), what: "Ensembl ids of rat", way_out: ORTHOLOGUES },
    Impostor { is: |id| numbered(id, "ENSDAR"), what: "Ensembl ids of zebrafish", way_out: ORTHOLOGUES },
    Impostor { is: is_other_ensembl, what: "Ensembl ids of another species", way_out: ORTHOLOGUES },
    Impostor { is: is_refseq_protein, what: "RefSeq protein ids", way_out: SUM_TO_GENES },
    Impostor { is: is_refseq, what: "RefSeq transcript ids", way_out: SUM_TO_GENES },
    Impostor { is: |id| numbered(id, "ILMN_"), what: "Illumina probe ids", way_out: OTHER_CHIP },
    Impostor {
        is: |id| id.starts_with("A_") && id.contains("_P"),
        what: "Agilent probe ids",
        way_out: OTHER_CHIP,
    },
    Impostor {
        is: |id| id.ends_with("_at") || id.ends_with("_st"),
        what: "probe sets of another Affymetrix array",
        way_out: OTHER_CHIP,
    },
    Impostor {
        is: |id| id.starts_with("TC") && id.ends_with(".1"),
        what: "Affymetrix transcript clusters",
        way_out: OTHER_CHIP,
    },
    Impostor { is: |id| numbered(id, "HGNC:"), what: "HGNC ids", way_out: TO_GENES },
    Impostor { is: |id| numbered(id, "MGI:"), what: "MGI ids of mouse", way_out: ORTHOLOGUES },
    Impostor { is: |id| numbered(id, "FBgn"), what: "FlyBase ids", way_out: ORTHOLOGUES },
    Impostor { is: |id| numbered(id, "WBGene"), what: "WormBase ids", way_out: ORTHOLOGUES },
    Impostor { is: is_position, what: "positions in the genome", way_out: TO_GENES },
    Impostor { is: is_uniprot, what: "UniProt accessions", way_out: TO_GENES },
    Impostor { is: |id| is_digits(id) && id.len() >= 7, what: "probe ids of an array", way_out: OTHER_CHIP },
];

/// What an id is by its form, if it is known not to be that of one human gene.
pub(super) fn impostor(id: &str) -> Option<IdCause> {
    let impostor = IMPOSTORS.iter().find(|impostor| (impostor.is)(id))?;
    Some(IdCause { what: impostor.what, way_out: impostor.way_out })
}

/// Says why too few genes of a file were found, beginning with a semicolon, and whether those that were found may do.
pub(in crate::profile) fn explanation(file: &MatrixFile, ids: &[String], genes: &GeneMap) -> (String, bool) {
    let found = genes.found();
    if let Some(transposed) = transposed(file, found) {
        return (transposed, false);
    }
    let examples: Vec<String> = ids.iter().take(3).map(|id| format!("`{}`", shortened(id))).collect();
    let named = if examples.is_empty() { String::new() } else { format!(" ({})", examples.join(", ")) };
    match cause(ids, found) {
        Some((what, way_out)) => {
            let mostly = 2 * found >= GENES;
            let few = if mostly { few(ids.len()) } else { String::new() };
            (format!("; its genes are named by {what}{named}: {way_out}{few}"), mostly)
        }
        None if ids.is_empty() => ("; it has no rows".to_owned(), false),
        None if found == 0 => {
            (format!("; it is not known what its genes are named by{named}: {TO_GENES}"), false)
        }
        None => (few(ids.len()), true),
    }
}

fn few(rows: usize) -> String {
    if rows < GENES {
        format!("; it has {rows} rows: give all genes, not a selection")
    } else {
        String::new()
    }
}

/// Genes stand where signatures belong. Of text that is found out while reading; other formats say which is which.
fn transposed(file: &MatrixFile, found: usize) -> Option<String> {
    let across = GeneMap::best_of_ids(|| file.column_ids().iter().map(String::as_str));
    let is_transposed = across.found() > found && across.found() * 2 > file.column_ids().len().min(GENES);
    is_transposed.then(|| {
        format!(
            "; {} landmark genes stand in its columns, where signatures belong: transpose the matrix, so that genes are \
             its rows",
            across.found()
        )
    })
}

/// What most of the ids are, and the way out.
fn cause(ids: &[String], found: usize) -> Option<(&'static str, &'static str)> {
    if are_row_numbers(ids.iter().map(String::as_str)) {
        return Some(("row numbers", TO_GENES));
    }
    let step = ids.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&str> = ids.iter().step_by(step).map(|id| bare(id)).collect();
    let share =
        |is: fn(&str) -> bool| sample.iter().filter(|id| is(id)).count() as f64 / sample.len().max(1) as f64;
    let impostor = IMPOSTORS.iter().find(|impostor| share(impostor.is) > MAJORITY);
    match impostor {
        Some(impostor) => Some((impostor.what, impostor.way_out)),
        None if share(is_title_case) > MAJORITY && ids.len() > found => {
            Some((IdCause::OF_MOUSE.what, ORTHOLOGUES))
        }
        None => None,
    }
}

/// An id at a length that a line can bear.
fn shortened(id: &str) -> String {
    const LONGEST: usize = 40;
    if id.chars().count() <= LONGEST {
        id.to_owned()
    } else {
        id.chars().take(LONGEST).chain(['…']).collect()
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `start` and then a number, perhaps after more letters, make up the id.
fn numbered(id: &str, start: &str) -> bool {
    let rest =
        id.get(..start.len()).filter(|head| head.eq_ignore_ascii_case(start)).map(|_| &id[start.len()..]);
    rest.is_some_and(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_uppercase()).starts_with(|c: char| c.is_ascii_digit())
    })
}

/// `ENS`, letters of a species, a letter for the kind, a number.
fn is_other_ensembl(id: &str) -> bool {
    numbered(id, "ENS") && !numbered(id, "ENSG") && id.len() > 11
}

fn is_refseq(id: &str) -> bool {
    ["NM_", "NR_", "XM_", "XR_"].iter().any(|start| numbered(id, start))
}

fn is_refseq_protein(id: &str) -> bool {
    ["NP_", "XP_", "YP_"].iter().any(|start| numbered(id, start))
}

/// `chr1:1000-2000`, `chr1_1000_2000`.
fn is_position(id: &str) -> bool {
    id.starts_with("chr")
        && id.contains([':', '_'])
        && id.ends_with(|c: char| c.is_ascii_digit() || "+-*".contains(c))
}

/// Six or ten letters and digits in the pattern of UniProt's accessions (<https://www.uniprot.org/help/accession_numbers>).
fn is_uniprot(id: &str) -> bool {
    let id = id.split(['-', '.', '|']).next().unwrap_or(id);
    let bytes = id.as_bytes();
    let digit = |i: usize| bytes[i].is_ascii_digit();
    let letter = |i: usize| bytes[i].is_ascii_uppercase();
    let both = |i: usize| digit(i) || letter(i);
    let block = |at: usize| letter(at) && both(at + 1) && both(at + 2) && digit(at + 3);
    match bytes.len() {
        6 if matches!(bytes[0], b'O' | b'P' | b'Q') => digit(1) && both(2) && both(3) && both(4) && digit(5),
        6 => letter(0) && digit(1) && block(2),
        10 => letter(0) && digit(1) && block(2) && block(6),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_no_human_genes_are_told_by_their_form() {
        for (ids, expected) in [
            (&["ENST00000456328.2", "ENST00000450305"][..], "transcript"),
            (&["ENSMUSG00000102693.1", "ENSMUST00000064842"], "mouse"),
            (&["ENSRNOG00000046319"], "rat"),
            (&["ENSSSCG00000028996", "ENSBTAG00000006648"], "another species"),
            (&["ENSP00000334393"], "protein"),
            (&["NM_001005484.2", "NR_046018", "XM_017028.1"], "RefSeq transcript"),
            (&["NP_001005484.2"], "RefSeq protein"),
            (&["ILMN_1762337", "ILMN_2055271"], "Illumina"),
            (&["A_23_P117082", "A_33_P3246448"], "Agilent"),
            (&["11715100_at", "11715101_s_at"], "Affymetrix"),
            (&["7892501", "7892502", "8180418"], "probe ids"),
            (&["HGNC:5", "HGNC:37133"], "HGNC ids"),
            (&["P04637", "Q9Y6K9-2", "A0A024R161"], "UniProt"),
            (&["chr1:11869-14409", "chr1_14404_29570"], "positions"),
            (&["FBgn0031208"], "FlyBase"),
            (&["ATF1 /// PSME1", "DDR1 /// MIR4640"], "lists of genes"),
            (&["Xkr4", "Gm1992", "Rp1", "Sox17"], "mouse and rat"),
            (&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], "row numbers"),
        ] {
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            let (what, _) = cause(&ids, 0).unwrap_or_else(|| panic!("{ids:?} are not recognised"));
            assert!(what.contains(expected), "{ids:?}: {what}");
        }
        for ids in
            [&["ENSG00000092010", "ENSG00000123268"][..], &["PSME1", "ATF1"], &["5720", "466"], &[], &[""]]
        {
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            assert_eq!(cause(&ids, 0), None, "{ids:?}");
        }
    }
}
