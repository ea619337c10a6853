"""The root of the next generation: made, and before the switch made again where it does not open (spec/vault.md §10).

Nothing stands under it yet, so nothing is lost with it. What answers and opens nothing (a file that rotted, or that another process made
under a passphrase of before; a service that denies that one key) never will; what does not answer may come back, and is awaited, unless new roots are made at another provider by now.
Whoever asks must be able to open the root in force: else it is they who have the wrong passphrase.
"""

import secrets
from collections.abc import Iterator
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.entries import entered
from custody.acts.new_root import stand_in, wrap_anew
from custody.acts.vaults import read_keyring
from custody.base import canonical
from custody.base.canonical import Json, b64
from custody.base.errors import Broken, CustodyError, Malformed
from custody.ports.store import Transaction, one

AGAIN: Final = "root-made-again"
SWITCHED: Final = "root-switched"
DENIED: Final = "keys.denied"


def never_opens(error: CustodyError) -> bool:
    """Whether it answered, and trying again changes nothing."""
    return isinstance(error, (Broken, Malformed)) or error.slug == DENIED


def left_behind(desk: Desk, ref: str) -> bool:
    """Whether new roots are made elsewhere by now than this one was: nobody waits for a provider that was given up, for nothing stands under it yet."""
    try:
        used = desk.keys.terms().provider
    except CustodyError:
        return False
    try:
        return desk.keys.terms(ref).provider != used
    except CustodyError:
        return True


def make_next(desk: Desk, vault: str, generation: int) -> bytes:
    """What the store keeps of a new key under a new root, read back. A label that is barred is freed, or where its provider cannot do that left, and another one taken.

    Raises what the provider raises; Broken `keys.*` where the root in force does not open here either.
    """
    key = secrets.token_bytes(32)
    try:
        ref, wrapped = wrap_anew(desk.keys, vault, generation, key)
    except CustodyError as error:
        if not never_opens(error):
            raise
        require_live(desk, vault)
        ref, wrapped = wrap_anew(desk.keys, stand_in(vault, f"next-{generation}"), generation, key)
    return canonical.encode({"ref": ref, "key": b64(wrapped), "head": ""})


def require_live(desk: Desk, vault: str) -> None:
    """The root in force opens here. Raises what its provider raises."""
    with desk.store.read() as tx:
        read_keyring(desk, tx, vault)


class Roots(NamedTuple):
    """What was made for a generation that a restore goes past."""

    there: list[str]
    """Those that are to go: each that the ledger names, or of old entries that name none, each of its label."""
    bare: list[str]
    """Of its label, where the ledger names another one: nothing ever stood under these."""
    away: list[str]
    """At a provider that is not set up here."""


def roots_of(desk: Desk, vault: str, generation: int) -> Roots:
    """By their label, and by what the ledger names: one that was made under another label is found by no look at labels.

    Raises what a provider raises; what it says of a label that was left counts for nothing where another root was named.
    """
    with desk.store.read() as tx:
        named = list(dict.fromkeys(_named(tx, desk.space, vault, generation)))
    try:
        found = list(desk.keys.find(vault, generation))
    except CustodyError as error:
        if not (named and never_opens(error)):
            raise
        found = []
    if not named:
        return Roots(found, [], [])
    there, away = list[str](), list[str]()
    for ref in named:
        try:
            there += [ref] if desk.keys.state(ref) != "gone" else []
        except CustodyError as error:
            if error.slug != "keys.provider":
                raise
            away.append(ref)
    return Roots(there, [ref for ref in found if ref not in (*there, *away)], away)


def destroy_bare(desk: Desk, ref: str) -> None:
    """One under which nothing ever stood goes too; where its provider denies that, nothing is lost."""
    try:
        desk.keys.destroy(ref, desk.clock.now())
    except CustodyError as error:
        if not never_opens(error):
            raise


def _named(tx: Transaction, space: str, vault: str, generation: int) -> Iterator[str]:
    """By the openings of the entries that made or took one; entries of earlier releases name none."""
    # The one that was switched to first: it is what opens copies.
    for kind, name in ((SWITCHED, "ref"), (AGAIN, "new")):
        for found in entered(tx, space, kind):
            row = one(tx, "opening", space=space, position=found.position)
            if row is None or (found.says["vault"], found.says["g"]) != (vault, generation):
                continue
            told = cast("dict[str, Json]", canonical.decode(cast("bytes", row["detail"]) or b"{}"))
            if ref := told.get(name):
                yield str(ref)
