"""A change of the host's passphrase that is under way is finished by one, however many open the home meanwhile."""

import threading
from pathlib import Path

from custody import wiring
from custody.adapters import home as homes
from custody.services.init import Founding


def test_a4_who_opens_the_home_during_a_change_of_its_secret_does_not_trip_over_it(tmp_path: Path):
    """Twenty openings beside a renewal, again and again: each finds the home as before or as after, and the keys open."""
    root, secret = tmp_path / "home", tmp_path / "suhe.pass"
    secret.write_text("a passphrase of the owner")
    secret.chmod(0o600)
    wiring.found(
        root,
        Founding("青禾", "Qinghe", "", "CN", "separate", "suhe"),
        region="CN",
        own_secret=secret,
        rehearsal_at=None,
    )
    host, faults, over = wiring.host(root), list[BaseException](), threading.Event()

    def opens() -> None:
        while not over.is_set():
            try:
                homes.settle(homes.load(root))
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is told below
                faults.append(error)

    others = [threading.Thread(target=opens) for _ in range(4)]
    for one in others:
        one.start()
    for _ in range(6):
        host.renew()
    over.set()
    for one in others:
        one.join()
    assert faults == []
