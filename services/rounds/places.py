"""What places and codes a running round has: a code tells the place, so a place of one household tells who reported."""

from dataclasses import dataclass

from sqlalchemy import select

from models.audit import Audited
from models.rounds import Assignment, PlaceKind, QrCode, Round, Unit, Village
from models.states import RoundState
from services.audit.log import record
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Places:
    """The places of one round, each with what it is called and whose it is, and where its codes stand."""

    places: frozenset[tuple[str, str, str]]  # id, name, unit
    codes: frozenset[tuple[str, PlaceKind, str | None]]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the places."""
        return frozenset(place_id for place_id, _, _ in self.places)


async def running_places(work: UnitOfWork) -> dict[str, Places]:
    """Return what each round that takes complaints asks about now."""
    running = await work.session.scalars(select(Round.id).where(Round.state == RoundState.STATIONED))
    return {round_id: await _places_of(work, round_id) for round_id in sorted(running)}


async def audit_changed_places(work: UnitOfWork, before: dict[str, Places], *, by: str | None = None) -> list[str]:
    """Write down which places and codes of the rounds that ran before are new or differ; return the new places."""
    added: list[str] = []
    for round_id, known in before.items():
        now = await _places_of(work, round_id)
        new = sorted(now.ids - known.ids)
        changed = sorted({place_id for place_id, _, _ in now.places - known.places} - set(new))
        codes = sorted(serial for serial, _, _ in now.codes - known.codes)
        if new or changed or codes:
            await record(work, Audited.PLACES_CHANGED, by=by, subject=round_id, added=new, changed=changed, codes=codes)
        added += new
    return added


async def _places_of(work: UnitOfWork, round_id: str) -> Places:
    assigned = select(Assignment.unit_id).where(Assignment.round_id == round_id)
    units = await work.session.scalars(select(Unit).where(Unit.id.in_(assigned)))
    villages = await work.session.scalars(select(Village).where(Village.unit_id.in_(assigned)))
    codes = await work.session.scalars(select(QrCode).where(QrCode.round_id == round_id))
    return Places(
        frozenset(
            [(unit.id, unit.name, unit.id) for unit in units]
            + [(village.id, village.name, village.unit_id) for village in villages]
        ),
        frozenset((code.serial, code.place_kind, code.place_id) for code in codes),
    )
