"""Rows of the permission matrix: every step of the forms that take several, and of the parts of a path that tell acts apart.

Nothing waits for a second person in the world of the matrix, and no content fits: who may not take a step is told so all the same, and first.
"""

from collections.abc import Iterable, Mapping

from tests.web.rows import ARRIVAL, DEAL, HANDS, PAPERS, STAFF, SUBJECT, Row, post
from tests.web.rows_pages import ASIDE, ENDS, INCIDENTS, LOOKS, SENDERS, TELLERS, TELLS, TERMS, WRITTEN

APPROVE = PAPERS
"""Who may be a second person."""
OWNER, LAWYERS, TAKERS = frozenset({"owner"}), frozenset({"lawyer", "privacy"}), frozenset({"data", "owner"})
ACCOUNT, NONE = frozenset({"data", "owner", "privacy"}), "sha256:none"
INTAKE = "/data/{intake}/change"
HOLD = f"/holds/end?vault=main&subject={SUBJECT}&reason=dispute.matrix"


def scene(
    path: str,
    doers: frozenset[str],
    seers: frozenset[str] = STAFF,
    side: str = "seller",
    steps: Iterable[str] = ("look", "ask", "do", "drop"),
    **form: str,
) -> list[Row]:
    """An act of two people: whoever may do it looks, asks, does and takes back; whoever may approve and sees the page confirms."""
    rows = [post(path, doers, side, step=one, content=NONE, **form) for one in steps]
    return [*rows, post(path, APPROVE & seers, side, step="approve", content=NONE, **form)]


def each(
    path: str, who: Mapping[str, frozenset[str]], field: str = "step", side: str = "seller", **form: str
) -> list[Row]:
    """A row for each step."""
    return [Row(path, roles, {field: one, **form}, side=side) for one, roles in who.items()]


def _ceremonies() -> Iterable[Row]:
    for act in ("ship", "ship-waiting", "release", "delta", "recall", "destroy"):
        who = TAKERS if act.startswith("ship") else SENDERS
        steps = ("ask", "approve", "do", "drop", "take", "account")
        yield from each(f"/deals/{DEAL}/{act}", dict.fromkeys(steps, who), content=NONE)


def _ends() -> Iterable[Row]:
    for act, who in {"deal-close": ENDS, "deal-abort": ENDS, "deal-windup": SENDERS}.items():
        path = f"/deals/{DEAL}/ends/{act}"
        yield from scene(path, who, steps=("ask", "do", "drop"), why="price", keeper="x")
        yield post(path, ACCOUNT, step="account", name="none")
    path = f"/deals/{ARRIVAL}/ends/deal-return"
    yield from scene(path, SENDERS, side="buyer", steps=("ask", "do", "drop"))
    yield post(path, ACCOUNT, "buyer", step="account", name="none")


OVERRIDE = {"rule": "CN-PROVIDE-23", "reason": "matrix matrix", "until": "2026-12-31"}
PLACE = {"place": "s3://matrix?region=eu-central-1", "until": "2026-12-31", "reason": "matrix matrix"}
STEPS: dict[str, list[Row]] = {
    "welcome": [Row("/welcome", form={}, open=True)], "sample": [Row("/sample", form={})],
    "recovery": each("/recovery", dict.fromkeys(("print", "test", "waive"), OWNER), "do"),
    "deal-facts": [post(f"/deals/{DEAL}/facts", TELLS)], "interview": [post(f"/deals/{DEAL}/interview", TELLS)],
    "answers": [
        post(f"/deals/{DEAL}/answers", ACCOUNT), post(f"/deals/{DEAL}/answers", ACCOUNT, before="1"),
        post(f"/deals/{DEAL}/answers", APPROVE, step="approve", content=NONE), post(f"/deals/{DEAL}/answers", ACCOUNT, step="drop"),
    ],
    "death": scene(f"/deals/{DEAL}/customers/{SUBJECT}/died", LAWYERS, steps=("ask", "do", "drop"), reason="matrix matrix"),
    "deal-paper": each("/deals/{gated}/papers/cn-notice", {"file": LAWYERS, "pdf": PAPERS | {"data"}, "tell": TELLERS}, **WRITTEN),
    "control": [*scene(f"/deals/{DEAL}/control", OWNER, steps=("look", "do", "drop")), post(f"/deals/{DEAL}/control", frozenset(), step="sheets")],
    "overrides": scene(f"/deals/{DEAL}/overrides", frozenset({"lawyer"}), steps=("ask", "do", "drop"), **OVERRIDE),
    "together": [
        *each(f"/deals/{DEAL}/together", dict.fromkeys(("comment", "duties"), STAFF - {"auditor"})), *each(f"/deals/{DEAL}/together", dict.fromkeys(("join", "leave"), OWNER)),
        post(f"/deals/{DEAL}/together", frozenset({"advisor", "owner", "privacy", "lawyer"}), step="window"),
    ],
    "deal-end": list(_ends()), "end-paper": [post(f"/deals/{ARRIVAL}/ends/deal-return/paper", PAPERS, "buyer")], "ceremony": list(_ceremonies()),
    "arrival-out": [row for form in ("csv", "sheets", "sqlite") for row in scene(f"/arrivals/{ARRIVAL}/exports/{form}/out", TAKERS, side="buyer")],
    "arrival-recall": [row for row in scene(f"/arrivals/{ARRIVAL}/recall", STAFF, side="buyer") if row.form and row.form["step"] != "approve"] + [post(f"/arrivals/{ARRIVAL}/recall", STAFF, "buyer", step="approve")],
    "arrival-act": [post(f"/arrivals/{ARRIVAL}/{act}", who, "buyer") for act, who in {"look": TAKERS, "export": TAKERS, "compare": TAKERS | {"auditor"}}.items()],
    "reveal-many": scene("/customers/many", LOOKS, steps=("look", "do", "drop"), purpose="contract", reason="matrix", subjects="sub_none"),
    "correct": each(f"/customers/{SUBJECT}/correct", dict.fromkeys(("new", "prove", "undo"), ACCOUNT | {"department"}), place="none"),
    "intake-change": each(INTAKE, dict.fromkeys(("class", "confirm-all", "general", "lives", "role", "sensitive", "stop", "undo"), HANDS), "do", table="none", column="none"),
    "copies": [post("/copies", ACCOUNT, name="none")], "quarantine": [post("/quarantine", ASIDE, do="some", why="duplicate")],
    "open-work": [post("/open-work", ACCOUNT | {"department"}, step="assign", work="sub_none:none", to="nobody"), post("/open-work", ACCOUNT | {"department"}, step="reopen", again="sub_none:none"), post("/open-work", LOOKS, step="reply", reply="rep_none", say="nothing")],
    "hold-end": [*scene(HOLD, TELLERS, steps=("do", "drop")), post(HOLD, TELLERS, step="look")],
    "retention-terms": scene("/retention/terms", SENDERS, TERMS, steps=("ask", "do", "drop"), text="notice_days = 7"),
    "retention-run": [*scene("/retention/run", SENDERS | {"operator"}, TERMS, steps=("ask", "do", "drop")), post("/retention/run", TERMS, step="look")],
    "backups": [post("/backups", OWNER, do="timer")],
    "backup-forget": scene("/backups/forget?place={place}", OWNER, steps=("look", "do", "drop")),
    "attest": scene("/backups/lost", OWNER, TERMS - {"lawyer"}, steps=("ask", "do", "drop"), root="", why=" "),
    "residency": scene("/residency", SENDERS, steps=("ask", "do", "drop"), **PLACE),
    "incident": each("/incidents/{incident}", {"count": TELLERS, "learn": INCIDENTS, "tell": TELLERS}),
    "incident-draft": each("/incidents/{drafted}/drafts/cn-breach-notice", dict.fromkeys(("look", "pdf:en", "pdf:zh"), INCIDENTS | {"auditor"}), **WRITTEN),
    "person-roles": [*scene("/people/limo/roles", OWNER, PAPERS, steps=("ask", "do", "drop"), role="lawyer"), post("/people/limo/roles", OWNER, step="take", role="lawyer")],
    "person-reset": [post("/people/{forgetful}/reset", OWNER, step="do")],
    "campaign": [*scene("/campaigns/{campaign}", SENDERS | {"data"}, steps=("ask", "do", "drop")), post("/campaigns/{campaign}", TELLERS | {"data", "auditor", "advisor"}, step="look")],
    "campaign-out": [row for form in ("list", "pages") for row in scene(f"/campaigns/{{campaign}}/out/{form}", SENDERS)],
    "publications": [post("/publications", TELLERS, step="look", deal=DEAL, place="website")], "publication": scene("/publications/{publication}", TELLERS, TELLERS),
    "request": each("/requests/{request}", {"assign": ACCOUNT | {"department"}, "clock": TELLERS}),
    "request-erase": [post("/requests/{wipe}/erase", SENDERS, step="do", table="none")],
    "freshness": each("/freshness", {"reply": LOOKS, "review": ACCOUNT, "stand": TELLERS, "warn": ACCOUNT, "warned": ACCOUNT}, correction="none"),
    "house-laws": each("/laws", dict.fromkeys(("draft", "sign"), LAWYERS), draft="{draft}"),
    "access": [
        post("/access", SENDERS, do="department", person="nobody"), post("/access", TELLERS, do="give", id="ent_none"),
        # Whoever holds a grant, or asked for one, ends or takes it back as well: which it is, is looked up first.
        *each("/access", dict.fromkeys(("end", "refuse"), STAFF), "do", id="ent_none"),
    ],
    "policy": scene("/access/policy", SENDERS, steps=("look", "do", "drop"), text=""),
    "channels": [*each("/channels", dict.fromkeys(("mine", "new", "try"), SENDERS), "do", channel="0"), post("/channels", OWNER, do="take", channel="{channel}")],
    "checks": [post("/check", step="ledger")],
}  # fmt: skip
