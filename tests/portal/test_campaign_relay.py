"""B1: what two people approve goes by the relay that they saw and by no other, whoever presses send."""

import json
import sqlite3
from pathlib import Path

import pytest

from custody import wiring
from custody.base.errors import CustodyError
from custody.model.way import Way
from custody.services.approve import approve
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.campaign_show import campaign_show
from tests.adapters.texts.conftest import SECRET, settings
from tests.portal.campaigns import planned, relay, sending, taken, untold
from tests.portal.conftest import at
from tests.running import port

__all__ = ["relay", "untold"]


def refusal(act) -> CustodyError:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value


@pytest.mark.part("smtp")
def test_b1_it_goes_by_no_relay_that_was_not_approved(untold: Path, relay: tuple[str, Path]):
    """Without one it does not go; by another server, encryption or account it does not go; by the one that two people saw it does."""
    address, folder = relay
    made = planned(untold)
    with at(untold, "zhouning") as desk:
        assert (
            refusal(lambda: campaign_send(desk, wiring.mailer(address, "none", "", None, 0), made["campaign"], 0)).slug
            == "campaign.no-relay"
        )
        told = campaign_relay(desk, made["campaign"], wiring.mailer(address, "none", "", None, 0).way)
        assert told["approve"] != made["approve"]
        unapproved = refusal(
            lambda: campaign_send(desk, wiring.mailer(address, "none", "", None, 0), made["campaign"], 0)
        )
        assert unapproved.slug == "act.unapproved"
    with at(untold, "suhe") as desk:
        approve(desk, *told["approve"])
        assert campaign_show(desk, made["campaign"], 0)["way"]["server"] == address
    others = ((f"127.0.0.1:{port()}", "none", ""), (address, "starttls", ""), (address, "none", "somebody"))
    with at(untold, "zhouning") as desk:
        for server, security, account in others:
            mailer = wiring.mailer(server, security, account, None, 0)
            error = refusal(lambda mailer=mailer: campaign_send(desk, mailer, made["campaign"], 0))
            assert (error.slug, error.where["relay"]) == ("campaign.other-relay", address)
        assert not taken(folder)
        mailer = wiring.mailer(address, "none", "", None, 0)
        assert campaign_send(desk, mailer, made["campaign"], 3)["sent"] == 3
        mailer.close()
    assert len(taken(folder)) == 3


def test_b1_another_relay_is_another_approval(untold: Path):
    """What was approved for the old relay serves no more; the same relay once more changes nothing and enters nothing."""
    made, old = planned(untold), "127.0.0.1:9"
    with at(untold, "zhouning") as desk:
        first = campaign_relay(desk, made["campaign"], wiring.mailer(old, "none", "", None, 0).way)
        again = campaign_relay(desk, made["campaign"], wiring.mailer(old, "none", "", None, 0).way)
        assert (first["changed"], again["changed"], again["ledger"]) == (True, False, "")
        assert first["approve"] == again["approve"]
    with at(untold, "suhe") as desk:
        approve(desk, *first["approve"])
    with at(untold, "zhouning") as desk:
        moved = campaign_relay(desk, made["campaign"], wiring.mailer("127.0.0.1:10", "none", "", None, 0).way)
        assert moved["approve"] != first["approve"]
        error = refusal(
            lambda: campaign_send(desk, wiring.mailer("127.0.0.1:10", "none", "", None, 0), made["campaign"], 0)
        )
    assert error.slug == "act.unapproved"


@pytest.mark.part("smtp")
def test_b1_the_ledger_names_the_server_and_no_account(untold: Path, relay: tuple[str, Path]):
    """At the saying and at each sending: server and encryption; an account may be somebody's address and stands nowhere in it."""
    address, account = relay[0], "zhang.san@qinghe.example"
    made = planned(untold, by=address)
    assert json.loads(sending(untold, made["campaign"], address, "--most", "2").communicate()[0])["sent"] == 2
    with at(untold, "zhouning") as desk:
        campaign_relay(desk, made["campaign"], wiring.mailer(address, "none", account, None, 0).way)
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        entries = [json.loads(one) for (one,) in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]
    way = {"kind": "smtp", "server": address, "security": "none"}
    assert [one["says"]["way"] for one in entries if one["kind"] == "campaign-sent"] == [way]
    assert [one["says"]["way"] for one in entries if one["kind"] == "campaign-relay"] == [way, way]
    assert account not in json.dumps(entries)


def test_b1_a_gateway_is_its_account_signature_and_template(untold: Path, tmp_path: Path):
    """The settings of another template or account are another way; the secret is none of it."""
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "secret").chmod(0o600)
    file = tmp_path / "gateway.toml"
    file.write_text(settings("aliyun", "http://127.0.0.1:9"), encoding="utf-8")
    way = wiring.texter(file, 0).way
    assert isinstance(way, Way)
    assert (way.kind, way.server, way.security) == ("aliyun", "127.0.0.1:9", "none")
    assert SECRET.decode().strip() not in repr(way)
    made = planned(untold, channel="sms", by=way)
    text = file.read_text(encoding="utf-8")
    for name in ("key_id", "sign_name", "template"):
        line = next(one for one in text.splitlines() if one.startswith(name))
        file.write_text(text.replace(line, f'{name} = "another"'), encoding="utf-8")
        with at(untold, "zhouning") as desk:
            error = refusal(lambda: campaign_send(desk, wiring.texter(file, 0), made["campaign"], 0))
        assert error.slug == "campaign.other-relay"
