"""One case or one item on a page: its card, and what of it somebody has opened or is to review."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.actions import SUBJECTS
from handlers.items.working_papers import label
from handlers.publication.forms import CHOOSE_ITEM
from media.kinds import FileKind
from models.complaints import Case, ComplaintMessage, MessageKind
from models.rectification import Evidence, RectificationItem
from models.states import Actor, NotEntitled
from services.access.transfers import is_known_to
from services.cases.notices import CaseFile
from services.delivery.opened import is_unopened
from services.outbox import OutgoingMessage
from services.publication.photos import photos_to_choose
from services.rectification.item_file import item_file
from services.rectification.notices import ItemReview
from services.rectification.papers import files_of, paper_read
from services.rectification.requests import is_theirs
from services.rectification.unit_actions import is_prepared_for
from services.rectification.working_papers import finding_of, working_papers_of
from texts.message import Message
from web.desk.addresses import HOME
from web.desk.desk import PageContext

# Who looks at what was handed in: whoever reviews it, signs for it, or clears it.
_LOOKING = frozenset({Actor.TEAM_MEMBER, Actor.COUNTY_LEADER, Actor.OFFICE_DIRECTOR})


@dataclass(frozen=True)
class ShownFile:
    """A file of the dialogue: what it is, and where the browser gets it."""

    kind: MessageKind
    address: str


@dataclass(frozen=True)
class Submission:
    """What a unit handed in, for those who review it or sign for it."""

    text: Message
    files: Sequence[tuple[str, str, bool]]  # where the browser gets them, what they are to show, whether as a photo
    papers: Sequence[tuple[str, str]]  # the team's own on the finding: where each opens, and what it is called


async def card_of(context: PageContext, area: str, record_id: str) -> Message | None:
    """Return the card of a case or an item as they may see it now; None when it is not theirs."""
    show = SUBJECTS[area].card
    card = await show(context.handler, context.who, record_id) if show else None
    if await is_unopened(context.work, context.who.id, area, record_id) and await may_know_of(context, area, record_id):
        context.newly_opened.append((area, record_id))
    return card


async def may_know_of(context: PageContext, area: str, record_id: str) -> bool:
    """Whether a case, an item or a transfer is there, and somebody may know so now."""
    if area == "case":
        case = await context.work.session.get(Case, record_id)
        return case is not None and context.who.knows_of(case)
    if area == "transfer":
        return await is_known_to(context.work.session, context.who, record_id)
    if area == "paper":
        return False  # that it was opened is kept of its item
    if area == "request":
        return await is_theirs(context.work, context.who, record_id)
    item = await context.work.session.get(RectificationItem, record_id)
    return item is not None and bool(context.who.actors_at_item(item))


async def opened_of(context: PageContext, case_id: str) -> list[Message | ShownFile]:
    """Return what was opened of a case in this session, as they may read it now."""
    found: list[Message | ShownFile] = []
    for notice in context.flash.opened_of(case_id):
        if isinstance(notice, CaseFile):
            file = await _file(context, notice)
            found += [file] if file else []
        else:
            text = await context.rendered(OutgoingMessage(notice))
            found += [text] if text else []
    return found


async def submission_of(context: PageContext, item_id: str) -> Submission | None:
    """Return what was handed in last for an item; None when nothing was, or it is not theirs to look at."""
    item = await context.work.session.get(RectificationItem, item_id)
    if item is None or not _looks_at(context, item):
        return None
    file = await item_file(context.work, item)
    text = await context.rendered(OutgoingMessage(ItemReview(item.id))) if file.submission else None
    if text is None:
        return None
    words = context.handler.words
    shown = [
        (f"{HOME}/photo/{one.id}", words.plain(f"item.evidence_{one.kind}"), one.file_kind == FileKind.PHOTO.value)
        for one in file.evidence
    ]
    return Submission(text, shown, await _papers(context, item))


async def _papers(context: PageContext, item: RectificationItem) -> list[tuple[str, str]]:
    """Return the working papers of an item for whoever may read them, to be compared with what was handed in."""
    finding = finding_of(context.who, item)
    if finding is None:
        return []
    listed = f"{HOME}/finding/{item.id}"
    return [
        (listed if one.file_kind is None else f"{HOME}/working-paper/{one.id}", label(context.words, one))
        for one in await working_papers_of(context.work, finding)
    ]


async def photos_asked_for(context: PageContext, publication_id: str) -> list[str]:
    """Return the photos that were handed in for the item that somebody is choosing for a publication."""
    form = context.handler.form
    if form is None or form.name != CHOOSE_ITEM.name or form.subject_id != publication_id:
        return []
    item = await context.work.session.get(RectificationItem, form.answers.get("item", ""))
    return await photos_to_choose(context.work, item) if item is not None and context.who.actors_at_item(item) else []


async def files_of_paper(context: PageContext, paper_id: str) -> list[str]:
    """Return where the browser gets the files of a paper that somebody of its unit is to confirm."""
    try:
        paper = await paper_read(context.work, context.who, paper_id)
    except NotEntitled:
        return []
    is_prepared = paper.row.confirmed_by_id is None
    return [f"{HOME}/photo/{file_id}" for file_id in files_of(paper.row)] if is_prepared else []


async def is_looked_at_by(context: PageContext, evidence_id: str) -> bool:
    """Whether a file was handed in to somebody, for review or to be signed for, or is prepared by their unit."""
    evidence = await context.work.session.get(Evidence, evidence_id)
    item = await context.work.session.get(RectificationItem, evidence.item_id) if evidence else None
    if evidence is None or item is None:
        return False
    return _looks_at(context, item) or is_prepared_for(context.who, item, evidence)


def _looks_at(context: PageContext, item: RectificationItem) -> bool:
    return not _LOOKING.isdisjoint(context.who.actors_at_item(item))


async def _file(context: PageContext, notice: CaseFile) -> ShownFile | None:
    message = await context.work.session.get(ComplaintMessage, notice.message_id)
    if message is None:  # erased since
        return None
    return ShownFile(message.kind, f"{HOME}/file/{notice.case_id}/{notice.message_id}")
