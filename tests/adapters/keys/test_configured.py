"""custody.toml and the verbs that change it: which provider is in use, how to reach it, every fault at once."""

import stat
import tomllib
from pathlib import Path

import pytest

from custody.adapters.keys.configured import settings, with_keys
from custody.base.errors import Malformed
from tests.adapters.keys import parties
from tests.line.conftest import custody

TEXT = """\
v = 1
party = "pty_1"  # ours
key_provider = "transit"

[transit]
address = "https://old:8200"
token_file = "keys/old"

[pkcs11]
module = "/lib/x.so"
token = "t"
pin_file = "keys/pin"
"""
NEW = {"address": "https://new:8200", "token_file": "keys/new"}
BAD = {
    "key_provider is one of": {"key_provider": "usb"},
    "[transit] is not there": {"key_provider": "transit"},
    "[pkcs11] lacks token": {"pkcs11": {"module": "m", "pin_file": "p"}},
    "[pkcs11] has an unknown key pin": {"pkcs11": {"module": "m", "pin_file": "p", "token": "t", "pin": "1234"}},
    "pending_days is a number": {"aws-kms": {"region": "cn-north-1", "pending_days": 3}},
    "pending_days is a number from": {"aws-kms": {"region": "cn-north-1", "pending_days": True}},
    "address is not https": {"transit": {"address": "http://10.0.0.1:8200", "token_file": "t"}},
    "endpoint is not https": {"aws-kms": {"region": "cn-north-1", "endpoint": "ftp://x"}},
    "transit is not a section": {"transit": "x"},
}


def test_only_the_section_in_use_is_replaced():
    """Every other line stays as somebody wrote it, and the result says what it should."""
    made = with_keys(TEXT, "transit", NEW)
    assert 'party = "pty_1"  # ours' in made
    value = tomllib.loads(made)
    assert value["transit"] == NEW
    assert value["pkcs11"]["token"] == "t"
    back = tomllib.loads(with_keys(made, "passphrase-file", {}))
    assert back["key_provider"] == "passphrase-file"
    assert back["transit"] == NEW, "roots may lie there still"


@pytest.mark.parametrize("told", BAD)
def test_a_fault_is_named_and_its_value_is_not(told: str):
    """A wrong section is refused with what is wrong; a PIN that somebody put there is not repeated."""
    with pytest.raises(Malformed) as caught:
        settings(BAD[told])
    assert caught.value.slug == "keys.config"
    assert told in caught.value.message
    assert "1234" not in str(caught.value.envelope())


def test_every_fault_is_told_at_once():
    """Who sets up two providers wrongly hears of both."""
    with pytest.raises(Malformed) as caught:
        settings({"pkcs11": {}, "transit": {}})
    assert caught.value.message.count("lacks") == 5


def found(home: Path, *more: str) -> tuple[int, dict]:
    """`custody init`."""
    secret = home.parent / "suhe.pass"
    secret.write_text("a passphrase of suhe\n", encoding="utf-8")
    secret.chmod(0o600)
    return custody(
        "init",
        "--home",
        home,
        "--as",
        "suhe",
        "--passphrase-file",
        secret,
        "--name-zh",
        "青禾",
        "--name-en",
        "Qinghe",
        *more,
    )


@pytest.mark.part("openbao")
def test_init_founds_a_home_on_a_provider_that_answers(tmp_path: Path, bao: parties.Bao):
    """With a token that others may read, or none, no home is made; with a good one the home says where its roots go."""
    token = tmp_path / "transit.token"
    token.write_bytes(bao.token("custody"))
    token.chmod(0o644)
    reach = ("--keys", "transit", "--setting", f"address={bao.address}", "--setting", f"token_file={token}")
    home = tmp_path / "home"
    code, told = found(home, *reach)
    assert (code, told["error"]["slug"]) == (2, "home.passphrase")
    assert not (home / "custody.toml").exists()
    token.chmod(0o600)
    assert found(home, *reach)[0] == 0
    as_suhe = ("--home", home, "--as", "suhe", "--passphrase-file", tmp_path / "suhe.pass")
    code, shown = custody("keys", "show", *as_suhe)
    assert code == 0
    assert (shown["provider"], shown["assurance"], shown["spares"]) == ("transit", "service", ["server-snapshots"])
    assert bao.root not in (home / "custody.toml").read_text()


@pytest.mark.part("softhsm")
def test_keys_use_changes_the_home_only_when_the_provider_answers(tmp_path: Path, hsm: Path):
    """A wrong PIN or setting changes nothing; the right one is written, entered in the ledger, and undone as easily."""
    home = tmp_path / "home"
    assert found(home)[0] == 0
    as_suhe = ("--home", home, "--as", "suhe", "--passphrase-file", tmp_path / "suhe.pass")
    pin = home / "keys" / "pin"
    pin.write_bytes(b"0000")
    pin.chmod(stat.S_IRUSR | stat.S_IWUSR)
    before = (home / "custody.toml").read_text()
    reach = ("--setting", f"module={hsm}", "--setting", "token=custody", "--setting", "pin_file=keys/pin")
    code, told = custody("keys", "use", "pkcs11", *reach, *as_suhe)
    assert (code, told["error"]["slug"], told["error"]["retry"]) == (3, "keys.denied", False)
    assert custody("keys", "use", "pkcs11", *reach[:4], *as_suhe)[1]["error"]["slug"] == "keys.config"
    assert (home / "custody.toml").read_text() == before
    pin.write_bytes(parties.PIN)
    code, told = custody("keys", "use", "pkcs11", *reach, *as_suhe)
    assert (code, told["provider"], told["assurance"], told["elsewhere"]) == (0, "pkcs11", "file", [])
    entries = custody("ledger", "list", *as_suhe)[1]["entries"]
    assert {"key-provider-intended", "key-provider-chosen"} <= {one["kind"] for one in entries}
    assert custody("keys", "use", "passphrase-file", *as_suhe)[1]["provider"] == "passphrase-file"
