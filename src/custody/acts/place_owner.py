"""Whose backups lie in a place: one company's alone, since each backup removes what it replaces (spec/vault.md §21)."""

from typing import Final

from custody.acts.desk import Desk
from custody.base.errors import Missing, Refused
from custody.ports.files import Files

OWNER: Final = "OWNER"
"""The file that names the company, by its id."""


def require_owner(desk: Desk, files: Files, place: str) -> None:
    """Take a place that is nobody's; raises Refused `backup.other` where it is another company's, or where nobody says whose the keys there are."""
    owner = _owner(files)
    if not owner and not _strange(desk, files):
        files.write(OWNER, f"{desk.space}\n".encode())
    elif owner != desk.space:
        raise Refused("backup.other", "Another company's backups lie in this place.", where={"place": place},
                      next="Name a folder of its own for each company: custody backup --to FOLDER")  # fmt: skip


def _owner(files: Files) -> str:
    try:
        return files.read(OWNER).decode(errors="replace").strip()
    except Missing:
        return ""


def _strange(desk: Desk, files: Files) -> bool:
    """Whether keys or segments of a vault lie there that this home does not have: a place of before owners were named says no more."""
    with desk.store.read() as tx:
        own = {str(row["id"]) for row in tx.find("vault")}
    there = {name.split("/")[1] for folder in ("keys", "segments") for name in files.list(folder)}
    return bool(there - own)
