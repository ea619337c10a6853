"""Rows of the permission matrix: the further pages of a deal."""

from custody.acts.papers import papers
from custody.adapters.laws.bundled import BundledLaws
from tests.web.rows import ARRIVAL, DEAL, PAPERS, STAFF, SUBJECT, Row, get, post

ENDS = frozenset({"owner", "lawyer", "advisor"})
TELLERS = frozenset({"owner", "privacy", "lawyer"})
ASKED = TELLERS | {"data", "department", "auditor"}
LOOKS = frozenset({"owner", "privacy", "lawyer", "data", "department"})
GUARDIANS = TELLERS | {"department"}
TERMS = frozenset({"owner", "privacy", "operator", "lawyer", "auditor"})
INCIDENTS = frozenset({"owner", "privacy", "lawyer", "data", "department", "operator"})
ASIDE = frozenset({"owner", "privacy", "data"})
TELLS = frozenset({"advisor", "owner", "lawyer"})
SENDERS = frozenset({"owner", "privacy"})
CHILD = "/guardians/{gated}/{child}"
WRITTEN = {f"{one}:{lang}": "as the matrix writes it" for one in papers(BundledLaws()).items for lang in ("zh", "en")}
"""Every item that a paper may ask for, in both languages."""

PAGES: dict[str, list[Row]] = {
    "interview": [get(f"/deals/{DEAL}/interview")],
    "deal-said": [get(f"/deals/{DEAL}/said")],
    "deal-fact": [get(f"/deals/{DEAL}/said/deal.structure"), post(f"/deals/{DEAL}/said/deal.structure", TELLS, part="deal.structure", **{"deal.structure": "asset_deal"})],
    "deal-ends": [get(f"/deals/{DEAL}/ends")],
    "deal-end": [
        get(f"/deals/{DEAL}/ends/deal-close"), get(f"/deals/{ARRIVAL}/ends/deal-return", side="buyer"),
        post(f"/deals/{DEAL}/ends/deal-close", ENDS, step="look"), post(f"/deals/{DEAL}/ends/deal-abort", ENDS, step="look", why="price"),
        post(f"/deals/{DEAL}/ends/deal-windup", frozenset({"owner", "privacy"}), step="look", keeper="x"),
        post(f"/deals/{ARRIVAL}/ends/deal-return", frozenset({"owner", "privacy"}), "buyer", step="look"),
    ],
    "end-paper": [post(f"/deals/{DEAL}/ends/deal-close/paper", PAPERS)],
    "deal-duties": [get(f"/deals/{DEAL}/duties"), post(f"/deals/{DEAL}/duties", kind="none")],
    "due": [get("/due")],
    "deal-tell": [get(f"/deals/{DEAL}/tell", frozenset({"owner", "privacy", "lawyer"})), post(f"/deals/{DEAL}/tell", frozenset({"owner", "privacy", "lawyer"}), seller_contact="privacy@shop.example")],
    "deal-papers": [get(f"/deals/{DEAL}/papers")],
    "deal-paper": [get("/deals/{gated}/papers/cn-notice"), post("/deals/{gated}/papers/cn-notice", PAPERS | {"data"}, step="look", **WRITTEN)],
    "channels": [get("/channels", frozenset({"owner", "privacy"})), post("/channels", frozenset({"owner", "privacy"}), do="close", channel="{channel}")],
    "policy": [get("/access/policy"), post("/access/policy", frozenset({"owner", "privacy"}), step="ask", text=""), post("/access/policy", frozenset({"owner", "privacy"}), step="preview", text="grant_days = 7")],
    "reveal-many": [get("/customers/many"), post("/customers/many", LOOKS, step="ask", purpose="contract", reason="matrix", subjects="sub_none")],
    "tokens": [get("/tokens", frozenset({"owner", "privacy", "auditor"})), post("/tokens", frozenset({"owner"}), name="Not a name")],
    "token-revoke": [post("/tokens/{token}/revoke", frozenset({"owner", "privacy"}))],
    "control": [
        get(f"/deals/{DEAL}/control"), post(f"/deals/{DEAL}/control", frozenset({"owner"}), step="ask", leaver="limo", holder="zhouning", threshold="2"),
        post(f"/deals/{DEAL}/control", step="leave", copies="nothing"),
    ],
    "ledger-part": [get(f"/deals/{DEAL}/ledger-part.zip", TELLERS | {"auditor", "advisor"})],
    "customer-seen": [
        get(f"/customers/{SUBJECT}/looks", TELLERS | {"auditor"}), post(f"/customers/{SUBJECT}/looks", frozenset({"owner", "auditor"})),
    ],
    "releases": [get(f"/deals/{DEAL}/releases"), get(f"/deals/{DEAL}/releases?look=1", frozenset({"owner", "privacy", "lawyer", "data"}))],
    "arrival-answer": [get(f"/arrivals/{ARRIVAL}/answers/1", side="buyer")],
    "arrival-anew": [post(f"/arrivals/{ARRIVAL}/anew", frozenset({"owner", "privacy", "data"}), "buyer")],
    "arrival-out": [get(f"/arrivals/{ARRIVAL}/exports/csv/out", frozenset({"data", "owner"}), side="buyer"), post(f"/arrivals/{ARRIVAL}/exports/csv/out", frozenset({"data", "owner"}), "buyer", step="ask", content="sha256:none")],
    "arrival-recall": [get(f"/arrivals/{ARRIVAL}/recall", side="buyer")],
    "whatif": [get(f"/deals/{DEAL}/whatif"), get(f"/deals/{DEAL}/whatif?fact=buyer.jurisdiction&to=1&buyer.jurisdiction=US", PAPERS | {"data"})],
    "overrides": [
        get(f"/deals/{DEAL}/overrides"),
        post(f"/deals/{DEAL}/overrides", frozenset({"lawyer"}), step="look", rule="CN-PROVIDE-23", reason="matrix matrix", until="2026-12-31"),
    ],
    "quarantine": [get("/quarantine", ASIDE | {"lawyer", "auditor", "advisor"}), post("/quarantine", ASIDE, do="all", why="duplicate", table="{aside_table}", reason="{aside_reason}")],
    "hold-end": [get(f"/holds/end?vault=main&subject={SUBJECT}&reason=dispute.matrix", TELLERS), post(f"/holds/end?vault=main&subject={SUBJECT}&reason=dispute.matrix", TELLERS, step="ask")],
    "holds": [get("/holds"), post("/holds", frozenset({"owner", "privacy", "lawyer"}), do="release", subject=SUBJECT, reason="dispute.matrix"), post("/holds", frozenset({"owner", "privacy", "lawyer"}), do="add", subject=SUBJECT, kind="Not a code", number="1")],
    "retention": [get("/retention", TERMS), post("/retention", TERMS)],
    "retention-terms": [get("/retention/terms", TERMS), post("/retention/terms", frozenset({"owner", "privacy"}), step="look", text="notice_days = 7"), post("/retention/terms", TERMS, step="preview", text="notice_days = 7")],
    "retention-run": [get("/retention/run", TERMS), post("/retention/run", frozenset({"owner", "privacy", "operator"}), step="now")],
    "backups": [
        get("/backups", TERMS - {"lawyer"}), post("/backups", frozenset({"owner", "operator"}), do="backup", place="{place}"),
        post("/backups", frozenset({"owner", "operator"}), do="forget", place="{place_gone}"), post("/backups", TERMS - {"lawyer"}, do="check"),
        post("/backups", frozenset({"owner", "operator"}), do="drill", place="{place}"),
    ],
    "backup-forget": [get("/backups/forget?place={place}", frozenset({"owner"})), post("/backups/forget?place={place}", frozenset({"owner"}), step="ask")],
    "attest": [get("/backups/lost", TERMS - {"lawyer"}), post("/backups/lost", frozenset({"owner"}), step="look", root="", why=" ")],
    "residency": [get("/residency"), post("/residency", frozenset({"owner", "privacy"}), step="look", place="s3://matrix?region=eu-central-1", until="2026-12-31", reason="matrix matrix")],
    "incidents": [get("/incidents", INCIDENTS | {"auditor"}), post("/incidents", INCIDENTS, discovered_at="")],
    "incident": [get("/incidents/{incident}", INCIDENTS | {"auditor"}), post("/incidents/{incident}", TELLERS, step="close")],
    "incident-draft": [
        get("/incidents/{drafted}/drafts/cn-breach-report", INCIDENTS | {"auditor"}),
        post("/incidents/{drafted}/drafts/cn-breach-notice", TELLERS, step="notify", sender="privacy@shop.example", vault="main", **WRITTEN),
    ],
    "residency-end": [post("/residency/{residency}/end", TELLERS)],
    "death": [
        get(f"/deals/{DEAL}/customers/{SUBJECT}/died"), post(f"/deals/{DEAL}/customers/{SUBJECT}/died", frozenset({"privacy", "lawyer"}), step="look", reason="matrix matrix"),
    ],
    "correct": [get(f"/customers/{SUBJECT}/correct", frozenset({"owner", "privacy", "data", "department"})), post(f"/customers/{SUBJECT}/correct", frozenset({"owner", "privacy", "data", "department"}), step="new", place="none")],
    "checks": [get("/check"), post("/check", step="files")],
    "override-end": [post(f"/deals/{DEAL}/overrides/{{override}}/end", frozenset({"lawyer", "privacy", "owner"}))],
    "campaigns": [get("/campaigns", TELLERS | {"data", "auditor", "advisor"}), post("/campaigns", TELLERS, deal=DEAL, sender="x")],
    "campaign": [get("/campaigns/{campaign}", TELLERS | {"data", "auditor", "advisor"}), post("/campaigns/{campaign}", TELLERS | {"data"}, step="relay", relay="x")],
    "campaign-out": [
        get("/campaigns/{campaign}/out/list", SENDERS), get("/campaigns/{campaign}/out/pages", SENDERS), post("/campaigns/{campaign}/out/list", SENDERS, step="ask", content="sha256:none"),
    ],
    "campaign-take": [
        post("/campaigns/{campaign}/bounces", frozenset({"owner", "privacy", "data"})), post("/campaigns/{campaign}/settle", frozenset({"owner", "privacy", "data"})),
        post("/campaigns/{campaign}/reply", LOOKS),
        post("/campaigns/{campaign}/letters", frozenset({"owner", "privacy"})), Row("/campaigns/{campaign}/pages", frozenset({"owner", "privacy"}), {"side": "left"}),
        post("/campaigns/{campaign}/post", frozenset({"owner", "privacy", "data"})),
    ],
    "publications": [get("/publications", TELLERS | {"data", "auditor", "advisor"}), post("/publications", TELLERS, deal=DEAL, place="website")],
    "publication": [get("/publications/{publication}", TELLERS | {"data", "auditor", "advisor"})],
    "open-work": [
        get("/open-work", ASKED | {"auditor", "advisor"}), post("/open-work", frozenset({"owner", "privacy", "data", "department"}), step="close", work="sub_none:none", how="nothing"),
    ],
    "requests": [get("/requests", ASKED), post("/requests", ASKED, state="granted")],
    "request-new": [post("/requests/new", frozenset({"owner", "privacy", "data", "department"}), deal=DEAL, subject="sub_none")],
    "requests-figures": [get("/requests/figures.csv", ASKED)],
    "request": [
        get("/requests/{request}", ASKED), post("/requests/{request}", frozenset({"owner", "privacy", "lawyer", "data"}), step="read"),
        post("/requests/{request}", TELLERS, step="decide", state="granted"),
    ],
    "request-pack": [get("/requests/{request}/pack", frozenset({"owner", "privacy"})), post("/requests/{request}/pack", frozenset({"owner", "privacy"}))],
    "request-erase": [get("/requests/{wipe}/erase", frozenset({"owner", "privacy"})), post("/requests/{wipe}/erase", frozenset({"owner", "privacy"}), step="look")],
    "freshness-returned": [post("/freshness/returned", frozenset({"owner", "privacy", "data"}), say="read")],
    "freshness": [get("/freshness", ASKED), post("/freshness", frozenset({"owner", "privacy", "data", "department"}), step="keep", subject="{doubt_subject}", table="{doubt_table}", row="{doubt_row}", column="{doubt_column}", reason="matrix matrix"), post("/freshness", frozenset({"owner", "privacy", "data", "department"}), step="assign", work="{request}", to="suhe")],
    "guardians": [get("/guardians", GUARDIANS)],
    "guardian": [
        get(CHILD, GUARDIANS), post(CHILD, GUARDIANS - {"lawyer"}, step="prove", document="none"),
        post(f"{CHILD}?step=look", GUARDIANS - {"lawyer"}, step="look", sha256="none"), post(CHILD, GUARDIANS, step="doubt", reason="matrix matrix"),
    ],
    "together": [
        get(f"/deals/{DEAL}/together"), post(f"/deals/{DEAL}/together", STAFF - {"auditor"}, step="task"),
        post(f"/deals/{DEAL}/together", frozenset({"advisor", "owner", "privacy", "lawyer"}), step="shut", window="0"),
    ],
    "house-laws": [get("/laws"), post("/laws", frozenset({"lawyer", "privacy"}), step="drop", draft="{draft}")],
    "inbox": [get("/inbox"), post("/inbox"), post("/inbox", do="mine", mail="")],
    "task-done": [post("/tasks/{task}/done", STAFF - {"auditor"})],
    "progress": [get("/progress/{secret}", open=True), get("/progress/nobody-gave-this", open=True)],
}  # fmt: skip
