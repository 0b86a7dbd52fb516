#!/usr/bin/env python3
"""Which answers are right less often? The figures behind the thresholds of `src/question/doubts/`, on drugs that the network has never seen.

usage: doubts.py L1KDB TRAINER DATA HOME [--onnxruntime PATH]

Databases and queries are those of `questions.py`: 837 queries of 70 drugs among 1,645 level-5 signatures of 244 drugs, each asked by embedding
in the database of its own fold, without itself. "Right" is the share of queries whose own drug is among the first ten. Needs numpy and h5py.
"""
import argparse
import os

import h5py
import numpy as np

from questions import Bench, Tables, drug_scores, table

NEAREST, FIRST, HUBS = 10, 10, 0.05


def strength(bench):
    """The root mean square of the z-scores of every signature."""
    with h5py.File(bench.level5[0]) as file:
        ids = [name.decode() for name in file["0/META/COL/id"][:]]
        size = np.sqrt((file["0/DATA/0/matrix"][:].astype(float) ** 2).mean(1))
    place = {name: row for row, name in enumerate(ids)}
    return size[[place[name] for name in bench.ids]]


def by_tenths(name, values, right):
    print(f"\n| {name} | queries | right |\n|---|---|---|")
    edges = np.quantile(values, np.linspace(0, 1, 11))
    for low, high in zip(edges, edges[1:]):
        these = (values >= low) & (values <= high)
        print(f"| {low:.3f} to {high:.3f} | {these.sum()} | {right[these].mean():.3f} |")


def most(names, nearest):
    """How many of the nearest have the most common name among them."""
    return np.array([np.unique(names[rows], return_counts=True)[1].max() for rows in nearest])


def one_thing(name, counts, right):
    for least in range(5, NEAREST + 1):
        these = counts >= least
        if these.any():
            print(f"| {name}, {least} or more of {NEAREST} | {these.mean():.3f} | {right[these].mean():.3f} | {right[~these].mean():.3f} |")


def hubs(scores, own):
    """Strangers among the first ten: of drugs whose mean standardised score is of the highest 5 %, and of others."""
    standard = (scores - np.nanmean(scores, 1, keepdims=True)) / np.nanstd(scores, 1, keepdims=True)
    strangers = own[:, None] != np.arange(scores.shape[1])[None]
    means = np.array([np.nanmean(standard[strangers[:, drug], drug]) for drug in range(scores.shape[1])])
    hub = means >= np.quantile(means, 1 - HUBS)
    rank = np.argsort(np.argsort(-np.nan_to_num(scores, nan=-9), 1), 1)
    shares = [(rank[:, which] < FIRST)[strangers[:, which]].mean() for which in (hub, ~hub)]
    print(f"\nstrangers among the first {FIRST}: hubs for {shares[0]:.3f} of queries, other drugs for {shares[1]:.3f}")


def sizes(bench, scores, own):
    """How often hits are of a class or mechanism of the query's drug, by how many signatures they have."""
    count, codes, mechanisms = np.bincount(bench.drug), [set() for _ in range(bench.n_drugs)], [set() for _ in range(bench.n_drugs)]
    atc, known = {}, {row["pert_id"]: row for row in table(bench.level5[2])}
    for row in table(os.path.join(bench.args.data, "level5/drug_atc.tsv")):
        atc.setdefault(row["drug"].lower(), set()).add(row["atc_code"][:4])
    signatures = {row["sig_id"]: row for row in table(bench.level5[1])}
    for name, drug in zip(bench.ids, bench.drug):
        codes[drug] |= atc.get(bench.split[name][0].lower(), set())
        moa = known.get(signatures[name]["pert_id"], {}).get("moa", "").lower().split("|")
        mechanisms[drug] |= {text for text in moa if text not in ("", "-666")}
    print(f"\n| hits among the first {FIRST}, other than the query's drug | of the same | by chance |\n|---|---|---|")
    for what, classes in (("ATC class, level 3", codes), ("mechanism", mechanisms)):
        for low, high in ((1, 1), (2, 5), (6, 20), (21, 10**9)):
            of_size = [drug for drug in range(bench.n_drugs) if low <= count[drug] <= high and classes[drug]]
            hit, chance = [], []
            for row in range(len(own)):
                if not classes[own[row]]:
                    continue
                order = [drug for drug in np.argsort(-np.nan_to_num(scores[row], nan=-9)) if drug != own[row]][:FIRST]
                same = lambda drug: bool(classes[drug] & classes[own[row]])
                hit += [same(drug) for drug in order if drug in of_size]
                chance += [same(drug) for drug in of_size if drug != own[row]]
            print(f"| {what}, {low} to {high} signatures | {np.mean(hit):.3f} of {len(hit)} | {np.mean(chance):.3f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("l1kdb", "trainer", "data", "home"):
        parser.add_argument(name)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recipe", default="densenet:small-data")
    parser.add_argument("--onnxruntime")
    bench = Bench(parser.parse_args())
    similarities = bench.similarities(lambda rows, _: Tables(bench).whole(rows, "embedding"))
    own, scores = bench.drug[bench.queries], drug_scores(similarities, bench.drug)
    right = 1 + (scores > np.take_along_axis(scores, own[:, None], 1)).sum(1) <= FIRST
    print(f"{len(own)} queries, right: {right.mean():.3f}")
    nearest = np.argsort(-np.nan_to_num(similarities, nan=-9), 1)[:, :NEAREST]
    by_tenths("root mean square of z-scores", strength(bench)[bench.queries], right)
    by_tenths(f"mean similarity of the {NEAREST} nearest", np.take_along_axis(similarities, nearest, 1).mean(1), right)
    cells = {row["sig_id"]: row["cell_id"] for row in table(bench.level5[1])}
    print("\n| nearest signatures | share of queries | right | others right |\n|---|---|---|---|")
    one_thing("one cell line", most(np.array([cells[name] for name in bench.ids]), nearest), right)
    one_thing("one plate", most(np.array([name.split(":")[0] for name in bench.ids]), nearest), right)
    hubs(scores, own)
    sizes(bench, scores, own)


if __name__ == "__main__":
    main()
