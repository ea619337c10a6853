"""Names of classes for people, in both languages."""

from custody.classify.taxonomy import classes


def class_words(name: str, lang: str) -> str:
    """The class's name in `lang`."""
    found = classes()[name]
    return found.zh if lang == "zh" else found.en
