"""Read a predicate from a pack and hold every operand to the type of its fact (spec/law.md §3)."""

from collections.abc import Sequence
from typing import Final

from custody.base.canonical import Json
from custody.law.faults import Faults
from custody.law.lined import Lined
from custody.law.predicate import OPERATORS, ORDERED, All, Any, Not, Predicate, Test
from custody.law.schema import Leaf, Schema

FORM: Final = "a predicate is all, any, not, or one fact with one operator"
_LISTS: Final = frozenset(("in", "not_in", "has_any", "only"))
ALLOWED: Final = {
    "boolean": ("is", "not"),
    "one_of": ("is", "not", "in", "not_in"),
    "some_of": ("has", "has_any", "only"),
    "integer": ("is", "not", *ORDERED),
    "number": ("is", "not", *ORDERED),
    "date": ORDERED,
    "instant": ORDERED,
}


def read(value: object, schema: Schema, faults: Faults, line: int) -> Predicate | None:
    """The predicate, or None when a fault was noted."""
    if not isinstance(value, Lined):
        faults.add(line, FORM)
        return None
    if set(value) in ({"all"}, {"any"}):
        return _many(value, schema, faults)
    if set(value) == {"not"}:
        inner = read(value["not"], schema, faults, value.line)
        return Not(inner, value.line) if inner else None
    operator = next((key for key in value if key in OPERATORS), "")
    if set(value) != {"fact", operator}:
        faults.add(value.line, FORM)
        return None
    return _test(value, operator, schema, faults)


def _many(value: Lined, schema: Schema, faults: Faults) -> Predicate | None:
    ((word, parts),) = value.items()
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        faults.add(value.line, f"{word} needs a list of predicates")
        return None
    read_parts = [read(part, schema, faults, value.line) for part in parts]
    made = tuple(part for part in read_parts if part)
    if len(made) < len(parts):
        return None
    return All(made, value.line) if word == "all" else Any(made, value.line)


def _test(value: Lined, operator: str, schema: Schema, faults: Faults) -> Predicate | None:
    leaf = schema.leaves.get(str(value["fact"]))
    operand = value[operator]
    if leaf is None:
        faults.add(value.line, f"{value['fact']} is no known fact")
        return None
    if operator not in ALLOWED[leaf.kind]:
        faults.add(
            value.line, f"{leaf.name} is {leaf.kind}: {operator} does not apply, only {', '.join(ALLOWED[leaf.kind])}"
        )
        return None
    if (operator in _LISTS) != isinstance(operand, list) or operand == []:
        faults.add(value.line, f"{leaf.name}: {operator} needs {'a list' if operator in _LISTS else 'one value'}")
        return None
    wrong = [told for told in (operand_fault(leaf, one) for one in _each(operand)) if told]
    if wrong:
        faults.add(value.line, f"{leaf.name}: {wrong[0]}")
        return None
    return Test(leaf.name, operator, plain(operand), value.line)


def operand_fault(leaf: Leaf, operand: object) -> str:
    """What is wrong with an operand of a leaf; an operand of a list is one of its values."""
    value = plain(operand)
    return leaf.fault([value] if leaf.kind == "some_of" else value)


def _each(operand: object) -> list[object]:
    return list(operand) if isinstance(operand, list) else [operand]


def plain(value: object) -> Json:
    """A day in YAML is a date object; facts hold text."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return value  # type: ignore[return-value]  # a YAML scalar
