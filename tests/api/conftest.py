"""A running API over a home with an open deal, and a token for each scope."""

import contextlib
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from custody.acts.tokens import SCOPES
from custody.base.ids import subject_text
from tests.commands import here
from tests.line.conftest import opened  # noqa: F401 - a fixture of the tests beside it
from tests.line.homes import desk_of
from tests.running import running

UNTIL = ("--until", "2026-06-30")  # a rehearsal's clock stands in spring


@dataclass
class Running:
    """A running API, its home, and tokens by name."""

    home: Path
    base: str
    subject: str
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def ask(
        self, path: str, token: str | None = None, body: object = None, method: str | None = None, **headers: str
    ) -> tuple[int, dict, dict]:
        """(status, what it says, headers)."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **headers,
        }
        request = urllib.request.Request(self.base + path, data, told, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
            return answer.status, json.loads(text) if text else {}, dict(answer.headers)

    def do(self, who: str, *words: str) -> dict:
        """A command at this home."""
        return here(self.home, who, *words)[1]

    def token(self, name: str, *scopes: str) -> str:
        """A new one."""
        made = self.do("suhe", "token", "new", name, *(word for one in scopes for word in ("--scope", one)), *UNTIL)
        self.tokens[name], self.ids[name] = made["token"], made["id"]
        return str(made["token"])


@pytest.fixture(scope="module")
def api(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:  # noqa: F811 - the fixture above
    """The API of a home of one's own."""
    home = Path(shutil.copytree(opened / "seller", tmp_path_factory.mktemp("api") / "seller"))
    with desk_of(home, "suhe") as desk, desk.store.read() as tx:
        subject = subject_text(tx.find("subject", order=("id",), kind="customer", state="live")[0]["id"])
    with serve(home) as base:
        made = Running(home, base, subject)
        for scope in SCOPES:
            made.token(scope, scope)
        made.token("whole", *SCOPES)
        yield made


@contextlib.contextmanager
def serve(home: Path) -> Iterator[str]:
    """`custody api` on it."""
    with running("api", "--home", home) as (base, _):
        yield base
