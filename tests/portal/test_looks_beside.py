"""A3, D4: what lies beside somebody's records is looked at as they are: decided by the policy, counted, entered, and told to whoever asks who saw them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from custody.acts.counter import set_to
from custody.base.errors import CustodyError
from custody.services.access_by import access_by
from custody.services.access_explain import access_explain
from custody.services.access_of import access_of
from custody.services.customer import customer
from custody.services.guardian_look import guardian_look
from custody.services.request_answer import request_answer
from custody.services.request_new import request_new
from custody.services.request_show import request_show
from custody.wiring import folder
from tests.access.test_access import verified
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.guarding import may_see, says, silent
from tests.portal.requesting import ASKED
from tests.portal.test_guardian_papers import png, send

WHY = ("legal", "is this the parent")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value.slug


def asked(where: Path, who: str, kind: str = "copy") -> str:
    with at(where, "zhouning") as desk:
        return str(request_new(desk, laws(where), DEAL, who, {**ASKED, "kind": kind, "note": "please"})["ref"])


def looks(where: Path, who: str) -> list[tuple[str, str, str]]:
    """As whoever checks is told: who, what, for which purpose."""
    with at(where, "suhe") as desk:
        return [(one["who"], one["kind"], one["purpose"]) for one in access_of(desk, who, None)["looks"]]


def spent(where: Path, handle: str) -> None:
    """All the looks of a day that one may take alone."""
    with at(where, handle) as desk, desk.store.write() as tx:
        set_to(tx, f"revealed:{desk.principal.id}:{desk.today()}", 50)


def test_a3_a_guardians_paper_takes_what_sensitive_data_takes(played: Path):
    """By role alone it stays shut, and that is entered; with a grant for the purpose and training it opens, for a reason, and the child's history says so."""
    who = silent(played)
    says(played, who, "given")
    digest = send(played, who, png(b"register"))["sha256"]
    with at(played, "zhouning") as desk:
        assert refused(lambda: guardian_look(desk, DEAL, who, digest, *WHY)) == "reveal.denied"
        assert refused(lambda: guardian_look(desk, DEAL, who, digest, "legal", " ")) == "reveal.reason"
        assert refused(lambda: guardian_look(desk, DEAL, who, digest, "marketing", "x")) == "reveal.purpose"
    may_see(played, "zhouning")
    with at(played, "zhouning") as desk:
        assert guardian_look(desk, DEAL, who, digest, *WHY)["data"]
        entry = next(one for one in customer(desk, who)["history"] if one["kind"] == "guardian-paper-seen")
        assert (entry["who"], entry["purpose"], entry["reason"], entry["tiers"]) == ("zhouning", *WHY, ["sensitive"])
        assert "sensitive-office" in access_explain(desk, str(entry["ledger"]))["sentences"][0]["en"]
    assert looks(played, who)[-2:] == [("zhouning", "reveal-refused", "legal"), ("zhouning", "guardian-paper-seen", "legal")]  # fmt: skip


def test_a3_the_words_of_a_request_are_a_look(played: Path):
    """Whoever asks who saw the customer, or what this person saw, is told; by which decision, and for which request."""
    who = somebody(played)
    ref = asked(played, who)
    with at(played, "zhouning") as desk:
        assert request_show(desk, ref)["note"] == "please"
        seen = access_by(desk, "zhouning", None)["looks"][-1]
        assert (seen["subject"], seen["kind"], seen["reason"], seen["decided"]) == (who, "request-read", ref, True)
    assert looks(played, who)[-1] == ("zhouning", "request-read", "legal")


def test_a3_words_papers_and_answers_are_counted_with_the_looks_of_the_day(played: Path):
    """Whoever has looked at as many as the policy lets one person see alone reads and packs no more that day; a colleague does."""
    who = somebody(played)
    ref = asked(played, who)
    spent(played, "zhouning")
    with at(played, "zhouning") as desk:
        assert refused(lambda: request_show(desk, ref)) == "reveal.day"
        assert refused(lambda: request_answer(desk, laws(played), ref, "", "")) == "reveal.day"
    with at(played, "suhe") as desk:
        assert request_show(desk, ref)["note"] == "please"
        request_answer(desk, laws(played), ref, "", "")
    assert [one[:2] for one in looks(played, who)][-2:] == [("suhe", "request-read"), ("suhe", "request-packed")]


def test_d4_an_account_without_a_look_at_words_is_told(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The folder for a court lists it and verifies; one that left it out does not."""
    ref = asked(played, somebody(played))
    with at(played, "zhouning") as desk:
        request_show(desk, ref)
    with at(played, "suhe") as desk:
        access_by(desk, "zhouning", folder(tmp_path / "whole"))
        monkeypatch.setattr("custody.acts.access_accounts.LOOKS", frozenset(("revealed", "reveal-refused")))
        access_by(desk, "zhouning", folder(tmp_path / "short"))
    assert verified(tmp_path / "whole")["faults"] == []
    assert [one["class"] for one in verified(tmp_path / "short")["faults"]] == ["missing"]
