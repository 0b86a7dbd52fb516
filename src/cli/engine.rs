//! The engine options that were typed, and what the engine has to say once it runs.

use l1kdb::db::Db;
use l1kdb::embed::{Engine, EngineOptions, Model, Provider, Runtime};
use l1kdb::question::Ask;

use super::args::{EngineArgs, ProviderArg};
use super::note;

impl EngineArgs {
    /// Returns the library's options.
    pub fn options(&self) -> EngineOptions {
        let runtime = self.onnxruntime.clone().map_or(Runtime::Search, Runtime::Library);
        let provider = match self.provider {
            ProviderArg::Cpu => Provider::Cpu,
            ProviderArg::Cuda => Provider::Cuda,
        };
        EngineOptions::default().runtime(runtime).provider(provider)
    }
}

/// Loads the network that was asked for: a directory, `identity`, or the one that comes with the program.
pub fn model(named: Option<&str>, options: &EngineOptions) -> anyhow::Result<Model> {
    Ok(match named {
        None => Model::shipped(options)?,
        Some("identity") => Model::identity(),
        Some(folder) => Model::load(folder, options)?,
    })
}

/// Starts the model's engine and passes on its notes: before long work, so that there is time to think better of it.
pub fn start(model: &Model) -> anyhow::Result<()> {
    note_engine(model.prepare()?);
    Ok(())
}

/// The network of a database, loaded once it is needed.
#[derive(Default)]
pub struct DatabaseNetwork(Option<Model>);

impl DatabaseNetwork {
    /// Loads it where it is needed: not for scores in gene space.
    pub fn load_for(&mut self, ask: &Ask<'_>, db: &Db, options: &EngineOptions) -> anyhow::Result<()> {
        if self.0.is_none() && !ask.by().is_in_gene_space() {
            self.0 = Some(db.model(options)?);
        }
        Ok(())
    }

    pub fn start(&self) -> anyhow::Result<()> {
        self.0.as_ref().map_or(Ok(()), |model| Ok(model.prepare().map(drop)?))
    }

    pub fn note(&self) {
        note_engine(self.0.as_ref().and_then(Model::engine));
    }

    /// Returns the network, where it was loaded.
    pub fn model(&self) -> Option<&Model> {
        self.0.as_ref()
    }
}

/// Passes on what an engine has to say.
pub fn note_engine(engine: Option<&Engine>) {
    let Some(engine) = engine else { return };
    engine.warning().into_iter().for_each(|warning| note(&format!("warning: {warning}")));
    engine.note().into_iter().for_each(|text| note(&format!("note: {text}")));
}
