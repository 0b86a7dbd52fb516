//! A checked ONNX network, opened when it is first needed.

use std::{borrow::Cow, sync::OnceLock};

use super::{
    Card, EmbedError, Engine, EngineOptions, NetworkFault,
    backend::Session,
    inspect,
    port::{Port, Profiles},
    sessions::{Sessions, Source},
    trial,
};
use crate::profile::GENES;

/// A checked `model.onnx`, opened when it is first needed.
pub(super) struct Network {
    pub(super) onnx: Cow<'static, [u8]>,
    origin: String,
    dim: usize,
    /// Profiles that may be run at once.
    pub(super) largest_batch: usize,
    options: EngineOptions,
    open: OnceLock<Sessions>,
}

impl Network {
    /// Checks the bytes against the card's digest, and looks through them for what no network may do.
    pub(super) fn new(
        onnx: Cow<'static, [u8]>,
        card: &Card,
        origin: &str,
        options: EngineOptions,
    ) -> Result<Self, EmbedError> {
        let expected = card.onnx.clone().unwrap_or_default();
        let found = Card::digest(&onnx);
        if expected != found {
            return Err(EmbedError::OnnxDigest { origin: origin.to_owned(), expected, found });
        }
        let refuse = |fault| EmbedError::Network { origin: origin.to_owned(), fault };
        let largest_batch = inspect::inspect(&onnx).map_err(refuse)?;
        let (origin, dim, open) = (origin.to_owned(), card.dim, OnceLock::new());
        Ok(Self { onnx, origin, dim, largest_batch, options, open })
    }

    /// Starts the engine and opens the network, if that has not been done.
    pub(super) fn engine(&self) -> Result<&Engine, EmbedError> {
        self.opened().map(|open| &open.engine)
    }

    pub(super) fn engine_if_open(&self) -> Option<&Engine> {
        self.open.get().map(|open| &open.engine)
    }

    /// Embeds `profiles` (rows x 978) into `embeddings` (rows x dimension); `first_row` is for errors.
    pub(super) fn run(
        &self,
        first_row: usize,
        profiles: &[f32],
        embeddings: &mut [f32],
    ) -> Result<(), EmbedError> {
        self.opened()?.run(self.source(), (first_row, GENES), profiles, embeddings)
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    fn opened(&self) -> Result<&Sessions, EmbedError> {
        if let Some(open) = self.open.get() {
            return Ok(open);
        }
        let engine = Engine::start(&self.options)?;
        let mut session = self.source().open(&engine)?;
        self.check(&*session)?;
        self.try_out(&mut *session, &engine)?;
        Ok(self.open.get_or_init(|| Sessions::new(engine, session)))
    }

    fn source(&self) -> Source<'_> {
        Source { onnx: &self.onnx, origin: &self.origin }
    }

    /// The format's promise: one input `profile` f32 [N, 978], one output `embedding` f32 [N, dimension].
    fn check(&self, session: &dyn Session) -> Result<(), EmbedError> {
        let (inputs, outputs) = session.ports();
        self.check_port("input", &inputs, "profile", GENES)?;
        self.check_port("output", &outputs, "embedding", self.dim)
    }

    /// A profile's embedding is its own: it is the same alone and beside others.
    fn try_out(&self, session: &mut dyn Session, engine: &Engine) -> Result<(), EmbedError> {
        let refuse = |fault| EmbedError::Network { origin: self.origin.clone(), fault };
        let mut run = |profiles: &[f32]| {
            let rows = profiles.len() / GENES;
            let mut embeddings = vec![0.0; rows * self.dim];
            let failed = |cause| NetworkFault::Trial { engine: engine.to_string(), rows, cause };
            session.run(&mut Profiles::new(profiles, GENES, &mut embeddings)).map_err(failed)?;
            Ok(embeddings)
        };
        trial::neighbours(self.dim, &mut run).map_err(refuse)
    }

    fn check_port(&self, end: &str, found: &[Port], name: &str, width: usize) -> Result<(), EmbedError> {
        let width = i64::try_from(width).expect("a card's dimension is at most 65536");
        let fits = |port: &Port| port.name == name && port.element == "f32" && port.shape == [-1, width];
        if matches!(found, [port] if fits(port)) {
            return Ok(());
        }
        let found = found.iter().map(Port::to_string).collect::<Vec<_>>().join(" and ");
        Err(EmbedError::Graph {
            origin: self.origin.clone(),
            expected: format!("{end} {name}: f32 [N, {width}]"),
            found: if found.is_empty() { "none".to_owned() } else { format!("{end} {found}") },
        })
    }
}
