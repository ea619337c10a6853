"""Make the ledger vectors: `python vectors/ledger/generate.py` writes them, `--check` compares (spec/ledger.md §12).

Every key and salt follows from a name by SHA-256. ML-DSA signatures are hedged, so those once made are kept in
`signatures.json` and used again as long as they verify.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from forms import entries, texts
from notes import ledgers, notes
from seeds import KEPT, Case, Steady
from steps import steps
from trees import tiles, trees

HERE = Path(__file__).resolve().parent
FILES: dict[str, Callable[[], Case]] = {
    "canonical": texts,
    "entry": entries,
    "tree": trees,
    "tiles": tiles,
    "checkpoint": notes,
    "ledger": ledgers,
    "steps": steps,
}


def main(words: list[str]) -> int:
    """Write or compare; returns the exit code."""
    made = {HERE / f"{name}.json": make() for name, make in FILES.items()}
    made[KEPT] = dict(sorted(Steady.used.items()))
    stale = []
    for path, value in made.items():
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        if "--check" not in words:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        sys.stderr.write(f"these are not what the generator makes: {', '.join(stale)}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
