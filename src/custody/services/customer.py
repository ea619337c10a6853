"""One customer as staff see them: what is held, masked; verdicts; and everything that was done about them (D4).

Nothing is shown of it: columns are told by name, class and tier, and a value shows only through `reveal`. What was
done is read from the ledger with this person's own audit key, so it goes when they do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from custody.acts import let_go, twins
from custody.acts.about import About, about, gone, open_detail
from custody.acts.desk import Desk
from custody.acts.entries import SUBJECT, of_deals, positions
from custody.acts.held_fields import held_fields
from custody.acts.matters import unseen
from custody.acts.members import among
from custody.acts.person_card import answers, buyer, open_requests, receivers
from custody.acts.standing import standing, vectors_of
from custody.acts.vaults import AUDIT, QUARANTINE, open_keyring, slot_places
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError, Missing
from custody.ports.store import Row, Transaction, one
from custody.vault import record as records

ROLES: Final = ("owner", "privacy", "lawyer", "data", "department", "auditor", "advisor")
_TOLD: Final = ("purpose", "reason", "tiers", "fields")
_FIELD: Final = ("table", "column", "class", "tier")
_WENT: Final = ("shipped", "released")
"""How far somebody's data went to a buyer: unreadable, then with its key."""
_DEALT: Final = ("shipped", "released", "receipt", "destroyed")


@dataclass(frozen=True, slots=True)
class _Person:
    vault: Row
    row: Row
    places: Mapping[int, tuple[int, int]]


def customer(desk: Desk, named: str) -> Mapping[str, Json]:
    """Raises Missing `subject.unknown`, Denied `act.role`."""
    desk.require(ROLES)
    subject = ids.subject_bytes(named)
    with desk.store.read() as tx:
        vault = str(_find(desk, tx, subject).vault["id"])
    twins.seek_if_may(desk, vault, [subject])
    with desk.store.read() as tx:
        who = _find(desk, tx, subject)
        kept = [place for place in who.places if place not in {AUDIT, QUARANTINE}]
        verdicts = standing(tx, vault, who.row, among(desk, tx, "id"))
        held = [
            _compartment(row, verdicts)
            for row in tx.find("compartment", order=("number",), vault=vault)
            if row["number"] in kept
        ]
        history = [*_about(desk, tx, who), *_dealt(desk, tx, who)]
        beside = _beside(desk, tx, who, history)
        fields = dict.fromkeys(one[:4] for one in held_fields(tx, vault, subject))
    told = sorted(history, key=lambda entry: (str(entry["at"]), cast("int", entry["ledger"])), reverse=True)
    return {
        "subject": named,
        "vault": str(who.vault["name"]),
        "kind": str(who.row["kind"]),
        "fields": [dict(zip(_FIELD, field, strict=True)) for field in sorted(fields, key=lambda field: field[0])],
        "held": [one for place, one in enumerate(held) if one not in held[:place]],
        "history": list[Json](told),
        **beside,
    }


def _beside(desk: Desk, tx: Transaction, who: _Person, history: list[dict[str, Json]]) -> dict[str, Json]:
    """What they answered, who has their data, and what is still open with them."""
    vault, subject = str(who.vault["id"]), cast("bytes", who.row["id"])
    matters = _deals(desk, tx, vault)
    went = {entry["deal"]: entry for kind in _WENT for entry in history if entry["kind"] == kind}
    received: list[Json] = [
        {"deal": ref, "name": buyer(tx, row), "how": went[ref]["kind"], "at": went[ref]["at"]}
        for row in matters
        if (ref := str(row["ref"])) in went
    ]
    return {
        "answers": list(answers(tx, matters, subject)), "receivers": received,
        "records": [each.to_json() for each in twins.here(tx, vault, subject)],
        "processors": list(receivers(tx, vault)), "requests": list(open_requests(desk, tx, vault, subject)),
    }  # fmt: skip


def _deals(desk: Desk, tx: Transaction, vault: str) -> list[Row]:
    """The deals over the vault that the acting person sees."""
    return tx.first("matter", None, among(desk, tx, "id"), order=("ref",), party=desk.space, vault=vault)


def _find(desk: Desk, tx: Transaction, subject: bytes) -> _Person:
    for vault in tx.find("vault", order=("id",), party=desk.space):
        row = one(tx, "subject", vault=str(vault["id"]), id=subject)
        if row is not None and row["state"] == "live":
            return _Person(vault, row, slot_places(cast("bytes", row["slots"])))
    raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")


def _compartment(row: Row, verdicts: Mapping[int, str]) -> Json:
    number = cast("int", row["number"])
    return {"tier": str(row["tier"]), "verdict": verdicts.get(number, "")}


def _about(desk: Desk, tx: Transaction, who: _Person) -> Iterator[dict[str, Json]]:
    """Ledger entries whose opening is sealed under this person's key: looks, refusals, holds, corrections."""
    try:
        key = about(
            tx,
            open_keyring(desk, tx, str(who.vault["id"])),
            cast("bytes", who.row["id"]),
            cast("bytes", who.row["slots"]),
        )
    except Broken:
        return
    handles = {str(row["id"]): str(row["handle"]) for row in tx.find("principal", party=desk.space)}
    numbers = positions(tx, desk.space, SUBJECT, ids.subject_text(key.subject))
    closed = of_deals(tx, desk.space, numbers, unseen(desk, tx))
    for position in (one_number for one_number in numbers if one_number not in closed):
        entry, opening = (one(tx, table, space=desk.space, position=position) for table in ("ledger_entry", "opening"))
        detail = _opened(cast("bytes", opening["detail"]), key, position) if opening else None
        if detail is not None and entry is not None:
            told = cast("dict[str, Json]", canonical.decode(cast("bytes", entry["entry"])))
            yield _entry(told, position, detail, handles)


def _opened(sealed: bytes, key: About, position: int) -> Mapping[str, Json] | None:
    """The detail, unless it is in clear or its key is no more. An opening of another entry or person is refused, not left out."""
    if not sealed.startswith(records.MAGIC):
        return None
    try:
        return open_detail(sealed, key, position)
    except CustodyError as error:
        if not gone(error):
            raise
        return None


def _entry(
    entry: Mapping[str, Json], position: int, detail: Mapping[str, Json], handles: Mapping[str, str]
) -> dict[str, Json]:
    says = cast("dict[str, Json]", entry["says"])
    told = {name: value for name in _TOLD if (value := says.get(name, detail.get(name))) is not None}
    return {
        "at": str(entry["at"]),
        "kind": str(entry["kind"]),
        "who": handles.get(str(says.get("principal")), ""),
        "ledger": position,
        "decided": "decision" in says,
        **told,
    }


def _dealt(desk: Desk, tx: Transaction, who: _Person) -> Iterator[dict[str, Json]]:
    """What deals over this vault noted about the person, and how far their data went."""
    for matter in _deals(desk, tx, str(who.vault["id"])):
        name, ref = str(matter["id"]), str(matter["ref"])
        for row in tx.find("evidence", order=("position",), matter=name, subject=cast("bytes", who.row["id"])):
            yield {"at": str(row["at"]), "kind": str(row["type"]), "deal": ref, "who": "", "ledger": row["position"]}
        said = {str(one_row["kind"]): one_row for one_row in tx.find("statement", order=("n",), matter=name)}
        gone = _let_go(tx, matter, who)
        for kind in _DEALT:
            if (found := said.get(kind)) and (gone or (kind == "shipped" and _cleared(tx, matter, who))):
                yield {"at": str(found["at"]), "kind": kind, "deal": ref, "who": "", "ledger": found["position"]}


def _let_go(tx: Transaction, matter: Row, who: _Person) -> bool:
    """Whether a release gave the buyer a key of this person's."""
    made = [cast("int", row["n"]) for row in tx.find("statement", matter=str(matter["id"]), kind="released")]
    places = [(compartment, *place) for compartment, place in who.places.items()]
    return any(let_go.holds(tx, matter, n, place) for n in made for place in places)


def _cleared(tx: Transaction, matter: Row, who: _Person) -> bool:
    return any(one_row["verdict"] == "hand_over" for one_row in vectors_of(tx, str(matter["id"]), who.row).values())
