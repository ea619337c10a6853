"""What bounds a request in time: the law's day, *without delay*, and what a standard recommends, beside one another (spec/requests.md §2).

No number hides a law that says without delay, and what is recommended is never called law. Joining two of these can only make each stricter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final, cast

from custody.base.canonical import Json
from custody.ports.store import Cells, Row

_NONE: Final = ["收录的规则里没有写期限的，请问律师", "no rule on file here names a day: ask a lawyer"]
"""Not every law is in the packs, so it is never said that none names a day."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`due_at` by `rule`: the law's earliest last day. `prompt`: the rule of law that says without delay. `advised_at` by `advised`: a standard's.

    `places` are those whose law was asked; `presumed`, because something is not on file that decides whether a law binds, such as where the person lives. `pauses`: a law has a clock that may stop.
    """

    due_at: str = ""
    rule: str = ""
    prompt: str = ""
    advised_at: str = ""
    advised: str = ""
    places: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    """Places whose law may bind and of which no rule on file speaks of such a request: unknown is not free, so the strictest day on file counts."""
    presumed: bool = False
    pauses: bool = False
    still: bool = False
    """Whether the clocks that may stop stand still; `runs_at` is then the last day of those that do not."""
    runs_at: str = ""

    @property
    def last_at(self) -> str:
        """When it is late: what took longer than a standard recommends was not without delay."""
        if self.still:
            return self.runs_at
        days = [day for day in (self.due_at, self.advised_at) if day]
        return min(days, default="") if self.prompt else self.due_at or self.advised_at

    def cells(self) -> Cells:
        """As the store keeps it."""
        return {
            "due_at": self.due_at, "rule": self.rule or self.prompt, "at_once": int(bool(self.prompt)), "prompt": self.prompt,
            "advised_at": self.advised_at, "advised": self.advised, "last_at": self.last_at, "places": _places(self.places, self.silent),
            "presumed": int(self.presumed),
        }  # fmt: skip


def kept(row: Row) -> Bounds:
    """What the store keeps of a request: in the column of places those that were asked, after a stroke those that are silent."""
    asked, silent = (tuple(filter(None, half.split(","))) for half in str(row["places"]).partition("/")[::2])
    return Bounds(
        str(row["due_at"]), str(row["rule"]) if row["due_at"] else "", str(row["prompt"]), str(row["advised_at"]),
        str(row["advised"]), asked, silent, bool(row["presumed"]),
    )  # fmt: skip


def _places(asked: tuple[str, ...], silent: tuple[str, ...]) -> str:
    halves = [",".join(asked), *([",".join(silent)] if silent else [])]
    return "/".join(halves)


def sent(told: Mapping[str, Json]) -> Bounds:
    """What the other side tells of its own; one that is older tells without delay by a rule that has no day."""
    due, rule = str(told["due_at"]), str(told["rule"])
    prompt = str(told.get("prompt", "" if due else rule))
    advised = (str(told.get("advised_at", "")), str(told.get("advised", "")))
    return Bounds(due, rule if due else "", prompt, *advised)


def borrowed(one: Bounds, silent: tuple[str, ...]) -> Bounds:
    """The strictest that any law on file says, for places whose own says nothing here: what others let stop or last longer does not."""
    return replace(one, silent=silent, presumed=True, pauses=False, still=False)


def stricter(*all_of: Bounds) -> Bounds:
    """Each kind by itself: without delay where any says so, the earliest day of each; no law is no deadline."""
    due, rule = min(((one.due_at, one.rule) for one in all_of if one.due_at), default=("", ""))
    advised_at, advised = min(((one.advised_at, one.advised) for one in all_of if one.advised_at), default=("", ""))
    still, runs = any(one.still for one in all_of), min((one.last_at for one in all_of if one.last_at), default="")
    return Bounds(
        due, rule, min((one.prompt for one in all_of if one.prompt), default=""), advised_at, advised,
        _every(one.places for one in all_of), _every(one.silent for one in all_of), any(one.presumed for one in all_of),
        any(one.pauses for one in all_of), still, runs if still else "",
    )  # fmt: skip


def _every(some: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({place for each in some for place in each}))


def told(row: Row) -> dict[str, Json]:
    """As it is shown beside the day and the rule."""
    names = ("prompt", "advised_at", "advised")
    places, silent = (cast("list[Json]", list(some)) for some in (kept(row).places, kept(row).silent))
    return {"at_once": bool(row["at_once"]), **{name: str(row[name]) for name in names}, "places": places, "silent": silent,
            "presumed": bool(row["presumed"]), "clock": words(row)}  # fmt: skip


def words(row: Row) -> dict[str, Json]:
    """The clocks in one line, in both languages: what the law says before what a standard recommends, which is called so."""
    bound = kept(row)
    lines = [line.format(**asdict(bound), when=_at(bound.due_at), advice=_at(bound.advised_at), law="、".join(bound.places), nobody="、".join(bound.silent))
             for told, line in _lines(bound) if told]  # fmt: skip
    halves = [line.split(" / ") for line in lines] or [_NONE]
    return {
        "zh": "；".join(half[0] for half in halves),
        "en": "; ".join(half[1].replace("、", ", ") for half in halves),
    }


def _lines(bound: Bounds) -> tuple[tuple[bool, str], ...]:
    return (
        (bool(bound.prompt), "依法及时办理（{prompt}） / without delay, by law ({prompt})"),
        (bool(bound.due_at), "依法最晚 {when}（{rule}） / by law until {when} ({rule})"),
        (bool(bound.advised_at), "推荐在 {advice} 前（{advised}，推荐性标准，不是法律） / recommended until {advice} ({advised}, a recommended standard, not law)"),
        (bool(bound.silent), "{nobody} 的法律没有收录这类请求的期限：不知道，请问律师；在此之前按收录的规则里最严的 / for {nobody} no rule on file names a day for this: unknown, ask a lawyer; until then the strictest on file"),
        (bound.presumed and not bound.silent, "哪部法律适用没有记录齐，按 {law} 中较严的 / what decides which law binds is not all on file: the stricter of {law}"),
    )  # fmt: skip


def _at(instant: str) -> str:
    return f"{instant[:10]} {instant[11:16]} UTC" if instant else ""
