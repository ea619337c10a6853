"""Names in Latin letters: runs of capitalised words, weighed by name lists, by what leads to them and by what follows.

A common word, a firm or a street with capital letters is no name; an unknown word is one only where something says so.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from custody.base.late import late
from custody.classify import vocabulary

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽ"
_LOWER: Final = "a-zà-öø-ÿāăąćčďđēėęěğģīįıķĺļľłńņňōőœŕřśşšșţťțūůűųźżžß"
_WORD: Final = rf"(?:(?:Mc|Mac|La|De|Le|Du|Fitz|O['’]|D['’]|L['’])?[{_UPPER}][{_LOWER}'’]*[{_LOWER}])"
_PART: Final = rf"(?:{_WORD}(?:-(?:{_WORD}|[{_LOWER}]{{2,}}))*|Al-{_WORD}|[{_UPPER}]\.?(?![\w'’]))"
_LINK: Final = r"(?:van der|van den|van|von|de la|de los|de|der|den|la|le|del|della|di|da|dos|das|do|du|bin|binti|ibn|al|el|y|e|ten|ter|zu)"
_QUOTED: Final = rf"(?:\s[\"“(]{_WORD}[\"”)](?=\s[{_UPPER}]))?"
_NEAR: Final = "A-Za-z0-9_À-ɏ"  # not \\w, which Chinese characters are too
_RUN: Final = late(
    rf"(?<![{_NEAR}@.'’-]){_PART}{_QUOTED}(?:[ ]{{1,2}}(?:{_LINK} )?{_PART})*(?:,? (?:Jr|Sr|II|III|IV)(?!\w)\.?)?(?![{_NEAR}@]|['’](?!s)|-[{_NEAR}])"
)
_SHOUTED: Final = late(rf"(?<![{_NEAR}@.-])[A-Z]{{3,}}(?:[ -][A-Z]{{2,}}){{1,2}}(?![{_NEAR}@-])")
_SLASHED: Final = late(  # as airlines write: LIU/XIAOMEI, MÜLLER/HANS MR
    rf"(?<![{_NEAR}/@.-])[A-Z]{{2,20}}/[A-Z]{{2,20}}(?: [A-Z]{{2,20}}(?= MR|MS|MRS|[^A-Za-z ]|$))?(?: (?:MR|MS|MRS|MSTR|MISS))?(?![{_NEAR}/])(?<!N/A)(?<!AND/OR)"
)
_TURNED: Final = late(rf"(?<![{_NEAR}@.'’-])(?P<family>{_WORD}), (?P<given>{_WORD})(?![{_NEAR}@])")
_HONOURS: Final = (
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|lady|lord|rev|capt|sgt|officer|nurse|coach|herr|frau|mme|mlle|monsieur|madame|(?-i:Fr\.)|"
    r"(?-i:Hr\.)|herrn|familie|mademoiselle|señora?|sra?|signora?|sig|dott|dottor|doña|don|uncle|aunt|auntie)"
)
_HONOUR: Final = late(
    rf"(?<![\w.]){_HONOURS}(?:\.? ?(?:and|&|und|et|y) ?{_HONOURS})?\.?\s+(?P<v>{_WORD}(?:-{_WORD})?)", re.IGNORECASE
)
_TITLE_BEHIND: Final = late(r"\s?(?:先生|女士|小姐|太太|夫人|老师|教授|博士|医生|经理|总(?![共计体])|同学|君|さん|様)")
_CUE: Final = late(
    r"(?<![\w])(?:customer|client|contact|person|name|named|names|check-?in|check-?out|visitor|is|am|i'm|i’m|holder|cardholder|attn|attention|guest|patient|pt|recipient|beneficiary|owner|member|tenant|"
    r"passenger|account of|behalf of|ring|call|calls|called|reach|ask|asked|see|tell|told|email|e-mail|remind|meet|met|greet|contacter|rappeler|demander|preguntar por|"
    r"llamar a|avisar a|für|von|fragen|mit|bei|an|vom|par|chez|pour|à|para|por|con|for|from|by|with|to|and|under|dear|hi|hello|hey|signed|spoke|speak|mother|father|mom|mum|dad|"
    r"wife|husband|son|daughter|sister|brother|aunt|uncle|spouse|partner|child|bride|groom|driver|technician|courier|supervisor|nurse|doctor|teacher|student|pupil|"
    r"kunde|kundin|mieter|mieterin|patientin|gast|fahrer|fahrerin|schüler|schülerin|halter|inhaber|cliente|clienta|paciente|patiente|huésped|locataire|titulaire|titular|propietario|employee|agent|rep|manager|enrolled|claimant|applicant|caller|user|payee|landlord|buyer|seller|sender|notify|cc|ship|deliver|attn|author|"
    r"mr|mrs|ms|miss|dr|prof|herr|frau|mme|monsieur|madame|sr|sra|联系人|收件人|收货人|姓名|[客宾员人户主者生教]|找|叫|给|由|和|与)[\s:：,.(\-–]*$",
    re.IGNORECASE,
)  # fmt: skip
_CALLED: Final = late(
    r"(?:my name(?:'s| is)|this is|i am|i'm|named|name:|(?:driver|first|given|full) name(?: is)?:?|ask(?:ed|ing)? for|speak (?:to|with)|spoke (?:to|with)|"
    r"attn:?|(?:supervisor|technician|driver|nurse|teacher|coach|colleague|manager|agent|receptionist|friend|wife|husband|son|daughter|sister|brother|mother|father|partner|"
    r"neighbou?r|assistant|receptionist|boss|dear|hi|hello|hey|thanks|thx|cheers|regards)|call(?:ed)? back|(?<!\w)(?:from|by|with|to|for|per|via|and|&)),?\s*$",
    re.IGNORECASE,
)  # fmt: skip
_ASKED: Final = late(
    r"(?<!\w)(?:ask|tell|call|see|contact|notify|email|ring|meet|remind|reach|text|page|phone|appeler|rappeler|joindre|contacter|prévenir|demander|llamar a|avisar a|preguntar por|chiamare|fragen|anrufen bei)\s$",
    re.IGNORECASE,
)
_KIN: Final = late(
    r"(?<!\w)(?:mum|mom|mother|dad|father|parents?|son|daughter|wife|husband|guardian|carer|sister|brother|gran|grandma|grandad|aunt|uncle) of\s$",
    re.IGNORECASE,
)
_HERE: Final = late(r"(?<!\w)(?:it['’]?s|it is|this is|here is|i['’]?m)\s$", re.IGNORECASE)
_FROM: Final = late(r"\s(?:from|here|speaking|calling|again)(?!\w)")
_SENTENCE: Final = late(r"(?:^|[.!?;]\s+)$")
_SPOKEN: Final = late(  # who is asked for or thanked is somebody, were the name a word of the language as well
    r"(?<!\w)(?:ask(?:ed|ing|s)? for|(?:speak|spoke|talk|talked|chatted|spoken) (?:to|with|w/)|attn:?|my name(?:'s| is)|named|(?:signed|signed for|accepted|received|collected|dropped off|picked up) by|"
    r"(?:hi|hey|dear|hello|thanks|thx|ty|cheers|regards),?|wife|husband|son|daughter|sister|brother|mother|father|mom|mum|dad|partner|friend|colleague|neighbou?r)\s$",
    re.IGNORECASE,
)
_ASKED_TO: Final = late(r"(?<!\w)(?:tell|told|remind|let|ask|text|ring|have|inform)\s$", re.IGNORECASE)
_TO_DO: Final = late(r"\s(?:that|the|to|know|about|we|it|his|her|when|if)(?!\w)")
_ACTING: Final = late(  # two words with capital letters, and then what only somebody does: Chris Glass dropped off the keys
    rf"(?:^|[.;!?:,]\s|(?<!\w)(?:and|but|that|so|then|neighbou?r|friend|per|from|for|by|with|to)\s)(?P<v>(?P<given>{_WORD}) (?P<family>{_WORD}))"
    r"(?=\s(?:called|calls|calling|rang|phoned|emailed|texted|asked|asks|wants|wanted|says|said|dropped|picked|promised|prefers|needs|needed|booked|cancelled|paid|owes|signed|complained|requested|"
    r"moved|refuses|refused|reports|reported|thinks|came|left|brought|forgot|lost|swapped|returned|agreed|declined|confirmed|will (?:call|come|pay|send|bring|pick)|won't|doesn't|didn't|hasn't|is (?:not|coming|away|on|out|late)|was (?:not|here|late|charged|told))(?!\w))"
)
_SIGNED: Final = late(rf"(?:^|[\s.!?,])[-–—~]{{1,2}}\s?(?P<v>{_WORD})\s*$")
_ROLED: Final = late(
    r"(?<!\w)(?:[Cc]ustomer|[Cc]ust|[Cc]lient|[Gg]uest|[Pp]atient|[Pp]t|[Tt]enant|[Mm]ember|[Oo]wner|[Pp]assenger|[Ss]tudent|[Aa]pplicant|[Cc]aller|[Aa]ttn|[Nn]ame(?: is)?|[Ss]old to|"
    rf"[Ss]poke (?:to|with)|[Aa]sk for|(?:[Ss]igned|[Ee]scalated|[Rr]eported|[Bb]ooked|[Oo]rdered|[Cc]ancelled|[Pp]aid|[Cc]ollected|[Rr]eceived) by)[:.]?\s(?P<v>{_WORD} {_WORD})(?![\w'’@-]| [{_UPPER}])"
)
_FAMILY: Final = (  # a family name alone: by those who bear it, by the table kept for them, by the bell
    late(rf"(?<![{_NEAR}@.'’-])(?P<v>{_WORD}) (?:family|household|residence|party of \d)"),
    late(rf"(?<![{_NEAR}@.'’-])(?P<v>{_WORD}),? (?:[Pp]arty of|x ?)\s?\d"),
    late(
        rf"(?i:(?<!\w)(?:booking|reservation|reserved|table|party)) (?i:for|under|name) (?P<v>{_WORD})(?=\s?[,.;:(]|$| \d| at | on )"
    ),
    late(
        rf"(?i:klingel(?:schild)?|türschild|briefkasten|doorbell|buzzer|(?<!\w)bell|mailbox|sonnette|interphone|timbre|campanello)\W{{0,3}}(?i:(?:bei|says|marked|reads|named?|au nom de|nom|a nombre de)\s)?[\s:„“\"«'‚]{{1,3}}(?P<v>{_WORD})(?=[\s,.;\"“”»'‘’]|$)(?! {_WORD})"
    ),
    late(rf"(?<![{_NEAR}@.'’-])(?P<v>{_WORD})-(?:san|sama|kun|sensei)(?!\w)"),
)
_MISTER: Final = late(rf"(?<![\w.])M\. (?P<v>{_WORD}(?:-{_WORD})?)")
_FRENCH: Final = late(
    r"(?<!\w)(?:le|la|les|des|du|est|pas|chez|pour|avec|une|et|né|au|aux|son|sa|demande|client|appeler|rappeler)(?!\w)",
    re.IGNORECASE,
)
_SURNAME: Final = late(
    rf"(?<!\w)(?:surname|last name|family name|maiden name)\s?(?:is\s|:\s?)?(?P<v>{_WORD}(?:-{_WORD})?)", re.IGNORECASE
)
_FOLLOWS: Final = late(
    r"\s*(?:called|asked|wants|wanted|said|says|is|was|has|had|will|would|requests?|requested|signed|reported|reports|lives|emailed|phoned|paid|missed|born|dob|"
    r"complained|confirmed|cancelled|booked|came|left|switched|prefers|needs|[a-z]{3,}(?:s|ed)\b|<|\(|;|$|[\u3400-\u9fff]|,\s?(?:dob|born|\d|\+|aged|room|flat|passport|ssn)|['’]s|[-–:/]\s)",
    re.IGNORECASE,
)

_OFFICES: Final = frozenset(
    (
        "service",
        "services",
        "care",
        "support",
        "team",
        "desk",
        "department",
        "office",
        "period",
        "house",
        "relations",
        "number",
        "card",
        "account",
    )
)

_PAIR: Final = 2
Found = tuple[str, int, int]


def find_latin(text: str) -> Iterator[Found]:
    """(class, start, end) of each name in Latin letters."""
    yield from _family_names(text)
    yield from _turned(text)
    yield from _announced(text)
    for match in _RUN.finditer(text):
        yield from _of_run(text, match)
    for match in _SLASHED.finditer(text):
        yield "name.full", match.start(), match.end()
    for match in _SHOUTED.finditer(text):
        given, family = vocabulary.latin_names(match[0])
        if given and family and not _common(match[0].split()[0]) and not _common(match[0].split()[-1]):
            yield "name.full", match.start(), match.end()


def _family_names(text: str) -> Iterator[Found]:
    """Family names by a title, by the word for one, or by those who bear them."""
    for rule in (_HONOUR, _SURNAME, *((_MISTER,) if _FRENCH.search(text) else ())):
        for match in rule.finditer(text):
            yield from _addressed(text, *match.span("v"), sure=rule is _SURNAME)
    for rule in _FAMILY:
        for match in rule.finditer(text):
            yield from _borne(*match.span("v"), match["v"])


def _addressed(text: str, start: int, end: int, *, sure: bool) -> Iterator[Found]:
    """A family name after a title, unless a further name follows it: then the run is a full name."""
    if not text[start].isupper() or (_plain(text[start:end]) in vocabulary.not_names() and not sure):
        return
    if text[start:end].endswith(("'s", "’s")):
        yield "name.family", start, end - 2
        return
    run = _RUN.match(text, start)
    words = _words(run) if run else []
    if len(words) < 2 or _plain(words[1][2]) in _bodies() | _english():
        yield "name.family", start, end
        return
    last = words[-1]
    while len(words) > 2 and _common(last[2]):
        words.pop()
        last = words[-1]
    yield "name.full", start, last[1] - 2 * last[2].endswith(("'s", "’s"))


def _borne(start: int, end: int, word: str) -> Iterator[Found]:
    """A family name that is known as one, or no word of the language."""
    plain = _plain(word)
    if plain in vocabulary.not_names() or (_common(word) and not vocabulary.latin_names(word)[1]):
        return
    yield "name.family", start, end


def _announced(text: str) -> Iterator[Found]:
    """Whoever a role leads to or who signs, though each word of the name is a common one: Guest Olive Branch, - Hope."""
    for match in _ROLED.finditer(text):
        given, family = match["v"].split()
        known = vocabulary.latin_names(given)[0] and _plain(given) not in vocabulary.not_names() - _double()
        if known and _plain(family) not in _OFFICES and _FOLLOWS.match(text, match.end()):
            yield "name.full", *match.span("v")
    for match in _ACTING.finditer(text):
        given, family = _plain(match["given"]), _plain(match["family"])
        known = (
            vocabulary.latin_names(match["given"])[0] and given not in _double() | _english() | vocabulary.not_names()
        )
        if known and family not in _OFFICES | _bodies() | vocabulary.not_names():
            yield "name.full", *match.span("v")
    signed = _SIGNED.search(text)
    if signed and (vocabulary.latin_names(signed["v"])[0] or _plain(signed["v"]) in _double()):
        yield "name.given", *signed.span("v")


def _turned(text: str) -> Iterator[Found]:
    for match in _TURNED.finditer(text):
        family, given = _plain(match["family"]), _plain(match["given"])
        known = vocabulary.latin_names(match["given"])[0] and vocabulary.latin_names(match["family"])[1]
        if known and not {family, given} & (_double() | _english() | vocabulary.not_names()):
            yield "name.full", match.start(), match.end()


def _of_run(text: str, match: re.Match[str]) -> Iterator[Found]:
    for words in _pieces(match):
        start, end = words[0][0], words[-1][1]
        if text[start:end].endswith(("'s", "’s")):
            end -= 2
        if len(words) == 1:
            yield from _single(text, start, end)
        elif _plain(words[-1][2]) not in _bodies() or _surname(words[-1][2], words[:-1]) or _spoken_of(text, words):
            yield from _several(text, words, end)


def _spoken_of(text: str, words: list[tuple[int, int, str]]) -> bool:
    """Whether a role leads to a given and a family name that are words both: neighbour Dawn Fields."""
    (start, _, given), (_, _, family) = words[0], words[-1]
    named = vocabulary.latin_names(given)[0] and (vocabulary.latin_names(family)[1] or _plain(family) in _double())
    return len(words) == _PAIR and named and bool(_SPOKEN.search(text[max(0, start - 28) : start]))


def _several(text: str, words: list[tuple[int, int, str]], end: int) -> Iterator[Found]:
    """A full name of these words; where the first is a common word as well (Per Lucia …), perhaps without it."""
    if len(words) > 2 and _plain(words[0][2]) in _double() and vocabulary.latin_names(words[1][2])[0]:
        words = words[1:]
    if " ".join(_plain(one) for _, _, one in words) in _makes():
        return
    if _weight(text, words[0][0], end, [one for _, _, one in words]) >= 2:
        yield "name.full", words[0][0], end


def _pieces(match: re.Match[str]) -> Iterator[list[tuple[int, int, str]]]:
    """The run without common words and roles, cut where one stands inside and behind a possessive."""
    piece: list[tuple[int, int, str]] = []
    for word in _words(match):
        common = (_common(word[2]) and not _surname(word[2], piece)) or (not piece and _role(word[2]))
        if common and piece and _plain(word[2]) in _bodies():
            piece = []
        if common and piece:
            yield piece
        piece = [] if common else [*piece, word]
        if piece and word[2].endswith(("'s", "’s")):
            yield piece
            piece = []
    if piece:
        yield piece


def _surname(word: str, before: list[tuple[int, int, str]]) -> bool:
    """Whether a word that is a place or a month too is a family name here: Linda Park, but not Hyde Park."""
    if not before or _plain(word) not in _double() or not vocabulary.latin_names(word)[1]:
        return False
    return vocabulary.latin_names(before[-1][2])[0] and _plain(before[-1][2]) not in _double()


def _weight(text: str, start: int, end: int, words: list[str]) -> float:
    known = [vocabulary.latin_names(word) for word in words]
    cued = bool(_CUE.search(text[max(0, start - 24) : start]))
    follows = bool(_FOLLOWS.match(text, end))
    score = 0.0
    if known[0][0]:
        score += 1.2 if _plain(words[0]) in _double() else 2.0
    if known[-1][1]:
        score += 1.0 if _plain(words[-1]) in _double() else 1.5
    if any(given or family for given, family in known[1:]):
        score += 0.4
    if all(given or family for given, family in known):
        score += 0.6
    score += 1.2 * cued + 0.8 * follows + 0.8 * (known[0][1] and not known[0][0])
    if not any(given or family for given, family in known):
        score += 1.2 if len(words) <= 3 and not _place(words) else -1.0
    score += 0.4 * any(not one.isascii() for one in "".join(words))
    return score - 0.6 * (len(words) > 3) - 1.0 * any(len(_plain(word)) == 1 for word in (words[0], words[-1]))


def _place(words: list[str]) -> bool:
    known = vocabulary.vocabulary()
    return any(_plain(word) in _bodies() for word in words) or " ".join(map(_plain, words)) in (
        known["contact.city"] | known["contact.region"] | known["contact.country"]
    )


def _single(text: str, start: int, end: int) -> Iterator[Found]:
    """One word: a given name where somebody is named or spoken to, a family name before a title."""
    word = text[start:end]
    if _TITLE_BEHIND.match(text, end):
        yield "name.family", start, end
        return
    plain = _plain(word)
    given, family = vocabulary.latin_names(word)
    if (
        not given
        and family
        and len(plain) > 2
        and plain not in _double()
        and _ASKED.search(text[max(0, start - 16) : start])
    ):
        yield "name.family", start, end
    elif len(plain) > 2 and (
        _led(text[max(0, start - 28) : start], plain, given=given)
        or ((given or plain in _double()) and _told(text[max(0, start - 28) : start], text[end : end + 10]))
    ):
        yield "name.given", start, end


def _told(before: str, after: str) -> bool:
    """Whether somebody is named by whose kin they are, is to be told, or names himself: mum of Jude, tell Pat the, it's Sandy from unit 9."""
    asked = _ASKED_TO.search(before) and _TO_DO.match(after)
    return bool(
        asked or _KIN.search(before) or ((_HERE.search(before) or _SENTENCE.search(before)) and _FROM.match(after))
    )


def _led(before: str, plain: str, *, given: bool) -> bool:
    """Whether a given name is led to: one that is a word as well needs somebody asked for, thanked or greeted."""
    double = plain in _double()
    return bool((given or double) and _SPOKEN.search(before)) or bool(
        given and not double and (_CALLED.search(before) or _ASKED.search(before))
    )


def _words(match: re.Match[str] | None) -> list[tuple[int, int, str]]:
    if match is None:
        return []
    return [
        (match.start() + one.start(), match.start() + one.end(), one[0])
        for one in re.finditer(r"[^\s\"“”()]+", match[0])
    ]


def _common(word: str) -> bool:
    plain = _plain(word)
    if plain in vocabulary.not_names():
        return True
    return plain in _english() and plain not in _double()


def _role(word: str) -> bool:
    return bool(_CUE.search(" " + _plain(word)))


def _plain(word: str) -> str:
    plain = word.lower().strip(".,'’")
    return plain.removesuffix("'s").removesuffix("’s")


@cache
def _english() -> frozenset[str]:
    return frozenset(vocabulary.read("names.toml")["latin_words"].split())


@cache
def _double() -> frozenset[str]:
    return frozenset(vocabulary.read("names.toml")["latin_double"].split())


@cache
def _makes() -> frozenset[str]:
    return frozenset(vocabulary.read("names.toml")["latin_makes"].split("|"))


@cache
def _bodies() -> frozenset[str]:
    return frozenset(vocabulary.read("names.toml")["latin_bodies"].split())
