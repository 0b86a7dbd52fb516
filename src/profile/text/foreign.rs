//! Files of other kinds, known by their first bytes, that are given in place of text.

/// What begins a file, and what to tell whoever gave it.
const KINDS: [(&[u8], &str); 28] = [
    (b"\x89HDF\r\n\x1a\n", "it is HDF5, as GCTX is: a matrix of profiles, and no table; give it as profiles"),
    (b"\x89HDF", "it begins like HDF5 but is damaged; copy or download it again"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it is an old Excel file (.xls); save the sheet as CSV"),
    (b"\xfd7zXZ\0", "it is packed with xz; unpack it with `xz -dk FILE`, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "it is packed with zstd; unpack it with `zstd -d FILE`, or pack it with gzip"),
    (b"\x04\x22\x4d\x18", "it is packed with lz4; unpack it with `lz4 -d FILE`, or pack it with gzip"),
    (b"\x1f\x9d", "it is packed with compress (.Z); unpack it with `gzip -dk FILE`"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive; unpack it and give the file that is in it"),
    (b"Rar!\x1a\x07", "it is a RAR archive; unpack it and give the file that is in it"),
    (
        b"\x93NUMPY",
        "it is a NumPy array (.npy), which names no rows and columns; save it as a table with ids",
    ),
    (
        b"PAR1",
        "it is a Parquet file; save it as text, in Python with pandas.read_parquet(FILE).to_csv(\"new.csv\")",
    ),
    (
        b"ARROW1",
        "it is an Arrow or Feather file; save it as text, in Python with pandas.read_feather(FILE).to_csv(\"new.csv\")",
    ),
    (
        b"FEA1",
        "it is a Feather file; save it as text, in Python with pandas.read_feather(FILE).to_csv(\"new.csv\")",
    ),
    (b"X\n\0\0\0", R_OBJECT),
    (b"B\n\x02\0\0\0", R_OBJECT),
    (b"B\n\x03\0\0\0", R_OBJECT),
    (b"RDX2\n", R_OBJECTS),
    (b"RDX3\n", R_OBJECTS),
    (b"RDA2\n", R_OBJECTS),
    (b"RDA3\n", R_OBJECTS),
    (b"%PDF", "it is a PDF; export the table itself as CSV"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"SQLite format 3\0", "it is an SQLite database; export the table as CSV"),
    (b"MATLAB 5.0 MAT-file", "it is a MATLAB file; write the table with writetable"),
    (
        b"version https://git-lfs",
        "it is the pointer to a file that Git LFS keeps; fetch the file with `git lfs pull`",
    ),
    (b"{\\rtf", "it is a document with formatting (RTF); save it as plain text"),
    (b"#!/", "it is a script"),
];

const R_OBJECT: &str = "it is an object of R (.rds); write it as text, in R with \
     write.table(readRDS(FILE), \"new.txt\", sep = \"\\t\", quote = FALSE, col.names = NA)";
const R_OBJECTS: &str = "it holds objects of R (.RData); load it in R and write the table with \
     write.table(TABLE, \"new.txt\", sep = \"\\t\", quote = FALSE, col.names = NA)";
const PICKLE: &str =
    "it is a Python pickle; save the table as text, with pandas.read_pickle(FILE).to_csv(\"new.csv\")";
const PAGE: &str =
    "it is an HTML or XML page, perhaps of a login or an error in place of a download; fetch the file again";

/// What kind of file this is, and the way out; nothing when it may be text. `start` is its beginning.
pub(super) fn hint(start: &[u8]) -> Option<&'static str> {
    let listed = KINDS.iter().find(|(first, _)| start.starts_with(first)).map(|(_, hint)| *hint);
    listed.or_else(|| match start {
        [b'P', b'K', 3, 4, ..] => Some(zip(start)),
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', ..] => {
            Some("it is packed with bzip2; unpack it with `bzip2 -dk FILE`, or pack it with gzip")
        }
        [0x80, 2..=5, ..] => Some(PICKLE),
        [b'A', b'\n', b'2' | b'3', b'\n', rest @ ..] if is_number_line(rest) => Some(R_OBJECT),
        _ if start.get(257..262) == Some(b"ustar") => {
            Some("it is a tar archive; unpack it with `tar -xf FILE` and give the file that is in it")
        }
        _ => page(start),
    })
}

/// Excel's, NumPy's and others' files are zip archives of a certain content.
fn zip(start: &[u8]) -> &'static str {
    let holds = |name: &[u8]| start.windows(name.len()).any(|bytes| bytes == name);
    match () {
        () if holds(b"[Content_Types].xml") || holds(b"xl/") || holds(b"_rels/") => {
            "it is an Excel file (.xlsx); save the sheet as CSV"
        }
        () if holds(b"opendocument") => "it is an OpenDocument file; save the sheet as CSV",
        () if holds(b".npy") => {
            "it is an archive of NumPy arrays (.npz), which names no rows and columns; save them as a table with ids"
        }
        () => {
            "it is a zip archive (as Excel files are); unpack it and give the file that is in it, or save the sheet as CSV"
        }
    }
}

/// An ASCII serialisation of R tells the version of R as a number of five digits or more.
fn is_number_line(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits >= 5 && text.get(digits) == Some(&b'\n')
}

fn page(start: &[u8]) -> Option<&'static str> {
    const TAGS: [&[u8]; 10] = [
        b"<!doctype",
        b"<!--",
        b"<?xml",
        b"<html",
        b"<head",
        b"<body",
        b"<error",
        b"<script",
        b"<title",
        b"<meta",
    ];
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins = |tag: &&[u8]| text.get(..tag.len()).is_some_and(|first| first.eq_ignore_ascii_case(tag));
    if TAGS.iter().any(begins) {
        return Some(PAGE);
    }
    let after_brace = text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let is_json = matches!(after_brace, Some([b'"' | b'}' | b'{', ..]));
    is_json.then_some("it is JSON; write the table as text with tabs or commas between fields")
}
