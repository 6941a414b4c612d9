"""Accounts of Telegram's in a text: links to them, and names with their sign."""

import re
from collections.abc import Iterator

# Every repetition is bounded: a text of any length takes a time that grows with its length alone.
_LINK = r"(?:https?://)?(?:www\.)?(?:[a-z0-9_]{2,32}\.)?(?:t|telegram)\.(?:me|dog)/[\w+/?=&%.~-]{1,120}"
_OWN_LINK = r"(?:https?://)?[a-z][a-z0-9_]{3,31}\.t\.me(?![a-z0-9_])"
_DEEP_LINK = r"tg://[\w?=&%+./-]{1,120}"
_NAME = r"@[a-z][a-z0-9_]{3,31}(?![\w.@-])"
_ACCOUNT = re.compile(rf"(?<![a-z0-9_@.])(?:{_DEEP_LINK}|{_LINK}|{_OWN_LINK}|{_NAME})", re.IGNORECASE | re.ASCII)
_ENDS = ".,;:!?/"  # of a sentence, not of a link


def accounts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where an account of Telegram's is named, in order: whose it is, whoever reads it can see."""
    for found in _ACCOUNT.finditer(text):
        yield found.start(), found.start() + len(found[0].rstrip(_ENDS))
