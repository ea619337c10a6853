"""One customer as staff see them, and sheets that bring a vault's key back: by command, on a finished rehearsal's copy."""

import shutil

import pytest

from tests.line.conftest import act


@pytest.fixture(scope="module")
def shop(played, tmp_path_factory):
    """A copy of the seller's home from before the destruction."""
    where = tmp_path_factory.mktemp("customer")
    shutil.copytree(played / "seller-backup", where / "seller")
    return where


@pytest.fixture(scope="module")
def somebody(shop):
    """A customer who is handed over."""
    _, found = act(shop, "seller", "suhe", "deal", "customers", "D-2026-0001", "--verdict", "hand_over", "--most", 1)
    return found["customers"][0]["subject"]


def kinds(told):
    return [entry["kind"] for entry in told["history"]]


def test_d4_a_look_is_told_of_that_person_alone(shop, somebody):
    """Who looked, for what purpose and why stands with the person looked at, and with nobody else."""
    _, found = act(shop, "seller", "suhe", "deal", "customers", "D-2026-0001", "--verdict", "hand_over", "--most", 2)
    other = found["customers"][1]["subject"]
    code, _ = act(shop, "seller", "zhouning", "reveal", somebody, "--purpose", "contract", "--reason", "case 4711")
    assert code == 0
    code, told = act(shop, "seller", "suhe", "customer", somebody)
    assert code == 0
    looked = told["history"][0]
    assert (looked["kind"], looked["who"], looked["purpose"], looked["reason"]) == (
        "revealed",
        "zhouning",
        "contract",
        "case 4711",
    )
    assert {"released", "receipt", "notice.delivered"} <= set(kinds(told))
    assert "revealed" not in kinds(act(shop, "seller", "suhe", "customer", other)[1])


def test_d4_the_card_opens_nothing(shop, somebody):
    """Columns, classes and tiers of what is held, and no value: every text of the card is a code, a name of a column or an instant."""
    before = act(shop, "seller", "suhe", "ledger", "list")[1]["size"]
    _, told = act(shop, "seller", "suhe", "customer", somebody)
    assert {frozenset(field) for field in told["fields"]} == {frozenset(("table", "column", "class", "tier"))}
    assert act(shop, "seller", "suhe", "ledger", "list")[1]["size"] == before


def test_a_stranger_is_nobody(shop):
    """An id that no vault holds is told so."""
    code, told = act(shop, "seller", "suhe", "customer", "sub_0A1B2C3D4E5F6G7H8J9K0M1N2P")
    assert (code, told["error"]["slug"]) == (2, "subject.unknown")


def test_a4_sheets_open_the_vault_they_were_printed_for(shop):
    """Any two of three sheets open it; only an owner prints them, and never fewer than two are needed."""
    sheets = shop / "sheets"
    people = [word for name in ("苏禾", "周宁", "李墨") for word in ("--holder", name)]
    code, made = act(shop, "seller", "suhe", "recovery", "print", *people, "--to", sheets)
    assert (code, len(made["files"])) == (0, 3)
    for pair in ((0, 1), (0, 2), (1, 2)):
        code, tried = act(shop, "seller", "suhe", "recovery", "test", *(sheets / made["files"][one] for one in pair))
        assert (code, tried["opens"]) == (0, True)
    assert act(shop, "seller", "limo", "recovery", "print", *people, "--to", sheets)[1]["error"]["slug"] == "act.role"
    for words in (
        people[:2],
        [*people[:4], "--threshold", 1],
        [*people[:4], "--threshold", 3],
        [*people[:2], *people[:2]],
    ):
        code, refused = act(shop, "seller", "suhe", "recovery", "print", *words, "--to", sheets)
        assert (code, refused["error"]["slug"]) == (2, "recovery.holders")
