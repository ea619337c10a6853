"""What a lawyer would mend in packs that load (C1)."""

from collections.abc import Mapping

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.law.cases import read_cases
from custody.law.lint import finding_words, lint
from custody.ports.laws import Laws


def law_lint(laws: Laws) -> Mapping[str, Json]:
    """Load, then look. Raises Malformed `law.pack`, `law.cases`, `law.questions` when it does not load."""
    packs = lawbook.packs(laws)
    lawbook.questions(laws)
    cases, words = read_cases(laws.cases(), packs), finding_words()
    findings: list[Json] = [
        {
            "rule": one.rule,
            "file": one.file,
            "line": one.line,
            "finding": one.slug,
            "says": {"zh": words[one.slug][0], "en": words[one.slug][1]},
        }
        for one in lint(packs)
    ]
    counts: Json = {"rules": len(packs.rules), "places": len(packs.regimes), "cases": len(cases)}
    return {"ok": not findings, "loaded": counts, "version": packs.version, "findings": findings}
