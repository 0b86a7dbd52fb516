#![no_main]

use l1kdb::eval::split::Split;
use l1kdb::profile::read_npy;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("l1kdb-fuzz-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("the temporary folder can be written");
    if let Ok((values, dim)) = read_npy(&path) {
        assert_eq!(values.len() % dim, 0);
    }
    if let Ok(split) = Split::read(&path) {
        split.save(&path).expect("what was read can be written");
        assert_eq!(Split::read(&path).expect("and read again"), split);
    }
});
