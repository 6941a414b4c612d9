"""What the notice of a round says on its page: who is here, until when, what is taken and what is not."""

from dataclasses import dataclass

from markupsafe import Markup

from handlers.resident.rendering import contacts_text, day
from privacy.characters import in_script_of
from qr.link import RESULTS_PATH
from services.intake.place import Place
from services.publication.public_page import public_rounds
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from web.resident.cards import readable


@dataclass(frozen=True)
class RoundNotice:
    """The data of a round's notice at one place, in the characters of the reader's language."""

    round_name: str
    place: str | None
    team: str | None
    until: Html
    accepts: str
    not_accepted: str
    contacts: Markup


async def notice_of(work: UnitOfWork, place: Place, words: Words) -> RoundNotice:
    """Return what the notice of a place's round says."""
    round_ = (await work.directory()).rounds[place.round_id]

    def named(name: str) -> str:
        return in_script_of(words.language, name)

    return RoundNotice(
        round_name=named(place.round_name),
        place=named(place.name) if place.name else None,
        team=named(place.team_name) if place.team_name else None,
        until=day(words, round_.intake_until),
        accepts=named(round_.notice.get("accepts", "")),
        not_accepted=named(round_.notice.get("not_accepted", "")),
        contacts=readable(contacts_text(words, place.contacts)),
    )


async def links_to_results(work: UnitOfWork, words: Words) -> list[tuple[str, str]]:
    """Return where it stands what came of the last rounds of which that is public, and what they are called."""
    return [
        (RESULTS_PATH + round_id, in_script_of(words.language, name)) for round_id, name in await public_rounds(work)
    ]
