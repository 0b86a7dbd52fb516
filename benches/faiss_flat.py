"""Times faiss.IndexFlatIP, one query a call on one thread, on the vectors that the index's benchmark dumped.

    cargo bench -p l1kdb-index --bench search -- --no-graph --dump DIR
    python benches/faiss_flat.py DIR [--dim 32]

Needs numpy and faiss-cpu. Prints the median time of a call for the ten and the hundred nearest, and for how many queries
both gave the same hundred rows.
"""

import argparse
import statistics
import time
from pathlib import Path

import faiss
import numpy as np


def median_microseconds(index, queries, k):
    """Median time of one search call a query, after a warm-up."""
    for query in queries[:20]:
        index.search(query[None], k)
    times = []
    for query in queries:
        start = time.perf_counter()
        index.search(query[None], k)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dim", type=int, default=32)
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    vectors = np.fromfile(options.folder / "vectors.f32", "<f4").reshape(-1, options.dim)
    queries = np.fromfile(options.folder / "queries.f32", "<f4").reshape(-1, options.dim)
    exact = np.loadtxt(options.folder / "exact.tsv", dtype=np.int64, delimiter="\t", ndmin=2)
    index = faiss.IndexFlatIP(options.dim)
    index.add(vectors)
    print(f"faiss {faiss.__version__}, IndexFlatIP, {len(vectors)} x {options.dim}, {len(queries)} queries, 1 thread")
    print("| search | us |\n|---|---|")
    for k in (10, 100):
        print(f"| faiss top-{k} | {median_microseconds(index, queries, k):.0f} |")
    _, found = index.search(queries, exact.shape[1])
    same = sum(set(a) == set(b) for a, b in zip(exact, found))
    print(f"\nthe same {exact.shape[1]} rows for {same} of {len(queries)} queries")


if __name__ == "__main__":
    main()
