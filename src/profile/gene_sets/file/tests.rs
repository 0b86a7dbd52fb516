use super::*;
use crate::profile::{GeneIds, SetPairs, Universe};

fn read(text: &str) -> Result<SetFile, String> {
    read_bytes("sets.txt", text.as_bytes())
}

fn read_bytes(name: &str, bytes: &[u8]) -> Result<SetFile, String> {
    let path = Path::new(name);
    let source = Source::from_bytes(path, bytes.to_vec()).map_err(|error| error.to_string())?;
    SetFile::from_source(path, source).map_err(|error| error.to_string())
}

/// Format, names and ids.
fn outline(file: &SetFile) -> (SetFormat, Vec<(&str, String)>) {
    (file.format, file.sets.iter().map(|set| (set.name.as_str(), set.ids.join(" "))).collect())
}

const GMT: &str = "A_UP\tna\tPSME1\tATF1\t\tRHEB\nA_DN\thttp://x\tMYC\tCCND1\n";
const GMX: &str = "A_UP\tA_DN\nna\tna\nPSME1\tMYC\n\tCCND1\nATF1\t\nRHEB\t\n";
const GRP: &str = "# from somewhere\nPSME1\n\nATF1\nRHEB\n";

#[test]
fn formats_are_told_by_content_and_blanks_passed_over() {
    let both = vec![("A_UP", "PSME1 ATF1 RHEB".to_owned()), ("A_DN", "MYC CCND1".to_owned())];
    assert_eq!(outline(&read(GMT).unwrap()), (SetFormat::Gmt, both.clone()));
    assert_eq!(outline(&read(GMX).unwrap()), (SetFormat::Gmx, both));
    let grp = read_bytes("x/mine_up.grp", GRP.as_bytes()).unwrap();
    assert_eq!(outline(&grp), (SetFormat::Grp, vec![("mine_up", "PSME1 ATF1 RHEB".to_owned())]));
    let wide = "A\tB\tC\n\t\t\nPSME1\tATF1\tRHEB\nMYC\tCCND1\tTP53\n";
    assert_eq!(read(wide).unwrap().format, SetFormat::Gmx);
    assert_eq!(read("MINE\nna\nPSME1\nATF1\n").unwrap().format, SetFormat::Gmx);
    assert_eq!(
        read("TP53\tna\tPSME1\tATF1\nMYC\tna\tRHEB\tCCND1\nJUN\tna\tRHEB\tATF1\n").unwrap().format,
        SetFormat::Gmt
    );
    assert_eq!(read("S\tna\t5720\t466\t6009\n").unwrap().format, SetFormat::Gmt);
}

#[test]
fn line_ends_marks_and_packing_do_not_matter() {
    let expected = outline(&read(GMT).unwrap()).1.len();
    let crlf = GMT.replace('\n', "\r\n");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, crlf.as_bytes()).unwrap();
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(GMT.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in
        [crlf.clone().into_bytes(), format!("\u{feff}{GMT}").into_bytes(), packed.finish().unwrap(), wide]
    {
        let file = read_bytes("sets.gmt", &bytes).unwrap();
        assert_eq!(outline(&file), outline(&read(GMT).unwrap()));
        assert_eq!(file.sets.len(), expected);
    }
}

#[test]
fn a_description_that_may_name_a_gene_is_one_where_it_is_a_plain_word_or_the_same_for_all_sets() {
    for text in [
        "A\tcut\tPSME1\tATF1\tRHEB\n",
        "A_UP\tMYC\tPSME1\tATF1\nA_DN\tMYC\tRHEB\tCCND1\n",
        "A_UP\tdrawn\tPSME1\tATF1\nA_DN\tcut\tRHEB\tCCND1\n",
    ] {
        let file = read(text).unwrap();
        assert!(file.sets.iter().all(|set| set.ids.len() >= 2), "{text}");
    }
    assert!(read("A\tTP53\tPSME1\tATF1\n").unwrap_err().contains("`TP53`"));
}

#[test]
fn repeated_members_and_weights_are_noted() {
    let file = read("A\tna\tPSME1,1.0\tATF1,0.5\tATF1\n").unwrap();
    assert_eq!(file.sets[0].ids, ["PSME1", "ATF1"]);
    let notes = file.notes().join("\n");
    assert!(notes.contains("1 members stand twice") && notes.contains("2 members have weights"), "{notes}");
}

#[test]
fn faults_are_named_with_their_line_and_the_way_out() {
    for (text, parts) in [
        ("A_UP na PSME1 ATF1 RHEB\nA_DN na MYC CCND1\n", &["line 1", "blanks", "tabs"][..]),
        ("A_UP,na,PSME1,ATF1,RHEB\n", &["line 1", "commas", "tabs"]),
        ("A\tPSME1\tATF1\tRHEB\nB\tMYC\tCCND1\n", &["line 1", "description", "`PSME1`"]),
        ("A\tna\tPSME1\nB\tna\n\nC\tna\n", &["line 2", "2 fields", "1 more"]),
        ("A\tna\tPSME1\n\tna\tATF1\n", &["line 2", "no name"]),
        ("A\tna\tPSME1\nA\tna\tATF1\n", &["`A` stands twice", "lines 1 and 2"]),
        ("A\tA\nna\tna\nPSME1\tATF1\n", &["`A` stands twice", "columns 1 and 2"]),
        ("A\tB\nPSME1\tATF1\nRHEB\tMYC\nJUN\tFOS\n", &["line 2", "descriptions", "`PSME1`"]),
        ("A\t\nna\t\nPSME1\tATF1\nMYC\tJUN\n", &["line 3", "no name"]),
        ("A\tB\nna\tna\nPSME1\t\nMYC\t\n", &["line 1", "`B`", "found none"]),
        ("gene\tscore\nPSME1\t0.5\nATF1\t-1.25\n", &["table of numbers"]),
        ("#1.3\n2\t2\n", &["GCT"]),
        ("", &["empty"]),
        ("# nothing\n", &["empty"]),
    ] {
        let error = read(text).expect_err(text);
        assert!(parts.iter().all(|part| error.contains(part)), "{text}: {error}");
    }
}

#[test]
fn sides_are_paired_by_name_in_any_case() {
    let text = "x_up\tna\tPSME1\nlone\tna\tATF1\nX_DOWN\tna\tMYC\nz_dn\tna\tRHEB\n";
    let pairs = SetPairs::of_file(read(text).unwrap()).unwrap().pairs;
    let sides: Vec<_> =
        pairs.iter().map(|pair| (pair.name.as_str(), pair.up.is_some(), pair.down.is_some())).collect();
    assert_eq!(sides, [("x", true, true), ("lone", true, false), ("z", false, true)]);
    let twice = read("X_DN\tna\tPSME1\nx_down\tna\tATF1\n").unwrap();
    assert!(SetPairs::of_file(twice).unwrap_err().to_string().contains("twice"));
    let alike = SetPairs::of_file(read("X\tna\tPSME1\nX_UP\tna\tATF1\n").unwrap()).unwrap().pairs;
    assert_eq!(alike.iter().map(|pair| pair.name.as_str()).collect::<Vec<_>>(), ["X", "X_UP"]);
}

#[test]
fn two_files_are_paired_by_name_or_else_by_position_with_a_warning() {
    let up = || read("A_UP\tna\tPSME1\nB_UP\tna\tATF1\n").unwrap();
    let by_name = SetPairs::of_files(up(), read("b_dn\tna\tMYC\nA_DN\tna\tJUN\n").unwrap()).unwrap();
    assert!(by_name.warnings.is_empty(), "{:?}", by_name.warnings);
    assert_eq!(by_name.pairs[0].down.as_ref().unwrap().ids, ["JUN"]);
    let by_position = SetPairs::of_files(up(), read("P\tna\tMYC\nQ\tna\tJUN\n").unwrap()).unwrap();
    assert!(by_position.warnings[0].contains("by position"), "{:?}", by_position.warnings);
    assert_eq!(by_position.pairs[1].down.as_ref().unwrap().ids, ["JUN"]);
    let error = SetPairs::of_files(up(), read("P\tna\tMYC\n").unwrap()).unwrap_err().to_string();
    assert!(error.contains("the 2 sets") && error.contains("numbers differ"), "{error}");
    let some = SetPairs::of_files(up(), read("A_DN\tna\tMYC\n").unwrap()).unwrap();
    assert!(some.pairs[1].down.is_none() && some.warnings[0].contains("stand alone"));
    let swapped =
        SetPairs::of_files(read("A_DN\tna\tMYC\n").unwrap(), read("A_UP\tna\tJUN\n").unwrap()).unwrap();
    assert_eq!(swapped.warnings.len(), 2);
}

fn mapped(text: &str, universe: Universe) -> Result<crate::profile::GeneSet, String> {
    let pairs = SetPairs::of_file(read(text)?).map_err(|error| error.to_string())?.pairs;
    pairs[0].map(&GeneIds::built_in(), universe).map_err(|error| error.to_string())
}

#[test]
fn sets_are_mapped_onto_a_universe_with_a_report() {
    let set = mapped("A_UP\tna\tPSME1\tTREB36\tNOSUCH\tATF1\nA_DN\tna\tMYC\n", Universe::Landmark).unwrap();
    let up = set.up.unwrap();
    assert_eq!((up.genes.len(), up.report.genes, up.report.passed_over.count), (2, 2, 1));
    assert_eq!(set.down.unwrap().genes.len(), 1);
}

#[test]
fn sets_that_tell_nothing_are_refused() {
    let error = mapped("A_UP\tna\tPSME1\tATF1\nA_DN\tna\t466\n", Universe::Landmark).unwrap_err();
    assert!(error.contains("1 genes are in both") && error.contains("ATF1"), "{error}");
    let error = mapped("A\tna\tENST00000284320\tENST00000284321\n", Universe::Landmark).unwrap_err();
    assert!(error.contains("none of the 2 ids") && error.contains("transcript"), "{error}");
    let other = Universe::All.genes().find(|gene| !gene.is_landmark()).unwrap().symbol();
    let error = mapped(&format!("A\tna\t{other}\n"), Universe::Landmark).unwrap_err();
    assert!(error.contains("larger universe"), "{error}");
    let of = |count: usize| {
        let symbols: Vec<&str> =
            Universe::Landmark.genes().take(count).map(crate::profile::Gene::symbol).collect();
        format!("A\tna\t{}\n", symbols.join("\t"))
    };
    assert!(mapped(&of(490), Universe::Landmark).unwrap_err().contains("more than half"));
    assert!(mapped(&of(489), Universe::Landmark).unwrap().warnings[0].contains("a quarter"));
    assert!(mapped(&of(244), Universe::Landmark).unwrap().warnings.is_empty());
}
