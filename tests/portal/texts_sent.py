"""What a relay kept of the messages it took."""

import json
from pathlib import Path


def kept(taken: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in taken.read_text(encoding="utf-8").splitlines()]
