#!/usr/bin/env python3
"""Bulk evaluation side by side: `l1kdb eval retrieval` and plain NumPy, on the same files, in one run.

usage: evaluate.py target/release/l1kdb [rows] [--rounds N] [--before PROGRAM] [--cases 0,1,..]      (needs numpy; CASES)

NumPy takes one query at a time on one thread: a product with all rows, a sort of the negatives, a search of the
positives. It is timed on 500 queries and extrapolated. l1kdb does all queries, reads the files, and prints its JSON;
its peak memory is that of the process. An earlier program is timed in turn, and has to print the same. "cpu" is the processor
time of all threads.
"""
import argparse, os, resource, statistics, subprocess, sys, tempfile, time
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

# name, dimensions, sizes of labels, further arguments, threads
CASES = [
    ("even labels", 16, "even", [], 2), ("even labels", 16, "even", [], 1),
    ("even labels", 32, "even", [], 2), ("even labels", 32, "even", [], 1),
    ("a label of 5 %", 16, "large", [], 2), ("lognormal labels", 16, "lognormal", [], 2),
    ("10,000 candidates", 32, "even", ["--candidates", "10000"], 2),
]

def data(rng, rows, dim, sizes):
    """Unit vectors of cell line, drug and noise in the shares of SPEED's data; 56 rows a label on average."""
    labels_n = max(2, round(rows / 56))
    weight = np.ones(labels_n)
    if sizes == "lognormal":
        weight = rng.lognormal(0, 1.3, labels_n)
    if sizes == "large":
        weight[0] = labels_n * 0.05 / 0.95
    labels = rng.choice(labels_n, rows, p=weight / weight.sum())
    cells = rng.choice(12, rows, p=(1 / np.arange(1, 13)) / (1 / np.arange(1, 13)).sum())
    unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
    x = .42 ** .5 * unit(rng.normal(size=(12, dim)))[cells] + .38 ** .5 * unit(rng.normal(size=(labels_n, dim)))[labels]
    return unit(x + .2 ** .5 * unit(rng.normal(size=(rows, dim)))).astype(np.float32), labels

def numpy_seconds(x, labels, queries=500):
    rng = np.random.default_rng(1)
    start = time.perf_counter()
    for i in rng.choice(len(x), queries, replace=False):
        s = x @ x[i]
        same = labels == labels[i]
        negatives = np.sort(s[~same])
        same[i] = False
        positives = s[same]
        low, high = np.searchsorted(negatives, positives, "left"), np.searchsorted(negatives, positives, "right")
        (len(negatives) - high + .5 * (high - low)) / len(negatives)
    return (time.perf_counter() - start) * len(x) / queries

def l1kdb(program, folder, arguments, threads):
    command = [program, "eval", "retrieval", "--embeddings", f"{folder}/e.npy", "--labels", f"{folder}/labels.txt",
               "--no-baselines", "--bootstrap", "200", "--format", "json", *arguments]
    start = time.perf_counter()
    with open(f"{folder}/out.json", "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "RAYON_NUM_THREADS": str(threads)})
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("rows", nargs="?", type=int, default=118050)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--before", metavar="PROGRAM", help="an earlier program")
    parser.add_argument("--without-numpy", action="store_true")
    parser.add_argument("--cases", default="0,1,2,3,4,5", help="places in CASES")
    a = parser.parse_args()
    programs = [a.program] + ([a.before] if a.before else [])
    columns = "".join(f"{name + ' s':>10}{'cpu':>8}{'MB':>6}" for name in ["l1kdb", "before"][:len(programs)])
    print(f"{'case':<20}{'rows':>9}{'dim':>5}{'threads':>9}{columns}{'NumPy s':>10}{'ratio':>7}")
    for case in map(int, a.cases.split(",")):
        name, dim, sizes, arguments, threads = CASES[case]
        x, labels = data(np.random.default_rng(20240601), a.rows, dim, sizes)
        rounds, numpy_rounds = [[] for _ in programs], []
        with tempfile.TemporaryDirectory() as folder:
            np.save(f"{folder}/e.npy", x)
            np.savetxt(f"{folder}/labels.txt", labels, fmt="drug%d")
            for _ in range(a.rounds):
                printed = set()
                for program, times in zip(programs, rounds):
                    times.append(l1kdb(program, folder, arguments, threads))
                    printed.add(open(f"{folder}/out.json").read())
                if len(printed) > 1:
                    sys.exit(f"{name}: the programs print different results")
                if not arguments and not a.without_numpy:
                    numpy_rounds.append(numpy_seconds(x, labels))
        median = lambda times, at: statistics.median(time[at] for time in times)
        columns = "".join(f"{median(times, 0):>10.2f}{median(times, 1):>8.2f}{max(time[2] for time in times):>6.0f}" for times in rounds)
        theirs = statistics.median(numpy_rounds) if numpy_rounds else float("nan")
        ratio = theirs / median(rounds[0], 0)
        print(f"{name:<20}{a.rows:>9}{dim:>5}{threads:>9}{columns}{theirs:>10.1f}{ratio:>7.1f}", flush=True)

if __name__ == "__main__":
    main()
