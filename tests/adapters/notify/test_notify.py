"""Messengers' robots and signed webhooks against their documented contracts; nothing inside a network is reached unless it is allowed (E5)."""

import ipaddress
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody import wiring
from custody.adapters.notify.address import Address, networks
from custody.base.errors import Broken, Malformed, Refused, Unavailable
from custody.base.webhooks import check, heads
from custody.ports.notifier import Notice
from tests.adapters.notify.places import SECRET, WEBHOOK

HERE = "127.0.0.0/8"
PATHS = {
    "wecom": "/wecom?key=ROBOT-KEY", "dingtalk": "/dingtalk?access_token=TOKEN", "feishu": "/feishu", "slack": "/slack", "teams": "/teams", "webhook": "/webhook",
}  # fmt: skip


def notice(name: str) -> Notice:
    event = json.dumps({"id": name, "type": "deal.released", "deal": "D-2026-0001"}).encode()
    return Notice(
        name, "有一项等您确认 · <Something> & waits", "D-2026-0001", "https://console.example/deals/D-2026-0001", event
    )


def secret(kind: str) -> str:
    return f"whsec_{WEBHOOK}" if kind == "webhook" else SECRET


@pytest.mark.parametrize("kind", wiring.NOTIFIERS)
def test_e5_each_place_takes_what_its_documentation_asks_for(places, kind):
    """The signature holds, the shape is the documented one, and the words arrive whole."""
    address, folder = places
    wiring.notifier(kind, address + PATHS[kind], secret(kind), HERE).tell(notice(f"msg_{kind}"))
    taken = [json.loads(line) for line in (folder / "taken.jsonl").read_text(encoding="utf-8").splitlines()]
    (text,) = [text for who, text in taken if who == kind and (kind != "webhook" or f"msg_{kind}" in text)]
    assert "D-2026-0001" in text


@pytest.mark.parametrize(
    ("kind", "path", "given"),
    [
        ("wecom", "/wecom?key=OTHER", ""),
        ("dingtalk", "/dingtalk?access_token=TOKEN", "another"),
        ("feishu", "/feishu", "another"),
        ("webhook", "/webhook", f"whsec_{'A' * 43}="),
    ],
)
def test_e5_a_wrong_key_is_refused_for_good(places, kind, path, given):
    """What the place refuses is not tried again for ever, and nothing the place said goes on."""
    with pytest.raises(Refused) as refused:
        wiring.notifier(kind, places[0] + path, given, HERE).tell(notice("msg_wrong"))
    assert refused.value.slug == "notify.refused"


def test_e5_what_is_busy_is_tried_again_and_a_name_counts_once(places):
    """503 first, then taken; the same name a second time is refused by whoever keeps the names it took."""
    one = wiring.notifier("webhook", f"{places[0]}/webhook-busy", secret("webhook"), HERE)
    with pytest.raises(Unavailable):
        one.tell(notice("msg_again"))
    one.tell(notice("msg_again"))
    with pytest.raises(Refused):
        one.tell(notice("msg_again"))


def test_e5_no_redirect_is_followed(places):
    """Where a place sends us is not where anybody allowed us to go."""
    with pytest.raises(Refused):
        wiring.notifier("slack", f"{places[0]}/moved", "", HERE).tell(notice("msg_moved"))


@pytest.mark.parametrize(
    "url",
    ["https://10.0.0.1/", "https://127.0.0.1/x", "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[::ffff:10.1.2.3]/", "https://[64:ff9b::a00:1]/",
     "https://[2002:a00:1::]/", "https://0.0.0.0/", "https://224.0.0.1/", "https://100.64.0.1/", "https://[fd00::1]/", "https://[fe80::1]/"],
)  # fmt: skip
def test_e5_no_address_inside_is_reached(url):
    """Private, loopback, link-local, metadata, carrier, multicast, and what stands for one of them in IPv6."""
    with pytest.raises(Refused) as refused:
        wiring.notifier("slack", url, "", "")
    assert refused.value.slug == "notify.private"


def test_e5_a_name_that_leads_inside_is_not_reached():
    """The look is at what the name resolves to, at the moment of sending."""
    with pytest.raises(Refused) as refused:
        wiring.notifier("slack", "https://localhost:9/x", "", "").tell(notice("msg_inside"))
    assert refused.value.slug == "notify.private"


@given(st.ip_addresses(v=4))
def test_e5_only_what_is_global_passes(at):
    """For every address: over TLS it passes exactly when it is of the open internet."""
    to = Address("place.example", 443, "/", True, ())
    try:
        to.allowed([at])
        passed = True
    except Refused:
        passed = False
    assert passed == (at.is_global and not at.is_multicast)


@pytest.mark.parametrize(
    "url",
    [
        "http://place.example/",
        "ftp://place.example/",
        "https://u:p@place.example/",
        "https:///x",
        "https://place.example/#x",
        "https://place.example/ x",
        f"https://{'a' * 64}.example/x",
        "https://a..example/x",
        "x",
    ],
)
def test_e5_what_is_no_address_is_said_so(url):
    """Plain HTTP, passwords in an address, other schemes."""
    with pytest.raises(Malformed) as wrong:
        wiring.notifier("teams", url, "", "")
    assert wrong.value.slug == "notify.address"


@pytest.mark.parametrize(
    ("relay", "security"),
    [("127.0.0.1:6379", "none"), ("127.0.0.1:587", "tls"), ("169.254.169.254:80", "starttls"), ("10.0.0.1:22", "tls"), ("[::1]:25", "starttls"), ("localhost:9", "tls")],
)  # fmt: skip
def test_e5_no_mail_relay_inside_is_reached(relay, security):
    """A channel by mail is held to what a webhook is held to, unless the operator allows the network."""
    with pytest.raises(Malformed) as refused:
        wiring.mailer_within("", relay, security, "", "", 0)
    assert refused.value.slug == "mail.inside"
    wiring.mailer_within("127.0.0.0/8,169.254.0.0/16,10.0.0.0/8,::1/128", relay, security, "", "", 0).close()


@pytest.mark.parametrize("relay", [f"{'a' * 64}.example:587", "a..example:587", ":587", "mail.example:²"])
def test_e5_what_no_resolver_takes_is_no_relay(relay):
    """It is said where it is typed, not when the first message goes out."""
    with pytest.raises(Malformed) as wrong:
        wiring.mailer_within("", relay, "tls", "", "", 0)
    assert wrong.value.slug == "mail.relay"


def test_e5_networks_are_told_by_the_operator():
    """Several, of both kinds; nonsense is a fault at the start, not an open door."""
    assert networks("10.0.0.0/8, fd00::/8") == (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))
    with pytest.raises(Malformed):
        networks("everything")


def test_e5_whoever_receives_can_check_it():
    """Name, moment and body are under the signature; another body, name, secret or an old moment is refused."""
    mine, now, body = f"whsec_{WEBHOOK}", int(time.time()), b'{"type":"deal.released"}'
    made = heads(mine, "msg_1", now, body)
    assert check(mine, made, body, now) == "msg_1"
    for told, other, at in (
        (made, b"{}", now), ({**made, "webhook-id": "msg_2"}, body, now), ({**made, "webhook-timestamp": str(now + 1)}, body, now), (made, body, now + 301), ({}, body, now),
    ):  # fmt: skip
        with pytest.raises(Broken):
            check(mine, told, other, at)
    with pytest.raises(Broken):
        check(f"whsec_{'B' * 43}=", made, body, now)
