use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

fn lines(bytes: &[u8]) -> Result<Vec<String>, String> {
    let read = || {
        let mut lines = Source::from_bytes(Path::new("t.txt"), bytes.to_vec())?.lines()?;
        let (mut all, mut line) = (Vec::new(), Vec::new());
        while lines.read(&mut line)? {
            all.push(decode(&std::mem::take(&mut line)).into_owned());
        }
        Ok(all)
    };
    read().map_err(|error: ProfileError| error.to_string())
}

#[test]
fn lines_end_with_lf_cr_or_both_even_in_one_file_and_across_buffers() {
    assert_eq!(lines(b"a\nb\rc\r\nd\n\re").unwrap(), ["a", "b", "c", "d", "", "e"]);
    for end in ["\n", "\r", "\r\n"] {
        let text = format!("{}{end}", "x".repeat(7)).repeat(300_000);
        let found = lines(text.as_bytes()).unwrap();
        assert_eq!(found.len(), 300_000);
        assert!(found.iter().all(|line| line == "xxxxxxx"));
        assert_eq!(lines(&gzipped(text.as_bytes())).unwrap(), found);
    }
}

#[test]
fn utf_16_and_utf_32_are_read_with_and_without_a_byte_order_mark() {
    let text = "sig_id\tname\nA:1\t10 µM 𝛼\n";
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}{text}");
        let wide: Vec<u16> = text.encode_utf16().collect();
        let units: Vec<u32> = text.chars().map(u32::from).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        ] {
            assert_eq!(lines(&bytes).unwrap(), ["sig_id\tname", "A:1\t10 µM 𝛼"], "{bytes:?}");
        }
    }
    let cut = lines(b"\xff\xfea\0b").unwrap_err();
    assert!(cut.contains("in the middle of a character"), "{cut}");
    let unpaired = lines(b"\xff\xfe\0\xd8a\0").unwrap_err();
    assert!(unpaired.contains("UTF-8"), "{unpaired}");
}

#[test]
fn text_that_is_not_utf_8_is_taken_as_windows_1252() {
    assert_eq!(lines(b"10 \xb5M \x96 \x80").unwrap(), ["10 µM – €"]);
}

#[test]
fn gzip_is_unpacked_in_several_members_and_layers_and_with_zeros_behind() {
    let (once, other) = (gzipped(b"a\nb\n"), gzipped(b"c\n"));
    for bytes in [
        [&once[..], &other].concat(),
        [&once[..], &gzipped(b""), &other, &[0; 5000]].concat(),
        gzipped(&[&once[..], &other].concat()),
        gzipped(&gzipped(&gzipped(b"a\nb\nc\n"))),
    ] {
        assert_eq!(lines(&bytes).unwrap(), ["a", "b", "c"]);
    }
    let deep = (0..6).fold(b"a\n".to_vec(), |bytes, _| gzipped(&bytes));
    assert!(lines(&deep).unwrap_err().contains("four times"));
}

#[test]
fn a_gzip_that_is_cut_off_damaged_or_followed_by_something_is_told_as_such() {
    let text: String = (0..20_000).map(|i| format!("{i}\n")).collect();
    let packed = gzipped(text.as_bytes());
    for end in (11..packed.len()).step_by(97).chain([packed.len() - 1]) {
        for bytes in [packed[..end].to_vec(), gzipped(&packed[..end])] {
            let error = lines(&bytes).unwrap_err();
            assert!(
                error.contains("t.txt") && error.contains("cut off") && error.contains("again"),
                "{error}"
            );
        }
    }
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40].fill(0xff);
    let error = lines(&damaged).unwrap_err();
    assert!(error.contains("damaged") && !error.contains("deflate"), "{error}");
    let error = lines(&[&packed[..], b"trailing"].concat()).unwrap_err();
    assert!(error.contains("follows it") && error.contains("gzip -dc"), "{error}");
}

#[test]
fn a_line_that_never_ends_is_an_error_that_says_so() {
    let error = lines(&vec![b'a'; LONGEST + 2]).unwrap_err();
    assert!(error.contains("line 1: longer than 64 MiB"), "{error}");
    assert_eq!(lines(&vec![b'a'; LONGEST]).unwrap().len(), 1);
}

#[test]
fn a_nul_byte_is_refused_with_its_line() {
    let error = lines(&[b"a\nb\nc\n".repeat(100).as_slice(), b"d\0e\n"].concat()).unwrap_err();
    assert!(error.contains("line 301: a NUL byte"), "{error}");
}

#[test]
fn files_of_other_kinds_are_called_what_they_are_with_a_way_out() {
    for (start, kind) in [
        (b"PK\x03\x04....[Content_Types].xml".as_slice(), "Excel"),
        (b"PK\x03\x04....values.npy", ".npz"),
        (b"PK\x03\x04....data.csv", "zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        (b"\xfd7zXZ\0", "xz -dk"),
        (b"BZh91AY&SY", "bzip2 -dk"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd -d"),
        (b"X\n\0\0\0\x03", "readRDS"),
        (b"A\n3\n262657\n", "readRDS"),
        (b"RDX3\nX\n", "RData"),
        (b"%PDF-1.7", "PDF"),
        (b"  <!DOCTYPE html>", "HTML"),
        (b"\xef\xbb\xbf<html>", "HTML"),
        (b"{\"a\": 1}", "JSON"),
        (b"PAR1\x15", "Parquet"),
        (b"\x80\x04\x95", "pickle"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"\x93NUMPY\x01", "NumPy"),
        (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
        (b"\x01\0\x02\0", "binary"),
        (&[&[b'a'; 257][..], b"ustar\x0000"].concat(), "tar -xf"),
    ] {
        for bytes in [start.to_vec(), gzipped(start)] {
            let error = lines(&bytes).unwrap_err();
            assert!(
                error.contains(kind) && error.contains("t.txt") && !error.contains('\n'),
                "{kind}: {error}"
            );
        }
    }
    for text in ["<NA>\nx\n", "A\n2\n3\n", "{x}\n", "BZh9\n", ""] {
        assert!(lines(text.as_bytes()).is_ok(), "{text}");
    }
}
