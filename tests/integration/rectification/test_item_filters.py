"""The list of items, narrowed: by unit, state and due day, and to what waits for whoever reads it."""

from datetime import date

import pytest

from models.rectification import RectificationItem
from models.states import ITEM, ItemState
from services.access.member import Member
from services.rectification.list_items import Due, ItemFilter, open_items
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import at, who
from tests.integration.rectification.test_actions import an_ordered_item

# Friday the 20th of November 2026; its week ends on Sunday the 22nd.
TODAY = at(20)
PEOPLE = {
    "director": "P03",
    "office": "P04",
    "leader": "P05",
    "member": "P06",
    "leader of another team": "P08",
    "head": "P14",
    "liaison": "P20",
    "county leader": "P25",
}
LATER_ACTIONS = {"keep_long_term", "reopen", "self_report"}  # nobody waits for these
# nor for these in this state: for half a year, and as long as nothing has changed since it was signed
NOT_AWAITED_IN = {
    ItemState.LONG_TERM: {"submit", "report_long_term"},
    ItemState.COUNTERSIGNED: {"countersign"},
}


async def found_by(work: UnitOfWork, reader: Member, wanted: ItemFilter) -> set[str]:
    """Return the ids of all items of the list, page by page."""
    found: set[str] = set()
    after: str | None = None
    while True:
        page = await open_items(work, reader, after, wanted)
        found |= {one.id for one in page.items}
        if page.more_after is None:
            return found
        after = page.more_after


async def items_due(work: UnitOfWork, *days: date) -> list[RectificationItem]:
    """Order an item for each of some days."""
    items = []
    for day in days:
        item, _ = await an_ordered_item(work)
        item.due_on = day
        items.append(item)
    await work.session.flush()
    return items


async def test_items_are_overdue_due_this_week_or_later(county: OpenWork) -> None:
    async with county(TODAY) as work:
        days = (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23))
        yesterday, today, sunday, monday = [one.id for one in await items_due(work, *days)]
        ours, head = {yesterday, today, sunday, monday}, await who(work, "P14")
        for due, expected in (
            (Due.OVERDUE, {yesterday}),
            (Due.THIS_WEEK, {today, sunday}),
            (Due.LATER, {monday}),
            (None, ours),
        ):
            assert await found_by(work, head, ItemFilter(due=due)) & ours == expected, due


async def test_what_lies_with_its_reviewers_is_not_overdue(county: OpenWork) -> None:
    async with county(TODAY) as work:
        [item] = await items_due(work, date(2026, 11, 19))
        item.state = ItemState.SUBMITTED
        await work.session.flush()
        assert item.id not in await found_by(work, await who(work, "P14"), ItemFilter(due=Due.OVERDUE))


async def test_items_are_of_one_unit_and_in_one_state(county: OpenWork) -> None:
    async with county(TODAY) as work:
        director = await who(work, "P03")
        [item] = await items_due(work, date(2026, 11, 29))
        everything = await found_by(work, director, ItemFilter())
        of_unit = await found_by(work, director, ItemFilter(unit_id="U1"))
        issued = await found_by(work, director, ItemFilter(state=ItemState.ISSUED))
        for chosen in (of_unit, issued):
            assert item.id in chosen
            assert chosen < everything
        assert await found_by(work, director, ItemFilter("U1", ItemState.ISSUED)) == of_unit & issued


@pytest.mark.parametrize("role", PEOPLE)
async def test_what_waits_for_somebody_is_what_they_can_do_something_about(county: OpenWork, role: str) -> None:
    async with county(TODAY) as work:
        reader = await who(work, PEOPLE[role])
        item, _ = await an_ordered_item(work)
        item.county_leader_id = "P25"
        for state in ItemState:
            for team_id in ("T1", None):
                item.state, item.team_id = state, team_id
                await work.session.flush()
                possible = set(ITEM.actions(state, reader.actors_at_item(item)))
                theirs = possible - LATER_ACTIONS - NOT_AWAITED_IN.get(state, set())
                waiting = await found_by(work, reader, ItemFilter(waits_for_reader=True))
                assert (item.id in waiting) == bool(theirs), (state, team_id)


async def test_of_what_lies_on_the_desk_of_one_only_that_one_is_waited_for(county: OpenWork) -> None:
    async with county(TODAY) as work:
        [item] = await items_due(work, date(2026, 11, 29))
        leader, director = await who(work, "P05"), await who(work, "P03")
        item.desk, item.state = next(desk for desk in leader.desks if desk.is_for_one), ItemState.PASSED
        await work.session.flush()
        wanted = ItemFilter(waits_for_reader=True)
        assert item.id in await found_by(work, leader, wanted)
        assert item.id not in await found_by(work, director, wanted)
