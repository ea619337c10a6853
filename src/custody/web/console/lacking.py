"""What words lack of what the law wants told: a place for each item at their end, and what no customer can agree to yet (B1, B2)."""

from collections.abc import Mapping
from typing import Any

from custody.acts.asking import is_consent
from custody.acts.desk import Desk
from custody.acts.papers import papers
from custody.base.errors import Denied
from custody.ports.laws import Laws
from custody.services.deal_stand import deal_stand
from custody.services.deal_told import deal_told
from custody.web.console.catalogue import lang

_COLON = {"zh": "：", "en": ": "}


def with_places(text: str, fault: dict[str, Any] | None, laws: Laws, language: str = "") -> str:
    """The words, and a line for each item that they lack: its name, which goes out with it, and a place. The refusal then names them no more."""
    if fault is None or fault["slug"] != "document.lacks" or not text.strip():
        return text
    told, here = papers(laws), language or lang()
    names = fault["where"][0].removeprefix("items ").split(", ")
    lines = [f"{told.item(name).words[here]}{_COLON[here]}{{{name}: }}" for name in names]
    words = text.rstrip()
    apart = "\n" if words.endswith("}") and not words.endswith("{contents}") else "\n\n"
    return f"{words}{apart}" + "\n".join(lines)


def seen(fault: dict[str, Any] | None) -> None:
    """What lacks has its places now: the refusal need not list it by code."""
    if fault is not None and fault["slug"] == "document.lacks":
        fault["where"] = []


def unagreeable(at: Desk, laws: Laws, ref: str) -> int:
    """How many items nobody wrote of those that a consent of this deal waits for: whoever opens their page cannot agree. None where the reader may not write them."""
    if not ref:
        return 0
    try:
        found: Any = deal_told(at, laws, ref)
    except Denied:
        return 0
    stand: Mapping[str, Any] = deal_stand(at, laws, ref)
    reasons = (stand["verdicts"] or {}).get("reasons", [])
    waits = {one["rule"] for one in reasons if any(map(is_consent, one["missing"]))}
    return sum(bool(one["lacks"] and waits.intersection(one["rules"])) for one in found["items"])
