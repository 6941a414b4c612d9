"""What a card says of a case: names instead of ids, and its age. Nothing a resident said is in it."""

from dataclasses import dataclass

from models.complaints import Case
from models.rounds import Category, Unit, Village
from models.staff import Staff
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class CaseFacts:
    """One case as it is told to those who may know of it."""

    case: Case
    village: str | None
    unit: str | None
    category: Category
    owner: str | None
    age_days: int  # calendar days of the county since it came in


async def facts_of(work: UnitOfWork, case: Case) -> CaseFacts:
    """Return what may be said of a case."""
    village = await work.session.get(Village, case.village_id) if case.village_id else None
    unit = await work.session.get(Unit, case.unit_id) if case.unit_id else None
    owner = await work.session.get(Staff, case.owner_id) if case.owner_id else None
    return CaseFacts(
        case=case,
        village=village.name if village else None,
        unit=unit.name if unit else None,
        category=await work.session.get_one(Category, case.category),
        owner=owner.name if owner else None,
        age_days=(work.today - case.received_at.astimezone(work.zone).date()).days,
    )
