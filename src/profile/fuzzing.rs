//! What fuzzers and property tests do with bytes from anywhere: read them in every way that a file can be read.
//! Whatever the bytes are, the answer is a value or an error; never a panic, and never memory beyond what the
//! bytes could hold.

use std::path::Path;

use super::input::Input;
use super::text::Source;
use super::{
    DifferentialOptions, DifferentialProfile, GeneIds, MatrixFile, NonFinite, PerturbagenTable,
    ProfileReader, ReadOptions, SetFile, SetPairs, SignatureTable, Table, Universe,
};

/// Reads the bytes as a GCT, whatever they begin with.
pub fn gct(bytes: &[u8]) {
    matrix(bytes);
    matrix(&[b"#1.3\n", bytes].concat());
    matrix(&[b"#1.2\n", bytes].concat());
}

/// Reads the bytes as a GCTX.
pub fn gctx(bytes: &[u8]) {
    matrix(bytes);
}

/// Reads the bytes as a matrix in CSV or TSV.
pub fn delimited(bytes: &[u8]) {
    matrix(bytes);
    matrix(&[b"id\tPSME1\tATF1\n", bytes].concat());
}

/// Reads the bytes as tables of signatures and of perturbagens.
pub fn table(bytes: &[u8]) {
    let path = Path::new("fuzz.txt");
    let source = |bytes: &[u8]| Source::from_bytes(path, bytes.to_vec());
    let headed = [b"sig_id\tpert_idose\tpert_time\tpert_time_unit\tmoa\ttarget\n", bytes].concat();
    let wide: Vec<u8> = headed.iter().flat_map(|&byte| u16::from(byte).to_le_bytes()).collect();
    for bytes in [bytes, &headed, &wide] {
        if let Ok(table) = source(bytes).and_then(|source| Table::from_source(path, source)) {
            assert!(table.rows().all(|row| row.len() == table.header().len()));
        }
        let _ = source(bytes).and_then(|source| SignatureTable::from_source(path, source));
        let _ = source(bytes).and_then(|source| PerturbagenTable::from_source(path, source));
    }
}

/// Reads all that a matrix file holds, and its landmark profiles.
fn matrix(bytes: &[u8]) {
    let input = || Input::from_bytes(Path::new("fuzz"), bytes.to_vec());
    if let Ok(mut file) = MatrixFile::from_input(input()) {
        let rows: Vec<usize> = (0..file.row_count().min(64)).collect();
        let columns: Vec<usize> = (0..file.column_ids().len().min(64)).collect();
        if let Ok(values) = file.read(&rows, &columns) {
            assert_eq!(values.len(), rows.len() * columns.len());
        }
    }
    let options = ReadOptions::default().min_coverage(0.0).non_finite(NonFinite::Zero).drop_zero(true);
    if let Ok(mut reader) = ProfileReader::from_input(input(), &options) {
        while let Ok(Some(block)) = reader.next_block(256) {
            assert!(block.values().iter().all(|value| value.is_finite()));
        }
    }
}

/// Reads the bytes as a file of gene sets, in each of its formats, pairs the sets and maps them.
pub fn gene_sets(bytes: &[u8]) {
    let path = Path::new("fuzz.gmt");
    let by_column = [b"A_UP\tA_DN\nna\tna\nPSME1\tATF1\n", bytes].concat();
    let by_line = [b"A_UP\tna\tPSME1\nA_DN\tna\tATF1\n", bytes].concat();
    let listed = [b"PSME1\nATF1\n", bytes].concat();
    for bytes in [bytes, &by_column, &by_line, &listed] {
        let read = || SetFile::from_source(path, Source::from_bytes(path, bytes.to_vec())?);
        let Ok(file) = read() else { continue };
        assert!(file.sets.iter().all(|set| !set.ids.is_empty()));
        let again = read().and_then(|again| SetPairs::of_files(file.clone(), again));
        for pairs in [SetPairs::of_file(file), again].into_iter().flatten() {
            for pair in pairs.pairs.iter().take(64) {
                if let Ok(set) = pair.map(&GeneIds::built_in(), Universe::Landmark) {
                    assert!(set.up.iter().chain(&set.down).all(|side| side.genes.len() == side.report.genes));
                }
            }
        }
    }
}

/// Reads the bytes as a result of differential expression, with and without the columns of a tool above them.
pub fn differential(bytes: &[u8]) {
    let path = Path::new("fuzz.csv");
    let headed = [b"gene\tbaseMean\tlogFC\tstat\tpvalue\nPSME1\t1\t-1\t2\t0\n", bytes].concat();
    let of_p = [b"gene\tlogFC.A\tlogFC.B\tPValue.A\nPSME1\t1\t-1\t0\n", bytes].concat();
    for options in [DifferentialOptions::default(), DifferentialOptions::default().contrast("A")] {
        for bytes in [bytes, &headed, &of_p] {
            let source = Source::from_bytes(path, bytes.to_vec());
            let read = source.and_then(|source| DifferentialProfile::from_source(path, source, &options));
            if let Ok(profile) = read {
                assert!(profile.values.iter().all(|value| value.is_nan() || value.is_finite()));
                assert!(profile.found() <= profile.report.genes);
            }
        }
    }
}
