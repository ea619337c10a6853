"""Matters as rows: finding one by what a person types, if they may know of it, its facts at a version, the evidence on file for it."""

from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts.desk import Desk
from custody.acts.members import seen, sees
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Missing, Refused
from custody.ports.store import Cell, NoneOf, Row, Transaction

EVERYBODY = b""
EVERYTHING = -1
_MANY = 1_000
ENDED = frozenset(("aborted", "closed", "returned"))


def deal(desk: Desk, tx: Transaction, named: str) -> Row:
    """The deal with this id, ref or unique prefix of at least four, of those that the acting person sees: to them there is no other.

    Every company counts its own, so a seller's reference may be one of ours: ours is meant by it, and what came goes by its id.

    Raises Missing `deal.unknown`, `deal.ambiguous`.
    """
    found = (row for key in ("ref", "id") for row in tx.find("matter", party=desk.space, kind="deal", **{key: named}))
    exact = [row for row in found if sees(desk, tx, str(row["id"]))]
    for meant in ([row for row in exact if not came(row)], exact):
        if len(meant) == 1:
            return meant[0]
    rows = exact or [row for row in deals(desk, tx) if _named(row, named)]
    if not rows:
        raise Missing("deal.unknown", "There is no such deal.", next="custody deal show")
    if len(rows) > 1:
        names = ", ".join(called(tx, row) for row in rows)
        raise Missing("deal.ambiguous", f"Several deals begin so: {names}.", where={"candidates": names},
                      next="Type more of the reference.")  # fmt: skip
    return rows[0]


def came(matter: Row) -> bool:
    """Whether the deal is another company's, whose data comes here: what is opened here pins its facts, an invitation has none."""
    return not matter["detail"]


def called(tx: Transaction, matter: Row) -> str:
    """By what a person finds it: its reference; of one that came the id, where another deal here goes by the same reference."""
    ref = str(matter["ref"])
    shared = came(matter) and tx.count("matter", party=str(matter["party"]), kind="deal", ref=ref) > 1
    return str(matter["id"]) if shared else ref


def deals(desk: Desk, tx: Transaction, **equal: Cell) -> list[Row]:
    """The deals of this company that the acting person sees, by reference."""
    rows, mine = tx.find("matter", order=("ref",), party=desk.space, kind="deal", **equal), seen(desk, tx)
    return [row for row in rows if mine is None or row["id"] in mine]


def unseen(desk: Desk, tx: Transaction) -> list[str]:
    """The ids of the deals of this company that the acting person does not see."""
    mine = seen(desk, tx)
    if mine is None:
        return []
    return [
        str(row["id"])
        for row in tx.first("matter", None, (NoneOf("id", mine),), order=("id",), party=desk.space, kind="deal")
    ]


def facts_of(tx: Transaction, matter: str) -> dict[str, Json]:
    """{group.leaf: value}, each leaf at its newest version; what went back to unknown is not among them."""
    stated, follow = facts_told(tx, matter)
    return {leaf: value for leaf, value in {**stated, **follow}.items() if value is not None}


def facts_told(tx: Transaction, matter: str) -> tuple[dict[str, Json], dict[str, Json]]:
    """({group.leaf: value} as somebody stated them, null where they said that they do not know; what followed of itself)."""
    newest = {str(row["leaf"]): row for row in tx.find("fact", order=("version",), matter=matter)}
    stated: dict[str, Json] = {}
    follow: dict[str, Json] = {}
    for leaf, row in newest.items():
        (stated if row["principal"] else follow)[leaf] = canonical.decode(cast("bytes", row["value"]))
    return stated, {leaf: value for leaf, value in follow.items() if value is not None}


def detail_of(matter: Row) -> Mapping[str, Json]:
    """What was pinned when the matter was opened."""
    return cast("Mapping[str, Json]", canonical.decode(cast("bytes", matter["detail"]) or b"{}"))


def require_live(matter: Row) -> None:
    """What is closed or broken off is not worked on any more. Raises Refused `deal.ended`."""
    if matter["state"] in ENDED:
        raise Refused(
            "deal.ended",
            f"{matter['ref']!s} is {matter['state']!s}: nothing of it changes any more.",
            next="custody deal plan DEAL",
        )


def evidence_of(tx: Transaction, matter: str) -> dict[bytes, dict[int, set[str]]]:
    """{subject: {compartment: types}}; b"" stands for the matter, -1 for every compartment."""
    found: dict[bytes, dict[int, set[str]]] = {}
    for row in tx.scan("evidence", order=("subject",), matter=matter):
        by = found.setdefault(cast("bytes", row["subject"]), {})
        by.setdefault(cast("int", row["compartment"]), set()).add(str(row["type"]))
    return found


def filed(tx: Transaction, matter: str) -> frozenset[str]:
    """Evidence on file for the deal as a whole; what is on file of its people is not read."""
    return frozenset(
        str(row["type"]) for row in tx.find("evidence", matter=matter, subject=EVERYBODY, compartment=EVERYTHING)
    )


def record_evidence(
    tx: Transaction, matter: str, rows: Sequence[tuple[bytes, int, str]], at: str, position: int
) -> int:
    """Keep evidence that is not on file yet; returns how many rows were new."""
    known = _on_file(tx, matter, {subject for subject, _, _ in rows})
    fresh = [one for one in dict.fromkeys(rows) if one not in known]
    tx.add(
        "evidence",
        (
            {
                "matter": matter,
                "subject": subject,
                "compartment": compartment,
                "type": kind,
                "at": at,
                "position": position,
            }
            for subject, compartment, kind in fresh
        ),
    )
    return len(fresh)


def _on_file(tx: Transaction, matter: str, subjects: set[bytes]) -> set[tuple[Cell, ...]]:
    """What is on file of these people; of many at once, everything is read in one go."""
    if len(subjects) > _MANY:
        return set(tx.columns("evidence", ("subject", "compartment", "type"), matter=matter))
    found = (row for subject in subjects for row in tx.find("evidence", matter=matter, subject=subject))
    return {(row["subject"], row["compartment"], row["type"]) for row in found}


def datamap_of(tx: Transaction, matter: Row) -> str:
    """The digest of the data map that the deal's vault was sealed by."""
    rows = tx.find("vault", id=str(matter["vault"]))
    return str(rows[0]["datamap"])


def ledger_size(tx: Transaction, space: str) -> int:
    """How many entries the space's ledger holds."""
    rows = tx.find("ledger_head", space=space)
    return cast("int", rows[0]["size"]) if rows else 0


def require_hand_over(row: Row, facts: Mapping[str, Json]) -> None:
    """Only a hand-over packs. Raises Refused `deal.not-a-hand-over`."""
    structure = facts.get("deal.structure")
    if structure not in {"asset_deal", "merger", "division", "bankruptcy", "data_only_sale"}:
        raise Refused(
            "deal.not-a-hand-over",
            f"{row['ref']!s} is not a hand-over: nothing is packed.",
            next="custody handover-control DEAL" if structure == "share_transfer" else "Look at the deal's structure.",
        )


def require_control(row: Row, facts: Mapping[str, Json]) -> None:
    """Only a share transfer leaves the controller where it is. Raises Refused `deal.not-control`."""
    if facts.get("deal.structure") != "share_transfer":
        raise Refused(
            "deal.not-control",
            f"{row['ref']!s} is not a share transfer: its data goes to another controller.",
            next="custody gate DEAL",
        )


def _named(row: Row, text: str) -> bool:
    return any(str(row[key]).startswith(text) for key in ("id", "ref")) and len(text) >= 4
