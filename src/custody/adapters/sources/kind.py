"""What kind of file this is: by its first bytes where they say so, else by its name."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_TEXT: Final = frozenset((".csv", ".tsv", ".txt", ".tab"))
_BOOK: Final = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"))
_NAMES: Final = {
    **dict.fromkeys(_TEXT, "text"), ".tsv": "tabs", ".tab": "tabs", **dict.fromkeys((".jsonl", ".ndjson", ".json"), "lines"),
    **dict.fromkeys((".sqlite", ".sqlite3", ".db"), "sqlite"), ".parquet": "parquet", ".zip": "archive",
}  # fmt: skip
_STARTS: Final = {b"SQLite format 3\0": "sqlite", b"PAR1": "parquet"}
_SYSTEM: Final = frozenset((".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitkeep", "__macosx"))
_MOST_BYTES: Final = 4 << 30
_MOST_EXPANSION: Final = 300
_SMALL: Final = 64 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind(path: Path, name: str) -> str:
    """`text`, `tabs`, `book`, `lines`, `parquet`, `sqlite`, `archive`, or the reason why it is none of these."""
    if system(name):
        return "file.system"
    suffix = Path(name).suffix.lower()
    with path.open("rb") as source:
        head = source.read(512)
    return _by_bytes(path, suffix, head) or _by_name(suffix, head)


def _by_bytes(path: Path, suffix: str, head: bytes) -> str:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path, suffix)
    if head.startswith(_OLE):
        return "book" if suffix in _BOOK | _TEXT else "file.unknown"
    return next((found for start, found in _STARTS.items() if head.startswith(start)), "")


def _by_name(suffix: str, head: bytes) -> str:
    if suffix in _BOOK:
        return "book" if suffix == ".xlsx" else _not_a_book(head)
    return _NAMES.get(suffix, "file.unknown")


def system(name: str) -> bool:
    """Whether an operating system or a program left it there: it holds nothing of the company's."""
    parts = name.lower().split("/")
    return bool(_SYSTEM.intersection(parts)) or parts[-1].startswith(("~$", "._", ".~lock"))


def _zipped(path: Path, suffix: str) -> str:
    """A workbook, an archive or neither; a workbook is read into memory, so one that would burst it is not opened."""
    try:
        with zipfile.ZipFile(path) as source:
            infos = source.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "book" if suffix in _BOOK else "archive"
    if suffix in _BOOK or any(one.filename.startswith("xl/workbook") for one in infos):
        return "file.oversized" if _bursts(infos) else "book"
    return "archive" if suffix == ".zip" else "file.unknown"


def _bursts(infos: Sequence[zipfile.ZipInfo]) -> bool:
    expands = any(
        one.file_size > _SMALL and one.file_size > _MOST_EXPANSION * max(1, one.compress_size) for one in infos
    )
    return expands or sum(one.file_size for one in infos) > _MOST_BYTES


def _not_a_book(head: bytes) -> str:
    """Shops write text or a web page and call it .xls."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "file.web-page" if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<div")) else "text"  # fmt: skip
