"""What a resident in a crisis is told at once: humane words, and whom to call."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.resident.messages import CrisisHelp, Edited, FileSent, Incoming, TextSent, Unconfirmed, Unfit
from privacy.receipt import is_alone
from services.intake.drafts import ConversationState
from services.intake.understanding import Crisis
from texts.catalogue import Html, Words

# Whom to call, the likeliest to help first. All of them hear of everything: the words may say only a part.
_NUMBERS = {
    Crisis.VIOLENCE: ("110", "12338", "120", "12356"),
    Crisis.ACCIDENT: ("120", "119", "110", "12356", "12338"),
    Crisis.SELF_HARM: ("12356", "120", "110", "12338"),
    Crisis.OTHER: ("110", "120", "12356", "12338"),
}


def words_of(incoming: Incoming) -> str:
    """Return the words that came in, if any did; those of a receipt code mean nothing."""
    match incoming:
        case TextSent(text=words) if is_alone(words):
            return ""
        case TextSent(text=words) | Edited(text=words) | Unconfirmed(text=words):
            return words
        case FileSent(caption=words) | Unfit(caption=words):
            return words
        case _:
            return ""


def crisis_help(state: ConversationState, crises: Sequence[Crisis]) -> tuple[ConversationState, tuple[CrisisHelp, ...]]:
    """Return what is to be said of crises where no preview of a draft says it, and the state in which it has been said.

    It is said once of each kind. To somebody who writes without having scanned a code it is said every time: nothing is
    remembered of them.
    """
    draft = None if state.visit is not None else state.draft
    subject = state.visit or (draft.draft_id if draft else None)
    said = {told.partition(":")[0] for told in state.crises_said if told.partition(":")[2] == subject}
    new = tuple(crisis for crisis in crises if crisis not in said and not (crisis == Crisis.OTHER and said))
    if not new:
        return state, ()
    remembered = () if subject is None else tuple(f"{crisis}:{subject}" for crisis in new)
    return replace(state, crises_said=(*state.crises_said, *remembered)), (CrisisHelp(new),)


def crisis_words(words: Words, crises: Sequence[Crisis], local_numbers: Sequence[str]) -> Html:
    """Return what is said first, and whom to call."""
    told = _told(crises)
    parts = [words(f"crisis.words_{crisis}") for crisis in told]
    return Html("\n\n".join([*parts, Html(f"{words('crisis.numbers')}\n{_listed(words, told, local_numbers)}")]))


def numbers_again(words: Words, crises: Sequence[Crisis], local_numbers: Sequence[str]) -> Html:
    """Return whom to call, as it is said once more when a complaint has been sent."""
    return Html(f"{words('crisis.receipt')}\n{_listed(words, _told(crises), local_numbers)}")


def _told(crises: Sequence[Crisis]) -> list[Crisis]:
    """Return the crises in the order in which they are spoken of; of one that is known nothing else is said."""
    return [crisis for crisis in Crisis if crisis in crises and crisis != Crisis.OTHER] or [Crisis.OTHER]


def _listed(words: Words, crises: Sequence[Crisis], local_numbers: Sequence[str]) -> Html:
    numbers = dict.fromkeys(number for crisis in crises for number in _NUMBERS[crisis])
    lines = [words(f"crisis.number_{number}") for number in numbers]
    return Html("\n".join([*lines, *(words("crisis.number_local", number=line) for line in local_numbers)]))
