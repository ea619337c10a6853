"""The access policy in fields: what the form says is the policy that is signed, told in one sentence for each rule (A3)."""

import os
import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custody.web.settings")

from custody.base.errors import Malformed
from custody.services.access_text import access_read, access_written
from custody.web.console.policy_form import composed
from tests.web.company import Company
from tests.web.visitor import Visitor

TEXT = """grant_days = 7
bulk_from = 3
[departments.service]
zh = "客服"
en = "Service"
purposes = ["service"]
[[rule]]
id = "desk"
tiers = ["general", "sensitive"]
roles = ["department"]
purposes = ["service"]
department = true
grant = true
training = "first-aid"
classes = ["contact", "name.full"]
"""


class Fields(HTMLParser):
    """What a browser would send of the form with this id, if nothing was touched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent, self._inside, self._select = list[tuple[str, str]](), False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == "fields"
        elif not self._inside:
            return
        elif tag == "input" and given.get("name") and (given.get("type") != "checkbox" or "checked" in given):
            self.sent.append((given["name"], given.get("value", "on" if given.get("type") == "checkbox" else "")))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.sent.append((self._select, given["value"]))


def looked(visitor: Visitor, sent: list[tuple[str, str]]) -> tuple[list[str], str]:
    """The sentences and the text of the rehearsal of what was sent."""
    form: dict[str, list[str]] = {}
    for name, value in sent:
        form.setdefault(name, []).append(value)
    visitor.post("/access/policy", **{**form, "step": "look"})
    page = visitor.page.partition('id="act"')[2]
    text = re.search(r'<textarea name="text" hidden>(.*?)</textarea>', page, re.DOTALL)
    says = re.search(r'<ul class="small plist says">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", unescape(says[1])) if says else [], unescape(text[1]).strip() if text else ""


def in_order(told: Mapping[str, Any]) -> object:
    """A policy whose lists are sets: boxes have an order of their own."""
    if isinstance(told, Mapping):
        return {name: in_order(one) for name, one in told.items()}
    if isinstance(told, list):
        return [in_order(one) for one in told] if any(isinstance(one, Mapping) for one in told) else sorted(told)
    return told


def sent(visitor: Visitor) -> list[tuple[str, str]]:
    return [
        (name, value) for name, value in Fields(visitor.get("/access/policy")).sent if name != "csrfmiddlewaretoken"
    ]


def test_a3_what_the_fields_say_is_the_policy_in_force(seller: Company):
    """Untouched they say what is in force; one day more is that and nothing else."""
    visitor = seller.visitor("suhe")
    force = seller.told("suhe", "access", "show")["policy"]
    untouched = sent(visitor)
    changed = [(name, "91" if name == "grant_days" else value) for name, value in untouched]
    says, text = looked(visitor, changed)
    assert in_order(access_read(text)) == in_order({**force, "grant_days": 91})
    assert len(says) == len(force["rule"])


def test_a3_a_rule_more_a_rule_less_and_a_department(seller: Company):
    """A further rule is told as a sentence; one that is removed is gone, a department is there under its code."""
    visitor = seller.visitor("suhe")
    rules = seller.told("suhe", "access", "show")["policy"]["rule"]
    new, first = str(len(rules) + 1), sent(visitor)
    departments = sum(name == "department" for name, _ in first)
    more = [
        (f"{new}.roles", "lawyer"),
        (f"{new}.tiers", "sensitive"),
        (f"{new}.purposes", "legal"),
        (f"{new}.grant", "on"),
        (f"{new}.classes", "id.passport"),
    ]
    drop = [
        ("1.gone", "on"),
        (f"d{departments}.code", "audit"),
        (f"d{departments}.zh", "审计"),
        (f"d{departments}.en", "Audit"),
        (f"d{departments}.purposes", "legal"),
    ]
    kept = [(name, value) for name, value in first if name not in {f"d{departments}.zh", f"d{departments}.en"}]
    says, text = looked(visitor, [*kept, *more, *drop])
    told = access_read(text)
    assert [one["id"] for one in told["rule"]] == [*(one["id"] for one in rules[1:]), "rule-1"]
    assert told["departments"]["audit"] == {"zh": "审计", "en": "Audit", "purposes": ["legal"]}
    days = told["grant_days"]
    assert (
        says[-1]
        == f"Lawyer may see sensitive data of these classes alone: passport number; for legal duty, if they hold a grant that has not ended (at most {days} days)."
    )


def test_a3_what_a_change_would_move_is_told_before_it_is_looked_at(seller: Company):
    """By name and purpose, with what everybody holds today; untouched nothing moves; what is typed half is told; who may not set it is told nothing."""
    visitor = seller.visitor("suhe")
    stands = seller.told("suhe", "access", "show")
    first, new = sent(visitor), str(len(stands["policy"]["rule"]) + 1)
    assert "Nobody sees more or less" in previewed(visitor, first)
    parts = [(f"{new}.roles", "lawyer"), (f"{new}.tiers", "sensitive"), (f"{new}.purposes", "marketing")]
    lines = re.findall(r"<li>(.*?)</li>", previewed(visitor, [*first, *parts]))
    assert len(lines) == 1, lines
    said = " ".join(re.sub(r"<[^>]+>", "", lines[0]).split())
    assert said == "songwen Sensitive, Marketing may see it once they have what it asks for → may see it"
    training = re.findall(r"<li>(.*?)</li>", previewed(visitor, [*first, *parts, (f"{new}.training", "privacy")]))
    assert "once they have what it asks for" in training[0]
    assert "A rule says who, what and what for" in previewed(visitor, [*first, *parts[:1]])
    assert seller.told("suhe", "access", "show") == stands
    other = seller.visitor("limo")
    other.get("/access/policy")
    other.post("/access/policy", step="preview", text=TEXT)
    assert other.status == 403


def previewed(visitor: Visitor, fields: list[tuple[str, str]]) -> str:
    """What the page is told of what stands in its fields."""
    visitor.get("/access/policy")
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    visitor.post("/access/policy", **{**form, "step": "preview"})
    assert visitor.status == 200
    assert "<html" not in visitor.page
    return unescape(visitor.page)


def test_a3_a_rule_that_lacks_a_part_is_named_and_nothing_typed_is_lost(seller: Company):
    """Who, what and what for; the form comes back as it was sent."""
    visitor = seller.visitor("suhe")
    first = sent(visitor)
    new = str(len(seller.told("suhe", "access", "show")["policy"]["rule"]) + 1)
    looked(visitor, [*first, (f"{new}.roles", "lawyer")])
    assert (visitor.status, 'data-slug="console.rule-part"' in visitor.page) == (400, True)
    assert (f"{new}.roles", "lawyer") in Fields(visitor.page).sent


def test_a3_a_text_of_every_part_survives_the_fields():
    """Classes that are parts of the taxonomy and a topic nobody is entered with stay in the policy."""
    told = access_read(TEXT)
    form = QueryDict(mutable=True)
    form.update(
        {
            "grant_days": "7",
            "bulk_from": "3",
            "1.id": "desk",
            "1.department": "on",
            "1.grant": "on",
            "1.training": "first-aid",
        }
    )
    form.setlist("rule", ["1"])
    form.setlist("department", ["1"])
    form.update({"d1.code": "service", "d1.zh": "客服", "d1.en": "Service"})
    for name in ("roles", "tiers", "purposes", "classes"):
        form.setlist(f"1.{name}", list(told["rule"][0][name]))
    form.setlist("d1.purposes", ["service"])
    assert access_read(access_written(composed(form))) == told


@pytest.mark.parametrize("missing", ["roles", "tiers", "purposes"])
def test_a3_each_part_is_asked_for(missing: str):
    """A rule without it is refused."""
    form = QueryDict(mutable=True)
    form.setlist("rule", ["1"])
    for name, value in (("roles", "lawyer"), ("tiers", "general"), ("purposes", "legal")):
        form.setlist(f"1.{name}", [] if name == missing else [value])
    with pytest.raises(Malformed, match="A rule says who") as caught:
        composed(form)
    assert caught.value.slug == "console.rule-part"
