#!/usr/bin/env python3
"""How well is a drug found again, by every kind of question that the program takes? Profiles, gene sets, profiles with genes
missing, and opposites, on drugs that the network has never seen.

usage: questions.py L1KDB TRAINER DATA HOME [--only profiles,sets,up,missing,reverse,hubs] [--seed 1] [--recipe KIND:PRESET] [--onnxruntime PATH]

L1KDB and TRAINER are the programs (target/release/l1kdb, target/release/l1kdb-train), DATA the folder that holds level5/ and
consensus/, HOME a directory for splits, networks and databases (40 MB); what is there already is used again. Needs numpy.

1,645 level-5 signatures of 244 drugs are divided into 5 folds by drug. The shipped recipe (`densenet`, preset `small-data`, 32
dimensions, with background) is trained on the signatures outside each fold; background profiles whose name is that of a drug
of the fold, or holds it, or is held by it, are left out. One database a fold holds all signatures, embedded by that network.

Queries are at most 20 signatures, drawn by chance, of each drug that has several; each is asked in the database of its own fold,
without itself. What is counted, of the similarities to all other signatures:

- AUC: over all pairs of a query and another signature of its drug, pooled, the mean share of other drugs' signatures that are less
  similar to the query; ties count half. In brackets the mean of the drugs' own AUC, so that every drug weighs alike.
- top 1, top 10: the share of queries whose drug is first, or among the first ten, of all drugs that have a signature left. A
  drug's score is the mean of the best quarter of its signatures, at least one. Drugs with equal scores share their mean rank. In
  brackets drugs weighted alike.

Scores of drugs are computed here from the printed similarities, since a gene set does not know which signature it was cut from; for
profiles they are compared with those that the program prints (`--by drug --exclude-self`).
"""
import argparse
import os
import re
import subprocess
import sys

import numpy as np

LANDMARKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../src/profile/genes/landmarks.tsv")
SIDES, UP, SHARES, DRAWS, BASELINES, FOLDS, MOST = (15, 50, 100, 150), (25, 50, 100), (0.1, 0.3, 0.6, 0.8), 2, 10, 5, 20
PROFILE_SCORES = ("embedding", "cosine", "pearson", "spearman", "xcos", "zhang")
SET_SCORES = ("embedding", "cosine", "wtcs", "cs", "zhang", "xsum")


def table(path):
    """Rows of a tab-separated file as dictionaries; lines that begin with # are no rows."""
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def write_table(path, rows):
    with open(path, "w", encoding="utf-8") as out:
        print(*rows[0], sep="\t", file=out)
        for row in rows:
            print(*row.values(), sep="\t", file=out)


def one_name(one, other):
    """Whether two drugs may be one by their names: on the safe side, as the trainer does it."""
    return one == other or (min(len(one), len(other)) >= 6 and (one in other or other in one))


def names_of(row):
    names = {re.sub("[^a-z0-9]", "", row.get(column, "").lower()) for column in ("drug", "pert_iname")}
    return names - {""}


class Bench:
    """The programs, the data, and what was made of them."""

    def __init__(self, args):
        self.args = args
        self.engine = ["--onnxruntime", args.onnxruntime] if args.onnxruntime else []
        find = lambda name: os.path.join(args.data, name)
        self.level5 = [find("level5/" + name) for name in ("l1000_level5_modz_n1645x978.gctx", "sig_info.txt", "pert_info.txt")]
        self.background = [find("consensus/" + name) for name in ("l1000_consensus_n895x978.gctx", "sig_info.txt", "pert_info.txt")]
        self.split = {row["sig_id"]: (row["drug"], row[list(row)[-1]]) for row in self.made("drug.tsv", self.make_split, table)}
        self.profiles = self.made("profiles.npy", self.make_profiles, np.load)
        with open(self.path("profiles.ids.tsv"), encoding="utf-8") as lines:
            self.ids = lines.read().split("\n")[1:-1]
        self.genes = [row["pr_gene_id"] for row in table(LANDMARKS)]
        self.at = {name: place for place, name in enumerate(self.ids)}
        drugs, self.drug = np.unique([self.split[name][0] for name in self.ids], return_inverse=True)
        self.fold = np.array([int(re.sub(r"\D", "", self.split[name][1])) for name in self.ids])
        self.n_drugs = len(drugs)
        self.queries = self.draw()
        self.databases = {fold: self.made(f"fold{fold}.l1kdb", self.make_database, str, fold) for fold in sorted(set(self.fold))}

    def path(self, name):
        return os.path.join(self.args.home, name)

    def run(self, command, **options):
        done = subprocess.run(command, capture_output=True, text=True, **options)
        if done.returncode:
            sys.exit(f"{' '.join(command)[:500]}: exit code {done.returncode}: {done.stderr}")
        return done.stdout

    def made(self, name, make, read, *which):
        """What `read` finds in a file that is there, or that `make` makes first."""
        path = self.path(name)
        if not os.path.exists(path):
            make(path, *which)
        return read(path)

    def make_split(self, path):
        _, sig_info, pert_info = self.level5
        options = ["--by", "drug", "--folds", str(FOLDS), "--seed", "1"]
        self.run([self.args.l1kdb, "eval", "split", path, "--sig-info", sig_info, "--pert-info", pert_info, *options])

    def make_profiles(self, path):
        self.embed(path, "identity")

    def embed(self, path, model):
        profiles = ["--profiles", self.level5[0]]
        self.run([self.args.l1kdb, "embed", *profiles, "--model", model, "--out", path, *self.engine])

    def make_network(self, path, fold):
        """Trains the shipped recipe without the drugs of a fold: of signatures without metadata nothing is learnt."""
        signatures, left_out = table(self.level5[1]), set()
        training = [row for row in signatures if self.fold[self.at[row["sig_id"]]] != fold]
        for row in signatures:
            if self.fold[self.at[row["sig_id"]]] == fold:
                left_out |= names_of({**row, "drug": self.split[row["sig_id"]][0]})
        named = {row["pert_id"]: names_of(row) for row in table(self.background[2])}
        names = lambda row: names_of(row) | named.get(row["pert_id"], set())
        alone = lambda row: not any(one_name(name, other) for name in names(row) for other in left_out)
        background = [row for row in table(self.background[1]) if alone(row)]
        tables = [self.path(f"{name}{fold}.txt") for name in ("training", "background")]
        write_table(tables[0], training)
        write_table(tables[1], background)
        kind, preset = self.args.recipe.split(":")
        command = [self.args.trainer, kind, "--preset", preset, "--dim", "32", "--test-share", "0", "--seed", "1"]
        command += ["--profiles", self.level5[0], "--sig-info", tables[0], "--pert-info", self.level5[2]]
        command += ["--background", self.background[0], "--background-info", tables[1]]
        self.run([*command, "--background-pert-info", self.background[2], "--out", path])
        print(f"fold {fold}: trained on {len(training)} signatures beside {len(background)} background profiles", file=sys.stderr)

    def make_database(self, path, fold):
        network = self.made(f"network{fold}", self.make_network, str, fold)
        profiles, sig_info, pert_info = self.level5
        command = [self.args.l1kdb, "build", path, "--profiles", profiles, "--sig-info", sig_info, "--pert-info", pert_info]
        self.run([*command, "--model", network, "--graph", "never", *self.engine])

    def draw(self):
        """At most so many signatures of each drug that has several, by chance."""
        rng, chosen = np.random.default_rng(self.args.seed), []
        for drug in range(self.n_drugs):
            rows = np.flatnonzero(self.drug == drug)
            if len(rows) > 1:
                chosen += sorted(rng.permutation(rows)[:MOST])
        return np.array(chosen)

    def ask(self, question, by="signature"):
        """What the program prints to all queries: the options of `question(rows, fold)` for the queries of a fold."""
        top, text = {"signature": len(self.ids), "drug": self.n_drugs}[by], []
        for fold, database in self.databases.items():
            rows = self.queries[self.fold[self.queries] == fold]
            options = ["--by", by, "--top", str(top), "--format", "tsv", *self.engine]
            text += self.run([self.args.l1kdb, "query", database, *question(rows, fold), *options]).splitlines()[1:]
        return [line.split("\t") for line in text]

    def similarities(self, question):
        """Queries x signatures, as printed; a query's own signature is NaN."""
        found = np.full((len(self.queries), len(self.ids)), np.nan)
        place = {name: row for row, query in enumerate(self.queries) for name in (self.ids[query], f"q{query}")}
        for line in self.ask(question):
            found[place[line[0]], self.at[line[2]]] = float(line[8])
        found[np.arange(len(self.queries)), self.queries] = np.nan
        missing = np.isnan(found).sum() - len(self.queries)
        if missing:
            sys.exit(f"{missing} similarities were not printed")
        return found


def drug_scores(similarities, drug):
    """Queries x drugs: the mean of the best quarter; NaN where a drug has no signature left."""
    scores = np.full((len(similarities), drug.max() + 1), np.nan)
    for this in range(scores.shape[1]):
        values = -np.sort(-similarities[:, drug == this], axis=1)  # NaN last
        left = (~np.isnan(values)).sum(1)
        quarter = -(-left // 4)
        among = np.arange(values.shape[1])[None] < quarter[:, None]
        scores[:, this] = np.where(left > 0, np.where(among, values, 0).sum(1) / np.maximum(quarter, 1), np.nan)
    return scores


def figures(similarities, queries, drug):
    """(AUC, drugs alike; top 1, drugs alike; top 10, drugs alike), as the head of this file says."""
    own = drug[queries]
    auc, pairs = np.empty(len(queries)), np.empty(len(queries))
    for row, (values, this) in enumerate(zip(similarities, own)):
        negatives = np.sort(values[drug != this])
        positives = values[(drug == this) & ~np.isnan(values)]
        below = np.searchsorted(negatives, positives, "left") + np.searchsorted(negatives, positives, "right")
        auc[row], pairs[row] = below.mean() / 2 / len(negatives), len(positives)
    scores = drug_scores(similarities, drug)
    mine = np.take_along_axis(scores, own[:, None], 1)
    rank = 1 + (scores > mine).sum(1) + ((scores == mine).sum(1) - 1) / 2
    alike = 1 / np.bincount(own)[own]
    mean = lambda values, weights: np.average(values, weights=weights)
    found = [(mean(rank <= top, None), mean(rank <= top, alike)) for top in (1, 10)]
    return [(mean(auc, pairs), mean(auc, alike)), *found]


def cells(pairs):
    return " | ".join(f"{one:.3f} ({alike:.3f})" for one, alike in pairs)


def average(several):
    return np.mean(np.array(several), axis=0)


class Tables:
    """Asks, counts and prints."""

    def __init__(self, bench):
        self.bench = bench

    def of(self, question):
        return figures(self.bench.similarities(question), self.bench.queries, self.bench.drug)

    def ids(self, rows):
        return [option for row in rows for option in ("--id", self.bench.ids[row])]

    def whole(self, rows, score):
        return ["--profiles", self.bench.level5[0], *self.ids(rows), "--exclude-self", "--score-by", score]

    def head(self, title, first):
        print(f"\n### {title}\n\n| {first} | AUC | top 1 | top 10 |\n|---|---|---|---|", flush=True)

    def row(self, name, pairs):
        print(f"| {name} | {cells(pairs)} |", flush=True)

    def check(self, score, similarities, *more):
        """Compares the scores of drugs with those that the program prints."""
        bench, scores = self.bench, drug_scores(similarities, self.bench.drug)
        place = {bench.ids[query]: row for row, query in enumerate(bench.queries)}
        of_drug = lambda line: bench.drug[bench.at[line[5]]]  # that of its best signature
        printed = bench.ask(lambda rows, _: [*self.whole(rows, score), *more], by="drug")
        off = max(abs(scores[place[line[0]], of_drug(line)] - float(line[4])) for line in printed)
        print(f"{score}: {len(printed):,} scores of drugs differ by {off:.1e} at most", file=sys.stderr)
        if off > 2e-6 or len(printed) != np.isfinite(scores).sum():
            sys.exit(f"{score}: the program ranks drugs by other scores")

    def profiles(self):
        bench = self.bench
        self.head("Profiles", "score")
        for score in PROFILE_SCORES:
            similarities = bench.similarities(lambda rows, _: self.whole(rows, score))
            self.check(score, similarities)
            self.row(score, figures(similarities, bench.queries, bench.drug))
            if score == "embedding":
                permuted = average([self.permuted(similarities, seed) for seed in range(BASELINES)])
        self.row("embedding, drugs permuted", permuted)
        self.row("random numbers", average([self.random(seed) for seed in range(BASELINES)]))

    def hubs(self):
        """With hubs and without. The databases are calibrated for it first."""
        bench = self.bench
        for database in bench.databases.values():
            bench.run([bench.args.l1kdb, "calibrate", database, "--hubness", "csls", *bench.engine])
        self.head("Without hubs", "score")
        for hubness in ("none", "csls"):
            similarities = bench.similarities(lambda rows, _: [*self.whole(rows, "embedding"), "--hubness", hubness])
            self.check("embedding", similarities, "--hubness", hubness)
            self.row(f"embedding, --hubness {hubness}", figures(similarities, bench.queries, bench.drug))
            nearest = np.argsort(np.nan_to_num(-similarities, nan=9), axis=1)[:, :10]
            counts = np.bincount(nearest.ravel(), minlength=len(bench.ids))
            print(f"{hubness}: a signature is among the ten nearest of {counts.max()} queries at most, {np.mean(counts == 0):.0%} of none", file=sys.stderr)

    def permuted(self, similarities, seed):
        """Of the queries whose drug, drawn from all, stands on another signature too."""
        drug, queries = np.random.default_rng(seed).permutation(self.bench.drug), self.bench.queries
        several = np.bincount(drug)[drug[queries]] > 1
        return figures(similarities[several], queries[several], drug)

    def random(self, seed):
        bench = self.bench
        values = np.random.default_rng(seed).random((len(bench.queries), len(bench.ids)))
        values[np.arange(len(bench.queries)), bench.queries] = np.nan
        return figures(values, bench.queries, bench.drug)

    def sets(self):
        self.head("Gene sets, cut from the profiles", "score, genes a side")
        for score in SET_SCORES:
            for side in SIDES:
                self.row(f"{score}, {side}", self.of(lambda rows, _: self.cut(rows, score, side)))

    def cut(self, rows, score, side, down=True):
        bench, path = self.bench, self.bench.path("sets.gmt")
        with open(path, "w", encoding="utf-8") as out:
            for row in rows:
                order = np.argsort(-bench.profiles[row], kind="stable")
                for name, genes in [("UP", order[:side]), ("DN", order[-side:])][:1 + down]:
                    print(f"q{row}_{name}", "na", *(bench.genes[gene] for gene in genes), sep="\t", file=out)
        return ["--up", path, "--score-by", score]

    def missing(self):
        self.head(f"Profiles that lack genes, {DRAWS} draws", "share missing, score")
        for share in SHARES:
            for score in ("embedding", "cosine"):
                draws = [self.of(lambda rows, _: self.lacking(rows, score, share, draw)) for draw in range(DRAWS)]
                self.row(f"{share:.0%}, {score}", average(draws))

    def lacking(self, rows, score, share, draw):
        bench = self.bench
        rng = np.random.default_rng([bench.args.seed, draw, round(100 * share)])
        kept = np.sort(rng.permutation(len(bench.genes))[round(share * len(bench.genes)):])
        # The size of z-scores again.
        return [*self.written(rows, kept, bench.profiles[rows][:, kept] * len(bench.genes) ** 0.5), "--score-by", score]

    def written(self, rows, genes, values):
        """Profiles of some rows as a file, and the options that ask with them."""
        bench, path = self.bench, self.bench.path("written.tsv")
        with open(path, "w", encoding="utf-8") as out:
            print("gene", *(bench.ids[row] for row in rows), sep="\t", file=out)
            for gene, line in zip(genes, values.T):
                print(bench.genes[gene], *line, sep="\t", file=out)
        return ["--profiles", path, "--min-coverage", "0.1", "--exclude-self"]

    def up(self):
        self.head("Gene sets without a down side", "score, genes")
        for side in UP:
            for score in ("embedding", "cosine", "wtcs"):
                self.row(f"{score}, {side}", self.of(lambda rows, _: self.cut(rows, score, side, down=False)))
            balance = -side / (len(self.bench.genes) - side)
            for what, others in ((f"{balance:.3f}, so that the mean is 0", balance), ("-0.1", -0.1)):
                self.row(f"embedding, {side}, the others {what}", self.of(lambda rows, _: self.filled(rows, side, others)))

    def filled(self, rows, side, others):
        """Profiles that are 1 for the genes of a set, and something else than 0 for the others."""
        values = np.full((len(rows), len(self.bench.genes)), others)
        highest = np.argsort(-self.bench.profiles[rows], axis=1, kind="stable")[:, :side]
        np.put_along_axis(values, highest, 1, axis=1)
        return self.written(rows, np.arange(len(self.bench.genes)), values)

    def reverse(self):
        bench = self.bench
        cosines = bench.profiles[bench.queries] @ bench.profiles.T
        place = {bench.ids[query]: row for row, query in enumerate(bench.queries)}
        opposite = np.zeros(len(bench.queries)), np.zeros(len(bench.queries))
        for line in bench.ask(lambda rows, _: [*self.whole(rows, "cosine"), "--reverse"]):
            if int(line[1]) <= 10:
                opposite[0][place[line[0]]] += cosines[place[line[0]], bench.at[line[2]]] > 0
        for fold in bench.databases:
            embeddings = bench.made(f"fold{fold}.npy", bench.embed, np.load, bench.path(f"network{fold}"))
            rows = np.flatnonzero(bench.fold[bench.queries] == fold)
            hits = np.argsort(embeddings[bench.queries[rows]] @ embeddings.T, axis=1)[:, :10]
            opposite[1][rows] = (np.take_along_axis(cosines[rows], hits, 1) > 0).sum(1)
        print("\n### Opposites\n\n| ten first signatures of | share with a positive cosine of the profiles |\n|---|---|")
        for name, counts in zip(("`--reverse`", "the negated embedding"), opposite):
            print(f"| {name} | {counts.mean() / 10:.3f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("l1kdb")
    parser.add_argument("trainer")
    parser.add_argument("data")
    parser.add_argument("home")
    parser.add_argument("--only", default="profiles,sets,up,missing,reverse,hubs")
    parser.add_argument("--seed", type=int, default=1, help="of the signatures that ask, and of the genes that are missing")
    parser.add_argument("--recipe", default="densenet:small-data", help="what is trained; whiten:weighted-discriminant is its start in closed form")
    parser.add_argument("--onnxruntime")
    args = parser.parse_args()
    os.makedirs(args.home, exist_ok=True)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    bench = Bench(args)
    asked = bench.drug[bench.queries]
    print(f"{len(bench.queries)} queries of {len(set(asked))} drugs, {len(bench.ids) - 1:,} candidates of {bench.n_drugs} drugs each")
    tables = Tables(bench)
    for name in args.only.split(","):
        getattr(tables, name)()


if __name__ == "__main__":
    main()
