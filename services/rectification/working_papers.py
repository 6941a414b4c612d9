"""Working papers (问题底稿): what a team has of its own for a finding, a file or a record in words.

A page of a ledger may show who gave it. So they are read where the finding is worked on and where what the unit has
done about it is reviewed, and nowhere else: its unit never sees them.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, exists, func, not_, select, update

from media.kinds import Cleaned, FileKind
from models.audit import Audited
from models.base import random_id
from models.item_drafts import ItemDraft
from models.rectification import RectificationItem
from models.rounds import Round
from models.states import OFFICE_ACTORS, Actor, Impossible, NotEntitled
from models.working_papers import WorkingPaper
from services.access.member import Member
from services.attachments import ensure_stored, id_for, open_unchanged
from services.audit.log import record
from services.delivery.recall import remains_while
from services.fieldwork.sealed import opened, seal
from services.people.forms import open_form_of
from services.rectification.issue_item import may_go_on_with_draft
from services.rectification.notices import OpenedWorkingPaper
from services.rectification.unit_actions import COLLECTED_FOR, MOST_FILES
from services.unit_of_work import UnitOfWork

LONGEST_TITLE, LONGEST_PLACE, LONGEST_FOUND = 40, 60, 1500  # characters
MOST_PAPERS = MOST_FILES  # of one finding
FILE_FORM = "add_working_file"  # the form that is open while a file is waited for
_READ_BY = OFFICE_ACTORS | {Actor.TEAM_LEADER, Actor.TEAM_MEMBER}
_ADDED_BY = OFFICE_ACTORS | {Actor.TEAM_LEADER}


@dataclass(frozen=True)
class Finding:
    """A finding as somebody sees it who may read its working papers: a draft, or the item that was made of it."""

    row: ItemDraft | RectificationItem
    may_add: bool

    @property
    def id(self) -> str:
        """The id of the draft, or the number of the item."""
        return self.row.id

    @property
    def is_issued(self) -> bool:
        """Whether it is an item."""
        return isinstance(self.row, RectificationItem)


@dataclass(frozen=True)
class InspectionRecord:
    """What was found, in words: where, and on which day."""

    found: str
    place: str
    day: date


@dataclass(frozen=True)
class WorkingPaperSeen:
    """A working paper, opened: a file of a kind, or a record."""

    id: str
    finding_id: str
    title: str
    by_id: str
    added_at: datetime
    file_kind: FileKind | None
    record: InspectionRecord | None


# ---- who reads them


def finding_of(who: Member, item: RectificationItem) -> Finding | None:
    """Return an item as a finding for whoever may read its working papers: its team and the office, if it is theirs.

    None for its unit, a county leader, the department that supervises it, and whoever looks at it again.
    """
    actors = who.actors_at_item(item)
    if actors.isdisjoint(_READ_BY):
        return None
    return Finding(item, may_add=not actors.isdisjoint(_ADDED_BY))


async def finding_seen(work: UnitOfWork, who: Member, finding_id: str) -> Finding:
    """Return a finding whose working papers somebody may read. Raises NotEntitled."""
    return await _finding(work, who, finding_id, locked=False)


async def finding_to_add_to(work: UnitOfWork, who: Member, finding_id: str) -> Finding:
    """Return a finding, locked, to which somebody may add a working paper now. Raises Impossible or NotEntitled."""
    finding = await _finding(work, who, finding_id, locked=True)
    if not finding.may_add:
        raise NotEntitled
    if isinstance(finding.row, RectificationItem) and not finding.row.is_open:
        raise Impossible("add", finding.row.state)
    if finding.row.round_id not in work.keyring.round_ids():
        raise Impossible("add", "key_destroyed")
    if await count_working_papers(work, finding) >= MOST_PAPERS:
        raise Impossible("add", "full")
    return finding


async def _finding(work: UnitOfWork, who: Member, finding_id: str, *, locked: bool) -> Finding:
    drafts = select(ItemDraft).where(ItemDraft.id == finding_id)
    items = select(RectificationItem).where(RectificationItem.id == finding_id)
    if locked:
        drafts = drafts.with_for_update().execution_options(populate_existing=True)
        items = items.with_for_update().execution_options(populate_existing=True)
    draft = await work.session.scalar(drafts)
    if draft is not None and await may_go_on_with_draft(work, who, draft):
        return Finding(draft, may_add=True)
    item = await work.session.scalar(items) if draft is None else None
    finding = finding_of(who, item) if item is not None else None
    if finding is None:
        raise NotEntitled
    return finding


# ---- what is there


async def working_papers_of(work: UnitOfWork, finding: Finding) -> list[WorkingPaperSeen]:
    """Return the working papers of a finding, in the order in which they were added."""
    query = select(WorkingPaper).where(_of(finding), _is_whole())
    rows = await work.session.scalars(query.order_by(WorkingPaper.added_at, WorkingPaper.id))
    return [paper for row in rows if (paper := _opened(work, row)) is not None]


async def count_working_papers(work: UnitOfWork, finding: Finding) -> int:
    """Return how many working papers a finding has."""
    query = select(func.count()).select_from(WorkingPaper).where(_of(finding), _is_whole())
    return await work.session.scalar(query) or 0


def lacks_working_papers() -> ColumnElement[bool]:
    """Return whether an item has no working paper, as a condition."""
    return not_(exists().where(WorkingPaper.item_id == RectificationItem.id, _is_whole()))


async def read_working_paper(work: UnitOfWork, who: Member, paper_id: str) -> WorkingPaperSeen:
    """Return a working paper, and log that it was read. Raises NotEntitled."""
    row, finding = await _paper_seen(work, who, paper_id)
    paper = _opened(work, row)
    if paper is None:
        raise NotEntitled
    await _log(work, Audited.WORKING_PAPER_READ, who, finding, row)
    return paper


async def working_paper_with_file(
    work: UnitOfWork, who: Member, paper_id: str
) -> tuple[WorkingPaperSeen, Cleaned | None]:
    """Return a working paper with its file, if it is one; that it is read is logged by `read_working_paper`.

    Raises NotEntitled, and AttachmentGone also when what lies there is not what was added.
    """
    row, _ = await _paper_seen(work, who, paper_id)
    paper = _opened(work, row)
    if paper is None:
        raise NotEntitled
    if paper.file_kind is None:
        return paper, None
    data = await open_unchanged(work, row.id, row.round_id, row.digest)
    return paper, Cleaned(paper.file_kind, data)


@remains_while(OpenedWorkingPaper)
async def is_still_read(work: UnitOfWork, who: Member, notice: OpenedWorkingPaper) -> bool:
    """Whether somebody to whom a working paper has just come may read it now; it may have been taken from them."""
    try:
        await _paper_seen(work, who, notice.paper_id)
    except NotEntitled:
        return False
    return True


async def _paper_seen(work: UnitOfWork, who: Member, paper_id: str) -> tuple[WorkingPaper, Finding]:
    row = await work.session.get(WorkingPaper, paper_id)
    if row is None or row.sealed is None:
        raise NotEntitled
    return row, await finding_seen(work, who, _finding_of(row))


# ---- they are added, and taken out


async def round_of_working_file(work: UnitOfWork, staff_id: str) -> str | None:
    """Return the round for which somebody adds a file to a finding just now; None when they add none."""
    form = await open_form_of(work, staff_id)
    if form is None or form.name != FILE_FORM or form.subject_id is None:
        return None
    draft = await work.session.get(ItemDraft, form.subject_id)
    item = await work.session.get(RectificationItem, form.subject_id) if draft is None else None
    round_id = draft.round_id if draft is not None else item.round_id if item is not None else None
    return round_id if round_id in work.keyring.round_ids() else None


async def keep_working_file(work: UnitOfWork, who: Member, finding_id: str, file: Cleaned) -> str:
    """Store a file that is being added to a finding, sealed to its round; return its id. Raises as `add_record`."""
    finding = await finding_to_add_to(work, who, finding_id)
    row = _new(work, who, finding, id_for(file, finding.row.round_id))
    row.keep_until, row.file_kind = work.now + COLLECTED_FOR, file.kind.value
    row.digest = hashlib.sha256(file.data).hexdigest()
    inspection_round = await work.session.get_one(Round, row.round_id)
    await ensure_stored(work, row.id, file, inspection_round.public_key)
    work.session.add(row)
    await work.session.flush()
    return row.id


async def add_file(work: UnitOfWork, who: Member, finding_id: str, title: str, paper_id: str) -> None:
    """Let a file that was kept be a working paper of a finding from now on. Raises Impossible or NotEntitled."""
    finding = await finding_to_add_to(work, who, finding_id)
    row = await work.session.get(WorkingPaper, paper_id)
    if row is None or row.keep_until is None or (_finding_of(row), row.by_id) != (finding.id, who.id):
        raise Impossible("add", "gone")
    row.keep_until = None
    _seal(work, row, {"title": title})
    await work.session.flush()
    await _log(work, Audited.WORKING_PAPER_ADDED, who, finding, row)


async def add_record(work: UnitOfWork, who: Member, finding_id: str, title: str, written: InspectionRecord) -> None:
    """Add a record of what was found to a finding. Raises Impossible or NotEntitled."""
    finding = await finding_to_add_to(work, who, finding_id)
    row = _new(work, who, finding, random_id())
    day = written.day.isoformat()
    _seal(work, row, {"title": title, "found": written.found, "place": written.place, "day": day})
    work.session.add(row)
    await work.session.flush()
    await _log(work, Audited.WORKING_PAPER_ADDED, who, finding, row)


async def working_paper_to_take_out(work: UnitOfWork, who: Member, paper_id: str) -> WorkingPaperSeen:
    """Return a working paper that somebody may take out while its finding is a draft. Raises as `take_out` does."""
    return (await _to_take_out(work, who, paper_id))[0]


async def take_out(work: UnitOfWork, who: Member, paper_id: str) -> WorkingPaperSeen:
    """Take a working paper out of a draft for good, and return what it was. Raises Impossible or NotEntitled."""
    paper, row, finding = await _to_take_out(work, who, paper_id)
    await _drop(work, WorkingPaper.id == row.id)
    await _log(work, Audited.WORKING_PAPER_TAKEN_OUT, who, finding, row)
    return paper


async def _to_take_out(work: UnitOfWork, who: Member, paper_id: str) -> tuple[WorkingPaperSeen, WorkingPaper, Finding]:
    row, finding = await _paper_seen(work, who, paper_id)
    if finding.is_issued:
        raise Impossible("take_out", "issued")
    finding = await _finding(work, who, finding.id, locked=True)
    paper = _opened(work, row)
    if paper is None:
        raise NotEntitled
    return paper, row, finding


# ---- what becomes of them with their draft


async def give_to_item(work: UnitOfWork, draft_id: str, item: RectificationItem) -> None:
    """Let the working papers of a draft be those of the item that was issued."""
    of_draft = update(WorkingPaper).where(WorkingPaper.draft_id == draft_id, _is_whole())
    await work.session.execute(of_draft.values(draft_id=None, item_id=item.id))


async def drop_working_papers(work: UnitOfWork, draft_id: str) -> None:
    """Throw the working papers of a draft away with it."""
    await _drop(work, WorkingPaper.draft_id == draft_id)


async def drop_working_file(work: UnitOfWork, who: Member, paper_id: str) -> None:
    """Throw away a file that somebody was adding."""
    await _drop(work, WorkingPaper.id == paper_id, WorkingPaper.by_id == who.id, not_(_is_whole()))


async def drop_untitled(work: UnitOfWork) -> None:
    """Throw away the files that somebody began to add and never gave a title."""
    await _drop(work, WorkingPaper.keep_until <= work.now)


async def _drop(work: UnitOfWork, *of: ColumnElement[bool]) -> None:
    rows = await work.session.execute(
        delete(WorkingPaper).where(*of).returning(WorkingPaper.id, WorkingPaper.file_kind)
    )
    work.delete_files([paper_id for paper_id, file_kind in rows if file_kind is not None])


# ---- rows


def _new(work: UnitOfWork, who: Member, finding: Finding, paper_id: str) -> WorkingPaper:
    is_issued = finding.is_issued
    return WorkingPaper(
        id=paper_id,
        round_id=finding.row.round_id,
        draft_id=None if is_issued else finding.id,
        item_id=finding.id if is_issued else None,
        by_id=who.id,
        added_at=work.now,
    )


def _of(finding: Finding) -> ColumnElement[bool]:
    return (WorkingPaper.item_id if finding.is_issued else WorkingPaper.draft_id) == finding.id


def _is_whole() -> ColumnElement[bool]:
    return WorkingPaper.keep_until.is_(None)


def _finding_of(row: WorkingPaper) -> str:
    return row.item_id or row.draft_id or ""


def _seal(work: UnitOfWork, row: WorkingPaper, said: dict[str, str]) -> None:
    row.sealed = seal(work, row.round_id, _bound_to(row), json.dumps(said, ensure_ascii=False))


def _opened(work: UnitOfWork, row: WorkingPaper) -> WorkingPaperSeen | None:
    """Return a row as it reads; None once the key of its round is destroyed."""
    text = opened(work, row.round_id, _bound_to(row), row.sealed)
    if text is None:
        return None
    said = json.loads(text)
    written = None
    if row.file_kind is None:
        written = InspectionRecord(said["found"], said["place"], date.fromisoformat(said["day"]))
    kind = FileKind(row.file_kind) if row.file_kind is not None else None
    return WorkingPaperSeen(row.id, _finding_of(row), said["title"], row.by_id, row.added_at, kind, written)


def _bound_to(row: WorkingPaper) -> str:
    return f"working_paper:{row.id}"


async def _log(work: UnitOfWork, action: Audited, who: Member, finding: Finding, row: WorkingPaper) -> None:
    """Log what somebody did with a working paper: the log names the case or the item, never both."""
    about: dict[str, str] = {}
    if isinstance(finding.row, RectificationItem):
        about = {"subject": finding.id}
    elif finding.row.case_id is not None:
        about = {"case_id": finding.row.case_id}
    is_file = row.file_kind is not None
    await record(work, action, by=who.id, unit=finding.row.unit_id, is_file=is_file, **about)
