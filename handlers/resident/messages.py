"""What passes between a resident and us, in either direction, free of any channel."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from media.kinds import Cleaned
from privacy.receipt import Receipt
from privacy.traces import TraceKind
from privacy.trail import Trail
from services.access.contacts import OfficeContacts
from services.intake.drafts import ConversationState, Draft
from services.intake.place import Place, Shut
from services.intake.submit import Submission
from services.intake.visit import Visit, Withdrawal

# ---- what comes in


@dataclass(frozen=True)
class Scanned:
    """A printed code was scanned, or the bot opened without one. `mark` is fresh, for the draft that may begin."""

    found: Place | Shut
    mark: str


@dataclass(frozen=True)
class Said:
    """A text message."""

    text: str
    source: str


@dataclass(frozen=True)
class Showed:
    """A file, re-made, with its caption; those of one album come one by one."""

    attachment: Cleaned
    caption: str
    source: str
    album: str | None = None


@dataclass(frozen=True)
class Edited:
    """An earlier message, or an earlier caption, now says something else."""

    source: str
    text: str


class UnfitKind(StrEnum):
    """What cannot be taken."""

    STICKER = "sticker"
    POLL = "poll"
    TOO_LARGE = "too_large"  # in bytes
    UNKNOWN_FORMAT = "unknown_format"
    OLD_OFFICE = "old_office"
    DAMAGED = "damaged"
    TOO_BIG = "too_big"  # too many pixels, pages or minutes
    PROTECTED = "protected"
    TOO_SLOW = "too_slow"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Unfit:
    """Something that cannot be taken; the words that came with it can be."""

    kind: UnfitKind
    caption: str = ""
    source: str = ""


@dataclass(frozen=True)
class NotAwaited:
    """A file that was not fetched: nobody waits for it here, or the draft is full."""


class OfferKind(StrEnum):
    """What says more than its sender may know."""

    CONTACT = "contact"
    LOCATION = "location"
    SLIP = "slip"  # a receipt code with a word gone wrong: whoever reads it would soon guess the right one


@dataclass(frozen=True)
class Offered:
    """Something that is taken, as words, only when its sender has been warned and still wants it."""

    kind: OfferKind
    text: str
    source: str


class Wish(StrEnum):
    """What somebody asks for by a command."""

    HELP = "help"
    PRIVACY = "privacy"
    LANGUAGE = "language"
    CANCEL = "cancel"
    FORGET = "forget"
    CLEAR = "clear"


@dataclass(frozen=True)
class Pressed:
    """A button. `subject` is the mark of a draft or the id of a complaint."""

    action: str
    subject: str = ""
    arg: str = ""


# ---- what came of an action


@dataclass(frozen=True)
class Submitted:
    """The draft was sent."""

    submission: Submission


@dataclass(frozen=True)
class TakenOut:
    """What leads to a person was taken out; `texts` are the new ones by their source, in the draft."""

    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AddedWithTraces:
    """What was added to a complaint holds something that leads to a person."""

    outcome: "Outcome"
    message_id: str
    traces: tuple[tuple[TraceKind, str], ...]  # each as it is written


@dataclass(frozen=True)
class Found:
    """A complaint was found, and the visit begins or goes on."""

    visit: Visit
    instead: bool = False


class Outcome(StrEnum):
    """What came of an action, where there is nothing more to know."""

    NO_SUCH_RECEIPT = "no_such_receipt"
    TOO_MANY_WRONG = "too_many_wrong"  # receipt codes, today
    TOO_MANY_SENT = "too_many_sent"  # complaints, today; the draft stays
    VISIT_GONE = "visit_gone"  # the complaint is there no more
    ADDED = "added"
    ANSWERED = "answered"
    NOT_ADDED_CLOSED = "not_added_closed"
    NOT_ADDED_FULL = "not_added_full"
    SOLVED = "solved"
    REOPENED = "reopened"
    CANNOT_REOPEN = "cannot_reopen"
    TOO_LATE = "too_late"
    RATED = "rated"
    TOLD_HERE = "told_here"
    NOT_TOLD_HERE = "not_told_here"


Incoming: TypeAlias = (
    Scanned
    | Said
    | Showed
    | Edited
    | Offered
    | Unfit
    | NotAwaited
    | Wish
    | Pressed
    | Submitted
    | TakenOut
    | AddedWithTraces
    | Found
    | Outcome
    | Withdrawal
)

# ---- what is said


@dataclass(frozen=True)
class Choice:
    """A button: its label is the sentence `resident.button_<label>`."""

    label: str
    action: str
    subject: str = ""
    arg: str = ""


Choices: TypeAlias = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True)
class Sentence:
    """The sentence `resident.<key>`, with what fills it. `instead`: in place of the message whose button was pressed.

    `doors`: followed by how else the office is reached.
    """

    key: str
    values: tuple[tuple[str, str | int], ...] = ()
    choices: Choices = ()
    doors: OfficeContacts | None = None
    instead: bool = False


@dataclass(frozen=True)
class Greeting:
    """Who listens, for which place, and what is protected."""

    place: Place
    instead: bool = False


@dataclass(frozen=True)
class WhatIsKept:
    """Everything that the schema keeps of a resident."""

    instead: bool = False


@dataclass(frozen=True)
class DraftPreview:
    """What was understood so far, and what can be done with it. `growing`: an album is still coming in."""

    draft: Draft
    growing: bool = False
    instead: bool = False


@dataclass(frozen=True)
class TracesAdded:
    """What of the message just added leads to a person."""

    complaint_id: str
    traces: tuple[tuple[TraceKind, str], ...]
    instead: bool = False


@dataclass(frozen=True)
class CategoryGrid:
    """All categories, to choose one for a draft."""

    draft: Draft
    instead: bool = True


@dataclass(frozen=True)
class ReceiptShown:
    """That the complaint has been sent, and the code by which one comes back."""

    submission: Submission
    place: Place
    trail: str
    instead: bool = False


@dataclass(frozen=True)
class ReceiptDrawn:
    """A receipt code as a picture to keep."""

    receipt: Receipt


@dataclass(frozen=True)
class Vanishes:
    """Nothing is said; the message whose button was pressed is taken away."""


@dataclass(frozen=True)
class VisitShown:
    """How a complaint stands, and what can be done about it."""

    visit: Visit
    draft_waits: bool
    instead: bool = False


Spoken: TypeAlias = (
    Sentence | WhatIsKept | Greeting | DraftPreview | TracesAdded | CategoryGrid | ReceiptShown | VisitShown
)
Reply: TypeAlias = Spoken | ReceiptDrawn | Vanishes

# ---- what is done


@dataclass(frozen=True)
class KeepPiece:
    """Keep a message as part of the draft."""

    source: str
    text: str
    attachment: Cleaned | None = None


@dataclass(frozen=True)
class ReplacePiece:
    """Put new words in place of what a message of the draft said."""

    source: str
    text: str


@dataclass(frozen=True)
class TakeTracesOut:
    """Take what leads to a person out of the draft."""

    draft: Draft


@dataclass(frozen=True)
class TakeTracesOutOfAdded:
    """Take what leads to a person out of messages that were added to a complaint."""

    complaint_id: str
    message_ids: tuple[str, ...]


@dataclass(frozen=True)
class Submit:
    """Send the draft."""

    draft: Draft


@dataclass(frozen=True)
class Discard:
    """Delete what the draft holds."""

    draft: Draft


@dataclass(frozen=True)
class ForgetChat:
    """Delete whatever ties the chat to us."""


@dataclass(frozen=True)
class ClearChat:
    """Delete the messages of a conversation on both sides, now or after some hours."""

    trail: Trail
    after_hours: int = 0


@dataclass(frozen=True)
class LookUp:
    """Find the complaint of a receipt code."""

    receipt: Receipt


@dataclass(frozen=True)
class ShowVisit:
    """Show again how the complaint stands."""

    complaint_id: str


@dataclass(frozen=True)
class AddToComplaint:
    """Add a message to a complaint that was sent earlier."""

    complaint_id: str
    text: str
    attachment: Cleaned | None = None
    quietly: bool = False  # the album it belongs to has been answered


@dataclass(frozen=True)
class Withdraw:
    """Take a complaint back."""

    complaint_id: str


@dataclass(frozen=True)
class Judge:
    """Say whether the answer solves it."""

    complaint_id: str
    solved: bool


@dataclass(frozen=True)
class Rate:
    """Say how content one is: 1 no, 2 so-so, 3 yes."""

    complaint_id: str
    satisfaction: int


@dataclass(frozen=True)
class TellHere:
    """Keep this chat as the reply address of a complaint, or forget it."""

    complaint_id: str
    wanted: bool


Effect: TypeAlias = (
    KeepPiece
    | ReplacePiece
    | TakeTracesOut
    | TakeTracesOutOfAdded
    | Submit
    | Discard
    | ForgetChat
    | ClearChat
    | LookUp
    | ShowVisit
    | AddToComplaint
    | Withdraw
    | Judge
    | Rate
    | TellHere
)


@dataclass(frozen=True)
class Answer:
    """Where the talk is then, what to say, what to do."""

    talk: ConversationState
    replies: tuple[Reply, ...] = ()
    actions: tuple[Effect, ...] = ()
