"""Every screen speaks Chinese and English, and no page holds a text of its own."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from custody.acts.accuracy import KINDS as KINDS_DOUBTED
from custody.acts.accuracy import WHYS
from custody.acts.came_back import SAYS
from custody.acts.clock_steps import WAYS
from custody.acts.consent_lines import REASONS as CONSENT_BAD
from custody.acts.copies import KINDS, REASONS, STATES
from custody.acts.corrections import STATES as CORRECTIONS
from custody.acts.customer_work import KINDS as WORK_KINDS
from custody.acts.finding import KINDS as KINDS_KNOWN
from custody.acts.guardians import RELATIONS
from custody.acts.planning import CHANNELS
from custody.acts.requesting import KINDS as REQUESTS
from custody.acts.reviewing import STATES as DOUBT_STATES
from custody.model.datamap import KINDS as PEOPLE
from custody.model.datamap import PURPOSES, ROLES, TIERS
from custody.model.party import ROLES as STAFF
from custody.services.portal_answer import LOOSENS
from custody.services.portal_request import KINDS as ASKED
from custody.services.request_clock import STEPS
from custody.services.work_close import HOWS
from custody.web.console import catalogue

CONSOLE = Path(catalogue.__file__).parent
PORTAL = CONSOLE.parent / "portal"
PAGES = sorted(one for face in (CONSOLE, PORTAL) for one in (face / "templates").rglob("*.html"))
SPOKEN = ("aria-label", "placeholder", "title", "alt", "value")
ACTS = ("ship", "release", "destroy")
OUTLOOKS = (
    "moves",
    "moves-in-part",
    "not-yet",
    "waits",
    "stays",
    "kept",
    "moved",
    "moved-in-part",
    "called-back",
    "stayed",
    "gone",
    "deleted",
    "off",
)
DONE = (
    "given",
    "refused",
    "withdrawn",
    "objected",
    "lifted",
    "proved",
    "corrected",
    "undone",
    "confirmed",
    "contact",
    "still-silent",
    *ASKED,
)
CODES = {
    "tell_contact": ("seller_contact", "buyer_contact"),
    "kind_one": PEOPLE,
    "role": STAFF, "tier": TIERS, "purpose": PURPOSES, "find_by": KINDS_KNOWN, "table": ROLES, "kind": PEOPLE, "copy": KINDS, "copy_state": (*STATES, "open"), "copy_why": REASONS,
    "verdict": ("hand_over", "wait", "withhold", "retain_only", "destroy"), "ceremony": ACTS, "ceremony_do": ACTS, "irrevocable": ACTS,
    "correction": CORRECTIONS, "correction_to": ("open", "sent", "told", "absent"), "warned": ("open", "sending", "sent", "told", "refused", "no-address"), "doubt": KINDS_DOUBTED, "doubt_state": DOUBT_STATES, "doubt_why": WHYS,
    "access_kind": ("grant", "department", "training"), "access_state": ("asked", "refused", "live", "ended", "expired", "later", "unproven"),
    "stage": ("connected", "classified", "sealed", "cleared", "packed", "shipped", "released", "received", "destroyed"),
    "portal_clock": STEPS, "request_step": STEPS, "told_by": WAYS, "portal_act": ("given", "refused", "withdrawn", "objected", "lifted"), "portal_done": (*DONE, "paper", "objected-moved"), "portal_kind": REQUESTS, "portal_relation": RELATIONS,
    "portal_then": LOOSENS, "portal_then_do": LOOSENS, "portal_by": tuple(kind for kind in KINDS_KNOWN if kind != "name"), "portal_step": ("told", "answer", "moves", "called-back", "destroyed", "off"), "portal_kind_asks": ASKED, "portal_kind_do": ASKED,
    "notify_channel": CHANNELS, "open_work_kind": ("request", "correction", "acknowledgement", *WORK_KINDS), "open_work_how": HOWS, "unlisted_why": ("role", "column", "none"), "unclear_says": SAYS,
    "consent_bad": CONSENT_BAD, "portal_home_done": (*DONE[3:], "withdrawn"), "portal_home_act": ("objected", "withdrawn", "lifted"),
    **dict.fromkeys(("portal_head", "portal_lede"), (*OUTLOOKS, "arrived", "left", "unannounced")), **dict.fromkeys(("portal_buyer", "portal_buyer_more"), OUTLOOKS),
}  # fmt: skip


class Texts(HTMLParser):
    """What a reader would see or hear of a page, its tags of the template language taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            value or ""
            for name, value in attrs
            if name in SPOKEN and not (name == "value" and tag in {"option", "button", "input"})
        ]


def texts(page: Path) -> list[str]:
    """Letters that stand in the page itself."""
    whole = re.sub(r"<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)  # data of scripts
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", whole, flags=re.DOTALL)
    parser = Texts()
    parser.feed(source)
    return [text.strip() for text in parser.found if re.search(r"[^\W\d_]", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CONSOLE.parent)))
def test_a_page_holds_no_text_of_its_own(page: Path):
    """But for the product's name, the names of keys, and the forms of an instant, a record's number and a code, every word comes from the catalogue."""
    allowed = {
        "custody",
        "custody – custody",
        "wide",
        "CSV",
        "XLSX",
        "J",
        "K",
        "C",
        "S",
        "U",
        "Enter",
        "2026-03-16T14:30:00+08:00",
        "/2",
        "cns_…",
        "age1…",
        "XXXX-XXXX-XXXX-XXXX",
    }
    assert [text for text in texts(page) if text not in allowed] == []


def test_every_word_used_is_there():
    """A page or a view never asks for words that the catalogue lacks."""
    used: set[str] = set()
    for page in PAGES:
        used |= set(re.findall(r"\{% w ['\"]([\w.-]+)['\"]", page.read_text(encoding="utf-8")))
    for code in (*CONSOLE.rglob("*.py"), *PORTAL.rglob("*.py")):
        used |= set(re.findall(r"\bwords\(\"([\w.-]+)\"", code.read_text(encoding="utf-8")))
    assert used - set(catalogue.entries()) == set()
    assert len(used) > 150


def test_every_entry_speaks_both_languages():
    """Chinese is Chinese, English is English, and both fill in the same values."""
    for key, entry in catalogue.entries().items():
        assert set(entry) - {"one"} == {"zh", "en"}, key
        assert sorted(re.findall(r"\{(\w+)\}", entry["zh"])) == sorted(re.findall(r"\{(\w+)\}", entry["en"])), key
        han = re.search(r"[\u4e00-\u9fff]", entry["zh"])
        assert han or not re.search(r"[a-z]{2}", entry["en"]), key
        assert key in {"shell.zh", "portal.zh"} or not re.search(r"[\u4e00-\u9fff]", entry["en"]), key


def test_what_is_counted_is_said_of_one_too():
    """Where English counts things by `n`, it has another form for one; Chinese needs none."""
    many = re.compile(r"\{n\} (?:\w+ ){0,2}?(?!is\b|was\b|has\b|as\b|its\b|this\b)\w+s\b")
    bad = [key for key, entry in catalogue.entries().items() if many.search(entry["en"]) and "one" not in entry]
    again = re.compile(r"\{n\} (?:customers|rules|records|entries|days|lines|keys|papers|requests)\b")
    bad += [key for key, entry in catalogue.entries().items() if again.search(entry.get("one", ""))]
    assert not bad


@pytest.mark.parametrize("area", sorted(CODES))
def test_every_code_of_the_core_has_words(area: str):
    """A code that the core may give is never shown as a code."""
    assert [code for code in CODES[area] if f"{area}.{code}" not in catalogue.entries()] == []


def test_whatever_a_refusal_names_besides_its_sentence_has_words():
    """`where` is told on every page: its keys are the core's, and no reader's."""
    named = set[str]()
    for path in CONSOLE.parents[1].rglob("*.py"):
        for call in (one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.Call)):
            told = [one.value for one in call.keywords if one.arg == "where" and isinstance(one.value, ast.Dict)]
            named |= {key.value for one in told for key in one.keys if isinstance(key, ast.Constant)}
    assert {"file", "line", "rule"} <= named
    assert [key for key in sorted(named) if f"where.{key}" not in catalogue.entries()] == []
