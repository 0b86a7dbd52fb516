//! A model: a card, and the network it describes or none.

use std::{
    borrow::Cow,
    fs,
    io::{self, Read},
    path::Path,
};

use super::{Card, EmbedError, Engine, EngineOptions, network::Network};
use crate::profile::{AtomicFile, GeneSpace, ProfileError};

/// Turns profiles into unit vectors: an ONNX network with its card, or the identity.
///
/// A model is a folder with `card.toml` and `model.onnx` (input `profile`, f32 [N, 978] in gene-space order; output
/// `embedding`, f32 [N, e], unit rows). Loading reads both files and compares the digests. The engine is started
/// and the network opened by the first embedding, or by [`prepare`](Self::prepare), so that whoever only wants the
/// card pays for nothing else.
///
/// ```no_run
/// use l1kdb::embed::{EngineOptions, Model};
/// let model = Model::load("my-network", &EngineOptions::default())?;
/// println!("{}: {} coordinates, on {}", model.card().name, model.dim(), model.prepare()?.unwrap());
/// # Ok::<(), l1kdb::embed::EmbedError>(())
/// ```
pub struct Model {
    card: Card,
    text: Cow<'static, str>,
    digest: String,
    kind: Kind,
}

pub(super) enum Kind {
    Identity,
    Network(Network),
}

const CARD_FILE: &str = "card.toml";
const ONNX_FILE: &str = "model.onnx";
/// Cards are a page or two.
const LARGEST_CARD: u64 = 1 << 20;
/// Embedders have some 100 thousand weights, large ones some million.
const LARGEST_ONNX: u64 = 1 << 29;

impl Model {
    /// Loads the model in folder `folder`; its network will run on the engine of `options`.
    ///
    /// A folder with the card of the identity has no `model.onnx`.
    ///
    /// # Errors
    /// [`EmbedError::Read`], [`EmbedError::FileTooLarge`], the errors of [`Card::parse`], [`EmbedError::GeneSpace`],
    /// [`EmbedError::OnnxDigest`], and [`EmbedError::Network`] for a network that is not run.
    pub fn load(folder: impl AsRef<Path>, options: &EngineOptions) -> Result<Self, EmbedError> {
        let folder = folder.as_ref();
        let card_file = folder.join(CARD_FILE);
        let origin = folder.display().to_string();
        let text = String::from_utf8(read(&card_file, LARGEST_CARD)?)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
            .map_err(EmbedError::read(&card_file))?;
        let card = Card::parse(&text, &origin)?;
        let onnx = if card.is_identity() { Vec::new() } else { read(&folder.join(ONNX_FILE), LARGEST_ONNX)? };
        Self::assemble(card, text.into(), onnx.into(), &origin, options)
    }

    /// Returns a model from the text of its card and the bytes of its network, for networks that live in the program.
    /// `origin` names it in errors. Of the identity `onnx` is not looked at.
    ///
    /// # Errors
    /// As [`load`](Self::load), without the reading.
    pub fn from_parts(
        card: impl Into<Cow<'static, str>>,
        onnx: impl Into<Cow<'static, [u8]>>,
        origin: &str,
        options: &EngineOptions,
    ) -> Result<Self, EmbedError> {
        let text = card.into();
        let card = Card::parse(&text, origin)?;
        Self::assemble(card, text, onnx.into(), origin, options)
    }

    /// Returns the 978 z-scores as they are, L2-normalised: the baseline. Needs no engine.
    ///
    /// ```
    /// assert_eq!(l1kdb::embed::Model::identity().dim(), 978);
    /// ```
    #[must_use]
    pub fn identity() -> Self {
        let card = Card::identity();
        let text = card.to_toml().into();
        Self { digest: digest_of(&card), card, text, kind: Kind::Identity }
    }

    /// Returns the network that comes with l1kdb ([`l1kdb_weights::DEFAULT`]).
    ///
    /// ```
    /// use l1kdb::embed::{EngineOptions, Model};
    /// let model = Model::shipped(&EngineOptions::default())?;
    /// assert!(model.dim() < 978);
    /// # Ok::<(), l1kdb::embed::EmbedError>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_parts`](Self::from_parts); none in a release, whose tests load it.
    pub fn shipped(options: &EngineOptions) -> Result<Self, EmbedError> {
        let network = l1kdb_weights::DEFAULT;
        Self::from_parts(network.card, network.onnx, network.name, options)
    }

    fn assemble(
        card: Card,
        text: Cow<'static, str>,
        onnx: Cow<'static, [u8]>,
        origin: &str,
        options: &EngineOptions,
    ) -> Result<Self, EmbedError> {
        let expected = GeneSpace::landmarks().digest();
        if card.gene_space != expected {
            let (expected, found) = (expected.to_owned(), card.gene_space);
            return Err(EmbedError::GeneSpace { origin: origin.to_owned(), expected, found });
        }
        let kind = if card.is_identity() {
            Kind::Identity
        } else {
            Kind::Network(Network::new(onnx, &card, origin, options.clone())?)
        };
        Ok(Self { digest: digest_of(&card), card, text, kind })
    }

    /// Starts the engine and opens the network, unless that has been done, and returns the engine; `None` for the
    /// identity. Call it to learn early of what would fail, or to open the network while something else is read.
    ///
    /// # Errors
    /// Those of [`Engine::start`]; [`EmbedError::Session`] when the engine refuses the network,
    /// [`EmbedError::Graph`] when names, element types or shapes are not those of the format and the card, and
    /// [`EmbedError::Network`] when an embedding depends on the profiles beside it.
    pub fn prepare(&self) -> Result<Option<&Engine>, EmbedError> {
        match &self.kind {
            Kind::Identity => Ok(None),
            Kind::Network(network) => network.engine().map(Some),
        }
    }

    /// Returns the engine, once the network is open.
    #[must_use]
    pub fn engine(&self) -> Option<&Engine> {
        match &self.kind {
            Kind::Identity => None,
            Kind::Network(network) => network.engine_if_open(),
        }
    }

    /// Returns the card.
    #[must_use]
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Returns the text of `card.toml` as it was read, comments and all.
    #[must_use]
    pub fn card_text(&self) -> &str {
        &self.text
    }

    /// Returns the bytes of `model.onnx`; `None` for the identity.
    #[must_use]
    pub fn onnx_bytes(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::Identity => None,
            Kind::Network(network) => Some(&network.onnx),
        }
    }

    /// Coordinates of an embedding.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.card.dim
    }

    /// Returns `sha256:` and 64 hexadecimal digits that stand for the function from profiles to embeddings: equal for equal
    /// networks on equal gene spaces, whatever else the cards say.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Writes `card.toml` and `model.onnx` into `folder`, which is made if need be: [`load`](Self::load) reads them.
    /// Each file is there whole or not at all, and is synced before it gets its name.
    ///
    /// # Errors
    /// [`EmbedError::Write`].
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), EmbedError> {
        let folder = folder.as_ref();
        let failed = |source| ProfileError::Write { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed).map_err(EmbedError::Write)?;
        if let Some(onnx) = self.onnx_bytes() {
            write(&folder.join(ONNX_FILE), onnx).map_err(EmbedError::Write)?;
        }
        write(&folder.join(CARD_FILE), self.text.as_bytes()).map_err(EmbedError::Write)
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Tells whether a network is run, and it is not the z-scores themselves.
    #[must_use]
    pub fn is_network(&self) -> bool {
        matches!(self.kind, Kind::Network(_))
    }

    /// Profiles that may be run at once.
    pub(super) fn largest_batch(&self) -> usize {
        match &self.kind {
            Kind::Identity => usize::MAX,
            Kind::Network(network) => network.largest_batch,
        }
    }

    pub(super) fn origin(&self) -> &str {
        match &self.kind {
            Kind::Identity => super::card::IDENTITY,
            Kind::Network(network) => network.origin(),
        }
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model({}, {}, {})", self.origin(), self.card.name, self.digest)
    }
}

/// A regular file of at most `most` bytes; what never ends, a device or a pipe, is not opened.
fn read(path: &Path, most: u64) -> Result<Vec<u8>, EmbedError> {
    let found = fs::metadata(path).map_err(EmbedError::read(path))?;
    if !found.is_file() {
        return Err(EmbedError::read(path)(io::Error::other("it is no regular file")));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(EmbedError::read(path))?;
    // A file that grows while it is read is cut off all the same.
    file.take(most + 1).read_to_end(&mut bytes).map_err(EmbedError::read(path))?;
    if bytes.len() as u64 > most {
        let found = found.len().max(bytes.len() as u64);
        return Err(EmbedError::FileTooLarge { path: path.to_path_buf(), found, most });
    }
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ProfileError> {
    let mut file = AtomicFile::create(path)?;
    file.put(bytes)?;
    file.commit()
}

/// Of what decides the embedding and of nothing else.
fn digest_of(card: &Card) -> String {
    let function = card.onnx.as_deref().unwrap_or(super::card::IDENTITY);
    Card::digest(format!("l1kdb model\n{function}\n{}\n", card.gene_space).as_bytes())
}
