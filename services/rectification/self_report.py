"""A unit reports a problem of its own, and what is done about it: 主动报告、即知即改.

The head opens the item. The liaison prepares one for the head, who confirms exactly what was prepared or gives it back.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from models.audit import Audited
from models.deadlines import Audience
from models.rectification import ItemSource, RectificationItem
from models.rounds import Unit
from models.self_reports import SelfReport
from models.staff import Role
from models.states import SELF_REPORT, UNIT_ACTORS, Actor, NotEntitled, SelfReportState
from services.access.member import Member
from services.audit.log import record
from services.late_answers import tell_of_late
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.copies import tell_of_copies
from services.rectification.issue_item import (
    add_item,
    aspects_for,
    checked,
    head_of,
    place_of,
    with_usual_parts,
)
from services.rectification.notices import SelfReportGivenBack, SelfReportLate, SelfReportNotice, SelfReportPrepared
from services.rectification.notify import tell
from services.rectification.order import Incomplete, NewItem, missing
from services.register_pages import Page, page_of
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

LONGEST_WORDS = 500  # characters, with which a head gives one back


async def units_to_report_of(work: UnitOfWork, who: Member, named: str = "") -> list[Unit]:
    """Return the units that somebody heads or is the liaison of, those whose name holds what was typed."""
    units = [await work.session.get_one(Unit, unit_id) for unit_id in who.units(Role.UNIT_HEAD, Role.LIAISON)]
    return [unit for unit in units if named in unit.name]


def is_head(who: Member, unit_id: str) -> bool:
    """Whether somebody heads a unit, so that nobody else has to confirm what they report of it."""
    return unit_id in who.units(Role.UNIT_HEAD)


async def draft_self_report(work: UnitOfWork, who: Member, order: NewItem) -> tuple[RectificationItem, NewItem]:
    """Return the item that a head would open, or a liaison prepares, and all that its order says then.

    Raises Incomplete (where nobody is in charge of the unit, the leader is missing), UnitUnknown, TextUnfit, DueInPast
    or NotEntitled.
    """
    if order.unit_id not in who.units(Role.UNIT_HEAD, Role.LIAISON):
        raise NotEntitled
    head = who.name if is_head(who, order.unit_id) else await head_of(work, order.unit_id)
    place = await place_of(work, order.unit_id)
    order = replace(order, source=ItemSource.SELF_REPORT, head=head, is_for_head=True)
    order = await with_usual_parts(work, order, place)
    if lacks := missing(order, await aspects_for(work, order, place.round_id)):
        raise Incomplete(lacks)
    return checked(work, await place.unsaved(work, order)), order


async def open_self_report(work: UnitOfWork, who: Member, order: NewItem) -> RectificationItem:
    """Open an item of one's own unit, as its head: it is acknowledged from the start. Raises as `draft_self_report`."""
    if not is_head(who, order.unit_id):
        raise NotEntitled
    item, order = await draft_self_report(work, who, order)
    await add_item(work, item, order)
    event = await item_log.step(work, item, "self_report", {Actor.UNIT_HEAD}, by=who)
    await record(work, Audited.ITEM_ISSUED, by=who.id, subject=item.id, unit=item.unit_id, source=item.source)
    told = await tell(work, item, event, Audience.LIAISON, Audience.REVIEWERS, Audience.COUNTY_LEADER)
    await tell_of_copies(work, item, but=[*told, who.id])
    return item


# ---- the liaison prepares, the head confirms


async def prepare_self_report(work: UnitOfWork, who: Member, order: NewItem) -> SelfReport:
    """Keep what the liaison wrote for the heads of the unit, who are told. Raises as `draft_self_report` does."""
    await draft_self_report(work, who, order)
    place = await place_of(work, order.unit_id)
    days = (await work.directory()).rectification_settings_of(place.round_id).confirm_days
    report = SelfReport(
        unit_id=order.unit_id,
        state=SelfReportState.PREPARED,
        content=order.as_json(),
        by_id=who.id,
        prepared_on=work.today,
        due_on=work.today + timedelta(days=days),
    )
    work.session.add(report)
    await work.session.flush()
    await _tell_heads(work, report, SelfReportPrepared)
    return report


def actors_at(who: Member, report: SelfReport) -> frozenset[Actor]:
    """Return what somebody is at a report: somebody of its unit, or nobody."""
    return frozenset({Actor(held.role) for held in who.roles if held.unit_id == report.unit_id}) & UNIT_ACTORS


async def report_seen(work: UnitOfWork, who: Member, report_id: str) -> SelfReport:
    """Return a report for the people of its unit. Raises NotEntitled."""
    report = await work.session.get(SelfReport, report_id)
    if report is None or not actors_at(who, report):
        raise NotEntitled
    return report


async def may(work: UnitOfWork, who: Member, report_id: str, action: str) -> SelfReport:
    """Return a report, locked, to which somebody may do an action now. Raises Impossible or NotEntitled."""
    query = select(SelfReport).where(SelfReport.id == report_id).with_for_update()
    report = await work.session.scalar(query.execution_options(populate_existing=True))
    if report is None or not actors_at(who, report):
        raise NotEntitled
    SELF_REPORT.step(report.state, action, actors_at(who, report))
    return report


async def confirm_self_report(work: UnitOfWork, who: Member, report_id: str) -> SelfReport:
    """Open the item that was prepared, as the head. Raises Impossible, and what `open_self_report` does."""
    report = await may(work, who, report_id, "confirm")
    item = await open_self_report(work, who, NewItem.of_json(report.content))
    report.item_id = item.id
    await _decide(work, who, report, "confirm")
    return report


async def give_back_self_report(work: UnitOfWork, who: Member, report_id: str, words: str) -> SelfReport:
    """Give back what was prepared, with words; whoever prepared it is told. Raises Impossible or NotEntitled."""
    report = await may(work, who, report_id, "give_back")
    report.words = words
    await _decide(work, who, report, "give_back")
    told = OutgoingMessage(SelfReportGivenBack(report.id))
    await work.outbox.to_staff(report.by_id, told, priority=Priority.NOTICE)
    return report


async def self_reports(work: UnitOfWork, who: Member, after: str | None = None) -> Page[SelfReport]:
    """Return a page of what was prepared at somebody's units, the latest first."""

    async def is_seen(report: SelfReport) -> bool:
        return bool(actors_at(who, report))

    at_units = SelfReport.unit_id.in_(who.units(Role.UNIT_HEAD, Role.LIAISON))
    order = SelfReport.prepared_on
    return await page_of(work, SelfReport, order, is_seen, at_units, after=after, latest_first=True)


@in_working_hours
async def tell_of_late_self_reports(work: UnitOfWork) -> More | None:
    """Remind the heads of a unit once, in working hours, of what was prepared and waits for them too long."""
    known = await work.directory()

    async def concerned(report: SelfReport) -> list[str]:
        return [one.id for one in known.with_roles(Role.UNIT_HEAD, unit_id=report.unit_id)]

    return await tell_of_late(work, SelfReport, SelfReport.state == SelfReportState.PREPARED, SelfReportLate, concerned)


async def _decide(work: UnitOfWork, who: Member, report: SelfReport, action: str) -> None:
    report.state = SELF_REPORT.step(report.state, action, actors_at(who, report))
    report.decided_by, report.decided_on = who.id, work.today
    await work.session.flush()


async def _tell_heads(work: UnitOfWork, report: SelfReport, notice: Callable[[str], SelfReportNotice]) -> None:
    for head in (await work.directory()).with_roles(Role.UNIT_HEAD, unit_id=report.unit_id):
        await work.outbox.to_staff(head.id, OutgoingMessage(notice(report.id)), priority=Priority.NOTICE)
