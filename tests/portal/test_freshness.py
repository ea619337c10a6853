"""A7, B3: a customer keeps their own data right on their page, and the buyer learns of every correction."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import cast

import pytest

from custody import wiring
from custody.acts import corrections
from custody.acts.agreed_corrections import carry_out_all
from custody.acts.correcting import Place, cell_at
from custody.acts.desk import Desk
from custody.acts.own_values import own_values
from custody.base import ids
from custody.base.errors import Unavailable
from custody.base.ids import subject_bytes
from custody.ports.store import Cells, Transaction
from custody.services.correction_list import correction_list, corrections_due
from custody.services.correction_send import correction_send
from custody.services.correction_settle import correction_settle
from custody.services.freshness_review import freshness_review
from custody.services.portal_confirm import portal_confirm
from custody.services.portal_correct import portal_correct
from custody.services.portal_show import portal_show
from custody.services.portal_undo import portal_undo
from custody.services.release import release
from custody.services.request_list import request_list
from custody.services.request_show import request_show
from custody.services.revise import Correction
from custody.services.verify import verify
from tests.line.conftest import act
from tests.line.told import read_card
from tests.portal.closing import approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.somebody import EMAIL, NEW, PHONE, column, proven, put_right, refused, somebody, values
from tests.portal.tokens import token


def correct(where: Path, link: tuple[str, str], cls: str, value: str, which: str = "0") -> dict:
    with at(where) as desk:
        return dict(portal_correct(desk, laws(where), *link, {"class": cls, "which": which, "value": value}))


def test_a7_the_old_channel_decides_what_is_done_at_once(played: Path):
    """By a link to the old number a new one is there at once; by a link to the e-mail it is asked of staff, its value sealed; either way nothing without the second factor."""
    who = somebody(played, PHONE, EMAIL)
    phone, email = proven(played, who, "phone"), proven(played, who, "email")
    assert refused(lambda: correct(played, (phone[0], ""), PHONE, NEW)) == "portal.proof"
    asked = correct(played, email, PHONE, NEW)
    assert asked["did"] == "asked"
    with at(played, "zhouning") as desk:
        assert values(desk, who)[PHONE] != [NEW]
        assert request_list(desk, "open")["total"] == 1
        assert NEW in request_show(desk, str(asked["request"]))["note"]
    assert correct(played, phone, PHONE, NEW)["did"] == "done"
    with at(played, "zhouning") as desk:
        assert values(desk, who)[PHONE] == [NEW]
    # The number is new: by a link to it nothing else of high risk is changed until it cannot be taken back any more.
    assert correct(played, proven(played, who, "phone"), PHONE, "13900001111")["did"] == "asked"


def test_a7_who_lost_the_number_gets_it_back_by_an_older_link(played: Path):
    """A link that went to the old number takes the change back with one press; one that went to the new number does not."""
    who = somebody(played, PHONE)
    before = proven(played, who, "phone")
    with at(played, "zhouning") as desk:
        old = values(desk, who)[PHONE]
    (made,) = correct(played, before, PHONE, NEW)["corrections"]
    wiring.move_clock(played / "seller", "2026-04-12T09:00:00Z")
    after = token(played, who, "phone")
    with at(played) as desk:
        assert refused(lambda: portal_undo(desk, laws(played), after, "", made)) == "correction.state"
        assert [one["undo"] for one in portal_show(desk, laws(played), before[0], "", "zh")["corrections"]] == [True]
        portal_undo(desk, laws(played), before[0], "", made)
    with at(played, "zhouning") as desk:
        assert values(desk, who)[PHONE] == old


def test_a7_a_forwarded_link_takes_back_no_change_of_anything_but_its_own_address(played: Path):
    """Where letters go is put back by a link that is older than the change, once it is sure who asks; a link to the old number does it for the number alone."""
    who = somebody(played, PHONE, "contact.address")
    forwarded, (text, proof) = token(played, who, "email"), proven(played, who, "email")
    with at(played, "zhouning") as desk:
        (old,) = values(desk, who)["contact.address"]
    (made,) = correct(played, (text, proof), "contact.address", "杭州市西湖区文三路 99 号")["corrections"]
    with at(played) as desk:
        for link in (forwarded, text, token(played, who, "phone")):
            assert refused(lambda link=link: portal_undo(desk, laws(played), link, "", made)) == "portal.proof"
        assert values(desk, who)["contact.address"] != [old]
        portal_undo(desk, laws(played), text, proof, made)
        assert values(desk, who)["contact.address"] == [old]


def test_a7_nobody_corrects_somebody_else(played: Path):
    """A number beyond one's own values, another class, another person's correction: refused, nothing changed."""
    one, other = (somebody(played, PHONE), somebody(played, PHONE, EMAIL))
    mine = proven(played, one, "phone")
    for cls, which in ((PHONE, "1"), (PHONE, "-1"), (PHONE, "x"), ("person.health", "0"), ("", "")):
        assert refused(lambda cls=cls, which=which: correct(played, mine, cls, NEW, which)) == "portal.request"
    (made,) = correct(played, mine, PHONE, NEW)["corrections"]
    stranger = next(who for who in everybody(played) if who not in {one, other})
    text = token(played, stranger)
    with at(played) as desk:
        assert refused(lambda: portal_undo(desk, laws(played), text, "", made)) == "correction.state"
    for bad in ("", "123", "x" * 401, "139\r\n13800138000"):
        assert refused(lambda bad=bad: correct(played, mine, PHONE, bad)) == "correction.value"


def test_a7_once_a_year_the_page_asks_and_one_press_answers(played: Path):
    """It asks until the person has confirmed, needs the second factor, and asks again after a year; who confirmed is not stale."""
    who = somebody(played, PHONE)
    text, proof = proven(played, who, "email")
    with at(played) as desk:
        assert portal_show(desk, laws(played), text, proof, "en")["confirm"] is True
        assert refused(lambda: portal_confirm(desk, laws(played), text, "")) == "portal.proof"
        portal_confirm(desk, laws(played), text, proof)
        assert portal_show(desk, laws(played), text, proof, "en")["confirm"] is False
    with at(played, "zhouning") as desk:
        freshness_review(desk, None)
        with desk.store.read() as tx:
            assert tx.count("doubt", subject=ids.subject_bytes(who), kind="stale", state="open") == 0
    wiring.move_clock(played / "seller", "2027-06-01T09:00:00Z")
    text, proof = proven(played, who, "email")
    with at(played) as desk:
        assert portal_show(desk, laws(played), text, proof, "en")["confirm"] is True


def test_a7_the_buyer_learns_of_a_correction_and_answers(played: Path, tmp_path: Path):
    """Nothing goes before the release; then the value goes sealed, is changed there, the answer settles it; a changed byte, an old bundle and silence are noticed."""
    who = somebody(played, PHONE, held=("consent.separate",))
    approved(played)
    with at(played, "zhouning") as desk:
        early = put_right(played, desk, who, Correction("会员", None, column(desk, who, PHONE), NEW, "typo"))[
            "correction"
        ]
        assert correction_send(desk, DEAL, wiring.folder(played / "handover"))["corrections"] == 0
        assert corrections_due(desk)["ok"] is True
        release(desk, laws(played), DEAL, wiring.folder(played / "handover"))
    code, taken = act(played, "buyer", "fanyuan", "receive", DEAL, "--at", played / "handover")
    assert code == 0, taken
    with at(played, "zhouning") as desk:
        sent = correction_send(desk, DEAL, wiring.folder(played / "handover"))
        assert (sent["n"], sent["values"]) == (1, 1)
        assert correction_send(desk, DEAL, wiring.folder(played / "handover"))["n"] is None
        assert correction_settle(desk, DEAL, wiring.folder(played / "handover"))["waiting"] == 1
    bundle = played / "handover" / "corrections-0001"
    assert all(NEW.encode() not in file.read_bytes() for file in bundle.iterdir())
    altered(played, bundle, tmp_path)
    code, told = act(played, "buyer", "fanyuan", "correction", "take", DEAL, "--at", played / "handover")
    assert (code, told["applied"], told["absent"]) == (0, 1, 0)
    with wiring.desk(played / "buyer", "fanyuan", played / "buyer/keys/principals/fanyuan.pass") as buyer:
        assert values(buyer, who)[PHONE] == [NEW]
    code, told = act(played, "buyer", "fanyuan", "correction", "take", DEAL, "--at", played / "handover")
    assert (code, told["error"]["slug"]) == (2, "correction.nothing")
    with at(played, "zhouning") as desk:
        assert correction_settle(desk, DEAL, wiring.folder(played / "handover"))["settled"] == 1
        (row,) = [one for one in correction_list(desk, "")["corrections"] if one["id"] == early]
        assert [one["state"] for one in row["recipients"] if one["kind"] == "buyer"] == ["told"]
        kept = next(one for one in everybody(played) if one not in there(played) and PHONE in values(desk, one))
        put_right(played, desk, kept, Correction("会员", None, column(desk, kept, PHONE), NEW, "typo"))
        with desk.store.write() as tx:
            tx.change("correction_to", {"state": "told"}, name="+old-address")
        wiring.move_clock(played / "seller", "2026-08-01T09:00:00Z")
    with at(played, "zhouning") as desk:
        assert corrections_due(desk)["ok"] is True
        put_right(played, desk, who, Correction("会员", None, column(desk, who, PHONE), "13900001111", "typo"))
        wiring.move_clock(played / "seller", "2026-09-01T09:00:00Z")
    with at(played, "zhouning") as desk:
        assert corrections_due(desk)["late"] == 2  # the buyer, and the old number
    assert verify([played / "handover"], [read_card(played, name) for name in ("seller", "buyer")]).ok


def altered(played: Path, bundle: Path, aside: Path) -> None:
    """One byte of the sealed file or another number: the buyer changes nothing."""
    shutil.copytree(bundle, aside / "kept")
    for name in ("corrections.bin", "corrected.dsse.json"):
        data = bytearray((bundle / name).read_bytes())
        data[len(data) // 2] ^= 1
        (bundle / name).write_bytes(data)
        code, told = act(played, "buyer", "fanyuan", "correction", "take", DEAL, "--at", played / "handover")
        assert (code, told["error"]["retry"]) == (1, False), told
        shutil.copy(aside / "kept" / name, bundle / name)
    store = sqlite3.connect(played / "buyer" / "core.db")
    assert store.execute("SELECT count(*) FROM revision").fetchone() == (0,)
    store.close()


def there(where: Path) -> set[str]:
    """Who is at the buyer."""
    with sqlite3.connect(where / "buyer" / "core.db") as store:
        return {ids.subject_text(one) for (one,) in store.execute("SELECT id FROM subject")}


def test_a7_a_value_in_several_places_changes_in_all_or_in_none(played: Path, monkeypatch: pytest.MonkeyPatch):
    """What fails at the second place leaves the first as it was; sent again, the page's mark means that very value."""
    who = somebody(played, PHONE)
    link = proven(played, who, "phone")
    with at(played) as desk:
        own = cast("list[dict]", portal_show(desk, laws(played), *link, "zh")["own"])
        page = next(each for each in own if each["class"] == PHONE)
        with desk.store.read() as tx:
            vault = str(tx.find("vault")[0]["id"])
            mine = next(each for each in own_values(desk, tx, vault, subject_bytes(who)) if each.cls == PHONE)
            where = [mine.places[0]]
            cells = [cell_at(tx, vault, subject_bytes(who), where[0])]
            other = next(
                row for row in tx.find("record", subject=subject_bytes(who)) if row["record"] != cells[0].record
            )
            (layout,) = tx.find("schema", vault=vault, number=other["schema"])
            where.append(
                Place(str(layout["tbl"]), int(str(other["row"])), json.loads(bytes(layout["columns"]))["columns"][0])
            )  # type: ignore[arg-type]
            cells.append(cell_at(tx, vault, subject_bytes(who), where[1]))
    key = page["key"].rpartition("/")[2]
    calls, done = list[str](), corrections.done

    def failing(desk: Desk, tx: Transaction, row: Cells, *more: object) -> None:
        calls.append(str(row["id"]))
        if len(calls) == 2:
            raise Unavailable("store.busy", "no")
        done(desk, tx, row, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(corrections, "done", failing)
    drafts = []
    with at(played) as desk:
        for place, cell in zip(where, cells, strict=True):
            draft = corrections.Draft(
                vault, subject_bytes(who), place.table, place.column, cell, "link", "person-corrected"
            )
            drafts.append((corrections.new_row(desk, draft, corrections.DONE), draft))
        with pytest.raises(Unavailable) as caught:
            carry_out_all(desk, drafts, NEW)
        assert (caught.value.slug, len(calls)) == ("store.busy", 2)
    monkeypatch.undo()
    with at(played, "zhouning") as desk:
        assert NEW not in values(desk, who)[PHONE]
    assert correct(played, link, PHONE, NEW, key)["did"] == "done"
    assert refused(lambda: correct(played, link, PHONE, "13900001111", key)) == "portal.request"
    with at(played, "zhouning") as desk:
        assert NEW in values(desk, who)[PHONE]
