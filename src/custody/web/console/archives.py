"""What a service writes into a folder, given to a browser as one zip; nothing of it stays here."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.http import FileResponse

from custody import wiring
from custody.ports.files import Files
from custody.web.console import bundle

T = TypeVar("T")


def filled(make: Callable[[Files], T], name: str) -> FileResponse:
    """A zip called `name` of what `make` writes; the folder is gone before the zip leaves, and the zip with it."""
    with tempfile.TemporaryDirectory(dir=settings.HOME / "tmp") as aside:
        folder = Path(aside) / name
        folder.mkdir()
        make(wiring.folder(folder))
        made = bundle.pack(Path(aside), name)
    return FileResponse(made, as_attachment=True, filename=f"{name}.zip")
