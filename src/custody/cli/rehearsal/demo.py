"""The main job as a rehearsal: two homes, two processes, one hand-over folder, every verb for real (spec/demo.md).

Everything is done by commands that people use; this script only plays the people. Running it again in the same folder
continues where it was, because every act is a job that returns its finished result.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from custody import wiring
from custody.base.errors import Malformed
from custody.cli.rehearsal.half import Half, Out
from custody.cli.rehearsal.play import FACTS, STAFF, Scene
from custody.cli.rehearsal.report import write_report
from custody.cli.rehearsal.share import ShareTransfer
from custody.cli.show import brief
from custody.cli.show_nobody import EMPTY, warning
from custody.cli.verb import Result
from custody.cli.words import Words
from custody.services.assumptions import default_assumptions
from custody_sample import generate

_ANSWERED: Final = "2026-04-06T01:00:00Z"
_CLOSING: Final = "2026-04-20T02:00:00Z"
_END: Final = "2026-05-08T01:00:00Z"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where it is played, on what data (None: the bundled sample, of this many customers), and in which language."""

    where: Path
    data: Path | None
    customers: int
    lang: str
    say: Say

    def run(self, kind: type[Scene] | None = None) -> Result:
        """Play the whole line (or another `kind`); returns the summary that `--json` prints. Raises Malformed `demo.other`."""
        where, real = self.where.resolve(), self.data is not None
        out = wiring.folder(where)
        self.same(kind or Play)
        source = self.data.resolve() if self.data else self.sample()
        assumptions = where / "assumptions.yaml"
        if not assumptions.exists():
            out.write(assumptions.name, default_assumptions(real=real).encode())
        self.say(_OPENING.of(self.lang))
        with self.half("seller", "buyer") as seller, self.half("buyer", "seller") as buyer:
            summary = (kind or Play)(where, source, assumptions, seller, buyer).play(real=real)
        summary["timings"] = [
            {"step": step, "ms": round(1000 * taken)} for step, taken in seller.timings + buyer.timings
        ]
        out.write("summary.json", json.dumps({"v": 1, **summary}, ensure_ascii=False, indent=1).encode())
        write_report(out, summary, self.lang)
        return {**summary, "folder": str(self.where)}

    def half(self, name: str, other: str) -> Half:
        """One party, which may not open the home of the other."""
        where = self.where.resolve()
        return Half(name, where / name, where / other, self.lang, self.say)

    def sample(self) -> Path:
        """The bundled company's files, made once."""
        folder = self.where.resolve() / "shop"
        done = folder / ".done"
        if not done.exists():
            generate(folder, customers=self.customers)
            done.touch()
        return folder

    def same(self, kind: type[Scene]) -> None:
        """A folder holds one rehearsal: another one would go on with the answers of the first."""
        mark = self.where.resolve() / ".rehearsal"
        what = str(self.data.resolve()) if self.data else f"--customers {self.customers}"
        mine = f"{'share' if issubclass(kind, ShareTransfer) else 'assets'} {what}"
        if not mark.exists():
            wiring.folder(mark.parent).write(mark.name, mine.encode())
        if (before := mark.read_text(encoding="utf-8")) != mine:
            raise Malformed("demo.other", f"This folder holds another rehearsal: {before}.",
                            next="Name another folder, or play the same deal on the same data.")  # fmt: skip


def show_demo(result: Result, lang: str) -> RenderableType:
    """The figures a newcomer should see, where to look, and how to check them without us."""
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for key, word in (_SHOWN_ZH if lang == "zh" else _SHOWN_EN).items():
        if key in result:
            table.add_row(Text(word), Text(brief(result[key], lang), style="bold"))
    empty = [] if result["customers"] else [Text(), warning(EMPTY, lang)]
    return Group(Text(), table, *empty, Text(), *(Text(line.of(lang)) for line in _where_to_look(result)))


def _where_to_look(result: Result) -> list[Words]:
    folder = str(result["folder"])
    control = "control" in result
    cards = ("company",) if control else ("seller", "buyer")
    trust = " ".join(f"--trust {folder}/handover/cards/{one}.json" for one in cards)
    me = _called()
    papers = "report.html" if control else "report.html, certificate.pdf"
    return [
        Words(f"请看  {folder}/  {papers}", f"Look at    {folder}/  {papers}"),
        Words(f"自己核验  {me} verify {folder}/handover {trust}", f"Check it   {me} verify {folder}/handover {trust}"),
        Words(f"用浏览器  {me} serve（您自己的数据，不用命令行）", f"Your own   {me} serve: a browser, your own data, no command line"),
        Words(f"假设      {folder}/assumptions.yaml（谁会收到、谁会怎样答复；真实交易不用它）",
              f"Assumed    {folder}/assumptions.yaml (who is reached, who answers what; a real deal never uses it)"),
    ]  # fmt: skip


def _called() -> str:
    """The command as the reader can type it: by its name where the shell finds it, else by its path from here."""
    own = Path(sys.argv[0])
    found = shutil.which("custody")
    if not own.exists() or (found and Path(found).resolve() == own.resolve()):
        return "custody"
    here = own.absolute()
    return str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here)


_ITEMS: Final = {
    "recipient.contact": {"zh": "privacy@yuanfan.example，021-5550100", "en": "privacy@yuanfan.example, +86 21 555 0100"},
    "rights.against_recipient": {"zh": "直接向接收方行使：privacy@yuanfan.example", "en": "directly against the recipient: privacy@yuanfan.example"},
    "recipient.country": {"zh": "中国", "en": "China"},
    "recipient.measures": {"zh": "加密存放，按角色访问，每次查看留痕", "en": "kept encrypted, opened by role, each look entered"},
    "country.system": {"zh": "《中华人民共和国个人信息保护法》", "en": "the Personal Information Protection Law of China"},
    "retention": {"zh": "合同终止后三年", "en": "three years after the contract ends"},
    "period": {"zh": "合同终止后三年", "en": "three years after the contract ends"},
    "after_period": {"zh": "删除", "en": "erased"},
    "storage_place": {"zh": "中国上海", "en": "Shanghai, China"},
}  # fmt: skip
"""Of a company that exists in the rehearsal alone."""


class Play(Scene):
    """Who does what, in order."""

    def play(self, *, real: bool) -> dict[str, Any]:
        """Scan to certificate."""
        self.on(real=real)
        parties = {half.name: self.found(half) for half in (self.seller, self.buyer)}
        self._confirm(parties)
        scanned, sealed = self.seal()
        deal = str(self.open(FACTS, "--counterparty", parties["buyer"]["party"])["ref"])
        invited = self.buyer.run("fanyuan", "invite", parties["seller"]["party"], "--deal", deal, *self.at)
        self.team(self.buyer, deal)
        self._told_items(deal)
        honest = self.once("gate-before", "zhouning", "gate", deal)
        told = self.seller.run("zhouning", "notice", deal, *self.assume)
        self._clock(_ANSWERED)
        answered = self.seller.run("zhouning", "consent", deal, *self.assume)
        gate = self._gate_again(deal)
        self._approved("limo", "suhe", "ship", deal)
        objected = self.seller.run("zhouning", "object", deal, *self.assume)
        self._clock(_CLOSING)
        released = self._approved("zhouning", "suhe", "release", deal)
        taken = self.buyer.run("fanyuan", "receive", str(invited["deal"]), *self.at)
        target = self.where / "buyer" / "exports" / "customers.sqlite"
        exported = self._exported(str(invited["deal"]), target)
        compared = self.buyer.run("fanyuan", "reconcile", str(invited["deal"]), "--target", str(target))
        self._reseal(str(invited["deal"]))
        accounted = self.seller.run("limo", "reconcile", deal, *self.at)
        self._clock(_END)
        gone = self._approved("zhouning", "suhe", "destroy", deal)
        for half, who, name in ((self.seller, "suhe", deal), (self.buyer, "fanyuan", str(invited["deal"]))):
            half.run(who, "ledger", "export", "--deal", name, "--to", str(self.handover / f"ledger-{half.name}"))
        verified = self._verify()
        papers = self.seller.run("suhe", "deal", "show", deal)["statements"]
        (vault,) = self.seller.run("suhe", "vault", "list")["vaults"]
        customers = int(sealed["customers"])
        by_verdict = released["by_verdict"]
        return {
            "customers": customers, "handed_over": by_verdict["hand_over"], "withheld": customers - by_verdict["hand_over"],
            "quarantined": sealed["quarantined"], "verified": bool(verified["ok"]), "rows": accounted["rows"],
            "delivered_rows": accounted["delivered"], "withheld_rows": accounted["withheld"], "by_verdict": by_verdict,
            "without_assumptions": honest["by_verdict"], "reasons": gate["reasons"], "objected_after_shipping": objected["recorded"],
            "tables": accounted["tables"], "differing": compared["differing"], "rehearsal": True, "real_data": real,
            "deal": deal, "released": released, "received": taken, "exported": exported, "certificate": gone["certificate"], "suites": [vault["suite"]],
            "found": scanned["tables"], "quarantine": sealed["quarantine"], "answers": {**told["counts"], **answered["counts"]}, "papers": papers,
            "structure": FACTS["deal"]["structure"], "trust": verified["trust"], "signers": verified["signers"], "not_checked": verified["not_checked"], "not_checked_codes": verified["not_checked_codes"],
            "gate": {"root": gate["root"], "vectors": gate["vectors"], "by_tier": gate["by_tier"], "total": gate["total"]},
            "parties": {half: self.names(half) for half in ("seller", "buyer")},
        }  # fmt: skip

    def _confirm(self, parties: Mapping[str, Out]) -> None:
        for half, other in ((self.seller, "buyer"), (self.buyer, "seller")):
            card = str(self.handover / "cards" / f"{other}.json")
            for who in list(STAFF[half.name])[:2]:
                half.run(who, "party", "confirm", card, "--fingerprint", parties[other]["fingerprint"])

    def _told_items(self, deal: str) -> None:
        """What the law wants told before somebody agrees, and no deal shows."""
        path = self.where / "seller" / "told-items.json"
        wiring.folder(path.parent).write(path.name, json.dumps(_ITEMS, ensure_ascii=False, indent=1).encode())
        self.once("consent-items", "zhouning", "deal", "tell", deal, "--items", str(path))

    def _gate_again(self, deal: str) -> Out:
        shipped = self.seller.run("suhe", "deal", "show", deal)
        if any(one["kind"] == "shipped" for one in shipped["statements"]):
            stored: Out = json.loads((self.where / "seller" / "gate.json").read_text(encoding="utf-8"))
            return stored
        return self.once("gate", "zhouning", "gate", deal, again=True)

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:
        dry = self.seller.run(who, act, deal, *self.at, "--dry-run", answers=(0, 1, 2))
        if "approve" in dry.get("would", ()):
            kind, content = dry["would"]["approve"]
            self.seller.run(second, "approve", kind, content)
        return self.seller.run(who, act, deal, *self.at)

    def _exported(self, deal: str, target: Path) -> Out:
        words = ("export", deal, "--to", str(target))
        dry = self.buyer.run("fanyuan", *words, "--dry-run")
        if "would" in dry:
            self.buyer.run("yeqing", "approve", *dry["would"]["approve"])
        return self.buyer.run("fanyuan", *words)

    def _reseal(self, deal: str) -> None:
        self.buyer.run("fanyuan", "reseal", deal, *self.at)

    def _clock(self, instant: str) -> None:
        self.seller.run("suhe", "clock", instant)
        self.buyer.run("fanyuan", "clock", instant)

    def _verify(self) -> Out:
        cards = [
            word for name in ("seller", "buyer") for word in ("--trust", str(self.handover / "cards" / f"{name}.json"))
        ]
        return self.buyer.run("fanyuan", "verify", str(self.handover), *cards, answers=(0, 1))


_OPENING: Final = Words(
    "演练：两家公司各有自己的安装目录和进程，只有一个文件夹双方都碰。时钟是模拟的。",
    "A rehearsal: two companies, each with a home and a process of its own, and one folder that both touch. The clock is simulated.",
)
_SHOWN_ZH: Final = {
    "customers": "客户", "rows_moved": "离开公司的行", "handed_over": "已移交", "withheld": "未移交", "quarantined": "隔离的行", "rows": "来源行", "delivered_rows": "交付的行",
    "withheld_rows": "保留的行", "differing": "差异", "verified": "核验通过",
}  # fmt: skip
_SHOWN_EN: Final = {
    "customers": "customers", "rows_moved": "rows that left the company", "handed_over": "handed over", "withheld": "withheld", "quarantined": "rows in quarantine",
    "rows": "source rows", "delivered_rows": "rows delivered", "withheld_rows": "rows withheld", "differing": "differences",
    "verified": "verified",
}  # fmt: skip


DEALS: Final[dict[str, type[Scene]]] = {"assets": Play, "share": ShareTransfer}
