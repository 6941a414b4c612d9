"""Texts, files and edits of a resident: added to the complaint that is visited, or to the draft."""

from dataclasses import replace

from handlers.resident.messages import (
    AdditionPreview,
    AddToComplaint,
    Choice,
    ConversationResult,
    DeletePressed,
    DraftPreview,
    DropPiece,
    Edited,
    LookUp,
    Pressed,
    ReplacePiece,
    Sentence,
    ShowVisit,
    StorePiece,
    TextSent,
    Unconfirmed,
    UnconfirmedKind,
    Unfit,
    UnfitKind,
)
from handlers.resident.replies import HAVE_CODE_CHOICE, confirm_withdrawing, draft_preview, next_steps, reply_with
from media.kinds import Cleaned
from models.complaints import MessageKind
from privacy.receipt import (
    MistypedCode,
    MistypeKind,
    Receipt,
    is_alone,
    is_half,
    read_receipt,
)
from privacy.receipt_search import is_nearly_alone, meant_as_code, receipt_within
from services.intake.drafts import MOST_PIECES, Addition, ConversationState, Draft, Piece
from services.intake.understanding import TextKind
from services.sealed_messages import kind_of

# What is answered before a code is scanned, by what it is.
_ANSWERED_WITHOUT_DRAFT = {
    TextKind.THANKS: "thanked_only",
    TextKind.QUESTION: "question_needs_code",
    TextKind.WITHDRAW_WISH: "withdraw_by_code",
}
_MOST_SHOWN = 300  # characters of what is asked about
_TRIM = " \n.。!！"
# What somebody types who has not seen the button; it would be a strange thing to send.
_MEANS_SEND = frozenset(
    {"发送", "發送", "发出去", "發出去", "发吧", "發吧", "提交", "好了", "可以了", "send", "done", "submit"}
)


def take_text(state: ConversationState, received: TextSent) -> ConversationResult:
    """Take a text: a receipt code, something that is answered at once, or a piece of what is said."""
    code = read_receipt(received.text)
    if not isinstance(code, Receipt) and (not state.takes_all or is_nearly_alone(received.text)):
        code = receipt_within(received.text) or code
    if isinstance(code, Receipt):
        more = () if is_alone(received.text) else (Sentence("only_code_read"),)
        # What was asked about before may have been this code with a word wrong, or half of it.
        return ConversationResult(replace(state, half="", offered=None), more, (LookUp(code),))
    is_one_half = received.kind is TextKind.COMPLAINT and is_half(received.text)
    half, state = state.half, replace(state, half=received.text if is_one_half else "")
    joined = read_receipt(f"{half} {received.text}") if half and is_one_half else None
    if isinstance(joined, Receipt):
        return _look_up_halves(state, half, joined)
    if received.is_crisis and not state.is_over:  # nothing is asked: not of what was said just before, nor after it
        return _take_in_crisis(state, received)
    if is_one_half and (state.is_over or (state.visit is not None and state.addition is None)):
        return _first_half(state, received, half, joined)
    if received.kind is TextKind.ASKS_FOR_REPORTER:
        return _offer(state, received, "nobody_knows_who")
    if state.visit is not None:
        return _said_in_visit(state, received)
    if state.draft is not None:
        return _said_in_draft(state, state.draft, received)
    if isinstance(code, MistypedCode):
        values = (("position", code.position),) if code.position else ()
        return reply_with(state, Sentence(f"mistyped_{code.kind}", values))
    key = _ANSWERED_WITHOUT_DRAFT.get(received.kind, "not_scanned")
    return reply_with(state, Sentence(key, choices=HAVE_CODE_CHOICE))


def _look_up_halves(state: ConversationState, half: str, whole: Receipt) -> ConversationResult:
    """Look up a code that came in two messages; the first half is kept nowhere, though it was taken for words."""
    known = replace(state, half="", offered=None)
    if known.visit is not None:
        return ConversationResult(_without_last(known, half), effects=(LookUp(whole),))
    draft = known.draft
    last = draft.pieces[-1] if draft is not None and draft.pieces else None
    if draft is None or last is None or (last.kind, last.text) != (MessageKind.TEXT, half):
        return ConversationResult(known, effects=(LookUp(whole),))
    without = replace(known, draft=replace(draft, pieces=draft.pieces[:-1]))
    return ConversationResult(without, effects=(DropPiece(last.source), LookUp(whole)))


def _without_last(state: ConversationState, text: str) -> ConversationState:
    """Return a state in which the last line that is to be added is none, if it says this."""
    if state.addition is None or state.addition.lines[-1][1] != text:
        return state
    lines = state.addition.lines[:-1]
    return replace(state, addition=replace(state.addition, lines=lines) if lines else None)


def _first_half(
    state: ConversationState, received: TextSent, half: str, joined: MistypedCode | None
) -> ConversationResult:
    """Ask for the other half of what may be a receipt code; of two that don't fit together, say so."""
    if state.visit is None:
        key = f"mistyped_{MistypeKind.CHECK_FAILS}" if half else "half_of_code"
        return reply_with(replace(state, half="") if half else state, Sentence(key))
    if joined is not None:  # most of a code: whoever reads it could guess the rest
        return _confirm_mistyped(replace(state, half=""), f"{half} {received.text}", received.source)
    return _offer(state, received, "half_of_code_or_words")


def _take_in_crisis(state: ConversationState, received: TextSent) -> ConversationResult:
    """Take what is said in a crisis without a question, and with it what was said before and not added yet."""
    if state.visit is None or isinstance(meant_as_code(received.text), MistypedCode):
        return take_piece(state, received.text, received.source, None, None)
    added = replace(state, addition=None, just_sent=False, album=None)
    return ConversationResult(
        added, effects=(AddToComplaint(state.visit, _grown(state, received.text, received.source)),)
    )


def _offer(state: ConversationState, received: TextSent, key: str, *more: Choice) -> ConversationResult:
    """Answer with a sentence, and offer to take what was said where there is something to take it into."""
    if state.is_over:
        return reply_with(state, Sentence(key))
    pending = replace(state, offered=(received.source, received.text))
    label = "pass_on" if state.visit is not None else "take_all_the_same"
    choices = (*((choice,) for choice in more), (Choice(label, "take", received.source),))
    return reply_with(pending, Sentence(key, choices=choices), *draft_preview(pending))


def _said_in_visit(state: ConversationState, received: TextSent) -> ConversationResult:
    """Answer thanks, a question and a wish to withdraw; gather anything else until it is added by a press."""
    complaint = state.visit or ""
    pending = replace(state, offered=(received.source, received.text))
    if state.addition is not None and received.kind is not TextKind.WITHDRAW_WISH:  # as within a draft
        if received.text.strip(_TRIM).lower() in _MEANS_SEND:
            return reply_with(state, Sentence("press_add_it"), AdditionPreview(complaint, state.addition))
        return take_piece(state, received.text, received.source, None, None)
    if not received.has_words and received.kind is not TextKind.THANKS:
        return _offer(state, received, "say_in_words")
    match received.kind:
        case TextKind.THANKS:
            return _offer(state, received, "thanked")
        case TextKind.QUESTION:
            return ConversationResult(pending, effects=(ShowVisit(complaint),))
        case TextKind.WITHDRAW_WISH:
            return reply_with(pending, confirm_withdrawing(complaint, in_place=False))
    return take_piece(state, received.text, received.source, None, None)


def _gather(state: ConversationState, complaint_id: str, text: str, source: str) -> ConversationResult:
    """Take a line of what is to be added to the complaint that is visited."""
    if state.addition is not None and state.addition.is_full:
        full = Sentence("full_addition", (("most", MOST_PIECES),))
        return reply_with(state, full, AdditionPreview(complaint_id, state.addition))
    grown = _grown(state, text, source)
    return reply_with(replace(state, addition=grown), AdditionPreview(complaint_id, grown))


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _grown(state: ConversationState, text: str, source: str) -> Addition:
    """Return what is to be added to the complaint that is visited, with one line more."""
    line = (source, text)
    if state.addition is None:
        return Addition(lines=(line,))
    return replace(state.addition, lines=(*state.addition.lines, line))


def _said_in_draft(state: ConversationState, draft: Draft, received: TextSent) -> ConversationResult:
    """Take a text into the draft, with a word where it is something else than a complaint and nothing was said yet."""
    if draft.pieces:
        if received.text.strip(_TRIM).lower() in _MEANS_SEND:
            return reply_with(state, Sentence("press_send"), DraftPreview(draft))
        if received.kind is TextKind.WITHDRAW_WISH:
            return _offer(state, received, "withdraw_which", Choice("discard", "discard_apart", draft.draft_id))
        return take_piece(state, received.text, received.source, None, None)
    match received.kind:
        case TextKind.WITHDRAW_WISH:
            return _offer(state, received, "withdraw_by_code", *HAVE_CODE_CHOICE[0])
        case TextKind.THANKS | TextKind.QUESTION | TextKind.ADD_TO_EARLIER:
            taken = take_piece(state, received.text, received.source, None, None)
            word = Sentence(f"begins_with_{received.kind}")
            return replace(taken, replies=(word, *taken.replies)) if taken.effects else taken
    return take_piece(state, received.text, received.source, None, None)


def take_piece(
    state: ConversationState, text: str, source: str, attachment: Cleaned | None, album: str | None
) -> ConversationResult:
    """Take a piece; where a code went wrong in its words, they are taken only when their writer says so."""
    if not isinstance(meant_as_code(text), MistypedCode):
        if attachment is None and state.visit is not None:
            return _gather(state, state.visit, text, source)
        return _take(state, text, source, attachment, album)
    if attachment is None:
        return _confirm_mistyped(state, text, source)
    taken = _take(state, "", source, attachment, album)
    if not taken.effects:
        return taken
    asked = _confirm_mistyped(taken.state, text, source)
    return replace(taken, state=asked.state, replies=(*taken.replies, *asked.replies))


def _confirm_mistyped(state: ConversationState, text: str, source: str) -> ConversationResult:
    return ask_to_confirm(state, Unconfirmed(UnconfirmedKind.MISTYPED_CODE, text, source))


def _take(
    state: ConversationState, text: str, source: str, attachment: Cleaned | None, album: str | None
) -> ConversationResult:
    """Take a piece into the complaint that is being visited, else into the draft, else say what to do first."""
    after = replace(state, album=album)
    notes = () if attachment is None or attachment.is_whole else (Sentence("kept_in_part"),)
    if state.visit is not None:
        answered_already = album is not None and album == state.album
        written = Addition(lines=((source, text),))
        return ConversationResult(
            after,
            notes,
            (AddToComplaint(state.visit, written, attachment, without_reply=answered_already),),
        )
    draft = state.draft
    if draft is None:
        return reply_with(state, Sentence("not_scanned", choices=HAVE_CODE_CHOICE))
    if draft.is_full:
        return _full(state, draft)
    grown = replace(draft, pieces=(*draft.pieces, Piece(source, kind_of(attachment), text)))
    kept = StorePiece(source, text, attachment)
    return ConversationResult(replace(after, draft=grown), (*notes, DraftPreview(grown)), (kept,))


def ask_to_confirm(state: ConversationState, unconfirmed: Unconfirmed) -> ConversationResult:
    """Ask before taking what says more than its sender may know: a contact card, a place, a mistyped receipt code."""
    if state.is_over:
        return reply_with(state, Sentence("not_scanned", choices=HAVE_CODE_CHOICE))
    choices = ((Choice("take", "take", unconfirmed.source), Choice("leave_out", "leave_out", unconfirmed.source)),)
    asked = Sentence(f"confirm_{unconfirmed.kind}", (("text", unconfirmed.text),), choices)
    return reply_with(replace(state, offered=(unconfirmed.source, unconfirmed.text)), asked)


def settle_unconfirmed(state: ConversationState, pressed: Pressed) -> ConversationResult:
    """Take what was asked about, or leave it out."""
    if state.offered is None or state.offered[0] != pressed.subject:
        return reply_with(state, Sentence("old_button"), *draft_preview(state))
    source, text = state.offered
    without = replace(state, offered=None)
    if pressed.action == "leave_out":
        return reply_with(without, Sentence("left_out", in_place=True), *draft_preview(without))
    if without.draft is not None and without.draft.holds(source):  # of a file that was taken, or of an edit
        return _change(without, without.draft, source, text)
    taken = _take(replace(without, just_sent=False), text, source, None, None)
    # In a visit the question is replaced by what became of it.
    return taken if state.visit is not None else replace(taken, replies=(DeletePressed(), *taken.replies))


def refuse_unfit(state: ConversationState, unfit: Unfit) -> ConversationResult:
    """Say what to do instead of a file that cannot be taken; its words are kept."""
    refusal = Sentence(f"unfit_{unfit.kind}")
    if not unfit.caption or state.is_over:
        return reply_with(state, refusal, *next_steps(state))
    taken = take_piece(state, unfit.caption, unfit.source, None, None)
    words_kept = (Sentence("unfit_words_kept"),) if taken.effects else ()
    return replace(taken, replies=(refusal, *words_kept, *taken.replies))


def refuse_unexpected_file(state: ConversationState) -> ConversationResult:
    """Say why a file was not even fetched."""
    if state.draft is not None and state.draft.is_full:
        return _full(state, state.draft)
    if state.is_over:
        return reply_with(state, Sentence("not_scanned", choices=HAVE_CODE_CHOICE))
    return reply_with(
        state, Sentence(f"unfit_{UnfitKind.DAMAGED}"), *draft_preview(state)
    )  # begun meanwhile: once more


def _full(state: ConversationState, draft: Draft) -> ConversationResult:
    return reply_with(state, Sentence("full", (("most", MOST_PIECES),)), DraftPreview(draft))


def take_edit(state: ConversationState, edited: Edited) -> ConversationResult:
    """Put what a message is now in place of what it was, where it is not sent yet; else say so."""
    source, text, draft = edited.source, edited.text, state.draft
    if draft is not None and draft.holds(source):
        return _edit_piece(state, draft, edited)
    if state.offered is not None and state.offered[0] == source and text:
        return _ask_for_edited(state, source, text, "edit_offered")
    if state.visit is not None and text and state.addition is not None and state.addition.holds(source):
        return _edit_line(state, state.visit, state.addition, edited)
    if state.visit is not None and text and not isinstance(meant_as_code(text), MistypedCode):
        return _ask_for_edited(state, source, text, "edit_after_sending")
    return reply_with(state, Sentence("edit_too_late"), *draft_preview(state))


def _edit_piece(state: ConversationState, draft: Draft, edited: Edited) -> ConversationResult:
    before, text = draft.text_of(edited.source), edited.text
    is_file_same = edited.attachment is None and edited.unfit is None
    if text == before and is_file_same and not edited.has_file:
        return reply_with(state, *draft_preview(state))  # nothing that anybody sees
    is_mistyped = text != before and isinstance(meant_as_code(text), MistypedCode)
    if is_mistyped and is_file_same:
        return _confirm_mistyped(state, text, edited.source)
    result = _change(state, draft, edited.source, before if is_mistyped else text, edited.attachment)
    if edited.has_file and edited.attachment is None:
        why = () if edited.unfit is None else (Sentence(f"unfit_{edited.unfit}"),)
        result = replace(result, replies=(*why, Sentence("edit_file_kept"), *result.replies))
    if not is_mistyped:
        return result
    asked = _confirm_mistyped(result.state, text, edited.source)
    return replace(result, state=asked.state, replies=(*result.replies, *asked.replies))


def _ask_for_edited(state: ConversationState, source: str, text: str, key: str) -> ConversationResult:
    """Ask whether what an earlier message says now is to be taken."""
    label = "pass_on" if state.visit is not None else "take"
    choices = ((Choice(label, "take", source), Choice("leave_out", "leave_out", source)),)
    pending = replace(state, offered=(source, text))
    return reply_with(pending, Sentence(key, (("text", _shortened(text)),), choices))


def _change(
    state: ConversationState, draft: Draft, source: str, text: str, attachment: Cleaned | None = None
) -> ConversationResult:
    is_caption_gone = not text and bool(draft.text_of(source))
    changed = draft.edited(source, text, kind=kind_of(attachment) if attachment is not None else None)
    notes = () if attachment is None or attachment.is_whole else (Sentence("kept_in_part"),)
    taken = Sentence("edit_caption_gone" if is_caption_gone else "edit_taken")
    return ConversationResult(
        replace(state, draft=changed),
        (*notes, taken, DraftPreview(changed)),
        (ReplacePiece(source, text, attachment),),
    )


def _edit_line(state: ConversationState, complaint_id: str, addition: Addition, edited: Edited) -> ConversationResult:
    if isinstance(meant_as_code(edited.text), MistypedCode):
        return _confirm_mistyped(state, edited.text, edited.source)
    changed = addition.edited(edited.source, edited.text)
    return reply_with(replace(state, addition=changed), Sentence("edit_taken"), AdditionPreview(complaint_id, changed))
