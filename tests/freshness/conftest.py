"""A small shop with one fault of each kind, sealed in a home of its own; the clock stands at 16 March 2026."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custody.acts.desk import Desk
from custody.acts.people import principal_row
from custody.adapters.sources.opener import FileOpener
from custody.base.ids import subject_text
from custody.base.signing import Signer
from custody.model.party import Principal
from custody.services.approve import approve
from custody.services.datamap_accept import datamap_accept
from custody.services.revise import Correction, revise
from custody.services.scan import map_text, scan
from custody.services.seal import seal
from custody.services.vault_new import vault_new
from tests.vault.conftest import refuses  # noqa: F401 - a fixture of the tests beside it
from tests.vault.histories.world import World

SHOP = """会员号,姓名,手机,邮箱,身份证号,性别,出生日期,最近消费
QH0001,李梅,13800138000,li.mei@example.cn,11010119900307002X,女,1990-03-07,2026-02-11
QH0002,王芳,13912345678,wang@example.cn,110101198801010027,女,1988-01-10,2026-01-20
QH0003,赵强,13712345678,zhao@example.cn,110101199003070039,男,1990-03-07,2026-01-05
QH0004,孙丽,13612345678,sun@example.cn,110101197505050046,女,1975-05-05,2023-06-01
QH0005,周敏,13512345678,li.mei@example.cn,110101198202020020,女,1982-02-02,2026-03-01
QH0006,吴刚,138001,wu@example.cn,11010119790404003X,男,1979-04-04,2026-03-02
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The shop, sealed in the vault `main`."""
    made = World(tmp_path)
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "会员.csv").write_text(SHOP, encoding="utf-8")
    text = map_text(scan(FileOpener(), [str(shop)]).datamap)
    datamap_accept(made.desk, text)
    vault_new(made.desk, "shop", untried=False)
    seal(made.desk, text, [str(shop)], "shop")
    yield made
    made.close()


@pytest.fixture
def second(world: World) -> Desk:
    """The desk of another person of the company, whose key is her own."""
    signer, first = Signer.generate(), world.desk.principal
    made = Principal("prn_00000000000000000000000001", "zhouning", frozenset(("privacy",)), signer.identity)
    with world.desk.store.write() as tx:
        for one, own in ((first, world.desk.actor), (made, signer)):
            tx.add("principal", [principal_row(one.id, world.party, one.handle, sorted(one.roles), own.identity, "")])
    return replace(world.desk, principal=made, actor=signer)


def put_right(desk: Desk, second: Desk, who: str, what: Correction) -> dict:
    """By hand, at the word of a second person who signs for just this."""
    approve(second, *revise(desk, who, what, "shop", dry_run=True)["would"]["approve"])  # type: ignore[index, call-overload] # (act, content)
    return dict(revise(desk, who, what, "shop"))


def person(world: World, row: int) -> str:
    """Who stands in that row of the shop's list."""
    with world.desk.store.read() as tx:
        (who,) = {one["subject"] for one in tx.find("record", row=row)}
    return subject_text(who)
