"""What a buyer puts in: checked aside together with what lies there already, and only then laid in its place (D3).

Half a zip, another deal's package or a damaged one never takes the place of parts that check: nothing of it is kept then. Where what lies
there does not check either, what comes takes its place whatever it is, so that nobody is held up by what is worthless already.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final

from custody.base.errors import Refused
from custody.model.party import PartyCard
from custody.services.verify import verify
from custody.services.verify.result import VerifyResult
from custody.web.console import bundle, jobs
from custody.web.console.house import home
from custody.web.console.jobs import Progress

_SHOWN: Final = 5
_LEFT: Final = 2 * 24 * 3600  # seconds after which what lies aside is nobody's any more
KIND: Final = "check"


def aside(matter: str) -> Path:
    """A folder for what is being put in. Raises Refused `handover.checking` while what came before is still looked at."""
    require_idle(matter)
    for one in (home() / "tmp").glob(f"came-{matter}-*"):
        if one.stat().st_mtime < time.time() - _LEFT:
            shutil.rmtree(one, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"came-{matter}-", dir=home() / "tmp"))


def require_idle(matter: str) -> None:
    """That nothing put in before is still looked at. Raises Refused `handover.checking`."""
    if jobs.underway(KIND, matter):
        raise Refused("handover.checking", "What was put in before is still being checked.", next="Wait until that is done, then put this in.")  # fmt: skip


def check(
    came: Path, where: Path, cards: Sequence[PartyCard], kept: Callable[[], Collection[str]], tell: Progress
) -> dict[str, object]:
    """Check what `came` as it would lie in `where`, without a key; laid there if it holds. `kept` are the parts nothing may replace by then."""
    tell(0)
    try:
        fresh = parts(came)
        result = verify([_together(came, where)], cards)
        stands = bool(parts(where)) and (result.ok or verify([where], cards).ok)
        refused = not result.ok and (stands or not parts(where))
        if not refused:
            _lay(came, where, [part for part in fresh if part not in kept()])
    finally:
        shutil.rmtree(came, ignore_errors=True)
    return {"ok": result.ok or (refused and stands), "refused": refused, **_faults(result)}


def _together(came: Path, where: Path) -> Path:
    """One folder as it would be: what came, and whatever else lies there, by a second name on the disk and not by a copy."""
    for one in sorted(where.iterdir()) if where.is_dir() else ():
        if (came / one.name).exists():
            continue
        if one.is_dir():
            shutil.copytree(one, came / one.name, copy_function=os.link, symlinks=True)
        else:
            os.link(one, came / one.name, follow_symlinks=False)
    return came


def _lay(came: Path, where: Path, fresh: Collection[str]) -> None:
    """Each part takes the place of the one before as a whole; that one goes only once it is out of the way."""
    where.mkdir(parents=True, exist_ok=True)
    for part in fresh:
        if (where / part).exists():
            (where / part).rename(came / f"before-{part}")
        (came / part).rename(where / part)


def parts(folder: Path) -> list[str]:
    """The parts of a hand-over that lie in a folder."""
    return sorted(one.name for one in folder.iterdir() if one.is_dir() and bundle.is_part(one.name)) if folder.is_dir() else []  # fmt: skip


def _faults(result: VerifyResult) -> dict[str, object]:
    """In both languages, whoever reads it later."""
    both = [result.to_json(lang) for lang in ("zh", "en")]
    faults: Any = [one["faults"] for one in both]
    pairs = [{"zh": zh["text"], "en": en["text"], "where": zh["where"]["file"]} for zh, en in zip(*faults, strict=True)]
    return {"count": len(result.faults), "faults": pairs[:_SHOWN]}
