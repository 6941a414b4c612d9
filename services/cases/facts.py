"""What a card says of a case: names instead of ids, days instead of moments. Nothing a resident said is in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.complaints import Case, CaseEvent
from services.directory import CategoryRecord
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class CaseFacts:
    """One case as it is told to those who may know of it."""

    case: Case
    village: str | None
    unit: str | None
    category: CategoryRecord
    further_categories: tuple[CategoryRecord, ...]
    owner: str | None
    received_on: date  # by the county's calendar and clock, as are the following
    due_at: datetime
    today: date
    is_late: bool

    @property
    def last_day(self) -> date:
        """The last day on which something can be done in time: its end is known to the hour, and may be midnight."""
        return (self.due_at - timedelta(hours=1)).date()


async def facts_of(work: UnitOfWork, case: Case) -> CaseFacts:
    """Return what may be said of a case."""
    known = await work.directory()
    return CaseFacts(
        case=case,
        village=known.villages[case.village_id].name if case.village_id else None,
        unit=known.units[case.unit_id].name if case.unit_id else None,
        category=known.category(case.category),
        further_categories=tuple(one for one in known.categories if one.code in (case.further_categories or ())),
        owner=known.names[case.owner_id] if case.owner_id else None,
        received_on=case.received_at.astimezone(work.zone).date(),
        due_at=case.due_at.astimezone(work.zone),
        today=work.today,
        is_late=case.due_at <= work.now,
    )


async def entered_by(work: UnitOfWork, case: Case) -> str | None:
    """Return the name of whoever on the staff entered a case; None where its reporter sent it."""
    if case.door is None:
        return None
    entering = select(CaseEvent.by_id).where(CaseEvent.case_id == case.id, CaseEvent.event == "receive")
    staff_id = await work.session.scalar(entering)
    return (await work.directory()).names.get(staff_id) if staff_id else None
