"""Who may open what: every route with every role and a stranger, both sides of a deal. A route without a row here fails."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from custody.cli.rehearsal.half import Half
from custody.cli.rehearsal.play import new_secret
from custody.model.party import EVERY_DEAL, MACHINES
from tests.drawn import drawn
from tests.members import let_in
from tests.running import port
from tests.web import objects
from tests.web.offered import forms, links, may, route
from tests.web.rows import ARRIVAL, DEAL, HANDS, INTAKE, PAPERS, STAFF, SUBJECT, Row, get, post
from tests.web.rows_pages import PAGES
from tests.web.rows_steps import STEPS
from tests.web.services import PROVIDER, ROBOT, settings
from tests.web.serving import Served, serve
from tests.web.visitor import SESSION, Visitor

CHECKERS = frozenset({"owner", "privacy", "lawyer", "auditor"})
KNOWN = {
    "seller": {"suhe": "owner", "zhouning": "privacy", "limo": "data"},
    "buyer": {"fanyuan": "owner", "yeqing": "privacy"},
}
OUTSIDE = "outside-"
# What belongs to a deal, and names that nothing has.
OF_DEALS = {
    "deal": "D-2026-0099", "gated": "D-2026-0099", "arrival": "mat_none", "request": "R-2026-0999", "wipe": "R-2026-0998",
    "campaign": "N-2026-0998", "publication": "P-2026-0998", "task": "999999", "work_deal": "0" * 32,
}  # fmt: skip
OF_VAULT = ("request", "wipe", "answered")
EXAMPLE = "D-2026-0001"
"""The deal; the form that takes an arrival shows a reference of this form to everybody."""
EVERYWHERE = frozenset(
    {
        "deals",
        "inbox",
        "due",
        "ledger",
        "copies",
        "customers",
        "requests",
        "campaigns",
        "publications",
        "freshness",
        "arrivals",
    }
)
LOGIN = "/account/login/"
SIGNERS = frozenset({"owner", "privacy"})


ROUTES: dict[str, list[Row]] = {
    "health": [get("/health", open=True)], "ready": [get("/ready", open=True)], "lang": [get("/lang/en", open=True)],
    "welcome": [get("/welcome", open=True)], "sample": [get("/sample")], "sample-part": [get("/sample/part")],
    "sample-enter": [post("/sample/enter", who_="nobody")], "sample-leave": [],  # it ends the session of whoever asks: test_leaving_the_sample_is_open_to_whoever_is_signed_in
    "recovery": [get("/recovery", frozenset({"owner"})), post("/recovery", frozenset({"owner"}), do="print", holders="one")],
    "passphrase": [get("/passphrase"), post("/passphrase", old="wrong", new="wrong", again="other")],
    "deals": [get("/")], "deal-new": [get("/deals/new"), post("/deals/new", frozenset({"advisor", "owner", "lawyer"}), counterparty="pty_none")],
    "deal": [get(f"/deals/{DEAL}")], "deal-facts": [get(f"/deals/{DEAL}/facts")],
    "deal-gate": [post("/deals/{gated}/gate", PAPERS)], "verdicts": [get(f"/deals/{DEAL}/verdicts?verdict=wait")], "verdict": [get(f"/deals/{DEAL}/customers/{SUBJECT}")],
    "deal-evidence": [post(f"/deals/{DEAL}/evidence")], "deal-invite": [post(f"/deals/{DEAL}/invite", HANDS)],
    "handover-zip": [get(f"/deals/{DEAL}/handover/package.zip", HANDS)],
    "account": [get(f"/deals/{DEAL}/account", frozenset({"data", "owner", "auditor", "privacy"})), post(f"/deals/{DEAL}/account", frozenset({"data", "owner", "privacy"}))],
    "answers": [get(f"/deals/{DEAL}/answers")], "customers-list": [get(f"/deals/{DEAL}/customers.csv", frozenset({"privacy", "data", "owner"}))],
    "certificate": [get(f"/deals/{DEAL}/certificate.pdf", PAPERS | {"auditor"})], "statement": [get(f"/deals/{DEAL}/files/gate")],
    "ceremony": [get(f"/deals/{DEAL}/{act}", frozenset({"owner", "privacy"})) for act in ("release", "delta", "recall")],
    "arrivals": [get("/arrivals"), post("/arrivals", frozenset({"owner", "privacy", "data"}), "buyer", seller="pty_none", ref="D-2026-0099")],
    "arrival": [get(f"/arrivals/{ARRIVAL}", side="buyer")], "arrival-take": [post(f"/arrivals/{ARRIVAL}/take", frozenset({"data", "owner"}), "buyer")],
    "arrival-paper": [get(f"/arrivals/{ARRIVAL}/papers/received", side="buyer")],
    "arrival-export": [get(f"/arrivals/{ARRIVAL}/exports/sqlite", frozenset({"data", "owner"}), side="buyer")],
    "arrival-act": [
        post(f"/arrivals/{ARRIVAL}/receive", frozenset({"data", "owner"}), "buyer"), post(f"/arrivals/{ARRIVAL}/reseal", frozenset({"data", "owner"}), "buyer"),
    ],
    "work": [get("/work/{work}"), get("/work/{work_deal}")], "work-part": [get("/work/{work}/part"), get("/work/{work_deal}/part")],
    "work-stop": [post("/work/{work}/stop", frozenset({"owner"})), post("/work/{work_deal}/stop", frozenset({"privacy"}))],
    "customers": [get("/customers"), post("/customers", frozenset({"owner", "privacy", "lawyer", "data", "department"}), value="nobody@example.com")],
    "customer": [get(f"/customers/{SUBJECT}", frozenset({"owner", "privacy", "lawyer", "data", "department", "auditor", "advisor"}))],
    "reveal": [post(f"/customers/{SUBJECT}/reveal", frozenset({"owner", "privacy", "lawyer", "data", "department"}), purpose="contract", reason="matrix", all="1")],
    "data": [get("/data"), post("/data", HANDS)], "intake": [get(f"/data/{INTAKE}")], "intake-again": [post("/data/{intake_cut}/again", HANDS)],
    "intake-discard": [post("/data/{intake_gone}/discard", HANDS)], "intake-mend": [post(f"/data/{INTAKE}/mend", HANDS)], "intake-change": [post(f"/data/{INTAKE}/change", HANDS, do="confirm", table="none", column="none")],
    "intake-read": [post(f"/data/{INTAKE}/read", HANDS, file="none", encoding="none")], "intake-sign": [post("/data/{intake_signed}/sign", SIGNERS, shown="{shown}")], "intake-seal": [post("/data/{intake_sealed}/seal", HANDS, vault="Not a name")],
    "copies": [get("/copies"), post("/copies", frozenset({"owner", "privacy", "data", "advisor"}), do="declare", name="x", kind="none")],
    "person-end": [get("/people/{goer}/end", frozenset({"owner"})), post("/people/{goer}/end", frozenset({"owner"}), step="do")],
    "person-roles": [get("/people/limo/roles", PAPERS), post("/people/limo/roles", frozenset({"owner"}), step="look", role="lawyer")],
    "person-reset": [get("/people/limo/reset", frozenset({"owner"}))],
    "people": [get("/people"), post("/people", frozenset({"owner"}), shown="x", handle="a" * 32, role="auditor")],
    "access": [
        get("/access"), post("/access", frozenset({"owner", "privacy", "lawyer", "data", "department"}), do="ask", tier="none"), post("/access", frozenset({"owner", "privacy"}), do="training", person="nobody"),
    ],
    "access-seen": [get("/access/by/zhouning", CHECKERS), post("/access/by/zhouning", frozenset({"owner", "auditor"}))], "access-why": [get("/access/why/{entry}", CHECKERS)],
    "identities": [get("/account/identities/"), post("/account/identities/", identity="0")],
    "identity-begin": [Row("/account/company/company/", form={}, open=True)], "dingtalk_callback": [get("/account/company/dingtalk/back/", open=True)],
    "openid_connect_callback": [get("/account/company/company/back/?code=x&state=x", open=True)],
    "parties": [get("/people/parties"), post("/people/parties")], "card": [get("/people/card")], "ledger": [get("/ledger")], **PAGES,
}  # fmt: skip
for _name, _rows in STEPS.items():
    ROUTES[_name] = [*ROUTES[_name], *_rows]
# allauth's own pages: what is switched off answers 404 to everybody; the rest is one's own account, whatever the role.
OWN = {
    "account_logout": "/account/logout/", "account_reauthenticate": "/account/reauthenticate/", "mfa_index": "/account/2fa/", "mfa_activate_totp": "/account/2fa/totp/activate/",
    "mfa_view_recovery_codes": "/account/2fa/recovery-codes/", "usersessions_list": "/account/sessions/",
}  # fmt: skip
OPEN = {"account_login", "mfa_authenticate"}
CLOSED = {
    "account_signup",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
}
ABSENT = {
    "/progress/nobody-gave-this": "a link that nobody gave, which is what is asked",
    "/arrivals/{arrival}/recall": "the seller of the rehearsal destroyed what it handed over and knows nobody to call back; web/test_later.py plays it",
    "/guardians/{gated}/{child}?step=look": "a picture comes by the child's own page alone, with a proof; portal/test_guardian_papers.py sends one",
    "/sample/enter": "a sample takes as long as this whole world to make; web/test_sample.py enters and leaves one",
}
"""Paths whose real request is not played here: why, and where it is."""
PREFIXES = ("account_", "mfa_", "usersessions_")


@dataclass
class World:
    """Two consoles, what a path needs to be filled in, and somebody signed in for every role."""

    served: dict[str, Served]
    names: dict[str, str]
    people: dict[tuple[str, str], Visitor] = field(default_factory=dict)
    outside: dict[tuple[str, str], Visitor] = field(default_factory=dict)
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def other(self, side: str) -> Visitor:
        """An owner of the other side of the deal, who is signed in there, with their session at this door."""
        theirs, made = self.people["buyer" if side == "seller" else "seller", "owner"], Visitor(self.served[side].base)
        made.plant(SESSION, theirs.cookie(SESSION))
        made.page = self.tokens["buyer" if side == "seller" else "seller", "owner"]
        return made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Iterator[World]:
    """A finished rehearsal, eight roles on each side."""
    where = tmp_path_factory.mktemp("matrix") / "demo"
    drawn(where, 60, draw).run()
    handles = {side: staff(where, side) for side in KNOWN}
    with ExitStack() as stack:
        told = services(where / "services")
        served = {side: stack.enter_context(serve(where / side, CUSTODY_CONSOLE_OIDC=told)) for side in KNOWN}
        made = World(served, filled(where))
        for side, people in handles.items():
            for handle, role in people.items():
                visitor = Visitor(served[side].base)
                visitor.sign_in(
                    handle,
                    (where / side / "keys" / "principals" / f"{handle}.pass").read_text(encoding="utf-8").strip(),
                )
                assert LOGIN not in visitor.at, (side, handle)
                of = made.outside if handle.startswith(OUTSIDE) else made.people
                of[side, role], page = visitor, visitor.get("/passphrase")
                made.tokens[side, handle if handle.startswith(OUTSIDE) else role] = page
        objects.received(where, made.names["arrival"])
        made.names |= objects.made(where, made.people, made.names["subject"])
        yield made


def staff(where: Path, side: str) -> dict[str, str]:
    """Somebody of every role that signs in."""
    people = dict(KNOWN[side])
    other = "buyer" if side == "seller" else "seller"
    with Half(side, where / side, where / other, "en") as half:
        for role in sorted(STAFF - set(people.values())):
            secret = half.secret(role)
            new_secret(secret)
            half.run(
                next(iter(people)), "principal", "new", role, "--roles", role, "--new-passphrase-file", str(secret)
            )
            people[role] = role
        let_in(half.run, "D-2026-0001", next(iter(people)))
        for role in sorted(STAFF - EVERY_DEAL):  # the same roles again, as members of nothing
            handle = people_outside(half, next(iter(people)), role)
            people[handle] = role
        half.run(next(iter(people)), "department", "join", "department", "service", "--until", "2026-07-31")
        if side == "seller":
            found = half.run("suhe", "deal", "customers", "D-2026-0001", "--verdict", "wait", "--most", "1")
            (where / "subject").write_text(found["customers"][0]["subject"])
        else:
            (where / "arrival").write_text(half.run("fanyuan", "arrival")["arrivals"][0]["id"])
    return people


def people_outside(half: Half, owner: str, role: str) -> str:
    secret = half.secret(f"{OUTSIDE}{role}")
    new_secret(secret)
    words = ("principal", "new", f"{OUTSIDE}{role}", "--roles", role, "--new-passphrase-file", str(secret))
    half.run(owner, *words)
    return f"{OUTSIDE}{role}"


def filled(where: Path) -> dict[str, str]:
    handover = where / "seller" / "matters" / "D-2026-0001" / "handover"
    handover.parent.mkdir(parents=True, exist_ok=True)
    (where / "handover").rename(handover)
    return {
        "deal": EXAMPLE,
        "subject": (where / "subject").read_text(),
        "arrival": (where / "arrival").read_text(),
    }


WALK = """
import django
django.setup()
from custody.web.console.urls import urlpatterns
def walk(patterns, before=""):
    for one in patterns:
        here = before + one.pattern.regex.pattern.removeprefix("^")
        if hasattr(one, "url_patterns"):
            walk(one.url_patterns, here)
        elif one.name:
            print(one.name, here)
walk(urlpatterns)
"""


def services(folder: Path) -> str:
    """Settings of sign-in services, so that their routes are there too; nobody answers at that address."""
    folder.mkdir(exist_ok=True)
    return str(settings(folder, PROVIDER.format(id="company", issuer=f"http://127.0.0.1:{port()}") + ROBOT))


def routes(folder: Path) -> dict[str, str]:
    """{name: pattern} of every route there is, in a process of its own: which there are hangs on the settings."""
    env = {
        **os.environ,
        "CUSTODY_HOME": str(folder),
        "CUSTODY_CONSOLE_OIDC": services(folder),
        "DJANGO_SETTINGS_MODULE": "custody.web.settings",
    }
    told = subprocess.run([sys.executable, "-c", WALK], env=env, capture_output=True, text=True, check=True)
    return dict(line.split(" ", 1) for line in told.stdout.splitlines())


def test_every_route_has_a_row(tmp_path):
    """A route that nobody thought about is a route that everybody may open."""
    named = set(routes(tmp_path))
    ours = {name for name in named if not name.startswith(PREFIXES)}
    assert ours == set(ROUTES)
    assert set(OWN) | OPEN <= named


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    return [*routes(tmp_path_factory.mktemp("known")).items()]


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if any(row.form is None for row in ROUTES[name])))
def test_no_form_is_offered_to_who_may_not_send_it(world, known, name):
    """A page as every role that opens it: what its forms send is let through to that role, by the rows above."""
    wrong = set[str]()
    for row in (row for row in ROUTES[name] if row.form is None and not row.open):
        for role in sorted(row.who & STAFF):
            visitor = world.people[row.side, role]
            page = visitor.get(row.path.format(**world.names))
            for form in forms(visitor.at.removeprefix(visitor.base), page):
                target = route(form.action, known)
                steps = [] if target.startswith(PREFIXES) else form.steps()
                wrong |= {
                    f"{name}: {target} {said} to {role}" for said in steps if may(role, ROUTES[target], said) is False
                }
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if any(row.form is None for row in ROUTES[name])))
def test_no_link_is_offered_to_who_may_not_open_it(world, known, name):
    """A page as every role that opens it: where it leads opens to that role; what no row gives them is tried, for it may be their own."""
    wrong = set[str]()
    for row in (row for row in ROUTES[name] if row.form is None and not row.open):
        for role in sorted(row.who & STAFF):
            visitor = world.people[row.side, role]
            page = visitor.get(row.path.format(**world.names))
            here = visitor.at.removeprefix(visitor.base)
            for link in links(here, page):
                target = route(link, known)
                if any(role in one.who for one in ROUTES.get(target, ()) if one.form is None) or target not in ROUTES:
                    continue
                visitor.get(link)
                wrong |= {f"{name}: {target} to {role}"} if visitor.status == 403 else set()
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_only_who_is_meant_is_let_through(world, name):
    """Each role gets what its row says; everybody else is refused, and a stranger is sent to sign in. What is asked for is there."""
    there = dict[str, set[int]]()
    for row in ROUTES[name]:
        path, form = row.path.format(**world.names), _form(row, world)
        for stranger in (Visitor(world.served[row.side].base), world.other(row.side)):
            asks(stranger, path, form)
            assert row.open or stranger.status in {403, 404} or LOGIN in stranger.at, f"a stranger at {path}"
        met = there.setdefault(row.path, set())
        for role in sorted(
            STAFF, key=lambda one: (one in row.who, one)
        ):  # who is meant last: it may be gone after them
            visitor = world.people[row.side, role]
            visitor.page = world.tokens[row.side, role]
            asks(visitor, path, form)
            assert visitor.status < 500, f"{role} at {path}: {visitor.status}"
            assert LOGIN not in visitor.at, f"{role} at {path} was signed out"
            assert (visitor.status == 403) == (role not in row.who), f"{role} at {path}: {visitor.status}"
            met |= {visitor.status} if role in row.who else set()
    assert [path for path, met in there.items() if met == {404} and path not in ABSENT] == []


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if any(row.form is None for row in ROUTES[name])))
def test_a_sheet_is_for_those_who_see_the_page(world, name):
    """Asked for as a file, a page is refused to the same people, and to every stranger."""
    for row in ROUTES[name]:
        if row.form is not None:
            continue
        path = row.path.format(**world.names)
        for stranger in (Visitor(world.served[row.side].base), world.other(row.side)):
            stranger.get(as_sheet(path))
            assert row.open or stranger.status in {403, 404} or LOGIN in stranger.at, f"a stranger at {path}"
            assert "attachment" not in stranger.said.get("Content-Disposition", "")
        for role in sorted(STAFF - row.who | set(sorted(row.who & STAFF)[:1])):
            visitor = world.people[row.side, role]
            visitor.get(as_sheet(path))
            assert visitor.status < 500, f"{role} at {path}: {visitor.status}"
            assert (visitor.status == 403) == (role not in row.who), f"{role} at {path} as a sheet: {visitor.status}"
            assert role in row.who or "text/csv" not in visitor.said["Content-Type"], f"{role} at {path}"


def of_deals() -> list[str]:
    """The routes of which a row names what belongs to a deal."""
    return sorted(name for name in ROUTES if any(_of_deal(row) for row in ROUTES[name]))


def _of_deal(row: Row) -> bool:
    return not row.open and any(f"{{{one}}}" in row.path for one in OF_DEALS)


@pytest.mark.parametrize("name", of_deals())
def test_to_who_is_no_member_a_deal_is_not_there(world, name):
    """Whatever belongs to a deal answers the same roles, members of nothing, as it answers for a name that nothing has; as a sheet too."""
    for row in filter(_of_deal, ROUTES[name]):
        path, form = row.path.format(**world.names), _form(row, world)
        none = row.path.format(**{**world.names, **OF_DEALS})
        for role in sorted(STAFF - EVERY_DEAL):
            visitor, met = world.outside[row.side, role], []
            for way in (path, none, *([as_sheet(path)] if form is None else [])):
                visitor.page = world.tokens[row.side, f"{OUTSIDE}{role}"]
                asks(visitor, way, form)
                assert LOGIN not in visitor.at, f"{role} at {way} was signed out"
                assert "attachment" not in visitor.said.get("Content-Disposition", "")
                assert not (way == path and of_vault(role, row)) or names_no_deal(world, visitor), f"{role} at {path}"
                met.append(visitor.status)
            if of_vault(role, row):
                continue
            assert set(met) <= {403, 404}, f"{role} at {path}: {met}"
            assert len(set(met)) == 1, f"{role} at {path}: {met}"


def of_vault(role: str, row: Row) -> bool:
    """What is held is asked of the vault: every privacy officer sees such a request, and nothing of the deal (decision 121)."""
    return role == "privacy" and any(f"{{{one}}}" in row.path for one in OF_VAULT)


def names_no_deal(world: World, visitor: Visitor) -> bool:
    return not any(one in visitor.page for one in (EXAMPLE, world.names["deal_id"]))


@pytest.mark.parametrize("side", sorted(KNOWN))
def test_no_page_names_a_deal_to_who_is_no_member(world, side):
    """Whatever else is open to the same roles holds no reference, address, task, request or campaign of it: as a page, a CSV and an XLSX."""
    paths = list(pages_of_no_deal(world, side))
    assert len(paths) > 10
    for role in sorted(STAFF - EVERY_DEAL):
        visitor, traces = world.outside[side, role], traces_of(world, side, role)
        for path in paths:
            for form in ("", "csv", "xlsx"):
                said = visitor.get(path) if not form else sheet_of(visitor, path, form)
                met = [one for one in traces if one in said and not (path == "/arrivals" and one == EXAMPLE)]
                assert met == [], f"{role} at {path} {form}"


def traces_of(world: World, side: str, role: str) -> list[str]:
    """What would tell of the deal; a request of the vault does not, to a privacy officer."""
    if side == "buyer":
        return [world.names["arrival"], EXAMPLE]
    known = ["deal_id", "override", "campaign", "publication", *(OF_VAULT if role != "privacy" else ())]
    return [EXAMPLE, f"/deals/{EXAMPLE}", objects.TASK, *(world.names[one] for one in known)]


def pages_of_no_deal(world: World, side: str) -> Iterator[str]:
    for name, rows in sorted(ROUTES.items()):
        everywhere = KNOWN if name in EVERYWHERE else ()
        for row in rows:
            if row.form is None and not row.open and not _of_deal(row) and side in {row.side, *everywhere}:
                yield row.path.format(**world.names)


def sheet_of(visitor: Visitor, path: str, form: str) -> str:
    """What a page's file says; '' where it is given none."""
    visitor.get(f"{path}{'&' if '?' in path else '?'}as={form}")
    kind = visitor.said["Content-Type"] if visitor.status == 200 else ""
    return str(visitor.sheet(path, form)) if "spreadsheetml" in kind else visitor.page if "text/csv" in kind else ""


@pytest.mark.parametrize("role", ["auditor", "department"])
def test_leaving_the_sample_is_open_to_whoever_is_signed_in(world, role):
    """It ends the session that asks, whatever the role, and no other one of theirs; a stranger, or a form of elsewhere without its mark, ends nobody's."""
    home, base = world.served["seller"].home, world.served["seller"].base
    stranger, here = Visitor(base), Visitor(base)
    stranger.get("/account/login/")
    stranger.post("/sample/leave")
    assert LOGIN in stranger.at or stranger.status == 403
    here.sign_in(role, (home / "keys" / "principals" / f"{role}.pass").read_text(encoding="utf-8").strip())
    assert LOGIN not in here.at
    here.page = ""
    here.post("/sample/leave")
    assert here.status == 403
    here.get("/passphrase")
    assert LOGIN not in here.at
    here.post("/sample/leave")
    assert LOGIN in here.at
    here.get("/passphrase")
    assert LOGIN in here.at
    other = world.people["seller", role]
    other.get("/passphrase")
    assert LOGIN not in other.at


def test_a_bell_counts_what_its_owner_sees(world):
    """Told while they were a member, they are told nothing once they are none: neither the bell nor the list; let in again, it is there."""
    home, reader = world.served["seller"].home, world.outside["seller", "lawyer"]
    handle, owner = f"{OUTSIDE}lawyer", world.people["seller", "owner"]
    says = {"step": "comment", "text": f"@{handle} the words of a closed deal"}
    with Half("seller", home, home.parent / "buyer", "en") as half:
        owner.get(f"/deals/{EXAMPLE}/together")
        owner.post(f"/deals/{EXAMPLE}/together", **says)
        assert EXAMPLE not in reader.get("/inbox")
        assert 'class="count"' not in reader.page
        half.run("suhe", "member", "add", EXAMPLE, handle, "--reason", "for a while")
        owner.post(f"/deals/{EXAMPLE}/together", **says)
        assert EXAMPLE in reader.get("/inbox")
        assert '<b class="count">1</b>' in reader.page
        half.run("suhe", "member", "end", EXAMPLE, handle, "--reason", "it is over")
    assert EXAMPLE not in reader.get("/inbox")
    assert 'class="count"' not in reader.page


def test_a_channel_tells_what_its_maker_sees(world):
    """A notice of a deal, and of its campaign, leaves by no channel of somebody who is no member; nor is it listed to them as sent by another's."""
    owner, reader = world.people["seller", "owner"], world.outside["seller", "privacy"]
    for visitor, name in ((owner, "seen by its owner"), (reader, "seen by no member")):
        visitor.get("/channels")
        visitor.post("/channels", do="new", kind="webhook", name=name, url="https://hooks.example.com/x", people="1")
        assert visitor.status == 200, visitor.page
    owner.get(f"/deals/{EXAMPLE}/together")
    owner.post(f"/deals/{EXAMPLE}/together", step="task", title="Told by a channel", whose="zhouning")
    sent = [row for row in owner.sheet("/channels?sheet=deliveries") if EXAMPLE in map(str, row)]
    assert any("seen by its owner" in row for row in sent), sent
    assert not any("seen by no member" in row for row in sent), sent
    assert EXAMPLE not in str(reader.sheet("/channels?sheet=deliveries"))


def test_there_are_routes_of_deals():
    """The rows above are most of the console's."""
    assert len(of_deals()) > 40


def test_what_is_not_there_is_in_a_row():
    """The list of what may be absent names rows, and no row that is gone."""
    assert set(ABSENT) <= {row.path for rows in ROUTES.values() for row in rows}


def test_nobody_of_the_other_side_signs_in_here(world):
    """Neither their passphrase nor their session opens anything of this side."""
    where = {side: world.served[side].home for side in KNOWN}
    for side, other in (("seller", "buyer"), ("buyer", "seller")):
        for handle in KNOWN[other]:
            secret = (where[other] / "keys" / "principals" / f"{handle}.pass").read_text(encoding="utf-8").strip()
            visitor = Visitor(world.served[side].base)
            visitor.sign_in(handle, secret)
            visitor.get(f"/deals/{world.names['deal']}")
            assert LOGIN in visitor.at, (side, handle)


def asks(visitor: Visitor, path: str, form: dict[str, str] | None) -> None:
    visitor.get(path) if form is None else visitor.post(path, **form)


def as_sheet(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}as=csv"


def _form(row: Row, world: World) -> dict[str, str] | None:
    return None if row.form is None else {name: value.format(**world.names) for name, value in row.form.items()}


def test_ones_own_account_is_everybodys_and_no_strangers(world):
    """Second factor, sessions and signing out are there for each role; what is switched off is there for nobody."""
    for role in ("operator", "auditor"):
        visitor = world.people["seller", role]
        for path in OWN.values():
            visitor.get(path)
            assert visitor.status in {200, 404}, path
            assert LOGIN not in visitor.at, path
    stranger = Visitor(world.served["seller"].base)
    for path in OWN.values():
        stranger.get(path)
        assert LOGIN in stranger.at or stranger.status in {403, 404}, path
    for path in ("signup/", "password/reset/", "password/change/", "password/set/", "email/"):
        for who in (stranger, world.people["seller", "owner"]):
            who.get(f"/account/{path}")
            assert who.status == 404 or LOGIN in who.at, path


@pytest.mark.parametrize("role", sorted(MACHINES))
def test_a_machine_signs_in_nowhere(world, role):
    """The portal's own principal has a key, and no page of the console opens by it; nor is the role offered there."""
    home = world.served["seller"].home
    secret = home / "keys" / "principals" / f"machine-{role}.pass"
    new_secret(secret)
    with Half("seller", home, home.parent / "buyer", "en") as half:
        half.run("suhe", "principal", "new", f"machine-{role}", "--roles", role, "--new-passphrase-file", str(secret))
    visitor = Visitor(world.served["seller"].base)
    visitor.sign_in(f"machine-{role}", secret.read_text(encoding="utf-8").strip())
    assert LOGIN in visitor.at
    visitor.get("/")
    assert LOGIN in visitor.at
    assert 'value="portal"' not in world.people["seller", "owner"].get("/people")
