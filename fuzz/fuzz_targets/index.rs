#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| l1kdb_index::fuzzing::open_and_search(bytes));
