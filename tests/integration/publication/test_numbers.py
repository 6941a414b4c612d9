"""The public numbers of a round: counted when approval is asked for, never small, never to be worked out."""

from collections.abc import Collection

import pytest

from handlers.publication.results import results_of
from models.base import coarse, random_id
from models.complaints import Case, Complaint
from models.desk import DIRECTOR_DESK, Desk
from models.rectification import RectificationItem
from models.rounds import Assignment
from models.share import Share
from models.states import CaseState, ItemState
from models.urgency import Urgency
from services.cases.case_log import open_case
from services.evaluation.report import ReportView, report_of
from services.publication.content import Findings, MoneyRecovered, PublicRound
from services.publication.publications import ask_for_approval, begin, enter_villages, shown_content
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.publication.story import CLERK, DIRECTOR, LEADING_GROUP, ROUND, approved_by
from tests.integration.rectification.conftest import who
from texts.catalogue import Words

SOLVED, SO_SO, NOT_SOLVED = 3, 2, 1
UNITS = {"U1": "竹坞镇党委", "U2": "石蒲镇党委", "U3": "枫汊乡党委"}


async def rated(work: UnitOfWork, unit_id: str, marks: Collection[int], **facts: object) -> None:
    """Enter complaints about a unit whose reporters said how satisfied they are."""
    for mark in marks:
        complaint = Complaint(
            round_id=ROUND, receipt_digest=random_id(), received_at=coarse(work.now), satisfaction=mark
        )
        work.session.add(complaint)
        await work.session.flush()
        values = {"desk": Desk.team("T1"), "team_id": "T1", "urgency": Urgency.NORMAL, "category": "road"} | facts
        case = Case(round_id=ROUND, unit_id=unit_id, **values)
        await open_case(work, case, complaint.id, "assign")
        case.state, case.is_open = CaseState.CLOSED, False
    await work.session.flush()


async def found(work: UnitOfWork, unit_id: str, count: int, *, cleared: int = 0, late: int = 0) -> None:
    """Enter items of a unit, of which some are cleared, and some of these were late."""
    for number in range(count):
        is_cleared = number < cleared
        item = RectificationItem(
            id=f"RI{unit_id[1:]}{number:05d}",
            round_id=ROUND,
            unit_id=unit_id,
            team_id="T1",
            category="road",
            source="feedback",
            problem="问题",
            requirement="",
            issued_on=work.today,
            due_on=work.today.replace(day=1) if number < late else work.today,
            state=ItemState.CLEARED if is_cleared else ItemState.IN_PROGRESS,
            state_since=work.today,
            submitted_on=work.today if is_cleared else None,
            is_open=not is_cleared,
        )
        work.session.add(item)
    await work.session.flush()


async def composed(work: UnitOfWork) -> PublicRound:
    """Return what would be public now."""
    return await shown_content(work, await begin(work, await who(work, CLERK), ROUND))


async def published(work: UnitOfWork) -> PublicRound:
    """Publish a version and return what is public."""
    publication = await begin(work, await who(work, CLERK), ROUND)
    await ask_for_approval(work, await who(work, CLERK), publication.id)
    await approved_by(work, publication, DIRECTOR, LEADING_GROUP)
    return await shown_content(work, publication)


def satisfied(content: PublicRound) -> dict[str, Share]:
    return {one.unit: one.satisfied for one in content.units if one.satisfied}


async def test_problems_are_counted_as_found_solved_and_solved_in_time(county: OpenWork) -> None:
    async with county() as work:
        await found(work, "U1", 9, cleared=6, late=2)
        await found(work, "U2", 7, cleared=7)
        content = await composed(work)
        # One item each of U1 and U3 is in the sample: RI02, not done, and RI08, done within its time.
        assert content.findings == Findings(18, 14, 12)
        by_unit = {one.unit: one.findings for one in content.units if one.findings}
        assert by_unit == {UNITS["U1"]: Findings(10, 6, 4)}, "U3 has one, and takes the next smallest with it"


async def test_an_item_for_one_pair_of_eyes_is_not_counted(county: OpenWork) -> None:
    async with county() as work:
        await found(work, "U1", 9)
        before = (await composed(work)).findings
        await found(work, "U2", 1)
        (await work.session.get_one(RectificationItem, "RI200000")).desk = Desk.leader("T2")
        await work.session.flush()
        assert (await composed(work)).findings == before


async def test_the_satisfied_are_shown_of_all_who_said_so(county: OpenWork) -> None:
    async with county() as work:
        await rated(work, "U1", [SOLVED] * 12 + [SO_SO] * 4 + [NOT_SOLVED] * 3)
        content = await composed(work)
        assert content.satisfied == Share(12, 19)
        assert satisfied(content) == {}, "alone it would follow from the total that no other unit has any"


async def test_what_came_of_the_solved_problems_is_summed_over_the_round_and_never_told_of_few(
    county: OpenWork,
) -> None:
    async with county() as work:
        await found(work, "U1", 7, cleared=6)
        for number in range(7):  # the first lies on a desk for one, the last is not solved
            item = await work.session.get_one(RectificationItem, f"RI1{number:05d}")
            item.households_done, item.households_total = 2, 2
            item.money_recovered, item.people_dealt_with = 1000, 1
            item.desk = DIRECTOR_DESK if number == 0 else None
        (await work.session.get_one(RectificationItem, "RI08")).money_recovered = None
        await work.session.flush()
        content = await published(work)
        assert content.outcomes.households == Share(10, 10)
        assert content.outcomes.money == MoneyRecovered(5000, 5)
        assert content.outcomes.people == 5
        said = "\n".join(results_of(content, Words("en")).numbers)
        assert "Recovered: 5,000 yuan (5 problems)" in said
        assert "People dealt with: 5" in said
        (await work.session.get_one(RectificationItem, "RI100006")).state = ItemState.CLEARED
        await work.session.flush()
        assert (await composed(work)).outcomes == content.outcomes  # one more would be told of
        report = await report_of(work, await who(work, DIRECTOR), ROUND, ReportView.LIVE)
        assert report.outcomes.people_dealt_with == 6


@pytest.mark.parametrize(
    "marks", [[SOLVED] * 4, [SOLVED] * 8 + [NOT_SOLVED], [NOT_SOLVED] * 9, [SOLVED] * 4 + [NOT_SOLVED] * 6]
)
async def test_a_count_below_five_is_not_shown(county: OpenWork, marks: list[int]) -> None:
    async with county() as work:
        await rated(work, "U1", marks)
        content = await composed(work)
        assert content.satisfied is None
        assert satisfied(content) == {}


async def test_a_small_unit_does_not_follow_from_the_others(county: OpenWork) -> None:
    async with county() as work:
        await rated(work, "U1", [SOLVED] * 20)
        await rated(work, "U2", [SOLVED] * 9)
        await rated(work, "U3", [SOLVED] * 2)
        content = await composed(work)
        assert content.satisfied == Share(31, 31)
        assert satisfied(content) == {UNITS["U1"]: Share(20, 20)}


async def test_one_more_rating_does_not_follow_from_the_next_version(county: OpenWork) -> None:
    async with county() as work:
        await rated(work, "U1", [SOLVED] * 20)
        await rated(work, "U2", [SOLVED] * 9)
        first = await published(work)
        await rated(work, "U1", [NOT_SOLVED])
        second = await published(work)
        assert (second.satisfied, satisfied(second)) == (first.satisfied, satisfied(first))
        await rated(work, "U1", [NOT_SOLVED] * 4)
        third = await published(work)
        assert third.satisfied == Share(29, 34)
        assert satisfied(third) == {UNITS["U1"]: Share(20, 25)}


async def test_what_is_for_one_pair_of_eyes_counts_in_nothing(county: OpenWork) -> None:
    async with county() as work:
        await rated(work, "U1", [SOLVED] * 9)
        await rated(work, "U1", [NOT_SOLVED] * 5, desk=Desk.leader("T1"))
        await rated(work, "U1", [NOT_SOLVED] * 5, concerns_head=True)
        assert (await composed(work)).satisfied == Share(9, 9)


async def test_what_was_withdrawn_does_not_count_and_one_complaint_counts_once(county: OpenWork) -> None:
    async with county() as work:
        await rated(work, "U1", [SOLVED] * 10)
        complaints = [one async for one in await work.session.stream_scalars(Complaint.__table__.select())]
        first = await work.session.get_one(Complaint, complaints[0])
        first.withdrawn_at = coarse(work.now)
        other = Case(
            round_id=ROUND, unit_id="U2", desk=Desk.team("T2"), team_id="T2", urgency=Urgency.NORMAL, category="road"
        )
        await open_case(work, other, complaints[1], "assign")
        assert (await composed(work)).satisfied == Share(9, 9)


async def test_villages_are_those_of_the_rounds_units_and_no_more_are_visited_than_there_are(county: OpenWork) -> None:
    async with county() as work:
        clerk = await who(work, CLERK)
        publication = await begin(work, clerk, ROUND)
        await enter_villages(work, clerk, publication.id, 12)
        assert (await composed(work)).villages_visited == Share(12, 12)
        with pytest.raises(ValueError, match="villages"):
            await enter_villages(work, clerk, publication.id, 13)
        await work.session.delete(await work.session.get_one(Assignment, (ROUND, "U1")))
        await work.session.flush()
        assert (await composed(work)).villages_visited == Share(8, 8)


async def test_no_number_of_complaints_is_in_what_is_public(county: OpenWork) -> None:
    async with county() as work:
        empty = (await composed(work)).pack()
        for village_id in ("V01", "V02"):
            for _ in range(7):
                complaint = Complaint(
                    round_id=ROUND, village_id=village_id, receipt_digest=random_id(), received_at=coarse(work.now)
                )
                work.session.add(complaint)
                await work.session.flush()
                case = Case(
                    round_id=ROUND, unit_id="U1", village_id=village_id, desk=Desk.team("T1"), team_id="T1",
                    urgency=Urgency.NORMAL, category="road",
                )  # fmt: skip
                await open_case(work, case, complaint.id, "assign")
        assert (await composed(work)).pack() == empty
