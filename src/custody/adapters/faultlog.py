"""Where a fault in custody itself is noted: places in the code and the kind of the error, never a value or its message.

`CUSTODY_LOG` names the file; else it is `log/faults.jsonl` of the home; without a home there is none.
"""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from custody.adapters import home as homes

_PLACE: Final = Path("log/faults.jsonl")


def note(flag: Path | None, kind: str, places: Sequence[str]) -> Path | None:
    """Append one line; returns the file, or None where there is none or it cannot be written: a log never hides a fault."""
    path = _file(flag)
    if path is None:
        return None
    line = json.dumps({"at": datetime.now(UTC).isoformat(), "kind": kind, "places": list(places)}, ensure_ascii=False)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as target:
            target.write(line + "\n")
    except OSError:
        return None
    return path


def _file(flag: Path | None) -> Path | None:
    if named := os.environ.get("CUSTODY_LOG"):
        return Path(named)
    home = homes.find(flag)
    return home / _PLACE if (home / homes.CONFIG).is_file() else None
