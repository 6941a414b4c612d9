"""The gate for words that are to be public: no name of a person, no number that leads to one."""

from dataclasses import dataclass
from enum import StrEnum

from privacy.contact_details import contains_contact
from privacy.traces import Mention, TraceKind, find_mentions
from services.access.contacts import notice_numbers
from services.names import places_of_names
from services.unit_of_work import UnitOfWork


class Obstacle(StrEnum):
    """What stands in words that are to be public."""

    STAFF_NAME = "staff_name"
    NUMBER = "number"  # of a telephone, an identity card, an account
    CONTACT = "contact"
    PERHAPS = "perhaps"  # it looks like a name, a house, a landline or a receipt code: whoever reads it decides


@dataclass(frozen=True)
class Found:
    """What was found in words that are to be public, as it is written there."""

    obstacle: Obstacle
    words: str


# What may be wrong, or an office's own. All else leads to somebody.
_UNSURE = frozenset({TraceKind.NAME, TraceKind.HOUSE, TraceKind.LANDLINE, TraceKind.RECEIPT})


async def found_in(work: UnitOfWork, text: str) -> tuple[Found, ...]:
    """Return what in words should not be public, in their order; what was told twice, once."""
    names = (await work.directory()).names.items()
    found = [
        (place.start, Found(Obstacle.STAFF_NAME, text[place.start : place.end]))
        for _, places in places_of_names([text], names)
        for place in places
    ]
    numbers = await notice_numbers(work)
    for mention in find_mentions([text]):
        start, words = _written(mention, text)
        unsure = mention.kind in _UNSURE
        found.append((start, Found(Obstacle.PERHAPS if unsure else Obstacle.NUMBER, words)))
    if not found and contains_contact(text, numbers):
        found.append((0, Found(Obstacle.CONTACT, "")))
    return tuple(dict.fromkeys(one for _, one in sorted(found, key=lambda entry: entry[0])))


def is_certain(found: tuple[Found, ...]) -> bool:
    """Whether something was found that nobody may release."""
    return any(one.obstacle is not Obstacle.PERHAPS for one in found)


def _written(mention: Mention, text: str) -> tuple[int, str]:
    spans = [(trace.start, trace.end) for _, trace in mention.parts]
    start, end = min(first for first, _ in spans), max(last for _, last in spans)
    return start, text[start:end]
