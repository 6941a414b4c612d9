"""The regulation, row by row: what happens with an item, and on which days whom the clock tells of it.

All rows are played at once on one county, from the sample's own Sunday on, with a tick as working hours begin each day,
working day or not, and one after whatever happens. A row says everything that is told of its item until the end.
"""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from channels.telegram.address import address_of
from models.rectification import OVERTAKEN, ItemPaper, RectificationItem, Reminder, WarningCard
from models.rounds import County
from models.staff import Role, Staff, StaffAddress, StaffRole
from models.states import Actor, PaperKind
from services.people.leaving import leave
from services.rectification.issue_item import issue_item
from services.rectification.item_log import step
from services.rectification.papers import AskedTooLate, grant_extension, hand_in
from services.rectification.remind import remind_unit_heads
from services.rectification.review_item import ReturnReason, return_item
from services.rectification.unit_actions import acknowledge, submit
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.talks.cards import give_card
from services.unit_of_work import More, UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import at, who
from tests.items import new_item
from tests.sample import SAMPLE

FIRST, LAST = date(2026, 11, 22), date(2027, 1, 8)
ROLES = {"P03": "director", "P04": "office", "NEW": "newcomer"}
ROLES |= {f"P{number:02d}": "team" for number in range(5, 14)}
ROLES |= {f"P{number}": "head" for number in range(14, 20)}
ROLES |= {f"P{number}": "liaison" for number in range(20, 23)} | {f"P{number}": "leader" for number in range(23, 26)}

Act = Callable[[UnitOfWork, str], Awaitable[object]]


def on(day: str, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of the winter that is played."""
    month, number = map(int, day.split("-"))
    return at(number, hour, minute, month=month, year=2026 if month > 1 else 2027)


# ---- what happens


def by(staff_id: str, action: Callable[..., Awaitable[object]], *words: object) -> Act:
    """Somebody does something with the item, by a press."""

    async def act(work: UnitOfWork, item_id: str) -> None:
        await action(work, await who(work, staff_id), item_id, *words)

    return act


def goes_on(*actions: tuple[str, Actor]) -> Act:
    """Others go on with what was handed in, whatever papers and proofs they were to see."""

    async def act(work: UnitOfWork, item_id: str) -> None:
        item = await work.session.get_one(RectificationItem, item_id)
        for action, actor in actions:
            await step(work, item, action, {actor}, by=None)

    return act


PASSED, SIGNED = ("pass", Actor.TEAM_MEMBER), ("countersign", Actor.COUNTY_LEADER)
CLEARED = ("clear", Actor.OFFICE_DIRECTOR)


MORE_TIME = {"until": "2027-01-04", "why": "雨天没法施工。"}


async def director_gives_more_time(work: UnitOfWork, item_id: str) -> None:
    query = select(ItemPaper.id).where(ItemPaper.item_id == item_id, ItemPaper.kind == PaperKind.EXTENSION)
    [paper_id] = await work.session.scalars(query)
    await grant_extension(work, await who(work, "P03"), paper_id, "同意。")


def is_refused(act: Act, why: type[Exception]) -> Act:
    """Something is tried, and is not to be."""

    async def refused(work: UnitOfWork, item_id: str) -> None:
        with pytest.raises(why):
            await act(work, item_id)

    return refused


asks_for_more_time = by("P19", hand_in, PaperKind.EXTENSION, MORE_TIME)


async def head_of_u4_is_replaced(work: UnitOfWork, _item_id: str) -> None:
    await leave(work, "P17")
    work.session.add(Staff(id="NEW", name="简宁"))
    await work.session.flush()
    work.session.add(StaffRole(staff_id="NEW", role=Role.UNIT_HEAD, unit_id="U4"))
    work.session.add(StaffAddress(address=address_of(7_999_999_999), staff_id="NEW", position=0))


def due_date_moves(day: str) -> Act:
    """The due date of the item is set anew, as a county's file does it."""

    async def act(work: UnitOfWork, item_id: str) -> None:
        item = await work.session.get_one(RectificationItem, item_id)
        item.due_on, item.deadline_version = on(day).date(), item.deadline_version + 1

    return act


IMPORTED = {"RI04": {"unit": "枫汊乡党委"}, "RI05": {"new_due": "2027-01-20"}}


async def county_is_imported_again(work: UnitOfWork, _item_id: str) -> None:
    """The county's file is imported once more: in it an item is another unit's, and one has a new due date."""
    county = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for item in county["rectification_items"]:
        item.update(IMPORTED.get(item["id"], {}))
    await import_county(work, read_county(json.dumps(county)))


async def state_council_moves_a_holiday(work: UnitOfWork, _item_id: str) -> None:
    county = await work.session.get_one(County, 1)
    county.settings = county.settings | {"extra_holidays": ["2027-01-01"], "extra_workdays": ["2027-01-10"]}


# ---- the rows


@dataclass(frozen=True)
class Row:
    """One row of the regulation."""

    words: str
    item: tuple[str, str, str, str | None] | str  # issued, due, unit and county leader; or one of the sample
    happens: tuple[tuple[datetime, Act], ...]
    told: dict[str, str]
    hazard: bool = False


UNIT, ALL = "head liaison", "head liaison leader"
DONE = "已经整改，附照片。"

REGULATION = (
    Row(
        "The unit hears twenty days before the due day, its county leader too from ten days on; a Saturday's word "
        "comes on Monday. Overdue it hears after one, three and five days, then weekly; after five the director is "
        "asked for a yellow card.",
        ("11-23", "12-22", "U1", "P25"),
        ((on("11-24", 10), by("P14", acknowledge)),),
        {
            "12-02": UNIT,
            "12-14": ALL,
            "12-21": ALL,
            "12-23": ALL,
            "12-25": ALL,
            "12-28": f"{ALL} director",
            "01-04": ALL,
        },
    ),
    Row(
        "What is not acknowledged is told after three working days, and after five to the leader as well. What is "
        "handed in lies with the reviewers: they hear after seven days, but for who is recused, and then the director "
        "with them; past the due day the unit hears that it is not cleared yet.",
        ("11-27", "12-26", "U3", "P24"),
        (
            (on("12-04", 15), by("P16", acknowledge)),
            (on("12-05", 10), by("P16", submit, [DONE], [])),
        ),
        {
            "12-02": UNIT,
            "12-04": ALL,
            "12-14": "team",
            "12-21": "team director",
            "12-28": "team director",
            "01-04": "team director",
            "01-07": ALL,
        },
    ),
    Row(
        "Half time is told once, with a plan that is asked for a week before it is due, and weekly from the day after.",
        ("11-23", "01-10", "U1", "P25"),
        ((on("11-24", 10), by("P14", acknowledge)),),
        {"12-16": UNIT, "12-17": ALL, "12-21": UNIT, "12-24": ALL, "12-31": ALL, "01-07": ALL},
    ),
    Row(
        "A due date moved on a Saturday afternoon: what Saturday morning had brought is not told on Monday.",
        ("11-23", "11-27", "U2", "P23"),
        (
            (on("11-24", 10), by("P15", acknowledge)),
            (on("11-28", 15), due_date_moves("12-31")),
        ),
        {
            "11-24": ALL,
            "12-11": UNIT,
            "12-21": ALL,
            "12-28": ALL,
            "01-04": ALL,  # one day and three after it, of which New Year's day is none for this
            "01-05": f"{ALL} director",
        },
    ),
    Row(
        "A due date moved when the day's message is out: what the new one brings for that day comes with the next.",
        ("11-23", "12-03", "U2", "P23"),
        (
            (on("11-24", 10), by("P15", acknowledge)),
            (on("11-30", 17), due_date_moves("12-10")),
            (on("12-08", 10), by("P15", submit, [DONE], [])),
            (on("12-09", 10), goes_on(PASSED)),
            (on("12-10", 10), goes_on(SIGNED, CLEARED)),
        ),
        {"11-30": ALL, "12-01": ALL, "12-07": ALL},
    ),
    Row(
        "Two cards wait for the director at once, this one for being overdue. Given, it has spent its grounds; the red "
        "one comes after twenty days.",
        ("11-23", "11-25", "U5", "P25"),
        (
            (on("11-23", 11), by("P18", acknowledge)),
            (on("12-01", 10), by("P03", give_card, WarningCard.YELLOW)),
        ),
        {
            "11-26": "head leader",
            "11-30": "head leader director",
            "12-07": "head leader",
            "12-14": "head leader",
            "12-15": "director",
            "12-21": "head leader",
            "12-28": "head leader",
            "01-04": "head leader",
        },
    ),
    Row(
        "And this one for two returns, at once; for other grounds it is proposed again. The days with the reviewers "
        "are the unit's to have.",
        ("11-23", "12-20", "U5", "P25"),
        (
            (on("11-23", 11), by("P18", acknowledge)),
            (on("11-24", 10), by("P18", submit, [DONE], [])),
            (on("11-25", 10), by("P08", return_item, ReturnReason.PAPER_ONLY)),
            (on("11-26", 10), by("P18", submit, [DONE], [])),
            (on("11-27", 10), by("P08", return_item, ReturnReason.PAPER_ONLY)),
        ),
        {
            "11-27": "director",
            "12-02": "head",
            "12-14": "head leader",
            "12-21": "head leader",
            "12-23": "head leader",
            "12-25": "head leader",
            "12-28": "head leader director",
            "01-04": "head leader",
        },
    ),
    Row(
        "The head is replaced in the middle: the newcomer hears that day how things stand, the other no more.",
        ("11-23", "12-01", "U4", "P25"),
        (
            (on("11-24", 10), by("P17", acknowledge)),
            (on("12-02", 16), head_of_u4_is_replaced),
            (on("12-08", 10), by("NEW", submit, [DONE], [])),
            (on("12-09", 10), goes_on(PASSED)),
            (on("12-10", 10), goes_on(SIGNED, CLEARED)),
        ),
        {
            "11-30": "head leader",
            "12-02": "head leader newcomer",
            "12-04": "newcomer leader",
            "12-07": "newcomer leader director",
        },
    ),
    Row(
        "A hazard is told on a Sunday, when working hours would begin.",
        ("11-27", "11-28", "U6", "P25"),
        (
            (on("11-27", 11), by("P19", acknowledge)),
            (on("12-01", 15), by("P19", submit, [DONE], [])),
            (on("12-02", 10), goes_on(PASSED, SIGNED, CLEARED)),
        ),
        {"11-29": "head leader", "12-01": "head leader"},
        hazard=True,
    ),
    Row(
        "More time is asked for in the last minute before the due day, which stays until the director, who is reminded "
        "after three days, has given it; then the ladder begins anew.",
        ("11-23", "12-08", "U6", "P25"),
        (
            (on("11-24", 10), by("P19", acknowledge)),
            (on("12-07", 23, 59), asks_for_more_time),
            (on("12-10", 15), director_gives_more_time),
        ),
        {
            "11-30": "head leader",
            "12-07": "head leader",
            "12-09": "head leader",
            "12-10": "director",
            "12-14": "head leader",  # half time of the new term
            "12-15": "head",
            "12-25": "head leader",
            "01-04": "head leader",
            "01-05": "head leader",
            "01-07": "head leader",
        },
    ),
    Row(
        "Asked for a minute later, on the due day itself, it is refused: nobody hears of it, and the due day stays.",
        ("11-23", "12-08", "U6", "P25"),
        (
            (on("11-24", 10), by("P19", acknowledge)),
            (on("12-08"), is_refused(asks_for_more_time, AskedTooLate)),
        ),
        {
            "11-30": "head leader",
            "12-07": "head leader",
            "12-09": "head leader",
            "12-11": "head leader",
            "12-14": "head leader director",
            "12-21": "head leader",
            "12-28": "head leader director",
            "01-04": "head leader",
        },
    ),
    Row(
        "The State Council gives the first of January off: three working days end a day later.",
        ("12-30", "01-28", "U6", "P25"),
        ((on("12-31", 15), state_council_moves_a_holiday),),
        {"01-05": "head", "01-07": "head leader", "01-08": "head"},
    ),
    Row(
        "The sample's: long overdue with a red card, weekly; also under another head.",
        "RI01",
        (),
        {"11-23": "head leader", "11-30": "head leader", "12-02": "newcomer"}
        | dict.fromkeys(("12-07", "12-14", "12-21", "12-28", "01-04"), "newcomer leader"),
    ),
    Row(
        "The sample's: a review is due on the 23rd. Nobody is enrolled at the unit, and the office stands in for it.",
        "RI03",
        (),
        {"11-23": "director office"}
        | dict.fromkeys(("11-30", "12-07", "12-14", "12-21", "12-28", "01-04"), "director office leader"),
    ),
    Row(
        "The sample's: a yellow card is to be proposed on the 23rd. Its unit is merged into another on a Saturday, and "
        "whom that has hears instead of the office.",
        "RI04",
        ((on("12-05", 15), county_is_imported_again),),
        {"11-23": "director office leader", "11-30": "director office leader", "12-07": ALL, "12-08": "director"}
        | dict.fromkeys(("12-14", "12-21", "12-28", "01-04"), ALL),
    ),
    Row(
        "The sample's: imported again with a new date, it is told twenty days before that, and not on the 11th.",
        "RI05",
        (),
        {"12-31": "director office"},
    ),
    Row(
        "The sample's: a red card was to be proposed two days ago, a Friday.",
        "RI07",
        (),
        dict.fromkeys(
            ("11-23", "11-26", "12-03", "12-10", "12-17", "12-24", "12-31", "01-07"), "director office leader"
        ),
    ),
)


# ---- the play


async def test_everybody_is_told_what_the_regulation_says_on_its_day(county: OpenWork) -> None:
    ids, told = await played(county)
    found = {row.words: told[item_id] for row, item_id in zip(REGULATION, ids, strict=True)}
    assert found == {row.words: {day: set(people.split()) for day, people in row.told.items()} for row in REGULATION}


async def played(county: OpenWork) -> tuple[list[str], dict[str, dict[str, set[str]]]]:
    """Play all rows; return the id of each row's item, and by item and day who was told."""
    ids = [row.item if isinstance(row.item, str) else "" for row in REGULATION]
    moments: dict[datetime, list[tuple[int, Act | None]]] = defaultdict(list)
    day = FIRST
    while day <= LAST:
        moments[datetime.combine(day, at(1).timetz())] = []
        day += timedelta(days=1)
    for number, row in enumerate(REGULATION):
        if not isinstance(row.item, str):
            moments[on(row.item[0], 10)].append((number, None))
        for moment, act in row.happens:
            moments[moment].append((number, act))
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    seen: set[int] = set()
    for moment in sorted(moments):
        async with county(now=moment) as work:
            for number, happens in moments[moment]:
                if happens is None:
                    ids[number] = await issued(work, REGULATION[number])
                else:
                    await happens(work, ids[number])
        await tick(county, moment)
        async with county(now=moment) as work:
            for one in await work.session.scalars(select(Reminder).where(Reminder.id.not_in(seen))):
                if not one.waits:
                    seen.add(one.id)
                if not one.waits and one.digest_key != OVERTAKEN:
                    told[one.item_id][f"{moment:%m-%d}"].add(ROLES[one.staff_id])
    return ids, {item_id: dict(days) for item_id, days in told.items()}


async def issued(work: UnitOfWork, row: Row) -> str:
    assert not isinstance(row.item, str)
    _, due, unit, leader = row.item
    order = new_item(unit, "账目不清。", on(due).date(), county_leader_id=leader, hazard=row.hazard)
    return (await issue_item(work, await who(work, "P04"), order)).id


async def tick(county: OpenWork, moment: datetime) -> None:
    goes_on: More | None = More.TO_DO
    while goes_on is More.TO_DO:
        async with county(now=moment) as work:
            goes_on = await remind_unit_heads(work)
