"""Writes platform.tsv.gz: the 12,328 genes of the L1000 platform and their names.

    python make_table.py gene_info.txt gene_aliases.tsv

gene_info.txt is the table of genes that LINCS publishes (GEO series GSE92742): Entrez id, symbol, title, landmark, BING.
gene_aliases.tsv has, of the same genes in the same order, the symbol of today, previous symbols, aliases and Ensembl gene
ids, as NCBI Gene, HGNC and Ensembl give them.

Left out are names that cannot tell a gene: of one letter, of digits alone, with letters beyond ASCII; symbols of genes that
the platform does not measure (outside.txt); names that another gene bears more surely; and all but one of the spellings that
differ in case. What two genes bear alike stays in, so that it can be called ambiguous.
"""

import gzip
import sys
from pathlib import Path

HERE = Path(__file__).parent
HEAD = """\
# The 12,328 genes of the L1000 platform in the order of the LINCS tables. See README.md beside this file.
entrez\tspace\tsymbol\tother_symbols\tprevious_symbols\taliases\tensembl
"""


def rows(path):
    return [line.split("\t") for line in Path(path).read_text(encoding="utf-8").splitlines()][1:]


def is_plain(name):
    return len(name) > 1 and name.isascii() and not name.isdigit()


def once(names):
    """The names without those that differ from an earlier one in case only."""
    return list({name.upper(): name for name in reversed(names)}.values())[::-1]


def gathered(info, aliases, landmarks, outside):
    """Of each gene its names, the surest rank first."""
    genes = []
    for (entrez, lincs, _, is_landmark, is_bing), (same, today, previous, other, ensembl) in zip(info, aliases):
        assert entrez == same, (entrez, same)
        symbols = once([today, lincs, landmarks.get(entrez, lincs)])
        older = [[name for name in field.split("|") if is_plain(name) and name.upper() not in outside]
                 for field in (previous, other)]
        space = "L" if is_landmark == "1" else "B" if is_bing == "1" else ""
        genes.append((entrez, space, [symbols, once(older[0]), once(older[1])], ensembl))
    return genes


def surest(genes):
    """The best rank in which anybody bears a name."""
    best = {}
    for _, _, ranks, _ in genes:
        for rank, names in enumerate(ranks):
            for name in names:
                best[name.upper()] = min(rank, best.get(name.upper(), rank))
    return best


def main(info, aliases):
    landmarks = dict(row[:2] for row in rows(HERE / "landmarks.tsv"))
    outside = set((HERE / "outside.txt").read_text().split())
    genes = gathered(rows(info), rows(aliases), landmarks, outside)
    best = surest(genes)
    lines = []
    for entrez, space, ranks, ensembl in genes:
        ranks = [[name for name in names if best[name.upper()] == rank] for rank, names in enumerate(ranks)]
        numbers = "|".join(id.removeprefix("ENSG").lstrip("0") for id in ensembl.split("|"))
        symbol, others = ranks[0][0], ranks[0][1:]
        lines.append("\t".join([entrez, space, symbol, "|".join(others), *map("|".join, ranks[1:]), numbers]))
    text = HEAD + "\n".join(lines) + "\n"
    (HERE / "platform.tsv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
