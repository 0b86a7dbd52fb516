//! Where slopes are computed.

use super::batches::Batch;
use super::job::{Job, Objective};
use super::processor::Processor;
use super::recipe::Device;
use crate::TrainError;

/// What computes slopes for a job.
pub(crate) enum Engine<'a> {
    Processor(Processor<'a>),
    #[cfg(feature = "cuda")]
    Gpu(Box<super::accelerator::Gpu<'a>>),
}

impl<'a> Engine<'a> {
    /// The engine that the recipe asks for.
    ///
    /// # Errors
    /// [`TrainError::Config`] when this build or this machine has none.
    pub(crate) fn new(job: &'a Job<'a>) -> Result<Self, TrainError> {
        match job.recipe.device {
            Device::Cpu => Ok(Self::Processor(Processor::new(job))),
            #[cfg(feature = "cuda")]
            Device::Cuda => Ok(Self::Gpu(Box::new(super::accelerator::Gpu::on_first(job)?))),
            #[cfg(not(feature = "cuda"))]
            Device::Cuda => Err(TrainError::config("device", super::recipe::NO_CUDA.to_owned())),
        }
    }

    /// The mean loss of `batch`; writes its slope by `weights`, the network's and then the classes', to `gradient`.
    pub(crate) fn slope(
        &mut self,
        weights: &[f32],
        batch: &Batch,
        objective: Objective,
        gradient: &mut [f32],
    ) -> f64 {
        match self {
            Self::Processor(processor) => processor.slope(weights, batch, objective, gradient),
            #[cfg(feature = "cuda")]
            Self::Gpu(gpu) => gpu.slope(weights, batch, objective, gradient),
        }
    }
}
