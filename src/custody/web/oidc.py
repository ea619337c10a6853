"""Who says who somebody is: the company's own sign-in service by OpenID Connect, 钉钉 or 飞书 (decision 38).

`CUSTODY_CONSOLE_OIDC` names a file of settings; the secret lies beside it in a file that its owner alone may read. Without
the setting nothing of it is loaded.
"""

import importlib.util
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from custody import wiring
from custody.base.errors import Malformed, Unavailable

OPENID: Final = "openid_connect"
_BASE: Final = "allauth.socialaccount"
_HOUSE: Final = "custody.web.console.company.providers"
_NEEDED: Final = frozenset(("kind", "name", "client_id", "secret_file"))
_LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))
# allauth's kinds, the class of ours in each one's place, and where a browser is sent to (None: as the issuer says).
_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    OPENID: ("Company", ""),
    "dingtalk": ("DingTalk", "https://login.dingtalk.com"),
    "feishu": ("Feishu", "https://accounts.feishu.cn"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """One sign-in service as people see it; `issuer` is empty where the kind alone says it."""

    kind: str
    id: str
    name: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Oidc:
    """What Django is told of it; nothing where none is set up."""

    apps: tuple[str, ...] = ()
    providers: dict[str, Any] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    """Where a form of ours may lead to."""
    services: tuple[Service, ...] = ()
    only: bool = False
    """Everybody links an identity before anything else."""


def oidc(path: str) -> Oidc:
    """From the file; nothing without one. Raises Malformed `oidc.config`, Unavailable `oidc.extra`."""
    if not path:
        return Oidc()
    if importlib.util.find_spec("jwt") is None:
        raise Unavailable("oidc.extra", "Signing in by a service needs a further part.", next="Install custody[oidc].")
    file = Path(path)
    rows, only = _rows(wiring.text(file))
    kinds = sorted({row["kind"] for row in rows})
    return Oidc(
        (_BASE, *(f"{_BASE}.providers.{kind}" for kind in kinds)),
        {kind: _provider(kind, [row for row in rows if row["kind"] == kind], file) for kind in kinds},
        tuple(sorted({_origin(row) for row in rows})),
        tuple(Service(row["kind"], _id(row), row["name"], row.get("issuer", "")) for row in rows),
        only,
    )


def _rows(text: str) -> tuple[list[dict[str, str]], bool]:
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong() from error
    rows, only = told.get("provider"), told.get("only", False)
    if set(told) - {"only", "provider"} or not isinstance(only, bool) or not isinstance(rows, list) or not rows:
        raise _wrong()
    if not all(_holds(row) for row in rows) or len({_id(row) for row in rows}) < len(rows):
        raise _wrong()
    return rows, only


def _holds(row: object) -> bool:
    if not isinstance(row, dict) or not all(isinstance(one, str) and one and one.isprintable() for one in row.values()):
        return False
    if row.get("kind") != OPENID:
        return row.get("kind") in _KINDS and set(row) == _NEEDED
    named = set(row) - {"sign_in"} == _NEEDED | {"id", "issuer"} and row["id"].isascii() and row["id"].isalnum()
    return named and row["id"] not in _KINDS and all(_safe(row[one]) for one in ("issuer", "sign_in") if one in row)


def _safe(url: str) -> bool:
    """TLS, except on this very host."""
    try:
        found = urlsplit(url)
    except ValueError:
        return False
    plain = found.scheme == "http" and found.hostname in _LOCAL
    return bool(found.hostname) and not found.query and not found.fragment and (found.scheme == "https" or plain)


def _provider(kind: str, rows: list[dict[str, str]], file: Path) -> dict[str, Any]:
    return {"APPS": [_app(row, file) for row in rows], "provider_class": f"{_HOUSE}.{_KINDS[kind][0]}"}


def _app(row: dict[str, str], file: Path) -> dict[str, Any]:
    secret = wiring.passphrase(file.parent / row["secret_file"]).decode()
    made: dict[str, Any] = {"name": row["name"], "client_id": row["client_id"], "secret": secret}
    if row["kind"] != OPENID:
        return made
    return {**made, "provider_id": row["id"], "settings": {"server_url": row["issuer"], "oauth_pkce_enabled": True}}


def _id(row: dict[str, str]) -> str:
    return row.get("id", row["kind"])


def _origin(row: dict[str, str]) -> str:
    found = urlsplit(row.get("sign_in") or row.get("issuer") or _KINDS[row["kind"]][1])
    return f"{found.scheme}://{found.netloc}"


def _wrong() -> Malformed:
    return Malformed(
        "oidc.config", "This file sets up no sign-in service.", next="docs/guide/console.md says what it holds."
    )
