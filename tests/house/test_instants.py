"""An act's instant is taken under the store's lock: whoever waited for another writer would else be behind what that one entered (spec/ledger.md §4)."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "custody"
EARLY = """
def act(desk):
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        append(tx, desk.space, now, "kind", {})
"""


def test_no_act_takes_its_instant_before_it_holds_the_store():
    """What is entered is stamped by a clock that was asked under the lock."""
    paths = sorted(SOURCE.rglob("*.py"))
    assert len(paths) > 400
    found = [f"{path.relative_to(SOURCE)}:{line}" for path in paths for line in early(path.read_text(encoding="utf-8"))]
    assert found == []


def test_one_that_does_is_found():
    """The walk above finds what it looks for, and nothing where the order is right."""
    lines = EARLY.strip().splitlines()
    assert list(early(EARLY)) == [5]
    assert list(early("\n".join([lines[0], lines[2], f"    {lines[1]}", lines[3]]))) == []


def early(source: str) -> Iterator[int]:
    """The lines of entries whose instant was taken outside of a writing transaction."""
    for made in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        known = set[str]()
        for node in made.body:
            yield from _met(node, known)


def _met(node: ast.stmt, known: set[str]) -> Iterator[int]:
    if isinstance(node, ast.With) and any("store.write()" in ast.unparse(one.context_expr) for one in node.items):
        yield from (call.lineno for call in ast.walk(node) if isinstance(call, ast.Call) and _stamped(call, known))
    elif isinstance(node, ast.Assign):
        known |= {name for name, value in _bound(node) if _asked(value, known)}
    else:
        for below in ast.iter_child_nodes(node):
            if isinstance(below, ast.stmt):
                yield from _met(below, known)


def _stamped(call: ast.Call, known: set[str]) -> bool:
    return ast.unparse(call.func) == "append" and len(call.args) > 2 and bool(_names(call.args[2]) & known)


def _bound(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from ((ast.unparse(one), each) for one, each in zip(target.elts, value.elts, strict=False))
    elif isinstance(target, ast.Name):
        yield target.id, value


def _asked(value: ast.expr, known: set[str]) -> bool:
    said = ast.unparse(value)
    return ("clock.now()" in said and not said.startswith("(")) or (
        said.startswith("stamp(") and bool(_names(value) & known)
    )


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
