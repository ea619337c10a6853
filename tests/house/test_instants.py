"""An act's instant is taken under the store's lock: whoever waited for another writer would else be behind what that one entered (spec/ledger.md §4)."""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src" / "custody"
EVIDENCE = "custody.acts.evidence"
FIRST = (EVIDENCE, "append", 2)
"""What enters: the instant is its third argument, and every other way leads there."""
EARLY = """
from custody.acts.evidence import append
def act(desk):
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        append(tx, desk.space, now, "kind", {})
"""
THROUGH = """
from custody.acts.evidence import append
def kept(tx, space, *, at):
    append(tx, space, at, "kind", {})
def noted(tx, at):
    kept(tx, "space", at=at)
def act(desk):
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        noted(tx, now)
"""
HANDED = """
from custody.acts.evidence import append
def done(desk, now):
    with desk.store.write() as tx:
        append(tx, desk.space, stamp(now), "kind", {})
"""


class Made(NamedTuple):
    """A function: where it is, its parameters, and what it calls with which names as which argument."""

    module: str
    node: ast.FunctionDef
    listed: Sequence[str]
    """Its parameters that may be given by place, in order."""
    named: frozenset[str]
    """Those that are given by name alone."""
    calls: Mapping[ast.Call, tuple[tuple[str, str], Mapping[int | str, frozenset[str]]]]
    """{call: (what is called, {argument: the names in it, unless it asks the clock itself})}."""


Enters = dict[tuple[str, str], set[int | str]]
"""{function: which of its parameters, by place and by name, become the instant of an entry}."""


def test_no_act_takes_its_instant_before_it_holds_the_store():
    """What is entered, through whatever function, is stamped by a clock that was asked under the lock; and the helpers that a reader would name are among those that were followed."""
    paths = sorted(SOURCE.rglob("*.py"))
    assert len(paths) > 400
    sources = {_module(path): path.read_text(encoding="utf-8") for path in paths}
    assert early(sources) == []
    assert {name for _, name in entering(read(sources))} >= {"append", "append_about", "let_go", "own_about", "_keep"}


def test_one_that_does_is_found():
    """The walk above finds what it looks for, through helpers too, and nothing where the order is right."""
    lines = EARLY.strip().splitlines()
    right = "\n".join([*lines[:2], lines[3], f"    {lines[2]}", lines[4]])
    assert early({"one": EARLY}) == ["one:6"]
    assert early({"one": right}) == []
    assert early({"one": THROUGH}) == ["one:10"]
    assert early({"one": HANDED}) == ["one:5"]


def early(sources: Mapping[str, str]) -> list[str]:
    """module:line of each entry whose instant was taken outside of its writing transaction."""
    made = read(sources)
    enters = entering(made)
    return [f"{one.module}:{line}" for one in made for line in sorted(set(_early(one, enters)))]


def read(sources: Mapping[str, str]) -> list[Made]:
    """Every function of these modules."""
    ours = {EVIDENCE, *sources}
    return [one for module, text in sources.items() for one in functions(module, text, ours)]


def functions(module: str, text: str, ours: Collection[str]) -> Iterator[Made]:
    """Every function of a module, with its calls of what is in these modules."""
    tree = ast.parse(text)
    names = {node.name: (module, node.name) for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {one.asname or one.name: (node.module, one.name) for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            calls = {
                each: (called, _given(each))
                for each in ast.walk(node)
                if isinstance(each, ast.Call) and (called := _called(each, names, module))[0] in ours
            }
            listed = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
            yield Made(module, node, listed, frozenset(each.arg for each in node.args.kwonlyargs), calls)


def entering(made: Sequence[Made]) -> Enters:
    """Which parameters of which functions become the instant of an entry, however many calls away."""
    found: Enters = {FIRST[:2]: {FIRST[2], "at"}}
    grown = True
    while grown:
        grown = False
        for one in made:
            own = found.setdefault((one.module, one.node.name), set())
            instants = {name for call in one.calls for name in _instants(call, one, found)}
            more = {place for name in instants for place in _places(one, name)} - own
            own |= more
            grown = grown or bool(more)
    return {function: places for function, places in found.items() if places}


def _early(one: Made, enters: Enters) -> Iterator[int]:
    known = {*one.listed, *one.named}  # an instant that was handed in was taken before
    for node in one.node.body:
        yield from _met(node, one, enters, known)


def _met(node: ast.stmt, one: Made, enters: Enters, known: set[str]) -> Iterator[int]:
    if isinstance(node, ast.With) and any("store.write()" in ast.unparse(each.context_expr) for each in node.items):
        calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
        yield from (call.lineno for call in calls if _instants(call, one, enters) & known)
    elif isinstance(node, ast.Assign):
        known |= {name for name, value in _bound(node) if _asked(value, known)}
    else:
        for below in ast.iter_child_nodes(node):
            if isinstance(below, ast.stmt):
                yield from _met(below, one, enters, known)


def _instants(call: ast.Call, one: Made, enters: Enters) -> frozenset[str]:
    """The names in what a call gives for an instant."""
    called, given = one.calls.get(call, (("", ""), {}))
    places = enters.get(called)
    return frozenset(name for place in places or () for name in given.get(place, ()))


def _given(call: ast.Call) -> dict[int | str, frozenset[str]]:
    first = 1 if _own(call) else 0  # whose it is comes before what is given
    told: dict[int | str, ast.expr] = {
        **dict(enumerate(call.args, first)),
        **{one.arg: one.value for one in call.keywords if one.arg},
    }
    return {place: frozenset(_names(value)) for place, value in told.items() if not _asks(value)}


def _asks(value: ast.expr) -> bool:
    """Whether it asks a clock, or comes of one that does."""
    called = (one.func for one in ast.walk(value) if isinstance(one, ast.Call))
    return any(isinstance(one, ast.Attribute) and one.attr == "now" for one in called)


def _own(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in {"self", "cls"}


def _called(call: ast.Call, names: Mapping[str, tuple[str, str]], module: str) -> tuple[str, str]:
    """(module, name) of what is called: a name, one of a module that was imported, or a method of the same class."""
    if isinstance(call.func, ast.Attribute) and _own(call):
        return module, call.func.attr
    if isinstance(call.func, ast.Name):
        return names.get(call.func.id, ("", ""))
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return ".".join(names.get(call.func.value.id, ("", ""))), call.func.attr
    return "", ""


def _places(one: Made, name: str) -> set[int | str]:
    places: set[int | str] = {one.listed.index(name)} if name in one.listed else set()
    return places | {one_name for one_name in (*one.listed, *one.named) if one_name == name}


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


def _module(path: Path) -> str:
    return ".".join(("custody", *path.relative_to(SOURCE).with_suffix("").parts))
