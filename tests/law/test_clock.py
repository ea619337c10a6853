"""When things are due: counting, bounds, zones, extensions, what is unknown, which text (spec/law.md §6)."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.base.clock import parse
from custody.base.errors import Malformed, Unavailable
from custody.cli.main import main
from custody.law.check import clock_facts
from custody.law.due import due
from custody.law.pack import Packs, load

RULE = """\
id: {id}
title: {{zh: 题, en: title}}
reference: {{instrument: X, article: "1"}}
from: {start}
confidence: H
kind: DUE
scope: matter
when: {{fact: event.kind, is: incident}}
says: {{zh: 说, en: says}}
clocks:
{clocks}"""


def pack(clocks: str, *, place: str = "cn", start: str = "2000-01-01", more: str = "") -> Packs:
    """One rule X-1 of a place with these clocks."""
    laws = wiring.laws()
    text = RULE.format(id="X-1", start=start, clocks=clocks) + more
    return load({f"{place}/x/1.yaml": text}, laws.facts(), laws.clocks(), "v")


def at(packs: Packs, start: str, event: str = "discovered", rule: str = "X-1", **facts: object) -> str | None:
    """When it is due, as text."""
    found = due(packs, rule, event, parse(start), clock_facts(facts, packs.schema, packs.terms)).at
    return found.isoformat() if isinstance(found, datetime) else found


def missing(packs: Packs, start: str, event: str = "discovered", **facts: object) -> set[str]:
    """Which facts would make it surer."""
    return set(due(packs, "X-1", event, parse(start), clock_facts(facts, packs.schema, packs.terms)).missing)


def simple(span: str, more: str = "", place: str = "cn") -> Packs:
    """One clock from discovery."""
    return pack(f"  - {{event: discovered, span: {{{span}}}, source: s{more}}}\n", place=place)


@pytest.mark.parametrize(
    ("place", "span", "start", "expected"),
    [
        ("cn", "hours: 4", "2026-03-16T22:30:00+08:00", "2026-03-17T02:30:00+08:00"),
        ("eu", "hours: 72", "2026-03-27T20:00:00+01:00", "2026-03-30T21:00:00+02:00"),
        ("eu", "hours: 72", "2026-10-23T20:00:00+02:00", "2026-10-26T19:00:00+01:00"),
        ("us", "hours: 24", "2026-11-01T00:30:00-04:00", "2026-11-01T23:30:00-05:00"),
        ("cn", "hours: 1", "2026-03-16T15:30:00Z", "2026-03-17T00:30:00+08:00"),
        ("cn", "days: 10", "2026-06-01T09:00:00+08:00", "2026-06-11T23:59:59+08:00"),
        ("cn", "days: 1", "2026-06-01T23:30:00Z", "2026-06-03T23:59:59+08:00"),
        ("eu", "days: 3", "2026-03-27T20:00:00+01:00", "2026-03-30T23:59:59+02:00"),
        ("eu", "weeks: 8", "2026-06-01T12:00:00+02:00", "2026-07-27T23:59:59+02:00"),
        ("eu", "months: 1", "2026-08-31T09:00:00+02:00", "2026-09-30T23:59:59+02:00"),
        ("eu", "months: 1", "2026-01-31T09:00:00+01:00", "2026-02-28T23:59:59+01:00"),
        ("eu", "months: 1", "2028-01-31T09:00:00+01:00", "2028-02-29T23:59:59+01:00"),
        ("eu", "months: 14", "2026-12-15T09:00:00+01:00", "2028-02-15T23:59:59+01:00"),
        ("cn", "years: 3", "2024-02-29T09:00:00+08:00", "2027-02-28T23:59:59+08:00"),
        ("cn", "working_days: 30", "2026-01-30T10:00:00+08:00", "2026-03-19T23:59:59+08:00"),
        ("cn", "working_days: 1", "2026-02-13T10:00:00+08:00", "2026-02-14T23:59:59+08:00"),
        ("cn", "working_days: 2", "2026-02-13T10:00:00+08:00", "2026-02-24T23:59:59+08:00"),
        ("us_ca", "working_days: 15", "2026-08-03T09:00:00-07:00", "2026-08-24T23:59:59-07:00"),
        ("us_ca", "working_days: 1", "2026-07-02T09:00:00-07:00", "2026-07-06T23:59:59-07:00"),
        ("br", "working_days: 3", "2026-04-17T09:00:00-03:00", "2026-04-23T23:59:59-03:00"),
    ],
)
def test_spans_are_counted_as_the_law_counts(place: str, span: str, start: str, expected: str):
    """Hours elapse; days, months and working days are local days; leap days, summer time and holidays are met."""
    assert at(simple(span, place=place), start) == expected


@pytest.mark.parametrize(
    ("more", "start", "expected"),
    [
        (", bound: before_event", "2026-09-30T00:00:00+08:00", "2026-08-31T23:59:59+08:00"),
        (", bound: not_before", "2026-09-30T00:00:00+08:00", "2026-10-30T23:59:59+08:00"),
        (", zone: America/New_York", "2026-09-30T03:00:00Z", "2026-10-29T23:59:59-04:00"),
        (", counted_from: year_end", "2026-09-30T00:00:00+08:00", "2027-01-30T23:59:59+08:00"),
    ],
)
def test_bounds_zones_and_year_ends(more: str, start: str, expected: str):
    """Thirty days counted back, forward, in another zone, and from the end of the year."""
    assert at(simple("days: 30", more), start) == expected


def test_working_days_can_be_counted_back():
    """Ten working days before the eighth of October pass over National Day to a make-up Sunday."""
    assert (
        at(simple("working_days: 10", ", bound: before_event"), "2026-10-08T10:00:00+08:00")
        == "2026-09-17T23:59:59+08:00"
    )


def test_a_year_without_a_calendar_is_refused():
    """Working days past the published calendar of China are not guessed."""
    with pytest.raises(Unavailable) as caught:
        at(simple("working_days: 30"), "2099-12-01T10:00:00+08:00")
    assert caught.value.slug == "law.calendar"
    assert caught.value.where == {"year": 2099} or "2099" in caught.value.message


def test_until_is_the_next_such_day():
    """The end of January after the event, never the day of the event itself."""
    packs = pack("  - {event: discovered, until: {month: 1, day: 31}, source: s}\n")
    assert at(packs, "2025-12-31T23:00:00+08:00") == "2026-01-31T23:59:59+08:00"
    assert at(packs, "2026-01-31T08:00:00+08:00") == "2027-01-31T23:59:59+08:00"


def test_an_extension_adds_or_gives_the_total():
    """An extension counts from the same start; unknown, it lengthens nothing and is asked for."""
    for word in ("adds: {months: 2}", "total: {months: 3}"):
        packs = simple("months: 1", f", extension: {{when: {{fact: extended, is: true}}, {word}}}", place="eu")
        start = "2026-01-31T12:00:00+01:00"
        assert at(packs, start, extended=True) == "2026-04-30T23:59:59+02:00"
        assert at(packs, start, extended=False) == "2026-02-28T23:59:59+01:00"
        assert at(packs, start) == "2026-02-28T23:59:59+01:00"
        assert missing(packs, start) == {"extended"}
    keep = simple("years: 1", ", bound: not_before, extension: {when: {fact: extended, is: true}, total: {years: 5}}")
    assert at(keep, "2026-01-31T12:00:00+08:00") == "2031-01-31T23:59:59+08:00"


def test_the_first_clock_that_holds_counts():
    """Clocks of one duty are tried in order; none that holds means no deadline."""
    packs = pack(
        "  - {event: discovered, when: {fact: incident.severity, is: general}, none: true, source: s}\n"
        "  - {event: discovered, when: {fact: incident.cii_involved, is: true}, span: {hours: 1}, source: s}\n"
        "  - {event: discovered, when: {fact: incident.severity, is: larger}, span: {hours: 4}, source: s}\n"
    )
    start = "2026-03-16T10:00:00+08:00"
    assert at(packs, start, severity="general", cii_involved=True) is None
    assert at(packs, start, severity="larger", cii_involved=True) == "2026-03-16T11:00:00+08:00"
    assert at(packs, start, severity="larger", cii_involved=False) == "2026-03-16T14:00:00+08:00"
    assert at(packs, start, severity="major", cii_involved=False) is None


def test_unknown_never_lengthens_a_clock():
    """With a fact unknown the strictest clock counts, and the fact is named."""
    packs = pack(
        "  - {event: discovered, when: {fact: incident.cii_involved, is: true}, span: {hours: 1}, source: s}\n"
        "  - {event: discovered, when: {fact: incident.severity, is: larger}, span: {hours: 4}, source: s}\n"
    )
    start = "2026-03-16T10:00:00+08:00"
    assert at(packs, start) == "2026-03-16T11:00:00+08:00"
    assert missing(packs, start) == {"incident.cii_involved", "incident.severity"}
    assert at(packs, start, cii_involved=False) == "2026-03-16T14:00:00+08:00"
    assert missing(packs, start, cii_involved=False) == {"incident.severity"}


def test_a_rule_that_does_not_bind_sets_no_deadline():
    """Facts that make the rule false end its clocks; facts that are not given do not."""
    packs, start = simple("days: 3"), "2026-03-16T10:00:00+08:00"
    assert at(packs, start) == "2026-03-19T23:59:59+08:00"
    for kind, due_at in (("incident", "2026-03-19T23:59:59+08:00"), ("marketing", None)):
        facts = clock_facts({"event": {"kind": kind}}, packs.schema, packs.terms)
        found = due(packs, "X-1", "discovered", parse(start), facts).at
        assert (found.isoformat() if isinstance(found, datetime) else found) == due_at


def test_a_duty_chooses_among_the_clocks():
    """Each duty has its clock; without one the strictest counts; a clock of no duty serves any."""
    packs = pack(
        "  - {duty: tell, event: discovered, span: {days: 3}, source: s}\n"
        "  - {duty: report, event: discovered, span: {days: 2}, source: s}\n"
    )
    start = "2026-03-16T10:00:00+08:00"
    assert at(packs, start, duty="tell") == "2026-03-19T23:59:59+08:00"
    assert at(packs, start) == "2026-03-18T23:59:59+08:00"
    assert missing(packs, start) == {"duty"}
    with pytest.raises(Malformed, match=r"report, tell"):
        at(packs, start, duty="sing")
    assert at(simple("days: 3"), start, duty="tell") == "2026-03-19T23:59:59+08:00"


def test_immediate_and_none():
    """A clock may say at once, or that there is no deadline."""
    start = "2026-03-16T10:00:00+08:00"
    assert at(pack("  - {event: discovered, immediate: true, source: s}\n"), start) == "immediate"
    assert at(pack("  - {event: discovered, none: true, source: s}\n"), start) is None


def test_what_comes_sooner_ends_the_clock():
    """A month, first contact or first disclosure, whichever is first; what has not come ends nothing."""
    packs = simple("months: 1", ", or_earlier: [event.first_contact_at, event.first_disclosure_at]", place="eu")
    start = "2026-03-02T09:00:00+01:00"
    assert at(packs, start) == "2026-04-02T23:59:59+02:00"
    assert at(packs, start, first_contact_at="2026-03-12T08:00:00Z") == "2026-03-12T09:00:00+01:00"
    both = {"first_contact_at": "2026-03-12T09:00:00+01:00", "first_disclosure_at": "2026-03-09T14:00:00+01:00"}
    assert at(packs, start, **both) == "2026-03-09T14:00:00+01:00"
    assert at(packs, start, first_contact_at="2026-05-12T08:00:00Z") == "2026-04-02T23:59:59+02:00"


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("hours: 72", "2026-03-12T09:00:00+08:00"),
        ("days: 10", "2026-03-19T23:59:59+08:00"),
        ("working_days: 10", "2026-03-23T23:59:59+08:00"),
    ],
)
def test_a_pause_adds_what_it_lasted(span: str, expected: str):
    """Hours, days or working days between stop and resumption are added; a pause without an end adds nothing yet."""
    packs = simple(span, ", pauses: true")
    start, stopped = "2026-03-02T09:00:00+08:00", "2026-03-04T09:00:00+08:00"
    assert at(packs, start, paused_at=stopped, resumed_at="2026-03-11T09:00:00+08:00") == expected
    assert at(packs, start, paused_at=stopped) == at(packs, start)
    assert missing(packs, start, paused_at=stopped) == {"resumed_at"}


def test_the_text_in_force_at_the_event_counts():
    """Before any text there is no deadline; a newer text counts for newer events."""
    newer = "---\n" + RULE.format(
        id="X-1", start="2026-01-01", clocks="  - {event: discovered, span: {days: 30}, source: s}\n"
    )
    old = "  - {event: discovered, span: {days: 60}, source: s}\n"
    packs = pack(old, start="2020-01-01\nto: 2025-12-31", more=newer)
    assert at(packs, "2019-12-31T10:00:00+08:00") is None
    assert at(packs, "2025-12-31T10:00:00+08:00") == "2026-03-01T23:59:59+08:00"
    assert at(packs, "2026-01-01T10:00:00+08:00") == "2026-01-31T23:59:59+08:00"


def test_a_longer_duty_to_keep_binds_what_is_still_kept():
    """Five years became ten: what was still kept on that day is kept ten, what had run out is not."""
    newer = "---\n" + RULE.format(
        id="X-1",
        start="2025-01-01",
        clocks="  - {event: discovered, span: {years: 10}, bound: not_before, source: s}\n",
    )
    old = "  - {event: discovered, span: {years: 5}, bound: not_before, source: s}\n"
    packs = pack(old, start="2007-01-01\nto: 2024-12-31", more=newer)
    assert at(packs, "2023-06-01T10:00:00+08:00") == "2033-06-01T23:59:59+08:00"
    assert at(packs, "2019-06-01T10:00:00+08:00") == "2024-06-01T23:59:59+08:00"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"severity": "huge"}, "incident.severity must be one of"),
        ({"colour": "red", "extended": 1}, "colour is not known; extended must be true or false"),
        ({"incident": {"cii_involved": "no"}}, "incident.cii_involved must be true or false"),
    ],
)
def test_facts_of_a_clock_are_typed(facts: dict, told: str):
    """All faults of the given facts are told at once, by name."""
    packs = simple("days: 3")
    with pytest.raises(Malformed) as caught:
        at(packs, "2026-03-16T10:00:00+08:00", **facts)
    assert told in caught.value.message


def test_an_event_the_rule_does_not_count_from_is_refused():
    """A wrong event never makes a deadline; another word for the same event does."""
    packs = simple("days: 3")
    assert at(packs, "2026-03-16T10:00:00+08:00", event="aware") == "2026-03-19T23:59:59+08:00"
    with pytest.raises(Malformed) as caught:
        at(packs, "2026-03-16T10:00:00+08:00", event="resolution")
    assert caught.value.slug == "law.event"


def test_shared_clocks(loaded: Packs, shared):
    """Every shared clock case of a loaded rule comes out as written."""
    wrong = []
    for case in shared("clocks.json")["cases"]:
        if not any(text.clocks for text in loaded.texts(case["rule"])):
            continue
        facts = {"on_date": "2026-06-30", **case["facts"]}
        try:
            found = at(loaded, case["start_at"], case["start_event"], case["rule"], **facts)
        except Malformed as error:
            found = error.message
        expected = case.get("due_at") or (None if case["due_kind"] == "none" else "immediate")
        if found != expected:
            wrong.append(f"{case['id']} {case['rule']}: {found} is not {expected}")
    assert not wrong, "\n".join(wrong)


def test_the_command_answers_in_the_rules_zone(tmp_path: Path, capsys: pytest.CaptureFixture):
    """`law clock --json` prints the moment, the zone, the bound and the source."""
    (tmp_path / "facts.json").write_text(json.dumps({"risk_level": "risk"}))
    words = ["law", "clock", "EU-BREACH-33", "--event", "aware", "--start", "2026-03-14T15:20:00Z", "--json"]
    assert main([*words, "--facts", str(tmp_path / "facts.json")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["due_at"], said["zone"], said["bound"]) == ("2026-03-17T16:20:00+01:00", "Europe/Berlin", "at_latest")
    assert main([*words[:-3], "--start", "2026-03-14T15:20:00", "--json"]) == 2


@pytest.mark.parametrize("event", ["audited", "reaches_10M"])
def test_c2_the_first_audit_is_due_too(loaded: Packs, event: str):
    """Two years from the last audit, or from passing ten million where none was made yet; at ten million exactly there is none."""
    start = "2026-01-05T09:00:00+08:00"
    assert at(loaded, start, event, "CN-AUDIT-10M", subjects_after=10_000_001) == "2028-01-05T23:59:59+08:00"
    assert at(loaded, start, event, "CN-AUDIT-10M", subjects_after=10_000_000) is None


@pytest.mark.parametrize("event", ["seller_audited", "seller_reaches_10M"])
def test_c2_a_seller_past_ten_million_has_its_own_audit(loaded: Packs, event: str):
    """Counted from the seller's own audit or line, however small the buyer is; at ten million exactly there is none."""
    start = "2026-01-05T09:00:00+08:00"
    over, at_line = ({"seller.subjects_total": count, "subjects_after": 5} for count in (10_000_001, 10_000_000))
    assert at(loaded, start, event, "CN-AUDIT-10M", **over) == "2028-01-05T23:59:59+08:00"
    assert at(loaded, start, event, "CN-AUDIT-10M", **at_line) is None
    assert at(loaded, start, "reaches_10M", "CN-AUDIT-10M", **over) is None


def test_c2_a_seller_past_a_million_has_its_own_officer(loaded: Packs):
    """Thirty working days from the day on which the seller reached the line, which is not the day of the deal."""
    start = "2026-07-01T10:00:00+08:00"
    over, below = ({"seller.subjects_total": count, "subjects_after": 5} for count in (1_000_000, 999_999))
    assert at(loaded, start, "seller_reaches_1M", "CN-PIPO-52", **over) == "2026-08-12T23:59:59+08:00"
    assert at(loaded, start, "seller_reaches_1M", "CN-PIPO-52", **below) is None
    assert at(loaded, start, "reaches_1M", "CN-PIPO-52", **over) is None


@pytest.mark.parametrize(("rule", "event"), [("CN-PIPO-52", "seller_reaches_1M"), ("CN-AUDIT-10M", "seller_audited")])
def test_c2_a_deadline_without_its_moment_says_from_what_it_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture, rule: str, event: str
):
    """A seller alone over the line: no date follows from the deal, and both the file and the screen say what would make one."""
    facts = {
        "regimes": ["CN"],
        "deal": {"on_date": "2026-04-20"},
        "event": {"kind": "closing_handover"},
        "seller": {"subjects_total": 12_000_000},
        "buyer": {"subjects_before": 10, "subjects_after": 20},
    }
    (tmp_path / "facts.json").write_text(json.dumps(facts))
    words = ["law", "check", str(tmp_path / "facts.json")]
    assert main([*words, "--json"]) == 0
    told = {one["id"]: one for one in json.loads(capsys.readouterr().out)["fired"]}[rule]
    assert told["due_at"] is None
    assert [one["event"] for one in told["due"]] == [event]
    assert main([*words, "--lang", "zh"]) == 0
    assert "自卖方" in capsys.readouterr().out


def test_c1_every_clock_that_ships_says_what_it_is_for_in_both_languages():
    """A rule of two clocks stands twice on a page: what tells them apart has words; a house's own duty is shown as its rule writes it."""
    packs = lawbook.shipped(wiring.laws())
    duties = {clock.duty for rule in packs.rules for clock in rule.clocks if clock.duty}
    assert len(duties) > 20
    assert duties <= set(packs.terms.duties)
    assert packs.terms.duty("ask_the_fox") == {"zh": "ask_the_fox", "en": "ask_the_fox"}
