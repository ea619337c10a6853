"""Requests that go on across a sale: sealed to the buyer, taken over with the stricter clock, each side's word signed (spec/requests.md §4)."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from custody.acts import releases
from custody.acts.asked import said_with
from custody.acts.bounds import kept
from custody.acts.desk import Desk
from custody.acts.handing import RESEALED, counterparty, understood
from custody.acts.noted import SAYING_NO
from custody.acts.statements import issue
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import CustodyError, Malformed, Refused
from custody.base.statement import subject as named
from custody.package.passed import Requests, Standing
from custody.package.release_seal import DealKey, seal_message
from custody.package.statements import Invite
from custody.ports.files import Files
from custody.ports.store import Row, Transaction
from custody.ports.store import one as one_row

SELLER: Final = "seller"
BUYER: Final = "buyer"
_SHOWN: Final = 20
_LIVE: Final = "live"
_BUYERS: Final = re.compile(r"requests-buyer-\d{4,}\.dsse\.json")
_LABEL: Final = b"custody/requests/1\0"
_SENT: Final = ("id", "kind", "channel", "proof", "state", "received_at", "due_at", "rule")
_CLOCKS: Final = ("prompt", "advised_at", "advised")
"""Left out in bundles of before: `bounds.sent` reads those too."""


def next_bundle(tx: Transaction, matter: str) -> int:
    """The number of the bundle of requests that is passed, or taken, next."""
    return max((cast("int", row["n"]) for row in tx.find("request_passed", matter=matter)), default=0) + 1


def bundle(n: int) -> str:
    """Where the n-th bundle of requests lies in the hand-over's folder."""
    return f"requests-{n:04d}.bin"


def word(side: str, n: int) -> str:
    """Where a side's n-th word about them lies."""
    return f"requests-{side}-{n:04d}.dsse.json"


@dataclass(frozen=True, slots=True)
class Heard:
    """Which bundles and requests the buyer's words in the folder speak of."""

    bundles: frozenset[int]
    requests: frozenset[str]

    def has(self, row: Row) -> bool:
        """Whether a row of `request_passed` is among them."""
        return row["n"] in self.bundles or row["request"] in self.requests


def heard(desk: Desk, tx: Transaction, matter: Row, source: Files) -> Heard:
    """A word that is not the buyer's own of this deal says nothing."""
    buyer, said = counterparty(tx, str(matter["counterparty"])), list[Requests]()
    for name in source.list():
        if _BUYERS.fullmatch(name):
            try:
                one = understood(source.read(name), Requests, buyer.identity, rehearsal=desk.rehearsal)
            except CustodyError:
                continue
            if (one.deal, one.side) == (str(matter["ref"]), BUYER):
                said.append(one)
    requests = frozenset(each.request for one in said for each in one.requests)
    return Heard(frozenset(one.bundle for one in said if one.bundle), requests)


def sealed_to(desk: Desk, tx: Transaction, matter: Row) -> dict[int, str]:
    """{number of a bundle of ours: what it was sealed to last}; words of before do not say."""
    found: dict[int, str] = {}
    for row in tx.find("statement", order=("n",), matter=str(matter["id"]), kind=Requests.KIND):
        said = understood(cast("bytes", row["envelope"]), Requests, desk.signer.identity, rehearsal=desk.rehearsal)
        if said.bundle:
            found[said.bundle] = said.key_id
    return found


def going_on(desk: Desk, tx: Transaction, matter: Row) -> list[Row]:
    """Requests not yet ended of people who are with the buyer, and said to it."""
    out = releases.out(tx, matter, releases.made(desk, tx, str(matter["id"])))
    rows = tx.find("request", order=("received_at", "id"), vault=matter["vault"])
    return [
        row
        for row in rows
        if not row["closed_at"]
        and said_to(tx, row, matter)
        and releases.lies_there(tx, str(row["vault"]), cast("bytes", row["subject"]), out)
    ]


def said_to(tx: Transaction, row: Row, matter: Row) -> bool:
    """Whether it is the buyer's of this deal to answer: a no was said to one company and is no other's to know, anything else is asked of whoever has the data."""
    if row["kind"] not in SAYING_NO or row["matter"] == matter["id"]:
        return True
    own = one_row(tx, "matter", id=row["matter"])
    return own is not None and own["counterparty"] == matter["counterparty"]


def require_passed_over(desk: Desk, tx: Transaction, matter: Row, source: Files) -> None:
    """Whoever was handed over and asked something is answered, here or by the buyer, before their keys go. Raises Refused `destroy.requests`.

    Once the buyer has re-sealed, what it never heard is sealed to a key that is gone.
    """
    rows = tx.find("request_passed", matter=str(matter["id"]))
    if RESEALED in source.list():
        known = heard(desk, tx, matter, source)
        rows = [row for row in rows if known.has(row)]
    given = {str(each["request"]) for each in rows}
    left = [str(row["ref"]) for row in going_on(desk, tx, matter) if row["id"] not in given]
    if left:
        raise Refused(
            "destroy.requests", f"{len(left)} open requests of people who were handed over were not passed to the buyer: {', '.join(left[:_SHOWN])}.",
            next="custody request pass DEAL --at FOLDER, or answer them: custody request close REF",
        )  # fmt: skip


def sealed(desk: Desk, tx: Transaction, invited: Invite, n: int, rows: Sequence[Row]) -> bytes:
    """What opens with the buyer's key of this deal alone: whose, what in whose words, since when, until when, and what was done to the clock."""
    told: list[Json] = []
    for row in rows:
        subject = tx.find("subject", vault=row["vault"], id=row["subject"])[0]
        facts = cast("Mapping[str, Json]", canonical.decode(cast("bytes", subject["facts"]), strict=False))
        steps: list[Json] = [
            {"step": str(one["step"]), "at": str(one["at"])}
            for one in tx.find("request_step", order=("n",), request=row["id"])
        ]
        # Of who is gone here no word of theirs is left, nor a key that opens one (decision 98).
        words = said_with(desk, tx, row, subject) if subject["state"] == _LIVE else {"note": "", "controller": ""}
        told.append({**words, **{name: str(row[name]) for name in (*_SENT, *_CLOCKS)}, "subject": ids.subject_text(cast("bytes", row["subject"])),
                     "residence": facts.get("residence"), "steps": steps})  # fmt: skip
    plain = canonical.encode({"v": 1, "deal": invited.deal, "n": n, "requests": told})
    return seal_message(plain, invited.public, bound_to(invited.deal, n))


def opened(key: DealKey, deal: str, n: int, data: bytes) -> list[dict[str, Json]]:
    """Inverse of `sealed`. Raises Broken `release.seal`, Malformed `request.bundle`."""
    told = canonical.decode(key.open(data, bound_to(deal, n)))
    found = told.get("requests") if isinstance(told, dict) else None
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and {*_SENT, "subject", "steps"} <= set(one) for one in found
    ):
        raise Malformed("request.bundle", "This is no bundle of requests.", next="Ask the seller for it again.")
    return cast("list[dict[str, Json]]", found)


def bound_to(deal: str, n: int) -> bytes:
    """What binds a bundle to its deal and number."""
    return _LABEL + hashlib.sha256(canonical.encode({"deal": deal, "n": n})).digest()


def standing(rows: Iterable[Row]) -> tuple[Standing, ...]:
    """How each stands on this side."""
    return tuple(
        Standing(str(row["id"]), str(row["state"]), str(row["received_at"]), str(row["due_at"]), str(row["closed_at"]) or None,  # type: ignore[arg-type] # states of requests
                 kept(row).rule, str(row["prompt"]), str(row["refused_by"]))
        for row in rows
    )  # fmt: skip


def say(
    desk: Desk, tx: Transaction, matter: Row, side: str, rows: Sequence[Row], goes_with: int = 0, key_id: str = ""
) -> tuple[int, bytes]:
    """The next word of this side, signed and kept; `goes_with` is the bundle that it says this of. Returns (number, envelope): to be laid into the folder once it is committed."""
    n = tx.count("statement", matter=str(matter["id"]), kind=Requests.KIND) + 1
    says = Requests(
        deal=str(matter["ref"]), n=n, side=side, requests=standing(rows), bundle=goes_with, key_id=key_id,  # type: ignore[arg-type] # one of the two
        absent=absent(tx, matter),
    )  # fmt: skip
    digest = hashlib.sha256(canonical.encode([str(row["id"]) for row in rows])).hexdigest()
    envelope = issue(desk, tx, str(matter["id"]), [named("requests", digest)], says, n=n)
    return n, envelope


def lay_last(desk: Desk, matter: Row, side: str, out: Files) -> bytes | None:
    """Our newest word, where a kill kept it from the folder; None where none was missing."""
    with desk.store.read() as tx:
        said = tx.find("statement", order=("n",), matter=str(matter["id"]), kind=Requests.KIND)
    if not said or (name := word(side, cast("int", said[-1]["n"]))) in out.list():
        return None
    out.write(name, envelope := cast("bytes", said[-1]["envelope"]))
    return envelope


def passed(tx: Transaction, matter: Row) -> list[Row]:
    """The requests that were passed on in this deal, as they stand on this side, each by the name that both sides know it by."""
    told = tx.find("request_passed", order=("n", "request"), matter=str(matter["id"]))
    return [{**row, "id": each["request"]} for each in told if (row := held_as(tx, matter, each))]


def held_as(tx: Transaction, matter: Row, told: Row) -> Row | None:
    """The request of ours that a row of `request_passed` is about: at the buyer one that came by several deals into several vaults is one of each, the later ones under a name of our own."""
    row = one_row(tx, "request", id=str(told["own"] or told["request"]))
    return row if row is not None and row["vault"] == matter["vault"] else None


def is_of_both(tx: Transaction, row: Row) -> bool:
    """Whether another company answers for the request, too, or passed it here."""
    return bool(tx.count("request_passed", request=row["id"]) or tx.count("request_passed", own=row["id"]))


def absent(tx: Transaction, matter: Row) -> tuple[str, ...]:
    """What was passed to us of people of whom nothing was held here: they are in no row of ours."""
    told = tx.find("request_passed", order=("request",), matter=str(matter["id"]))
    return tuple(str(each["request"]) for each in told if each["request"] and held_as(tx, matter, each) is None)


def side_of(tx: Transaction, matter: Row) -> str:
    """Which side of the deal we are: whoever sent an invitation takes, the other gives."""
    return BUYER if tx.count("statement", matter=str(matter["id"]), kind=Invite.KIND) else SELLER
