//! The only file that names `ort`, the binding of ONNX Runtime.
//!
//! `ort` keeps one library and one table of functions for the whole process. Two of its habits shape this file
//! (version 2.0.0-rc.14): a failed `init_from` leaves its cell marked as filled, so that it must not be called
//! with a library that has not been proved to load; and `ort::api()` panics when no library was loaded. So
//! [`probe`] looks first, with calls that keep no state, and nothing else here runs before [`OnnxRuntime::start`].

use std::{panic, path::Path};

use ort::{
    environment::Environment,
    session::builder::{GraphOptimizationLevel, SessionBuilder},
    value::{TensorRef, ValueType},
};

use super::{
    LibraryFault, Provider,
    backend::{Backend, Session},
    port::{Port, Profiles, one_line},
};

/// The oldest minor version of ONNX Runtime 1.x that serves.
pub(super) const OLDEST_MINOR: u32 = ort::MINOR_VERSION;

/// Loads `library` and tells its minor version, without deciding to use it.
///
/// The library stays loaded: unloading ONNX Runtime and loading it again would cost the start of a query twice.
pub(super) fn probe(library: &Path) -> Result<u32, LibraryFault> {
    ort::util::preload_dylib(library).map_err(|error| LibraryFault::NotLoadable(one_line(error)))?;
    match ort::util::probe(library) {
        None => Err(LibraryFault::NotOnnxRuntime),
        Some(found) if found < OLDEST_MINOR => Err(LibraryFault::TooOld { expected: OLDEST_MINOR, found }),
        Some(found) => Ok(found),
    }
}

/// A running ONNX Runtime. There is at most one in a process.
pub(super) struct OnnxRuntime(Environment);

impl OnnxRuntime {
    /// Starts ONNX Runtime from a library that [`probe`] accepted.
    pub(super) fn start(library: &Path) -> Result<Self, LibraryFault> {
        // `ort` panics over a library that tells a version and then has no interface of that version.
        let started = panic::catch_unwind(|| Self::start_loaded(library));
        let hollow = || "it does not have the interface of its version".to_owned();
        started.unwrap_or_else(|_| Err(hollow())).map_err(LibraryFault::NotStarted)
    }

    fn start_loaded(library: &Path) -> Result<Self, String> {
        let builder = ort::init_from(library).map_err(one_line)?;
        let environment = builder.with_name("l1kdb").with_telemetry(false).build().map_err(one_line)?;
        quieten(&environment);
        Ok(Self(environment))
    }
}

impl Backend for OnnxRuntime {
    fn open(&self, onnx: &[u8], provider: Provider) -> Result<Box<dyn Session>, String> {
        let builder = SessionBuilder::new(&self.0).map_err(one_line)?;
        let mut builder = small_network(builder, provider).map_err(one_line)?;
        Ok(Box::new(builder.commit_from_memory(onnx).map_err(one_line)?))
    }

    fn try_cuda(&self) -> Result<(), String> {
        self.open(ECHO, Provider::Cuda).map(drop)
    }
}

/// ORT_LOG is the switch `ort` itself reads; without it the runtime says nothing on stderr, errors come back as values.
fn quieten(environment: &Environment) {
    if std::env::var_os("ORT_LOG").is_none() {
        environment.set_log_level(ort::logging::LogLevel::Fatal);
    }
}

/// Settings for networks of some 100 thousand weights: one thread a session, since whole batches run side by side
/// in sessions of their own and a session without a pool of threads opens faster.
fn small_network(builder: SessionBuilder, provider: Provider) -> ort::Result<SessionBuilder> {
    let builder = builder
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?
        .with_optimization_level(GraphOptimizationLevel::All)?;
    match provider {
        Provider::Cpu => Ok(builder),
        Provider::Cuda => with_cuda(builder),
    }
}

#[cfg(feature = "cuda")]
fn with_cuda(builder: SessionBuilder) -> ort::Result<SessionBuilder> {
    // TF32 would round the inputs to 10 bits of mantissa, and a GPU's embedding would not match a CPU's.
    let cuda = ort::ep::CUDA::default().with_tf32(false).build().error_on_failure();
    Ok(builder.with_execution_providers([cuda])?)
}

#[cfg(not(feature = "cuda"))]
fn with_cuda(_builder: SessionBuilder) -> ort::Result<SessionBuilder> {
    Err(ort::Error::new("this l1kdb was built without the feature `cuda`"))
}

fn port(outlet: &ort::value::Outlet) -> Port {
    let (element, shape) = match outlet.dtype() {
        ValueType::Tensor { ty, shape, .. } => (ty.to_string(), shape.to_vec()),
        _ => ("not a tensor".to_owned(), Vec::new()),
    };
    Port { name: outlet.name().to_owned(), element, shape }
}

impl Session for ort::session::Session {
    fn ports(&self) -> (Vec<Port>, Vec<Port>) {
        (self.inputs().iter().map(port).collect(), self.outputs().iter().map(port).collect())
    }

    fn run(&mut self, profiles: &mut Profiles<'_>) -> Result<(), String> {
        let tensor = TensorRef::from_array_view((profiles.shape(), profiles.input())).map_err(one_line)?;
        let outputs = self.run(ort::inputs![tensor]).map_err(one_line)?;
        let (shape, values) = outputs[0].try_extract_tensor::<f32>().map_err(one_line)?;
        profiles.take(shape, values)
    }
}

/// A network `y = Identity(x)` of one number (ONNX IR 8, opset 13): enough to ask a provider whether it works.
const ECHO: &[u8] = b"\x08\x08:7\n\x10\n\x01x\x12\x01y\"\x08Identity\x12\x01gZ\x0f\n\x01x\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01\
    b\x0f\n\x01y\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01B\x04\n\x00\x10\r";
