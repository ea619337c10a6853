"""What is made late is what it would have been at once, and nothing is made before it is used."""

import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

from custody import classify
from custody.base.late import Module, late


def test_a_late_pattern_is_that_pattern():
    """Every method answers as the compiled pattern does, time and again."""
    now, later = re.compile(r"(\d)(?P<x>a)", re.IGNORECASE), late(r"(\d)(?P<x>a)", re.IGNORECASE)
    for text in ("1A2a", "none", ""):
        for _ in range(2):
            assert now.findall(text) == later.findall(text)
            assert now.sub("-", text) == later.sub("-", text)
            assert [one.span() for one in now.finditer(text)] == [one.span() for one in later.finditer(text)]
            assert bool(now.match(text)) == bool(later.match(text))
    assert (later.pattern, later.flags, later.groups) == (now.pattern, now.flags, now.groups)


def test_what_no_pattern_has_is_told():
    """A slip of the pen is an error as ever, and so is a module that is not there."""
    with pytest.raises(AttributeError):
        late("x").serach("x")
    with pytest.raises(ModuleNotFoundError):
        _ = Module("no_such_module").anything


def test_every_late_pattern_of_the_engine_compiles():
    """One that does not would be found by whoever first reads a text."""
    kind, found = type(late("")), 0
    for one in pkgutil.iter_modules(classify.__path__):
        for value in vars(importlib.import_module(f"custody.classify.{one.name}")).values():
            for each in value if isinstance(value, tuple) else (value,):
                expression = getattr(each, "expression", each)
                if isinstance(expression, kind):
                    assert expression.pattern is not None
                    found += 1
    assert found > 80


def test_a_command_that_reads_no_text_imports_no_segmenter():
    """The dictionary is read by whoever cuts a Chinese text into words, and by nobody else."""
    told = "import gc, sys; import custody.__main__; print('rjieba' in sys.modules, gc.isenabled())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
