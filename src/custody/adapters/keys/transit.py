"""Roots in the transit engine of OpenBao or HashiCorp Vault: one key for each vault and generation (spec/vault.md §11).

A destroy allows deletion for that key alone and deletes it with all its versions; storage snapshots of the server keep it,
and certificates say so. Transit makes a key that does not exist when it is asked to encrypt, so a root is looked at
before each wrap. A reference holds cluster and mount: a root that is not found is gone only where it was made. The token is read from its file for each call and kept nowhere.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from custody.adapters.keys.transit_http import Answer, Server
from custody.adapters.keys.trouble import bound, denied, elsewhere, gone, loose, no_blob, no_ref, out, require_length
from custody.base.errors import CustodyError
from custody.ports.keys import Destroyed, RootState, Terms

PROVIDER: Final = "transit"
_SCHEME: Final = f"{PROVIDER}:"
_REF: Final = re.compile(rf"{_SCHEME}([0-9a-f-]{{36}})/([A-Za-z0-9_./-]+)/(custody-[A-Za-z0-9_-]+)", re.ASCII)
_OK: Final = (200, 204)
_NO: Final = (401, 403)
_ABSENT: Final = 404
_BAD: Final = 400


@dataclass(frozen=True, slots=True)
class TransitProvider:
    """See `ports.keys.KeyProvider`. Also raises Malformed `keys.ref`, Broken `keys.policy`."""

    server: Server
    mount: str = "transit"

    def terms(self, ref: str = "") -> Terms:  # noqa: ARG002 - all roots of a server go alike
        return Terms(PROVIDER, "service", timedelta(0), ("server-snapshots",))

    def find(self, vault: str, generation: int) -> Sequence[str]:
        ref = self._ref(vault, generation)
        return [] if self.state(ref) == "gone" else [ref]

    def create(self, vault: str, generation: int) -> str:
        ref = self._ref(vault, generation)
        if self.state(ref) == "gone":
            kept = {"type": "aes256-gcm96", "exportable": False, "allow_plaintext_backup": False}
            self._said(self._ask("POST", "keys", ref, kept))
        self._require_kept(ref)
        return ref

    def set_aside(self, ref: str) -> None:
        """Nothing: what is there opens, or says why not."""

    def unopened(self, label: str = "") -> Sequence[str]:  # noqa: ARG002 - what lies there opens, or is gone
        return ()

    def wrap(self, ref: str, key: bytes) -> bytes:
        require_length(key)
        self._require_kept(ref)
        told = self._said(
            self._ask("POST", "encrypt", ref, {"plaintext": _text(key), "associated_data": _text(bound(ref))})
        )
        return str(told["ciphertext"]).encode()

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        if self.state(ref) != "live":
            raise gone()
        try:
            sealed = blob.decode("ascii")
        except UnicodeDecodeError as error:
            raise no_blob() from error
        answer = self._ask("POST", "decrypt", ref, {"ciphertext": sealed, "associated_data": _text(bound(ref))})
        if answer.status == _BAD:
            raise no_blob()
        return base64.b64decode(str(self._said(answer)["plaintext"]))

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        if self._about(ref) is not None:
            self._said(self._ask("POST", "keys", ref, {"deletion_allowed": True}, "/config"))
            self._said(self._ask("DELETE", "keys", ref))
        return Destroyed(now, "service")

    def state(self, ref: str) -> RootState:
        told = self._about(ref)
        if told is None:
            return "gone"
        return "scheduled" if told.get("soft_deleted") else "live"

    def _ref(self, vault: str, generation: int) -> str:
        return f"{_SCHEME}{self.server.cluster()}/{self._mount()}/custody-{vault}-{generation}"

    def _mount(self) -> str:
        return f"{self.server.namespace}/{self.mount}".strip("/")

    def _about(self, ref: str) -> Mapping[str, Any] | None:
        """What the server says of the root; None when it is gone there. Raises Missing `keys.provider` for one of elsewhere."""
        if _form(ref)[:2] != (self.server.cluster(), self._mount()):
            raise elsewhere(PROVIDER)
        answer = self._ask("GET", "keys", ref)
        return None if answer.status == _ABSENT and not answer.faults else self._said(answer)

    def _require_kept(self, ref: str) -> None:
        """That the server made the key and gives it to nobody. Raises Missing `keys.gone`, Broken `keys.policy`."""
        told = self._about(ref)
        if told is None or told.get("soft_deleted"):
            raise gone()
        if (
            told.get("exportable")
            or told.get("allow_plaintext_backup")
            or told.get("imported_key")
            or told.get("type") != "aes256-gcm96"
        ):
            raise loose(PROVIDER)

    def _ask(self, method: str, what: str, ref: str, body: Mapping[str, Any] | None = None, more: str = "") -> Answer:
        return self.server.ask(method, f"/v1/{self.mount}/{what}/{_form(ref)[2]}{more}", body)

    def _said(self, answer: Answer) -> Mapping[str, Any]:
        if answer.status not in _OK:
            raise _trouble(answer)
        return answer.data


def _form(ref: str) -> tuple[str, ...]:
    """(cluster, namespace and mount, name) of a reference. Raises Malformed `keys.ref`."""
    if not (met := _REF.fullmatch(ref)):
        raise no_ref()
    return met.groups()


def _trouble(answer: Answer) -> CustodyError:
    """403 is the token or its policy; 404 with a text is a mount that is not there; the rest is the server's."""
    if answer.status in _NO or answer.status in {_BAD, _ABSENT}:
        return denied(PROVIDER)
    return out(PROVIDER)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
