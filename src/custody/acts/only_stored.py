"""Whose deletion ended by a rule that lets what is left be stored and nothing else: it is not handed over (PIPL 47(2); spec/law.md §7).

Kept nowhere but in the request and its rule, so that no write of anybody's can leave it out. It ends by a yes to the hand-over that the person gave after the answer.
"""

from collections.abc import Iterator
from typing import Final, cast

from custody.acts.asking import newest
from custody.acts.noted import LETTING_GO
from custody.acts.refusals import also
from custody.law.pack import Packs
from custody.ports.store import Row, Transaction

_ENDED: Final = ("partly", "refused")
_KEEPS: Final = "retain_only"
_YES: Final = "given"
_HANDS_OVER: Final = ("consent.separate", "consent.guardian", "consent.verified")
"""Questions whose yes is one to the hand-over itself."""


def only_stored(tx: Transaction, matter: Row, packs: Packs, who: bytes | None = None) -> set[bytes]:
    """Of everybody, or of one person: who is locked so in this deal."""
    ends, known = dict[bytes, str](), dict[str, bool]()
    for row in _ended(tx, str(matter["vault"]), who):
        if any(_keeps(packs, name, known) for name in _rules(row)):
            person = cast("bytes", row["subject"])
            ends[person] = max(ends.get(person, ""), str(row["closed_at"]))
    return {person for person, end in ends.items() if not _agreed_since(tx, str(matter["id"]), person, end)}


def _ended(tx: Transaction, vault: str, who: bytes | None) -> Iterator[Row]:
    for kind in LETTING_GO:
        for state in _ENDED:
            yield from (
                tx.find("request", vault=vault, kind=kind, state=state) if who is None
                else tx.find("request", vault=vault, kind=kind, state=state, subject=who)
            )  # fmt: skip


def _rules(row: Row) -> list[str]:
    """What it was refused by, of each law that binds."""
    return [str(row["refused_by"]), *(str(cast("dict[str, object]", each)["rule"]) for each in also(row))]


def _keeps(packs: Packs, name: str, known: dict[str, bool]) -> bool:
    """Whether the rule, in any of its texts, lets nothing but store. Of one that is not known here nothing is known that frees anybody."""
    if name not in known:
        texts = packs.cited(name)
        known[name] = not texts or any(text.verdict == _KEEPS for text in texts)
    return known[name]


def _agreed_since(tx: Transaction, matter: str, who: bytes, end: str) -> bool:
    said = newest(tx, matter, who).items()
    return any(code.startswith(_HANDS_OVER) and row["act"] == _YES and str(row["at"]) > end for code, row in said)
