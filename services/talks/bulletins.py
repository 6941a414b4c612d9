"""Bulletins (通报): drafted from facts of unit and item, edited, approved by the director, and then told to others.

Nothing in one says where a finding came from. Before it is sent, no other unit learns anything of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from models.audit import Audited
from models.bulletins import Bulletin, BulletinGround
from models.deadlines import Audience, days_overdue
from models.rectification import ItemEvent, RectificationItem
from models.staff import Role
from models.states import BULLETIN, OFFICE_ACTORS, Actor, BulletinState, Impossible, NotEntitled
from services.access.conflicts import named_behind_items
from services.access.member import Member
from services.audit.log import record
from services.cases.masking import hidden
from services.docket.words import fit_to_keep
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.audiences import audiences
from services.rectification.review_item import ReturnReason
from services.register_pages import Page, page_of
from services.talks.notices import BulletinDrafted, BulletinSent
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE, Words
from texts.dates import day_with_year

LONGEST_BULLETIN = 1500  # characters
CANDIDATES = 20  # shown at most
_LATELY = timedelta(days=60)  # what was returned or came again since then may still be told
# What a submission was sent back for that others are to hear of: it was empty, or it happened again meanwhile.
_GROUNDS = {
    ReturnReason.REUSED_PHOTO: BulletinGround.EMPTY,
    ReturnReason.PAPER_ONLY: BulletinGround.EMPTY,
    ReturnReason.SURFACE: BulletinGround.EMPTY,
    ReturnReason.PERFUNCTORY: BulletinGround.EMPTY,
    ReturnReason.FALSIFIED: BulletinGround.EMPTY,
    ReturnReason.DONE_ANEW: BulletinGround.AGAIN,
}
_LONGEST_PROBLEM = 300


@dataclass(frozen=True)
class BulletinSeen:
    """A bulletin with its item, as one person sees it."""

    bulletin: Bulletin
    item: RectificationItem
    actors: frozenset[Actor]


@dataclass(frozen=True)
class Candidate:
    """An item of which a bulletin may be written, and why."""

    item: RectificationItem
    ground: BulletinGround


# ---- drafting


async def draft(
    work: UnitOfWork, item: RectificationItem, ground: BulletinGround, who: Member | None = None
) -> Bulletin:
    """Draft a bulletin about an item from facts of unit and item; the directors are told where nobody drafted it."""
    bulletin = Bulletin(
        item_id=item.id,
        ground=ground,
        state=BulletinState.DRAFT,
        made_on=work.today,
        text=await _drafted(work, item, ground),
        by_id=who.id if who else None,
    )
    work.session.add(bulletin)
    await work.session.flush()
    if who is None:
        directors = (await audiences(work, of=[item.id])).told(item, [Audience.OFFICE_DIRECTOR])
        for staff_id in directors:
            outgoing = OutgoingMessage(BulletinDrafted(bulletin.id))
            await work.outbox.to_staff(staff_id, outgoing, priority=Priority.NOTICE)
    return bulletin


async def draft_by_hand(
    work: UnitOfWork, who: Member, item_id: str, ground: BulletinGround = BulletinGround.BY_HAND
) -> Bulletin:
    """Draft a bulletin, as the office; one that is a draft already is returned as it is. Raises NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id, by=OFFICE_ACTORS)
    waiting = select(Bulletin).where(Bulletin.item_id == item.id, Bulletin.state == BulletinState.DRAFT).limit(1)
    found = await work.session.scalar(waiting)
    if found is not None:
        return found
    bulletin = await draft(work, item, ground, who)
    await _note(work, who, BulletinSeen(bulletin, item, frozenset()), "draft")
    return bulletin


async def _drafted(work: UnitOfWork, item: RectificationItem, ground: BulletinGround) -> str:
    words, unit = Words(SOURCE), (await work.directory()).units[item.unit_id].name
    problem = " ".join(item.problem.split())[:_LONGEST_PROBLEM]
    facts = {
        "unit": unit,
        "problem": problem,
        "issued": day_with_year(words, item.issued_on),
        "due": day_with_year(words, item.due_on),
        "days": days_overdue(item, work.today),
        "returns": item.returns,
    }
    parts = [words.plain("talk.bulletin_facts", **facts)]
    if facts["days"]:
        parts.append(words.plain("talk.bulletin_overdue", **facts))
    if item.returns:
        parts.append(words.plain("talk.bulletin_returns", **facts))
    parts.append(words.plain(f"talk.bulletin_ground_{ground}", **facts))
    parts.append(words.plain("talk.bulletin_end", **facts))
    [text] = hidden(["".join(parts)], SOURCE)
    return text


# ---- reading


async def bulletin_seen(work: UnitOfWork, who: Member, bulletin_id: str, *, to_change: bool = False) -> BulletinSeen:
    """Return a bulletin that the office may see, or once it was sent whoever it went to; else raise NotEntitled."""
    found = await work.session.get(Bulletin, bulletin_id)
    if found is None:
        raise NotEntitled
    item_query = select(RectificationItem).where(RectificationItem.id == found.item_id)
    query = select(Bulletin).where(Bulletin.id == bulletin_id)
    if to_change:  # items are locked before what follows from them
        item_query, query = item_query.with_for_update(), query.with_for_update()
    item = (await work.session.scalars(item_query.execution_options(populate_existing=True))).one()
    bulletin = (await work.session.scalars(query.execution_options(populate_existing=True))).one()
    at_item = who.actors_at_item(item)
    is_sent_to = bulletin.state is BulletinState.SENT and (at_item or _is_for(who, bulletin, item))
    if not at_item & OFFICE_ACTORS and not is_sent_to:
        raise NotEntitled
    return BulletinSeen(bulletin, item, at_item & OFFICE_ACTORS)


def _is_for(who: Member, bulletin: Bulletin, item: RectificationItem) -> bool:
    """Whether a bulletin that went to all heads went to somebody; whoever is named behind the item was left out."""
    return bulletin.is_for_all and who.has(Role.UNIT_HEAD) and item.id not in who.shut_out_of_items


async def bulletins(work: UnitOfWork, who: Member, after: str | None = None) -> Page[Bulletin]:
    """Return a page of bulletins: the drafts for the office, for others what was sent to them."""

    async def is_seen(bulletin: Bulletin) -> bool:
        try:
            await bulletin_seen(work, who, bulletin.id)
        except NotEntitled:
            return False
        return True

    state = BulletinState.DRAFT if who.is_office else BulletinState.SENT
    return await page_of(work, Bulletin, Bulletin.made_on, is_seen, Bulletin.state == state, after=after)


async def candidates(work: UnitOfWork, who: Member) -> list[Candidate]:
    """Return items of which the office may write a bulletin and has not: handed in empty, or come again, lately."""
    if not who.is_office:
        return []
    told = select(Bulletin.item_id).where(
        Bulletin.item_id == ItemEvent.item_id, Bulletin.made_on >= work.today - _LATELY
    )
    query = (
        select(ItemEvent)
        .where(ItemEvent.event.in_(("return", "reopen")), ItemEvent.at >= work.now - _LATELY, ~told.exists())
        .order_by(ItemEvent.at.desc(), ItemEvent.item_id)
        .limit(200)
    )
    found: dict[str, Candidate] = {}
    for event in list(await work.session.scalars(query)):
        ground = _ground_in(event)
        item = await work.session.get_one(RectificationItem, event.item_id)
        if ground is not None and item.id not in found and who.actors_at_item(item) & OFFICE_ACTORS:
            found[item.id] = Candidate(item, ground)
        if len(found) == CANDIDATES:
            break
    return list(found.values())


def _ground_in(event: ItemEvent) -> BulletinGround | None:
    if event.event == "reopen":
        return BulletinGround.AGAIN
    reason = event.detail.get("reason")
    return next((ground for one, ground in _GROUNDS.items() if one.value == reason), None)


# ---- its steps


async def may(work: UnitOfWork, who: Member, bulletin_id: str, action: str) -> BulletinSeen:
    """Return a bulletin, locked, that somebody may do an action to. Raises Impossible or NotEntitled."""
    seen = await bulletin_seen(work, who, bulletin_id, to_change=True)
    BULLETIN.step(seen.bulletin.state, action, seen.actors)
    if action == "send_to_all" and seen.item.desk is not None:
        raise Impossible(action, seen.bulletin.state)  # of what lies before one pair of eyes nobody else learns
    return seen


async def edit(work: UnitOfWork, who: Member, bulletin_id: str, text: str) -> BulletinSeen:
    """Write a bulletin anew; what leads to a reporter is masked. Raises ContainsContact, Impossible or NotEntitled."""
    seen = await may(work, who, bulletin_id, "edit")
    seen.bulletin.text = await fit_to_keep(work, who, text[:LONGEST_BULLETIN], item=seen.item)
    seen.bulletin.by_id = who.id
    await _step(work, who, seen, "edit")
    return seen


async def send_to_unit(work: UnitOfWork, who: Member, bulletin_id: str) -> BulletinSeen:
    """Approve a bulletin and send it to the head of the unit, the liaison and the county leader."""
    seen = await may(work, who, bulletin_id, "send_to_unit")
    people = (await audiences(work, of=[seen.item.id])).told(
        seen.item, [Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER]
    )
    await _send(work, who, seen, "send_to_unit", people)
    return seen


async def send_to_all(work: UnitOfWork, who: Member, bulletin_id: str) -> BulletinSeen:
    """Approve a bulletin and send it to the heads of all units, and to the unit's liaison and county leader.

    Whoever is named in a case behind the item is left out.
    """
    seen = await may(work, who, bulletin_id, "send_to_all")
    near = (await audiences(work, of=[seen.item.id])).told(
        seen.item, [Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER]
    )
    named = (await named_behind_items(work.session, [seen.item.id])).get(seen.item.id, set())
    heads = [one.id for one in (await work.directory()).with_roles(Role.UNIT_HEAD) if one.id not in named]
    seen.bulletin.is_for_all = True
    await _send(work, who, seen, "send_to_all", [*near, *heads])
    return seen


async def discard(work: UnitOfWork, who: Member, bulletin_id: str) -> BulletinSeen:
    """Send no bulletin after all. Raises Impossible or NotEntitled."""
    seen = await may(work, who, bulletin_id, "discard")
    seen.bulletin.decided_by_id, seen.bulletin.decided_on = who.id, work.today
    await _step(work, who, seen, "discard")
    return seen


async def _send(work: UnitOfWork, who: Member, seen: BulletinSeen, action: str, people: Iterable[str]) -> None:
    seen.bulletin.decided_by_id, seen.bulletin.decided_on = who.id, work.today
    await item_log.log_event(work, seen.item, "bulletin", by=who)
    outgoing = OutgoingMessage(BulletinSent(seen.bulletin.id))
    await work.outbox.to_each(dict.fromkeys(people), outgoing, once=f"bulletin:{seen.bulletin.id}")
    await _step(work, who, seen, action)


async def _step(work: UnitOfWork, who: Member, seen: BulletinSeen, action: str) -> None:
    seen.bulletin.state = BULLETIN.step(seen.bulletin.state, action, seen.actors)
    await work.session.flush()
    await _note(work, who, seen, action)


async def _note(work: UnitOfWork, who: Member, seen: BulletinSeen, name: str) -> None:
    await record(work, Audited.BULLETIN_MOVED, by=who.id, subject=seen.item.id, step=name, unit=seen.item.unit_id)
