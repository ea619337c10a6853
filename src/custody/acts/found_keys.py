"""The keys of a backup that open now, by their root or by enough shares, as the journal has them (spec/vault.md §21 step 2).

Nothing is taken on trust: keys count only with the head that the journal names, and keys of behind its end say that it is cut.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from custody.acts.backing import keys_name
from custody.acts.key_backup import Held, Lead, read_keys
from custody.acts.restoring import GONE, Blank, Histories, Journal, behind, fork, unread
from custody.base import ids
from custody.base.errors import Broken, CustodyError, Malformed, Missing
from custody.ports.files import Files
from custody.vault import backup
from custody.vault.backup import Kind, Named
from custody.vault.page import unwrap
from custody.vault.shares import Share, combine

_KEYS: Final = re.compile(r"keys/[^/]+/[0-9]{20}-[0-9]{20}\.cvbk", re.ASCII)


@dataclass(slots=True)
class Found:
    """The keys of one vault that open now."""

    vault: str
    position: int
    lead: Lead
    keyring: bytes = field(repr=False)
    lost: str = ""
    """Where shares gave the key: why the root did not, by the slug of what its provider said."""


def find_keys(blank: Blank, told: Journal, facts: Histories, sheets: Sequence[Share]) -> dict[str, Found]:
    """For each vault that the newest facts of this history name, the newest keys that open and have the head the journal names, all of one backup where there is one.

    Keys of a vault that no facts name count for nothing: it was lost with a store. A backup that broke off between two vaults
    leaves keys of two days: facts of the older know nothing of what moved in between. None where the journal reaches no facts.
    Raises Missing `restore.keys` when a vault has none, Broken `restore.behind` where keys were written behind the journal's end.
    """
    newest: dict[str, list[str]] | None = None
    tried = _Tried(blank, told, sheets)
    for begin, end in facts.own():
        named = {vault: keys_of(blank.place, vault) for vault in facts.known[begin]}
        if newest is None:
            _require_reached(blank, told, facts, [name for names in named.values() for name in names])
        if (found := _of_one(tried, named, (begin, end))) is not None:
            return found
        newest = named if newest is None else newest
    return _newest_of_each(tried, newest or {})


def _require_reached(blank: Blank, told: Journal, facts: Histories, names: Sequence[str]) -> None:
    """The facts beside these keys rotted or are gone; that they open says all the same that the ledger went on, and who was erased then stands nowhere else.

    Not so beside facts of a store that was put back, nor up to where somebody gave the rest up. Raises Broken `restore.behind`.
    """
    past = [name for name in names if _position(name) > len(told) and not facts.accounted(_position(name))]
    proved = [_position(name) for name in past if _read(blank, name) is not None]
    if proved:
        raise behind({"keys": max(proved)}, len(told))


def given_up(blank: Blank, told: Journal, position: int) -> bool:
    """Whether keys of this position say that the ledger went on behind the journal's end, and no facts that open have what it was."""
    names = [name for name in blank.place.list("keys") if _KEYS.fullmatch(name) and _position(name) == position]
    return position > len(told) and any(_read(blank, name) is not None for name in names)


def keys_of(place: Files, vault: str) -> list[str]:
    """The key backups of a vault by name, the newest first; what else somebody left there is passed over."""
    return sorted((name for name in place.list(f"keys/{vault}") if _KEYS.fullmatch(name)), reverse=True)


@dataclass(slots=True)
class _Tried:
    """Key backups, each tried when it is asked for, the newest first."""

    blank: Blank
    told: Journal
    sheets: Sequence[Share]
    barred: dict[str, CustodyError] = field(default_factory=dict)
    """{vault: what the provider said of newer keys}: nothing older is taken in their stead but what sheets are there for."""

    def first(self, vault: str, names: Sequence[str]) -> Found | None:
        """The first of them that opens."""
        opened = (_open_keys(self, vault, name) for name in names)
        return next((one for one in opened if one is not None), None)


def _of_one(tried: _Tried, named: Mapping[str, Sequence[str]], span: tuple[int, int]) -> dict[str, Found] | None:
    """The keys of one backup; None when it has not those of every vault that it names."""
    found: dict[str, Found] = {}
    for vault, names in named.items():
        known = [name for name in names if span[0] <= _position(name) < span[1]]
        if (keys := tried.first(vault, known)) is None:
            return None
        found[vault] = keys
    return found


def _position(name: str) -> int:
    """The journal's length when these keys were written, by their name."""
    return int(name.removesuffix(".cvbk").rpartition("-")[2])


def _newest_of_each(tried: _Tried, named: Mapping[str, Sequence[str]]) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for vault, names in named.items():
        keys = tried.first(vault, names)
        if keys is None and vault in tried.barred:
            raise tried.barred[vault]
        if keys is None and tried.sheets:
            raise Broken("restore.sheets", "These recovery sheets do not open the backup of a vault: too few, of another vault, or of another generation.",
                         kind="altered", where={"vault": vault, "generation": _generation(names)},
                         next="Give enough sheets that were printed together for this generation.")  # fmt: skip
        if keys is None:
            raise Missing("restore.keys", "No key backup of a vault opens under a root that is live.",
                          where={"vault": vault}, next="custody restore PLACE --sheet FILE, from enough holders")  # fmt: skip
        found[vault] = keys
    return found


def held_pages(blank: Blank, found: Found) -> Iterator[Held]:
    """The pages of the backup that was found, as they come; take all of them. Raises Broken when they are others by now."""
    name = keys_name(found.vault, found.lead.head.generation, found.position)
    with blank.place.path(name).open("rb") as source:
        named = Named(Kind.KEYS, ids.id_bytes(found.vault), found.position)
        lead, held = read_keys(
            backup.read(source, blank.outside.backup_key(), named, blank.outside.former_keys()), found.vault
        )
        if lead != found.lead:
            raise fork()
        yield from held


def _open_keys(tried: _Tried, vault: str, name: str) -> Found | None:
    """One key backup, when it opens under its root or else by enough sheets, and is where the journal says; else None.

    Raises what the provider raises where no sheet is of this generation: older keys are no answer to a provider that is away. Where it is not away, and sheets
    of before are given, as when a rotation broke off within its backup, they are tried on what the place has of before.
    """
    blank, told = tried.blank, tried.told
    position = _position(name)
    if position > len(told) or (found := _read(blank, name)) is None:
        return None
    lead, first = found
    if lead.head.root.hex() != _head_at(told, vault, position):
        return None
    some = [one for one in tried.sheets if one.generation == lead.head.generation]
    if vault in tried.barred and not some:
        return None
    try:
        if blank.keys.state(lead.ref) == "live":
            return Found(vault, position, lead, blank.keys.unwrap(lead.ref, lead.wrapped))
        lost = GONE
    except CustodyError as error:  # rotted, under a passphrase that nobody knows, refused, silent, not set up
        if not some and (error.retry or not tried.sheets):
            raise
        if not some:
            tried.barred[vault] = error
            return None
        lost = error.slug
    key = _recovered(lead, first, some)
    return None if key is None else Found(vault, position, lead, key, lost)


def _read(blank: Blank, name: str) -> tuple[Lead, Held | None] | None:
    """What one key backup says first, and its first page, when all of it is as it was written. Raises Unavailable `restore.unread`."""
    vault = name.split("/")[1]
    try:
        with blank.place.path(name).open("rb") as source:
            named = Named(Kind.KEYS, ids.id_bytes(vault), _position(name))
            lead, held = read_keys(
                backup.read(source, blank.outside.backup_key(), named, blank.outside.former_keys()), vault
            )
            first = next(held, None)
            deque(held, maxlen=0)  # every page is there, and under the head
    except (Broken, Malformed):
        return None
    except OSError as error:
        raise unread(name) from error
    return lead, first


def _recovered(lead: Lead, first: Held | None, sheets: Sequence[Share]) -> bytes | None:
    """The keyring key by shares: the root is lost, its key is not."""
    for some in _sets(sheets):
        try:
            key = combine(some)
            if first is not None:  # sheets of another vault give a key too, and not this one
                unwrap(first.page.place, first.page.wrap, key, lead.head.generation)
        except CustodyError:
            continue
        return key
    return None


def _generation(names: Sequence[str]) -> int:
    """The newest generation among key backups by name, newest first."""
    return max((int(one.rpartition("/")[2].partition("-")[0]) for one in names), default=0)


def _sets(sheets: Sequence[Share]) -> Iterator[list[Share]]:
    """Shares by the splitting that made them: sheets of several vaults come together."""
    for made in dict.fromkeys(one.set_id for one in sheets):
        yield [one for one in sheets if one.set_id == made]


def _head_at(told: Journal, vault: str, position: int) -> str:
    found = ""
    for one in islice(told.since(), position):
        if one.vault == vault and "head" in one.says:
            found = str(one.says["head"])
    return found
