"""Where the files of an intake lie until they are sealed, and how what a browser sends is kept there."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from custody.base.errors import Malformed
from custody.web.console.house import home
from custody.web.console.models import Intake

_NAME: Final = re.compile(r"[^\w.\- ]+")
_LONGEST: Final = 200
"""Bytes of a name: file systems take 255, and what is made of a file is called after it. A Chinese character is three."""


def place(row: Intake) -> Path:
    """Where the files of an intake lie."""
    return home() / "tmp" / "intake" / row.id


def named(files: Sequence[UploadedFile]) -> dict[str, UploadedFile]:
    """Each by the name it is kept under. Raises Malformed `console.twice`."""
    found = {_short(_NAME.sub("_", Path(str(one.name)).name).strip(". ") or "file"): one for one in files}
    if len(found) < len(files):
        raise Malformed("console.twice", "Two files have the same name.", next="Rename one of them.")
    return found


def _short(name: str) -> str:
    """Its beginning and its suffix, where it is longer than a file system takes."""
    path = Path(name)
    suffix = path.suffix if len(path.suffix) < 10 else ""
    room = _LONGEST - len(suffix.encode())
    return path.stem.encode()[:room].decode(errors="ignore") + suffix if len(name.encode()) > _LONGEST else name


def keep_file(one: UploadedFile, path: Path) -> None:
    """Write what came to where it is kept: what lies in a file already is moved, so that it needs its room once."""
    if isinstance(one, TemporaryUploadedFile):
        shutil.move(one.temporary_file_path(), path)
        return
    with path.open("wb") as target:
        shutil.copyfileobj(one, target, 2**20)
