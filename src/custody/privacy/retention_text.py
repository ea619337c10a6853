"""A retention policy as people write it: what `parse` reads back to the same policy (spec/retention.md §3)."""

import json
from collections.abc import Iterable, Sequence
from datetime import date

from custody.privacy.retention import Policy, Rule, Start, Then, floors


def written(policy: Policy) -> str:
    """TOML, one rule after the other. A JSON string of what may stand in a policy is a TOML string."""
    until = f"standing_until = {date.fromisoformat(policy.standing_until)}\n" if policy.standing_until else ""
    return "\n".join([f"notice_days = {policy.notice_days}\n{until}", *(_rule(one) for one in policy.rules)])


def proposed(words: Iterable[str]) -> str:
    """What the law keeps of the words there are; the others are listed, for somebody to say how long."""
    known = floors()
    rules = [
        Rule(word, Start(str(least["start"])), years=int(least["years"]), year_end=bool(least.get("year_end")), law=(str(least["law"]),))
        for word in sorted(words) if (least := known.get(word)) is not None
    ]  # fmt: skip
    unsaid = [_unsaid(word) for word in sorted(words) if word not in known]
    return "\n".join(["notice_days = 7\n", *(_rule(one) for one in rules), *unsaid])


def _rule(one: Rule) -> str:
    lines = ["[[rule]]", f"retention = {_text(one.retention)}", f"start = {_text(one.start)}"]
    lines += [f"then = {_text(one.then)}"] if one.then is not Then.ERASE else []
    lines += [f"{name} = {number}" for name in ("years", "months", "days") if (number := getattr(one, name))]
    lines += ["year_end = true"] if one.year_end else []
    lines += [f"basis = {_text(one.basis)}"] if one.basis else []
    lines += [f"{name} = {_list(many)}" for name in ("purposes", "columns", "law") if (many := getattr(one, name))]
    return "\n".join(lines) + "\n"


def _unsaid(word: str) -> str:
    return f'# [[rule]]\n# retention = {_text(word)}\n# start = "last-activity"\n# years = \n'


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(_text(one) for one in values)}]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
