"""Alarms on the process itself: each is found by sums, told once, and listed until it is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.desk import Desk
from models.evaluation import ProcessAlarm, ProcessAlarmKind
from models.rectification import Evidence, EvidenceKind, ItemEvent, ItemUnit, RectificationItem
from models.rounds import Round
from models.staff import Recusal, RecusalState, StaffAddress
from models.states import ItemState, NotEntitled, RoundState
from services.directory import expire_directory
from services.evaluation.alarms import alarms_for, raise_process_alarms
from services.evaluation.notices import ProcessAlarms
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import at, queued, who
from tests.notices import rendered_for

MONDAY = 23  # of November 2026
Kind = ProcessAlarmKind


async def _happened(work: UnitOfWork, item_id: str, event: str, day: int, month: int = 11, **detail: int) -> None:
    """Let something have happened to an item."""
    item = await work.session.get_one(RectificationItem, item_id)
    item.version += 1
    work.session.add(
        ItemEvent(
            item_id=item_id,
            version=item.version,
            at=at(day, month=month),
            event=event,
            from_state=item.state,
            to_state=item.state,
            detail=detail,
        )
    )
    await work.session.flush()


async def _listed(work: UnitOfWork, staff_id: str) -> dict[Kind, list[str]]:
    found: dict[Kind, list[str]] = {}
    for one in await alarms_for(work, await who(work, staff_id)):
        found.setdefault(one.kind, []).append(one.subject)
    return found


async def test_what_does_not_go_well_is_told_once_and_listed_until_it_is_over(county: OpenWork) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        # Of the second item of the first unit nobody can be told, and of its reviews each is late.
        for address in await work.session.scalars(select(StaffAddress).where(StaffAddress.staff_id == "P14")):
            address.unreachable_since = work.now
        item = await work.session.get_one(RectificationItem, "RI02")
        item.task_force, item.county_leader_id, item.state = "", None, ItemState.SUBMITTED
        for number in range(3):
            await _happened(work, "RI02", "return", 10 + number, held_days=12)
        await raise_process_alarms(work)
        found = await _listed(work, "P03")
        assert "RI02" in found[Kind.UNOWNED]
        assert "RI02" in found[Kind.NO_PHOTO]
        assert found[Kind.REVIEWS_LATE] == ["T1"]
        assert {"P03", "P05"} <= {one.staff_id for one in await queued(work, "process_alarms")}
        assert Kind.REVIEWS_LATE in await _listed(work, "P05")
        assert await _listed(work, "P08") == {}  # the leader of another team
        with pytest.raises(NotEntitled):
            await alarms_for(work, await who(work, "P14"))
        told = await rendered_for(work, "staff:P03", ProcessAlarms(work.today.isoformat()))
        assert told is not None
        assert "RI02" in told.text
        assert "👉" in told.text
        # Whoever keeps away from a unit that answers along does not hear of it, nor does anybody for whom it is hidden.
        item.others = [ItemUnit(item_id="RI02", unit_id="U2")]
        work.session.add(Recusal(staff_id="P04", unit_id="U2", state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        assert "RI02" not in (await _listed(work, "P04")).get(Kind.NO_PHOTO, [])
        item.desk = Desk.leader("T1")
        await work.session.flush()
        assert "RI02" not in (await _listed(work, "P03")).get(Kind.NO_PHOTO, [])
        assert "RI02" in (await _listed(work, "P05"))[Kind.NO_PHOTO]
        item.desk = None
    # A photo of what was done against a danger meanwhile shows nothing of the fix.
    for day, event, ended_on in ((24, "report_interim", None), (25, "submit", at(25).date())):
        async with county(now=at(day, 9)) as work:
            queued_before = len(await queued(work, "process_alarms"))
            await _happened(work, "RI02", event, day)
            version = (await work.session.get_one(RectificationItem, "RI02")).version
            work.session.add(Evidence(item_id="RI02", version=version, kind=EvidenceKind.AFTER, file_kind="photo"))
            await work.session.flush()
            await raise_process_alarms(work)
            await raise_process_alarms(work)
            assert len(await queued(work, "process_alarms")) == queued_before
            assert ("RI02" in (await _listed(work, "P03")).get(Kind.NO_PHOTO, [])) is (ended_on is None)
            assert (await work.session.get_one(ProcessAlarm, (Kind.NO_PHOTO, "RI02"))).ended_on == ended_on


async def test_a_unit_that_slackens_after_the_feedback_and_a_round_with_few_heads_are_noticed(county: OpenWork) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        inspection_round = await work.session.get_one(Round, "R5")
        inspection_round.state, feedback = RoundState.INTENSIVE_RECTIFICATION, inspection_round.feedback_on
        assert feedback is not None
        for number in range(4):
            await _happened(work, "RI01", "report_progress", (feedback + timedelta(days=number)).day, feedback.month)
        for number in range(3):  # this one goes on as it began
            await _happened(work, "RI05", "report_progress", (feedback + timedelta(days=number)).day, feedback.month)
            await _happened(work, "RI05", "report_progress", MONDAY - 3 - number)
        for item in await work.session.scalars(select(RectificationItem).where(RectificationItem.round_id == "R5")):
            item.is_for_head = item.id in ("RI01", "RI03")
        await work.session.flush()
        await raise_process_alarms(work)
        found = {(one.kind, one.subject): one for one in await alarms_for(work, await who(work, "P03"))}
        dropped = [one.unit_id for (kind, _), one in found.items() if kind is Kind.ACTIVITY_DROPS]
        assert dropped == ["U4"]
        assert (found[Kind.FEW_DIRECT, "R5"].part, found[Kind.FEW_DIRECT, "R5"].whole) == (2, 6)
