"""A suppression list whose key went with a lost provider begins anew: nobody can read the old one, and it must not stop everything (spec/retention.md §7).

No sheet and no share holds its key. Whoever is still here and marked as not to be contacted is put on the new list; who was
erased is not, and the entry counts what was lost. One record that nobody can read costs nobody else their place.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress as suppress_errors
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.entries import KIND, entered, positions
from custody.acts.evidence import append
from custody.acts.sole_holder import others_have
from custody.acts.suppressing import CONTACT, Tags, on_file, open_list, silenced, suppress, tags_of
from custody.acts.vaults import opened
from custody.base.canonical import Json, b64, unb64
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Unavailable
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.suppression import Suppressor

ENTRY: Final = "suppression-renewed"
RECOVERED: Final = "recovered"
_AGAIN: Final = "list-renewed"
_NEVER: Final = frozenset(("keys.blob", "keys.file", "keys.passphrase"))


def begin_anew(desk: Desk) -> Mapping[str, Json] | None:
    """{lost, relisted, unread?, vaults_unread?} where the list's key is gone for good; None where it is there, nobody can tell, or there is no list.

    For whoever has just brought a vault back because its root was lost, and for nobody else: a provider that is only away for a night
    looks the same, unless two people say that it is not (`services.suppress_renew`). What stood on the old list is set aside under its old key, not destroyed.
    """
    with desk.store.read() as tx:
        key = one(tx, "suppression_key", party=desk.space)
    if key is None or not _gone(desk, str(key["ref"]), cast("bytes", key["wrapped"])):
        return None
    return renew(desk, key)


def renew(
    desk: Desk, key: Row, agreed: Callable[[Transaction], Mapping[str, Json]] | None = None, why: Mapping[str, Json] | None = None
) -> Mapping[str, Json] | None:  # fmt: skip
    """The list begins anew in place of the one under `key`; None where somebody else began it meanwhile: that list is not lost.

    `agreed` is asked in the same transaction, and gives what the entry says beside; `why` stands in its opening.
    """
    theirs = _others_too(desk)  # before the transaction: it is found by the index
    with desk.store.write() as tx:
        if one(tx, "suppression_key", party=desk.space) != key:
            return None
        by = agreed(tx) if agreed else {}
        lost = _set_aside(tx, desk.space, str(key["ref"]))
        made = open_list(desk, tx)
        fresh = cast("Row", one(tx, "suppression_key", party=desk.space))
        detail: dict[str, Json] = {"ref": str(fresh["ref"]), "key": b64(cast("bytes", fresh["wrapped"])), **(why or {})}
        tags, unread = _all_marked(desk, tx, made, theirs)
        says: dict[str, Json] = {"lost": lost, "principal": desk.principal.id, **by, **unread}
        append(tx, desk.space, stamp(desk.clock.now()), ENTRY, says, detail={**detail, "old": str(key["ref"])})
        again = suppress(desk, tx, tags, CONTACT, _AGAIN)[0] if tags else 0
    return {"lost": lost, "relisted": again, **unread}


def brought_back(tx: Transaction, space: str, vault: str) -> int | None:
    """The entry by which shares brought this vault back, where no list began anew since: whoever did it perhaps died before they looked at the list."""
    last = next(iter(positions(tx, space, KIND, f"entry.{ENTRY}", 1)), -1)
    since = itertools.takewhile(lambda found: found.position > last, entered(tx, space, RECOVERED))
    return next((found.position for found in since if found.says["vault"] == vault), None)


def _gone(desk: Desk, ref: str, wrapped: bytes) -> bool:
    """Also where what is left of it opens nothing, or another root has its name by now: whoever began the list anew before died between the new root and the commit."""
    try:
        if desk.keys.state(ref) == "gone":
            return True
        desk.keys.unwrap(ref, wrapped)
    except CustodyError as error:
        return error.slug in _NEVER  # whoever does not answer, or is not set up any more, may come back
    return False


def _set_aside(tx: Transaction, space: str, ref: str) -> int:
    """Tags and key of the old list under a name of their own, which no list is read by; how many tags."""
    aside = f"{space}/{ref}/{tx.count('suppression_key')}"
    tx.change("suppression_key", {"party": aside}, party=space)
    return tx.change("suppressed", {"party": aside}, party=space)


def begun_anew(tx: Transaction, space: str, detail: Mapping[str, Json]) -> None:
    """What the entry did: for a restore."""
    _set_aside(tx, space, str(detail["old"]))
    row: Cells = {"party": space, "ref": str(detail["ref"]), "wrapped": unb64(str(detail["key"]))}
    tx.add("suppression_key", [row])


def _others_too(desk: Desk) -> set[tuple[str, str]]:
    """What those who are marked share with somebody who is not, and so asked for nothing; where a vault or its index does not open yet nobody knows, and nothing is left out."""
    with desk.store.read() as tx:
        vaults = opened(tx, desk.space)
    found = set[tuple[str, str]]()
    for row in vaults:
        with suppress_errors(CustodyError):
            name = str(row["id"])
            with desk.store.read() as tx:
                silent = silenced(tx, name)
                told = list(on_file(desk, tx, name, silent, Counter())) if silent else []
            found |= others_have(desk, row, told, silent) if told else set()
    return found


def _all_marked(
    desk: Desk, tx: Transaction, made: Suppressor, theirs: Collection[tuple[str, str]]
) -> tuple[Tags, Mapping[str, Json]]:
    """Tags of whoever nobody may contact, but for what is others', too; and what was not read for it, where anything was not: records, and vaults with such people that do not open yet."""
    tags, lost, shut = set[tuple[str, bytes]](), Counter[bytes](), list[Json]()
    for row in tx.find("vault", order=("id",), party=desk.space):
        vault = str(row["id"])
        silent = sorted(silenced(tx, vault))
        try:
            tags |= tags_of(desk, tx, vault, silent, made, theirs, lost) if silent else set()
        except Unavailable:
            raise
        except CustodyError:
            shut.append(str(row["name"]))
    unread: dict[str, Json] = {"unread": lost.total()} if lost else {}
    return tags, {**unread, **({"vaults_unread": shut} if shut else {})}
