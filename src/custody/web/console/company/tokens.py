"""An ID token: whether this service made it, for this console, for this very sign-in (OpenID Connect Core 1.0, §3.1.3.7).

The signature is checked although the token came over TLS: what a proxy in between could change is no proof of anybody.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LEEWAY: Final = 60
_LONGEST: Final = 191
_REQUIRED: Final = ("iss", "aud", "exp", "iat", "sub")


class NotTaken(OAuth2Error):
    """What the service answered is not taken; `reason` is a word of the catalogue (`identity_why`)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def nonce_of(verifier: str) -> str:
    """The nonce of a sign-in, from the secret that its session alone holds."""
    digest = hashlib.sha256(b"nonce:" + verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def claims(token: object, keys: Mapping[str, Any], issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """What it says of the person. Raises NotTaken with the first thing that does not hold."""
    if not isinstance(token, str):
        raise NotTaken("token")
    try:
        told: dict[str, Any] = jwt.decode(
            token, _key(token, keys), algorithms=list(_ALGORITHMS), audience=client, issuer=issuer, leeway=_LEEWAY,
            options={"require": list(_REQUIRED)},
        )  # fmt: skip
    except jwt.InvalidIssuerError as error:
        raise NotTaken("issuer") from error
    except jwt.InvalidAudienceError as error:
        raise NotTaken("audience") from error
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise NotTaken("time") from error
    except jwt.PyJWTError as error:
        raise NotTaken("token") from error
    _look(told, client, nonce)
    return told


def _look(told: Mapping[str, Any], client: str, nonce: str) -> None:
    """What the library does not look at."""
    if told.get("azp", client) != client or (
        isinstance(told["aud"], list) and len(told["aud"]) > 1 and "azp" not in told
    ):
        raise NotTaken("audience")
    if not hmac.compare_digest(str(told.get("nonce", "")).encode(), nonce.encode()):
        raise NotTaken("nonce")
    if told.get("email_verified", True) not in {True, "true"}:
        raise NotTaken("unverified")
    subject = told["sub"]
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= _LONGEST:
        raise NotTaken("token")


def _key(token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """The key of the service that the token names; its only one where it names none."""
    name = jwt.get_unverified_header(token).get("kid")
    found = [one for one in jwt.PyJWKSet.from_dict(dict(keys)).keys if name in {None, one.key_id}]
    if len(found) != 1:
        raise NotTaken("token")
    return found[0]
