//! What the reader promises about genes, values, formats and messages.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use l1kdb::profile::*;
use l1kdb::progress::Quiet;
use tempfile::TempDir;

/// Writes a file of three signatures with all landmarks under `name`; `edit` changes the text before that.
fn genes_by_line(folder: &TempDir, name: &str, ids: &[String], edit: impl Fn(String) -> String) -> PathBuf {
    let mut text = String::from("gene\ts1\ts2\ts3\n");
    for (i, id) in ids.iter().enumerate() {
        text += &format!("{id}\t{}\t{}\t{}\n", i as f32, -(i as f32) / 4.0, 0.5);
    }
    let path = folder.path().join(name);
    std::fs::write(&path, edit(text)).unwrap();
    path
}

/// A change to a text.
type Edit = fn(String) -> String;

fn entrez() -> Vec<String> {
    GeneSpace::landmarks().entrez().iter().map(u32::to_string).collect()
}

fn read(path: &Path) -> Result<(ProfileMatrix, ReadReport), ProfileError> {
    read_profiles(path, &ReadOptions::default(), &Quiet)
}

fn assert_is_the_example(path: &Path) -> ReadReport {
    let (profiles, report) = read(path).unwrap();
    assert_eq!(profiles.ids(), ["s1", "s2", "s3"], "{}", path.display());
    for gene in 0..GENES {
        let values = [0, 1, 2].map(|i| profiles.profile(i)[gene]);
        assert_eq!(values, [gene as f32, -(gene as f32) / 4.0, 0.5], "{} {gene}", path.display());
    }
    report
}

#[test]
fn genes_are_found_by_entrez_id_symbol_or_probe_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let space = GeneSpace::landmarks();
    let kinds = [
        (GeneIdKind::Entrez, entrez()),
        (GeneIdKind::Symbol, space.symbols().iter().map(|s| s.to_lowercase()).collect()),
        (GeneIdKind::Probe, space.probes().iter().map(|s| (*s).to_owned()).collect()),
    ];
    for (kind, ids) in kinds {
        let reversed = |text: String| {
            let (header, body) = text.split_once('\n').unwrap();
            let lines: Vec<&str> = body.lines().rev().collect();
            format!("{header}\n{}\n", lines.join("\n"))
        };
        let path = genes_by_line(&folder, "a.tsv", &ids, reversed);
        let report = assert_is_the_example(&path);
        assert_eq!((report.matched_by, report.format), (kind, Format::GenesByLine));
        assert_eq!(report.notes(), Vec::<String>::new());
    }
}

#[test]
fn csv_and_tsv_are_read_in_either_orientation_with_any_line_ends_and_gzipped() {
    let folder = tempfile::tempdir().unwrap();
    let ids = entrez();
    let variants: [(&str, Edit); 6] = [
        ("comma", |text| text.replace('\t', ",")),
        ("quoted", |text| {
            let quote =
                |line: &str| line.split('\t').map(|f| format!("\"{f}\"")).collect::<Vec<_>>().join(",");
            text.lines().map(quote).collect::<Vec<_>>().join("\n")
        }),
        ("semicolon", |text| text.replace('\t', ";")),
        ("crlf", |text| text.replace('\n', "\r\n")),
        ("bom", |text| format!("\u{feff}{text}")),
        ("as R writes it", |text| text.replacen("gene\t", "", 1)),
    ];
    for (name, edit) in variants {
        assert_is_the_example(&genes_by_line(&folder, name, &ids, edit));
    }

    let by_line: String = ["s1", "s2", "s3"].iter().enumerate().fold(
        format!("sig_id,cell_id,{}\n", ids.join(",")),
        |text, (i, id)| {
            let value = |gene: usize| [gene as f32, -(gene as f32) / 4.0, 0.5][i].to_string();
            text + &format!("{id},A375,{}\n", (0..GENES).map(value).collect::<Vec<_>>().join(","))
        },
    );
    let path = folder.path().join("signatures.csv.gz");
    let mut packed = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::fast());
    packed.write_all(by_line.as_bytes()).unwrap();
    packed.finish().unwrap();
    assert_eq!(assert_is_the_example(&path).format, Format::SignaturesByLine);
    let reader = ProfileReader::open(&path, &ReadOptions::default()).unwrap();
    assert_eq!(reader.metadata().unwrap().row(1).collect::<Vec<_>>(), ["s2", "A375"]);
}

#[test]
fn gct_and_gctx_are_known_by_their_bytes_and_read_gzipped() {
    let folder = tempfile::tempdir().unwrap();
    let (profiles, _) = read(&genes_by_line(&folder, "a.tsv", &entrez(), |text| text)).unwrap();
    let content = GctxContent {
        ids: profiles.ids(),
        row_ids: &entrez(),
        values: profiles.values(),
        columns: None,
        rows: None,
    };
    let (gct, gctx) = (folder.path().join("text.gctx"), folder.path().join("hdf5.csv"));
    write_gct(&gct, &content).unwrap();
    write_gctx(&gctx, &content).unwrap();
    for (path, format) in [(&gct, Format::Gct13), (&gctx, Format::Gctx)] {
        assert_eq!(assert_is_the_example(path).format, format);
        let packed = folder.path().join("packed.gctx.gz");
        let mut gz = GzEncoder::new(std::fs::File::create(&packed).unwrap(), Compression::fast());
        gz.write_all(&std::fs::read(path).unwrap()).unwrap();
        gz.finish().unwrap();
        assert_eq!(assert_is_the_example(&packed).format, format);
    }
}

#[test]
fn missing_genes_become_zero_and_are_counted_until_too_few_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let ids = entrez();
    let path = genes_by_line(&folder, "a.tsv", &ids[..950], |text| text);
    let (profiles, report) = read(&path).unwrap();
    assert_eq!((report.genes_found, report.genes_missing.len()), (950, 28));
    assert!(profiles.profile(0)[950..].iter().all(|&value| value == 0.0));
    assert!(report.notes()[0].contains("28 of 978"), "{:?}", report.notes());

    let path = genes_by_line(&folder, "b.tsv", &ids[..800], |text| text);
    let error = read(&path).err().unwrap();
    assert!(matches!(error, ProfileError::Coverage { found: 800, expected: 978, .. }), "{error}");
    assert!(error.to_string().contains("a coverage of"), "{error}");
    let lax = ReadOptions::default().min_coverage(0.5);
    assert_eq!(read_profiles(&path, &lax, &Quiet).unwrap().1.genes_missing.len(), 178);
}

#[test]
fn rows_of_the_same_gene_are_averaged_with_a_note_and_other_genes_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let first = entrez()[0].clone();
    let path = genes_by_line(&folder, "a.tsv", &entrez(), |text| {
        text + &format!("{first}\t3\t1\t0\n99999\tNaN\tNA\t\n")
    });
    let (profiles, report) = read(&path).unwrap();
    assert_eq!([0, 1, 2].map(|i| profiles.profile(i)[0]), [1.5, 0.5, 0.25]);
    assert_eq!(report.duplicate_genes, [("PSME1", 2)]);
    assert!(report.notes()[0].contains("averaged"), "{:?}", report.notes());
}

#[test]
fn values_that_are_not_finite_are_refused_zeroed_or_dropped_as_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = genes_by_line(&folder, "a.tsv", &entrez(), |text| {
        text.replace("\n466\t1\t-0.25\t", "\n466\t1\tinf\t")
    });
    let error = read(&path).err().unwrap();
    let message = error.to_string();
    assert!(
        message.contains("ATF1") && message.contains("s2") && message.contains("set such values to 0"),
        "{message}"
    );

    let with = |non_finite| read_profiles(&path, &ReadOptions::default().non_finite(non_finite), &Quiet);
    let (zeroed, report) = with(NonFinite::Zero).unwrap();
    assert_eq!((zeroed.profile(1)[1], report.zeroed, zeroed.len()), (0.0, 1, 3));
    let (dropped, report) = with(NonFinite::DropSignature).unwrap();
    assert_eq!(
        (dropped.ids(), report.dropped.as_slice()),
        (["s1", "s3"].map(String::from).as_slice(), ["s2".to_owned()].as_slice())
    );
}

#[test]
fn every_bad_file_gets_one_line_that_names_it_and_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let gct = "#1.3\n2\t1\t0\t0\nid\ts1\n5720\t1\n";
    for (name, bytes, expected) in [
        ("empty.gctx", b"".as_slice(), "is empty"),
        ("sheet.xlsx", b"PK\x03\x04rest", "Excel"),
        ("page.csv", b"<!DOCTYPE html>", "HTML"),
        ("utf16.txt", b"\xff\xfea\0b", "cut off"),
        ("noise.bin", b"\x01\0\x02\0", "binary"),
        ("old.gct", b"#1.1\n", "1.2 and 1.3"),
        ("prose.txt", b"just words\nand more words\n", "separates"),
        ("rows.gct", gct.as_bytes(), "expected 2 rows"),
        ("extents.gct", b"#1.3\ntwo\t1\n", "line 2: expected four numbers"),
        ("width.gct", b"#1.3\n1\t2\t0\t0\nid\ts1\ts2\n5720\t1\n", "line 4: expected 3 fields"),
        ("number.csv", b"gene,s1\n5720,1\n466,x\n", "coverage"),
        ("width.csv", b"gene,s1\n5720,1\n466,1,2\n", "line 3: expected 2 fields"),
        ("twice.csv", b"gene,s1,s1\n5720,1,2\n", "`s1` stands twice"),
        ("half.gctx", b"\x89HDF\r\n\x1a\n\0\0\0\0", "damaged"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = read(&path).err().unwrap_or_else(|| panic!("{name} was read")).to_string();
        assert!(error.contains(name) && error.contains(expected) && !error.contains('\n'), "{name}: {error}");
    }
    let lax = ReadOptions::default().min_coverage(0.0);
    let error = read_profiles(folder.path().join("number.csv"), &lax, &Quiet).err().unwrap().to_string();
    assert!(
        error.contains("line 3: expected a number in field 2 (gene `466`, signature `s1`), found `x`"),
        "{error}"
    );
    for path in [folder.path().join("absent.gctx"), folder.path().to_owned()] {
        let error = read(&path).err().unwrap();
        assert!(matches!(error, ProfileError::Read { .. }), "{error}");
    }
}

#[test]
fn a_first_value_that_cannot_be_read_is_an_error_and_makes_no_description_of_its_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = genes_by_line(&folder, "a.tsv", &entrez(), |text| text.replacen("\t0\t", "\t1,234.5\t", 1));
    let error = read(&path).err().unwrap().to_string();
    assert!(error.contains("line 2: expected a number in field 2 (gene `5720`, signature `s1`)"), "{error}");
}

#[test]
fn decimal_commas_between_commas_are_never_taken_for_two_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let rows = |value: &str| entrez().iter().map(|id| format!("{id},{value}\n")).collect::<String>();
    for (header, value) in [("gene,s1", "0,5"), ("gene,s1", "-1,25"), ("gene,s1,s2", "0,5,1,5")] {
        std::fs::write(&path, format!("{header}\n{}", rows(value))).unwrap();
        let error = read(&path).err().unwrap().to_string();
        assert!(error.contains("line 2") && error.contains("decimal signs"), "{error}");
    }
}

#[test]
fn a_gct_that_a_spreadsheet_saved_is_read_and_a_cut_off_one_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let space = GeneSpace::landmarks();
    let mut text = format!("#1.2\t\t\t\n{GENES}\t3\t\t\nNAME\tDescription\ts1\ts2\ts3\n");
    for (i, id) in space.entrez().iter().enumerate() {
        text += &format!("{id}\tna\t{}\t{}\t0.5\n", i as f32, -(i as f32) / 4.0);
    }
    let path = folder.path().join("a.gct");
    let write = |text: &str| std::fs::write(&path, text).unwrap();
    for edit in [
        |text: &str| text.replace('\n', "\t\t\r\n") + "\t\t\t\r\n\r\n",
        |text: &str| text.replace('\n', "\r"),
        |text: &str| text.replace('\t', ","),
        |text: &str| text.replace('\t', ";").replace('.', ",").replacen("#1,2", "#1.2", 1),
    ] {
        write(&edit(&text));
        assert_eq!(assert_is_the_example(&path).format, Format::Gct12);
    }
    for end in [text.len() / 2, text[..text.len() / 2].rfind('\n').unwrap() + 1] {
        write(&text[..end]);
        let error = read(&path).err().unwrap().to_string();
        assert!(error.contains("cut off"), "{end}: {error}");
    }
}

#[test]
fn gzipped_files_that_are_cut_off_are_said_to_be_and_those_gzipped_twice_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let text = genes_by_line(&folder, "a.tsv", &entrez(), |text| text);
    let (profiles, _) = read(&text).unwrap();
    let gctx = folder.path().join("a.gctx");
    let (ids, row_ids, values) = (profiles.ids(), &entrez()[..], profiles.values());
    write_gctx(&gctx, &GctxContent { ids, row_ids, values, columns: None, rows: None }).unwrap();
    let gzipped = |bytes: &[u8]| {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    };
    for path in [&text, &gctx] {
        let packed = gzipped(&std::fs::read(path).unwrap());
        let name = folder.path().join("packed");
        std::fs::write(&name, gzipped(&packed)).unwrap();
        assert_is_the_example(&name);
        for part in [2, 3, 100] {
            std::fs::write(&name, &packed[..packed.len() - packed.len() / part]).unwrap();
            let error = read(&name).err().unwrap().to_string();
            assert!(error.contains("cut off") && error.contains("packed"), "{part}: {error}");
        }
    }
    let mut damaged = gzipped(&std::fs::read(&gctx).unwrap());
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xff);
    std::fs::write(&gctx, damaged).unwrap();
    let error = read(&gctx).err().unwrap().to_string();
    assert!(error.contains("damaged") && !error.contains("deflate"), "{error}");
}

#[test]
fn a_selection_beyond_the_file_is_refused_and_a_good_one_keeps_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = genes_by_line(&folder, "a.tsv", &entrez(), |text| text);
    let mut reader = ProfileReader::open(&path, &ReadOptions::default()).unwrap();
    assert!(matches!(reader.select(&[3]), Err(ProfileError::Selection { index: 3, there: 3, .. })));
    reader.select(&[2, 0]).unwrap();
    assert_eq!(reader.remaining(), 2);
    let (profiles, _) = reader.read_all(&Quiet).unwrap();
    assert_eq!(profiles.ids(), ["s3", "s1"]);
}
