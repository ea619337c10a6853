"""When a session was last used, noted once a minute: to write it with each page would make everybody wait for the disk."""

import time
from typing import Final

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest, HttpResponseBase

from custody.web.console.guessing import remember

EVERY_SECONDS: Final = 60
_AT: Final = "custody_seen"


def by_itself(request: HttpRequest) -> bool:
    """Whether a page that is left open asks, every second, and nobody: no work of a day keeps an unattended window signed in."""
    return request.path.endswith("/part")


class Seen(UserSessionsMiddleware):
    """What is noted renews the session as well: it ends after as long without a page as the settings say, or a minute earlier."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now = int(time.time())
        if (
            request.user.is_authenticated
            and not by_itself(request)
            and not 0 <= now - int(request.session.get(_AT, 0)) < EVERY_SECONDS
        ):
            request.session[_AT] = now
            answer = super().__call__(request)
            assert isinstance(answer, HttpResponseBase)  # a file is one, too, and no HttpResponse
            remember(request, answer)
            return answer
        return self.get_response(request)
