"""One customer of the played company: their values, the proof of who they are, and what is refused."""

from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.acts.own_values import own_values
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.approve import approve
from custody.services.portal_prove import portal_prove
from custody.services.revise import Correction, revise
from tests.portal.conftest import at, everybody, laws
from tests.portal.tokens import token

NEW = "13987654321"
PHONE, EMAIL, WECHAT, NUMBER = "contact.phone", "contact.email", "contact.im", "account.customer_id"


def values(desk: Desk, who: str) -> dict[str, list[str]]:
    """{class: values} of what a person may correct, straight from the vault."""
    found: dict[str, list[str]] = {}
    with desk.store.read() as tx:
        (vault,) = tx.find("vault")
        for each in own_values(desk, tx, str(vault["id"]), ids.subject_bytes(who)):
            found.setdefault(each.cls, []).append(each.text)
    return found


def somebody(where: Path, *classes: str, held: tuple[str, ...] = ()) -> str:
    """A grown-up customer with exactly one value of each of these classes and a number of their own."""
    with at(where, "zhouning") as desk:
        for who in everybody(where, *held, lacks=("objection", "consent.refused", "withdrawal")):
            told = values(desk, who)
            if all(len(told.get(cls, ())) == 1 for cls in (*classes, NUMBER)):
                return who
    raise AssertionError("the sample has such a customer")


def proven(where: Path, who: str, channel: str) -> tuple[str, str]:
    """A link by this channel, and the proof of the second factor."""
    text = token(where, who, channel)
    with at(where, "zhouning") as desk:
        number = values(desk, who)[NUMBER][0]
    with at(where) as desk:
        return text, str(portal_prove(desk, laws(where), text, "customer-number", number)["proof"])


def refused(work: object) -> str:
    with pytest.raises(CustodyError) as error:
        work()  # type: ignore[operator] # a function without parameters
    return error.value.slug


def put_right(where: Path, desk: Desk, who: str, what: Correction) -> dict:
    """By hand; of what is high risk at the word of a second person, who signs for just this."""
    would = revise(desk, who, what, None, dry_run=True)["would"]
    if would is not True:
        with at(where, "suhe") as second:
            approve(second, *would["approve"])  # type: ignore[index, arg-type] # (act, content)
    return dict(revise(desk, who, what, None))


def column(desk: Desk, who: str, cls: str) -> str:
    """The column of the members' list that holds a class."""
    with desk.store.read() as tx:
        (vault,) = tx.find("vault")
        own = own_values(desk, tx, str(vault["id"]), ids.subject_bytes(who))
    return next(place.column for each in own if each.cls == cls for place in each.places if place.table == "会员")
