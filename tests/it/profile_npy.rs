//! Arrays of NumPy are read as NumPy wrote them.

use std::process::Command;

use l1kdb::profile::read_npy;

use crate::profile_oracle::python;

/// 3 x 2 numbers in every plain type, order of bytes, order of rows and version of the format; and arrays that are none.
const ARRAYS: &str = r#"
import sys, numpy as np
m = np.array([[0, 1], [2, 100], [7, 3]])
signed = m * np.array([[1, -1], [1, -1], [-1, 1]])
def write(name, array, version=(1, 0)):
    with open(f"{sys.argv[1]}/{name}.npy", "wb") as f: np.lib.format.write_array(f, array, version=version, allow_pickle=True)
for order in "<>":
    for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        for layout in "CF":
            values = m if kind[0] == "u" else signed
            write(f"{'u' if kind[0] == 'u' else 's'}-{kind}-{order == '<'}-{layout}", np.asarray(values, order + kind, order=layout))
for version in [(1, 0), (2, 0), (3, 0)]: write(f"s-version{version[0]}", signed.astype("f4"), version)
write("b-bool", m > 2)
for name, array in [("object", m.astype(object)), ("text", m.astype(str)), ("complex", m.astype("c8")), ("longdouble", m.astype("g")),
        ("records", np.zeros(3, [("a", "f4"), ("b", "f4")])), ("flat", m.ravel()), ("deep", m[None]), ("norows", m[:0]), ("nocolumns", m[:, :0]),
        ("dates", m.astype("M8[s]"))]: write("x-" + name, array)
"#;

#[test]
fn arrays_of_every_plain_type_are_read_and_others_named() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(&python).args(["-c", ARRAYS]).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut read = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected = match name.split('-').next().unwrap() {
            "u" => [0.0, 1.0, 2.0, 100.0, 7.0, 3.0],
            "s" => [0.0, -1.0, 2.0, -100.0, -7.0, 3.0],
            "b" => [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            _ => {
                let error = read_npy(&path).expect_err(&name).to_string();
                assert!(error.contains(&name) && !error.contains('\n'), "{error}");
                continue;
            }
        };
        assert_eq!(read_npy(&path).unwrap(), (expected.to_vec(), 2), "{name}");
        read += 1;
    }
    assert_eq!(read, 48);
}
