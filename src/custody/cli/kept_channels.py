"""Which channels of the console somebody keeps, asked of the console in a process of its own: this face knows no Django.

A home whose console was never opened has none. What cannot be asked is not known, which is not none.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_STORE: Final = "CUSTODY_CONSOLE_STORE"
_SECONDS: Final = 60


def kept(home: Path, principal: str) -> list[str] | None:
    """Their names; None where the console's rows cannot be read."""
    if not os.environ.get(_STORE) and not (home / "console.db").exists():
        return []
    words = [sys.executable, "-m", "django", "channels_of", principal]
    environment = {**os.environ, "CUSTODY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "custody.web.settings"}
    try:
        asked = subprocess.run(words, env=environment, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 - our own interpreter and our own words
        return [str(name) for name in json.loads(asked.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
