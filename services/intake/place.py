"""Where a resident scanned: the place a printed code stands for, or why it opens nothing, and whom else to turn to."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.address import Address
from models.rounds import PlaceKind
from models.states import RoundState
from qr.token import TokenKind, read
from services.access.contacts import OfficeContacts, contacts_in, office_contacts
from services.directory import CodeRecord
from services.intake.abuse import count_scan
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Place:
    """A place of a round, with all that a resident is told about it. A round's own code names no place."""

    round_id: str
    kind: PlaceKind
    place_id: str | None
    round_name: str = ""
    name: str | None = None  # of the village or the unit
    village_id: str | None = None
    unit_id: str | None = None
    team_id: str | None = None
    team_name: str | None = None
    contacts: OfficeContacts = field(default_factory=OfficeContacts)


class ShutBecause(StrEnum):
    """Why a code opens nothing."""

    NO_CODE = "no_code"  # the bot was found by its name
    FORGED = "forged"  # we never wrote it
    REVOKED = "revoked"  # the office took this very print back
    NOT_YET_OPEN = "not_yet_open"
    OVER = "over"  # the round takes no complaints any more


@dataclass(frozen=True)
class Shut:
    """A code that opens nothing, and whom to turn to instead."""

    because: ShutBecause
    contacts: OfficeContacts
    opens_on: str | None = None  # ISO day


async def scan(work: UnitOfWork, token: str | None, address: Address) -> Place | Shut:
    """Return the place a printed code stands for, if its round takes complaints today; count the scan."""
    code = await _code_in(work, token)
    if isinstance(code, CodeRecord):
        await count_scan(work, address, code)
    return await _opened(work, code)


async def look_up(work: UnitOfWork, token: str | None) -> Place | Shut:
    """Return the place a printed code stands for, if its round takes complaints today."""
    return await _opened(work, await _code_in(work, token))


async def _code_in(work: UnitOfWork, token: str | None) -> CodeRecord | ShutBecause:
    """Return the code that a token was written for, or why there is none."""
    if token is None:
        return ShutBecause.NO_CODE
    found = read(work.keyring.qr_secret, token)
    if found is None or found.kind is not TokenKind.POSTER:
        return ShutBecause.FORGED
    code = (await work.directory()).codes.get(found.serial)
    return ShutBecause.REVOKED if code is None or code.revoked else code


async def _opened(work: UnitOfWork, code: CodeRecord | ShutBecause) -> Place | Shut:
    if isinstance(code, ShutBecause):
        return Shut(code, await office_contacts(work))
    round_ = (await work.directory()).rounds[code.round_id]
    if round_.takes_complaints(work.today):
        return await place_of(work, code.round_id, code.place_kind, code.place_id)
    if round_.state == RoundState.PREPARING or (round_.state == RoundState.STATIONED and work.today < round_.stay_from):
        return Shut(ShutBecause.NOT_YET_OPEN, contacts_in(round_), round_.stay_from.isoformat())
    return Shut(ShutBecause.OVER, await office_contacts(work, round_))


async def place_of(work: UnitOfWork, round_id: str, kind: PlaceKind, place_id: str | None) -> Place:
    """Return a place with its names and the team that is responsible for it."""
    known = await work.directory()
    round_ = known.rounds[round_id]
    village = known.villages.get(place_id or "") if kind == PlaceKind.VILLAGE else None
    unit_id = village.unit_id if village else place_id if kind == PlaceKind.UNIT else None
    unit = known.units.get(unit_id or "")
    team = known.team_at(round_id, unit_id, village.id if village else None)
    return Place(
        round_id=round_id,
        kind=kind,
        place_id=place_id,
        round_name=round_.name,
        name=village.name if village else unit.name if unit else None,
        village_id=village.id if village else None,
        unit_id=unit_id,
        team_id=team.id if team else None,
        team_name=team.name if team else None,
        contacts=contacts_in(round_),
    )
