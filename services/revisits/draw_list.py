"""The list that a sample was drawn from, for whoever may see all that stands in it: by it anybody can draw again."""

from sqlalchemy import or_, select

from models.audit import Audited
from models.rectification import RectificationItem
from models.revisits import Revisit
from models.staff import OFFICE_ROLES
from models.states import NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.rectification.list_items import kept_from
from services.revisits.revisits import DrawnAgain, drawn_again
from services.revisits.sampling import Frame
from services.unit_of_work import UnitOfWork


async def may_take_draw_list(work: UnitOfWork, who: Member, revisit: Revisit) -> bool:
    """Whether somebody may take the list along: the office, unless anything in it is kept from anybody there.

    The group sees what was drawn, and nothing else of the round. A list without what is kept from somebody could not be
    drawn from; were it refused to that one alone, they would know that something in it concerns them.
    """
    if not who.is_office or revisit.seed is None or revisit.frame is None:
        return False
    frame = Frame.read(revisit.frame)
    office = [Member.of(one) for one in (await work.directory()).with_roles(*OFFICE_ROLES)]
    if any(not one.shut_out_of.isdisjoint(frame.units) for one in office):
        return False
    listed = RectificationItem.id.in_([item_id for unit in frame.units.values() for item_id in unit.items])
    is_kept = or_(RectificationItem.desk.is_not(None), *(kept_from(one) for one in office))
    return await work.session.scalar(select(RectificationItem.id).where(listed, is_kept).limit(1)) is None


async def draw_list(work: UnitOfWork, who: Member, revisit_id: str) -> DrawnAgain:
    """Return the list of a sample with what is drawn from it, as somebody may take it along. Raises NotEntitled."""
    revisit = await work.session.get(Revisit, revisit_id)
    if revisit is None or not await may_take_draw_list(work, who, revisit):
        raise NotEntitled
    found = await drawn_again(work, revisit_id)
    if found is None:
        raise NotEntitled
    return found


async def note_draw_list_taken(work: UnitOfWork, who: Member, revisit_id: str) -> None:
    """Write down that somebody takes the list of a sample along. Raises NotEntitled."""
    found = await draw_list(work, who, revisit_id)
    await record(work, Audited.DRAW_LIST_TAKEN, by=who.id, subject=found.revisit.round_id, revisit=revisit_id)
