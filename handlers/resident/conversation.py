"""The resident's conversation: where we are and what came in, to where we are then, what to say and what to do.

Pure and free of any channel: no clock, no database, no messenger. What an action brings comes in again as an outcome.
"""

from collections.abc import Collection
from dataclasses import replace

from handlers.resident.buttons import take_press
from handlers.resident.inputs import could_not_take, take_edit, take_piece, take_text, warn_of_offer, was_not_awaited
from handlers.resident.messages import (
    AddedWithTraces,
    Answer,
    Choice,
    Discard,
    DraftPreview,
    Edited,
    ForgetChat,
    Found,
    Greeting,
    Incoming,
    NotAwaited,
    Offered,
    Outcome,
    Pressed,
    ReceiptShown,
    Said,
    Scanned,
    Sentence,
    Showed,
    Submitted,
    TakenOut,
    TracesAdded,
    Unfit,
    VisitShown,
    WhatIsKept,
    Wish,
)
from handlers.resident.replies import (
    HAVE_CODE,
    LANGUAGE_ROW,
    WELCOME,
    back_to,
    card_if_any,
    clearable,
    clearing,
    emptied,
    has_pieces,
    leave_visit,
    show_changed,
    sure_to_clear,
    sure_to_discard,
    tell,
)
from services.intake.drafts import ConversationState, Draft, edited
from services.intake.place import Shut, ShutBecause
from services.intake.visit import Withdrawal


def step(talk: ConversationState, incoming: Incoming, categories: Collection[str]) -> Answer:
    """Return the answer to what came in. `categories` are the codes that the county knows."""
    answer = _answered(talk, incoming, categories)
    return clearable(answer) if talk.is_over and answer.talk.is_over else answer


def _answered(talk: ConversationState, incoming: Incoming, categories: Collection[str]) -> Answer:
    match incoming:
        case Scanned():
            return _scanned(talk, incoming)
        case Said():
            return take_text(talk, incoming)
        case Showed():
            return take_piece(talk, incoming.caption, incoming.source, incoming.attachment, incoming.album)
        case Edited(source=source, text=text):
            return take_edit(talk, source, text)
        case Offered():
            return warn_of_offer(talk, incoming)
        case Unfit():
            return could_not_take(talk, incoming)
        case NotAwaited():
            return was_not_awaited(talk)
        case Wish():
            return _wished(talk, incoming)
        case TakenOut() | AddedWithTraces():
            return _came_of_traces(talk, incoming)
        case Pressed():
            return take_press(talk, incoming, categories)
        case _:
            return _came_of_it(talk, incoming)


def _scanned(talk: ConversationState, scanned: Scanned) -> Answer:
    place = scanned.found
    if isinstance(place, Shut):
        values = (("day", place.opens_on),) if place.opens_on else ()
        choices = WELCOME if place.because is ShutBecause.NO_CODE else HAVE_CODE
        sentence = Sentence(f"shut_{place.because}", values, choices, doors=place.doors)
        return tell(talk, sentence, *card_if_any(talk))
    talk = replace(talk, visit=None, album=None, added=())
    draft = talk.draft
    if draft is None or not draft.pieces:
        fresh = Draft(mark=scanned.mark, place=place)
        return tell(replace(talk, draft=fresh), Greeting(place))
    if draft.place.round_id != place.round_id:  # what was said is sealed to the other round
        return tell(talk, Sentence("finish_other_first"), DraftPreview(draft))
    moved = replace(draft, place=place)
    key = "draft_continues" if moved.place == draft.place else "draft_moved"
    return tell(replace(talk, draft=moved), Sentence(key), DraftPreview(moved))


def _wished(talk: ConversationState, wish: Wish) -> Answer:
    match wish:
        case Wish.HELP:
            return tell(talk, Sentence("help", choices=WELCOME), *card_if_any(talk))
        case Wish.PRIVACY:
            return tell(talk, Sentence("protection"), WhatIsKept())
        case Wish.LANGUAGE:
            return tell(talk, Sentence("choose_language", choices=(LANGUAGE_ROW,)))
        case Wish.CANCEL if talk.visit is not None:
            return leave_visit(talk, instead=False)
        case Wish.CANCEL if talk.draft is not None and talk.draft.pieces:
            return tell(talk, sure_to_discard(talk.draft, instead=False))
        case Wish.CANCEL if talk.is_over:
            return tell(talk, Sentence("nothing_to_cancel"))
        case Wish.CANCEL:
            return tell(emptied(talk), Sentence("discarded", choices=clearing(emptied(talk))))
        case Wish.FORGET:
            discard = (Discard(talk.draft),) if talk.draft else ()
            told = Sentence("forgotten", choices=clearing(emptied(talk)))
            return Answer(emptied(talk), (told,), (*discard, ForgetChat()))
        case Wish.CLEAR if talk.is_over:
            return tell(talk, Sentence("nothing_to_clear", choices=clearing(talk)))
        case Wish.CLEAR:
            return tell(talk, sure_to_clear(talk.trail))


def _came_of_traces(talk: ConversationState, outcome: TakenOut | AddedWithTraces) -> Answer:
    if isinstance(outcome, AddedWithTraces):
        said = Sentence(outcome.outcome.value, choices=back_to(talk))
        if talk.visit is None:
            return tell(talk, said)
        waiting = replace(talk, added=(*talk.added, outcome.message_id))
        return tell(waiting, said, TracesAdded(talk.visit, outcome.traces))
    if talk.draft is None or not outcome.texts:
        return tell(talk, Sentence("traces_taken_out", choices=back_to(talk), instead=True))
    draft = talk.draft
    for source, text in outcome.texts:
        draft = edited(draft, source, text)
    return show_changed(talk, draft)


def _came_of_it(talk: ConversationState, outcome: Submitted | Found | Outcome | Withdrawal) -> Answer:
    match outcome:
        case Submitted(submission=submission) if talk.draft is not None:
            # A visit that went on would keep the trail of what was sent.
            sent = replace(talk, draft=None, visit=None, album=None, added=())
            return tell(sent, ReceiptShown(submission, talk.draft.place, talk.trail))
        case Found(visit=visit, instead=instead):
            added = talk.added if talk.visit == visit.complaint_id else ()
            visiting = replace(talk, visit=visit.complaint_id, album=None, added=added)
            return tell(visiting, VisitShown(visit, draft_waits=has_pieces(talk), instead=instead))
        case Outcome.VISIT_GONE:
            return tell(replace(talk, visit=None), Sentence("visit_gone"), *card_if_any(replace(talk, visit=None)))
        case Outcome.NO_SUCH_RECEIPT | Outcome.TOO_MANY_WRONG | Outcome.TOO_MANY_SENT:
            return tell(talk, Sentence(outcome.value), *card_if_any(talk))
        case Outcome.SOLVED | Outcome.REOPENED if talk.visit is not None:
            faces = tuple(Choice(f"face_{face}", "rate", talk.visit, str(face)) for face in (3, 2, 1))
            rows = (faces,) if outcome is Outcome.SOLVED else ()
            return tell(talk, Sentence(outcome.value, choices=rows))
        case Withdrawal.ERASED:
            left = replace(talk, visit=None, album=None)
            erased = Sentence("withdrawal_erased", choices=clearing(left), instead=True)
            return tell(left, erased, *card_if_any(left))
        case Withdrawal():
            return tell(talk, Sentence(f"withdrawal_{outcome}", choices=back_to(talk), instead=True))
        case Outcome():
            return tell(talk, Sentence(outcome.value, choices=back_to(talk)))
        case _:
            return tell(talk, Sentence("old_card"))
