"""At the seller: the buyer's newest signed word on requests that were passed on; what ended at everybody who has its person ends here (B4; spec/requests.md §4)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.asked import WITHDRAWN
from custody.acts.bounds import Bounds, kept, stricter
from custody.acts.closed_accounts import keep_away
from custody.acts.desk import Desk
from custody.acts.elsewhere import awaited
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
_PARTLY: Final = "partly"
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
        rows, packs = passed(tx, matter), lawbook.packs(laws)
        known = {str(row["id"]): row for row in rows}
        heard = [_heard(tx, matter, known[each.request], each) for each in said.requests if each.request in known]
        gone = [each for each in said.absent if each in known and _gone(tx, matter, known[each], now)]
        ended = [_ended(desk, tx, packs, row) for row in rows]
        if (moved := len(set(filter(None, (*heard, *ended))))) or gone:
            says: dict[str, Json] = {"n": n, "moved": moved, **({"absent": len(gone)} if gone else {})}
            position = append(tx, desk.space, now, "requests-settled", says, detail={"matter": str(matter["id"])})
            _note_absent(desk, tx, rows, word(BUYER, n), position, now)
        after = passed(tx, matter)
        waits = sum(
            not row["closed_at"] and bool(_own(tx, matter, row)["said"]) and not _absent(tx, row) for row in after
        )
    told = {each.request for each in said.requests}.union(said.absent)
    return {"deal": str(matter["ref"]), "n": n, "requests": len(rows), "moved": moved, "open": sum(not row["closed_at"] for row in after), "awaited": waits,
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


def _absent(tx: Transaction, row: Row) -> bool:
    """Whether every company that it was passed on to holds nothing of its person."""
    return bool(tx.count("request_act", request=row["id"], what=ABSENT))


def _gone(tx: Transaction, matter: Row, row: Row, now: str) -> bool:
    """Whether this buyer says only now that it holds nothing of the person of what is still open here."""
    if row["closed_at"] or _own(tx, matter, row)["said"] == ABSENT or _absent(tx, row):
        return False
    _keep(tx, matter, row, ABSENT, now)
    return True


def _note_absent(desk: Desk, tx: Transaction, rows: Sequence[Row], by: str, position: int, now: str) -> None:
    """Where nobody else has the person, what is asked ends here, by what is done here."""
    for row in rows:
        said = {str(each["said"]) for each in tx.find("request_passed", request=row["id"])}
        if row["closed_at"] or said != {ABSENT} or _absent(tx, row) or awaited(desk, tx, row):
            continue
        note_own(tx, str(row["id"]), by, ABSENT, now)
        if row["kind"] in LETTING_GO and not _held(tx, row):  # erased here while it was with the buyer
            note_own(tx, str(row["id"]), f"{desk.space}@{position}", ERASED, now)


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


def _heard(tx: Transaction, matter: Row, row: Row, said: Standing) -> str:
    """A stricter clock counts here too, and an end there is noted; its id where either is news. What has ended here stays as it ended."""
    if row["closed_at"]:
        return ""
    values = dict(stricter(kept(row), _bounds(said)).cells())
    news = any(row[name] != value for name, value in values.items())
    if news:
        tx.change("request", values, id=row["id"])
    if said.closed_at is not None and _own(tx, matter, row)["said"] != said.state:
        _keep(tx, matter, row, said.state, said.closed_at, said.refused_by)
        news = True
    return str(row["id"]) if news else ""


def _ended(desk: Desk, tx: Transaction, packs: Packs, row: Row) -> str:
    """What was asked of several companies ends here once each has said so: its id where it does now."""
    ends = [each for each in tx.find("request_passed", order=("said_at", "matter"), request=row["id"])
            if each["said"] not in {"", ABSENT}]  # fmt: skip
    if row["closed_at"] or not ends or awaited(desk, tx, row):
        return ""
    rules = list(dict.fromkeys(str(each["refused_by"]) for each in ends if each["refused_by"]))
    tx.change("request", {"state": _together({str(each["said"]) for each in ends}), "closed_at": str(ends[-1]["said_at"]),
                          **resting_on(packs, *rules)}, id=row["id"])  # fmt: skip
    return str(row["id"])


def _together(states: set[str]) -> str:
    """What one of them refused is granted in part."""
    said = states - {WITHDRAWN} or states
    return said.pop() if len(said) == 1 else _PARTLY


def _own(tx: Transaction, matter: Row, row: Row) -> Row:
    """What the buyer of this deal said of it."""
    return cast("Row", one(tx, "request_passed", matter=str(matter["id"]), request=row["id"]))


def _keep(tx: Transaction, matter: Row, row: Row, said: str, at: str, rule: str = "") -> None:
    tx.change("request_passed", {"said": said, "said_at": at, "refused_by": rule}, matter=str(matter["id"]), request=row["id"])  # fmt: skip


def _bounds(said: Standing) -> Bounds:
    """The other side's clocks; in a word of before, no day said without delay."""
    if said.prompt is None:
        return Bounds(due_at=said.due_at, rule=_PASSED) if said.due_at else Bounds(prompt=_PASSED)
    return Bounds(due_at=said.due_at, rule=said.rule if said.due_at else "", prompt=said.prompt)
