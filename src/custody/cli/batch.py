"""Many commands in one process: one JSON array of words per line in, one JSON object per line out.

The answer to a line is `{"code": exit code, "out": what --json prints}`. A rehearsal drives each half this way, so
each half is one process that opens its own home and nothing of the other's.
"""

import io
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final, TextIO

from custody.cli.fence import raise_fence

_INPUT: Final = 2
Run = Callable[[Sequence[str]], int]


def batch(run: Run, source: TextIO, target: TextIO, forbidden: Sequence[Path]) -> int:
    """Answer every line of `source` on `target`; returns 0 at its end."""
    if forbidden:
        raise_fence(forbidden)
    for line in source:
        words = json.loads(line)
        caught, said = io.StringIO(), io.StringIO()
        with redirect_stdout(caught), redirect_stderr(said):
            code = run([*words, "--json"])
        if (
            code > _INPUT
        ):  # an answer of no, or a wrong word, is in `out`; a broken world or custody itself must be seen
            sys.stderr.write(said.getvalue())
        out = json.loads(caught.getvalue() or "{}")
        target.write(json.dumps({"code": code, "out": out}, ensure_ascii=False) + "\n")
        target.flush()
        sys.stderr.flush()
    return 0
