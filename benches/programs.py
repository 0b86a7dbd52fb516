#!/usr/bin/env python3
"""Times whole commands on simulated data: build with and without a graph, cold query, open at two sizes; or questions of every kind.

usage: programs.py L1KDB HOME [--signatures 118050] [--large 1000000] [--small 10000] [--runs 31] [--onnxruntime PATH] [--questions]

L1KDB is the program (target/release/l1kdb), HOME a directory with room for the data (118,050 signatures take 0.5 GB,
a million 3.9 GB); what is there already is used again. Wall time, processor time and peak memory are those of the
process itself, as the operating system counts them. Needs nothing but Python.
"""
import argparse
import os
import random
import statistics
import subprocess
import sys
import time

LANDMARKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../src/profile/genes/landmarks.tsv")
SIDE = 100


def run(command):
    """(wall s, processor s, peak MB) of a command, whose output is thrown away."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        error = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}: {error}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class Bench:
    def __init__(self, args):
        self.args = args
        self.engine = ["--onnxruntime", args.onnxruntime] if args.onnxruntime else []

    def path(self, name):
        return os.path.join(self.args.home, name)

    def data(self, signatures):
        folder = self.path(f"sim{signatures}")
        if not os.path.exists(folder):
            wall, cpu, peak = run([self.args.l1kdb, "simulate", folder, "--signatures", str(signatures)])
            print(f"simulate {signatures:,}: {wall:.1f} s wall, {cpu:.1f} s processor, {peak:.0f} MB peak", flush=True)
        return folder

    def build(self, signatures, *options):
        folder = self.data(signatures)
        out = self.path(f"sim{signatures}{''.join(options)}.l1kdb")
        command = [self.args.l1kdb, "build", out, "--overwrite", *self.engine, *options]
        command += ["--profiles", os.path.join(folder, f"simulated_n{signatures}x978.gctx")]
        command += ["--sig-info", os.path.join(folder, "sig_info.txt"), "--atc", os.path.join(folder, "drug_atc.tsv")]
        command += ["--pert-info", os.path.join(folder, "pert_info.txt")]
        wall, cpu, peak = run(command)
        print(f"build {signatures:,} {' '.join(options)}: {wall:.1f} s wall, {cpu:.1f} s processor, {peak:.0f} MB peak", flush=True)
        return out

    def repeat(self, what, command):
        runs = [run(command) for _ in range(self.args.runs)]
        walls = sorted(1000 * wall for wall, _, _ in runs)
        low, high = walls[len(walls) // 10], walls[-1 - len(walls) // 10]
        cpu, peak = 1000 * statistics.median(cpu for _, cpu, _ in runs), max(peak for _, _, peak in runs)
        spread = f"(p10 {low:.1f}, p90 {high:.1f}), {cpu:.1f} ms processor, {peak:.0f} MB peak"
        print(f"{what}: median {statistics.median(walls):.1f} ms wall {spread}", flush=True)

    def profile(self):
        query = self.path("query.tsv")
        if not os.path.exists(query):
            run([self.args.l1kdb, "simulate", self.path("query"), "--signatures", "1", "--seed", "2"])
            os.replace(self.path("query/simulated_n1x978.gctx"), query)
        return query

    def sets(self, count):
        """Pairs of sets of landmark genes, drawn by chance."""
        path, rng = self.path(f"sets{count}.gmt"), random.Random(1)
        with open(LANDMARKS, encoding="utf-8") as table:
            genes = [line.split("\t")[0] for line in table][1:]
        with open(path, "w", encoding="utf-8") as out:
            for name in range(count):
                drawn = rng.sample(genes, 2 * SIDE)
                for side, of_side in (("UP", drawn[:SIDE]), ("DN", drawn[SIDE:])):
                    print(f"q{name}_{side}", "drawn", *of_side, sep="\t", file=out)
        return path

    def query(self, database, signatures, *options):
        command = [self.args.l1kdb, "query", database, "--profiles", self.profile(), *self.engine, *options]
        self.repeat(f"query {signatures:,} {' '.join(options)}", command)

    def questions(self):
        """Questions of every kind, as tab-separated lines. What is timed is the whole process."""
        database, options = self.build(self.args.signatures, "--graph=never"), ["--format=tsv", *self.engine]
        profile, sets = ["--profiles", self.profile()], lambda count: ["--up", self.sets(count)]
        ask = lambda what, *question: self.repeat(what, [self.args.l1kdb, "query", database, *question, *options])
        for by in ("--by=drug", "--by=signature"):
            for count in (1, 1000):
                ask(f"{count:,} gene sets by embedding {by}", *sets(count), by)
            for score in ("embedding", "cosine", "pearson", "spearman", "xcos", "zhang"):
                ask(f"one profile by {score} {by}", *profile, "--score-by", score, by)
            for score in ("wtcs", "zhang", "xsum"):
                ask(f"one gene set by {score} {by}", *sets(1), "--score-by", score, by)
            ask(f"one profile --reverse {by}", *profile, "--reverse", by)
        ask("1,000 gene sets by embedding, the first drug alone", *sets(1000), "--top=1")
        self.args.runs = 1
        ask("10 gene sets by wtcs, once", *sets(10), "--score-by", "wtcs")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("l1kdb")
    parser.add_argument("home")
    parser.add_argument("--signatures", type=int, default=118_050)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=31)
    parser.add_argument("--onnxruntime")
    parser.add_argument("--questions", action="store_true", help="time questions of every kind instead")
    args = parser.parse_args()
    os.makedirs(args.home, exist_ok=True)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    bench = Bench(args)
    if args.questions:
        return bench.questions()
    with_graph = bench.build(args.signatures)
    without = bench.build(args.signatures, "--graph=never")
    for options in [(), ("--by=signature",), ("--by=signature", "--ann")]:
        bench.query(with_graph, args.signatures, *options)
    for size in (args.small, args.large) if args.large else ():
        database = bench.build(size, "--graph=never", "--no-profiles")
        bench.query(database, size, "--by=signature")
    del without


if __name__ == "__main__":
    main()
