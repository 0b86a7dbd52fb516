#!/usr/bin/env python3
"""Write DenseNets with random weights in three ONNX forms, as model folders for `cargo bench --bench embed`.

    python3 benches/make_networks.py FOLDER

naive: standardisation as nodes, then layer by layer: every hidden layer concatenates its input with its activations.
layers: the same with the standardisation folded into the weights.
product: the weights that touch the input, of all layers together, are one matrix of 978 x (d k + e): one Gemm, one
Split, then the small products with the earlier activations; standardisation folded.
All forms of a shape are the same function. Needs the packages numpy and onnx.
"""
import hashlib
import pathlib
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

GENES = 978
SHAPES = [(8, 12, 16), (32, 3, 8)]  # depth d, neurons of a layer k, embedding e
LANDMARKS = pathlib.Path(__file__).parent.parent / "src/profile/genes/landmarks.tsv"


class Graph:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, value):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output] if isinstance(output, str) else output, **attributes))
        return output

    def normalise(self, value, width):
        """`embedding = value / |value|`, and the finished file."""
        self.add("Mul", [value, value], "squared")
        self.add("ReduceSum", ["squared", self.constant("axis", np.array([1], dtype=np.int64))], "sum", keepdims=1)
        self.add("Sqrt", ["sum"], "length")
        self.add("Div", [value, "length"], "embedding")
        ends = [("profile", GENES), ("embedding", width)]
        profile, embedding = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", size]) for name, size in ends)
        graph = helper.make_graph(self.nodes, "densenet", [profile], [embedding], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        checker.check_model(model)
        return model.SerializeToString()


def weights(depth, neurons, width):
    """Weight (fan in x fan out) and bias of each layer, variance 1 / fan in."""
    random = np.random.default_rng(7)
    for layer in range(depth + 1):
        fan_in, fan_out = GENES + neurons * layer, neurons if layer < depth else width
        scale = 1 / np.sqrt(fan_in)
        yield (random.normal(0, scale, (fan_in, fan_out)).astype(np.float32), random.normal(0, 0.1, fan_out).astype(np.float32))


def standardisation():
    random = np.random.default_rng(8)
    return random.normal(0, 0.2, GENES).astype(np.float32), random.uniform(0.8, 1.5, GENES).astype(np.float32)


def folded(layers):
    """Layers that do to the raw input what `layers` do to the standardised one."""
    mean, sd = standardisation()
    for weight, bias in layers:
        scaled = weight.copy()
        scaled[:GENES] /= sd[:, None]
        yield scaled, bias - mean @ scaled[:GENES]


def layer_by_layer(graph, reached, layers, width):
    for i, (weight, bias) in enumerate(layers):
        graph.add("Gemm", [reached, graph.constant(f"w{i}", weight), graph.constant(f"b{i}", bias)], f"sum{i}")
        if i + 1 < len(layers):
            graph.add("Selu", [f"sum{i}"], f"active{i}")
            reached = graph.add("Concat", [reached, f"active{i}"], f"reached{i}", axis=1)
    return graph.normalise(f"sum{len(layers) - 1}", width)


def naive_form(layers, width):
    graph = Graph()
    mean, sd = standardisation()
    graph.add("Sub", ["profile", graph.constant("mean", mean)], "centred")
    graph.add("Div", ["centred", graph.constant("sd", sd)], "standardised")
    return layer_by_layer(graph, "standardised", layers, width)


def layers_form(layers, width):
    return layer_by_layer(Graph(), "profile", list(folded(layers)), width)


def product_form(layers, width):
    graph, layers = Graph(), list(folded(layers))
    matrix = np.concatenate([weight[:GENES] for weight, _ in layers], axis=1)
    bias = np.concatenate([bias for _, bias in layers])
    graph.add("Gemm", ["profile", graph.constant("w", matrix), graph.constant("b", bias)], "all")
    sizes = graph.constant("sizes", np.array([len(bias) for _, bias in layers], dtype=np.int64))
    graph.add("Split", ["all", sizes], [f"part{i}" for i in range(len(layers))], axis=1)
    reached = graph.add("Selu", ["part0"], "active0")
    for i, (weight, _) in enumerate(layers[1:], start=1):
        graph.add("MatMul", [reached, graph.constant(f"u{i}", weight[GENES:])], f"product{i}")
        graph.add("Add", [f"part{i}", f"product{i}"], f"sum{i}")
        if i + 1 < len(layers):
            graph.add("Selu", [f"sum{i}"], f"active{i}")
            reached = graph.add("Concat", [reached, f"active{i}"], f"reached{i}", axis=1)
    return graph.normalise(f"sum{len(layers) - 1}", width)


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def card(name, layers, width, onnx):
    entrez = [line.split("\t")[0] for line in LANDMARKS.read_text().splitlines() if line[:1].isdigit()]
    assert len(entrez) == GENES
    parameters = sum(weight.size + bias.size for weight, bias in layers)
    return (
        f'format = 1\nname = "{name}"\narchitecture = "densenet"\nparameters = {parameters}\ndimension = {width}\n'
        f'gene_space = "{sha256(chr(10).join(entrez).encode())}"\nonnx = "{sha256(onnx)}"\n'
        'licence = "CC0-1.0"\nsource = "random weights"\n'
    )


def main():
    for depth, neurons, width in SHAPES:
        layers = list(weights(depth, neurons, width))
        for form, write in [("naive", naive_form), ("layers", layers_form), ("product", product_form)]:
            name = f"d{depth}-k{neurons}-e{width}-{form}"
            folder = pathlib.Path(sys.argv[1]) / name
            folder.mkdir(parents=True, exist_ok=True)
            onnx = write(layers, width)
            (folder / "model.onnx").write_bytes(onnx)
            (folder / "card.toml").write_text(card(name, layers, width, onnx))


if __name__ == "__main__":
    main()
