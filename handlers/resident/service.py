"""Handles what comes in from a resident: runs the conversation's step, performs its effects, and steps on with their
outcomes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.resident.buttons import CLEAR_ACTIONS, VISIT_ACTIONS
from handlers.resident.conversation import step
from handlers.resident.crisis import crisis_help, words_of
from handlers.resident.messages import (
    AddedWithTraces,
    AdditionPreview,
    AddToComplaint,
    AskForOtherTeam,
    AskWhatToAdd,
    CategoryGrid,
    ClearChat,
    CodesRemoved,
    Discard,
    DraftPreview,
    DropPiece,
    Effect,
    EffectOutcome,
    ForgetChat,
    Incoming,
    Judge,
    LookUp,
    ObjectToRefusal,
    Pressed,
    Rate,
    RemoveAddedTraces,
    RemoveTraces,
    ReplacePiece,
    Reply,
    Scanned,
    Sentence,
    SetReplyAddress,
    ShowVisit,
    StorePiece,
    Submit,
    Submitted,
    TextSent,
    TracesRemoved,
    VisitFound,
    Withdraw,
)
from handlers.resident.preview_place import place_previews
from handlers.resident.replies import back_to_visit
from models.address import Address
from models.complaints import Complaint
from models.desk import DeskKind
from models.states import Impossible
from models.urgency import Urgency
from privacy.receipt import Receipt, is_half
from privacy.receipt_search import without_codes
from privacy.trail import Trail
from services.access.contacts import office_contacts
from services.attachments import id_for
from services.cases.crisis import become_as_urgent
from services.cases.dialogue import DialogueClosed, DialogueFull, forget_reply_address, reporter_says
from services.delivery.trail import clear_chat
from services.delivery.transport import EVERYTHING, Capabilities
from services.intake import abuse, conversation_store, visit
from services.intake.additions import may_be_added_to, promise_of, restriction_of
from services.intake.drafts import Addition, ConversationState, Draft
from services.intake.notices import ComplaintRecalled
from services.intake.place import Shut, ShutBecause
from services.intake.remove_traces import (
    take_codes_out_of_addition,
    take_out_of_added,
    texts_without_codes,
    texts_without_traces,
    traces_of_added,
)
from services.intake.route import Promise, promise
from services.intake.submit import RoundOver, keep_reply_address, submit
from services.intake.understanding import Crisis, TextKind
from services.intake.understood import addition_understood, meaning_of, with_mentions, with_understanding
from services.intake.visit import batch_of
from services.outbox import OutgoingMessage
from services.retention.erase import forget_chat
from services.sealed_messages import Restriction
from services.unit_of_work import UnitOfWork

_LINES_OF_SENTENCE = 6  # in which somebody may write one sentence, before its last
_RECALLED_WITHIN = timedelta(minutes=1)  # far more than the phones of a team take


@dataclass(frozen=True)
class Response:
    """Where the chat is now, what to say there and in which language, and the trail of its messages."""

    state: ConversationState
    language: str
    replies: tuple[Reply, ...]
    trail: Trail | None


async def handle(
    work: UnitOfWork,
    address: Address,
    state: ConversationState,
    incoming: Incoming,
    *,
    client_language: str,
    capabilities: Capabilities = EVERYTHING,
) -> Response:
    """Run the conversation for what came in from a chat, perform its effects, save it, and return what to say.

    `state` is where the chat is before.
    """
    response = await respond(work, address, state, incoming, client_language=client_language, capabilities=capabilities)
    await conversation_store.save_conversation(work, address, response.state, before=state)
    return response


async def respond(
    work: UnitOfWork,
    address: Address,
    state: ConversationState,
    incoming: Incoming,
    *,
    client_language: str,
    capabilities: Capabilities,
) -> Response:
    """Run the conversation and perform its effects as `handle` does; the caller saves the state of the response."""
    known = [category.code for category in await work.categories()]
    state = before = await _open_pushed_visit(work, address, state, incoming)
    state = state if state.trail else replace(state, trail=str(Trail.fresh()))
    pending: list[Incoming] = [await _understood(work, state, incoming)]
    replies: list[Reply] = [Sentence("draft_lost")] if state.is_lost else []
    state = _searched(work, replace(state, is_lost=False))
    while pending:
        result = step(state, pending.pop(0), known)
        state = result.state
        replies += result.replies
        for effect in result.effects:
            state = await _with_file(work, state, effect)
            outcome = await _perform(work, address, state, effect, state.language or client_language)
            if outcome is not None:
                pending.append(outcome)
    if state.draft is not None:
        draft = with_mentions(work, await with_understanding(work, state.draft))
        promised = promise(await work.directory(), draft)
        state = replace(state, draft=draft)
        replies = [_shown_now(reply, draft, promised) for reply in replies]
    if state.addition is not None:
        addition = await take_codes_out_of_addition(work, state.addition, state.language or client_language)
        state, replies = await _with_promise(work, state, addition, replies)
    state, help_needed = crisis_help(state, await _crises_to_tell(work, before, state, incoming, replies))
    # Whom to call comes last: it is what must be seen.
    state, placed = place_previews(before, state, incoming, [*replies, *help_needed], capabilities)
    trail = _trail_pressed(incoming) or Trail.read(state.trail)
    return Response(state, state.language or client_language, placed, trail)


def _searched(work: UnitOfWork, state: ConversationState) -> ConversationState:
    """Return a state whose draft knows what leads to a person in it, where to look takes long."""
    return state if state.draft is None else replace(state, draft=with_mentions(work, state.draft))


async def _understood(work: UnitOfWork, state: ConversationState, incoming: Incoming) -> Incoming:
    """Return what came in; a text with what it is, and whether it is a crisis together with what is asked about.

    The words of a receipt code mean nothing.
    """
    if not isinstance(incoming, TextSent) or not words_of(incoming):
        return incoming
    round_id = _round_of(state)
    meaning = await meaning_of(work, [incoming.text], round_id)
    kind = meaning.kind
    if kind is not TextKind.COMPLAINT:
        kind = (await meaning_of(work, [without_codes(incoming.text)], round_id)).kind
    crises = await _crises(work, state, incoming.text)
    return replace(incoming, kind=kind, has_words=meaning.has_words, is_crisis=bool(crises))


async def _with_promise(
    work: UnitOfWork, state: ConversationState, addition: Addition, replies: list[Reply]
) -> tuple[ConversationState, list[Reply]]:
    """Return state and replies with who will read what is to be added; where nobody will any more, it is dropped."""
    addition = with_mentions(work, await addition_understood(work, addition))
    complaint = await work.session.get(Complaint, state.visit)
    promised = await promise_of(work, complaint, addition) if complaint is not None else None
    if promised is None:
        refused = Sentence(EffectOutcome.NOT_ADDED_CLOSED.value, choices=back_to_visit(state))
        rest: list[Reply] = [refused if isinstance(reply, AdditionPreview) else reply for reply in replies]
        return replace(state, addition=None), rest
    shown: list[Reply] = [
        replace(reply, addition=addition, promised=promised) if isinstance(reply, AdditionPreview) else reply
        for reply in replies
    ]
    return replace(state, addition=addition), shown


async def _crises_to_tell(
    work: UnitOfWork,
    before: ConversationState,
    state: ConversationState,
    incoming: Incoming,
    replies: Sequence[Reply],
) -> tuple[Crisis, ...]:
    """Return the crises of what has just come in, wherever it went, unless a preview of a draft tells of them."""
    words = words_of(incoming)
    is_shown = any(isinstance(reply, DraftPreview) for reply in replies)
    if not words or (is_shown and state.draft is not None and words in state.draft.texts):
        return ()
    return await _crises(work, before, words)


async def _crises(work: UnitOfWork, state: ConversationState, words: str) -> tuple[Crisis, ...]:
    """Return the crises in what was said; words of a receipt code, or half of one, tell of none that isn't sure."""
    round_id = _round_of(state)
    meaning = await meaning_of(work, _with_more(state, words), round_id)
    if meaning.crisis_is_sure or not meaning.crises:
        return meaning.crises
    if is_half(words):
        return ()
    return (await meaning_of(work, _with_more(state, without_codes(words)), round_id)).crises


def _round_of(state: ConversationState) -> str | None:
    """Return the round in which words are read that come in: the draft's, unless a complaint is visited.

    What is asked of words alone doesn't depend on it, but they are understood once for a round.
    """
    return state.draft.place.round_id if state.draft is not None and state.visit is None else None


def _with_more(state: ConversationState, words: str) -> list[str]:
    """Return words with the lines before them that are not added yet: many write one sentence in several."""
    lines = state.addition.lines[-_LINES_OF_SENTENCE:] if state.addition is not None else ()
    return [*(text for _, text in lines), words]


def _shown_now(reply: Reply, draft: Draft, promised: Promise) -> Reply:
    """Return a reply that shows a draft as the draft is now, with what its texts mean and who will read it."""
    match reply:
        case DraftPreview() if reply.draft.draft_id == draft.draft_id:
            return replace(reply, draft=draft, promise=promised)
        case CategoryGrid() if reply.draft.draft_id == draft.draft_id:
            return replace(reply, draft=draft)
        case _:
            return reply


def _trail_pressed(incoming: Incoming) -> Trail | None:
    """Return the trail that a button names, so that what it brings is cleared with the rest."""
    if not isinstance(incoming, Pressed):
        return None
    if incoming.action in CLEAR_ACTIONS:
        return Trail.read(incoming.subject)
    return Trail.read(incoming.arg) if incoming.action == "picture" else None


async def _open_pushed_visit(
    work: UnitOfWork, address: Address, state: ConversationState, incoming: Incoming
) -> ConversationState:
    """Open a visit for a button under a message that was pushed here: its address is proof enough, without the code."""
    if not isinstance(incoming, Pressed) or incoming.action not in VISIT_ACTIONS or incoming.subject == state.visit:
        return state
    is_reply_address = await visit.is_reply_address_of(work, address, incoming.subject)
    return replace(state.without_visit, visit=incoming.subject) if is_reply_address else state


async def _perform(
    work: UnitOfWork, address: Address, state: ConversationState, effect: Effect, language: str
) -> Incoming | None:
    match effect:
        case RemoveTraces() | RemoveAddedTraces():
            return await _remove_traces(work, effect, language)
        case StorePiece() | ReplacePiece() | DropPiece() if state.draft is not None:
            texts = await texts_without_codes(work, state.draft, language)
            return CodesRemoved(texts) if texts else None
        case Discard(draft=draft):
            await conversation_store.discard(work, draft)
        case ForgetChat():
            await forget_chat(work, address)
        case ClearChat(trail=trail, after_hours=hours):
            await clear_chat(
                work, address, trail, after_hours=hours, language=language, draft_waits=state.draft is not None
            )
        case Submit(draft=draft):
            return await _submit(work, address, language, draft)
        case LookUp(receipt=receipt):
            return await _look_up(work, address, receipt)
        case ShowVisit(complaint_id=complaint_id):
            return await _show(work, complaint_id, in_place=True)
        case AskWhatToAdd():
            return await _ask_what_to_add(work, effect)
        case AddToComplaint():
            return await _add(work, state, effect, language)
        case Withdraw() | Judge() | ObjectToRefusal() | AskForOtherTeam() | Rate():
            return await _change_complaint(work, address, state, effect, language)
        case SetReplyAddress():
            return await _set_reply_address(work, address, effect, language)
    return None


async def _with_file(work: UnitOfWork, state: ConversationState, effect: Effect) -> ConversationState:
    """Store the file that comes with a message of the draft, and return the state that knows it."""
    if not isinstance(effect, StorePiece | ReplacePiece) or effect.attachment is None or state.draft is None:
        return state
    draft = await conversation_store.store_file(work, state.draft, effect.source, effect.attachment)
    return replace(state, draft=draft)


async def _withdraw(
    work: UnitOfWork, address: Address, state: ConversationState, effect: Withdraw, language: str
) -> visit.Withdrawal:
    """Take a complaint back; whether it is gone from the phones of the staff, too, is said a little later."""
    withdrawal = await visit.withdraw(work, effect.complaint_id)
    if withdrawal is visit.Withdrawal.RECALLING:
        told = OutgoingMessage(ComplaintRecalled(effect.complaint_id, language), trail=Trail.read(state.trail))
        await work.outbox.to_chat(address, told, not_before=work.now + _RECALLED_WITHIN)
    return withdrawal


async def _change_complaint(
    work: UnitOfWork,
    address: Address,
    state: ConversationState,
    effect: Withdraw | Judge | ObjectToRefusal | AskForOtherTeam | Rate,
    language: str,
) -> Incoming:
    match effect:
        case Withdraw():
            return await _withdraw(work, address, state, effect, language)
        case Judge(complaint_id=complaint_id, solved=solved):
            return await _judge(work, complaint_id, solved=solved)
        case ObjectToRefusal(complaint_id=complaint_id):
            objected = await visit.object_to_refusal(work, complaint_id)
            return EffectOutcome.OBJECTED if objected else EffectOutcome.TOO_LATE
        case AskForOtherTeam(complaint_id=complaint_id):
            asked = await visit.ask_for_another_team(work, complaint_id)
            return EffectOutcome.OTHER_TEAM_ASKED_FOR if asked else EffectOutcome.TOO_LATE
        case Rate(complaint_id=complaint_id, satisfaction=satisfaction):
            return EffectOutcome.RATED if await visit.rate(work, complaint_id, satisfaction) else EffectOutcome.TOO_LATE


async def _submit(work: UnitOfWork, address: Address, language: str, draft: Draft) -> Incoming:
    """Submit a draft. One whose sender has sent too many today is kept instead, unless somebody must look soon."""
    draft = await with_understanding(work, draft)
    if draft.meaning.urgency == Urgency.NORMAL and not await abuse.may_send(work, address):
        return EffectOutcome.TOO_MANY_SENT
    abuse.count_sent(work, address)
    try:
        return Submitted(await submit(work, address, language, draft))
    except RoundOver:
        return Scanned(Shut(ShutBecause.OVER, await office_contacts(work)), draft.draft_id)


async def _look_up(work: UnitOfWork, address: Address, receipt: Receipt) -> Incoming:
    """Open the visit of a receipt code's complaint. After too many wrong codes in a day no code opens anything."""
    if not await abuse.may_try_receipt(work, address):
        return EffectOutcome.TOO_MANY_WRONG
    found = await visit.find(work, receipt)
    if found is None:
        abuse.count_wrong_receipt(work, address)
        return EffectOutcome.NO_SUCH_RECEIPT
    return await _show(work, found)


async def _remove_traces(work: UnitOfWork, effect: RemoveTraces | RemoveAddedTraces, language: str) -> TracesRemoved:
    if isinstance(effect, RemoveTraces):
        draft = effect.draft
        mentions = draft.self_descriptions if effect.self_descriptions else draft.mentions
        return TracesRemoved(texts_without_traces(draft, mentions, language))
    await take_out_of_added(work, effect.complaint_id, effect.message_ids, language)
    return TracesRemoved()


async def _set_reply_address(
    work: UnitOfWork, address: Address, effect: SetReplyAddress, language: str
) -> EffectOutcome:
    if effect.wanted:
        await keep_reply_address(work, effect.complaint_id, address, language)
        return EffectOutcome.REPLY_ADDRESS_KEPT
    await forget_reply_address(work, effect.complaint_id)
    return EffectOutcome.REPLY_ADDRESS_FORGOTTEN


async def _show(work: UnitOfWork, complaint_id: str, *, in_place: bool = False) -> Incoming:
    seen = await visit.view(work, complaint_id)
    return VisitFound(seen, in_place=in_place) if seen else EffectOutcome.VISIT_GONE


async def _ask_what_to_add(work: UnitOfWork, effect: AskWhatToAdd) -> EffectOutcome:
    complaint = await work.session.get(Complaint, effect.complaint_id)
    if complaint is None:
        return EffectOutcome.VISIT_GONE
    if not await may_be_added_to(work, complaint):  # the button stands in an older message
        return EffectOutcome.CLOSED_MEANWHILE
    return EffectOutcome.SAY_ANSWER if effect.is_answer else EffectOutcome.SAY_MORE


async def _add(work: UnitOfWork, state: ConversationState, effect: AddToComplaint, language: str) -> Incoming | None:
    """Add something to a complaint; its case goes where it would have gone with that from the start."""
    complaint = await work.session.get(Complaint, effect.complaint_id)
    if complaint is None:
        return EffectOutcome.VISIT_GONE
    message_id = id_for(effect.attachment, complaint.round_id)
    addition = await addition_understood(work, effect.addition)
    urgency = addition.meaning.urgency
    held_until = await batch_of(work, complaint, urgency)
    restriction = await restriction_of(work, complaint, await _with_waiting_lines(work, state, addition))
    try:
        answered = await reporter_says(
            work,
            complaint,
            addition.text,
            effect.attachment,
            message_id=message_id,
            held_until=held_until,
            restriction=restriction,
        )
    except DialogueClosed:
        return EffectOutcome.NOT_ADDED_CLOSED
    except DialogueFull:
        return EffectOutcome.NOT_ADDED_FULL
    found = await traces_of_added(work, complaint, message_id, language)  # and a code that works goes at once
    if await become_as_urgent(work, complaint, urgency):
        return EffectOutcome.ADDED_IN_CRISIS
    outcome = _added(restriction, answered=answered)
    if found:
        return AddedWithTraces(outcome, message_id, found)
    return None if effect.without_reply else outcome


async def _with_waiting_lines(work: UnitOfWork, state: ConversationState, addition: Addition) -> Addition:
    """Return what is added together with the lines that wait to be: a photo may come in between."""
    waiting = state.addition
    if waiting is None:
        return addition
    return await addition_understood(work, replace(waiting, lines=(*waiting.lines, *addition.lines)))


def _added(restriction: Restriction | None, *, answered: bool) -> EffectOutcome:
    if restriction is None:
        return EffectOutcome.ANSWERED if answered else EffectOutcome.ADDED
    is_for_leader = restriction.desk is DeskKind.LEADER
    return EffectOutcome.ADDED_FOR_LEADER if is_for_leader else EffectOutcome.ADDED_FOR_DIRECTOR


async def _judge(work: UnitOfWork, complaint_id: str, *, solved: bool) -> Incoming:
    try:
        judged = await visit.judge(work, complaint_id, solved=solved)
    except Impossible:
        return EffectOutcome.CANNOT_REOPEN
    if not judged:
        return EffectOutcome.TOO_LATE
    return EffectOutcome.SOLVED if solved else EffectOutcome.REOPENED
