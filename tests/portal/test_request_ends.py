"""B4: what was asked is granted by the act that did it: of exactly this person, after they asked, still standing, and here."""

from pathlib import Path

import pytest

from custody import wiring
from custody.services.correction_list import correction_list
from custody.services.correction_undo import correction_undo
from custody.services.erase import erase
from custody.services.erase_part import erase_part
from custody.services.portal_show import portal_show
from custody.services.request_answer import request_answer
from custody.services.request_close import request_close
from custody.services.request_list import request_line, request_list
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_settle import request_settle
from custody.services.request_status import request_status
from custody.services.request_take import request_take
from custody.services.revise import Correction
from tests.portal.answering import answer
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.passed_on import buyer, released
from tests.portal.requesting import ASKED, faults
from tests.portal.somebody import PHONE, column, put_right
from tests.portal.somebody import somebody as with_values
from tests.portal.tokens import token

NEW = "13987654321"


def asked(where: Path, who: str, kind: str) -> str:
    with at(where, "zhouning") as desk:
        return str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": kind})["ref"])


def close(where: Path, ref: str, state: str = "granted", rule: str = "", by: tuple[str, ...] = ()) -> dict:
    with at(where, "zhouning") as desk:
        return dict(request_close(desk, laws(where), ref, state, rule, by))


def refused(where: Path, ref: str, *words: object) -> str:
    return faults(lambda: close(where, ref, *words))  # type: ignore[arg-type] # as `close` has them


def shown(where: Path, link: str) -> list[dict]:
    with at(where) as desk:
        return list(portal_show(desk, laws(where), link, "", "zh")["requests"])


@pytest.mark.parametrize("kind", ["access", "copy", "explain", "portability"])
def test_b4_an_answer_is_granted_by_its_package_alone(played: Path, kind: str):
    """Saying so grants nothing, whole or in part, nor does another's package; once it is packed, the end names it and so does the person's page."""
    who, other = [one for one, _ in zip(everybody(played), range(2), strict=False)]
    link, ref, theirs = token(played, who), asked(played, who, kind), asked(played, other, kind)
    with at(played, "zhouning") as desk:
        request_answer(desk, laws(played), theirs, "", "")
        assert (request_line(desk, ref)["acts"], request_line(desk, ref)["lacking"]) == ([], "request.undone")
    assert refused(played, ref) == "request.undone"
    ground = {"portability": "CN-GROUND-NDSMR-25"}.get(kind, "CN-GROUND-45-18")
    assert refused(played, ref, "partly", ground) == ("request.grounds" if kind == "explain" else "request.undone")
    with at(played, "zhouning") as desk:
        entry = request_answer(desk, laws(played), ref, "", "").told["ledger"]
        assert request_line(desk, ref)["lacking"] == ""
    assert close(played, ref)["acts"] == [entry]
    assert [one["done"] for one in shown(played, link) if one["state"] == "granted"] == [["packed"]]


def test_b4_a_move_to_a_named_company_is_granted_by_whoever_says_it_was_handed_over(played: Path):
    """What was packed for the company they named does not speak for itself: the end names it."""
    who = next(everybody(played))
    with at(played, "zhouning") as desk:
        given = {**ASKED, "kind": "portability", "controller": "别家书店"}
        ref = str(request_new(desk, laws(played), DEAL, who, given)["ref"])
        entry = str(request_answer(desk, laws(played), ref, "", "").told["ledger"])
        assert request_line(desk, ref)["lacking"] == "request.unnamed"
    assert refused(played, ref) == "request.unnamed"
    assert close(played, ref, "granted", "", (entry,))["acts"] == [entry]


def test_b4_what_was_packed_with_rows_kept_back_grants_in_part_alone(played: Path):
    """The regulator's figures and the person's page say what the package says: not that everything was given."""
    who = next(everybody(played))
    link, ref = token(played, who), asked(played, who, "access")
    with at(played, "zhouning") as desk:
        rule = "CN-GROUND-45-18"
        entry = request_answer(desk, laws(played), ref, "", f"会员,1,{rule}").told["ledger"]
        assert request_line(desk, ref)["lacking"] == "request.partly"
    assert refused(played, ref) == "request.partly"
    assert close(played, ref, "partly", rule)["acts"] == [entry]
    assert [one["done"] for one in shown(played, link) if one["state"] == "partly"] == [["packed-part"]]


def test_b4_a_no_is_granted_by_the_answer_that_is_on_file(played: Path):
    """At the desk it is on file when it is taken in; once its person agreed again, what was asked before is not granted by saying so."""
    who = somebody(played, "consent.separate", lacks=("objection", "consent.refused", "withdrawal"))
    ref = asked(played, who, "object")
    told = close(played, ref)
    assert (told["state"], len(told["acts"])) == ("granted", 1)
    back = asked(played, who, "withdraw_consent")
    answer(played, token(played, who), "consent.separate", "given")
    assert refused(played, back) == "request.undone"
    answer(played, token(played, who), "consent.separate", "withdrawn")
    assert close(played, back)["state"] == "granted"


def test_b4_a_deletion_is_granted_by_the_erasure_of_that_person_alone(played: Path):
    """Saying so is refused, and so is another's erasure; after their own it is granted, and their page says by what."""
    who, other = [one for one, _ in zip(everybody(played), range(2), strict=False)]
    link, ref = token(played, who), asked(played, who, "delete")
    assert refused(played, ref) == "request.undone"
    with at(played, "zhouning") as desk:
        entry = erase(desk, [other], None)["ledger"]
        assert request_line(desk, ref)["acts"] == []
    assert refused(played, ref) == "request.undone"
    assert refused(played, ref, "granted", "", (entry,)) == "request.act"
    with at(played, "zhouning") as desk:
        entry = erase(desk, [who], None)["ledger"]
    assert close(played, ref)["acts"] == [entry]
    (line,) = shown(played, link)
    assert (line["state"], line["done"]) == ("granted", ["erased"])


def test_b4_an_erasure_of_a_part_is_named_by_whoever_read_what_was_asked(played: Path):
    """It grants nothing by itself; named, it does; in part needs both the act and the rule by which the rest stays."""
    who = somebody(played)
    ref, rule = asked(played, who, "delete"), "CN-DEL-47-BLOCK"
    assert refused(played, ref, "partly", rule) == "request.undone"
    with at(played, "zhouning") as desk:
        entry = erase_part(desk, who, "会员", None, None)["ledger"]
    assert refused(played, ref) == "request.unnamed"
    assert refused(played, ref, "partly", rule) == "request.unnamed"
    assert refused(played, ref, "refused", rule, (entry,)) == "request.act"
    assert close(played, ref, "partly", rule, (entry,))["acts"] == [entry]


def test_b4_a_correction_counts_from_the_day_it_was_asked_until_it_is_taken_back(played: Path):
    """One that was done before, or taken back since, corrects nothing that was asked for; what law keeps is refused by its rule."""
    who = with_values(played, PHONE)
    link = token(played, who)

    def write(value: str) -> str:
        with at(played, "zhouning") as desk:
            what = Correction("会员", None, column(desk, who, PHONE), value, "typo")
            return str(put_right(played, desk, who, what)["correction"])

    early = write("13987650000")
    ref = asked(played, who, "correct")
    assert refused(played, ref) == "request.undone"
    assert refused(played, ref, "granted", "", (early,)) == "request.act"
    late = write(NEW)
    assert refused(played, ref) == "request.unnamed"
    with at(played, "zhouning") as desk:
        correction_undo(desk, late, "mistaken")
        assert request_line(desk, ref)["acts"] == []
    assert refused(played, ref, "granted", "", (late,)) == "request.act"
    again = write(NEW)
    assert close(played, ref, "granted", "", (again,))["acts"] == [again]
    assert [(one["state"], one["done"]) for one in shown(played, link)] == [("granted", ["corrected"])]
    with at(played, "zhouning") as desk:
        assert again in {one["id"] for one in correction_list(desk, "")["corrections"]}


def test_b4_who_handed_the_person_over_grants_no_deletion_by_letting_go_of_its_own(played: Path):
    """The buyer has the data: the deletion is passed before the key goes, waits for the buyer's word, and is granted there by an erasure."""
    who, _ = released(played)
    folder, ref = wiring.folder(played / "handover"), asked(played, who, "delete")
    with at(played, "zhouning") as desk:
        assert faults(lambda: erase(desk, [who], None)) == "request.elsewhere"
        request_pass(desk, DEAL, folder)
        erase(desk, [who], None)
    assert refused(played, ref) == "request.elsewhere"
    with buyer(played) as desk:
        request_take(desk, laws(played), DEAL, folder)
        (theirs,) = [str(one["ref"]) for one in request_list(desk, None)["requests"] if one["kind"] == "delete"]
        assert faults(lambda: request_close(desk, laws(played), theirs, "granted", "")) == "request.undone"
        erase(desk, [who], None)
        assert request_close(desk, laws(played), theirs, "granted", "")["state"] == "granted"
        request_status(desk, DEAL, folder)
    with at(played, "zhouning") as desk:
        request_settle(desk, laws(played), DEAL, folder)
        assert request_line(desk, ref)["state"] == "granted"
