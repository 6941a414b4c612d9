"""The resident's conversation: where we are and what came in, to where we are then, what to say and what to do.

Pure and free of any channel: no clock, no database, no messenger. What a deed brings comes in again as an outcome.
"""

from collections.abc import Collection
from dataclasses import replace

from handlers.resident.exchange import (
    AddedWithTraces,
    AddToComplaint,
    Answer,
    Card,
    CategoryGrid,
    Choice,
    Choices,
    ClearChat,
    Discard,
    Edited,
    ForgetChat,
    Found,
    Greeting,
    Incoming,
    Judge,
    KeepPiece,
    LookUp,
    NotAwaited,
    Offered,
    OfferKind,
    Outcome,
    Pressed,
    Rate,
    ReceiptDrawn,
    ReceiptShown,
    ReplacePiece,
    Reply,
    Said,
    Scanned,
    Sentence,
    Showed,
    ShowVisit,
    Submit,
    Submitted,
    TakenOut,
    TakeTracesOut,
    TakeTracesOutOfAdded,
    TellHere,
    TracesAdded,
    Unfit,
    UnfitKind,
    Vanishes,
    VisitShown,
    WhatIsKept,
    Wish,
    Withdraw,
)
from privacy.cleaning.kinds import Cleaned
from privacy.receipt import Receipt, Slip, is_alone, read_receipt, receipt_within
from privacy.trail import Trail
from services.abuse import asks_who_reported
from services.complaints.drafts import MOST_PIECES, Draft, Piece, Talk, edited, kind_of
from services.complaints.place import Shut, ShutBecause
from services.complaints.visit import Withdrawal
from texts.catalogue import LANGUAGES


def step(talk: Talk, incoming: Incoming, categories: Collection[str]) -> Answer:
    """Return the answer to what came in. `categories` are the codes that the county knows."""
    match incoming:
        case Scanned():
            return _scanned(talk, incoming)
        case Said():
            return _said(talk, incoming)
        case Showed():
            return _heard(talk, incoming.caption, incoming.source, incoming.attachment, incoming.album)
        case Edited(source=source, text=text):
            return _edited(talk, source, text)
        case Offered():
            return _offered(talk, incoming)
        case Unfit():
            return _could_not_take(talk, incoming)
        case NotAwaited():
            return _was_not_awaited(talk)
        case Wish():
            return _wished(talk, incoming)
        case TakenOut() | AddedWithTraces():
            return _came_of_traces(talk, incoming)
        case Pressed():
            return _pressed(talk, incoming, categories)
        case _:
            return _came_of_it(talk, incoming)


def _scanned(talk: Talk, scanned: Scanned) -> Answer:
    place = scanned.found
    if isinstance(place, Shut):
        values = (("day", place.opens_on),) if place.opens_on else ()
        choices = _WELCOME if place.because is ShutBecause.NO_CODE else _HAVE_CODE
        sentence = Sentence(f"shut_{place.because}", values, choices, doors=place.doors)
        return _tell(talk, sentence, *_card_if_any(talk))
    talk = replace(talk, visit=None, album=None, added=())
    draft = talk.draft
    if draft is None or not draft.pieces:
        fresh = Draft(mark=scanned.mark, place=place)
        return _tell(replace(talk, draft=fresh), Greeting(place))
    if draft.place.round_id != place.round_id:  # what was said is sealed to the other round
        return _tell(talk, Sentence("finish_other_first"), Card(draft))
    moved = replace(draft, place=place)
    key = "draft_continues" if moved.place == draft.place else "draft_moved"
    return _tell(replace(talk, draft=moved), Sentence(key), Card(moved))


def _said(talk: Talk, said: Said) -> Answer:
    code = read_receipt(said.text)
    if code is None and talk.is_over:
        code = receipt_within(said.text)
    if isinstance(code, Receipt):
        more = () if is_alone(said.text) else (Sentence("only_code_read"),)
        return Answer(talk, more, (LookUp(code),))
    if talk.is_over and asks_who_reported(said.text):
        return _tell(talk, Sentence("nobody_knows_who"))
    if isinstance(code, Slip) and talk.is_over:
        values = (("position", code.position),) if code.position else ()
        return _tell(talk, Sentence(f"slip_{code.kind}", values))
    if isinstance(code, Slip):
        return _offered(talk, Offered(OfferKind.SLIP, said.text, said.source))
    return _heard(talk, said.text, said.source, None, None)


def _heard(talk: Talk, text: str, source: str, attachment: Cleaned | None, album: str | None) -> Answer:
    """Take a piece into the complaint that is being visited, else into the draft, else say what to do first."""
    answered_already = album is not None and album == talk.album
    after = replace(talk, album=album)
    if talk.visit is not None:
        return Answer(after, deeds=(AddToComplaint(talk.visit, text, attachment, quietly=answered_already),))
    draft = talk.draft
    if draft is None:
        return _tell(talk, Sentence("not_scanned", choices=_HAVE_CODE))
    if draft.is_full:
        return _full(talk, draft)
    grown = replace(draft, pieces=(*draft.pieces, Piece(source, kind_of(attachment), text)))
    cards = () if answered_already else (Card(grown, growing=album is not None),)
    return Answer(replace(after, draft=grown), cards, (KeepPiece(source, text, attachment),))


def _offered(talk: Talk, offer: Offered) -> Answer:
    """Warn first: a card tells of its owner, and a place of whoever stands there."""
    if talk.is_over:
        return _tell(talk, Sentence("not_scanned", choices=_HAVE_CODE))
    choices = ((Choice("take", "take", offer.source), Choice("leave_out", "leave_out", offer.source)),)
    asked = Sentence(f"offered_{offer.kind}", (("text", offer.text),), choices)
    return _tell(replace(talk, offered=(offer.source, offer.text)), asked)


def _pressed_on_offer(talk: Talk, pressed: Pressed) -> Answer:
    if talk.offered is None or talk.offered[0] != pressed.subject:
        return _tell(talk, Sentence("old_button"), *_card_if_any(talk))
    source, text = talk.offered
    without = replace(talk, offered=None)
    if pressed.deed == "leave_out":
        return _tell(without, Sentence("left_out", instead=True), *_card_if_any(without))
    return _heard(without, text, source, None, None)


def _could_not_take(talk: Talk, unfit: Unfit) -> Answer:
    refusal = Sentence(f"unfit_{unfit.kind}")
    if not unfit.caption or talk.is_over:
        return _tell(talk, refusal, *_what_now(talk))
    heard = _heard(talk, unfit.caption, unfit.source, None, None)
    kept = (Sentence("unfit_words_kept"),) if heard.deeds else ()
    return replace(heard, replies=(refusal, *kept, *heard.replies))


def _was_not_awaited(talk: Talk) -> Answer:
    if talk.draft is not None and talk.draft.is_full:
        return _full(talk, talk.draft)
    if talk.is_over:
        return _tell(talk, Sentence("not_scanned", choices=_HAVE_CODE))
    return _tell(talk, Sentence(f"unfit_{UnfitKind.DAMAGED}"), *_card_if_any(talk))  # begun meanwhile: once more


def _full(talk: Talk, draft: Draft) -> Answer:
    return _tell(talk, Sentence("full", (("most", MOST_PIECES),)), Card(draft))


def _edited(talk: Talk, source: str, text: str) -> Answer:
    draft = talk.draft
    if draft is None or not draft.holds(source):
        return _tell(talk, Sentence("edit_too_late"), *_card_if_any(talk))
    changed = edited(draft, source, text)
    return Answer(replace(talk, draft=changed), (Sentence("edit_taken"), Card(changed)), (ReplacePiece(source, text),))


def _wished(talk: Talk, wish: Wish) -> Answer:
    match wish:
        case Wish.HELP:
            return _tell(talk, Sentence("help", choices=_WELCOME), *_card_if_any(talk))
        case Wish.PRIVACY:
            return _tell(talk, Sentence("protection"), WhatIsKept())
        case Wish.LANGUAGE:
            return _tell(talk, Sentence("choose_language", choices=(_LANGUAGES,)))
        case Wish.CANCEL if talk.visit is not None:
            return _leave(talk, instead=False)
        case Wish.CANCEL if talk.draft is not None and talk.draft.pieces:
            return _tell(talk, _sure_to_discard(talk.draft, instead=False))
        case Wish.CANCEL if talk.is_over:
            return _tell(talk, Sentence("nothing_to_cancel"))
        case Wish.CANCEL:
            return _tell(_emptied(talk), Sentence("discarded", choices=_clearing(_emptied(talk))))
        case Wish.FORGET:
            discard = (Discard(talk.draft),) if talk.draft else ()
            told = Sentence("forgotten", choices=_clearing(_emptied(talk)))
            return Answer(_emptied(talk), (told,), (*discard, ForgetChat()))
        case Wish.CLEAR if talk.is_over:
            return _tell(talk, Sentence("nothing_to_clear", choices=_clearing(talk)))
        case Wish.CLEAR:
            return _tell(talk, _sure_to_clear(talk.trail))


def _pressed(talk: Talk, pressed: Pressed, categories: Collection[str]) -> Answer:
    if pressed.deed in ANYWHERE:
        return _pressed_anywhere(talk, pressed)
    if pressed.deed in ON_DRAFTS:
        return _pressed_on_draft(talk, pressed, categories)
    if pressed.deed in ON_VISITS:
        return _pressed_on_visit(talk, pressed)
    return _tell(talk, Sentence("old_button"), *_card_if_any(talk))


CLEARING = frozenset({"clear", "clear_now", "clear_in", "clear_not"})
ANYWHERE = frozenset({"lang", "protection", "kept", "have_code", "take", "leave_out", "picture", "vanish"}) | CLEARING
CLEAR_AFTER_HOURS = (1, 8, 24)


def _pressed_anywhere(talk: Talk, pressed: Pressed) -> Answer:
    match pressed.deed:
        case "lang" if pressed.arg in LANGUAGES:
            chosen = replace(talk, language=pressed.arg)
            if chosen.draft is not None and pressed.subject == chosen.draft.place.round_id:
                return _tell(chosen, Greeting(chosen.draft.place, instead=True), *_card_if_any(chosen))
            if chosen.visit is not None:
                return Answer(chosen, deeds=(ShowVisit(chosen.visit),))
            chosen_so = Sentence("language_chosen", choices=(_LANGUAGES,), instead=True)
            return _tell(chosen, chosen_so, *_card_if_any(chosen))
        case "protection":
            return _tell(talk, Sentence("protection", choices=_KEPT))
        case "kept":
            return _tell(talk, WhatIsKept())
        case "have_code":
            return _tell(talk, Sentence("type_code"))
        case "take" | "leave_out":
            return _pressed_on_offer(talk, pressed)
        case "picture" if (receipt := Receipt.unpack(pressed.subject)) is not None:
            return _tell(talk, ReceiptDrawn(receipt))
        case "vanish":
            return _tell(talk, Vanishes())
        case deed if deed in CLEARING:
            return _pressed_to_clear(talk, pressed)
        case _:
            return _tell(talk, Sentence("old_button"), *_card_if_any(talk))


def _pressed_to_clear(talk: Talk, pressed: Pressed) -> Answer:
    trail = Trail.read(pressed.subject)
    if trail is None:
        return _tell(talk, Sentence("old_button"), *_card_if_any(talk))
    match pressed.deed:
        case "clear":
            return _tell(talk, _sure_to_clear(pressed.subject))
        case "clear_now":
            return Answer(talk, deeds=(ClearChat(trail),))
        case "clear_in" if pressed.arg in map(str, CLEAR_AFTER_HOURS):
            told = Sentence("clears_later", (("hours", pressed.arg),), instead=True)
            return Answer(talk, (told,), (ClearChat(trail, int(pressed.arg)),))
        case _:
            return _tell(talk, Vanishes())


ON_DRAFTS = frozenset(
    {"send", "traces_out", "traces_stay", "category", "choose", "toggle", "discard", "discard_yes", "card"}
)


def _pressed_on_draft(talk: Talk, pressed: Pressed, categories: Collection[str]) -> Answer:
    draft = talk.draft
    if draft is None or draft.mark != pressed.subject:
        return _tell(talk, Sentence("old_card", choices=_HAVE_CODE), *_card_if_any(talk))
    match pressed.deed:
        case "send":
            return _pressed_send(talk, draft)
        case "traces_out" | "traces_stay":
            return _pressed_on_traces(talk, draft, pressed.deed)
        case "category":
            return _tell(talk, CategoryGrid(draft))
        case "choose" if pressed.arg in categories:
            return _changed(talk, replace(draft, category=pressed.arg))
        case "toggle" if pressed.arg == "head":
            return _changed(talk, replace(draft, concerns_head=not draft.concerns_head))
        case "toggle" if pressed.arg == "team":
            return _changed(talk, replace(draft, concerns_team=not draft.concerns_team))
        case "toggle" if pressed.arg == "voice":
            return _changed(talk, replace(draft, own_voice=not draft.own_voice))
        case "toggle" if pressed.arg == "tell":
            return _changed(talk, replace(draft, tell_me=not draft.tell_me))
        case "discard":
            return _tell(talk, _sure_to_discard(draft, instead=True))
        case "discard_yes":
            emptied = replace(talk, draft=None, album=None)
            told = Sentence("discarded", choices=_clearing(emptied), instead=True)
            return Answer(emptied, (told,), (Discard(draft),))
        case _:
            return _changed(talk, draft)


def _pressed_send(talk: Talk, draft: Draft) -> Answer:
    if not draft.pieces:
        return _tell(talk, Sentence("nothing_to_send"))
    if draft.has_unsettled_traces:
        return _tell(talk, Sentence("traces_first"), Card(draft))
    return Answer(talk, deeds=(Submit(draft),))


def _pressed_on_traces(talk: Talk, draft: Draft, deed: str) -> Answer:
    if deed == "traces_out":
        return Answer(talk, deeds=(TakeTracesOut(draft),))
    return _changed(talk, replace(draft, traces_kept=frozenset(value for _, _, value in draft.traces)))


def _changed(talk: Talk, draft: Draft) -> Answer:
    return _tell(replace(talk, draft=draft), Card(draft, instead=True))


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


def _pressed_on_visit(talk: Talk, pressed: Pressed) -> Answer:
    complaint = pressed.subject
    if complaint != talk.visit:
        return _tell(talk, Sentence("visit_over", choices=_HAVE_CODE), *_card_if_any(talk))
    match pressed.deed:
        case "add":
            return _tell(talk, Sentence("say_more"))
        case "reply":
            return _tell(talk, Sentence("say_answer"))
        case "withdraw":
            choices = ((Choice("withdraw_yes", "withdraw_yes", complaint), Choice("keep_it", "visit", complaint)),)
            return _tell(talk, Sentence("sure_to_withdraw", choices=choices, instead=True))
        case "withdraw_yes":
            return Answer(talk, deeds=(Withdraw(complaint),))
        case "solved" | "unsolved":
            return Answer(talk, deeds=(Judge(complaint, solved=pressed.deed == "solved"),))
        case "rate" if pressed.arg in ("1", "2", "3"):
            return Answer(talk, deeds=(Rate(complaint, int(pressed.arg)),))
        case "tell" | "untell":
            return Answer(talk, deeds=(TellHere(complaint, wanted=pressed.deed == "tell"),))
        case "leave":
            return _leave(talk, instead=True)
        case "out":
            return Answer(replace(talk, added=()), deeds=(TakeTracesOutOfAdded(complaint, talk.added),))
        case "stay":
            stays = Sentence("traces_stay", choices=_back_to(talk), instead=True)
            return _tell(replace(talk, added=()), stays)
        case _:
            return Answer(talk, deeds=(ShowVisit(complaint),))


def _leave(talk: Talk, *, instead: bool) -> Answer:
    left = replace(talk, visit=None, album=None, added=())
    return _tell(left, Sentence("left", choices=_clearing(left), instead=instead), *_card_if_any(left))


def _came_of_traces(talk: Talk, outcome: TakenOut | AddedWithTraces) -> Answer:
    if isinstance(outcome, AddedWithTraces):
        said = Sentence(outcome.outcome.value, choices=_back_to(talk))
        if talk.visit is None:
            return _tell(talk, said)
        waiting = replace(talk, added=(*talk.added, outcome.message_id))
        return _tell(waiting, said, TracesAdded(talk.visit, outcome.traces))
    if talk.draft is None or not outcome.texts:
        return _tell(talk, Sentence("traces_taken_out", choices=_back_to(talk), instead=True))
    draft = talk.draft
    for source, text in outcome.texts:
        draft = edited(draft, source, text)
    return _changed(talk, draft)


def _came_of_it(talk: Talk, outcome: Submitted | Found | Outcome | Withdrawal) -> Answer:
    match outcome:
        case Submitted(submission=submission) if talk.draft is not None:
            sent = replace(talk, draft=None, album=None)
            return _tell(sent, ReceiptShown(submission, talk.draft.place, talk.trail))
        case Found(visit=visit, instead=instead):
            added = talk.added if talk.visit == visit.complaint_id else ()
            visiting = replace(talk, visit=visit.complaint_id, album=None, added=added)
            return _tell(visiting, VisitShown(visit, draft_waits=_has_pieces(talk), instead=instead))
        case Outcome.VISIT_GONE:
            return _tell(replace(talk, visit=None), Sentence("visit_gone"), *_card_if_any(replace(talk, visit=None)))
        case Outcome.NO_SUCH_RECEIPT | Outcome.TOO_MANY_WRONG | Outcome.TOO_MANY_SENT:
            return _tell(talk, Sentence(outcome.value), *_card_if_any(talk))
        case Outcome.SOLVED | Outcome.REOPENED if talk.visit is not None:
            faces = tuple(Choice(f"face_{face}", "rate", talk.visit, str(face)) for face in (3, 2, 1))
            rows = (faces,) if outcome is Outcome.SOLVED else ()
            return _tell(talk, Sentence(outcome.value, choices=rows))
        case Withdrawal.ERASED:
            left = replace(talk, visit=None, album=None)
            erased = Sentence("withdrawal_erased", choices=_clearing(left), instead=True)
            return _tell(left, erased, *_card_if_any(left))
        case Withdrawal():
            return _tell(talk, Sentence(f"withdrawal_{outcome}", choices=_back_to(talk), instead=True))
        case Outcome():
            return _tell(talk, Sentence(outcome.value, choices=_back_to(talk)))
        case _:
            return _tell(talk, Sentence("old_card"))


# ---- what is said again and again

_HAVE_CODE: Choices = ((Choice("have_code", "have_code"),),)
_KEPT: Choices = ((Choice("kept", "kept"),),)
_WELCOME: Choices = ((Choice("protection", "protection"), Choice("have_code", "have_code")),)
_LANGUAGES = tuple(Choice(f"lang_{language}", "lang", arg=language) for language in LANGUAGES)


def _tell(talk: Talk, *replies: Reply) -> Answer:
    return Answer(talk, replies)


def _has_pieces(talk: Talk) -> bool:
    return talk.draft is not None and bool(talk.draft.pieces)


def _card_if_any(talk: Talk) -> tuple[Reply, ...]:
    """Return the card of a draft that waits, so that nobody wonders whether it is lost."""
    return (Card(talk.draft),) if talk.draft is not None and talk.draft.pieces else ()


def _what_now(talk: Talk) -> tuple[Reply, ...]:
    if talk.is_over:
        return (Sentence("not_scanned", choices=_HAVE_CODE),)
    return _card_if_any(talk)


def _back_to(talk: Talk) -> Choices:
    if talk.visit is None:
        return ()
    return ((Choice("back_to_visit", "visit", talk.visit), Choice("leave", "leave", talk.visit)),)


def _emptied(talk: Talk) -> Talk:
    """Return a talk in which nothing goes on; what lies in the chat can still be cleared."""
    return Talk(trail=talk.trail)


def _clearing(talk: Talk) -> Choices:
    """Return the offer to clear a chat in which nothing goes on any more."""
    return ((Choice("clear", "clear", talk.trail),),) if talk.trail and talk.is_over else ()


def _sure_to_clear(trail: str) -> Sentence:
    later = tuple(Choice(f"clear_in_{hours}", "clear_in", trail, str(hours)) for hours in CLEAR_AFTER_HOURS)
    choices = ((Choice("clear_now", "clear_now", trail),), later, (Choice("clear_not", "clear_not", trail),))
    return Sentence("sure_to_clear", choices=choices)


def _sure_to_discard(draft: Draft, *, instead: bool) -> Sentence:
    choices = ((Choice("discard_yes", "discard_yes", draft.mark), Choice("keep_it", "card", draft.mark)),)
    return Sentence("sure_to_discard", choices=choices, instead=instead)
