"""Addresses of the console. Nothing in an address names a person: deals by reference, customers by random id."""

from django.urls import include, path

from custody.web.console.views import ceremony, data, deals, door, ledger, people, welcome

urlpatterns = [
    path("health", door.health, name="health"),
    path("ready", door.ready, name="ready"),
    path("lang/<str:code>", door.language, name="lang"),
    path("welcome", welcome.welcome, name="welcome"),
    path("account/signup/", door.closed, name="account_signup"),
    path("account/password/reset/", door.closed),
    path("account/password/change/", door.closed),
    path("account/password/set/", door.closed),
    path("account/email/", door.closed),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("passphrase", people.passphrase, name="passphrase"),
    path("", deals.board, name="deals"),
    path("deals/new", deals.new, name="deal-new"),
    path("deals/<str:ref>", deals.show, name="deal"),
    path("deals/<str:ref>/facts", deals.facts, name="deal-facts"),
    path("deals/<str:ref>/gate", deals.decide, name="deal-gate"),
    path("deals/<str:ref>/verdicts", deals.verdicts, name="verdicts"),
    path("deals/<str:ref>/customers/<str:subject>", deals.customer, name="verdict"),
    path("deals/<str:ref>/evidence", deals.evidence, name="deal-evidence"),
    path("deals/<str:ref>/invite", deals.invite, name="deal-invite"),
    path("deals/<str:ref>/files/<str:kind>", deals.statement, name="statement"),
    path("deals/<str:ref>/<str:act>", ceremony.ceremony, name="ceremony"),
    path("data", data.sources, name="data"),
    path("data/<str:intake>", data.review, name="intake"),
    path("data/<str:intake>/progress", data.progress, name="progress"),
    path("data/<str:intake>/change", data.change, name="intake-change"),
    path("data/<str:intake>/sign", data.sign, name="intake-sign"),
    path("data/<str:intake>/seal", data.seal_now, name="intake-seal"),
    path("copies", data.copies, name="copies"),
    path("people", people.people, name="people"),
    path("people/parties", people.parties, name="parties"),
    path("people/card", people.card, name="card"),
    path("ledger", ledger.entries, name="ledger"),
]
handler403 = "custody.web.console.views.door.denied"
handler404 = "custody.web.console.views.door.missing"
handler500 = "custody.web.console.views.door.broken"
