"""E5: who works on a deal, by the API: seen, let in and ended by the rules that bind owners, and by no other token."""

from pathlib import Path

import pytest

from tests.api.conftest import Running

DEAL = "D-2026-0001"
PATH = f"/v1/deals/{DEAL}/members"


@pytest.fixture(scope="module")
def counsel(api: Running) -> str:
    """A lawyer who acts here, and is a member of nothing."""
    secret = api.home / "keys" / "principals" / "songwen.pass"
    secret.write_text("a passphrase of songwen", encoding="utf-8")
    secret.chmod(0o600)
    api.do("suhe", "principal", "new", "songwen", "--roles", "lawyer", "--new-passphrase-file", str(secret))
    return "songwen"


def asks(api: Running, key: str, path: str = PATH, token: str = "members", **asked: str) -> tuple[int, dict, dict]:
    return api.ask(path, api.tokens[token], asked, **{"Idempotency-Key": f"member-{key}"})


def rows(api: Running, handle: str) -> list[dict]:
    found = api.ask(PATH, api.tokens["members"])[1]["members"]
    return [one for one in found if one["handle"] == handle]


def test_d1_a_machine_lets_in_and_ends(api: Running, counsel: str):
    """From then on the person sees the deal, and from the end on there is none; each is entered for the machine, once for a key."""
    unseen = api.do(counsel, "deal", "show", DEAL)["error"]["slug"]
    asked = {"handle": counsel, "reason": "counsel of the seller", "until": "2026-06-30"}
    status, told, _ = asks(api, "add-songwen", **asked)
    assert (status, told["resumed"], told["until"]) == (200, False, "2026-06-30"), told
    again = asks(api, "add-songwen", **asked)
    assert again[2]["Idempotency-Replayed"] == "true"
    assert again[1] == told
    assert asks(api, "add-songwen-anew", **asked)[1]["resumed"] is True
    assert unseen == "deal.unknown"
    assert api.do(counsel, "deal", "show", DEAL)["ref"] == DEAL
    machine = f"api-{api.ids['members'].removeprefix('tok_').lower()}"
    (row,) = rows(api, counsel)
    assert (row["state"], row["given_by"], row["reason"]) == ("live", machine, "counsel of the seller")
    status, told, _ = asks(api, "end-songwen", f"{PATH}/{counsel}/end", reason="the mandate ended")
    assert status == 200, told
    assert api.do(counsel, "deal", "show", DEAL)["error"]["slug"] == "deal.unknown"
    (row,) = rows(api, counsel)
    assert (row["state"], row["ended_by"], row["end_reason"]) == ("ended", machine, "the mandate ended")
    assert asks(api, "end-songwen-anew", f"{PATH}/{counsel}/end", reason="once more")[1]["slug"] == "member.unknown"


@pytest.mark.parametrize(
    ("asked", "status", "slug"),
    [
        ({"handle": "nobody"}, 404, "principal.unknown"),
        ({"reason": "   "}, 400, "member.reason"),
        ({"reason": ""}, 400, "api.form"),
        ({"until": "2020-01-01"}, 400, "member.until"),
        ({"until": "2026-02-30"}, 400, "member.until"),
        ({"until": "soon"}, 400, "api.form"),
        ({"handle": "Not a handle"}, 400, "api.form"),
        ({"role": "owner"}, 400, "api.form"),
    ],
)
def test_d1_what_an_owner_may_not_a_machine_may_not(api: Running, counsel: str, asked: dict, status: int, slug: str):
    """Nobody who does not act here, never without a reason, not until a day that has passed, and no role along with it."""
    before = len(rows(api, counsel))
    whole = {"handle": counsel, "reason": "counsel of the seller"} | asked
    code, told, _ = asks(api, f"wrong-{abs(hash(str(asked)))}", **whole)
    assert (code, told["slug"]) == (status, slug)
    assert len(rows(api, counsel)) == before


def test_d1_a_machine_lets_in_no_machine_and_not_itself(api: Running):
    """Whatever acts for the company is no member."""
    for name in ("members", "deals"):
        handle = f"api-{api.ids[name].removeprefix('tok_').lower()}"
        assert asks(api, f"machine-{name}", handle=handle, reason="a machine")[1]["slug"] == "member.machine"


def test_d1_no_deal_no_members(api: Running, counsel: str):
    """A deal that was never opened has none, to see or to let in."""
    nowhere = "/v1/deals/D-2026-0099/members"
    assert api.ask(nowhere, api.tokens["members"])[1]["slug"] == "deal.unknown"
    assert asks(api, "nowhere", nowhere, handle=counsel, reason="counsel")[1]["slug"] == "deal.unknown"
    assert asks(api, "left", f"{nowhere}/{counsel}/end", reason="counsel")[1]["slug"] == "deal.unknown"


def test_d1_the_token_opens_nothing_else_from_the_host(api: Running, tmp_path: Path):
    """With its secret as a passphrase: it makes no person, gives no role, opens no deal; and another token lets nobody in."""
    new = tmp_path / "new"
    new.write_text("{}", encoding="utf-8")
    new.chmod(0o600)
    for name, words in (
        ("members", ("principal", "new", "more", "--roles", "lawyer", "--new-passphrase-file", str(new))),
        ("members", ("principal", "roles", "limo", "--roles", "lawyer")),
        ("members", ("principal", "end", "limo")),
        ("members", ("deal", "new", str(new))),
        ("members", ("token", "new", "more", "--scope", "deals", "--until", "2026-06-30")),
        ("deals", ("member", "add", DEAL, "limo", "--reason", "a machine")),
        ("ledger", ("member", "end", DEAL, "limo", "--reason", "a machine")),
    ):
        handle = f"api-{api.ids[name].removeprefix('tok_').lower()}"
        secret = api.home / "keys" / "principals" / f"{handle}.pass"
        secret.write_text(api.tokens[name][-43:], encoding="utf-8")
        secret.chmod(0o600)
        told = api.do(handle, *words)
        secret.unlink()
        assert told["error"]["slug"] in {"act.machine", "act.role"}, (words, told)
    assert {one["state"] for one in rows(api, "limo")} == {"live"}
