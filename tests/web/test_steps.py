"""Every step that a form can ask for has a row in the table of who may take it; a step without one fails."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from custody.web.console import steps
from tests.web.rows import Row
from tests.web.test_permissions import PREFIXES, ROUTES, services

TEMPLATES = Path(steps.__file__).with_name("templates")
OFFERED = re.compile(r'name="(?:step|do)" value="([a-z:-]+)"')
WALK = """
import django, inspect, json
django.setup()
from custody.web.console.steps import parts_of, steps_of
from custody.web.console.urls import urlpatterns
def posts(view):
    while view is not None:
        named = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if named is not None:
            return "POST" in named
        view = getattr(view, "__wrapped__", None)
    return True
def walk(patterns, before=""):
    for one in patterns:
        here = before + one.pattern.regex.pattern.removeprefix("^")
        if hasattr(one, "url_patterns"):
            walk(one.url_patterns, here)
        elif one.name and one.callback.__module__.startswith("custody.") and posts(one.callback):
            view = one.callback
            parts = {name: sorted(values) for name, values in parts_of(view).items()}
            print(json.dumps([one.name, here, sorted(steps_of(view)), parts]))
walk(urlpatterns)
"""


class Taking(NamedTuple):
    """A route that takes forms: which steps, and what the parts of its path may be."""

    name: str
    pattern: str
    steps: list[str]
    parts: dict[str, list[str]]


@pytest.fixture(scope="module")
def takings(tmp_path_factory: pytest.TempPathFactory) -> list[Taking]:
    folder = tmp_path_factory.mktemp("steps")
    env = {
        **os.environ,
        "CUSTODY_HOME": str(folder),
        "CUSTODY_CONSOLE_OIDC": services(Path(folder) / "services"),
        "DJANGO_SETTINGS_MODULE": "custody.web.settings",
    }
    told = subprocess.run([sys.executable, "-c", WALK], env=env, capture_output=True, text=True, check=True)
    every = [Taking(*json.loads(line)) for line in told.stdout.splitlines()]
    return [one for one in every if not one.name.startswith(PREFIXES)]


ELSEWHERE = {
    "sample-leave": "whoever leaves without having entered is signed out, whatever the role; web/test_sample.py leaves"
}
"""What cannot be tried here, and where it is."""


def lacking(taking: Taking) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(step, parts of the path) of which no row tells."""
    rows = [row for row in ROUTES[taking.name] if row.form is not None]
    for parts in product(*taking.parts.values()):
        here = [row for row in rows if all(part in row.path.split("?")[0].split("/") for part in parts)]
        for step in taking.steps:
            if not any(step in said(row) for row in here):
                yield step, parts


def said(row: Row) -> set[str]:
    """The steps that a row asks for; "" where it says none."""
    form = row.form or {}
    return {form[name] for name in ("step", "do") if name in form} | {name for name in ("before",) if name in form} or {
        ""
    }


def test_every_step_has_a_row(takings):
    """What nobody wrote down who may do, everybody may."""
    assert len(takings) > 60
    found = [
        f"{one.name}: {step or 'plain'} {'/'.join(parts)}"
        for one in takings
        if one.name not in ELSEWHERE
        for step, parts in lacking(one)
    ]
    assert not found, "\n".join(found)


def test_no_row_asks_for_what_no_view_takes(takings):
    """A row of a step that is none proves nothing."""
    steps = {one.name: set(one.steps) for one in takings}
    wrong = [
        f"{name}: {row.form}"
        for name, rows in ROUTES.items()
        for row in rows
        if row.form is not None and name in steps and not said(row) <= steps[name]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_page_offers_what_no_view_takes(takings):
    """A button of a step that its view forgot to name would be refused to everybody."""
    taken = {step for one in takings for step in one.steps}
    offered = {
        (page.name, step)
        for page in TEMPLATES.glob("*.html")
        for step in OFFERED.findall(page.read_text(encoding="utf-8"))
    }
    assert len(offered) > 60
    assert {one for one in offered if one[1] not in taken} == set()
