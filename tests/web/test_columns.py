"""Whatever a job may be called has room in its column: SQLite takes any length, PostgreSQL does not."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from custody import acts as core
from custody import services

CONSOLE = Path(__file__).parents[2] / "src" / "custody" / "web" / "console"


def test_a_job_of_every_act_has_room_for_its_name():
    """By its act where two people decide, by a word of its own elsewhere."""
    (room,) = re.findall(r"class Work\(.*?kind = models\.CharField\(max_length=(\d+)\)", (CONSOLE / "models.py").read_text(encoding="utf-8"), re.DOTALL)  # fmt: skip
    names = {*acts(), *spoken()}
    assert {"handover-control", "seal", "recall-back"} <= names
    assert [name for name in names if len(name) > int(room)] == []


def acts() -> Iterator[str]:
    """What the core calls the acts that two people decide."""
    for package in (core, services):
        for one in pkgutil.iter_modules(package.__path__):
            name = getattr(importlib.import_module(f"{package.__name__}.{one.name}"), "ACT", None)
            if isinstance(name, str):
                yield name


def spoken() -> Iterator[str]:
    """Words with which the console's own sources start a job, or have an act carried out by one; a name stands for what its file says."""
    for path in CONSOLE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {ast.unparse(target): value for target, value in assigned(tree)}
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            begun = call.args[:1] if ast.unparse(call.func).endswith("start") else []
            for word in [*begun, *(one.value for one in call.keywords if one.arg == "behind")]:
                said = named.get(ast.unparse(word), word)
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value


def assigned(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    for one in tree.body:
        if isinstance(one, ast.Assign):
            yield one.targets[0], one.value
        elif isinstance(one, ast.AnnAssign) and one.value is not None:
            yield one.target, one.value
