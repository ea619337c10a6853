"""B2: a guardian sends a paper by the child's page: recognised by its structure, sealed as it comes, looked at by staff with an entry, gone with the child (spec/consent.md §8a)."""

import json
import sqlite3
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from custody.acts.erasing import erase_subjects
from custody.acts.guardian_papers import A_DAY, KEPT, MOST_BYTES
from custody.base import ids
from custody.base.errors import CustodyError
from custody.base.pictures import recognised
from custody.services.guardian_look import guardian_look
from custody.services.guardian_prove import guardian_prove
from custody.services.guardian_show import guardian_show
from custody.services.portal_paper import portal_paper
from custody.services.portal_prove import portal_prove
from tests.portal.answering import portal_value
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.guarding import NAME, may_see, says, silent
from tests.portal.tokens import token

WHY = ("legal", "is this the parent")


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(word: bytes = b"") -> bytes:
    """A picture of one grey dot, with a word of its own."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", b"of\0" + word) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND")  # fmt: skip


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


JPEG = b"\xff\xd8" + segment(0xE0, b"JFIF\0") + segment(0xC0, bytes(9)) + segment(0xDA, bytes(6)) + b"\x12\xff\x00\xff\xd0\x34\xff\xd9"  # fmt: skip


def pdf(body: bytes) -> bytes:
    """A whole one, with a table that leads to what is in it."""
    told = b"%PDF-1.7\n" + body
    return told + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(told)


CATALOG = b"1 0 obj\n<< /Type /Catalog %s >>\nendobj\n"
ACTS = b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
PACKED = zlib.compress(b"1 0 " + CATALOG % ACTS)


@pytest.mark.parametrize(("data", "kind"), [(png(), "png"), (JPEG, "jpeg")])
def test_b2_a_picture_is_known_by_its_structure(data: bytes, kind: str):
    """Whole ones are; what stands behind a photograph is left out; each cut short is none."""
    assert recognised(data) == (kind, data)
    assert recognised(data[:-9]) is None
    behind = recognised(data + b"<script>alert(1)</script>")
    assert behind == (("jpeg", data) if kind == "jpeg" else None)


BAD = {
    "empty": b"", "text": b"<html><script>alert(1)</script></html>", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "wrong sum": png().replace(b"of\0", b"on\0"), "no data": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IEND"),
    "no frame": JPEG.replace(b"\xff\xc0", b"\xff\xe1"), "no scan": JPEG[:2] + segment(0xC0, bytes(9)) + b"\xff\xd9",
    "plain PDF": pdf(CATALOG % b""), "acting PDF": pdf(CATALOG % ACTS), "behind a comment": pdf(b"%stream\n" + CATALOG % ACTS + b"%endstream\n"),
    "names of hex signs": pdf(CATALOG % ACTS.replace(b"/JS", b"/#4aS")), "packed objects": pdf(b"9 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + PACKED + b"\nendstream\nendobj\n"),
    "behind something": b"GIF89a" + png(), "too large": png(bytes(MOST_BYTES)),
}  # fmt: skip


def send(where: Path, who: str, data: bytes, proof: str | None = None) -> dict:
    text = token(where, who)
    with at(where) as desk:
        shown = (
            proof if proof is not None else portal_prove(desk, laws(where), text, *portal_value(where, text))["proof"]
        )
        return dict(portal_paper(desk, laws(where), text, str(shown), data))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(CustodyError) as error:
        act()
    return error.value.slug


def kinds(where: Path) -> list[str]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        return [json.loads(row)["kind"] for (row,) in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]


def test_b2_a_paper_by_the_page_is_sealed_looked_at_and_forgotten(played: Path):
    """In no file in clear; whoever enters it has looked, and each look is an entry before it opens; erased, nothing of it is left."""
    who, picture = silent(played), png(b"household register of one child")
    says(played, who, "given")
    digest = send(played, who, picture)["sha256"]
    may_see(played, "zhouning")
    for file in (one for one in (played / "seller").rglob("*") if one.is_file()):
        assert b"household register of one child" not in file.read_bytes()
    given = {"document": "household-register", "relation": "parent", "name": NAME, "sha256": digest}
    with at(played, "zhouning") as desk:
        (listed,) = guardian_show(desk, DEAL, who)["papers"]
        assert (listed["sha256"], listed["kind"], listed["mine"]) == (digest, "png", False)
        assert refused(lambda: guardian_prove(desk, DEAL, who, given)) == "guardian.unlooked"
        assert refused(lambda: guardian_look(desk, DEAL, who, "sha256:" + "0" * 64, *WHY)) == "guardian.no-paper"
        assert guardian_look(desk, DEAL, who, digest, *WHY)["data"] == picture
        assert guardian_show(desk, DEAL, who)["papers"][0]["mine"] is True
    with at(played, "suhe") as desk:
        assert refused(lambda: guardian_prove(desk, DEAL, who, given)) == "guardian.unlooked"
    with at(played, "limo") as desk:
        assert refused(lambda: guardian_look(desk, DEAL, who, digest, *WHY)) == "act.role"
    with at(played, "zhouning") as desk:
        assert guardian_prove(desk, DEAL, who, given)["sha256"] == digest
        assert guardian_show(desk, DEAL, who)["state"] == "seen"
    assert [one for one in kinds(played) if one.startswith("guardian-")][-3:] == ["guardian-paper", "guardian-paper-seen", "guardian-proven"]  # fmt: skip
    with at(played, "suhe") as desk, desk.store.write() as tx:
        (vault,) = tx.find("vault")
        erase_subjects(desk, tx, str(vault["id"]), [ids.subject_bytes(who)])
    with sqlite3.connect(played / "seller" / "core.db") as store:
        assert store.execute("SELECT count(*) FROM guardian_paper").fetchone() == (0,)


def test_b2_what_is_no_picture_or_comes_without_proof_is_refused(played: Path):
    """Nothing is entered or kept: of no such file, and of a good one without the second factor or for somebody who is no child."""
    who, before = silent(played), kinds(played).count("guardian-paper")
    assert {refused(lambda bad=bad: send(played, who, bad)) for bad in BAD.values()} == {"portal.picture"}
    assert refused(lambda: send(played, who, png(), proof="")) == "portal.proof"
    assert refused(lambda: send(played, somebody(played), png())) == "portal.no-child"
    assert kinds(played).count("guardian-paper") == before


def test_b2_of_a_child_a_few_papers_are_kept_and_taken_a_day(played: Path):
    """The newest three; the seventh of a day is refused, by a link of one's own too; the same one sent again is one."""
    who = silent(played)
    sent = [send(played, who, png(b"%d" % number))["sha256"] for number in (*range(A_DAY - 1), A_DAY - 2)]
    assert refused(lambda: send(played, who, png(b"one more"))) == "portal.papers"
    with at(played, "zhouning") as desk:
        held = [one["sha256"] for one in guardian_show(desk, DEAL, who)["papers"]]
    assert held == sent[A_DAY - 2 : A_DAY - 2 - KEPT : -1]


def test_b2_a_paper_that_lies_with_another_child_does_not_open(played: Path):
    """Whoever can write to the store cannot show staff a paper of somebody else's."""
    who = silent(played)
    first, other = (send(played, who, png(word))["sha256"] for word in (b"a", b"b"))
    may_see(played, "zhouning")
    with sqlite3.connect(played / "seller" / "core.db") as store:
        rows = dict(
            store.execute("SELECT sha256, sealed FROM guardian_paper WHERE subject = ?", (ids.subject_bytes(who),))
        )
        store.execute("UPDATE guardian_paper SET sealed = ? WHERE sha256 = ?", (rows[other], first))
    with at(played, "zhouning") as desk:
        assert refused(lambda: guardian_look(desk, DEAL, who, first, *WHY)) == "vault.misplaced"
