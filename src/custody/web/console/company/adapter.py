"""What becomes of an answer of the service: somebody who is signed in links it; anybody else is named by the link alone.

Every way of allauth's own beyond this point (signing up, matching by mail, signing in without the passphrase) ends here.
"""

import time
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.http import HttpRequest
from django.shortcuts import redirect

from custody.web.console.company.tokens import NotTaken
from custody.web.console.models import Person
from custody.web.console.signin import SEEN, held


class LinkedAdapter(DefaultSocialAccountAdapter):
    """No account is made by whoever comes along, and none is found by an address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ANN401, ARG002 - allauth's signature
        return False

    def get_requests_session(self) -> Any:  # noqa: ANN401 - allauth's signature
        """No redirect is followed: where a service sends us is not where anybody allowed us to take a secret."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:  # noqa: ANN401 - allauth's signature
        """Always the end of allauth's way."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            _link(request, sociallogin)
        if not sociallogin.is_existing or not sociallogin.user.is_active:
            refuse(request, "unknown")
        request.session.cycle_key()
        request.session[SEEN] = [sociallogin.user.pk, time.time()]
        raise ImmediateHttpResponse(redirect("account_login"))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> NoReturn:  # noqa: ANN401, ARG002 - allauth's signature
        """Said in words on the page from which it began."""
        exception = told.get("exception")
        reason = "cancelled" if told.get("error") == AuthError.CANCELLED else "failed"
        refuse(request, exception.reason if isinstance(exception, NotTaken) else reason)


def refuse(request: HttpRequest, reason: str) -> NoReturn:
    """To the page where it is told."""
    where = "/account/identities/" if request.user.is_authenticated else "/account/login/"
    raise ImmediateHttpResponse(redirect(f"{where}?identity={reason}"))


def _link(request: HttpRequest, sociallogin: Any) -> NoReturn:  # noqa: ANN401 - allauth's type
    person = request.user
    if not isinstance(person, Person) or held(request) is None:
        refuse(request, "failed")
    if sociallogin.is_existing and sociallogin.user.pk != person.pk:
        refuse(request, "taken")
    told = {"provider": sociallogin.account.provider, "uid": sociallogin.account.uid}
    SocialAccount.objects.get_or_create(**told, defaults={"user": person, "extra_data": {}})
    raise ImmediateHttpResponse(redirect("identities"))
