"""What a header says once it is known whose it is: `投保人民族`, `zyz_sfzh`, `borrower gender`, `phone of the tenant` (spec/datamap.md §4).

Nobody can list every owner with every thing that is his. So the owner is taken off, and what is left must be a whole known word of
something that persons have; the stem of an owner (a patient, a guarantor) then speaks no more for an illness or a debt.
"""

from functools import cache
from typing import Final

from custody.classify.vocabulary import read

Latin = frozenset[str]
Other = tuple[str, ...]
_OF: Final = frozenset(("of", "from", "for", "de", "du", "des", "del", "do", "da", "der", "vom", "di"))
_THE: Final = frozenset(
    (
        "the",
        "a",
        "an",
        "le",
        "la",
        "el",
        "o",
        "l",
        "your",
        "my",
        "dem",
        "primary",
        "secondary",
        "current",
        "own",
        "home",
    )
)
_LONGEST: Final = 3  # words of an owner
_LEAST: Final = 3  # letters of what follows an owner that is written together with it
_TWO: Final = 2
_IN_FULL: Final = 5.0


def belongings(words: list[str], whole: str) -> list[tuple[str, float]]:
    """(what may be left of the header without its owner, with what weight it must be known), the likeliest first; each in one word.

    An owner that comes last may be the noun itself (family head, account officer): what stands before him must be known in full.
    """
    return _without(words, whole, *_owners())


def guarded(words: list[str], whole: str) -> list[str]:
    """What is left of the header without the parent or guardian whose it is."""
    return [rest for rest, _ in _without(words, whole, *_guardians())]


def _without(words: list[str], whole: str, latin: Latin, other: Other) -> list[tuple[str, float]]:
    if not whole.isascii():
        return [(one, 0.0) for one in _han(whole, other)]
    first = [*_of(words, latin), *_after(words, latin), *(_together(whole, latin) if len(words) == 1 else ())]
    return [*((one, 0.0) for one in first), *((one, _IN_FULL) for one in _before(words, latin))]


@cache
def _owners() -> tuple[Latin, Other]:
    """Latin words for owners; those of other scripts, the longest first."""
    found = read("owners.toml")
    return frozenset(found["latin"].split()) | _clipped(), tuple(sorted(found["zh"].split(), key=len, reverse=True))


@cache
def _clipped() -> Latin:
    """Owners cut short, as they are written together with what is theirs: `employname`, `stuphone`."""
    return frozenset(read("owners.toml")["clipped"].split())


@cache
def _guardians() -> tuple[Latin, Other]:
    words = sorted(read("owners.toml")["guardian"].split(), key=len, reverse=True)
    return frozenset(one for one in words if one.isascii()), tuple(one for one in words if not one.isascii())


def chinese() -> tuple[str, ...]:
    """Chinese words for owners, the longest first."""
    return _owners()[1]


def named() -> tuple[Latin, Other]:
    """Words for owners, in Latin letters and in others."""
    return _owners()


def _han(whole: str, owners: Other) -> list[str]:
    own = next((one for one in owners if whole.startswith(one)), "")
    rest = whole.removeprefix(own).lstrip("的之の・·•:：")
    return [rest] if own and rest else []


def _after(words: list[str], owners: Latin) -> list[str]:
    """Owner first, whatever stands before him: `borrower_gender`, `first tenant phone`."""
    for end in range(len(words) - 1, 0, -1):
        if any("".join(words[max(0, end - size) : end]) in owners for size in range(_LONGEST, 0, -1)):
            rest = words[end:]
            return ["".join(rest[1:] if len(rest) > 1 and rest[0] in _THE else rest)]
    return []


def _of(words: list[str], owners: Latin) -> list[str]:
    """`date of birth of the insured`, `nom du titulaire`: what stands before the last word for `of`."""
    for place in range(1, len(words) - 1):
        owner = [one for one in words[place + 1 :] if one not in _THE]
        if words[place] in _OF and "".join(owner) in owners:
            return ["".join(words[:place])]
    return []


def _before(words: list[str], owners: Latin) -> list[str]:
    """Owner last: `phone_tenant`, `email_emergency_contact`."""
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        if (
            "".join(words[-size:]) in owners and len("".join(words[:-size])) > _LEAST
        ):  # a sex offender is no offender's sex
            return ["".join(words[:-size])]
    return []


def _together(whole: str, owners: Latin) -> list[str]:
    """All in one word, the longest owner first: `coborrowergender`."""
    places = range(len(whole) - _TWO, _LEAST - 1, -1)
    own = [place for place in places if whole[:place] in owners and (place > _LEAST or whole[:place] in _clipped())]
    return [whole[place:] for place in own][:2]
