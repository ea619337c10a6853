"""What the shell of every page needs."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from custody.acts.guardian_rows import READERS as GUARDIAN_READERS
from custody.acts.guardians import WHO_SEE
from custody.acts.incidents import DECIDERS, RECORDERS
from custody.acts.incidents import READERS as INCIDENT_READERS
from custody.acts.listed_places import KEEPERS as BACKERS
from custody.acts.members import WHOLE
from custody.acts.owning import HANDS as SEE_TO
from custody.acts.retiring import LOOKERS as TERM_LOOKERS
from custody.acts.retiring import RUNNERS
from custody.acts.set_aside import LOOKERS as ASIDE_LOOKERS
from custody.acts.signed_laws import SIGNERS as LAW_SIGNERS
from custody.acts.warned import ROLES as WARNERS
from custody.base.errors import CustodyError
from custody.services.access_set import SETTERS as POLICY_SETTERS
from custody.services.answers_take import LISTERS
from custody.services.backup_list import LOOKERS as BACKUP_LOOKERS
from custody.services.campaign_bounces import TAKERS as CAMPAIGN_TAKERS
from custody.services.campaign_letters import PRINTERS
from custody.services.campaign_new import PLANNERS
from custody.services.campaign_show import READERS as CAMPAIGN_READERS
from custody.services.certificate import READERS as CERTIFICATE_READERS
from custody.services.consent_import import IMPORTERS
from custody.services.copy_account import ROLES as ACCOUNTERS
from custody.services.copy_declare import ROLES as DECLARERS
from custody.services.correction_new import TAKERS as CORRECTION_TAKERS
from custody.services.customer import ROLES as CUSTOMER_READERS
from custody.services.datamap_accept import SIGNERS
from custody.services.deal_abort import BREAKERS
from custody.services.deal_close import CLOSERS as DEAL_CLOSERS
from custody.services.deal_facts import TELLERS
from custody.services.deal_new import OPENERS
from custody.services.deal_return import RETURNERS
from custody.services.deal_told import TELLERS as ITEM_TELLERS
from custody.services.deal_windup import WINDERS
from custody.services.document import READERS as PAPER_MAKERS
from custody.services.document_file import FILERS
from custody.services.drill import DRILLERS
from custody.services.erase import ERASERS
from custody.services.evidence_correct import CORRECTORS
from custody.services.export import EXPORTERS
from custody.services.freshness_review import REVIEWERS
from custody.services.gate import GATERS
from custody.services.hold import KEEPERS as HOLDERS
from custody.services.invite import INVITERS
from custody.services.invite_take import INVITE_TAKERS
from custody.services.ledger_part import READERS as PART_READERS
from custody.services.lookup import FINDERS
from custody.services.override_end import ENDERS as OVERRIDE_ENDERS
from custody.services.override_new import LAWYERS
from custody.services.paper_take import PAPER_TAKERS
from custody.services.reconcile import ACCOUNT_READERS, AGREE
from custody.services.recovery_attest import ATTESTERS
from custody.services.recovery_lost import LOOKERS as LOST_LOOKERS
from custody.services.request_answer import PACKERS
from custody.services.request_close import CLOSERS
from custody.services.request_list import READERS
from custody.services.request_new import TAKERS as REQUEST_TAKERS
from custody.services.request_show import READERS as REQUEST_READERS
from custody.services.residency_allow import ALLOWERS
from custody.services.residency_end import ENDERS
from custody.services.retention_set import SETTERS as TERM_SETTERS
from custody.services.reveal import ROLES as LOOKERS
from custody.services.seal import SEALERS
from custody.services.token_revoke import REVOKERS
from custody.services.vault_check import CHECKERS
from custody.services.work_close import CLOSERS as WORK_CLOSERS
from custody.services.work_list import READERS as WORK_READERS
from custody.web.console.catalogue import entries, lang
from custody.web.console.house import seat
from custody.web.console.models import Person
from custody.web.console.notices import waiting
from custody.web.console.signin import seen
from custody.web.console.views.accounts import CARRIERS
from custody.web.console.views.data import HANDS
from custody.web.console.views.together import SHOWS, WORKS
from custody.web.console.whence import here

# Which part of the menu an address belongs to: (group, page).
PLACES: Final = {
    "deals": ("deal", "board"), "deal-new": ("deal", "new"), "deal": ("deal", ""), "deal-facts": ("deal", ""), "verdicts": ("deal", ""),
    "verdict": ("deal", ""), "ceremony": ("deal", ""), "data": ("data", "sources"), "intake": ("data", "sources"),
    "arrivals": ("deal", "arrivals"), "arrival": ("deal", "arrivals"), "account": ("deal", ""), "answers": ("deal", ""), "work": ("data", ""),
    "customers": ("people", "find"), "customer": ("people", "find"), "correct": ("people", "find"), "reveal": ("people", "find"), "copies": ("data", "copies"), "residency": ("data", "residency"), "incidents": ("data", "incidents"), "incident": ("data", "incidents"), "incident-draft": ("data", "incidents"), "holds": ("data", "holds"), "hold-end": ("data", "holds"), "retention": ("data", "retention"), "retention-terms": ("data", "retention"), "retention-run": ("data", "retention"), "backups": ("data", "backups"), "attest": ("data", "backups"), "backup-forget": ("data", "backups"), "death": ("deal", ""), "people": ("office", "people"), "person-end": ("office", "people"), "person-roles": ("office", "people"), "recovery": ("office", "recovery"), "parties": ("office", "parties"), "passphrase": ("office", "passphrase"),
    "person-reset": ("office", "people"),
    "quarantine": ("data", "quarantine"),
    "interview": ("deal", ""), "deal-said": ("deal", ""), "deal-fact": ("deal", ""), "deal-ends": ("deal", ""), "deal-end": ("deal", ""), "deal-duties": ("deal", ""), "deal-papers": ("deal", ""), "deal-tell": ("deal", ""),
    "deal-paper": ("deal", ""), "whatif": ("deal", ""), "overrides": ("deal", ""), "due": ("deal", "due"), "house-laws": ("office", "laws"), "together": ("deal", ""),
    "campaigns": ("people", "campaigns"), "campaign": ("people", "campaigns"), "campaign-out": ("people", "campaigns"), "publications": ("people", "publications"), "publication": ("people", "publications"), "open-work": ("people", "open-work"), "requests": ("people", "requests"), "request": ("people", "requests"), "request-pack": ("people", "requests"), "request-erase": ("people", "requests"), "freshness": ("people", "freshness"), "guardians": ("people", "guardians"), "guardian": ("people", "guardians"),
    "access": ("office", "access"), "access-seen": ("office", "access"), "customer-seen": ("people", "find"), "access-why": ("office", "access"),
    "identities": ("office", "identity"), "channels": ("office", "channels"), "policy": ("office", "access"), "tokens": ("office", "tokens"), "reveal-many": ("people", "many"),
    "control": ("deal", ""), "releases": ("deal", ""), "arrival-recall": ("deal", "arrivals"), "arrival-out": ("deal", "arrivals"),
    "ledger": ("proof", "ledger"), "checks": ("proof", "check"), "usersessions_list": ("office", "sessions"),
}  # fmt: skip

# What only some may open is not offered to the others.
MAY: Final[Mapping[str, frozenset[str]]] = {
    "arrival-take": frozenset(("data", "owner")), "end-paper": frozenset(PAPER_TAKERS), "arrival-new": frozenset(INVITERS), "find": frozenset(FINDERS), "campaign-new": frozenset(PLANNERS), "campaign-take": frozenset(CAMPAIGN_TAKERS), "campaign-reply": frozenset(SEE_TO), "campaign-letters": frozenset(PRINTERS), "fact": frozenset(TELLERS),
    "house-laws": frozenset(LAW_SIGNERS), "override-end": frozenset(OVERRIDE_ENDERS), "policy-set": frozenset(POLICY_SETTERS), "token-revoke": frozenset(REVOKERS), "retention-run": frozenset(RUNNERS),
    "paper-make": frozenset(PAPER_MAKERS), "together": frozenset(WORKS), "window": frozenset(SHOWS), "deal-abort": frozenset(BREAKERS), "deal-close": frozenset(DEAL_CLOSERS), "deal-windup": frozenset(WINDERS), "deal-return": frozenset(RETURNERS),
    "deal-new": frozenset(OPENERS), "deal-gate": frozenset(GATERS), "channels": frozenset(("owner", "privacy")), "tokens": frozenset(("owner", "privacy", "auditor")), "timer": frozenset(("owner",)), "control-do": frozenset(("owner",)), "recovery": frozenset(("owner",)),
    "quarantine": frozenset(ASIDE_LOOKERS), "deal-tell": frozenset(ITEM_TELLERS),
    "invite-take": frozenset(INVITE_TAKERS), "evidence": frozenset(PAPER_TAKERS),
    "attest": frozenset(ATTESTERS), "lost": frozenset(LOST_LOOKERS),
    "reveal": frozenset(LOOKERS), "override": frozenset(LAWYERS), "copy-account": frozenset(ACCOUNTERS), "copy-declare": frozenset(DECLARERS), "bring": frozenset(HANDS), "map-sign": frozenset(SIGNERS), "map-seal": frozenset(SEALERS),
    "answers-take": frozenset(IMPORTERS), "answers-list": frozenset(LISTERS), "paper-file": frozenset(FILERS), "receipt": AGREE, "residency": frozenset(ALLOWERS), "incidents": frozenset(INCIDENT_READERS), "incident-record": frozenset(RECORDERS), "incident-decide": frozenset(DECIDERS), "residency-end": frozenset(ENDERS), "hold": frozenset(HOLDERS), "retention": frozenset(TERM_LOOKERS), "retention-set": frozenset(TERM_SETTERS), "backup": frozenset(BACKERS), "backup-forget": frozenset(("owner",)), "backups": frozenset(BACKUP_LOOKERS), "drill": frozenset(DRILLERS), "vault-check": frozenset(CHECKERS), "death": frozenset(CORRECTORS), "correct": frozenset(CORRECTION_TAKERS), "request-new": frozenset(REQUEST_TAKERS), "request-read": frozenset(REQUEST_READERS), "request-close": frozenset(CLOSERS), "request-pack": frozenset(PACKERS), "request-erase": frozenset(ERASERS), "campaigns": frozenset(CAMPAIGN_READERS), "publication-new": frozenset(("owner", "privacy", "lawyer")), "publications": frozenset(("owner", "privacy", "lawyer", "data", "auditor", "advisor")), "requests": frozenset(READERS), "open-work": frozenset(WORK_READERS), "work-close": frozenset(WORK_CLOSERS), "freshness": frozenset(READERS), "freshness-review": frozenset(REVIEWERS), "freshness-warn": frozenset(WARNERS), "guardians": frozenset(GUARDIAN_READERS), "guardian-prove": frozenset(WHO_SEE), "access-why": frozenset(("owner", "privacy", "lawyer", "auditor")), "account-give": frozenset(WHOLE), "account": ACCOUNT_READERS, "certificate": frozenset(CERTIFICATE_READERS), "handover": frozenset(CARRIERS), "export": frozenset(EXPORTERS), "customer": frozenset(CUSTOMER_READERS), "ledger-part": frozenset(PART_READERS),
}  # fmt: skip


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu, language, who is here."""
    user = request.user if hasattr(request, "user") else None
    person = user if isinstance(user, Person) else None
    name = request.resolver_match.url_name if request.resolver_match else ""
    group, sub = PLACES.get(name or "", ("office", "mfa") if (name or "").startswith("mfa_") else ("", ""))
    return {
        "lang": lang(),
        "person": person,
        "group": group,
        "sub": sub,
        "path": here(request),
        "query": _query(request),
        "hidden": SimpleLazyObject(lambda: _hidden(request, person)),
        "zone": timezone.get_current_timezone_name(),
        "waiting": waiting(person) if person else 0,
        "sample": bool(person and person.place),
        "identity": _identity(request)
        if settings.OIDC.services and not person and hasattr(request, "session")
        else None,
        "by_identity": bool(settings.OIDC.services),
    }


def _identity(request: HttpRequest) -> dict[str, Any]:
    """What the page of signing in says of the company's service; a name only to the browser in which the service said it."""
    who = Person.objects.filter(pk=seen(request), is_active=True).first()
    asked = request.GET.get("identity", "")
    return {
        "services": () if who else settings.OIDC.services,
        "who": who,
        "why": asked if f"identity_why.{asked}" in entries() else "",
    }


def _hidden(request: HttpRequest, person: Person | None) -> frozenset[str]:
    """What the person's roles do not open; a page that sat at no desk looks them up when its menu is drawn."""
    roles = getattr(request, "roles", None)
    if roles is None and person is not None:
        roles = _roles(person)
    return frozenset() if roles is None else frozenset(name for name, who in MAY.items() if not roles & who)


def _roles(person: Person) -> frozenset[str] | None:
    try:
        with seat(person.handle, None) as at:
            return at.principal.roles
    except CustodyError:  # the page is of that very fault, or of whoever acts here no more
        return None


def _query(request: HttpRequest) -> str:
    """The address's own questions without which page of a list and in which form, to be followed by another."""
    kept = request.GET.copy()
    for name in ("as", "sheet", "page", "before", "after"):
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""
