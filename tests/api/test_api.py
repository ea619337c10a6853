"""E5: the API for machines: every operation with every scope and a stranger, once for each key, never a value repeated."""

import http.client
import json
import sqlite3
import subprocess
import sys
import urllib.parse
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custody.acts.own_values import own_values
from custody.acts.tokens import SCOPES
from custody.base.clock import parse
from custody.base.ids import subject_text
from tests.api.conftest import UNTIL, Running
from tests.line.homes import desk_of
from tests.residing import lives_in

DEAL, SUBJECT = "D-2026-0001", "{subject}"
REQUEST = {"deal": DEAL, "subject": SUBJECT, "kind": "access", "channel": "phone", "proof": "called-back"}
CONSENT = {
    "subject": SUBJECT, "question": "consent.marketing", "act": "given", "at": "2024-05-01T10:00:00Z", "version": "m1",
    "text": "可以给您发推广吗？\n您可以随时撤回。", "language": "zh", "channel": "web", "purposes": ["marketing"],
}  # fmt: skip
# What each operation asks, and which scope opens it ("" is any). An operation of the description without a row fails.
ROWS: dict[str, tuple[str, str, object, str]] = {
    "me": ("GET", "/v1/me", None, ""),
    "deals": ("GET", "/v1/deals", None, "deals"),
    "deal": ("GET", f"/v1/deals/{DEAL}", None, "deals"),
    "jobs": ("GET", "/v1/jobs", None, "deals"),
    "verdicts": ("GET", f"/v1/deals/{DEAL}/customers", None, "customers"),
    "verdict": ("GET", f"/v1/deals/{DEAL}/customers/{SUBJECT}", None, "customers"),
    "find": ("POST", "/v1/customers/find", {"value": "nobody@example.com"}, "customers"),
    "customer": ("GET", f"/v1/customers/{SUBJECT}", None, "customers"),
    "request-new": ("POST", "/v1/requests", {**REQUEST, "proof": "nonsense"}, "requests"),
    "requests": ("GET", "/v1/requests", None, "requests"),
    "request": ("GET", "/v1/requests/R-2026-9999", None, "requests"),
    "request-grounds": ("GET", "/v1/requests/R-2026-9999/grounds", None, "requests"),
    "request-close": ("POST", "/v1/requests/R-2026-9999/close", {"state": "granted"}, "decisions"),
    "request-clock": ("POST", "/v1/requests/R-2026-9999/clock", {"step": "pause", "why": "which account"}, "decisions"),
    "answers": ("POST", f"/v1/deals/{DEAL}/answers", {"answers": [{"subject": SUBJECT, "answer": "nonsense"}]}, "answers"),
    "consents": ("POST", f"/v1/deals/{DEAL}/consents", {"consents": [{**CONSENT, "act": "silence"}]}, "answers"),
    "members": ("GET", f"/v1/deals/{DEAL}/members", None, "members"),
    "member-add": ("POST", f"/v1/deals/{DEAL}/members", {"handle": "nobody", "reason": "works on it"}, "members"),
    "member-end": ("POST", f"/v1/deals/{DEAL}/members/nobody/end", {"reason": "left the project"}, "members"),
    "suppression": ("POST", "/v1/suppression/check", {"value": "nobody@example.com"}, "suppression"),
    "ledger": ("GET", "/v1/ledger", None, "ledger"),
}  # fmt: skip


def filled(api: Running, part: object) -> object:
    return json.loads(json.dumps(part).replace(SUBJECT, api.subject))


def asked(api: Running, name: str, token: str | None) -> tuple[int, str]:
    """(status, slug) of an operation, as its row asks it."""
    method, path, body, _ = ROWS[name]
    status, told, _ = api.ask(
        path.replace(SUBJECT, api.subject),
        token,
        filled(api, body) if body else None,
        method,
        **{"Idempotency-Key": f"matrix-{name}"},
    )
    return status, str(told.get("slug", ""))


def test_every_operation_has_a_row(api: Running):
    """An operation that nobody thought about is one that everybody may call."""
    status, told, _ = api.ask("/v1/openapi.json")
    assert status == 200
    assert told["openapi"].startswith("3.1")
    found = {
        (method.upper(), path, one["operationId"])
        for path, operations in told["paths"].items()
        for method, one in operations.items()
    }
    assert {name for _, _, name in found} == set(ROWS)
    assert all(one["security"] for operations in told["paths"].values() for one in operations.values())


@pytest.mark.parametrize("name", ROWS)
def test_e5_each_scope_opens_its_own_operations_alone(api: Running, name: str):
    """Whoever has the scope gets an answer; every other scope and a stranger are refused before anything is looked at."""
    wanted = ROWS[name][3]
    for scope in SCOPES:
        status, slug = asked(api, name, api.tokens[scope])
        assert (status == 403 and slug == "api.scope") == (wanted not in {"", scope}), (scope, status, slug)
        assert status < 500
    assert asked(api, name, None) == (401, "api.token")


def test_e5_a_token_that_is_wrong_in_any_way_gets_one_answer(api: Running):
    """Unknown, altered, of another form, revoked, expired, of an owner: the same words, so that nothing is learned."""
    good = api.token("short", "deals")
    assert api.ask("/v1/me", good)[0] == 200
    gone = api.token("gone", "deals")
    assert api.do("suhe", "token", "revoke", api.ids["gone"])["state"] == "revoked"
    store = sqlite3.connect(api.home / "core.db")
    old = api.token("old", "deals")
    store.execute("UPDATE api_token SET until = '2020-01-01' WHERE name = 'old'")
    store.commit()
    store.close()
    altered = good[:-1] + ("A" if good[-1] != "A" else "B")
    other = api.tokens["ledger"][:-43] + good[-43:]
    wrong = [altered, other, gone, old, "custody_", "x" * 5000, good.upper(), api.ids["short"]]
    answers = {json.dumps(api.ask("/v1/me", one)[:2]) for one in wrong}
    assert len(answers) == 1
    assert json.loads(answers.pop())[0] == 401
    assert api.ask("/v1/me", None, Authorization=f"Basic {good}")[0] == 401
    assert api.ask(f"/v1/me?token={good}")[0] == 401


def test_e5_the_secret_is_kept_nowhere(api: Running):
    """Neither store, nor files, nor the list hold it."""
    secret = api.token("hidden", "deals")[-43:].encode()
    for file in api.home.rglob("*"):
        assert not file.is_file() or secret not in file.read_bytes(), file
    assert secret.decode() not in json.dumps(api.do("suhe", "token", "list"))


def test_e5_what_writes_is_done_once_for_a_key(api: Running):
    """The first answer comes again; another request under the key is refused; another token has keys of its own; none: refused."""
    body, key = (
        filled(api, {"answers": [{"subject": SUBJECT, "answer": "notice.bounced"}]}),
        {"Idempotency-Key": "once-and-only"},
    )
    path = f"/v1/deals/{DEAL}/answers"
    first = api.ask(path, api.tokens["answers"], body, **key)
    again = api.ask(path, api.tokens["answers"], body, **key)
    assert first[0] == 200, first
    assert again[:2] == first[:2]
    assert "Idempotency-Replayed" not in first[2]
    assert again[2]["Idempotency-Replayed"] == "true"
    assert (first[1]["recorded"], first[1]["resumed"]) == (1, False)
    other = filled(api, {"answers": [{"subject": SUBJECT, "answer": "objection"}]})
    assert api.ask(path, api.tokens["answers"], other, **key)[1]["slug"] == "api.key-reused"
    assert api.ask(path, api.tokens["whole"], body, **key)[1]["resumed"]
    assert api.ask(path, api.tokens["answers"], body)[0] == 400


def test_b2_a_yes_without_its_record_is_set_aside(api: Running):
    """By its place among those sent; what stands beside it counts, and so does the yes once it comes as a record."""
    sent = [
        {"subject": SUBJECT, "answer": "consent.purpose"},
        {"subject": SUBJECT, "answer": "notice.delivered"},
        {"subject": SUBJECT, "answer": "permission.sale"},
    ]
    body, path = filled(api, {"answers": sent}), f"/v1/deals/{DEAL}/answers"
    status, told, _ = api.ask(path, api.tokens["answers"], body, **{"Idempotency-Key": "yes-without-record"})
    assert status == 200, told
    assert (told["quarantined"], told["counts"]) == (3, {})
    reasons = [(one["place"], one["reason"]) for one in told["quarantine"]]
    assert reasons == [(0, "record"), (1, "second"), (2, "record")]
    on_file = "SELECT count(*) FROM evidence WHERE type = 'consent.purpose'"
    with closing(sqlite3.connect(api.home / "core.db")) as store:
        assert store.execute(on_file).fetchone() == (0,)
    record = filled(api, {"consents": [{**CONSENT, "question": "consent.purpose"}]})
    path = f"/v1/deals/{DEAL}/consents"
    alone = api.ask(path, api.tokens["answers"], record, **{"Idempotency-Key": "yes-of-one"})[1]
    assert (alone["taken"], alone["reasons"]) == (0, {"second": 1}), "a machine is one of two"
    api.do("suhe", "approve", *alone["approve"])
    own = api.ask(path, api.tokens["answers"], record, **{"Idempotency-Key": "yes-of-its-owner"})[1]
    assert (own["taken"], own["reasons"]) == (0, {"second": 1}), "whoever made the token is no second person"
    api.do("zhouning", "approve", *alone["approve"])
    came = api.ask(path, api.tokens["answers"], record, **{"Idempotency-Key": "yes-on-record"})
    assert came[1]["taken"] == 1, came
    with closing(sqlite3.connect(api.home / "core.db")) as store:
        assert store.execute(on_file).fetchone() == (1,)


def test_b2_consents_of_before_by_the_api(api: Running):
    """Each is told by its place, also where words run over lines; what was taken in is on file when it is sent again under another key."""
    sent = [
        {**CONSENT, "act": "默认"},
        CONSENT,
        {**CONSENT, "subject": None, "customer": "QH-NOBODY-AT-ALL"},
        {**CONSENT, "at": "2024-05-01 10:00"},
    ]
    body, path = filled(api, {"consents": sent}), f"/v1/deals/{DEAL}/consents"
    alone = api.ask(path, api.tokens["answers"], body, **{"Idempotency-Key": "consents-none"})[1]
    if alone["reasons"].get("second"):
        api.do("zhouning", "approve", *alone["approve"])
    first = api.ask(path, api.tokens["answers"], body, **{"Idempotency-Key": "consents-one"})
    assert first[0] == 200, first
    told = first[1]
    assert (told["lines"], told["taken"] + told["on_file"], told["quarantined"]) == (4, 1, 3)
    assert [(one["place"], one["reason"]) for one in told["quarantine"]] == [(0, "silence"), (2, "nobody"), (3, "zone")]
    again = api.ask(path, api.tokens["answers"], body, **{"Idempotency-Key": "consents-two"})[1]
    assert (again["taken"], again["on_file"], again["ledger"]) == (0, 1, None)
    both = filled(api, {"consents": [{**CONSENT, "customer": "1"}]})
    assert api.ask(path, api.tokens["answers"], both, **{"Idempotency-Key": "consents-three"})[1]["slug"] == "api.form"


def test_e5_a_refused_write_may_be_asked_again_under_its_key(api: Running):
    """It wrote nothing, so its key is free."""
    key = {"Idempotency-Key": "refused-then-done"}
    wrong = {**REQUEST, "proof": "phone", "subject": "sub_" + "0" * 26}
    assert api.ask("/v1/requests", api.tokens["requests"], wrong, **key)[0] == 404
    again = api.ask("/v1/requests", api.tokens["requests"], wrong, **key)
    assert (again[0], again[1]["slug"]) == (404, "subject.unknown")


def test_e5_errors_speak_both_languages_and_repeat_nothing(api: Running):
    """RFC 9457 by slug; a value that was sent stands in no answer and no log of the ledger."""
    value = "SECRET-13912345678@@"
    for path, body in (
        ("/v1/customers/find", {"value": value}),
        ("/v1/customers/find", {"value": "x", value: 1}),
        ("/v1/customers/find", {"value": {"a": value}}),
        ("/v1/customers/find", value.encode()),
        ("/v1/suppression/check", {"value": value * 30}),
        (f"/v1/deals/{value}/answers", {"answers": []}),
    ):
        status, told, headers = api.ask(path, api.tokens["whole"], body, **{"Idempotency-Key": "12345678"})
        assert status in {200, 400, 429}, told
        assert value not in json.dumps(told)
        if status != 200:
            assert headers["Content-Type"] == "application/problem+json"
            assert told["says"]["zh"].endswith("。")
            assert told["type"].endswith(told["slug"])
    zh = api.ask("/v1/deals/none", api.tokens["deals"], **{"Accept-Language": "zh-CN"})
    assert (zh[0], zh[1]["title"], zh[1]["says"]["en"]) == (404, zh[1]["says"]["zh"], zh[1]["says"]["en"])
    assert api.ask("/v1/nowhere", api.tokens["deals"])[1]["slug"] == "api.route"


def _walked(api: Running, path: str, name: str, follow: str, size: int) -> list[dict]:
    """Everything of a list, in pages of this size."""
    seen, words = [], ""
    while True:
        status, told, _ = api.ask(f"{path}?most={size}{words}", api.tokens["whole"])
        assert status == 200, told
        assert len(told[name]) <= size
        seen += told[name]
        if follow == "start":
            words = f"&start={len(seen)}" if len(seen) < told.get("fits", told["total"]) else ""
        elif follow == "after":
            words = f"&after={told['next']}" if told["next"] else ""
        else:
            words = f"&before={seen[-1]['position']}" if seen[-1]["position"] else ""
        if not words or not told[name]:
            return seen


def test_e5_every_list_comes_in_pages(api: Running):
    """Its pages, put together, are the list: nothing twice, nothing left out, in the same order."""
    api.do("suhe", "gate", DEAL)
    for kind in ("access", "copy", "portability"):
        api.do("suhe", "request", "new", DEAL, api.subject, "--kind", kind, "--channel", "desk", "--proof", "in-person")
    for path, name, follow in (
        ("/v1/requests", "requests", "start"),
        ("/v1/deals", "deals", "start"),
        ("/v1/jobs", "jobs", "start"),
        (f"/v1/deals/{DEAL}/members", "members", "start"),
        ("/v1/ledger", "entries", "before"),
        (f"/v1/deals/{DEAL}/customers", "customers", "after"),
    ):
        whole = api.ask(f"{path}?most=1000", api.tokens["whole"])[1][name]
        assert whole, path
        assert _walked(api, path, name, follow, len(whole) // 3 + 1) == whole, path


def test_b4_a_machine_sees_nobody_in_person(api: Running):
    """Only who stands at a desk is known by being there: a program that says so is refused, and nothing is taken in."""
    before = api.ask("/v1/requests", api.tokens["whole"])[1]["total"]
    for channel in ("desk", "phone"):
        asked_for = filled(api, {**REQUEST, "channel": channel, "proof": "in-person"})
        told = api.ask("/v1/requests", api.tokens["requests"], asked_for, **{"Idempotency-Key": f"seen-{channel}"})
        assert told[1]["slug"] == "api.form", told
    assert api.ask("/v1/requests", api.tokens["whole"])[1]["total"] == before


def closed(api: Running, ref: str, key: str, **asked_for: object) -> tuple[int, dict]:
    """What the API answers to an end."""
    path = f"/v1/requests/{ref}/close"
    return api.ask(path, api.tokens["decisions"], asked_for, **{"Idempotency-Key": f"{key}-{ref}"})[:2]


def test_b4_a_machine_ends_a_request_by_the_rules_of_people(api: Running, tmp_path: Path):
    """A grant without its act is refused, a refusal names a rule; once the answer was packed by a person it is granted, once for a key."""
    who, number, mail = _numbered(api)
    (tmp_path / "said.csv").write_text(f"customer-number,{number}\nemail,{mail}\n", encoding="utf-8")
    words = ("--channel", "phone", "--proof", "customer-number", "--said", tmp_path / "said.csv")
    lives_in(api.home, subject_text(who), "CN")
    ref = str(api.do("suhe", "request", "new", DEAL, subject_text(who), "--kind", "explain", *words)["ref"])
    assert closed(api, ref, "by-word", state="granted")[1]["slug"] == "request.undone"
    assert closed(api, ref, "no-rule", state="refused")[1]["slug"] == "request.rule"
    status, told, _ = api.ask(f"/v1/requests/{ref}/grounds", api.tokens["requests"])
    assert (status, told) == (200, {"grounds": [], "laws": [{"places": ["CN"], "grounded": False}]})
    step = {"step": "pause", "why": "Which account is it?"}
    moved = api.ask(f"/v1/requests/{ref}/clock", api.tokens["decisions"], step, **{"Idempotency-Key": f"pause-{ref}"})
    assert (moved[0], moved[1]["slug"]) == (409, "request.pause"), moved
    sealed = ("--to", tmp_path / "answer.age", "--passphrase-to", tmp_path / "answer.txt")
    assert api.ask(f"/v1/requests/{ref}", api.tokens["requests"])[1]["lacking"] == "request.undone"
    api.do("suhe", "request", "answer", ref, *sealed)
    seen = api.ask(f"/v1/requests/{ref}", api.tokens["requests"])[1]
    assert ([one["what"] for one in seen["acts"]], seen["lacking"]) == (["packed"], "")
    assert closed(api, ref, "packed", state="granted")[1]["state"] == "granted"
    assert closed(api, ref, "again", state="granted")[1]["resumed"] is True


def test_b4_a_machine_grants_nothing_to_whom_it_cannot_know(api: Running, tmp_path: Path):
    """Who was seen in person is answered by a person, also where the act was done; a no takes no proof, and is granted."""
    words = ("--channel", "desk", "--proof", "in-person")
    ref = str(api.do("suhe", "request", "new", DEAL, api.subject, "--kind", "copy", *words)["ref"])
    api.do("suhe", "request", "answer", ref, "--to", tmp_path / "b.age", "--passphrase-to", tmp_path / "b.txt")
    assert closed(api, ref, "in-person", state="granted") == (403, closed(api, ref, "in-person", state="granted")[1])
    assert closed(api, ref, "in-person", state="granted")[1]["slug"] == "request.machine"
    assert api.ask(f"/v1/requests/{ref}", api.tokens["requests"])[1]["state"] == "open"
    no = str(api.do("suhe", "request", "new", DEAL, api.subject, "--kind", "object", *words)["ref"])
    assert closed(api, no, "a-no", state="granted")[1]["state"] == "granted"


@pytest.mark.parametrize("words", ["most=0", "most=1001", "start=-1", "start=99999999999", "most=x"])
def test_e5_a_page_that_cannot_be_is_refused(api: Running, words: str):
    """Neither nothing, nor everything, nor before the beginning."""
    for path in ("/v1/requests", "/v1/deals", "/v1/jobs"):
        assert api.ask(f"{path}?{words}", api.tokens["whole"])[1].get("slug") == "api.form", path


def test_e5_a_body_too_large_is_refused(api: Running):
    """Without being read into memory whole."""
    status, told, _ = api.ask("/v1/customers/find", api.tokens["customers"], b"{" + b" " * (2**20 + 1) + b"}")
    assert status in {400, 413}, told


@pytest.mark.parametrize(
    ("path", "header", "code"),
    [
        ("/v1/deals/" + "D" * 5_000, "x", 414),
        ("/v1/deals?most=" + "1" * 5_000, "x", 414),
        ("/v1/me", "x" * 20_000, 431),
    ],
)
def test_e5_what_the_server_does_not_read_is_described(api: Running, path: str, header: str, code: int):
    """An address or a header that is too long is told as the description says, and each operation says it."""
    where = urllib.parse.urlsplit(api.base)
    link = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)
    link.request("GET", path, headers={"Authorization": f"Bearer {api.tokens['whole']}", "X-Much": header})
    answer = link.getresponse()
    assert (answer.status, answer.headers.get_content_type()) == (code, "text/html")
    link.close()
    described = api.ask("/v1/openapi.json", "")[1]["paths"].values()
    assert all("text/html" in one["responses"][str(code)]["content"] for each in described for one in each.values())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"value":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        ("application/json", b'{"value":' + b"9" * 200_000 + b"}"),
        ("application/json", b'{"value":1e999999}'),
        ("application/json", b'{"value":"\\ud800"}'),
        ("application/xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
        ("application/x-www-form-urlencoded", b"value=x"),
    ],
)
def test_e5_a_body_that_no_client_sends_is_refused(api: Running, kind: str, body: bytes):
    """Nests, endless numbers, half a character, XML: each is told to be of no form, and the next request is answered."""
    status, told, _ = api.ask("/v1/customers/find", api.tokens["customers"], body, **{"Content-Type": kind})
    assert status == 400, told
    assert api.ask("/v1/me", api.tokens["customers"])[0] == 200


def test_a3_a_machine_sees_no_value_and_approves_nothing(api: Running, tmp_path: Path):
    """Not even from the host's own command line, with the token's secret as its passphrase, and whatever role it carries."""
    secret = tmp_path / "secret"
    secret.write_text(api.tokens["whole"][-43:], encoding="utf-8")
    secret.chmod(0o600)
    handle = "api-" + api.ids["whole"].removeprefix("tok_").lower()
    for words in (
        ("reveal", api.subject, "--purpose", "service", "--reason", "a machine"),
        ("approve", "destroy", "sha256:" + "ab" * 32),
        ("grant", "ask", "--purpose", "service", *UNTIL, "--reason", "a machine"),
    ):
        call = [
            sys.executable,
            "-m",
            "custody",
            *words,
            "--home",
            str(api.home),
            "--as",
            handle,
            "--passphrase-file",
            str(secret),
            "--json",
        ]
        out = json.loads(subprocess.run(call, capture_output=True, text=True, check=False).stdout)
        assert out["error"]["slug"] in {"act.machine", "act.role"}, out


def test_e5_the_description_holds_under_fire(api: Running, tmp_path: Path):
    """schemathesis plays every operation, sane and insane: no 5xx, no answer that the description does not tell of."""
    words = [
        "run",
        f"{api.base}/v1/openapi.json",
        "--header",
        f"Authorization: Bearer {api.token('fire', *SCOPES)}",
        "--max-examples",
        "12",
        "--seed",
        "20260316",
    ]
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    words += [
        "--checks",
        checks,
        "--generation-deterministic",
        "--no-color",
        "--continue-on-failure",
        "--request-timeout",
        "60",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *words], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]


def test_b4_an_objection_by_the_api_is_on_file_for_the_gate(api: Running):
    """A program of a call centre takes it down; it is the answer that it would be on the person's page."""
    who, number, _ = _numbered(api)
    said = {"proof": "customer-number", "said": [{"kind": "customer-number", "value": number}]}
    asked_for = {**REQUEST, "subject": subject_text(who), "kind": "object", **said}
    status, told, _ = api.ask(
        "/v1/requests", api.tokens["requests"], asked_for, **{"Idempotency-Key": "objection-by-the-api"}
    )
    assert status == 200, told
    with sqlite3.connect(api.home / "core.db") as store:
        words = "SELECT count(*) FROM evidence WHERE type = 'objection' AND subject = ?"
        assert store.execute(words, (who,)).fetchone() == (1,)


def test_b4_a_request_by_the_api_names_the_day_it_was_received(api: Running):
    """Its clocks run from that day; a day to come is refused, and nothing is taken in."""
    who, number, mail = _numbered(api)
    named = [{"kind": "customer-number", "value": number}, {"kind": "email", "value": mail}]
    said = {"channel": "phone", "proof": "customer-number", "said": named}
    asked_for = {**REQUEST, "subject": subject_text(who), "kind": "copy", **said}
    with desk_of(api.home, "suhe") as desk:
        today = desk.today()
    for away, slug in ((2, "request.received"), (-5, "")):
        day = (today + timedelta(days=away)).isoformat()
        key = {"Idempotency-Key": f"received-{away}-days"}
        told = api.ask("/v1/requests", api.tokens["requests"], {**asked_for, "received": day}, **key)[1]
        at = told.get("received_at")
        assert told.get("slug", "") == slug
        assert at is None or parse(at).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat() == day


def _numbered(api: Running) -> tuple[bytes, str, str]:
    """A live customer with one customer number and one e-mail address of their own who never objected, and those."""
    with desk_of(api.home, "suhe") as desk, desk.store.read() as tx:
        vault = str(tx.find("vault")[0]["id"])
        objected = {row["subject"] for row in tx.find("evidence", type="objection")}
        for row in tx.find("subject", order=("id",), vault=vault, kind="customer", state="live"):
            own = own_values(desk, tx, vault, row["id"])
            numbers, mails = ([one.text for one in own if one.cls == cls] for cls in ("account.customer_id", "contact.email"))  # fmt: skip
            if len(numbers) == len(mails) == 1 and mails[0].isascii() and row["id"] not in objected:
                return row["id"], numbers[0], mails[0]
    pytest.fail("nobody has one customer number and one address")
