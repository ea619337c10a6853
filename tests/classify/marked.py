"""Marked notes: `{class|value}` in a line of text is a span that ought to be found; ` || ` parts off the special categories it tells."""

import re
from collections import Counter
from pathlib import Path

from custody.classify.spans import find

MARK = re.compile(r"\{([a-z_.]+)\|([^}]*)\}")


def lines(name):
    """The lines of a file of remarks."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line.partition(" || ")[0] for line in text.splitlines() if line and not line.startswith("#")]


def categories(name):
    """(text, the special categories it is marked with) of the lines of a file that marks them."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    halves = [line.partition(" || ") for line in text.splitlines() if line and not line.startswith("#")]
    return [(unmarked(line)[0], frozenset(told.split())) for line, _, told in halves]


def score(marked):
    """(macro F1, micro F1, faults) of exact spans over all classes."""
    right, wrong, missed = Counter(), Counter(), Counter()
    faults = []
    for line in marked:
        text, wanted = unmarked(line)
        found = {(one.cls, one.start, one.end) for one in find(text)}
        right.update(one[0] for one in wanted & found)
        wrong.update(one[0] for one in found - wanted)
        missed.update(one[0] for one in wanted - found)
        faults += [
            (text, text[one[1] : one[2]], one[0], "missed" if one in wanted else "wrong") for one in wanted ^ found
        ]
    scores = [2 * right[cls] / (2 * right[cls] + wrong[cls] + missed[cls]) for cls in {*right, *wrong, *missed}]
    whole = 2 * right.total() / (2 * right.total() + wrong.total() + missed.total())
    return sum(scores) / len(scores), whole, faults


def unmarked(line):
    """The text and its (class, start, end) spans."""
    text, spans, place = "", set(), 0
    for match in MARK.finditer(line):
        text += line[place : match.start()]
        spans.add((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        place = match.end()
    return text + line[place:], spans
