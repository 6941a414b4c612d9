"""A page of a register: numbered lines, a button of its number for each, and one for the next page."""

from collections.abc import Sequence

from handlers.actions import button
from handlers.press import Press
from texts.catalogue import Html, Words
from texts.message import Button, Message, in_rows

_BUTTONS_PER_ROW = 4


def register_page(
    words: Words, heading: str, area: str, lines: Sequence[tuple[str, Html]], more_after: str | None
) -> Message:
    """Return a page of records, each given by its id and what is said of it. `heading`: the key of a sentence."""
    said = [words(heading), *(Html(f"{at}. {line}") for at, (_, line) in enumerate(lines, start=1))]
    numbers = [Button(str(at), Press(area, "open", record).pack()) for at, (record, _) in enumerate(lines, start=1)]
    rows = in_rows(numbers, _BUTTONS_PER_ROW)
    if more_after is not None:
        rows += ((button(words, "item.button_more", Press(area, "list", more_after).pack()),),)
    return Message(Html("\n\n".join(said)), rows, protect=True)
