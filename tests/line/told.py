"""A hand-over in several releases, step by step, for tests that look at each or break it off there."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from custody.acts.said import AGREED
from custody.base import ids
from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Out
from custody.cli.rehearsal.play import FACTS
from custody.model.party import PartyCard
from custody.services.assumptions import default_assumptions
from tests.consented import consented
from tests.drawn import drawn

CUSTOMERS = 120
YES = ("notice.delivered", "consent.separate", "consent.separate.sensitive", "consent.guardian")


class Told(Play):
    """A hand-over in four releases: full, a delta, a re-seal, another delta, and a recall."""

    def play(self, *, real: bool) -> dict:
        assert not real
        self.decided()
        said = {"shipped": self.agreed("limo", "ship", "--waiting"), "full": self.agreed("zhouning", "release")}
        said["nobody"] = self.seller.run("zhouning", "release", self.deal, "--delta", *self.at, answers=(1,))
        said |= {"first": self.taken(), "again": self.taken()}
        late = sorted(self.waiting())
        assert len(late) > 5
        said |= {"late": late, "delta": self.cleared(late[:3])}
        said["second"] = self.taken()
        said["compared"] = self.compared("second.sqlite")
        self.buyer.run("fanyuan", "reseal", self.deal, *self.at)
        said["unanswered"] = self.seller.run("limo", "reconcile", self.deal, *self.at)
        self.buyer.run("fanyuan", *self.invite, "--anew")
        said |= {"later": self.cleared(late[3:5]), "third": self.taken()}
        self.answer(late[:1], ("withdrawal",))
        said["recall"] = self.agreed("zhouning", "recall")
        dry = self.buyer.run("fanyuan", "receive", self.deal, *self.at, "--dry-run")
        said["alone"] = self.buyer.run("fanyuan", "receive", self.deal, *self.at, answers=(1,))
        self.buyer.run("yeqing", "approve", *dry["would"]["approve"])
        said["fourth"] = self.taken()
        said["recompared"] = self.compared("second.sqlite")
        self.buyer.run("fanyuan", "reseal", self.deal, *self.at)
        said["accounted"] = self.seller.run("limo", "reconcile", self.deal, *self.at)
        said["destroyed"] = self.agreed("zhouning", "destroy")
        return said

    def decided(self) -> None:
        """A deal whose customers were told and have answered, and whose gate decided."""
        parties = {half.name: self.found(half) for half in (self.seller, self.buyer)}
        self._confirm(parties)
        self.seal()
        self.deal = str(self.open(FACTS, "--counterparty", parties["buyer"]["party"])["ref"])
        self.invite = ("invite", parties["seller"]["party"], "--deal", self.deal, *self.at)
        self.buyer.run("fanyuan", *self.invite)
        self.team(self.buyer, self.deal)
        self.seller.run("zhouning", "notice", self.deal, *self.assume)
        self._clock("2026-04-10T09:00:00+08:00")
        self.seller.run("zhouning", "consent", self.deal, *self.assume)
        self.seller.run("zhouning", "gate", self.deal)

    def agreed(self, who: str, act: str, *words: str) -> Out:
        dry = self.seller.run(who, act, self.deal, *words, *self.at, "--dry-run")
        self.seller.run("suhe", "approve", *dry["would"]["approve"])
        self.before("-".join((act, *words)).replace("---", "-"))
        return self.seller.run(who, act, self.deal, *words, *self.at)

    def taken(self) -> Out:
        self.before("receive")
        return self.buyer.run("fanyuan", "receive", self.deal, *self.at)

    def before(self, step: str) -> None:
        """A step is about to be taken; those who kill it keep a copy of everything."""

    def cleared(self, people: Iterable[str]) -> Out:
        self.answer(people, YES)
        self.seller.run("zhouning", "gate", self.deal)
        return self.agreed("zhouning", "release", "--delta")

    def answer(self, people: Iterable[str], kinds: Iterable[str]) -> None:
        people, kinds, late = list(people), list(kinds), self.where / "late.csv"
        noted, agreed = [one for one in kinds if one not in AGREED], [one for one in kinds if one in AGREED]
        late.write_text("subject,answer\n" + "".join(f"{who},{kind}\n" for who in people for kind in noted))
        for who in ("zhouning", "limo"):  # that somebody was told is the word of two
            self.seller.run(who, "answers", self.deal, str(late))
        if agreed:
            records = self.where / "consents.csv"
            records.write_text(consented(people, agreed, read_card(self.where, "buyer").name_zh), encoding="utf-8")
            for who in ("zhouning", "limo"):  # and so is that they agreed
                taken = self.seller.run(who, "consent-import", self.deal, str(records))
            assert not taken["quarantined"], taken

    def compared(self, name: str) -> Out:
        target = self.where / "buyer" / "exports" / name
        words = ("export", self.deal, "--to", str(target))
        dry = self.buyer.run("fanyuan", *words, "--dry-run")
        if "would" in dry:
            self.buyer.run("yeqing", "approve", *dry["would"]["approve"])
        self.buyer.run("fanyuan", *words)
        return self.buyer.run("fanyuan", "reconcile", self.deal, "--target", str(target))

    def waiting(self) -> Iterator[str]:
        """Adults of the first market whose ciphertext was shipped and of whom nothing was released: an answer is all they lack."""
        leaves = (self.where / "handover/package/data/leaves.jsonl").read_text().splitlines()
        shipped = {bytes.fromhex(json.loads(line)["subject"]) for line in leaves}
        with sqlite3.connect(self.where / "buyer" / "core.db") as store:
            there = {row[0] for row in store.execute("SELECT id FROM subject")}
        with sqlite3.connect(self.where / "seller" / "core.db") as store:
            facts = {who: json.loads(told) for who, told in store.execute("SELECT id, facts FROM subject")}
        for who in shipped - there:
            if facts[who]["residence"] == "CN" and facts[who]["turns_18_on"] < "2026":
                yield ids.subject_text(who)


def play(where: Path, kind: type[Told], draw: int) -> dict:
    """The whole hand-over on a small company; what each step said."""
    rehearsal = drawn(where, CUSTOMERS, draw)
    shop, assumptions = rehearsal.sample(), where / "assumptions.yaml"
    assumptions.write_text(default_assumptions(real=False), encoding="utf-8")
    with rehearsal.half("seller", "buyer") as seller, rehearsal.half("buyer", "seller") as buyer:
        return kind(where, shop, assumptions, seller, buyer).play(real=False)


def read_card(where: Path, name: str) -> PartyCard:
    return PartyCard.from_json(json.loads((where / "handover/cards" / f"{name}.json").read_text(encoding="utf-8")))
