"""One pass over everybody of a vault: which values are stale, invalid, contradictory, held twice, or came back (spec/freshness.md §1).

What is doubted is kept by place, never the value. A doubt that is not met again is `gone`; one that somebody has looked at and
kept stays kept until the value is corrected. Whoever has a record that nobody can read is passed over and counted: what is doubted of them stays as it was.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple, cast

from custody.acts.accuracy import BOUNCED, DUPLICATE, STALE, Doubt, Value, contradictory, invalid
from custody.acts.campaigning import BOUNCED as CAME_BACK
from custody.acts.contacts import SMS
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.expiring import last_filed
from custody.acts.finding import CLASSES, taggers
from custody.acts.own_tables import own_tables
from custody.acts.reading import Reader
from custody.acts.values import shelf, values_of
from custody.base import canonical
from custody.base.clock import stamp
from custody.ports.store import Cell, Cells, Row, Transaction, one
from custody.privacy.corrections import Policy
from custody.vault.index import NEWEST, Tagger

OPEN: Final = "open"
KEPT: Final = "kept"
GONE: Final = "gone"
STATES: Final = (OPEN, KEPT, GONE)
UNREAD: Final = "unread"
_BATCH: Final = 2_000
_SHARED: Final = {"id-number": 50, "customer-number": 50, "email": 5, "phone": 5}
"""So many people at most are taken for one by a value they share: a switchboard or a family's number is nobody's double."""
_KEY: Final = ("vault", "subject", "tbl", "row", "col", "kind")


class Found(NamedTuple):
    """A doubt, and for one held twice the first other person who has it."""

    doubt: Doubt
    other: bytes = b""


@dataclass(frozen=True, slots=True)
class Looking:
    """What one pass needs to know of a vault beforehand."""

    policy: Policy
    region: str
    own: frozenset[str]
    doubles: Mapping[bytes, Sequence[Found]]
    returned: Mapping[bytes, Mapping[str, str]]
    filed: str
    now: datetime


def review(desk: Desk, vault: Row, policy: Policy) -> Counter[str]:
    """Look at everybody and bring the list up to date, some at a time; {state: how many}, {kind: how many are open} and {`unread`: records that nobody can read}."""
    name, counted, lost = str(vault["id"]), Counter[str](), Counter[bytes]()
    with desk.store.read() as tx:
        looking = _looking(desk, tx, vault, policy)
        people = (
            cast("bytes", who) for (who,) in tx.columns("subject", ("id",), order=("id",), vault=name, state=LIVE)
        )
        while batch := list(islice(people, _BATCH)):
            found = dict(_look(desk, tx, name, batch, looking, lost))
            with desk.store.write() as write:
                for who in batch:
                    kept = (
                        _as_before(write, name, who)
                        if lost[who]
                        else _keep(write, name, who, found.get(who, []), looking)
                    )
                    counted.update(kept)
    with desk.store.write() as tx:
        _forget_the_gone(tx, name)
    counted[UNREAD] = lost.total()
    return counted


def _looking(desk: Desk, tx: Transaction, vault: Row, policy: Policy) -> Looking:
    name = str(vault["id"])
    own = own_tables(tx, name)
    return Looking(
        policy,
        str(vault["region"]),
        own,
        _doubles(desk, tx, vault, own),
        _returned(tx, name),
        last_filed(tx, name),
        desk.clock.now(),
    )


def _look(
    desk: Desk, tx: Transaction, vault: str, batch: Sequence[bytes], looking: Looking, lost: Counter[bytes]
) -> Iterator[tuple[bytes, list[Found]]]:
    with Reader(desk, tx, vault, only=batch, lost=lost) as reader:
        shelves = shelf(tx, vault, reader)
        for who in batch:
            subject = one(tx, "subject", vault=vault, id=who)
            if subject is not None and subject["kind"] not in {"reference", "joint"}:
                values = list(values_of(tx, vault, reader, shelves, who, passing=True))
                yield who, [*_doubts(tx, vault, subject, values, looking), *looking.doubles.get(who, ())]


def _doubts(tx: Transaction, vault: str, subject: Row, values: Sequence[Value], looking: Looking) -> Iterator[Found]:
    mine = [one for one in values if one.table in looking.own]
    yield from map(Found, invalid(mine, looking.region))
    yield from map(Found, contradictory(mine))
    revised = _revised(tx, vault, subject)
    alive = _sign_of_life(tx, vault, subject, looking)
    for value in mine:
        since = max(alive, revised.get(value.record, ""))
        months = looking.policy.of(value.cls).stale_months
        if months and since and months_ago(looking.now, months) > since:
            yield Found(Doubt(value, STALE, "no-sign-of-life"))
        back = looking.returned.get(cast("bytes", subject["id"]), {}).get(value.cls, "")
        if back and back > max(revised.get(value.record, ""), _confirmed(tx, vault, subject)):
            yield Found(Doubt(value, BOUNCED, "came-back"))


def _sign_of_life(tx: Transaction, vault: str, subject: Row, looking: Looking) -> str:
    """When this person last dealt with the company or confirmed; where neither is known, when the data came in."""
    facts = cast("Mapping[str, object]", canonical.decode(cast("bytes", subject["facts"]), strict=False))
    dealt = str(facts.get("last_activity") or "")
    return max(f"{dealt[:7]}-31" if dealt else "", _confirmed(tx, vault, subject)) or looking.filed


def _confirmed(tx: Transaction, vault: str, subject: Row) -> str:
    row = one(tx, "confirmed", vault=vault, subject=subject["id"])
    return str(row["at"]) if row else ""


def _revised(tx: Transaction, vault: str, subject: Row) -> dict[int, str]:
    """{record: when it was last corrected}."""
    rows = tx.find("revision", order=("at",), vault=vault, subject=subject["id"])
    return {cast("int", row["record"]): str(row["at"]) for row in rows}


def months_ago(now: datetime, months: int) -> str:
    """The day that lies so many months back, as it sorts among instants."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}-{now.day:02d}"


def _doubles(desk: Desk, tx: Transaction, vault: Row, own: frozenset[str]) -> dict[bytes, list[Found]]:
    """Whoever shares an identifier with a few others, in tables about themselves: an order may name somebody else's telephone."""
    epoch, made = taggers(desk, vault)
    wanted = {kind: desk.finder.shared(str(vault["id"]), epoch, NEWEST[kind], most) for kind, most in _SHARED.items()}
    people = sorted({who for rows in wanted.values() for _, who in rows})
    tags = {(kind, tag) for kind, rows in wanted.items() for tag, _ in rows}
    holders = defaultdict[tuple[str, bytes], dict[bytes, Value]](dict)
    for start in range(0, len(people), _BATCH):
        with Reader(desk, tx, str(vault["id"]), only=people[start : start + _BATCH]) as reader:
            shelves = shelf(tx, str(vault["id"]), reader)
            for who in people[start : start + _BATCH]:
                for value in (
                    each
                    for each in values_of(tx, str(vault["id"]), reader, shelves, who, passing=True)
                    if each.table in own
                ):
                    key = _tagged(value, made)
                    if key is not None and key in tags:
                        holders[key].setdefault(who, value)
    found = defaultdict[bytes, list[Found]](list)
    for (kind, _), held in holders.items():
        for who, value in held.items() if len(held) > 1 else ():
            other = min(one for one in held if one != who)
            found[who].append(Found(Doubt(value, DUPLICATE, kind), other))
    return dict(found)


def _tagged(value: Value, made: Mapping[str, Tagger]) -> tuple[str, bytes] | None:
    kind = CLASSES.get(value.cls, "")
    tag = made[kind].tag(value.text) if kind in _SHARED else None
    return (kind, tag) if tag else None


def _returned(tx: Transaction, vault: str) -> dict[bytes, dict[str, str]]:
    """{person: {class of the address: when a message to it came back}}."""
    found = defaultdict[bytes, dict[str, str]](dict)
    for matter in tx.find("matter", order=("id",), vault=vault):
        for campaign in tx.find("campaign", order=("made_at",), matter=str(matter["id"])):
            cls = "contact.phone" if campaign["channel"] == SMS else "contact.email"
            for row in tx.find("sending", order=("subject",), campaign=str(campaign["id"]), state=CAME_BACK):
                who, at = cast("bytes", row["subject"]), str(row["at"])
                found[who][cls] = max(found[who].get(cls, ""), at)
    return dict(found)


def _keep(tx: Transaction, vault: str, who: bytes, found: Sequence[Found], looking: Looking) -> Iterator[str]:
    """Bring one person's rows up to date; tells the state of each, and the kind of each that is open."""
    known = {_key(row): row for row in tx.find("doubt", vault=vault, subject=who)}
    now = stamp(looking.now)
    rows = {_key(row): row for row in (_row(vault, who, each, looking.policy, now) for each in found)}
    for key, fresh in rows.items():
        row = _again(fresh, known[key]) if key in known else fresh
        if key in known:
            tx.change("doubt", row, **dict(zip(_KEY, key, strict=True)))
        else:
            tx.add("doubt", [row])
        yield str(row["state"])
        if row["state"] == OPEN:
            yield str(row["kind"])
    for key in known.keys() - rows.keys():
        if known[key]["state"] != GONE:
            tx.change("doubt", {"state": GONE, "closed_at": now}, **dict(zip(_KEY, key, strict=True)))
        yield GONE


def _again(row: Cells, before: Row) -> Cells:
    """A doubt that was met before: since when, and whether somebody kept this very value."""
    since = {"found_at": before["found_at"]} if before["state"] != GONE else {}
    if before["state"] != KEPT or before["revision"] != row["revision"]:
        return row | since
    return row | since | {name: before[name] for name in ("state", "closed_at", "principal")}


def _key(row: Row) -> tuple[Cell, ...]:
    return tuple(row[name] for name in _KEY)


def _row(vault: str, who: bytes, found: Found, policy: Policy, now: str) -> Cells:
    value = found.doubt.value
    return {"vault": vault, "subject": who, "tbl": value.table, "row": value.row, "col": value.column, "kind": found.doubt.kind,
            "cls": value.cls, "why": found.doubt.why, "department": policy.of(value.cls).department, "other": found.other,
            "revision": value.revision, "state": OPEN, "found_at": now, "closed_at": "", "principal": ""}  # fmt: skip


def _as_before(tx: Transaction, vault: str, who: bytes) -> Iterator[str]:
    """What `_keep` tells, of whoever cannot be read: nothing is met, and nothing is gone."""
    for row in tx.find("doubt", vault=vault, subject=who):
        yield str(row["state"])
        if row["state"] == OPEN:
            yield str(row["kind"])


def _forget_the_gone(tx: Transaction, vault: str) -> None:
    """Of whom nothing is held any more nothing is doubted either."""
    people = {row["subject"] for row in tx.find("doubt", vault=vault)}
    for who in people:
        if not tx.count("subject", vault=vault, id=who, state=LIVE):
            tx.drop("doubt", vault=vault, subject=who)
