"""The console as a Django application."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Nothing is registered at start: signals would be a second door."""

    name = "custody.web.console"
    label = "console"
