"""The checks of `doctor` on a county's records; each finding is one sentence with its remedy."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import func, select, true

from models.complaints import Case
from models.delivery import FailedUpdate, OutboxRow, OutboxState
from models.recipient import Recipient
from models.rectification import RectificationItem
from models.rounds import Assignment, County, Round, Team, Unit
from models.staff import Role, Staff, StaffRole
from models.states import INTAKE_ROUNDS, RoundState
from models.working_days import WorkingCalendar
from privacy.keyring import KeyringError
from services.access.addresses import ENROLLED, UNREACHABLE
from services.access.conflicts import cases_naming
from services.access.member import Member
from services.cases.conflicts_of_interest import READERS
from services.unit_of_work import UnitOfWork

NAMES_SHOWN = 8
OVERDUE_AFTER = timedelta(hours=1)
NEXT_YEAR_FROM_MONTH = 12  # from this month on, the next year's holidays must be known


async def findings(work: UnitOfWork) -> AsyncIterator[str]:
    """Yield all that is wrong with what is entered."""
    if await work.session.get(County, 1) is None:
        yield "No county is entered; write its file and run `xunsheng import FILE`."
        return
    for check in (_keys, _dates, _calendar, _staff, _boards, _heads, _cases, _crises, _messages, _updates):
        async for finding in check(work):
            yield finding


async def _keys(work: UnitOfWork) -> AsyncIterator[str]:
    for entry in await work.session.scalars(select(Round).where(Round.state != RoundState.ARCHIVED).order_by(Round.id)):
        try:
            held = work.keyring.round(entry.id).sealing.public
        except KeyringError as error:
            yield str(error)
            continue
        if held != entry.public_key:
            yield (
                f"The keyring's key of round {entry.id} is not the one its complaints are sealed to; "
                "restore the keyring from its backup."
            )


async def _dates(work: UnitOfWork) -> AsyncIterator[str]:
    for entry in await work.session.scalars(select(Round).where(Round.state.in_(INTAKE_ROUNDS)).order_by(Round.id)):
        if entry.intake_until < work.today:
            yield (
                f"The round {entry.id} has taken no complaints since {entry.intake_until} but is {entry.state} still; "
                "see that the bot is running: it closes the intake by itself."
                if entry.state == RoundState.STATIONED
                else f"The round {entry.id} was to end its intake on {entry.intake_until} but never opened; "
                "correct its dates in the county file and import it again."
            )
        elif entry.state == RoundState.PREPARING and entry.stay_from <= work.today:
            yield (
                f"The round {entry.id} was to open on {entry.stay_from} but is preparing still, so its codes open "
                f"nothing; run `xunsheng round {entry.id} open`, or correct its dates and import them again."
            )


async def _calendar(work: UnitOfWork) -> AsyncIterator[str]:
    calendar = WorkingCalendar.of(await work.settings(), work.zone)
    years = [work.today.year] + ([work.today.year + 1] if work.today.month >= NEXT_YEAR_FROM_MONTH else [])
    for year in years:
        if not calendar.knows(year):
            yield (
                f"The holidays of {year} are not known, so only weekends are free; update the program, or enter them "
                "as settings.extra_holidays and settings.extra_workdays in the county file and import it again."
            )


async def _staff(work: UnitOfWork) -> AsyncIterator[str]:
    active = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)
    absent = list(await work.session.scalars(active.where(~ENROLLED)))
    if absent:
        yield (
            f"Not enrolled yet: {_shortened([f'{person.id} {person.name}' for person in absent])}; "
            "print invitations with `xunsheng invite --all OUT.pdf`."
        )
    lost = list(await work.session.scalars(active.where(UNREACHABLE)))
    if lost:
        yield (
            f"No longer reached by the bot: {_shortened([f'{person.id} {person.name}' for person in lost])}; "
            "ask them to unblock it and to write to it, or invite them anew from another account."
        )


async def _boards(work: UnitOfWork) -> AsyncIterator[str]:
    query = (
        select(Team.id)
        .join(Round, Round.id == Team.round_id)
        .where(Team.board_address.is_(None), Round.state.in_(INTAKE_ROUNDS))
        .order_by(Team.id)
    )
    teams = list(await work.session.scalars(query))
    if teams:
        yield (
            f"Without a board, so that cards go to private chats: {_shortened(teams)}; "
            "let the team leader add the bot to the team's group."
        )


async def _heads(work: UnitOfWork) -> AsyncIterator[str]:
    headed = (
        select(StaffRole.unit_id)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(StaffRole.role == Role.UNIT_HEAD, StaffRole.unit_id.is_not(None), Staff.left_at.is_(None))
    )
    inspected = (
        select(Assignment.unit_id).join(Round, Round.id == Assignment.round_id).where(Round.state.in_(INTAKE_ROUNDS))
    )
    owing = select(RectificationItem.unit_id).where(RectificationItem.is_open)
    concerned = Unit.id.in_(inspected) | Unit.id.in_(owing)
    query = select(Unit.name).where(concerned, Unit.id.not_in(headed)).order_by(Unit.id)
    units = list(await work.session.scalars(query))
    if units:
        yield (
            f"Without a head, so that nobody is reminded: {_shortened(units)}; "
            "name one as `head` of the unit in the county file and import it again."
        )


async def _cases(work: UnitOfWork) -> AsyncIterator[str]:
    people = (await work.directory()).with_roles(*READERS)
    naming = await cases_naming(work.session, [one.id for one in people])
    readers = [Member.of(one, cases=naming.get(one.id, ())) for one in people]
    query = select(Case).where(Case.is_open == true(), Case.held_until.is_(None)).order_by(Case.id)
    unseen = [case.id for case in await work.session.scalars(query) if not any(one.may_see(case) for one in readers)]
    if unseen:
        yield (
            f"Open cases that nobody may see, because everybody who could is named in them or shut out of their unit: "
            f"{_shortened(unseen)}; enter another office director in the county file and import it again."
        )


async def _crises(work: UnitOfWork) -> AsyncIterator[str]:
    calling = select(Case.id).where(Case.next_call_at.is_not(None), Case.crisis_calls > 1).order_by(Case.id)
    unanswered = list(await work.session.scalars(calling))
    if unanswered:
        yield (
            f"Crises that nobody has pressed to be on: {_shortened(unanswered)}; telephone the team leader or the "
            "office director now: whoever gets there first presses the button under the call."
        )


async def _messages(work: UnitOfWork) -> AsyncIterator[str]:
    dead = await work.session.execute(
        select(OutboxRow.recipient, OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD)
    )
    reasons = Counter((_recipient_name(recipient), reason or "no reason was noted") for recipient, reason in dead)
    for (whom, reason), number in sorted(reasons.items()):
        yield f"{number} messages to {whom} will never be sent ({reason}); tell them by another way."
    late = select(func.count()).select_from(OutboxRow)
    late = late.where(OutboxRow.state == OutboxState.QUEUED, OutboxRow.not_before < work.now - OVERDUE_AFTER)
    waiting = await work.session.scalar(late)
    if waiting:
        yield f"{waiting} messages have been waiting for more than an hour; see that the bot is running."


def _recipient_name(recipient: Recipient) -> str:
    """Return who a message was for; residents are not told apart."""
    if recipient.staff_id is not None:
        return f"staff {recipient.staff_id}"
    return "residents" if recipient.team_id is None else f"the board of {recipient.team_id}"


async def _updates(work: UnitOfWork) -> AsyncIterator[str]:
    reasons = Counter(
        await work.session.scalars(select(FailedUpdate.reason).where(FailedUpdate.set_aside_at.is_not(None)))
    )
    for reason, number in sorted(reasons.items()):
        yield (
            f"{number} updates were set aside because they failed three times ({reason}); "
            "their senders were told; report this to whoever maintains the program."
        )


def _shortened(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    return shown if len(names) <= NAMES_SHOWN else f"{shown} and {len(names) - NAMES_SHOWN} more"
