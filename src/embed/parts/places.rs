//! The values of a graph that it is cut at.

use std::collections::{HashMap, HashSet};

use super::nodes::{Node, Nodes};

/// Names of the input and the output of a network, by the model format.
pub(super) const INPUT: &str = "profile";
pub(super) const OUTPUT: &str = "embedding";

/// Operators that a standardisation is made of: each gene for itself, or with one number for the whole profile.
const STANDARDISING: [&str; 20] = [
    "Abs",
    "Add",
    "Clip",
    "Div",
    "Identity",
    "Max",
    "Min",
    "Mul",
    "Neg",
    "Pow",
    "Reciprocal",
    "ReduceL1",
    "ReduceL2",
    "ReduceMax",
    "ReduceMean",
    "ReduceSum",
    "ReduceSumSquare",
    "Sign",
    "Sqrt",
    "Sub",
];

/// Names of the values to cut at.
#[derive(Debug, PartialEq)]
pub(super) struct Places<'a> {
    /// The profile when all but the cutting of large values is done to it.
    pub(super) scaled: &'a str,
    /// What the layers see; `scaled` where nothing is cut.
    pub(super) clipped: &'a str,
    /// What may be the vector before it is brought to length 1.
    pub(super) unnormalised: Option<&'a str>,
}

impl<'a> Places<'a> {
    pub(super) fn of(nodes: &Nodes<'a>) -> Self {
        let straits = straits(nodes);
        // The last is the embedding, and the one before it what is brought to length 1.
        let layers_from = straits.iter().take(straits.len().saturating_sub(2).max(1));
        let head: Vec<&Strait<'_, '_>> = layers_from.take_while(|strait| strait.is_standardised).collect();
        let last = head.last().map_or(INPUT, |strait| strait.name);
        let cuts = |pair: &&[&Strait<'_, '_>]| pair[1].is_cut_of(pair[0].name);
        let (scaled, clipped) = match head.windows(2).rfind(cuts) {
            Some(pair) => (pair[0].name, pair[1].name),
            None => (last, last),
        };
        let before_last = straits.len().checked_sub(2).map(|at| straits[at].name);
        Self { scaled, clipped, unnormalised: before_last.filter(|&name| name != clipped) }
    }
}

/// A value that every path from the profile to the embedding passes.
struct Strait<'a, 'n> {
    name: &'a str,
    /// What gives it; `None` for the profile.
    node: Option<&'n Node<'a>>,
    /// Whether operators of [`STANDARDISING`] alone lead to it.
    is_standardised: bool,
}

impl Strait<'_, '_> {
    fn is_cut_of(&self, value: &str) -> bool {
        self.node.is_some_and(|node| node.operator == "Clip" && node.inputs.first() == Some(&value))
    }
}

/// The straits of a graph, the profile first and the embedding last; the profile alone where nodes hold graphs of their own.
///
/// The nodes stand in an order in which each is behind what it reads. A value is a strait when nothing behind it reads anything
/// from before it.
fn straits<'a, 'n>(nodes: &'n Nodes<'a>) -> Vec<Strait<'a, 'n>> {
    let mut straits = vec![Strait { name: INPUT, node: None, is_standardised: true }];
    if nodes.nodes.iter().any(|node| node.has_graph) {
        return straits;
    }
    let between = between_the_ends(nodes);
    let last_use = last_uses(nodes, &between);
    let (mut farthest, mut is_standardised) = (last_use.get(INPUT).copied().unwrap_or(0), true);
    for &at in &between {
        let node = &nodes.nodes[at];
        is_standardised &= STANDARDISING.contains(&node.operator);
        let read = |output: &&&str| **output == OUTPUT || last_use.contains_key(**output);
        let mut outputs = node.outputs.iter().filter(read);
        if let (Some(name), None) = (outputs.next(), outputs.next())
            && farthest <= at
        {
            straits.push(Strait { name, node: Some(node), is_standardised });
        }
        let uses = node.outputs.iter().filter_map(|output| last_use.get(output).copied());
        farthest = uses.fold(farthest, usize::max);
    }
    straits
}

/// Numbers of the nodes on paths from the profile to the embedding, in their order.
fn between_the_ends(nodes: &Nodes<'_>) -> Vec<usize> {
    let mut reached = HashSet::from([INPUT]);
    let mut from_profile = vec![false; nodes.nodes.len()];
    for (node, is_reached) in nodes.nodes.iter().zip(&mut from_profile) {
        *is_reached = node.inputs.iter().any(|input| reached.contains(input));
        if *is_reached {
            reached.extend(&node.outputs);
        }
    }
    let mut between: Vec<usize> =
        needed(nodes, INPUT, OUTPUT).into_iter().filter(|&at| from_profile[at]).collect();
    between.sort_unstable();
    between
}

/// Numbers of the nodes that give `to` where `from` is given, in their order, constants among them.
pub(super) fn needed(nodes: &Nodes<'_>, from: &str, to: &str) -> Vec<usize> {
    let mut wanted = HashSet::from([to]);
    let mut needed = Vec::new();
    for (at, node) in nodes.nodes.iter().enumerate().rev() {
        if node.outputs.iter().any(|output| !output.is_empty() && *output != from && wanted.contains(output))
        {
            wanted.extend(&node.inputs);
            needed.push(at);
        }
    }
    needed.reverse();
    needed
}

/// Of each value that nodes of `between` read, the number of the last of them.
fn last_uses<'a>(nodes: &Nodes<'a>, between: &[usize]) -> HashMap<&'a str, usize> {
    between.iter().flat_map(|&at| nodes.nodes[at].inputs.iter().map(move |&input| (input, at))).collect()
}
