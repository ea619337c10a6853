"""What the newest gate of a deal rests on, kept as rows beside it, so that the next one begins there (spec/law.md §7).

It is a help and never a source: where anything does not fit, it is not used, and the gate decides everybody anew.
It names nobody: a group is what its people share, and a slot says no more than a verdict page does.
"""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Final, cast

import numpy as np

from custody.acts.alike import Alike
from custody.acts.groups import Group, Groups, Place
from custody.base import canonical
from custody.base.canonical import Json
from custody.law.gate import Decision, Reason
from custody.law.kept import Kept, ground
from custody.law.pack import Packs
from custody.law.possible import Answer
from custody.ports.store import Cells, Row, Transaction

# Raised when what a group, an answer or a decision means changes: what older software kept is then not used.
_FORM: Final = 1
_MOST: Final = 20_000
_PAGE: Final = np.dtype(">u4")


def load(tx: Transaction, matter: Row, packs: Packs, on: str) -> tuple[Groups | None, Kept]:
    """What is kept, where it still holds: the same software, types of facts, vault, and no birthday or other date in between."""
    name = str(matter["id"])
    parts: dict[str, dict[str, Json]] = {part: {} for part in ("head", "group", "answer", "decision")}
    for row in tx.find("gate_kept", matter=name):
        parts[str(row["part"])][str(row["key"])] = canonical.decode(cast("bytes", row["said"]), strict=False)
    head = cast("Mapping[str, str]", parts["head"].get("", {}))
    if head.get("ground") != _ground(packs):
        return None, Kept()
    kept = Kept(
        {key: _answer(one) for key, one in parts["answer"].items()},
        {key: _decision(one) for key, one in parts["decision"].items()},
    )
    if head["vault"] != matter["vault"] or not head["on"] <= on or (head["until"] and head["until"] <= on):
        return None, kept
    rows = sorted(((int(key), cast("list[Json]", one)) for key, one in parts["group"].items()))
    groups = Groups([_group(one) for _, one in rows], [cast("int", one[-1]) for _, one in rows], until=head["until"])
    for compartment, page, held in tx.columns("gate_page", ("compartment", "page", "groups"), matter=name):
        told = np.frombuffer(cast("bytes", held), dtype=_PAGE).astype(np.uint32)
        groups.pages[cast("int", compartment), cast("int", page)] = told
    return groups, kept


def save(tx: Transaction, matter: Row, packs: Packs, on: str, groups: Groups, kept: Kept) -> None:
    """Keep it in place of what was kept before. Group numbers stay; a group that nobody is in waits for its next member."""
    name = str(matter["id"])
    head = {"ground": _ground(packs), "vault": str(matter["vault"]), "on": on, "until": groups.until}
    whole = len(kept.answers) > _MOST
    for part in ("head", "group", "decision", *(("answer",) if whole or not kept.known else ())):
        tx.drop("gate_kept", matter=name, part=part)
    answers = kept.asked if whole or kept.known else kept.answers
    rows: list[tuple[str, str, Json]] = [("head", "", head)]
    rows += [("group", str(place), [*_told(one), groups.people[place]]) for place, one in enumerate(groups.known)]
    rows += [("answer", key, [one.value, sorted(one.missing)]) for key, one in answers.items()]
    rows += [("decision", key, _said(one)) for key, one in kept.used.items()]
    tx.add("gate_kept", (
        {"matter": name, "part": part, "key": key, "said": canonical.encode(said)} for part, key, said in rows
    ))  # fmt: skip
    _save_pages(tx, name, groups)


def _save_pages(tx: Transaction, name: str, groups: Groups) -> None:
    if groups.rewritten == set(groups.pages):
        tx.drop("gate_page", matter=name)
    else:
        tx.drop_many(
            "gate_page", ({"matter": name, "compartment": one, "page": page} for one, page in groups.rewritten)
        )
    tx.add("gate_page", (_page(name, place, groups) for place in sorted(groups.rewritten)))


def _page(name: str, place: Place, groups: Groups) -> Cells:
    blob = groups.pages[place].astype(_PAGE).tobytes()
    return {"matter": name, "compartment": place[0], "page": place[1], "groups": blob}


def _ground(packs: Packs) -> str:
    return f"{_FORM} {version('custody')} {ground(packs)}"


def _told(group: Group) -> list[Json]:
    return [_of(group.alike), list(group.compartments)]


def _of(alike: Alike) -> Json:
    facts: list[Json] = [[leaf, list(one) if isinstance(one, tuple) else one] for leaf, one in alike.facts]
    held: list[Json] = [[where, what] for where, what in sorted(alike.held)]
    return [alike.kind, facts, held, [_of(one) for one in alike.members]]


def _group(told: list[Json]) -> Group:
    return Group(_alike(told[0]), tuple(cast("list[int]", told[1])))


def _alike(told: Json) -> Alike:
    kind, facts, held, members = cast("tuple[str, list[tuple[str, Json]], list[tuple[int, str]], list[Json]]", told)
    read = tuple((leaf, tuple(one) if isinstance(one, list) else one) for leaf, one in facts)
    return Alike(kind, read, frozenset((where, what) for where, what in held), tuple(map(_alike, members)))


def _answer(told: Json) -> Answer:
    value, missing = cast("tuple[bool | None, list[str]]", told)
    return Answer(value, frozenset(missing))


def _said(one: Decision) -> Json:
    reasons: list[Json] = [[why.rule, why.verdict, dict(why.text), list(why.missing)] for why in one.reasons]
    return [one.verdict, reasons, list(one.rules), list(one.overridden)]


def _decision(told: Json) -> Decision:
    verdict, reasons, rules, lifted = cast("tuple[str, list[Json], list[str], list[str]]", told)
    return Decision(verdict, tuple(_reasons(reasons)), tuple(rules), tuple(lifted))


def _reasons(told: list[Json]) -> Iterator[Reason]:
    for one in told:
        rule, verdict, text, missing = cast("tuple[str, str, Mapping[str, str], list[str]]", one)
        yield Reason(rule, verdict, text, tuple(missing))
