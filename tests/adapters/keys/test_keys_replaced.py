"""A4: settings of the same kind of provider, but of another place, do not take the place of those that roots need (docs/guide/providers.md)."""

import os
import stat
from pathlib import Path

import pytest

from custody.base import ids
from tests.adapters.keys import parties
from tests.adapters.keys.test_configured import found
from tests.line.conftest import custody


@pytest.fixture
def other(hsm: Path) -> str:
    """Another token beside the first, under the same PIN; of a name of its own: the process's tokens are seen by every test."""
    assert hsm
    name = f"beside-{ids.new('vlt')[-8:]}"
    parties.token(Path(os.environ["SOFTHSM2_CONF"]).parent, name)
    return name


@pytest.mark.part("softhsm")
def test_a4_another_token_does_not_take_the_place_of_that_in_which_a_vault_lies(tmp_path: Path, hsm: Path, other: str):
    """Refused, and nothing is written; what is under way there counts too. By a provider of another kind it goes on."""
    home = tmp_path / "home"
    assert found(home)[0] == 0
    as_suhe = ("--home", home, "--as", "suhe", "--passphrase-file", tmp_path / "suhe.pass")
    pin = home / "keys" / "pin"
    pin.write_bytes(parties.PIN)
    pin.chmod(stat.S_IRUSR | stat.S_IWUSR)

    def use(token: str) -> tuple[int, dict]:
        reach = ("--setting", f"module={hsm}", "--setting", f"token={token}", "--setting", "pin_file=keys/pin")
        return custody("keys", "use", "pkcs11", *reach, *as_suhe)

    assert use("custody")[0] == 0
    assert custody("vault", "new", "crm", *as_suhe)[0] == 0
    before = (home / "custody.toml").read_text()
    code, told = use(other)
    assert (code, told["error"]["slug"]) == (1, "keys.elsewhere")
    assert told["error"]["where"] == {"roots": 1, "kinds": "vault"}
    assert (home / "custody.toml").read_text() == before
    assert custody("vault", "check", "--vault", "crm", *as_suhe)[0] == 0
    assert use("custody")[0] == 0, "the same place"
    assert custody("keys", "use", "passphrase-file", *as_suhe)[0] == 0
    assert custody("rekey", "--vault", "crm", *as_suhe)[0] == 0
    code, told = use(other)
    assert (code, told["error"]["where"]) == (1, {"roots": 1, "kinds": "former-root"}), "nobody has seen it gone"
    assert custody("due", *as_suhe)[0] in (0, 1)
    assert use(other)[0] == 0
