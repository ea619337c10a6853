"""E5: long lists are found and paged by the store: what the address asks for is what the page shows, in both languages."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from custody import wiring
from custody.law.gate import VERDICTS
from custody.services.deal_due import deal_due
from custody.services.deal_plan import deal_plan
from custody.services.deal_stand import deal_stand
from custody.services.evidence_when import evidence_when
from custody.services.law_source import law_source
from custody.services.verdict_show import verdict_show
from tests.web.company import DEAL, Company
from tests.web.visitor import Visitor

BOARD = 10  # deals on a page


@pytest.fixture(scope="module")
def visitor(seller: Company, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """An auditor, who reads every list; nobody else signs in as this one."""
    secret = tmp_path_factory.mktemp("reader") / "secret"
    secret.write_text("a passphrase of the reader", encoding="utf-8")
    secret.chmod(0o600)
    seller.told("suhe", "principal", "new", "reader", "--roles", "auditor", "--new-passphrase-file", secret)
    made = Visitor(seller.served.base)
    made.sign_in("reader", "a passphrase of the reader")
    return made


def lines(page: str) -> list[str]:
    """The rows of the page's first table, as text."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in body.split("<tr>")[1:]]


def walk(visitor: Visitor, path: str) -> list[str]:
    """The rows of a list from its first page to its last."""
    found, page = list[str](), visitor.get(path)
    while True:
        found += lines(page)
        further = re.search(r'<a rel="next" href="(\?[^"]+)"', page)
        if further is None:
            return found
        page = visitor.get(path.partition("?")[0] + unescape(further[1]))


def told(visitor: Visitor, path: str) -> list[list[str]]:
    """The same list as a sheet, without its head."""
    return list(csv.reader(io.StringIO(visitor.get(f"{path}{'&' if '?' in path else '?'}as=csv").lstrip("\ufeff"))))[1:]


def test_e5_the_ledger_is_gone_through_and_searched(visitor: Visitor, seller: Company):
    """Page by page every entry once; by a word of either language, by who, by both; nothing for what nobody did."""
    whole = walk(visitor, "/ledger")
    size = int(seller.told("suhe", "ledger", "list", "--most", "1")["size"])
    assert len(whole) == len(set(whole)) >= size
    some = walk(visitor, f"/ledger?q={quote('person was added'.replace(' ', '+'), safe='+')}")
    assert (
        some
        == walk(visitor, f"/ledger?q={quote('添加操作人')}")
        == [one for one in whole if "A person was added" in one]
    )
    assert some
    mine = [one for one in whole if one.endswith(" suhe")]
    assert walk(visitor, "/ledger?q=SUHE") == mine
    whats = {one: re.findall(r"\d\d:\d\d (.+) suhe$", one)[0].lower() for one in mine}
    words = whats[mine[0]].split()
    assert walk(visitor, f"/ledger?q=suhe+{quote(whats[mine[0]])}") == [one for one in mine if all(word in whats[one] for word in words)]  # fmt: skip
    assert lines(visitor.get("/ledger?q=nothing-is-called-so")) == ["No such entries."]


def test_e5_customers_under_a_verdict_are_gone_through_and_found_by_their_id(visitor: Visitor):
    """The pages are the sheet; the beginning of an id finds whose it is, and nobody of another verdict."""
    path = f"/deals/{DEAL}/verdicts?verdict="
    sheets = {one: [row[0] for row in told(visitor, path + one)] for one in VERDICTS}
    verdict = max(sheets, key=lambda one: len(sheets[one]))
    sheet, path = sheets[verdict], path + verdict
    assert [one.split()[0] + one.split()[1] for one in walk(visitor, path)] == [one[4:] for one in sheet]
    for one in sheet[:3]:
        (found,) = walk(visitor, f"{path}&q={one}")
        assert found.replace(" ", "").startswith(one[4:])
    for other in {*VERDICTS} - {verdict}:
        found = walk(visitor, f"/deals/{DEAL}/verdicts?verdict={other}&q={sheet[0]}")
        assert any(sheet[0][4:12] in one for one in found) == (sheet[0] in sheets[other])


def test_e5_people_and_deals_are_found_by_what_they_are_called(visitor: Visitor):
    """By handle and by role in either language; a deal by its reference and by the other party's name."""
    everybody = walk(visitor, "/people")
    assert [one for one in everybody if "suhe" in one] == walk(visitor, "/people?q=SUHE")
    lawyers = walk(visitor, f"/people?q={quote('律师')}")
    assert lawyers == walk(visitor, "/people?q=lawyer") == [one for one in everybody if "Lawyer" in one]
    assert lawyers
    deals = walk(visitor, "/")
    (named,) = (one for one in deals if DEAL in one)
    assert walk(visitor, f"/?q={DEAL}") == [named]
    buyer = re.search(r"→ (\S+)", named)
    assert buyer is not None
    assert named in walk(visitor, f"/?q={quote(buyer[1][:2])}")
    assert DEAL not in "".join(walk(visitor, "/?q=%25"))


def _asked(page: str) -> list[str]:
    """What somebody asked this reader to confirm, as the board lists it: other tests of this company ask too."""
    section = page.partition('aria-labelledby="ak"')[2].partition("</section>")[0]
    return re.findall(r'<b><a href="[^"]*">(\S+)', section)


def test_e5_deals_that_wait_for_somebody_or_are_blocked_are_found_among_all(seller: Company):
    """What the filters of the board show, over all its pages, are those of every open deal that are so, the oldest too."""
    for place in ("HK", "TW", "SG", "JP", "KR", "DE", "FR", "UK", "CH", "US", "CA"):
        seller.deal(deal={"structure": "merger"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": place})
    lawyer = seller.visitor("songwen")
    refs = [_ref(one) for one in walk(lawyer, "/?show=open")]
    assert len(refs) > BOARD
    home = seller.where / "seller"
    with wiring.desk(home, "songwen", home / "keys" / "principals" / "songwen.pass") as desk:
        stands = {ref: deal_stand(desk, wiring.laws_of(home), ref) for ref in refs}
    acts = {ref: one["next"] for ref, one in stands.items() if one["next"]}
    mine = [ref for ref, step in acts.items() if "lawyer" in step["roles"]]
    stuck = [ref for ref, step in acts.items() if step["act"] in {gate["stage"] for gate in stands[ref]["gates"]}]
    assert [_ref(one) for one in walk(lawyer, "/?show=mine")] == mine
    assert [_ref(one) for one in walk(lawyer, "/?show=stuck") if "No deals here" not in one] == stuck
    assert mine
    assert len(mine) < len(refs)
    for page in ("/", "/?show=stuck", "/?show=open&page=2", f"/?q={refs[0]}"):
        body = lawyer.get(page)
        assert f"{len(mine) + sum(ref not in mine for ref in _asked(body))} waiting for you" in body


def test_c1_each_deal_of_the_board_names_the_clock_that_ends_first(seller: Company):
    """Of what is still to be done: late, at once or by date; what is met has no clock any more, and nobody else's deal counts."""
    seller.deal(
        deal={"structure": "asset_deal"}, seller={"jurisdiction": "CN", "entity_kind": "general"}, buyer={"jurisdiction": "CN"},
        event={"kind": "incident", "identifiability": "identifiable"},
        incident={"discovered_at": "2026-03-01T08:00:00+08:00", "severity": "larger", "cii_involved": False},
    )  # fmt: skip
    home, reader = seller.where / "seller", seller.visitor("zhouning")
    heads, *rows = reader.sheet("/")
    ref, due_at = heads.index("Reference"), next(n for n, head in enumerate(heads) if str(head).startswith("Next due"))
    board = {row[ref]: row[due_at] for row in rows}
    with wiring.desk(home, "suhe", home / "keys" / "principals" / "suhe.pass") as desk:
        for ref, shown in board.items():
            plan = deal_plan(desk, wiring.laws_of(home), ref)
            met = {duty["rule"] for duty in plan["duties"] if duty["state"] == "met"}
            due = deal_due(desk, wiring.laws_of(home), ref)["due"]
            live = [one for one in due if one["state"] in {"overdue", "at-once", "running"} and one["rule"] not in met]
            assert shown == (_in_zone(live[0]) if live else "–"), ref
    assert {*board.values()} - {"–"}


def _in_zone(one: Mapping[str, str]) -> str:
    """When it ends, as a reader in China has it."""
    if one["state"] == "at-once":
        return "At once"
    return f"{datetime.fromisoformat(one['due_at']).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"


def test_c3_a_verdict_cites_its_law_and_dates_its_evidence(seller: Company):
    """Each rule on the page with the day of its text and, where it is known, a link to it that tells nobody where it was followed; each paper with its entry."""
    home, reader = seller.where / "seller", seller.visitor("zhouning")
    subject = seller.told("suhe", "deal", "customers", DEAL, "--verdict", "withhold", "--most", "1")["customers"][0][
        "subject"
    ]
    page = reader.get(f"/deals/{DEAL}/customers/{subject}")
    laws = wiring.laws_of(home)
    shown = re.findall(r'<span class="more mono tiny">([^<]+)</span>', page)
    with wiring.desk(home, "suhe", home / "keys" / "principals" / "suhe.pass") as desk:
        one, when = verdict_show(desk, laws, DEAL, subject), evidence_when(desk, DEAL, subject)["kinds"]
    reasons = {reason["rule"]: reason["reference"] for row in one["verdicts"] for reason in row["reasons"]}
    told = {rule: law_source(laws, rule, reasons[rule]) for rule in shown}
    assert told
    for found in told.values():
        assert not found["url"] or f'href="{found["url"]}" rel="noreferrer">' in page
    assert page.count("in force since") == sum(1 for rule, found in told.items() if found["from"] and reasons[rule])
    held = set.intersection(*(set(row["evidence"]) for row in one["verdicts"]))
    assert all(
        f"Ledger #{when[kind]['ledger']:,}" in page or f"Ledger #{when[kind]['ledger']}" in page
        for kind in held & when.keys()
    )


def _ref(line: str) -> str:
    found = re.search(r"D-\d{4}-\d{4}", line)
    return found[0] if found else ""


@pytest.mark.parametrize(
    "path", ["/?page=0", "/?page=999999", "/people?page=x", "/ledger?before=-1", "/ledger?before=0", "/ledger?q=9999-13",
             f"/deals/{DEAL}/verdicts?after=1.2", f"/deals/{DEAL}/verdicts?after=9.9.9999",
             "/requests?page=7&q=%F0%9F%92%A9", "/requests?q=0000-00-00", "/ledger?q=2026-02-31+9999"],
)  # fmt: skip
def test_e5_an_address_that_nobody_made_is_answered(visitor: Visitor, path: str):
    """A place beyond the list, or none, is an empty page or the first."""
    visitor.get(path)
    assert visitor.status == 200


def test_e5_the_box_takes_no_value_of_a_customer(visitor: Visitor):
    """What looks like a telephone or identity number, or an e-mail address, does not get into an address."""
    for path in ("/", "/people", "/ledger"):
        (pattern,) = re.findall(r'name="q"[^>]* pattern="([^"]+)"', visitor.get(path))
        refused = ("13800138000", "wang@example.cn", "a 440301199001011234", "138 0013800138")
        assert not any(re.fullmatch(unescape(pattern), one) for one in refused)
        assert all(re.fullmatch(unescape(pattern), one) for one in (DEAL, "2026-11-26 suhe", "放行", ""))
