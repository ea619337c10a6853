"""What the people of a sealing said no to over an older vault of the company: recognised by their own identifiers while they are sealed anew (spec/consent.md §2, decision 124).

Identifiers are compared as keyed tags under a key that is made for one sealing and kept nowhere. What is kept is of the new vault's
people, by random id: to whom they said no, when, and by which entry. Deaths come along as noes do, to whomever.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.keeping_out import by_own_tables
from custody.acts.matters import EVERYTHING
from custody.acts.passing import SELLER, side_of
from custody.acts.sealing import Sealing
from custody.acts.standing_noes import NOES, said_in
from custody.acts.suppressing import on_file
from custody.base import ids
from custody.base.errors import CustodyError
from custody.law.gate import DIED
from custody.model.datamap import DataMap
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.suppression import Suppressor

TABLE: Final = "earlier_no"
_LIVE: Final = "live"
_KEY: Final = 32
_ALL: Final = ""
"""The place of a no to everything."""
Who = tuple[str, bytes]
"""A person of an older vault."""


class No(NamedTuple):
    """To whom ('' for a death, which is to nobody alone), what, in which kind of compartment, since when, by which entry."""

    counterparty: str
    type: str
    place: str
    at: str
    position: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """Who said no before, by the tags of what identifies them."""

    made: Suppressor
    noes: Mapping[Who, Sequence[No]] = field(repr=False)
    tags: Mapping[tuple[str, bytes], Collection[Who]] = field(repr=False)
    unread: int
    """How many of them cannot be recognised, since nobody can read what would identify them."""

    def met(self, kind: str, value: object) -> Collection[Who]:
        """Whom a value belongs to."""
        tag = self.made.tag(kind, str(value)) if value not in (None, "") else None
        return self.tags.get((kind, tag), ()) if tag is not None else ()


def gather(desk: Desk, tx: Transaction) -> Earlier | None:
    """Of everybody who lives in an older vault of the company; None where nobody said anything."""
    noes = _noes(desk, tx)
    if not noes:
        return None
    made = Suppressor(secrets.token_bytes(_KEY), ids.id_bytes(desk.space), desk.region)
    tags, unread = defaultdict[tuple[str, bytes], set[Who]](set), 0
    by_vault = defaultdict[str, set[bytes]](set)
    for vault, who in noes:
        by_vault[vault].add(who)
    for vault, people in sorted(by_vault.items()):
        lost = Counter[bytes]()
        try:
            for who, kind, value in on_file(desk, tx, vault, people, lost):
                if (tag := made.tag(kind, value)) is not None:
                    tags[kind, tag].add((vault, who))
            unread += len(lost)
        except CustodyError:  # the key of a whole vault is away: the sealing goes on, and it is said
            unread += len(people)
    return Earlier(made, noes, tags, unread)


def recognised(run: Sealing, datamap: DataMap, earlier: Earlier) -> dict[int, set[Who]]:
    """{number of somebody in the sources: who they are of an older vault}. As for the suppression list, a person's own table decides."""
    found = defaultdict[int, set[Who]](set)
    for number, who in by_own_tables(run, datamap, earlier.met):
        found[number] |= set(who)
    return dict(found)


def rows(run: Sealing, vault: str, earlier: Earlier, found: Mapping[int, Collection[Who]]) -> Iterator[Row]:
    """What is kept of those of them who are sealed."""
    for number, some in sorted(found.items()):
        owner = run.crowd.get(number)
        for was_in, was in sorted(some) if owner.records else ():
            for no in earlier.noes[was_in, was]:
                yield {**no._asdict(), "vault": vault, "subject": owner.subject, "was_in": was_in, "was": was}


def came_along(tx: Transaction, matter: Row, types: Collection[str], counterparty: str) -> list[Row]:
    """Evidence for a deal that was just opened, of what its vault's people said before it was sealed and have not taken back since. The first deal over the vault brings it; from then on what stands there is what counts."""
    to: Cells = {"counterparty": counterparty} if counterparty else {}
    if any(
        row["id"] != matter["id"]
        for row in tx.find("matter", order=("ref",), kind="deal", party=matter["party"], vault=matter["vault"], **to)
    ):
        return []
    places = _numbers(tx, str(matter["vault"]))
    made: list[Row] = []
    rows = tx.find(TABLE, order=("subject", "type"), vault=matter["vault"], counterparty=counterparty)
    standing = [row for row in rows if row["type"] in types and _stands(tx, str(matter["party"]), row)]
    seen = set[tuple[object, ...]]()
    for row in (*standing, *_said_since(tx, matter, types, counterparty)):
        said: Cells = {name: row[name] for name in ("subject", "type", "at", "position")}
        for place in places.get(str(row["place"]), (EVERYTHING,)):
            if (key := (row["subject"], row["type"], place)) not in seen:
                seen.add(key)
                made.append({**said, "matter": matter["id"], "compartment": place})
    return made


def _said_since(tx: Transaction, matter: Row, types: Collection[str], counterparty: str) -> Iterator[Row]:
    """What those who were recognised said over the older vault since, or to another company than then: they are known here, so it is theirs here too."""
    links = defaultdict[Who, set[bytes]](set)
    for row in tx.find(TABLE, vault=matter["vault"]):
        links[str(row["was_in"]), cast("bytes", row["was"])].add(cast("bytes", row["subject"]))
    for was_in in sorted({vault for vault, _ in links}) if counterparty else ():
        names = _names(tx, was_in)
        to: Cells = {"party": matter["party"], "vault": was_in, "counterparty": counterparty}
        deals = [row for row in tx.find("matter", order=("ref",), kind="deal", **to) if side_of(tx, row) == SELLER]
        for row in said_in(tx, deals, types):
            for subject in links.get((was_in, cast("bytes", row["subject"])), ()):
                yield {**row, "subject": subject, "place": names.get(cast("int", row["compartment"]), _ALL)}


def known(tx: Transaction, vault: str) -> set[Who]:
    """Who of older vaults was recognised in this one."""
    return {(str(was_in), cast("bytes", was)) for was_in, was in tx.columns(TABLE, ("was_in", "was"), vault=vault)}


def _noes(desk: Desk, tx: Transaction) -> dict[Who, list[No]]:
    found = defaultdict[Who, dict[tuple[str, str, str], No]](dict)
    for matter in tx.find("matter", order=("ref",), kind="deal", party=desk.space):
        vault = str(matter["vault"])
        if not vault or side_of(tx, matter) != SELLER:
            continue
        places = _names(tx, vault)
        for row in said_in(tx, [matter], (*NOES, DIED)):
            to = "" if row["type"] == DIED else str(matter["counterparty"])
            place = places.get(cast("int", row["compartment"]), _ALL)
            if to or row["type"] == DIED:
                no = No(to, str(row["type"]), place, str(row["at"]), cast("int", row["position"]))
                found[vault, cast("bytes", row["subject"])][to, no.type, place] = no
    for vault in {str(row["id"]) for row in tx.find("vault", party=desk.space)}:
        for row in tx.find(TABLE, vault=vault):
            if _stands(tx, desk.space, row):
                no = No(*(row[name] for name in No._fields))  # type: ignore[arg-type] # columns of the table
                found[vault, cast("bytes", row["subject"])].setdefault(no[:3], no)
    return {who: list(said.values()) for who, said in found.items() if one(tx, "subject", vault=who[0], id=who[1], state=_LIVE)}  # fmt: skip


def _stands(tx: Transaction, party: str, row: Row) -> bool:
    """Whether it was not taken back where it was said: of whoever lives there no more nothing can have been. What came along there from before counts too."""
    was_in, was = str(row["was_in"]), row["was"]
    if one(tx, "subject", vault=was_in, id=was, state=_LIVE) is None:
        return True
    to: Cells = {"counterparty": row["counterparty"]} if row["counterparty"] else {}
    deals = tx.find("matter", order=("ref",), kind="deal", party=party, vault=was_in, **to)
    if not deals:
        return bool(tx.count(TABLE, vault=was_in, subject=was, type=row["type"]))
    return any(said["subject"] == was for said in said_in(tx, deals, (str(row["type"]),), cast("bytes", was)))


def _numbers(tx: Transaction, vault: str) -> dict[str, tuple[int, ...]]:
    """{kind of compartment: its numbers}, by tier and purposes: numbers are each data map's own."""
    found = defaultdict[str, list[int]](list)
    for row in tx.find("compartment", order=("number",), vault=vault):
        tier, purposes = str(row["tier"]), ",".join(sorted(str(row["purposes"]).split(",")))
        found[f"{tier}:{purposes}"].append(cast("int", row["number"]))
    return {name: tuple(some) for name, some in found.items()}


def _names(tx: Transaction, vault: str) -> dict[int, str]:
    """The other way round: {number: the kind of compartment that it is of}."""
    return {number: name for name, some in _numbers(tx, vault).items() for number in some}


def people(found: Iterable[Row]) -> int:
    """Of how many."""
    return len({row["subject"] for row in found})
