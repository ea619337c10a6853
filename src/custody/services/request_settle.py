"""At the seller: the buyer's newest signed word on requests that were passed on; what ended there ends here (B4; spec/requests.md §4)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.bounds import Bounds, kept, stricter
from custody.acts.closed_accounts import keep_away
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import counterparty, understood
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.noted import ABSENT, CLOSING, ERASED, LETTING_GO, note_own
from custody.acts.passing import BUYER, passed, word
from custody.acts.refusals import resting_on
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing
from custody.law.pack import Packs
from custody.package.passed import Requests, Standing
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_MOST: Final = 10_000
_PASSED: Final = "PASSED-ON"
"""The rule, where the other side did not name it."""


def request_settle(desk: Desk, laws: Laws, named_deal: str, source: Files) -> Mapping[str, Json]:
    """Raises Missing `request.nothing`, Broken `request.foreign` for a word about another deal, of another side, or under another number."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.read() as tx:
        deal(desk, tx, named_deal)  # first of all: who does not see the deal learns nothing of what lies in its folder
        n, envelope = _newest(source)
        said = _understood(desk, tx, named_deal, n, envelope)
        closing = _closing(tx, named_deal, desk, said)
    for row, people in closing:
        keep_away(desk, row, people)
    with desk.store.write() as tx:
        matter, now = deal(desk, tx, named_deal), stamp(desk.clock.now())
        rows = passed(tx, matter)
        known = {str(row["id"]): row for row in rows}
        moved = sum(
            _follow(tx, lawbook.packs(laws), known[each.request], each)
            for each in said.requests
            if each.request in known
        )
        gone = [each for each in said.absent if each in known and _new(tx, known[each])]
        if moved or gone:
            says: dict[str, Json] = {"n": n, "moved": moved, **({"absent": len(gone)} if gone else {})}
            position = append(tx, desk.space, now, "requests-settled", says, detail={"matter": str(matter["id"])})
            for each in gone:
                note_own(tx, each, word(BUYER, n), ABSENT, now)
                if known[each]["kind"] in LETTING_GO and not _held(
                    tx, known[each]
                ):  # erased here while it was with the buyer
                    note_own(tx, each, f"{desk.space}@{position}", ERASED, now)
        after = passed(tx, matter)
    told = {each.request for each in said.requests}.union(said.absent)
    return {"deal": str(matter["ref"]), "n": n, "requests": len(rows), "moved": moved, "open": sum(not row["closed_at"] for row in after),
            "absent": sum(each in known for each in said.absent), "unsaid": sum(row not in told for row in known), "mirrored": mirrored(desk)}  # fmt: skip


def _understood(desk: Desk, tx: Transaction, named_deal: str, n: int, envelope: bytes) -> Requests:
    """The word, of the buyer of just this deal."""
    matter = deal(desk, tx, named_deal)
    buyer = counterparty(tx, str(matter["counterparty"]))
    said = understood(envelope, Requests, buyer.identity, rehearsal=desk.rehearsal)
    if (said.deal, said.side, said.n) != (str(matter["ref"]), BUYER, n):
        raise Broken("request.foreign", "This word is of another deal, side or number.", kind="replayed")
    return said


def _closing(tx: Transaction, named_deal: str, desk: Desk, said: Requests) -> list[tuple[Row, list[bytes]]]:
    """(vault, whose account is closed by this word): here too they are kept off, before it ends here."""
    ended = {
        each.request for each in said.requests if each.closed_at is not None and each.state in ("granted", "partly")
    }
    matter = deal(desk, tx, named_deal)
    people = [cast("bytes", row["subject"]) for row in passed(tx, matter)
              if row["kind"] == CLOSING and not row["closed_at"] and row["id"] in ended]  # fmt: skip
    return [(cast("Row", one(tx, "vault", id=str(matter["vault"]))), people)] if people else []


def _new(tx: Transaction, row: Row) -> bool:
    """Whether this was not said before, of what is still open here."""
    return not row["closed_at"] and not tx.count("request_act", request=row["id"], what=ABSENT)


def _held(tx: Transaction, row: Row) -> int:
    """Whether anything of its person is left here."""
    return tx.count("subject", vault=row["vault"], id=row["subject"], state="live")


def _newest(source: Files) -> tuple[int, bytes]:
    """The buyer's word with the highest number."""
    names = set(source.list())
    found = [n for n in range(1, _MOST) if word(BUYER, n) in names]
    if not found:
        raise Missing(
            "request.nothing", "The buyer has said nothing of requests here yet.", next="custody request take DEAL"
        )
    return found[-1], source.read(word(BUYER, found[-1]))


def _follow(tx: Transaction, packs: Packs, row: Row, said: Standing) -> bool:
    """A stricter clock counts here too; an end there is the end. What has ended here stays as it ended."""
    if row["closed_at"]:
        return False
    values = dict(stricter(kept(row), _bounds(said)).cells())
    if said.closed_at is not None:
        values |= {"state": said.state, "closed_at": said.closed_at, **resting_on(packs, said.refused_by)}
    if all(row[name] == value for name, value in values.items()):
        return False
    tx.change("request", values, id=row["id"])
    return True


def _bounds(said: Standing) -> Bounds:
    """The other side's clocks; in a word of before, no day said without delay."""
    if said.prompt is None:
        return Bounds(due_at=said.due_at, rule=_PASSED) if said.due_at else Bounds(prompt=_PASSED)
    return Bounds(due_at=said.due_at, rule=said.rule if said.due_at else "", prompt=said.prompt)
