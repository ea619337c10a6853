"""B4: what a customer asked for is packed whole, sealed to them, with what is kept back named; clocks stop and move as far as the law allows."""

import csv
import io
import json
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts import lawbook
from custody.acts.bounds import Bounds
from custody.acts.requesting import KINDS, bounds, bounds_of, clock_facts
from custody.base.clock import parse, stamp
from custody.base.errors import CustodyError, Refused
from custody.base.ids import subject_bytes
from custody.services.portal_prove import portal_prove
from custody.services.portal_show import portal_show
from custody.services.request_answer import request_answer
from custody.services.request_clock import request_clock
from custody.services.request_close import request_close
from custody.services.request_list import request_line
from custody.services.request_new import request_new
from custody.services.request_show import request_show
from custody.services.revise import Correction, revise
from tests.package.aged import opened
from tests.portal.answering import portal_value
from tests.portal.conftest import DEAL, at, everybody, laws, on_list, somebody
from tests.portal.requesting import ASKED, faults
from tests.portal.tokens import token
from tests.residing import lives_in

COPY = {**ASKED, "kind": "copy", "note": ""}


def asked(where: Path, who: str, kind: str = "copy") -> str:
    with at(where, "zhouning") as desk:
        return str(request_new(desk, laws(where), DEAL, who, {**COPY, "kind": kind})["ref"])


def packed(where: Path, ref: str, kept_back: str = "") -> tuple[dict, zipfile.ZipFile]:
    with at(where, "zhouning") as desk:
        made = request_answer(desk, laws(where), ref, "", kept_back)
        assert on_list(desk, str(made.told["copy"])) == ("answer", "open", "zhouning")
    return dict(made.told), zipfile.ZipFile(io.BytesIO(opened(made.file, made.passphrase)))


def test_b4_a_copy_is_whole_sealed_and_safe(played: Path):
    """Every value on file is in it, in no other form than sealed on the way; a cell that a spreadsheet would run is text; the ledger has its digest."""
    who = somebody(played, "consent.separate")
    _, value = portal_value(played, token(played, who))
    with at(played, "limo") as desk:
        revise(desk, who, Correction("会员", None, "姓名", "=HYPERLINK(1)", "test"), None)
    told, archive = packed(played, asked(played, who))
    data = json.loads(archive.read("data.json"))
    cells = {cell for table in data["tables"] for row in table["rows"] for cell in row.values()}
    assert {value, "=HYPERLINK(1)"} <= cells
    assert told["rows"] == sum(len(table["rows"]) for table in data["tables"]) > 0
    assert told["withheld"] == 0
    for name in (one for one in archive.namelist() if one.startswith("tables/")):
        rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert json.loads(archive.read("withheld.json")) == []


def test_b4_a_row_is_kept_back_with_its_law(played: Path):
    """The row is gone, the rest stays, and the reason stands in both languages with its source; a row that is not there is refused."""
    ref = asked(played, somebody(played, "consent.separate"))
    whole, archive = packed(played, ref)
    table = json.loads(archive.read("data.json"))["tables"][0]
    with at(played, "zhouning") as desk:
        rule = "CN-GROUND-45-18"
        for wrong in (
            f"{table['name']},999,{rule}",
            f"nothing,,{rule}",
            f"{table['name']},x,{rule}",
            "a,b",
        ):
            assert faults(lambda wrong=wrong: request_answer(desk, laws(played), ref, "", wrong)) == "request.withheld"
        wrong = f"{table['name']},1,NO-SUCH"
        assert faults(lambda: request_answer(desk, laws(played), ref, "", wrong)) == "request.grounds"
    told, archive = packed(played, ref, f"table,row,rule\n{table['name']},1,{rule}\n")
    after = json.loads(archive.read("data.json"))["tables"][0]
    assert (after["rows"], told["rows"], told["withheld"]) == (table["rows"][1:], whole["rows"] - 1, 1)
    (said,) = json.loads(archive.read("withheld.json"))
    assert (said["table"], said["row"], said["rule"]) == (table["name"], 1, rule)
    assert said["law"]
    assert set(said["why"]) == {"zh", "en"}


def test_b4_nothing_is_packed_for_a_request_that_has_ended(played: Path):
    """It was refused: the package that would have answered it is refused too."""
    ref = asked(played, somebody(played, "consent.separate"))
    with at(played, "zhouning") as desk:
        request_close(desk, laws(played), ref, "refused", "CN-GROUND-45-18")
        with pytest.raises(Refused) as ended:
            request_answer(desk, laws(played), ref, "", "")
    assert ended.value.slug == "request.ended"


def test_b4_each_package_has_a_passphrase_of_its_own_and_is_on_the_record(played: Path):
    """Made anew each time, kept nowhere; the entry has the digest and no name."""
    ref = asked(played, somebody(played))
    with at(played, "zhouning") as desk:
        one, other = (request_answer(desk, laws(played), ref, "", "") for _ in range(2))
        assert one.passphrase != other.passphrase
        assert faults(lambda: request_answer(desk, laws(played), ref, "age1wrong", "")) == "age.recipient"
    for file in (played / "seller").rglob("*"):
        if file.is_file():
            assert one.passphrase.encode() not in file.read_bytes()
    with pytest.raises(CustodyError), at(played, "limo") as desk:
        request_answer(desk, laws(played), ref, "", "")


def test_b4_an_extension_is_what_every_law_allows(played: Path):
    """European law alone gives two months more; where the seller's law binds, too, and gives none, it is refused; so are steps that are none."""
    who = next(everybody(played, residence="FR"))
    ref = asked(played, who, "access")
    with at(played, "zhouning") as desk:
        with desk.store.read() as tx:
            subject = tx.find("subject", id=subject_bytes(who))[0]
        packs, now = lawbook.packs(laws(played)), parse("2026-04-20T02:00:00Z")
        plain, longer = (
            bounds(packs, {"seller.jurisdiction": "FR"}, ("FR",), subject, "access", now, now.date(), clock_facts(done))
            for done in ({}, {"extend": "2026-04-21T02:00:00Z"})
        )
        assert 55 < days(plain.due_at, longer.due_at) < 65
        for step, why, slug in (
            ("extend", "x", "request.clock"),
            ("stop", "x", "request.step"),
            ("pause", " ", "request.why"),
            ("resume", "x", "request.clock"),
        ):
            assert faults(lambda step=step, why=why: request_clock(desk, laws(played), ref, step, why)) == slug


@pytest.mark.parametrize("kind", KINDS)
def test_b4_no_clock_stops_where_no_law_knows_a_pause(played: Path, kind: str):
    """Of all the packs that ship the United Kingdom's alone has one: elsewhere the step is refused, says by which laws, and leaves nothing behind."""
    who = somebody(played)
    for place, knows in (("CN", False), ("FR", False), ("US", False), ("GB", True)):
        lives_in(played / "seller", who, place)
        with at(played, "zhouning") as desk, desk.store.read() as tx:
            subject = tx.find("subject", id=subject_bytes(who))[0]
            (matter,) = tx.find("matter", ref=DEAL)
            assert bounds_of(desk, tx, laws(played), matter, subject, kind, desk.clock.now(), {}).pauses is knows


def test_b4_a_pause_that_no_law_knows_is_refused(played: Path):
    """The clock runs on, the request is open still, the customer's page says nothing else, and no step is entered."""
    who = next(everybody(played, residence="FR"))
    text, ref = token(played, who), asked(played, who, "access")
    with at(played, "zhouning") as desk:
        before = request_line(desk, ref)
        with pytest.raises(Refused) as told:
            request_clock(desk, laws(played), ref, "pause", "which account?")
        assert (told.value.slug, told.value.where) == ("request.pause", {"places": "CN, EU, FR"})
        assert request_line(desk, ref) == before
        with desk.store.read() as tx:
            assert tx.count("request_step") == 0
    with at(played) as desk:
        assert [one["state"] for one in portal_show(desk, laws(played), text, "", "zh")["requests"]] == ["open"]


def test_b4_a_pause_shows_that_the_customer_is_waited_for(played: Path):
    """On their page while it lasts; it runs again once, and the deadline never comes nearer by it."""
    who = next(everybody(played))
    lives_in(played / "seller", who, "GB")
    text, ref = token(played, who), asked(played, who, "access")
    with at(played, "zhouning") as desk:
        before = request_clock(desk, laws(played), ref, "pause", "which account?")
        assert before["state"] == "paused"
    with at(played) as desk:
        (shown,) = portal_show(desk, laws(played), text, "", "zh")["requests"]
        assert (shown["state"], [(one["step"], one["why"]) for one in shown["steps"]]) == ("paused", [("pause", "")])
        proof = portal_prove(desk, laws(played), text, *portal_value(played, text))["proof"]
        (shown,) = portal_show(desk, laws(played), text, proof, "zh")["requests"]
        assert [one["why"] for one in shown["steps"]] == ["which account?"]
    with at(played, "zhouning") as desk:
        desk.clock.advance(timedelta(days=3))
        after = request_clock(desk, laws(played), ref, "resume", "answered")
        assert (after["state"], after["moved"], days(before["due_at"], after["due_at"])) == ("open", True, 3)
        assert faults(lambda: request_clock(desk, laws(played), ref, "pause", "again")) == "request.clock"


def test_b4_whom_no_page_tells_is_told_by_somebody_before_a_clock_stops(played: Path):
    """No live link, no step: the law gives time only to a company that told the person. Then it says how, and staff read why."""
    who = next(everybody(played))
    lives_in(played / "seller", who, "GB")
    with sqlite3.connect(played / "seller" / "core.db") as store:
        store.execute("DELETE FROM link WHERE subject = ?", (subject_bytes(who),))
    ref = asked(played, who, "access")
    with at(played, "zhouning") as desk:
        assert faults(lambda: request_clock(desk, laws(played), ref, "pause", "which account?")) == "request.untold"
        assert faults(lambda: request_clock(desk, laws(played), ref, "pause", "which?", "owl")) == "request.told"
        assert request_line(desk, ref)["steps"] == []
        assert request_clock(desk, laws(played), ref, "pause", "which account?", "letter")["told"] == "letter"
        assert [(one["told"], one["why"]) for one in request_show(desk, ref)["steps"]] == [("letter", "which account?")]
        assert [(one["told"], one["why"]) for one in request_line(desk, ref)["steps"]] == [("letter", "")]
        assert request_clock(desk, laws(played), ref, "resume", "answered")["state"] == "open"


def test_b4_nobody_reads_a_day_later_than_the_law_says(played: Path):
    """London's last day ends in the morning of the next in Shanghai: as a day it is the one before, which is over by then."""
    who = next(everybody(played))
    lives_in(played / "seller", who, "GB")
    text, ref = token(played, who), asked(played, who, "access")
    with at(played) as desk:
        (shown,) = portal_show(desk, laws(played), text, "", "en")["requests"]
    assert (shown["ref"], shown["due_on"]) == (ref, shown["due_at"][:10])


@pytest.mark.parametrize(
    ("known", "presumed"), [({}, True), ({"seller.ccpa_business": True}, False)], ids=["unknown", "known"]
)
def test_b4_what_is_not_on_file_loosens_no_clock(played: Path, known: dict, presumed: bool):
    """California: forty-five days for the answer, not the ten working days to confirm; forty-five more once told. Whether its law binds need not be known for that."""
    who = next(everybody(played))
    lives_in(played / "seller", who, "US-CA")
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        subject = tx.find("subject", id=subject_bytes(who))[0]
        packs, came = lawbook.packs(laws(played)), parse("2026-04-20T02:00:00Z")
        plain, longer = (
            bounds(
                packs,
                {"seller.jurisdiction": "US-CA", **known},
                ("US-CA",),
                subject,
                "access",
                came,
                came.date(),
                clock_facts(done),
            )
            for done in ({}, {"extend": "2026-04-21T02:00:00Z"})
        )
    assert (plain.rule, plain.presumed) == ("US-CA-REQ", presumed)
    assert (days("2026-04-20T02:00:00Z", plain.due_at), days(plain.due_at, longer.due_at)) == (45, 45)


def test_b4_a_clock_that_stands_still_is_not_late(played: Path):
    """While it is paused no day of that law bounds it; a law that knows no pause goes on. Running again, it has the days it stood."""
    who = next(everybody(played))
    lives_in(played / "seller", who, "GB")
    came, paused, again = (parse(f"2026-{day}T02:00:00Z") for day in ("04-20", "04-21", "06-10"))
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        subject = tx.find("subject", id=subject_bytes(who))[0]
        packs = lawbook.packs(laws(played))

        def of(seller: str, done: dict) -> Bounds:
            return bounds(packs, {"seller.jurisdiction": seller}, (seller,), subject, "access", came, came.date(), clock_facts(done))  # fmt: skip

        stopped = {"pause": stamp(paused)}
        assert of("GB", {}).last_at == of("GB", {}).due_at != ""
        assert (of("GB", stopped).last_at, of("GB", stopped).due_at) == ("", of("GB", {}).due_at)
        assert of("CN", stopped).last_at == of("CN", {}).advised_at != ""
        resumed = of("GB", {**stopped, "resume": stamp(again)})
        assert days(of("GB", {}).due_at, resumed.last_at) == (again - paused).days


def days(first: str, last: str) -> int:
    return (parse(last) - parse(first)).days
