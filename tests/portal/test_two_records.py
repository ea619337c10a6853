"""B3, B4: somebody with two records is heard with both: a no of one holds the other back until somebody says whether they are one person."""

from pathlib import Path

import pytest

from custody.acts.sole_holder import others_have, shared
from custody.base import ids
from custody.base.clock import stamp
from custody.law.gate import SAME_PERSON
from custody.services.customer import customer
from custody.services.erase import erase
from custody.services.record_say import record_say
from custody.services.release import release
from custody.services.request_close import request_close
from custody.services.request_new import request_new
from custody.services.revise import Correction
from tests.portal.answering import AGREED, answer, page, where_to
from tests.portal.closing import Interrupted, approved
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.requesting import ASKED, faults
from tests.portal.somebody import EMAIL, PHONE, column, put_right, values
from tests.portal.test_leaving import NOES, gated
from tests.portal.tokens import token

SEEN = "she came with her card"
ALONE = "13987650001"


def two(where: Path, *, named: bool = True) -> tuple[str, str]:
    """Two records that agreed, both with one telephone that nobody else has; in the second the name of the first, too."""
    with at(where, "zhouning") as desk:
        usable = (who for who in everybody(where, *AGREED, lacks=NOES) if _listed(values(desk, who)))
        first, second = next(usable), next(usable)
        for who in (first, second):
            put_right(where, desk, who, Correction("会员", None, column(desk, who, PHONE), ALONE, "typo"))
        if named:
            name = values(desk, first)["name.full"][0]
            put_right(where, desk, second, Correction("会员", None, column(desk, second, "name.full"), name, "typo"))
            born = values(desk, first).get("person.birth_date", [""])[0]
            if born:
                put_right(
                    where,
                    desk,
                    second,
                    Correction("会员", None, column(desk, second, "person.birth_date"), born, "typo"),
                )
    return first, second


def _listed(told: dict[str, list[str]]) -> bool:
    return all(len(told.get(cls, ())) == 1 for cls in (PHONE, EMAIL, "name.full", "account.customer_id"))


def say(where: Path, one: str, other: str, word: str, by: str = "zhouning") -> str:
    with at(where, by) as desk:
        return str(record_say(desk, one, other, word, SEEN, None)["said"])


def beside(where: Path, who: str) -> list[tuple[str, str]]:
    with at(where, "zhouning") as desk:
        return [(one["subject"], one["said"]) for one in customer(desk, who)["records"]]


def test_b3_a_no_of_one_record_makes_the_other_wait_until_somebody_says(played: Path):
    """The gate names why; `other` frees it, `same` carries the no, two words against each other leave it open, and a no that is taken back frees both."""
    first, second = two(played)
    links = token(played, first), token(played, second)
    free, none = gated(played, SAME_PERSON)
    assert (where_to(page(played, links[1])), none) == ("moves", 0)
    answer(played, links[0], "objection", "objected")
    assert gated(played, SAME_PERSON)[0] == free - 2
    assert gated(played, SAME_PERSON)[1] > 0
    assert page(played, links[1])["outlook"] == "not-yet"
    assert beside(played, second) == [(first, "open")]
    assert say(played, first, second, "other") == "other"
    assert gated(played, SAME_PERSON) == (free - 1, 0)
    assert where_to(page(played, links[1])) == "moves"
    assert say(played, second, first, "same", "suhe") == "open"
    assert page(played, links[1])["outlook"] == "not-yet"
    assert say(played, first, second, "same") == "same"
    assert gated(played, SAME_PERSON) == (free - 2, 0)
    assert page(played, links[1])["outlook"] == "stays"
    answer(played, links[0], "objection", "lifted")
    assert gated(played, SAME_PERSON) == (free, 0)


def test_b3_a_no_during_the_closing_holds_the_other_record_back(played: Path):
    """Two fewer go: who said no after everybody was decided, and whose record may be theirs."""
    first, second = two(played)
    link = token(played, first)
    gated(played)
    planned = approved(played)
    with at(played, "zhouning") as desk:
        made = release(
            desk,
            laws(played),
            DEAL,
            Interrupted(played / "handover", lambda: answer(played, link, "objection", "objected")),
        )
    assert made["subjects"] == planned - 2
    assert page(played, token(played, second))["outlook"] == "not-yet"


def test_b3_a_household_that_shares_a_telephone_waits_for_nobody(played: Path):
    """Another name by one telephone is somebody else: the record is named to staff and goes as it had agreed; nobody of other identifiers is called the same."""
    first, second = two(played, named=False)
    stranger = next(
        who for who in everybody(played, lacks=NOES) if who not in {first, second} and not beside(played, who)
    )
    answer(played, token(played, first), "objection", "objected")
    assert gated(played, SAME_PERSON)[1] == 0
    assert where_to(page(played, token(played, second))) == "moves"
    assert beside(played, second) == [(first, "told-apart")]
    assert faults(lambda: say(played, first, stranger, "same")) == "record.apart"


def test_b4_records_that_two_people_called_the_same_count_as_one(played: Path):
    """A telephone on two records proves neither, nor at one person's word; at two it does, and keeps nobody else off the list when one of them goes."""
    first, second = two(played)
    told = [(ids.subject_bytes(first), "phone", ALONE)]

    def one_of_two() -> tuple[bool, bool]:
        with at(played, "zhouning") as desk, desk.store.read() as tx:
            (vault,) = tx.find("vault")
        with at(played, "zhouning") as desk:
            gone = [who for who, _, _ in told]
            return shared(desk, vault, gone[0], "phone", ALONE), bool(others_have(desk, vault, told, gone))

    assert one_of_two() == (True, True)
    say(played, first, second, "same")
    assert one_of_two() == (True, True)
    say(played, first, second, "same", "suhe")
    assert one_of_two() == (False, False)


@pytest.mark.parametrize("word", ["", "other"])
def test_b4_nobody_is_told_that_everything_is_gone_while_another_record_may_be_theirs(played: Path, word: str):
    """The dry run names it, the page says what this record held; once somebody said that it is another's, everything is gone."""
    first, second = two(played)
    gated(played)
    link = token(played, first)
    if word:
        say(played, first, second, word)
    with at(played, "zhouning") as desk:
        assert [one["subject"] for one in customer(desk, first)["records"]] == [second]
        ref = str(request_new(desk, laws(played), DEAL, first, {**ASKED, "kind": "delete"})["ref"])
        dry = erase(desk, [first], None, dry_run=True)
        assert [one["subject"] for one in dry.get("records_beside", [])] == ([] if word else [second])
        erase(desk, [first], None)
        request_close(desk, laws(played), ref, "granted", "")
    (told,) = page(played, link)["requests"]
    assert told["done"] == ["erased" if word else "erased-one"]


def test_b4_a_deletion_that_was_granted_holds_the_other_record_until_somebody_says(played: Path):
    """What was held of one record is gone, and the record beside it is nobody's to hand over meanwhile; of another person it is free."""
    first, second = two(played)
    link = token(played, second)
    with at(played, "zhouning") as desk:
        ref = str(request_new(desk, laws(played), DEAL, first, {**ASKED, "kind": "delete"})["ref"])
    assert page(played, link)["outlook"] == "not-yet"
    with at(played, "zhouning") as desk, desk.store.write() as tx:
        tx.change("request", {"state": "granted", "closed_at": stamp(desk.clock.now())}, ref=ref)
    assert page(played, link)["outlook"] == "not-yet"
    assert gated(played, SAME_PERSON)[1] > 0
    assert say(played, first, second, "other") == "other"
    assert where_to(page(played, link)) == "moves"
