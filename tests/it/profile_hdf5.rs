//! HDF5 of every number type, layout and program is read as h5py reads it, or told what it is with a way out.

use std::path::{Path, PathBuf};
use std::process::Command;

use l1kdb::profile::*;
use l1kdb::progress::Quiet;

use crate::needs;
use crate::profile_oracle::{ask, assert_reads_as, python};

/// GCTX of 4 signatures of 3 genes in every plain type of numbers, and with ids and metadata of every type.
const TYPES: &str = r#"
import sys, h5py, numpy as np
folder = sys.argv[1]
rows, cols = ["5720", "466", "6009"], ["S1", "S2", "S3", "S4"]
m = np.array([[0, 1, -2], [3.5, -0.25, 7], [100, -100, 0.5], [-6, 2, 1]])
def write(name, matrix=m, rid=np.array(rows, "S"), cid=np.array(cols, "S"), meta={}, track=False, sdt=None, **options):
    with h5py.File(f"{folder}/{name}.gctx", "w", track_order=track) as f:
        if "dtype" in options or "data" not in options: options.setdefault("data", matrix)
        f.create_dataset("0/DATA/0/matrix", **options)
        f.create_dataset("0/META/ROW/id", data=rid); f.create_dataset("0/META/COL/id", data=cid, dtype=sdt)
        for key, value in meta.items(): f.create_dataset("0/META/COL/" + key, data=value, dtype=sdt)
for order in "<>":
    for kind in ["f2", "f4", "f8"]: write(f"{order == '<'}-{kind}", matrix=m.astype(order + kind))
    for kind in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        write(f"{order == '<'}-{kind}", matrix=(np.abs(m) if kind[0] == "u" else m).round().astype(order + kind))
write("longdouble", matrix=m.astype(np.longdouble)); write("bool", matrix=m > 0)
half = m.astype("f2")
for name, options in [("gzip", dict(chunks=(2, 2), compression="gzip")), ("all", dict(chunks=(3, 2), compression="gzip", shuffle=True, fletcher32=True)),
        ("lzf", dict(chunks=(4, 3), compression="lzf", shuffle=True)), ("chunked", dict(chunks=(1, 3)))]:
    write("half-" + name, matrix=half, **options)
write("scaleoffset", matrix=(m * 4).astype("i4"), chunks=(2, 3), scaleoffset=0)
brain = h5py.h5t.IEEE_F32LE.copy(); brain.set_fields(15, 7, 8, 0, 7); brain.set_size(2); brain.set_ebias(127)
with h5py.File(f"{folder}/brain.gctx", "w") as f:
    group = f.create_group("0/DATA/0"); space = h5py.h5s.create_simple((4, 3))
    d = h5py.h5d.create(group.id, b"matrix", brain, space); d.write(h5py.h5s.ALL, h5py.h5s.ALL, m.astype("f4"))
    f["0/META/ROW/id"] = np.array(rows, "S"); f["0/META/COL/id"] = np.array(cols, "S")
with h5py.File(f"{folder}/compact.gctx", "w") as f:
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE); plist.set_layout(h5py.h5d.COMPACT)
    group = f.create_group("0/DATA/0"); space = h5py.h5s.create_simple((4, 3))
    d = h5py.h5d.create(group.id, b"matrix", h5py.h5t.IEEE_F32BE, space, plist); d.write(h5py.h5s.ALL, h5py.h5s.ALL, m.astype("f4"))
    f["0/META/ROW/id"] = np.array(rows, "S"); f["0/META/COL/id"] = np.array(cols, "S")
for name, fill in [("holes", 0), ("filled", -1.5)]:
    with h5py.File(f"{folder}/{name}.gctx", "w") as f:
        d = f.create_dataset("0/DATA/0/matrix", shape=(4, 3), chunks=(1, 3), dtype="f4", fillvalue=fill, compression="gzip"); d[2] = m[2]
        f["0/META/ROW/id"] = np.array(rows, "S"); f["0/META/COL/id"] = np.array(cols, "S")
write("floatids", rid=np.array([5720.0, 466.0, 6009.0], "f4"), cid=np.array([1.0, 2.0, 3.0, 4.0]))
write("halfids", cid=np.array([1, 2, 3, 4], "f2"))
write("latin", cid=np.array(["10 µM".encode("latin-1") + b"%d" % i for i in range(4)]))
write("latinvlen", cid=np.array([b"10 \xb5M%d" % i for i in range(3)] + ["ä".encode()], object), meta={"x": np.array([b"\xe9" * 5000, b"", b"b", b"c"], object)}, sdt=h5py.string_dtype())
write("tracked", track=True, meta={"z": np.arange(4), "a": np.arange(4)})
write("meta", meta={"b": np.array([True, False, True, True]), "f": np.array([0.5, 1, 2, 3], "f2"), "i": np.arange(4, dtype=">i8"),
    "v": np.array(["x", "ä", "", "z"], h5py.string_dtype()), "u": np.array([b"x", b"\xc3\xa4"] * 2)})
"#;

/// Runs Python in a new folder; the folder, and its files by name.
fn made(python: &str, code: &str) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(python).args(["-c", code]).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    (folder, files)
}

#[test]
fn numbers_of_every_type_and_layout_are_read_as_h5py_reads_them() {
    let Some(python) = python() else { return };
    let (folder, files) = made(&python, TYPES);
    assert!(files.len() > 35, "{}", files.len());
    // h5py cannot be asked for this one: it has no number of that layout to read it into. Ids of floats it writes as `1.0`.
    let unasked = ["brain", "floatids", "halfids", "bool", "latinvlen"];
    let is_asked = |path: &&PathBuf| !unasked.contains(&&*path.file_stem().unwrap().to_string_lossy());
    let asked: Vec<&PathBuf> = files.iter().filter(is_asked).collect();
    let questions: Vec<_> = asked.iter().map(|path| ("h5py", path.as_path())).collect();
    for (path, oracle) in asked.iter().zip(ask(&python, &questions)) {
        assert_reads_as(path, &oracle.unwrap());
    }
    let open = |name: &str| MatrixFile::open(folder.path().join(name)).unwrap();
    let mut brain = open("brain.gctx");
    assert_eq!(brain.read(&[0, 1, 2], &[1, 2]).unwrap(), [3.5, -0.25, 7.0, 100.0, -100.0, 0.5]);
    assert_eq!(open("bool.gctx").read(&[0, 1, 2], &[1]).unwrap(), [1.0, 0.0, 1.0]);
    let floats = open("floatids.gctx");
    assert_eq!(
        (floats.row_ids().unwrap(), floats.column_ids()),
        (&["5720", "466", "6009"].map(String::from)[..], &["1", "2", "3", "4"].map(String::from)[..])
    );
    let latin = open("latinvlen.gctx");
    assert_eq!(latin.column_ids(), ["10 µM0", "10 µM1", "10 µM2", "ä"].map(String::from));
    assert_eq!(latin.column_metadata().cell(0, 1), "é".repeat(5000));
    let meta = open("meta.gctx");
    let table = meta.column_metadata();
    let column =
        |name: &str| (0..4).map(|row| table.cell(row, table.column(&[name]).unwrap())).collect::<Vec<_>>();
    assert_eq!(column("b"), ["TRUE", "FALSE", "TRUE", "TRUE"]);
    assert_eq!((column("f"), column("i")), (vec!["0.5", "1", "2", "3"], vec!["0", "1", "2", "3"]));
    assert_eq!((column("v"), column("u")), (vec!["x", "ä", "", "z"], vec!["x", "ä", "x", "ä"]));
}

/// Two signatures of all landmarks as other programs write them, and files of programs that hold none.
const PROGRAMS: &str = r#"
import sys, h5py, numpy as np
folder, genes = sys.argv[1], [line.split("\t")[1] for line in open(sys.argv[2])][1:]
m = np.array([[np.sin(i * 0.7 + s) * 3 for i in range(978)] for s in range(2)], "f4")
text = h5py.string_dtype()
def file(name): return h5py.File(f"{folder}/{name}", "w")
def index(f, group, names, key="_index"):
    f.create_group(group).attrs["_index"] = key; f[group].create_dataset(key, data=np.array(names, object), dtype=text)
with file("dense.h5ad") as f:
    f["X"] = m; index(f, "obs", ["A", "B"]); index(f, "var", genes, "gene"); f["obs/dose"] = np.array([1.5, 10])
with file("symbols.h5ad") as f:
    f["X"] = m; index(f, "obs", ["A", "B"]); index(f, "var", ["v%d" % i for i in range(978)]); f["var"].create_dataset("sym", data=np.array(genes, object), dtype=text)
with file("refdb.h5") as f:
    f["assay"] = m; f["rownames"] = np.array(genes, "S"); f["colnames"] = np.array(["A", "B"], "S")
with file("sparse.h5ad") as f:
    x = f.create_group("X"); x["data"] = m.ravel(); x["indices"] = np.tile(np.arange(978), 2); x["indptr"] = np.array([0, 978, 1956]); index(f, "obs", "AB"); index(f, "var", genes)
with file("old.h5ad") as f:
    f["X"] = m; f["obs"] = np.array([(b"A",), (b"B",)], [("index", "S1")]); f["var"] = np.array([(b"A",)], [("index", "S1")])
with file("cells.loom") as f: f["matrix"] = m.T; f["row_attrs/Gene"] = np.array(genes, object); f["col_attrs/CellID"] = np.array(["A", "B"], object)
with file("10x.h5") as f:
    for name in ["data", "indices", "indptr", "shape", "barcodes"]: f["matrix/" + name] = np.arange(3)
with file("10x-2.h5") as f:
    for name in ["data", "indices", "indptr", "shape", "barcodes", "genes"]: f["GRCh38/" + name] = np.arange(3)
with h5py.File(f"{folder}/matlab.mat", "w", userblock_size=512) as f: f["m"] = m
with open(f"{folder}/matlab.mat", "r+b") as f: f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64")
with file("net.nc") as f: f["z"] = m; f.attrs["_NCProperties"] = "version=2"
with file("keras.h5") as f: f.create_group("model_weights")
with file("seurat.h5seurat") as f: f.create_group("assays"); f["cell.names"] = np.array(["A"], "S")
with file("store.h5") as f: f.create_group("df"); f.attrs["PYTABLES_FORMAT_VERSION"] = "2.1"
with file("multi.h5mu") as f: [f.create_group(name) for name in ["mod", "obs", "var"]]
with file("empty.h5"): pass
with file("mine.h5") as f: f["counts"] = m; f["names"] = np.array(genes, "S")
"#;

#[test]
fn hdf5_of_other_programs_is_read_or_named_with_a_way_out() {
    let Some(python) = python() else { return };
    let landmarks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/profile/genes/landmarks.tsv");
    let code = PROGRAMS.replace("sys.argv[2]", &format!("{landmarks:?}"));
    let (folder, _) = made(&python, &code);
    let read = |name: &str| read_profiles(folder.path().join(name), &ReadOptions::default(), &Quiet);
    let expected: Vec<f32> = (0..2 * GENES)
        .map(|i| (((i % GENES) as f64 * 0.7 + (i / GENES) as f64).sin() * 3.0) as f32)
        .collect();
    for (name, format) in [
        ("dense.h5ad", Format::AnnData),
        ("symbols.h5ad", Format::AnnData),
        ("refdb.h5", Format::SignatureSearch),
    ] {
        let (profiles, report) = read(name).unwrap();
        assert_eq!((profiles.ids(), report.format), (&["A", "B"].map(String::from)[..], format), "{name}");
        for (found, expected) in profiles.values().iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-5, "{name}: {found} {expected}");
        }
    }
    let dense = ProfileReader::open(folder.path().join("dense.h5ad"), &ReadOptions::default()).unwrap();
    assert_eq!(dense.metadata().unwrap().row(1).collect::<Vec<_>>(), ["B", "10"]);
    for (name, what, way_out) in [
        ("sparse.h5ad", "AnnData", "read_h5ad"),
        ("old.h5ad", "AnnData", "read_h5ad"),
        ("cells.loom", "Loom", "h5py"),
        ("10x.h5", "10x", "signatures"),
        ("10x-2.h5", "10x", "signatures"),
        ("matlab.mat", "MATLAB", "CSV"),
        ("net.nc", "NetCDF", "xarray"),
        ("keras.h5", "Keras", "networks are read as ONNX"),
        ("seurat.h5seurat", "h5Seurat", "write.csv"),
        ("store.h5", "pandas", "read_hdf"),
        ("multi.h5mu", "MuData", "mudata"),
        ("empty.h5", "empty HDF5", "download"),
        ("mine.h5", "`counts`", "CSV"),
    ] {
        let message = read(name).err().unwrap_or_else(|| panic!("{name} was read")).to_string();
        let without_path = message.replace(&folder.path().display().to_string(), "");
        assert!(message.contains(name) && !message.contains('\n'), "{message}");
        assert!(without_path.contains(what) && without_path.contains(way_out), "{name}: {message}");
    }
}

/// The snippets of Python that messages propose, run as they stand.
#[test]
fn the_ways_out_of_other_hdf5_work_when_they_are_followed() {
    let Some(python) = needs::python("anndata, h5py, scipy") else { return };
    let code = r#"
import sys, anndata, h5py, numpy as np, pandas as pd, scipy.sparse as sp
genes = [line.split("\t")[1] for line in open(LANDMARKS)][1:]
m = np.array([[np.sin(i * 0.7 + s) * 3 for i in range(978)] for s in range(2)], "f4")
a = anndata.AnnData(sp.csr_matrix(m), obs=pd.DataFrame(index=["A", "B"]), var=pd.DataFrame(index=genes)); a.write_h5ad(sys.argv[1] + "/sparse.h5ad")
a = anndata.AnnData(m, obs=pd.DataFrame({"cell": ["x", "y"]}, index=["A", "B"]), var=pd.DataFrame(index=genes)); a.write_h5ad(sys.argv[1] + "/dense.h5ad")
with h5py.File(sys.argv[1] + "/cells.loom", "w") as f: f["matrix"] = m.T; f["row_attrs/Gene"] = np.array(genes, object); f["col_attrs/CellID"] = np.array(["A", "B"], object)
"#;
    let landmarks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/profile/genes/landmarks.tsv");
    let (folder, _) = made(&python, &code.replace("LANDMARKS", &format!("{landmarks:?}")));
    let read = |name: &str| read_profiles(folder.path().join(name), &ReadOptions::default(), &Quiet);
    let (expected, _) = read("dense.h5ad").unwrap();
    for name in ["sparse.h5ad", "cells.loom"] {
        let message = read(name).err().unwrap().to_string();
        let snippet = message.split("in Python: ").nth(1).unwrap();
        let output = Command::new(&python).args(["-c", snippet]).output().unwrap();
        assert!(output.status.success(), "{snippet}: {}", String::from_utf8_lossy(&output.stderr));
        let (profiles, _) = read(&format!("{name}.csv")).unwrap();
        assert_eq!(profiles.ids(), expected.ids());
        let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
        assert!(profiles.values().iter().zip(expected.values()).all(near), "{name}");
    }
}

#[test]
fn a_compression_that_is_not_read_is_named_with_the_command_that_undoes_it() {
    let Some(python) = python() else { return };
    // The filter's id is all that a file without its plugin can carry: gzip's is overwritten in the header.
    let code = r#"
import sys, h5py, numpy as np
for id, name in [(32015, "zstd"), (32001, "blosc"), (4, "szip"), (5, "nbit"), (31999, "other")]:
    path = f"{sys.argv[1]}/{name}.gctx"
    with h5py.File(path, "w") as f:
        f.create_dataset("0/DATA/0/matrix", data=np.ones((4, 978), "f4"), chunks=(2, 978), compression="gzip")
        f["0/META/ROW/id"] = np.array([line.split("\t")[0] for line in open(LANDMARKS)][1:], "S"); f["0/META/COL/id"] = np.array(["S1", "S2", "S3", "S4"], "S")
    raw = open(path, "rb").read(); at = raw.index(b"deflate\0") - 8
    assert raw[at:at + 2] == b"\1\0"; open(path, "wb").write(raw[:at] + id.to_bytes(2, "little") + raw[at + 2:])
"#;
    let landmarks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/profile/genes/landmarks.tsv");
    let (folder, _) = made(&python, &code.replace("LANDMARKS", &format!("{landmarks:?}")));
    for (name, filter) in
        [("zstd", "Zstandard"), ("blosc", "Blosc"), ("szip", "SZIP"), ("nbit", "N-bit"), ("other", "31999")]
    {
        let path = folder.path().join(format!("{name}.gctx"));
        let message = read_profiles(&path, &ReadOptions::default(), &Quiet).err().unwrap().to_string();
        assert!(message.contains(filter) && message.contains("h5repack -f GZIP=4"), "{message}");
    }
}

#[test]
fn no_damage_to_hdf5_of_any_type_or_program_panics() {
    let Some(python) = python() else { return };
    let landmarks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/profile/genes/landmarks.tsv");
    let few_genes = PROGRAMS.replace("[1:]", "[1:9]").replace("978", "8");
    let programs = made(&python, &few_genes.replace("sys.argv[2]", &format!("{landmarks:?}")));
    let types = made(&python, TYPES);
    for path in programs.1.iter().chain(&types.1) {
        let whole = std::fs::read(path).unwrap();
        for at in (0..whole.len()).step_by(97) {
            fuzzing::gctx(&whole[..at]);
            let mut damaged = whole.clone();
            damaged[at] ^= [0xff, 0x01, 0x80][at % 3];
            fuzzing::gctx(&damaged);
        }
    }
}
