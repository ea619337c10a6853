"""How long pages take whose lists grew with what is on file: `python bench/web/lists.py FOLDER [NOTICES] [--store URL ...]`.

The rows are put straight into the store, nothing is sealed: a customer for each notice with what they answered, one campaign to all of them,
a tenth as many lines set aside, a guardian's yes of one in fifty. The owner asks for each page `--times` times through `custody serve`, one after the
other; guardians are found and counted by the service, since a made row has no receipt to show. Two versions are compared by a home for each.
"""

import argparse
import hashlib
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from home import FACTS, OWNER, VAULT, Home, company, counterparty
from pages import User, cpu, serving

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.vaults import vault_row
from custody.base import canonical
from custody.ports.store import Cells, Row
from custody.services.deal_new import deal_new
from custody.services.guardian_list import guardian_list

CAMPAIGN = "N-2026-9001"
AT = "2026-03-01T09:00:00Z"
SENT = ("sent", "sent", "sent", "delivered", "printed", "bounced")
TEXTS = {"subject": "x", "text": "x", "sender": "a@example.cn", "pages": "", "page_line": ""}


def make(home: Home, notices: int) -> str:
    """A deal with all of it; made once. Returns its reference."""
    ref = home.folder / "deal"
    if not ref.exists():
        home.folder.mkdir(parents=True, exist_ok=True)
        company(home)
        with home.desk() as desk:
            name = str(deal_new(desk, wiring.laws(), FACTS, counterparty(home, desk), VAULT)["ref"])
            _put(desk, name, [Random(n).randbytes(16) for n in range(notices)])
        ref.write_text(name, encoding="utf-8")
    return ref.read_text(encoding="utf-8")


def _put(desk: Desk, ref: str, who: Sequence[bytes]) -> None:
    with desk.store.write() as tx:
        (matter,), vault = tx.find("matter", ref=ref), str(vault_row(tx, desk.space, VAULT)["id"])
        deal = str(matter["id"])
        tx.add(
            "subject", ({"vault": vault, "id": one, "kind": "customer", "state": "live", "facts": b"{}"} for one in who)
        )
        tx.add("evidence", _answers(deal, who))
        tx.add(
            "answer",
            (
                {
                    "matter": deal,
                    "subject": one,
                    "question": "consent.guardian",
                    "version": 1,
                    "act": "given",
                    "at": f"{AT}{n}",
                }
                for n, one in enumerate(who[::50])
            ),
        )
        tx.add(
            "campaign",
            [
                {
                    "id": "cmp",
                    "party": desk.space,
                    "matter": deal,
                    "ref": CAMPAIGN,
                    "channel": "email",
                    "texts": canonical.encode(dict(TEXTS)),
                    "made_at": AT,
                }
            ],
        )
        tx.add(
            "sending",
            (
                {"campaign": "cmp", "subject": one, "place": n, "link": one, "state": SENT[n % len(SENT)]}
                for n, one in enumerate(who)
            ),
        )
        if "people" in tx.tables()["campaign"]:  # as planning leaves it
            tx.change("campaign", {"people": hashlib.sha256(b"".join(sorted(who))).hexdigest()}, id="cmp")
        tx.add("quarantine", _aside(vault, len(who) // 10))
        tx.add(
            "quarantine_end",
            (
                {"vault": vault, "number": n, "tbl": "客户", "how": "dismissed", "why": "not-needed", "at": AT}
                for n in range(0, len(who) // 10, 2)
            ),
        )
        tx.add(
            "tally",
            [
                {
                    "vault": vault,
                    "tbl": "客户",
                    "role": "subject",
                    "kind": "customer",
                    "met": len(who) // 10,
                    "columns": canonical.encode({"columns": []}),
                }
            ],
        )


def _answers(deal: str, who: Sequence[bytes]) -> Iterator[Cells]:
    for n, one in enumerate(who):
        row: Cells = {"matter": deal, "subject": one, "compartment": -1, "at": AT, "position": n}
        yield {**row, "type": "notice.delivered"}
        if n % 5:
            yield {**row, "type": "consent.separate"}
        if n % 5 == 1:
            yield from ({**row, "type": "consent.separate.sensitive", "compartment": place} for place in (2, 3))
        if n % 100 == 0:
            yield {**row, "type": "guardian.relation"}


def _aside(vault: str, many: int) -> Iterator[Row]:
    for n in range(many):
        yield {
            "vault": vault,
            "number": n,
            "tbl": "客户",
            "file": "客户.csv",
            "line": 0,
            "row": n + 1,
            "reason": ("row.orphan", "row.columns")[n % 2],
            "detail": "",
        }


def report(home: Home, ref: str, times: int) -> None:
    """A row for each page."""
    print("| page | p50, ms | p95, ms | CPU of the console, ms |\n|---|---|---|---|")
    with serving(home) as (host, process):
        user = User(host, OWNER)
        user.sign_in(home.secret(OWNER).read_text(encoding="utf-8").strip())
        for name, path in {
            "answers": f"/deals/{ref}/answers",
            "a campaign": f"/campaigns/{CAMPAIGN}",
            "campaigns": "/campaigns",
            "quarantine": "/quarantine",
            "quarantine, open ones": "/quarantine?state=open",
            "quarantine, last page": "/quarantine?page=600",
        }.items():
            if user.get(path) != 200:
                raise SystemExit(f"{path}: {user.status} {user.location}")
            before, took = cpu(process), [_timed(lambda path=path: user.get(path)) for _ in range(times)]
            _line(name, took, f"{1e3 * (cpu(process) - before) / times:.0f}")
    with home.desk() as desk:
        _line("guardians, found and counted", [_timed(lambda: guardian_list(desk, 0)) for _ in range(times)], "")


def _timed(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return 1e3 * (time.perf_counter() - began)


def _line(name: str, took: Sequence[float], spent: str) -> None:
    print(
        f"| {name} | {statistics.median(took):.0f} | {sorted(took)[int(len(took) * 0.95)]:.0f} | {spent} |", flush=True
    )


def main() -> None:
    """Make, serve, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("notices", type=int, nargs="?", default=300_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--store")
    parser.add_argument("--store-password-file", type=Path)
    told = parser.parse_args()
    home = Home(told.folder.resolve(), told.notices, (told.store, told.store_password_file) if told.store else None, 2)
    report(home, make(home, told.notices), told.times)


if __name__ == "__main__":
    main()
