use proptest::prelude::*;

use super::*;
use crate::profile::Table;

type Row = (u64, Vec<String>);

fn rows(bytes: &[u8], width: Option<usize>) -> Result<Vec<Row>, String> {
    let source = Source::from_bytes(Path::new("t.csv"), bytes.to_vec()).unwrap();
    let read = || {
        let mut records = Records::new(source)?;
        let mut all = Vec::new();
        while let Some(record) = records.next()? {
            all.push((record.line, record.fields().map(Cow::into_owned).collect()));
            if let (1, Some(width)) = (all.len(), width) {
                records.expect_fields(width, width, "as in the header");
            }
        }
        Ok(all)
    };
    read().map_err(|error: ProfileError| error.to_string())
}

fn split(text: &str) -> Vec<Row> {
    rows(text.as_bytes(), None).unwrap()
}

/// As a table whose header has `width` names.
fn split_wide(text: &str, width: usize) -> Result<Vec<Row>, String> {
    rows(text.as_bytes(), Some(width))
}

fn fields(line: u64, fields: &[&str]) -> Row {
    (line, fields.iter().map(|field| (*field).to_owned()).collect())
}

#[test]
fn quoted_fields_hold_commas_quotes_and_line_ends_and_lines_are_still_counted() {
    let records = split("a,b\r\n\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\nz,\n");
    assert_eq!(records[..2], [fields(1, &["a", "b"]), fields(3, &["x, \"y\"", "two\nlines"])]);
    assert_eq!(records[2], fields(5, &["z", ""]));
}

#[test]
fn a_quote_that_is_not_closed_is_an_error_that_names_the_line_where_it_opened() {
    for text in ["a,b\n\"x,y\nz,\n", "a;b\nx;\"y\nz;\n"] {
        let error = rows(text.as_bytes(), None).unwrap_err();
        assert!(error.contains("line 2: a quoted field is not closed"), "{error}");
    }
    let error = rows(b"a,b\n1,\"two\nlines\"\n\"half,x\n\"c\",\"d\"\n", None).unwrap_err();
    assert!(
        error.contains("line 4: a quoted field is not closed") && error.contains("followed by `c`"),
        "{error}"
    );
}

/// Quadratic time would take hours.
#[test]
fn a_quote_that_is_not_closed_costs_no_more_than_the_size_of_the_file() {
    let line = "x,1,2,3,4,5,6,7\n";
    for delimiter in [",", "\t"] {
        let text = format!("a,b,c\n\"open,1,2\n{}", line.repeat(2_000_000)).replace(',', delimiter);
        assert!(split_wide(&text, 3).is_err());
        let opening = format!("a,b\n{}", "\"open,1,2\n".repeat(1_000_000)).replace(',', delimiter);
        assert!(split_wide(&opening, 2).is_err());
        let lone = format!("a\tb\n{}", "\"x\t\"y\n".repeat(1_000_000));
        assert_eq!(split_wide(&lone, 2).unwrap().len(), 1_000_001);
    }
    let wide = format!("a\tb\n{}", "\"\"\"\"a\t".repeat(2_000_000));
    assert!(split_wide(&wide, 2).is_err());
}

#[test]
fn quoted_fields_of_tab_separated_files_hold_tabs_quotes_and_line_ends() {
    let text = "id\tmoa\talias\n1\t\"HDAC\tpan\"\t\"x\"\n2\tJAK\t\"first\nsecond\"\n3\t\"2\"\"-deoxy\"\tz\n4\t\"a\\\"b\"\t\n";
    let found = split_wide(text, 3).unwrap();
    assert_eq!(found[1], fields(2, &["1", "HDAC\tpan", "x"]));
    assert_eq!(found[2], fields(3, &["2", "JAK", "first\nsecond"]));
    assert_eq!(found[3], fields(5, &["3", "2\"-deoxy", "z"]));
    assert_eq!(found[4], fields(6, &["4", "a\"b", ""]));
}

#[test]
fn lone_quotes_of_tab_separated_files_are_text_wherever_they_stand() {
    let lone = ["5' UTR", "2\"-deoxy", "\"half", "5' end \"quoted\" inside", "\"a\" and \"b\"", "half\""];
    for a in lone {
        for b in lone {
            let text = format!("x\ty\n{a}\t{b}\n1\t2\n{b}\t{a}\n");
            let found = split_wide(&text, 2).unwrap();
            assert_eq!(
                found[1..],
                [fields(2, &[a, b]), fields(3, &["1", "2"]), fields(4, &[b, a])],
                "{text}"
            );
        }
    }
}

#[test]
fn lines_of_a_preamble_are_skipped_and_counted() {
    assert_eq!(split("!note, one\n!\na\tb,c\n1\t2"), [fields(3, &["a", "b,c"]), fields(4, &["1", "2"])]);
    assert_eq!(split("\n\"!note, one\",\n,,\na,b\n"), [fields(4, &["a", "b"])]);
}

#[test]
fn rows_without_content_are_skipped_wherever_they_stand() {
    let text = "\t\t\n\n  \na\tb\n\t\n1\t2\n\"\"\t\"\"\n \t \n";
    assert_eq!(split(text), [fields(4, &["a", "b"]), fields(6, &["1", "2"])]);
}

#[test]
fn the_header_tells_what_separates_fields_outside_its_quotes() {
    for (text, expected) in [
        ("a\tb,c;d\n", &["a", "b,c;d"][..]),
        ("\"a,b\";c\n1;2\n", &["a,b", "c"]),
        ("\"a;b\",c\n1,2\n", &["a;b", "c"]),
        ("a;b,c;d\n1;2;3\n", &["a", "b,c", "d"]),
        ("a,b;c,d\n1,2,3\n", &["a", "b;c", "d"]),
        ("sep=;\na;b,c,d\n", &["a", "b,c,d"]),
        ("\"sep=,\"\na,b\n", &["a", "b"]),
        ("# made by hand\na,b\n", &["# made by hand"]),
    ] {
        assert_eq!(split(text)[0].1, expected, "{text}");
    }
}

#[test]
fn one_column_of_names_may_hold_commas_and_r_writes_one_column_with_row_names() {
    assert_eq!(split("drug\n1,25-dihydroxyvitamin D3\naspirin\n")[1].1, ["1,25-dihydroxyvitamin D3"]);
    assert_eq!(split("s1\n\"PSME1\",0.5\n\"ATF1\",NA\n")[1].1, ["PSME1", "0.5"]);
    assert_eq!(split("s1\nPSME1\t0.5\n")[1].1, ["PSME1", "0.5"]);
}

#[test]
fn where_the_number_of_fields_does_not_fit_the_usual_cause_is_named() {
    for (text, width, cause) in [
        (
            "a,b,c\n1,2,3\n1,2",
            3,
            "line 3: expected 3 fields as in the header, found 2; the file ends within this line: it is cut off",
        ),
        ("a,b,c\n1,0,5,0,25\n", 3, "decimal signs"),
        ("a\tb\tc\n1,2,3\n", 3, "commas separate its fields"),
        ("a\tb\tc\n1 2 3\n", 3, "blanks separate its fields"),
        ("a\tb\n1\t\"x\ty\tz\n", 2, "a quote opens a field in it"),
        ("a,b,c\n1,2,3,4\n", 3, "does a field hold one of the commas?"),
        ("a,b\n\"1,\n2\",2,3\n", 2, "closes only in line 3"),
        ("a\tb\tc\n1\t2\n3\t4\n", 3, "one holds a line end"),
    ] {
        let error = split_wide(text, width).unwrap_err();
        assert!(error.contains(cause) && !error.contains('\n'), "{text}: {error}");
    }
}

#[test]
fn padding_at_the_ends_of_lines_is_not_there() {
    assert_eq!(split_wide("a,b\n1,2,,\n3,4,\n", 2).unwrap().len(), 3);
    assert!(split_wide("a,b\n1,2,,x\n", 2).is_err());
}

/// A field of any kind.
fn any_field() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9.µ-]{1,6}", "[a-z\"',;\t\n ]{1,8}", "\"[a-z]{0,3}", "[a-z]{0,3}\""]
        .prop_map(|text| text.trim().to_owned())
}

/// A table of at least two columns, of which the first is never empty.
fn any_table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (2_usize..5).prop_flat_map(|width| {
        let row = (prop::collection::vec(any_field(), width), "[a-z]{1,3}").prop_map(|(mut row, id)| {
            row[0] = id;
            row
        });
        let header = prop::collection::vec("[a-z]{1,4}", width);
        (header, prop::collection::vec(row, 0..8)).prop_map(|(header, mut rows)| {
            rows.insert(0, header);
            rows
        })
    })
}

/// What other programs do to a table: each of these has to be read as the table is.
#[derive(Debug, Clone, Copy)]
struct Style {
    delimiter: char,
    /// Quotes around all fields, or only around those that need them.
    quoted: bool,
    line_end: &'static str,
    padding: usize,
    blank_rows: bool,
    encoding: usize,
    last_line_end: bool,
}

fn any_style() -> impl Strategy<Value = Style> {
    let line_end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    let delimiter = prop_oneof![Just('\t'), Just(','), Just(';')];
    (delimiter, any::<bool>(), line_end, 0_usize..3, any::<bool>(), 0_usize..8, any::<bool>()).prop_map(
        |(delimiter, quoted, line_end, padding, blank_rows, encoding, last_line_end)| Style {
            delimiter,
            quoted,
            line_end,
            padding,
            blank_rows,
            encoding,
            last_line_end,
        },
    )
}

fn written(table: &[Vec<String>], style: Style) -> Vec<u8> {
    let Style { delimiter, quoted, line_end, padding, blank_rows, encoding, last_line_end } = style;
    let field = |field: &String| match quoted || field.contains(['"', '\t', ',', ';', '\n']) {
        true => format!("\"{}\"", field.replace('"', "\"\"").replace('\n', line_end)),
        false => field.clone(),
    };
    let delimiter = delimiter.to_string();
    let row = |row: &Vec<String>| {
        row.iter().map(field).collect::<Vec<_>>().join(&delimiter) + &delimiter.repeat(padding)
    };
    let mut lines: Vec<String> = table.iter().map(row).collect();
    if blank_rows {
        lines.insert(1, delimiter.repeat(padding));
        lines.push(delimiter.repeat(table[0].len()));
    }
    let text = lines.join(line_end) + if last_line_end { line_end } else { "" };
    encoded(&text, encoding)
}

fn encoded(text: &str, encoding: usize) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    let gzipped = |bytes: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut gz, bytes).unwrap();
        gz.finish().unwrap()
    };
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => marked.into_bytes(),
        2 => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        3 => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        4 => marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        5 => marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        6 => gzipped(text.as_bytes()),
        _ => gzipped(&gzipped(text.as_bytes())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_table_is_the_same_however_it_was_written(table in any_table(), style in any_style()) {
        // In files with tabs, a line within a record is not told from a record that has as many fields.
        let is_ambiguous = |row: &[String]| style.delimiter == '\t' && row.iter().any(|field| field.contains('\n'));
        let without_tabs = |row: Vec<String>| match is_ambiguous(&row) {
            true => row.into_iter().map(|field| field.replace('\t', " ")).collect(),
            false => row,
        };
        let table: Vec<Vec<String>> = table.into_iter().map(without_tabs).collect();
        let bytes = written(&table, style);
        let source = Source::from_bytes(Path::new("t"), bytes).unwrap();
        let found = Table::from_source(Path::new("t"), source).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(found.header(), &table[0][..]);
        let found: Vec<Vec<&str>> = found.rows().collect();
        prop_assert_eq!(found, table[1..].to_vec());
    }

    #[test]
    fn lines_are_counted_as_editors_count_them(
        lines in prop::collection::vec("[a-z\t]{0,3}", 1..20), end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
    ) {
        for (line, row) in split(&lines.join(end)) {
            let expected: Vec<&str> = lines[line as usize - 1].split('\t').collect();
            prop_assert_eq!(row, expected);
        }
    }
}
