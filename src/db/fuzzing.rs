//! What fuzzers do with bytes from anywhere: read them as the sections of a calibration. Whatever they are, the answer is a
//! value or an error; never a panic.

pub use super::calibration::fuzzing::calibration;
