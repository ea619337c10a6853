"""B1, B4: whoever has no e-mail address is told by letter, and says no by its code or by a letter of their own; it counts at once."""

import json
from pathlib import Path

from custody.acts.own_values import own_values
from custody.base import ids
from custody.base.canonical import unb64
from custody.services.gate import gate
from custody.services.portal_answer import portal_answer
from custody.services.portal_code import portal_code
from custody.services.portal_show import portal_show
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.printing import printed
from tests.portal.somebody import NUMBER
from tests.portal.test_identified import take

__all__ = ["untold"]


def lettered(where: Path) -> tuple[dict, dict[str, str]]:
    """(the plan, {person without an e-mail address: the code on their letter})."""
    made = planned(where)
    _, shown = printed(where, made["campaign"])
    found = {}
    with at(where) as desk:
        for one in shown:
            text = portal_code(desk, laws(where), one["code"])
            with desk.store.read() as tx:
                (row,) = tx.find("link", id=unb64(text)[:16])
            found[ids.subject_text(row["subject"])] = text
    return made, found


def number_of(where: Path, who: str) -> str:
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        own = own_values(desk, tx, str(vault["id"]), ids.subject_bytes(who))
    return next((one.text for one in own if one.cls == NUMBER), "")


def objections(where: Path) -> set[str]:
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        return {ids.subject_text(row["subject"]) for row in tx.find("evidence", type="objection")}


def withheld(where: Path) -> int:
    with at(where, "zhouning") as desk:
        return int(gate(desk, laws(where), DEAL)["by_verdict"].get("withhold", 0))


def test_b1_the_code_on_a_letter_says_no_without_a_second_factor(untold: Path):
    """One press by the page that the code opens; of that person alone, and the page says so."""
    _, letters = lettered(untold)
    before = objections(untold)
    who = next(one for one in letters if one not in before)
    kept = withheld(untold)
    with at(untold) as desk:
        given = {"question": "objection", "act": "objected", "lang": "zh"}
        told = portal_answer(desk, laws(untold), letters[who], "", given)
        assert told["outlook"] == "stays"
        assert portal_show(desk, laws(untold), letters[who], "", "zh")["objected"] is True
    assert objections(untold) - before == {who}
    assert withheld(untold) >= kept


def test_b4_a_letter_that_says_no_is_taken_with_ones_own_number(untold: Path):
    """Another's number proves nothing and changes nothing; one's own does, and the receipt says that it came by letter."""
    _, letters = lettered(untold)
    before = objections(untold)
    who, other = [one for one in letters if one not in before and number_of(untold, one)][:2]
    assert (
        take(untold, who, "letter", "customer-number", ("customer-number", number_of(untold, other)), kind="object")
        == "request.identity"
    )
    assert objections(untold) == before
    assert take(
        untold, who, "letter", "customer-number", ("customer-number", number_of(untold, who)), kind="object"
    ).startswith("R-")
    assert objections(untold) - before == {who}
    with at(untold, "zhouning") as desk, desk.store.read() as tx:
        (row,) = tx.find("answer", subject=ids.subject_bytes(who), question="objection")
    said = json.loads(unb64(json.loads(row["receipt"])["payload"]))["predicate"]
    assert (said["expression"], said["proof"]) == ("letter", ["customer-number"])


def test_b1_whoever_has_no_address_is_not_among_those_written_to(untold: Path):
    """They are work until a letter is printed, and of nobody else a letter is made while a message is under way."""
    made, letters = lettered(untold)
    with at(untold, "zhouning") as desk, desk.store.read() as tx:
        states = {ids.subject_text(row["subject"]): str(row["state"]) for row in tx.find("sending")}
    assert {who for who, state in states.items() if state == "printed"} == set(letters)
    assert not [who for who in letters if states[who] == "planned"]
    assert len([state for state in states.values() if state == "planned"]) == made["counts"]["planned"]
