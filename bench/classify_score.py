"""Precision, recall and F1 per class on the labelled tables: what the figures in docs/guide/classify.md are read from.

usage: python bench/classify_score.py [PART...] [--faults]
parts: those of PARTS in tests/classify/labelled.py. Held parts were labelled first and are never tuned on;
`--faults` names columns taken for something else, and is refused for the held public tables.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE / "tests" / "classify"))

from labelled import PARTS, Score  # noqa: E402 - stands beside the tests, which the line above makes importable

from custody.classify.taxonomy import classes  # noqa: E402 - as above

SENSITIVE = {name for name, one in classes().items() if one.level == "sensitive"}
NAMES = ("name.full", "name.given", "name.family")


def main() -> None:
    words = sys.argv[1:]
    for part in [one for one in words if not one.startswith("-")] or list(PARTS):
        score = PARTS[part]()
        show(part, score)
        if "--faults" in words and part not in {
            "public-held",
            "wide-held",
            "sealed",
            "second-b",
            "third-b",
            "fourth-b",
            "sixth-b",
            "seventh-b",
            "tenth",
            "tenth-zh",
            "tenth-other",
        }:
            print(*score.faults, sep="\n")


def show(part: str, score: Score) -> None:
    print(f"\n{part}: {score.columns} columns, {len(score.faults)} wrong")
    for cls in sorted({*score.right, *score.missed, *score.wrong}):
        print(
            f"  {cls:<24}{score.right[cls]:5}  P {score.precision(cls):.3f}  R {score.recall(cls):.3f}  F1 {score.f1(cls):.3f}"
        )
    print(f"  names F1 {score.f1(*NAMES):.3f}, address F1 {score.f1('contact.address'):.3f}, sensitive recall "
          f"{score.sensitive_recall(SENSITIVE):.3f} by class, {score.level_recall():.3f} by level ({score.sensitive['called']} of "
          f"{score.sensitive['called'] + score.sensitive['left']} general ones called so), macro F1 {score.macro():.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
