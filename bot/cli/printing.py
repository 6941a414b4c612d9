"""Why something cannot be printed, in the language of the terminal."""

from qr.typesetting import MissingGlyph, TextTooLong
from texts.terminal import sentence


def unprintable(error: MissingGlyph | TextTooLong) -> str:
    """Return a sentence about a text that cannot be printed."""
    if isinstance(error, MissingGlyph):
        code = f"U+{ord(error.character):04X}"
        return sentence("cli.no_glyph", character=error.character, code=code, text=error.text)
    return sentence("cli.text_too_long", text=error.text)
