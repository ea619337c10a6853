"""What the permission matrix asks for: things that are there, made by those who make them, in the seller's home."""

import csv
import io
import json
import re
import shutil
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import custody_laws
from custody.base.ids import subject_text
from custody.cli.rehearsal.half import Half
from tests.members import add
from tests.portal.test_guardian_papers import png
from tests.residing import lives_in
from tests.web.maps import looked
from tests.web.visitor import Visitor

WAIT = 120
CLOSED = "2026-05-08"
"""The day on which the rehearsal ends."""
DEAL = "D-2026-0001"
TASK = "A task of the matrix"
FILE = "reader_no,name,mobile\nR1,王芳,13800138001\nR2,李雷,13800138002\n"
TERMS = """
notice_days = 9
[[rule]]
retention = "relation"
start = "sealed"
law = ["CN-DEL-47"]
"""
NOTICE = """We hand over what we hold of you. {contents}
{handler.contact: privacy@shop.example} {recipient.contact: privacy@buyer.example} {method: storing and using} {necessity: refunds} {effect_on_rights: encrypted} {recipient.address: 1 Lakeside Road, Hangzhou} {recipient.telephone: +86 571 5550 0100} {refusal.method: on your page}"""
INTAKES = ("intake", "intake_signed", "intake_sealed", "intake_gone", "intake_cut")  # each of what ends one has its own
YES = {
    "question": "consent.guardian", "act": "given", "at": "2026-02-01T10:00:00Z", "version": "matrix", "text": "我同意把孩子的信息交给远帆文化（上海）有限公司。",
    "language": "zh", "channel": "web", "relation": "parent", "guardian": "欧阳监护",
}  # fmt: skip


def made(where: Path, people: Mapping[tuple[str, str], Visitor], subject: str) -> dict[str, str]:
    """Their names by what a path calls them."""
    owner = people["seller", "owner"]
    files = where / "seller-files"
    read = {name: _intake(owner, files / name / f"{name}.csv") for name in INTAKES}
    found = {name: intake for name, (intake, _) in read.items()}
    found["work"] = next(work for _, work in read.values() if work)
    found["shown"] = _confirmed(owner, found["intake_signed"])
    _confirmed(owner, found["intake_sealed"])
    _sign(owner, found["intake_sealed"])
    _cut_off(where / "seller", found["intake_cut"])
    found |= {"channel": _channel(owner), "draft": _draft(people["seller", "lawyer"], where)}
    found["work_deal"] = _answers(people["seller", "privacy"], where)
    return found | _together(owner) | {"token": _token(owner), "entry": _look(owner, subject), **_told(where, subject)}


def _intake(owner: Visitor, file: Path) -> tuple[str, str]:
    """The files, and the job that read them; "" where it was over before anybody saw its page."""
    file.parent.mkdir(parents=True)
    file.write_text(FILE, encoding="utf-8")
    owner.get("/data")
    owner.upload("/data", "files", file)
    work = re.search(r"/work/(\w+)", owner.at) or re.search(r"/work/(\w+)", owner.page)
    until = time.monotonic() + WAIT
    while "/work/" in owner.at or 'data-column="mobile"' not in owner.page:
        assert time.monotonic() < until, owner.at
        time.sleep(0.3)
        back = re.search(r'href="(/data/\w{32})', owner.get("/data").partition(file.name)[0][-400:])
        assert back is not None
        owner.get(f"{back[1]}?show=all")
    return owner.at.partition("?")[0].rpartition("/")[2], work[1] if work else ""


def _cut_off(home: Path, intake: str) -> None:
    """As the service leaves files whose reading it was in when it ended."""
    with closing(sqlite3.connect(home / "console.db")) as store, store:
        store.execute("UPDATE console_intake SET state = 'scanning' WHERE id = ?", (intake,))


def _answers(officer: Visitor, where: Path) -> str:
    """The job that took in a long list of answers of nobody."""
    path = where / "answers-of-nobody.csv"
    path.write_text("subject,answer\n" + "sub_0000000000000000000000000,yes\n" * 6_000, encoding="utf-8")
    officer.get(f"/deals/{DEAL}/answers")
    officer.upload(f"/deals/{DEAL}/answers", "answers", path)
    with closing(sqlite3.connect(where / "seller" / "console.db")) as store:
        (work,) = store.execute("SELECT id FROM console_work WHERE about LIKE 'mat_%' ORDER BY at DESC").fetchone()
    return str(work)


def _channel(owner: Visitor) -> str:
    owner.get("/channels")
    owner.post("/channels", do="new", kind="webhook", name="matrix", url="https://hooks.example.com/matrix")
    found = re.search(r'name="channel" value="(\d+)"', owner.get("/channels"))
    assert found is not None
    return found[1]


def _draft(lawyer: Visitor, where: Path) -> str:
    """A rule of the house, to be read before it is signed."""
    rule = where / "counsel.yaml"
    shutil.copy(Path(custody_laws.__file__).parent / "cn" / "pipl" / "18.yaml", rule)
    lawyer.get("/laws")
    lawyer.upload("/laws", "file", rule, step="draft", place="cn", folder="house")
    found = re.search(r'name="draft" value="(\d+)"', lawyer.get("/laws"))
    assert found is not None
    return found[1]


def _confirmed(owner: Visitor, intake: str) -> str:
    """Every column looked at; the digest of the map as it then stands."""
    page = owner.get(f"/data/{intake}?show=all")
    table = re.search(r'name="table" value="(\w+)"', page)
    assert table is not None
    looked(owner, f"/data/{intake}", table[1])
    owner.get(f"/data/{intake}?show=all")
    return owner.field("shown")


def _sign(owner: Visitor, intake: str) -> None:
    owner.get(f"/data/{intake}?show=all")
    owner.post(f"/data/{intake}/sign", shown=owner.field("shown"))


def _together(owner: Visitor) -> dict[str, str]:
    """A task, and a window through which a party looks."""
    owner.get(f"/deals/{DEAL}/together")
    owner.post(f"/deals/{DEAL}/together", step="task", title=TASK)
    task = re.search(r"/tasks/(\d+)/done", owner.page)
    owner.post(f"/deals/{DEAL}/together", step="window", whom="The parties", days="7")
    secret = re.search(r"/progress/([\w-]+)", owner.page)
    assert task is not None
    assert secret is not None
    return {"task": task[1], "secret": secret[1]}


def _token(owner: Visitor) -> str:
    owner.get("/tokens")
    scope = re.search(r'name="scope" value="([^"]+)"', owner.page)
    assert scope is not None
    owner.post("/tokens", name="matrix", scope=scope[1], until="2026-12-31")
    found = re.search(r"/tokens/(tok_\w+)/revoke", owner.get("/tokens"))
    assert found is not None
    return found[1]


def _look(owner: Visitor, subject: str) -> str:
    """The entry of a look at a customer, or of its refusal: each can be explained."""
    owner.get(f"/customers/{subject}")
    owner.post(f"/customers/{subject}/reveal", purpose="contract", reason="the matrix looks once", all="1")
    found = re.search(r"/access/why/(\d+)", owner.get("/access/by/suhe"))
    assert found is not None
    return found[1]


def _told(where: Path, subject: str) -> dict[str, str]:
    """What a command makes in one line: a request, an incident, and somebody who may go."""
    facts, secret = where / "incident.json", where / "seller" / "keys" / "principals" / "goer.pass"
    facts.write_text(
        '{"incident":{"discovered_at":"2026-03-01T10:00:00+08:00","affected_subjects":3}}', encoding="utf-8"
    )
    secret.write_text("a passphrase of the goer", encoding="utf-8")
    secret.chmod(0o600)
    asks = ("--kind", "copy", "--channel", "desk", "--proof", "in-person")
    with Half("seller", where / "seller", where / "buyer", "en") as half:
        half.run("suhe", "principal", "new", "goer", "--roles", "auditor", "--new-passphrase-file", str(secret))
        half.run("suhe", "principal", "new", "forgetful", "--roles", "auditor", "--new-passphrase-file", str(secret))
        request = half.run("zhouning", "request", "new", DEAL, subject, *asks)["ref"]
        incident = half.run("limo", "incident", "record", str(facts))["incident"]
        facts.write_text(facts.read_text(encoding="utf-8").replace("03-01", "03-02"), encoding="utf-8")
        drafted = half.run("limo", "incident", "record", str(facts))["incident"]  # the other is closed for a test
        half.run("zhouning", "incident", "count", drafted)
        more = _two(half, where, subject) | _kept(half, where, subject)
        more |= _told_by_campaign(half, where)
        asked = half.run(
            "zhouning", "request", "new", DEAL, subject, *("access" if one == "copy" else one for one in asks)
        )["ref"]
        files = ("--to", str(where / "answer.age"), "--passphrase-to", str(where / "answer.pass"))
        half.run("zhouning", "request", "answer", asked, *files)
        more |= {
            "answered": str(asked),
            "child": _child(half, where, more["gated"]),
            "drafted": str(drafted),
            "deal_id": str(half.run("suhe", "deal", "show", DEAL)["id"]),
        }
    return {"request": str(request), "incident": str(incident), "goer": "goer", "forgetful": "forgetful", **more}


def _told_by_campaign(half: Half, where: Path) -> dict[str, str]:
    """A campaign for whoever waits, approved; its letters were let out as a list."""
    text = where / "notice.txt"
    text.write_text(NOTICE, encoding="utf-8")
    half.run("suhe", "gate", DEAL)
    words = (
        "--sender",
        "privacy@shop.example",
        "--title",
        "Notice",
        "--text",
        str(text),
        "--pages",
        "https://you.shop.example",
    )
    made = half.run("zhouning", "campaign", "new", DEAL, *words)
    half.run("suhe", "approve", *made["approve"])
    letters, back = where / "letters.csv", where / "back"
    half.run("zhouning", "campaign", "letters", made["campaign"], "--to", str(letters))
    half.run("zhouning", "campaign", "post", made["campaign"], "--on", CLOSED, "--proof", str(text))
    number = next(csv.DictReader(io.StringIO(letters.read_text(encoding="utf-8-sig"))))["number"]
    back.mkdir()
    (back / "one.txt").write_text(number, encoding="utf-8")
    half.run("zhouning", "campaign", "bounces", made["campaign"], str(back))
    _in_korea(where / "seller")
    place = ("--place", "website", "--where", "https://shop.example/notice", "--from", CLOSED, "--text", str(text))
    told = half.run("zhouning", "publication", "new", DEAL, *place)
    return {"campaign": str(made["campaign"]), "publication": str(told["publication"])}


def _in_korea(home: Path) -> None:
    """Whoever was written to lives where law lets a public notice stand in for a letter that came back."""
    with closing(sqlite3.connect(home / "core.db")) as store:
        people = [who for (who,) in store.execute("SELECT subject FROM sending")]
    for who in people:
        lives_in(home, subject_text(who), "KR")


def _two(half: Half, where: Path, subject: str) -> dict[str, str]:
    """What two people made: a rule set aside for one customer, a place abroad."""
    abroad = where / "matrix-abroad"
    with (where / "seller" / "custody.toml").open("a", encoding="utf-8") as told:
        told.write(f'\n[regions]\n{json.dumps(str(abroad))} = "DE"\n')
    why = ("--until", "2026-12-31", "--reason", "asked for by the matrix")
    asks = {
        "override": ("lawyer", "override", "new", DEAL, "CN-PROVIDE-23", *why, "--subject", subject),
        "residency": ("suhe", "residency", "allow", str(abroad), *why),
    }
    made = dict[str, str]()
    for name, (who, *words) in asks.items():
        half.run("zhouning", "approve", *half.run(who, *words, "--dry-run")["would"]["approve"])
        done = half.run(who, *words)
        made[name] = str(done["id" if name == "override" else "n"])
    return made


def _kept(half: Half, where: Path, subject: str) -> dict[str, str]:
    """A customer on hold, rows that were set aside, a place that has a backup and one that is about to be forgotten, and a request to erase."""
    place, gone = where / "matrix-backup", where / "matrix-backup-gone"
    for one in (place, gone):
        half.run("suhe", "backup", "--to", str(one))
    half.run("zhouning", "hold", "add", subject, "--reason", "dispute.matrix")
    aside = half.run("limo", "quarantine", "list", "--most", "1")["lines"][0]
    asks = ("--kind", "delete", "--channel", "desk", "--proof", "in-person")
    half.run("zhouning", "freshness", "review")
    doubt = half.run("zhouning", "freshness", "list")["doubts"][0]
    _terms(half, where)
    wipe = half.run("zhouning", "request", "new", DEAL, subject, *asks)["ref"]
    return {
        "place": str(place), "place_gone": str(gone), "aside_table": str(aside["table"]), "aside_reason": str(aside["reason"]),
        "wipe": str(wipe), **{f"doubt_{name}": str(doubt[name]) for name in ("subject", "table", "row", "column")}, "gated": _gated(half, where),
    }  # fmt: skip


def _child(half: Half, where: Path, deal: str) -> str:
    """A child in the deal that is open, whose guardian said yes and showed a paper."""
    with closing(sqlite3.connect(where / "seller" / "core.db")) as store:
        rows = store.execute("SELECT id, facts FROM subject WHERE state = 'live' AND kind = 'customer' ORDER BY id")
        who = next(subject_text(one) for one, facts in rows if json.loads(facts).get("turns_18_on", "") > "2027")
    said, name, paper = (where / f"guardian.{kind}" for kind in ("csv", "txt", "png"))
    paper.write_bytes(png())
    with said.open("w", encoding="utf-8", newline="") as out:
        lines = csv.DictWriter(out, ("subject", *YES))
        lines.writeheader()
        lines.writerow({"subject": who, **YES})
    name.write_text(YES["guardian"], encoding="utf-8")
    for one in ("zhouning", "limo"):
        half.run(one, "consent-import", deal, str(said))
    words = (
        "--document",
        "birth-certificate",
        "--relation",
        YES["relation"],
        "--name",
        str(name),
        "--paper",
        str(paper),
    )
    for one in ("suhe", "zhouning"):
        half.run(one, "guardian", "prove", deal, who, *words, answers=(0, 1))
    return who


def _terms(half: Half, where: Path) -> None:
    """A policy of retention that two people signed: what is listed later is let go after a month."""
    policy = where / "terms.toml"
    policy.write_text(TERMS, encoding="utf-8")
    words = ("retention", "set", str(policy))
    told = half.run("zhouning", *words, "--dry-run")["approve"]
    half.run("suhe", "approve", told["act"], told["content"])
    half.run("zhouning", *words)


def _gated(half: Half, where: Path) -> str:
    """One more deal, for whoever decides it."""
    facts, buyer = where / "gated.json", half.run("suhe", "deal", "show", DEAL)["counterparty"]
    facts.write_text(
        json.dumps({"deal": {"structure": "merger"}, "seller": {"jurisdiction": "CN"}, "buyer": {"jurisdiction": "CN"}})
    )
    made = str(half.run("suhe", "deal", "new", str(facts), "--counterparty", buyer)["ref"])
    let_in_but_strangers(half, made)
    return made


def let_in_but_strangers(half: Half, deal: str) -> None:
    """Those who are members of the first deal."""
    for one in half.run("suhe", "member", "list", DEAL)["members"]:
        if one["state"] == "live" and one["handle"] != "suhe":
            add(half.run, deal, one["handle"])


def received(where: Path, arrival: str) -> None:
    """What the buyer has of the deal as files: the hand-over with its answer, and an export in clear that two people let out."""
    home = where / "buyer"
    shutil.copytree(where / "seller" / "matters" / DEAL / "handover", home / "matters" / arrival / "handover")
    file = home / "exports" / arrival / "customers.sqlite"
    file.parent.mkdir(parents=True)
    with Half("buyer", home, where / "seller", "en") as half:
        words = ("export", arrival, "--to", str(file))
        dry = half.run("fanyuan", *words, "--dry-run")
        if "would" in dry:
            half.run("yeqing", "approve", *dry["would"]["approve"])
        half.run("fanyuan", *words)
