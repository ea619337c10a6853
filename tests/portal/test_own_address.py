"""B3, B4, A7: what an order says of whoever gets a present proves nothing of the customer, and no message of theirs goes there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.contacts import contacts
from custody.acts.desk import Desk
from custody.acts.holdings import holdings, identifiers
from custody.acts.own_tables import own_tables
from custody.acts.reading import Reader
from custody.acts.values import Value, shelf, values_of
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.portal_correct import portal_correct
from custody.services.portal_prove import portal_prove
from custody.services.request_new import request_new
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.somebody import EMAIL, NEW, NUMBER, PHONE, proven, refused, somebody, values
from tests.portal.tokens import token


def rows(desk: Desk, who: str) -> tuple[list[Value], list[Value]]:
    """(telephones of the person's own rows, those that other rows name)."""
    with desk.store.read() as tx:
        vault, subject = str(tx.find("vault")[0]["id"]), ids.subject_bytes(who)
        reader, theirs = Reader(desk, tx, vault, only={subject}), own_tables(tx, vault)
        found = [one for one in values_of(tx, vault, reader, shelf(tx, vault, reader), subject) if one.cls == PHONE]
        reader.close()
    return [one for one in found if one.table in theirs], [one for one in found if one.table not in theirs]


def presents(where: Path) -> Iterator[tuple[str, list[str], str]]:
    """(customer, their own telephones, that of somebody else in an order of theirs)."""
    for who in everybody(where):
        with at(where, "zhouning") as desk:
            mine, others = rows(desk, who)
        own = [one.text for one in mine]
        strange = [one.text for one in others if one.text[-8:] not in {text[-8:] for text in own}]
        if own and strange:
            yield who, own, strange[0]


def test_b4_whoever_got_a_present_is_not_the_customer(played: Path):
    """At the desk, on the page and for a message: the telephone of an order is nobody's proof and gets no link."""
    who, own, strange = next(presents(played))
    asked = {"kind": "access", "channel": "email", "proof": "phone", "said": f"phone,{strange}", "note": ""}
    with at(played, "zhouning") as desk:
        assert refused(lambda: request_new(desk, laws(played), DEAL, who, asked)) == "request.identity"
        assert request_new(desk, laws(played), DEAL, who, {**asked, "said": f"phone,{own[0]}"})["ref"]
    text = token(played, who, "email")
    with at(played) as desk, pytest.raises(CustodyError) as error:
        portal_prove(desk, laws(played), text, "phone", strange)
    assert error.value.slug == "portal.wrong"
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        vault, subject = str(tx.find("vault")[0]["id"]), ids.subject_bytes(who)
        assert contacts(desk, tx, vault, [subject])[subject].values[PHONE] in own
        held = holdings(desk, tx, vault, subject)
        assert strange not in identifiers(held)["phone"]
        assert strange in next(one for one in held if one.cls == PHONE).values, (
            "it is held all the same, and shown as held"
        )


def test_b1_everybody_is_called_and_written_to_by_their_own_row(played: Path):
    """Of whoever has one; who is known by an order alone is reached as that says."""
    alone = 0
    with at(played, "zhouning") as desk, desk.store.read() as tx:
        vault = str(tx.find("vault")[0]["id"])
        people = [bytes(row["id"]) for row in tx.find("subject", vault=vault, kind="customer", state="live")]  # type: ignore[arg-type] # ids are bytes
        found = contacts(desk, tx, vault, people)
    for subject in people:
        with at(played, "zhouning") as desk:
            mine, others = rows(desk, ids.subject_text(subject))
        told = found[subject].values.get(PHONE)
        if told:
            assert told in [one.text for one in (mine or others)]
            alone += not mine
    assert len(people) > alone


def test_a7_a_link_to_the_old_number_is_no_channel_to_the_new_one(played: Path):
    """The number was changed; a month later whoever holds the old link may ask, and changes nothing at once."""
    who = somebody(played, PHONE, EMAIL)
    text, proof = proven(played, who, "phone")
    with at(played) as desk:
        assert portal_correct(desk, laws(played), text, proof, {"class": PHONE, "value": NEW})["did"] == "done"
        desk.clock.advance(timedelta(days=31))
    with at(played, "zhouning") as desk:
        number = values(desk, who)[NUMBER][0]
    with at(played) as desk:
        again = str(portal_prove(desk, laws(played), text, "customer-number", number)["proof"])
        assert (
            portal_correct(desk, laws(played), text, again, {"class": PHONE, "value": "13611112222"})["did"] == "asked"
        )
    with at(played, "zhouning") as desk:
        assert values(desk, who)[PHONE] == [NEW]
