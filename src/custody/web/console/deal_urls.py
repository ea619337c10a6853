"""Addresses of one deal's further pages: interview, facts, duties, papers, what if, overrides, ends."""

from django.urls import path

from custody.web.console.views import (
    control,
    deaths,
    duties,
    ending,
    interview,
    ledger,
    overrides,
    papers,
    releases,
    telling,
    together,
    whatif,
)

urlpatterns = [
    path("interview", interview.interview, name="interview"),
    path("said", interview.said, name="deal-said"),
    path("said/<str:leaf>", interview.fact, name="deal-fact"),
    path("duties", duties.duties, name="deal-duties"),
    path("customers/<str:subject>/died", deaths.correct, name="death"),
    path("papers", papers.papers, name="deal-papers"),
    path("papers/<str:kind>", papers.paper, name="deal-paper"),
    path("tell", telling.tell, name="deal-tell"),
    path("control", control.control, name="control"),
    path("ledger-part.zip", ledger.part, name="ledger-part"),
    path("releases", releases.releases, name="releases"),
    path("whatif", whatif.whatif, name="whatif"),
    path("overrides", overrides.overrides, name="overrides"),
    path("overrides/<str:override>/end", overrides.end, name="override-end"),
    path("together", together.together, name="together"),
    path("ends", ending.ends, name="deal-ends"),
    path("ends/<str:act>", ending.end, name="deal-end"),
    path("ends/<str:act>/paper", ending.paper, name="end-paper"),
]
