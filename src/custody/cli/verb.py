"""One row of the command table: a verb, its words, its parameters, and the function that runs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from custody.cli.words import Words

Result = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What every verb is told besides its own parameters."""

    home: Path | None
    acting: str | None
    lang: str
    passphrase_file: Path | None
    say: Callable[[str], None]
    run: Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Verb:
    """A command. `show` turns the result into what a person reads; machines get the result itself."""

    name: str
    words: Words
    params: tuple[click.Parameter, ...]
    run: Callable[..., Result]
    show: Callable[[Result, str], object]
    example: str


def argument(
    name: str, *, many: bool = False, required: bool = True, kind: "click.ParamType[Any, Any] | type | None" = None
) -> click.Argument:
    """A positional parameter."""
    return click.Argument([name], nargs=-1 if many else 1, required=required, type=kind)


def option(
    *flags: str,
    words: Words,
    kind: "click.ParamType[Any, Any] | type | None" = None,
    default: object = None,
    many: bool = False,
    flag: bool = False,
    required: bool = False,
) -> click.Option:
    """A named parameter; its help is bilingual and rendered in the caller's language."""
    made = click.Option(list(flags), type=kind, default=default, multiple=many, is_flag=flag, required=required)
    made.help = words.en
    made.words = words  # type: ignore[attr-defined]
    return made


PATH = click.Path(path_type=Path)
