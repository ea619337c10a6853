"""A rule's answer explained, as every face shows it: tree, sources of the facts, what would change it."""

from collections.abc import Mapping

from custody.base.canonical import Json
from custody.law.explain import Change, Node, changes, tree
from custody.law.pack import Packs, Rule
from custody.law.possible import with_ages
from custody.law.sentence import spoken


def explained(packs: Packs, rule: Rule, given: Mapping[str, Json]) -> dict[str, Json]:
    """Why the rule fires, does not fire, or cannot be told from these facts."""
    facts = with_ages(given)
    answer = packs.ask(rule, facts)
    return {
        "rule": rule.id,
        "value": answer.value,
        "missing": sorted(answer.missing),
        "title": dict(rule.title),
        "says": dict(rule.says),
        "reference": dict(rule.reference),
        "confidence": rule.confidence,
        "from": rule.start.isoformat(),
        "to": rule.end.isoformat() if rule.end else None,
        "file": f"{rule.file}:{rule.line}",
        "why": _node(tree(rule.when, facts, packs.schema), given, packs),
        "would_change": [_change(one, packs) for one in changes(rule.when, facts, packs.schema)],
    }


def _node(node: Node, given: Mapping[str, Json], packs: Packs) -> dict[str, Json]:
    told: dict[str, Json] = {"is": node.word, "value": node.value, "line": node.line, "says": dict(node.says)}
    if node.fact:
        leaf = packs.schema.leaves[node.fact]
        source = "given" if given.get(node.fact) is not None else "unknown" if node.known is None else "follows"
        known: Json = list(node.known) if isinstance(node.known, tuple) else node.known
        return {
            **told,
            "fact": node.fact,
            "asks": {"zh": leaf.asks_zh, "en": leaf.asks_en},
            "known": known,
            "source": source,
        }
    return {**told, "parts": [_node(part, given, packs) for part in node.parts]}


def _change(one: Change, packs: Packs) -> dict[str, Json]:
    leaves = {name: packs.schema.leaves[name] for name in one.facts}
    zh = "；".join(f"{leaves[name].zh}改为{spoken(value, leaves[name], 'zh')}" for name, value in one.facts.items())
    en = "; ".join(f"{leaves[name].en}: {spoken(value, leaves[name], 'en')}" for name, value in one.facts.items())
    return {"fires": one.fires, "facts": dict(one.facts), "says": {"zh": zh, "en": en}}
