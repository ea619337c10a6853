"""B5: whoever holds a receipt's number learns where the data stands; who guesses learns nothing, whatever is guessed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custody.base import ids
from custody.base.errors import CustodyError, Missing
from custody.services.receipt_check import receipt_check
from tests.portal.answering import answer, where_to
from tests.portal.conftest import at, laws, somebody
from tests.portal.tokens import token


@pytest.fixture
def receipt(played: Path) -> str:
    """The number of a receipt of somebody who objected and thought better of it."""
    text = token(played, somebody(played, "notice.delivered", lacks=("objection",)))
    made = answer(played, text, "objection", "objected")
    return str(made["record"])


def test_b5_a_number_says_where_the_data_stands_and_names_nobody(played: Path, receipt: str):
    """Typed as people type it; neither the person's id nor a value of theirs is in the answer."""
    with at(played) as desk:
        told = [
            receipt_check(desk, laws(played), one)
            for one in (receipt, f" {receipt.lower()} ", receipt[:9] + " " + receipt[9:])
        ]
    assert told[0] == told[1] == told[2]
    assert (told[0]["act"], where_to(dict(told[0]))) == ("objected", "stays")
    assert set(told[0]) == {
        "record",
        "question",
        "act",
        "at",
        "outlook",
        "buyer",
        "seller",
        "moved_at",
        "called_back_at",
        "destroyed_at",
    }


@pytest.fixture
def seated(played: Path, receipt: str):  # noqa: ARG001 - there is something to be found
    with at(played) as desk:
        yield desk


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    text=st.one_of(st.text(max_size=300), st.binary(min_size=16, max_size=16).map(lambda raw: ids.id_text("cns", raw)))
)
def test_b5_whatever_number_is_guessed_is_told_alike(seated, text: str):
    """Rubbish and well-formed strangers give one error that repeats nothing."""
    with pytest.raises(Missing) as refused:
        receipt_check(seated, laws(Path()), text)
    assert (refused.value.slug, refused.value.where) == ("receipt.unknown", {})


def test_b5_only_the_portal_answers(played: Path, receipt: str):
    """Staff look a customer up on the record, not by a receipt."""
    with at(played, "zhouning") as desk, pytest.raises(CustodyError) as refused:
        receipt_check(desk, laws(played), receipt)
    assert refused.value.slug == "act.role"
