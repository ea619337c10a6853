"""How the shop wrote down who somebody is: the identity column and the birth date, with the usual faults."""

from datetime import date
from random import Random
from typing import Final

from custody_sample import numbers
from custody_sample.chance import pick

_USUAL: Final = (("valid", 840), ("blank", 160))
_ABROAD: Final = (("blank", 800), ("passport", 200))
_BIRTHS: Final = (("iso", 560), ("slash", 400), ("blank", 40))


def id_kind(rng: Random, *, abroad: bool, rarity: str) -> str:
    """valid, wrong check, masked, fifteen, passport or blank. `rarity` is a kind that was allotted, or ""."""
    drawn = pick(rng, _ABROAD if abroad else _USUAL)
    return drawn if abroad else rarity or drawn


def id_number(rng: Random, kind: str, area: str, born: date, *, male: bool) -> str:
    """The cell of that kind."""
    right = numbers.resident_id(rng, area, born, male=male)
    match kind:
        case "valid":
            return right.lower() if right.endswith("X") and rng.randrange(3) == 0 else right
        case "wrong check":
            wrong = right[:17] + str((int(right[17].replace("X", "0")) + rng.randrange(1, 9)) % 10)
            # Zeros from the sixteenth digit on are what a spreadsheet leaves of a number: another fault, and not this one.
            return f"{right[:17]}{'2' if right[17] == '1' else '1'}" if wrong.endswith("000") else wrong
        case "masked":
            return f"{right[:6]}********{right[14:]}"
        case "fifteen":  # as issued before 1999: no century, no check character
            return right[:6] + right[8:17]
        case "passport":
            return f"{rng.choice('CEGKP')}{rng.randrange(10**8):08d}"
        case _:
            return ""


def birth_kind(rng: Random, *, must: bool, never: bool) -> str:
    """iso, slash or blank; `must` when nothing else tells the age, `never` for those whose age the shop lacks."""
    drawn = pick(rng, _BIRTHS)
    if never:
        return "blank"
    return "iso" if must and drawn == "blank" else drawn


def birth(kind: str, born: date) -> str:
    """The cell of that kind: 1987-03-05 or 1987/3/5, as two programs wrote the same column."""
    match kind:
        case "iso":
            return born.isoformat()
        case "slash":
            return f"{born.year}/{born.month}/{born.day}"
        case _:
            return ""
