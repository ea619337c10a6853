"""BagIt 1.0 (RFC 8493) narrowed to one form: the four tag files, and a check of a stranger's bag (spec/package.md §1).

Rules: hashes are streamed; a name that is not plain is never opened; whoever is to blame is named: a manifest that does
not match what is above it is at fault itself, not the files it lists.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from custody.base.errors import Broken
from custody.package import folder
from custody.package.fault import Fault

BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST: Final = "manifest-sha256.txt"
TAGS: Final = "tagmanifest-sha256.txt"
SHIPPED: Final = "shipped.dsse.json"
AGENT: Final = "custody package 1"
_TAGGED: Final = ("bag-info.txt", "bagit.txt", MANIFEST)
_LINE: Final = re.compile(rb"([0-9a-f]{64})  ([A-Za-z0-9._/-]{1,700})")
_INFO: Final = re.compile(
    rb"Bag-Software-Agent: [ -~]{1,80}\nBagging-Date: \d{4}-\d\d-\d\d\n"
    rb"External-Identifier: [A-Za-z0-9_]{1,64}\nPayload-Oxum: (\d{1,15})\.(\d{1,9})\n"
)


@dataclass(slots=True)
class BagReport:
    """What a bag is made of and what is wrong with it. `dirty` names files that are not what the bag lists."""

    id: str = ""
    names: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    dirty: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        """Whether the file is there and can be opened."""
        return name in self.names

    def blame(self, kind: str, code: str, name: str, row: int | None = None) -> None:
        """Add a fault and remember the file."""
        self.faults.append(Fault(kind, code, name, row))
        self.dirty.add(name)


def manifest(hashes: Mapping[str, str]) -> bytes:
    """Manifest lines for {name: hex}, ascending by name."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()


def info(name: str, day: str, size: int, files: int) -> bytes:
    """`bag-info.txt`."""
    return (
        f"Bag-Software-Agent: {AGENT}\nBagging-Date: {day}\nExternal-Identifier: {name}\nPayload-Oxum: {size}.{files}\n"
    ).encode()


def package_id(tagmanifest: bytes) -> str:
    """`sha256:hex` of tagmanifest-sha256.txt."""
    return "sha256:" + hashlib.sha256(tagmanifest).hexdigest()


def check(root: Path, signed: Collection[str] = ()) -> BagReport:
    """Check a bag's files against its manifests. `signed` holds package ids that somebody has signed for."""
    report = BagReport()
    report.names, report.faults = folder.listing(root)
    if report.has(TAGS):
        report.id = "sha256:" + folder.digest(root / TAGS)
    moved = bool(signed) and report.id not in signed
    if moved:
        report.blame("altered", "package.id", TAGS)
    tags = _lines(root, TAGS, report)
    _tag_files(root, report, tags, moved=moved)
    payload = _lines(root, MANIFEST, report)
    if _bounded(root, report):
        _payload(root, report, payload)
    return report


def _lines(root: Path, name: str, report: BagReport) -> dict[str, tuple[str, int]]:
    """{file: (hex, row)} of a manifest."""
    found: dict[str, tuple[str, int]] = {}
    if not report.has(name):
        report.blame("missing", "file.missing", name)
        return found
    try:
        data = folder.small(root / name, 64 << 20)
    except Broken as error:
        report.blame(error.kind, "file.unreadable", name)
        return found
    known = frozenset(report.dirty)
    for row, line in enumerate(_split(data)):
        match = _LINE.fullmatch(line)
        listed = match[2].decode() if match else ""
        if match is None or not folder.safe(listed) or (name == MANIFEST) != listed.startswith("data/"):
            report.blame("altered" if name in known else "malformed", "manifest.line", name, row)
        elif listed in found:
            report.blame("duplicated", "manifest.twice", name, row)
        else:
            found[listed] = match[1].decode(), row
    if list(found) != sorted(found) and name not in known:
        report.blame("reordered", "manifest.order", name)
    return found


def _split(data: bytes) -> Iterator[bytes]:
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    else:
        lines.append(b"")  # a manifest without its last newline has a malformed line
    yield from lines


def _tag_files(root: Path, report: BagReport, tags: dict[str, tuple[str, int]], *, moved: bool) -> None:
    for name in _TAGGED:
        if not report.has(name):
            report.blame("missing", "file.missing", name)
        elif name in tags and folder.digest(root / name) != tags[name][0]:
            blamed = (TAGS, tags[name][1]) if moved else (name, None)
            report.blame("altered", "manifest.hash" if moved else "file.altered", *blamed)
        elif name not in tags and TAGS not in report.dirty:
            report.blame("missing", "manifest.unlisted", TAGS)
    for name, (_, row) in tags.items():
        if name not in _TAGGED:
            report.blame("extra", "manifest.extra", TAGS, row)
    if report.has("bagit.txt") and "bagit.txt" not in report.dirty and _start(root / "bagit.txt") != BAGIT:
        report.blame("malformed", "bag.version", "bagit.txt")


def _start(path: Path) -> bytes:
    """As much of a small tag file as could be right."""
    with folder.opened(path) as source:
        return source.read(1 << 12)


def _bounded(root: Path, report: BagReport) -> bool:
    """Whether the payload is no larger than the bag declares; hashing stops at a lie."""
    if not report.has("bag-info.txt"):
        return True
    match = _INFO.fullmatch(_start(root / "bag-info.txt"))
    payload = [size for name, size in report.names.items() if name.startswith("data/")]
    if match is None:
        if "bag-info.txt" not in report.dirty:
            report.blame("malformed", "bag.info", "bag-info.txt")
        return True
    if sum(payload) != int(match[1]) or len(payload) != int(match[2]):
        if "bag-info.txt" not in report.dirty:
            report.faults.append(Fault("malformed", "bag.oxum", "bag-info.txt"))
        return sum(payload) <= 2 * int(match[1]) + (64 << 20)
    return True


def _payload(root: Path, report: BagReport, listed: dict[str, tuple[str, int]]) -> None:
    torn = MANIFEST in report.dirty
    for name, (expected, row) in listed.items():
        if not report.has(name):
            if torn:
                report.blame("altered", "manifest.hash", MANIFEST, row)
            else:
                report.blame("missing", "file.missing", name)
        elif folder.digest(root / name) != expected:
            if torn:
                report.blame("altered", "manifest.hash", MANIFEST, row)
            else:
                report.blame("altered", "file.altered", name)
    for name in report.names:
        allowed = name in listed or name in (*_TAGGED, TAGS, SHIPPED)
        if not allowed:
            if torn:
                report.dirty.add(name)
            else:
                report.blame("extra", "file.extra", name)
