"""Every promise of the threat model names tests that attack it, and those tests are there."""

import ast
import re

import pytest
from tests.house.test_tree import ROOT

MODEL = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
KEPT, _, WAITING = (
    MODEL.partition("## What custody promises")[2]
    .partition("## What custody does not promise")[0]
    .partition("## Promises that wait for their code")
)
PROMISE = re.compile(r"^\| (G[0-9]+) \| (.+)$", re.MULTILINE)
NAMED = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")


def functions_of(path: str) -> set[str]:
    """The test functions of a file below tests/."""
    file = ROOT / "tests" / path
    if not file.is_file():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("number", "row"), PROMISE.findall(KEPT))
def test_every_promise_is_attacked(number: str, row: str):
    """A promise that is said to be kept names at least one test, and each test named exists."""
    named = NAMED.findall(row)
    assert named, number
    assert not [f"{path}::{name}" for path, name in named if name not in functions_of(path)]


def test_every_promise_has_a_number_of_its_own():
    """Promises are counted from one; none is lost, none stands twice."""
    numbers = sorted(int(number[1:]) for number, _ in PROMISE.findall(MODEL))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 20


def test_what_waits_is_named_as_that():
    """A promise that no release keeps yet stands apart, if there is one, and names no test."""
    assert not NAMED.findall(WAITING)
