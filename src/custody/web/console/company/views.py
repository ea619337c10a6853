"""One's own identities at the company's service: begin, come back, link, unlink."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from custody.web.console.company.adapter import refuse
from custody.web.console.company.providers import CompanyAdapter
from custody.web.console.company.tokens import NotTaken
from custody.web.console.forms import whole
from custody.web.oidc import OPENID


@require_POST
def begin(request: HttpRequest, service: str) -> HttpResponse:
    """To the service: by whoever is signed in to link, by anybody else to be named."""
    if service not in {one.id for one in settings.OIDC.services}:
        raise Http404
    process = AuthProcess.CONNECT if request.user.is_authenticated else AuthProcess.LOGIN
    try:
        return _redirect(request, service, process)
    except ImmediateHttpResponse as answer:
        return answer.response


@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From the service; whatever it sends, the answer is in words."""
    known = {one.id: one.kind for one in settings.OIDC.services}
    if provider_id not in known:
        raise Http404
    try:
        try:
            return OAuth2CallbackView.adapter_view(_adapter(request, provider_id, known[provider_id]))(request)
        except (OAuth2Error, RequestException, KeyError, ValueError, TypeError) as error:
            refuse(request, error.reason if isinstance(error, NotTaken) else "failed")
    except ImmediateHttpResponse as answer:
        return answer.response


@require_http_methods(["GET", "POST"])
def identities(request: HttpRequest) -> HttpResponse:
    """Which are linked; a POST unlinks one of one's own."""
    mine = SocialAccount.objects.filter(user=request.user)
    if request.method == "POST":
        if not (settings.OIDC.only and mine.count() == 1):
            mine.filter(pk=whole(request.POST.get("identity", ""), 18) or 0).delete()
        return redirect("identities")
    names = {one.id: one.name for one in settings.OIDC.services}
    rows = [
        {"id": one.pk, "name": names.get(one.provider, one.provider), "uid": one.uid, "at": one.date_joined}
        for one in mine
    ]
    services = [
        {"told": one, "back": request.build_absolute_uri(f"/account/company/{one.id}/back/")}
        for one in settings.OIDC.services
    ]
    page = {"rows": rows, "services": services, "only": settings.OIDC.only, "why": request.GET.get("identity", "")}
    return render(request, "identities.html", page)


def _redirect(request: HttpRequest, service: str, process: str) -> Any:  # noqa: ANN401 - allauth's answer
    try:
        return get_adapter(request).get_provider(request, service).redirect(request, process)
    except OAuth2Error as error:
        refuse(request, error.reason if isinstance(error, NotTaken) else "failed")
    except (RequestException, KeyError, ValueError, TypeError):
        refuse(request, "away")


def _adapter(request: HttpRequest, service: str, kind: str) -> Any:  # noqa: ANN401 - allauth's type
    if kind == OPENID:
        return CompanyAdapter(request, service)
    return (DingTalkOAuth2Adapter if kind == "dingtalk" else FeishuOAuth2Adapter)(request)
