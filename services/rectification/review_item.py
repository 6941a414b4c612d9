"""What is made of a submission: the team returns or passes it, the county leader signs, the office clears it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from enum import StrEnum

from models.deadlines import Audience
from models.rectification import RectificationItem
from models.states import ITEM, Impossible
from services.access.member import Member
from services.cases.dialogue import refuse_contact_details
from services.rectification import item_log
from services.rectification.answer_cases import answer_cases, item_to_change_with_cases
from services.rectification.item_file import ItemFile, Missing, item_file, missing
from services.rectification.masking import masked_for_all
from services.rectification.notify import show_review, tell
from services.unit_of_work import UnitOfWork

_UNIT_AND_LEADER = (Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)


class ReturnReason(StrEnum):
    """Why a submission goes back, in the words of the county reports."""

    NO_EVIDENCE = "no_evidence"
    REUSED_PHOTO = "reused_photo"  # the picture is an old one
    PARTLY_DONE = "partly_done"
    PAPER_ONLY = "paper_only"  # 纸上整改: papers say so, nothing else does
    SURFACE = "surface"  # 表面整改: it looks done, and what caused it is as it was
    PERFUNCTORY = "perfunctory"  # 敷衍塞责
    FALSIFIED = "falsified"  # 弄虚作假
    DONE_ANEW = "done_anew"  # 边改边犯: it happens again while it is being fixed
    OTHER = "other"  # said in words


class Tick(StrEnum):
    """How a reviewer has looked: 听查看问访."""

    HEARD = "heard"  # 听: the unit's report
    CHECKED = "checked"  # 查: its papers and accounts
    SEEN = "seen"  # 看: the place itself
    ASKED = "asked"  # 问: those who are concerned
    VISITED = "visited"  # 访: households at home


class NothingTicked(Exception):
    """A submission is found done by somebody who does not say how they have looked."""


class FileChanged(Exception):
    """The file of an item is not what was shown to whoever signs for it."""


class CannotClear(Exception):
    """An item lacks something before it can be cleared."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


async def return_item(
    work: UnitOfWork, who: Member, item_id: str, reason: ReturnReason, words: str = ""
) -> RectificationItem:
    """Give a submission back with the reason; for as long as its clock stood, the due date moves on.

    It stood while it was under review, and before that for as long as it was kept open for longer.
    """
    item = await item_log.item_to_change(work, who, item_id)
    actors = who.actors_at_item(item)
    ITEM.step(item.state, "return", actors)
    words = await masked_for_all(work, who, item, words)
    stood_since = item.long_term_since or item.submitted_on or work.today
    held_days = (work.today - stood_since).days
    event = await item_log.step(work, item, "return", actors, by=who, note=words, reason=reason, held_days=held_days)
    item.returns += 1
    item.held_days += held_days
    item.due_on += timedelta(days=held_days)
    item.long_term_since = None
    await work.session.flush()
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON)
    await show_review(work, item)
    return item


async def pass_item(
    work: UnitOfWork, who: Member, item_id: str, public_result: str, ticks: Collection[Tick]
) -> RectificationItem:
    """Find a submission done, with how it was looked at, and the one sentence that reporters may be told once the
    office has cleared it.

    Raises NothingTicked and ContainsContact.
    """
    item = await item_log.item_to_change(work, who, item_id)
    actors = who.actors_at_item(item)
    ITEM.step(item.state, "pass", actors)
    if not ticks:
        raise NothingTicked
    await refuse_contact_details(work, public_result)  # as it was written: a refusal must not depend on what is masked
    public_result = await masked_for_all(work, who, item, public_result)
    held_days = (work.today - (item.submitted_on or work.today)).days
    ticked = [tick.value for tick in Tick if tick in ticks]
    event = await item_log.step(
        work, item, "pass", actors, by=who, note=public_result, ticks=ticked, held_days=held_days
    )
    item.public_result = public_result
    await work.session.flush()
    await tell(work, item, event, *_UNIT_AND_LEADER, Audience.OFFICE_DIRECTOR)
    await show_review(work, item)
    return item


async def file_to_sign(work: UnitOfWork, who: Member, item_id: str) -> tuple[RectificationItem, ItemFile]:
    """Return an item with the file that somebody may sign for now, as the county leader in charge.

    What is signed and has not changed since is not signed again. Raises Impossible or NotEntitled.
    """
    item = await item_log.item_to_change(work, who, item_id)
    ITEM.step(item.state, "countersign", who.actors_at_item(item))
    file = await item_file(work, item)
    if file.is_signed:
        raise Impossible("countersign", item.state)
    return item, file


async def countersign(work: UnitOfWork, who: Member, item_id: str, shown: str) -> RectificationItem:
    """Sign for the file of an item, exactly as it was shown.

    `shown`: the short digest of what was shown. Raises FileChanged when it is another by now, and what `file_to_sign`
    does.
    """
    item, file = await file_to_sign(work, who, item_id)
    if shown != file.short_digest:
        raise FileChanged
    event = await item_log.step(work, item, "countersign", who.actors_at_item(item), by=who, file=file.digest)
    await tell(work, item, event, Audience.OFFICE_DIRECTOR)
    return item


async def clear_item(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Accept an item as done for good, and ask those who reported it whether it is. Raises CannotClear."""
    item = await item_to_change_with_cases(work, who, item_id)
    actors = who.actors_at_item(item)
    ITEM.step(item.state, "clear", actors)
    if lacking := await missing(work, item, await item_file(work, item)):
        raise CannotClear(lacking)
    event = await item_log.step(work, item, "clear", actors, by=who)
    item.long_term_since = None
    await tell(work, item, event, *_UNIT_AND_LEADER, Audience.REVIEWERS)
    await answer_cases(work, item)
    return item
