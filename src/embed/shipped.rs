//! The network that comes with the program. The only file that names `l1kdb_weights`.

use l1kdb_weights::DEFAULT;

use super::{EmbedError, EngineOptions, Model};

impl Model {
    /// Returns the network that comes with the library, trained on LINCS level-5 signatures. Its licence is CC BY 4.0,
    /// and its [`card`](Self::card) says how well it did on drugs it had never seen.
    ///
    /// # Errors
    /// Those of [`from_parts`](Self::from_parts), which the tests rule out.
    ///
    /// ```
    /// use l1kdb::embed::{EngineOptions, Model};
    ///
    /// let model = Model::shipped(&EngineOptions::default())?;
    /// println!("{} with {} dimensions", model.card().name, model.dimension());
    /// # Ok::<(), l1kdb::embed::EmbedError>(())
    /// ```
    pub fn shipped(options: &EngineOptions) -> Result<Self, EmbedError> {
        Self::from_parts(DEFAULT.card, DEFAULT.onnx, DEFAULT.name, options)
    }
}
