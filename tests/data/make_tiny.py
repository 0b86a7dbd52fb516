#!/usr/bin/env python3
"""Write tests/data/tiny: a network of 978 -> 4 with weights from a formula, to test the room `embed` with.

embedding = normalise(tanh(profile @ W + b)), w[g, j] = sin(g + 978 j) / 40, b[j] = (j + 1) / 100; the normalisation is
spelt out with ReduceSum, Sqrt and Div so that every engine knows its operators. Needs the packages numpy and onnx:

    python3 tests/data/make_tiny.py
"""
import hashlib
import pathlib

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

GENES, DIMENSION = 978, 4
HERE = pathlib.Path(__file__).parent
LANDMARKS = HERE.parent.parent / "src/profile/genes/landmarks.tsv"


def network() -> bytes:
    gene, out = np.meshgrid(np.arange(GENES), np.arange(DIMENSION), indexing="ij")
    constants = {
        "weight": (np.sin(gene + GENES * out) / 40).astype(np.float32),
        "bias": ((np.arange(DIMENSION) + 1) / 100).astype(np.float32),
        "axis": np.array([1], dtype=np.int64),
    }
    nodes = [
        helper.make_node("Gemm", ["profile", "weight", "bias"], ["sum"]),
        helper.make_node("Tanh", ["sum"], ["active"]),
        helper.make_node("Mul", ["active", "active"], ["square"]),
        helper.make_node("ReduceSum", ["square", "axis"], ["squares"], keepdims=1),
        helper.make_node("Sqrt", ["squares"], ["length"]),
        helper.make_node("Div", ["active", "length"], ["embedding"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("profile", TensorProto.FLOAT, ["N", GENES])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", DIMENSION])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model.SerializeToString()


def card(onnx: bytes) -> str:
    entrez = [line.split("\t")[0] for line in LANDMARKS.read_text().splitlines() if line[:1].isdigit()]
    assert len(entrez) == GENES
    sha256 = lambda data: "sha256:" + hashlib.sha256(data).hexdigest()
    return f"""\
# A network for tests, with weights from a formula: tests/data/make_tiny.py.
format = 1
name = "tiny"
architecture = "perceptron"
parameters = {GENES * DIMENSION + DIMENSION}
dimension = {DIMENSION}
gene_space = "{sha256(chr(10).join(entrez).encode())}"
onnx = "{sha256(onnx)}"
licence = "CC0-1.0"
source = "a formula"

[training]
seed = 0
"""


if __name__ == "__main__":
    folder = HERE / "tiny"
    folder.mkdir(exist_ok=True)
    onnx = network()
    (folder / "model.onnx").write_bytes(onnx)
    (folder / "card.toml").write_text(card(onnx))
