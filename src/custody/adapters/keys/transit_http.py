"""The few calls custody makes to an OpenBao or Vault server, over the standard library.

No redirect is followed: the token would go with it. No text of the server goes on in an error.
"""

import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from custody.adapters.keys.trouble import denied, out

PROVIDER: Final = "transit"
_MOST: Final = 1024 * 1024
_SECONDS: Final = 10.0
_CLUSTER: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Answer(NamedTuple):
    """Status, data, whether the server said what was wrong, and all that it said."""

    status: int
    data: Mapping[str, Any]
    faults: bool
    whole: Mapping[str, Any]


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A standby that forwards nobody answers so: the address in the configuration is to be the active one."""
        return


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is and how to prove who asks; `token` reads a file that only its owner may read."""

    address: str
    token: Callable[[], bytes]
    namespace: str = ""
    authority: Path | None = None

    def cluster(self) -> str:
        """The id that this cluster was given when it was set up and keeps. Asked without a token: it is no secret. Raises Unavailable `keys.out`."""
        told = self._ask("GET", "/v1/sys/health?standbyok=true&perfstandbyok=true", None, {})
        if not isinstance(made := told.whole.get("cluster_id"), str) or not _CLUSTER.fullmatch(made):
            raise out(PROVIDER)
        return made

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        """One call. Raises Unavailable `keys.out`, `keys.denied`."""
        heads = {"X-Vault-Token": self.token().decode("ascii", "replace"), "X-Vault-Request": "true"}
        if self.namespace:
            heads["X-Vault-Namespace"] = self.namespace
        return self._ask(method, path, body, heads)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, heads: dict[str, str]) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.address.rstrip("/") + path, data, heads, method=method)  # noqa: S310 - the scheme was checked with the configuration
        try:
            with self._opener().open(request, timeout=_SECONDS) as answer:
                return _read(answer.status, answer.read(_MOST))
        except HTTPError as error:
            with error:
                return _read(error.code, error.read(_MOST))
        except ssl.SSLCertVerificationError as error:
            raise denied(PROVIDER) from error
        except (OSError, HTTPException) as error:
            if isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError):
                raise denied(PROVIDER) from error
            raise out(PROVIDER) from error

    def _opener(self) -> OpenerDirector:
        file = self.authority
        return build_opener(
            _NoRedirect, HTTPSHandler(context=_trust(str(file) if file else "", file.stat().st_mtime_ns if file else 0))
        )


@lru_cache(maxsize=8)
def _trust(authority: str, _written: int) -> ssl.SSLContext:
    """Whom to believe. Reading the system's authorities takes longer than a call does; a file of one's own is read again when it was written."""
    return ssl.create_default_context(cafile=authority or None)


def _read(status: int, body: bytes) -> Answer:
    try:
        told = json.loads(body) if body else {}
    except ValueError as error:
        raise out(PROVIDER) from error
    if not isinstance(told, dict):
        raise out(PROVIDER)
    data = told.get("data")
    return Answer(status, data if isinstance(data, dict) else {}, bool(told.get("errors")), told)
