"""The types of the resident's conversation: what comes in, what is said and what is done; free of any channel."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from media.kinds import Cleaned
from privacy.receipt import Receipt
from privacy.traces import TraceKind
from privacy.trail import Trail
from services.access.contacts import OfficeContacts
from services.intake.additions import AdditionPromise
from services.intake.drafts import Addition, ConversationState, Draft
from services.intake.place import Place, Shut
from services.intake.route import Promise
from services.intake.submit import Submission
from services.intake.understanding import Crisis, TextKind
from services.intake.visit import Visit, Withdrawal
from services.outbox import PreviewPlace

# ---- what comes in


@dataclass(frozen=True)
class Scanned:
    """A printed code was scanned, or the bot opened without one. `draft_id` is fresh, for the draft that may begin."""

    found: Place | Shut
    draft_id: str


@dataclass(frozen=True)
class TextSent:
    """A text message, and what it is."""

    text: str
    source: str
    kind: TextKind = TextKind.COMPLAINT
    has_words: bool = True  # not emoji and punctuation alone
    is_crisis: bool = False
    points_elsewhere: bool = False  # at something in another chat, which nobody here can see


@dataclass(frozen=True)
class FileSent:
    """A file, re-made, with its caption; those of one album come one by one."""

    attachment: Cleaned
    caption: str
    source: str
    album: str | None = None


@dataclass(frozen=True)
class Edited:
    """What an earlier message is now: its text or caption, and its file, re-made; `unfit`: why that cannot be taken."""

    source: str
    text: str
    attachment: Cleaned | None = None
    unfit: "UnfitKind | None" = None
    has_file: bool = False  # whether it holds one, taken or not


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
class FileNotExpected:
    """A file that was not fetched: none is expected here, or the draft is full."""


class UnconfirmedKind(StrEnum):
    """What says more than its sender may know."""

    CONTACT = "contact"
    LOCATION = "location"
    LIVE_LOCATION = "live_location"
    MISTYPED_CODE = "slip"  # a receipt code with a word gone wrong: whoever reads it would soon guess the right one


@dataclass(frozen=True)
class Unconfirmed:
    """Something that is taken, as words, only when its sender has been warned and still wants it."""

    kind: UnconfirmedKind
    text: str
    source: str


class ResidentCommand(StrEnum):
    """What somebody asks for by a command."""

    HELP = "help"
    PRIVACY = "privacy"
    LANGUAGE = "language"
    CANCEL = "cancel"
    FORGET = "forget"
    CLEAR = "clear"


@dataclass(frozen=True)
class Pressed:
    """A button. `subject` is the id of a draft or the id of a complaint."""

    action: str
    subject: str = ""
    arg: str = ""


# ---- the outcomes of effects


@dataclass(frozen=True)
class Submitted:
    """The draft was sent."""

    submission: Submission


@dataclass(frozen=True)
class TracesRemoved:
    """What leads to a person was taken out; `texts` are the new ones by their source, in the draft."""

    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CodesRemoved:
    """Receipt codes that open a complaint were taken out of a draft; `texts` are the new ones by their source."""

    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AddedWithTraces:
    """What was added to a complaint holds something that leads to a person."""

    outcome: "EffectOutcome"
    message_id: str
    traces: tuple[tuple[TraceKind, str], ...]  # each as it is written


@dataclass(frozen=True)
class VisitFound:
    """A complaint was found, and the visit begins or goes on."""

    visit: Visit
    in_place: bool = False


class EffectOutcome(StrEnum):
    """The outcome of an effect that has no data of its own."""

    NO_SUCH_RECEIPT = "no_such_receipt"
    TOO_MANY_WRONG = "too_many_wrong"  # receipt codes, today
    TOO_MANY_SENT = "too_many_sent"  # complaints, today; the draft stays
    VISIT_GONE = "visit_gone"  # the complaint is there no more
    ADDED = "added"
    ADDED_IN_CRISIS = "added_in_crisis"  # and somebody is called
    ADDED_FOR_LEADER = "added_for_leader"  # and nobody else reads the case any more
    ADDED_FOR_DIRECTOR = "added_for_director"
    ANSWERED = "answered"
    SAY_MORE = "say_more"
    SAY_ANSWER = "say_answer"
    CLOSED_MEANWHILE = "closed_meanwhile"  # nobody works on it any more
    NOT_ADDED_CLOSED = "not_added_closed"
    NOT_ADDED_FULL = "not_added_full"
    SOLVED = "solved"
    REOPENED = "reopened"
    CANNOT_REOPEN = "cannot_reopen"
    OBJECTED = "objected"  # to a refusal
    OTHER_TEAM_ASKED_FOR = "other_team_asked_for"
    TOO_LATE = "too_late"
    RATED = "rated"
    REPLY_ADDRESS_KEPT = "reply_address_kept"
    REPLY_ADDRESS_FORGOTTEN = "reply_address_forgotten"


Incoming: TypeAlias = (
    Scanned
    | TextSent
    | FileSent
    | Edited
    | Unconfirmed
    | Unfit
    | FileNotExpected
    | ResidentCommand
    | Pressed
    | Submitted
    | TracesRemoved
    | CodesRemoved
    | AddedWithTraces
    | VisitFound
    | EffectOutcome
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
    is_on: bool | None = None  # of what is turned on and off


Choices: TypeAlias = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True)
class Sentence:
    """The sentence `resident.<key>`, with what fills it. `in_place`: in place of the message whose button was pressed.

    `contacts`: followed by how else the office is reached.
    """

    key: str
    values: tuple[tuple[str, str | int], ...] = ()
    choices: Choices = ()
    contacts: OfficeContacts | None = None
    in_place: bool = False


@dataclass(frozen=True)
class Greeting:
    """Who listens, for which place, and what is protected."""

    place: Place
    in_place: bool = False


@dataclass(frozen=True)
class PrivacyNotice:
    """The list of everything that the schema keeps of a resident."""

    in_place: bool = False


@dataclass(frozen=True)
class DraftPreview:
    """What was understood so far, and what can be done with it. `place`: where it stands, unless it is `in_place`."""

    draft: Draft
    in_place: bool = False
    promise: Promise | None = None  # once its texts are understood
    place: PreviewPlace = PreviewPlace.FIRST


@dataclass(frozen=True)
class AdditionPreview:
    """What is to be added to the complaint that is visited, and who will read it. `place`: as of a DraftPreview."""

    complaint_id: str
    addition: Addition
    in_place: bool = False
    promised: AdditionPromise | None = None  # once its texts are understood
    place: PreviewPlace = PreviewPlace.FIRST


@dataclass(frozen=True)
class AddedTraces:
    """What of the message just added leads to a person."""

    complaint_id: str
    traces: tuple[tuple[TraceKind, str], ...]
    in_place: bool = False


@dataclass(frozen=True)
class CrisisHelp:
    """Whom to call in a crisis, where no preview of a draft says it."""

    crises: tuple[Crisis, ...]
    in_place: bool = False


@dataclass(frozen=True)
class CategoryGrid:
    """All categories, to choose one for a draft."""

    draft: Draft
    in_place: bool = True


@dataclass(frozen=True)
class ReceiptMessage:
    """That the complaint has been sent, and the code by which one comes back."""

    submission: Submission
    place: Place
    trail: str
    in_place: bool = False


@dataclass(frozen=True)
class SendReceiptPicture:
    """A receipt code as a picture to keep."""

    receipt: Receipt


@dataclass(frozen=True)
class DeletePressed:
    """Nothing is said; the message whose button was pressed is deleted."""


@dataclass(frozen=True)
class VisitSummary:
    """How a complaint stands, and what can be done about it."""

    visit: Visit
    draft_waits: bool
    in_place: bool = False
    offered: str | None = None  # the source of what can be added to it by a press


TextReply: TypeAlias = (
    Sentence
    | PrivacyNotice
    | Greeting
    | DraftPreview
    | AdditionPreview
    | AddedTraces
    | CrisisHelp
    | CategoryGrid
    | ReceiptMessage
    | VisitSummary
)
Reply: TypeAlias = TextReply | SendReceiptPicture | DeletePressed

# ---- what is done


@dataclass(frozen=True)
class StorePiece:
    """Keep a message as part of the draft."""

    source: str
    text: str
    attachment: Cleaned | None = None


@dataclass(frozen=True)
class ReplacePiece:
    """Put new words in place of what a message of the draft said, and the file it has now in place of the other."""

    source: str
    text: str
    attachment: Cleaned | None = None


@dataclass(frozen=True)
class DropPiece:
    """Take a message out of the draft again."""

    source: str


@dataclass(frozen=True)
class RemoveTraces:
    """Take what leads to a person out of the draft; `self_descriptions`: what does so by what it means."""

    draft: Draft
    self_descriptions: bool = False


@dataclass(frozen=True)
class RemoveAddedTraces:
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
    addition: Addition
    attachment: Cleaned | None = None
    without_reply: bool = False  # the album it belongs to has been answered


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
class AskWhatToAdd:
    """Ask what is to be added to the complaint, if somebody still works on it."""

    complaint_id: str
    is_answer: bool


@dataclass(frozen=True)
class AskForOtherTeam:
    """Ask that a team that is not from there has the complaint."""

    complaint_id: str


@dataclass(frozen=True)
class ObjectToRefusal:
    """Have it looked at anew why a complaint is not accepted."""

    complaint_id: str


@dataclass(frozen=True)
class Rate:
    """Say how content one is: 1 no, 2 so-so, 3 yes."""

    complaint_id: str
    satisfaction: int


@dataclass(frozen=True)
class SetReplyAddress:
    """Keep this chat as the reply address of a complaint, or forget it."""

    complaint_id: str
    wanted: bool


Effect: TypeAlias = (
    StorePiece
    | ReplacePiece
    | DropPiece
    | RemoveTraces
    | RemoveAddedTraces
    | Submit
    | Discard
    | ForgetChat
    | ClearChat
    | LookUp
    | ShowVisit
    | AskWhatToAdd
    | AddToComplaint
    | Withdraw
    | Judge
    | ObjectToRefusal
    | AskForOtherTeam
    | Rate
    | SetReplyAddress
)


@dataclass(frozen=True)
class ConversationResult:
    """What follows from an input: the next state of the conversation, what to say, and what to do."""

    state: ConversationState
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
