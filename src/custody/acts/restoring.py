"""Restore into an empty store: journal, keys, facts, segments, replay, in this order (D2, spec/vault.md §21).

Nothing is taken on trust: the ledger's chain is computed again, facts must be a prefix of the journal, keys must open
under a root that the provider calls live and have the head that the journal names. What is missing is named.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from custody.acts.backing import facts_name
from custody.acts.mirroring import Mirrored, journal
from custody.base import canonical, ids, merkle
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError, Malformed, Unavailable
from custody.ledger import entry as entries
from custody.ports.files import Files
from custody.ports.keys import KeyProvider
from custody.ports.outside import Outside
from custody.ports.store import Store
from custody.vault import backup
from custody.vault import record as records
from custody.vault.backup import Kind, Named

GONE: Final = "keys.gone"
"""What is said of a root of which its provider says that it is not there, or about to go."""
_FACTS: Final = re.compile(r"facts/(0{5}[0-9]{15})\.cvbk", re.ASCII)
"""A ledger has fewer entries than that, and larger numbers travel in no entry."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Where a restore starts: an empty store, a home's folder, the parties outside, and the place with the backup."""

    space: str
    store: Store
    files: Files
    keys: KeyProvider
    outside: Outside
    place: Files


@dataclass(slots=True)
class Entry:
    """One entry of the journal, read."""

    number: int
    kind: str
    at: str
    says: Mapping[str, Json]
    raw: Mirrored
    hash: bytes

    @property
    def vault(self) -> str:
        """The vault it speaks of, or ''."""
        return str(self.says.get("vault", ""))

    @property
    def detail(self) -> Mapping[str, Json]:
        """Its opening."""
        return cast("Mapping[str, Json]", canonical.decode(self.raw.detail))


@dataclass(slots=True)
class Journal:
    """The whole mirror, its chain checked once; each passage reads it again, so that memory does not follow it."""

    blank: Blank
    frontier: merkle.Frontier = field(default_factory=merkle.Frontier)
    last_at: str = ""
    roots: dict[int, bytes] = field(default_factory=lambda: {0: merkle.EMPTY})
    """The root over its first n entries, for each n at which the place has facts."""

    def __len__(self) -> int:
        return self.frontier.size

    def since(self, first: int = 0) -> Iterator[Entry]:
        """The entries from `first` on. Raises Broken `restore.fork` when the mirror is not the one that was checked."""
        again, size = merkle.Frontier(), self.frontier.size
        for number, raw in enumerate(islice(journal(self.blank.outside, self.blank.space, first), size - first), first):
            value = entries.parse(raw.entry)
            made = merkle.leaf_hash(raw.entry)
            again.append(made)
            says = cast("Mapping[str, Json]", value["says"])
            yield Entry(number, str(value["kind"]), str(value["at"]), says, raw, made)
        if again.size != size - first or (not first and again.root() != self.frontier.root()):
            raise fork()


def read_journal(blank: Blank) -> Journal:
    """The mirror's entries. Raises Broken `restore.fork` when one does not follow from those before it, or has another entry's opening."""
    found, cuts = Journal(blank), set(facts_in(blank.place))
    for number, raw in enumerate(journal(blank.outside, blank.space)):
        require_follows(blank.space, number, raw, found.frontier)
        found.frontier.append(merkle.leaf_hash(raw.entry))
        found.last_at = str(entries.parse(raw.entry)["at"])
        if found.frontier.size in cuts:
            found.roots[found.frontier.size] = found.frontier.root()
    return found


def require_follows(space: str, number: int, raw: Mirrored, before: merkle.Frontier) -> None:
    """That this entry is the next after those before it, and the opening its own. Raises Broken `restore.fork`."""
    value = entries.parse(raw.entry)
    if value["n"] != number or value["prev"] != before.root().hex() or value["space"] != space:
        raise fork()
    if not _opens(raw, number, str(value["c"])):
        raise fork()


def _opens(raw: Mirrored, number: int, committed: str) -> bool:
    """Whether the opening is this entry's: by the commitment, or where it is sealed under a person's key by its header."""
    if raw.salt:
        return entries.commit(entries.Opening(raw.salt, raw.detail)).hex() == committed
    return records.parse(raw.detail).record == number


@dataclass(slots=True)
class Histories:
    """Which facts of the place are of the journal's history, each looked at when it is asked for; what is not is passed over and named."""

    told: Journal
    beyond: int | None = None
    """Up to where somebody said that no newer mirror is left."""
    forked: list[int] = field(default_factory=list)
    """Positions of facts whose ledger is no prefix of the journal: of a store that was put back."""
    facts_altered: list[int] = field(default_factory=list)
    """Of what has the name of facts and does not open as such: it rotted, or somebody put it there."""
    known: dict[int, Sequence[str]] = field(default_factory=dict)
    """{position of facts that are: the vaults that they name}."""

    def own(self) -> Iterator[tuple[int, int]]:
        """(position of its facts, that of the next backup's), the newest first, of those that are a prefix of the journal.

        Raises Broken `restore.behind` where facts go on where the journal ends: who was erased since stands in them alone.
        """
        end = sys.maxsize
        for begin in facts_in(self.told.blank.place):
            self._look(begin)
            if begin in self.known:
                yield begin, end
            end = begin

    def accounted(self, position: int) -> bool:
        """Whether what goes on to this position is of a store that was put back, or was given up; asked once the newest facts of this history are known."""
        beside = next((one for one in facts_in(self.told.blank.place) if one <= position), None)
        given_up = self.beyond is not None and (position <= self.beyond or beside == self.beyond)
        return given_up or beside in self.forked

    def none(self) -> CustodyError:
        """What is said where there are none."""
        return _unopened() if self.facts_altered and not self.forked else fork()

    def _look(self, position: int) -> None:
        if position in (*self.known, *self.forked, *self.facts_altered):
            return
        try:
            vaults, root, begins = named_in(self.told.blank, position, len(self.told))
        except (Broken, Malformed):
            self.facts_altered.append(position)
            return
        except OSError as error:
            raise unread(facts_name(position)) from error
        if position > len(self.told) and begins == self.told.frontier.root():
            raise behind({"facts": position}, len(self.told))
        if root == self.told.roots.get(position):
            self.known[position] = vaults
        else:
            self.forked.append(position)


def facts_in(place: Files) -> list[int]:
    """The positions of the facts in a place, the newest first; what else somebody left there is passed over."""
    return sorted((int(found[1]) for name in place.list("facts") if (found := _FACTS.fullmatch(name))), reverse=True)


def named_in(blank: Blank, position: int, told: int) -> tuple[list[str], bytes, bytes]:
    """The vaults that the facts of this position name, the root of the ledger that they are of, and that over its first `told` entries where it has more. Raises Broken `backup.object`."""
    named, table, columns = Named(Kind.FACTS, ids.id_bytes(blank.space), position), "", list[str]()
    vaults, root, begins = list[str](), merkle.EMPTY, _Begins(told if position > told else 0)
    with blank.place.path(facts_name(position)).open("rb") as source:
        for value in backup.read(source, blank.outside.backup_key(), named, blank.outside.former_keys()):
            if isinstance(value[-1], list):
                table, columns = str(value[1]), cast("list[str]", value[2])
            elif table == "vault":
                vaults.append(str(value[columns.index("id")]))
            elif table == "ledger_head" and value[columns.index("space")] == blank.space:
                root = _root(cast("int", value[columns.index("size")]), cast("bytes", value[columns.index("frontier")]))
            elif table == "ledger_entry" and value[columns.index("space")] == blank.space:
                begins.put(cast("int", value[columns.index("position")]), cast("bytes", value[columns.index("entry")]))
    return sorted(vaults), root, begins.frontier.root()


@dataclass(slots=True)
class _Begins:
    """The first `size` entries of the ledger in some facts: rows of a table come in no order that anybody promised."""

    size: int
    frontier: merkle.Frontier = field(default_factory=merkle.Frontier)
    early: dict[int, bytes] = field(default_factory=dict)

    def put(self, number: int, entry: bytes) -> None:
        if number < self.size:
            self.early[number] = merkle.leaf_hash(entry)
        while (made := self.early.pop(self.frontier.size, None)) is not None:
            self.frontier.append(made)


def _root(size: int, peaks: bytes) -> bytes:
    """The root of a ledger by its head in the store."""
    width = len(merkle.EMPTY)
    return merkle.Frontier.from_list(size, [peaks[at : at + width] for at in range(0, len(peaks), width)]).root()


def fork() -> Broken:
    """What is said of parts that are not of one history."""
    return Broken("restore.fork", "Backup and mirror are not of one history: their ledgers differ.", kind="chain",
                  next="Look for the newest mirror; a mirror that is behind its backup is not it.")  # fmt: skip


def behind(where: Mapping[str, int], told: int) -> Broken:
    """What is said of a mirror behind which something of the place goes on."""
    return Broken("restore.behind", "The mirror is an old copy, or its end was cut off: a backup in this place goes on where it ends, and who was erased since stands there alone.",
                  kind="chain", where={**where, "entries": told},
                  next="Bring back the newest mirror. Only where there is none: custody restore PLACE --beyond N, N being that position, by an owner.")  # fmt: skip


def unread(name: str) -> Unavailable:
    """A disk that fails once may read it the next time, and what is older knows less: it is for people to give the file up."""
    return Unavailable("restore.unread", "The disk does not read a file of this backup. Nothing was changed.", where={"file": name},
                       next="Try again, or from another copy. Only where no copy of it is left: move the file away, and what is older is taken.")  # fmt: skip


def _unopened() -> Broken:
    return Broken("backup.object", "No facts of this place open.", kind="altered",
                  next="Try another copy, or the key that it was made under.")  # fmt: skip
