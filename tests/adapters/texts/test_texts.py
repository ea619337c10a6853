"""B1: each gateway's contract as it is documented: signed right it takes a message, and every no is told for what it is."""

import json
import time
from pathlib import Path

import pytest

from custody.adapters.texts import aliyun, tencent
from custody.adapters.texts.configured import texter
from custody.base.errors import CustodyError, Malformed
from custody.ports.texts import Text
from tests.adapters.texts.conftest import SECRET, settings

KINDS = ("aliyun", "tencent", "twilio")
WORDS = Text(
    "+8613800138000", "青禾书屋 page https://you.example/t/abc~-_ &=+%", "https://you.example/t/abc~-_ &=+%", "name-1"
)


def send(kind: str, address: str, number: str = WORDS.number, **more: str) -> str:
    return texter(settings(kind, address, **more), lambda _: SECRET, 0).send_text(WORDS._replace(number=number))


@pytest.mark.parametrize("kind", KINDS)
def test_b1_a_signed_message_is_taken_whole(kind: str, gateways: tuple[str, Path]):
    """Number, words or page, signature and our name arrive unchanged, whatever signs are in them."""
    address, taken = gateways
    assert send(kind, address)
    told = json.loads(taken.read_text(encoding="utf-8"))
    assert told["number"].endswith("13800138000")
    assert told["words"] == (WORDS.words if kind == "twilio" else WORDS.page)
    assert told["name"] == ("" if kind == "twilio" else WORDS.name)
    assert told.get("sign", "青禾书屋") == "青禾书屋"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("last", "slug"), [("0001", "texts.refused"), ("0002", "texts.unavailable"), ("0003", "texts.in-doubt")]
)
def test_b1_every_no_is_told_for_what_it_is(kind: str, last: str, slug: str, gateways: tuple[str, Path]):
    """A bad number is that number's; no money stops the run; a cut connection leaves the message in doubt."""
    with pytest.raises(CustodyError) as refused:
        send(kind, gateways[0], f"+861380013{last}")
    assert refused.value.slug == slug
    assert "0013" not in f"{refused.value} {refused.value.where}"


@pytest.mark.parametrize("kind", KINDS)
def test_b1_a_wrong_secret_sends_nothing(kind: str, gateways: tuple[str, Path]):
    """The server makes the signature again and finds another."""
    address, taken = gateways
    with pytest.raises(CustodyError) as refused:
        texter(settings(kind, address), lambda _: SECRET + b"x", 0).send_text(WORDS)
    assert refused.value.slug == "texts.unavailable"
    assert not taken.exists()


def test_b1_nobody_there_is_no_doubt():
    """A refused connection handed nothing over."""
    with pytest.raises(CustodyError) as refused:
        send("twilio", "http://127.0.0.1:9")
    assert refused.value.slug == "texts.unavailable"


def test_b1_aliyun_signs_its_documented_example():
    """The example with fixed parameters of the page on signature V3."""
    query = aliyun.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    heads = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26", "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }  # fmt: skip
    made = aliyun.authorization("YourAccessKeyId", b"YourAccessKeySecret", query, heads)
    assert made.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_b1_tencent_signs_its_documented_example():
    """The example of the page on signature v3, its key as printed there."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    called = ("cvm", "cvm.tencentcloudapi.com", "DescribeInstances")
    made = tencent.authorization("AKID" + "*" * 32, b"*" * 32, called, 1551113065, body)
    assert made.endswith("Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("kind = 'pigeon'", "kind is one of"), ("kind = [", "no TOML"), ("kind = 'twilio'", "key_id is missing; secret_file is missing; sender is missing"),
        (settings("twilio", "http://gateway.example"), ""), (settings("twilio", "ftp://127.0.0.1"), ""), (settings("twilio", "https://x/y"), ""),
        (settings("aliyun", "https://x", colour="red"), "colour is not known"), (settings("twilio", "https://x", sender=""), "sender is no text"),
    ],
)  # fmt: skip
def test_b1_settings_of_no_gateway_are_refused(text: str, word: str):
    """Unknown kinds and keys, missing ones, and any way that is neither TLS nor this host."""
    with pytest.raises(Malformed) as refused:
        texter(text, lambda _: SECRET, 0)
    assert refused.value.slug in {"texts.config", "texts.plain"}
    assert word in str(refused.value)


def test_b1_the_secret_is_in_no_repr():
    """Neither of a gateway nor of its pace."""
    for kind in KINDS:
        assert SECRET.decode() not in repr(texter(settings(kind, "https://gateway.example"), lambda _: SECRET, 0))


def test_b1_a_pace_is_kept(gateways: tuple[str, Path]):
    """Three messages at 1,200 a minute take a tenth of a second at least."""
    way = texter(settings("twilio", gateways[0]), lambda _: SECRET, 1200)
    begun = time.monotonic()
    for _ in range(3):
        way.send_text(WORDS)
    assert time.monotonic() - begun >= 0.1
