"""What no store keeps as text comes no further than here, wherever it stands: in an address, a query or a form."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from custody.web.bodies import NUL, holds_nul
from custody.web.console.forms import no_text
from custody.web.console.middleware import status, told


class Texts:
    """Middleware: after the form's mark was looked at, before any view."""

    def __init__(self, onward: Callable[[HttpRequest], HttpResponse]) -> None:
        self._onward = onward

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._onward(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Raises Http404 for an address: nothing is called so."""
        if NUL in request.path:
            raise Http404
        if not holds_nul(request):
            return None
        fault = no_text()
        return render(request, "fault.html", {"fault": told(fault)}, status=status(fault))
