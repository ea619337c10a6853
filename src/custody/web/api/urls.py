"""Addresses of the API; its description stands at /v1/openapi.json, for whoever asks."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from custody import wiring
from custody.base.errors import CustodyError, Malformed, Missing
from custody.web.alive import answers
from custody.web.api import decisions, members
from custody.web.api.door import failed
from custody.web.api.operations import router
from custody.web.api.problems import TYPE, problem

_FORM: Final = "The request is not of its form"
# Answered by the server before the API reads a request: they are no problems of ours, and pages of the server's own.
_UNREAD: Final = {
    "414": "The address is longer than 4,094 bytes",
    "431": "A header is longer than 8,190 bytes, or there are more than 100",
}


def _page(said: str) -> dict[str, Any]:
    return {"description": said, "content": {"text/html": {"schema": {"type": "string"}}}}


class Described(NinjaAPI):
    """Errors are problems in the description too."""

    def get_openapi_schema(self, **words: Any) -> OpenAPISchema:  # noqa: ANN401 - ninja's own signature
        schema = super().get_openapi_schema(**words)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"] |= {code: _page(said) for code, said in _UNREAD.items()}
                for code, answer in operation["responses"].items():
                    if int(code) >= 400 and "application/json" in answer.get("content", {}):
                        answer["content"] = {TYPE: answer["content"].pop("application/json")}
        return schema


api = Described(
    title="custody",
    version="1",
    docs_url=None,
    openapi_url="openapi.json",
    description="Customer data while a company changes hands · 公司易手时的客户数据",
)
api.add_router("", router)
api.add_router("", decisions.router)
api.add_router("", members.router)


@api.exception_handler(CustodyError)
def _told(request: HttpRequest, error: CustodyError) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(ValidationError)
def _form(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which member, never what was in it; a member nobody knows is not named, for it is the caller's own text."""
    known = [one["loc"] for one in error.errors if one["type"] != "extra_forbidden"]
    place = ".".join(str(part) for part in known[0]) if known else ""
    return problem(
        request, Malformed("api.form", f"{_FORM}.", next="/v1/openapi.json", where={"member": place} if place else {})
    )


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001 - ninja's own signature
    """A body that is no JSON: the parser's words repeat what was sent."""
    return problem(request, Malformed("api.form", f"{_FORM}: it is no JSON.", next="/v1/openapi.json"))


@api.exception_handler(Http404)
def _nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    return missing(request, error)


@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    return failed(request, error)


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The process answers."""
    return JsonResponse({"ok": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """There is a home to work in, and its store answers."""
    there = wiring.is_home(None) and answers(None)
    return JsonResponse({"ok": there}, status=200 if there else 503)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """An address or method that is none."""
    return problem(request, Missing("api.route", "There is no such address or method.", next="/v1/openapi.json"))


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A request that is none."""
    return problem(request, Malformed("api.form", f"{_FORM}.", next="/v1/openapi.json"))


urlpatterns = [path("health", health, name="health"), path("ready", ready, name="ready"), path("v1/", api.urls)]
handler400 = "custody.web.api.urls.bad"
handler404 = "custody.web.api.urls.missing"
