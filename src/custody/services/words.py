"""Names of classes and reasons for people, in both languages."""

from custody.acts.proofs import proof
from custody.classify.reasons import chinese, english
from custody.classify.taxonomy import classes
from custody.model.reasons import REASONS
from custody.privacy import vocabularies


def class_words(name: str, lang: str) -> str:
    """The class's name in `lang`."""
    found = classes()[name]
    return found.zh if lang == "zh" else found.en


def class_list() -> list[dict[str, str]]:
    """Every class a column may have, with its level and names."""
    return [{"class": one.name, "level": one.level, "zh": one.zh, "en": one.en} for one in classes().values()]


def map_words(group: str, slug: str, lang: str) -> str:
    """A word of the data map in `lang`: of a `kind` of people, a `purpose`, a `basis`, a `retention`."""
    return vocabularies.word(group, slug, lang)


def reason_words(slug: str, lang: str) -> str:
    """Why a row is in quarantine, or something was not looked at, in `lang`."""
    found = REASONS.get(slug)
    if found is None:
        return slug
    return found.zh if lang == "zh" else found.en


def why_words(why: str, lang: str) -> str:
    """The evidence for a class in `lang`; the data map itself keeps it in English."""
    return chinese(why) if lang == "zh" else english(why)


def proof_words(kind: str, lang: str) -> str:
    """What a paper or an answer proves, in `lang`; what is no evidence is left as it is."""
    found = proof(kind)
    return kind if found is None else found[lang == "en"]
