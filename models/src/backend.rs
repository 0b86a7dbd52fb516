//! Where tensors live: burn's processor backend, and its CUDA backend with the feature `cuda`.

use burn::backend::{Autodiff, Flex};

/// Trains on the processor.
pub type Cpu = Autodiff<Flex>;

/// Trains on an NVIDIA GPU.
#[cfg(feature = "cuda")]
pub type Gpu = Autodiff<burn::backend::Cuda>;
