//! The only file that names `ort`, the binding of ONNX Runtime.
//!
//! `ort` keeps one library and one table of functions for the whole process. Two of its habits shape this file
//! (version 2.0.0-rc.14): a failed `init_from` leaves its cell marked as filled, so that it must not be called
//! with a library that has not been proved to load; and `ort::api()` panics when no library was loaded. So
//! [`probe`] looks first, with calls that keep no state, and nothing else here runs before [`Backend::start`].

use std::{fmt, panic, path::Path};

use ort::{
    environment::Environment,
    session::builder::{GraphOptimizationLevel, SessionBuilder},
    value::{TensorRef, ValueType},
};

use super::{LibraryFault, Provider};

/// The oldest minor version of ONNX Runtime 1.x that serves: 18, or 24 with the feature `tract`, whose binding asks
/// `ort` for the functions of 1.24.
pub(super) const OLDEST_MINOR: u32 = ort::MINOR_VERSION;

/// The version of tract that `ort-tract` 0.5.0 is built on.
#[cfg(feature = "tract")]
pub(super) const BUILT_IN_VERSION: &str = "0.23";

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

/// A running engine. There is at most one in a process.
pub(super) struct Backend {
    environment: Environment,
    is_onnx_runtime: bool,
}

impl Backend {
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
        Ok(Self { environment, is_onnx_runtime: true })
    }

    /// Starts the built-in engine; `None` when `ort` already runs something else.
    #[cfg(feature = "tract")]
    pub(super) fn start_built_in() -> Option<Self> {
        if !ort::set_api(ort_tract::api()) {
            return None;
        }
        let environment = ort::init().with_name("l1kdb").with_telemetry(false).build().ok()?;
        Some(Self { environment, is_onnx_runtime: false })
    }

    /// Opens a network on `provider`, ready for one thread at a time.
    pub(super) fn open(&self, onnx: &[u8], provider: Provider) -> Result<Session, String> {
        let builder = SessionBuilder::new(&self.environment).map_err(one_line)?;
        let mut builder = if self.is_onnx_runtime {
            small_network(builder, provider).map_err(one_line)?
        } else {
            builder.with_optimization_level(GraphOptimizationLevel::All).map_err(one_line)?
        };
        builder.commit_from_memory(onnx).map(Session).map_err(one_line)
    }

    /// Whether networks can run on a CUDA device here and now; the reason when they cannot.
    pub(super) fn try_cuda(&self) -> Result<(), String> {
        if !self.is_onnx_runtime {
            return Err("the built-in engine has no GPU support".into());
        }
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

/// One end of a network as it declares itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) name: String,
    /// `f32`, `f64`, ..., or `not a tensor`.
    pub(super) element: String,
    /// -1 for a dimension that is left open.
    pub(super) shape: Vec<i64>,
}

impl Port {
    fn of(outlet: &ort::value::Outlet) -> Self {
        let (element, shape) = match outlet.dtype() {
            ValueType::Tensor { ty, shape, .. } => (ty.to_string(), shape.to_vec()),
            _ => ("not a tensor".to_owned(), Vec::new()),
        };
        Self { name: outlet.name().to_owned(), element, shape }
    }
}

impl fmt::Display for Port {
    /// `profile: f32 [N, 978]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |&size: &i64| if size < 0 { "N".to_owned() } else { size.to_string() };
        let shape = self.shape.iter().map(size).collect::<Vec<_>>().join(", ");
        write!(f, "{}: {} [{shape}]", self.name, self.element)
    }
}

/// An open network.
pub(super) struct Session(ort::session::Session);

impl Session {
    /// Inputs and outputs in the order of the network.
    pub(super) fn ports(&self) -> (Vec<Port>, Vec<Port>) {
        (self.0.inputs().iter().map(Port::of).collect(), self.0.outputs().iter().map(Port::of).collect())
    }

    /// Runs `input`, rows of `width` values row-major, into `output`, as many rows of any width.
    pub(super) fn run(&mut self, input: &[f32], width: usize, output: &mut [f32]) -> Result<(), String> {
        let tensor = TensorRef::from_array_view(([input.len() / width, width], input)).map_err(one_line)?;
        let outputs = self.0.run(ort::inputs![tensor]).map_err(one_line)?;
        let (shape, values) = outputs[0].try_extract_tensor::<f32>().map_err(one_line)?;
        let rows = input.len() / width;
        let expected = [rows, output.len() / rows].map(|size| size as i64);
        if shape[..] != expected {
            return Err(format!("expected an output of shape {expected:?}, found {:?}", &shape[..]));
        }
        output.copy_from_slice(values);
        Ok(())
    }
}

fn one_line(error: impl fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A network `y = Identity(x)` of one number (ONNX IR 8, opset 13): enough to ask a provider whether it works.
const ECHO: &[u8] = b"\x08\x08:7\n\x10\n\x01x\x12\x01y\"\x08Identity\x12\x01gZ\x0f\n\x01x\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01\
    b\x0f\n\x01y\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01B\x04\n\x00\x10\r";
