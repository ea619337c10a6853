"""Notices and events leave the console: by robot, signed webhook and mail, tried again, and with nobody's name or data in them (E5)."""

import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TypeVar

import pytest

from tests.adapters.notify.conftest import running
from tests.servers import port
from tests.web.company import DEAL, Company, company
from tests.web.roles import join
from tests.web.visitor import Visitor

WAIT = 60
T = TypeVar("T")
pytestmark = pytest.mark.part("smtp")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[tuple[Company, str, Path]]:
    """A company whose console may reach this host, and the places it tells."""
    folder = tmp_path_factory.mktemp("places")
    where = tmp_path_factory.mktemp("channels") / "demo"
    with (
        running(folder) as address,
        company(where, 60, draw, CUSTODY_CONSOLE_PRIVATE="127.0.0.0/8") as made,
    ):
        yield made, address, folder


@contextmanager
def relay(folder: Path) -> Iterator[str]:
    """HOST:PORT of a running mail relay that keeps what it takes in the folder."""
    number = port()
    words = [sys.executable, str(Path(__file__).parents[1] / "portal" / "relay.py"), str(number), str(folder), "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield f"127.0.0.1:{number}"
        finally:
            process.kill()


def until(what: Callable[[], T], said: str) -> T:
    """What comes in the end."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    raise AssertionError(said)


def first(folder: Path) -> str:
    """The first message that the relay took, decoded; it is whole once the relay's log names it."""
    until((folder / "relay.log").exists, "the relay took nothing")
    one = message_from_bytes(next(folder.glob("*.eml")).read_bytes(), policy=default)
    return f"{one['To']} {one['Subject']} {one.get_content()}"


def signed_in(made: Company, who: str) -> Visitor:
    visitor = Visitor(made.served.base)
    visitor.sign_in(who, made.passphrase(who))
    return visitor


def taken(folder: Path, kind: str, wanted: str) -> list[str]:
    """What a place took, once one message of it has the words."""

    def found() -> list[str]:
        path = folder / "taken.jsonl"
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
        texts = [text for one, text in lines if one == kind]
        return texts if any(wanted in text for text in texts) else []

    return until(found, f"{kind} did not take {wanted}")


def test_e5_a_notice_goes_to_a_robot_and_by_mail(office, tmp_path):
    """A task for a colleague: the robot and the colleague's own address are told what waits, not who asks."""
    made, address, folder = office
    owner, other = signed_in(made, "suhe"), signed_in(made, "zhouning")
    owner.get("/channels")
    owner.post(
        "/channels",
        do="new",
        kind="dingtalk",
        name="team",
        url=f"{address}/dingtalk-busy?access_token=TOKEN",
        secret="SEC-a-secret-of-the-robot",
        people="1",
    )
    assert owner.status == 200, owner.page
    with relay(tmp_path) as at:
        mail = {"relay": at, "security": "none", "sender": "custody@shop.example"}
        owner.post("/channels", do="new", kind="mail", name="mail", people="1", **mail)
        assert owner.status == 200, owner.page
        other.get("/channels")
        other.post("/channels", do="mine", mail="zhouning@shop.example")
        owner.get(f"/deals/{DEAL}/together")
        owner.post(f"/deals/{DEAL}/together", step="task", title="call Zhang San on 13800138000", whose="zhouning")
        (text,) = taken(folder, "dingtalk", DEAL)
        letter = first(tmp_path)
    assert DEAL in text
    assert "zhouning@shop.example" in letter
    for said in (text, letter):
        assert not re.search("suhe|Zhang|13800138000", said)
    until(lambda: "Tries: 2." in owner.get("/channels"), "the second try is not told")


def test_e5_events_go_signed_to_a_machine(office):
    """What happens in the ledger is told once, in order, by kind and deal; the secret is shown once; a closed channel is told nothing."""
    made, address, folder = office
    owner = signed_in(made, "suhe")
    owner.get("/channels")
    page = owner.post("/channels", do="new", kind="webhook", name="crm", url=f"{address}/webhook", events="1")
    secret = re.search(r'id="once">whsec_([A-Za-z0-9+/=]+)<', page)
    assert secret is not None
    (folder / "webhook.secret").write_text(secret[1])
    assert secret[1] not in owner.get("/channels")
    made.told("zhouning", "gate", DEAL)
    number = re.search(r'name="channel" value="(\d+)"><[^>]+value="try"[^>]*>[^<]*<span class="sr"> crm', owner.page)
    assert number is not None
    owner.post("/channels", do="try", channel=number[1])
    taken(folder, "webhook", "notice.trial")
    told = [json.loads(one) for one in taken(folder, "webhook", "deal.gate")]
    (gate,) = [one for one in told if one["type"] == "deal.gate"]
    assert set(gate) == {"id", "type", "deal", "at", "ledger"}
    assert gate["deal"] == DEAL
    owner.post("/channels", do="close", channel=number[1])
    made.told("zhouning", "gate", DEAL)
    assert "crm" not in re.findall(r'class="lead">([^<]+)', owner.get("/channels"))


def test_e5_nothing_inside_is_reached_without_leave(office):
    """An address of a network that the operator did not name is refused, and the page says why."""
    made, _, _ = office
    owner = signed_in(made, "suhe")
    for url in ("https://10.0.0.1/x", "http://169.254.169.254/latest"):
        owner.get("/channels")
        page = owner.post("/channels", do="new", kind="slack", name="x", url=url, people="1")
        assert owner.status in {400, 409}
        assert 'data-slug="notify.private"' in page


def test_e5_one_message_that_cannot_go_holds_up_no_other(office):
    """A channel whose address makes the sender itself fail is tried, counted and noted; what comes after it arrives."""
    made, address, _ = office
    owner = signed_in(made, "suhe")
    for name in ("bad", "good"):
        owner.get("/channels")
        owner.post("/channels", do="new", kind="slack", name=name, url=f"{address}/slack", people="1")
    with closing(sqlite3.connect(made.where / "seller" / "console.db", timeout=60)) as db, db:
        db.execute("UPDATE console_channel SET sealed = 'no seal at all' WHERE name = 'bad'")
        ids = dict(db.execute("SELECT name, id FROM console_channel WHERE name IN ('bad', 'good')"))
    for name in ("bad", "good"):
        owner.get("/channels")
        owner.post("/channels", do="try", channel=str(ids[name]))

    def tries() -> dict[int, tuple[str, int]]:
        with closing(sqlite3.connect(made.where / "seller" / "console.db", timeout=60)) as db:
            rows = db.execute("SELECT channel_id, state, tries FROM console_delivery WHERE kind = 'notice.trial'")
            return {one: (state, count) for one, state, count in rows}

    until(lambda: tries()[ids["good"]] == ("sent", 1) and tries()[ids["bad"]][1] >= 1, "the good one never went")
    assert tries()[ids["bad"]][0] == "waiting"
    owner.get("/channels")
    owner.post("/channels", do="close", channel=str(ids["bad"]))
    owner.get("/channels")
    owner.post("/channels", do="close", channel=str(ids["good"]))


def test_e5_a_channel_that_does_not_answer_is_let_rest(office, tmp_path):
    """A robot that takes the connection and says nothing is not tried for each of many messages before the mails go: each try takes ten seconds of everybody."""
    made, _, _ = office
    owner, officer = made.visitor("suhe"), made.visitor("zhouning")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent, relay(tmp_path) as address:
        dead = f"https://127.0.0.1:{silent.getsockname()[1]}/hook"
        officer.get("/inbox")
        officer.post("/inbox", do="mine", mail="zhouning@company.example")
        owner.get("/channels")
        owner.post("/channels", do="new", kind="webhook", name="says nothing", url=dead, people="1")
        owner.post("/channels", do="new", kind="mail", name="by mail", relay=address, security="none", sender="custody@company.example", people="1")  # fmt: skip
        for number in range(12):
            owner.get(f"/deals/{DEAL}/together")
            owner.post(f"/deals/{DEAL}/together", step="comment", text=f"@zhouning {number}")
        until(lambda: len(list(tmp_path.glob("*.eml"))) == 12, "not all mails went")
        with closing(sqlite3.connect(made.served.home / "console.db", timeout=60)) as rows:
            tried = rows.execute(
                "SELECT count(*) FROM console_delivery d JOIN console_channel c ON c.id = d.channel_id WHERE c.name = 'says nothing' AND d.tries > 0"
            ).fetchone()
    assert tried[0] <= 3


def test_e5_a_channel_whose_maker_was_let_go_says_so_and_an_owner_takes_it_over(office):
    """The end names it beforehand, the page marks it and where it leads; nobody takes over what is kept; then it carries on."""
    made, address, folder = office
    owner = signed_in(made, "suhe")
    join(made, "ola", "owner")
    maker = signed_in(made, "ola")
    maker.get("/channels")
    way = {"url": f"{address}/feishu", "secret": "SEC-a-secret-of-the-robot"}
    maker.post("/channels", do="new", kind="feishu", name="room", people="1", events="1", **way)
    page = owner.get("/channels")
    assert "Nobody keeps it" not in page
    number = re.search(r'name="channel" value="(\d+)"><[^>]+value="try"[^>]*>[^<]*<span class="sr"> room', page)
    assert number is not None
    owner.post("/channels", do="take", channel=number[1])
    assert 'data-slug="notify.kept"' in owner.page
    assert "room" in owner.get("/people/ola/end").partition("Channels that nobody keeps then")[2]
    ends = {who: made.told("suhe", "principal", "end", who, "--dry-run")["channels"] for who in ("ola", "zhouning")}
    assert ends == {"ola": ["room"], "zhouning": []}
    owner.post("/people/ola/end", step="do")
    made.told("zhouning", "gate", DEAL)
    page = owner.get("/channels")
    assert "Nobody keeps it" in page
    assert re.search(r'Leads to <span class="mono">127\.0\.0\.1<', page)
    other = signed_in(made, "zhouning")
    other.get("/channels")
    other.post("/channels", do="take", channel=number[1])
    assert 'data-slug="act.role"' in other.page
    owner.get("/channels")
    owner.post("/channels", do="take", channel=number[1])
    assert "Nobody keeps it" not in owner.get("/channels")
    taken(folder, "feishu", DEAL)
    owner.post("/channels", do="close", channel=number[1])
