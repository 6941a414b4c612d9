"""Where people are in danger the unit first keeps them from it (先行排险), and fixes it for good later.

The two have a due day each, and reporters are told of both: of the first at once, by what kind of thing was done and in
no words of the unit's.
"""

from collections.abc import Sequence

from models.complaints import MessageKind
from models.deadlines import Audience, awaits_interim
from models.rectification import InterimMeasure, RectificationItem
from models.states import ITEM, Impossible
from services.access.member import Member
from services.cases.dialogue import say_to_reporter
from services.rectification import item_log
from services.rectification.answer_cases import cases_told_of, item_to_change_with_cases
from services.rectification.notify import tell
from services.rectification.unit_actions import collected_files, file_with
from services.unit_of_work import UnitOfWork

_TOLD = (Audience.REVIEWERS, Audience.COUNTY_LEADER, Audience.OFFICE_DIRECTOR)


class NothingSaid(Exception):
    """It is not said what was done."""


async def may_report_interim(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item of which somebody may report an interim safety action now. Raises Impossible or NotEntitled."""
    item = await item_log.item_seen(work, who, item_id)
    _check(who, item)
    return item


async def report_interim(
    work: UnitOfWork, who: Member, item_id: str, measure: InterimMeasure, texts: Sequence[str], file_ids: Sequence[str]
) -> RectificationItem:
    """Note what keeps people from a danger meanwhile, as the head of the unit; reporters and reviewers are told.

    Raises NothingSaid, Impossible or NotEntitled.
    """
    item = await item_to_change_with_cases(work, who, item_id)
    _check(who, item)
    if not any(text.strip() for text in texts):
        raise NothingSaid
    collected = await collected_files(work, item, file_ids)
    event = await item_log.step(
        work, item, "report_interim", who.actors_at_item(item), by=who, note="\n".join(texts), measure=measure.value
    )
    item.interim_on = work.today
    await file_with(work, item, event, collected)
    await tell(work, item, event, *_TOLD)
    told: set[str] = set()  # complaints: who reported it twice hears it once
    for case in await cases_told_of(work, item):
        told |= await say_to_reporter(work, case, MessageKind.TEXT, key="made_safe", but=told, measure=measure.value)
    return item


def _check(who: Member, item: RectificationItem) -> None:
    ITEM.step(item.state, "report_interim", who.actors_at_item(item))
    if not awaits_interim(item):
        raise Impossible("report_interim", item.state)
