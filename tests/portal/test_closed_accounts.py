"""A9: whoever closes their account is kept off, also where law keeps an order of theirs; who is known by an order alone is found by what it says."""

import sqlite3
from pathlib import Path

import pytest

from custody.acts.barred import barred
from custody.acts.closed_accounts import keep_away_closing
from custody.acts.contacts import contacts
from custody.acts.desk import Desk
from custody.acts.passed_silence import take
from custody.acts.suppressing import mark as mark_by
from custody.acts.suppressing import on_list, silenced
from custody.base.ids import subject_bytes
from custody.services.campaign_letters import campaign_letters
from custody.services.erase_part import erase_part
from custody.services.portal_show import portal_show
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from custody.services.suppress import suppress_add, suppress_check, suppress_list
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.requesting import ASKED, faults
from tests.portal.somebody import EMAIL, PHONE, values
from tests.portal.tokens import token

__all__ = ["untold"]
RULE = "CN-DEL-47-BLOCK"
"""Article 47: what law keeps stays."""


def with_orders(where: Path) -> str:
    """Somebody with a telephone and an address in the list of members, and an order that law keeps."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        rows = store.execute("SELECT r.subject FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema WHERE s.tbl = 'orders'")  # fmt: skip
        have = {one for (one,) in rows}
    with at(where, "zhouning") as desk:
        return next(
            who for who in everybody(where) if subject_bytes(who) in have and {PHONE, EMAIL} <= values(desk, who).keys()
        )


def asked(desk: Desk, where: Path, who: str) -> str:
    return str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": "deregister", "note": "注销"})["ref"])


def state(where: Path, ref: str, who: str) -> str:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        found = store.execute("SELECT s.state FROM sending s JOIN campaign c ON c.id = s.campaign WHERE c.ref = ? AND s.subject = ?", (ref, subject_bytes(who)))  # fmt: skip
        return str(found.fetchone()[0])


def vault(desk: Desk) -> str:
    with desk.store.read() as tx:
        return str(tx.find("vault")[0]["id"])


@pytest.fixture
def left(untold: Path) -> tuple[Path, str, dict[str, list[str]]]:
    """Somebody who asked, whose row in the list of members is gone and whose orders stay; and what the row said."""
    who = with_orders(untold)
    with at(untold, "zhouning") as desk:
        mine, ref = values(desk, who), asked(desk, untold, who)
        told = erase_part(desk, who, "会员", None, None)
        assert told["suppressed"] >= 2
        assert request_close(desk, laws(untold), ref, "partly", RULE, [str(told["ledger"])])["state"] == "partly"
    return untold, who, mine


def test_a9_whose_orders_law_keeps_is_on_the_list_all_the_same(left: tuple[Path, str, dict[str, list[str]]]):
    """What identified them is listed, they are marked, their page says so, and no campaign by any way is planned for them."""
    where, who, mine = left
    with at(where, "zhouning") as desk:
        assert suppress_check(desk, mine[PHONE][0])["by"]["phone"] == "import"
        assert suppress_check(desk, mine[EMAIL][0])["by"]["email"] == "import"
        with desk.store.read() as tx:
            assert silenced(tx, vault(desk), [subject_bytes(who)]) == {subject_bytes(who)}
    for words in ({}, {"channel": "sms"}):
        assert state(where, planned(where, **words, text=f"B{len(words)}")["campaign"], who) == "suppressed"
    text = token(where, who)
    with at(where) as desk:
        assert portal_show(desk, laws(where), text, "", "zh")["silent"] is True


def test_a9_done_again_it_lists_nobody_anew(left: tuple[Path, str, dict[str, list[str]]]):
    """What an order of theirs says may be somebody else's: it does not come on the list because the rest of theirs went."""
    where, who, _ = left
    with at(where, "zhouning") as desk:
        before = suppress_list(desk)["suppressed"]
        ref = asked(desk, where, who)
        with sqlite3.connect(where / "seller" / "core.db") as store:
            layouts = store.execute("SELECT DISTINCT s.tbl FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema WHERE r.subject = ?", (subject_bytes(who),)).fetchall()  # fmt: skip
        told = erase_part(desk, who, str(layouts[0][0]), None, None)
        assert told["suppressed"] == 0
        assert suppress_list(desk)["suppressed"] == before
        assert faults(lambda: request_close(desk, laws(where), ref, "granted", "")) in {
            "request.unnamed",
            "request.undone",
        }


def test_a9_who_asked_is_written_to_no_more_while_it_is_open(untold: Path):
    """Nothing was erased yet, nothing is listed; a message that is planned meanwhile does not go to them. Refused, they are written to again."""
    who = with_orders(untold)
    with at(untold, "zhouning") as desk:
        ref = asked(desk, untold, who)
    first = planned(untold)
    assert state(untold, first["campaign"], who) == "suppressed"
    with at(untold, "zhouning") as desk:
        assert suppress_list(desk)["suppressed"] == 0
        assert request_close(desk, laws(untold), ref, "refused", RULE)["state"] == "refused"
        assert suppress_list(desk)["suppressed"] == 0
    assert state(untold, planned(untold, text="again")["campaign"], who) != "suppressed"


def test_a9_an_end_keeps_them_off_whatever_was_erased_for_it(untold: Path):
    """The row was erased before they asked, an order since: the end itself lists what still identifies them."""
    who = with_orders(untold)
    with at(untold, "zhouning") as desk:
        erase_part(desk, who, "会员", None, None)
        assert suppress_list(desk)["suppressed"] == 0, "who asked for nothing may come again"
        with desk.store.read() as tx:
            found = contacts(desk, tx, vault(desk), [subject_bytes(who)])[subject_bytes(who)]
        ref = asked(desk, untold, who)
        assert faults(lambda: request_close(desk, laws(untold), ref, "partly", RULE)) == "request.undone"
        assert suppress_list(desk)["suppressed"] == 0, "what is refused lists nobody"
        row = _rows(untold, who, "orders")[0]
        told = erase_part(desk, who, "orders", row, None)
        request_close(desk, laws(untold), ref, "partly", RULE, [str(told["ledger"])])
        with desk.store.read() as tx:
            assert barred(desk, tx, vault(desk), [subject_bytes(who)]) == {subject_bytes(who)}
        assert not found.phone or suppress_check(desk, found.phone)["listed"]


def _rows(where: Path, who: str, table: str) -> list[int]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        rows = store.execute("SELECT r.row FROM record r JOIN schema s ON s.vault = r.vault AND s.number = r.schema WHERE r.subject = ? AND s.tbl = ?", (subject_bytes(who), table))  # fmt: skip
        return [number for (number,) in rows]


@pytest.fixture
def ordering(untold: Path) -> tuple[Path, str, str, str]:
    """Somebody who is known by an order alone, with the telephone and the address that it names."""
    who = with_orders(untold)
    with at(untold, "zhouning") as desk:
        erase_part(desk, who, "会员", None, None)
        with desk.store.read() as tx:
            found = contacts(desk, tx, vault(desk), [subject_bytes(who)])[subject_bytes(who)]
    assert found.phone
    assert found.window()
    return untold, who, found.phone, found.postal


@pytest.mark.parametrize("mark", ["came", "named"])
def test_a9_a_mark_without_a_tag_is_no_place_on_the_list(ordering: tuple[Path, str, str, str], mark: str):
    """Silence that came with a release, or was said by name of whoever has nothing of their own: once the account is closed they are listed by what is left, and done again nobody is anew."""
    where, who, phone, _ = ordering
    one = subject_bytes(who)
    with at(where, "zhouning") as desk:
        name = vault(desk)
        with desk.store.write() as tx:
            assert (take(tx, name, [one]) if mark == "came" else mark_by(tx, name, [one], named=True)) == 1
        assert suppress_list(desk)["suppressed"] == 0
        asked(desk, where, who)
        with desk.store.read() as tx:
            row = tx.find("vault", id=name)[0]
        assert keep_away_closing(desk, row, [one]) >= 1
        assert suppress_check(desk, phone)["by"]["phone"] == "import"
        before = suppress_list(desk)["suppressed"]
        assert keep_away_closing(desk, row, [one]) == 0
        assert suppress_list(desk)["suppressed"] == before


@pytest.mark.parametrize("by", ["subject", "value"])
def test_a9_who_is_known_by_an_order_alone_can_be_put_on_the_list(ordering: tuple[Path, str, str, str], by: str):
    """By name or by the telephone that the order says: they are marked, and found when a list meets people who came sealed."""
    where, who, phone, _ = ordering
    with at(where, "zhouning") as desk:
        values_, named = ([phone], None) if by == "value" else ([], who)
        told = suppress_add(desk, values_, named, "import", "asked.1", None)
        assert told["marked"] >= 1
        with desk.store.read() as tx:
            assert subject_bytes(who) in silenced(tx, vault(desk))
        assert subject_bytes(who) in on_list(desk, vault(desk))


def test_a9_no_letter_goes_to_whom_only_their_order_names_and_the_list_has(ordering: tuple[Path, str, str, str]):
    """Listed where nobody had it yet marked: the letter itself asks the list by what it would be sent to."""
    where, who, phone, postal = ordering
    ref = planned(where)["campaign"]
    with at(where, "zhouning") as desk:
        suppress_add(desk, [phone], None, "contact", "asked.1", None)
        with sqlite3.connect(where / "seller" / "core.db") as store:
            store.execute(
                "UPDATE subject SET facts = CAST(replace(CAST(facts AS TEXT), '\"no_contact\":true,', '') AS BLOB)"
            )
        with desk.store.read() as tx:
            assert subject_bytes(who) not in silenced(tx, vault(desk)), (
                "as one who came on file since the list was kept"
            )
        told, data = campaign_letters(desk, ref)
    assert told["letters"] > 0
    assert postal not in data.decode("utf-8-sig")
    assert state(where, ref, who) == "suppressed"
