//! The seam between the engines and whoever runs networks: one of them, and networks that it has opened.

#[cfg(feature = "built-in")]
use super::built_in;
use super::{
    Provider, onnx,
    port::{Port, Profiles},
};

/// What runs networks.
pub(super) enum Backend {
    OnnxRuntime(onnx::OnnxRuntime),
    #[cfg(feature = "built-in")]
    BuiltIn,
}

impl Backend {
    /// Opens a network on `provider`, ready for one thread at a time.
    pub(super) fn open(&self, network: &[u8], provider: Provider) -> Result<Session, String> {
        match self {
            Self::OnnxRuntime(runtime) => runtime.open(network, provider).map(Session::OnnxRuntime),
            #[cfg(feature = "built-in")]
            Self::BuiltIn => built_in::Session::open(network).map(Session::BuiltIn),
        }
    }

    /// Whether networks can run on a CUDA device here and now; the reason when they cannot.
    pub(super) fn try_cuda(&self) -> Result<(), String> {
        match self {
            Self::OnnxRuntime(runtime) => runtime.try_cuda(),
            #[cfg(feature = "built-in")]
            Self::BuiltIn => Err("the built-in engine has no GPU support".into()),
        }
    }
}

/// An open network.
pub(super) enum Session {
    OnnxRuntime(onnx::Session),
    #[cfg(feature = "built-in")]
    BuiltIn(built_in::Session),
}

impl Session {
    /// Inputs and outputs in the order of the network.
    pub(super) fn ports(&self) -> (Vec<Port>, Vec<Port>) {
        match self {
            Self::OnnxRuntime(session) => session.ports(),
            #[cfg(feature = "built-in")]
            Self::BuiltIn(session) => session.ports(),
        }
    }

    /// Runs `input`, rows of `width` values row-major, into `output`, as many rows of any width.
    pub(super) fn run(&mut self, input: &[f32], width: usize, output: &mut [f32]) -> Result<(), String> {
        let mut profiles = Profiles::new(input, width, output);
        match self {
            Self::OnnxRuntime(session) => session.run(&mut profiles),
            #[cfg(feature = "built-in")]
            Self::BuiltIn(session) => session.run(&mut profiles),
        }
    }
}
