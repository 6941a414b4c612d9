"""Self-checks (举一反三): what was found at one unit, all others of its kind are asked whether they have it, too.

Where it was found they do not learn. Each answers yes or no with some words, until a day.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from secrets import token_hex

from sqlalchemy import and_, not_, or_, select

from models.audit import Audited
from models.complaints import Case
from models.rectification import CaseItem, RectificationItem
from models.revisits import SelfCheck
from models.staff import OFFICE_ROLES, UNIT_ROLES, Role
from models.states import SELF_CHECK, Actor, ItemState, NotEntitled, SelfCheckState
from services.access.member import Member
from services.audit.log import record
from services.cases.quoting import check_summary
from services.directory import Directory, UnitRecord
from services.late_answers import tell_of_late
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.list_items import kept_from
from services.rectification.masking import masked_for_all
from services.revisits.notices import SelfCheckAnswered, SelfCheckLate, SelfCheckSent
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

LONGEST_TEXT = 600  # characters
LONGEST_REPLY = 500
PAGE_SIZE = 8
_ASKERS = frozenset({Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER})


class NobodyToAsk(Exception):
    """No other unit of this kind is there that was not asked yet."""


class NamesUnit(Exception):
    """Words for other units name the one at which it was found."""


def may_ask(who: Member, item: RectificationItem) -> bool:
    """Whether somebody may have other units asked about an item; of one for one pair of eyes nobody may."""
    is_known = item.desk is None and item.state is not ItemState.DRAFT
    return is_known and bool(who.actors_at_item(item) & _ASKERS)


async def item_to_ask_about(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item about which somebody may have others asked. Raises NotEntitled."""
    item = await item_log.item_seen(work, who, item_id)
    if not may_ask(who, item):
        raise NotEntitled
    return item


async def siblings_to_ask(work: UnitOfWork, item: RectificationItem) -> list[UnitRecord]:
    """Return the other units of the same kind that have somebody to answer and were not asked yet."""
    known = await work.directory()
    asked = set(await work.session.scalars(select(SelfCheck.unit_id).where(SelfCheck.item_id == item.id)))
    kind = known.units[item.unit_id].kind
    return [
        unit
        for unit in known.units.values()
        if kind is not None and unit.kind == kind and unit.id not in {*item.unit_ids, *asked}
        if known.with_roles(*UNIT_ROLES, unit_id=unit.id)
    ]


async def words_for_siblings(work: UnitOfWork, who: Member, item: RectificationItem, text: str) -> str:
    """Return words as other units may read them. Raises ContainsContact, QuotesReporter or NamesUnit."""
    linked = select(Case).join(CaseItem, CaseItem.case_id == Case.id).where(CaseItem.item_id == item.id)
    for case in list(await work.session.scalars(linked.order_by(Case.id))):
        await check_summary(work, case, text)
    if names_unit(await work.directory(), item.unit_ids, text):
        raise NamesUnit
    return await masked_for_all(work, who, item, text)


def names_unit(known: Directory, unit_ids: Collection[str], text: str) -> bool:
    """Whether words name one of some units, or a village of theirs."""
    villages = [one.name for one in known.villages.values() if one.unit_id in unit_ids]
    return any(name in text for name in [*(known.units[unit_id].name for unit_id in unit_ids), *villages])


async def ask_siblings(work: UnitOfWork, who: Member, item_id: str, text: str) -> list[SelfCheck]:
    """Ask all other units of the kind. Raises NobodyToAsk, NotEntitled, and as `words_for_siblings` does."""
    item = await item_to_ask_about(work, who, item_id)
    units = await siblings_to_ask(work, item)
    if not units:
        raise NobodyToAsk
    text = await words_for_siblings(work, who, item, text)
    due_on = work.today + timedelta(days=(await work.settings()).revisits.self_check_days)
    checks = [
        SelfCheck(
            id=token_hex(8),
            item_id=item.id,
            unit_id=unit.id,
            state=SelfCheckState.SENT,
            text=text,
            by_id=who.id,
            sent_on=work.today,
            due_on=due_on,
        )
        for unit in units
    ]
    work.session.add_all(checks)
    await work.session.flush()
    known = await work.directory()
    for check in checks:
        for person in known.with_roles(*UNIT_ROLES, unit_id=check.unit_id):
            await work.outbox.to_staff(person.id, OutgoingMessage(SelfCheckSent(check.id)), priority=Priority.NOTICE)
    await record(work, Audited.SELF_CHECK_SENT, by=who.id, item=item.id, units=len(checks), unit=item.unit_id)
    return checks


async def check_seen(work: UnitOfWork, who: Member, check_id: str) -> SelfCheck:
    """Return a self-check for the unit that is asked, who asked, and the office. Raises NotEntitled."""
    check = await work.session.get(SelfCheck, check_id)
    if check is None or not actors_at(who, check) or await _is_kept_from(work, who, check):
        raise NotEntitled
    return check


async def _is_kept_from(work: UnitOfWork, who: Member, check: SelfCheck) -> bool:
    """Whether somebody is shut out of where it was found; who is asked learns nothing of that, and reads it."""
    if check.unit_id in who.units(*UNIT_ROLES):
        return False
    found_at = select(RectificationItem.id).where(RectificationItem.id == check.item_id, kept_from(who))
    return await work.session.scalar(found_at) is not None


def actors_at(who: Member, check: SelfCheck) -> frozenset[Actor]:
    """Return what somebody is at a self-check."""
    own = {Actor(held.role) for held in who.roles if held.unit_id == check.unit_id and held.role in UNIT_ROLES}
    if own or check.unit_id in who.shut_out_of or check.item_id in who.shut_out_of_items:
        return frozenset(own)
    found = {Actor(held.role) for held in who.roles if held.role in OFFICE_ROLES}
    return frozenset(found | ({Actor.TEAM_LEADER} if who.id == check.by_id and who.has(Role.TEAM_LEADER) else set()))


async def may(work: UnitOfWork, who: Member, check_id: str, action: str) -> SelfCheck:
    """Return a self-check, locked, with which somebody may do something now; raise Impossible or NotEntitled."""
    query = select(SelfCheck).where(SelfCheck.id == check_id).with_for_update()
    check = await work.session.scalar(query.execution_options(populate_existing=True))
    if check is None or not actors_at(who, check) or await _is_kept_from(work, who, check):
        raise NotEntitled
    SELF_CHECK.step(check.state, action, actors_at(who, check))
    return check


async def answer(work: UnitOfWork, who: Member, check_id: str, text: str, *, has_problem: bool) -> SelfCheck:
    """Say whether the unit has the problem; who asked is told. Raises Impossible or NotEntitled."""
    check = await may(work, who, check_id, "answer")
    check.has_problem, check.reply = has_problem, text
    await _end(work, who, check, "answer")
    await work.outbox.to_staff(check.by_id, OutgoingMessage(SelfCheckAnswered(check.id)))
    return check


async def call_off(work: UnitOfWork, who: Member, check_id: str) -> SelfCheck:
    """Ask a unit no more. Raises Impossible or NotEntitled."""
    check = await may(work, who, check_id, "call_off")
    await _end(work, who, check, "call_off")
    return check


async def _end(work: UnitOfWork, who: Member, check: SelfCheck, action: str) -> None:
    check.state = SELF_CHECK.step(check.state, action, actors_at(who, check))
    check.ended_by, check.ended_on = who.id, work.today
    await work.session.flush()


def has_to_do_with_checks(who: Member) -> bool:
    """Whether there are self-checks at all that somebody may know of."""
    return who.is_office or who.has(Role.TEAM_LEADER) or bool(who.units(*UNIT_ROLES))


async def checks_of(work: UnitOfWork, who: Member, after: str | None = None) -> tuple[Sequence[SelfCheck], str | None]:
    """Return a page of the self-checks: for the office all, and for a team leader those they asked, latest first.

    For a unit its own that wait, due first.
    """
    query = select(SelfCheck).limit(PAGE_SIZE + 1)
    last = await work.session.get(SelfCheck, after) if after else None
    own = SelfCheck.unit_id.in_(who.units(*UNIT_ROLES))
    if who.is_office or who.has(Role.TEAM_LEADER):
        found_at = select(RectificationItem.id).where(kept_from(who))
        hidden = or_(SelfCheck.unit_id.in_(who.shut_out_of), SelfCheck.item_id.in_(found_at))
        asked = not_(hidden) if who.is_office else and_(SelfCheck.by_id == who.id, not_(hidden))
        query = query.where(asked if who.is_office else or_(asked, own))
        query = query.order_by(SelfCheck.sent_on.desc(), SelfCheck.id)
        if last is not None:
            same_day = and_(SelfCheck.sent_on == last.sent_on, SelfCheck.id > last.id)
            query = query.where(or_(SelfCheck.sent_on < last.sent_on, same_day))
    else:
        query = query.where(own, SelfCheck.state == SelfCheckState.SENT).order_by(SelfCheck.due_on, SelfCheck.id)
        if last is not None and actors_at(who, last):
            same_day = and_(SelfCheck.due_on == last.due_on, SelfCheck.id > last.id)
            query = query.where(or_(SelfCheck.due_on > last.due_on, same_day))
    found = list(await work.session.scalars(query))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


@in_working_hours
async def tell_of_late_checks(work: UnitOfWork) -> More | None:
    """Tell once, in working hours, of each self-check whose day has passed: the unit, and who asked."""
    known = await work.directory()

    async def concerned(check: SelfCheck) -> list[str]:
        return [*(one.id for one in known.with_roles(*UNIT_ROLES, unit_id=check.unit_id)), check.by_id]

    return await tell_of_late(work, SelfCheck, SelfCheck.state == SelfCheckState.SENT, SelfCheckLate, concerned)
