"""The buttons that residents press: general ones, those of a draft and those of a visit."""

from collections.abc import Collection
from dataclasses import replace

from handlers.resident.inputs import settle_unconfirmed
from handlers.resident.messages import (
    AdditionPreview,
    AddToComplaint,
    AskForOtherTeam,
    AskWhatToAdd,
    CategoryGrid,
    Choice,
    Choices,
    ClearChat,
    ConversationResult,
    DeletePressed,
    Discard,
    DraftPreview,
    DropPiece,
    Greeting,
    Judge,
    ObjectToRefusal,
    Pressed,
    PrivacyNotice,
    Rate,
    RemoveAddedTraces,
    RemoveTraces,
    SendReceiptPicture,
    Sentence,
    SetReplyAddress,
    ShowVisit,
    Submit,
    Withdraw,
)
from handlers.resident.replies import (
    CLEAR_AFTER_HOURS,
    HAVE_CODE_CHOICE,
    LANGUAGE_ROW,
    PRIVACY_NOTICE_CHOICE,
    back_to_visit,
    clear_choice,
    confirm_clearing,
    confirm_discarding,
    confirm_dropping,
    confirm_withdrawing,
    draft_preview,
    leave_visit,
    preview_changed,
    reply_with,
)
from models.complaints import FILES
from privacy.receipt import Receipt
from privacy.trail import Trail
from services.intake.drafts import TOGGLES, ConversationState, Draft
from texts.catalogue import LANGUAGES


def take_press(state: ConversationState, pressed: Pressed, categories: Collection[str]) -> ConversationResult:
    """Do what a button asks for."""
    if pressed.action in GENERAL_ACTIONS:
        return _pressed_anywhere(state, pressed)
    if pressed.action in DRAFT_ACTIONS:
        return _pressed_on_draft(state, pressed, categories)
    if pressed.action in ADDITION_ACTIONS and pressed.subject == state.visit:
        return _pressed_on_addition(state, state.visit, pressed)
    if pressed.action in VISIT_ACTIONS:
        return _pressed_on_visit(state, pressed)
    return reply_with(state, Sentence("old_button"), *draft_preview(state))


CLEAR_ACTIONS = frozenset({"clear", "clear_now", "clear_in", "clear_not"})


GENERAL_ACTIONS = (
    frozenset({"lang", "protection", "kept", "have_code", "take", "leave_out", "picture", "vanish"}) | CLEAR_ACTIONS
)


def _pressed_anywhere(state: ConversationState, pressed: Pressed) -> ConversationResult:
    match pressed.action:
        case "lang" if pressed.arg in LANGUAGES:
            chosen = replace(state, language=pressed.arg)
            if chosen.draft is not None and pressed.subject == chosen.draft.place.round_id:
                return reply_with(chosen, Greeting(chosen.draft.place, in_place=True), *draft_preview(chosen))
            if chosen.visit is not None:
                return ConversationResult(chosen, effects=(ShowVisit(chosen.visit),))
            sentence = Sentence("language_chosen", choices=(LANGUAGE_ROW,), in_place=True)
            return reply_with(chosen, sentence, *draft_preview(chosen))
        case "protection":
            return reply_with(state, Sentence("protection", choices=PRIVACY_NOTICE_CHOICE))
        case "kept":
            return reply_with(state, PrivacyNotice())
        case "have_code":
            return reply_with(state, Sentence("type_code"))
        case "take" | "leave_out":
            return settle_unconfirmed(state, pressed)
        case "picture" if (receipt := Receipt.unpack(pressed.subject)) is not None:
            return reply_with(state, SendReceiptPicture(receipt))
        case "vanish":
            return reply_with(state, DeletePressed())
        case action if action in CLEAR_ACTIONS:
            return _pressed_to_clear(state, pressed)
        case _:
            return reply_with(state, Sentence("old_button"), *draft_preview(state))


def _pressed_to_clear(state: ConversationState, pressed: Pressed) -> ConversationResult:
    trail = Trail.read(pressed.subject)
    if trail is None:
        return reply_with(state, Sentence("old_button"), *draft_preview(state))
    match pressed.action:
        case "clear":
            return reply_with(state, confirm_clearing(pressed.subject))
        case "clear_now":
            # Whoever picks the phone up next is not to go on with what was visited.
            left = state.without_visit if state.trail == pressed.subject else state
            return ConversationResult(left, effects=(ClearChat(trail),))
        case "clear_in" if pressed.arg in map(str, CLEAR_AFTER_HOURS):
            sentence = Sentence("clears_later", (("hours", pressed.arg),), in_place=True)
            return ConversationResult(state, (sentence,), (ClearChat(trail, int(pressed.arg)),))
        case _:
            return reply_with(state, DeletePressed())


DRAFT_ACTIONS = frozenset(
    {
        "send",
        "traces_out",
        "traces_stay",
        "told_out",
        "category",
        "choose",
        "toggle",
        "discard",
        "discard_apart",
        "discard_yes",
        "card",
        "keep",
        "drop",
        "drop_yes",
    }
)


def _pressed_on_draft(state: ConversationState, pressed: Pressed, categories: Collection[str]) -> ConversationResult:
    draft = state.draft
    if draft is None or draft.draft_id != pressed.subject:
        return reply_with(state, Sentence("old_card", choices=HAVE_CODE_CHOICE), *draft_preview(state))
    match pressed.action:
        case "send":
            return _pressed_send(state, draft)
        case "traces_out" | "told_out" | "traces_stay":
            return _pressed_on_traces(state, draft, pressed.action)
        case "category":
            return reply_with(state, CategoryGrid(draft))
        case "choose" if pressed.arg in categories:
            return preview_changed(state, replace(draft, category=pressed.arg))
        case "toggle" if pressed.arg in TOGGLES:
            return preview_changed(state, draft.toggled(pressed.arg))
        case "discard":
            return reply_with(state, confirm_discarding(draft, in_place=True))
        case "discard_apart":
            return reply_with(state, DeletePressed(), confirm_discarding(draft, in_place=False))
        case "keep":
            return reply_with(state, DeletePressed(), DraftPreview(draft))
        case "discard_yes":
            ended = replace(state, draft=None, album=None)
            sentence = Sentence("discarded", choices=clear_choice(ended), in_place=True)
            return ConversationResult(ended, (sentence,), (Discard(draft),))
        case "drop" | "drop_yes":
            return _pressed_to_drop(state, draft, pressed)
        case _:
            return preview_changed(state, draft)


def _pressed_to_drop(state: ConversationState, draft: Draft, pressed: Pressed) -> ConversationResult:
    """Take a piece out of the draft; a file when that is asked twice, and words so that they can be put back."""
    piece = draft.piece(pressed.arg)
    if piece is None:
        return preview_changed(state, draft)
    if piece.kind in FILES and pressed.action == "drop":
        return reply_with(state, confirm_dropping(draft, piece))
    rest = replace(draft, pieces=tuple(other for other in draft.pieces if other is not piece))
    dropped = replace(state, draft=rest)
    choices: Choices = ()
    if piece.kind not in FILES and state.visit is None:
        dropped = replace(dropped, offered=(piece.source, piece.text))
        choices = ((Choice("put_back", "take", piece.source),),)
    sentence = Sentence("dropped", choices=choices, in_place=True)
    return ConversationResult(dropped, (sentence, *draft_preview(dropped)), (DropPiece(piece.source),))


def _pressed_send(state: ConversationState, draft: Draft) -> ConversationResult:
    if not draft.pieces:
        return reply_with(state, Sentence("nothing_to_send"))
    if draft.must_settle_traces:
        return reply_with(state, Sentence("traces_first"), DraftPreview(draft))
    return ConversationResult(state, effects=(Submit(draft),))


def _pressed_on_traces(state: ConversationState, draft: Draft, action: str) -> ConversationResult:
    if action != "traces_stay":
        return ConversationResult(state, effects=(RemoveTraces(draft, self_descriptions=action == "told_out"),))
    return preview_changed(state, replace(draft, traces_kept=frozenset(value for _, _, value in draft.traces)))


ADDITION_ACTIONS = frozenset({"put_in", "put_away", "put_toggle", "put_show"})

VISIT_ACTIONS = ADDITION_ACTIONS | frozenset(
    {
        "visit",
        "reply",
        "add",
        "withdraw",
        "withdraw_yes",
        "solved",
        "unsolved",
        "object",
        "other_team",
        "rate",
        "tell",
        "untell",
        "leave",
        "out",
        "stay",
    }
)


def _pressed_on_visit(state: ConversationState, pressed: Pressed) -> ConversationResult:
    complaint = pressed.subject
    if complaint != state.visit:
        return reply_with(state, Sentence("visit_over", choices=HAVE_CODE_CHOICE), *draft_preview(state))
    state = replace(state, just_sent=False)  # they know now what they write to
    match pressed.action:
        case "add" | "reply":
            return ConversationResult(state, effects=(AskWhatToAdd(complaint, is_answer=pressed.action == "reply"),))
        case "withdraw":
            return reply_with(state, confirm_withdrawing(complaint, in_place=True))
        case "withdraw_yes":
            return ConversationResult(state, effects=(Withdraw(complaint),))
        case "solved" | "unsolved":
            return ConversationResult(state, effects=(Judge(complaint, solved=pressed.action == "solved"),))
        case "object" | "other_team":
            asks = ObjectToRefusal if pressed.action == "object" else AskForOtherTeam
            return ConversationResult(state, effects=(asks(complaint),))
        case "rate" if pressed.arg in ("1", "2", "3"):
            return ConversationResult(state, effects=(Rate(complaint, int(pressed.arg)),))
        case "tell" | "untell":
            return ConversationResult(state, effects=(SetReplyAddress(complaint, wanted=pressed.action == "tell"),))
        case "leave":
            return leave_visit(state, in_place=True)
        case "out":
            return ConversationResult(replace(state, added=()), effects=(RemoveAddedTraces(complaint, state.added),))
        case "stay":
            sentence = Sentence("traces_stay", choices=back_to_visit(state), in_place=True)
            return reply_with(replace(state, added=()), sentence)
        case _:
            return ConversationResult(state, effects=(ShowVisit(complaint),))


def _pressed_on_addition(state: ConversationState, complaint_id: str, pressed: Pressed) -> ConversationResult:
    addition = state.addition
    if addition is None:
        return reply_with(state, Sentence("old_button"), *draft_preview(state))
    match pressed.action:
        case "put_in":
            added = replace(state, addition=None, just_sent=False, half="", album=None)
            return ConversationResult(added, effects=(AddToComplaint(complaint_id, addition),))
        case "put_toggle" if pressed.arg in TOGGLES:
            turned = addition.toggled(pressed.arg)
            return reply_with(replace(state, addition=turned), AdditionPreview(complaint_id, turned, in_place=True))
        case "put_away":
            return reply_with(replace(state, addition=None, half=""), Sentence("left_out", in_place=True))
        case _:
            return reply_with(state, AdditionPreview(complaint_id, addition, in_place=True))
