"""Texts, files and edits of a resident: added to the complaint that is visited, or to the draft."""

from dataclasses import replace

from handlers.resident.messages import (
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
from services.intake.drafts import MOST_PIECES, ConversationState, Draft, Piece
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
        return ConversationResult(replace(state, half=""), more, (LookUp(code),))
    is_one_half = received.kind is TextKind.COMPLAINT and is_half(received.text)
    if is_one_half and isinstance(whole := read_receipt(f"{state.half} {received.text}"), Receipt):
        return _look_up_halves(state, whole)
    had_half, state = bool(state.half), replace(state, half=received.text if is_one_half else "")
    if received.is_crisis and not state.is_over:  # nothing is asked: not of what was said just before, nor after it
        told = replace(state, more=(*state.more, (received.source, received.text)))
        return take_piece(replace(state, more=(), just_sent=False), _in_lines(told), received.source, None, None)
    if is_one_half and state.is_over:
        key = f"mistyped_{MistypeKind.CHECK_FAILS}" if had_half else "half_of_code"
        return reply_with(replace(state, half="") if had_half else state, Sentence(key))
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


def _look_up_halves(state: ConversationState, whole: Receipt) -> ConversationResult:
    """Look up a code that came in two messages; the first half, which was taken for words, leaves the draft again."""
    known, draft = replace(state, half=""), state.draft
    last = draft.pieces[-1] if draft is not None and draft.pieces else None
    if draft is None or last is None or (last.kind, last.text) != (MessageKind.TEXT, state.half):
        return ConversationResult(known, effects=(LookUp(whole),))
    without = replace(known, draft=replace(draft, pieces=draft.pieces[:-1]))
    return ConversationResult(without, effects=(DropPiece(last.source), LookUp(whole)))


def _offer(state: ConversationState, received: TextSent, key: str, *more: Choice) -> ConversationResult:
    """Answer with a sentence, and offer to take what was said where there is something to take it into."""
    if state.is_over:
        return reply_with(state, Sentence(key))
    pending = replace(state, offered=(received.source, received.text))
    label = "pass_on" if state.visit is not None else "take_all_the_same"
    choices = (*((choice,) for choice in more), (Choice(label, "take", received.source),))
    return reply_with(pending, Sentence(key, choices=choices), *draft_preview(pending))


def _said_in_visit(state: ConversationState, received: TextSent) -> ConversationResult:
    """Answer thanks, a question and a wish to withdraw; add anything else, of what was just sent when they say so."""
    complaint = state.visit or ""
    pending = replace(state, offered=(received.source, received.text))
    if not received.has_words and received.kind is not TextKind.THANKS:
        return _offer(state, received, "say_in_words")
    match received.kind:
        case TextKind.THANKS:
            return _offer(state, received, "thanked")
        case TextKind.QUESTION:
            return ConversationResult(pending, effects=(ShowVisit(complaint),))
        case TextKind.WITHDRAW_WISH:
            return reply_with(pending, confirm_withdrawing(complaint, in_place=False))
    if state.just_sent and not isinstance(meant_as_code(received.text), MistypedCode):
        return ask_to_add(state, received.text, received.source)
    return take_piece(state, received.text, received.source, None, None)


def ask_to_add(state: ConversationState, text: str, source: str) -> ConversationResult:
    """Ask whether something belongs to the complaint that was just sent, with what was asked about before."""
    return _ask_to_add(replace(state, more=(*state.more, (source, text))), source)


def _ask_to_add(pending: ConversationState, source: str) -> ConversationResult:
    choices = ((Choice("add_it", "take", source), Choice("leave_out", "leave_out", source)),)
    return reply_with(pending, Sentence("sure_to_add", (("text", _shortened(_in_lines(pending))),), choices))


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _in_lines(state: ConversationState) -> str:
    """Return all that is asked about since a complaint was sent."""
    return "\n".join(text for _, text in state.more)


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
        return ConversationResult(
            after, notes, (AddToComplaint(state.visit, text, attachment, without_reply=answered_already),)
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
    if any(source == pressed.subject for source, _ in state.more):  # all of it, under whichever question
        rest = replace(state, more=())
        if pressed.action == "leave_out":
            return reply_with(rest, Sentence("left_out", in_place=True))
        return _take(replace(rest, just_sent=False), _in_lines(state), pressed.subject, None, None)
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
    """Put what a message is now in place of what it was: in the draft, or in what is asked about; else say so."""
    source, text, draft = edited.source, edited.text, state.draft
    if draft is not None and draft.holds(source):
        return _edit_piece(state, draft, edited)
    if state.offered is not None and state.offered[0] == source and text:
        return _ask_for_edited(state, source, text, "edit_offered")
    if text and any(source == asked for asked, _ in state.more):
        changed = tuple((asked, text if asked == source else said) for asked, said in state.more)
        return _ask_to_add(replace(state, more=changed), source)
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
