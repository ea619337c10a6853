"""Destroys that a provider was asked for, until it says that the root is gone: one can be cancelled there, or a copied file be put back (spec/vault.md §11)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.foreign import spared, under_sellers
from custody.acts.vaults import keyring_ref
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import CustodyError, Unavailable
from custody.ports.store import Cells, Row, Transaction
from custody.vault.rotation import State

PENDING: Final = "pending"
GONE: Final = "gone"
BACK: Final = "back"
LOST: Final = "lost-root"
"""What a destroy spares where a root of that generation or an older one was lost, and nobody has seen it gone."""
ATTESTED: Final = "attested-root"
"""The same where people say that what it lay on was destroyed: their word, which nobody can look at."""
_OFTEN: Final = timedelta(days=1)
"""Whoever starts what is due may do so once a day, however short a period is."""
_ORDERED: Final = (str(State.DESTROYED), str(State.ABANDONED))
"""Rotations whose row may name a root that was ordered to go: the old one, or that of a generation that a restore went past."""


class Asked(NamedTuple):
    """One destroy: of which generation, where the root lay, when it was to take effect; '' of a root that was lost and could not be ordered to go yet."""

    generation: int
    to: int
    ref: str
    effective_at: str
    attested: bool = False
    """Two people said that where it lay was destroyed."""

    @property
    def lost(self) -> dict[str, Json]:
        """What an entry about a lost root says beside its generation: by which entry it was lost."""
        return {"lost": -self.to} if self.to < 0 else {}


def unseen(tx: Transaction, vault: str) -> Iterator[Asked]:
    """The destroys whose root nobody has seen to be gone since their date, the oldest first, and the roots that were lost before them.

    One that was lost, came back into force by a restore and then went with its rotation is asked about once.
    """
    orders = [(row, _kept(row)) for row in tx.find("rotation", order=("to_g",), vault=vault) if is_order(row)]
    used = _used(tx, vault)
    went = used | {str(kept["ref"]) for row, kept in orders if cast("int", row["to_g"]) > 0}
    for row, kept in orders:
        lost = cast("int", row["to_g"]) < 0
        if kept.get("ref") and not kept.get("gone") and kept["ref"] not in (went if lost else used):
            yield Asked(
                cast("int", kept["g"]),
                cast("int", row["to_g"]),
                str(kept["ref"]),
                str(kept["effective_at"]),
                bool(kept.get("attested")),
            )


def _used(tx: Transaction, vault: str) -> set[str]:
    """The root in force and those of a rotation under way: one that was lost can come back and be taken again, and is never ordered to go then."""
    under_way = (
        cast("bytes", row["detail"]) for row in tx.find("rotation", vault=vault) if row["state"] not in _ORDERED
    )
    return {
        keyring_ref(kept)
        for kept in (*under_way, *(cast("bytes", row["keyring"]) for row in tx.find("vault", id=vault)))
    }


def is_order(row: Row) -> bool:
    """Whether this row of a rotation tells of a destroy, and so holds no key."""
    return row["state"] in _ORDERED and "effective_at" in _kept(row)


def note_order(tx: Transaction, vault: str, says: Mapping[str, Json], detail: Mapping[str, Json]) -> None:
    """Keep where a root lay that was ordered to go, with what its entry says; `to` in the opening is the generation after it, and none is of a stray."""
    generation, stray = cast("int", says["g"]), "to" not in detail
    to = generation if stray else cast("int", detail["to"])
    kept = {name: value for name, value in says.items() if name != "vault"} | {"ref": detail["ref"]}
    row: Cells = {"from_g": 0 if stray else generation, "state": _ORDERED[stray], "detail": canonical.encode(kept)}
    tx.drop("rotation", vault=vault, to_g=to)
    tx.add("rotation", [{"vault": vault, "to_g": to, **row}])


def note_lost(tx: Transaction, vault: str, generation: int, ref: str, position: int, attested: str = "") -> None:
    """A root that was lost is not one that was destroyed: it is asked about until it is seen to be gone, and ordered to go when it answers; `position` is the entry by which it was lost, `attested` when two people said that what it lay on was destroyed."""
    kept: dict[str, Json] = {
        "g": generation,
        "ref": ref,
        "effective_at": attested,
        **({"attested": True} if attested else {}),
    }
    row: Cells = {"from_g": 0, "state": str(State.ABANDONED), "detail": canonical.encode(kept)}
    tx.drop("rotation", vault=vault, to_g=-position)
    tx.add("rotation", [{"vault": vault, "to_g": -position, **row}])


def undated(tx: Transaction, vault: str) -> int | None:
    """The oldest generation of which what was erased under it or later has no date: its root was lost and not ordered to go, or the seller's keys open what came."""
    if under_sellers(tx, vault):
        return 0
    return _lost(tx, vault)


def waits_for(tx: Transaction, vault: str) -> list[str]:
    """Why what is erased now has no date, as codes."""
    return [*spared(tx, vault), *([LOST] if _lost(tx, vault) is not None else [])]


def _lost(tx: Transaction, vault: str) -> int | None:
    return min((asked.generation for asked in unseen(tx, vault) if not asked.effective_at), default=None)


def lost_below(tx: Transaction, vault: str, upto: int) -> list[str]:
    """What a destroy of root `upto` does not reach, as codes: roots of it or before that were lost."""
    return sorted({code(asked) for asked in told_of(tx, vault) if asked.generation <= upto}, reverse=True)


def told_of(tx: Transaction, vault: str) -> list[Asked]:
    """Those that a destroy and a certificate name: lost, or gone by the word of people alone."""
    return [asked for asked in unseen(tx, vault) if asked.lost or asked.attested]


def code(asked: Asked) -> str:
    """What is said of a root that nobody saw gone."""
    return ATTESTED if asked.attested else LOST


def latest(tx: Transaction, vault: str, at: str) -> str:
    """`at`, or the latest date of a destroy that nobody saw done: until then an older root can come back, with older copies of every page."""
    return max([at, *(asked.effective_at for asked in unseen(tx, vault))])


def final_by(desk: Desk, tx: Transaction, vault: str, delay: timedelta) -> str | None:
    """When what is erased now is final at the latest, by the rotations of this home; None where none runs by itself, or somebody else has a key (`waits_for`)."""
    if desk.rotation is None or undated(tx, vault) is not None:
        return None
    return latest(tx, vault, stamp(desk.clock.now() + max(desk.rotation, _OFTEN) + delay))


def make_final(tx: Transaction, vault: str, below: int, at: str) -> None:
    """Erasures of generations below that one wait for no other destroy than those that were ordered; an earlier word stands. Those that a lost root or the seller can open wait for it."""
    barred = undated(tx, vault)
    below = below if barred is None else min(below, barred)
    rows = tx.columns("erasure", ("generation",), vault=vault, final_at="")
    waiting, date = {cast("int", generation) for (generation,) in rows}, latest(tx, vault, at)
    for batch in sorted(generation for generation in waiting if generation < below):
        tx.change("erasure", {"final_at": date}, vault=vault, generation=batch, final_at="")


def stands(desk: Desk, asked: Asked) -> str:
    """`gone`, `pending`, or `back` where the root is there as if nobody had asked, or what is left of one that was lost.

    Raises what the provider raises, Unavailable `keys.lost` where a lost root is not there and may lie elsewhere.
    """
    if asked.attested:
        return _said(desk, asked)
    if is_there(desk, asked):
        return BACK
    state, unordered = desk.keys.state(asked.ref), not asked.effective_at
    if unordered and desk.keys.terms(asked.ref).elsewhere:
        raise Unavailable("keys.lost", "This root was lost, and that it is not in the folder of today says nothing of it.",
                          next="Bring back the disk on which it lay. Only where that was destroyed: custody recovery attest --dry-run")  # fmt: skip
    due = not asked.effective_at or desk.clock.now() >= parse(asked.effective_at)
    return GONE if state == "gone" and due else PENDING


def is_there(desk: Desk, asked: Asked) -> bool:
    """Whether the root is live, or what is left of one that was lost lies there."""
    if desk.keys.state(asked.ref) == "live":
        return True
    return (asked.attested or not asked.effective_at) and asked.ref in desk.keys.unopened()


def _said(desk: Desk, asked: Asked) -> str:
    """Of a root that people attest to be gone: silence is what they said, and only what shows it speaks against them."""
    try:
        if is_there(desk, asked):
            return BACK
        unsure = desk.keys.state(asked.ref) != "gone" or (asked.lost and desk.keys.terms(asked.ref).elsewhere)
    except CustodyError:
        return PENDING
    return PENDING if unsure else GONE


def moved(desk: Desk, asked: Asked) -> bool:
    """Whether a destroy that stands takes effect at another date than is written here: it was ordered anew, and that was cut off or done by somebody else.

    Safe: what is ordered already is not ordered again, it is only told.
    """
    return (
        not asked.attested
        and desk.keys.state(asked.ref) == "scheduled"
        and stamp(desk.keys.destroy(asked.ref, desk.clock.now()).effective_at) != asked.effective_at
    )


def note_gone(desk: Desk, vault: str, asked: Asked) -> None:
    """The provider has it no more: the ledger says since when that is known."""
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        seen_gone(tx, vault, asked, now)
        append(tx, desk.space, now, "root-gone", {"vault": vault, "g": asked.generation, **asked.lost})


def seen_gone(tx: Transaction, vault: str, asked: Asked, at: str) -> None:
    """Nobody asks about it any more, and nothing waits for it."""
    _keep(tx, vault, asked, {"gone": at})
    if not asked.effective_at:
        make_final(tx, vault, _standing(tx, vault), at)


def _standing(tx: Transaction, vault: str) -> int:
    """The oldest generation whose root stands by right: that in force, or the one that a rotation under way leaves."""
    (row,) = tx.find("vault", id=vault)
    left = (each["from_g"] for each in tx.find("rotation", vault=vault) if each["state"] not in _ORDERED)
    return min(cast("int", generation) for generation in (row["generation"], *left))


def ask_again(desk: Desk, vault: str, asked: Asked) -> str:
    """Somebody took the destroy back, or found what was lost: it is asked for once more, and whatever it could open is final at the new date or later; that date is returned."""
    done = desk.keys.destroy(asked.ref, desk.clock.now())
    at = stamp(done.effective_at)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        move(tx, vault, asked, at)
        says: dict[str, Json] = {
            "vault": vault,
            "g": asked.generation,
            "was": asked.effective_at,
            "effective_at": at,
            "assurance": done.assurance,
            **asked.lost,
        }
        append(
            tx,
            desk.space,
            now,
            "destroy-cancelled" if asked.effective_at and not (asked.attested and asked.lost) else "root-found",
            says,
        )
    return at


def attest(tx: Transaction, vault: str, asked: Asked, at: str) -> None:
    """People say that it went with what it lay on: what waited for it is final from then, on their word. The date of one that was ordered to go stands."""
    _keep(tx, vault, asked, {"attested": True})
    if asked.lost:
        move(tx, vault, asked, at)


def move(tx: Transaction, vault: str, asked: Asked, at: str) -> None:
    """The root goes at another date. Erasures of its generation and of every later one hung on it: what came before them it never held."""
    _keep(tx, vault, asked, {"effective_at": at, **({"attested": False} if asked.attested else {})})
    if not asked.effective_at:
        make_final(tx, vault, _standing(tx, vault), at)
        return
    date = latest(tx, vault, at)
    for generation, final in {*tx.columns("erasure", ("generation", "final_at"), vault=vault)}:
        hung = final == asked.effective_at or "" < str(final) < at
        if hung and cast("int", generation) >= asked.generation:
            tx.change("erasure", {"final_at": date}, vault=vault, generation=generation, final_at=str(final))


def _keep(tx: Transaction, vault: str, asked: Asked, more: dict[str, Json]) -> None:
    (row,) = tx.find("rotation", vault=vault, to_g=asked.to)
    tx.change("rotation", {"detail": canonical.encode({**_kept(row), **more})}, vault=vault, to_g=asked.to)


def _kept(row: Row) -> dict[str, Json]:
    return cast("dict[str, Json]", canonical.decode(cast("bytes", row["detail"]) or b"{}"))
