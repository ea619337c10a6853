"""Commands of the line, done in forks that die: see tests/dying.py. Asked with `words`, says code and out."""

import contextlib
import io
import json
from pathlib import Path

from custody import wiring
from custody.acts import lawbook
from custody.base.errors import Broken
from custody.cli.main import main
from tests.dying import Asked, serve


def warm(asked: Asked) -> None:
    """Open the keys of the home once for all forks: deriving what opens one is slow on purpose."""
    words = asked["words"]
    keys = Path(words[words.index("--home") + 1]) / "keys"
    pairs = [(one, one.with_suffix(".pass")) for one in keys.glob("principals/*.key")]
    for key, secret in (*pairs, (keys / "party.key", keys / "host.pass")):
        if key.exists() and secret.exists():
            with contextlib.suppress(Broken):  # killed between a key and its passphrase: the command itself mends that
                wiring._signer(key.read_bytes(), wiring.passphrase(secret))
    lawbook.packs(wiring.laws())


def command(asked: Asked) -> object:
    """One command."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main([*asked["words"], "--json"])
    return {"code": code, "out": json.loads(said.getvalue() or "{}")}


if __name__ == "__main__":
    serve(command, warm)
