"""Whom the verdicts keep at the seller, and why: what two people read before they confirm."""

from collections.abc import Mapping, Sequence
from typing import Any


def stays(verdicts: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Each verdict that keeps people here, how many, and the reason that most of them share; none where no reason surely is that of most."""
    told = verdicts or {"by_verdict": {}, "reasons": ()}
    by = {name: int(count) for name, count in told["by_verdict"].items()}
    kept = {name: count for name, count in by.items() if name != "hand_over" and count}
    staying = sum(kept.values())
    return [
        {"verdict": name, "count": count, "why": _shared(told["reasons"], name, count, staying - count)}
        for name, count in kept.items()
    ]


def _shared(reasons: Sequence[Mapping[str, Any]], verdict: str, kept: int, others: int) -> Mapping[str, str] | None:
    """A reason to wait may hold for some who stay by a stronger verdict, too: those are left out of what is sure. One that holds for more people than stay holds for some who go, and decides nothing."""
    fit = [one for one in reasons if one["verdict"] == verdict and int(one["count"]) <= kept + others]
    best = max(fit, key=lambda one: int(one["count"]), default=None)
    return best["text"] if best and 2 * (int(best["count"]) - others) > kept else None
