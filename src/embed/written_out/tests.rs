use super::*;

/// A network of one node with one attribute, within the branches of as many `If` as asked for.
fn network(node: &[u8], depth: usize) -> Vec<u8> {
    let bytes = |number, inner: &[u8]| {
        let mut message = Vec::new();
        put(&mut message, number, Field::Bytes(inner));
        message
    };
    let mut inner = [bytes(1, node), bytes(2, b"made")].concat();
    for _ in 0..depth {
        let attribute = [bytes(1, b"then_branch"), bytes(6, &inner)].concat();
        inner = bytes(1, &[bytes(4, b"If"), bytes(5, &attribute)].concat());
    }
    let mut version = Vec::new();
    put(&mut version, 1, Field::Number(8));
    [version, bytes(7, &inner)].concat()
}

fn node(operator: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let node = Node { outputs: vec!["y"], ..Node::default() };
    node.step(operator, &["x"], "y", attributes).1
}

/// Operators in order, those of branches within.
fn operators(message: &[u8], number: u64) -> Vec<String> {
    let mut found = Vec::new();
    for field in Message(message) {
        let (at, field) = field.unwrap();
        let Field::Bytes(bytes) = field else { continue };
        match (number, at) {
            (7, 7) | (5, 5) | (6, 6) => found.extend(operators(bytes, 1)),
            (1, 1) => {
                found.push(Node::read(bytes).unwrap().operator.to_owned());
                let attributes = Message(bytes).map(Result::unwrap).filter(|(at, _)| *at == 5);
                found.extend(attributes.flat_map(|(_, field)| operators(field.bytes().unwrap(), 6)));
            }
            _ => (),
        }
    }
    found
}

#[test]
fn what_has_nothing_to_replace_stays_as_it_is() {
    let relu = network(&node("Relu", &[]), 0);
    assert_eq!(written_out(&relu).unwrap(), relu);
    // A name alone replaces nothing, and no byte changes.
    let named = network(&node("Relu", &[float("Selu", 2.0)]), 1);
    assert_eq!(written_out(&named).unwrap(), named);
}

#[test]
fn activations_and_dropout_become_what_they_are_made_of_also_in_branches() {
    for (operator, expected) in [
        ("Selu", &["Elu", "Mul"][..]),
        ("Celu", &["Div", "Elu", "Mul"]),
        ("Mish", &["Softplus", "Tanh", "Mul"]),
        ("Dropout", &["Identity"]),
    ] {
        let network = network(&node(operator, &[]), 0);
        assert_eq!(operators(&written_out(&network).unwrap(), 7), expected);
    }
    let deep = network(&node("Selu", &[]), 2);
    assert_eq!(operators(&deep, 7), ["If", "If", "Selu"]);
    assert_eq!(operators(&written_out(&deep).unwrap(), 7), ["If", "If", "Elu", "Mul"]);
}

#[test]
fn pools_get_the_steps_that_are_meant() {
    let integers = |name: &str, values: &[u64]| {
        let mut attribute = Vec::new();
        put(&mut attribute, 1, Field::Bytes(name.as_bytes()));
        values.iter().for_each(|&value| put(&mut attribute, 8, Field::Number(value)));
        attribute
    };
    let window = integers("kernel_shape", &[3, 3]);
    for operator in ["MaxPool", "AveragePool"] {
        let bare = node(operator, std::slice::from_ref(&window));
        let parts = pool(&Node::read(&bare).unwrap()).unwrap();
        assert!(parts[0].1.starts_with(&bare) && Node::read(&parts[0].1).unwrap().has_strides);
        let given = node(operator, &[window.clone(), integers("strides", &[2, 1])]);
        assert_eq!(written_out(&network(&given, 1)).unwrap(), network(&given, 1));
    }
}

#[test]
fn settings_and_names_are_kept() {
    let set = node("Selu", &[float("alpha", 2.5), float("gamma", 0.5)]);
    let parts = selu(&Node::read(&set).unwrap()).unwrap();
    let elu = Node::read(&parts[0].1).unwrap();
    assert_eq!((elu.float("alpha", 0.0), elu.inputs), (2.5, vec!["x"]));
    assert!(parts[1].1.ends_with(&0.5_f32.to_le_bytes()));
    let product = Node::read(&parts[2].1).unwrap();
    assert_eq!((product.inputs, product.outputs), (vec!["y/l1kdb/elu", "y/l1kdb/gamma"], vec!["y"]));
}

#[test]
fn bytes_that_are_cut_are_an_error() {
    let whole = network(&node("Selu", &[]), 1);
    let named = whole.windows(4).position(|part| part == b"Selu").unwrap() + 4;
    for at in named..whole.len() {
        assert!(written_out(&whole[..at]).is_err(), "{at}");
    }
}
