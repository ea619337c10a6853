"""Somebody who calls, writes or comes shows who they are: each identifier they name is on file of exactly this person, before any selects data (spec/requests.md §7).

Each try is counted before it is looked at; what was said is kept nowhere, and the entry says the kinds alone.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts.about import append_about
from custody.acts.corrections import unsettled_channels
from custody.acts.counter import add_up_to
from custody.acts.desk import Desk
from custody.acts.finding import CLASSES
from custody.acts.holdings import holdings, identifiers, knows
from custody.acts.limits import count_asking
from custody.acts.own_evidence import own_about
from custody.acts.sole_holder import shared
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed
from custody.model.party import MACHINES
from custody.ports.store import Row, Transaction

KINDS: Final = ("phone", "email", "id-number", "customer-number")
NUMBER: Final = "customer-number"
IN_PERSON: Final = "in-person"
PROOFS: Final = (*KINDS, IN_PERSON)
DESK: Final = "desk"
TRIES: Final = 10
"""How often a day, where the company is, somebody may be taken for one person, rightly or wrongly."""
_BY: Final[Mapping[str, str]] = {"phone": "phone", "email": "email"}
_MOST: Final = 8


class Named(NamedTuple):
    """An identifier as it was said."""

    kind: str
    value: str


def said(text: str) -> list[Named]:
    """One on each line: `kind,value`. Raises Malformed `request.said`, which repeats nothing."""
    found, wrong = list[Named](), list[str]()
    for n, line in enumerate(csv.reader(io.StringIO(text)), start=1):
        cells = [cell.strip() for cell in line]
        if not any(cells) or cells == ["kind", "value"]:
            continue
        if len(cells) != 2 or cells[0] not in KINDS or not cells[1]:
            wrong.append(str(n))
        else:
            found.append(Named(*cells))
    if wrong or len(found) > _MOST:
        raise Malformed("request.said", f"Not a kind and a value: line {', '.join(wrong) or len(found)}.",
                        next=f"Write lines kind,value; kinds: {', '.join(KINDS)}.")  # fmt: skip
    return found


def require_identified(
    desk: Desk, vault: Row, subject: Row, channel: str, proof: str, names: Sequence[Named], *, protects: bool = False
) -> None:
    """A machine sees nobody in person; what `protects`, as a no, is taken at less. Raises Malformed `request.proof`, `request.alone`, Denied `request.identity`, `request.tries`."""
    if proof == IN_PERSON and (channel != DESK or desk.principal.roles & MACHINES):
        raise Malformed("request.proof", "Who is seen in person is at the desk.", next="--channel desk")
    if (proof != IN_PERSON and proof not in {one.kind for one in names}) or proof == _BY.get(channel):
        raise Malformed(
            "request.proof", "A request is proven by an identifier that was said, of another kind than where it came from.",
            next="--proof email --said FILE; whoever comes in person: --channel desk --proof in-person",
        )  # fmt: skip
    if proof != IN_PERSON and not protects and not {one.kind for one in names} - {NUMBER, _BY.get(channel, "")}:
        raise Malformed(
            "request.alone", "A customer number stands on every invoice: alone it proves nobody.",
            next="Ask for a telephone, an e-mail address or an identity number on file, too, of another kind than where it came from; or send a link to an address on file: custody link new",
        )  # fmt: skip
    if names:
        _require_on_file(desk, vault, subject, names)


def _require_on_file(desk: Desk, vault: Row, subject: Row, names: Sequence[Named]) -> None:
    who, name = cast("bytes", subject["id"]), str(vault["id"])
    with desk.store.write() as tx:
        count_asking(desk, tx)
        if not add_up_to(tx, f"identified:{name}:{who.hex()}:{desk.today()}", 1, most=TRIES):
            raise Denied(
                "request.tries", "Too many tries with this customer today.", next="Send them a link: custody link new"
            )
    with desk.store.read() as tx:
        right = _all_on_file(desk, tx, vault, who, names)
    taken = [shared(desk, vault, who, one.kind, one.value) for one in names]  # each, whatever came before
    right = right and not any(taken)
    with desk.store.write() as tx:
        _enter(desk, tx, name, subject, names, right=right)
    if not right:
        raise Denied("request.identity", "Not everything that was said is on file of this customer alone, long enough to prove anything.",
                     next="Ask for another identifier that nobody else has, such as the customer number, or send a link to an address on file: custody link new")  # fmt: skip


def _all_on_file(desk: Desk, tx: Transaction, vault: Row, who: bytes, names: Sequence[Named]) -> bool:
    """Each is compared, whatever came before."""
    on_file = identifiers(holdings(desk, tx, str(vault["id"]), who))
    unsure = unsure_kinds(desk, tx, str(vault["id"]), who)
    told = [
        knows(one.kind, one.value, on_file.get(one.kind, []), str(vault["region"])) and one.kind not in unsure
        for one in names
    ]
    return all(told)


def unsure_kinds(desk: Desk, tx: Transaction, vault: str, who: bytes) -> set[str]:
    """Of these an address was itself changed lately, and can still be taken back: it proves nothing yet (spec/freshness.md §3)."""
    fresh = unsettled_channels(tx, vault, who, stamp(desk.clock.now()))
    return {CLASSES[cls] for cls in fresh if cls in CLASSES}


def _enter(desk: Desk, tx: Transaction, vault: str, subject: Row, names: Sequence[Named], *, right: bool) -> None:
    now = stamp(desk.clock.now())
    who = own_about(desk, tx, vault, cast("bytes", subject["id"]), now)
    says: dict[str, Json] = {
        "by": list[Json](sorted({one.kind for one in names})),
        "proved": right,
        "principal": desk.principal.id,
    }
    append_about(
        tx,
        desk.space,
        now,
        "identified",
        says,
        who=who,
        detail={"subject": ids.subject_text(who.subject)},
    )
