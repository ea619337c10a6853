"""B2: consents of before become records after ISO/IEC TS 27560; silence never counts, what is no evidence is quarantined by line and reason."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from custody.acts.consent_lines import QUESTIONS, REASONS, Line, Reading, chosen, read
from custody.acts.holdings import holdings_of
from custody.acts.said import WORDS
from custody.acts.vaults import sha256
from custody.adapters.sources.opener import FileOpener
from custody.base import ids
from custody.services.answers_take import answers_take
from custody.services.consent_import import consent_import
from custody.services.consent_record import consent_record
from custody.services.request_close import request_close
from custody.web.console.catalogue import entries
from tests.line.conftest import act
from tests.line.test_releases import read_card
from tests.portal.answering import ROOT, answer, child, evidence
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.consent_lists import ASKED, listed, vouched
from tests.portal.passed_on import buyer
from tests.portal.somebody import NUMBER, PHONE, refused, values
from tests.portal.tokens import token

BY = Reading({}, None, datetime(2026, 1, 1, tzinfo=UTC), frozenset(("marketing",)))


def taken(where: Path, data: bytes, texts: bytes = b"", zone: str = "") -> dict:
    vouched(where, data, texts, zone)
    with at(where, "zhouning") as desk:
        return dict(consent_import(desk, laws(where), DEAL, data, texts, zone))


def records(where: Path, who: str) -> dict[str, dict]:
    with at(where, "zhouning") as desk:
        return {one["processing"]["question"]: one for one in consent_record(desk, DEAL, who)["records"]}


def agreed(where: Path) -> str:
    """What a consent to the hand-over has to say: who would receive."""
    return f"我同意把我的信息交给{read_card(where, 'buyer').name_zh}。"


def test_b2_a_consent_of_before_is_a_record_and_what_the_gate_reads(played: Path):
    """Given, then withdrawn: two events at their own times, signed, of the schema; the gate reads the later one; the list again changes nothing."""
    who = somebody(played, lacks=("objection", "consent.refused", "withdrawal", "consent.marketing"))
    data = listed(
        {"subject": who, "act": "已撤回", "at": "2025-01-02 08:00:00", "channel": "电话"},
        {"subject": who, "act": "同意", "purposes": "marketing"},
    )
    told = taken(played, data, zone="Asia/Shanghai")
    assert (told["lines"], told["taken"], told["on_file"], told["quarantined"]) == (2, 2, 0, 0)
    record = records(played, who)["consent.marketing"]
    jsonschema.validate(record, json.loads((ROOT / "spec" / "consent.schema.json").read_text(encoding="utf-8")))
    assert [(one["event_state"], one["event_time"][:19], one["expression"]) for one in record["events"]] == [
        ("given", "2024-05-01T10:00:00", "button"), ("withdrawn", "2025-01-02T00:00:00", "phone"),
    ]  # fmt: skip
    assert {one["evidence_sha256"] for one in record["events"]} == {told["list"]}
    assert {(one["notice"], *one["proof"]) for one in record["events"]} == {(ASKED["text"], "imported")}
    assert {kind for _, kind in evidence(played, who)} & {"withdrawal", "consent.marketing"} == {"withdrawal"}
    again = taken(played, data, zone="Asia/Shanghai")
    assert (again["taken"], again["on_file"], again["quarantined"], again["ledger"]) == (0, 2, 0, None)
    assert len(records(played, who)["consent.marketing"]["events"]) == 2


WRONG = [
    ("nobody", {"subject": ids.subject_text(bytes(16))}), ("nobody", {"customer": "QH-NOBODY-AT-ALL"}), ("nobody", {}),
    *[("silence", {"act": word}) for word in ("", "silence", "默认", "视为同意", "No Response", "pre-ticked")],
    ("act", {"act": "perhaps"}), ("question", {"question": "consent.refused"}), ("question", {"question": "objection"}),
    ("time", {"at": "2024-05-01"}), ("time", {"at": "yesterday"}), ("zone", {"at": "2024-05-01 10:00"}), ("future", {"at": "2999-01-01T00:00:00Z"}),
    ("time", {"at": "0001-01-01T00:00:00+14:00"}), ("version", {"version": ""}), ("version", {"version": "a b"}), ("text", {"text": ""}),
    ("language", {"language": "fr"}), ("channel", {"channel": "telepathy"}), ("purpose", {"purposes": "marketing;world-peace"}),
    ("recipient", {"question": "consent.separate", "version": "s1"}), ("guardian", {"relation": "friend", "guardian": "王"}),
    ("guardian", {"relation": "parent"}),
]  # fmt: skip


def asked(where: Path, who: str) -> list[tuple[str, str, str]]:
    """(channel, how the person is known, state) of the withdrawals that somebody has to see to."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        rows = tx.find("request", order=("ref",), subject=ids.subject_bytes(who), kind="withdraw_consent")
        return [(str(row["channel"]), str(row["proof"]), str(row["state"])) for row in rows]


def test_b4_a_consent_taken_back_by_list_is_seen_to_by_somebody(played: Path):
    """It opens one request, which ends by that answer though another consent stands; the list again opens none, nor one that was agreed to anew."""
    other = ("objection", "consent.refused", "withdrawal", "consent.marketing")
    who, again, never = list(everybody(played, "notice.delivered", "consent.separate", lacks=other))[:3]
    back = {"act": "withdrawn", "at": "2025-01-02T08:00:00Z"}
    data = listed(
        {"subject": who}, {"subject": who, **back}, {"subject": again}, {"subject": again, **back},
        {"subject": again, "at": "2025-06-01T08:00:00Z"}, {"subject": never, "act": "refused"},
    )  # fmt: skip
    assert taken(played, data)["taken"] == 6
    assert "consent.separate" in {kind for _, kind in evidence(played, who)}
    assert [asked(played, one) for one in (who, again, never)] == [[("list", "imported", "open")], [], []]
    taken(played, data)
    assert len(asked(played, who)) == 1
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        (row,) = tx.find("request", subject=ids.subject_bytes(who), kind="withdraw_consent")
    with at(played, "zhouning") as desk:
        closed = request_close(desk, laws(played), str(row["ref"]), "granted", "")
    assert closed["state"] == "granted"
    taken(played, data)
    assert [state for _, _, state in asked(played, who)] == ["granted"]
    later = listed({"subject": who, "act": "refused", "at": "2025-02-02T08:00:00Z"})
    taken(played, later)
    assert [state for _, _, state in asked(played, who)] == ["granted", "open"]


def test_b2_each_line_that_is_no_evidence_is_quarantined_by_its_reason(played: Path):
    """Every kind of fault beside one whole line: that one is taken, each other is told by line and reason, and nothing of it is kept or told."""
    who = somebody(played, lacks=("consent.marketing", "consent.refused", "withdrawal"))
    before = evidence(played, who)
    data = listed(
        {"subject": who}, *({"subject": "" if reason == "nobody" else who, **fault} for reason, fault in WRONG)
    )
    told = taken(played, data)
    assert (told["taken"], told["quarantined"], told["lines"]) == (1, len(WRONG), len(WRONG) + 1)
    assert [(one["line"], one["reason"]) for one in told["quarantine"]] == [
        (line, reason) for line, (reason, _) in enumerate(WRONG, start=3)
    ]
    assert sum(told["reasons"].values()) == told["quarantined"]
    assert evidence(played, who) - before == {(-1, "consent.marketing")}
    assert ASKED["text"] not in json.dumps(told, ensure_ascii=False)
    assert set(told["reasons"]) <= set(REASONS)


def test_b2_a_version_is_one_text(played: Path):
    """Words that differ under one version are nobody's words for all; a version's words may come apart, once, and a line may not say others."""
    one, other = (
        who
        for who, _ in zip(
            everybody(played, lacks=("consent.marketing", "consent.refused", "withdrawal")), range(2), strict=False
        )
    )
    told = taken(played, listed({"subject": one}, {"subject": other, "text": "王先生，我们可以给您发推广吗？"}))
    assert told["quarantine"] == [{"line": 3, "reason": "text"}]
    texts = b"version,language,text\nm2,en,May we write to you?\n"
    told = taken(
        played,
        listed(
            {"subject": other, "version": "m2", "text": "", "language": ""},
            {"subject": other, "version": "m2", "at": "2024-06-01T00:00:00Z"},
        ),
        texts,
    )
    assert told["quarantine"] == [{"line": 3, "reason": "text"}]
    (event,) = records(played, other)["consent.marketing"]["events"]
    assert (event["notice"], event["language"], event["wording"]) == ("May we write to you?", "en", "own.m2")


def test_b2_nothing_older_takes_the_place_of_a_later_answer(played: Path):
    """What somebody said on their own page since stands, whatever a list of before says; and an older yes never undoes a no that came by list."""
    who = somebody(played, "notice.delivered", "consent.separate", lacks=("consent.refused", "objection", "withdrawal"))
    answer(played, token(played, who), "consent.separate", "withdrawn")
    told = taken(
        played, listed({"subject": who, "question": "consent.separate", "version": "s1", "text": agreed(played)})
    )
    assert told["reasons"] == {"older": 1}
    assert "withdrawal" in {kind for _, kind in evidence(played, who)}
    no = somebody(played, "notice.delivered", "consent.separate", lacks=("consent.refused", "objection", "withdrawal"))
    with at(played, "zhouning") as desk:
        answers_take(desk, laws(played), DEAL, f"subject,answer\n{no},consent.refused\n".encode())
    before = evidence(played, no)
    told = taken(
        played, listed({"subject": no, "question": "consent.separate", "version": "s1", "text": agreed(played)})
    )
    assert told["reasons"] == {"older": 1}
    assert evidence(played, no) == before


def test_b2_a_child_agrees_by_a_guardian_alone(played: Path):
    """Without guardian and relation a yes of before is quarantined; with both it is taken, and no name stands in the record."""
    who = child(played)
    line = {"subject": who, "at": "2026-03-01T00:00:00Z"}
    assert taken(played, listed(line))["reasons"] == {"guardian": 1}
    told = taken(played, listed({**line, "guardian": "欧阳监护", "relation": "parent"}))
    if "older" not in told["reasons"]:
        record = records(played, who)["consent.marketing"]
        assert record["events"][-1]["entity"] == {"capacity": "guardian", "relation": "parent"}
        assert "欧阳监护" not in json.dumps(record, ensure_ascii=False)


def test_b2_a_person_is_found_by_their_number_and_the_command_tells_the_same(played: Path, tmp_path: Path):
    """By the number of a customer, by command; whoever may not is refused, and the buyer does not record what was said to the seller."""
    with at(played, "zhouning") as desk:
        who = next(
            one
            for one in everybody(played, lacks=("consent.marketing", "consent.refused", "withdrawal"))
            if len(values(desk, one).get(NUMBER, ())) == 1
        )
        (number,) = values(desk, who)[NUMBER]
    file = tmp_path / "consents.csv"
    file.write_bytes(listed({"customer": number}, {"customer": number, "act": "silence"}))
    code, alone = act(played, "seller", "zhouning", "consent-import", DEAL, file)
    assert (code, alone["taken"], alone["reasons"]) == (0, 0, {"second": 1, "silence": 1})
    assert act(played, "seller", "suhe", "approve", *alone["approve"])[0] == 0
    code, told = act(played, "seller", "zhouning", "consent-import", DEAL, file)
    assert (code, told["taken"], told["quarantine"]) == (0, 1, [{"line": 3, "reason": "silence"}])
    assert number not in json.dumps(told)
    assert set(records(played, who)) >= {"consent.marketing"}
    with at(played) as desk:
        assert refused(lambda: consent_import(desk, laws(played), DEAL, file.read_bytes())) == "act.role"
    with buyer(played) as desk:
        assert refused(lambda: consent_import(desk, laws(played), DEAL, file.read_bytes())) in {
            "consents.side",
            "act.role",
        }


@pytest.mark.parametrize(
    ("data", "texts", "zone", "slug"),
    [
        (b"\xff\xfe", b"", "", "consents.form"), (b"", b"", "", "consents.form"), (b"subject,act\n", b"", "", "consents.form"),
        (b'subject,question,act,at,version,channel\n"', b"", "", "consents.form"), (listed(), b"version\nm1\n", "", "consents.texts"),
        (listed(), b"version,language,text\nm1,en,a\nm1,en,b\n", "", "consents.texts"), (listed(), b"", "Mars/Base", "consents.zone"),
        (listed(), b"", "../etc", "consents.zone"),
    ],
)  # fmt: skip
def test_b2_a_list_that_is_none_takes_nothing(played: Path, data: bytes, texts: bytes, zone: str, slug: str):
    """A file that is no such list is refused whole, and says what it needs."""
    assert refused(lambda: taken(played, data, texts, zone)) == slug


def test_b2_every_question_of_consent_can_be_imported():
    """The questions are all that a yes can be; a no, an objection and a notice are no question."""
    assert {"consent.separate", "consent.marketing", "consent.guardian"} <= set(QUESTIONS)
    assert {"permission.hipaa", "permission.sale"} <= set(QUESTIONS)
    others = {
        "consent.refused",
        "consent.refused.sensitive",
        "objection",
        "objection.period",
        "withdrawal",
        "person.died",
    }
    assert not set(QUESTIONS) & (others | {code for code in WORDS if code.startswith("notice.")})


CHINESE = "客户编号,事项,行为,时间,版本,原文,语言,渠道\r\n{who},consent.marketing,同意,2024-05-01T10:00:00Z,m1,我们可以给您发推广短信和邮件吗？,中文,门店\r\n"
ASCII = "subject,question,act,at,version,text,language,channel\r\n{who},consent.marketing,given,2024-05-01T10:00:00Z,m1,我们可以给您发推广短信和邮件吗？,zh,web\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(("heads", "apart"), [(CHINESE, ","), (ASCII, "\t"), (CHINESE, ";")])
def test_b2_a_list_is_read_in_whatever_encoding_it_came(encoding: str, heads: str, apart: str):
    """As spreadsheets save it, parted by comma, tab or semicolon: each word that was shown is the word that is kept."""
    data = heads.format(who=ids.subject_text(bytes(16))).replace(",", apart).encode(encoding)
    (line,) = read(chosen(FileOpener().texts(data), "consents.form"), BY)
    assert isinstance(line, Line)
    assert (line.text, line.act, line.language) == ("我们可以给您发推广短信和邮件吗？", "given", "zh")


def test_b2_gb18030_reaches_the_record(played: Path):
    """The list that Chinese spreadsheets save, with its texts in a file of the same kind; the digest is that of the bytes as they came."""
    who = somebody(played, lacks=("objection", "consent.refused", "withdrawal", "consent.marketing"))
    data = CHINESE.format(who=who).encode("gb18030")
    texts = "version,language,text\r\nm1,zh,我们可以给您发推广短信和邮件吗？\r\n".encode("gb18030")
    told = taken(played, data, texts)
    assert (told["taken"], told["list"]) == (1, sha256(data))
    (event,) = records(played, who)["consent.marketing"]["events"]
    assert event["notice"] == "我们可以给您发推广短信和邮件吗？"


def test_b2_of_two_readings_none_is_guessed():
    """What somebody was shown is evidence: a list that reads in two ways is refused, one that reads in none too."""
    two = {"gb18030": "subject,text\na,甲\n", "big5": "subject,text\na,乙\n"}
    assert refused(lambda: chosen(two, "consents.form")) == "consents.encoding"
    assert refused(lambda: chosen({}, "consents.form")) == "consents.form"
    assert chosen({**two, "big5": "不是,名单\n"}, "consents.form") == two["gb18030"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_b2_the_sample_of_the_page_is_a_list_that_is_understood(lang):
    """Whoever copies it and puts in their own lines needs no code of ours: a question is read by its words in either language."""
    sample = entries()["answers.before_line1"][lang].format(buyer="山城宠物连锁（重庆）有限公司")
    lines = list(read(sample, Reading({}, ZoneInfo("Asia/Shanghai"), datetime(2027, 1, 1, tzinfo=UTC), frozenset())))
    assert [one.question for one in lines if isinstance(one, Line)] == [
        "consent.separate",
        "consent.separate.sensitive",
    ]
    for code in QUESTIONS:
        for told in (code, *WORDS[code]):
            one = next(read(listed({"customer": "1001", "question": told.upper()}).decode(), BY))
            assert isinstance(one, Line)
            assert one.question == code


@pytest.mark.parametrize(("written", "meant"), [
    ("2025/1/5 9:30", "2025-01-05T01:30"), ("2025-1-5 9:30:15", "2025-01-05T01:30"), ("2025年11月5日 19:30", "2025-11-05T11:30"), ("2025/11/05T09:30+08:00", "2025-11-05T01:30"),
])  # fmt: skip
def test_b2_a_time_is_read_as_spreadsheets_write_it(written, meant):
    """The year first and no zeros before: one instant, never a guess between day and month."""
    one = next(
        read(
            listed({"customer": "1001", "at": written}).decode(),
            Reading({}, ZoneInfo("Asia/Shanghai"), BY.now, BY.purposes),
        )
    )
    assert isinstance(one, Line)
    assert one.at.isoformat()[:16] == meant
    for bare in ("2025/1/5", "5/1/2025 9:30", "2025/13/5 9:30"):
        bad = next(read(listed({"customer": "1001", "at": bare}).decode(), BY))
        assert getattr(bad, "reason", "") == "time"


def test_b2_a_list_finds_people_by_what_is_their_own(played: Path):
    """Whoever got a present has not agreed for whoever bought it, and a name is nobody's alone: such a line is quarantined, by answers refused."""
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        own, met = set[str](), set[str]()
        for _, held in holdings_of(desk, tx, str(vault["id"]), [ids.subject_bytes(one) for one in everybody(played)]):
            own |= {value for one in held if one.cls == PHONE for value in one.own}
            met |= {value for one in held if one.cls == PHONE and one.own for value in one.values}
        alien = sorted(met - own)
        name = next(one.own[0] for one in held if one.cls == "name.full")
    assert alien, "the play has presents"
    with at(played, "limo") as desk:
        told = consent_import(desk, laws(played), DEAL, listed({"customer": alien[0]}, {"customer": name}, {"customer": min(own)}))  # fmt: skip
        assert told["reasons"]["nobody"] == 2
        assert refused(lambda: answers_take(desk, laws(played), DEAL, f"customer,answer\n{alien[0]},objection\n".encode())) == "answers.lines"  # fmt: skip
