"""Hints that are no case yet (线索): kept by village and topic, and shown to who leads there once three agree."""

from sqlalchemy import Select, select, true

from models.audit import Audited
from models.complaints import Case, MessageKind
from models.states import CASE, NotEntitled
from services.access.member import Member
from services.access.visibility import readers
from services.audit.log import record
from services.cases.actions import acting_as, leads
from services.cases.case_log import case_seen_by, step
from services.cases.dialogue import say_to_reporter
from services.cases.notices import HintsAgree
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

LISTED = 8


async def case_to_keep(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may keep as a hint; raise Impossible or NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    CASE.step(case.state, "keep_as_hint", acting_as(who, case))
    if case.is_thanks or case.hazard:  # who is in danger is looked after, however little is told
        raise NotEntitled
    return case


async def keep_as_hint(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Keep a case as a hint that is not followed by itself; its reporter is told. Raises Impossible or NotEntitled.

    Whoever leads there is told when so many hints of one village and category agree, and each time they have doubled.
    """
    case = await case_to_keep(work, who, case_id)
    await step(work, case, "keep_as_hint", acting_as(who, case), by=who)
    case.is_hint = True
    await work.session.flush()
    await say_to_reporter(work, case, MessageKind.TEXT, key="hint")
    await record(work, Audited.KEPT_AS_HINT, by=who.id, case_id=case.id)
    count = len(list(await work.session.scalars(hints_like(case))))
    least = (await work.directory()).complaint_settings_of(case.round_id).hints_agree
    if count and count % least == 0 and (count // least).bit_count() == 1:  # three, six, twelve …
        for reader in await readers(work, case):
            if leads(Member.of(reader), case):
                await work.outbox.to_staff(reader.id, OutgoingMessage(HintsAgree(case.id)))
    return case


def hints_like(case: Case) -> Select[Case]:
    """Return the query for the hints of one desk, village and category, a given one among them; the earliest first."""
    return (
        select(Case)
        .where(
            Case.unit_id == case.unit_id,
            Case.category == case.category,
            Case.is_open.is_(False),
            Case.is_hint == true(),
            Case.village_id == case.village_id,
            Case.desk == case.desk,
            Case.round_id == case.round_id,
        )
        .order_by(Case.received_at, Case.id)
    )


async def hints_seen(work: UnitOfWork, who: Member, case: Case) -> list[Case]:
    """Return the hints that agree with one, as far as somebody may know of them."""
    return [one for one in await work.session.scalars(hints_like(case)) if who.knows_of(one)]
