"""Errors as RFC 9457 problems, in both languages, by slug; nothing that was sent is repeated (spec/api.md §3)."""

import json
from typing import Final

from django.http import HttpRequest, HttpResponse

from custody.base.errors import Broken, CustodyError, Denied, Malformed, Missing, Refused, Unavailable
from custody.base.speech import spoken

TYPE: Final = "application/problem+json"
_BASE: Final = "https://custody.example/fault/"
_BY_SLUG: Final = {"api.token": 401, "api.key-reused": 422, "api.busy": 429, "api.route": 404, "lookup.limit": 429}
_STATUS: Final = ((Refused, 409), (Denied, 403), (Broken, 422), (Malformed, 400), (Missing, 404), (Unavailable, 503))
_RETRY: Final = "30"


def problem(request: HttpRequest, error: CustodyError, status: int | None = None) -> HttpResponse:
    """The error as an answer."""
    code = status or _BY_SLUG.get(error.slug) or next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    zh, en = spoken(error, "zh"), spoken(error, "en")
    said = en if language(request) == "en" else zh
    body = {
        "type": f"{_BASE}{error.slug}", "title": said.says, "status": code, "detail": said.next, "slug": error.slug,
        "says": {"zh": zh.says, "en": en.says}, "next": {"zh": zh.next, "en": en.next}, "where": error.where,
    }  # fmt: skip
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=code, content_type=TYPE)
    answer["Content-Language"] = language(request)
    if code in {429, 503}:
        answer["Retry-After"] = _RETRY
    if code == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="custody"'
    return answer


def language(request: HttpRequest) -> str:
    """`zh` or `en`, as the caller asks."""
    wanted = request.headers.get("Accept-Language", "").lower()
    return "zh" if "zh" in wanted else "en"
