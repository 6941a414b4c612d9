"""The audit log: who on the staff did what, each entry chained to the one before it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DDL, JSON, String, event
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import Base, UtcDateTime


class Audited(StrEnum):
    """What is written down."""

    OPENED = "opened"  # the text of a case
    SEARCHED = "searched"  # the words of cases, for words that nobody notes
    UNMASKED = "unmasked"
    TRACE_REPEATED = "trace_repeated"  # words of the staff held what leads to a reporter, and so told what it is
    ORDER_TRIED = "order_tried"  # one more look at an order than anybody needs
    TRANSFERRED = "transferred"
    UNIT_SET = "unit_set"  # of a case
    CATEGORY_SET = "category_set"
    GIVEN = "given"  # a case, to somebody to work on it
    GIVEN_BACK = "given_back"
    NOTE_WRITTEN = "note_written"  # for colleagues, about a case
    ENTERED = "entered"  # a case that came by another door
    TALK_KEPT = "talk_kept"  # the record of a talk with one person
    TALK_READ = "talk_read"
    SUMMARISED = "summarised"  # a case about a head, in the leader's words
    HEAD_FILE_COMPILED = "head_file_compiled"  # of these summaries; the subject is the unit's head
    SPLIT = "split"  # a case, into two
    COMPARED = "compared"  # what was said in a case, with another: the subject
    MERGED = "merged"  # a case; the subject is the one that it was joined with
    TAKEN_APART = "taken_apart"  # a case; the subject is the one that it had been joined with
    BRIEF_WRITTEN = "brief_written"  # about a cluster: the subject
    BRIEF_MOVED = "brief_moved"  # the subject is the brief
    BRIEF_PRINTED = "brief_printed"  # the subject is the brief
    KEPT_AS_HINT = "kept_as_hint"  # a case
    TAKEN_AS_THANKS = "taken_as_thanks"  # a case; the subject is the item that they praise
    REQUESTED = "requested"  # something of a department, which is the subject
    REQUEST_ENDED = "request_ended"  # answered or called off, as the detail says; the subject is the department
    LEVELLED_UP = "levelled_up"  # a case, to another team of the round; the subject is the team
    VILLAGE_LEVELLED_UP = "village_levelled_up"  # to another team of the round; the subject is the village in these two
    VILLAGE_PUT_BACK = "village_put_back"  # to the team of its unit
    PASSED_ON = "passed_on"  # a case, to a department; the subject is the department in these four
    SIGNED_FOR = "signed_for"
    TRANSFER_ENDED = "transfer_ended"  # sent back, taken back or answered, as the detail says
    TRANSFER_OPENED = "transfer_opened"
    REVISIT_BEGUN = "revisit_begun"  # with the seed of what was drawn
    REVISIT_JOINED = "revisit_joined"  # somebody, the group of a re-visit
    REVISIT_LEFT = "revisit_left"
    VISIT_PLANNED = "visit_planned"
    VISIT_CALLED_OFF = "visit_called_off"
    VISIT_RECORDED = "visit_recorded"
    SELF_CHECK_SENT = "self_check_sent"  # to units, of what was found at another
    COMMENT_ASKED = "comment_asked"  # of the heads of a unit, which is the subject, on a finding that is not issued yet
    COMMENT_SETTLED = "comment_settled"  # as the detail says; the subject is the unit
    FEEDBACK_RECORDED = "feedback_recorded"  # to a unit, which is the subject in these three
    FEEDBACK_SIGNED = "feedback_signed"
    FEEDBACK_TAKEN_BACK = "feedback_taken_back"
    PATTERN_DECIDED = "pattern_decided"  # confirmed or declined, as the detail says
    LETTER_APPROVED = "letter_approved"  # to a department, which is the subject in these
    LETTER_MOVED = "letter_moved"  # signed for, replied to or acted on, as the detail says
    LETTER_TAKEN = "letter_taken"  # as a file
    DRAW_LIST_TAKEN = "draw_list_taken"  # that a sample was drawn from, as a file; the subject is the round
    NOT_ACCEPTED = "not_accepted"  # a case, and the reporter told why not
    DISMISSAL_PROPOSED = "dismissal_proposed"
    DISMISSAL_DECLINED = "dismissal_declined"
    DISMISSED = "dismissed"
    DISMISSAL_UNDONE = "dismissal_undone"
    EXTENSION_ASKED = "extension_asked"  # more time for a case, by its owner
    EXTENSION_DECLINED = "extension_declined"
    EXTENDED = "extended"  # a case was given more time
    ESCALATED = "escalated"  # a case, to the head of the leading group
    INSTRUCTED = "instructed"  # what is to be done about a case, by the head of the leading group
    BRIEFED = "briefed"  # the office, by the leader of a team
    # a working paper on a finding; the subject is its item, or else it is the case because of which there is its draft
    WORKING_PAPER_ADDED = "working_paper_added"
    WORKING_PAPER_READ = "working_paper_read"
    WORKING_PAPER_TAKEN_OUT = "working_paper_taken_out"
    ITEM_ISSUED = "item_issued"  # the subject is the item, or else the case because of which it was
    CAMPAIGN_BEGUN = "campaign_begun"  # or gone on with; the subject is the campaign in both
    CAMPAIGN_CLOSED = "campaign_closed"
    HAND_DOWN_ENTERED = "hand_down_entered"  # the subject is what was handed down
    ITEMS_IMPORTED = "items_imported"  # the feedback list of a round, in the detail
    SETTINGS_CHANGED = "settings_changed"
    ROUND_TURNED = "round_turned"
    INVITED = "invited"
    ENROLLED = "enrolled"
    ADDRESS_ADDED = "address_added"  # where somebody on the staff is reached
    ADDRESS_DROPPED = "address_dropped"
    SIGNED_IN = "signed_in"  # on the pages
    CODE_REPLACED = "code_replaced"
    PRINTED = "printed"  # posters or codes, from the pages
    LEDGER_TAKEN = "ledger_taken"  # the cases of a round, as a file
    NAMES_IMPORTED = "names_imported"  # a list that a team compares with its cases
    NAMES_DELETED = "names_deleted"
    NAMES_COMPARED = "names_compared"  # a case, or the lists with one another
    PLACES_CHANGED = "places_changed"  # of a round that takes complaints, or their codes
    KEY_DESTROYED = "key_destroyed"
    APPROVAL_ASKED = "approval_asked"  # of what is to be made public of a round
    PUBLICATION_APPROVED = "publication_approved"
    PUBLICATION_SENT_BACK = "publication_sent_back"
    PUBLISHED = "published"
    PUBLICATION_WITHDRAWN = "publication_withdrawn"
    OBJECTION_SET_ASIDE = "objection_set_aside"  # to a result that was made public
    GRADES_COMPUTED = "grades_computed"  # of the units of a round
    GRADES_CONFIRMED = "grades_confirmed"
    GRADES_RECONSIDERED = "grades_reconsidered"
    GRADES_RELEASED = "grades_released"  # to the units, each its own
    RECTIFICATION_TAKEN = "rectification_taken"  # how a round is rectified, as a file
    CLEARANCE_ASKED = "clearance_asked"  # how many items of a unit, which is the subject, are open and cleared
    UNIT_PRINTED = "unit_printed"  # the open items of a unit, for a messenger
    POLL_OPENED = "poll_opened"
    POLL_PRINTED = "poll_printed"  # codes of a poll
    POLL_CLOSED = "poll_closed"
    BOARD_BOUND = "board_bound"
    BOARD_LOST = "board_lost"
    LEFT = "left"
    MOVED = "moved"
    GRANTED = "granted"  # to somebody to see some cases of a team
    GRANT_ENDED = "grant_ended"
    PUT_ON_CALL = "put_on_call"
    TAKEN_OFF_CALL = "taken_off_call"
    LOCKED_OUT = "locked_out"
    RECUSED = "recused"
    READMITTED = "readmitted"
    SEALED = "sealed"  # the directors were sent what the log comes to
    CARD_GIVEN = "card_given"
    CARD_TAKEN_BACK = "card_taken_back"
    TALK_MOVED = "talk_moved"
    BULLETIN_MOVED = "bulletin_moved"
    DOCKET_MOVED = "docket_moved"
    TASK_MOVED = "task_moved"
    ACCOUNTABILITY_MOVED = "accountability_moved"
    LISTED = "listed"  # under listed supervision, or no more
    BACKED_UP = "backed_up"
    KEYRING_BACKED_UP = "keyring_backed_up"
    BACKUP_FAILED = "backup_failed"
    RESTORED = "restored"


CLOCK = ":clock"  # in place of a person's id, none of which has a colon: the product did it by itself


class AuditEntry(Base):
    """One action. `chain` is a keyed hash of everything here and of the entry before; nothing of a resident is in it.

    Times are whole hours: that a case was opened at 14:03 would say when its complaint came.
    """

    __tablename__ = "audit_entries"
    __nobody__ = "number at action by_id subject detail chain"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(30))
    by_id: Mapped[str | None] = mapped_column(String(40))  # a person's id, or CLOCK; nobody: the command line
    case_id: Mapped[str | None] = mapped_column(
        String(12), index=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case")
    )
    subject: Mapped[str | None] = mapped_column(String(100))  # whom or what else it concerns: an id
    # codes and ids, and `names`: what the staff and teams meant here were called at the time
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    chain: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain, one row: how many entries there are, and the last one's hash. Locked to add one more."""

    __tablename__ = "audit_head"
    __nobody__ = "id number chain"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    chain: Mapped[str] = mapped_column(String(64))


# The database itself refuses what the program never does. Whoever owns the database can take this off again, and put
# something else there that leaves entries out; `audit verify` looks whether exactly this stands there.
_REFUSAL = "the audit log is append-only"
PG_GUARD_BODY = f" BEGIN RAISE EXCEPTION '{_REFUSAL}'; END "
PG_GUARD = (
    "CREATE TRIGGER audit_entries_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_entries "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay()"
)
GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER audit_entries_stay_{action} BEFORE {action} ON audit_entries "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for action in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $${PG_GUARD_BODY}$$",
        PG_GUARD,
    ],
}

for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        event.listen(AuditEntry.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
