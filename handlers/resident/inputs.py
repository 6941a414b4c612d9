"""Texts, files and edits of a resident: added to the complaint that is visited, or to the draft."""

from dataclasses import replace

from handlers.resident.messages import (
    AddToComplaint,
    Choice,
    ConversationResult,
    DraftPreview,
    LookUp,
    Pressed,
    ReplacePiece,
    Sentence,
    StorePiece,
    TextSent,
    Unconfirmed,
    UnconfirmedKind,
    Unfit,
    UnfitKind,
)
from handlers.resident.replies import HAVE_CODE_CHOICE, draft_preview, next_steps, reply_with
from media.kinds import Cleaned
from privacy.receipt import MistypedCode, Receipt, is_alone, meant_as_code, read_receipt, receipt_within
from services.intake.drafts import MOST_PIECES, ConversationState, Draft, Piece
from services.intake.understanding import TextKind
from services.sealed_messages import kind_of

_TRIM = " \n.。!！"
# What somebody types who has not seen the button; it would be a strange thing to send.
_MEANS_SEND = frozenset(
    {"发送", "發送", "发出去", "發出去", "发吧", "發吧", "提交", "好了", "可以了", "send", "done", "submit"}
)


def take_text(state: ConversationState, received: TextSent) -> ConversationResult:
    """Take a text: a receipt code, a question that has one answer for all, or a piece of what is said."""
    code = read_receipt(received.text)
    if code is None and state.is_over:
        code = receipt_within(received.text)
    if isinstance(code, Receipt):
        more = () if is_alone(received.text) else (Sentence("only_code_read"),)
        return ConversationResult(state, more, (LookUp(code),))
    if received.kind is TextKind.ASKS_FOR_REPORTER and state.visit is None:
        return reply_with(state, Sentence("nobody_knows_who"), *draft_preview(state))
    if isinstance(code, MistypedCode) and state.is_over:
        values = (("position", code.position),) if code.position else ()
        return reply_with(state, Sentence(f"mistyped_{code.kind}", values))
    if state.draft is not None and state.draft.pieces and received.text.strip(_TRIM).lower() in _MEANS_SEND:
        return reply_with(state, Sentence("press_send"), DraftPreview(state.draft))
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
    answered_already = album is not None and album == state.album
    after = replace(state, album=album)
    notes = () if attachment is None or attachment.is_whole else (Sentence("kept_in_part"),)
    if state.visit is not None:
        return ConversationResult(
            after, notes, (AddToComplaint(state.visit, text, attachment, without_reply=answered_already),)
        )
    draft = state.draft
    if draft is None:
        return reply_with(state, Sentence("not_scanned", choices=HAVE_CODE_CHOICE))
    if draft.is_full:
        return _full(state, draft)
    grown = replace(draft, pieces=(*draft.pieces, Piece(source, kind_of(attachment), text)))
    cards = () if answered_already else (DraftPreview(grown, album_incoming=album is not None),)
    return ConversationResult(replace(after, draft=grown), (*notes, *cards), (StorePiece(source, text, attachment),))


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
    return _take(without, text, source, None, None)


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


def take_edit(state: ConversationState, source: str, text: str) -> ConversationResult:
    """Put new words in place of what a message of the draft said."""
    draft = state.draft
    if draft is None or not draft.holds(source):
        return reply_with(state, Sentence("edit_too_late"), *draft_preview(state))
    if isinstance(meant_as_code(text), MistypedCode):
        return _confirm_mistyped(state, text, source)
    return _change(state, draft, source, text)


def _change(state: ConversationState, draft: Draft, source: str, text: str) -> ConversationResult:
    changed = draft.edited(source, text)
    return ConversationResult(
        replace(state, draft=changed), (Sentence("edit_taken"), DraftPreview(changed)), (ReplacePiece(source, text),)
    )
