"""Write docs/reference/shapes.json: what each verb prints with `--json`, as two rehearsals and a few more commands show it.

`python docs/reference/shapes.py` plays them and writes the file; a test plays the line too and holds every answer to it.
A shape is `text`, `integer`, `yes or no` or `nothing`, several of them with ` | ` between, a list of one shape, or an
object. A member whose name ends in `?` may be absent; `*` stands for any name, where names are data (a table, a code).
"""

import json
import shutil
import sqlite3
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any, TypeAlias

import custody_laws
from custody import wiring
from custody.acts.assume import DEFAULT
from custody.acts.said import AGREED
from custody.base import canonical
from custody.base.ids import subject_bytes, subject_text
from custody.cli.rehearsal.demo import DEALS
from custody.cli.rehearsal.half import Half, Out
from custody.cli.rehearsal.play import FACTS, new_secret
from custody.cli.table import VERBS
from custody.privacy import access, corrections
from custody.services.deal_list import deal_list
from custody.services.freshness_ask import freshness_ask
from custody_sample import BUYER, generate

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"
TARGET = Path(__file__).resolve().parent / "shapes.json"
NAMES = sorted((verb.name for verb in VERBS), key=len, reverse=True)
_KINDS = {str: "text", bool: "yes or no", int: "integer", type(None): "nothing"}
# Members whose own members are named by data, not by us.
_OPEN = frozenset(
    (
        "by_department",
        "by_kind",
        "counts",
        "facts",
        "not_in_backup",
        "quarantine",
        "reasons",
        "roots_lost",
        "rotated",
        "subjects",
        "suppressed",
        "values",
        "vaults",
    )
)
_PART = "part"
# Answers that are given by a process, not by a verb, or that hold another verb's whole.
APART = frozenset(("api", "batch", "demo", "portal", "serve"))


def shape(value: object, name: str = "") -> Shape:
    """The shape of one value; `name` is the member it stands in."""
    if isinstance(value, Mapping):
        if name in _OPEN:
            return {"*": reduce(merge, (shape(one) for one in value.values()), "")}
        return {key: _member(value, key, one, inside=name == _PART) for key, one in sorted(value.items())}
    if isinstance(value, list):
        return [reduce(merge, (shape(one) for one in value), "")]
    return _KINDS[type(value)]


def _member(of: Mapping[str, Any], key: str, value: object, *, inside: bool) -> Shape:
    """A table's rows have the source's columns, and how deep a rule's parts have parts is the law's matter: neither is ours to name."""
    if key == "rows" and "name" in of and isinstance(value, list):
        return [{"*": reduce(merge, (shape(cell) for row in value for cell in row.values()), "")}]
    if key == "parts" and isinstance(value, list):
        return ["anything"] if inside else [reduce(merge, (shape(one, _PART) for one in value), "")]
    return shape(value, key)


def merge(one: Shape, other: Shape) -> Shape:
    """The shape of what has either shape."""
    # A list or an object that is not there fits its shape.
    if one in ("", other) or (one == "nothing" and not isinstance(other, str)):
        return other
    if other == "" or (other == "nothing" and not isinstance(one, str)):
        return one
    if isinstance(one, list) and isinstance(other, list):
        return [merge(one[0], other[0])]
    if isinstance(one, dict) and isinstance(other, dict):
        return dict(sorted(_members(one, other)))
    if isinstance(one, str) and isinstance(other, str) and "anything" not in (one, other):
        return " | ".join(sorted({*one.split(" | "), *other.split(" | ")}))
    return "anything"


def _members(one: dict[str, Shape], other: dict[str, Shape]) -> Iterator[tuple[str, Shape]]:
    bare = {key.removesuffix("?") for key in (*one, *other)}
    for name in bare:
        held = [some[key] for some in (one, other) for key in (name, f"{name}?") if key in some]
        always = name == "*" or (name in one and name in other)
        yield name if always else f"{name}?", reduce(merge, held)


def fits(value: object, told: Shape, place: str = "") -> list[str]:
    """Where a value does not have the shape told; nothing when it has."""
    if told in ("", "anything") or (value is None and not isinstance(told, str)):
        return []
    if isinstance(value, Mapping):
        if not isinstance(told, dict):
            return [f"{place}: an object, not {told}"]
        known = {key.removesuffix("?"): part for key, part in told.items()}
        wrong = [f"{place}.{key}: missing" for key in told if key not in value and key[-1:] not in "?*"]
        for key, one in value.items():
            if key not in known and "*" not in known:
                wrong.append(f"{place}.{key}: not told of")
            else:
                wrong += fits(one, known.get(key, known.get("*", "")), f"{place}.{key}")
        return wrong
    if isinstance(value, list):
        if not isinstance(told, list):
            return [f"{place}: a list, not {told}"]
        return [fault for one in value for fault in fits(one, told[0], f"{place}[]")]
    kind = _KINDS[type(value)]
    return [] if isinstance(told, str) and kind in told.split(" | ") else [f"{place}: {kind}, not {told}"]


class Recorder(Half):
    """A half that keeps what it was answered, by verb."""

    def __init__(self, *words: Any) -> None:  # noqa: ANN401 - a half's own
        super().__init__(*words)
        self.seen: list[tuple[str, Out]] = []

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        """Run it and keep the answer, unless it was refused."""
        out = Half.run(self, acting, *words, answers=answers)
        if "error" not in out:
            self.seen.append((next(name for name in NAMES if [*words][: len(name.split())] == name.split()), out))
        return out


def played(folder: Path, deal: str, customers: int) -> Iterator[tuple[str, Out]]:
    """(verb, answer) of every command of a rehearsal, and of a few that no rehearsal needs."""
    where = folder / deal
    generate(where / "shop", customers=customers)
    (where / "assumptions.yaml").write_text(DEFAULT, encoding="utf-8")
    halves = [Recorder(name, where / name, where / other, "en") for name, other in _PAIRS]
    with halves[0], halves[1]:
        DEALS[deal](where, where / "shop", where / "assumptions.yaml", *halves).play(real=False)
        if deal == "assets":
            halves[0].run("suhe", "certificate", "D-2026-0001", "--to", str(where / "certificate.pdf"))
            halves[1].run("fanyuan", "arrival")
            halves[1].run("fanyuan", "arrival", "D-2026-0001", "--at", str(where / "handover"))
            _late(halves[0], halves[1], where)
            _ends(halves[0], halves[1], where)
            _more(halves[0], where)
    for half in halves:
        yield from half.seen


def _abroad(seller: Recorder, where: Path) -> None:
    """A place abroad, allowed by two people and ended."""
    with (where / "seller" / "custody.toml").open("a", encoding="utf-8") as told:
        told.write(f'\n[regions]\n{json.dumps(str((where / "berlin").resolve()))} = "DE"\n')
    asked = (
        "residency",
        "allow",
        str(where / "berlin"),
        "--until",
        "2026-12-31",
        "--reason",
        "disk of the auditor in Berlin",
    )
    approve = seller.run("suhe", *asked, "--dry-run")["would"]["approve"]
    seller.run("zhouning", "approve", *approve)
    seller.run("suhe", *asked)
    seller.run("suhe", "residency", "list")
    seller.run("suhe", "residency", "end", "1")


def _roles(seller: Recorder) -> None:
    """A role is given by two people and taken away by one."""
    asked = ("principal", "roles", "limo", "--roles", "data")
    seller.run(
        "zhouning", "approve", *seller.run("suhe", *asked, "--roles", "auditor", "--dry-run")["would"]["approve"]
    )
    seller.run("suhe", *asked, "--roles", "auditor")
    seller.run("suhe", *asked)
    secret = seller.secret("heqian")
    new_secret(secret)
    seller.run("suhe", "principal", "new", "heqian", "--roles", "lawyer", "--new-passphrase-file", str(secret))
    seller.run("suhe", "principal", "reset", "heqian", "--new-passphrase-file", str(secret))


def _incident(seller: Recorder, where: Path) -> None:
    """One that is recorded, told and closed."""
    told = where / "incident.json"
    told.write_text(
        json.dumps({"incident": {"discovered_at": "2026-03-01T10:00:00+08:00", "affected_subjects": 3}}),
        encoding="utf-8",
    )
    made = seller.run("limo", "incident", "record", str(told))
    ref = str(made["incident"])
    seller.run("zhouning", "incident", "draft", ref)
    for line in made["duties"]:
        words = ("--duty", line["duty"], "--to", "nobody", "--reason", "Nothing had left the house after all")
        seller.run("zhouning", "incident", "tell", ref, line["rule"], *words)
    seller.run("zhouning", "incident", "close", ref, "--done", "The access was ended and the keys renewed")
    seller.run("zhouning", "incident", "list")


def _touched(seller: Recorder, home: Path) -> None:
    """One that is counted, and told by a campaign that waits for its second person."""
    facts, said = home / "leak.json", home / "said.json"
    facts.write_text(json.dumps({"incident": {"discovered_at": "2026-03-01T10:00:00+08:00"}}), encoding="utf-8")
    lists = ("cause", "possible_harm", "remedies", "mitigation", "contact")
    said.write_text(json.dumps({name: {"zh": "写明", "en": "As told"} for name in lists}), encoding="utf-8")
    ref = str(seller.run("limo", "incident", "record", str(facts))["incident"])
    seller.run("zhouning", "incident", "count", ref, "--column", "会员")
    sent = ("--sender", "privacy@shop.example", "--values", str(said))
    seller.run("zhouning", "incident", "notify", ref, "cn-breach-notice", *sent)


def _more(seller: Recorder, where: Path) -> None:
    seller.run("limo", "scan", "--values", str(where / "shop" / "orders.csv"))
    seller.run("suhe", "law", "clock", *_CLOCK)
    seller.run("suhe", "law", "cases", "CH")
    aside = seller.run("limo", "quarantine", "list", "--most", "5")["lines"][0]
    seller.run("limo", "quarantine", "dismiss", "--why", "not-needed", "--number", str(aside["number"]))
    seller.run("limo", "quarantine", "list", "--state", "dismissed")
    seller.run("suhe", "copy", "declare", "laptop of the owner", "--kind", "other")
    seller.run("suhe", "copy", "account", "laptop of the owner", "--state", "stays", "--why", "claim")
    seller.run("suhe", "copy", "account", "laptop of the owner", "--state", "destroyed")
    seller.run("suhe", "copy", "list")
    _abroad(seller, where)
    _roles(seller)
    _incident(seller, where)
    seller.run("suhe", "deal", "show")
    _standing(seller, where)
    facts = where / "facts.json"
    facts.write_text(json.dumps({"regimes": ["CN"], **FACTS}), encoding="utf-8")
    seller.run("suhe", "law", "explain", str(facts), "CN-PROVIDE-23")
    seller.run("suhe", "law", "ask", str(facts))
    facts.write_text("{}", encoding="utf-8")
    seller.run("suhe", "law", "ask", str(facts))
    seller.run("suhe", "law", "facts")
    seller.run("suhe", "law", "rules", "CN")
    laws = where / "laws"
    shutil.copytree(Path(custody_laws.__file__).parent / "ch", laws / "ch")
    seller.run("suhe", "law", "lint", str(laws), answers=(0, 1, 2))
    seller.run("suhe", "law", "diff", str(laws), answers=(0, 1, 2))
    seller.run("suhe", "law", "book", "-o", str(where / "law.html"))
    _maps(seller, where / "seller")
    _keep(seller, where / "seller", str(where / "backups"))


def _works_on(half: Recorder, owner: str, deal: str, one: str) -> None:
    half.run(owner, "member", "add", deal, one, "--reason", "works on this deal")


def _late(seller: Recorder, buyer: Recorder, where: Path) -> None:
    """Another deal about those who stayed: some answer after its first release, and one of them withdraws."""
    at, assume = ("--at", str(where / "late")), ("--assume", str(where / "assumptions.yaml"))
    own = buyer.run("fanyuan", "deal", "show")["deals"][0]["counterparty"]
    (where / "late.json").write_text(
        json.dumps({**FACTS, "deal": {**FACTS["deal"], "on_date": "2026-04-21"}}), encoding="utf-8"
    )
    other = seller.run("suhe", "deal", "show")["deals"][0]["counterparty"]
    deal = str(seller.run("suhe", "deal", "new", str(where / "late.json"), "--counterparty", other)["ref"])
    theirs = str(buyer.run("fanyuan", "invite", own, "--deal", deal, *at)["id"])
    _works_on(buyer, "fanyuan", theirs, "yeqing")
    for one in ("zhouning", "limo"):
        _works_on(seller, "suhe", deal, one)
    seller.run("zhouning", "notice", deal, *assume)
    seller.run("zhouning", "consent", deal, *assume)
    seller.run("zhouning", "gate", deal)
    _two(seller, ("limo", "suhe"), "ship", deal, *at, "--waiting")
    _two(seller, ("zhouning", "suhe"), "release", deal, *at)
    buyer.run("fanyuan", "receive", theirs, *at, "--vault", "late")
    _said(seller, where, deal, ("notice.delivered", "consent.separate", "consent.separate.sensitive"))
    _two(seller, ("zhouning", "suhe"), "release", deal, *at, "--delta")
    buyer.run("fanyuan", "receive", theirs, *at)
    buyer.run("fanyuan", "work", "list")
    buyer.run("fanyuan", "work", "close", "orders", "--how", "done")
    _corrected(seller, buyer, where, (deal, theirs))
    _said(seller, where, deal, ("withdrawal",))
    _two(seller, ("zhouning", "suhe"), "recall", deal, *at)
    _two(buyer, ("fanyuan", "yeqing"), "receive", theirs, *at)
    seller.run("limo", "reconcile", deal, *at)
    seller.run("suhe", "copy", "declare", "call sheets", "--kind", "paper")
    seller.run("zhouning", "request", "pass", deal, *at)
    seller.run("zhouning", "destroy", deal, *at, "--dry-run")
    seller.run("suhe", "copy", "account", "call sheets", "--state", "destroyed")


def _corrected(seller: Recorder, buyer: Recorder, where: Path, deals: tuple[str, str]) -> None:
    """A name that the seller corrects after the hand-over reaches the buyer, who answers."""
    at, value = ("--at", str(where / "late")), where / "name.txt"
    value.write_text("李梅", encoding="utf-8")
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        there = {subject_text(one) for (one,) in store.execute("SELECT id FROM subject WHERE state = 'live'")}
    for who in (one for one in _in_list(where / "seller") if one in there):
        words = (
            "--table",
            "会员",
            "--column",
            "姓名",
            "--value-file",
            str(value),
            "--channel",
            "desk",
            "--proof",
            "in-person",
        )
        if "error" not in seller.run("zhouning", "correction", "new", who, *words, answers=(0, 1, 2)):
            break
    seller.run("zhouning", "correction", "send", deals[0], *at)
    buyer.run("fanyuan", "correction", "take", deals[1], *at)
    seller.run("zhouning", "correction", "settle", deals[0], *at)
    _passed(seller, buyer, where, deals)


def _passed(seller: Recorder, buyer: Recorder, where: Path, deals: tuple[str, str]) -> None:
    """A request of somebody whom this deal handed over goes on at the buyer, and each side says how it stands."""
    at, asked = ("--at", str(where / "late")), ("--kind", "copy", "--channel", "desk", "--proof", "in-person")
    words = "SELECT s.id FROM subject s JOIN vault v ON v.id = s.vault WHERE v.name = 'late' AND s.state = 'live' AND s.kind = 'customer' ORDER BY 1"
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        who = subject_text(store.execute(words).fetchone()[0])
    seller.run("zhouning", "request", "new", deals[0], who, *asked)
    seller.run("zhouning", "request", "pass", deals[0], *at)
    buyer.run("fanyuan", "request", "take", deals[1], *at)
    buyer.run("fanyuan", "request", "status", deals[1], *at)
    seller.run("zhouning", "request", "settle", deals[0], *at)


def _in_list(home: Path) -> list[str]:
    """Live customers who have a row in the list of members."""
    words = "SELECT DISTINCT r.subject FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema JOIN subject p ON p.id = r.subject"
    with sqlite3.connect(home / "core.db") as store:
        rows = store.execute(
            f"{words} WHERE s.tbl = '会员' AND p.kind = 'customer' AND p.state = 'live' ORDER BY 1"
        ).fetchall()
    return [subject_text(one) for (one,) in rows]


def _imported(seller: Recorder, deal: str, people: list[str], yes: list[str]) -> None:
    """What everybody agreed to on record, one consent of before that is whole, and one line that is silence."""
    path, head = seller.home / "consents.csv", "subject,question,act,at,version,text,language,channel\n"
    rows = [f"{people[0]},consent.marketing,given,2024-05-01T10:00:00Z,m1,May we write to you?,en,web",
            f"{people[-1]},consent.marketing,implied,2024-05-01T10:00:00Z,m1,May we write to you?,en,web"]  # fmt: skip
    rows += [
        f'{who},{one},given,2026-04-12T10:00:00Z,{one},"I agree that {BUYER.en} receives it ({one}).",en,web'
        for who in people
        for one in yes
    ]
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    for who in ("zhouning", "limo", "zhouning"):  # set aside, taken in, and on file before
        seller.run(who, "consent-import", deal, str(path), answers=(0, 1, 2))


def _said(seller: Recorder, where: Path, deal: str, answers: tuple[str, ...]) -> None:
    """Everybody who was shipped answers the same, and the gate decides again."""
    leaves = (where / "late" / "package" / "data" / "leaves.jsonl").read_text(encoding="utf-8").splitlines()
    people = {subject_text(bytes.fromhex(json.loads(line)["subject"])) for line in leaves}
    path = where / "late.csv"
    path.write_text("subject,answer\n" + "".join(f"{who},{one}\n" for who in sorted(people) for one in answers))
    for handle in ("zhouning", "limo"):
        seller.run(handle, "answers", deal, str(path), answers=(0, 1, 2))
    _imported(seller, deal, sorted(people), [one for one in answers if one in AGREED])
    seller.run("zhouning", "gate", deal)


def _ends(seller: Recorder, buyer: Recorder, where: Path) -> None:
    """A deal broken off, one wound up, and the first one closed."""
    handover = ("--at", str(where / "handover"))
    other = seller.run("suhe", "deal", "show")["deals"][0]["counterparty"]
    own = buyer.run("fanyuan", "deal", "show")["deals"][0]["counterparty"]
    merged = {"structure": "merger", "resolution_at": "2026-05-06T02:00:00Z"}
    path = where / "ends.json"
    path.write_text(json.dumps({**FACTS, "deal": {**FACTS["deal"], **merged}}), encoding="utf-8")
    broken = str(seller.run("suhe", "deal", "new", str(path), "--counterparty", other)["ref"])
    aside = ("--at", str(where / "aside"))
    buyer.run("fanyuan", "invite", own, "--deal", broken, *aside)
    _works_on(buyer, "fanyuan", broken, "yeqing")
    _works_on(seller, "suhe", broken, "zhouning")
    seller.run("suhe", "deal", "plan", broken)
    seller.run("suhe", "deal", "ask", broken)
    seller.run("suhe", "deal", "due")
    _two(seller, ("suhe", "zhouning"), "deal", "abort", broken, "--why", "financing", *aside)
    _two(buyer, ("fanyuan", "yeqing"), "deal", "return", broken, "--copy", "data room=destroyed", *aside)
    _touched(seller, seller.home)
    _campaign(seller, seller.home, "D-2026-0001")  # of a deal that has ended nobody is told
    _accounted(seller)
    _two(seller, ("suhe", "zhouning"), "deal", "close", "D-2026-0001", *handover)
    path.write_text(
        json.dumps({**FACTS, "deal": {**FACTS["deal"], "structure": "dissolution", "successor_exists": False}}),
        encoding="utf-8",
    )
    ended = str(seller.run("suhe", "deal", "new", str(path))["ref"])
    seller.run("suhe", "deal", "plan", ended)
    seller.run("suhe", "deal", "due")


def _access(seller: Recorder, home: Path, people: list[str]) -> None:
    """Policy, grants, training, bulk, accounts."""
    until, why = ("--until", "2026-07-31"), ("--purpose", "service", "--reason", "a case of many")
    policy, listed = home / "access.toml", home / "list.txt"
    policy.write_text((Path(access.__file__).with_name("access.toml")).read_text(encoding="utf-8"), encoding="utf-8")
    seller.run("suhe", "access", "show")
    _two(seller, ("suhe", "zhouning"), "access", "set", str(policy))
    asked = [seller.run("zhouning", "grant", "ask", *why, *until)["id"] for _ in range(2)]
    seller.run("zhouning", "grant", "ask", *why, *until, "--subject", people[0])
    seller.run("suhe", "grant", "refuse", asked[0])
    seller.run("suhe", "grant", "give", asked[1])
    seller.run("suhe", "training", "record", "zhouning", "privacy", *until)
    joined = seller.run("suhe", "department", "join", "zhouning", "service", *until)
    seller.run("suhe", "grant", "end", joined["id"])
    seller.run("suhe", "grant", "list")
    seen, unseen = _seen(seller, people)
    listed.write_text(f"{seen}\n{unseen}", encoding="utf-8")
    _two(seller, ("zhouning", "suhe"), "reveal-many", str(listed), *why)
    seller.run("suhe", "access", "by", "suhe")
    looks = seller.run("suhe", "access", "by", "zhouning", "--to", str(home / "account"))["looks"]
    seller.run("suhe", "access", "of", seen)
    seller.run("suhe", "access", "of", seen, "--to", str(home / "account-of"))
    made = seller.run("suhe", "token", "new", "erp", "--scope", "deals", "--until", "2026-07-31")
    seller.run("suhe", "token", "revoke", made["id"])
    seller.run("suhe", "token", "list")
    for look in (one for one in looks if one["decided"]):
        seller.run("suhe", "access", "explain", str(look["entry"]))


def _seen(seller: Recorder, people: list[str]) -> tuple[str, str]:
    """Somebody of whom something opens for service, and somebody of whom nothing does: which of them comes first is chance."""
    found: dict[bool, str] = {}
    for who in people:
        out = seller.run("zhouning", "reveal", who, "--purpose", "service", "--reason", "a case", answers=(0, 1))
        found.setdefault("error" not in out, who)
        if len(found) > 1:
            break
    return found[True], found[False]


def _accounted(seller: Recorder) -> None:
    for one in seller.run("suhe", "copy", "list")["copies"]:
        if one["unaccounted"]:
            seller.run("suhe", "copy", "account", str(one["name"]), "--state", "destroyed")


def _two(half: Recorder, people: tuple[str, str], *words: str) -> None:
    dry = half.run(people[0], *words, "--dry-run")
    kind, content = dry["would"]["approve"]
    half.run(people[1], "approve", kind, content)
    half.run(people[0], *words)


def _maps(seller: Recorder, home: Path) -> None:
    before, after = home / "datamap.yaml", home / "corrected.yaml"
    shutil.copy(before, after)
    seller.run("zhouning", "datamap", "show", str(before))
    seller.run("zhouning", "datamap", "set", str(after), "orders.order_id", "class=trade.order_id")
    seller.run("zhouning", "datamap", "diff", str(before), str(after))
    seller.run("zhouning", "datamap", "export", str(before), "--form", "art30", "--to", str(home / "record.json"))


def _wound_up(seller: Recorder, end: Path) -> None:
    _works_on(seller, "suhe", "D-2026-0004", "zhouning")
    seller.run("zhouning", "gate", "D-2026-0004")
    ended = ("deal", "wind-up", "D-2026-0004", "--keeper", "liquidation group", "--at", str(end))
    _accounted(seller)
    _two(seller, ("suhe", "zhouning"), *ended)


def _beside(seller: Recorder, people: list[str]) -> None:
    """Some of the sample's people have one telephone: somebody says that they are two."""
    for who in people:
        if records := seller.run("zhouning", "customer", who)["records"]:
            seller.run("zhouning", "record", "say", who, records[0]["subject"], "other", "--reason", "they called")
            return


def _keep(seller: Recorder, home: Path, backups: str) -> None:
    store = sqlite3.connect(home / "core.db")
    live = store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live' ORDER BY id").fetchall()
    store.close()
    held, other, *rest = [subject_text(one) for (one,) in live]
    deal, paper, said = "D-2026-0001", home / "paper.pdf", home / "answers.csv"
    paper.write_bytes(b"an assessment")
    said.write_text(f"subject,answer\n{held},consent.separate\n", encoding="utf-8")
    seller.run("zhouning", "evidence", "add", deal, "pipia.done", "--file", str(paper), answers=(0, 1, 2))
    seller.run("zhouning", "answers", deal, str(said), answers=(0, 1, 2))
    seller.run("zhouning", "evidence", "list", deal)
    _guardian(seller, deal, paper)
    _alive(seller, home, deal, other)
    seller.run("zhouning", "deal", "documents", deal)
    given = dict.fromkeys(("lawful_purpose", "effect_and_risk", "safeguards"), "assessed")
    (home / "values.json").write_text(json.dumps(given), encoding="utf-8")
    words = ("pipia", "--values", str(home / "values.json"), "--to", str(home / "papers"))
    seller.run("zhouning", "deal", "document", deal, *words)
    seller.run("zhouning", "deal", "document", deal, *words, "--file")
    seller.run("suhe", "deal", "facts", deal, str(home / "deal-facts.json"), answers=(0, 1, 2))
    _people(seller, home, deal, other)
    seller.run("zhouning", "customer", held)
    _beside(seller, rest)
    _access(seller, home, rest)
    for who in rest[:8]:
        shown = seller.run("zhouning", "reveal", who, "--purpose", "service", "--reason", "a case", answers=(0, 1))
        _correct(seller, home, who, shown)
    _override(seller, home / "own.json")
    seller.run("suhe", "recovery", "print", "--holder", "one", "--holder", "two", "--to", str(home / "sheets"))
    _escrow(seller, home)
    seller.run("suhe", "compact")
    seller.run("suhe", "vault", "check")
    seller.run("suhe", "keys", "use", "passphrase-file")
    seller.run("suhe", "keys", "show")
    seller.run("suhe", "backup", "--to", backups)
    seller.run("zhouning", "hold", "add", held, "--reason", "dispute.1")
    seller.run("zhouning", "hold", "list")
    seller.run("zhouning", "erase", held, other, "--skip-held")
    seller.run("zhouning", "hold", "release", held, "--reason", "dispute.1")
    _clocks(seller, home)
    seller.run("suhe", "backup", "--to", backups)
    for _ in range(2):
        seller.run("suhe", "drill", backups)
    shutil.rmtree(home / "vaults")
    for left in home.glob("core.db*"):
        left.unlink()
    seller.run("suhe", "restore", backups)
    seller.run("suhe", "rekey")
    _wound_up(seller, home / "end")
    seller.run("suhe", "vault", "new", "spare")
    renewal = ("vault", "renew", "--suite", "2", "--vault", "spare")
    seller.run("suhe", *renewal, "--dry-run")
    seller.run("suhe", *renewal)


def _escrow(seller: Recorder, home: Path) -> None:
    """Two holders join, get shares by two people, and try them."""
    config = home / "custody.toml"
    config.write_text(f'escrow = ["{home.parent / "escrow"}"]\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    keys = {who: home.parent / f"{who}.holder" for who in ("suhe", "zhouning")}
    for who, key in keys.items():
        seller.run(who, "recovery", "join", "--to", str(key))
    _two(seller, ("suhe", "zhouning"), "recovery", "deposit", "--holder", "suhe", "--holder", "zhouning")
    seller.run("zhouning", "recovery", "give", "--to", "suhe", "--key", str(keys["zhouning"]))
    seller.run("suhe", "recovery", "open", "--key", str(keys["suhe"]), "--dry-run")
    words = ("--escrow", str(home.parent / "escrow"), "--key", str(keys["suhe"]), "--to", str(home / "suhe.sheet.txt"))
    seller.run("suhe", "recovery", "sheet", *words)
    (root,) = (home / "keys" / "roots").glob("vlt_*")
    root.rename(home.parent / root.name)
    _two(seller, ("suhe", "zhouning"), "recovery", "open", "--key", str(keys["suhe"]))
    seller.run("suhe", "rekey")
    _two(seller, ("suhe", "zhouning"), "recovery", "attest", "--why", "its disk was shredded")


def _png() -> bytes:
    """A picture of one white point."""
    parts = (b"IHDR", bytes.fromhex("00000001000000010800000000")), (b"IDAT", zlib.compress(b"\0\xff")), (b"IEND", b"")
    chunks = (len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in parts)  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _guardian(seller: Recorder, deal: str, paper: Path) -> None:
    """Staff see a paper, and doubt it afterwards."""
    who = seller.run("suhe", "deal", "customers", deal, "--most", "1")["customers"][0]["subject"]
    name = paper.with_name("guardian.txt")
    name.write_text("欧阳监护\n", encoding="utf-8")
    words = (
        "--document",
        "birth-certificate",
        "--relation",
        "parent",
        "--name",
        str(name),
        "--paper",
        str(paper.with_name("register.png")),
    )
    paper.with_name("register.png").write_bytes(_png())
    for one in ("suhe", "zhouning"):  # that a paper was seen is the word of two
        seller.run(one, "guardian", "prove", deal, who, *words, answers=(0, 1))
    seller.run("zhouning", "guardian", "doubt", deal, who, "--reason", "the register shows another guardian")


def _alive(seller: Recorder, home: Path, deal: str, who: str) -> None:
    """Somebody is entered as dead by mistake; two people correct it."""
    listed = home / "died.csv"
    listed.write_text(f"subject,answer\n{who},person.died\n", encoding="utf-8")
    seller.run("zhouning", "answers", deal, str(listed))
    words = ("evidence", "correct", deal, who, "--reason", "another of the same name had died")
    seller.run("suhe", "approve", *seller.run("zhouning", *words, "--dry-run")["would"]["approve"])
    seller.run("zhouning", *words)


def _override(seller: Recorder, path: Path) -> None:
    """In a deal of its own a lawyer sets a rule aside for one customer and for all; the privacy officer approves; one is ended."""
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    other = seller.run("suhe", "deal", "show")["deals"][0]["counterparty"]
    deal = str(seller.run("suhe", "deal", "new", str(path), "--counterparty", other)["ref"])
    seller.run("suhe", "gate", deal)
    secret = seller.secret("songwen")
    secret.write_text("a passphrase of songwen", encoding="utf-8")
    secret.chmod(0o600)
    seller.run("suhe", "principal", "new", "songwen", "--roles", "lawyer", "--new-passphrase-file", str(secret))
    for one in ("songwen", "limo", "zhouning"):
        _works_on(seller, "suhe", deal, one)
    seller.run("suhe", "member", "end", deal, "limo", "--reason", "the data was sent")
    seller.run("suhe", "member", "list", deal)
    who = seller.run("suhe", "deal", "customers", deal, "--most", "1")["customers"][0]["subject"]
    for more in ((), ("--subject", who)):
        words = (
            "override",
            "new",
            deal,
            "CN-PROVIDE-23",
            "--reason",
            "counsel has looked at it",
            "--until",
            "2026-12-31",
            *more,
        )
        seller.run("zhouning", "approve", *seller.run("songwen", *words, "--dry-run")["would"]["approve"])
        made = seller.run("songwen", *words)
    seller.run("suhe", "override", "list", deal)
    seller.run("suhe", "gate", deal)
    for one in (deal, "D-2026-0001"):
        seller.run("suhe", "deal", "stand", one)
    seller.run("suhe", "verdict", deal, who)
    seller.run("songwen", "override", "end", deal, made["id"])
    draft = seller.home / "draft" / "cn" / "house" / "counsel.yaml"
    draft.parent.mkdir(parents=True)
    rule = Path(custody_laws.__file__).parent / "cn" / "pipl" / "18.yaml"
    draft.write_text(rule.read_text(encoding="utf-8"), encoding="utf-8")
    seller.run("songwen", "law", "sign", str(draft))


def _clocks(seller: Recorder, home: Path) -> None:
    """A policy of two people, what has run out under it, and everything that is scheduled."""
    policy = home / "policy.toml"
    policy.write_text(_POLICY, encoding="utf-8")
    told = seller.run("zhouning", "retention", "set", str(policy), "--dry-run")["approve"]
    seller.run("suhe", "approve", told["act"], told["content"])
    seller.run("zhouning", "retention", "set", str(policy))
    seller.run("zhouning", "retention", "plan")
    seller.run("zhouning", "retention", "run")
    seller.run("zhouning", "suppress", "add", "13800138000", "--reason", "asked.1")
    seller.run("zhouning", "suppress", "check", "13800138000")
    seller.run("zhouning", "suppress", "list")
    seller.run("zhouning", "suppress", "lift", "13800138000", "--reason", "asked.2")
    (root,) = (home / "keys" / "roots").glob("pty_*")
    root.rename(home.parent / root.name)
    _two(seller, ("suhe", "zhouning"), "suppress", "renew", "--why", "its disk burnt")
    seller.run("suhe", "due", "--dry-run")
    seller.run("suhe", "due", answers=(0, 1))


def _in_britain(home: Path, who: str) -> None:
    """The company learns that this customer lives there now."""
    store = sqlite3.connect(home / "core.db")
    with store:
        (kept,) = store.execute("SELECT facts FROM subject WHERE id = ?", (subject_bytes(who),)).fetchone()
        told = canonical.encode({**json.loads(kept), "residence": "GB"})
        store.execute("UPDATE subject SET facts = ? WHERE id = ?", (told, subject_bytes(who)))
    store.close()


def _people(seller: Recorder, home: Path, deal: str, other: str) -> None:
    _in_britain(home, other)  # the one law that ships with a clock that may stop
    asked = ("--kind", "copy", "--channel", "desk", "--proof", "in-person")
    made = str(seller.run("zhouning", "request", "new", deal, other, *asked)["ref"])
    seller.run("zhouning", "request", "show", made)
    seller.run("zhouning", "request", "grounds", made)
    seller.run(
        "zhouning", "request", "clock", made, "--step", "pause", "--why", "Which account is it?", "--told", "letter"
    )
    seller.run("zhouning", "request", "clock", made, "--step", "resume", "--why", "Answered", "--told", "letter")
    sealed = ("--to", str(home / "copy.zip.age"), "--passphrase-to", str(home / "copy.pass"))
    seller.run("zhouning", "request", "answer", made, *sealed)
    seller.run("zhouning", "request", "close", made, "--state", "granted")
    seller.run("zhouning", "request", "list", "--to", str(home / "requests.csv"))
    _fresh(seller, home)
    asked = ("--kind", "access", "--channel", "desk", "--proof", "in-person")
    made = str(seller.run("zhouning", "request", "new", deal, other, *asked)["ref"])
    seller.run("zhouning", "work", "assign", made, "--to", "zhouning")
    seller.run("zhouning", "work", "list")
    seller.run("suhe", "openness", "--to", str(home / "openness.html"))
    link = seller.run("zhouning", "link", "new", deal, other, "--channel", "email")["link"]
    seller.run("zhouning", "link", "revoke", deal, link)
    seller.run("suhe", "deal", "tell", deal, "--closing-on", "2026-12-31")
    seller.run("zhouning", "consent-record", deal, other)
    seller.run("zhouning", "receipts", deal, other, "--to", str(home / "receipts"))


def _fresh(seller: Recorder, home: Path) -> None:
    """What a review doubts, one of it kept, and a policy that two people sign."""
    seller.run("zhouning", "freshness", "review")
    doubts = seller.run("zhouning", "freshness", "list")["doubts"]
    for one in doubts[:1]:
        place = ("--table", one["table"], "--row", str(one["row"]), "--column", one["column"])
        seller.run("zhouning", "freshness", "keep", one["subject"], *place, "--reason", "looked at")
    policy = home / "freshness.toml"
    policy.write_text(Path(corrections.__file__).with_suffix(".toml").read_text(encoding="utf-8"), encoding="utf-8")
    told = seller.run("zhouning", "freshness", "set", str(policy), "--dry-run")
    seller.run("suhe", "approve", *told["would"]["approve"])
    seller.run("zhouning", "freshness", "set", str(policy))
    seller.run("zhouning", "freshness", "show")
    _asked(seller)
    _corrections(seller, home)


def _asked(seller: Recorder) -> None:
    """The yearly question, of a copy of the company on whose clock a year has gone by."""
    aside = Path(shutil.copytree(seller.home, seller.home.with_name("yearly")))
    with wiring.desk(aside, "zhouning", aside / "keys" / "principals" / "zhouning.pass") as desk:
        desk.clock.advance(timedelta(days=400))  # type: ignore[attr-defined] # a rehearsal's clock
        deal = str(deal_list(desk, closed=None, most=1, start=0)["deals"][0]["ref"])  # type: ignore[index, call-overload] # as it answers
        given = {"sender": "privacy@shop.example", "pages": "https://you.shop.example"}
        seller.seen.append(("freshness ask", dict(freshness_ask(desk, deal, given))))


def _corrections(seller: Recorder, home: Path) -> None:
    """One correction that the old telephone proves, and one that is taken back; processors that are told."""
    seller.run("zhouning", "copy", "declare", "短信平台", "--kind", "processor", "--purposes", "service")
    (home / "corrected.txt").write_text("13987654321", encoding="utf-8")
    for who in _in_list(home):
        words = ("correction", "new", who, "--table", "会员", "--column")
        given = (
            "--value-file",
            str(home / "corrected.txt"),
            "--channel",
            "desk",
            "--proof",
            "in-person",
            "--code-to",
            str(home / "code.txt"),
        )
        made = seller.run("zhouning", *words, "手机号", *given, answers=(0, 1, 2))
        if "error" not in made:
            break
    done = seller.run("suhe", "correction", "prove", made["id"], "--code-file", str(home / "code.txt"))
    way = ("--relay", "127.0.0.1:25", "--security", "none", "--sender", "privacy@shop.example")
    seller.run("suhe", "correction", "warn", *way, "--contact", "0571-1234567")  # the old number waits for a gateway
    seller.run("suhe", "correction", "warned")
    seller.run("zhouning", "correction", "acknowledge", done["id"], "--name", "短信平台")
    seller.run("zhouning", "correction", "undo", done["id"], "--reason", "it was not her")
    seller.run("zhouning", "correction", "list")


def _campaign(seller: Recorder, home: Path, deal: str) -> None:
    """As far as it goes without a mail relay."""
    (home / "notice.txt").write_text(
        "Your information. {contents}\n{handler.contact: privacy@shop.example} {recipient.contact: privacy@buyer.example} {method: storing and using} {necessity: refunds} {effect_on_rights: encrypted} {recipient.address: 1 Lakeside Road, Hangzhou} {recipient.telephone: +86 571 5550 0100} {refusal.method: on your page}",
        encoding="utf-8",
    )
    (home / "returned").mkdir()
    words = (
        "--sender",
        "privacy@shop.example",
        "--title",
        "Notice",
        "--text",
        str(home / "notice.txt"),
        "--pages",
        "https://you.shop.example",
    )
    made = seller.run("zhouning", "campaign", "new", deal, *words)
    ref = str(made["campaign"])
    way = ("--relay", "127.0.0.1:9", "--security", "none")
    made = seller.run("zhouning", "campaign", "relay", ref, *way)
    seller.run("suhe", "approve", *made["approve"])
    seller.run("zhouning", "campaign", "preview", ref)
    seller.run("zhouning", "campaign", "send", ref, *way)
    seller.run("zhouning", "campaign", "settle", ref)
    seller.run("zhouning", "campaign", "bounces", ref, str(home / "returned"))
    seller.run("zhouning", "campaign", "letters", ref, "--to", str(home / "letters.csv"))
    seller.run("zhouning", "campaign", "pace", ref, "--per-day", "50")
    letters, proof = str(home / "letters"), str(home / "notice.txt")
    on = str(seller.run("zhouning", "campaign", "list")["campaigns"][0]["made_at"])[:10]
    seller.run("zhouning", "campaign", "print", ref, "--to", letters, "--batch", "40")
    seller.run("zhouning", "campaign", "post", ref, "--on", on, "--proof", proof)
    seller.run("zhouning", "campaign", "show", ref)
    _published(seller, home, deal)
    seller.run("zhouning", "campaign", "list")


def _published(seller: Recorder, home: Path, deal: str) -> None:
    """As if those who got letters lived in Korea, and every letter had come back."""
    seller.run("zhouning", "publication", "list")
    with sqlite3.connect(home / "core.db") as store:
        store.execute("UPDATE sending SET state = 'bounced', reply = 'returned' WHERE state = 'posted'")
        words = "SELECT id, facts FROM subject WHERE id IN (SELECT subject FROM sending WHERE reply = 'returned')"
        before = store.execute(words).fetchall()
        told = [(canonical.encode({**json.loads(facts), "residence": "KR"}), who) for who, facts in before]
        store.executemany("UPDATE subject SET facts = ? WHERE id = ?", told)
    words = (
        "--place",
        "website",
        "--where",
        "https://shop.example/notice",
        "--from",
        "2026-03-02",
        "--text",
        str(home / "notice.txt"),
    )
    ref = str(seller.run("zhouning", "publication", "new", deal, *words)["publication"])
    seller.run("zhouning", "publication", "list")
    ending = ("publication", "end", ref, "--until", "2026-04-02", "--proof", str(home / "notice.txt"))
    seller.run("suhe", "approve", *seller.run("zhouning", *ending, "--dry-run")["would"]["approve"])
    seller.run("zhouning", *ending)
    with sqlite3.connect(home / "core.db") as store:
        store.executemany("UPDATE subject SET facts = ? WHERE id = ?", [(facts, who) for who, facts in before])


def _correct(seller: Recorder, home: Path, who: str, shown: Out) -> None:
    """Look one person up by a value that is on file, and correct another."""
    value = home / "value.txt"
    for table in shown.get("tables", ()):
        row = table["rows"][0]
        number = next((text for text in row.values() if text and text.isdigit() and len(text) == _PHONE), None)
        if table["name"] == "会员" and number:
            value.write_text(number, encoding="utf-8")
            seller.run("zhouning", "lookup", "--value-file", str(value), answers=(0, 1, 2))
            told = ("--table", table["name"], "--column", next(name for name, text in row.items() if text == number))
            value.write_text("13800138000", encoding="utf-8")
            words = ("revise", who, *told, "--value-file", str(value), "--reason", "typo")
            would = seller.run("zhouning", *words, "--dry-run")["would"]
            if isinstance(would, dict):  # a guardian's number is of no high risk, and is one person's to mend
                seller.run("suhe", "approve", *would["approve"])
            seller.run("zhouning", *words)


def _standing(seller: Recorder, where: Path) -> None:
    ref = seller.run("suhe", "deal", "show")["deals"][0]["ref"]
    for words in (
        ("deal", "stand", ref),
        ("deal", "asks", ref),
        ("ledger", "list"),
        ("principal", "list"),
        ("vault", "list"),
    ):
        seller.run("suhe", *words)
    listed = seller.run("suhe", "deal", "customers", ref, "--verdict", "withhold", "--most", "3")["customers"]
    for one in listed:
        seller.run("suhe", "verdict", ref, one["subject"])
    seller.run("suhe", "statement", ref, "gate", "--to", str(where / "gate.json"))
    seller.run("suhe", "approvals", "release", "sha256:" + 64 * "0")
    seller.run("zhouning", "approve", "release", "sha256:" + 64 * "0")
    seller.run("suhe", "approvals", "release", "sha256:" + 64 * "0")
    (where / "new.pass").write_text("another passphrase of limo", encoding="utf-8")
    (where / "new.pass").chmod(0o600)
    (where / "leaver.pass").write_text("a passphrase of whoever leaves", encoding="utf-8")
    (where / "leaver.pass").chmod(0o600)
    seller.run(
        "suhe", "principal", "new", "leaver", "--roles", "auditor", "--new-passphrase-file", str(where / "leaver.pass")
    )
    seller.run("suhe", "principal", "end", "leaver")
    seller.run("limo", "principal", "passphrase", "--new-passphrase-file", str(where / "new.pass"))


_POLICY = """
notice_days = 9
[[rule]]
retention = "relation"
start = "sealed"
law = ["CN-DEL-47"]
"""
_PHONE = 11
_PAIRS = (("seller", "buyer"), ("buyer", "seller"))
_CLOCK = ("AU-NDB", "--event", "suspected", "--start", "2026-04-20T02:00:00Z")


def observed(folder: Path, customers: int = 240) -> dict[str, Shape]:
    """Verb -> shape."""
    found: dict[str, Shape] = {}
    for deal in DEALS:
        for name, out in played(folder, deal, customers):
            found[name] = merge(found.get(name, ""), shape({key: value for key, value in out.items() if key != "v"}))
    return found


def main() -> int:
    """Play and write; returns the exit code. What earlier plays saw is widened, never narrowed: readers rely on it (delete the file to begin anew)."""
    known = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        found = observed(Path(folder))
    found = {name: merge(known.get(name, ""), told) for name, told in found.items()}
    TARGET.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", encoding="utf-8")
    silent = sorted(set(NAMES) - set(found) - APART)
    sys.stderr.write(f"nobody ran: {', '.join(silent)}\n" if silent else "")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
