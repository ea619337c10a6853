"""The services as allauth speaks to them, narrowed: no claim is kept, nothing is asked for but who somebody is."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider
from allauth.socialaccount.providers.feishu.provider import FeishuProvider
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from custody.web.console.company.tokens import NotTaken, claims, nonce_of

_ADDRESSES: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class CompanyAdapter(OpenIDConnectOAuth2Adapter):
    """Discovery that must speak of the issuer that was set up, and an ID token that must hold; the user-info page is not read."""

    _verifier = ""

    @property
    def openid_config(self) -> Mapping[str, Any]:
        """What the service says of itself. Raises NotTaken `issuer`, `failed`."""
        found = super().openid_config
        issuer = str(self.get_provider().app.settings["server_url"])
        if not isinstance(found, dict) or not all(isinstance(found.get(one), str) for one in _ADDRESSES):
            raise NotTaken("failed")
        if found.get("issuer") != issuer:
            raise NotTaken("issuer")
        if any(urlsplit(found[one]).scheme != "https" for one in _ADDRESSES) and urlsplit(issuer).scheme == "https":
            raise NotTaken("failed")
        return found

    def get_access_token_data(self, *told: object, pkce_code_verifier: str | None = None) -> object:
        self._verifier = pkce_code_verifier or ""
        return super().get_access_token_data(*told, pkce_code_verifier=pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **told: Any) -> Any:  # noqa: ANN401, ARG002 - allauth's signature
        """Whom the service names. Raises NotTaken."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        said = told["response"].get("id_token") if isinstance(told["response"], dict) else None
        if not isinstance(keys, dict) or not self._verifier:
            raise NotTaken("failed")
        found = claims(said, keys, self.openid_config["issuer"], app.client_id, nonce_of(self._verifier))
        return self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": found["sub"]}})


class Company(OpenIDConnectProvider):
    """Any service that speaks OpenID Connect; each sign-in has a nonce bound to its session."""

    oauth2_adapter_class = CompanyAdapter

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def get_pkce_params(self) -> dict[str, str]:
        made: dict[str, str] = super().get_pkce_params()
        return {**made, "nonce": nonce_of(made["code_verifier"])}

    def extract_extra_data(self, data: object) -> dict[str, Any]:  # noqa: ARG002 - allauth's signature
        return {}


class DingTalk(DingTalkProvider):
    """钉钉. Not proved against the live service."""

    def extract_extra_data(self, data: object) -> dict[str, Any]:  # noqa: ARG002 - allauth's signature
        return {}


class Feishu(FeishuProvider):
    """飞书. Not proved against the live service."""

    def extract_extra_data(self, data: object) -> dict[str, Any]:  # noqa: ARG002 - allauth's signature
        return {}


def kinds() -> list[str]:
    """Those that are set up."""
    return list(settings.OIDC.providers)
