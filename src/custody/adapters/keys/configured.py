"""The key providers of a home, from `custody.toml` (docs/guide/providers.md). It names where secrets lie and holds none.

`key_provider` says where new roots are made; a section of each provider says how to reach it. A section stays until no
root of its provider is left. Every fault of a section is told at once.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from custody.adapters.begun import Begun
from custody.adapters.keys.kms import KmsProvider, account_of
from custody.adapters.keys.kms import client as kms_client
from custody.adapters.keys.pkcs11 import Pkcs11Provider
from custody.adapters.keys.routed import FILE, RoutedKeys
from custody.adapters.keys.transit import TransitProvider
from custody.adapters.keys.transit_http import Server
from custody.base.errors import Malformed
from custody.ports.keys import KeyProvider

USED: Final = "key_provider"
SECTIONS: Final = ("pkcs11", "aws-kms", "transit")
PROVIDERS: Final = (FILE, *SECTIONS)
_KEYS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "pkcs11": (frozenset(("module", "token", "pin_file")), frozenset()),
    "aws-kms": (frozenset(("region",)), frozenset(("endpoint", "profile", "pending_days"))),
    "transit": (frozenset(("address", "token_file")), frozenset(("mount", "namespace", "ca_file"))),
}
_HEAD: Final = re.compile(r"\s*\[([^\[\]]+)\]")
_USED_LINE: Final = re.compile(rf"\s*{USED}\s*=")
_DAYS: Final = range(7, 31)
_LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))


@dataclass(frozen=True, slots=True)
class KeySettings:
    """What custody.toml says of key providers: which one is in use, and the section of each."""

    used: str = FILE
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def routed(self, root: Path, file: Callable[[], KeyProvider], secret: Callable[[Path], bytes]) -> RoutedKeys:
        """The providers; `file` makes the passphrase provider, `secret` reads a file of one line and checks its mode."""
        makers: dict[str, Callable[[], KeyProvider]] = {FILE: file}
        for name, told in self.sections.items():
            makers[name] = _maker(name, told, root, secret)
        return RoutedKeys(self.used, makers)


def settings(value: Mapping[str, Any]) -> KeySettings:
    """From the whole of custody.toml. Raises Malformed `keys.config`, every fault at once."""
    used = value.get(USED, FILE)
    sections = {name: value[name] for name in SECTIONS if name in value}
    faults = [fault for name, told in sections.items() for fault in _faults(name, told)]
    if used not in PROVIDERS:
        faults.append(f"{USED} is one of {', '.join(PROVIDERS)}")
    elif used != FILE and used not in sections:
        faults.append(f"[{used}] is not there")
    if faults:
        raise Malformed("keys.config", f"custody.toml does not set up the key provider: {'; '.join(faults)}.",
                        where={"file": "custody.toml"}, next="docs/guide/providers.md says what each needs.")  # fmt: skip
    return KeySettings(str(used), sections)


def with_keys(text: str, used: str, section: Mapping[str, str | int]) -> str:
    """custody.toml with `used` in use and its section replaced; every other line stays as somebody wrote it."""
    kept, inside = [f"{USED} = {json.dumps(used)}"], ""
    for line in text.splitlines():
        if found := _HEAD.match(line):
            inside = found[1]
        if inside != used and not (not inside and _USED_LINE.match(line)):
            kept.append(line)
    if section:
        kept += [
            "",
            f"[{used}]",
            *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in section.items()),
        ]
    return "\n".join(kept) + "\n"


def _faults(name: str, told: object) -> list[str]:
    if not isinstance(told, dict):
        return [f"{name} is not a section"]
    needed, allowed = _KEYS[name]
    faults = [f"[{name}] lacks {key}" for key in sorted(needed - set(told))]
    faults += [f"[{name}] has an unknown key {key}" for key in sorted(set(told) - needed - allowed)]
    faults += [
        f"[{name}] {key} is not text" for key, one in told.items() if key != "pending_days" and not isinstance(one, str)
    ]
    if type(told.get("pending_days", 7)) is not int or told.get("pending_days", 7) not in _DAYS:
        faults.append(f"[{name}] pending_days is a number from 7 to 30")
    return faults + [
        f"[{name}] {key} is not https" for key in ("address", "endpoint") if key in told and not _safe(told[key])
    ]


def _safe(address: object) -> bool:
    """TLS, or this host: a token must not cross a network in clear."""
    try:
        found = urlsplit(str(address))
    except ValueError:
        return False
    return (found.scheme == "https" and bool(found.hostname)) or (found.scheme == "http" and found.hostname in _LOCAL)


def _maker(
    name: str, told: Mapping[str, Any], root: Path, secret: Callable[[Path], bytes]
) -> Callable[[], KeyProvider]:
    def pkcs11() -> KeyProvider:
        def begun(serial: str) -> Begun:
            return Begun(root, "pkcs11", serial)

        return Pkcs11Provider(Path(told["module"]), told["token"], lambda: secret(root / told["pin_file"]), begun)

    def kms() -> KeyProvider:
        @cache
        def client() -> Any:  # noqa: ANN401 - the library's own object
            return kms_client(told["region"], told.get("endpoint"), told.get("profile"))

        return KmsProvider(
            client,
            lambda: account_of(told["region"], told.get("endpoint"), told.get("profile")),
            told.get("pending_days", 7),
        )

    def transit() -> KeyProvider:
        authority = root / told["ca_file"] if "ca_file" in told else None
        server = Server(
            told["address"], lambda: secret(root / told["token_file"]), told.get("namespace", ""), authority
        )
        return TransitProvider(server, told.get("mount", "transit"))

    return {"pkcs11": pkcs11, "aws-kms": kms, "transit": transit}[name]
