//! `card.toml`: what a network is, what it was made from, and which bytes it belongs to.

use serde::{Deserialize, Serialize};

use super::{CARD_FORMAT, EmbedError};
use crate::digest::Digest;
use crate::profile::{GENES, GeneSpace};

/// The architecture name of the embedding that is no network: the z-scores themselves, L2-normalised.
pub(super) const IDENTITY: &str = "identity";

/// The contents of `card.toml`.
///
/// The four tables at the end are free: they tell a reader how the network came about, and nothing is computed
/// from them. Everything above them is checked by [`Card::parse`] or when the model is loaded.
///
/// ```
/// use l1kdb::embed::Card;
/// let card = Card::parse(r#"
///     format = 1
///     name = "raw"
///     architecture = "identity"
///     parameters = 0
///     dimension = 978
///     gene_space = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
///     licence = "none"
///     source = "none"
/// "#, "an example")?;
/// assert_eq!(card.dim, 978);
/// assert!(Card::parse("format = 2", "tomorrow's card").is_err());
/// # Ok::<(), l1kdb::embed::EmbedError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Always [`Card::FORMAT`].
    pub format: u32,
    /// A short name of lower-case letters, digits and hyphens.
    pub name: String,
    /// For example `densenet`; `identity` (the z-scores themselves) is the only one with a meaning of its own.
    pub architecture: String,
    /// Trained weights.
    pub parameters: u64,
    /// Coordinates of an embedding; `dimension` in the file.
    #[serde(rename = "dimension")]
    pub dim: usize,
    /// [`GeneSpace::digest`] of the genes and their order that the input stands in.
    pub gene_space: String,
    /// [`Card::digest`] of the bytes of `model.onnx`; absent for the identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onnx: Option<String>,
    /// Licence of the weights, as an SPDX expression where there is one.
    pub licence: String,
    /// Where the training data come from.
    pub source: String,
    /// File names, numbers of signatures and drugs.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub data: toml::Table,
    /// Rule, seed and counts of the split.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub split: toml::Table,
    /// Measured quality with its N, and the baselines beside it.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub metrics: toml::Table,
    /// Preset, hyper-parameters, seed, version.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub training: toml::Table,
}

impl Card {
    /// The format that this version writes, and the newest that it reads.
    pub const FORMAT: u32 = CARD_FORMAT;

    /// Reads a card; `origin` names it in errors.
    ///
    /// # Errors
    /// [`EmbedError::CardFormat`] for a newer format, [`EmbedError::CardSyntax`] for anything that is not a card,
    /// [`EmbedError::CardValue`] for a value that cannot be.
    pub fn parse(text: &str, origin: &str) -> Result<Self, EmbedError> {
        let syntax = |error: &toml::de::Error| EmbedError::CardSyntax {
            origin: origin.to_owned(),
            detail: located(text, error),
        };
        let table: toml::Table = toml::from_str(text).map_err(|error| syntax(&error))?;
        // Before the keys: a newer format may have other ones, and "unknown key" would be the wrong cause.
        if let Some(found) = table.get("format").and_then(toml::Value::as_integer)
            && found != i64::from(CARD_FORMAT)
        {
            return Err(EmbedError::CardFormat { origin: origin.to_owned(), expected: CARD_FORMAT, found });
        }
        let card: Self = toml::from_str(text).map_err(|error| syntax(&error))?;
        card.check(origin)?;
        Ok(card)
    }

    /// Returns the text of `card.toml`.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a card has only strings, numbers and tables, tables last")
    }

    /// Returns `sha256:` and 64 hexadecimal digits: how cards name the bytes of `model.onnx`.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> String {
        Digest::of(bytes)
    }

    /// The card of the identity: 978 z-scores, L2-normalised.
    pub(super) fn identity() -> Self {
        Self {
            format: CARD_FORMAT,
            name: IDENTITY.to_owned(),
            architecture: IDENTITY.to_owned(),
            parameters: 0,
            dim: GENES,
            gene_space: GeneSpace::landmarks().digest().to_owned(),
            onnx: None,
            licence: "CC0-1.0".to_owned(),
            source: "nothing was learnt: the z-scores as they are, L2-normalised".to_owned(),
            data: toml::Table::new(),
            split: toml::Table::new(),
            metrics: toml::Table::new(),
            training: toml::Table::new(),
        }
    }

    pub(super) fn is_identity(&self) -> bool {
        self.architecture == IDENTITY
    }

    fn check(&self, origin: &str) -> Result<(), EmbedError> {
        let refuse = |key, expected: &str, found: String| {
            Err(EmbedError::CardValue {
                origin: origin.to_owned(),
                key,
                expected: expected.to_owned(),
                found,
            })
        };
        if !is_short_name(&self.name) {
            return refuse("name", "1 to 64 of a-z, 0-9 and -", format!("{:?}", self.name));
        }
        if self.is_identity() && self.dim != GENES {
            return refuse("dimension", "978 (identity)", self.dim.to_string());
        }
        if self.dim == 0 || self.dim > MAX_DIMENSION {
            return refuse("dimension", "1 to 65536", self.dim.to_string());
        }
        if self.is_identity() && self.onnx.is_some() {
            return refuse("onnx", "absent (identity)", "a digest".to_owned());
        }
        if !self.is_identity() && self.onnx.is_none() {
            return refuse("onnx", "the digest of model.onnx", "nothing".to_owned());
        }
        Ok(())
    }
}

const MAX_DIMENSION: usize = 65_536;

fn is_short_name(name: &str) -> bool {
    let short = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(short)
}

/// `line 3: what is wrong`, on one line.
fn located(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    match error.span() {
        Some(span) => {
            let line = 1 + text.bytes().take(span.start).filter(|&byte| byte == b'\n').count();
            format!("line {line}: {message}")
        }
        None => message,
    }
}
