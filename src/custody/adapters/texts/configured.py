"""A gateway from a file of settings (docs/guide/messages.md). The file names where the secret lies and holds none; every fault is told at once."""

import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from custody.adapters.texts import aliyun, tencent, twilio
from custody.adapters.texts.exchange import Endpoint
from custody.base.errors import Malformed
from custody.model.way import Way
from custody.ports.texts import Text, Texter

_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "aliyun": ("key_id", "secret_file", "sign_name", "template"),
    "tencent": ("key_id", "secret_file", "sign_name", "template", "app_id", "region"),
    "twilio": ("key_id", "secret_file", "sender"),
}
_MAY: Final = ("endpoint", "parameter")
_HOSTS: Final[Mapping[str, str]] = {"aliyun": aliyun.HOST, "tencent": tencent.HOST, "twilio": twilio.HOST}
_TLS, _OPEN = 443, 80
_SECOND: Final = 60.0


@dataclass(slots=True)
class Paced:
    """See `ports.texts.Texter`: hands on to a gateway, no faster than `per_minute` (0: as fast as it goes)."""

    onward: Callable[[Text], str] = field(repr=False)
    way: Way
    per_minute: int
    at_once: int = 1
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0.0

    def send_text(self, one: Text) -> str:
        if self.per_minute:
            with self._turn:
                time.sleep(max(0.0, self._next - time.monotonic()))
                self._next = max(time.monotonic(), self._next) + _SECOND / self.per_minute
        return self.onward(one)

    def close(self) -> None:
        """Each message had a connection of its own."""


def texter(text: str, secret: Callable[[str], bytes], per_minute: int, at_once: int = 1) -> Texter:
    """`secret` reads a file of one line that only its owner may read. Raises Malformed `texts.config`, `texts.plain`."""
    told = _told(text)
    return Paced(_made(told, secret(told["secret_file"])), _way(told), per_minute, at_once)


def _way(told: Mapping[str, str]) -> Way:
    end = Endpoint.of(told.get("endpoint", _HOSTS[told["kind"]]))
    more = " ".join(f"{name}={told[name]}" for name in ("app_id", "region", "parameter") if name in told)
    sender, template = told.get("sign_name") or told.get("sender", ""), told.get("template", "")
    port = end.port or (_TLS if end.tls else _OPEN)
    return Way(told["kind"], f"{end.host}:{port}", "tls" if end.tls else "none", told["key_id"], sender, template, more)


def _told(text: str) -> dict[str, str]:
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(["it is no TOML"]) from error
    kind = value.pop("kind", None)
    if kind not in _NEEDED:
        raise _wrong([f"kind is one of {', '.join(_NEEDED)}"])
    faults = [f"{name} is missing" for name in _NEEDED[kind] if name not in value]
    faults += [f"{name} is not known" for name in value if name not in (*_NEEDED[kind], *_MAY)]
    faults += [
        f"{name} is no text"
        for name, one in value.items()
        if not isinstance(one, str) or not one or not one.isprintable()
    ]
    if faults:
        raise _wrong(faults)
    return {"kind": kind, **value}


def _wrong(faults: list[str]) -> Malformed:
    return Malformed(
        "texts.config",
        f"This file sets up no gateway: {'; '.join(faults)}.",
        next="docs/guide/messages.md says what each needs.",
    )


def _made(told: Mapping[str, str], secret: bytes) -> Callable[[Text], str]:
    if told["kind"] == "aliyun":
        end = Endpoint.of(told.get("endpoint", aliyun.HOST))
        return aliyun.Aliyun(
            end, told["key_id"], secret, told["sign_name"], told["template"], told.get("parameter", "page"), _now
        ).send_text
    if told["kind"] == "tencent":
        end = Endpoint.of(told.get("endpoint", tencent.HOST))
        return tencent.Tencent(
            end, told["key_id"], secret, told["sign_name"], told["template"], told["app_id"], told["region"], _now
        ).send_text
    return twilio.Twilio(
        Endpoint.of(told.get("endpoint", twilio.HOST)), told["key_id"], secret, told["sender"]
    ).send_text


def _now() -> datetime:
    """The gateway's time is the world's, also where a rehearsal has another."""
    return datetime.now(UTC)
