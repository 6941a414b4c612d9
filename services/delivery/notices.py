"""What is said in a resident's chat when it is sent."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class ChatCleared(Notice, kind="clear"):
    """The chat was cleared of the messages noted on a trail; said only when it was not done quietly."""

    trail: str
    language: str
    draft_waits: bool
    quietly: bool


@dataclass(frozen=True)
class ReceiptPicture(Notice, kind="receipt_picture"):
    """A receipt code as a picture."""

    receipt: str
    language: str
