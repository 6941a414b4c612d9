"""What is said again and again in a resident's conversation, and the choices that come with it."""

from dataclasses import replace

from handlers.resident.messages import Answer, Choice, Choices, DraftPreview, Reply, Sentence, UnfitKind
from privacy.receipt import SlipKind
from services.intake.drafts import ConversationState, Draft
from texts.catalogue import LANGUAGES

HAVE_CODE: Choices = ((Choice("have_code", "have_code"),),)
KEPT: Choices = ((Choice("kept", "kept"),),)
WELCOME: Choices = ((Choice("protection", "protection"), Choice("have_code", "have_code")),)
LANGUAGE_ROW = tuple(Choice(f"lang_{language}", "lang", arg=language) for language in LANGUAGES)
CLEAR_AFTER_HOURS = (1, 8, 24)
# What is answered to something that may tell who somebody is, or most of a receipt code.
_TO_WHAT_TELLS = frozenset(
    {
        "not_scanned",
        "nobody_knows_who",
        "no_such_receipt",
        "too_many_wrong",
        "edit_too_late",
        "old_button",
        "old_card",
        *(f"slip_{kind}" for kind in SlipKind),
        *(f"unfit_{kind}" for kind in UnfitKind),
    }
)


def tell(talk: ConversationState, *replies: Reply) -> Answer:
    """Answer with some replies, and do nothing."""
    return Answer(talk, replies)


def has_pieces(talk: ConversationState) -> bool:
    """Whether something was said that is not sent yet."""
    return talk.draft is not None and bool(talk.draft.pieces)


def card_if_any(talk: ConversationState) -> tuple[Reply, ...]:
    """Return the card of a draft that waits, so that nobody wonders whether it is lost."""
    return (DraftPreview(talk.draft),) if talk.draft is not None and talk.draft.pieces else ()


def what_now(talk: ConversationState) -> tuple[Reply, ...]:
    """Return what somebody may do next: scan a code, or go on with the draft."""
    if talk.is_over:
        return (Sentence("not_scanned", choices=HAVE_CODE),)
    return card_if_any(talk)


def back_to(talk: ConversationState) -> Choices:
    """Return the ways back to the visit, where there is one."""
    if talk.visit is None:
        return ()
    return ((Choice("back_to_visit", "visit", talk.visit), Choice("leave", "leave", talk.visit)),)


def emptied(talk: ConversationState) -> ConversationState:
    """Return a talk in which nothing goes on; what lies in the chat can still be cleared."""
    return ConversationState(trail=talk.trail)


def clearing(talk: ConversationState) -> Choices:
    """Return the offer to clear a chat in which nothing goes on any more."""
    return ((Choice("clear", "clear", talk.trail),),) if talk.trail and talk.is_over else ()


def clearable(answer: Answer) -> Answer:
    """Offer to clear what was said while nothing went on, where it may tell something: many type before they scan."""
    *others, last = answer.replies or (None,)
    if not isinstance(last, Sentence) or last.key not in _TO_WHAT_TELLS:
        return answer
    offering = replace(last, choices=(*last.choices, *clearing(answer.talk)))
    return replace(answer, replies=(*others, offering))


def sure_to_clear(trail: str) -> Sentence:
    """Ask before a chat is cleared: the receipt code goes too."""
    later = tuple(Choice(f"clear_in_{hours}", "clear_in", trail, str(hours)) for hours in CLEAR_AFTER_HOURS)
    choices = ((Choice("clear_now", "clear_now", trail),), later, (Choice("clear_not", "clear_not", trail),))
    return Sentence("sure_to_clear", choices=choices)


def sure_to_discard(draft: Draft, *, instead: bool) -> Sentence:
    """Ask before a draft is deleted."""
    choices = ((Choice("discard_yes", "discard_yes", draft.mark), Choice("keep_it", "card", draft.mark)),)
    return Sentence("sure_to_discard", choices=choices, instead=instead)


def leave_visit(talk: ConversationState, *, instead: bool) -> Answer:
    """End a visit."""
    left = replace(talk, visit=None, album=None, added=())
    return tell(left, Sentence("left", choices=clearing(left), instead=instead), *card_if_any(left))


def show_changed(talk: ConversationState, draft: Draft) -> Answer:
    """Go on with a changed draft, and show its card in place."""
    return tell(replace(talk, draft=draft), DraftPreview(draft, instead=True))
