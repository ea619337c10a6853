"""An erasure or a correction notes itself on what its people asked for: in its own transaction, on each open request of exactly those people.

So nobody has to search for it afterwards, and could not: a shredded slot says no more whose it was (spec/requests.md §6).
"""

from collections.abc import Collection, Mapping
from typing import Final, cast

from custody.ports.store import Cells, Transaction

ERASED: Final = "erased"
"""Nothing of the person is left here."""
PART: Final = "part"
"""Some of what was held of the person is gone."""
RECALLED: Final = "recalled"
"""Whoever handed it over took it back, and may hand it over again: told, and no answer to anything that was asked here."""
ABSENT: Final = "absent"
"""The company that it was passed on to said, signed, that it holds nothing of the person: what is asked ends here, by what is done here."""
CORRECTED: Final = "corrected"
PACKED: Final = "packed"
"""Its answer was packed and sealed to whoever asked."""
MOVED: Final = "moved"
"""The data was packed for the company that they named."""
IN_PART: Final = {PACKED: "packed-part", MOVED: "moved-part"}
"""The same where rows were kept back: it grants no request whole."""
SAID: Final = "said"
"""A no that is on file as an answer."""
OBJECT: Final = "object"
WITHDRAW: Final = "withdraw_consent"
SAYING_NO: Final = (OBJECT, WITHDRAW)
"""Said to one company, the other party of its deal, and to no other."""
CLOSING: Final = "deregister"
LETTING_GO: Final = ("delete", CLOSING)
"""Who asks for either asks that it be deleted, but for what law keeps."""
OF_THE_VAULT: Final = ("access", "copy", "correct", "portability", *LETTING_GO)
"""About what the company holds, whichever deal its page or its clerk named: every privacy officer of the company sees to it (decision 121)."""
ASKED_FOR: Final[Mapping[str, Collection[str]]] = {
    "delete": (ERASED, PART, RECALLED),
    CLOSING: (ERASED, PART, RECALLED),
    "correct": (CORRECTED, ERASED, RECALLED),
}
"""{kind of request: what is done for it}; what is gone is not wrong any more."""


def note_own(tx: Transaction, request: str, act: str, what: str, at: str) -> None:
    """One thing that was done for exactly this request."""
    tx.add("request_act", [{"request": request, "act": act, "what": what, "at": at, "answers": 0}])


def asking(tx: Transaction, vault: str) -> set[bytes]:
    """Whose request for something of this kind is open."""
    return {
        cast("bytes", row["subject"])
        for row in tx.find("request", vault=vault, closed_at="")
        if row["kind"] in ASKED_FOR
    }


def not_there(tx: Transaction, vault: str, people: Collection[bytes]) -> set[bytes]:
    """Who of these has an open request that went to a company which said that it holds nothing of them."""
    rows = tx.among("request", ("subject", "id"), "subject", people, vault=vault, closed_at="")
    return {cast("bytes", who) for who, name in rows if tx.count("request_act", request=name, what=ABSENT)}


def closing(tx: Transaction, vault: str, people: Collection[bytes]) -> set[bytes]:
    """Who of these has an open request to close their account: whoever is erased for it does not come in again."""
    rows = tx.among("request", ("subject",), "subject", people, vault=vault, kind=CLOSING, closed_at="")
    return {cast("bytes", who) for (who,) in rows}


def leaving(tx: Transaction, vault: str) -> set[bytes]:
    """Who asked for their data to be deleted, or their account closed, and waits for the answer: until then nothing of theirs is handed over."""
    rows = tx.find("request", vault=vault, closed_at="")
    return {cast("bytes", row["subject"]) for row in rows if row["kind"] in LETTING_GO}


def leavers(tx: Transaction, vault: str) -> set[bytes]:
    """Who asked so at any time, whatever became of it: at the next gate they are looked at again."""
    kinds = (tx.columns("request", ("subject",), vault=vault, kind=kind) for kind in LETTING_GO)
    return {cast("bytes", who) for rows in kinds for (who,) in rows}


def let_go(tx: Transaction, vault: str) -> set[bytes]:
    """Who asked so and was granted it: what was held of their record is gone."""
    rows = [row for kind in LETTING_GO for row in tx.find("request", vault=vault, kind=kind, state="granted")]
    return {cast("bytes", row["subject"]) for row in rows}


def was_let_go(tx: Transaction, vault: str, who: bytes) -> bool:
    """Whether that is so of one person."""
    return any(tx.count("request", vault=vault, subject=who, kind=kind, state="granted") for kind in LETTING_GO)


def leaves(tx: Transaction, vault: str, who: bytes) -> bool:
    """Whether this person is one of those who wait."""
    return any(tx.count("request", vault=vault, subject=who, kind=kind, closed_at="") for kind in LETTING_GO)


def note(tx: Transaction, vault: str, people: Collection[bytes], act: str, what: str, at: str) -> None:
    """`act` is the entry `space@number` of an erasure, or the id of a correction."""
    if not people:
        return
    kinds = {kind for kind, fits in ASKED_FOR.items() if what in fits}
    waiting = [row for row in tx.find("request", order=("id",), vault=vault, closed_at="")
               if row["kind"] in kinds and row["subject"] in people]  # fmt: skip
    rows: list[Cells] = [{"request": str(row["id"]), "act": act, "what": what, "at": at, "answers": 0} for row in waiting
                         if not tx.count("request_act", request=row["id"], act=act)]  # fmt: skip
    if rows:
        tx.add("request_act", rows)
