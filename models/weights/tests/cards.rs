//! What a card says of its network is true.

use l1kdb_weights::{Network, network, networks};
use sha2::{Digest, Sha256};

fn card(network: Network) -> toml::Table {
    network.card.parse().expect("a card is TOML")
}

#[test]
fn the_digest_in_the_card_is_that_of_the_file() {
    for network in networks() {
        let digest: String = Sha256::digest(network.onnx).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            card(network)["onnx"].as_str(),
            Some(format!("sha256:{digest}").as_str()),
            "{}",
            network.name
        );
    }
}

#[test]
fn a_network_is_found_by_the_name_in_its_card() {
    for shipped in networks() {
        let card = card(shipped);
        let name = card["name"].as_str().expect("a card has a name");
        assert_eq!(network(name), Some(shipped));
        assert!(name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-'), "{name}");
    }
    assert_eq!(network("no-such-network"), None);
}

#[test]
fn every_card_names_source_and_licence() {
    for network in networks() {
        let card = card(network);
        assert_eq!(card["licence"].as_str(), Some("CC-BY-4.0"));
        assert!(
            card["source"].as_str().is_some_and(|source| source.contains("GSE92742")),
            "{}",
            network.name
        );
    }
}

#[test]
fn a_network_is_small_enough_to_be_compiled_in() {
    for network in networks() {
        assert!(network.onnx.len() < 1 << 20, "{} has {} bytes", network.name, network.onnx.len());
    }
}
