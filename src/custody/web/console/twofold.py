"""Two people for one act, by browser: the first fills in and is shown a rehearsal, the second confirms exactly that, the first does it.

The rehearsal names what is approved by its hash; whoever may approve but not act sees what the first was shown. The
approval itself is signed and kept by the core, which asks for it again when the act is done.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, QueryDict

from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Denied, Malformed
from custody.services.approve import approve
from custody.services.approve_list import approve_list
from custody.services.second_key import second_key
from custody.web.console import asks, jobs
from custody.web.console.behind import answered, carry
from custody.web.console.factor import has_factor, six_digits
from custody.web.console.middleware import told
from custody.web.console.models import Ask, Person, Work
from custody.web.console.notices import DROPPED, confirmed, settled, tell_approvers, tell_of

Said = Mapping[str, Any]
STEPS: Final = ("look", "ask", "approve", "do", "drop")


@dataclass(frozen=True, slots=True)
class Act:
    """`read` takes the first person's form, `dry` rehearses it, `do` does it; `figures` are (words' key, value) of a rehearsal."""

    name: str
    read: Callable[[QueryDict], Said]
    dry: Callable[[Desk, Said], Mapping[str, Any]]
    do: Callable[[Desk, Said], Mapping[str, Any]]
    figures: Callable[[Mapping[str, Any]], list[tuple[str, Any]]] = field(default=lambda _: [])
    at_once: bool = False
    """Nothing is to be filled in: the rehearsal is shown as soon as the page is opened."""
    behind: str = ""
    """The kind of job as which it is done, where it may take long; `back` is where its reader goes then."""
    back: str = ""
    doers: tuple[str, ...] = ()
    """Who does it, where others may rehearse it too: nobody else asks for it."""
    by_name: bool = False
    """What is approved names who asks: whoever confirms sees what the first was shown, and the core compares when it is done."""


@dataclass(slots=True)
class Scene:
    """Where the two people are with one act about one matter."""

    act: Act
    about: str
    ref: str
    request: HttpRequest
    at: Desk
    url: str = ""
    """Where the second person finds it, when not where the first is."""
    able: bool | None = None
    """Whether whoever looks may do the act, as far as it was rehearsed for them."""

    @property
    def asked(self) -> Ask | None:
        """What the first person asks the second to confirm."""
        return asks.asked(self.at, self.person, self.about, self.act.name, self.ref)

    @property
    def person(self) -> Person:
        """Who has this page open."""
        person = self.request.user
        assert isinstance(person, Person)
        return person

    @property
    def busy(self) -> Work | None:
        """The act, while it is done behind the page."""
        return jobs.underway(self.act.behind, self._job) if self.act.behind else None

    @property
    def last(self) -> Work | None:
        """The act as it was done last behind the page."""
        return jobs.last(self.act.behind, self._job) if self.act.behind else None

    @property
    def _job(self) -> str:
        """Homes that one console serves have the same words for matters of their own."""
        return f"{self.person.place}:{self.about}"

    def step(self) -> Mapping[str, Any] | None:
        """Take one step of the form. Returns what came of the act when it was done."""
        name, asked = self.request.POST.get("step"), self.asked
        if name not in STEPS:
            raise Malformed("console.step", "This form is of no step.", next="Open the page again.")
        if name == "approve":
            self.at.require(sorted(APPROVERS))
        elif name in {"ask", "do"} or (name == "drop" and asked is None):
            self._may(asked)
        if name == "drop" and asked is not None:
            self._drop(asked)
        elif name == "ask":
            self._ask()
        elif name in {"approve", "do"}:
            return self._confirm(name, self._same(asked))
        return None

    def page(self) -> dict[str, Any]:
        """What its template shows: the form, or the rehearsal with both people."""
        asked, page = self.asked, {"mfa": has_factor(self.request), "refusal": None, "dry": None}
        looking = self.act.at_once or self.request.POST.get("step") == "look"
        looked = self.act.read(self.request.POST) if looking else None
        said = asked.said["given"] if asked else looked
        if said is None:
            return page
        try:
            dry = self._rehearsed(said, asked)
        except CustodyError as error:
            return {**page, "refusal": told(error), "said": said, "asked": asked}
        return {**page, **self.shown(said, dry, asked)}

    def shown(self, said: Said, dry: Mapping[str, Any], asked: Ask | None) -> dict[str, Any]:
        """The rehearsal with both people."""
        content = _content(dry)
        listed: Any = approve_list(self.at, self.act.name, content)["approvals"]
        signed = named(self.request, (one for one in listed if not one["mine"]))
        return {
            "said": said, "dry": dry, "content": content, "figures": self.act.figures(dry), "asked": asked, "moved": bool(asked and asked.content != content),
            "signed": signed, "hand": hand(self.at, asked, self.person, signed), "mine": any(one["mine"] for one in listed),
            "first": asked is None or asked.by_id == self.request.user.pk, "may_drop": asked is not None and self._may_drop(asked),
        }  # fmt: skip

    def _may(self, asked: Ask | None) -> None:
        """Whoever could not do it asks nobody, and is told so first where nobody is asked for anything. Raises Denied."""
        if self.act.doers:
            self.at.require(self.act.doers)
        if asked is not None:
            return
        try:
            self.act.dry(self.at, self.act.read(self.request.POST))
        except Denied:
            raise
        except CustodyError:
            return

    def _drop(self, asked: Ask) -> None:
        """Whoever asked is told, when it was somebody else. Raises Denied `console.first`."""
        if not self._may_drop(asked):
            raise not_theirs()
        with transaction.atomic():
            asked.delete()
            settled(self.request, self.at, self.url)
            tell_of(self.at, [asked.by], DROPPED, self.ref, self.url or self.request.path, self.person)

    def _may_drop(self, asked: Ask) -> bool:
        """Whoever asked, and whoever may do the same: one who is away blocks nobody."""
        if asked.by_id == self.person.pk:
            return True
        if self.able is None:
            self.able = able(lambda: self.act.dry(self.at, asked.said["given"]))
        return self.able

    def _rehearsed(self, said: Said, asked: Ask | None) -> Mapping[str, Any]:
        if asked is not None and self._named_another(asked):
            return dict(asked.said["told"])
        try:
            dry = self.act.dry(self.at, said)
        except Denied as error:
            self.able = False
            if error.slug != "act.role" or asked is None or not self.at.principal.roles & APPROVERS:
                raise
            return dict(asked.said["told"])
        self.able = True
        return dry

    def _named_another(self, asked: Ask) -> bool:
        other = asked.by_id != self.request.user.pk
        return other and self.act.by_name and bool(self.at.principal.roles & APPROVERS)

    def _ask(self) -> None:
        """A second person is asked for what this page showed the first. Raises Malformed `console.moved`, Denied `console.first` while a colleague's asking waits."""
        waiting = self.asked
        if waiting is not None and self._waits(waiting):
            self._mine(waiting)
        said = self.act.read(self.request.POST)
        dry = self.act.dry(self.at, said)
        if not _content(dry) or _content(dry) != self.request.POST.get("content"):
            raise _moved()
        told = {"given": dict(said), "told": dict(dry)}
        with transaction.atomic():  # an asking of which nobody is told would wait for nobody
            asks.ask(self.person, self.about, self.act.name, content=_content(dry), said=told)
            tell_approvers(self.request, self.at, self.ref, self.url)

    def _waits(self, asked: Ask) -> bool:
        """Whether it can still be confirmed: what would do something else by now bars nobody."""
        try:
            return _content(self._rehearsed(asked.said["given"], asked)) == asked.content
        except CustodyError:
            return False

    def _same(self, asked: Ask | None) -> Ask:
        """What is asked for now is what this page showed. Raises Malformed `console.moved`."""
        shown = asked is not None and asked.content == self.request.POST.get("content")
        if asked is not None and shown and _content(self._rehearsed(asked.said["given"], asked)) == asked.content:
            return asked
        raise _moved()

    def _confirm(self, name: str, asked: Ask) -> Mapping[str, Any] | None:
        person = self.person
        if name == "do" and self.request.POST.get("ref", "").strip() != self.ref:
            raise Malformed(
                "console.reference", "The reference typed is not this deal's.", next="Type it as it stands above."
            )
        if name == "approve":
            second(asked, person)
        six_digits(person, self.request.POST.get("code", ""))
        if name == "approve":
            approve(self.at, self.act.name, asked.content)
            confirmed(self.request, self.at, asked.by, self.ref, self.url)
            return None
        self._mine(asked)
        return self._behind(asked) if self.act.behind else self._done(self.at, asked)

    def _behind(self, asked: Ask) -> Mapping[str, Any]:
        act = self.act
        return answered(carry(self.request, act.behind, self._job, lambda at: self._done(at, asked), back=act.back))

    def _done(self, at: Desk, asked: Ask) -> Mapping[str, Any]:
        done = self.act.do(at, asked.said["given"])
        with transaction.atomic():
            asked.delete()
            settled(self.request, at, self.url)
        return done

    def _mine(self, asked: Ask) -> None:
        if asked.by_id != self.request.user.pk:
            raise not_theirs()


def able(rehearse: Callable[[], object]) -> bool:
    """Whether an act is open to whoever rehearses it: what stands in its way otherwise is not about them."""
    try:
        rehearse()
    except Denied:
        return False
    except CustodyError:
        return True
    return True


def hand(at: Desk, asked: Ask | None, here: Person, signed: Sequence[Said]) -> Said:
    """Whether one of the two made the other's key: of whoever asked, and whoever signed or is asked to sign on this page."""
    if asked is None:
        return {}
    second = here.principal if asked.by_id != here.pk else str(signed[0]["principal"]) if signed else ""
    return second_key(at, asked.by.principal, second) if second else {}


def not_theirs() -> Denied:
    """Somebody else asked for it."""
    return Denied(
        "console.first",
        "It is done by whoever asked.",
        next="Ask them; whoever may do the same takes their request back.",
    )


def second(asked: Ask | None, person: Person) -> None:
    """Whoever asked is not the second person as well, by whichever session. Raises Denied `console.second`."""
    if asked is not None and asked.by_id == person.pk:
        raise Denied("console.second", "Whoever asked does not confirm it as well.", next="Somebody else confirms.")


def named(request: HttpRequest, approvals: Iterable[Said]) -> list[dict[str, Any]]:
    """Confirmations by the names of people, where this console knows them."""
    rows, me = list(approvals), request.user
    assert isinstance(me, Person)
    beside = me.username.removesuffix(me.handle)
    people = Person.objects.filter(username__in=[beside + one["by"] for one in rows])
    known, keys = {one.handle: str(one) for one in people}, {one.handle: one.principal for one in people}
    return [{**one, "by": known.get(one["by"], one["by"]), "principal": keys.get(one["by"], "")} for one in rows]


def _moved() -> Malformed:
    return Malformed("console.moved", "The figures changed since this page was shown.", next="Look at them again.")


def _content(dry: Mapping[str, Any]) -> str:
    """What the second person signs; nothing where it is done, or something must be said first."""
    return str(dry.get("would", {}).get("approve", ("", ""))[1])
