"""The page somebody is on, as another page may lead back to it: a form's address may take forms alone, and its own page shows nothing."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def here(request: HttpRequest) -> str:
    """The path of what is looked at: of a form, the page it stood on; never one of another host."""
    page = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        parts = urlsplit(page)
        return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return request.get_full_path()
