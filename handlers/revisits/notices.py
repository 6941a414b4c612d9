"""What is told of re-visits: to the group, and of announced visits to the unit."""

from handlers.actions import button
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.revisits.labels import REVISITS, VISITS, revisit_name, visit_state
from models.revisits import Revisit
from services.revisits.notices import RevisitJoined, RevisitLeft, VisitAnnounced, VisitPlanned
from services.revisits.revisits import revisit_seen
from services.revisits.visits import announced_visit, visit_seen
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.dates import day
from texts.message import Message


@renders_for_staff(RevisitJoined)
async def revisit_joined(work: UnitOfWork, reader: StaffReader, notice: RevisitJoined) -> Message | None:
    """Tell somebody that they are in a group, and what it looks at."""
    seen, words = await revisit_seen(work, reader.who, notice.revisit_id), reader.words
    name = revisit_name(words, await work.directory(), seen.revisit)
    until = day(words, seen.revisit.ends_on, work.today)
    text = words("revisit.told_joined", name=name, units=len(seen.units), items=seen.items, day=until)
    return Message(text, ((button(words, "revisit.button_open", Press(REVISITS, "open", seen.revisit.id).pack()),),))


@renders_for_staff(RevisitLeft)
async def revisit_left(work: UnitOfWork, reader: StaffReader, notice: RevisitLeft) -> Message | None:
    """Tell somebody that what was drawn is theirs no more; nothing when they have come back meanwhile."""
    revisit = await work.session.get(Revisit, notice.revisit_id)
    if revisit is None or revisit.id in reader.who.revisits:
        return None
    return Message(reader.words("revisit.told_left", name=revisit_name(reader.words, await work.directory(), revisit)))


@renders_for_staff(VisitPlanned)
async def visit_planned(work: UnitOfWork, reader: StaffReader, notice: VisitPlanned) -> Message | None:
    """Tell the group how a visit stands."""
    seen, words = await visit_seen(work, reader.who, notice.visit_id), reader.words
    unit = (await work.directory()).units[seen.visit.unit_id].name
    lines = [words("revisit.visit_title", unit=unit), visit_state(words, seen.visit, work.today)]
    if seen.visit.is_unannounced and seen.visit.state == "planned":
        lines.append(words("revisit.keep_quiet"))
    open_it = button(words, "revisit.button_open", Press(VISITS, "open", seen.visit.id).pack())
    return Message(Html("\n".join(lines)), ((open_it,),), protect=True)


@renders_for_staff(VisitAnnounced)
async def visit_announced(work: UnitOfWork, reader: StaffReader, notice: VisitAnnounced) -> Message | None:
    """Tell a unit when it is visited, or that it is not; of a visit that is not announced, never anything."""
    visit = await announced_visit(work, reader.who, notice.visit_id)
    if visit is None or visit.planned_on is None:
        return None
    words = reader.words
    key = "revisit.told_visit" if visit.state == "planned" else "revisit.told_no_visit"
    unit = (await work.directory()).units[visit.unit_id].name
    return Message(words(key, unit=unit, day=day(words, visit.planned_on, work.today)))
