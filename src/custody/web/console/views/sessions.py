"""Where one is signed in; ending the others forgets their keys too, also of a window that looks at the sample meanwhile."""

from typing import Any

from allauth.usersessions.views import ListUserSessionsView
from django.http import HttpResponse

from custody.web.console.models import Person
from custody.web.console.signin import KEYS, NAME


class Sessions(ListUserSessionsView):
    """allauth's page: a session is a row of one's own account, but a key may wait aside in a window that is in another's (see `aside`)."""

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ANN401 - allauth's form
        answer: HttpResponse = super().form_valid(form)
        person = self.request.user
        assert isinstance(person, Person)
        KEYS.drop_others(person.principal, str(self.request.session.get(NAME, "")))
        return answer
