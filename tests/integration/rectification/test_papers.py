"""What a unit writes about its items: prepared by the liaison, confirmed by the head, decided by the office."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers.items.printout import printed
from media.kinds import Cleaned, FileKind
from models.audit import Audited, AuditEntry
from models.rectification import Evidence, EvidenceKind, ItemPaper, RectificationItem
from models.settings import RectificationSettings
from models.staff import StaffAddress
from models.states import Impossible, ItemState, NotEntitled, PaperKind, PaperState
from services.people.leaving import lock_out
from services.rectification.digest import DigestHeading, NextStep, lines_of, read_today
from services.rectification.issue_item import issue_item
from services.rectification.notices import UnitPrintout
from services.rectification.papers import (
    AskedTooLate,
    NotWanted,
    TooManyDays,
    approve_plan,
    confirm,
    decline_plan,
    give_back,
    grant_extension,
    hand_in,
    paper_read,
    papers_of,
    refuse_extension,
    to_write,
)
from services.rectification.printout import note_printed, sheet_of, unit_to_print_for, units_not_reached
from services.rectification.remind import remind_unit_heads
from services.rectification.unit_actions import (
    NothingHandedIn,
    acknowledge,
    drop_uncollected,
    keep_file,
    read_evidence,
)
from services.rounds.settings_versions import enter_settings_version
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import at, queued, reminders, who
from tests.integration.rectification.test_actions import told
from tests.items import new_item
from tests.notices import rendered_for
from texts.catalogue import SOURCE, Words

HEAD, LIAISON, LEADER, OFFICE, DIRECTOR, STRANGER = "P14", "P20", "P25", "P04", "P03", "P15"
PLAN = {"measures": "封桥绕行，限期重建。", "people": "邢立、规划办", "until": "2027-02-01"}
MIDTERM = {"done": "检测完成", "hindered": "没有困难", "until": "2027-03-01"}
PHOTO = Cleaned(FileKind.PHOTO, b"\xff\xd8 a rebuilt bridge \xff\xd9")
ISSUED, DUE = at(23), date(2027, 3, 23)


async def an_item(county: OpenWork, *, acknowledged: bool = True) -> str:
    async with county(now=ISSUED) as work:
        order = new_item("U1", "石拱桥拱圈开裂。", DUE, county_leader_id=LEADER)
        item = await issue_item(work, await who(work, DIRECTOR), order)
        if acknowledged:
            await acknowledge(work, await who(work, HEAD), item.id)
        return item.id


async def write(work: UnitOfWork, by: str, item_id: str, kind: PaperKind, **content: Any) -> ItemPaper:
    return await hand_in(work, await who(work, by), item_id, kind, content)


async def item_of(work: UnitOfWork, item_id: str) -> RectificationItem:
    return await work.session.get_one(RectificationItem, item_id, populate_existing=True)


async def test_a_plan_is_prepared_given_back_confirmed_sent_back_and_approved(county: OpenWork) -> None:
    item_id = await an_item(county)
    async with county(now=ISSUED + timedelta(days=5)) as work:
        assert (await item_of(work, item_id)).plan_due_on == date(2026, 12, 23)
        paper = await write(work, LIAISON, item_id, PaperKind.PLAN, **PLAN)
        assert paper.state is PaperState.PREPARED
        assert await told(work, "prepare_plan") == {HEAD}
        for other in (OFFICE, LEADER, STRANGER):  # before the head has confirmed it, it is the unit's alone
            with pytest.raises(NotEntitled):
                await paper_read(work, await who(work, other), paper.id)
        with pytest.raises(NotEntitled):
            await confirm(work, await who(work, LIAISON), paper.id)
        await give_back(work, await who(work, HEAD), paper.id, "责任人写具体些")
        assert await told(work, "give_back_plan") == {LIAISON}
        again = await write(work, LIAISON, item_id, PaperKind.PLAN, **PLAN | {"people": "邢立"})
        assert str(paper.state) == "replaced"
        with pytest.raises(Impossible):
            await confirm(work, await who(work, HEAD), paper.id)
        await confirm(work, await who(work, HEAD), again.id)
        item = await item_of(work, item_id)
        assert (item.plan_state, item.prepared_since) == (PaperState.SUBMITTED, None)
        assert await told(work, "confirm_plan") == {OFFICE, DIRECTOR}
        with pytest.raises(NotWanted):
            await write(work, HEAD, item_id, PaperKind.PLAN, **PLAN)
    async with county(now=at(22, month=12)) as work:
        for other in (HEAD, LEADER, "P05"):
            with pytest.raises((Impossible, NotEntitled)):
                await approve_plan(work, await who(work, other), again.id)
        await decline_plan(work, await who(work, OFFICE), again.id, "没有写完成时间")
        assert await told(work, "decline_plan") == {HEAD, LIAISON, LEADER}
        assert (await item_of(work, item_id)).plan_due_on == date(2026, 12, 29)  # some days for another one
        last = await write(work, HEAD, item_id, PaperKind.PLAN, **PLAN)  # a head alone confirms in the same press
        assert last.state is PaperState.SUBMITTED
        await approve_plan(work, await who(work, OFFICE), last.id)
        item = await item_of(work, item_id)
        assert item.plan_state is PaperState.APPROVED
        leader = await who(work, LEADER)
        assert [one.state for one in await papers_of(work, leader, item)] == [PaperState.APPROVED]


async def test_more_time_is_asked_for_once_and_before_the_due_day(county: OpenWork) -> None:
    item_id = await an_item(county)
    asked = {"until": "2027-05-01", "why": "汛期不能施工"}
    midnight = datetime(2027, 3, 23, tzinfo=ISSUED.tzinfo)
    async with county(now=midnight - timedelta(minutes=1)) as work:
        with pytest.raises(TooManyDays):
            await write(work, HEAD, item_id, PaperKind.EXTENSION, until="2027-07-01", why="长")
        prepared = await write(work, LIAISON, item_id, PaperKind.EXTENSION, **asked)
    async with county(now=midnight) as work:  # one minute late, whoever wrote it and whenever
        with pytest.raises(AskedTooLate):
            await confirm(work, await who(work, HEAD), prepared.id)
        with pytest.raises(AskedTooLate):
            await write(work, HEAD, item_id, PaperKind.EXTENSION, **asked)
        assert PaperKind.EXTENSION not in await to_write(work, await who(work, HEAD), await item_of(work, item_id))
    async with county(now=midnight - timedelta(minutes=1)) as work:
        paper = await confirm(work, await who(work, HEAD), prepared.id)
        assert await told(work, "confirm_extension") == {DIRECTOR}
        with pytest.raises(NotWanted):
            await write(work, HEAD, item_id, PaperKind.EXTENSION, **asked)
    async with county(now=midnight + timedelta(days=2)) as work:
        item = await item_of(work, item_id)
        assert (item.due_on, item.deadline_version) == (DUE, 1)  # an open request stops no clock
        with pytest.raises(NotEntitled):
            await grant_extension(work, await who(work, OFFICE), paper.id, "同意")
        await grant_extension(work, await who(work, DIRECTOR), paper.id, "确需外业补测")
        item = await item_of(work, item_id)
        assert (item.due_on, item.deadline_version, item.extension_days) == (date(2027, 5, 1), 2, 39)
        assert await told(work, "grant_extension") == {HEAD, LIAISON, LEADER}
        with pytest.raises(Impossible):
            await refuse_extension(work, await who(work, DIRECTOR), paper.id, "不同意")


async def test_a_submission_is_kept_until_the_head_confirms_exactly_what_was_prepared(county: OpenWork) -> None:
    item_id = await an_item(county)
    async with county(now=ISSUED) as work:
        with pytest.raises(NothingHandedIn):
            await write(work, LIAISON, item_id, PaperKind.SUBMISSION, texts=[], files=[], numbers=None)
    async with county(now=ISSUED) as work:
        photo = await keep_file(work, await item_of(work, item_id), PHOTO, EvidenceKind.AFTER)
        paper = await write(
            work, LIAISON, item_id, PaperKind.SUBMISSION, texts=["已重建"], files=[[photo, "after"]], numbers=None
        )
        assert {entry.staff_id for entry in await queued(work, "item_evidence")} == {HEAD}
    async with county(now=ISSUED + timedelta(days=9)) as work:
        await drop_uncollected(work)
        assert (await read_evidence(work, await who(work, HEAD), photo))[2] == PHOTO.data
        with pytest.raises(NotEntitled):
            await read_evidence(work, await who(work, "P05"), photo)
        assert (await item_of(work, item_id)).state == ItemState.ACKNOWLEDGED
        await confirm(work, await who(work, HEAD), paper.id)
        item = await item_of(work, item_id)
        assert (item.state, item.submitted_on) == (ItemState.SUBMITTED, (ISSUED + timedelta(days=9)).date())
        handed_in = await work.session.get_one(Evidence, photo)
        assert handed_in.version == item.version
        assert {entry.staff_id for entry in await queued(work, "item_review")} >= {"P05", "P06"}


async def test_half_time_is_answered_in_three_fields_for_leader_office_and_reviewers(county: OpenWork) -> None:
    item_id = await an_item(county)
    async with county(now=ISSUED + timedelta(days=10)) as work:
        with pytest.raises(NotWanted):
            await write(work, HEAD, item_id, PaperKind.MIDTERM, **MIDTERM)
    half = ISSUED + timedelta(days=60)
    async with county(now=half) as work:
        await remind_unit_heads(work)
        assert (await reminders(work))[item_id]["midterm"] == {HEAD, LIAISON, LEADER}
        [line] = [one for one in await read_today(work, await who(work, HEAD)) if one.item.id == item_id]
        assert (line.heading, line.step) == (DigestHeading.PLAN, NextStep.PLAN)  # it is older, and comes first
    async with county(now=half + timedelta(days=7)) as work:
        await write(work, HEAD, item_id, PaperKind.PLAN, **PLAN)
        [line] = [one for one in await read_today(work, await who(work, HEAD)) if one.item.id == item_id]
        assert (line.heading, line.step) == (DigestHeading.MIDTERM, NextStep.MIDTERM)
        await remind_unit_heads(work)
        assert (await reminders(work))[item_id]["midterm_unanswered"] == {HEAD, LIAISON, LEADER}
        await write(work, HEAD, item_id, PaperKind.MIDTERM, **MIDTERM)
        assert await told(work, "confirm_midterm") >= {LEADER, OFFICE, DIRECTOR, "P05"}
        with pytest.raises(NotWanted):
            await write(work, HEAD, item_id, PaperKind.MIDTERM, **MIDTERM)


async def test_the_digest_puts_the_most_urgent_first_with_the_next_step_of_each_reader(county: OpenWork) -> None:
    item_id = await an_item(county, acknowledged=False)

    async def step(work: UnitOfWork, staff_id: str) -> tuple[str, str]:
        item = await item_of(work, item_id)
        [line] = await lines_of(work, [item], await who(work, staff_id))
        return line.heading, line.step

    async with county(now=ISSUED + timedelta(days=1)) as work:
        assert await step(work, HEAD) == ("to_acknowledge", "acknowledge")
        assert await step(work, LIAISON) == ("to_acknowledge", "look")
        await acknowledge(work, await who(work, HEAD), item_id)
        assert await step(work, HEAD) == ("in_hand", "progress")
    async with county(now=ISSUED + timedelta(days=24)) as work:
        assert await step(work, LIAISON) == ("plan", "plan")
        await write(work, LIAISON, item_id, PaperKind.PLAN, **PLAN)
        assert await step(work, HEAD) == ("to_confirm", "confirm")
        [paper] = await work.session.scalars(select(ItemPaper))
        await confirm(work, await who(work, HEAD), paper.id)
        assert await step(work, OFFICE) == ("plan_to_decide", "decide")
        assert await step(work, LEADER) == ("in_hand", "look")
        await approve_plan(work, await who(work, OFFICE), paper.id)
        await write(work, HEAD, item_id, PaperKind.EXTENSION, until="2027-04-01", why="雨季")
        assert await step(work, DIRECTOR) == ("extension", "decide")
        assert await step(work, OFFICE) == ("in_hand", "look")
    async with county(now=at(15, month=3, year=2027)) as work:
        assert await step(work, HEAD) == ("due_soon", "submit")
        assert await step(work, LIAISON) == ("due_soon", "prepare")
    async with county(now=at(2, month=4, year=2027)) as work:
        assert await step(work, HEAD) == ("overdue", "submit")
        await write(work, HEAD, item_id, PaperKind.SUBMISSION, texts=["已重建"], files=[], numbers=None)
        assert await step(work, "P05") == ("to_review", "review")
    async with county(now=at(3, month=4, year=2027)) as work:
        assert await step(work, HEAD) == ("not_cleared", "look")
        ordered = [line.heading for line in await read_today(work, await who(work, LEADER))]
        assert ordered == sorted(ordered, key=list(DigestHeading).index)


async def test_where_no_head_is_reached_the_office_is_told_in_their_place_and_what_waited_is_passed_on(
    county: OpenWork,
) -> None:
    async with county(now=ISSUED) as work:
        await work.session.execute(
            update(StaffAddress).where(StaffAddress.staff_id == HEAD).values(unreachable_since=work.now)
        )
    item_id = await an_item(county, acknowledged=False)
    async with county(now=ISSUED) as work:
        assert await told(work, "issue") == {HEAD, LIAISON, LEADER, OFFICE}  # the director issued it
        [line] = await lines_of(work, [await item_of(work, item_id)], await who(work, OFFICE))
        assert line.heading is DigestHeading.NOBODY_ENROLLED
    async with county(now=ISSUED) as work:
        before = [entry.staff_id for entry in await queued(work, "item_event")]
        await lock_out(work, HEAD)
        after = [entry.staff_id for entry in await queued(work, "item_event")]
        assert after[len(before) :] == [LIAISON] * before.count(HEAD)


async def test_a_round_keeps_the_ladder_that_it_began_under(county: OpenWork) -> None:
    async with county() as work:
        version = await enter_settings_version(work, {"rectification": {"plan_due_days": 10, "source": "新规定"}})
        known = await work.directory()
        assert version == 2
        assert known.rectification_settings_of("R6").plan_due_days == RectificationSettings().plan_due_days
        assert known.rectification_settings[2].plan_due_days == 10
    item_id = await an_item(county)
    async with county() as work:
        assert (await item_of(work, item_id)).plan_due_on == date(2026, 12, 23)


async def test_a_messenger_takes_the_items_of_units_whose_head_is_not_reached(county: OpenWork) -> None:
    item_id = await an_item(county)
    async with county(now=ISSUED) as work:
        assert "U1" not in await units_not_reached(work)
        await lock_out(work, HEAD)
        assert "U1" in await units_not_reached(work)
        office = await who(work, OFFICE)
        for other in (LIAISON, LEADER, STRANGER, "P05"):
            with pytest.raises(NotEntitled):
                await unit_to_print_for(work, await who(work, other), item_id)
        assert await unit_to_print_for(work, office, item_id) == "U1"
        await note_printed(work, "U1", by=office)
        sheet = await sheet_of(work, "U1", by=office)
        text = printed(work, Words(SOURCE), sheet).text
        assert "邢立" in text
        assert item_id in text
        assert "石拱桥拱圈开裂" in text
        [entry] = await work.session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.UNIT_PRINTED))
        assert (entry.by_id, entry.subject) == (OFFICE, "U1")
        drawn = await rendered_for(work, f"staff:{OFFICE}", UnitPrintout(item_id))
        assert drawn is not None
        assert drawn.upload is not None
        (await item_of(work, item_id)).problem = "石拱桥拱圈开裂。\U0001f600"  # no font of ours has it
        refused = await rendered_for(work, f"staff:{OFFICE}", UnitPrintout(item_id))
        assert refused is not None
        assert (refused.upload, "U+1F600" in refused.text) == (None, True)
