#!/usr/bin/env python3
"""Scores in gene space with numpy and scipy on one thread, over profiles as `connectivity.rs` has them.

usage: connectivity.py [rows] [--sample N] [--genes N]      (needs numpy and scipy)

Profiles are read as half floats, block by block, and scored as whole arrays. Each score is timed on a sample and extrapolated.
"""
import argparse, os, time
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np
from scipy.stats import rankdata

SIDE, BLOCK = 100, 1024

def cosine(x, q):
    return x @ q / (np.linalg.norm(x, axis=1) * np.linalg.norm(q))

def pearson(x, q):
    return cosine(x - x.mean(1, keepdims=True), q - q.mean())

def spearman(x, q):
    return pearson(rankdata(x, axis=1), rankdata(q))

def extremes(x):
    order = np.argsort(-x, axis=1, kind="stable")
    return np.concatenate([order[:, :SIDE], order[:, -SIDE:]], axis=1)

def xcos(x, q):
    rows = extremes(x)
    x, q = np.take_along_axis(x, rows, 1), q[rows]
    return (x * q).sum(1) / np.sqrt((x * x).sum(1) * (q * q).sum(1))

def xsum(x, signs):
    rows = extremes(x)
    return (np.take_along_axis(x, rows, 1) * signs[rows]).sum(1)

def signed_ranks(x):
    return rankdata(np.abs(x), axis=-1) * np.sign(x)

def zhang_profile(x, q):
    s, q = signed_ranks(x), signed_ranks(q)
    return s @ q / (-np.sort(-np.abs(s), axis=1) @ -np.sort(-np.abs(q)))

def zhang_sets(x, signs):
    s = signed_ranks(x)
    return s @ signs / -np.sort(-np.abs(s), axis=1)[:, :2 * SIDE].sum(1)

def enrichment(ranks, weights, genes):
    order = np.argsort(ranks, axis=1)
    ranks, weights = np.take_along_axis(ranks, order, 1), np.take_along_axis(weights, order, 1)
    hit = np.cumsum(weights, axis=1) / weights.sum(1, keepdims=True)
    miss = (ranks - np.arange(SIDE)) / (genes - SIDE)
    top = (hit - miss).max(1)
    low = (np.pad(hit[:, :-1], ((0, 0), (1, 0))) - miss).min(1)
    return np.where(np.abs(top) >= np.abs(low), top, low)

def connectivity(x, weights):
    order = np.argsort(-x, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(x.shape[1])[None], 1)
    up, down = (enrichment(ranks[:, genes], weights(x[:, genes]), x.shape[1]) for genes in (slice(0, SIDE), slice(SIDE, 2 * SIDE)))
    return np.where(np.sign(up) != np.sign(down), (up - down) / 2, 0)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=118050)
    parser.add_argument("--sample", type=int, default=8192, help="profiles that are timed")
    parser.add_argument("--genes", type=int, default=978, help="values of a profile")
    a = parser.parse_args()
    rng = np.random.default_rng(20240601)
    profiles = rng.normal(0, 1.3, (min(a.sample, a.rows), a.genes)).astype(np.float16)
    query = profiles[0].astype(np.float32)
    signs = np.zeros(a.genes, np.float32)
    signs[:SIDE], signs[SIDE:2 * SIDE] = 1, -1
    for name, score in [
        ("reading", lambda x: x[:, 0]), ("cosine", lambda x: cosine(x, query)), ("Pearson", lambda x: pearson(x, query)),
        ("Spearman", lambda x: spearman(x, query)), ("XCos", lambda x: xcos(x, query)), ("XSum", lambda x: xsum(x, signs)),
        ("Zhang, profile", lambda x: zhang_profile(x, query)), ("Zhang, sets", lambda x: zhang_sets(x, signs)),
        ("WTCS", lambda x: connectivity(x, np.abs)), ("cs", lambda x: connectivity(x, np.ones_like)),
    ]:
        start = time.perf_counter()
        for first in range(0, len(profiles), BLOCK):
            score(profiles[first:first + BLOCK].astype(np.float32))
        seconds = (time.perf_counter() - start) * a.rows / len(profiles)
        print(f"{name:<16} {1e3 * seconds:>8.1f} ms for {a.rows} profiles of {a.genes} genes")

if __name__ == "__main__":
    main()
