#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| l1kdb::db::fuzzing::calibration(bytes));
