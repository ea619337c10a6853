"""The engine, the generator and the second reader agree on vectors/vault (spec/vault.md §18)."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from custody.acts import about
from custody.acts.key_backup import read_keys
from custody.adapters.keys.passphrase import PassphraseProvider
from custody.adapters.mirror.local import LocalMirror
from custody.base import canonical, ids
from custody.base.errors import CustodyError
from custody.vault import audit, backup, index, keyring, page, payload, record, segment, shares, sheet, suite
from custody.vault.escrow import HolderKey
from custody.vault.suppression import Suppressor

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "vectors" / "vault"


def _cases(file: str, part: str = "cases") -> list[Any]:
    told = json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))[part]
    return [pytest.param(one, id=f"{file}-{one['name']}") for one in told]


def _run(call: Callable[[], Any]) -> object:
    try:
        return call()
    except CustodyError as error:
        return error.slug


def _is(one: dict[str, Any], found: object, told: object) -> None:
    assert found == (told if one["expect"] == "opens" else one["expect"])


def _bytes(one: dict[str, Any], *names: str) -> list[bytes]:
    return [bytes.fromhex(one[name]) for name in names]


def _value(told: dict[str, Any]) -> payload.Value:
    ((kind, given),) = told.items()
    readers: dict[str, Any] = {"bytes": bytes.fromhex, "float": float.fromhex, "int": int}
    return readers.get(kind, lambda same: same)(given)


def test_the_generator_makes_the_committed_files():
    """The vectors that lie here are the ones that the generator makes from this engine."""
    subprocess.run([sys.executable, FOLDER / "generate.py", "--check"], check=True, cwd=ROOT)


def test_a_second_reader_agrees():
    """A reader written from the specification alone opens and refuses the same vectors, for the same reasons."""
    done = subprocess.run(
        [sys.executable, ROOT / "vectors" / "readers" / "vault.py"], check=False, capture_output=True, text=True
    )
    assert done.stdout.endswith(" 0 wrong\n")
    assert done.returncode == 0


def test_the_second_reader_can_fail(tmp_path: Path):
    """A vector whose expectation is wrong makes the second reader fail."""
    told = json.loads((FOLDER / "keyid.json").read_text(encoding="utf-8"))
    told["cases"][0]["commitment"] = "00" * 32
    (tmp_path / "keyid.json").write_text(json.dumps(told), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / "vectors" / "readers" / "vault.py", tmp_path], check=False, capture_output=True
    )
    assert done.returncode == 1


def test_the_second_reader_knows_nothing_of_the_engine():
    """The second reader imports nothing of custody."""
    text = (ROOT / "vectors" / "readers" / "vault.py").read_text(encoding="utf-8")
    assert "import custody" not in text
    assert "from custody" not in text


@pytest.mark.parametrize("one", _cases("keyid"))
def test_key_identity(one: dict[str, Any]):
    """Commitments are as told; zero and keys of another length are no keys."""
    _is(one, _run(lambda: suite.AES.commitment(bytes.fromhex(one["dek"])).hex()), one.get("commitment"))


@pytest.mark.parametrize("one", _cases("payload"))
def test_payload(one: dict[str, Any]):
    """Values pack to these bytes and nothing else unpacks."""
    data = bytes.fromhex(one["packed"])
    found = _run(lambda: payload.unpack(data))
    if one["expect"] == "opens":
        values = tuple(_value(each) for each in one["values"])
        assert repr(found) == repr((one["row"], values))
        assert payload.pack(one["row"], values) == data
    else:
        assert found == one["expect"]


@pytest.mark.parametrize("one", _cases("payload", "padding"))
def test_padding(one: dict[str, Any]):
    """Padding comes off exactly, or is refused."""
    _is(one, _run(lambda: payload.unpad(bytes.fromhex(one["padded"])).hex()), one.get("payload"))


@pytest.mark.parametrize("one", _cases("record"))
def test_record(one: dict[str, Any]):
    """Each record opens to its header and payload, or is refused for the defect in its name."""
    origin, dek, sealed = _bytes(one, "origin", "dek", "sealed")
    found = _run(lambda: record.open_record(origin, dek, sealed))
    if one["expect"] == "opens":
        head, body = found
        told = {name: getattr(head, name) for name in ("compartment", "schema", "revision", "record")}
        assert {**told, "subject": head.subject.hex()} == one["header"]
        assert body.hex() == one["payload"]
    else:
        assert found == one["expect"]


@pytest.mark.parametrize("one", _cases("segment"))
def test_segment(one: dict[str, Any]):
    """Each segment reads to its records at their places, or is refused."""
    data = bytes.fromhex(one["data"])
    found = _run(lambda: [(at, sealed.hex()) for at, sealed in segment.frames(BytesIO(data))])
    _is(one, found, [(at, body) for (at, _), body in zip(one.get("places", []), one.get("records", []), strict=True)])


def _sealed_pages() -> dict[str, bytes]:
    made = {}
    for one in json.loads((FOLDER / "page.json").read_text(encoding="utf-8"))["pages"]:
        slots = page.new_page({each["slot"]: bytes.fromhex(each["dek"]) for each in one["slots"]}, _suite(one))
        key, nonce = _bytes(one, "page_key", "nonce")
        made[one["name"]] = page._seal_slots(_place(one), slots, key, nonce)
    return made


def _suite(told: dict[str, Any]) -> suite.Suite:
    return suite.suite_of(told.get("suite", 1))


def _place(told: dict[str, Any]) -> page.Place:
    return page.Place(bytes.fromhex(told["vault"]), told["compartment"], told["number"], told["version"])


@pytest.mark.parametrize("one", _cases("page"))
def test_page(one: dict[str, Any]):
    """Each page opens at its place only, under its wrap, version, generation and keyring key."""
    sealed = _sealed_pages()[one["page"]]
    changed = bytearray(sealed[: len(sealed) - one.get("cut", 0)])
    if "flip" in one:
        changed[one["flip"]["byte"]] ^= 1 << one["flip"]["bit"]
    wrap, key = _bytes(one, "wrap", "keyring")
    found = _run(lambda: page.open_page(page.Sealed(_place(one["at"]), bytes(changed), wrap), key, one["g"]))
    if one["expect"] == "opens":
        assert page.live(found) == {"v1": [0, 1, 1023], "v2": [0, 1023], "sm": [0, 1, 1023]}[one["page"]]
    else:
        assert found == one["expect"]


@pytest.mark.parametrize("one", _cases("keyring", "heads"))
def test_head(one: dict[str, Any]):
    """The head opens under its keyring key and vault alone."""
    vault, key, blob = _bytes(one, "vault", "keyring", "blob")
    told = (
        keyring.Head(one["g"], one["counter"], bytes.fromhex(one["root"]), _suite(one).number)
        if "root" in one
        else None
    )
    _is(one, _run(lambda: keyring.open_head(vault, blob, key)), told)


def _stand_in(told: dict[str, Any]) -> page.Sealed:
    return page.Sealed(_place(told), *_bytes(told, "sealed", "wrap"))


def _head() -> keyring.Head:
    return keyring.Head(9, 17, bytes.fromhex(json.loads((FOLDER / "keyring.json").read_text(encoding="utf-8"))["root"]))


@pytest.mark.parametrize("one", _cases("keyring", "sets"))
def test_set_of_pages(one: dict[str, Any]):
    """Exactly the live pages match the head."""
    _is(one, _run(lambda: keyring.check(_head(), [_stand_in(each) for each in one["pages"]])), None)


@pytest.mark.parametrize("one", _cases("keyring", "proofs"))
def test_one_page_by_proof(one: dict[str, Any]):
    """A page matches the head by its proof at its place, an older page does not."""
    proof = [bytes.fromhex(each) for each in one["proof"]]
    _is(one, _run(lambda: keyring.check_page(_head(), _stand_in(one["page"]), one["index"], one["size"], proof)), None)


@pytest.mark.parametrize("one", _cases("shares"))
def test_shares(one: dict[str, Any]):
    """Shares give the secret back, or are refused for the defect in their name."""
    found = _run(lambda: shares.combine([shares.parse(bytes.fromhex(each)) for each in one["shares"]]).hex())
    _is(one, found, one.get("secret"))


def test_index_tags():
    """Every value has the normal form and tag told, or none."""
    for one in json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))["cases"]:
        key, vault = _bytes(one, "index_key", "vault")
        tagger = index.Tagger(
            key,
            vault,
            one["field"],
            one["normaliser"],
            one["epoch"],
            region="CN",
            suite=_suite(one),
            bits=one.get("bits", 0),
        )
        assert index.normalise(one["normaliser"], one["value"], "CN") == one["form"]
        assert tagger.tag(one["value"]) == (bytes.fromhex(one["tag"]) if one["tag"] else None)


def test_bits_of_a_bucket():
    """So many bits tell a bucket among so many people."""
    for one in json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))["buckets"]:
        assert index.bucket_bits(one["people"]) == one["bits"]


@pytest.mark.parametrize("one", _cases("index", "keys"))
def test_index_key(one: dict[str, Any]):
    """The key of an index opens at its epoch and generation, in the suite it was wrapped in."""
    vault, wrapped, ring = _bytes(one, "vault", "wrap", "keyring")
    found = _run(lambda: index.unwrap_key(vault, (one["epoch"], one["g"]), wrapped, ring))
    _is(one, found, (_suite(one), bytes.fromhex(one["key"])) if "key" in one else None)


def test_salts():
    """Salts and leaf commitments are as told; a shredded slot has none."""
    told = json.loads((FOLDER / "salts.json").read_text(encoding="utf-8"))
    for one in told["entries"]:
        assert audit.entry_salt(bytes.fromhex(one["dek"]), one["entry"], _suite(one)).hex() == one["salt"]
    for one in told["leaves"]:
        assert (
            audit.leaf_commitment(bytes.fromhex(one["dek"]), one["verdict"], one["rules"], _suite(one)).hex()
            == one["c"]
        )
    zero = bytes.fromhex(told["zero"]["dek"])
    assert _run(lambda: audit.entry_salt(zero, "e")) == _run(lambda: audit.leaf_salt(zero)) == "vault.no-key"


@pytest.mark.parametrize("one", _cases("root"))
def test_root_file(one: dict[str, Any], tmp_path: Path):
    """A root file and a key under it open with their passphrase and reference alone."""
    (tmp_path / one["ref"]).write_bytes(bytes.fromhex(one["file"]))
    provider = PassphraseProvider(tmp_path, one["passphrase"].encode())
    _is(one, _run(lambda: provider.unwrap(one["ref"], bytes.fromhex(one["blob"])).hex()), one.get("key"))


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


@pytest.mark.parametrize("one", _cases("backup"))
def test_backup_object(one: dict[str, Any]):
    """Each backup object opens as what it is asked to be, or is refused for the defect in its name."""
    key, data = _bytes(one, "key", "data")
    named = backup.Named(backup.Kind(one["kind"]), bytes.fromhex(one["owner"]), one["position"])
    _is(one, _run(lambda: _plain(list(backup.read(BytesIO(data), key, named)))), one.get("values"))


@pytest.mark.parametrize("one", _cases("keys"))
def test_key_backup(one: dict[str, Any]):
    """A key backup gives exactly the pages of the head it names."""
    told = json.loads((FOLDER / "keys.json").read_text(encoding="utf-8"))
    key, vault, ring = _bytes(told, "key", "vault", "keyring")
    named = backup.Named(backup.Kind.KEYS, vault, told["position"])
    values = backup.read(BytesIO(bytes.fromhex(one["data"])), key, named)
    found = _run(lambda: [(lead, list(held)) for lead, held in [read_keys(values, ids.id_text("vlt", vault))]])
    if one["expect"] == "opens":
        lead, held = found[0]
        opened = [page.unwrap(each.page.place, each.page.wrap, ring, lead.head.generation).hex() for each in held]
        assert (lead.head.suite, lead.head.generation, lead.head.counter, lead.ref, opened) == (
            _suite(one).number,
            one["g"],
            one["counter"],
            one["ref"],
            one["page_keys"],
        )
    else:
        assert found == one["expect"]


@pytest.mark.parametrize("one", _cases("replay"))
def test_replay(one: dict[str, Any]):
    """A replayed erasure takes the key it names, where it names it, and no other."""
    told = json.loads((FOLDER / "replay.json").read_text(encoding="utf-8"))["slots"]
    slots = page.new_page({each["slot"]: bytes.fromhex(each["dek"]) for each in told}, _suite(one))
    page.replay(slots, [(each["slot"], bytes.fromhex(each["key_id"])) for each in one["erased"]])
    assert page.live(slots) == one["left"]


@pytest.mark.parametrize("one", _cases("sheets"))
def test_sheet(one: dict[str, Any]):
    """A sheet reads to its share however it is typed, or is refused for the slip in its name."""
    _is(one, _run(lambda: sheet.read(one["text"]).encode().hex()), one.get("share"))


@pytest.mark.parametrize("one", _cases("holders"))
def test_holder_key(one: dict[str, Any]):
    """A holder's file opens with its passphrase alone."""
    file, words = bytes.fromhex(one["file"]), one["passphrase"].encode()
    _is(one, _run(lambda: HolderKey.open_private(file, words).private().hex()), one.get("private"))


@pytest.mark.parametrize("one", _cases("mirrors"))
def test_mirror(one: dict[str, Any], tmp_path: Path):
    """A mirror's file holds its whole frames, up to the first that is none; one that was whole once is told."""
    (tmp_path / "space.journal").write_bytes(bytes.fromhex(one["data"]))
    held, end = list[str](), "opens"
    try:
        held.extend(body.hex() for body in LocalMirror(tmp_path).read("space"))
    except CustodyError as error:
        end = error.slug
    assert (held, end) == (one["held"], one["expect"])


@pytest.mark.parametrize("one", _cases("suppressed"))
def test_suppression_tag(one: dict[str, Any]):
    """Tags of the suppression list are as told, however the value is written."""
    key, party = _bytes(one, "key", "party")
    made = Suppressor(key, party, "CN")
    assert index.normalise(one["normaliser"], one["value"], "CN") == one["form"]
    assert {made.tag(one["kind"], value) for value in (one["value"], one["form"])} == {bytes.fromhex(one["tag"])}


@pytest.mark.parametrize("one", _cases("openings"))
def test_opening(one: dict[str, Any]):
    """A sealed opening opens for its own entry and subject, or is refused for the defect in its name."""
    origin, subject, key, sealed = _bytes(one, "origin", "subject", "dek", "sealed")
    who = about.About(origin, subject, key, _suite(one))
    _is(
        one,
        _run(lambda: canonical.encode(dict(about.open_detail(sealed, who, one["entry"]))).decode()),
        one.get("detail"),
    )
