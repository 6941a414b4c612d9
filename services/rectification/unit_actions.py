"""What a unit does about an item: acknowledge it, report progress, collect proof and hand it in."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, select

from media.kinds import Cleaned, FileKind
from models.deadlines import Audience
from models.rectification import Evidence, EvidenceKind, ItemEvent, RectificationItem
from models.rounds import Round
from models.states import ITEM, UNIT_ACTORS, NotEntitled
from services.access.member import Member
from services.attachments import ensure_stored, id_for, open_unchanged
from services.people.forms import open_form_of
from services.rectification import item_log
from services.rectification.copies import note_read
from services.rectification.notify import show_evidence, show_review, tell
from services.rectification.used_before import used_before
from services.unit_of_work import UnitOfWork

# Longer than a question to a staff member stays open: what is being collected is never gone before the question.
COLLECTED_FOR = timedelta(days=1)
MOST_FILES = 30
COLLECTING_FORM = "submit_item"  # the form that is open meanwhile
INTERIM_FORM = "report_interim"  # and the one in which an interim safety action is reported


class NothingHandedIn(Exception):
    """A submission has neither a word nor a file nor a figure."""


async def acknowledge(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Note that the head has read the order, and so their unit's copy."""
    item = await item_log.item_to_change(work, who, item_id)
    event = await item_log.step(work, item, "acknowledge", who.actors_at_item(item), by=who)
    await note_read(work, who, item)
    await tell(work, item, event, Audience.REVIEWERS)
    return item


async def report_progress(work: UnitOfWork, who: Member, item_id: str, text: str) -> RectificationItem:
    """Note how far the unit has come, and tell the reviewers."""
    item = await item_log.item_to_change(work, who, item_id)
    event = await item_log.step(work, item, "report_progress", who.actors_at_item(item), by=who, note=text)
    await tell(work, item, event, Audience.REVIEWERS)
    return item


async def may(work: UnitOfWork, who: Member, item_id: str, action: str) -> RectificationItem:
    """Return an item on which somebody may do an action now; raise Impossible or NotEntitled."""
    item = await item_log.item_seen(work, who, item_id)
    ITEM.step(item.state, action, who.actors_at_item(item))
    return item


async def round_collected_for(work: UnitOfWork, staff_id: str) -> str | None:
    """Return the round for which somebody on the staff collects evidence now; None when they collect none."""
    form = await open_form_of(work, staff_id)
    if form is None or form.name not in (COLLECTING_FORM, INTERIM_FORM) or form.subject_id is None:
        return None
    item = await work.session.get(RectificationItem, form.subject_id)
    return item.round_id if item is not None and item.round_id in work.keyring.round_ids() else None


async def keep_file(work: UnitOfWork, item: RectificationItem, file: Cleaned, kind: EvidenceKind) -> str:
    """Store a file of a submission that is being collected, sealed to the round; return its id."""
    inspection_round = await work.session.get_one(Round, item.round_id)
    evidence_id = id_for(file, item.round_id)
    await ensure_stored(work, evidence_id, file, inspection_round.public_key)
    look = None
    if file.kind is FileKind.PHOTO:
        # Decoding takes long: it is done before the transaction, where it can be done anew. What is decoded was re-made
        # in the confined process; of no photo but those of units is there a look.
        name = ("look", hashlib.sha256(file.data).digest())
        look = work.results.get(name, partial(_look_of, file.data), takes_long=True)
    work.session.add(
        Evidence(
            id=evidence_id,
            item_id=item.id,
            version=None,
            keep_until=work.now + COLLECTED_FOR,
            kind=kind,
            file_kind=file.kind.value,
            digest=hashlib.sha256(file.data).hexdigest(),
            look=look,
            used_before=None,
        )
    )
    await work.session.flush()
    return evidence_id


@dataclass(frozen=True)
class Numbers:
    """What came of an item, in figures; of people no more than how many."""

    households_done: int | None = None
    households_total: int | None = None
    money_recovered: int | None = None  # yuan
    people_dealt_with: int | None = None


def _look_of(photo: bytes) -> bytes | None:
    from media.look import look_of  # what reads pictures is loaded when it is first needed

    return look_of(photo)


async def submit(
    work: UnitOfWork,
    who: Member,
    item_id: str,
    texts: Sequence[str],
    file_ids: Sequence[str],
    numbers: Numbers | None = None,
) -> RectificationItem:
    """Hand in what was collected: the clock stops, and the reviewers get it. Raises NothingHandedIn.

    Without `numbers` those that were said before stay.
    """
    item = await item_log.item_to_change(work, who, item_id)
    actors = who.actors_at_item(item)
    ITEM.step(item.state, "submit", actors)
    collected = await collected_files(work, item, file_ids)
    if not texts and not collected and numbers is None:
        raise NothingHandedIn
    event = await item_log.step(work, item, "submit", actors, by=who, note="\n".join(texts))
    item.submitted_on = work.today
    for name, number in asdict(numbers).items() if numbers is not None else ():
        setattr(item, name, number)
    await file_with(work, item, event, collected)
    await show_review(work, item)  # last, so that its buttons are within reach
    return item


async def read_evidence(work: UnitOfWork, who: Member, evidence_id: str) -> tuple[RectificationItem, Evidence, bytes]:
    """Return a file that was handed in, or to its unit one that is prepared, with its item.

    Raises NotEntitled, and AttachmentGone also when what lies there is not what was handed in.
    """
    evidence = await work.session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotEntitled
    item = await item_log.item_seen(work, who, evidence.item_id)
    if evidence.version is None and not is_prepared_for(who, item, evidence):
        raise NotEntitled
    return item, evidence, await open_unchanged(work, evidence_id, item.round_id, evidence.digest)


def is_prepared_for(who: Member, item: RectificationItem, evidence: Evidence) -> bool:
    """Whether a file was prepared by somebody's unit, and waits for the head to confirm it."""
    is_prepared = evidence.version is None and evidence.keep_until is None
    return is_prepared and bool(who.actors_at_item(item) & UNIT_ACTORS)


async def keep_for_confirmation(work: UnitOfWork, item: RectificationItem, file_ids: Sequence[str]) -> None:
    """Keep the files that the liaison collected until the head has confirmed them, and show them to the head."""
    collected = await collected_files(work, item, file_ids)
    for evidence in collected:
        evidence.keep_until = None
    await work.session.flush()
    await show_evidence(work, item, [evidence.id for evidence in collected], Audience.UNIT_HEAD)


async def drop_files(work: UnitOfWork, file_ids: Sequence[str]) -> None:
    """Forget files that were collected and not handed in; the attachment store's sweeper takes the files."""
    await work.session.execute(delete(Evidence).where(Evidence.id.in_(file_ids), Evidence.version.is_(None)))


async def drop_uncollected(work: UnitOfWork) -> None:
    """Forget files that were collected for a submission nobody made."""
    await work.session.execute(delete(Evidence).where(Evidence.keep_until <= work.now))


async def file_with(
    work: UnitOfWork, item: RectificationItem, event: ItemEvent, collected: Collection[Evidence]
) -> None:
    """Let files that were collected belong to an event, with whether they were seen before; the reviewers get them."""
    for evidence in collected:
        evidence.used_before = await used_before(work, evidence)
    for evidence in collected:
        evidence.version, evidence.keep_until = event.version, None
    await work.session.flush()
    await show_evidence(work, item, [evidence.id for evidence in collected])


async def collected_files(work: UnitOfWork, item: RectificationItem, file_ids: Sequence[str]) -> list[Evidence]:
    """Return those of some files that were collected for an item and not handed in yet, in their order."""
    query = select(Evidence).where(Evidence.id.in_(file_ids), Evidence.item_id == item.id, Evidence.version.is_(None))
    found = {evidence.id: evidence for evidence in await work.session.scalars(query)}
    return [found[file_id] for file_id in file_ids if file_id in found]
