"""Who decides on a dismissal, and on more time: not whoever asks for it, and nobody whom the case is kept from."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import delete, select

from models.complaints import Case
from models.delivery import SentMessage
from models.dismissal import Dismissal, DismissalReason
from models.message_key import MessageKey, Shows
from models.recipient import Recipient
from models.staff import Recusal, RecusalState, Role
from models.states import Actor
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import directors_who_may_know, readers
from services.cases.actions import leads, may_decide_on_dismissal, may_decide_on_time
from services.cases.notices import DismissalProposed, ExtensionAsked
from services.notice import Notice
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork


class NobodyMayDecide(Exception):
    """Nobody but who proposes or asks for it could decide, or whoever could is shut out of the case."""


async def to_be_decided(
    work: UnitOfWork, case: Case, proposer: str, reason: DismissalReason, words: str | None
) -> Dismissal:
    """Return a dismissal with who decides on it: the leader at its desk, otherwise the office director.

    A director who proposes it decides alone where nobody else may know of the case, and not because a director was
    ordered to keep out: of two who order each other, neither may decide alone. Raises NobodyMayDecide.
    """
    named = await named_in_case(work.session, case.id)
    seeing = await readers(work, case, named=named)
    leading = [person for person in seeing if Actor.TEAM_LEADER in Member.of(person).actors_at(case)]
    if any(person.id != proposer for person in leading):
        return Dismissal(proposer, reason, Actor.TEAM_LEADER, words=words)
    directors = await directors_who_may_know(work, case, named=named)
    if any(director.id != proposer for director in directors):
        return Dismissal(proposer, reason, Actor.OFFICE_DIRECTOR, words=words)
    is_alone = bool(directors) and all(person.id == proposer for person in seeing)
    if is_alone and not await _others_were_ordered_out(work, case, proposer):
        return Dismissal(proposer, reason, Actor.OFFICE_DIRECTOR, alone=True, words=words)
    raise NobodyMayDecide


async def who_gives_time(work: UnitOfWork, case: Case, proposer: str) -> tuple[Actor, bool]:
    """Return who decides whether a case gets the time that its owner asks for, and whether the owner does alone.

    It is who leads where the case lies; if that is the owner, the office director, else another who leads there.
    Raises NobodyMayDecide.
    """
    named = await named_in_case(work.session, case.id)
    leading = {one.id for one in await readers(work, case, named=named) if leads(Member.of(one), case)}
    directors = {one.id for one in await directors_who_may_know(work, case, named=named)}
    if leading and proposer not in leading:
        return Actor.TEAM_LEADER, False
    if directors - {proposer}:
        return Actor.OFFICE_DIRECTOR, False
    if leading - {proposer}:
        return Actor.TEAM_LEADER, False
    if leading and not await _others_were_ordered_out(work, case, proposer):
        return Actor.TEAM_LEADER, True
    raise NobodyMayDecide


async def find_who_gives_time_anew(work: UnitOfWork, case: Case) -> None:
    """Let others decide on time that is asked for, once those who could may not any more, or somebody has come."""
    asked = case.asked_for_time
    if asked is None:
        return
    try:
        decider, alone = await who_gives_time(work, case, asked.by)
    except NobodyMayDecide:
        case.extension = None
        return
    if (decider, alone) != (asked.decider, asked.alone):
        case.extension = replace(asked, decider=decider, alone=alone).record()
        await tell_who_gives_time(work, case)


async def tell_who_gives_time(work: UnitOfWork, case: Case) -> None:
    """Tell everybody else who may decide on it that the owner of a case asks for more time."""
    deciders = await _deciders(work, case, may_decide_on_time) - {case.owner_id}
    await _tell(work, deciders, ExtensionAsked(case.id), Shows.EXTENSION, case)


async def _others_were_ordered_out(work: UnitOfWork, case: Case, proposer: str) -> bool:
    """Whether another director is kept from the unit of a case by somebody else's word."""
    directors = [one.id for one in (await work.directory()).with_roles(Role.OFFICE_DIRECTOR) if one.id != proposer]
    ordered = select(Recusal.staff_id).where(
        Recusal.unit_id == case.unit_id, Recusal.staff_id.in_(directors), Recusal.state == RecusalState.ORDERED
    )
    return await work.session.scalar(ordered.limit(1)) is not None


async def tell_deciders(work: UnitOfWork, case: Case) -> None:
    """Tell everybody who may decide on a dismissal that it waits for them."""
    deciders = await _deciders(work, case, may_decide_on_dismissal)
    await _tell(work, deciders, DismissalProposed(case.id), Shows.DISMISSAL, case)


async def _deciders(work: UnitOfWork, case: Case, may: Callable[[Member, Case], bool]) -> set[str]:
    named = await named_in_case(work.session, case.id)
    people = [*await readers(work, case, named=named), *await directors_who_may_know(work, case, named=named)]
    return {one.id for one in people if may(Member.of(one), case)}


async def _tell(work: UnitOfWork, deciders: Iterable[str], notice: Notice, shows: Shows, case: Case) -> None:
    for staff_id in sorted(deciders):  # by its key it is deleted once that is decided
        await work.outbox.to_staff(staff_id, OutgoingMessage(notice, key=_key(shows, case.id, staff_id)))


async def keep_where_pressed(
    work: UnitOfWork, who: Member, case_id: str, message_id: int | None, shows: Shows = Shows.DISMISSAL
) -> None:
    """Let the message stay in which somebody decides: from then on it shows the card of the case."""
    pressed = (SentMessage.message_key == _key(shows, case_id, who.id), SentMessage.message_id == message_id)
    await work.session.execute(delete(SentMessage).where(*pressed))


def _key(shows: Shows, case_id: str, staff_id: str) -> MessageKey:
    return MessageKey(shows, case_id, Recipient.staff(staff_id))


async def find_deciders_anew(work: UnitOfWork, case: Case) -> None:
    """Let others decide on a dismissal that waits, once those who could may not see the case any more."""
    dismissal = case.dismissal
    if dismissal is None or not dismissal.waits:
        return
    if case.owner_id != dismissal.by:
        case.proposal = None
        return
    try:
        anew = await to_be_decided(work, case, dismissal.by, dismissal.reason, dismissal.words)
    except NobodyMayDecide:
        case.proposal = None
        return
    if anew != dismissal:
        case.proposal = anew.record()
        await tell_deciders(work, case)
