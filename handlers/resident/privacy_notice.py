"""The privacy notice: what is kept of a resident, made from the annotations of the schema."""

from models.annotations import Kept, Key, Touch, Until, touched
from models.tables import METADATA
from texts.catalogue import Html, Words
from texts.message import Message


def privacy_notice(words: Words) -> Message:
    """Return the list of everything the schema keeps of a resident: how it is protected, and until when."""
    touches = [entry.touch for entry in touched(METADATA)]
    lines = [_line(words, kept, [touch for touch in touches if touch.kept is kept]) for kept in Kept]
    return Message(Html("\n\n".join([words("privacy.title"), *lines, words("privacy.all")])), has_heading=True)


def _line(words: Words, kept: Kept, touches: list[Touch]) -> Html:
    keys: list[Key] = [key for key in Key if key is not Key.CLEAR and any(touch.key is key for touch in touches)]
    how = words("privacy.and").join(words(f"privacy.key_{key}") for key in keys or [Key.CLEAR])
    untils = [until for until in Until if any(touch.until is until for touch in touches)]
    when = words("privacy.or").join(words(f"privacy.until_{until}") for until in untils)
    return words("privacy.line", kept=words(f"privacy.kept_{kept}"), how=Html(how), until=Html(when))
