"""Frozen dataclasses to canonical JSON objects and back, refused wherever they differ (spec/statements.md).

Rules: the type of a field is its whole specification; a field that is not known is critical and refuses, unless its
name begins with `x_`; a field that is absent takes its default or refuses. Errors name the field, never a value.
"""

import re
import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from custody.base.canonical import Json
from custody.base.errors import Malformed

T = TypeVar("T")
MAX_TEXT: Final = 4096
_EMPTY: Final = "left out where empty"
LEFT_OUT: Final = {_EMPTY: True}
"""Metadata of a field that came later: where it says nothing it is not written, so that what was written before keeps its bytes."""


@dataclass(frozen=True, slots=True)
class Form:
    """A text must match this pattern in full."""

    pattern: str


Digest = Annotated[str, Form(r"sha256:[0-9a-f]{64}")]
Hex32 = Annotated[str, Form(r"[0-9a-f]{64}")]
Hex16 = Annotated[str, Form(r"[0-9a-f]{32}")]
Instant = Annotated[str, Form(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")]
Day = Annotated[str, Form(r"\d{4}-\d\d-\d\d")]
Code = Annotated[str, Form(r"[a-z][a-z0-9._-]{0,63}")]
Name = Annotated[str, Form(r"[^\x00-\x1f\x7f]{1,256}")]
Deal = Annotated[str, Form(r"[A-Za-z0-9_-]{1,64}")]


def dump(value: object) -> dict[str, Json]:
    """The JSON object of a dataclass of this module's types."""
    found = _dump(value)
    assert isinstance(found, dict)
    return found


def load(cls: type[T], value: object, path: str = "") -> T:
    """The inverse. Raises Malformed `shape.object`, `shape.unknown`, `shape.missing`, `shape.type`, `shape.form`."""
    if not isinstance(value, dict):
        raise _bad("shape.object", path, "An object is expected here.")
    hints, known = _hints(cast("Hashable", cls))
    unknown = sorted(key for key in value if key not in hints and not key.startswith("x_"))
    if unknown:
        raise _bad("shape.unknown", _join(path, unknown[0]), "A field is not known here, so it cannot be passed over.")
    given: dict[str, Any] = {}
    for name, required in known:
        if name in value:
            given[name] = _load(hints[name], value[name], _join(path, name))
        elif required:
            raise _bad("shape.missing", _join(path, name), "A field is missing.")
    return cls(**given)


@lru_cache(maxsize=256)
def _hints(cls: Hashable) -> tuple[Mapping[str, Any], tuple[tuple[str, bool], ...]]:
    known = tuple(
        (one.name, one.default is MISSING and one.default_factory is MISSING) for one in fields(cast("Any", cls))
    )
    told = get_type_hints(cls, include_extras=True)
    return {name: told[name] for name, _ in known}, known


def _dump(value: object) -> Json:
    if is_dataclass(value) and not isinstance(value, type):
        told = {one: getattr(value, one.name) for one in fields(value)}
        return {one.name: _dump(held) for one, held in told.items() if held or not one.metadata.get(_EMPTY)}
    if isinstance(value, tuple | list):
        return [_dump(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _dump(one) for key, one in value.items()}
    return cast("Json", value)


def _load(hint: Any, value: object, path: str) -> object:  # noqa: ANN401 - a type hint is any object
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _text(value, path, inside[1].pattern)
    if origin in (Union, types.UnionType):
        return None if value is None else _load(inside[0], value, path)
    if origin is Literal:
        return _choice(inside, value, path)
    if origin is tuple:
        return tuple(_load(inside[0], one, f"{path}[{place}]") for place, one in enumerate(_list(value, path)))
    if origin is dict:
        return _map(inside[1], value, path)
    return _plain(hint, value, path)


def _choice(allowed: tuple[object, ...], value: object, path: str) -> object:
    if isinstance(value, bool) or value not in allowed:
        raise _bad("shape.form", path, "This value is not among those allowed.")
    return value


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise _bad("shape.type", path, "A list is expected here.")
    return value


def _plain(hint: object, value: object, path: str) -> object:
    if is_dataclass(hint) and isinstance(hint, type):
        return load(hint, value, path)
    if hint is str:
        return _text(value, path, r"[\s\S]{0,4096}")
    if hint is bool and isinstance(value, bool):
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise _bad("shape.type", path, "A field has the wrong type.")


def _map(hint: object, value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _bad("shape.object", path, "An object is expected here.")
    return {
        _text(key, path, r"[a-z][a-z0-9._-]{0,63}"): _load(hint, one, _join(path, key)) for key, one in value.items()
    }


def _text(value: object, path: str, pattern: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise _bad("shape.type", path, "A text is expected here.")
    if re.fullmatch(pattern, value, re.ASCII) is None:
        raise _bad("shape.form", path, "A text is not of its form.")
    return value


def _join(path: str, name: str) -> str:
    clean = name if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name) else "?"
    return f"{path}.{clean}" if path else clean


def _bad(slug: str, path: str, text: str) -> Malformed:
    return Malformed(slug, text, where={"field": path})
