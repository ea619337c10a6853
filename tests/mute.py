"""A key provider that answers everything but some of what it is asked."""

from custody.base.errors import Unavailable


class Mute:
    """The provider behind it, but for the methods that are named."""

    def __init__(self, inner: object, *silent: str) -> None:
        self._inner, self._silent = inner, silent

    def __getattr__(self, name: str) -> object:
        return _away if name in self._silent else getattr(self._inner, name)


def _away(*_: object) -> None:
    raise Unavailable("keys.out", "It does not answer.", retry=True)
