"""The only place that picks adapters: it turns a home and a person into the desk that verbs work at."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from custody import scheduled
from custody.acts import escrow, lawbook
from custody.acts.desk import Desk, day_at
from custody.acts.drilling import Room, Rooms
from custody.acts.mirroring import mirrored
from custody.acts.people import at_work, by_handle, theirs
from custody.acts.restoring import Blank
from custody.acts.schedule import Task
from custody.acts.sheets import typed
from custody.acts.signed_laws import accepted
from custody.acts.tokens import Token, opened
from custody.adapters import faultlog, guarded
from custody.adapters import home as homes
from custody.adapters.clocks import clock
from custody.adapters.clocks import restoring as restoring_clock
from custody.adapters.files.local import LocalFiles
from custody.adapters.keys.configured import PROVIDERS, USED
from custody.adapters.keys.configured import settings as key_settings
from custody.adapters.keys.signers import signer as _signer
from custody.adapters.laws.bundled import BundledLaws
from custody.adapters.mail.smtp import relay_at
from custody.adapters.notify import configured as notifiers
from custody.adapters.notify.address import networks
from custody.adapters.pdf.typst import render
from custody.adapters.served import restoring, served
from custody.adapters.sources.counted import CountedOpener
from custody.adapters.sources.opener import FileOpener
from custody.adapters.stores.engines import ENGINES
from custody.adapters.targets.csv import CsvTarget
from custody.adapters.targets.sqlite import SqliteTarget
from custody.adapters.texts.configured import texter as made_texter
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.base.errors import Malformed, Missing
from custody.base.signing import Signer
from custody.model.party import MACHINES, PartyCard, Principal
from custody.ports.files import Files
from custody.ports.host import PARTY_KEY, Host
from custody.ports.laws import Laws
from custody.ports.mail import Mailer
from custody.ports.notifier import Notifier
from custody.ports.source import SourceOpener
from custody.ports.store import Store, one
from custody.ports.target import Target
from custody.ports.texts import Texter
from custody.services.init import Founding, init
from custody.services.restore import restore_finish, restore_load

NOTIFIERS: Final = notifiers.KINDS
"""Kinds of places outside that are told: messengers' robots and the webhooks of machines."""

KEY_PROVIDERS: Final = PROVIDERS
"""Where roots may be kept, by name."""

keep_open: Final = ENGINES.keep
"""Connections to stores stay open from here on: for a process that serves until it ends."""


def guard() -> None:
    """No core dump of this process, and nobody of its user looks into it: before it holds a key."""
    guarded.guard()


def found(
    where: Path | None, founding: Founding, *, region: str, own_secret: Path, rehearsal_at: str | None,
    store_url: str | None = None, store_password: Path | None = None, keys: tuple[str, Mapping[str, str | int]] | None = None,
) -> Mapping[str, Json]:  # fmt: skip
    """Make a home with its store, keys and first principal; `keys` is a key provider and its settings. Safe to run again."""
    root = homes.find(where)
    if (root / homes.CONFIG).is_file():
        home = homes.load(root)
    else:
        at = homes.StoreAt.told(store_url, store_password)
        told = key_settings({USED: keys[0], keys[0]: keys[1]} if keys else {})
        home = homes.create(
            root, party=ids.new("pty"), region=region, rehearsal=rehearsal_at is not None, store=at, keys=told
        )
        home.provider().find("vlt", 0)  # before anything is founded on it
    if rehearsal_at is not None:
        home.set_simulated(parse(rehearsal_at))
    store = home.open_store()
    try:
        with store.read() as tx:
            mine = one(tx, "party", own="yes")
        party = str(mine["id"]) if mine else home.party
        secret, own = home.host_passphrase(), homes.read_passphrase(own_secret)
        result = init(store, home.files, clock(home, store), founding, party=party, secret=secret, own_secret=own)
        homes.publish(replace(home, party=party, region=region))
        return {**result, "home": root.name, "rehearsal": home.rehearsal}
    finally:
        store.close()


@contextmanager
def desk(
    where: Path | None, acting: str | None, passphrase_file: Path | None, password: Path | None = None, *, behind: bool = False
) -> Iterator[Desk]:  # fmt: skip
    """The desk of the acting person in the home; `password` holds that of a database to read, `behind` lets them put right that the clock was ahead.

    Raises Missing, Malformed, Denied when any of it is not there.
    """
    home = homes.load(homes.find(where))
    homes.settle(home)
    store = home.open_store()
    try:
        handle = acting or os.environ.get("CUSTODY_AS")
        if not handle:
            raise Missing("act.nobody", "Say who acts.", next="Use --as HANDLE or CUSTODY_AS.")
        card = own_card(store)
        person = by_handle(store, card.id, handle)
        actor = _signer(home.files.read(_key_file(handle)), passphrase(passphrase_file))
        opener = FileOpener(password=password, aside=home.aside)
        yield from _seated(home, store, card, person, actor, opener, behind=behind)
    finally:
        store.close()


@contextmanager
def desk_for(
    where: Path | None, handle: str, actor: Signer | None, sources: SourceOpener | None = None
) -> Iterator[Desk]:
    """The desk of a person whose key is open already (a face that keeps it in memory): see `unlock`. Without a key, to read for them."""
    home = homes.load(homes.find(where))
    homes.settle(home)
    store = home.open_store()
    try:
        card = own_card(store)
        yield from _seated(
            home, store, card, by_handle(store, card.id, handle), actor, sources or FileOpener(aside=home.aside)
        )
    finally:
        store.close()


@contextmanager
def desk_of_token(where: Path | None, given: str) -> Iterator[tuple[Token, Desk]]:
    """The desk of a machine by the token it sent. Raises Denied `api.token`, the same for whatever is wrong with it."""
    home = homes.load(homes.find(where))
    homes.settle(home)
    store = home.open_store()
    try:
        card = own_card(store)
        today = day_at(card.place, lawbook.zones(laws()), clock(home, store).now())
        token, secret = opened(store, card.id, given, today)
        actor = _signer(home.files.read(_key_file(token.handle)), secret)
        person, files = by_handle(store, card.id, token.handle), FileOpener(aside=home.aside)
        seated = _seated(home, store, card, person, actor, files)
        yield from ((token, made) for made in seated)
    finally:
        store.close()


def unlock(where: Path | None, handle: str, secret: bytes) -> tuple[str, Signer]:
    """(id, open key) of the live principal `handle`. Raises Missing, Denied, Broken: whoever asks must not say which."""
    home = homes.load(homes.find(where))
    with closing(home.open_store()) as store:
        person = by_handle(store, own_card(store).id, handle)
    return person.id, theirs(person, Signer.open_private(home.files.read(_key_file(handle)), secret))


def is_machine(where: Path | None, handle: str) -> bool:
    """Whether a principal is a process, not a person: such a one signs in nowhere."""
    with closing(homes.load(homes.find(where)).open_store()) as store:
        return bool(by_handle(store, own_card(store).id, handle).roles & MACHINES)


def is_home(where: Path | None) -> bool:
    """Whether a custody home was made there."""
    return (homes.find(where) / homes.CONFIG).is_file()


def serving(home: Path) -> int | None:
    """Hold the home as its one console while the descriptor is open; None while another one does."""
    return served(home)


def home_folder(where: Path | None) -> Path:
    """Where the home lies, made or not yet."""
    return homes.find(where).resolve()


def _seated(
    home: homes.Home, store: Store, card: PartyCard, person: Principal, actor: Signer | None, sources: SourceOpener, *, behind: bool = False
) -> Iterator[Desk]:  # fmt: skip
    host = home.host_passphrase()
    made = Desk(
        store=store,
        files=home.files,
        clock=clock(home, store, behind_too=behind),
        keys=home.provider(),
        sources=sources,
        card=card,
        signer=_signer(home.files.read(PARTY_KEY), host),
        principal=person,
        actor=at_work(person, actor),
        rehearsal=home.rehearsal,
        outside=home.outside,
        finder=home.finder(store),
        spills=home.spills(),
        region=home.region,
        zones=lawbook.zones(laws()),
        rotation=home.rotation,
    )
    yield made
    mirrored(made)  # an act that is committed stands, whether or not its mirror answers


def _key_file(handle: str) -> str:
    return f"keys/principals/{handle}.key"


def restored(
    where: Path | None, place: str, sheets: Sequence[tuple[str, str]], acting: str | None, passphrase_file: Path | None, beyond: int | None = None
) -> Mapping[str, Json]:  # fmt: skip
    """Restore the home from `place`. The new store takes its name when it is whole; after a crash the rest is done. Raises Unavailable `restore.busy` while another one works."""
    home = homes.load(homes.find(where))
    with restoring(home.root):
        homes.settle(home)
        if (at := home.store_place()).empty() or not founded(where):
            store = home.open_beside()
            try:
                blank = Blank(home.party, store, home.files, home.provider(), home.outside, home.outside.backup(place))
                restore_load(blank, sheets, lambda held: restoring_clock(home, held), beyond)
            finally:
                store.close()
            at.take()
        with desk(where, acting, passphrase_file) as held:
            return restore_finish(held)


def rooms(where: Path | None) -> Rooms:
    """Where a restore of this home is rehearsed from a place for backups: beside it, for as long as it takes."""

    @contextmanager
    def room(place: str) -> Iterator[Room]:
        home, began = homes.load(homes.find(where)), time.monotonic()
        with home.beside() as (store, files, free):
            blank = Blank(home.party, store, files, home.provider(), home.outside, home.outside.backup(place))
            yield Room(blank, free, lambda: int(time.monotonic() - began))

    return room


def founded(where: Path | None) -> bool:
    """Whether the store answers and says whose it is: a command after a loss leaves an empty one behind."""
    with closing(homes.load(homes.find(where)).open_store()) as store, store.read() as tx:
        return tx.count("party", own="yes") == 1


def host(where: Path | None) -> Host:
    """What keeps the secrets of the home on this host."""
    return homes.HomeHost(homes.load(homes.find(where)))


def own_card(store: Store) -> PartyCard:
    """The card of the party whose home this is."""
    with store.read() as tx:
        row = one(tx, "party", own="yes")
    if row is None:
        raise Missing("home.empty", "This home was not finished.", next="Run custody init again.")
    return PartyCard.from_json(canonical.decode(cast("bytes", row["card"])))


def due_tasks(where: Path | None) -> tuple[Task, ...]:
    """What `custody due` runs in this home, in order."""
    return scheduled.tasks(homes.load(homes.find(where)).due)


def sources(
    encodings: Mapping[str, str] | None = None, password: Path | str | None = None, tell: Callable[[int], None] | None = None, where: Path | None = None
) -> SourceOpener:  # fmt: skip
    """Readers of files and databases; `encodings` holds people's answers by file, `password` a database's password or the file with it.

    What they unpack lies in the home, or where there is none that may be written to, in this host's temporary folder. `tell` is told how many rows have passed; raising there stops the reading.
    """
    opener = FileOpener(encodings, password, homes.aside_at(homes.find(where)))
    return CountedOpener(opener, tell) if tell is not None else opener


def laws(folder: Path | None = None) -> Laws:
    """The law packs that ship with custody, or those of a folder. Raises Missing `law.folder`."""
    if folder is not None and not folder.is_dir():
        raise Missing("law.folder", "There is no such folder of law packs.", where={"folder": folder.name})
    return BundledLaws(folder)


def laws_of(where: Path | None) -> Laws:
    """The law packs that ship, and the rules of the house: `laws/` in its home, with what its people signed."""
    root = homes.find(where)
    house = root / "laws"
    signed = _signed_laws(where) if house.is_dir() and (root / homes.CONFIG).is_file() else frozenset[str]()
    return BundledLaws(house=house, signed=signed)


def _signed_laws(where: Path | None) -> frozenset[str]:
    with closing(homes.load(homes.find(where)).open_store()) as store, store.read() as tx:
        return accepted(tx, own_card(store).id)


def target(path: Path) -> Target:
    """What to export to: CSV files in a `.zip`, or in a `.sheets.zip` for people to open; else a SQLite database."""
    return CsvTarget(path) if path.suffix.lower() == ".zip" else SqliteTarget(path)


def typed_sheets(text: str) -> list[tuple[str, str]]:
    """(name, text) of recovery sheets that a person typed one after another."""
    return typed(text)


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF from a template that ships with custody."""
    return render(template, data)


def folder(path: Path) -> Files:
    """A folder outside every home: a hand-over folder, a place for a report."""
    return LocalFiles(path)


def mailer(
    relay: str, security: str, user: str, password_file: Path | None, per_minute: int, at_once: int = 1
) -> Mailer:
    """A mail relay, HOST:PORT. Raises Malformed `mail.relay`, `mail.plain`."""
    password = homes.read_passphrase(password_file).decode() if password_file else ""
    return relay_at(relay, security, user, password, per_minute, at_once)


def mailer_within(inside: str, relay: str, security: str, user: str, password: str, per_minute: int) -> Mailer:
    """The same for a face whose people name the relay: held to the open internet over TLS and the networks `inside`. Raises Malformed `mail.relay`, `mail.plain`, `mail.inside`."""
    return relay_at(relay, security, user, password, per_minute, 1, networks(inside))


def notifier(kind: str, url: str, secret: str, inside: str) -> Notifier:
    """A place outside that is told; `inside` are networks that may be reached though they are no open internet."""
    return notifiers.notifier(kind, url, secret, networks(inside))


def texter(settings: Path, per_minute: int, at_once: int = 1) -> Texter:
    """A gateway for text messages from its file of settings; the secret lies beside it. Raises Malformed `texts.config`, `texts.plain`."""
    return made_texter(text(settings), lambda name: homes.read_passphrase(settings.parent / name), per_minute, at_once)


def text(path: Path) -> str:
    """A text file, UTF-8. Raises Missing, Malformed `files.text`."""
    try:
        return folder(path.parent).read(path.name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = {"file": path.name}
        raise Malformed("files.text", "This file is not UTF-8 text.", where=told, next="Save it as UTF-8.") from error


def move_clock(where: Path | None, instant: str) -> Mapping[str, Json]:
    """Move a rehearsal's simulated clock forward to `instant`."""
    home = homes.load(homes.find(where))
    home.set_simulated(parse(instant))
    return {"now": instant}


def holder_key(path: Path, passphrase_file: Path | None) -> escrow.Key:
    """A holder's key from the file that its holder keeps. Raises Missing, Malformed `escrow.key`, Broken `escrow.passphrase`."""
    return escrow.open_key(folder(path.parent).read(path.name), passphrase(passphrase_file))


def passphrase(path: Path | None) -> bytes:
    """The passphrase in a file."""
    named = path or (Path(value) if (value := os.environ.get("CUSTODY_PASSPHRASE_FILE")) else None)
    if named is None:
        raise Malformed("act.passphrase", "A passphrase file is needed.", next="Use --passphrase-file FILE.")
    return homes.read_passphrase(named)


note_fault: Final = faultlog.note
"""A fault in custody itself is noted in the log."""
