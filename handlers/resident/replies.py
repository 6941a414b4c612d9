"""Replies and choices that several parts of the resident's conversation use."""

from dataclasses import replace

from handlers.resident.messages import Choice, Choices, ConversationResult, DraftPreview, Reply, Sentence, UnfitKind
from privacy.receipt import MistypeKind
from services.intake.drafts import ConversationState, Draft, Piece
from texts.catalogue import LANGUAGES

HAVE_CODE_CHOICE: Choices = ((Choice("have_code", "have_code"),),)
PRIVACY_NOTICE_CHOICE: Choices = ((Choice("kept", "kept"),),)
WELCOME_CHOICES: Choices = ((Choice("protection", "protection"), Choice("have_code", "have_code")),)
LANGUAGE_ROW = tuple(Choice(f"lang_{language}", "lang", arg=language) for language in LANGUAGES)
CLEAR_AFTER_HOURS = (1, 8, 24)
# The replies to something that may tell who somebody is, or most of a receipt code.
_REPLIES_TO_SENSITIVE = frozenset(
    {
        "not_scanned",
        "half_of_code",
        "question_needs_code",
        "thanked_only",
        "withdraw_by_code",
        "nobody_knows_who",
        "no_such_receipt",
        "too_many_wrong",
        "edit_too_late",
        "old_button",
        "old_card",
        *(f"mistyped_{kind}" for kind in MistypeKind),
        *(f"unfit_{kind}" for kind in UnfitKind),
    }
)


def reply_with(state: ConversationState, *replies: Reply) -> ConversationResult:
    """Return a state with some replies and no effects."""
    return ConversationResult(state, replies)


def has_unsent_pieces(state: ConversationState) -> bool:
    """Whether something was said that is not sent yet."""
    return state.draft is not None and bool(state.draft.pieces)


def draft_preview(state: ConversationState) -> tuple[Reply, ...]:
    """Return the preview of the draft, if it has content, so that nobody wonders whether it is lost."""
    return (DraftPreview(state.draft),) if state.draft is not None and state.draft.pieces else ()


def next_steps(state: ConversationState) -> tuple[Reply, ...]:
    """Return the hint to scan a code, or the preview of the draft when one is open."""
    if state.is_over:
        return (Sentence("not_scanned", choices=HAVE_CODE_CHOICE),)
    return draft_preview(state)


def satisfaction_row(complaint_id: str) -> tuple[Choice, ...]:
    """Return the faces with which one says how content one is."""
    return tuple(Choice(f"face_{face}", "rate", complaint_id, str(face)) for face in (3, 2, 1))


def back_to_visit(state: ConversationState) -> Choices:
    """Return the ways back to the visit, where there is one."""
    if state.visit is None:
        return ()
    return ((Choice("back_to_visit", "visit", state.visit), Choice("leave", "leave", state.visit)),)


def ended(state: ConversationState) -> ConversationState:
    """Return the state without draft and visit; the messages in the chat can still be cleared."""
    return ConversationState(trail=state.trail)


def clear_choice(state: ConversationState) -> Choices:
    """Return the button that clears a chat, when neither a draft nor a visit is open."""
    return ((Choice("clear", "clear", state.trail),),) if state.trail and state.is_over else ()


def offer_clearing(result: ConversationResult) -> ConversationResult:
    """Add the button that clears the chat to a reply to something sensitive: many type before they scan."""
    *others, last = result.replies or (None,)
    if not isinstance(last, Sentence) or last.key not in _REPLIES_TO_SENSITIVE:
        return result
    offering = replace(last, choices=(*last.choices, *clear_choice(result.state)))
    return replace(result, replies=(*others, offering))


def confirm_clearing(trail: str) -> Sentence:
    """Ask before a chat is cleared: the receipt code goes too."""
    later = tuple(Choice(f"clear_in_{hours}", "clear_in", trail, str(hours)) for hours in CLEAR_AFTER_HOURS)
    choices = ((Choice("clear_now", "clear_now", trail),), later, (Choice("clear_not", "clear_not", trail),))
    return Sentence("sure_to_clear", choices=choices)


def confirm_discarding(draft: Draft, *, in_place: bool) -> Sentence:
    """Ask before a draft is deleted: in place of its preview, which comes back there, or in a message of its own."""
    keep = Choice("keep_it", "card" if in_place else "keep", draft.draft_id)
    choices = ((Choice("discard_yes", "discard_yes", draft.draft_id), keep),)
    return Sentence("sure_to_discard", choices=choices, in_place=in_place)


def confirm_dropping(draft: Draft, piece: Piece) -> Sentence:
    """Ask before a file is taken out of a draft: it is deleted at once."""
    yes, keep = Choice("drop_yes", "drop_yes", draft.draft_id, piece.source), Choice("keep_it", "card", draft.draft_id)
    return Sentence("sure_to_drop", choices=((yes, keep),), in_place=True)


def confirm_withdrawing(complaint_id: str, *, in_place: bool) -> Sentence:
    """Ask before a complaint is taken back."""
    choices = ((Choice("withdraw_yes", "withdraw_yes", complaint_id), Choice("keep_it", "visit", complaint_id)),)
    return Sentence("sure_to_withdraw", choices=choices, in_place=in_place)


def leave_visit(state: ConversationState, *, in_place: bool) -> ConversationResult:
    """End a visit."""
    left = state.without_visit
    key = "left" if state.addition is None else "left_without_adding"
    return reply_with(left, Sentence(key, choices=clear_choice(left), in_place=in_place), *draft_preview(left))


def not_added(before: ConversationState, after: ConversationState) -> tuple[Reply, ...]:
    """Return that what was to be added to a complaint is gone, if the next step has left it behind."""
    is_gone = before.addition is not None and before.visit != after.visit
    return (Sentence("not_added_left"),) if is_gone else ()


def preview_changed(state: ConversationState, draft: Draft) -> ConversationResult:
    """Return the state with a changed draft, and its preview in place of the pressed message."""
    return reply_with(replace(state, draft=draft), DraftPreview(draft, in_place=True))
