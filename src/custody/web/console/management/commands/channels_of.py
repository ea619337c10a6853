"""Which channels somebody keeps: the names that end with their right to act, as JSON (E5)."""

import json

from django.core.management.base import BaseCommand, CommandParser

from custody.web.console import outbox
from custody.web.console.models import Person


class Command(BaseCommand):
    """`python -m django channels_of prn_…`, asked by the command line, which knows no Django."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose they are."""
        parser.add_argument("principal")

    def handle(self, *_: object, principal: str, **__: object) -> str:
        """In alphabetical order; none of somebody whom this console does not know."""
        known = Person.objects.filter(principal=principal).first()
        found = outbox.live(known.place).filter(by=known).order_by("name") if known else ()
        return json.dumps([one.name for one in found])
