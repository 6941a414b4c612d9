"""Special campaigns (专项整治) and what a higher level hands down (上级交办), as the office enters them.

Those of the county file and those that are entered here are the same records: items choose among both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex
from typing import Any

from models.audit import Audited
from models.origins import Campaign, HandDown
from models.states import NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.register_pages import Page, page_of
from services.unit_of_work import UnitOfWork

LONGEST_NAME = 200
LONGEST_BODY = 100  # of who hands it down, and who answers for it
LONGEST_NUMBER = 100
LONGEST_ASPECT = 100
LONGEST_TERM_DAYS = 3 * 366
_PART_SIGNS = "-－—–·•*　 \t"


class EndsBeforeItBegins(Exception):
    """A campaign would end before it begins, or something be due before it came."""


class UnfitAspects(Exception):
    """The aspects that were written are no tree: `line` is the first that is wrong, and `reason` why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"{line}: {reason}")
        self.line, self.reason = line, reason


@dataclass(frozen=True)
class NewHandDown:
    """What is handed down: by whom, under which number, to whom it falls, and what it finds."""

    name: str
    origin: str
    number: str
    receiving_body: str
    came_on: date
    due_on: date
    aspects: Sequence[dict[str, Any]]


def read_aspects(text: str) -> list[dict[str, Any]]:
    """Return the tree that is written in lines: an aspect each, and below it, behind a stroke or a space, its parts.

    Raises UnfitAspects for a part without an aspect, a name that is too long, and one that stands there twice.
    """
    found: list[dict[str, Any]] = []
    names: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        name = line.strip(_PART_SIGNS)
        if not name:
            continue
        if len(name) > LONGEST_ASPECT:
            raise UnfitAspects(number, "too_long")
        if name in names:
            raise UnfitAspects(number, "twice")
        names.add(name)
        if line[0] not in _PART_SIGNS:
            found.append({"name": name, "parts": []})
        elif found:
            found[-1]["parts"].append(name)
        else:
            raise UnfitAspects(number, "no_aspect")
    return found


def enters_origins(who: Member) -> bool:
    """Whether somebody enters campaigns and hand-downs: the office."""
    return who.is_office


async def begin_campaign(
    work: UnitOfWork, who: Member, name: str, category: str, begins_on: date, ends_on: date
) -> Campaign:
    """Enter a campaign, which items can be of at once. Raises EndsBeforeItBegins or NotEntitled."""
    _require_office(who)
    if ends_on < begins_on:
        raise EndsBeforeItBegins
    campaign = Campaign(
        id=f"C{token_hex(4)}", name=name, category=category, begins_on=begins_on, ends_on=ends_on, closed_on=None
    )
    work.session.add(campaign)
    await work.session.flush()
    await record(work, Audited.CAMPAIGN_BEGUN, by=who.id, subject=campaign.id)
    return campaign


async def close_campaign(work: UnitOfWork, who: Member, campaign_id: str) -> Campaign:
    """End a campaign: no item is chosen to be of it any more; those that are go on. Raises NotEntitled."""
    campaign = await campaign_seen(work, who, campaign_id)
    campaign.closed_on = campaign.closed_on or work.today
    await work.session.flush()
    await record(work, Audited.CAMPAIGN_CLOSED, by=who.id, subject=campaign.id)
    return campaign


async def go_on_with_campaign(work: UnitOfWork, who: Member, campaign_id: str) -> Campaign:
    """Take it back that a campaign was closed. Raises NotEntitled."""
    campaign = await campaign_seen(work, who, campaign_id)
    campaign.closed_on = None
    await work.session.flush()
    await record(work, Audited.CAMPAIGN_BEGUN, by=who.id, subject=campaign.id)
    return campaign


async def enter_hand_down(work: UnitOfWork, who: Member, new: NewHandDown) -> HandDown:
    """Enter what was handed down, which items can come from at once. Raises EndsBeforeItBegins or NotEntitled."""
    _require_office(who)
    if new.due_on < new.came_on:
        raise EndsBeforeItBegins
    hand_down = HandDown(
        id=f"H{token_hex(4)}",
        name=new.name,
        origin=new.origin,
        number=new.number,
        receiving_body=new.receiving_body,
        came_on=new.came_on,
        due_on=new.due_on,
        aspects=list(new.aspects),
        kinds=[],
    )
    work.session.add(hand_down)
    await work.session.flush()
    await record(work, Audited.HAND_DOWN_ENTERED, by=who.id, subject=hand_down.id)
    return hand_down


async def campaign_seen(work: UnitOfWork, who: Member, campaign_id: str) -> Campaign:
    """Return a campaign for the office. Raises NotEntitled."""
    _require_office(who)
    campaign = await work.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotEntitled
    return campaign


async def hand_down_seen(work: UnitOfWork, who: Member, hand_down_id: str) -> HandDown:
    """Return what was handed down, for the office. Raises NotEntitled."""
    _require_office(who)
    hand_down = await work.session.get(HandDown, hand_down_id)
    if hand_down is None:
        raise NotEntitled
    return hand_down


async def campaigns(work: UnitOfWork, after: str | None = None) -> Page[Campaign]:
    """Return a page of the campaigns, the newest first."""
    return await page_of(work, Campaign, Campaign.begins_on, _is_seen, after=after, latest_first=True)


async def hand_downs(work: UnitOfWork, after: str | None = None) -> Page[HandDown]:
    """Return a page of what was handed down, the newest first."""
    return await page_of(work, HandDown, HandDown.came_on, _is_seen, after=after, latest_first=True)


async def _is_seen(_row: object) -> bool:
    return True


def _require_office(who: Member) -> None:
    if not enters_origins(who):
        raise NotEntitled
