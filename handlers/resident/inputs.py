"""What a resident says, shows and changes: taken into the complaint that is visited, or into the draft."""

from dataclasses import replace

from handlers.resident.messages import (
    AddToComplaint,
    Answer,
    Choice,
    DraftPreview,
    KeepPiece,
    LookUp,
    Offered,
    OfferKind,
    Pressed,
    ReplacePiece,
    Said,
    Sentence,
    Unfit,
    UnfitKind,
)
from handlers.resident.replies import HAVE_CODE, card_if_any, tell, what_now
from media.kinds import Cleaned
from privacy.receipt import Receipt, Slip, is_alone, meant_as_code, read_receipt, receipt_within
from services.intake.abuse import asks_who_reported
from services.intake.drafts import MOST_PIECES, ConversationState, Draft, Piece, edited
from services.sealed_messages import kind_of

_MARKS = " \n.。!！"
# What somebody types who has not seen the button; it would be a strange thing to send.
_MEANS_SEND = frozenset(
    {"发送", "發送", "发出去", "發出去", "发吧", "發吧", "提交", "好了", "可以了", "send", "done", "submit"}
)


def take_text(talk: ConversationState, said: Said) -> Answer:
    """Take a text: a receipt code, a question that has one answer for all, or a piece of what is said."""
    code = read_receipt(said.text)
    if code is None and talk.is_over:
        code = receipt_within(said.text)
    if isinstance(code, Receipt):
        more = () if is_alone(said.text) else (Sentence("only_code_read"),)
        return Answer(talk, more, (LookUp(code),))
    if talk.is_over and asks_who_reported(said.text):
        return tell(talk, Sentence("nobody_knows_who"))
    if isinstance(code, Slip) and talk.is_over:
        values = (("position", code.position),) if code.position else ()
        return tell(talk, Sentence(f"slip_{code.kind}", values))
    if talk.draft is not None and talk.draft.pieces and said.text.strip(_MARKS).lower() in _MEANS_SEND:
        return tell(talk, Sentence("press_send"), DraftPreview(talk.draft))
    return take_piece(talk, said.text, said.source, None, None)


def take_piece(
    talk: ConversationState, text: str, source: str, attachment: Cleaned | None, album: str | None
) -> Answer:
    """Take a piece; where a code went wrong in its words, they are taken only when their writer says so."""
    if not isinstance(meant_as_code(text), Slip):
        return _take(talk, text, source, attachment, album)
    if attachment is None:
        return _warn_of_slip(talk, text, source)
    taken = _take(talk, "", source, attachment, album)
    if not taken.actions:
        return taken
    asked = _warn_of_slip(taken.talk, text, source)
    return replace(taken, talk=asked.talk, replies=(*taken.replies, *asked.replies))


def _warn_of_slip(talk: ConversationState, text: str, source: str) -> Answer:
    return warn_of_offer(talk, Offered(OfferKind.SLIP, text, source))


def _take(talk: ConversationState, text: str, source: str, attachment: Cleaned | None, album: str | None) -> Answer:
    """Take a piece into the complaint that is being visited, else into the draft, else say what to do first."""
    answered_already = album is not None and album == talk.album
    after = replace(talk, album=album)
    told = () if attachment is None or attachment.is_whole else (Sentence("kept_in_part"),)
    if talk.visit is not None:
        return Answer(after, told, (AddToComplaint(talk.visit, text, attachment, quietly=answered_already),))
    draft = talk.draft
    if draft is None:
        return tell(talk, Sentence("not_scanned", choices=HAVE_CODE))
    if draft.is_full:
        return _full(talk, draft)
    grown = replace(draft, pieces=(*draft.pieces, Piece(source, kind_of(attachment), text)))
    cards = () if answered_already else (DraftPreview(grown, growing=album is not None),)
    return Answer(replace(after, draft=grown), (*told, *cards), (KeepPiece(source, text, attachment),))


def warn_of_offer(talk: ConversationState, offer: Offered) -> Answer:
    """Warn first: a card tells of its owner, and a place of whoever stands there."""
    if talk.is_over:
        return tell(talk, Sentence("not_scanned", choices=HAVE_CODE))
    choices = ((Choice("take", "take", offer.source), Choice("leave_out", "leave_out", offer.source)),)
    asked = Sentence(f"offered_{offer.kind}", (("text", offer.text),), choices)
    return tell(replace(talk, offered=(offer.source, offer.text)), asked)


def settle_offer(talk: ConversationState, pressed: Pressed) -> Answer:
    """Take what was warned of, or leave it out."""
    if talk.offered is None or talk.offered[0] != pressed.subject:
        return tell(talk, Sentence("old_button"), *card_if_any(talk))
    source, text = talk.offered
    without = replace(talk, offered=None)
    if pressed.action == "leave_out":
        return tell(without, Sentence("left_out", instead=True), *card_if_any(without))
    if without.draft is not None and without.draft.holds(source):  # of a file that was taken, or of an edit
        return _change(without, without.draft, source, text)
    return _take(without, text, source, None, None)


def could_not_take(talk: ConversationState, unfit: Unfit) -> Answer:
    """Say what to do instead of a file that cannot be taken; its words are kept."""
    refusal = Sentence(f"unfit_{unfit.kind}")
    if not unfit.caption or talk.is_over:
        return tell(talk, refusal, *what_now(talk))
    heard = take_piece(talk, unfit.caption, unfit.source, None, None)
    kept = (Sentence("unfit_words_kept"),) if heard.actions else ()
    return replace(heard, replies=(refusal, *kept, *heard.replies))


def was_not_awaited(talk: ConversationState) -> Answer:
    """Say why a file was not even fetched."""
    if talk.draft is not None and talk.draft.is_full:
        return _full(talk, talk.draft)
    if talk.is_over:
        return tell(talk, Sentence("not_scanned", choices=HAVE_CODE))
    return tell(talk, Sentence(f"unfit_{UnfitKind.DAMAGED}"), *card_if_any(talk))  # begun meanwhile: once more


def _full(talk: ConversationState, draft: Draft) -> Answer:
    return tell(talk, Sentence("full", (("most", MOST_PIECES),)), DraftPreview(draft))


def take_edit(talk: ConversationState, source: str, text: str) -> Answer:
    """Put new words in place of what a message of the draft said."""
    draft = talk.draft
    if draft is None or not draft.holds(source):
        return tell(talk, Sentence("edit_too_late"), *card_if_any(talk))
    if isinstance(meant_as_code(text), Slip):
        return _warn_of_slip(talk, text, source)
    return _change(talk, draft, source, text)


def _change(talk: ConversationState, draft: Draft, source: str, text: str) -> Answer:
    changed = edited(draft, source, text)
    return Answer(
        replace(talk, draft=changed), (Sentence("edit_taken"), DraftPreview(changed)), (ReplacePiece(source, text),)
    )
