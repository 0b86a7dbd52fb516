#!/usr/bin/env python3
"""Do two programs give the same results? Runs one list of commands with each and compares what comes out, byte for byte.

usage: same_results.py BEFORE AFTER [--train BEFORE AFTER] [--data ../shared/data] [--only GROUP,..] [--ignore REGEX]
                       [--keep DIR] [--list]

To compare a change with the commit that it began from:

    git worktree add /tmp/before COMMIT
    (cd /tmp/before && CARGO_TARGET_DIR=/tmp/before-target cargo build --release -p l1kdb -p l1kdb-models)
    cargo build --release -p l1kdb -p l1kdb-models
    benches/same_results.py /tmp/before-target/release/l1kdb target/release/l1kdb \\
        --train /tmp/before-target/release/l1kdb-train target/release/l1kdb-train

Both programs run every command at the same time, each in a fresh folder of its own, with the built-in engine. Compared are the
exit code, stdout, stderr, and all files that a command wrote, but for what EXCEPTIONS names. Prints a line a command, and
of those that differ the first lines that do. The exit code is 0 where all is the same, 1 where something differs.

A difference that is meant, such as another wording, is left out by --ignore: lines that hold the pattern do not count, on either
side. Help texts are not results, and are not compared. A program that gives other results from one run to the next shows up
when it is compared with itself. Needs nothing but Python, and the real data, of which only the small sets are read.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What may differ between two runs that give the same results: (where, pattern, what stands in its place). `where` is the end of a
# file's name, `stdout`, `stderr`, or nothing for all of them.
EXCEPTIONS = [
    ("", r"\bl1kdb(-train)? \d+\.\d+\.\d+", "PROGRAM VERSION"),
    ("", r'"version": ?"\d+\.\d+\.\d+"', "PROGRAM VERSION"),
    # The seal of a manifest is over all its lines, the version among them; the lines themselves are compared.
    ("MANIFEST", r'^checksum = "xxh3:.*"$', "SEAL"),
    # The last columns of a training log are the seconds it took and the signatures a second.
    ("log.tsv", r"\t[\d.]+\t\d+$", "\tDURATION\tRATE"),
    ("stdout", r"\b(in|took) \d+(\.\d+)? (ms|s|min)\b", r"\1 DURATION"),
    ("stderr", r"\b(in|took) \d+(\.\d+)? (ms|s|min)\b", r"\1 DURATION"),
]

# Sets of real data, each as the options that name its files.
SETS = {
    "level5": ("level5", "l1000_level5_modz_n1645x978.gctx"),
    "second": ("ilincs_level5", "l1000_level5_ilincs_n4000x978.gctx"),
    "wells": ("level4_a375", "l1000_level4_zspc_a375_n1005x978.gctx"),
    "consensus": ("consensus", "l1000_consensus_n895x978.gctx"),
}

# The commands, by group. Those of `prepare` run first whatever is asked for: others use what they write.
GROUPS = {
    "prepare": """
        build level5.l1kdb {level5} {level5-drugs}
        build wells.l1kdb {wells} {wells-drugs} --model identity --graph never
        build consensus.l1kdb {consensus} {consensus-drugs} --graph always
        embed --profiles {level5-gctx} --out level5.npy
        embed --profiles {level5-gctx} --out raw.npy --model identity
        embed --profiles {consensus-gctx} --out consensus.npy
        eval split drug.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by drug --folds 5
        eval split wells-folds.tsv --sig-info {wells-sig} --pert-info {wells-pert} --by drug --folds 3 --repeats 2
        labels level5.txt {level5-sig} pert_iname
        """,
    "build": """
        build again.l1kdb {level5} {level5-drugs} --no-profiles
        build again.l1kdb {level5} {level5-drugs}
        build again.l1kdb {second} --overwrite --no-profiles --graph never
        build bare.l1kdb {level5-bare} --keep-controls
        build wells-graph.l1kdb {wells} {wells-drugs} --graph always
        build other.l1kdb --profiles {level5-gctx} --sig-info {wells-sig}
        build missing.l1kdb --profiles missing.gctx --sig-info {wells-sig}
        info level5.l1kdb
        info level5.l1kdb --format json
        info wells.l1kdb
        info wells.l1kdb --format json
        info consensus.l1kdb --format json
        info missing.l1kdb
        verify level5.l1kdb
        verify wells.l1kdb
        verify consensus.l1kdb
        embed --profiles {wells-gctx} --out wells.npy
        embed --profiles {wells-gctx} --out wells.tsv
        embed --profiles {wells-gctx} --out wells.gctx
        embed --profiles {wells-gctx} --out wells-raw.gctx --model identity
        embed --profiles {data}/queries/04_dexamethasone_MDAMB231_GSE137535_cd.txt --out query.tsv
        simulate simulated --signatures 300 --seed 3
        demo --dir demo --signatures 400
        """,
    "query": """
        query level5.l1kdb --profiles {consensus-gctx} --id DB00091
        query level5.l1kdb --profiles {consensus-gctx} --id DB00091 --format tsv
        query level5.l1kdb --profiles {consensus-gctx} --id DB00091 --format json
        query level5.l1kdb --profiles {consensus-gctx} --id DB00091 --by signature
        query level5.l1kdb --profiles {consensus-gctx} --id DB00091 --by signature --format tsv --top 50
        query level5.l1kdb --profiles {consensus-gctx} --id DB00091 --by signature --format json --top 3
        query level5.l1kdb --profiles {level5-gctx} --top 5 --format json
        query level5.l1kdb --profiles {level5-gctx} --top 5 --format tsv --exclude-self
        query consensus.l1kdb --profiles {level5-gctx} --top 3 --format json --ann
        query consensus.l1kdb --profiles {level5-gctx} --top 3 --format json --exact
        query wells.l1kdb --profiles {wells-gctx} --top 4 --format tsv --score max
        query wells.l1kdb --profiles {wells-gctx} --top 4 --format tsv --score mean
        query wells.l1kdb --profiles {wells-gctx} --top 4 --format tsv --score max-quantile
        query wells.l1kdb --profiles {wells-gctx} --top 4 --format tsv --by signature --exclude-self
        query level5.l1kdb --profiles {level5-gctx} --top 2 --format tsv --filter cell_id=MCF7,PC3
        query level5.l1kdb --profiles {level5-gctx} --top 2 --format tsv --filter cell_id=MCF7 --filter pert_time=6
        query level5.l1kdb --profiles {level5-gctx} --top 2 --format tsv --filter cell_id=MCF77
        query level5.l1kdb --profiles {level5-gctx} --top 2 --format tsv --filter colour=red
        query level5.l1kdb --profiles {level5-gctx} --id nobody
        query level5.l1kdb --profiles {level5-gctx} --top 0
        query wells.l1kdb --profiles {wells-gctx} --ann
        query level5.l1kdb --profiles {data}/queries/01_estradiol_0.1nM_MCF7_deseq2_sig.csv
        query level5.l1kdb --profiles {data}/queries/04_dexamethasone_MDAMB231_GSE137535_cd.txt
        query level5.l1kdb --profiles {data}/queries/06_TCGA_BRCA_deseq2.csv.gz
        query level5.l1kdb --profiles {data}/queries/07_MERS_infection_limma_entrez.tsv
        query level5.l1kdb --profiles {data}/queries/08_ageing_muscle_gtex.rnk
        """,
    "split": """
        eval split moa.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by moa
        eval split cell.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by cell --seed 2
        eval split plate.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by plate
        eval split scaffold.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by scaffold
        eval split leak-proof.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by leak-proof
        eval split at-most.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by leak-proof --at-most 20
        eval split hold-out.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by drug --hold-out 0.1 --repeats 3
        eval split scaffold-out.tsv --sig-info {level5-sig} --pert-info {level5-pert} --by scaffold --hold-out 0.2
        eval split names.tsv --sig-info {level5-sig} --by drug --folds 3 --repeats 2
        eval split no-structures.tsv --sig-info {level5-sig} --by scaffold
        eval split one.tsv --sig-info {level5-sig} --by drug --folds 1
        eval split wells-scaffold.tsv --sig-info {wells-sig} --pert-info {wells-pert} --by scaffold
        eval split wells-plate.tsv --sig-info {wells-sig} --pert-info {wells-pert} --by plate --folds 3
        eval split wells-moa.tsv --sig-info {wells-sig} --pert-info {wells-pert} --by moa --hold-out 0.3
        eval split wells-cell.tsv --sig-info {wells-sig} --pert-info {wells-pert} --by cell
        eval retrieval --db level5.l1kdb --split scaffold.tsv --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split moa.tsv --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split leak-proof.tsv --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split hold-out.tsv --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split cell.tsv --bootstrap 100
        eval retrieval --db level5.l1kdb --split cell.tsv --bootstrap 100 --allow-shared-labels --format json
        """,
    "retrieval": """
        eval retrieval --db level5.l1kdb
        eval retrieval --db level5.l1kdb --format tsv
        eval retrieval --db level5.l1kdb --format json --report level5.html
        eval retrieval --db level5.l1kdb --format json --seed 5 --bootstrap 40
        eval retrieval --db level5.l1kdb --no-baselines --bootstrap 0 --format json
        eval retrieval --db level5.l1kdb --similarity dot --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --similarity euclid --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --exclude plate --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --exclude cell --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --exclude treatment --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --exclude plate,cell,treatment --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --candidates 200 --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --level drug --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --label moa --bootstrap 100
        eval retrieval --db level5.l1kdb --label moa --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --label moa --level signature --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --label target --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --label atc1 --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --label atc3 --level signature --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split drug.tsv --report folds.html
        eval retrieval --db level5.l1kdb --split drug.tsv --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split drug.tsv --label moa --bootstrap 100
        eval retrieval --db level5.l1kdb --split-by drug --folds 3 --repeats 2 --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split-by scaffold --bootstrap 100 --format json
        eval retrieval --model shipped {level5} --split-by scaffold --bootstrap 100 --format json
        eval retrieval --model shipped {second} --exclude cell,treatment --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split-by leak-proof --folds 3 --bootstrap 100 --format json
        eval retrieval --db level5.l1kdb --split-by moa --hold-out 0.3 --bootstrap 100 --format json
        eval retrieval --db consensus.l1kdb --label atc1 --bootstrap 100 --format json
        eval retrieval --db consensus.l1kdb --label atc2 --bootstrap 100 --format tsv
        eval retrieval --db consensus.l1kdb --label atc3 --bootstrap 100 --format json
        eval retrieval --db consensus.l1kdb --label atc4 --bootstrap 100 --format json
        eval retrieval --db consensus.l1kdb --label atc5 --bootstrap 100 --format json
        eval retrieval --db consensus.l1kdb
        eval retrieval --db wells.l1kdb --bootstrap 100 --format json
        eval retrieval --db wells.l1kdb --exclude plate --bootstrap 100 --format json
        eval retrieval --db wells.l1kdb --split wells-folds.tsv --bootstrap 100 --format json
        eval retrieval --model shipped {level5} --split drug.tsv --bootstrap 100 --format json
        eval retrieval --model identity {wells} --label moa --bootstrap 100 --format json
        eval retrieval --embeddings level5.npy --labels level5.txt --bootstrap 100 --format json
        eval retrieval --embeddings level5.npy --labels {level5-sig} --label cell_id --bootstrap 100 --format json
        eval retrieval --embeddings level5.npy {level5} --split drug.tsv --bootstrap 100 --format json
        eval retrieval --embeddings level5.npy {level5} --label moa --bootstrap 100 --format json
        eval retrieval --embeddings level5.npy --labels drug.tsv
        eval retrieval --embeddings consensus.npy --labels level5.txt
        """,
    "classes": """
        eval classes --db level5.l1kdb --label moa --permutations 5 --bootstrap 100
        eval classes --db level5.l1kdb --label moa --permutations 5 --bootstrap 100 --format tsv
        eval classes --db level5.l1kdb --label moa --permutations 5 --bootstrap 100 --format json --report classes.html
        eval classes --db level5.l1kdb --label moa --k 1,3,8 --metric cosine,euclid,canberra,correlation --permutations 0 --format json
        eval classes --db level5.l1kdb --label moa --weighted --folds 4 --repeats 2 --permutations 5 --format json
        eval classes --db level5.l1kdb --label moa --split drug.tsv --permutations 5 --format json
        eval classes --db level5.l1kdb --label moa --multi-label --permutations 5 --bootstrap 100 --format json
        eval classes --db level5.l1kdb --label target --top 4 --sampling up --permutations 5 --format json
        eval classes --db level5.l1kdb --label atc1 --top 4 --sampling down --permutations 5 --format json
        eval classes --db level5.l1kdb --label atc1 --classifier centroid --permutations 5 --format json
        eval classes --db level5.l1kdb --label atc1 --classifier svm --top 4 --permutations 0 --format json
        eval classes --db level5.l1kdb --label atc1 --classifier ann --top 4 --permutations 0 --format json
        eval classes --db level5.l1kdb --label atc1 --classifier ann --top 3 --multi-label --permutations 0 --format json
        eval classes --db level5.l1kdb --label atc1 --classifier cluster --permutations 5 --format json
        eval classes --db level5.l1kdb --label moa --classifier cluster --permutations 5
        eval classes --db level5.l1kdb --label atc1 --repurposing --permutations 0 --format json
        eval classes --db level5.l1kdb --label atc1 --repurposing --permutations 0 --format tsv
        eval classes --db level5.l1kdb --label atc1 --repurposing --multi-label --permutations 0
        eval classes --db consensus.l1kdb --k 7,8,9,10 --metric cosine,correlation --permutations 5 --format json
        eval classes --db consensus.l1kdb --label atc2 --classifier centroid --permutations 5
        eval classes --db consensus.l1kdb --label atc3 --classifier cluster --permutations 5 --format json
        eval classes --db wells.l1kdb --label moa --top 6 --permutations 5 --format json
        eval classes --embeddings level5.npy --labels {level5-sig} --label cell_id --permutations 5 --format json
        eval classes --embeddings consensus.npy --sig-info {consensus-sig} --pert-info {consensus-pert} {consensus-atc} --label atc4 --permutations 5 --format json
        eval classes --model identity {consensus} {consensus-atc} --label atc1 --classifier centroid --permutations 5 --format json
        eval classes --db level5.l1kdb --label pert_iname
        """,
    "compare": """
        eval retrieval --embeddings raw.npy {level5} --split drug.tsv --bootstrap 100 --format json > raw.json
        eval retrieval --embeddings level5.npy {level5} --split drug.tsv --bootstrap 100 --format json > net.json
        eval retrieval --db level5.l1kdb --bootstrap 100 --format json > other.json
        eval compare raw.json net.json
        eval compare raw.json net.json --format tsv
        eval compare raw.json net.json --format json --report compared.html
        eval compare net.json raw.json net.json --bootstrap 200 --seed 4 --format json
        eval compare raw.json other.json
        eval compare raw.json missing.json
        """,
    "train": """
        train evaluate {level5} --folds 2 --repeats 2 --models within-drug,components,discriminant,weighted-discriminant
        train evaluate {level5} --folds 3 --models whiten --format tsv --seed 3
        train evaluate {level5} --test-share 0.2 --models whiten,short.toml --format tsv
        train evaluate {level5} {background} --split drug.tsv --out-of-fold oof --models whiten,short.toml --format tsv
        train evaluate {level5} --split missing.tsv --models whiten
        train whiten {level5} --out whitened --folds 3
        train densenet {level5} {background} --config short.toml --out net --folds 2
        train triplet {wells} --out triplet --preset small-data --steps 20 --test-share 0.2
        """,
}
SHORT = 'preset = "densenet:small-data"\nsteps = 20\n'


def words(data):
    """What stands for the names between braces."""
    named = {"data": [str(data)]}
    for name, (folder, gctx) in SETS.items():
        path = {"gctx": data / folder / gctx, "sig": data / folder / "sig_info.txt", "pert": data / folder / "pert_info.txt"}
        named |= {f"{name}-{part}": [str(file)] for part, file in path.items()}
        named[f"{name}-bare"] = ["--profiles", str(path["gctx"]), "--sig-info", str(path["sig"])]
        named[name] = named[f"{name}-bare"] + ["--pert-info", str(path["pert"])]
        named[f"{name}-atc"] = ["--atc", str(data / folder / "drug_atc.tsv")]
        named[f"{name}-drugs"] = named[f"{name}-atc"] + ["--atc-names", str(data / "atc_classes.tsv")]
    sig, pert = named["consensus-sig"][0], named["consensus-pert"][0]
    named["background"] = ["--background", named["consensus-gctx"][0], "--background-info", sig, "--background-pert-info", pert]
    return named


def expanded(line, named):
    """The words of a command. `{a}` stands for several words, `{a}/b` for one."""
    found = []
    for word in shlex.split(line):
        whole = re.fullmatch(r"\{([\w-]+)\}", word)
        found += named[whole[1]] if whole else [re.sub(r"\{([\w-]+)\}", lambda m: named[m[1]][0], word)]
    return found


class Side:
    """One program with its folder."""

    def __init__(self, program, trainer, folder):
        self.program, self.trainer, self.folder = program, trainer, folder
        folder.mkdir(parents=True)
        (folder / "short.toml").write_text(SHORT)
        self.seen = self.states()

    def states(self):
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}

    def run(self, arguments):
        """What came out of a command: a name for every stream and file, and its bytes."""
        if arguments[0] == "labels":
            found = {"exit code": str(self.write_labels(*arguments[1:])).encode()}
        else:
            found = self.started(arguments)
        states = self.states()
        found |= {name: (self.folder / name).read_bytes() for name in states if states[name] != self.seen.get(name)}
        found |= {name: b"removed" for name in self.seen if name not in states}
        self.seen = states
        return found

    def started(self, arguments):
        name, program = ("l1kdb", self.program)
        if arguments[0] == "train":
            name, program, arguments = "l1kdb-train", self.trainer, arguments[1:]
        into = None
        if ">" in arguments:
            arguments, into = arguments[:-2], arguments[-1]
        # No path to search: whatever ONNX Runtime there is must not take part.
        environment = {"ORT_DISABLE_TELEMETRY": "1", "COLUMNS": "120"}
        done = subprocess.run([name, *arguments], executable=program, cwd=self.folder, env=environment, capture_output=True)
        if into:
            (self.folder / into).write_bytes(done.stdout)
        return {"exit code": str(done.returncode).encode(), "stdout": done.stdout, "stderr": done.stderr}

    def write_labels(self, out, table, column):
        header, *rows = [line.split("\t") for line in Path(table).read_text().splitlines()]
        (self.folder / out).write_text("".join(row[header.index(column)] + "\n" for row in rows))
        return 0

    def comparable(self, name, content, ignore):
        """Lines of a stream or file without what may differ; of a binary file its bytes."""
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return content
        if "\0" in text:
            return content
        text = text.replace(str(self.folder), "FOLDER")
        for where, pattern, instead in EXCEPTIONS:
            if name.endswith(where):
                text = re.sub(pattern, instead, text, flags=re.MULTILINE)
        return [line for line in text.splitlines(keepends=True) if not any(re.search(one, line) for one in ignore)]


def difference(name, before, after):
    """Lines that tell where two contents part first, or none."""
    if before == after:
        return []
    if not (isinstance(before, list) and isinstance(after, list)):
        sizes = ["absent" if one is None else f"{len(one):,} {'bytes' if isinstance(one, bytes) else 'lines'}" for one in (before, after)]
        place = ""
        if isinstance(before, bytes) and isinstance(after, bytes):
            at = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), min(len(before), len(after)))
            place = f", first at byte {at:,}"
        return [f"{name}: {sizes[0]} before, {sizes[1]} after{place}"]
    at = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), min(len(before), len(after)))
    return [f"{name}, line {at + 1:,} of {len(before):,} before and {len(after):,} after:",
            *excerpts("".join(before[at:at + 1]), "".join(after[at:at + 1]))]


def excerpts(old, new, around=70):
    """Both lines about the place where they part: lines of JSON are long."""
    at = next((i for i, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    start = max(0, at - around)
    cut = lambda line: ("..." if start else "") + line[start:at + around].rstrip("\n") + ("..." if len(line) > at + around else "")
    return [f"  - {cut(old)}", f"  + {cut(new)}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--train", nargs=2, metavar=("BEFORE", "AFTER"), help="the trainers, l1kdb-train")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("L1KDB_TEST_DATA", ROOT / "../shared")) / "data")
    parser.add_argument("--only", metavar="GROUP,..", help=f"of {', '.join(GROUPS)} [default: all]")
    parser.add_argument("--ignore", metavar="REGEX", action="append", default=[], help="lines that do not count; may be repeated")
    parser.add_argument("--keep", metavar="DIR", type=Path, help="a new folder for what is written, which is kept")
    parser.add_argument("--list", action="store_true", help="print the commands and run none")
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.exit(f"{options.data} is absent: name the folder of the real data with --data")
    chosen = options.only.split(",") if options.only else list(GROUPS)
    unknown = [group for group in chosen if group not in GROUPS]
    if unknown:
        sys.exit(f"{unknown[0]} is no group; there are {', '.join(GROUPS)}")
    named = words(options.data.resolve())
    groups = [group for group in GROUPS if group == "prepare" or group in chosen and (group != "train" or options.train)]
    lines = [(group, line.strip()) for group in groups for line in GROUPS[group].strip().splitlines()]
    if options.list:
        print("\n".join(f"{group:<11}{line}" for group, line in lines))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        home = options.keep or Path(temporary) / "results"
        trainers = options.train or (None, None)
        programs = [(options.before, trainers[0]), (options.after, trainers[1])]
        absolute = lambda path: path and str(Path(path).resolve())
        sides = [Side(*map(absolute, both), (home / name).resolve()) for both, name in zip(programs, ["before", "after"])]
        return compare(sides, lines, named, options.ignore)


def compare(sides, lines, named, ignore):
    differing, began = 0, time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for group, line in lines:
            start, arguments = time.monotonic(), expanded(line, named)
            before, after = pool.map(lambda side: side.run(arguments), sides)
            found = []
            for name in sorted({*before, *after}, key=lambda name: (name not in ("exit code", "stdout", "stderr"), name)):
                contents = [side.comparable(name, one[name], ignore) if name in one else None
                            for side, one in zip(sides, (before, after))]
                found += difference(name, *contents)
            differing += bool(found)
            files = len({*before, *after} - {"exit code", "stdout", "stderr"})
            code = before["exit code"].decode()
            print(f"{'differs' if found else 'same':<8}{group:<11}exit {code}, {files} files, {time.monotonic() - start:5.1f} s  {line}")
            for one in found[:12]:
                print(f"        {one}")
            sys.stdout.flush()
    verdict = f"{differing} of {len(lines)} commands differ" if differing else f"all {len(lines)} commands give the same"
    print(f"{verdict}, {time.monotonic() - began:.0f} s")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
