"""The organisation department asks how many items of a unit are open and cleared before it promotes anybody there."""

from dataclasses import dataclass

from sqlalchemy import and_, not_, or_, select, true

from models.audit import Audited
from models.rectification import RectificationItem
from models.rounds import DepartmentKind
from models.states import NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.directory import Directory, Person
from services.evaluation.counts import IS_DONE, how_many
from services.evaluation.entitled import COUNTED, IS_ISSUED
from services.rectification.copies import copied_to_reader
from services.rectification.list_items import kept_from
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Clearance:
    """How many items of a unit are open, and how many are cleared; nothing else is answered."""

    unit_id: str
    open: int
    cleared: int


def may_ask(known: Directory, who: Person) -> bool:
    """Whether somebody acts for the organisation department."""
    return any(known.departments[one].kind is DepartmentKind.ORGANISATION for one in who.departments)


async def clearance_of(work: UnitOfWork, who: Member, unit_id: str) -> Clearance:
    """Return the answer for a unit, of all rounds; that it was asked is written down. Raises NotEntitled.

    Whoever asks is not counted items because of a case that names them, and those on a desk for one pair of eyes only
    if they read a copy.
    """
    known = await work.directory()
    if not may_ask(known, who) or unit_id not in known.units or unit_id in who.shut_out_of:
        raise NotEntitled
    await record(work, Audited.CLEARANCE_ASKED, by=who.id, subject=unit_id)
    item = RectificationItem
    is_counted = or_(and_(*COUNTED), and_(IS_ISSUED, copied_to_reader(who)))
    query = select(how_many(item.is_open == true()), how_many(IS_DONE)).where(
        item.unit_id == unit_id, is_counted, not_(kept_from(who))
    )
    return Clearance(unit_id, *(await work.session.execute(query)).one())
