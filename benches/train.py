"""How fast is training? The same network in jitted JAX and in l1kdb-train, side by side.

    pip install numpy "jax[cpu]"
    python3 benches/train.py target/release/l1kdb-train

Depth 8, growth 12, 16 dimensions, 1,896 drugs, softmax over scaled cosines with a margin, Adam, 32-bit floats, no noise,
all processors. JAX computes the one product as l1kdb-train does. Rounds alternate; medians are printed.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

GENES, DEPTH, GROWTH, DIM, CLASSES = 978, 8, 12, 16, 1896
PROFILES, ROUNDS = 20_000, 5


def parameters():
    rng = np.random.default_rng(1)
    columns = DEPTH * GROWTH + DIM
    normal = lambda rows, cols: jnp.asarray(rng.normal(size=(rows, cols)) / np.sqrt(GENES), jnp.float32)
    inner = [normal(GROWTH * layer, GROWTH if layer < DEPTH else DIM) for layer in range(1, DEPTH + 1)]
    classes = jnp.asarray(rng.normal(size=(CLASSES, DIM)), jnp.float32)
    return {"input": normal(GENES, columns), "bias": jnp.zeros(columns), "inner": inner,
            "classes": classes, "log_scale": jnp.log(16.0)}


def unit(rows):
    return rows / jnp.maximum(jnp.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def embed(p, x):
    direct, outputs = x @ p["input"] + p["bias"], []
    for layer in range(DEPTH + 1):
        width = GROWTH if layer < DEPTH else DIM
        total = direct[:, layer * GROWTH:layer * GROWTH + width]
        if layer:
            total = total + jnp.concatenate(outputs, 1) @ p["inner"][layer - 1]
        if layer < DEPTH:
            outputs.append(jax.nn.selu(total))
    return unit(total)


def loss(p, x, y):
    cosines = embed(p, x) @ unit(p["classes"]).T
    scores = jnp.exp(p["log_scale"]) * (cosines - 0.25 * jax.nn.one_hot(y, CLASSES))
    return -jnp.take_along_axis(jax.nn.log_softmax(scores), y[:, None], 1).mean()


@jax.jit
def step(p, m, v, t, data, labels, rows):
    g = jax.grad(loss)(p, data[rows], labels[rows])
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    move = lambda p, m, v: p - 0.001 * (m / (1 - 0.9 ** t)) / (jnp.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
    return jax.tree.map(move, p, m, v), m, v


def jax_rate(batch, data, labels):
    p = parameters()
    m, v = jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p)
    rng, steps = np.random.default_rng(2), 60_000 // batch + 2
    begun = None
    for t in range(1, steps + 1):
        rows = jnp.asarray(rng.integers(0, PROFILES, batch))
        p, m, v = step(p, m, v, float(t), data, labels, rows)
        if t == 2:
            jax.block_until_ready(p)
            begun = time.perf_counter()
    jax.block_until_ready(p)
    return (steps - 2) * batch / (time.perf_counter() - begun)


def own_rate(program, folder, batch, noise):
    out = folder / "run"
    command = [program, "densenet", "--profiles", next(folder.glob("*.gctx")), "--sig-info", folder / "sig_info.txt",
               "--out", out, "--force", "--preset", "donner", "--test-share", "0", "--dim", str(DIM),
               "--batch", str(batch), "--steps", str(100_000 // batch), "--noise", str(noise),
               "--set", "validation=0", "--set", "looks=8"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lines = (out / "log.tsv").read_text().splitlines()
    column = lines[0].split("\t").index("per_second")
    return statistics.median(float(line.split("\t")[column]) for line in lines[2:])


def main(program):
    rng = np.random.default_rng(0)
    data = jnp.asarray(rng.normal(size=(PROFILES, GENES)), jnp.float32)
    labels = jnp.asarray(rng.integers(0, CLASSES, PROFILES))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulate = [program, "simulate", "--signatures", str(PROFILES), "--drugs", str(CLASSES), "--out", folder]
        subprocess.run(simulate, check=True, stdout=subprocess.DEVNULL)
        print("| batch | JAX | l1kdb-train | ratio | l1kdb-train with noise 0.3 |\n|---|---|---|---|---|")
        for batch in (256, 1024, 4096):
            rounds = [(jax_rate(batch, data, labels), own_rate(program, folder, batch, 0.0),
                       own_rate(program, folder, batch, 0.3)) for _ in range(ROUNDS)]
            theirs, ours, noisy = (statistics.median(column) for column in zip(*rounds))
            print(f"| {batch:,} | {theirs:,.0f} | {ours:,.0f} | {ours / theirs:.2f} | {noisy:,.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
