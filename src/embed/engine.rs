//! The engine that runs networks: an ONNX Runtime found on the machine, or the built-in one.

use std::{
    env, fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    EmbedError, LibraryFault, Origin, Provider,
    backend::{Backend, Session},
    discover::{Candidate, FILE_NAME, Surroundings, library_in},
    onnx::{self, OnnxRuntime},
};

/// Which engine to start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Runtime {
    /// The first ONNX Runtime that works, in the order told in [`embed`](super); else the built-in engine.
    #[default]
    Search,
    /// The ONNX Runtime library in this file, or in this folder, and no other.
    Library(PathBuf),
    /// The built-in engine (feature `built-in`), whatever is installed.
    BuiltIn,
}

/// How to start an engine.
///
/// ```
/// use l1kdb::embed::{EngineOptions, Provider, Runtime};
/// let options = EngineOptions::default();
/// assert_eq!((options.runtime, options.provider), (Runtime::Search, Provider::Cpu));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
#[must_use]
pub struct EngineOptions {
    /// The engine.
    pub runtime: Runtime,
    /// The device asked for. Where it cannot be had, the engine runs on the processor and tells so in
    /// [`Engine::warning`].
    pub provider: Provider,
}

impl EngineOptions {
    /// Sets the engine.
    pub fn runtime(self, runtime: Runtime) -> Self {
        Self { runtime, ..self }
    }

    /// Sets the device.
    pub fn provider(self, provider: Provider) -> Self {
        Self { provider, ..self }
    }
}

/// A running engine. Cheap to clone; a process has one ONNX Runtime at most, which all of its engines share.
///
/// ```
/// use l1kdb::embed::{Engine, EngineOptions};
/// match Engine::start(&EngineOptions::default()) {
///     Ok(engine) => println!("{} {} on {}", engine.name(), engine.version(), engine.provider()),
///     Err(error) => println!("{error}"), // nothing installed, and the feature `built-in` is off
/// }
/// ```
#[derive(Clone)]
pub struct Engine {
    started: Arc<Started>,
    provider: Provider,
    warning: Option<String>,
}

struct Started {
    backend: Box<dyn Backend>,
    name: &'static str,
    version: String,
    library: Option<Candidate>,
    note: Option<String>,
    reports: bool,
}

/// The first ONNX Runtime 1.x whose official builds for Linux and macOS report their use.
const FIRST_TO_REPORT: u32 = 29;
/// Set to 1 before the runtime starts, it keeps those builds from reporting and from writing to the user's cache.
const DISABLE_REPORTS: &str = "ORT_DISABLE_TELEMETRY";

/// What a search found, or the one ONNX Runtime of the process, once it runs.
static RUNNING: Mutex<Option<Arc<Started>>> = Mutex::new(None);

impl Engine {
    /// Starts the engine, or joins the one that runs already.
    ///
    /// # Errors
    /// [`EmbedError::Library`] when the library that was named, by `options` or by `ORT_DYLIB_PATH`, cannot be used
    /// (a library that was only found is passed over instead), [`EmbedError::NoEngine`] when there is none,
    /// [`EmbedError::EngineTaken`] when this process runs another ONNX Runtime than the one asked for.
    pub fn start(options: &EngineOptions) -> Result<Self, EmbedError> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let started = match (&options.runtime, &*running) {
            (Runtime::BuiltIn, _) => {
                let built_in = Started::built_in(None).ok_or_else(|| no_engine(&[]))?;
                return Ok(Self::on(Arc::new(built_in), options.provider));
            }
            (Runtime::Search, Some(started)) => Arc::clone(started),
            (Runtime::Search, None) => Arc::new(Started::first()?),
            (Runtime::Library(path), Some(started)) if started.library.is_some() => started.join(path)?,
            (Runtime::Library(path), _) => Arc::new(Started::named(path, Origin::Asked)?),
        };
        *running = Some(Arc::clone(&started));
        drop(running);
        Ok(Self::on(started, options.provider))
    }

    /// Returns `ONNX Runtime` or `rten`, the built-in engine.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.started.name
    }

    /// Returns the engine's version; of an ONNX Runtime at least major and minor.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.started.version
    }

    /// Returns the device that networks really run on.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// Returns the library and how it was found; a bare file name when the system's loader found it; `None` for the
    /// built-in engine.
    #[must_use]
    pub fn library(&self) -> Option<(&Path, Origin)> {
        self.started.library.as_ref().map(|found| (found.library.as_path(), found.origin))
    }

    /// Returns one line for the user when the built-in engine runs because nothing better was found.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.started.note.as_deref()
    }

    /// Returns one line for the user when the provider asked for cannot be had.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// Tells whether this ONNX Runtime may have reported its start to its makers: from 1.29 on the official builds for Linux
    /// and macOS do, unless the environment held `ORT_DISABLE_TELEMETRY=1` when the process began. A library cannot
    /// set that safely, so the program that links it has to; see [`embed`](super#offline).
    #[must_use]
    pub fn may_report(&self) -> bool {
        self.started.reports
    }

    pub(super) fn open(&self, network: &[u8]) -> Result<Box<dyn Session>, String> {
        self.started.backend.open(network, self.provider)
    }

    fn on(started: Arc<Started>, asked: Provider) -> Self {
        let (provider, warning) = match asked {
            Provider::Cpu => (Provider::Cpu, None),
            Provider::Cuda => match started.backend.try_cuda() {
                Ok(()) => (Provider::Cuda, None),
                Err(reason) => {
                    (Provider::Cpu, Some(format!("CUDA cannot be used, running on the CPU: {reason}")))
                }
            },
        };
        Self { started, provider, warning }
    }
}

impl fmt::Display for Engine {
    /// `ONNX Runtime 1.31.1, CPU`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}, {}", self.name(), self.version(), self.provider)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({self}, {:?})", self.library())
    }
}

impl Started {
    /// What a search finds.
    fn first() -> Result<Self, EmbedError> {
        match env::var_os("ORT_DYLIB_PATH").filter(|value| !value.is_empty()) {
            Some(path) => Self::named(Path::new(&path), Origin::Environment),
            None => Self::search(&Surroundings::here()),
        }
    }

    /// The running ONNX Runtime, if it is the library at `path`.
    fn join(self: &Arc<Self>, path: &Path) -> Result<Arc<Self>, EmbedError> {
        let is_it =
            |running: &Candidate| file_named(path).is_ok_and(|asked| same_file(&asked, &running.library));
        match &self.library {
            Some(running) if !is_it(running) => Err(EmbedError::EngineTaken {
                running: format!("{} {} ({})", self.name, self.version, running.library.display()),
                asked: path.display().to_string(),
            }),
            _ => Ok(Arc::clone(self)),
        }
    }

    /// A library somebody named: it serves, or that is an error.
    fn named(path: &Path, origin: Origin) -> Result<Self, EmbedError> {
        let refuse = |fault| EmbedError::Library { library: path.to_path_buf(), origin, fault };
        let library = file_named(path).map_err(refuse)?;
        Self::load(Candidate { library, origin }).map_err(refuse)
    }

    /// The first library that serves, or else the built-in engine.
    fn search(surroundings: &Surroundings) -> Result<Self, EmbedError> {
        let mut refused = Vec::new();
        for candidate in surroundings.candidates() {
            let (library, origin) = (candidate.library.clone(), candidate.origin);
            match Self::load(candidate) {
                Ok(started) => return Ok(started),
                // A name that the system's loader does not know is the usual case, and nobody's mistake.
                Err(LibraryFault::NotLoadable(_)) if origin == Origin::System => {}
                Err(fault) => refused.push(format!("{} ({origin}) {fault}", library.display())),
            }
        }
        Self::built_in(Some(note(&refused))).ok_or_else(|| no_engine(&refused))
    }

    fn load(found: Candidate) -> Result<Self, LibraryFault> {
        let minor = onnx::probe(&found.library)?;
        let backend = Box::new(OnnxRuntime::start(&found.library)?);
        let version = version(&found.library, minor);
        let reports = !cfg!(windows) && minor >= FIRST_TO_REPORT && !reports_are_off();
        Ok(Self { backend, name: "ONNX Runtime", version, library: Some(found), note: None, reports })
    }

    #[cfg(feature = "built-in")]
    fn built_in(note: Option<String>) -> Option<Self> {
        let (backend, version) = (Box::new(super::built_in::BuiltIn), super::built_in::VERSION.to_owned());
        Some(Self { backend, name: "rten", version, library: None, note, reports: false })
    }

    #[cfg(not(feature = "built-in"))]
    fn built_in(_note: Option<String>) -> Option<Self> {
        None
    }
}

fn reports_are_off() -> bool {
    env::var_os(DISABLE_REPORTS).is_some_and(|value| !value.is_empty() && value != "0" && value != "false")
}

fn note(refused: &[String]) -> String {
    let found = if refused.is_empty() { "no ONNX Runtime found".to_owned() } else { refused.join("; ") };
    format!(
        "{found}; the built-in engine runs instead (with ONNX Runtime, `pip install onnxruntime`, a GPU can be used, and \
         some networks are faster)"
    )
}

fn no_engine(refused: &[String]) -> EmbedError {
    let tried =
        if refused.is_empty() { String::new() } else { format!(" that works ({})", refused.join("; ")) };
    EmbedError::NoEngine { tried }
}

/// The file that a user's path means, absolute: the loader and `ort` would look for relative ones elsewhere.
fn file_named(path: &Path) -> Result<PathBuf, LibraryFault> {
    let absolute = std::path::absolute(path).map_err(|_| LibraryFault::Missing)?;
    if absolute.is_dir() {
        return library_in(&absolute).ok_or(LibraryFault::EmptyFolder { expected: FILE_NAME });
    }
    if absolute.exists() { Ok(absolute) } else { Err(LibraryFault::Missing) }
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// `1.31.1` when the file's name tells it, else `1.31`: the interface tells the minor version only.
fn version(library: &Path, minor: u32) -> String {
    let short = format!("1.{minor}");
    let file = library.canonicalize().unwrap_or_else(|_| library.to_path_buf());
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let patch = name.split_once(&format!("{short}.")).map(|(_, rest)| rest);
    let digits: String = patch.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() { short } else { format!("{short}.{digits}") }
}
