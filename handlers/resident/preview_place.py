"""Where a preview of what is not sent yet comes to stand: changed in place while it can be seen, else at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.resident.buttons import ADDITION_ACTIONS
from handlers.resident.messages import (
    AdditionPreview,
    DeletePressed,
    DraftPreview,
    Edited,
    FileSent,
    Incoming,
    Pressed,
    ReceiptMessage,
    Reply,
    SendReceiptPicture,
    Sentence,
    TextSent,
)
from services.delivery.transport import Capabilities
from services.intake.drafts import ConversationState
from services.outbox import PreviewPlace

# With that many lines below it, the button that sends can still be seen on a small phone.
MOST_BELOW = 7
# And so can the telephone numbers above that button, in a crisis.
MOST_BELOW_IN_CRISIS = 3
_SIGNS_IN_LINE = 16  # of a bubble
_LINES_OF_FILE = 7
_FAR_BELOW = MOST_BELOW + 1  # something else was said after it


def place_previews(
    before: ConversationState,
    after: ConversationState,
    incoming: Incoming,
    replies: Sequence[Reply],
    capabilities: Capabilities,
) -> tuple[ConversationState, tuple[Reply, ...]]:
    """Return the state and the replies to what came in, each preview with its place.

    There are two kinds, of a draft and of what is to be added to a complaint; each kind is counted by itself.
    """
    is_running_album = _is_of_running_album(before, incoming)
    lines = 0 if is_running_album else _lines_of(incoming)
    below = {
        DraftPreview: before.below if _has_same_draft(before, after) or _ends_with_receipt(replies) else None,
        AdditionPreview: before.below_addition if _has_same_addition(before, after) else None,
    }
    below = {kind: None if count is None else count + lines for kind, count in below.items()}
    placed: list[Reply] = []
    for reply in replies:
        is_in_place = isinstance(incoming, Pressed) and not isinstance(reply, ReceiptMessage) and _is_in_place(reply)
        if isinstance(reply, DraftPreview | AdditionPreview) and not is_in_place:
            if is_running_album and not capabilities.editing:
                continue
            kind = type(reply)
            place = _place(below[kind], capabilities, most_below=_most_below(before, reply))
            placed.append(replace(reply, place=place))
            if place is not PreviewPlace.IN_PLACE:
                below = {other: None if count is None else _FAR_BELOW for other, count in below.items()} | {kind: 0}
            continue
        if isinstance(reply, ReceiptMessage):
            placed += _instead_of_preview(reply, below[DraftPreview], capabilities)
            continue
        if is_in_place and isinstance(reply, Sentence) and _is_pressed_on_addition(before, after, incoming):
            placed += _instead_of_preview(reply, before.below_addition, capabilities)
            continue
        if not is_in_place:
            below = {kind: None if count is None else _FAR_BELOW for kind, count in below.items()}
        placed.append(reply)
    counted = replace(
        after,
        below=below[DraftPreview] if after.draft is not None else None,
        below_addition=below[AdditionPreview] if after.addition is not None else None,
    )
    return counted, tuple(placed)


def _place(below: int | None, capabilities: Capabilities, *, most_below: int) -> PreviewPlace:
    if below is None:
        return PreviewPlace.FIRST
    return PreviewPlace.IN_PLACE if below <= most_below and capabilities.editing else PreviewPlace.AT_END


def _most_below(before: ConversationState, reply: DraftPreview | AdditionPreview) -> int:
    """Return how many lines may stand below a preview; one that tells of a new crisis is said anew, and so it rings."""
    if not isinstance(reply, DraftPreview) or not reply.draft.meaning.crises:
        return MOST_BELOW
    told = before.draft.meaning.crises if before.draft is not None else ()
    return MOST_BELOW_IN_CRISIS if set(reply.draft.meaning.crises) <= set(told) else -1


def _instead_of_preview(
    reply: ReceiptMessage | Sentence, below: int | None, capabilities: Capabilities
) -> Iterator[Reply]:
    """Yield what is said in place of the preview that was pressed, if that comes last, else at the end without it."""
    if below == 0 and capabilities.editing:
        yield replace(reply, in_place=True)
        return
    yield replace(reply, in_place=False)
    if capabilities.deletion:
        yield DeletePressed()


def _is_pressed_on_addition(before: ConversationState, after: ConversationState, incoming: Incoming) -> bool:
    """Whether a button of what was to be added has just brought it to its end."""
    is_pressed = isinstance(incoming, Pressed) and incoming.action in ADDITION_ACTIONS
    return is_pressed and before.addition is not None and after.addition is None


def _has_same_draft(before: ConversationState, after: ConversationState) -> bool:
    return before.draft is not None and after.draft is not None and before.draft.draft_id == after.draft.draft_id


def _has_same_addition(before: ConversationState, after: ConversationState) -> bool:
    if before.addition is None or after.addition is None:
        return False
    return before.addition.addition_id == after.addition.addition_id


def _ends_with_receipt(replies: Sequence[Reply]) -> bool:
    return any(isinstance(reply, ReceiptMessage) for reply in replies)


def _is_of_running_album(before: ConversationState, incoming: Incoming) -> bool:
    return isinstance(incoming, FileSent) and incoming.album is not None and incoming.album == before.album


def _is_in_place(reply: Reply) -> bool:
    return isinstance(reply, DeletePressed) or (not isinstance(reply, SendReceiptPicture) and reply.in_place)


def _lines_of(incoming: Incoming) -> int:
    """Return how many lines what came in takes in a chat, about."""
    match incoming:
        case TextSent(text=text):
            return sum(1 + len(line) // _SIGNS_IN_LINE for line in text.splitlines())
        case FileSent(album=str()):
            return _FAR_BELOW  # the rest of it is on its way
        case FileSent(caption=caption):
            return _LINES_OF_FILE + len(caption) // _SIGNS_IN_LINE
        case Pressed() | Edited():
            return 0
        case _:
            return 2
