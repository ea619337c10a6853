"""Do one thing to every vault of the party, and tell it by vault; one vault's fault stops no other."""

from collections.abc import Callable, Mapping

from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.base.errors import CustodyError


def each_vault(
    act: Callable[[Desk, str], Mapping[str, Json]], quiet: frozenset[str]
) -> Callable[[Desk], Mapping[str, Json]]:
    """`act` for each vault in turn. Faults whose slug is in `quiet` say that there was nothing to do."""

    def run(desk: Desk) -> Mapping[str, Json]:
        with desk.store.read() as tx:
            names = [str(row["name"]) for row in tx.find("vault", order=("name",), party=desk.space)]
        told: dict[str, Json] = {}
        failed: list[Json] = []
        for name in names:
            try:
                found = dict(act(desk, name))
            except CustodyError as error:
                if error.slug not in quiet:
                    failed.append(f"{name} {error.slug}")
                continue
            except Exception as error:  # noqa: BLE001 - a full disk, a library's own: one vault keeps no other from its turn
                failed.append(f"{name} {type(error).__name__}")
                continue
            told[name] = found
            if not found.get("ok", True):
                failed.append(f"{name} not-ok")
        return {"vaults": told, "failed": failed, "ok": not failed}

    return run
