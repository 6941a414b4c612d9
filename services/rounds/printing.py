"""What somebody on the staff prints of a round: posters of villages, or a code alone."""

from models.audit import Audited
from models.rounds import PlaceKind
from models.states import NotEntitled
from qr.link import Links
from qr.poster_words import Poster
from qr.typesetting import MissingGlyph, TextTooLong
from services.access.member import Member
from services.audit.log import record
from services.directory import Directory
from services.rounds.codes import PrintedPlace, codes_at, token_of
from services.rounds.entitled import round_known_to, units_to_print_for
from services.rounds.posters import posters
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence


class NoCode(Exception):
    """No code is valid at a place; the message says so."""


def unprintable(error: MissingGlyph | TextTooLong) -> str:
    """Return a sentence about a text that cannot be printed."""
    if isinstance(error, MissingGlyph):
        code = f"U+{ord(error.character):04X}"
        return sentence("cli.no_glyph", character=error.character, code=code, text=error.text)
    return sentence("cli.text_too_long", text=error.text)


async def print_posters(work: UnitOfWork, who: Member, place: PrintedPlace, links: Links) -> list[Poster]:
    """Return the posters of a village, of all villages of a unit, or of all for which somebody prints; logged.

    Raises NotEntitled, and NoPosters.
    """
    known = await work.directory()
    villages = _villages_at(known, place, _units(known, who, place))
    found = await posters(work, place.round_id, links.of_code, links.bot_username, villages=villages)
    await note_printed(work, place, by=who.id)
    return found


async def print_code(work: UnitOfWork, who: Member, place: PrintedPlace, links: Links) -> str:
    """Return what the code of a place says; logged. Raises NotEntitled, and NoCode where none is valid."""
    _units(await work.directory(), who, place)
    codes = await codes_at(work, place)
    if not codes:
        raise NoCode(sentence("round.no_code"))
    await note_printed(work, place, by=who.id)
    return links.of_code(token_of(work, codes[0]))


def _units(known: Directory, who: Member, place: PrintedPlace) -> set[str]:
    """Return the units that a place is about. Raises NotEntitled unless somebody prints for it."""
    round_known_to(known, who, place.round_id)
    allowed = set(units_to_print_for(known, who, place.round_id))
    unit_id = place.place_id
    if place.kind == PlaceKind.VILLAGE:
        village = known.villages.get(place.place_id or "")
        unit_id = village.unit_id if village else None
    wanted = allowed if place.kind == PlaceKind.ROUND else allowed & {unit_id}
    if not wanted:
        raise NotEntitled
    return {one for one in wanted if one is not None}


def _villages_at(known: Directory, place: PrintedPlace, units: set[str]) -> set[str]:
    if place.kind == PlaceKind.VILLAGE:
        return {place.place_id or ""}
    return {village.id for village in known.villages.values() if village.unit_id in units}


async def note_printed(work: UnitOfWork, place: PrintedPlace, *, by: str | None = None) -> None:
    """Write down that the code of a place, or posters with it, was given out; nobody: by the command line."""
    detail = {"place": place.place_id} if place.place_id else {}
    await record(work, Audited.PRINTED, by=by, subject=place.round_id, **detail)
