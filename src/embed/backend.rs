//! The seam between the engines and whoever runs networks.

use super::Provider;
use super::port::{Port, Profiles};

/// What runs networks.
pub(super) trait Backend: Send + Sync {
    /// Opens a network on `provider`, ready for one thread at a time.
    fn open(&self, network: &[u8], provider: Provider) -> Result<Box<dyn Session>, String>;

    /// Whether networks can run on a CUDA device here and now; the reason when they cannot.
    fn try_cuda(&self) -> Result<(), String>;
}

/// An open network.
pub(super) trait Session: Send {
    /// Inputs and outputs in the order of the network.
    fn ports(&self) -> (Vec<Port>, Vec<Port>);

    /// Runs the network on `profiles`, and gives them the output.
    fn run(&mut self, profiles: &mut Profiles<'_>) -> Result<(), String>;
}
