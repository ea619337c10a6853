"""Check my receipt: by its number against what happened, and as a file in the reader's own browser. Opens without a link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody.base.errors import Missing
from custody.base.speech import spoken
from custody.services.receipt_check import receipt_check, signed_by
from custody.web.portal.middleware import WRONG, address, shut
from custody.web.portal.seat import desk, laws


@require_safe
def onward(request: HttpRequest) -> HttpResponse:
    """From the short address to the reader's language."""
    return redirect("check", lang="zh" if "zh" in request.headers.get("Accept-Language", "zh").lower() else "en")


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, lang: str) -> HttpResponse:
    """The form, and what is known under the number that was typed."""
    if lang not in {"zh", "en"}:
        raise Http404
    told, said = None, None
    with desk() as seat:
        company = signed_by(seat)
        try:
            told = receipt_check(seat, laws(), request.POST.get("number", "")) if request.method == "POST" else None
        except Missing as error:
            if not WRONG.take(address(request)):
                return shut(request, "link", 429)
            said = spoken(error, lang)
    more = {"lang": lang, "company": company, "told": told, "said": said}
    return render(request, "check.html", more, status=404 if said else 200)
