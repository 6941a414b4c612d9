"""What a unit writes about an item of its own: the liaison prepares it, the head confirms it, the office decides.

A plan is approved or sent back by the office, more time is given or refused by its director. What is confirmed is
exactly what was prepared: a paper is never changed, only replaced by another one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from models.deadlines import PLANNED, Audience, awaits_midterm
from models.rectification import ItemEvent, ItemPaper, RectificationItem
from models.settings import RectificationSettings
from models.states import (
    ITEM,
    PAPER,
    UNIT_ACTORS,
    WORKING,
    Actor,
    Impossible,
    ItemState,
    NotEntitled,
    PaperKind,
    PaperState,
)
from services.access.member import Member
from services.rectification import item_log
from services.rectification.masking import masked_for_all
from services.rectification.notify import tell
from services.rectification.unit_actions import NothingHandedIn, Numbers, drop_files, keep_for_confirmation, submit
from services.unit_of_work import UnitOfWork

_TO_REPLACE = (PaperState.PREPARED, PaperState.GIVEN_BACK, PaperState.DECLINED)
_DECIDED_ON = frozenset({PaperKind.PLAN, PaperKind.EXTENSION})  # the others nobody has to decide on
# The states in which a decision still matters to the unit's days.
_CLOCK_MAY_RUN = frozenset({*WORKING, ItemState.SUBMITTED})


class NotWanted(Exception):
    """The paper is not asked for now: there is a plan already, half time is answered, more time was asked for."""


class AskedTooLate(Exception):
    """More time can be asked for before the due day, and not on it."""


class TooManyDays(Exception):
    """More time is asked for than can be given."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


@dataclass(frozen=True)
class Paper:
    """A paper with the item that it is about, as somebody may read it now."""

    row: ItemPaper
    item: RectificationItem


async def item_to_write_about(work: UnitOfWork, who: Member, item_id: str, kind: PaperKind) -> RectificationItem:
    """Return an item about which somebody of its unit may write a paper now.

    Raises NotEntitled, Impossible, NotWanted or AskedTooLate.
    """
    item = await item_log.item_to_change(work, who, item_id, by=UNIT_ACTORS)
    if not _is_written_in(item.state, kind):
        raise Impossible(f"write_{kind}", item.state)
    if not is_wanted(item, kind, work.today, await item_log.ladder_of(work, item)):
        raise NotWanted
    if kind is PaperKind.EXTENSION and work.today >= item.due_on:
        raise AskedTooLate
    return item


async def hand_in(work: UnitOfWork, who: Member, item_id: str, kind: PaperKind, content: dict[str, Any]) -> ItemPaper:
    """Keep what somebody of the unit wrote: the head's own is confirmed with it, the liaison's waits for the head.

    What is not confirmed yet of the same kind is replaced. Raises what `item_to_write_about` does, TooManyDays
    and NothingHandedIn.
    """
    item = await item_to_write_about(work, who, item_id, kind)
    if kind is PaperKind.EXTENSION:
        content = content | {"days": await _days_asked_for(work, item, content)}
    if kind is PaperKind.SUBMISSION and not any(content.values()):
        raise NothingHandedIn
    await _replace(work, who, item, kind)
    paper = ItemPaper(
        item_id=item.id, kind=kind, state=PaperState.PREPARED, content=content, by_id=who.id, at=work.now, words=""
    )
    work.session.add(paper)
    await work.session.flush()
    if Actor.UNIT_HEAD in who.actors_at_item(item):
        return await _confirm(work, who, paper, item)
    if kind is PaperKind.SUBMISSION:
        await keep_for_confirmation(work, item, files_of(paper))
    await _note_prepared(work, item)
    event = await _log(work, who, paper, item, "prepare")
    await tell(work, item, event, Audience.UNIT_HEAD)
    return paper


async def confirm(work: UnitOfWork, who: Member, paper_id: str) -> ItemPaper:
    """Confirm what the liaison has prepared, as the head; it goes to whoever decides. Raises as `hand_in` does."""
    found = await _to_change(work, who, paper_id)
    await item_to_write_about(work, who, found.item.id, found.row.kind)
    return await _confirm(work, who, found.row, found.item)


async def give_back(work: UnitOfWork, who: Member, paper_id: str, words: str) -> ItemPaper:
    """Give back what the liaison has prepared, with words. Raises Impossible or NotEntitled."""
    found = await _to_change(work, who, paper_id)
    _step(found.row, "give_back", who.actors_at_item(found.item))
    found.row.words = words
    await _note_prepared(work, found.item)
    event = await _log(work, who, found.row, found.item, "give_back", note=words)
    await tell(work, found.item, event, Audience.LIAISON)
    return found.row


async def approve_plan(work: UnitOfWork, who: Member, paper_id: str) -> ItemPaper:
    """Approve a plan, as the office; the county leader hears of it. Raises Impossible or NotEntitled."""
    found = await _to_change(work, who, paper_id)
    await _decide(work, who, found, "approve_plan", "")
    return found.row


async def decline_plan(work: UnitOfWork, who: Member, paper_id: str, words: str) -> ItemPaper:
    """Send a plan back with words; the unit gets some days for another one. Raises Impossible or NotEntitled."""
    found = await _to_change(work, who, paper_id)
    again = work.today + timedelta(days=(await item_log.ladder_of(work, found.item)).plan_again_days)
    await _decide(work, who, found, "decline_plan", words)
    found.item.plan_due_on = max(found.item.plan_due_on or again, again)
    return found.row


async def grant_extension(work: UnitOfWork, who: Member, paper_id: str, words: str) -> ItemPaper:
    """Give the days that were asked for, with the reason; reminders begin anew. Raises Impossible or NotEntitled."""
    found = await _to_change(work, who, paper_id)
    await _decide(work, who, found, "grant_extension", words)
    days = int(found.row.content["days"])
    found.item.due_on += timedelta(days=days)
    found.item.extension_days += days
    found.item.deadline_version += 1
    return found.row


async def refuse_extension(work: UnitOfWork, who: Member, paper_id: str, words: str) -> ItemPaper:
    """Give no more time, with the reason. Raises Impossible or NotEntitled."""
    found = await _to_change(work, who, paper_id)
    await _decide(work, who, found, "refuse_extension", words)
    return found.row


async def may(work: UnitOfWork, who: Member, paper_id: str, action: str) -> Paper:
    """Return a paper with which somebody may do something now; raise Impossible or NotEntitled."""
    found = await paper_read(work, who, paper_id)
    if action not in possible(who, found):
        raise Impossible(action, found.row.state)
    return found


async def paper_read(work: UnitOfWork, who: Member, paper_id: str) -> Paper:
    """Return a paper to look at; before it is confirmed it is the unit's alone. Raises NotEntitled."""
    row = await work.session.get(ItemPaper, paper_id)
    if row is None:
        raise NotEntitled
    item = await item_log.item_seen(work, who, row.item_id)
    if row.confirmed_by_id is None and not who.actors_at_item(item) & UNIT_ACTORS:
        raise NotEntitled
    return Paper(row, item)


async def papers_of(work: UnitOfWork, who: Member, item: RectificationItem) -> list[ItemPaper]:
    """Return the papers of an item that count now and are somebody's to read, the oldest first."""
    query = select(ItemPaper).where(ItemPaper.item_id == item.id, ItemPaper.state != PaperState.REPLACED)
    found = await work.session.scalars(query.order_by(ItemPaper.at, ItemPaper.id))
    is_own = bool(who.actors_at_item(item) & UNIT_ACTORS)
    return [row for row in found if is_own or row.confirmed_by_id is not None]


async def waiting(work: UnitOfWork, item_ids: Collection[str]) -> dict[str, list[ItemPaper]]:
    """Return the papers that wait for somebody, by their items."""
    query = select(ItemPaper).where(
        ItemPaper.item_id.in_(item_ids), ItemPaper.state.in_((PaperState.PREPARED, PaperState.SUBMITTED))
    )
    found: dict[str, list[ItemPaper]] = {}
    for row in await work.session.scalars(query.order_by(ItemPaper.at, ItemPaper.id)):
        found.setdefault(row.item_id, []).append(row)
    return found


async def to_write(work: UnitOfWork, who: Member, item: RectificationItem) -> list[PaperKind]:
    """Return what somebody of the unit may write about an item now; the head hands a submission in without a paper."""
    actors = who.actors_at_item(item)
    if not actors & UNIT_ACTORS:
        return []
    ladder = await item_log.ladder_of(work, item)
    possible_now = [kind for kind in PaperKind if _is_written_in(item.state, kind)]
    wanted = [kind for kind in possible_now if is_wanted(item, kind, work.today, ladder)]
    if Actor.UNIT_HEAD in actors and PaperKind.SUBMISSION in wanted:
        wanted.remove(PaperKind.SUBMISSION)
    if work.today >= item.due_on and PaperKind.EXTENSION in wanted:
        wanted.remove(PaperKind.EXTENSION)
    return wanted


def possible(who: Member, paper: Paper) -> list[str]:
    """Return what somebody may do with a paper now."""
    actors = who.actors_at_item(paper.item)
    kind, state = paper.row.kind, paper.item.state
    if paper.row.state is PaperState.SUBMITTED and state not in _CLOCK_MAY_RUN:
        return []
    other = {"plan", "extension"} - {kind.value}
    actions = PAPER.actions(paper.row.state, actors)
    return [one for one in actions if one != "replace" and one.partition("_")[2] not in other]


def is_wanted(item: RectificationItem, kind: PaperKind, today: date, ladder: RectificationSettings) -> bool:
    """Whether a paper of a kind is asked for, or may be handed in, as an item stands."""
    match kind:
        case PaperKind.PLAN:
            return item.plan_due_on is not None and item.plan_state not in PLANNED
        case PaperKind.MIDTERM:
            return awaits_midterm(item, today, ladder)
        case PaperKind.EXTENSION:
            return item.extension_state is None  # once
        case PaperKind.SUBMISSION:
            return True


def files_of(paper: ItemPaper) -> list[str]:
    """Return the files that are handed in with a paper."""
    return [file_id for file_id, _ in paper.content.get("files", [])]


def _is_written_in(state: ItemState, kind: PaperKind) -> bool:
    return "submit" in ITEM.actions(state, UNIT_ACTORS) if kind is PaperKind.SUBMISSION else state in WORKING


async def _confirm(work: UnitOfWork, who: Member, paper: ItemPaper, item: RectificationItem) -> ItemPaper:
    target = PaperState.SUBMITTED if paper.kind in _DECIDED_ON else PaperState.FILED
    _step(paper, "confirm", who.actors_at_item(item), target=target)
    paper.confirmed_by_id = who.id
    await _note_prepared(work, item)
    match paper.kind:
        case PaperKind.PLAN:
            item.plan_state, item.plan_since = paper.state, work.today
            told: tuple[Audience, ...] = (Audience.OFFICE,)
        case PaperKind.EXTENSION:
            item.extension_state, item.extension_since = paper.state, work.today
            told = (Audience.OFFICE_DIRECTOR,)
        case PaperKind.MIDTERM:
            item.midterm_answered_on = work.today
            told = (Audience.COUNTY_LEADER, Audience.OFFICE, Audience.REVIEWERS)
        case PaperKind.SUBMISSION:
            numbers = Numbers(**paper.content["numbers"]) if paper.content["numbers"] else None
            await submit(work, who, item.id, paper.content["texts"], files_of(paper), numbers)
            return paper
    event = await _log(work, who, paper, item, "confirm")
    await tell(work, item, event, *told)
    return paper


async def _decide(work: UnitOfWork, who: Member, found: Paper, action: str, words: str) -> None:
    row, item = found.row, found.item
    if action not in possible(who, found):
        PAPER.step(row.state, action, who.actors_at_item(item))  # says why not
        raise Impossible(action, item.state)
    _step(row, action, who.actors_at_item(item))
    row.decided_by_id, row.words = who.id, await masked_for_all(work, who, item, words)
    if row.kind is PaperKind.PLAN:
        item.plan_state, item.plan_since = row.state, work.today
    else:
        item.extension_state, item.extension_since = row.state, work.today
    event = await _log(work, who, row, item, action, note=row.words)
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)


async def _to_change(work: UnitOfWork, who: Member, paper_id: str) -> Paper:
    """Return a paper with its item, locked: the item first, as everywhere."""
    seen = await paper_read(work, who, paper_id)
    item = await item_log.item_to_change(work, who, seen.item.id)
    query = select(ItemPaper).where(ItemPaper.id == paper_id).with_for_update()
    row = (await work.session.scalars(query.execution_options(populate_existing=True))).one()
    return Paper(row, item)


async def _replace(work: UnitOfWork, who: Member, item: RectificationItem, kind: PaperKind) -> None:
    query = select(ItemPaper).where(
        ItemPaper.item_id == item.id, ItemPaper.kind == kind, ItemPaper.state.in_(_TO_REPLACE)
    )
    for before in list(await work.session.scalars(query)):
        _step(before, "replace", who.actors_at_item(item))
        await drop_files(work, files_of(before))


async def _note_prepared(work: UnitOfWork, item: RectificationItem) -> None:
    """Keep at the item since when something waits for the head to confirm it."""
    await work.session.flush()
    query = select(ItemPaper.at).where(ItemPaper.item_id == item.id, ItemPaper.state == PaperState.PREPARED)
    since = await work.session.scalar(query.order_by(ItemPaper.at).limit(1))
    item.prepared_since = None if since is None else since.astimezone(work.zone).date()


async def _days_asked_for(work: UnitOfWork, item: RectificationItem, content: dict[str, Any]) -> int:
    most = (await item_log.ladder_of(work, item)).extension_days
    days = (date.fromisoformat(content["until"]) - item.due_on).days
    if not 0 < days <= most:
        raise TooManyDays(most)
    return days


async def _log(
    work: UnitOfWork, who: Member, paper: ItemPaper, item: RectificationItem, action: str, note: str = ""
) -> ItemEvent:
    name = action if action.endswith(paper.kind) else f"{action}_{paper.kind}"
    await work.session.flush()
    return await item_log.log_event(work, item, name, by=who, note=note, paper=paper.id)


def _step(paper: ItemPaper, action: str, actors: Collection[Actor], *, target: PaperState | None = None) -> None:
    paper.state = PAPER.step(paper.state, action, actors, target=target)
