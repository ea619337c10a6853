"""B4, A16: what a buyer notes about a person before its re-seal is under a key of its own, and opens after the seller's keys are gone (spec/vault.md §9)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from custody import wiring
from custody.acts.about import about, open_detail
from custody.acts.entries import SUBJECT
from custody.acts.guardians import DOCUMENTS
from custody.acts.own_values import own_values
from custody.acts.vaults import open_keyring
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.correction_new import correction_new
from custody.services.guardian_doubt import guardian_doubt
from custody.services.guardian_prove import guardian_prove
from custody.services.hold import hold_add, hold_release
from custody.services.portal_answer import portal_answer
from custody.services.portal_prove import portal_prove
from custody.services.request_answer import request_answer
from custody.services.request_clock import request_clock
from custody.services.request_new import request_new
from custody.services.request_show import request_show
from custody.services.reseal import reseal
from custody.services.reveal import reveal
from custody.services.revise import Correction, revise
from custody.services.vault_check import vault_check
from tests.portal.arrivals import GOING, STAYED, opened
from tests.portal.both_proofs import EMAIL
from tests.portal.conftest import DEAL, at, everybody, laws
from tests.portal.passed_on import buyer, released
from tests.portal.requesting import ASKED, faults
from tests.portal.somebody import NUMBER, values
from tests.portal.test_guardian_papers import png
from tests.residing import lives_in

Act = Callable[[Path, str], None]


def held(where: Path, who: str) -> None:
    with buyer(where) as desk:
        hold_add(desk, who, "dispute", "", None)
        hold_release(desk, who, "dispute", None)


def looked(where: Path, who: str) -> None:
    with buyer(where) as desk:
        reveal(desk, None, who, "service", "they called")


def asked(where: Path, who: str) -> None:
    """Shown who they are by their number; the request is read, prolonged and answered."""
    with buyer(where) as desk:
        lives_in(where / "buyer", who, "GB")  # where the law knows a pause
        number, mail = values(desk, who)[NUMBER][0], values(desk, who)[EMAIL][0]
        made = request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": "access", "channel": "phone", "proof": "customer-number", "said": f"customer-number,{number}\nemail,{mail}\n"})  # fmt: skip
        request_show(desk, str(made["ref"]))
        request_clock(desk, laws(where), str(made["ref"]), "pause", "which of two members is meant", "phone")
        request_answer(desk, laws(where), str(made["ref"]), "", "")


def corrected(where: Path, who: str) -> None:
    with buyer(where) as desk:
        with desk.store.read() as tx:
            (vault,) = tx.find("vault")
            own = own_values(desk, tx, str(vault["id"]), ids.subject_bytes(who))
        place = next(place for each in own for place in each.places if (place.table, place.column) == ("会员", "姓名"))
        correction_new(desk, who, place, {"value": "李新", "proof": "in-person", "channel": "desk"}, None)


def revised(where: Path, who: str) -> None:
    with buyer(where) as desk:
        revise(desk, who, Correction("会员", None, "姓名", "李旧", "typo"), None)


def guarded(where: Path, who: str) -> None:
    given = {"document": DOCUMENTS[0], "relation": "parent", "name": "欧阳监护"}
    with at(where, "yeqing", half="buyer") as second:
        assert faults(lambda: guardian_prove(second, DEAL, who, given, png())) == "guardian.second"
    with buyer(where) as desk:
        guardian_prove(desk, DEAL, who, given, png())
        guardian_doubt(desk, DEAL, who, "the paper is of somebody else")


def answered(where: Path, who: str) -> None:
    """On their own page at the buyer: proven, and an objection."""
    with buyer(where) as desk:
        number = values(desk, who)[NUMBER][0]
    text = opened(where, who)
    with at(where, half="buyer") as desk:
        portal_prove(desk, laws(where), text, "customer-number", number)
        portal_answer(desk, laws(where), text, "", {"question": "objection.use", "act": "objected", "lang": "zh"})


ACTS: Final[tuple[tuple[Act, tuple[str, ...]], ...]] = (
    (held, ("hold-set", "hold-released")), (looked, ("revealed",)),
    (asked, ("identified", "request-received", "request-read", "request-clock", "request-packed")),
    (corrected, ("correction-done", "revised")), (revised, ("revised",)),
    (guarded, ("guardian-proven", "guardian-doubted")), (answered, ("portal-proof", "answered", "request-received")),
)  # fmt: skip


def people(where: Path) -> Iterator[str]:
    """Customers with exactly one number who are with the buyer now."""
    with buyer(where) as desk:
        with desk.store.read() as tx:
            here = {ids.subject_text(row["id"]) for row in tx.find("subject", kind="customer")}
        for who in everybody(where, *GOING, lacks=STAYED):
            if who in here and len(values(desk, who).get(NUMBER, ())) == len(values(desk, who).get(EMAIL, ())) == 1:
                yield who


def kinds(where: Path, who: str) -> tuple[set[str], set[str]]:
    """What is entered about them at the buyer: what opens, and what stays closed."""
    opens, closed = set[str](), set[str]()
    with buyer(where) as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault")
        row = tx.find("subject", vault=vault["id"], id=ids.subject_bytes(who))[0]
        key = about(tx, open_keyring(desk, tx, str(vault["id"])), row["id"], row["slots"])
        for entry in tx.find("entry_about", topic=SUBJECT, whom=who):
            (opening,) = tx.find("opening", space=desk.space, position=entry["position"])
            try:
                open_detail(opening["detail"], key, entry["position"])
                opens.add(str(entry["kind"]))
            except CustodyError:
                closed.add(str(entry["kind"]))
    return opens, closed


def test_a16_what_was_noted_before_the_reseal_opens_after_it(played: Path):
    """Each kind by a person of its own: the first thing noted about somebody is what gives them the key."""
    released(played)
    whom = dict(zip(people(played), ACTS, strict=False))
    assert len(whom) == len(ACTS)
    for who, (act, _) in whom.items():
        act(played, who)
    with buyer(played) as desk:
        reseal(desk, DEAL, wiring.folder(played / "handover"))
    found = {act.__name__: kinds(played, who) for who, (act, _) in whom.items()}
    assert {name: closed for name, (_, closed) in found.items() if closed} == {}
    assert {name: opens for name, (opens, _) in found.items()} == {act.__name__: set(said) for act, said in ACTS}
    with buyer(played) as desk:
        told = vault_check(desk, None)
        assert told["ok"], (told["counts"], str(told)[:900])
