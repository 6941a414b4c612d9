"""Where a case's card hangs: on the team's board, or in the private chats of those who may see it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select, true, update

from models.address import Address
from models.complaints import Case
from models.delivery import OutboxRow, OutboxState, SentMessage
from models.desk import Desk
from models.message_key import MessageKey, Shows
from models.recipient import Recipient, RecipientKind
from models.staff import Role
from models.states import Actor
from services.access.conflicts import cases_naming, named_in_case
from services.access.member import Member
from services.access.visibility import board_of, readers
from services.cases.notices import CaseCard, ReporterWrote
from services.delivery.recall import forget_card_at
from services.notice import CaseNotice
from services.outbox import DeleteMessage, OutgoingMessage, Priority, outgoing_message
from services.unit_of_work import UnitOfWork

KEPT_HOURS = 24  # what a member has opened stays in their chat


async def show_card(work: UnitOfWork, case: Case, *, farewell: bool = False) -> None:
    """Queue the card of a case, as it is now, for everybody entitled; it is edited in place where it hangs already.

    The board is a group chat, and a group cannot hide a card from one of its people. So as soon as one member of
    the team is shut out of the unit, the cards go to the others in private. Wherever else a card hangs it is
    renewed too: what it may say, and to whom, is decided when it is sent.
    """
    if case.held_until is not None:
        return
    named = await named_in_case(work.session, case.id)
    standing = list(await work.session.scalars(select(SentMessage).where(SentMessage.case_id == case.id)))
    hangs = sorted((one.message_key.at for one in standing if one.message_key.shows is Shows.CARD), key=str)
    for place in dict.fromkeys([*await _places(work, case, named), *hangs]):
        await _queue_card(work, case, place, farewell=farewell)
    if case.dismissal is None or not case.dismissal.waits:
        await _take_back(work, [one for one in standing if one.message_key.shows is Shows.DISMISSAL])
    if case.asked_for_time is None:
        await _take_back(work, [one for one in standing if one.message_key.shows is Shows.EXTENSION])


async def hang_card(work: UnitOfWork, case: Case, *, named: Collection[str]) -> None:
    """Queue the card of a new case, which hangs nowhere yet, for everybody entitled; `named`: whom it names."""
    if case.held_until is None:
        for place in await _places(work, case, named):
            await _queue_card(work, case, place)


async def _places(work: UnitOfWork, case: Case, named: Collection[str]) -> list[Recipient]:
    """Return where the card of a case belongs: the board, otherwise the chats of its readers."""
    board = await board_of(work, case, named=named)
    if board:
        return [Recipient.board(board)]
    return [Recipient.staff(reader.id) for reader in await readers(work, case, named=named)]


async def put_on_board(work: UnitOfWork, team_id: str) -> int:
    """Hang the cards of a team's open cases on its board, the most urgent first; return how many there are.

    Those that hang there already are renewed where they are.
    """
    query = select(Case).where(Case.desk == Desk.team(team_id), Case.is_open == true())
    found = await work.session.scalars(query.order_by(Case.urgency, Case.received_at, Case.id))
    team = (await work.directory()).with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=team_id)
    naming = await cases_naming(work.session, [one.id for one in team])
    shut_out_of = frozenset[str]().union(*(one.shut_out_of for one in team))
    named_in = frozenset[str]().union(*naming.values())
    cases = [
        case
        for case in found
        if case.held_until is None and case.unit_id not in shut_out_of and case.id not in named_in
    ]
    for case in cases:
        await _queue_card(work, case, Recipient.board(team_id))
    return len(cases)


async def renew_cards(work: UnitOfWork, unit_ids: Collection[str]) -> None:
    """Queue a fresh card of every open case of some units, because who may see them has changed."""
    cases = await work.session.scalars(
        select(Case).where(Case.unit_id.in_(unit_ids), Case.is_open == true()).order_by(Case.id)
    )
    for case in list(cases):
        await show_card(work, case)


async def bring_card(work: UnitOfWork, case: Case, reader: Member) -> None:
    """Queue the card of a case for the end of a member's private chat; an earlier one there is taken away."""
    chat = Recipient.staff(reader.id)
    standing = None if work.outbox.is_gathering else await work.session.get(SentMessage, card_key(case.id, chat))
    if standing is not None:
        outgoing = OutgoingMessage(DeleteMessage(standing.message_id))
        # Where it stands may not be where they are reached now.
        await work.outbox.again_to(
            chat, str(chat), outgoing, priority=Priority.ANSWER, not_before=work.now, address=standing.address
        )
        await work.session.execute(delete(SentMessage).where(SentMessage.message_key == standing.message_key))
        work.session.expunge(standing)
    if case.is_open:
        await _queue_card(work, case, chat, priority=Priority.ANSWER)
    else:  # nothing will become of it: where it hangs need not be known
        brought = OutgoingMessage(CaseCard(case.id), delete_after_hours=KEPT_HOURS)
        await work.outbox.to_staff(reader.id, brought, priority=Priority.ANSWER)


async def put_card(work: UnitOfWork, case: Case, reader: Member, address: Address, message_id: int | None) -> None:
    """Queue the card of a case for a message in a member's own chat; an earlier card goes once it stands there."""
    chat = Recipient.staff(reader.id)
    content = CaseCard(case.id, case_version=case.version)
    outgoing = OutgoingMessage(content, key=card_key(case.id, chat), edit=message_id)
    # In the lane of all their cards: one at a time, so that each finds where the last one stands.
    await work.outbox.again_to(
        chat, str(chat), outgoing, priority=Priority.ANSWER, not_before=work.now, address=address
    )


async def forget_cards(work: UnitOfWork) -> None:
    """Forget where the cards of cases hang that were closed so long ago that none can be taken down any more.

    Their places stand in the order in which they were hung, and a closed case has told its last.
    """
    await work.session.execute(delete(SentMessage).where(SentMessage.forget_at <= work.now))


async def note_end(work: UnitOfWork, case: Case) -> None:
    """Let the places of a case's cards be forgotten in time, or not at all if it is open again."""
    hanging = update(SentMessage).where(SentMessage.case_id == case.id)
    await work.session.execute(hanging.values(forget_at=forget_card_at(case)))


async def tell_in_charge(
    work: UnitOfWork, case: Case, notice: CaseNotice, *, not_before: datetime | None = None
) -> None:
    """Queue a notice about a case for its owner; without one to the board, else to all who see it."""
    seeing = await readers(work, case)
    owners = [reader for reader in seeing if reader.id == case.owner_id]
    board = await board_of(work, case)
    if board and not owners:
        await work.outbox.to_board(board, _told_at(Recipient.board(board), notice), not_before=not_before)
        return
    for reader in owners or seeing:
        outgoing = _told_at(Recipient.staff(reader.id), notice)
        priority = Priority.HAZARD if case.hazard else Priority.NOTICE
        await work.outbox.to_staff(reader.id, outgoing, priority=priority, not_before=not_before)


async def tell_who_leads(work: UnitOfWork, case: Case, notice: CaseNotice) -> None:
    """Queue a notice about a case for its owner, and for who leads where it lies."""
    for reader in await readers(work, case):
        leads = Actor.TEAM_LEADER in Member.of(reader).actors_at(case)
        if leads or reader.id == case.owner_id:
            await work.outbox.to_staff(reader.id, OutgoingMessage(notice), priority=Priority.NOTICE)


def _told_at(place: Recipient, notice: CaseNotice) -> OutgoingMessage:
    """Return a notice as it is told at a place: what a reporter writes more, in place of what was told before."""
    key = MessageKey(Shows.NEWS, notice.case_id, place) if isinstance(notice, ReporterWrote) else None
    return OutgoingMessage(notice, key=key)


async def tell_members_instead(work: UnitOfWork, team_id: str) -> None:
    """Queue for the members, each in private, the notices that wait for a board that is gone. Cards are shown anew."""
    waiting = select(OutboxRow).where(
        OutboxRow.recipient == Recipient.board(team_id),
        OutboxRow.state == OutboxState.QUEUED,
        OutboxRow.kind != CaseCard.kind,
    )
    for row in list(await work.session.scalars(waiting.order_by(OutboxRow.id))):
        notice = outgoing_message(work.keyring, row).content
        case = await work.session.get(Case, notice.case_id) if isinstance(notice, CaseNotice) else None
        if isinstance(notice, CaseNotice) and case is not None:
            await tell_in_charge(work, case, notice, not_before=None if row.at_once else row.not_before)
            await work.session.delete(row)
    await work.session.flush()


async def hangs_at(work: UnitOfWork, case: Case, team_id: str, address: Address, message_id: int) -> bool:
    """Whether a message in a group is the card of a case on that team's board."""
    standing = await work.session.get(SentMessage, card_key(case.id, Recipient.board(team_id)))
    return standing is not None and (standing.address, standing.message_id) == (address, message_id)


def card_key(case_id: str, place: Recipient) -> MessageKey:
    """Return the key of a card on a board, or in somebody's private chat."""
    return MessageKey(Shows.CARD, case_id, place)


async def _queue_card(
    work: UnitOfWork,
    case: Case,
    place: Recipient,
    *,
    farewell: bool = False,
    priority: Priority | None = None,
) -> None:
    # No key that must be remembered: rows that stay would tell in which order, and when, complaints came.
    outgoing = OutgoingMessage(CaseCard(case.id, farewell, case_version=case.version), key=card_key(case.id, place))
    if place.kind == RecipientKind.BOARD:
        await work.outbox.to_board(place.id, outgoing)
        return
    urgency = Priority.HAZARD if case.hazard else Priority.CARD
    await work.outbox.to_staff(place.id, outgoing, priority=priority or urgency)


async def _take_back(work: UnitOfWork, messages: Iterable[SentMessage]) -> None:
    """Queue the deletion of messages where they stand."""
    for one in messages:
        await work.outbox.to_chat(one.address, OutgoingMessage(DeleteMessage(one.message_id)))
        await work.session.delete(one)
    await work.session.flush()
