"""What the log says of a fault of our own: its kind and where it happened, so that no value of a person ends there."""

import logging
import traceback
from pathlib import Path
from typing import Final

_LOG: Final = logging.getLogger("custody.console")
_FRAMES: Final = 8


def note(error: BaseException) -> None:
    """Write down where it happened; its message and its values may be a person's."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_FRAMES:])
    place = " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames)
    _LOG.error("%s at %s", type(error).__name__, place)
