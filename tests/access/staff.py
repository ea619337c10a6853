"""A fresh company with an owner, a privacy officer and whoever else is named: enough for what is asked about people alone."""

from collections.abc import Mapping
from pathlib import Path

from tests.commands import here

OWNER = "suhe"
NAMES = ("--name-zh", "青禾书屋", "--name-en", "Qinghe Books")


def founded(home: Path, people: Mapping[str, str], *more: str) -> Path:
    """The home; `people` are those beside the owner, each with a role; `more` is said when it is founded."""
    keys = home / "keys" / "principals"
    keys.mkdir(parents=True)
    _secret(home, OWNER)
    code, out = here(home, OWNER, "init", *NAMES, *more)
    assert code == 0, out
    for handle, role in people.items():
        joins(home, handle, role)
    return home


def joins(home: Path, handle: str, role: str, by: str = OWNER) -> None:
    """One more person, made by an owner."""
    code, out = here(
        home, by, "principal", "new", handle, "--roles", role, "--new-passphrase-file", _secret(home, handle)
    )
    assert code == 0, out


def passphrase(handle: str) -> str:
    return f"a passphrase of {handle}"


def _secret(home: Path, handle: str) -> Path:
    path = home / "keys" / "principals" / f"{handle}.pass"
    path.touch(mode=0o600)
    path.write_text(passphrase(handle), encoding="utf-8")
    return path
