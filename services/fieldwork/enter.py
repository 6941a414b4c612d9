"""What comes by another door, a letter, a call, a visit or a talk, is entered by somebody on the staff.

From there on it takes the way of any complaint. Who the person is stands nowhere, and whoever entered it is shown the
receipt once, to hand it over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from media.kinds import Cleaned
from models.audit import Audited
from models.complaints import Case, Door, MessageKind
from models.staff import OpenFormRow
from models.states import NotEntitled
from privacy.traces import Mention
from services.access.member import Member, member
from services.attachments import ensure_stored_by_itself, id_for
from services.audit.log import record
from services.cases.masking import without_mentions, without_receipts
from services.fieldwork.places import FieldPlace, place_to_enter_for
from services.intake.conversation_store import ExpectedFile
from services.intake.drafts import Draft, Piece
from services.intake.place import place_of
from services.intake.route import Promise, promise
from services.intake.submit import EnteredBy, Submission, submit_for_another
from services.intake.understood import mentions_in, with_understanding
from services.people.forms import open_form_of
from services.unit_of_work import UnitOfWork

ENTRY_FORM = "enter_case"  # the form that is open meanwhile
PLACE, SAID = "place", "said"  # its answers: where it belongs, and what was said
MOST_TEXTS, MOST_PHOTOS = 10, 10
LONGEST_TEXTS = 3000  # characters, all together


@dataclass(frozen=True)
class StoredPhoto:
    """A photo that lies in the store already, and what opens it; None: the round's key."""

    file_id: str
    key: str | None


@dataclass(frozen=True)
class Entry:
    """What somebody enters. Unless `keeps_traces`, what leads to a person is taken out of the words for good."""

    place_key: str
    door: Door
    texts: Sequence[str]
    photos: Sequence[StoredPhoto] = ()
    category: str | None = None  # as it is understood
    keeps_traces: bool = False


@dataclass(frozen=True)
class EntryPreview:
    """What would be entered: its words as they would be kept, what leads to a person in them, and who would read it."""

    place: FieldPlace
    draft: Draft
    mentions: Sequence[Mention]
    promise: Promise


class NothingSaid(Exception):
    """There is neither a word nor a photo to enter."""


async def preview_entry(work: UnitOfWork, who: Member, entry: Entry) -> EntryPreview:
    """Return what would be entered. Raises NotEntitled and NothingSaid."""
    known = await work.directory()
    place = place_to_enter_for(known, who, entry.place_key)
    if not entry.texts and not entry.photos:
        raise NothingSaid
    if entry.category is not None and entry.category not in {one.code for one in known.categories}:
        raise NotEntitled
    mentions = mentions_in(work, entry.texts)
    if entry.keeps_traces:
        kept = without_receipts(entry.texts, who.language)
    else:
        kept = without_mentions(entry.texts, mentions, who.language)
    pieces = [Piece(f"text-{number}", MessageKind.TEXT, text) for number, text in enumerate(kept)]
    pieces += [Piece(one.file_id, MessageKind.PHOTO, "", one.file_id, one.key) for one in entry.photos]
    at = await place_of(work, place.round_id, place.kind, place.id)
    draft = await with_understanding(work, Draft(draft_id="", place=at, pieces=tuple(pieces), category=entry.category))
    return EntryPreview(place, draft, mentions, promise(known, draft))


async def enter(work: UnitOfWork, who: Member, entry: Entry) -> tuple[Submission, Case]:
    """Make a complaint and its case of what somebody enters; return its receipt, which is kept nowhere, and the case.

    Raises NotEntitled, NothingSaid, and RoundOver of services.intake.submit.
    """
    found = await preview_entry(work, who, entry)
    submission, case = await submit_for_another(work, EnteredBy(who, entry.door), found.draft)
    await record(work, Audited.ENTERED, by=who.id, case_id=case.id, door=entry.door.value)
    return submission, case


# ---- photos, while the form is open


async def keep_photo_to_enter(work: UnitOfWork, place: FieldPlace, photo: Cleaned) -> StoredPhoto:
    """Store a photo of something that is being entered, sealed to a key of its own."""
    file_id = id_for(photo, place.round_id)
    return StoredPhoto(file_id, await ensure_stored_by_itself(work, file_id, photo))


async def photo_to_enter_expected(work: UnitOfWork, staff_id: str) -> ExpectedFile | None:
    """Return what a photo from somebody on the staff would be for who is entering something; None when they are not."""
    form = await open_form_of(work, staff_id)
    if form is None or form.name != ENTRY_FORM:
        return None
    who, key = await member(work.session, staff_id), form.subject_id or form.answers.get(PLACE, "")
    try:
        return ExpectedFile(place_to_enter_for(await work.directory(), who, key).round_id)
    except NotEntitled:
        return None


async def files_to_enter(work: UnitOfWork) -> set[str]:
    """Return the ids of all photos of what is being entered."""
    staff_ids = list(await work.session.scalars(select(OpenFormRow.staff_id).where(OpenFormRow.form == ENTRY_FORM)))
    forms = [await open_form_of(work, staff_id) for staff_id in staff_ids]
    return {file_id for form in forms if form for file_id, _ in form.answers.get(SAID, {}).get("photos", [])}
