"""Whether somebody is the guardian they say they are: a paper that staff saw, by its digest (spec/consent.md §8).

The name on the paper is sealed under the child's own key. A yes of somebody else than the paper names counts for nothing until a paper
of theirs was seen.
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast
from unicodedata import normalize

from custody.acts.about import about, open_detail
from custody.acts.desk import Desk
from custody.acts.said import RELATION
from custody.acts.vaults import open_keyring
from custody.base.errors import Malformed
from custody.base.written import written
from custody.ports.store import Row, Transaction, one

DOCUMENTS: Final = (
    "birth-certificate",
    "household-register",
    "adoption-certificate",
    "court-order",
    "appointment",
    "other",
)
RELATIONS: Final = ("parent", "adoptive-parent", "appointed", "other")
LONGEST: Final = 120
WHO_SEE: Final = ("owner", "privacy", "department")
GUARDIAN: Final = "consent.guardian"
_LOOSENS: Final = frozenset(("given", "lifted"))


def named(name: str) -> str:
    """A guardian's name as it may stand. Raises Malformed `guardian.form`."""
    told = written(normalize("NFKC", name))
    if not 0 < len(told) <= LONGEST or not told.isprintable():
        raise Malformed("guardian.form", "A guardian's name is one line of at most 120 signs, as it stands on the paper.", next="--name FILE")  # fmt: skip
    return told


def saying(given: Mapping[str, str]) -> tuple[str, str]:
    """Who says something for a child on its page, and how related: (name, relation). Raises Malformed `portal.guardian`."""
    name, relation = written(given.get("guardian", "")), given.get("relation", "")
    if relation not in RELATIONS or not 0 < len(name) <= LONGEST or not name.isprintable():
        raise Malformed(
            "portal.guardian", "Only a guardian can say this for a child: give the name and how you are related."
        )
    return name, relation


def same(one_name: str, other: str) -> bool:
    """Whether two names are written alike, whatever the width, the case and the blanks."""
    told, held = ("".join(normalize("NFKC", each).casefold().split()) for each in (one_name, other))
    return told == held


def seen(tx: Transaction, matter: str, subject: bytes) -> Row | None:
    """The evidence that a paper was seen; None where none was, or it is doubted."""
    return next(iter(tx.find("evidence", matter=matter, subject=subject, type=RELATION)), None)


def unless_seen(desk: Desk, tx: Transaction, matter: Row, subject: Row, name: str) -> None:
    """Somebody says yes as guardian: where the paper on file names another person, it stands for this one no more."""
    row = seen(tx, str(matter["id"]), cast("bytes", subject["id"]))
    if row is not None and not same(_on_paper(desk, tx, matter, subject, row), name):
        forget(tx, matter, cast("bytes", subject["id"]))


def forget(tx: Transaction, matter: Row, who: bytes) -> None:
    """The paper goes off the file: a later yes waits for one that is seen anew, since whoever has the link could type the same name."""
    tx.drop("evidence", matter=str(matter["id"]), subject=who, type=RELATION)


def said_yes(desk: Desk, tx: Transaction, matter: Row, subject: Row) -> Iterator[str]:
    """The names by which guardians said a yes that still stands, or took a no back."""
    newest: dict[str, Row] = {}
    for row in tx.find("answer", order=("version",), matter=str(matter["id"]), subject=subject["id"]):
        newest[str(row["question"])] = row
    for row in newest.values():
        told = _opened(desk, tx, matter, subject, cast("int", row["position"])) if row["act"] in _LOOSENS else {}
        if name := str(told.get("guardian") or ""):
            yield name


def _on_paper(desk: Desk, tx: Transaction, matter: Row, subject: Row, row: Row) -> str:
    """The name that was read on it; '' where a rehearsal only assumed one: no entry about the person says so."""
    kept = one(tx, "opening", space=desk.space, position=row["position"])
    if kept is None or kept["salt"]:
        return ""
    return str(_opened(desk, tx, matter, subject, cast("int", row["position"])).get("guardian") or "")


def _opened(desk: Desk, tx: Transaction, matter: Row, subject: Row, position: int) -> dict[str, object]:
    ring = open_keyring(desk, tx, str(matter["vault"]))
    who = about(tx, ring, cast("bytes", subject["id"]), cast("bytes", subject["slots"]))
    kept = cast("Row", one(tx, "opening", space=desk.space, position=position))
    return dict(open_detail(cast("bytes", kept["detail"]), who, position))
