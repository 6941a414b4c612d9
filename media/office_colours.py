"""Colours of documents and tables, as they are written in hex."""

import re
from typing import Final

_COLOUR: Final = re.compile(r"[0-9A-Fa-f]{6}")
_NEARLY_WHITE: Final = 0xFA


def is_white(colour: str) -> bool:
    """Whether a colour is white, or so near it that nobody sees the difference."""
    return bool(_COLOUR.fullmatch(colour)) and all(byte >= _NEARLY_WHITE for byte in bytes.fromhex(colour))
