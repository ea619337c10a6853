"""Addresses of one deal's further pages: the interview, what was said."""

from django.urls import path

from custody.web.console.views import interview

urlpatterns = [
    path("interview", interview.interview, name="interview"),
    path("said", interview.said, name="deal-said"),
    path("said/<str:leaf>", interview.fact, name="deal-fact"),
]
