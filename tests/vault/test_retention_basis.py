"""A8: a rule may speak of what is kept on one legal basis; which that is the signed data map says, and nobody else."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import retiring
from custody.acts.bases import by_compartment
from custody.acts.vaults import vault_row
from custody.base.signing import Signer
from custody.ports.files import Files
from custody.services.datamap_accept import datamap_accept
from custody.services.retention_plan import retention_plan
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set
from custody.services.scan import map_text, scan
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World
from tests.vault.sealing import sealed
from tests.vault.second import approve, join

LAWS = wiring.laws()
VAULT = "second"
WHO = ("Anna Roth", "Jan Berg", "Eva Lang", "Otto Kern")
RULE = """
[[rule]]
retention = "{word}"
start = "last-activity"
years = 9
basis = "{basis}"
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def kept(world: World, tmp_path: Path, *, refunds: str = "contract") -> None:
    """A shop with orders and refunds in one vault; the refunds are kept on this basis."""
    folder = tmp_path / "shop"
    folder.mkdir()
    _write(
        folder / "members.csv",
        "customer_id,name,email",
        (f"C{n:05d},{who},kunde{n}@example.cn" for n, who in enumerate(WHO)),
    )
    for name, letter in (("orders", "A"), ("refunds", "R")):
        head = f"{name[:-1]}_no,customer_id,ordered_at,amount"
        _write(
            folder / f"{name}.csv",
            head,
            (f"{letter}{n:08d},C{n % len(WHO):05d},2025-03-1{n},{n}9.50" for n in range(9)),
        )
    before, mark, after = map_text(scan(world.desk.sources, [str(folder)]).datamap).partition('name: "refunds"')
    assert mark
    text = before + mark + after.replace('basis: "contract"', f'basis: "{refunds}"', 1)
    datamap_accept(world.desk, text)
    sealed(world, folder, text)


def _write(path: Path, head: str, lines: Iterable[str]) -> None:
    path.write_text("\n".join([head, *lines]), encoding="utf-8")


def policy(world: World, basis: str) -> str:
    """One rule for each word under which something is kept, all for this basis."""
    with world.desk.store.read() as tx:
        vault = str(vault_row(tx, world.desk.space, VAULT)["id"])
        words = {str(row["retention"]) for row in tx.find("compartment", vault=vault)} - {"none"}
    return "".join(RULE.format(word=word, basis=basis) for word in sorted(words))


def test_a8_a_rule_reaches_what_rests_on_its_basis(world: World, tmp_path: Path):
    """Everything here is kept for contracts: that rule leaves no word out, one for consent leaves out each."""
    kept(world, tmp_path)
    assert retention_set(world.desk, LAWS, policy(world, "contract"), VAULT, dry_run=True)["without_rule"] == []
    other = retention_set(world.desk, LAWS, policy(world, "consent"), VAULT, dry_run=True)
    assert other["without_rule"]


def test_a8_a_rule_in_force_runs_for_its_basis_alone(world: World, tmp_path: Path):
    """The clocks run of what it speaks of; the rest has no rule, is counted, and nothing follows."""
    kept(world, tmp_path)
    second = Signer.generate()
    join(world, second)
    for basis, running in (("contract", True), ("consent", False)):
        text = policy(world, basis)
        approve(world, second, dict(retention_set(world.desk, LAWS, text, VAULT, dry_run=True)))
        retention_set(world.desk, LAWS, text, VAULT, dry_run=False)
        told = retention_plan(world.desk, VAULT)
        assert bool(told["running"] or told["unknown"]) is running, basis
        assert bool(told["without_rule"]) is not running, basis


def test_a8_what_rests_on_two_bases_is_not_one_of_them(world: World, tmp_path: Path):
    """Orders kept by contract and refunds by law, in one compartment: a rule for either alone does not reach it."""
    kept(world, tmp_path, refunds="legal-obligation")
    with world.desk.store.read() as tx:
        row = vault_row(tx, world.desk.space, VAULT)
        bases = by_compartment(world.desk, tx, row)
        shared = [number for number, own in bases.items() if len(own) > 1]
    assert shared
    assert retention_set(world.desk, LAWS, policy(world, "contract"), VAULT, dry_run=True)["without_rule"]


def test_a8_a_map_that_was_changed_in_the_home_starts_no_clock(world: World, tmp_path: Path, refuses: Refuses):
    """Who can write the file but not sign it cannot make anything end sooner."""
    kept(world, tmp_path)
    (file,) = world.home.glob("matters/datamaps/*.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace('basis: "contract"', 'basis: "consent"'), encoding="utf-8")
    with refuses("datamap.altered"):
        retention_set(world.desk, LAWS, RULE.format(word="relation", basis="consent"), VAULT, dry_run=True)


class Counted:
    """Files of a home, of which is kept what was read."""

    def __init__(self, files: Files) -> None:
        self._files, self.read_names = files, list[str]()

    def __getattr__(self, name: str) -> object:
        return getattr(self._files, name)

    def read(self, name: str) -> bytes:
        self.read_names.append(name)
        return self._files.read(name)


def test_a8_a_run_reads_the_data_map_once(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """However many batches it takes, each a transaction in which clocks are looked at again."""
    kept(world, tmp_path)
    second = Signer.generate()
    join(world, second)
    text = policy(world, "contract")
    approve(world, second, dict(retention_set(world.desk, LAWS, text, VAULT, dry_run=True)))
    retention_set(world.desk, LAWS, text, VAULT, dry_run=False)
    world.clock.advance(timedelta(days=365 * 12))
    retention_run(world.desk, VAULT, dry_run=False)  # lists them
    world.clock.advance(timedelta(days=400))
    approve(world, second, dict(retention_run(world.desk, VAULT, dry_run=True)))
    monkeypatch.setattr(retiring, "BATCH", 1)
    counted = Counted(world.desk.files)
    told = retention_run(replace(world.desk, files=counted), VAULT, dry_run=False)
    assert told["subjects"] == len(WHO)
    assert sum("datamaps" in name for name in counted.read_names) == 1


def test_a8_a_policy_cites_rules_that_there_are(world: World, tmp_path: Path, refuses: Refuses):
    """A made-up article puts nothing in force."""
    kept(world, tmp_path)
    text = RULE.format(word="relation", basis="contract") + 'law = ["CN-DEL-47", "CN-DEL-470"]'
    with refuses("retention.law"):
        retention_set(world.desk, LAWS, text, VAULT, dry_run=True)
