"""Hears a resident out, whatever the channel: the machine says what to do, the services do it, the machine goes on."""

from dataclasses import dataclass, replace

from handlers.resident.buttons import CLEARING, ON_VISITS
from handlers.resident.conversation import step
from handlers.resident.messages import (
    AddedWithTraces,
    AddToComplaint,
    ClearChat,
    Discard,
    Effect,
    ForgetChat,
    Found,
    Incoming,
    Judge,
    KeepPiece,
    LookUp,
    Outcome,
    Pressed,
    Rate,
    ReplacePiece,
    Reply,
    Scanned,
    ShowVisit,
    Submit,
    Submitted,
    TakenOut,
    TakeTracesOut,
    TakeTracesOutOfAdded,
    TellHere,
    Withdraw,
)
from models.address import Address
from models.complaints import Complaint
from models.states import Impossible
from privacy.receipt import Receipt
from privacy.trail import Trail
from services.access.contacts import office_contacts
from services.attachments import id_for
from services.cases.dialogue import DialogueClosed, DialogueFull, forget_reply_address, reporter_says
from services.delivery.trail import clear_chat
from services.intake import abuse, drafts, visit
from services.intake.drafts import ConversationState
from services.intake.guess import is_hazard
from services.intake.place import Shut, ShutBecause
from services.intake.remove_traces import take_out_of_added, take_out_of_draft, traces_of_added
from services.intake.submit import RoundOver, keep_reply_address, submit
from services.intake.visit import batch_of
from services.retention.erase import forget_chat
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Response:
    """What to say to a resident, in which language, and on which trail it is noted what lies in the chat."""

    language: str
    replies: tuple[Reply, ...]
    trail: Trail | None


async def handle(work: UnitOfWork, address: Address, incoming: Incoming, *, client_language: str) -> Response:
    """Take what came in from a chat, do what follows from it, and return what to say."""
    known = [category.code for category in await work.categories()]
    talk = await _let_in(work, address, await drafts.load_conversation(work, address), incoming)
    talk = talk if talk.trail else replace(talk, trail=str(Trail.fresh()))
    waiting: list[Incoming] = [incoming]
    replies: list[Reply] = []
    while waiting:
        answer = step(talk, waiting.pop(0), known)
        talk = answer.talk
        replies += answer.replies
        for action in answer.actions:
            outcome = await _do(work, address, talk, action, talk.language or client_language)
            if outcome is not None:
                waiting.append(outcome)
    await drafts.save_conversation(work, address, talk)
    trail = _trail_pressed(incoming) or Trail.read(talk.trail)
    return Response(talk.language or client_language, tuple(replies), trail)


def _trail_pressed(incoming: Incoming) -> Trail | None:
    """Return the trail that a button names, so that what it brings is cleared with the rest."""
    if not isinstance(incoming, Pressed):
        return None
    if incoming.action in CLEARING:
        return Trail.read(incoming.subject)
    return Trail.read(incoming.arg) if incoming.action == "picture" else None


async def _let_in(work: UnitOfWork, address: Address, talk: ConversationState, incoming: Incoming) -> ConversationState:
    """Open a visit for a button under a message that was pushed here: its address is proof enough, without the code."""
    if not isinstance(incoming, Pressed) or incoming.action not in ON_VISITS or incoming.subject == talk.visit:
        return talk
    told_here = await visit.is_told_here(work, address, incoming.subject)
    return replace(talk, visit=incoming.subject, album=None) if told_here else talk


async def _do(
    work: UnitOfWork, address: Address, talk: ConversationState, action: Effect, language: str
) -> Incoming | None:
    match action:
        case TakeTracesOut() | TakeTracesOutOfAdded():
            return await _take_out(work, address, action, language)
        case KeepPiece(source=source, text=text, attachment=attachment) if talk.draft is not None:
            await drafts.keep_piece(work, address, talk.draft, source, text, attachment)
        case ReplacePiece(source=source, text=text) if talk.draft is not None:
            await drafts.replace_piece(work, address, talk.draft, source, text)
        case Discard(draft=draft):
            await drafts.discard(work, address, draft)
        case ForgetChat():
            await forget_chat(work, address)
        case ClearChat(trail=trail, after_hours=hours):
            await clear_chat(
                work, address, trail, after_hours=hours, language=language, draft_waits=talk.draft is not None
            )
        case Submit(draft=draft):
            return await _send(work, address, language, draft)
        case LookUp(receipt=receipt):
            return await _look_up(work, address, receipt)
        case ShowVisit(complaint_id=complaint_id):
            return await _show(work, complaint_id, instead=True)
        case AddToComplaint():
            return await _add(work, action)
        case Withdraw() | Judge() | Rate():
            return await _say_of_it(work, action)
        case TellHere():
            return await _tell_here(work, address, action, language)
    return None


async def _say_of_it(work: UnitOfWork, action: Withdraw | Judge | Rate) -> Incoming:
    match action:
        case Withdraw(complaint_id=complaint_id):
            return await visit.withdraw(work, complaint_id)
        case Judge(complaint_id=complaint_id, solved=solved):
            return await _judge(work, complaint_id, solved=solved)
        case Rate(complaint_id=complaint_id, satisfaction=satisfaction):
            return Outcome.RATED if await visit.rate(work, complaint_id, satisfaction) else Outcome.TOO_LATE


async def _send(work: UnitOfWork, address: Address, language: str, draft: drafts.Draft) -> Incoming:
    """Send a draft, unless its sender has flooded us today; it stays then, and a danger goes through all the same."""
    if not is_hazard(draft.texts) and not await abuse.may_send(work, address):
        return Outcome.TOO_MANY_SENT
    abuse.count_sent(work, address)
    try:
        return Submitted(await submit(work, address, language, draft))
    except RoundOver:
        return Scanned(Shut(ShutBecause.OVER, await office_contacts(work)), draft.mark)


async def _look_up(work: UnitOfWork, address: Address, receipt: Receipt) -> Incoming:
    """Find a complaint by its code; after too many that fit none not even the right one opens it that day."""
    if not await abuse.may_try_receipt(work, address):
        return Outcome.TOO_MANY_WRONG
    found = await visit.find(work, receipt)
    if found is None:
        abuse.count_wrong_receipt(work, address)
        return Outcome.NO_SUCH_RECEIPT
    return await _show(work, found)


async def _take_out(
    work: UnitOfWork, address: Address, action: TakeTracesOut | TakeTracesOutOfAdded, language: str
) -> TakenOut:
    if isinstance(action, TakeTracesOut):
        return TakenOut(await take_out_of_draft(work, address, action.draft, language))
    await take_out_of_added(work, action.complaint_id, action.message_ids, language)
    return TakenOut()


async def _tell_here(work: UnitOfWork, address: Address, action: TellHere, language: str) -> Outcome:
    if action.wanted:
        await keep_reply_address(work, action.complaint_id, address, language)
        return Outcome.TOLD_HERE
    await forget_reply_address(work, action.complaint_id)
    return Outcome.NOT_TOLD_HERE


async def _show(work: UnitOfWork, complaint_id: str, *, instead: bool = False) -> Incoming:
    seen = await visit.view(work, complaint_id)
    return Found(seen, instead=instead) if seen else Outcome.VISIT_GONE


async def _add(work: UnitOfWork, action: AddToComplaint) -> Incoming | None:
    complaint = await work.session.get(Complaint, action.complaint_id)
    if complaint is None:
        return Outcome.VISIT_GONE
    message_id = id_for(action.attachment, complaint.round_id)
    held_until = await batch_of(work, complaint, action.text)
    try:
        answered = await reporter_says(
            work, complaint, action.text, action.attachment, message_id=message_id, held_until=held_until
        )
    except DialogueClosed:
        return Outcome.NOT_ADDED_CLOSED
    except DialogueFull:
        return Outcome.NOT_ADDED_FULL
    outcome = Outcome.ANSWERED if answered else Outcome.ADDED
    if found := await traces_of_added(work, complaint, message_id):
        return AddedWithTraces(outcome, message_id, found)
    return None if action.quietly else outcome


async def _judge(work: UnitOfWork, complaint_id: str, *, solved: bool) -> Incoming:
    try:
        judged = await visit.judge(work, complaint_id, solved=solved)
    except Impossible:
        return Outcome.CANNOT_REOPEN
    if not judged:
        return Outcome.TOO_LATE
    return Outcome.SOLVED if solved else Outcome.REOPENED
