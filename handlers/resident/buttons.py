"""What a resident presses: anywhere, on a draft, on a visit."""

from collections.abc import Collection
from dataclasses import replace

from handlers.resident.inputs import settle_offer
from handlers.resident.messages import (
    Answer,
    CategoryGrid,
    Choice,
    ClearChat,
    Discard,
    DraftPreview,
    Greeting,
    Judge,
    Pressed,
    Rate,
    ReceiptDrawn,
    Sentence,
    ShowVisit,
    Submit,
    TakeTracesOut,
    TakeTracesOutOfAdded,
    TellHere,
    Vanishes,
    WhatIsKept,
    Withdraw,
)
from handlers.resident.replies import (
    CLEAR_AFTER_HOURS,
    HAVE_CODE,
    KEPT,
    LANGUAGE_ROW,
    back_to,
    card_if_any,
    clearing,
    leave_visit,
    show_changed,
    sure_to_clear,
    sure_to_discard,
    tell,
)
from privacy.receipt import Receipt
from privacy.trail import Trail
from services.intake.drafts import ConversationState, Draft
from texts.catalogue import LANGUAGES


def take_press(talk: ConversationState, pressed: Pressed, categories: Collection[str]) -> Answer:
    """Do what a button asks for."""
    if pressed.action in ANYWHERE:
        return _pressed_anywhere(talk, pressed)
    if pressed.action in ON_DRAFTS:
        return _pressed_on_draft(talk, pressed, categories)
    if pressed.action in ON_VISITS:
        return _pressed_on_visit(talk, pressed)
    return tell(talk, Sentence("old_button"), *card_if_any(talk))


CLEARING = frozenset({"clear", "clear_now", "clear_in", "clear_not"})


ANYWHERE = frozenset({"lang", "protection", "kept", "have_code", "take", "leave_out", "picture", "vanish"}) | CLEARING


def _pressed_anywhere(talk: ConversationState, pressed: Pressed) -> Answer:
    match pressed.action:
        case "lang" if pressed.arg in LANGUAGES:
            chosen = replace(talk, language=pressed.arg)
            if chosen.draft is not None and pressed.subject == chosen.draft.place.round_id:
                return tell(chosen, Greeting(chosen.draft.place, instead=True), *card_if_any(chosen))
            if chosen.visit is not None:
                return Answer(chosen, actions=(ShowVisit(chosen.visit),))
            chosen_so = Sentence("language_chosen", choices=(LANGUAGE_ROW,), instead=True)
            return tell(chosen, chosen_so, *card_if_any(chosen))
        case "protection":
            return tell(talk, Sentence("protection", choices=KEPT))
        case "kept":
            return tell(talk, WhatIsKept())
        case "have_code":
            return tell(talk, Sentence("type_code"))
        case "take" | "leave_out":
            return settle_offer(talk, pressed)
        case "picture" if (receipt := Receipt.unpack(pressed.subject)) is not None:
            return tell(talk, ReceiptDrawn(receipt))
        case "vanish":
            return tell(talk, Vanishes())
        case action if action in CLEARING:
            return _pressed_to_clear(talk, pressed)
        case _:
            return tell(talk, Sentence("old_button"), *card_if_any(talk))


def _pressed_to_clear(talk: ConversationState, pressed: Pressed) -> Answer:
    trail = Trail.read(pressed.subject)
    if trail is None:
        return tell(talk, Sentence("old_button"), *card_if_any(talk))
    match pressed.action:
        case "clear":
            return tell(talk, sure_to_clear(pressed.subject))
        case "clear_now":
            return Answer(talk, actions=(ClearChat(trail),))
        case "clear_in" if pressed.arg in map(str, CLEAR_AFTER_HOURS):
            told = Sentence("clears_later", (("hours", pressed.arg),), instead=True)
            return Answer(talk, (told,), (ClearChat(trail, int(pressed.arg)),))
        case _:
            return tell(talk, Vanishes())


ON_DRAFTS = frozenset(
    {"send", "traces_out", "traces_stay", "category", "choose", "toggle", "discard", "discard_yes", "card"}
)


def _pressed_on_draft(talk: ConversationState, pressed: Pressed, categories: Collection[str]) -> Answer:
    draft = talk.draft
    if draft is None or draft.mark != pressed.subject:
        return tell(talk, Sentence("old_card", choices=HAVE_CODE), *card_if_any(talk))
    match pressed.action:
        case "send":
            return _pressed_send(talk, draft)
        case "traces_out" | "traces_stay":
            return _pressed_on_traces(talk, draft, pressed.action)
        case "category":
            return tell(talk, CategoryGrid(draft))
        case "choose" if pressed.arg in categories:
            return show_changed(talk, replace(draft, category=pressed.arg))
        case "toggle" if pressed.arg == "head":
            return show_changed(talk, replace(draft, concerns_head=not draft.concerns_head))
        case "toggle" if pressed.arg == "team":
            return show_changed(talk, replace(draft, concerns_team=not draft.concerns_team))
        case "toggle" if pressed.arg == "voice":
            return show_changed(talk, replace(draft, own_voice=not draft.own_voice))
        case "toggle" if pressed.arg == "tell":
            return show_changed(talk, replace(draft, tell_me=not draft.tell_me))
        case "discard":
            return tell(talk, sure_to_discard(draft, instead=True))
        case "discard_yes":
            emptied = replace(talk, draft=None, album=None)
            told = Sentence("discarded", choices=clearing(emptied), instead=True)
            return Answer(emptied, (told,), (Discard(draft),))
        case _:
            return show_changed(talk, draft)


def _pressed_send(talk: ConversationState, draft: Draft) -> Answer:
    if not draft.pieces:
        return tell(talk, Sentence("nothing_to_send"))
    if draft.has_unsettled_traces:
        return tell(talk, Sentence("traces_first"), DraftPreview(draft))
    return Answer(talk, actions=(Submit(draft),))


def _pressed_on_traces(talk: ConversationState, draft: Draft, action: str) -> Answer:
    if action == "traces_out":
        return Answer(talk, actions=(TakeTracesOut(draft),))
    return show_changed(talk, replace(draft, traces_kept=frozenset(value for _, _, value in draft.traces)))


ON_VISITS = frozenset(
    {
        "visit",
        "reply",
        "add",
        "withdraw",
        "withdraw_yes",
        "solved",
        "unsolved",
        "rate",
        "tell",
        "untell",
        "leave",
        "out",
        "stay",
    }
)


def _pressed_on_visit(talk: ConversationState, pressed: Pressed) -> Answer:
    complaint = pressed.subject
    if complaint != talk.visit:
        return tell(talk, Sentence("visit_over", choices=HAVE_CODE), *card_if_any(talk))
    match pressed.action:
        case "add":
            return tell(talk, Sentence("say_more"))
        case "reply":
            return tell(talk, Sentence("say_answer"))
        case "withdraw":
            choices = ((Choice("withdraw_yes", "withdraw_yes", complaint), Choice("keep_it", "visit", complaint)),)
            return tell(talk, Sentence("sure_to_withdraw", choices=choices, instead=True))
        case "withdraw_yes":
            return Answer(talk, actions=(Withdraw(complaint),))
        case "solved" | "unsolved":
            return Answer(talk, actions=(Judge(complaint, solved=pressed.action == "solved"),))
        case "rate" if pressed.arg in ("1", "2", "3"):
            return Answer(talk, actions=(Rate(complaint, int(pressed.arg)),))
        case "tell" | "untell":
            return Answer(talk, actions=(TellHere(complaint, wanted=pressed.action == "tell"),))
        case "leave":
            return leave_visit(talk, instead=True)
        case "out":
            return Answer(replace(talk, added=()), actions=(TakeTracesOutOfAdded(complaint, talk.added),))
        case "stay":
            stays = Sentence("traces_stay", choices=back_to(talk), instead=True)
            return tell(replace(talk, added=()), stays)
        case _:
            return Answer(talk, actions=(ShowVisit(complaint),))
