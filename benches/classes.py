#!/usr/bin/env python3
"""Are p-values of classes of drugs what they say? On consensus profiles of drugs, by a network that saw no class.

usage: classes.py L1KDB DATA HOME [--least 5] [--onnxruntime PATH]

A database of the consensus profiles of DATA (one a drug), with ATC codes, is made in HOME, or used again, and calibrated with its own
signatures. Every signature asks for classes (`--by class`), its own drug left out. Of the classes of at least `least` drugs, those that the
query's drug belongs to are *members*; the others are *unrelated*, though some are relatives. What is counted is the share of p below 0.05,
0.01 and 0.001, for ATC levels 1, 3, 4 and mechanisms. Beside it the same under permuted drugs. Needs numpy.
"""
import argparse
import os
import subprocess
import sys

import numpy as np

LEVELS = {1: "ATC-1", 3: "ATC-2", 4: "ATC-3", 5: "ATC-4"}


def table(path):
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)[:300]}: exit code {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("l1kdb", "data", "home"):
        parser.add_argument(name)
    parser.add_argument("--least", type=int, default=5)
    parser.add_argument("--onnxruntime")
    args = parser.parse_args()
    os.makedirs(args.home, exist_ok=True)
    engine = ["--onnxruntime", args.onnxruntime] if args.onnxruntime else []
    folder = os.path.join(args.data, "consensus")
    find = lambda end: [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(end)]
    database = os.path.join(args.home, "consensus.l1kdb")
    if not os.path.exists(database):
        command = [args.l1kdb, "build", database, "--profiles", find(".gctx")[0], "--sig-info", os.path.join(folder, "sig_info.txt")]
        for option, name in (("--pert-info", "pert_info.txt"), ("--atc", "drug_atc.tsv")):
            path = os.path.join(folder, name)
            command += [option, path] if os.path.exists(path) else []
        run([*command, *engine])
    print(run([args.l1kdb, "calibrate", database, *engine]).strip())
    ids = [row["sig_id"] for row in table(os.path.join(folder, "sig_info.txt"))]
    drugs, known = {}, set()
    lines = run([args.l1kdb, "query", database, *[word for name in ids for word in ("--sig", name)], "--top", "1000000", "--format", "tsv", *engine])
    for cells in (line.split("\t") for line in lines.splitlines()[1:]):
        drugs[cells[5]] = (set(cells[8].split("|")), {name.lower() for name in cells[9].split("|")})
    lines = run([args.l1kdb, "query", database, *[word for name in ids for word in ("--sig", name)], "--by", "class", "--top", "1000000",
                 "--format", "tsv", *engine])
    found = {}
    shuffled = dict(zip(drugs, np.random.default_rng(1).permutation(np.array(list(drugs.values()), dtype=object), axis=0)))
    for cells in (line.split("\t") for line in lines.splitlines()[1:]):
        query, kind, names, size, p = cells[0], cells[2], cells[3].split("|"), int(cells[4]), float(cells[6])
        if query not in drugs or size < args.least:
            continue
        kinds = {LEVELS[len(name)] for name in names if kind == "ATC" and len(name) in LEVELS} or {kind}
        is_member = lambda of: any(any(code.startswith(name) for code in of[0] if code) if kind == "ATC" else name.lower() in of[1] for name in names)
        for kind_of in kinds:
            found.setdefault((kind_of, "members" if is_member(drugs[query]) else "unrelated"), []).append(p)
            if is_member(shuffled[query]):
                found.setdefault((kind_of, "members, drugs permuted"), []).append(p)
    print(f"\n{len(ids)} queries\n\n| classes of at least {args.least} drugs | pairs | p < .05 | < .01 | < .001 |\n|---|---|---|---|---|")
    for (kind, what), p in sorted(found.items()):
        if kind != "target":
            p = np.array(p)
            print(f"| {kind}, {what} | {len(p):,} | " + " | ".join(f"{(p < at).mean():.4f}" for at in (0.05, 0.01, 0.001)) + " |")


if __name__ == "__main__":
    main()
