//! Other programs are the judges: values equal what h5py and cmapPy read, and they read what is written here.
//!
//! Needs a Python with h5py and cmapPy, named by `L1KDB_PYTHON` (default `python3`), and `../shared/fixtures`.

use std::path::{Path, PathBuf};
use std::process::Command;

use l1kdb::profile::{GctxContent, MatrixFile, ProfileError, Table, write_gct, write_gctx, write_npy};

use crate::needs;

/// cmapPy asks pandas for a way of converting numbers that pandas 3 no longer has.
const PANDAS: &str = r#"
import warnings, logging, pandas as pd
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
strict = pd.to_numeric
def to_numeric(values, errors="raise", **more):
    try: return strict(values, errors="raise" if errors == "ignore" else errors, **more)
    except (ValueError, TypeError):
        if errors == "ignore": return values
        raise
pd.to_numeric = to_numeric
"#;

/// For each way and path of its arguments, prints extents, ids and the bits of all values (signature by signature),
/// or the error.
const READ: &str = r#"
import sys
import h5py, numpy as np
def text(values): return [v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in values]
def read(way, path):
    if way == "h5py":
        with h5py.File(path, "r") as f:
            rows = text(f["0/META/ROW/id"][:]) if "0/META/ROW/id" in f else []
            return f["0/DATA/0/matrix"][:].astype(np.float32), rows, text(f["0/META/COL/id"][:])
    from cmapPy.pandasGEXpress.parse import parse
    g = parse(path)
    return g.data_df.to_numpy().astype(np.float32).T, text(g.data_df.index), text(g.data_df.columns)
for way, path in zip(sys.argv[1::2], sys.argv[2::2]):
    try: m, rows, cols = read(way, path)
    except Exception as e: print("error\x1e" + repr(e).replace("\n", " ")); continue
    bits = np.ascontiguousarray(m).view(np.uint32).ravel()
    print("\x1e".join(["matrix", "\x1f".join(rows), "\x1f".join(cols), " ".join(format(b, "x") for b in bits)]))
"#;

pub struct Oracle {
    rows: Vec<String>,
    columns: Vec<String>,
    values: Vec<f32>,
}

/// A Python that reads the files of other programs.
pub fn python() -> Option<String> {
    needs::python("h5py, cmapPy")
}

/// What one Python process says about files, each read in the way that stands beside it.
pub fn ask(python: &str, files: &[(&str, &Path)]) -> Vec<Result<Oracle, String>> {
    let mut command = Command::new(python);
    command.args(["-c", &format!("{PANDAS}{READ}")]);
    for (way, path) in files {
        command.arg(way).arg(path);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| line.starts_with("matrix\x1e") || line.starts_with("error\x1e"));
    let answers: Vec<_> = lines.map(answer).collect();
    assert_eq!(answers.len(), files.len(), "{text}");
    answers
}

fn answer(line: &str) -> Result<Oracle, String> {
    let ids = |text: &str| text.split('\x1f').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let bits = |word| f32::from_bits(u32::from_str_radix(word, 16).unwrap());
    match line.split('\x1e').collect::<Vec<_>>()[..] {
        ["matrix", rows, columns, values] => Ok(Oracle {
            rows: ids(rows),
            columns: ids(columns),
            values: values.split(' ').filter(|word| !word.is_empty()).map(bits).collect(),
        }),
        _ => Err(line.to_owned()),
    }
}

fn fixtures(extension: &str) -> Vec<PathBuf> {
    let Some(root) = needs::shared("fixtures") else { return Vec::new() };
    let folders = std::fs::read_dir(&root).unwrap();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

pub fn whole(file: &mut MatrixFile) -> Vec<f32> {
    let rows: Vec<usize> = (0..file.row_count()).collect();
    let columns: Vec<usize> = (0..file.column_ids().len()).collect();
    file.read(&rows, &columns).unwrap()
}

/// Equal to the last bit, or to within one step of a float32 where a decimal was rounded twice.
fn assert_same(path: &Path, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{}", path.display());
    for (i, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= f32::EPSILON * expected.abs();
        assert!(near || found.is_nan() && expected.is_nan(), "{}: {i}: {found} {expected}", path.display());
    }
}

pub fn assert_reads_as(path: &Path, oracle: &Oracle) {
    let mut file = MatrixFile::open(path).unwrap();
    assert_eq!(file.row_ids().unwrap_or_default(), oracle.rows, "{}", path.display());
    assert_eq!(file.column_ids(), oracle.columns, "{}", path.display());
    assert_same(path, &whole(&mut file), &oracle.values);
}

#[test]
fn every_gctx_fixture_reads_as_h5py_reads_it() {
    let Some(python) = python() else { return };
    let files = fixtures("gctx");
    let questions: Vec<_> = files.iter().map(|path| ("h5py", path.as_path())).collect();
    let mut compared = 0;
    for (path, answer) in files.iter().zip(ask(&python, &questions)) {
        match answer {
            Ok(oracle) => {
                assert_reads_as(path, &oracle);
                compared += 1;
            }
            // A GCT text under the name of a GCTX: cmapPy goes by the name, this reader by the bytes.
            Err(error) if error.contains("signature not found") => {
                let renamed = tempfile::Builder::new().suffix(".gct").tempfile().unwrap();
                std::fs::copy(path, renamed.path()).unwrap();
                let oracle = ask(&python, &[("cmapPy", renamed.path())]).remove(0).unwrap();
                assert_reads_as(path, &oracle);
            }
            Err(_) => {
                let error = MatrixFile::open(path).err().expect("h5py finds no matrix either");
                assert!(matches!(error, ProfileError::NotGctx { .. }), "{error}");
            }
        }
    }
    assert!(compared >= 8 || files.is_empty(), "only {compared} were compared");
}

#[test]
fn every_gct_fixture_reads_as_cmappy_reads_it() {
    let Some(python) = python() else { return };
    let files = fixtures("gct");
    let questions: Vec<_> = files.iter().map(|path| ("cmapPy", path.as_path())).collect();
    for (path, answer) in files.iter().zip(ask(&python, &questions)) {
        match answer {
            // `modzs_n25x50.gct` announces 50 genes and holds 36.
            Err(error) if error.contains("shape of full_df") => {
                let refused = MatrixFile::open(path).err().expect("cmapPy refuses it too");
                assert!(matches!(refused, ProfileError::Shape { .. }), "{refused}");
            }
            oracle => assert_reads_as(path, &oracle.unwrap()),
        }
    }
}

/// GCTX files as other writers leave them: each is 4 signatures of 3 genes, and says so in another way.
const ODD: &str = r#"
import sys, h5py, numpy as np
folder = sys.argv[1]
m = np.arange(12, dtype="f4").reshape(4, 3) / 3 - 1
rows, cols = ["5720", "466", "6009"], ["S1", "S2", "S3", "S4"]
def write(name, libver="earliest", matrix=m, rid=np.array(rows, "S"), cid=np.array(cols, "S"), sdt=None, version=True, **options):
    with h5py.File(f"{folder}/{name}.gctx", "w", libver=libver) as f:
        if version is True: f.attrs["version"] = np.bytes_("GCTX1.0")
        elif version is not None: f.attrs["version"] = version
        f.create_dataset("0/DATA/0/matrix", data=matrix, **options)
        if rid is not None: f.create_dataset("0/META/ROW/id", data=rid, **({"dtype": sdt} if sdt else {}))
        f.create_dataset("0/META/COL/id", data=cid, **({"dtype": sdt} if sdt else {}))
        f.create_dataset("0/META/COL/dose", data=np.array([b"10 \xb5M"] * 4))
for libver in ["earliest", "v108", "v110", "v112", "latest"]:
    for layout, options in [("plain", {}), ("chunked", dict(chunks=(3, 2))), ("gzip", dict(chunks=(2, 3), compression="gzip")),
            ("shuffle", dict(chunks=(1, 2), compression="gzip", shuffle=True)), ("fletcher", dict(chunks=(4, 1), fletcher32=True)),
            ("lzf", dict(chunks=(3, 3), compression="lzf")), ("growing", dict(chunks=(2, 2), maxshape=(None, 3))),
            ("growing2", dict(chunks=(2, 2), maxshape=(None, None)))]:
        write(f"{libver}-{layout}", libver=libver, **options)
write("double", matrix=m.astype("f8")); write("big", matrix=m.astype(">f4")); write("bigdouble", matrix=m.astype(">f8"))
write("int", matrix=np.arange(12, dtype="i4").reshape(4, 3) - 5); write("byte", matrix=np.arange(12, dtype="i1").reshape(4, 3) - 5)
write("vlen", rid=np.array(rows, object), cid=np.array(cols, object), sdt=h5py.string_dtype())
write("vlenascii", rid=np.array(rows, object), cid=np.array(cols, object), sdt=h5py.string_dtype("ascii"))
write("intids", rid=np.array([5720, 466, 6009]), cid=np.array([11, 12, 13, 14]))
write("noversion", version=None); write("arrayversion", version=np.array([b"GCTX1.0"])); write("vlenversion", version="GCTX1.0")
write("norows", rid=None); write("latin", cid=np.array([b"\xb5%d" % i for i in range(4)]))
"#;

#[test]
fn every_layout_that_h5py_writes_is_read() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(&python).args(["-c", ODD]).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() > 50);
    let questions: Vec<_> = files.iter().map(|path| ("h5py", path.as_path())).collect();
    for (path, oracle) in files.iter().zip(ask(&python, &questions)) {
        let name = path.file_stem().unwrap().to_string_lossy();
        // What the newest HDF5 writes, and matrices that may grow both ways, are beyond the HDF5 reader.
        let beyond = name.starts_with("latest") || name.ends_with("growing2");
        if let Some(refused) = MatrixFile::open(path).err().filter(|_| beyond) {
            assert!(refused.to_string().contains("h5repack"), "{refused}");
            continue;
        }
        assert_reads_as(path, &oracle.unwrap());
        let mut file = MatrixFile::open(path).unwrap();
        assert_eq!(file.column_metadata().cell(3, 1), "10 \u{b5}M");
        let all = whole(&mut file);
        let width = file.row_count();
        assert_eq!(
            file.read(&[2, 0], &[3, 1]).unwrap(),
            [3, 1].map(|i| [all[i * width + 2], all[i * width]]).concat()
        );
    }
}

fn example() -> (Vec<String>, Vec<String>, Vec<f32>, Table, Table) {
    let ids: Vec<String> = (0..7).map(|i| format!("SIG{i}_A375_24H:BRD-{i}:10")).collect();
    let genes: Vec<String> = ["5720", "466", "6009"].map(str::to_owned).to_vec();
    let values = (0..21).map(|i| (i as f32 - 10.0) / 3.0).collect();
    let mut columns = Table::new(["id", "pert_iname", "cell_id"].map(str::to_owned).to_vec());
    for (i, id) in ids.iter().enumerate() {
        columns.push([id.as_str(), if i == 3 { "" } else { "aspirin" }, "A375"]);
    }
    let mut rows = Table::new(["id", "pr_gene_symbol"].map(str::to_owned).to_vec());
    for (id, symbol) in genes.iter().zip(["PSME1", "ATF1", "RHEB"]) {
        rows.push([id.as_str(), symbol]);
    }
    (ids, genes, values, columns, rows)
}

#[test]
fn h5py_and_cmappy_read_the_gctx_and_gct_that_are_written() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (ids, row_ids, values, columns, rows) = example();
    let content = GctxContent {
        ids: &ids,
        row_ids: &row_ids,
        values: &values,
        columns: Some(&columns),
        rows: Some(&rows),
    };
    let (gctx, gct) = (folder.path().join("a.gctx"), folder.path().join("a.gct"));
    write_gctx(&gctx, &content).unwrap();
    write_gct(&gct, &content).unwrap();
    let questions = [("h5py", gctx.as_path()), ("cmapPy", &gctx), ("cmapPy", &gct)];
    for ((way, path), answer) in questions.iter().zip(ask(&python, &questions)) {
        let oracle = answer.unwrap_or_else(|error| panic!("{way}: {error}"));
        assert_eq!((&oracle.rows, &oracle.columns), (&row_ids, &ids), "{way} {}", path.display());
        assert_same(path, &oracle.values, &values);
    }
    let metadata = format!(
        "{PANDAS}\nimport sys; from cmapPy.pandasGEXpress.parse import parse; g = parse(sys.argv[1]); \
        print(list(g.col_metadata_df['pert_iname'].fillna('-')), list(g.row_metadata_df['pr_gene_symbol']))"
    );
    for path in [&gctx, &gct] {
        let output = Command::new(&python).args(["-c", &metadata]).arg(path).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            text.contains("'aspirin', '-', 'aspirin'") && text.contains("['PSME1', 'ATF1', 'RHEB']"),
            "{text}"
        );
    }
}

#[test]
fn numpy_reads_the_npy_that_is_written() {
    let Some(python) = python() else { return };
    let path = tempfile::tempdir().unwrap().keep().join("e.npy");
    write_npy(&path, &[1.0, 2.0, 3.0, 4.0, 5.0, 0.1], 3).unwrap();
    let print = "import sys, numpy as np; a = np.load(sys.argv[1]); print(a.shape, a.dtype, a[1, 2] == np.float32(0.1))";
    let output = Command::new(&python).args(["-c", print]).arg(&path).output().unwrap();
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "(2, 3) float32 True");
}
