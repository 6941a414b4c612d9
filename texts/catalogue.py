"""Message catalogues: every sentence a person reads, in three languages, by a stable key.

A key is `domain.name`; its domain is the gettext file it stands in. zh_Hans is the source: its placeholders are
the ones the others must have.
"""

from collections.abc import Sequence
from functools import cache
from html import escape, unescape
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

LANGUAGES = ("zh_Hans", "zh_Hant", "en")
SOURCE = "zh_Hans"
CATALOGUES = Path(__file__).parent / "catalogues"


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


class Words:
    """The sentences of one language: `words("resident.greeting", village=name)`.

    Values are escaped, unless they are Html. An unknown key or a missing value is a programming error and raises.
    `without` names what there is not where they are read, such as files on its channel, or intake at this time: where
    there is a sentence `resident.greeting_without_files`, it is said instead.
    """

    def __init__(self, language: str, without: Sequence[str] = ()) -> None:
        self.language = language if language in LANGUAGES else SOURCE
        self._without = tuple(without)
        self._sentences = _load(self.language)

    def __call__(self, key: str, /, **values: object) -> Html:
        if not values:
            return _without_values(self.language, self._without, key)
        sentence = _sentence(self.language, self._without, key)
        shown = {
            name: value if isinstance(value, Html) else escape(str(value), quote=False)
            for name, value in values.items()
        }
        return Html(sentence.format(**shown))

    def plain(self, key: str, /, **values: object) -> str:
        """Return a sentence as plain text: labels of buttons and toasts know no HTML."""
        return unescape(self(key, **values))

    def gaps(self, key: str) -> set[str]:
        """Return the names of the values that a sentence needs."""
        return placeholders(self._sentences[key])

    def has(self, key: str) -> bool:
        """Whether there is a sentence for this key."""
        return key in self._sentences


def language_of(code: str | None) -> str:
    """Return the catalogue for a client's language code (IETF); Chinese unless it says otherwise."""
    tag = (code or "").replace("_", "-").lower()
    if tag.startswith("zh"):
        traditional = {"hant", "tw", "hk", "mo"}.intersection(tag.split("-"))
        return "zh_Hant" if traditional else "zh_Hans"
    return "en" if tag else SOURCE


def placeholders(sentence: str) -> set[str]:
    """Return the names a sentence has gaps for."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@cache
def _sentence(language: str, without: tuple[str, ...], key: str) -> str:
    """Return the sentence of a key as it reads where there is not what is named."""
    sentences = _load(language)
    others = (f"{key}_without_{lacking}" for lacking in without)
    return sentences[next((other for other in others if other in sentences), key)]


@cache
def _without_values(language: str, without: tuple[str, ...], key: str) -> Html:
    """Return a sentence that has no gaps; one that has raises."""
    return Html(_sentence(language, without, key).format())


@cache
def _load(language: str) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for file in sorted((CATALOGUES / language).glob("*.po")):
        with file.open("rb") as lines:
            catalogue = read_po(lines, locale=language)
        sentences.update({str(entry.id): str(entry.string) for entry in catalogue if entry.id})
    return sentences
