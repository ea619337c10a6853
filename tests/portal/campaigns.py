"""Campaigns as several tests plan them, the relay they go through, and who was not told yet."""

import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.wording import untold as waiting
from custody.acts.wording import wanting
from custody.model.way import Way
from custody.services.approve import approve
from custody.services.campaign_new import campaign_new
from custody.services.campaign_relay import campaign_relay
from tests.portal.conftest import DEAL, at, laws
from tests.running import port

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "sender": "privacy@qinghe.example", "subject": "您的信息将移交 Your information", "text": "青禾书屋……\nQinghe Books …\n\n{contents}",
    "pages": "https://you.qinghe.example", "page_line": "您的页面 Your page:",
}  # fmt: skip
CONTENTS = {
    "handler.contact": "privacy@qinghe.example", "recipient.contact": "privacy@zhiwei.example",
    "method": {"zh": "存储、使用", "en": "Storing and using"}, "necessity": {"zh": "退款", "en": "Refunds"},
    "effect_on_rights": {"zh": "已加密", "en": "Encrypted"}, "rights": {"zh": "查阅、更正、删除、反对", "en": "Access, rectification, erasure, objection"},
    "withdraw_consent": {"zh": "随时可以撤回", "en": "You may withdraw at any time"},
    "recipient.address": {"zh": "杭州市湖滨路 1 号", "en": "1 Lakeside Road, Hangzhou"}, "recipient.telephone": "+86 571 5550 0100",
    "refusal.method": {"zh": "在您的页面上拒绝", "en": "Refuse on your page"},
    "statutory_or_contractual": {"zh": "履行合同所需", "en": "Needed for the contract"},
}  # fmt: skip
"""What the law wants told here and no deal tells."""
PLACES = "{contents} " + " ".join(
    f"{{{name}: {said['en'] if isinstance(said, dict) else said}}}" for name, said in CONTENTS.items()
)
"""The same, in the words of a campaign."""


@pytest.fixture
def untold(played: Path) -> Path:
    """The rehearsal as it is when nobody was told yet."""
    store = sqlite3.connect(played / "seller" / "core.db")
    store.execute("DELETE FROM evidence WHERE type LIKE 'notice.%'")
    store.commit()
    store.close()
    return played


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """(HOST:PORT, folder) of a running relay, which cuts the connection once, after it took the eleventh message."""
    folder = tmp_path / "relay"
    folder.mkdir()
    number = port()
    words = [sys.executable, str(ROOT / "tests" / "portal" / "relay.py"), str(number), str(folder), "11"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield f"127.0.0.1:{number}", folder
        process.kill()


def planned(
    where: Path, *, approved: bool = True, values: dict | None = None, by: Way | str | None = None, **words: str
) -> dict:
    """Planned, to go by this way (of a relay of this host its HOST:PORT), and approved."""
    told = {**WORDS, **words}
    told["text"] += "\n\n{contents}" if told["text"].strip() and "{contents}" not in told["text"] else ""
    with at(where, "zhouning") as desk:
        made = dict(campaign_new(desk, laws(where), DEAL, told, contents(desk, where) if values is None else values))
        if by is not None:
            way = wiring.mailer(by, "none", "", None, 0).way if isinstance(by, str) else by
            made |= {"approve": campaign_relay(desk, made["campaign"], way)["approve"]}
    if approved:
        with at(where, "suhe") as desk:
            approve(desk, *made["approve"])
    return made


def contents(desk: Desk, where: Path) -> dict:
    """Of what no deal tells, what the law wants told to whoever waits."""
    packs, on = lawbook.packs(laws(where)), desk.today()
    with desk.store.read() as tx:
        waits = waiting(decide(tx, deal(desk, tx, DEAL), packs, on))
    asked = {name for rule in wanting(packs, set().union(*waits.values()), on) for name in rule.contents}
    return {name: said for name, said in CONTENTS.items() if name in asked}


def sending(where: Path, ref: str, address: str, *more: str) -> subprocess.Popen[str]:
    home = where / "seller"
    words = [
        sys.executable,
        "-m",
        "custody",
        "campaign",
        "send",
        ref,
        "--relay",
        address,
        "--security",
        "none",
        *more,
        "--json",
    ]
    words += [
        "--home",
        str(home),
        "--as",
        "zhouning",
        "--passphrase-file",
        str(home / "keys" / "principals" / "zhouning.pass"),
    ]
    return subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )


def taken(folder: Path) -> Counter[str]:
    log = folder / "relay.log"
    return Counter(re.findall(r"<[^>]+>", log.read_text(encoding="ascii"))) if log.exists() else Counter()
