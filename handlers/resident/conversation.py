"""The resident's conversation: from a state and what came in to the next state, the replies and the effects.

Pure and free of any channel: no clock, no database, no messenger. The outcome of an effect comes in like a message.
"""

from collections.abc import Collection
from dataclasses import replace

from handlers.resident.buttons import take_press
from handlers.resident.inputs import (
    ask_to_confirm,
    refuse_unexpected_file,
    refuse_unfit,
    take_edit,
    take_piece,
    take_text,
)
from handlers.resident.messages import (
    AddedTraces,
    AddedWithTraces,
    CodesRemoved,
    ConversationResult,
    Discard,
    DraftPreview,
    Edited,
    EffectOutcome,
    FileNotExpected,
    FileSent,
    ForgetChat,
    Greeting,
    Incoming,
    Pressed,
    ReceiptMessage,
    ResidentCommand,
    Scanned,
    Sentence,
    Submitted,
    TextSent,
    TracesRemoved,
    Unconfirmed,
    Unfit,
    VisitFound,
    VisitSummary,
)
from handlers.resident.replies import (
    HAVE_CODE_CHOICE,
    LANGUAGE_ROW,
    PRIVACY_NOTICE_CHOICE,
    WELCOME_CHOICES,
    back_to_visit,
    clear_choice,
    confirm_clearing,
    confirm_discarding,
    draft_preview,
    ended,
    has_unsent_pieces,
    leave_visit,
    not_added,
    offer_clearing,
    preview_changed,
    reply_with,
    satisfaction_row,
)
from services.intake.drafts import ConversationState, Draft
from services.intake.place import Shut, ShutBecause
from services.intake.visit import Withdrawal


def step(state: ConversationState, incoming: Incoming, categories: Collection[str]) -> ConversationResult:
    """Return what follows from what came in. `categories` are the codes that the county knows."""
    result = _result_of(state, incoming, categories)
    return offer_clearing(result) if state.is_over and result.state.is_over else result


def _result_of(state: ConversationState, incoming: Incoming, categories: Collection[str]) -> ConversationResult:
    match incoming:
        case Scanned():
            return _scanned(state, incoming)
        case TextSent(points_elsewhere=points_elsewhere):
            taken = take_text(state, incoming)
            notes = (Sentence("not_seen_there"),) if points_elsewhere and taken.effects else ()
            return replace(taken, replies=(*notes, *taken.replies))
        case FileSent():
            return take_piece(state, incoming.caption, incoming.source, incoming.attachment, incoming.album)
        case Edited():
            return take_edit(state, incoming)
        case Unconfirmed():
            return ask_to_confirm(state, incoming)
        case Unfit():
            return refuse_unfit(state, incoming)
        case FileNotExpected():
            return refuse_unexpected_file(state)
        case ResidentCommand():
            return _take_command(state, incoming)
        case CodesRemoved():
            return _without_codes(state, incoming)
        case TracesRemoved() | AddedWithTraces():
            return _after_traces(state, incoming)
        case Pressed():
            return take_press(state, incoming, categories)
        case _:
            return _after_effect(state, incoming)


def _scanned(state: ConversationState, scanned: Scanned) -> ConversationResult:
    place = scanned.found
    if isinstance(place, Shut):
        values = (("day", place.opens_on),) if place.opens_on else ()
        choices = WELCOME_CHOICES if place.because is ShutBecause.NO_CODE else HAVE_CODE_CHOICE
        sentence = Sentence(f"shut_{place.because}", values, choices, contacts=place.contacts)
        return reply_with(state, sentence, *draft_preview(state))
    before, state = state, state.without_visit
    draft = state.draft
    if draft is None or not draft.pieces:
        fresh = Draft(draft_id=scanned.draft_id, place=place)
        return reply_with(replace(state, draft=fresh), *not_added(before, state), Greeting(place))
    if draft.place.round_id != place.round_id:  # what was said is sealed to the other round
        return reply_with(state, *not_added(before, state), Sentence("finish_other_first"), DraftPreview(draft))
    moved = replace(draft, place=place)
    key = "draft_continues" if moved.place == draft.place else "draft_moved"
    return reply_with(replace(state, draft=moved), *not_added(before, state), Sentence(key), DraftPreview(moved))


def _take_command(state: ConversationState, wish: ResidentCommand) -> ConversationResult:
    match wish:
        case ResidentCommand.HELP:
            return reply_with(state, Sentence("help", choices=WELCOME_CHOICES), *draft_preview(state))
        case ResidentCommand.PRIVACY:
            return reply_with(state, Sentence("protection", choices=PRIVACY_NOTICE_CHOICE))
        case ResidentCommand.LANGUAGE:
            return reply_with(state, Sentence("choose_language", choices=(LANGUAGE_ROW,)))
        case ResidentCommand.CANCEL if state.visit is not None:
            return leave_visit(state, in_place=False)
        case ResidentCommand.CANCEL if state.draft is not None and state.draft.pieces:
            return reply_with(state, confirm_discarding(state.draft, in_place=False))
        case ResidentCommand.CANCEL if state.is_over:
            return reply_with(state, Sentence("nothing_to_cancel"))
        case ResidentCommand.CANCEL:
            return reply_with(ended(state), Sentence("discarded", choices=clear_choice(ended(state))))
        case ResidentCommand.FORGET:
            discard = (Discard(state.draft),) if state.draft else ()
            sentence = Sentence("forgotten", choices=clear_choice(ended(state)))
            return ConversationResult(ended(state), (sentence,), (*discard, ForgetChat()))
        case ResidentCommand.CLEAR if state.is_over:
            return reply_with(state, Sentence("nothing_to_clear", choices=clear_choice(state)))
        case ResidentCommand.CLEAR:
            return reply_with(state, confirm_clearing(state.trail))


def _after_traces(state: ConversationState, outcome: TracesRemoved | AddedWithTraces) -> ConversationResult:
    if isinstance(outcome, AddedWithTraces):
        reply = Sentence(outcome.outcome.value, choices=back_to_visit(state))
        if state.visit is None:
            return reply_with(state, reply)
        pending = replace(state, added=(*state.added, outcome.message_id))
        return reply_with(pending, reply, AddedTraces(state.visit, outcome.traces))
    if state.draft is None or not outcome.texts:
        return reply_with(state, Sentence("traces_taken_out", choices=back_to_visit(state), in_place=True))
    draft = state.draft
    for source, text in outcome.texts:
        draft = draft.edited(source, text)
    return preview_changed(state, draft)


def _without_codes(state: ConversationState, outcome: CodesRemoved) -> ConversationResult:
    """Go on with a draft whose codes were taken out; the preview that its message brings shows it so."""
    draft = state.draft
    for source, text in outcome.texts:
        draft = draft and draft.edited(source, text)
    return ConversationResult(replace(state, draft=draft))


def _visiting(state: ConversationState, complaint_id: str) -> ConversationState:
    if state.visit == complaint_id:
        return replace(state, just_sent=False, album=None)
    return replace(state.without_visit, visit=complaint_id)


def _after_effect(
    state: ConversationState, outcome: Submitted | VisitFound | EffectOutcome | Withdrawal
) -> ConversationResult:
    match outcome:
        case Submitted(submission=submission) if state.draft is not None:
            sent = replace(_visiting(state, submission.complaint_id), draft=None, just_sent=True, offered=None)
            return reply_with(sent, ReceiptMessage(submission, state.draft.place, state.trail))
        case VisitFound(visit=visit, in_place=in_place):
            visiting = _visiting(state, visit.complaint_id)
            waits, offered = has_unsent_pieces(state), state.offered[0] if state.offered else None
            summary = VisitSummary(visit, waits, in_place=in_place, offered=offered)
            return reply_with(visiting, *not_added(state, visiting), summary)
        case EffectOutcome.VISIT_GONE:
            return reply_with(
                state.without_visit,
                Sentence("visit_gone"),
                *draft_preview(state),
            )
        case EffectOutcome.NO_SUCH_RECEIPT | EffectOutcome.TOO_MANY_WRONG | EffectOutcome.TOO_MANY_SENT:
            return reply_with(state, Sentence(outcome.value), *draft_preview(state))
        case (
            EffectOutcome.SOLVED | EffectOutcome.REOPENED | EffectOutcome.OBJECTED | EffectOutcome.OTHER_TEAM_ASKED_FOR
        ) if state.visit is not None:
            rows = (satisfaction_row(state.visit),) if outcome is EffectOutcome.SOLVED else ()
            return reply_with(state, Sentence(outcome.value, choices=rows))
        case Withdrawal.ERASED | Withdrawal.RECALLING | Withdrawal.LEFT:
            left = state.without_visit
            withdrawn = Sentence(f"withdrawal_{outcome}", choices=clear_choice(left), in_place=True)
            return reply_with(left, withdrawn, *draft_preview(left))
        case Withdrawal():
            return reply_with(state, Sentence(f"withdrawal_{outcome}", choices=back_to_visit(state), in_place=True))
        case (
            EffectOutcome.ADDED
            | EffectOutcome.ANSWERED
            | EffectOutcome.ADDED_FOR_LEADER
            | EffectOutcome.ADDED_FOR_DIRECTOR
        ):
            return reply_with(state, Sentence(outcome.value, choices=back_to_visit(state), in_place=True))
        case EffectOutcome.SAY_MORE | EffectOutcome.SAY_ANSWER:
            return reply_with(state, Sentence(outcome.value))
        case EffectOutcome():
            return reply_with(state, Sentence(outcome.value, choices=back_to_visit(state)))
        case _:
            return reply_with(state, Sentence("old_card"))
