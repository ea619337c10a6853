"""Give the other side of a deal what its papers are held against in the ledger, and nothing of other deals (C10, spec/ledger.md §7a)."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.entries import MATTER, SUBJECT, entered, positions
from custody.acts.erasing import ERASED, SHREDDED
from custody.acts.evidence import publish_part
from custody.acts.handing import every
from custody.acts.matters import datamap_of, deal
from custody.base import canonical
from custody.base.canonical import Json
from custody.ledger.entry import STEP
from custody.package.statements import Destroyed
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

READERS: Final = ("owner", "privacy", "lawyer", "auditor", "advisor")
_TOLD: Final = frozenset(("deal-opened", "statement"))


def ledger_part(desk: Desk, named_deal: str, out: Files) -> Mapping[str, Json]:
    """Write the entries of one deal among all leaf hashes into `out`. Raises Denied `act.role`."""
    desk.require(READERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        numbers = sorted({*_of_the_deal(desk, tx, matter), *_of_its_end(desk, tx, matter), *_steps(desk, tx)})
        made = publish_part(tx, out, desk.signer, desk.space, str(matter["id"]), numbers)
    out.write("identity.json", canonical.encode(desk.card.identity.to_json()))
    return {"space": desk.space, "deal": str(matter["ref"]), "entries": len(numbers), "size": made.size, "root": "sha256:" + made.root}  # fmt: skip


def _steps(desk: Desk, tx: Transaction) -> Iterator[int]:
    """Where a clock that was ahead was put right: what was entered since lies before what was entered until then, and reads so only with this."""
    return (one.position for one in entered(tx, desk.space, STEP))


def _of_the_deal(desk: Desk, tx: Transaction, matter: Row) -> Iterator[int]:
    """That it was opened, each statement of it, and the data map that it pins: nobody's name, and no other deal's.

    A deal that came pins none before its data came: it has no vault until then.
    """
    name = str(matter["id"])
    for whom in (name, datamap_of(tx, matter)) if matter["vault"] else (name,):
        for number in positions(tx, desk.space, MATTER, whom):
            row = one(tx, "ledger_entry", space=desk.space, position=number)
            told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", row["entry"]))) if row else {}
            alone = not tx.count("entry_about", space=desk.space, position=number, topic=SUBJECT)
            if told.get("kind") in _TOLD and alone and not _others(told.get("says"), name):
                yield number


def _of_its_end(desk: Desk, tx: Transaction, matter: Row) -> Iterator[int]:
    """What the newest certificate of destruction repeats: the sum, and the entries that it sums up."""
    certified = [says.proven.erasures for _, says in every(desk, tx, str(matter["id"]), Destroyed)]
    last = certified[-1] if certified else None
    sums = (one for one in entered(tx, desk.space, SHREDDED) if last and one.says["root"] == last.root)
    for summed in sums:
        yield summed.position
        for part in entered(tx, desk.space, ERASED):
            if part.says.get("act") == summed.says["act"]:
                yield part.position


def _others(says: Json, name: str) -> bool:
    """Whether something is said of another matter than this."""
    texts = says.values() if isinstance(says, Mapping) else ()
    return any(isinstance(text, str) and text.startswith("mat_") and text != name for text in texts)
