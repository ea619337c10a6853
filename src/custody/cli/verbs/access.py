"""Verbs of access: the policy, what people hold until a day, decisions explained, who saw whom."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click
from rich.console import Group, RenderableType
from rich.text import Text

from custody import wiring
from custody.acts.desk import Desk
from custody.cli.shared import DRY, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.access_by import access_by
from custody.services.access_explain import access_explain
from custody.services.access_of import access_of
from custody.services.access_set import access_set
from custody.services.access_show import access_show
from custody.services.department_join import department_join
from custody.services.grant_ask import grant_ask
from custody.services.grant_end import grant_end
from custody.services.grant_give import grant_give
from custody.services.grant_list import grant_list
from custody.services.grant_refuse import grant_refuse
from custody.services.reveal import PURPOSES
from custody.services.reveal_many import reveal_many
from custody.services.training_record import training_record

_LOOKS = ("at", "kind", "who", "subject", "purpose", "reason", "entry")
_GRANTS = ("handle", "kind", "what", "purpose", "subject", "since", "until", "state", "given_by", "id")
_UNTIL = option("--until", words=Words("最后一天，YYYY-MM-DD", "the last day, YYYY-MM-DD"), required=True)
_TO = option(
    "--to", words=Words("写成可核验的文件夹（供法院等）", "write a folder that can be verified, for a court"), kind=PATH
)
_PURPOSE = option(
    "--purpose", words=Words("为了什么目的", "for what purpose"), kind=click.Choice(PURPOSES), required=True
)
_REASON = option("--reason", words=Words("理由", "the reason"), required=True)

_FIELD = option(
    "--field", "fields", words=Words("只看这一项：表/列；可以写几次", "only this field, TABLE/COLUMN; may be given again"), many=True
)  # fmt: skip


def _show(call: Call, number: int | None) -> Result:
    return at_desk(call, lambda desk: access_show(desk, number))


def _set(call: Call, policy: Path, dry_run: bool) -> Result:
    text = wiring.text(policy)
    return at_desk(call, lambda desk: access_set(desk, text, dry_run=dry_run))


def _explain(call: Call, entry: str) -> Result:
    return at_desk(call, lambda desk: access_explain(desk, entry))


def _of(call: Call, subject: str, to: Path | None) -> Result:
    return at_desk(call, lambda desk: access_of(desk, subject, wiring.folder(to) if to else None))


def _by(call: Call, person: str, to: Path | None) -> Result:
    return at_desk(call, lambda desk: access_by(desk, person, wiring.folder(to) if to else None))


def _ask(call: Call, tier: str, purpose: str, until: str, reason: str, subject: str | None) -> Result:
    return at_desk(call, lambda desk: grant_ask(desk, tier, purpose, until, reason, subject))


def _of_grant(service: Callable[[Desk, str], Result]) -> Callable[..., Result]:
    return lambda call, grant: at_desk(call, lambda desk: service(desk, grant))


def _list(call: Call) -> Result:
    return at_desk(call, grant_list)


def _join(call: Call, person: str, department: str, until: str) -> Result:
    return at_desk(call, lambda desk: department_join(desk, person, department, until))


def _trained(call: Call, person: str, topic: str, until: str) -> Result:
    return at_desk(call, lambda desk: training_record(desk, person, topic, until))


class _Many(TypedDict):
    purpose: str
    reason: str
    fields: Sequence[str]
    vault: str | None
    dry_run: bool


def _many(call: Call, listed: Path, **told: Unpack[_Many]) -> Result:
    named, why = wiring.text(listed).split(), (told["purpose"], told["reason"], told["fields"])
    return at_desk(call, lambda desk: reveal_many(desk, told["vault"], named, *why, dry_run=told["dry_run"]))


def _show_policy(result: Result, lang: str) -> RenderableType:
    policy: Mapping[str, Any] = result["policy"]
    rules = [{**one, "what": _asks(one, lang)} for one in policy["rule"]]
    lead = facts(
        {
            "n": result["n"],
            "content": result["content"],
            "grant_days": policy["grant_days"],
            "bulk_from": policy["bulk_from"],
        },
        lang,
    )
    departments = [
        {"name": f"{one[lang]} ({code})", "purposes": one["purposes"]}
        for code, one in sorted(policy["departments"].items())
    ]
    shown = [
        {
            "rule": one["id"],
            "tier": one["tiers"],
            "roles": one["roles"],
            "purposes": one["purposes"],
            "what": one["what"],
        }
        for one in rules
    ]
    return Group(
        lead,
        Text(),
        grid(shown, ("rule", "tier", "roles", "purposes", "what"), lang),
        Text(),
        grid(departments, ("name", "purposes"), lang),
    )


def _asks(rule: Mapping[str, Any], lang: str) -> str:
    told = {"department": Words("部门", "department"), "grant": Words("授权", "grant")}
    said = [words.of(lang) for name, words in told.items() if rule[name]]
    if rule["training"]:
        said.append(Words(f"培训 {rule['training']}", f"training {rule['training']}").of(lang))
    return ", ".join(said)


def _show_explained(result: Result, lang: str) -> RenderableType:
    said = [Text(one[lang]) for one in result["sentences"]]
    lead = facts(
        {
            "handle": result["handle"],
            "at": result["at"],
            "policy": result["policy"]["n"],
            "ledger": result["ledger"],
            "sha256": result["sha256"],
        },
        lang,
    )
    return Group(*said, Text(), lead)


def _show_looks(result: Result, lang: str) -> RenderableType:
    return grid(result["looks"], _LOOKS, lang)


def _show_grants(result: Result, lang: str) -> RenderableType:
    return grid(result["grants"], _GRANTS, lang)


def _show_many(result: Result, lang: str) -> RenderableType:
    if "would" in result:
        return facts(result, lang)
    parts: list[RenderableType] = []
    for one in result["shown"]:
        parts.append(Text(one["subject"], style="bold"))
        for table in one["tables"]:
            columns = tuple(dict.fromkeys(name for row in table["rows"] for name in row))
            parts += [Text(table["name"]), grid(table["rows"], columns, lang)]
    parts += [
        Text(f"{one['subject']}: " + " ".join(why[lang] for why in one["why"]), style="dim")
        for one in result["refused"]
    ]
    return Group(*parts)


VERBS = (
    Verb("access show", Words("现行访问规则", "the access policy in force"),
         (option("--number", words=Words("第几版；0 是随产品的那一版", "which version; 0 is the one that ships"), kind=int),),
         _show, _show_policy, "custody access show"),
    Verb("access set", Words("设定访问规则：一人写，另一人批准", "set the access policy: written by one, approved by another"),
         (argument("policy", kind=PATH), DRY), _set, facts, "custody access set access.toml --dry-run"),
    Verb("access explain", Words("解释一次查看为何允许或拒绝，按当时的规则重算", "say why a look was allowed or refused, decided again by the policy of then"),
         (argument("entry"),), _explain, _show_explained, "custody access explain 412"),
    Verb("access of", Words("谁看过这位客户", "who saw this customer"), (argument("subject"), _TO), _of, _show_looks, "custody access of sub_… --to account"),
    Verb("access by", Words("此人看过什么", "what this person saw"), (argument("person"), _TO), _by, _show_looks, "custody access by limo"),
    Verb("grant ask", Words("申请授权：密级、目的、期限、理由", "ask for a grant: tier, purpose, last day, reason"),
         (option("--tier", words=Words("密级", "the tier"), kind=click.Choice(("general", "sensitive")), default="sensitive"), _PURPOSE, _UNTIL, _REASON,
          option("--subject", words=Words("只对这一位客户 sub_…", "for this customer alone: sub_…"))),
         _ask, facts, 'custody grant ask --purpose service --until 2026-09-30 --reason "complaints of March"'),
    Verb("grant give", Words("批准他人申请的授权", "give a grant that another asked for"), (argument("grant"),), _of_grant(grant_give), facts, "custody grant give gnt_…"),
    Verb("grant refuse", Words("拒绝授权申请", "refuse a grant"), (argument("grant"),), _of_grant(grant_refuse), facts, "custody grant refuse gnt_…"),
    Verb("grant end", Words("提前终止授权、部门或培训", "end a grant, a department or a training early"), (argument("grant"),), _of_grant(grant_end), facts, "custody grant end gnt_…"),
    Verb("grant list", Words("授权、部门与培训", "grants, departments and training"), (), _list, _show_grants, "custody grant list"),
    Verb("department join", Words("某人加入部门，至何日", "put a person into a department until a day"),
         (argument("person"), argument("department"), _UNTIL), _join, facts, "custody department join limo service --until 2026-12-31"),
    Verb("training record", Words("记录某人受训，有效至何日", "record that a person was trained, and until when that holds"),
         (argument("person"), argument("topic"), _UNTIL), _trained, facts, "custody training record limo privacy --until 2026-12-31"),
    Verb("reveal-many", Words("批量查看：须第二人批准", "show several customers at once: approved by a second person"),
         (argument("listed", kind=PATH), _PURPOSE, _REASON, _FIELD, option("--vault", words=Words("保险库", "vault")), DRY),
         _many, _show_many, 'custody reveal-many list.txt --purpose service --reason "recall of a batch" --dry-run'),
)  # fmt: skip
