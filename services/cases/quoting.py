"""Words that leave the team repeat nothing that a reporter wrote: whoever knows them would know their words again."""

from collections.abc import Iterable

from models.complaints import Author, Case
from privacy.characters import simplified, visible
from services.cases.dialogue import refuse_contact_details
from services.cases.masking import blanked
from services.cases.read_case import dialogue_of
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE

LONGEST_QUOTE = 15  # letters in a row that both may have: the name of an office is hardly longer


class QuotesReporter(Exception):
    """Words that are to leave the team repeat a passage of what a reporter wrote."""


async def check_summary(work: UnitOfWork, case: Case, summary: str) -> None:
    """Raise ContainsContact or QuotesReporter if words may not leave the team."""
    await refuse_contact_details(work, summary)
    await refuse_quotes(work, case, summary)


async def refuse_quotes(work: UnitOfWork, case: Case, text: str) -> None:
    """Raise QuotesReporter if words repeat a passage of what a reporter of a case wrote.

    What is masked is no quotation: a refusal would tell whoever writes a name after words they know that it is the one.
    """
    said = [blanked(one.text) for one in await dialogue_of(work, case, SOURCE) if one.author == Author.REPORTER]
    if quotes(text, said):
        raise QuotesReporter


def quotes(text: str, said: Iterable[str]) -> bool:
    """Whether a text has more than LONGEST_QUOTE letters in a row in common with something that was said."""
    passages = _passages(text)
    return any(not passages.isdisjoint(_passages(one)) for one in said)


def _passages(text: str) -> set[str]:
    letters = "".join(sign for sign in simplified("".join(map(visible, text))).casefold() if sign.isalnum())
    return {letters[start : start + LONGEST_QUOTE + 1] for start in range(len(letters) - LONGEST_QUOTE)}
