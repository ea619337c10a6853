"""From the code on a letter to one's own page. Opens without a link; whoever guesses too often is shut out for a while."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody.base.errors import Denied
from custody.services.portal_code import portal_code
from custody.services.receipt_check import signed_by
from custody.web.portal.middleware import WRONG, address, shut
from custody.web.portal.seat import desk, laws


@require_safe
def onward(request: HttpRequest) -> HttpResponse:
    """From the short address to the reader's language."""
    return redirect("code", lang="zh" if "zh" in request.headers.get("Accept-Language", "zh").lower() else "en")


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, lang: str) -> HttpResponse:
    """The form; the right code leads to the page, every other text back to the form."""
    if lang not in {"zh", "en"}:
        raise Http404
    wrong = False
    with desk() as seat:
        company = signed_by(seat)
        try:
            if request.method == "POST":
                return redirect("page", lang=lang, token=portal_code(seat, laws(), request.POST.get("code", "")))
        except Denied as error:
            if error.slug != "portal.link":
                raise
            wrong = True
    if wrong and not WRONG.take(address(request)):
        return shut(request, "link", 429)
    return render(
        request, "code.html", {"lang": lang, "company": company, "wrong": wrong}, status=404 if wrong else 200
    )
