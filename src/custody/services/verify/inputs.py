"""Find out what the given paths are, by content and shape; nothing is believed yet."""

import json
import os
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from custody.base import canonical
from custody.base.errors import CustodyError
from custody.ledger import checkpoint
from custody.model.party import PartyCard
from custody.package import bag, folder, release
from custody.package.fault import Fault

_BAG: Final = ("bagit.txt", bag.MANIFEST, bag.TAGS, "data")
_RELEASE: Final = (release.MANIFEST, release.ENVELOPE, release.ENC, release.PAGES)
LEDGER: Final = ("entries.jsonl", "hashes.txt", "checkpoint.txt")
PART: Final = ("part.jsonl", *LEDGER[1:], "part.txt")
LEDGER_KEYS: Final = "identity.json"
_ENVELOPE: Final = {"payload", "payloadType", "signatures"}
_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Item:
    """A folder or file and the name by which faults speak of it (empty for a single given folder)."""

    label: str
    path: Path

    def under(self, name: str) -> "Item":
        """Something inside it."""
        return Item(f"{self.label}/{name}" if self.label else name, self.path / name)


@dataclass(slots=True)
class Inputs:
    """Everything found, sorted by what it seems to be."""

    packages: list[Item] = field(default_factory=list)
    releases: list[Item] = field(default_factory=list)
    ledgers: list[Item] = field(default_factory=list)
    envelopes: list[Item] = field(default_factory=list)
    checkpoints: list[Item] = field(default_factory=list)
    cards: list[tuple[Item, PartyCard]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)


def discover(paths: Sequence[Path]) -> Inputs:
    """Look at each path; a folder that is nothing itself is searched."""
    found = Inputs()
    for path in paths:
        label = "" if len(paths) == 1 and path.is_dir() else path.name if len(paths) == 1 else path.as_posix()
        item = Item(folder.shown(label), path)
        if path.is_dir():
            _folder(item, found, 0)
        elif path.is_file():
            _file(item, found, asked=True)
        else:
            found.faults.append(Fault("missing", "input.missing", item.label))
    return found


def read_card(item: Item, faults: list[Fault]) -> PartyCard | None:
    """A party card, or a fault."""
    try:
        return PartyCard.from_json(canonical.decode(folder.small(item.path, 1 << 16), strict=False))
    except CustodyError:
        faults.append(Fault("malformed", "card.form", item.label))
        return None


def _folder(item: Item, found: Inputs, depth: int) -> None:
    try:
        names = {one.name: one for one in os.scandir(item.path)}
    except OSError:
        found.faults.append(Fault("missing", "file.unreadable", item.label))
        return
    if _has(names, _BAG):
        found.packages.append(item)
    elif _has(names, _RELEASE):
        found.releases.append(item)
        _beside(item, names, found)
    elif _has(names, LEDGER) or _has(names, PART):
        found.ledgers.append(item)
        _inside_ledger(item, names, found)
    elif depth < _DEPTH:
        for name in sorted(names):
            _entry(item.under(folder.shown(name)), names[name], found, depth)
    else:
        found.faults.append(Fault("malformed", "folder.name", item.label))


def _entry(item: Item, entry: "os.DirEntry[str]", found: Inputs, depth: int) -> None:
    here = Item(item.label, Path(entry.path))
    if entry.is_symlink():
        found.faults.append(Fault("malformed", "folder.link", item.label))
    elif entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".json"):
        _folder(here, found, depth + 1)
    elif entry.is_file(follow_symlinks=False):
        _file(here, found, asked=False)
    else:
        found.faults.append(Fault("malformed", "folder.device", item.label))


def _has(names: dict[str, "os.DirEntry[str]"], wanted: Sequence[str]) -> bool:
    return sum(name in names for name in wanted) >= 2


def is_part(names: Container[str]) -> bool:
    """Whether these are the files of a part of a ledger; entries beside it make it a whole one."""
    return PART[0] in names and LEDGER[0] not in names


def _beside(item: Item, names: dict[str, "os.DirEntry[str]"], found: Inputs) -> None:
    for name in sorted(names):
        if name in release.FILES and names[name].is_file(follow_symlinks=False):
            continue
        if name.endswith(".dsse.json") and names[name].is_file(follow_symlinks=False):
            _file(item.under(folder.shown(name)), found, asked=True)
        else:
            link = names[name].is_symlink()
            kind, code = ("malformed", "folder.link") if link else ("extra", "file.extra")
            found.faults.append(Fault(kind, code, item.under(folder.shown(name)).label))


def _inside_ledger(item: Item, names: dict[str, "os.DirEntry[str]"], found: Inputs) -> None:
    mine = PART if is_part(names) else LEDGER
    for name in sorted(set(names) - {*mine, LEDGER_KEYS}):
        if names[name].is_symlink():
            found.faults.append(Fault("malformed", "folder.link", item.under(folder.shown(name)).label))
        elif name.endswith(".json") and names[name].is_file(follow_symlinks=False):
            _file(item.under(folder.shown(name)), found, asked=False)
        else:
            found.notes.add("other")


def _file(item: Item, found: Inputs, *, asked: bool) -> None:
    if not asked and not item.path.name.endswith(".json"):
        found.notes.add("other")
        return
    if item.path.name.endswith(".dsse.json"):
        found.envelopes.append(item)
        return
    try:
        data = folder.small(item.path)
        if asked and checkpoint.looks_like(data):
            found.checkpoints.append(item)
            return
        value = json.loads(data)
    except (CustodyError, ValueError, RecursionError):
        found.faults.append(Fault("malformed", "input.unknown", item.label))
        return
    keys = set(value) if isinstance(value, dict) else set()
    name = item.path.name
    if len(keys & _ENVELOPE) >= 2:
        found.envelopes.append(item)
    elif "identity" in keys or "uscc" in keys or name == "party.json":
        card = read_card(item, found.faults)
        if card is not None:
            found.cards.append((item, card))
    elif asked:
        found.faults.append(Fault("malformed", "input.unknown", item.label))
    else:
        found.notes.add("other")
