"""E2, B1: of an incident is drafted what its laws want told, to whom and by when, and what is still to be written."""

from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.papers import papers
from custody.base.clock import parse
from custody.base.errors import Denied, Malformed, Missing
from custody.law.papers import INCIDENT
from custody.services.document import document
from custody.services.document_list import document_list
from custody.services.incident_draft import incident_draft
from custody.services.incident_print import incident_print
from tests.portal.conftest import DEAL, at, laws
from tests.portal.test_incidents import recorded
from tests.web.serving import serve
from tests.web.visitor import Visitor

CN = ("categories", "cause", "possible_harm", "remedies", "mitigation", "contact")


def drafted(where: Path, ref: str, values: dict | None = None) -> dict:
    """{kind: draft} as the privacy officer reads them."""
    with at(where, "zhouning") as desk:
        return {one["kind"]: one for one in incident_draft(desk, laws(where), ref, values or {})["drafts"]}


def test_e2_each_law_has_its_report_and_its_notice_with_the_deadline_counted(played: Path):
    """PIPL 57 asks for six items of authority and persons alike, at once; GDPR 33 for its own within 72 hours, 34 for the persons."""
    told = recorded(played, places=("DE",), affected_subjects=3, risk_level="high")
    found = drafted(played, told["incident"])
    assert {"cn-breach-report", "cn-breach-notice", "eu-breach-report", "eu-breach-notice"} <= set(found)
    assert {found[f"{law}-breach-{paper}"]["to"] for law in ("cn", "eu") for paper in ("report",)} == {"authority"}
    for kind in ("cn-breach-report", "cn-breach-notice"):
        assert tuple(item["item"] for item in found[kind]["items"]) == CN
        assert found[kind]["due_at"] == "immediate"
    assert parse(found["eu-breach-report"]["due_at"]) - parse(told["discovered_at"]) == timedelta(hours=72)
    assert found["eu-breach-notice"]["to"] == "person"
    many = next(item for item in found["eu-breach-report"]["items"] if item["item"] == "subjects_approx")
    assert many["value"] == {"zh": "3", "en": "3"}
    assert "subjects_approx" not in found["eu-breach-report"]["lacks"]


def test_e2_what_is_not_written_is_marked_and_named(played: Path):
    """An item that lacks in one language lacks; all written in both, the draft is whole, in the words given and no others."""
    ref = recorded(played, affected_subjects=3)["incident"]
    bare = drafted(played, ref)["cn-breach-notice"]
    assert "cause" in bare["lacks"]
    assert not bare["ready"]
    assert "【待写】" in bare["text"]["zh"]
    assert "[to be written]" in bare["text"]["en"]
    half = {name: {"zh": f"{name}写明"} for name in CN}
    assert set(drafted(played, ref, half)["cn-breach-notice"]["lacks"]) >= {"cause", "remedies", "contact"}
    whole = drafted(played, ref, {name: {"zh": f"{name}写明", "en": f"{name} told"} for name in CN})["cn-breach-notice"]
    assert (whole["ready"], whole["lacks"]) == (True, [])
    assert "待写" not in whole["text"]["zh"]
    assert all(f"{name} told" in whole["text"]["en"] for name in CN)


def test_e2_one_rule_with_two_duties_has_a_paper_for_each(played: Path):
    """Singapore: three days to the PDPC from the assessment, and the persons where harm is likely; without harm there is no notice."""
    told = recorded(played, places=("SG",), affected_subjects=600, significant_harm_likely=True)
    found = drafted(played, told["incident"])
    assert [line["duty"] for line in found["sg-breach-report"]["duties"]] == ["notify_pdpc"]
    assert [line["duty"] for line in found["sg-breach-notice"]["duties"]] == ["notify_subjects"]
    harmless = recorded(played, places=("SG",), affected_subjects=600, significant_harm_likely=False)
    assert "sg-breach-notice" not in drafted(played, harmless["incident"])


def test_e2_a_duty_whose_contents_do_not_ship_is_named(played: Path):
    """What no draft is made of is told, so that nobody takes the list for all there is; together they are all the duties."""
    told = recorded(played, places=("UK",), affected_subjects=3)
    with at(played, "zhouning") as desk:
        made = incident_draft(desk, laws(played), told["incident"], {})
    assert any(line["rule"] == "UK-BASE" for line in made["undrafted"])
    lines = {(line["rule"], line["duty"]) for line in made["undrafted"]}
    lines |= {(line["rule"], line["duty"]) for one in made["drafts"] for line in one["duties"]}
    assert lines == {(line["rule"], line["duty"]) for line in told["duties"]}


def test_e2_every_rule_of_an_incident_that_lists_contents_has_a_paper():
    """Each rule with contents and a clock from a moment of an incident is served, to the authority or to the person."""
    packs, told = lawbook.packs(wiring.laws()), papers(wiring.laws())
    served = {name for kind in told.kinds.values() if kind.about == INCIDENT for name in kind.rules}
    moments = {name for name, event in packs.terms.events.items() if event.fact.startswith("incident.")}
    asked = {
        rule.id for rule in packs.rules if rule.contents and any(moments & set(clock.events) for clock in rule.clocks)
    }
    assert asked == served
    assert {kind.to for kind in told.kinds.values() if kind.about == INCIDENT} == {"authority", "person"}


def test_e2_papers_of_an_incident_are_none_of_a_deal(played: Path):
    """No deal lists one or makes one."""
    with at(played, "suhe") as desk:
        kinds = {one["kind"] for one in document_list(desk, laws(played), DEAL)["documents"]}
        assert not [kind for kind in kinds if "breach" in kind.lower()]
        with pytest.raises(Missing) as refused:
            document(desk, laws(played), lambda *_: b"", DEAL, "cn-breach-notice", {})
    assert refused.value.slug == "document.kind"


def test_e2_who_reads_drafts_and_what_they_take(played: Path):
    """A value that no draft asks for is refused; a machine reads none; an incident that is none is missing."""
    ref = recorded(played, affected_subjects=3)["incident"]
    with at(played, "zhouning") as desk:
        with pytest.raises(Malformed) as refused:
            incident_draft(desk, laws(played), ref, {"story": "x"})
        assert refused.value.slug == "document.values"
        with pytest.raises(Missing):
            incident_draft(desk, laws(played), "I-1999-0001", {})
    with at(played) as desk, pytest.raises(Denied):
        incident_draft(desk, laws(played), ref, {})


def test_e2_the_report_comes_as_a_pdf_from_its_page(played: Path):
    """What was typed stands in it, what was not is marked; of a paper that nobody asks for there is none."""
    ref = recorded(played, affected_subjects=3)["incident"]
    shown: list[dict] = []

    def draw(template: str, data: dict) -> bytes:
        shown.append(data)
        return wiring.pdf(template, data)

    with at(played, "zhouning") as desk:
        made = incident_print(desk, laws(played), draw, (ref, "cn-breach-report", "en"), {"cause": {"en": "a lost laptop"}})  # fmt: skip
        assert made.startswith(b"%PDF-")
        with pytest.raises(Missing):
            incident_print(desk, laws(played), draw, (ref, "eu-breach-report", "en"), {})
    rows = str(shown[0]["rows"])
    assert "a lost laptop" in rows
    assert "[to be written]" in rows
    with serve(played / "seller") as served:
        one = Visitor(served.base)
        one.sign_in("zhouning", (played / "seller" / "keys" / "principals" / "zhouning.pass").read_text().strip())
        path = f"/incidents/{ref}/drafts/cn-breach-report"
        assert 'value="pdf:zh"' in one.get(path)
        assert one.post(path, step="pdf:zh").startswith("%PDF-")
        assert one.said["Content-Type"] == "application/pdf"
