"""What a page offers to be sent: its forms, each with the step that its buttons take."""

import html
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.web.rows import Row

STEPS = ("step", "do")
"""Names by which one address tells its acts apart."""


@dataclass
class Form:
    """`said` is what its hidden fields and buttons say of the step, each button for itself."""

    action: str
    name: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def steps(self) -> Iterator[dict[str, str]]:
        for one in self.buttons:
            yield {**self.hidden, **one}


class _Page(HTMLParser):
    """The forms of the page itself; those of the menus are everybody's."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.forms, self._now, self._main, self._away = (
            here,
            list[Form](),
            None,
            False,
            list[tuple[str, dict[str, str]]](),
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._main = True
        elif tag == "form" and self._main and told.get("method", "").lower() == "post":
            self._now = Form(urllib.parse.urljoin(self.here, told.get("action", "")), told.get("id", ""))
            self.forms.append(self._now)
        elif tag == "input" and self._now and told.get("type") == "hidden" and told.get("name") in STEPS:
            self._now.hidden[told["name"]] = told.get("value", "")
        elif tag == "button" and told.get("type", "submit") == "submit" and "disabled" not in told:
            said = {told["name"]: told.get("value", "")} if told.get("name") in STEPS else {}
            if "form" in told:
                self._away.append((told["form"], said))
            elif self._now:
                self._now.buttons.append(said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "main":
            self._main = False

    def close(self) -> None:
        super().close()
        for name, said in self._away:
            for one in self.forms:
                if one.name == name:
                    one.buttons.append(said)


def forms(here: str, page: str) -> list[Form]:
    found = _Page(here)
    found.feed(page)
    found.close()
    return found.forms


def links(here: str, page: str) -> Iterator[str]:
    """Where the page itself leads, in this house; the menus ask by themselves what a role opens."""
    main = page.partition("<main")[2].partition("</main>")[0]
    for href in dict.fromkeys(re.findall(r'<a\b[^>]*?\shref="([^"#]+)', main)):
        target = urllib.parse.urljoin(here, html.unescape(href))
        if target.startswith("/"):
            yield target


def route(path: str, known: Iterable[tuple[str, str]]) -> str:
    """The name of the route that an address belongs to, '' for none."""
    bare = urllib.parse.urlsplit(path).path.lstrip("/")
    return next((name for name, pattern in known if re.match(pattern, bare)), "")


def may(role: str, rows: Iterable[Row], said: Mapping[str, str]) -> bool | None:
    """Whether the rows let this role take the step; those that name it, else those that name none. None: no row tells of this step."""
    posts = [row for row in rows if row.form is not None]
    named = [row for row in posts if any(row.form.get(one) == said[one] for one in said)]  # type: ignore[union-attr] # posts have forms
    plain = [row for row in posts if not any(one in row.form for one in STEPS)]  # type: ignore[union-attr, operator] # the same
    chosen = named or plain
    return any(role in row.who for row in chosen) if chosen else None
