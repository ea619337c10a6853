"""B4: whoever calls or writes shows who they are by each identifier they name, before a request selects anything of theirs."""

import sqlite3
from pathlib import Path

import pytest

from custody.acts.correcting import Place
from custody.acts.identified import TRIES
from custody.base.errors import CustodyError
from custody.services.correction_new import correction_new
from custody.services.portal_prove import portal_prove
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from custody.services.revise import Correction
from tests.portal.both_proofs import EMAIL, with_both
from tests.portal.conftest import DEAL, at, laws
from tests.portal.somebody import NUMBER, PHONE, column, put_right, refused
from tests.portal.tokens import token

# Letters that look the same and are others: Cyrillic a, e, o, p, c; a Greek o; a dotless i; an l for an i.
ALIKE = {"a": "а", "e": "е", "o": "ο", "p": "р", "c": "с", "i": "ı", "l": "I"}


def take(where: Path, who: str, channel: str, proof: str, *said: tuple[str, str], kind: str = "copy") -> str:
    """The slug of its refusal, or the reference."""
    given = {
        "kind": kind,
        "channel": channel,
        "proof": proof,
        "said": "".join(f"{kind},{value}\n" for kind, value in said),
    }
    with at(where, "zhouning") as desk:
        try:
            return str(request_new(desk, laws(where), DEAL, who, given)["ref"])
        except CustodyError as error:
            return error.slug


def waiting(where: Path) -> int:
    with at(where, "zhouning") as desk:
        return int(request_list(desk, None)["total"])  # type: ignore[arg-type] # a number


def test_b4_a_first_proof_carries_no_second_identity(played: Path):
    """Of two identifiers one is another's, or nobody's: nothing is taken in; with both one's own it is, and the entry says the kinds alone."""
    (who, mine), (_, theirs) = [one for one, _ in zip(with_both(played), range(2), strict=False)]
    proven = ("customer-number", mine[NUMBER])
    assert take(played, who, "phone", "customer-number", proven, ("email", theirs[EMAIL])) == "request.identity"
    assert (
        take(played, who, "phone", "customer-number", proven, ("email", mine[EMAIL]), ("phone", "13900009999"))
        == "request.identity"
    )
    assert take(played, who, "phone", "customer-number", ("customer-number", theirs[NUMBER]), ("email", mine[EMAIL])) == "request.identity"  # fmt: skip
    assert waiting(played) == 0
    assert take(played, who, "phone", "customer-number", proven, ("email", mine[EMAIL])).startswith("R-")
    for file in (played / "seller").glob("core.db*"):
        assert mine[EMAIL].encode() not in file.read_bytes()
    with sqlite3.connect(played / "seller" / "core.db") as store:
        entries = [row[0] for row in store.execute("SELECT entry FROM ledger_entry ORDER BY position DESC LIMIT 9")]
    told = [entry for entry in entries if b'"identified"' in entry]
    assert [b'"proved":true' in entry for entry in told] == [True, False, False, False]
    assert not any(mine[NUMBER].encode() in entry for entry in told)


def test_b4_a_look_alike_address_is_another_address(played: Path):
    """A letter of another script, a domain with one letter more, an address inside another: none is the one on file; written in capitals it is."""
    who, mine = next(with_both(played))
    right, proof = mine[EMAIL], ("customer-number", mine[NUMBER])
    name, _, domain = right.partition("@")
    swap = next(sign for sign in right if sign in ALIKE)
    forged = (
        right.replace(swap, ALIKE[swap], 1),
        f"{right}.example",
        f"{name}@{domain}m",
        f"{right}@evil.example",
        f"x{right}",
        name,
    )
    for one in forged:
        assert take(played, who, "letter", "customer-number", proof, ("email", one)) == "request.identity"
    assert waiting(played) == 0
    assert take(played, who, "letter", "customer-number", proof, ("email", right.upper())).startswith("R-")


def test_b4_where_it_came_from_proves_nothing(played: Path):
    """The number that calls, the address that writes; nothing said at all; in person by letter; a line that is none, which is not repeated."""
    who, mine = next(with_both(played))
    assert take(played, who, "phone", "phone", ("phone", mine[PHONE])) == "request.proof"
    assert take(played, who, "email", "email", ("email", mine[EMAIL])) == "request.proof"
    assert take(played, who, "letter", "customer-number") == "request.proof"
    assert take(played, who, "letter", "customer-number", ("email", mine[EMAIL])) == "request.proof"
    assert take(played, who, "letter", "in-person") == "request.proof"
    with at(played, "zhouning") as desk, pytest.raises(CustodyError, match="line 1") as error:
        request_new(
            desk,
            laws(played),
            DEAL,
            who,
            {"kind": "copy", "channel": "letter", "proof": "phone", "said": f"secret,{mine[PHONE]}"},
        )
    assert mine[PHONE] not in str(error.value)
    assert take(played, who, "letter", "phone", ("phone", mine[PHONE])).startswith("R-")


def test_b4_tries_with_one_person_are_counted_before_they_are_looked_at(played: Path):
    """After so many a day the right one is refused too; another customer is not locked by it."""
    (who, mine), (other, theirs) = [one for one, _ in zip(with_both(played), range(2), strict=False)]
    for n in range(TRIES):
        assert (
            take(played, who, "letter", "customer-number", ("email", mine[EMAIL]), ("customer-number", f"no-{n}"))
            == "request.identity"
        )
    assert take(played, who, "letter", "email", ("email", mine[EMAIL])) == "request.tries"
    assert take(played, other, "letter", "email", ("email", theirs[EMAIL])).startswith("R-")


def test_b4_an_address_that_was_changed_lately_proves_nothing(played: Path):
    """Whoever had an address changed cannot ask by it while its owner can take that back."""
    who, mine = next(with_both(played))
    with at(played, "zhouning") as desk:
        put_right(played, desk, who, Correction("会员", None, column(desk, who, PHONE), "13987654321", "typo"))
    assert take(played, who, "letter", "phone", ("phone", "13987654321")) == "request.identity"
    assert take(played, who, "letter", "email", ("email", mine[EMAIL])).startswith("R-")


def test_b4_a_customer_number_alone_proves_nobody(played: Path):
    """The attack: somebody reads it on an invoice, and calls, writes or sends a letter with it, or with the address that they write from. What was said is not even looked at; a no, which protects, is taken."""
    who, mine = next(with_both(played))
    number = ("customer-number", mine[NUMBER])
    for channel in ("letter", "phone", "desk", "email"):
        assert take(played, who, channel, "customer-number", number) == "request.alone"
    assert take(played, who, "email", "customer-number", number, ("email", mine[EMAIL])) == "request.alone"
    assert take(played, who, "phone", "customer-number", number, ("phone", mine[PHONE])) == "request.alone"
    with at(played, "zhouning") as desk:
        given = {
            "value": "x@mail.example",
            "channel": "phone",
            "proof": "customer-number",
            "said": f"customer-number,{mine[NUMBER]}\n",
        }
        place = Place("会员", None, column(desk, who, EMAIL))
        assert refused(lambda: correction_new(desk, who, place, given, None)) == "request.alone"
    assert waiting(played) == 0
    assert take(played, who, "phone", "customer-number", number, ("email", mine[EMAIL])).startswith("R-")
    assert take(played, who, "letter", "customer-number", number, kind="object").startswith("R-")


def test_b3_an_address_that_was_changed_lately_opens_no_page(played: Path):
    """Nor is it a second factor: whoever talked a telephone number in and has a forwarded link sees nothing; the customer number still opens."""
    who, mine = next(with_both(played))
    text = token(played, who)
    with at(played, "zhouning") as desk:
        put_right(played, desk, who, Correction("会员", None, column(desk, who, PHONE), "13987654321", "typo"))
    with at(played) as desk:
        assert refused(lambda: portal_prove(desk, laws(played), text, "phone", "13987654321")) == "portal.wrong"
        assert portal_prove(desk, laws(played), text, "customer-number", mine[NUMBER])["proof"]
