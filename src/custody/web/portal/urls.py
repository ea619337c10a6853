"""Addresses of the customers' pages: a language and a link, nothing of a person."""

from django.urls import path, re_path

from custody.web.portal import checking, coding, views

_PAGE = "<str:lang>/t/<str:token>"
urlpatterns = [
    path("health", views.health, name="health"),
    path("ready", views.ready, name="ready"),
    re_path(r"^t/(?P<token>[A-Za-z0-9_-]{1,64})$", views.onward, name="onward"),
    path("check", checking.onward, name="check-onward"),
    path("code", coding.onward, name="code-onward"),
    path("<str:lang>/code", coding.code, name="code"),
    path("<str:lang>/check", checking.check, name="check"),
    path(_PAGE, views.page, name="page"),
    path(f"{_PAGE}/answer", views.answer, name="answer"),
    path(f"{_PAGE}/guardian", views.guardian, name="guardian"),
    path(f"{_PAGE}/paper", views.paper, name="paper"),
    path(f"{_PAGE}/proof", views.proof, name="proof"),
    path(f"{_PAGE}/ask/<str:kind>", views.ask, name="ask"),
    path(f"{_PAGE}/correct", views.correct, name="correct"),
    path(f"{_PAGE}/contact", views.contact, name="contact"),
    path(f"{_PAGE}/undo", views.undo, name="undo"),
    path(f"{_PAGE}/confirm", views.confirm, name="confirm"),
    path(f"{_PAGE}/receipt/<str:record>", views.receipt, name="receipt"),
    path(f"{_PAGE}/receipt/<str:record>/file", views.receipt_file, name="receipt-file"),
]
handler400 = "custody.web.portal.views.missing"
handler403 = "custody.web.portal.views.missing"
handler404 = "custody.web.portal.views.missing"
handler500 = "custody.web.portal.middleware.broken"
