"""What a person is called on a page: by the name that was given, never by the handle they sign in with."""

from django import template
from django.template import Context

from custody.web.console.models import Person

register = template.Library()


@register.simple_tag(takes_context=True)
def called(context: Context, handle: str) -> str:
    """The name behind a handle, or the handle of somebody who never signed in here; the names are read once for a page."""
    request = context["request"]
    if not hasattr(request, "names_of_people"):
        user = request.user
        place = user.place if isinstance(user, Person) else ""
        request.names_of_people = {one.handle: str(one) for one in Person.objects.all() if one.place == place}
    return str(request.names_of_people.get(handle, handle))
