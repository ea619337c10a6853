"""Where the files of an intake lie until they are sealed, and how what a browser sends is kept there."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import UploadedFile

from custody.base.errors import Malformed
from custody.web.console.house import home
from custody.web.console.models import Intake

_NAME: Final = re.compile(r"[^\w.\- ]+")


def place(row: Intake) -> Path:
    """Where the files of an intake lie."""
    return home() / "tmp" / "intake" / row.id


def named(files: Sequence[UploadedFile]) -> dict[str, UploadedFile]:
    """Each by the name it is kept under. Raises Malformed `console.twice`."""
    found = {_NAME.sub("_", Path(str(one.name)).name).strip(". ") or "file": one for one in files}
    if len(found) < len(files):
        raise Malformed("console.twice", "Two files have the same name.", next="Rename one of them.")
    return found


def keep_file(one: UploadedFile, path: Path) -> None:
    """Write what came to where it is kept."""
    with path.open("wb") as target:
        shutil.copyfileobj(one, target, 2**20)
