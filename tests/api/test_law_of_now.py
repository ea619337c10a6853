"""C1, E5: a house rule that two have signed holds at once in the API for machines, which was started before."""

from pathlib import Path

from tests.api.conftest import UNTIL, Running, serve
from tests.line.conftest import desk, done, hired, lawyer, opened  # noqa: F401 - fixtures of the tests beside it
from tests.line.test_house_law import LOOSE

DEAL, RULE = "D-2026-0001", "CN-PIPIA-55"
SIGNERS = ("songwen", "zhouning")


def laid(where: Path, text: str = LOOSE) -> Path:
    """The house's file in the home, where it counts once two have signed it."""
    file = where / "seller" / "laws" / "cn" / "house" / "pipia.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def drafted(where: Path) -> Path:
    """The same beside the home, to be signed."""
    file = where / "draft" / "cn" / "house" / "pipia.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(LOOSE, encoding="utf-8")
    return file


def shut(api: Running, key: str) -> set[str]:
    """The rules that shut a stage of the deal, as a machine is told."""
    status, told, _ = api.ask(f"/v1/deals/{DEAL}", key)
    assert status == 200, told
    return {rule for one in told["shut"] for rule in one["rules"]}


def test_c1_an_api_that_runs_judges_by_what_two_signed_meanwhile(lawyer: Path):  # noqa: F811 - the fixture above
    """The rule shuts; laid and signed by one it is refused as everywhere; signed by two it shuts no more; taken away it shuts again. Nobody restarts anything."""
    key = done(lawyer, "suhe", "token", "new", "looks", "--scope", "deals", *UNTIL)["token"]
    draft = drafted(lawyer)
    with serve(lawyer / "seller") as base:
        api = Running(lawyer / "seller", base, "")
        assert RULE in shut(api, key)
        file = laid(lawyer)
        done(lawyer, SIGNERS[0], "law", "sign", draft)
        assert api.ask(f"/v1/deals/{DEAL}", key)[1]["slug"] == "law.overlay"
        done(lawyer, SIGNERS[1], "law", "sign", draft)
        assert RULE not in shut(api, key)
        file.unlink()
        assert RULE in shut(api, key)
