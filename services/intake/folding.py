"""Characters in their plain form: of one width, simplified, small, without what is not seen."""

from privacy.characters import simplified, visible

_PUNCTUATION = {ord("’"): "'", ord("\t"): " "} | {ord(bracket): "," for bracket in "()[]【】「」『』"}


def plain_character(character: str) -> str:
    """Return a character in its plain, simplified, small form; nothing for one that is not seen."""
    signs = "".join(sign.lower()[:1] for sign in visible(character))
    return simplified(signs).translate(_PUNCTUATION)


def plain(text: str) -> str:
    """Return a text in its plain, simplified, small form."""
    return "".join(map(plain_character, text))


def is_han(sign: str) -> bool:
    """Whether a sign is a Chinese character."""
    return "\u3400" <= sign <= "\u9fff" or sign >= "\U00020000"
