//! Where networks run.

use std::fmt;

/// The device that networks run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Provider {
    /// The processor.
    #[default]
    Cpu,
    /// The first CUDA device (`CUDA_VISIBLE_DEVICES` chooses), with a GPU build of ONNX Runtime.
    Cuda,
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "CPU",
            Self::Cuda => "CUDA",
        })
    }
}
