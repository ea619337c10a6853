"""Change the backup key: everything outside is written anew under another one, and then the key of before opens nothing there (A5; spec/vault.md §19, docs/adr/0094).

The copy that is kept apart comes first and last: whatever cuts this off, it opens what lies outside at that moment.
"""

from collections.abc import Mapping
from typing import Final

from custody.acts.backing import back_up_all
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import ledger_size
from custody.acts.mirroring import catch_up, fork, renewed
from custody.acts.sole import sole_writer
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Malformed, Missing, Refused
from custody.ports.files import Files
from custody.vault.backup import keys_text, new_key

CHANGERS: Final = ("owner", "operator")


@sole_writer("all")
def keys_backup(desk: Desk, copy: Files, name: str, *, lost: bool = False) -> Mapping[str, Json]:
    """`copy` and `name`: the file of the copy kept apart, written anew. `lost`: nobody has the key of before any more. Cut off, run again: it goes on with the same key.

    Raises Unavailable for a place or a mirror that is away, before anything is changed; Missing `backup.key-gone`, Refused `backup.key-there`, Broken `backup.copy`.
    """
    desk.require(CHANGERS)
    with desk.store.read() as tx:
        for row in tx.find("backup_place", order=("place",), space=desk.space):
            desk.outside.backup(str(row["place"]))
    keys = _begun(desk, copy, name, _of_before(desk, lost=lost), lost=lost)
    entries = renewed(desk)
    places, _ = back_up_all(desk)
    _keep_apart(copy, name, keys[:1])
    desk.outside.keep_keys(keys[:1])
    return {"places": places, "size": entries, "file": name}


def _of_before(desk: Desk, *, lost: bool) -> list[bytes]:
    """The keys that there are, when they open the mirror; none where they are lost."""
    if not lost:
        catch_up(desk)
        return [desk.outside.backup_key(), *desk.outside.former_keys()]
    try:
        catch_up(desk)
    except (Broken, Missing, Malformed):
        # Nobody can read it, so its length is all that tells a store that was put back from an older copy.
        newest = desk.outside.mirror.newest(desk.space)
        with desk.store.read() as tx:
            if newest is not None and newest[0] > ledger_size(tx, desk.space):
                raise fork() from None
        return []
    raise Refused("backup.key-there", "The backup key is there: it opens the ledger's mirror.", next="custody keys backup --to FILE")  # fmt: skip


def _begun(desk: Desk, copy: Files, name: str, before: list[bytes], *, lost: bool) -> list[bytes]:
    """The newest key and those of before: kept apart first, then entered, then here. One that was begun goes on."""
    if len(before) > 1:
        _keep_apart(copy, name, before)
        return before
    keys = [new_key(), *before]
    _keep_apart(copy, name, keys)
    with desk.store.write() as tx:
        says: dict[str, Json] = {"lost": lost, "principal": desk.principal.id}
        append(tx, desk.space, stamp(desk.clock.now()), "backup-key-changed", says)
    desk.outside.keep_keys(keys)
    return keys


def _keep_apart(copy: Files, name: str, keys: list[bytes]) -> None:
    text = keys_text(keys)
    copy.write(name, text, secret=True)
    if copy.read(name) != text:
        raise Broken("backup.copy", "The copy of the backup key does not read back as it was written.", kind="altered", next="Name another file: --to FILE")  # fmt: skip
