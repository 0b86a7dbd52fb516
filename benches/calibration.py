#!/usr/bin/env python3
"""Are p-values of drugs what they say? On drugs that the network has never seen, against drugs that they have nothing to do with.

usage: calibration.py L1KDB TRAINER DATA HOME [--references own|other] [--by embedding] [--score best-quarter] [--hubness none] [--sets] [--plot OUT.svg] [--onnxruntime PATH]

Databases and queries are those of `questions.py`: 1,645 level-5 signatures, 5 folds by drug, one network and database a fold; at most 20
queries a drug, each asked in the database of its own fold. Each database is calibrated with its own signatures (`own`: 2,000 at most, 5
a drug, most of them of drugs that the network was trained on), or with those of another release (`other`: ilincs_level5). A query's p of
another drug should then be uniform; its p of its own drug should be small. Queries are 5 a drug at most unless said otherwise, so that
no drug dominates. Beside it stand p of the same queries under permuted drugs. Needs numpy.
"""
import argparse
import os
import sys

import numpy as np

from questions import Bench, Tables

CLASSES = ((1, 1), (2, 5), (6, 20), (21, 10**9))
FEW, HUBS = 5, 0.05


def calibrated(bench, args):
    """Calibrates the database of each fold."""
    options = ["--of", "gene-sets" if args.sets else "profiles", "--score-by", args.by, "--hubness", args.hubness, "--score", args.score, *bench.engine]
    if args.references == "other":
        folder = os.path.join(args.data, "ilincs_level5")
        profiles = [name for name in os.listdir(folder) if name.endswith(".gctx")][0]
        options += ["--references", os.path.join(folder, profiles), "--sig-info", os.path.join(folder, "sig_info.txt")]
    for fold, database in bench.databases.items():
        print(bench.run([args.l1kdb, "calibrate", database, *options]).strip(), file=sys.stderr)


def answers(bench, args):
    """Of queries x drugs: p, q, score, and how many signatures a drug has."""
    shape, tables = (len(bench.queries), bench.n_drugs), Tables(bench)
    p, q, score, size = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(bench.n_drugs, int)
    place = {name: row for row, query in enumerate(bench.queries) for name in (bench.ids[query], f"q{query}")}
    question = lambda rows, _: tables.cut(rows, args.by, 100) if args.sets else [*tables.whole(rows, args.by), "--hubness", args.hubness]
    scored = lambda rows, fold: [*question(rows, fold), "--score", args.score]
    for line in bench.ask(scored, by="drug"):
        row, drug = place[line[0]], bench.drug[bench.at[line[5]]]
        score[row, drug] = float(line[4])
        size[drug] = max(size[drug], int(line[7]))
        p[row, drug], q[row, drug] = (float(cell) if cell else np.nan for cell in line[-2:])
    return p, q, score, size


def uniform(p):
    """(Kolmogorov-Smirnov distance from uniform, shares below .05, .01, .001, .0001) of p-values."""
    p = np.sort(p[~np.isnan(p)])
    steps = np.arange(len(p) + 1) / len(p)
    distance = max(np.abs(p - steps[1:]).max(), np.abs(p - steps[:-1]).max())
    return [distance, *((p < at).mean() for at in (0.05, 0.01, 0.001, 0.0001))]


def capped(bench, most):
    """The first `most` queries of each drug."""
    own, seen, kept = bench.drug[bench.queries], {}, []
    for row, drug in enumerate(own):
        seen[drug] = seen.get(drug, 0) + 1
        if seen[drug] <= most:
            kept.append(row)
    return np.array(kept)


def show(name, p):
    distance, *shares = uniform(p)
    print(f"| {name} | {np.isfinite(p).sum():,} | {distance:.3f} | " + " | ".join(f"{share:.5f}" for share in shares) + " |", flush=True)


def power(name, bench, p, q, rows):
    own = bench.drug[bench.queries[rows]]
    mine, mine_q = p[rows, own], q[rows, own]
    others = q[rows].copy()
    others[np.arange(len(rows)), own] = np.nan
    weights = 1 / np.bincount(own)[own]
    share = lambda values: f"{values.mean():.3f} ({np.average(values, weights=weights):.3f})"
    print(f"| {name} | {len(rows)} | {share(mine < 0.05)} | {share(mine < 0.01)} | {share(mine_q < 0.1)} | "
          f"{share((others < 0.1).any(1))} |", flush=True)


def plot(path, p, strangers):
    """Share of p-values of strangers below each p, on a double logarithmic scale: a diagonal where they are uniform."""
    import math
    grid = np.logspace(-4.5, 0, 91)
    values = np.sort(p[strangers & ~np.isnan(p)])
    share = np.searchsorted(values, grid, "right") / len(values)
    x = lambda value: 60 + 400 * (math.log10(value) + 4.5) / 4.5
    y = lambda value: 440 - 400 * (math.log10(max(value, 10**-4.5)) + 4.5) / 4.5
    line = " ".join(f"{x(at):.1f},{y(found):.1f}" for at, found in zip(grid, share) if found > 0)
    ticks = "".join(f'<text x="{x(10.0**e):.0f}" y="458" text-anchor="middle">{10.0**e:g}</text>'
                    f'<text x="52" y="{y(10.0**e) + 4:.0f}" text-anchor="end">{10.0**e:g}</text>' for e in range(-4, 1))
    with open(path, "w", encoding="utf-8") as out:
        out.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 490" font-family="sans-serif" font-size="11">'
                  f'<rect width="480" height="490" fill="white"/><rect x="60" y="40" width="400" height="400" fill="none" stroke="#999"/>'
                  f'<line x1="60" y1="440" x2="460" y2="40" stroke="#999" stroke-dasharray="4"/>'
                  f'<polyline points="{line}" fill="none" stroke="#2060a0" stroke-width="2"/>{ticks}'
                  f'<text x="260" y="480" text-anchor="middle">p</text><text x="60" y="28">share of unrelated (query, drug) pairs with a p '
                  f'of at most this</text></svg>')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("l1kdb", "trainer", "data", "home"):
        parser.add_argument(name)
    parser.add_argument("--references", choices=("own", "other"), default="own")
    parser.add_argument("--by", default="embedding")
    parser.add_argument("--hubness", choices=("none", "csls"), default="none")
    parser.add_argument("--score", default="best-quarter", help="score of a drug")
    parser.add_argument("--sets", action="store_true", help="ask with the 100 genes of either end")
    parser.add_argument("--plot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recipe", default="densenet:small-data")
    parser.add_argument("--onnxruntime")
    args = parser.parse_args()
    os.makedirs(args.home, exist_ok=True)
    bench = Bench(args)
    calibrated(bench, args)
    p, q, score, size = answers(bench, args)
    own, rows = bench.drug[bench.queries], capped(bench, FEW)
    strangers = np.ones_like(p, bool)
    strangers[np.arange(len(own)), own] = False
    few = np.zeros(len(own), bool)
    few[rows] = True
    print(f"\n{len(bench.queries)} queries of {len(set(own))} drugs, {bench.n_drugs} drugs each; smallest p {np.nanmin(p):.1e}\n")
    print("| p of unrelated drugs | pairs | KS | < .05 | < .01 | < .001 | < .0001 |\n|---|---|---|---|---|---|---|")
    show(f"at most {FEW} queries a drug", p[strangers & few[:, None]])
    show("all queries", p[strangers])
    for low, high in CLASSES:
        among = (size >= low) & (size <= high)
        show(f"drugs of {low} to {high} signatures" if high < 10**9 else f"drugs of {low} and more", p[strangers & few[:, None] & among[None]])
    permuted = np.random.default_rng(1).permutation(bench.n_drugs)[own]
    show("own drug, drugs permuted", p[np.arange(len(own)), permuted])
    print("\n| power, in brackets drugs alike | queries | own drug p < .05 | p < .01 | q < .1 | another drug q < .1 |\n|---|---|---|---|---|---|")
    power(f"at most {FEW} queries a drug", bench, p, q, rows)
    power("all queries", bench, p, q, np.arange(len(own)))
    ranks = np.argsort(np.argsort(-np.where(strangers, score, np.nan)[rows], axis=1), axis=1).mean(0)
    hubs = np.argsort(ranks)[: max(1, round(HUBS * bench.n_drugs))]
    share = lambda drugs: np.nanmean(np.where(strangers, p, np.nan)[rows][:, drugs] < 0.05) / np.mean(strangers[rows][:, drugs])
    others = np.setdiff1d(np.arange(bench.n_drugs), hubs)
    print(f"\nhubs, the {len(hubs)} drugs of the best mean rank: p < .05 for {share(hubs):.3f} of strangers, of other drugs {share(others):.3f}")
    if args.plot:
        plot(args.plot, p, strangers & few[:, None])


if __name__ == "__main__":
    main()
