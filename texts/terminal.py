"""Sentences for whoever sits at the terminal, in the language that it speaks.

What is asked for on a page, such as the preview of a county file, is said in the reader's own: `in_language`.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from texts.catalogue import Words, language_of

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides


_READERS: ContextVar[str | None] = ContextVar("readers_language", default=None)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Say everything in a language, until the end of the block, whatever the terminal speaks."""
    before = _READERS.set(language)
    try:
        yield
    finally:
        _READERS.reset(before)


def terminal_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the catalogue for a terminal: Chinese in the script that its locale names, English for any other."""
    named = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    locale = named.partition(":")[0].partition(".")[0].partition("@")[0]
    return language_of(locale) if locale.lower().startswith("zh") else "en"


def sentence(key: str, /, **values: object) -> str:
    """Return a sentence of the catalogues as plain text, in the language of the terminal."""
    return _words().plain(key, **values)


def has_sentence(key: str) -> bool:
    """Whether there is a sentence for this key."""
    return _words().has(key)


def misfit(kind: str, message: str, context: Mapping[str, Any]) -> str:
    """Return why a value does not fit, as pydantic tells it by kind, message and context."""
    key = f"cli.misfit_{kind}"
    words = _words()
    if words.has(key) and words.gaps(key) <= context.keys():
        return words.plain(key, **context)
    return message.removeprefix("Value error, ")


def os_reason(error: OSError) -> str:
    """Return why the system refused something."""
    key = f"cli.errno_{errno.errorcode.get(error.errno or 0, '')}"
    return sentence(key) if has_sentence(key) else error.strerror or type(error).__name__


def _words() -> Words:
    return Words(_READERS.get() or terminal_language())
