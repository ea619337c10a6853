"""What commands print with --json has the shape that docs/reference/cli.md tells."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "reference"))
from shapes import APART, NAMES, TARGET, fits, merge, shape  # noqa: E402 - a script of the reference, found by its folder

from commands import MISSING  # noqa: E402 - a script of the reference, found by its folder

TOLD = json.loads(TARGET.read_text(encoding="utf-8"))


def test_every_answer_of_the_line_has_the_shape_told(played: Path):
    """No command of the rehearsal leaves out what the reference promises or prints what it does not tell."""
    wrong, verbs = [], set()
    for line in (played.parent / "answers.jsonl").read_text(encoding="utf-8").splitlines():
        words, out = json.loads(line)
        if "error" not in out:
            name = next(one for one in NAMES if words[: len(one.split())] == one.split())
            told = {**TOLD[name], "v": "integer"}
            wrong += [f"{name}{fault}" for fault in fits(out, told)]
            verbs.add(name)
    assert len(verbs) > 20
    assert not wrong, (
        "\n".join(sorted(set(wrong))) + "\nwrite it anew: python docs/reference/shapes.py, then run.py docs"
    )


def test_every_verb_and_argument_is_told():
    """The reference tells what every verb prints and what every argument is: play a new verb in docs/reference/shapes.py."""
    assert set(NAMES) - set(TOLD) == APART
    assert MISSING not in (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "told", "faults"),
    [
        ({"a": 1}, {"a": "integer"}, 0),
        ({"a": True}, {"a": "integer"}, 1),
        ({}, {"a": "integer"}, 1),
        ({}, {"a?": "integer"}, 0),
        ({"a": 1, "b": 2}, {"a": "integer"}, 1),
        ({"x": 1, "y": "2"}, {"*": "integer"}, 1),
        ({"a": [{"b": "x"}, {"b": 1}]}, {"a": [{"b": "text"}]}, 1),
        ({"a": None}, {"a": "nothing | text"}, 0),
        ({"a": None}, {"a": "text"}, 1),
    ],
)
def test_shapes_are_compared(value: dict, told: dict, faults: int):
    """What is missing, more than told, or of another kind is found."""
    assert len(fits(value, told)) == faults


def test_shapes_are_joined():
    """A member that is not always there is marked, and two kinds stand side by side."""
    assert merge(shape({"a": 1, "b": "x"}), shape({"b": None})) == {"a?": "integer", "b": "nothing | text"}
