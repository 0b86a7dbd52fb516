//! The trained networks that [l1kdb](https://crates.io/crates/l1kdb) ships, as bytes.
//!
//! A network is an ONNX file and its card: what it was made from, how, and how well it does on drugs it has never
//! seen. Both are compiled in, so that whoever takes l1kdb from a registry has a network at hand with no download.
//! This crate runs nothing and depends on nothing; `l1kdb` opens what it holds.
//!
//! ```
//! let network = l1kdb_weights::DEFAULT;
//! assert!(network.card.contains(&format!("name = \"{}\"", network.name)));
//! assert!(!network.onnx.is_empty());
//! ```
//!
//! # Licence
//! The networks are derived from LINCS L1000 data (GEO GSE92742) and are licensed CC BY 4.0, as those are: name the
//! source when you pass them on. Every card repeats it.
#![forbid(unsafe_code)]

/// A trained network: input `profile` [N, 978] f32 in the order of the landmark genes, output `embedding` [N, e] f32
/// with rows of unit length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Its short name, `[a-z0-9-]`, which is also the name in the card.
    pub name: &'static str,
    /// The bytes of `model.onnx`.
    pub onnx: &'static [u8],
    /// The text of `card.toml`.
    pub card: &'static str,
}

/// The network that l1kdb uses when none is named: trained on level-5 signatures (MODZ z-scores).
pub const DEFAULT: Network = Network {
    name: "l1000-level5",
    onnx: include_bytes!("../l1000-level5/model.onnx"),
    card: include_str!("../l1000-level5/card.toml"),
};

/// A network of the same size that was trained on triplets.
pub const TRIPLET: Network = Network {
    name: "l1000-level5-triplet",
    onnx: include_bytes!("../l1000-level5-triplet/model.onnx"),
    card: include_str!("../l1000-level5-triplet/card.toml"),
};

/// All networks of this crate, the default first.
pub fn networks() -> impl Iterator<Item = Network> {
    [DEFAULT, TRIPLET].into_iter()
}

/// The network called `name`, if this crate holds it.
pub fn network(name: &str) -> Option<Network> {
    networks().find(|network| network.name == name)
}
