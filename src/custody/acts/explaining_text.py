"""The explanation as a person reads it: plain text, Chinese, then English; the words are data (explaining.toml)."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

_JOIN: Final = {"zh": "、", "en": ", "}
_STOP: Final = {"zh": "；", "en": "; "}
_GAP: Final = {"zh": "", "en": " "}
_UNITS: Final = ("years", "months", "days")


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("explaining.toml").read_text(encoding="utf-8"))


def as_text(told: Mapping[str, Any]) -> str:
    """Both languages, one after the other."""
    return "\n\n".join("\n".join(_Text(told, lang).lines()) for lang in ("zh", "en")) + "\n"


class _Text:
    """One language of it."""

    def __init__(self, told: Mapping[str, Any], lang: str) -> None:
        self._told, self._lang = told, lang

    def lines(self) -> Iterator[str]:
        """Part by part, each with its heading."""
        ours = self._told["controller"]
        yield self._say("head", "title")
        yield from self._part("who", [" ".join(filter(None, (ours[self._lang], ours["contact"])))])
        yield from self._part("held", [self._held(one) for one in self._told["held"]])
        yield from self._part("source", [self._source(one) for one in self._told["source"]])
        yield from self._part(
            "recipients", [self._recipient(one) for one in self._told["recipients"]] or [self._say("line", "nobody")]
        )
        if copies := [self._copy(one) for one in self._told.get("copies", ())]:
            yield from self._part("copies", copies)
        yield from self._part("decisions", list(self._decided()))
        yield from self._part("rights", [self._ruled(one) for one in self._told["rights"]])
        yield ""
        yield self._say("line", "complain")

    def _say(self, area: str, name: str) -> str:
        return _words()[area][name][self._lang]

    def _part(self, name: str, lines: Sequence[str]) -> Iterator[str]:
        yield ""
        yield f"== {self._say('head', name)}"
        yield from (f"- {line}" for line in lines)

    def _held(self, one: Mapping[str, Any]) -> str:
        lang, join = self._lang, _JOIN[self._lang]
        basis = self._say("line", "basis").format(one["basis"][lang]) if one["basis"] else self._say("line", "carried")
        said = [
            join.join(each[lang] for each in one["classes"]),
            self._say("line", "purpose").format(join.join(each[lang] for each in one["purposes"])), basis,
            self._say("line", "keep").format(self._kept(one)),
            *([self._say("line", "sensitive")] if one["sensitive"] else []),
        ]  # fmt: skip
        return _STOP[lang].join(said)

    def _kept(self, one: Mapping[str, Any]) -> str:
        """By the policy that two people signed, else by the word of the map."""
        keep = one["keep"]
        if not keep:
            return str(one["retention"][self._lang])
        units = [self._say("span", unit).format(keep[unit]) for unit in _UNITS if keep[unit]]
        span = (" " if self._lang == "en" else "").join(units) or self._say("span", "days").format(0)
        return self._say("span", "year_end" if keep["year_end"] else "after").format(
            start=self._say("start", keep["start"]), span=span
        )

    def _source(self, one: Mapping[str, Any] | None) -> str:
        if one is None:
            return self._say("line", "own")
        return self._say("line", "received").format(name=one[self._lang], on=one["on"])

    def _recipient(self, one: Mapping[str, Any]) -> str:
        said = self._say("line", one["kind"]).format(name=one[self._lang], on=one["at"][:10], place=one["place"])
        why = one.get("purposes") or []
        return _STOP[self._lang].join(
            [
                said,
                *(
                    [self._say("line", "purpose").format(_JOIN[self._lang].join(each[self._lang] for each in why))]
                    if why
                    else []
                ),
            ]
        )

    def _copy(self, one: Mapping[str, Any]) -> str:
        said = self._say("line", "in_copy" if one["certain"] else "in_copy_maybe").format(
            kind=one[self._lang], name=one["name"]
        )
        return _STOP[self._lang].join(
            [said, *([self._say("line", "in_copy_until").format(one["until"])] if one["until"] else [])]
        )

    def _decided(self) -> Iterator[str]:
        if not self._told["decisions"]:
            yield self._say("line", "undecided")
            return
        for one in self._told["decisions"]:
            for part in one["verdicts"]:
                why = [self._ruled(each) for each in part["reasons"]]
                yield _GAP[self._lang].join(
                    [
                        self._say("line", "deal").format(one["deal"]),
                        _STOP[self._lang].join([self._say("verdict", part["verdict"]), *why]),
                    ]
                )
        yield self._say("line", "how")

    def _ruled(self, one: Mapping[str, Any]) -> str:
        said = str(one["says"].get(self._lang, one["rule"]))
        return self._say("line", "law").format(said, one["law"][self._lang]) if one["law"] else said
