"""A1: no secret is a word of a command or a variable of its environment: both are seen by every process of the host (spec/vault.md §16)."""

import re
from pathlib import Path

import click
import pytest

from custody.adapters.keys.configured import _KEYS
from custody.cli.main import global_options
from custody.cli.table import VERBS

SRC = Path(__file__).resolve().parents[2] / "src" / "custody"
SECRET = re.compile(r"pass(word|phrase)?|secret|pin|token|credential|private|sheet|key", re.ASCII)
NAMED = re.compile(r"[\"'](CUSTODY_[A-Z_]+)[\"']")


def secret_options() -> list[tuple[str, click.Parameter]]:
    """Every parameter whose name sounds like a secret."""
    found = [("", one) for one in global_options("en")]
    found += [(verb.name, one) for verb in VERBS for one in verb.params]
    return [(verb, one) for verb, one in found if SECRET.search(str(one.name)) and not getattr(one, "is_flag", False)]


def test_every_secret_is_given_as_a_file():
    """What sounds like a secret takes a path, never the secret itself."""
    told = secret_options()
    assert {"passphrase_file", "new_passphrase_file", "key", "sheet"} <= {str(one.name) for _, one in told}
    # The name of a key provider, whose settings are looked at below; the id of a token, which is in the lists.
    spoken = {("init", "keys"), ("token revoke", "which_token")}
    assert {(verb, one.name) for verb, one in told if not isinstance(one.type, click.Path)} == spoken


def test_no_setting_of_a_key_provider_is_a_secret():
    """A PIN and a token are named by the file that holds them."""
    named = {name for required, optional in _KEYS.values() for name in required | optional}
    assert {"pin_file", "token_file"} <= named
    labels = {"token"}  # how a token is called, not what opens it
    assert [name for name in named - labels if SECRET.search(name) and not name.endswith("_file")] == []


def test_no_variable_of_the_environment_holds_a_secret():
    """A variable that has to do with a secret names a file."""
    named = {name for path in SRC.rglob("*.py") for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    networks = {"CUSTODY_CONSOLE_PRIVATE"}  # addresses inside, which everybody there knows
    assert named >= {"CUSTODY_PASSPHRASE_FILE", *networks}
    assert [name for name in named - networks if SECRET.search(name.lower()) and not name.endswith("_FILE")] == []


@pytest.mark.parametrize("name", ["holder_key", "passphrase"])
def test_a_secret_file_that_others_may_read_is_refused(name: str, tmp_path: Path):
    """The passphrase's file is its owner's alone, whichever verb asks for it."""
    from custody import wiring  # noqa: PLC0415 - the command line's own door
    from custody.base.errors import Malformed  # noqa: PLC0415

    path = tmp_path / "secret"
    path.write_text("a passphrase\n", encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(Malformed) as refused:
        wiring.passphrase(path) if name == "passphrase" else wiring.holder_key(path, path)
    assert refused.value.slug == "home.passphrase"
