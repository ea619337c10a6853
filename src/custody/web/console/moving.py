"""What a change would move, told while its form is filled in: a part of the page, asked for again with what stands in the fields."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from custody.base.errors import Denied, Malformed
from custody.web.console.middleware import told

PREVIEW: Final = "preview"


def preview(request: HttpRequest, template: str, look: Callable[[], Mapping[str, Any]]) -> HttpResponse:
    """What is typed only half is no fault yet: it is told in place of the figures. Raises Denied."""
    try:
        page: dict[str, Any] = {"found": look(), "fault": None}
    except Denied:
        raise
    except Malformed as error:
        page = {"found": None, "fault": told(error)}
    return render(request, template, {**page, "live": True})
