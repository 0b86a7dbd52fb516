//! Inputs so small that a build of them takes milliseconds, for tests that start the program hundreds of times.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use l1kdb::profile::GeneSpace;

use crate::program::l1kdb;

/// Options of a quick build.
const BUILD: [&str; 4] = ["--model", "identity", "--graph", "never"];

/// The files that [`Small::new`] writes.
pub const INPUTS: [&str; 5] = ["p1.tsv", "s1.txt", "p2.tsv", "s2.txt", "query.tsv"];

/// Two sets of signatures that answer differently, and a query.
pub struct Small(tempfile::TempDir);

impl Small {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for set in [1, 2] {
            let ids: Vec<String> = (0..rows(set)).map(|row| format!("S{set}_A375_24H:D{row}:10")).collect();
            fs::write(home.path().join(format!("p{set}.tsv")), profiles(&ids, set)).unwrap();
            fs::write(home.path().join(format!("s{set}.txt")), signatures(&ids)).unwrap();
        }
        fs::write(home.path().join("query.tsv"), profiles(&["Q".to_owned()], 3)).unwrap();
        Self(home)
    }

    /// The folder of the files, in which the program runs.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Profiles and signatures of a set.
    pub fn inputs(&self, set: usize) -> (PathBuf, PathBuf) {
        (self.path().join(format!("p{set}.tsv")), self.path().join(format!("s{set}.txt")))
    }

    /// Signatures of a set.
    pub fn rows(&self, set: usize) -> usize {
        rows(set)
    }

    /// Arguments that build `destination` of a set.
    pub fn arguments(destination: &str, set: usize, options: &[&str]) -> Vec<String> {
        let inputs = [format!("p{set}.tsv"), format!("s{set}.txt")];
        let named = ["build", destination, "--profiles", &inputs[0], "--sig-info", &inputs[1]];
        named.iter().chain(&BUILD).chain(options).map(|&argument| argument.to_owned()).collect()
    }

    /// Runs the program to build `destination` of a set.
    pub fn build(&self, destination: &str, set: usize, options: &[&str]) -> Output {
        let arguments = Self::arguments(destination, set, options);
        l1kdb(self.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

fn rows(set: usize) -> usize {
    3 + set
}

/// One signature a column, z-scores that differ by set.
fn profiles(ids: &[String], set: usize) -> String {
    let mut text = format!("gene\t{}\n", ids.join("\t"));
    for (at, gene) in GeneSpace::landmarks().symbols().iter().enumerate() {
        text += gene;
        for row in 0..ids.len() {
            let value = ((at * 37 + row * 101 + set * 53) % 211) as f32 / 40.0 - 2.6;
            text += &format!("\t{value}");
        }
        text += "\n";
    }
    text
}

fn signatures(ids: &[String]) -> String {
    let header = "sig_id\tpert_id\tpert_iname\tpert_type\tcell_id\n".to_owned();
    ids.iter().zip('a'..).fold(header, |text, (id, letter)| {
        text + &format!("{id}\tBRD-{letter}\tdrug {letter}\ttrt_cp\tA375\n")
    })
}
