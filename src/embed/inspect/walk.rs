//! A graph node after node, with the shapes of all its values for some profiles.

use std::collections::HashMap;
use std::rc::Rc;

use super::given::{Given, called, is_standard};
use super::messages::{End, Graph, Node, twice};
use super::operators;
use super::value::Value;
use super::{MAX_NUMBERS, MAX_PRODUCTS, NetworkFault};
use crate::profile::GENES;

/// Tells the shapes of all values for `batch` profiles, and returns those of the outputs.
pub(super) fn walk(graph: &Graph<'_>, batch: u64) -> Result<Vec<Rc<Value>>, NetworkFault> {
    let mut walk = Walk { batch, numbers: 0, products: 0 };
    walk.graph(graph, &mut Vec::new())
}

/// Gives a value its name, which no other has, here or around; an output that nobody reads has none.
fn define<'a>(values: &mut Values<'a>, name: &'a str, value: Rc<Value>) -> Result<(), NetworkFault> {
    if name.is_empty() {
        return Ok(());
    }
    if found(values, name).is_some() {
        return Err(twice(name));
    }
    values.last_mut().expect("a graph is being walked").insert(name, value);
    Ok(())
}

fn found(values: &Values<'_>, name: &str) -> Option<Rc<Value>> {
    values.iter().rev().find_map(|inner| inner.get(name)).cloned()
}

/// Values by name, of a graph and of those around it, the innermost last.
type Values<'a> = Vec<HashMap<&'a str, Rc<Value>>>;

pub(super) struct Walk {
    batch: u64,
    /// Numbers in all values so far.
    numbers: u64,
    /// Multiplications so far.
    products: u64,
}

impl Walk {
    /// The outputs of a graph whose surroundings are `values`.
    fn graph<'a>(
        &mut self,
        graph: &Graph<'a>,
        values: &mut Values<'a>,
    ) -> Result<Vec<Rc<Value>>, NetworkFault> {
        values.push(HashMap::new());
        for (name, value) in self.given(graph) {
            define(values, name, value)?;
        }
        for node in &graph.nodes {
            let outputs = self.node(node, values)?;
            self.count(node, &outputs)?;
            for (&name, value) in node.outputs.iter().zip(outputs) {
                define(values, name, value)?;
            }
        }
        let read = |end: &End<'_>| {
            let cause =
                || NetworkFault::NotOnnx { cause: format!("nothing gives its output `{}`", end.name) };
            found(values, end.name).ok_or_else(cause)
        };
        let outputs = graph.outputs.iter().map(read).collect();
        values.pop();
        outputs
    }

    /// Inputs and constants.
    fn given<'a>(&self, graph: &Graph<'a>) -> Vec<(&'a str, Rc<Value>)> {
        let open = || [self.batch, GENES as u64].into_iter().chain(std::iter::repeat(1));
        let inputs = graph.inputs.iter().map(|input| {
            let dims = input.dims.iter().zip(open()).map(|(dim, open)| dim.unwrap_or(open)).collect();
            (input.name, Rc::new(Value::of_shape(dims)))
        });
        let constants = graph.initializers.iter().map(|tensor| {
            let value = Value::of_shape(tensor.dims.clone()).with(tensor.integers.clone());
            (tensor.name, Rc::new(value))
        });
        inputs.chain(constants).collect()
    }

    fn node<'a>(&mut self, node: &Node<'a>, values: &mut Values<'a>) -> Result<Vec<Rc<Value>>, NetworkFault> {
        let mut inputs = Vec::new();
        for &name in &node.inputs {
            let value = found(values, name);
            if value.is_none() && !name.is_empty() {
                let cause = format!("nothing before it gives `{name}`");
                return Err(NetworkFault::Shape { node: called(node), cause });
            }
            inputs.push(value);
        }
        if node.operator == "If" && is_standard(node) {
            return self.branches(node, values);
        }
        let (outputs, products) = operators::outputs(&Given { node, inputs })?;
        self.products = self.products.saturating_add(products);
        Ok(outputs.into_iter().map(Rc::new).collect())
    }

    /// Both branches count. Where it cannot be told which is taken, they have to agree.
    fn branches<'a>(
        &mut self,
        node: &Node<'a>,
        values: &mut Values<'a>,
    ) -> Result<Vec<Rc<Value>>, NetworkFault> {
        let mut branch = |name: &str| {
            let attribute = node.attributes.iter().find(|attribute| attribute.name == name);
            let graph = attribute.and_then(|attribute| attribute.graph.as_ref());
            let missing = || NetworkFault::Shape { node: called(node), cause: format!("no {name}") };
            self.graph(graph.ok_or_else(missing)?, values)
        };
        let (yes, no) = (branch("then_branch")?, branch("else_branch")?);
        let condition = node.inputs.first().and_then(|name| found(values, name));
        match condition.and_then(|condition| condition.integers.as_ref()?.first().copied()) {
            Some(0) => Ok(no),
            Some(_) => Ok(yes),
            None if yes.iter().map(|value| &value.dims).eq(no.iter().map(|value| &value.dims)) => {
                Ok(yes.iter().map(|value| Rc::new(value.alike())).collect())
            }
            None => Err(NetworkFault::Unsized { node: called(node) }),
        }
    }

    fn count(&mut self, node: &Node<'_>, outputs: &[Rc<Value>]) -> Result<(), NetworkFault> {
        let made = outputs.iter().fold(0, |made: u64, value| made.saturating_add(value.count));
        self.numbers = self.numbers.saturating_add(made);
        let limits =
            [("numbers", self.numbers, MAX_NUMBERS), ("multiplications", self.products, MAX_PRODUCTS)];
        match limits.iter().find(|(_, found, most)| found > most) {
            Some(&(what, _, most)) => Err(NetworkFault::TooLarge { what, node: called(node), most }),
            None => Ok(()),
        }
    }
}
