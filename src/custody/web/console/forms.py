"""Forms of the console: labels and hints come from the catalogue, faults from Django's own translations."""

import csv
import io
import re
from typing import Any, Final

from django import forms
from django.http import QueryDict

from custody.acts.people import SHORTEST
from custody.base.errors import Malformed
from custody.model.party import MACHINES, ROLES
from custody.web.console.catalogue import lang, words

PLACES: Final = ("CN", "HK", "TW", "SG", "JP", "KR", "EU", "DE", "FR", "UK", "CH", "US", "CA", "AU", "BR", "IN")
_SHOWN: Final = 40
_HANDLE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


def whole(text: str, digits: int) -> int | None:
    """A number of so many digits at most, as a page sends it; None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def line(text: str, most: int) -> str:
    """What somebody typed into one line, as a row keeps it: without what nobody sees, and no longer than its place.

    A database counts characters, where SQLite takes any number: what is kept fits into both.
    """
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable()).strip()[:most].strip()


def no_text() -> Malformed:
    """What came holds what no store keeps as text."""
    return Malformed(
        "console.no-text", "What was sent holds a character that no text has (U+0000).", next="Type it again."
    )


def said_lines(form: QueryDict) -> str:
    """Each number or address that was typed, with its kind, as services take them."""
    out = io.StringIO(newline="")
    pairs = zip(form.getlist("said_kind"), form.getlist("said"), strict=False)
    csv.writer(out).writerows(pair for pair in pairs if pair[1].strip())
    return out.getvalue()


class Form(forms.Form):
    """Fields in the house's look; `area` names their words."""

    area = ""
    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, label_suffix="", **kwargs)
        for name, field in self.fields.items():
            field.label = words(f"{self.area}.{name}")
            field.widget.attrs.setdefault("class", "in")


def places() -> list[tuple[str, str]]:
    """Where a company may be registered."""
    return [(one, words(f"place.{one}")) for one in PLACES]


def registered() -> list[tuple[str, str]]:
    """Where this company is: in Chinese most are in China, in any other language nothing is taken for granted."""
    return places() if lang() == "zh" else [("", words("word.dash")), *places()]


def passphrase(value: str) -> str:
    """Long enough, on one line."""
    if len(value) < SHORTEST or "\n" in value or value != value.strip():
        raise forms.ValidationError(words("welcome.short", n=SHORTEST))
    return value


class Welcome(Form):
    """The first page."""

    area = "welcome"
    name_zh = forms.CharField(max_length=80, required=False)
    name_en = forms.CharField(max_length=80, required=False)
    uscc = forms.CharField(max_length=18, required=False)
    place = forms.ChoiceField(choices=registered)
    shown = forms.CharField(max_length=40)
    handle = forms.CharField(max_length=32)
    passphrase = forms.CharField(
        max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_handle(self) -> str:
        return _handle(self.cleaned_data["handle"])

    def clean_shown(self) -> str:
        return _called(self.cleaned_data["shown"])

    def clean_passphrase(self) -> str:
        return passphrase(self.cleaned_data["passphrase"])

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.get(f"name_{one}") for one in ("zh", "en")):
            self.add_error(f"name_{lang()}", words("welcome.nameless"))
        return _same(self, "passphrase")

    @property
    def names(self) -> list[forms.BoundField]:
        """What the company is called, the reader's language first: one of the two is enough."""
        return [self[f"name_{one}"] for one in (("zh", "en") if lang() == "zh" else ("en", "zh"))]


class NewPassphrase(Form):
    """One's own passphrase, changed."""

    area = "passphrase"
    old = forms.CharField(
        max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_new(self) -> str:
        return passphrase(self.cleaned_data["new"])

    def clean(self) -> dict[str, Any]:
        given = _same(self, "new")
        if given.get("new") and given["new"] == given.get("old"):  # whoever gave the old one would go on knowing it
            self.add_error("new", words("passphrase.same"))
        return given


class NewPerson(Form):
    """One more person who may act."""

    area = "people"
    shown = forms.CharField(max_length=40)
    handle = forms.CharField(max_length=32)
    role = forms.ChoiceField(choices=lambda: [(one, words(f"role.{one}")) for one in ROLES if one not in MACHINES])

    def clean_handle(self) -> str:
        return _handle(self.cleaned_data["handle"])

    def clean_shown(self) -> str:
        return _called(self.cleaned_data["shown"])


def _called(value: str) -> str:
    """A name by which people know each other: of signs that are seen, so that none passes for another's."""
    if not (shown := line(value, _SHOWN)):
        raise forms.ValidationError(words("people.unseen"))
    return shown


def _handle(value: str) -> str:
    if not _HANDLE.fullmatch(value):
        raise forms.ValidationError(words("welcome.handle_form"))
    return value


def _same(form: Form, name: str) -> dict[str, Any]:
    given = form.cleaned_data
    if given.get(name) and given.get(name) != given.get("again"):
        form.add_error("again", words("welcome.differ"))
    return given
