"""Roots in a PKCS#11 token: an HSM, or SoftHSM, which is a file that calls itself a token (spec/vault.md §11).

A root is an AES-256 key object that was made in the token, is sensitive and cannot be extracted; it wraps by AES-GCM. Its label
is the root's, its id is random and stands in the reference, so that a root made again under the same label is another
one. It is looked for by its id alone: whoever gives it another label has not made it go. The id ends in a hash of the token's serial, and what is not found
is gone only in that token, or in one that held it when it was destroyed: a blank token of the same name knows nothing. Assurance is `hardware` only when the slot says that hardware is behind it. The PIN is read from its file for each
session, kept nowhere, and never tried twice.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any, Final

from custody.adapters.begun import Begun
from custody.adapters.keys.trouble import (
    bound,
    denied,
    elsewhere,
    extra,
    gone,
    loose,
    no_blob,
    no_ref,
    out,
    require_length,
)
from custody.base.errors import CustodyError
from custody.ports.keys import Destroyed, RootState, Terms

PROVIDER: Final = "pkcs11"
_SCHEME: Final = f"{PROVIDER}:"
_NONCE: Final = 12
_RANDOM: Final = 16
_TAIL: Final = 8
_MARK: Final = "custody-roots"
"""Label of what a token holds to say that roots were made or destroyed in it: the ends of their ids."""
_SIZE: Final = _NONCE + 32 + 16
_ALONE: Final = RLock()
"""One thread at the tokens at a time: a login is of the process, so that a session that ends logs out the others, to whom a root that
cannot be seen would be a root that is gone (PKCS #11 v3.1 §5.6.8)."""
_DENIED: Final = ("PinIncorrect", "PinExpired", "PinInvalid", "PinLocked", "PinLenRange", "UserPinNotInitialized",
                  "TokenWriteProtected", "UserTooManyTypes")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pkcs11Provider:
    """See `ports.keys.KeyProvider`. Also raises Malformed `keys.ref`, Broken `keys.policy`, Unavailable `keys.extra`."""

    module: Path
    token: str
    pin: Callable[[], bytes]
    begun: Callable[[str], Begun] | None = None
    """What the home notes of a token, by the hash of its serial: in which ones roots were made."""

    def terms(self, ref: str = "") -> Terms:  # noqa: ARG002 - all roots of a token go alike
        p11 = extra("pkcs11", "hsm")
        with _ALONE, _world(p11):
            hard = p11.SlotFlag.HW_SLOT in self._token(p11).slot.flags
        return Terms(PROVIDER, "hardware" if hard else "file", timedelta(0), ("token-backups",))

    def find(self, vault: str, generation: int) -> Sequence[str]:
        label = f"{vault}-{generation}"
        with self._session() as (p11, session):
            found = _refs(p11, session, label)
            # Of generation 0 is no root: it is asked whether the token answers, also a new one.
            if not found and generation and self.begun and self.begun(_tail(session).hex()).elsewhere:
                raise elsewhere(PROVIDER)
            return found

    def create(self, vault: str, generation: int) -> str:
        label = f"{vault}-{generation}"
        with self._session(write=True) as (p11, session):
            if not _refs(p11, session, label):
                _generate(p11, session, label)
            _mark(p11, session, _tail(session))
            if self.begun:
                self.begun(_tail(session).hex()).note()
            return _refs(p11, session, label)[0]

    def set_aside(self, ref: str) -> None:
        """Nothing: what is there opens, or says why not."""

    def unopened(self, label: str = "") -> Sequence[str]:  # noqa: ARG002 - what lies there opens, or is gone
        return ()

    def wrap(self, ref: str, key: bytes) -> bytes:
        require_length(key)
        nonce = os.urandom(_NONCE)
        with self._root(ref) as (p11, root):
            _require_kept(p11, root)
            how = {"mechanism": p11.Mechanism.AES_GCM, "mechanism_param": p11.GCMParams(nonce, bound(ref))}
            return nonce + bytes(root.encrypt(key, **how))

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        with self._root(ref) as (p11, root):
            if len(blob) != _SIZE:
                raise no_blob()
            how = {"mechanism": p11.Mechanism.AES_GCM, "mechanism_param": p11.GCMParams(blob[:_NONCE], bound(ref))}
            try:
                return bytes(root.decrypt(blob[_NONCE:], **how))
            except (
                p11.exceptions.EncryptedDataInvalid,
                p11.exceptions.GeneralError,
                p11.exceptions.FunctionFailed,
            ) as error:
                # Tokens differ in what they call a wrong tag; what is not one fails again at the next call.
                raise no_blob() from error

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        with self._session(write=True) as (p11, session):
            named = _parts(ref)
            found = _objects(p11, session, named)
            if not found:
                _require_home(p11, session, named["id"])
            for root in found:
                _mark(p11, session, named["id"][_RANDOM:] or _tail(session))
                root.destroy()
        return Destroyed(now, self.terms().assurance)

    def state(self, ref: str) -> RootState:
        with self._session() as (p11, session):
            named = _parts(ref)
            if _objects(p11, session, named):
                return "live"
            _require_home(p11, session, named["id"])
            return "gone"

    def _token(self, p11: ModuleType) -> Any:  # noqa: ANN401 - the library's own object
        return p11.lib(str(self.module)).get_token(token_label=self.token)

    @contextmanager
    def _session(self, *, write: bool = False) -> Iterator[tuple[ModuleType, Any]]:
        p11 = extra("pkcs11", "hsm")
        with _ALONE, _world(p11):
            pin = self.pin().decode("utf-8", "replace")
            with self._token(p11).open(rw=write, user_pin=pin) as session:
                yield p11, session

    @contextmanager
    def _root(self, ref: str) -> Iterator[tuple[ModuleType, Any]]:
        named = _parts(ref)
        with self._session() as (p11, session):
            found = _objects(p11, session, named)
            if not found:
                _require_home(p11, session, named["id"])
                raise gone()
            yield p11, found[0]


def _parts(ref: str) -> Mapping[str, Any]:
    """The id: a label can be changed at the token, and what is found by its label alone is another root. Raises Malformed `keys.ref`."""
    label, _, name = ref.removeprefix(_SCHEME).rpartition("/")
    try:
        made = bytes.fromhex(name)
    except ValueError as error:
        raise no_ref() from error
    if not ref.startswith(_SCHEME) or not label or len(made) not in {_RANDOM, _RANDOM + _TAIL}:
        raise no_ref()
    return {"id": made}


def _refs(p11: ModuleType, session: Any, label: str) -> list[str]:  # noqa: ANN401 - the library's own object
    """Two processes may make the label at once; the lowest id counts for both, and the other root stays empty."""
    ids = sorted(bytes(one[p11.Attribute.ID]) for one in _objects(p11, session, {"label": label}))
    return [f"{_SCHEME}{label}/{one.hex()}" for one in ids]


def _objects(p11: ModuleType, session: Any, named: Mapping[str, Any]) -> list[Any]:  # noqa: ANN401 - as above
    names = {"label": p11.Attribute.LABEL, "id": p11.Attribute.ID}
    template = {p11.Attribute.CLASS: p11.ObjectClass.SECRET_KEY, p11.Attribute.KEY_TYPE: p11.KeyType.AES}
    return list(session.get_objects({**template, **{names[name]: value for name, value in named.items()}}))


def _generate(p11: ModuleType, session: Any, label: str) -> None:  # noqa: ANN401 - as above
    may = p11.MechanismFlag.ENCRYPT | p11.MechanismFlag.DECRYPT
    kept = {p11.Attribute.SENSITIVE: True, p11.Attribute.EXTRACTABLE: False, p11.Attribute.PRIVATE: True}
    made = {"id": os.urandom(_RANDOM) + _tail(session), "label": label, "store": True, "capabilities": may}
    refused = (
        p11.exceptions.AttributeTypeInvalid,
        p11.exceptions.AttributeValueInvalid,
        p11.exceptions.TemplateInconsistent,
    )
    try:
        session.generate_key(p11.KeyType.AES, 256, **made, template={**kept, p11.Attribute.MODIFIABLE: False})
    except refused:  # a token that has no such attribute lets labels be changed; a root is found by its id
        session.generate_key(p11.KeyType.AES, 256, **made, template=kept)


def _tail(session: Any) -> bytes:  # noqa: ANN401 - the library's own object
    """How ids of roots end that are made in this token."""
    serial = session.token.serial
    return hashlib.sha256(
        b"custody/token/1\0" + (serial if isinstance(serial, bytes) else str(serial).encode())
    ).digest()[:_TAIL]


def _marks(p11: ModuleType, session: Any) -> set[bytes]:  # noqa: ANN401 - as above
    at = p11.Attribute
    found = session.get_objects({at.CLASS: p11.ObjectClass.DATA, at.LABEL: _MARK})
    return {bytes(one[at.VALUE]) for one in found}


def _mark(p11: ModuleType, session: Any, tail: bytes) -> None:  # noqa: ANN401 - as above
    """Roots of ids that end so were here. A token may keep keys and nothing else: then its serial and its keys have to do."""
    if tail not in _marks(p11, session):
        at = p11.Attribute
        with suppress(p11.exceptions.PKCS11Error):
            session.create_object({at.CLASS: p11.ObjectClass.DATA, at.TOKEN: True, at.PRIVATE: True, at.LABEL: _MARK, at.VALUE: tail})  # fmt: skip


def _require_home(p11: ModuleType, session: Any, made: bytes) -> None:  # noqa: ANN401 - as above
    """Raises Missing `keys.provider` in a token where this root never was; one whose id says no token was in a token that holds anything of ours."""
    marks, tail = _marks(p11, session), made[_RANDOM:]
    known = tail == _tail(session) or tail in marks if tail else bool(marks) or bool(_objects(p11, session, {}))
    if not known:
        raise elsewhere(PROVIDER)


def _require_kept(p11: ModuleType, root: Any) -> None:  # noqa: ANN401 - as above
    """That the root was made in the token and never could leave it. Raises Broken `keys.policy`."""
    at = p11.Attribute
    if not (root[at.LOCAL] and root[at.NEVER_EXTRACTABLE] and root[at.ALWAYS_SENSITIVE]):
        raise loose(PROVIDER)


@contextmanager
def _world(p11: ModuleType) -> Iterator[None]:
    """A library's errors told as custody's. None of its texts goes on: they name paths and slots."""
    known = tuple(getattr(p11.exceptions, name) for name in _DENIED)
    try:
        yield
    except CustodyError:
        raise
    except known as error:
        raise denied(PROVIDER) from error
    except (p11.exceptions.PKCS11Error, OSError) as error:
        raise out(PROVIDER) from error
