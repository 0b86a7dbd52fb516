use super::*;

fn profiles(rows: usize) -> Vec<f32> {
    (0..rows * GENES).map(|at| ((at * at + at / 7) as f32 * 0.37).sin()).collect()
}

fn dense() -> Architecture {
    Architecture::Dense(DenseNet::new(3, 4, 5).unwrap())
}

fn layered() -> Architecture {
    Architecture::Layered(Layered::new(2, 9, 5).unwrap())
}

#[test]
fn the_parameters_are_those_that_are_stored() {
    let net = Architecture::Dense(DenseNet::new(8, 12, 16).unwrap());
    assert_eq!((net.parameters(), net.start(1).weights.len()), (115_216, 115_216));
    assert_eq!(layered().parameters(), layered().start(1).weights.len());
}

#[test]
fn weights_start_with_the_spread_that_their_layer_needs() {
    let net = Architecture::Dense(DenseNet::new(4, 50, 30).unwrap()).start(3);
    let spread = |values: &[f32]| (dot(values, values) / values.len() as f32).sqrt();
    let expected = 1.0 / ((GENES + 4 * 50) as f32).sqrt();
    assert!((spread(net.blocks()[5]) / expected - 1.0).abs() < 0.05);
    assert!(net.blocks()[1].iter().all(|&bias| bias == 0.0));
}

/// The definition in double precision: every layer sees the profile and all outputs before it.
fn layer_by_layer(network: &Network, profile: &[f32]) -> Vec<f64> {
    let Architecture::Dense(net) = network.architecture else { panic!("a densely connected network") };
    let (blocks, columns) = (network.blocks(), net.columns());
    let mut outputs = Vec::<f64>::new();
    let mut sums = Vec::new();
    for layer in 0..=net.depth {
        let neuron = |column: usize| {
            let at = layer * net.growth + column;
            let weight = |gene: usize| f64::from(blocks[0][gene * columns + at]);
            let direct: f64 = (0..GENES).map(|gene| f64::from(profile[gene]) * weight(gene)).sum();
            let inner = |from: usize| f64::from(blocks[layer + 1][from * net.width(layer) + column]);
            let earlier: f64 = outputs.iter().enumerate().map(|(from, output)| output * inner(from)).sum();
            direct + earlier + f64::from(blocks[1][at])
        };
        sums = (0..net.width(layer)).map(neuron).collect();
        let selu = |x: &f64| {
            1.050_700_987_355_480_5 * if *x > 0.0 { *x } else { 1.673_263_242_354_377_2 * x.exp_m1() }
        };
        outputs.extend(sums.iter().map(selu));
    }
    let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
    sums.iter().map(|sum| sum / length).collect()
}

#[test]
fn one_product_equals_the_network_layer_by_layer() {
    let network = dense().start(9);
    let profile = profiles(1);
    for (found, expected) in network.embed(&profile).iter().zip(&layer_by_layer(&network, &profile)) {
        assert!((f64::from(*found) - expected).abs() < 1e-6, "{found} {expected}");
    }
}

/// A loss with a slope that is known: the weighted sum of all coordinates.
fn weighted_sum(architecture: Architecture, weights: &[f32], input: &[f32], dropout: f32) -> (f64, Tape) {
    let mut tape = Tape { input: input.to_vec(), dropout, key: [4, 5], ..Tape::default() };
    forward(architecture, weights, &mut tape);
    let sum = tape.embedding.iter().zip(slopes(tape.embedding.len())).map(|(x, s)| f64::from(x * s)).sum();
    (sum, tape)
}

fn slopes(count: usize) -> Vec<f32> {
    (0..count).map(|at| (at as f32 * 1.3).cos()).collect()
}

/// The slope by every tenth weight or so, against the rise of the loss when that weight is moved.
fn gradient_is_the_rise(architecture: Architecture, dropout: f32) {
    let mut weights = architecture.start(2).weights;
    weights.iter_mut().enumerate().for_each(|(at, weight)| *weight += 0.01 * (at as f32).sin());
    let input = profiles(6);
    let (_, mut tape) = weighted_sum(architecture, &weights, &input, dropout);
    let mut gradient = vec![0.0; weights.len()];
    backward(architecture, &weights, &mut tape, &mut slopes(6 * architecture.dim()), &mut gradient);
    let scale = (dot(&gradient, &gradient) / gradient.len() as f32).sqrt();
    for at in (0..weights.len()).rev().step_by(weights.len() / 150) {
        let moved = |by: f32| {
            let mut weights = weights.clone();
            weights[at] += by;
            weighted_sum(architecture, &weights, &input, dropout).0
        };
        let rise = (moved(2e-3) - moved(-2e-3)) / 4e-3;
        let error = (rise - f64::from(gradient[at])).abs();
        assert!(error < 0.03 * f64::from(scale.max(gradient[at].abs())), "{at}: {rise} {}", gradient[at]);
    }
}

#[test]
fn the_gradient_is_the_rise_of_the_loss() {
    gradient_is_the_rise(dense(), 0.0);
    gradient_is_the_rise(Architecture::Dense(DenseNet::new(0, 0, 4).unwrap()), 0.0);
    gradient_is_the_rise(layered(), 0.0);
    gradient_is_the_rise(layered(), 0.3);
}

#[test]
fn a_row_becomes_unit_and_a_zero_row_stays_zero() {
    let (mut row, mut zero) = ([3.0, 4.0], [0.0, 0.0]);
    assert_eq!((to_unit_length(&mut row), row), (5.0, [0.6, 0.8]));
    to_unit_length(&mut zero);
    assert_eq!(zero, [0.0, 0.0]);
}

#[test]
fn embeddings_do_not_depend_on_how_many_there_are() {
    let (network, input) = (dense().start(1), profiles(SLAB + 3));
    let all = network.embed(&input);
    assert_eq!(network.embed(&input[SLAB * GENES..])[..5], all[SLAB * 5..][..5]);
}
