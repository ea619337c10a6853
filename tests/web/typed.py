"""Somebody who types what no form expects: a NUL, and far too much, into each address, query and field."""

import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import custody
from tests.web.company import DEAL
from tests.web.offered import STEPS, route
from tests.web.visitor import Visitor

NUL, LONG = "a\x00b", "长" * 5_000
LOGIN = "/account/login/"
NAMES = {
    "ref": DEAL, "subject": f"sub_{'0' * 26}", "handle": "limo", "work": "0" * 32, "intake": "0" * 32, "kind": "gate", "act": "ship", "part": "package", "n": "1",
    "entry": "1", "task": "1", "form": "csv", "what": "letters", "leaf": "deal.structure", "code": "en", "key": "1",
}  # fmt: skip
"""What stands where nothing wrong is typed."""
LEFT = ("/account/logout/", "/passphrase", "/lang/")
"""Forms that end the session, or change how the next one begins: their fields are the business of the tests of signing in."""
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
_QUERY = re.compile(r"""GET(?:\.get\(|\.getlist\(|\[)"(\w+)["']""")
_WRITTEN = frozenset(
    ("text", "email", "url", "search", "tel", "number", "date", "datetime-local", "password", "textarea")
)
_CHOSEN = frozenset(("hidden", "radio", "checkbox", "select"))


def names_of_queries() -> list[str]:
    """What any view of the console reads from an address."""
    files = (Path(custody.__file__).parent / "web" / "console").rglob("*.py")
    return sorted({name for file in files for name in _QUERY.findall(file.read_text(encoding="utf-8"))})


@dataclass
class Form:
    """What a page offers to be sent: its fields as they stand, all but the step, those into which somebody writes, each button's own step."""

    action: str
    given: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.forms, self.links, self._now, self._list = here, list[Form](), list[str](), None, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value, now = told.get("name", ""), told.get("value", ""), self._now
        if tag == "a" and "href" in told:
            self.links.append(urllib.parse.urljoin(self.here, told["href"]).split("#")[0])
        elif tag == "form":
            self._now = Form(urllib.parse.urljoin(self.here, told.get("action", "")))
            self.forms += [self._now] if told.get("method", "").lower() == "post" else []
        elif now is None:
            return
        elif tag == "textarea" or (tag in {"input", "select"} and name):
            kind = told.get("type", "text") if tag == "input" else tag
            if kind in _WRITTEN | _CHOSEN:
                now.given.setdefault(name, value)
                fresh = [name] if name not in (*STEPS, *now.typed, "csrfmiddlewaretoken") else []
                now.typed += fresh
                now.written += fresh if kind in _WRITTEN else []
            self._list = name if tag == "select" else ""
        elif tag == "option" and self._list and not now.given[self._list]:
            now.given[self._list] = value
        elif tag == "button" and name:
            now.buttons.append({name: value})

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._list = ""


class Typing:
    """One person who types; `faults` is what broke by it."""

    def __init__(self, visitor: Visitor, handle: str, passphrase: str) -> None:
        self._visitor, self._handle, self._passphrase = visitor, handle, passphrase
        self.faults, self.sent = list[str](), 0
        visitor.sign_in(handle, passphrase)
        assert LOGIN not in visitor.at

    def addresses(self, patterns: Mapping[str, str], queries: Iterable[str]) -> None:
        """Each route as it stands with such a query, and with such words in its path."""
        for pattern in patterns.values():
            for bad in (NUL, LONG[:300]):
                self._ask(f"/{_filled(pattern, NAMES)}?{urllib.parse.urlencode(dict.fromkeys(queries, bad))}")
                if words := _GROUP.findall(pattern):
                    self._ask(f"/{_filled(pattern, dict.fromkeys(words, bad))}")

    def forms(self, patterns: Mapping[str, str]) -> None:
        """Each form that can be come upon, once for each of its steps: with each field such."""
        known, met = [*patterns.items()], set[tuple[object, ...]]()
        for page, form in self._offered(known):
            name = route(form.action, known)
            for step in form.buttons or [{}]:
                what = (name, *sorted(step.items()), *sorted(form.typed))
                if what not in met and not urllib.parse.urlsplit(form.action).path.startswith(LEFT):
                    met.add(what)
                    self._fill(page, form, step)

    def _fill(self, page: str, form: Form, step: Mapping[str, str]) -> None:
        for bad, what in ((NUL, "NUL"), (LONG, "long")):
            self._send(page, form, {**form.given, **dict.fromkeys(form.typed, bad), **step}, what)
        for one in form.written:  # the others as they should be, so that what is looked at first does not hide it
            whole = {name: value or "x" for name, value in form.given.items()}
            self._send(page, form, {**whole, **step, one: LONG}, one)

    def _offered(self, known: list[tuple[str, str]]) -> Iterator[tuple[str, Form]]:
        """Pages from link to link, of each route two."""
        waiting, seen, of = ["/"], set[str](), dict[str, int]()
        while waiting:
            path = waiting.pop(0)
            kind = route(path, known)
            if path in seen or of.get(kind, 0) >= 2 or path.startswith((*LEFT, "/sample")) or "as=" in path:
                continue
            of[kind] = of.get(kind, 0) + 1
            seen.add(path)
            self._ask(path)
            if "text/html" in str(self._visitor.said["Content-Type"]):
                read = _Page(self._visitor.at.removeprefix(self._visitor.base))
                read.feed(self._visitor.page)
                waiting += [one for one in read.links if one.startswith("/")]
                yield from ((path, one) for one in read.forms)

    def _ask(self, path: str) -> None:
        self._visitor.get(path)
        self._note("GET", path)

    def _send(self, page: str, form: Form, given: Mapping[str, str], what: str) -> None:
        if "csrfmiddlewaretoken" not in self._visitor.page:
            self._visitor.get(page)
        self._visitor.post(
            form.action, **{name: value for name, value in given.items() if name != "csrfmiddlewaretoken"}
        )
        self._note(f"POST {what}", form.action)

    def _note(self, how: str, path: str) -> None:
        self.sent += 1
        if self._visitor.status >= 500:
            self.faults.append(f"{self._visitor.status} {how} {path[:120]}")
        if LOGIN in self._visitor.at:
            self._visitor.sign_in(self._handle, self._passphrase)


def _filled(pattern: str, names: Mapping[str, str]) -> str:
    """The address that a pattern stands for; whatever it would not let through is quoted all the same."""
    bare = _GROUP.sub(lambda found: urllib.parse.quote(names.get(found[1], "x"), safe=""), pattern)
    return bare.replace("\\Z", "").replace("\\", "").rstrip("$")
