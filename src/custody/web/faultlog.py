"""What a server's log says of a fault of our own: its kind and where it happened, so that no value of a person ends there."""

import logging
import traceback
from pathlib import Path
from typing import Final

_LOG: Final = logging.getLogger("custody.console")
_FRAMES: Final = 8


class Veiled(logging.Handler):
    """Takes what a library says of a bad request: its kind and place are written, its words may be a stranger's or a person's."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write down what kind it is."""
        error = record.exc_info[1] if record.exc_info else None
        note(error) if error else mark(record.name)


def mark(what: str) -> None:
    """Write down that something happened that whoever runs it should know of; `what` is a word of the program."""
    _LOG.error("%s", what)


def note(error: BaseException, log: logging.Logger = _LOG) -> None:
    """Write down where it happened; its message and its values may be a person's."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_FRAMES:])
    place = " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames)
    log.error("%s at %s", type(error).__name__, place)
