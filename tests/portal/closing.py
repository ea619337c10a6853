"""A release that is approved by a second person, and how one is broken off half way."""

from pathlib import Path
from typing import Any

from custody import wiring
from custody.services.approve import approve
from custody.services.release import release
from tests.portal.conftest import DEAL, at, laws


class Interrupted:
    """The hand-over folder; when the invitation is read, after everybody was decided, something happens elsewhere."""

    def __init__(self, folder: Path, what: Any) -> None:
        self._files, self._what = wiring.folder(folder), what

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)

    def read(self, name: str) -> bytes:
        if name == "invite.dsse.json" and self._what:
            what, self._what = self._what, None
            what()
        return self._files.read(name)


def approved(where: Path) -> int:
    """A second person approves what a dry run told; how many customers that was."""
    folder = wiring.folder(where / "handover")
    with at(where, "zhouning") as desk:
        dry = release(desk, laws(where), DEAL, folder, dry_run=True)
    with at(where, "suhe") as desk:
        approve(desk, *dry["would"]["approve"])
    return int(dry["subjects"])
