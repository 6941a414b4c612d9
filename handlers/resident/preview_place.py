"""Where the preview of a draft comes to stand: changed in place while it can be seen, else once more at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.resident.messages import (
    DeletePressed,
    DraftPreview,
    Edited,
    FileSent,
    Incoming,
    Pressed,
    ReceiptMessage,
    Reply,
    SendReceiptPicture,
    TextSent,
)
from services.delivery.transport import Capabilities
from services.intake.drafts import ConversationState
from services.outbox import PreviewPlace

# With that many lines below it, the button that sends can still be seen on a small phone.
MOST_BELOW = 10
_SIGNS_IN_LINE = 16  # of a bubble
_LINES_OF_FILE = 8
_FAR_BELOW = MOST_BELOW + 1  # something else was said after it


def place_previews(
    before: ConversationState,
    after: ConversationState,
    incoming: Incoming,
    replies: Sequence[Reply],
    capabilities: Capabilities,
) -> tuple[ConversationState, tuple[Reply, ...]]:
    """Return the state and the replies to what came in, each preview with its place."""
    below = before.below if _has_same_draft(before, after) or _ends_with_receipt(replies) else None
    if below is not None:
        below += 0 if _is_of_running_album(before, incoming) else _lines_of(incoming)
    placed: list[Reply] = []
    for reply in replies:
        is_in_place = isinstance(incoming, Pressed) and not isinstance(reply, ReceiptMessage) and _is_in_place(reply)
        if isinstance(reply, DraftPreview) and not is_in_place:
            if _is_of_running_album(before, incoming) and not capabilities.editing:
                continue
            place = _place(below, capabilities)
            placed.append(replace(reply, place=place))
            below = below if place is PreviewPlace.IN_PLACE else 0
            continue
        if isinstance(reply, ReceiptMessage):
            placed += _receipt(reply, below, capabilities)
            continue
        if not is_in_place and below is not None:
            below = _FAR_BELOW
        placed.append(reply)
    return replace(after, below=below if after.draft is not None else None), tuple(placed)


def _place(below: int | None, capabilities: Capabilities) -> PreviewPlace:
    if below is None:
        return PreviewPlace.FIRST
    return PreviewPlace.IN_PLACE if below <= MOST_BELOW and capabilities.editing else PreviewPlace.AT_END


def _receipt(reply: ReceiptMessage, below: int | None, capabilities: Capabilities) -> Iterator[Reply]:
    """Yield the receipt in place of the preview that was pressed, if that comes last, else at the end without it."""
    if below == 0 and capabilities.editing:
        yield replace(reply, in_place=True)
        return
    yield reply
    if capabilities.deletion:
        yield DeletePressed()


def _has_same_draft(before: ConversationState, after: ConversationState) -> bool:
    return before.draft is not None and after.draft is not None and before.draft.draft_id == after.draft.draft_id


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
