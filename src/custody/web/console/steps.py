"""Which steps a form may take at an address: a view names them, and the door lets no other through.

One address can hold several acts, told apart by a field of the form (`step`, `do`), by a field that is there at all (`before`), or by a
part of the path. Whoever may take which is the services' word; what there is to take is said here, so that the table of who may open what has a
row for each (tests/web/test_permissions.py) and a step that nobody thought about cannot be taken.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar, cast

from django.http import Http404

from custody.base.errors import Malformed

_View = TypeVar("_View", bound=Callable[..., object])
FIELDS: Final = ("step", "do")
MARKS: Final = ("before",)
PLAIN: Final = ""
"""The step of a form that says none."""


def takes(*steps: str, **parts: Iterable[str]) -> Callable[[_View], _View]:
    """The steps of a view, and what its parts of the path may be. Outermost of its decorators."""

    def kept(view: _View) -> _View:
        view.__dict__["steps"] = frozenset(steps)
        view.__dict__["parts"] = {name: frozenset(values) for name, values in parts.items()}
        return view

    return kept


def steps_of(view: Callable[..., object]) -> frozenset[str]:
    """What a form may ask of it; a view that names none is asked plainly."""
    return cast("frozenset[str]", view.__dict__.get("steps", frozenset({PLAIN})))


def parts_of(view: Callable[..., object]) -> Mapping[str, frozenset[str]]:
    """What the parts of its path may be that tell acts apart."""
    return cast("Mapping[str, frozenset[str]]", view.__dict__.get("parts", {}))


def require(view: Callable[..., object], path: Mapping[str, object], form: Mapping[str, str]) -> None:
    """That every step the form speaks of is one of this view's. Raises Malformed `console.step`, Http404."""
    if any(path.get(name) not in values for name, values in parts_of(view).items()):
        raise Http404
    said = {form[name] for name in FIELDS if name in form} | {name for name in MARKS if name in form}
    if not (said or {PLAIN}) <= steps_of(view):
        raise Malformed("console.step", "This form is of no step.", next="Open the page again.")
