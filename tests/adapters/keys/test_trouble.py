"""Providers in trouble: outages, foreign credentials, roots that prove nothing, told by name and resumed (spec/vault.md §11)."""

import logging
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pkcs11
import pytest

from custody.acts.vaults import keyring_ref
from custody.adapters.begun import Begun
from custody.adapters.keys.kms import KmsProvider
from custody.adapters.keys.kms import client as kms_client
from custody.adapters.keys.pkcs11 import Pkcs11Provider
from custody.adapters.keys.routed import FILE, RoutedKeys
from custody.adapters.keys.transit import TransitProvider
from custody.adapters.keys.transit_http import Server
from custody.base import ids
from custody.base.errors import CustodyError
from custody.ports.keys import KeyProvider
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from tests.adapters.keys import parties
from tests.adapters.keys.conftest import KINDS, account, client, made
from tests.running import port
from tests.vault.histories.world import NAME, World

KEY = bytes(range(32))
OTHERS = KINDS[1:]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A vault under a root in memory, which stands for the passphrase files it began with."""
    made = World(tmp_path / "world")
    yield made
    made.close()


def route(world: World, used: str, **others: Callable[[], object]) -> None:
    """New roots at `used` from now on; those that are there stay where they are."""
    memory = world.provider if not isinstance(world.provider, RoutedKeys) else world.provider._provider(FILE)
    named = {name.replace("_", "-"): make for name, make in others.items()}
    world.provider = RoutedKeys(used, {FILE: lambda: memory, **named})
    world.reopen()


def ref(world: World) -> str:
    """Where the root in force lies."""
    with world.desk.store.read() as tx:
        (row,) = tx.find("vault", id=world.vault)
    return keyring_ref(row["keyring"])


@pytest.mark.parametrize("kind", OTHERS)
def test_a5_a_rotation_moves_a_vault_to_another_provider_and_back(kind: str, request, world: World, tmp_path: Path):
    """Root g+1 is made at the new provider and g destroyed at the old one; answers and check say whose terms they are."""
    other = made(kind, request, tmp_path)
    before = ref(world)
    route(world, kind, **{kind.replace("-", "_"): lambda: other})
    rekey(world.desk, NAME)
    assert ref(world).startswith(f"{kind}:")
    assert world.provider.state(before) == "gone"
    told = vault_check(world.desk, NAME)
    assert told["ok"]
    assert told["provider"] == kind
    there = ref(world)
    route(world, FILE, **{kind.replace("-", "_"): lambda: other})
    done = rekey(world.desk, NAME)
    assert done["provider"] == kind
    assert done["assurance"] == other.terms().assurance
    assert done["spares"] == list(other.terms().spares)
    assert other.state(there) != "live"
    assert ":" not in ref(world)
    assert vault_check(world.desk, NAME)["ok"]


@pytest.mark.part("openbao")
def test_a5_an_outage_stops_a_rotation_and_loses_nothing(world: World, bao: parties.Bao):
    """A sealed server stops the rotation with a sentence that says so and to try again; unsealed, it goes on to the end."""
    secret = bao.token("custody")
    route(world, "transit", transit=lambda: TransitProvider(Server(bao.address, lambda: secret)))
    rekey(world.desk, NAME)
    key = bao.seal()
    try:
        with pytest.raises(CustodyError) as caught:
            rekey(world.desk, NAME)
    finally:
        bao.unseal(key)
    assert caught.value.slug == "keys.out"
    assert caught.value.retry
    assert caught.value.where == {"provider": "transit"}
    done = rekey(world.desk, NAME)
    assert done["destroyed"] == 2
    assert vault_check(world.desk, NAME)["ok"]


@pytest.mark.part("kms")
def test_a_silent_service_is_out_and_comes_back(aws: tuple[str, parties.Process]):
    """A service that takes the call and says nothing is an outage after seconds, not a hang; what it held is there afterwards."""
    address, process = aws
    vault = ids.new("vlt")
    held = KmsProvider(lambda: client(address), account(address))
    ref = held.create(vault, 1)
    blob = held.wrap(ref, KEY)
    hasty = kms_client("cn-north-1", address, None, seconds=1)
    process.freeze()
    try:
        with pytest.raises(CustodyError) as caught:
            KmsProvider(lambda: hasty, account(address)).unwrap(ref, blob)
    finally:
        process.thaw()
    assert caught.value.slug == "keys.out"
    assert held.unwrap(ref, blob) == KEY


@pytest.mark.part("kms")
def test_a_cancelled_destroy_is_seen(aws: tuple[str, parties.Process], refuses):
    """A scheduled deletion opens nothing; when somebody cancels it the root is live again, and the provider says so."""
    address, _ = aws
    held = KmsProvider(lambda: client(address), account(address), 30)
    ref = held.create(ids.new("vlt"), 1)
    blob = held.wrap(ref, KEY)
    held.destroy(ref, datetime.now(UTC))
    with refuses("keys.gone"):
        held.unwrap(ref, blob)
    aws_key = ref.rpartition("/")[2]
    client(address).cancel_key_deletion(KeyId=aws_key)
    client(address).enable_key(KeyId=aws_key)
    assert held.state(ref) == "live"
    assert held.unwrap(ref, blob) == KEY


@pytest.mark.part("kms")
def test_no_credentials_is_a_denial(aws: tuple[str, parties.Process], refuses, monkeypatch: pytest.MonkeyPatch):
    """Without credentials the environment is at fault, and trying again would change nothing."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    boto3.DEFAULT_SESSION = None
    address, _ = aws
    with refuses("keys.denied"):
        KmsProvider(lambda: kms_client("cn-north-1", address, None), account(address)).state(
            "aws-kms:arn:aws-cn:kms:cn-north-1:123456789012:key/x"
        )
    with refuses("keys.denied"):
        kms_client("cn-north-1", address, "nobody")


@pytest.mark.part("softhsm")
def test_a_wrong_pin_is_a_denial_and_a_token_that_is_not_there_an_outage(hsm: Path, refuses):
    """The two are told apart: one is for whoever holds the PIN, the other for whoever brings the token back."""
    with refuses("keys.denied"):
        Pkcs11Provider(hsm, "custody", lambda: b"0000").state(f"pkcs11:x/{'00' * 16}")
    with refuses("keys.out"):
        Pkcs11Provider(hsm, "no-such-token", lambda: parties.PIN).create("vlt_x", 1)
    with refuses("keys.out"):
        Pkcs11Provider(Path("/nowhere/module.so"), "custody", lambda: parties.PIN).create("vlt_x", 1)


@pytest.mark.part("softhsm")
def test_a_root_that_can_leave_its_token_is_refused(hsm: Path, refuses):
    """A key of the right label that somebody put there, or that may be extracted, would make a destroy worth nothing."""
    held = Pkcs11Provider(hsm, "custody", lambda: parties.PIN)
    vault = ids.new("vlt")
    with pkcs11.lib(str(hsm)).get_token(token_label="custody").open(rw=True, user_pin=parties.PIN.decode()) as session:
        session.generate_key(pkcs11.KeyType.AES, 256, id=bytes(16), label=f"{vault}-1", store=True,
                             template={pkcs11.Attribute.EXTRACTABLE: True, pkcs11.Attribute.SENSITIVE: False})  # fmt: skip
    ref = held.create(vault, 1)
    with refuses("keys.policy"):
        held.wrap(ref, KEY)


@pytest.mark.part("openbao")
def test_a_root_that_can_be_exported_is_refused(bao: parties.Bao, refuses):
    """So does a transit key that was made exportable before custody came."""
    secret = bao.token("custody")
    vault = ids.new("vlt")
    bao.ask("POST", f"transit/keys/custody-{vault}-1", {"type": "aes256-gcm96", "exportable": True})
    with refuses("keys.policy"):
        TransitProvider(Server(bao.address, lambda: secret)).create(vault, 1)


@pytest.mark.part("openbao")
def test_a_token_without_the_right_is_a_denial(bao: parties.Bao, refuses):
    """A token that is unknown, or whose policy does not reach, is told apart from a server that is out."""
    for secret in (bao.token("default"), b"no-such-token"):
        with refuses("keys.denied"):
            TransitProvider(Server(bao.address, lambda secret=secret: secret)).create(ids.new("vlt"), 1)
    good = bao.token("custody")
    with refuses("keys.denied"):
        TransitProvider(Server(bao.address, lambda: good), "another-mount").create(ids.new("vlt"), 1)
    with refuses("keys.out"):
        TransitProvider(Server(f"http://127.0.0.1:{port()}", lambda: good)).create(ids.new("vlt"), 1)


@pytest.mark.part("openbao")
def test_secrets_stand_in_no_traceback_and_no_log(bao: parties.Bao, caplog: pytest.LogCaptureFixture):
    """What a failure prints, whole chain and locals of the outermost call apart, holds neither token nor key."""
    caplog.set_level(logging.DEBUG)
    secret = bao.token("default")
    held = TransitProvider(Server(bao.address, lambda: secret))
    with pytest.raises(CustodyError) as caught:
        held.wrap(f"transit:{Server(bao.address, lambda: secret).cluster()}/transit/custody-vlt-1", KEY)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + str(caught.value.envelope())
    assert secret.decode() not in told
    assert KEY.hex() not in told


def test_a_root_at_a_provider_that_is_not_set_up_is_told(refuses):
    """A section taken out of custody.toml too early is named."""
    with refuses("keys.provider"):
        RoutedKeys(FILE, {}).state("transit:custody-vlt-1")


def believed(keys: KeyProvider, ref: str, refuses: Callable[[str], AbstractContextManager[None]]) -> None:
    """Neither its state nor its end is believed of a root that lies elsewhere."""
    for call in (
        lambda: keys.state(ref),
        lambda: keys.destroy(ref, datetime.now(UTC)),
        lambda: keys.unwrap(ref, b"x" * 60),
        lambda: keys.wrap(ref, KEY),
    ):
        with refuses("keys.provider"):
            call()


@pytest.mark.part("kms")
def test_a8_a_key_that_another_region_or_account_does_not_know_is_not_gone(aws: tuple[str, parties.Process], refuses):
    """With other settings or credentials KMS finds nothing; the root is live all the same, and nobody says that it went."""
    address, _ = aws
    held = KmsProvider(lambda: client(address), account(address), 9)
    ref = held.create(ids.new("vlt"), 1)
    other = kms_client("us-east-1", address, None)
    believed(KmsProvider(lambda: other, account(address)), ref, refuses)
    sts = kms_client("cn-north-1", address, None, service="sts")
    lent = sts.assume_role(RoleArn="arn:aws-cn:iam::111111111111:role/other", RoleSessionName="other")["Credentials"]
    session = boto3.Session(lent["AccessKeyId"], lent["SecretAccessKey"], lent["SessionToken"], "cn-north-1")
    theirs = session.client("kms", endpoint_url=address)
    who = session.client("sts", endpoint_url=address)
    missing = ref[:-4] + "0000"
    assert KmsProvider(lambda: client(address), account(address)).state(missing) == "gone"
    with refuses("keys.provider"):
        KmsProvider(lambda: theirs, lambda: who.get_caller_identity()["Account"]).state(missing)
    assert held.state(ref) == "live"


@pytest.mark.part("openbao")
def test_a8_a_root_that_another_server_or_mount_does_not_know_is_not_gone(bao: parties.Bao, tmp_path: Path, refuses):
    """A server of another address that finds nothing is another cluster; so is another mount of the same one."""
    secret, vault = bao.token("custody"), ids.new("vlt")
    held = TransitProvider(Server(bao.address, lambda: secret))
    ref = held.create(vault, 1)
    with parties.openbao(tmp_path) as other:
        token = other.token("custody")
        theirs = TransitProvider(Server(other.address, lambda: token))
        assert theirs.find(vault, 1) == []
        believed(theirs, ref, refuses)
    believed(TransitProvider(Server(bao.address, lambda: secret), "another"), ref, refuses)
    assert held.state(ref) == "live"
    held.destroy(ref, datetime.now(UTC))
    assert held.state(ref) == "gone"


@pytest.mark.part("softhsm")
def test_g4_a_root_under_another_label_is_not_gone(hsm: Path):
    """One that may still be relabelled, as they were made once: it is found by its id, and a destroy reaches it."""
    held, made, at = Pkcs11Provider(hsm, "custody", lambda: parties.PIN), b"id of an old key", pkcs11.Attribute
    ref = f"pkcs11:{ids.new('vlt')}-1/{made.hex()}"
    with pkcs11.lib(str(hsm)).get_token(token_label="custody").open(rw=True, user_pin=parties.PIN.decode()) as session:
        key = session.generate_key(pkcs11.KeyType.AES, 256, id=made, label=ref[7:-33], store=True,
                                   template={at.SENSITIVE: True, at.EXTRACTABLE: False})  # fmt: skip
        key[at.LABEL] = "spare"
    assert held.state(ref) == "live"
    held.destroy(ref, datetime.now(UTC))
    assert held.state(ref) == "gone"
    with pkcs11.lib(str(hsm)).get_token(token_label="custody").open(user_pin=parties.PIN.decode()) as session:
        assert not list(session.get_objects({at.LABEL: "spare"}))


@pytest.mark.part("softhsm")
def test_g4_a_root_cannot_be_given_another_label(hsm: Path):
    """The token itself refuses; destroying it is still possible."""
    held = Pkcs11Provider(hsm, "custody", lambda: parties.PIN)
    ref = held.create(ids.new("vlt"), 1)
    made = bytes.fromhex(ref.rpartition("/")[2])
    with pkcs11.lib(str(hsm)).get_token(token_label="custody").open(rw=True, user_pin=parties.PIN.decode()) as session:
        (key,) = session.get_objects({pkcs11.Attribute.ID: made})
        with pytest.raises(pkcs11.PKCS11Error):
            key[pkcs11.Attribute.LABEL] = "spare"
    held.destroy(ref, datetime.now(UTC))
    assert held.state(ref) == "gone"


@pytest.mark.part("softhsm")
def test_g4_a_blank_token_of_the_same_name_knows_of_no_root_that_is_gone(hsm: Path, refuses):
    """The HSM was replaced: nothing is said of the roots of the old one, by references of now and of before; those of the old one stand."""
    name, vault = f"t-{ids.new('vlt')[-8:]}", ids.new("vlt")
    parties.token(Path(os.environ["SOFTHSM2_CONF"]).parent, name)
    pkcs11.lib(str(hsm)).reinitialize()
    held = Pkcs11Provider(hsm, name, lambda: parties.PIN)
    old = f"pkcs11:{vault}-9/{'ab' * 16}"
    for call in (held.state, lambda ref: held.destroy(ref, datetime.now(UTC)), lambda ref: held.unwrap(ref, bytes(60))):
        with refuses("keys.provider"):
            call(old)
    ref = held.create(vault, 1)
    assert held.find(vault, 1) == [ref]
    assert (held.state(ref), held.state(old)) == ("live", "gone")
    elsewhere = ref[:-16] + "00" * 8
    with refuses("keys.provider"):
        held.state(elsewhere)
    held.destroy(ref, datetime.now(UTC))
    for _ in range(2):
        held.destroy(ref, datetime.now(UTC))
        assert (held.state(ref), held.state(old)) == ("gone", "gone")


@pytest.mark.part("softhsm")
def test_g4_a_blank_token_of_the_same_name_finds_no_root_and_does_not_say_there_is_none(
    hsm: Path, tmp_path: Path, refuses
):
    """The home notes in which tokens roots were made: another one under the name is asked whether it answers, and for new roots."""
    vault, names = ids.new("vlt"), [f"t-{ids.new('vlt')[-8:]}" for _ in range(2)]
    for name in names:
        parties.token(Path(os.environ["SOFTHSM2_CONF"]).parent, name)
    pkcs11.lib(str(hsm)).reinitialize()
    first, other = (
        Pkcs11Provider(hsm, name, lambda: parties.PIN, lambda serial: Begun(tmp_path, "pkcs11", serial))
        for name in names
    )
    assert first.find(vault, 1) == []
    ref = first.create(vault, 1)
    assert (first.find(vault, 1), first.find(vault, 2)) == ([ref], [])
    assert other.find("vlt", 0) == []
    with refuses("keys.provider"):
        other.find(vault, 1)
    second = other.create(vault, 2)
    assert (other.find(vault, 1), other.find(vault, 2)) == ([], [second])


@pytest.mark.part("softhsm")
def test_g4_a_root_that_moved_to_another_token_is_gone_where_it_was_destroyed(hsm: Path):
    """A token that was copied into a new one keeps what it holds: a root found there is destroyed there, and known to be."""
    held, vault, at = Pkcs11Provider(hsm, "custody", lambda: parties.PIN), ids.new("vlt"), pkcs11.Attribute
    made = os.urandom(16) + b"another."
    ref = f"pkcs11:{vault}-1/{made.hex()}"
    with pkcs11.lib(str(hsm)).get_token(token_label="custody").open(rw=True, user_pin=parties.PIN.decode()) as session:
        session.generate_key(pkcs11.KeyType.AES, 256, id=made, label=f"{vault}-1", store=True,
                             template={at.EXTRACTABLE: False, at.SENSITIVE: True})  # fmt: skip
    assert held.unwrap(ref, held.wrap(ref, b"k" * 32)) == b"k" * 32
    held.destroy(ref, datetime.now(UTC))
    assert held.state(ref) == "gone"


class Elsewhere:
    """A real client whose keys' store is disconnected, or still being made: the simulated service knows neither."""

    def __init__(self, kms: object, state: str) -> None:
        self._kms, self._state = kms, state

    def __getattr__(self, name: str) -> object:
        return getattr(self._kms, name)

    def describe_key(self, **which: str) -> dict:
        told = self._kms.describe_key(**which)  # type: ignore[attr-defined]
        return {**told, "KeyMetadata": {**told["KeyMetadata"], "KeyState": self._state}}


@pytest.mark.part("kms")
@pytest.mark.parametrize("state", ["Unavailable", "Creating"])
def test_g26_a_root_that_kms_has_and_cannot_reach_is_away_and_not_gone(aws: tuple[str, parties.Process], refuses, state: str):  # fmt: skip
    """Its key store is disconnected: nothing is recovered over it, no destroy is called done."""
    address, _ = aws
    held = KmsProvider(lambda: client(address), account(address))
    ref = held.create(ids.new("vlt"), 1)
    blob = held.wrap(ref, KEY)
    away = KmsProvider(lambda: Elsewhere(client(address), state), account(address))
    for ask in (lambda: away.state(ref), lambda: away.unwrap(ref, blob)):
        with refuses("keys.out"):
            ask()
    assert held.unwrap(ref, blob) == KEY


@pytest.mark.part("kms")
def test_g26_a_root_with_copies_in_other_regions_wraps_nothing(aws: tuple[str, parties.Process], refuses):
    """Whatever this region destroys, the copy opens."""
    address, _ = aws
    vault = ids.new("vlt")
    kms = client(address)
    made = kms.create_key(KeySpec="SYMMETRIC_DEFAULT", MultiRegion=True)["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/custody/{vault}-1", TargetKeyId=made["KeyId"])
    held = KmsProvider(lambda: client(address), account(address))
    (ref,) = held.find(vault, 1)
    with refuses("keys.policy"):
        held.wrap(ref, KEY)
