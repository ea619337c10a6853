"""Make the vault vectors: `python vectors/vault/generate.py` writes them, `--check` compares (spec/vault.md §18).

Every key, id and nonce follows from a name by SHA-256, so the files are the same on every host. A bad vector is named
by its defect and carries the slug that must refuse it.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from finding import salts, tags
from kept import backups, keys, replays
from keys import keyrings, pages, recovery, roots
from outside import holders, mirrors, openings, sheets, suppressed
from sealed import keyids, payloads, records, segments
from seeds import Case

HERE = Path(__file__).resolve().parent
FILES: dict[str, Callable[[], Case]] = {
    "keyid": keyids,
    "payload": payloads,
    "record": records,
    "segment": segments,
    "page": pages,
    "keyring": keyrings,
    "shares": recovery,
    "index": tags,
    "salts": salts,
    "root": roots,
    "backup": backups,
    "keys": keys,
    "replay": replays,
    "sheets": sheets,
    "holders": holders,
    "mirrors": mirrors,
    "suppressed": suppressed,
    "openings": openings,
}


def main(words: list[str]) -> int:
    """Write or compare; returns the exit code."""
    stale = []
    for name, make in FILES.items():
        text = json.dumps(make(), ensure_ascii=False, indent=1) + "\n"
        path = HERE / f"{name}.json"
        if "--check" not in words:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        sys.stderr.write(f"these are not what the generator makes: {', '.join(stale)}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
