//! What fuzzers do with bytes from anywhere: look through them as a network. Whatever they are, the answer is a value or an
//! error; never a panic, and never memory beyond what the bytes could hold.

use super::inspect::inspect;

/// Looks through the bytes as an ONNX file.
pub fn onnx(bytes: &[u8]) {
    if let Ok(batch) = inspect(bytes) {
        assert!(batch > 0);
    }
}
