"""Addresses of the company's sign-in service. The names of the ways back are those that allauth asks for."""

from django.conf import settings
from django.urls import URLPattern, path

from custody.web.console.company import views
from custody.web.oidc import OPENID

urlpatterns: list[URLPattern] = [
    path("identities/", views.identities, name="identities"),
    path("company/<slug:service>/", views.begin, name="identity-begin"),
    *(
        path(f"company/{one.kind}/back/", views.back, {"provider_id": one.kind}, name=f"{one.kind}_callback")
        for one in settings.OIDC.services
        if one.kind != OPENID
    ),
    path("company/<slug:provider_id>/back/", views.back, name="openid_connect_callback"),
]
