"""Words that leave the team repeat nothing that a reporter wrote: whoever knows them would know their words again."""

from collections.abc import Iterable

from privacy.characters import simplified, visible

LONGEST_QUOTE = 15  # letters in a row that both may have: the name of an office is hardly longer


class QuotesReporter(Exception):
    """Words that are to leave the team repeat a passage of what a reporter wrote."""


def quotes(text: str, said: Iterable[str]) -> bool:
    """Whether a text has more than LONGEST_QUOTE letters in a row in common with something that was said."""
    passages = _passages(text)
    return any(not passages.isdisjoint(_passages(one)) for one in said)


def _passages(text: str) -> set[str]:
    letters = "".join(sign for sign in simplified("".join(map(visible, text))).casefold() if sign.isalnum())
    return {letters[start : start + LONGEST_QUOTE + 1] for start in range(len(letters) - LONGEST_QUOTE)}
