"""C3: setting a rule aside takes a lawyer, a reason, a day and a second person, and is seen wherever the verdict is."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from custody import wiring
from custody.acts.desk import Desk
from custody.base.clock import SimulatedClock, parse
from custody.base.errors import Malformed
from custody.services.gate import gate
from custody.services.override_list import override_list
from custody.services.override_new import Wish, override_new
from tests.line.conftest import done, refusal
from tests.line.homes import desk_of

DEAL = "D-2026-0001"
WHY = ("--reason", "Counsel: Art. 22 covers the transfer of a going concern", "--until", "2026-09-30")


def _approved(where: Path, *words: object) -> dict:
    """The lawyer asks, the privacy officer signs, the lawyer does it."""
    content = done(where, "songwen", "override", "new", DEAL, *words, "--dry-run")["would"]["approve"][1]
    done(where, "zhouning", "approve", "override", content)
    return done(where, "songwen", "override", "new", DEAL, *words)


def test_c3_an_override_takes_a_lawyer_and_a_second_person(lawyer: Path):
    """Another role may not; the lawyer alone may not; the second person's signature is for exactly this."""
    words = ("override", "new", DEAL, "CN-PIPIA-55", *WHY)
    assert refusal(lawyer, "zhouning", *words) == "act.role"
    assert refusal(lawyer, "songwen", *words) == "act.unapproved"
    content = done(lawyer, "songwen", *words, "--dry-run")["would"]["approve"][1]
    done(lawyer, "songwen", "approve", "override", content)
    assert refusal(lawyer, "songwen", *words) == "act.unapproved"
    done(lawyer, "zhouning", "approve", "override", content)
    assert refusal(lawyer, "songwen", *words[:4], *WHY[:3], "2026-10-01") == "act.unapproved"
    assert not done(lawyer, "songwen", *words)["resumed"]
    assert done(lawyer, "songwen", *words)["resumed"]


def test_c3_an_override_that_was_ended_takes_two_people_again(lawyer: Path):
    """The yes of the first time served; whoever ended it is not overruled by the lawyer alone, the same day."""
    made = _approved(lawyer, "CN-PIPIA-55", *WHY)
    done(lawyer, "suhe", "override", "end", DEAL, made["id"])
    assert refusal(lawyer, "songwen", "override", "new", DEAL, "CN-PIPIA-55", *WHY) == "act.unapproved"
    assert _approved(lawyer, "CN-PIPIA-55", *WHY)["id"] != made["id"]


def test_c3_an_override_is_seen_and_lapses(lawyer: Path):
    """The gate, the deal, the statement and the ledger name it; when the facts change it counts no more, and is still told."""
    before = done(lawyer, "suhe", "gate", DEAL)
    assert "CN-PIPIA-55" in next(one["rules"] for one in before["blocked_stages"] if one["stage"] == "ship")
    made = _approved(lawyer, "CN-PIPIA-55", *WHY)
    gate = done(lawyer, "suhe", "gate", DEAL)
    shut = next((one["rules"] for one in gate["blocked_stages"] if one["stage"] == "ship"), [])
    assert "CN-PIPIA-55" not in shut
    told = [(one["id"], one["rule"], one["by"], one["approved_by"], one["until"]) for one in gate["overrides"]]
    assert told == [(made["id"], "CN-PIPIA-55", "songwen", "zhouning", "2026-09-30")]
    done(lawyer, "suhe", "statement", DEAL, "gate", "--to", lawyer / "gate.json")
    envelope = json.loads((lawyer / "gate.json").read_text(encoding="utf-8"))
    assert json.loads(base64.b64decode(envelope["payload"]))["predicate"]["overridden"] == ["CN-PIPIA-55"]
    assert "override-made" in {one["kind"] for one in done(lawyer, "suhe", "ledger", "list")["entries"]}
    facts = lawyer / "changed.json"
    facts.write_text(json.dumps({"data": {"objections_exist": False}}), encoding="utf-8")
    done(lawyer, "suhe", "deal", "facts", DEAL, facts)
    assert done(lawyer, "suhe", "gate", DEAL)["overrides"] == []
    stand = done(lawyer, "suhe", "deal", "stand", DEAL)
    assert [(one["rule"], one["state"]) for one in stand["overrides"]] == [("CN-PIPIA-55", "lapsed")]
    assert "CN-PIPIA-55" in {one["rule"] for one in stand["gates"] if one["stage"] == "ship"}


def test_c3_an_override_of_one_customer_touches_no_other(lawyer: Path):
    """That customer's verdict names it, with who, why and until when; the others' do not; ended, nobody's does."""
    done(lawyer, "suhe", "gate", DEAL)
    listed = done(lawyer, "suhe", "deal", "customers", DEAL, "--rule", "CN-PROVIDE-23", "--most", "50")["customers"]
    found = (one["subject"] for one in listed if _verdict(lawyer, one["subject"], "CN-PROVIDE-23") == {"wait"})
    waiting = list(islice(found, 2))
    assert len(waiting) == 2, "two customers wait for separate consent"
    made = _approved(lawyer, "CN-PROVIDE-23", "--subject", waiting[0], *WHY)
    done(lawyer, "suhe", "gate", DEAL)
    assert _verdict(lawyer, waiting[0], "CN-PROVIDE-23") == set()
    assert _verdict(lawyer, waiting[1], "CN-PROVIDE-23") == {"wait"}
    told = done(lawyer, "suhe", "verdict", DEAL, waiting[0])["compartments"]
    assert {(row["id"], row["by"], row["reason"]) for one in told for row in one["overridden"]} == {
        (made["id"], "songwen", WHY[1])
    }
    others = done(lawyer, "suhe", "verdict", DEAL, waiting[1])["compartments"]
    assert not any(one["overridden"] for one in others)
    done(lawyer, "zhouning", "override", "end", DEAL, made["id"])
    assert done(lawyer, "zhouning", "override", "end", DEAL, made["id"])["resumed"]
    done(lawyer, "suhe", "gate", DEAL)
    assert _verdict(lawyer, waiting[0], "CN-PROVIDE-23") == {"wait"}
    assert [one["state"] for one in done(lawyer, "suhe", "override", "list", DEAL)["overrides"]] == ["ended"]


def _verdict(where: Path, subject: str, rule: str) -> set[str]:
    told = done(where, "suhe", "verdict", DEAL, subject)["compartments"]
    return {reason["verdict"] for one in told for reason in one["reasons"] if reason["rule"] == rule}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("CN-CRIM", *WHY), "override.absolute"),
        (("CN-SHARE-INFO", *WHY), "override.absolute"),
        (("CN-NOTHING", *WHY), "law.rule"),
        (("CN-PIPIA-55", *WHY[:3], "2027-09-30"), "override.until"),
        (("CN-PIPIA-55", *WHY[:3], "2026-03-16"), "override.until"),
        (("CN-PIPIA-55", "--reason", "because", *WHY[2:]), "override.reason"),
        (("CN-PIPIA-55", "--subject", "sub_00000000000000000000000000", *WHY), "subject.unknown"),
    ],
)
def test_c3_what_cannot_be_set_aside_is_refused(lawyer: Path, words: tuple[str, ...], slug: str):
    """A prohibition, a rule that holds nobody back, no rule, no day, no reason, nobody."""
    assert refusal(lawyer, "songwen", "override", "new", DEAL, *words) == slug


def test_c3_a_row_written_into_the_store_sets_nothing_aside(lawyer: Path):
    """Another rule, another day or one person alone in the row: it has no signatures, counts for nothing and is told as such."""
    made = _approved(lawyer, "CN-PIPIA-55", *WHY)
    store = sqlite3.connect(lawyer / "seller" / "core.db")
    for change in ("rule = 'CN-CONTRACT-NDSMR12'", "until = '2027-01-01'", "second = principal"):
        store.execute("CREATE TEMP TABLE kept AS SELECT * FROM override")
        store.execute(f"UPDATE override SET {change}")
        store.commit()
        told = done(lawyer, "suhe", "override", "list", DEAL)["overrides"]
        assert [one["state"] for one in told] == ["unproven"], change
        gate = done(lawyer, "suhe", "gate", DEAL)
        shut = {rule for one in gate["blocked_stages"] for rule in one["rules"]}
        assert {"CN-PIPIA-55", "CN-CONTRACT-NDSMR12"} <= shut
        assert gate["overrides"] == []
        store.execute("DELETE FROM override")
        store.execute("INSERT INTO override SELECT * FROM kept")
        store.execute("DROP TABLE kept")
        store.commit()
    store.close()
    listed = done(lawyer, "suhe", "override", "list", DEAL)["overrides"]
    assert [(one["id"], one["state"]) for one in listed] == [(made["id"], "live")]


def test_c3_an_override_and_a_gate_go_by_the_companys_day(lawyer: Path):
    """A rule set aside until a day is back at midnight where the company is, while UTC has eight hours to go; the gate says which day it asked of."""
    made = _approved(lawyer, "CN-PIPIA-55", *WHY)
    for moment, day, state in (
        ("2026-09-30T15:59:00Z", "2026-09-30", "live"),
        ("2026-09-30T16:01:00Z", "2026-10-01", "expired"),
    ):
        with late(lawyer, "suhe", moment) as desk:
            assert [(one["id"], one["state"]) for one in override_list(desk, DEAL)["overrides"]] == [
                (made["id"], state)
            ]
            told: Any = gate(desk, wiring.laws_of(lawyer / "seller"), DEAL)
            assert told["on_date"] == day
            shut = next((one["rules"] for one in told["blocked_stages"] if one["stage"] == "ship"), [])
            assert ("CN-PIPIA-55" in shut) == (state == "expired")


def test_c3_a_day_that_began_where_the_company_is_is_a_day_ahead_no_more(lawyer: Path):
    """The last day of an override lies after today, the company's."""
    with late(lawyer, "songwen", "2026-09-29T16:01:00Z") as desk:
        wish = Wish("CN-PIPIA-55", None, WHY[1], "2026-09-30")
        with pytest.raises(Malformed):
            override_new(desk, wiring.laws_of(lawyer / "seller"), DEAL, wish, dry_run=True)


@contextmanager
def late(where: Path, who: str, moment: str) -> Iterator[Desk]:
    """A desk of the seller at some other moment."""
    with desk_of(where / "seller", who) as desk:
        yield replace(desk, clock=SimulatedClock(parse(moment)))
